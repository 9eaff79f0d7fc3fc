package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/agent/ollama"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/internal/config"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

type initOptions struct {
	rpc       []string
	model     string
	importKey string
	newKey    bool
	light     bool
	force     bool
	repin     bool
}

func newInitCmd(a *app) *cobra.Command {
	var o initOptions
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Set up a wallet, a network and a model",
		Long: "Init asks for what the flags don't say, and writes a commented config and a policy. It never overwrites a config\n" +
			"unless told to, and never touches a key that is there.",
		Example: "  # answer three questions\n  keymaker init\n  # no questions: the embedded chains and a new key\n  keymaker init --network devnet --new --password-file ~/.keymaker-password",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runInit(cmd.Context(), a, o) },
	}
	f := cmd.Flags()
	f.StringArrayVar(&o.rpc, "rpc", nil, "endpoint of a network, as KEY=URL; may be given several times")
	f.StringVar(&o.model, "model", "", "model of Ollama for what the built-in planners leave open")
	f.StringVar(&o.importKey, "import", "", "import the key of this file")
	f.BoolVar(&o.newKey, "new", false, "make a new key")
	f.BoolVar(&o.light, "throwaway", false, "write a key file that opens fast and guards little: for embedded chains only")
	f.BoolVar(&o.force, "force", false, "write a new config over the old one")
	f.BoolVar(&o.repin, "repin", false, "pin the digest that the config's model has now, and change nothing else")
	cmd.MarkFlagsMutuallyExclusive("import", "new")
	return cmd
}

func runInit(ctx context.Context, a *app, o initOptions) error {
	paths, err := a.paths()
	if err != nil {
		return err
	}
	if o.repin {
		return repin(ctx, a, paths)
	}
	if _, err := os.Stat(paths.ConfigFile); err == nil && !o.force {
		return refusal.New(refusal.Usage, "there is a config already: %s", paths.ConfigFile).WithHint("change it by hand, or write a new one with --force")
	}
	c := config.Default()
	if c.Network, err = a.chooseNetwork(ctx); err != nil {
		return err
	}
	if c.Networks, err = endpoints(o.rpc); err != nil {
		return err
	}
	if c.Model, err = a.chooseModel(ctx, c.Model, o.model); err != nil {
		return err
	}
	if err := paths.Make(); err != nil {
		return err
	}
	if err := config.WriteCommented(paths.ConfigFile, c); err != nil {
		return err
	}
	fmt.Fprintf(a.streams.Out, "config  %s\n", paths.ConfigFile)
	if err := writePolicy(a, c.PolicyFile(paths)); err != nil {
		return err
	}
	return a.chooseKey(ctx, o)
}

func writePolicy(a *app, path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if err := wallet.WriteDefaultPolicy(path); err != nil {
		return err
	}
	fmt.Fprintf(a.streams.Out, "policy  %s\n", path)
	return nil
}

// endpoints reads KEY=URL pairs.
func endpoints(pairs []string) (map[string]config.Network, error) {
	all := map[string]config.Network{}
	for _, p := range pairs {
		key, url, ok := strings.Cut(p, "=")
		if !ok {
			return nil, refusal.New(refusal.Usage, "--rpc wants KEY=URL, such as base=https://…")
		}
		n := all[key]
		n.RPC = append(n.RPC, url)
		all[key] = n
	}
	return all, nil
}

func (a *app) chooseNetwork(ctx context.Context) (string, error) {
	c := config.Default()
	networks, _, err := c.Resolve()
	if err != nil {
		return "", err
	}
	known := func(key string) bool {
		return slices.ContainsFunc(networks, func(n chain.Network) bool { return n.Key == key })
	}
	if a.network != "" {
		if !known(a.network) {
			return "", refusal.New(refusal.UnknownChain, "there is no network %q", a.network)
		}
		return a.network, nil
	}
	if !a.streams.Interactive() {
		return c.Network, nil
	}
	for i, n := range networks {
		fmt.Fprintf(a.streams.Err, "  %d  %s (%s)\n", i+1, n.Key, n.Name)
	}
	text, err := a.streams.Line(ctx, fmt.Sprintf("network [%s]: ", c.Network))
	if err != nil {
		return "", err
	}
	if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(networks) {
		return networks[n-1].Key, nil
	}
	switch {
	case text == "":
		return c.Network, nil
	case known(text):
		return text, nil
	}
	return "", refusal.New(refusal.UnknownChain, "there is no network %q", text)
}

// chooseModel pins a model of the Ollama that answers, if one does. The agent works without.
func (a *app) chooseModel(ctx context.Context, m config.Model, name string) (config.Model, error) {
	asking, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	status, err := ollama.Inspect(asking, ollama.Options{URL: m.URL})
	if err != nil && name == "" {
		fmt.Fprintln(a.streams.Err, "no Ollama answers: the built-in planners read alone. Later: keymaker init --force")
		return m, nil
	}
	if err != nil {
		return m, err
	}
	if name == "" && a.streams.Interactive() && len(status.Models) > 0 {
		for _, found := range status.Models {
			fmt.Fprintf(a.streams.Err, "  %s\n", found.Name)
		}
		if name, err = a.streams.Line(ctx, "model for what the built-in planners leave open [none]: "); err != nil {
			return m, err
		}
	}
	if name == "" {
		return m, nil
	}
	found, ok := status.Find(name)
	if !ok {
		return m, refusal.New(refusal.ModelFailed, "Ollama has no model %q", name).WithHint("get it with: ollama pull %s", name)
	}
	m.Name, m.Digest = found.Name, found.Digest
	return m, nil
}

func repin(ctx context.Context, a *app, paths config.Paths) error {
	c, err := config.Load(config.Sources{UserFile: paths.ConfigFile})
	if err != nil {
		return err
	}
	if c.Model.Name == "" {
		return refusal.New(refusal.Usage, "the config names no model to pin")
	}
	if c.Model, err = a.chooseModel(ctx, c.Model, c.Model.Name); err != nil {
		return err
	}
	if err := config.WriteCommented(paths.ConfigFile, *c); err != nil {
		return err
	}
	fmt.Fprintf(a.streams.Out, "%s is pinned at %s\n", c.Model.Name, c.Model.Digest)
	return nil
}

// chooseKey makes or imports a key where the wallet has none.
func (a *app) chooseKey(ctx context.Context, o initOptions) error {
	switch {
	case o.importKey != "":
		return a.importFile(ctx, o.light, o.importKey)
	case o.newKey:
		return a.createKey(ctx, o.light)
	}
	keys, err := a.keys(o.light)
	if err != nil {
		return err
	}
	accounts, err := keys.List()
	if err != nil || len(accounts) > 0 {
		return errors.Join(err, a.printAccounts(accounts))
	}
	if !a.streams.Interactive() {
		fmt.Fprintln(a.streams.Err, "no key: make one with keymaker wallet new, or keymaker wallet import")
		return nil
	}
	choice, err := a.streams.Line(ctx, "key: new, import, or none [new]: ")
	if err != nil {
		return err
	}
	switch choice {
	case "", "new":
		return a.createKey(ctx, o.light)
	case "import":
		return a.importTyped(ctx, o.light)
	}
	return nil
}

func (a *app) createKey(ctx context.Context, light bool) error {
	return a.addKey(ctx, light, func(k *wallet.Keys, password []byte) (wallet.Account, error) { return k.Create(password) })
}
