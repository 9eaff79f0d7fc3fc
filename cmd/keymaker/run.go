package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/refusal"
)

type runOptions struct {
	text  string
	dry   dryOptions
	model modelOptions
}

// dryOptions say whether anything is signed, and what a dry run stands on.
type dryOptions struct {
	run  bool
	fork string // endpoint in place of the network's own
}

func (o *dryOptions) flags(f *pflag.FlagSet) {
	f.BoolVar(&o.run, "dry-run", false, "apply the calls to a fork instead of signing them")
	f.StringVar(&o.fork, "fork", "", "endpoint whose chain a dry run stands on, in place of the network's own")
}

// stand checks the options, and puts the endpoint in its place.
func (o dryOptions) stand(ctx context.Context, k *opened) error {
	if o.fork == "" {
		return nil
	}
	if !o.run {
		return refusal.New(refusal.Usage, "--fork is for dry runs: nothing is ever signed for it").WithHint("add --dry-run")
	}
	return k.StandOn(ctx, o.fork)
}

func newRunCmd(a *app) *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use:   "run SENTENCE",
		Short: "Take one sentence through the whole way on a plain terminal",
		Long: "Run reads the sentence, shows the plan, the route, the simulated effects and the verdict, asks for approval, signs,\n" +
			"sends and waits for the receipt. With --dry-run the last step is made on a fork and nothing is signed: each request\n" +
			"then sees what the ones before it did. A SENTENCE of - reads one request a line from standard input. The lines are one\n" +
			"conversation: a line may answer the question of the one before (yes, the second one, to alice), or change its request\n" +
			"(make it 200, same but on base, again, never mind).",
		Example: "  # swap, with approval in the terminal\n  keymaker run \"swap 0.1 ETH to USDC\"\n  # see what would change, sign nothing\n  keymaker run --dry-run \"send 25 USDC to 0x70997970C51812dc3A010C7d01b50e0d17dc79C8\"\n" +
			"  # two requests on a fork of another endpoint, the second on what the first left\n  printf 'swap 1 ETH to USDC\\nswap 100 USDC to DAI\\n' | keymaker run --dry-run --fork http://127.0.0.1:8545 -\n" +
			"  # the same once more with another amount; the question of what is meant is answered by the last line\n  printf 'swap 100 USDC to ETH\\nmake it 200\\nyes\\n' | keymaker run --dry-run -",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.text = strings.Join(args, " ")
			return runRun(cmd.Context(), a, o)
		},
	}
	o.dry.flags(cmd.Flags())
	cmd.Flags().StringVar(&o.model.name, "model", "", "model of Ollama for what the built-in planners leave open")
	cmd.Flags().StringVar(&o.model.digest, "model-digest", "", "digest that the model must have")
	return cmd
}

func runRun(ctx context.Context, a *app, o runOptions) error {
	return a.serve(ctx, o.dry, o.model, func(_ *opened, s *agent.Session, front agent.Front) error {
		if o.text != "-" {
			return shown(s.Run(ctx, o.text, front))
		}
		if !o.dry.run {
			return refusal.New(refusal.Usage, "requests are read from standard input in dry runs only").WithHint("add --dry-run")
		}
		refused, ended := a.eachLine(ctx, "", s, front)
		return shown(cmp.Or(ended, refused))
	})
}

// eachLine takes one request a line, until the input ends. What is refused is shown and does not keep the next one from its turn: the
// first refusal is returned apart from what ends the conversation early. A question that the next line answers is none.
func (a *app) eachLine(ctx context.Context, prompt string, s *agent.Session, front agent.Front) (refused, ended error) {
	var asked error
	for {
		text, err := a.streams.Line(ctx, prompt)
		if errors.Is(err, io.EOF) {
			return cmp.Or(refused, asked), nil
		}
		if err != nil {
			return cmp.Or(refused, asked), err
		}
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		err = s.Run(ctx, text, front)
		if refusal.Is(err, refusal.Interrupted) {
			return cmp.Or(refused, asked), err
		}
		if !s.Followed() {
			refused = cmp.Or(refused, asked)
		}
		asked = nil
		if refusal.Is(err, refusal.NeedsAnswer) {
			asked = err
			continue
		}
		refused = cmp.Or(refused, err)
	}
}

// serve opens the agent, makes the front end that the flags ask for, and runs work on a session of it. What an earlier run
// left open is brought to an end first.
func (a *app) serve(ctx context.Context, dry dryOptions, m modelOptions, work func(*opened, *agent.Session, agent.Front) error) (err error) {
	k, err := a.open(m)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.Close()) }()
	if err := dry.stand(ctx, k); err != nil {
		return err
	}
	front, name := k.front()
	session, err := k.Session(name, mode(dry.run))
	if err != nil {
		return err
	}
	if !dry.run {
		if err := k.settle(ctx, front); err != nil {
			return err
		}
	}
	return work(k, session, front)
}

// shown marks a refusal that the front end has shown, so that it is not reported again.
func shown(err error) error {
	if _, refused := refusal.As(err); refused {
		return &reportedError{err}
	}
	return err
}

// front makes the plain or the JSON front end, and names it for the journal.
func (k *opened) front() (agent.Front, string) {
	if k.app.json {
		return &cli.JSON{Out: k.app.streams.Out, PasswordFile: k.app.passwordFile}, "json"
	}
	return k.plainFront(), "plain"
}

func (k *opened) plainFront() *cli.Plain {
	return &cli.Plain{Streams: k.app.streams, Names: k.names(), Now: time.Now, PasswordFile: k.app.passwordFile}
}
