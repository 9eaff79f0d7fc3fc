package keymaker

import (
	"context"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/internal/store"
	"github.com/keymaker-agent/keymaker/tools"
)

// journal writes a session's runs into the store.
type journal struct {
	store *store.Store
	ended func(context.Context) // told after each run; nil: nobody is told
}

func (j journal) StartRun(ctx context.Context, b agent.Beginning) error {
	return j.store.StartRun(ctx, store.Run{
		ID: b.Run, FrontEnd: b.Front, Network: b.Network, Account: b.Account, DryRun: b.DryRun, Words: b.Words, Started: b.Started,
	})
}

func (j journal) Append(ctx context.Context, run string, seq int, kind string, payload []byte) error {
	return j.store.Append(ctx, run, seq, kind, payload)
}

func (j journal) StartStep(ctx context.Context, run string, step int, action intents.Action, tool tools.Spec) error {
	return j.store.AddStep(ctx, store.Step{
		Run: run, Number: step, Action: string(action), Tool: tool.Name, Author: tool.Author, Version: tool.Version,
	})
}

func (j journal) MoveStep(ctx context.Context, run string, step int, on agent.StepEvent) error {
	_, err := j.store.MoveStep(ctx, run, step, on)
	return err
}

func (j journal) FinishRun(ctx context.Context, run string, e agent.Ending) error {
	outcome := "done"
	if e.Reason != "" {
		outcome = "refused"
	}
	err := j.store.FinishRun(ctx, run, store.Finish{
		Planner: e.Planner, ModelDigest: e.Digest, Provider: e.Provider, Outcome: outcome, Reason: string(e.Reason), Ended: e.Ended,
	})
	if err == nil && j.ended != nil {
		j.ended(ctx)
	}
	return err
}
