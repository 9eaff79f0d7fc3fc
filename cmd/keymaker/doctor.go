package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker"
	"github.com/keymaker-agent/keymaker/agent/ollama"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet/artifacts"
	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/internal/config"
	"github.com/keymaker-agent/keymaker/internal/store"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

func newDoctorCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "doctor",
		Short:   "Check everything that a request needs, and say what to do",
		Example: "  keymaker doctor\n  keymaker doctor --json",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runDoctor(cmd.Context(), a) },
	}
}

// health is how a check ended.
type health string

const (
	well     health = "ok"
	optional health = "note" // works without it
	ill      health = "fail"
)

type diagnosis struct {
	Schema int    `json:"schema"`
	Check  string `json:"check"`
	Health health `json:"health"`
	Found  string `json:"found"`
	Do     string `json:"do,omitempty"`
}

// patience is how long one check may take.
const patience = 5 * time.Second

func runDoctor(ctx context.Context, a *app) error {
	paths, err := a.paths()
	if err != nil {
		return err
	}
	c, err := config.Load(config.Sources{UserFile: paths.ConfigFile, ProjectFile: config.ProjectFile, Env: os.Environ()})
	if err != nil {
		return errors.Join(err, a.tell(failed("config", err)))
	}
	all := []diagnosis{
		checkConfig(paths), checkPolicy(c.PolicyFile(paths)), a.checkKeys(), checkDatabase(ctx, paths),
		checkArtifacts(), checkOllama(ctx, c.Model),
	}
	all = append(all, a.checkNetwork(ctx, c)...)
	sick := 0
	for _, d := range all {
		if d.Health == ill {
			sick++
		}
		if err := a.tell(d); err != nil {
			return err
		}
	}
	if sick > 0 {
		return &reportedError{refusal.New(refusal.Failed, "%d checks failed", sick)}
	}
	return nil
}

func (a *app) tell(d diagnosis) error {
	d.Schema = 1
	if a.json {
		return json.NewEncoder(a.streams.Out).Encode(d)
	}
	fmt.Fprintf(a.streams.Out, "%-4s  %-9s  %s\n", d.Health, d.Check, cli.Sanitize(d.Found))
	if d.Do != "" {
		fmt.Fprintf(a.streams.Out, "%17s%s\n", "→ ", cli.Sanitize(d.Do))
	}
	return nil
}

func failed(check string, err error) diagnosis {
	f := cli.Explain(err)
	found := f.Detail
	if f.Cause != "" {
		found += ": " + f.Cause
	}
	return diagnosis{Check: check, Health: ill, Found: found, Do: f.Hint}
}

func checkConfig(p config.Paths) diagnosis {
	if _, err := os.Stat(p.ConfigFile); err != nil {
		return diagnosis{Check: "config", Health: optional, Found: "none: the defaults count", Do: "write one with: keymaker init"}
	}
	return diagnosis{Check: "config", Health: well, Found: p.ConfigFile}
}

func checkPolicy(path string) diagnosis {
	_, err := wallet.LoadPolicy(path)
	if errors.Is(err, os.ErrNotExist) {
		return diagnosis{Check: "policy", Health: optional, Found: "none: the default policy counts", Do: "write one with: keymaker init"}
	}
	if err != nil {
		return failed("policy", err)
	}
	return diagnosis{Check: "policy", Health: well, Found: path}
}

func (a *app) checkKeys() diagnosis {
	keys, err := keymaker.OpenKeys(a.home)
	if err != nil {
		return failed("keys", err)
	}
	accounts, err := keys.List()
	if err != nil {
		return failed("keys", err)
	}
	if len(accounts) == 0 {
		return diagnosis{Check: "keys", Health: optional, Found: "the wallet is empty", Do: "make a key with: keymaker wallet new"}
	}
	return diagnosis{Check: "keys", Health: well, Found: fmt.Sprintf("%d in the wallet; the folder and every file are closed to others", len(accounts))}
}

func checkDatabase(ctx context.Context, p config.Paths) diagnosis {
	path := filepath.Join(p.DataDir, keymaker.Database)
	if _, err := os.Stat(path); err != nil {
		return diagnosis{Check: "database", Health: optional, Found: "none yet; the first run makes it"}
	}
	s, err := store.Open(ctx, path)
	if err != nil {
		return failed("database", err)
	}
	defer s.Close()
	version, err := s.Version(ctx)
	if err == nil {
		err = s.Check(ctx)
	}
	if err != nil {
		return failed("database", err)
	}
	return diagnosis{Check: "database", Health: well, Found: fmt.Sprintf("version %d, intact", version)}
}

func checkArtifacts() diagnosis {
	if _, err := artifacts.Load(""); err != nil {
		return diagnosis{Check: "contracts", Health: optional, Found: "not fetched: keymaker devnet and demo need them", Do: "fetch them with: keymaker contracts fetch"}
	}
	return diagnosis{Check: "contracts", Health: well, Found: "complete, as pinned"}
}

func checkOllama(ctx context.Context, m config.Model) diagnosis {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	s, err := ollama.Inspect(ctx, ollama.Options{URL: m.URL, AllowRemote: m.AllowRemote})
	if err != nil && m.Name == "" {
		return diagnosis{Check: "ollama", Health: optional, Found: "none answers: the built-in planners read alone", Do: "to have freer sentences read: install Ollama, then keymaker init --force"}
	}
	if err != nil {
		return failed("ollama", err)
	}
	found := fmt.Sprintf("version %s, %d models", s.Version, len(s.Models))
	for _, l := range s.Loaded {
		found += fmt.Sprintf("; %s is loaded, %d %% of it in GPU memory", l.Name, l.GPUPercent())
	}
	if m.Name == "" {
		return diagnosis{Check: "ollama", Health: optional, Found: found + "; the config names no model", Do: "choose one with: keymaker init --force"}
	}
	have, ok := s.Find(m.Name)
	switch {
	case !ok:
		return diagnosis{Check: "ollama", Health: ill, Found: found + "; no model " + m.Name, Do: "get it with: ollama pull " + m.Name}
	case m.Digest == "":
		return diagnosis{Check: "ollama", Health: optional, Found: found + "; " + m.Name + " is not pinned", Do: "pin it with: keymaker init --repin"}
	case m.Digest != have.Digest:
		return failed("ollama", refusal.New(refusal.ModelChanged, "%s is not the model that was pinned", m.Name))
	}
	return diagnosis{Check: "ollama", Health: well, Found: found + "; " + m.Name + " at " + have.Digest}
}

// farOff is how far the machine's clock may be from the newest block, in seconds: embedded chains run ahead by one second a
// block, and real ones may be a few blocks late.
const farOff = 90

func (a *app) checkNetwork(ctx context.Context, c *config.Config) []diagnosis {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	networks, _, err := c.Resolve()
	if err != nil {
		return []diagnosis{failed("network", err)}
	}
	key := c.Network
	if a.network != "" {
		key = a.network
	}
	for _, n := range networks {
		if n.Key == key {
			return a.checkRPC(ctx, n)
		}
	}
	return []diagnosis{failed("network", refusal.New(refusal.UnknownChain, "the config has no network %q", key))}
}

func (a *app) checkRPC(ctx context.Context, n chain.Network) []diagnosis {
	client, err := chain.Dial(ctx, n, chain.WithPatience(time.Second, 100*time.Millisecond))
	if err != nil {
		d := failed("rpc", err)
		if n.Embedded && refusal.Is(err, refusal.RPCDown) {
			d.Do = "start the embedded chains with: keymaker devnet"
		}
		return []diagnosis{d}
	}
	defer client.Close()
	head, err := client.Header(ctx)
	if err != nil {
		return []diagnosis{failed("rpc", err)}
	}
	all := []diagnosis{{Check: "rpc", Health: well, Found: fmt.Sprintf("%s answers with chain id %d at block %d", n.Key, n.ChainID, head.Number)}}
	clock := diagnosis{Check: "clock", Health: well, Found: "agrees with the newest block"}
	if off := time.Since(time.Unix(int64(head.Time), 0)); !n.Embedded && (off > farOff*time.Second || off < -farOff*time.Second) {
		clock.Health, clock.Found = ill, fmt.Sprintf("the newest block is %s away from this machine's clock", off.Round(time.Second))
		clock.Do = "set the clock, or use an endpoint that is in step"
	}
	return append(all, clock)
}
