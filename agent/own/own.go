// Package own is the planner that was trained for this one task.
//
// It reads a sentence as words and ids of spans (Prompt), and answers with a list of elements (Answer): actions, and slots that
// point at ids. The list of elements that an answer may have is made for each sentence (Choices), so an answer can name no span
// that is not there; and an element is one step of the model, so that a plan takes milliseconds. The same weights answer in this
// process (Builtin) and in a stock Ollama (Served).
//
// Invariant: a Draft of this package holds only refs that are eligible spans of its reading, each in a slot of its kind, and
// outputs of earlier steps, whatever the model answers.
package own

import (
	"context"
	"errors"
	"slices"

	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// Engine runs the model: it answers a prompt with some of the choices. Sure is the least probability that the model gave to an
// element of its answer, from 0 to 1.
type Engine interface {
	Answer(ctx context.Context, prompt string, choices []string) (elements []string, sure float64, err error)
}

// Planner drafts with the own model. A second model of other weights reads along as its witness.
type Planner struct {
	engine, witness Engine
}

// New makes a planner on an engine, and one on which its witness runs.
func New(engine, witness Engine) *Planner { return &Planner{engine, witness} }

// Name is how the planner is called in events and journals.
func (*Planner) Name() string { return "own" }

// Expresses reports whether the model was taught a word for an action.
func (*Planner) Expresses(a intents.Action) bool { return slices.Contains(Actions, string(a)) }

// Plan drafts. A draft is marked Unsure where the model was not sure of it, and where it moves something that the witness reads
// otherwise. The error is a refusal: hostile_text before a model is asked, ungrounded for an answer that the sentence does not bear, model_failed
// where the model or its witness gave none.
func (p *Planner) Plan(ctx context.Context, r *intents.Reading) (intents.Draft, error) {
	prompt, err := Prompt(r)
	if err != nil {
		return intents.Draft{}, err
	}
	choices := Choices(r)
	elements, sure, err := p.engine.Answer(ctx, prompt, choices)
	if err != nil {
		return intents.Draft{}, named(ctx, err)
	}
	d, err := Draft(r, elements)
	if err != nil {
		return intents.Draft{}, err
	}
	d.Why = elements
	d.Unsure = !(sure >= needed(r, d) && sure <= 1) // what is no probability is not sure
	if d.Unsure || !d.Moves() {
		return d, nil
	}
	seen, _, err := p.witness.Answer(ctx, prompt, choices)
	if err != nil {
		return intents.Draft{}, named(ctx, err)
	}
	d.Unsure = !slices.Equal(seen, elements)
	return d, nil
}

// named makes a refusal of an error that is none; its words may come from outside and are not shown.
func named(ctx context.Context, err error) error {
	if _, ok := refusal.As(err); ok {
		return err
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return refusal.New(refusal.Interrupted, "planning was stopped").Because(ctx.Err()).WithHint("nothing was drafted")
	}
	return refusal.New(refusal.ModelFailed, "the own planner gave no answer")
}
