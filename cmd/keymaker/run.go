package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/refusal"
)

type runOptions struct {
	text   string
	dryRun bool
	model  modelOptions
}

func newRunCmd(a *app) *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use:   "run SENTENCE",
		Short: "Take one sentence through the whole way on a plain terminal",
		Long: "Run reads the sentence, shows the plan, the route, the simulated effects and the verdict, asks for approval, signs,\n" +
			"sends and waits for the receipt. With --dry-run the last step is made on a fork and nothing is signed.",
		Example: "  # swap, with approval in the terminal\n  keymaker run \"swap 0.1 ETH to USDC\"\n  # see what would change, sign nothing\n  keymaker run --dry-run \"send 25 USDC to 0x70997970C51812dc3A010C7d01b50e0d17dc79C8\"",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.text = strings.Join(args, " ")
			return runRun(cmd.Context(), a, o)
		},
	}
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "apply the calls to a fork instead of signing them")
	cmd.Flags().StringVar(&o.model.name, "model", "", "model of Ollama for what the grammar leaves alone")
	cmd.Flags().StringVar(&o.model.digest, "model-digest", "", "digest that the model must have")
	return cmd
}

func runRun(ctx context.Context, a *app, o runOptions) error {
	return a.serve(ctx, o.dryRun, o.model, func(_ *opened, s *agent.Session, front agent.Front) error {
		return shown(s.Run(ctx, o.text, front))
	})
}

// serve opens the agent, makes the front end that the flags ask for, and runs work on a session of it. What an earlier run
// left open is brought to an end first.
func (a *app) serve(ctx context.Context, dryRun bool, m modelOptions, work func(*opened, *agent.Session, agent.Front) error) (err error) {
	k, err := a.open(m)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.Close()) }()
	front, name := k.front()
	session, err := k.Session(name, mode(dryRun))
	if err != nil {
		return err
	}
	if !dryRun {
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
