package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/agent/ollama"
	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/refusal"
)

func newDemoCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "See requests go through the whole way on embedded chains, with throw-away money",
		Long: "Demo starts the embedded chains, makes a throw-away wallet in a temporary folder, and runs this program on real\n" +
			"sentences in a terminal of its own, typing the approvals as a person would. It leaves nothing behind.",
		Example: "  keymaker demo\n  # the contracts have to be there\n  keymaker contracts fetch && keymaker demo",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runDemo(cmd.Context(), a) },
	}
}

const demoPassword = "throw-away money"

// demo is a devnet, a wallet on it, and this very program.
type demo struct {
	out    io.Writer
	self   string
	home   string
	net    *devnet.Devnet
	secret string // password file, for wallet import alone; run is answered at its prompts
}

func runDemo(ctx context.Context, a *app) (err error) {
	started := time.Now()
	d := &demo{out: a.streams.Out}
	if d.self, err = os.Executable(); err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	if d.home, err = os.MkdirTemp("", "keymaker-demo-"); err != nil {
		return fmt.Errorf("make a temporary folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(d.home)) }()
	d.say("Two embedded chains are starting: real Uniswap contracts, seeded pools, money that is worth nothing.")
	if d.net, err = devnet.Start(ctx, devnet.Options{}); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.net.Close()) }()
	if err := d.setUp(ctx); err != nil {
		return err
	}
	if err := d.requests(ctx); err != nil {
		return err
	}
	if err := d.model(ctx); err != nil {
		return err
	}
	d.say("That was %d s. Nothing is left of it. Now yours: keymaker devnet in one terminal, keymaker init and keymaker in another.", int(time.Since(started).Seconds()))
	return nil
}

func (d *demo) say(format string, args ...any) { fmt.Fprintf(d.out, "\n── "+format+"\n", args...) }

func (d *demo) setUp(ctx context.Context) error {
	d.secret = filepath.Join(d.home, "password")
	if err := os.WriteFile(d.secret, []byte(demoPassword+"\n"), 0o600); err != nil {
		return fmt.Errorf("write the password file: %w", err)
	}
	key := filepath.Join(d.home, "key")
	if err := os.WriteFile(key, []byte(d.net.Accounts()[0].Key), 0o600); err != nil {
		return fmt.Errorf("write the key file: %w", err)
	}
	networks := d.net.Networks()
	d.say("A throw-away wallet, in a folder that goes away at the end.")
	return d.tell(ctx, 0, "init", "--network", "devnet", "--import", key, "--throwaway", "--password-file", d.secret, "--no-input",
		"--rpc", "devnet="+networks[0].RPC[0], "--rpc", "devnet-l2="+networks[1].RPC[0])
}

func (d *demo) requests(ctx context.Context) error {
	friend := d.net.Accounts()[5].Address.Hex()
	unknown := d.net.Accounts()[9].Address.Hex()
	d.say("1 · A swap: plan, route, effects before signing, verdict, approval, receipt, balances after.")
	if err := d.tell(ctx, 0, "run", "swap 0.5 ETH to USDC"); err != nil {
		return err
	}
	d.say("2 · A transfer, to someone who was never paid before: the policy asks.")
	if err := d.tell(ctx, 0, "run", "send 25 USDC to "+friend); err != nil {
		return err
	}
	d.say("3 · A dry run: the same way, and nothing is signed.")
	if err := d.tell(ctx, 0, "run", "--dry-run", "swap 100 USDC for DAI"); err != nil {
		return err
	}
	if err := d.tell(ctx, 0, "balance"); err != nil {
		return err
	}
	d.say("4 · Rewards: an epoch was settled, its root is on the chain, and the account's claim is proved against it.")
	if err := d.tell(ctx, 0, "run", "claim my rewards"); err != nil {
		return err
	}
	d.say("5 · A request that must be refused: an unlimited approval to an unknown address.")
	return d.tell(ctx, 5, "run", "approve unlimited USDC for "+unknown)
}

// model sends one sentence that the grammar leaves alone through an Ollama, where one answers.
func (d *demo) model(ctx context.Context) error {
	name, digest, found := firstModel(ctx)
	if !found {
		d.say("6 · No Ollama answers on this machine, and none is needed. To have sentences read that the built-in planners leave open: install it from https://ollama.com, then: ollama pull qwen3:4b")
		return nil
	}
	d.say("6 · An Ollama answers. %s is there for what the built-in planners leave open; what a model reads alone is asked back before anything moves.", name)
	return d.answered(ctx, "run", "--model", name, "--model-digest", digest, "it would be lovely if 0.25 ether turned into some dai")
}

// wish is the only reading of the model's sentence that the demo confirms.
var wish = regexp.MustCompile(`I read this as: swap 0\.25 (ether|ETH) for (dai|DAI)\. Is that what you mean\?`)

func firstModel(ctx context.Context) (name, digest string, found bool) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	s, err := ollama.Inspect(ctx, ollama.Options{})
	if err != nil || len(s.Models) == 0 {
		return "", "", false
	}
	return s.Models[0].Name, s.Models[0].Digest, true
}

// tell runs this program and fails unless it ends with the exit code.
func (d *demo) tell(ctx context.Context, want int, args ...string) error {
	code, err := d.spawn(ctx, args...)
	if err != nil {
		return err
	}
	if code != want {
		return refusal.New(refusal.Failed, "keymaker %s ended with %d, not %d", strings.Join(args, " "), code, want)
	}
	return nil
}

// answered runs this program where a model decides what happens: any end but a crash is fair.
func (d *demo) answered(ctx context.Context, args ...string) error {
	_, err := d.spawn(ctx, args...)
	return err
}

// spawn runs this program in a pseudo-terminal, shows what it prints, and answers its prompts.
func (d *demo) spawn(ctx context.Context, args ...string) (int, error) {
	fmt.Fprintf(d.out, "\n$ keymaker %s\n", quoted(args))
	cmd := exec.CommandContext(ctx, d.self, append([]string{"--home", d.home}, args...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	err := (&typist{out: d.out, password: demoPassword, pause: 400 * time.Millisecond, means: wish, asked: "DAI"}).run(cmd)
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		return 0, err
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	return cmd.ProcessState.ExitCode(), nil
}

func quoted(args []string) string {
	said := make([]string, len(args))
	for i, a := range args {
		said[i] = a
		if strings.ContainsAny(a, " ") {
			said[i] = `"` + a + `"`
		}
	}
	return strings.Join(said, " ")
}
