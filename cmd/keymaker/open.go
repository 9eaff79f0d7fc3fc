package main

import (
	"context"
	"errors"
	"log/slog"
	"os"

	"github.com/keymaker-agent/keymaker"
	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/internal/cli/show"
	"github.com/keymaker-agent/keymaker/internal/config"
	"github.com/keymaker-agent/keymaker/wallet"
)

// opened is an agent and the flags that it was opened with.
type opened struct {
	*keymaker.Agent
	app *app
}

func (a *app) paths() (config.Paths, error) { return config.Locate(a.home, os.Getenv) }

// modelOptions say which model reads what the built-in planners leave open.
type modelOptions struct{ name, digest string }

// open opens the agent with the global flags.
func (a *app) open(m modelOptions) (*opened, error) {
	k, err := keymaker.Open(keymaker.Options{
		Home: a.home, Config: a.overrides(), Model: m.name, Digest: m.digest, Reached: a.hook, Log: a.log(),
	})
	if err != nil {
		return nil, err
	}
	return &opened{Agent: k, app: a}, nil
}

// overrides are what the global flags change of the config.
func (a *app) overrides() map[string]any {
	flags := map[string]any{}
	if a.network != "" {
		flags["network"] = a.network
	}
	if a.account != "" {
		flags["account"] = a.account
	}
	return flags
}

func (a *app) log() *slog.Logger {
	if !a.verbose {
		return nil
	}
	return slog.New(cli.Redacting(slog.NewTextHandler(a.streams.Err, &slog.HandlerOptions{Level: slog.LevelDebug})))
}

func mode(dryRun bool) keymaker.Mode {
	if dryRun {
		return keymaker.DryRun
	}
	return keymaker.Live
}

func (k *opened) names() show.Names {
	w := k.World()
	return show.NewNames(w.Tokens, w.Book, w.Networks...)
}

// settle is resume before a new run: how earlier ones ended is said, and stops the new one only where something is still open
// on the network in use.
func (k *opened) settle(ctx context.Context, front agent.Front) error {
	ended := k.resume(ctx, front)
	if ended == nil || ctx.Err() != nil {
		return ended
	}
	n, err := k.Network()
	if err != nil {
		return err
	}
	if open, err := k.Waiting(ctx, n); err != nil || open {
		return ended
	}
	k.app.report(ended)
	return nil
}

// resume brings to an end what earlier runs left open, on every network, and shows it.
func (k *opened) resume(ctx context.Context, front agent.Front) error {
	var failures []error
	for _, n := range k.World().Networks {
		waiting, err := k.Waiting(ctx, n)
		if err == nil && waiting {
			err = k.resumeOn(ctx, n, front)
		}
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

func (k *opened) resumeOn(ctx context.Context, n chain.Network, front agent.Front) error {
	front.Event(agent.Event{Schema: 1, Type: agent.Progressed, Text: "an earlier run left a transaction open on " + n.Name + "; bringing it to an end"})
	receipts, err := k.Resume(ctx, n, front.Password, func(u wallet.Update) {
		front.Event(agent.Event{Schema: 1, Type: agent.TxMoved, Tx: &u})
	})
	if len(receipts) > 0 {
		front.Event(agent.Event{Schema: 1, Type: agent.Confirmed, Receipts: receipts})
	}
	return err
}
