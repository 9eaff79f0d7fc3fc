// Package model plans with a language model that nobody trusts.
//
// The model reads the user's words with every span replaced by its id, digits and quotations taken out, and nothing else: no
// address, no amount, no word of a chain, a tool or an earlier error. It answers in a JSON Schema made for this one sentence,
// in which each slot is a choice among the ids of this sentence that fit there. What comes back is read byte by byte as if no
// schema had been there: one answer off the schema is asked for once more, with a code that says what was wrong; after that the
// sentence is refused.
//
// Invariant: a Draft of this package holds only refs that are eligible spans of its reading, each in a slot of its kind, and
// outputs of earlier steps. It holds for every sequence of bytes that a model may answer.
package model

import (
	"context"
	"errors"

	"github.com/tmc/langchaingo/llms"

	"github.com/keymaker-agent/keymaker/agent/ollama"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// Planner drafts with a model.
type Planner struct {
	llm  llms.Model
	name string
}

// New makes a planner. The name goes into the journal. Any model of langchaingo will do; only one that takes
// ollama.WithSchema is held to the schema while it answers, the others after it.
func New(llm llms.Model, name string) *Planner { return &Planner{llm: llm, name: name} }

// Name is the name that New was given.
func (p *Planner) Name() string { return p.name }

// Plan asks the model for the steps of a sentence. The error is a refusal: hostile_text before any model is asked, ungrounded
// where the model names what the user did not, model_failed for everything else that it can do wrong.
func (p *Planner) Plan(ctx context.Context, r *intents.Reading) (intents.Draft, error) {
	s, err := delexicalise(r)
	if err != nil {
		return intents.Draft{}, err
	}
	f := formFor(s)
	steps, err := p.ask(ctx, s, f, none)
	if wrong, ok := errors.AsType[fault](err); ok {
		steps, err = p.ask(ctx, s, f, wrong)
	}
	if wrong, ok := errors.AsType[fault](err); ok {
		return intents.Draft{}, refusal.New(refusal.ModelFailed, "%s answered twice off its schema: %s", p.name, wrong)
	}
	if err != nil {
		return intents.Draft{}, err
	}
	return intents.Draft{Steps: s.complete(steps)}, nil
}

// ask asks once. The error is a refusal or a fault.
func (p *Planner) ask(ctx context.Context, s *sentence, f *form, before fault) ([]intents.Step, error) {
	// A schema lets white space follow the answer, and models like to take all of it. The second try allows it, for a model that
	// writes its JSON over many lines.
	stop := []string{"\n"}
	if before != none {
		stop = nil
	}
	answer, err := llms.GenerateFromSinglePrompt(
		ctx, p.llm, prompt(s, before),
		ollama.WithSchema(f.schema()),
		llms.WithTemperature(0),
		llms.WithMaxTokens(f.tokens()),
		llms.WithStopWords(stop),
	)
	if err != nil {
		return nil, named(ctx, err)
	}
	return f.read(answer)
}

// named makes a refusal of an error that is none; its words come from outside and are not shown.
func named(ctx context.Context, err error) error {
	if _, ok := refusal.As(err); ok {
		return err
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return refusal.New(refusal.Interrupted, "planning was stopped").Because(ctx.Err()).WithHint("nothing was drafted")
	}
	return refusal.New(refusal.ModelFailed, "the model gave no answer")
}
