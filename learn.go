package keymaker

import (
	"context"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/agent/own/learn"
)

// Example is what the user said of one reading, in the own planner's language.
type Example = learn.Example

// learning lets an understander keep what the user says of readings in doubt, and settle the same doubts of its own planner with it.
// Words that are not in the vocabulary are kept nowhere.
func (a *Agent) learning(u *agent.Understander, v learn.Vocabulary) {
	u.Own = &learn.Planner{Drafter: u.Own, Kept: a.store}
	u.Heard = func(ctx context.Context, o agent.Opinion) {
		e, ok := learn.Of(o.Reading, o.Draft, v)
		if !ok {
			return
		}
		e.At, e.Planner, e.Meant = a.options.Clock(), o.Planner, o.Meant
		if err := a.store.KeepExample(ctx, e); err != nil { // no reason to stop what the user asked for
			a.options.Log.Warn("what you said of this reading was not kept", "error", err)
		}
	}
}

// Learns reports whether what the user says of readings is kept and used.
func (a *Agent) Learns() bool { return a.config.Learn.Keep }

// Examples are those that were kept, the oldest first.
func (a *Agent) Examples(ctx context.Context) ([]Example, error) { return a.store.Examples(ctx) }

// ForgetExample deletes one, and reports whether it was there.
func (a *Agent) ForgetExample(ctx context.Context, id int64) (bool, error) {
	return a.store.ForgetExample(ctx, id)
}

// ForgetExamples deletes all, and reports how many there were.
func (a *Agent) ForgetExamples(ctx context.Context) (int64, error) {
	return a.store.ForgetExamples(ctx)
}
