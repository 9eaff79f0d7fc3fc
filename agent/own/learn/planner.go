package learn

import (
	"context"
	"fmt"
	"slices"

	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/intents"
)

// Drafter is the planner whose doubts are settled.
type Drafter interface {
	Name() string
	Plan(ctx context.Context, r *intents.Reading) (intents.Draft, error)
}

// Kept are the examples of this machine.
type Kept interface {
	// ExamplesOf returns the examples of exactly this prompt.
	ExamplesOf(ctx context.Context, prompt string) ([]Example, error)
}

// agreements is how often the user must have said the same of a prompt.
const agreements = 2

// Planner drafts as another one does, and settles its doubts with what the user said before.
type Planner struct {
	Drafter
	Kept Kept
}

// Plan drafts. Where the other planner is sure or refuses, that is the answer. Where examples can't be read, its doubt stays.
func (p *Planner) Plan(ctx context.Context, r *intents.Reading) (intents.Draft, error) {
	d, err := p.Drafter.Plan(ctx, r)
	if err != nil || !d.Unsure {
		return d, err
	}
	prompt, err := own.Prompt(r)
	if err != nil {
		return d, nil
	}
	kept, err := p.Kept.ExamplesOf(ctx, prompt)
	if err != nil {
		return d, nil
	}
	said := Agreements(kept)
	if len(said) != 1 || said[0].Times < agreements {
		return d, nil
	}
	settled, err := own.Draft(r, said[0].Answer)
	if err != nil || !settled.Wants() {
		return d, nil
	}
	settled.Why = append(slices.Clone(said[0].Answer), fmt.Sprintf("you agreed to it %d times", said[0].Times))
	return settled, nil
}

// Agreement is the one answer that the user agreed to for a prompt.
type Agreement struct {
	Prompt string
	Answer []string
	Times  int
}

// Agreements returns what examples agree on, in the order of their prompts' first ones. A prompt of which another answer was agreed to
// as well, or to whose answer the user ever said no, is not among them.
func Agreements(kept []Example) []Agreement {
	var prompts []string
	of := map[string][]Example{}
	for _, e := range kept {
		if of[e.Prompt] == nil {
			prompts = append(prompts, e.Prompt)
		}
		of[e.Prompt] = append(of[e.Prompt], e)
	}
	var all []Agreement
	for _, p := range prompts {
		if a, ok := agreement(of[p]); ok {
			all = append(all, a)
		}
	}
	return all
}

func agreement(kept []Example) (Agreement, bool) {
	a := Agreement{Prompt: kept[0].Prompt}
	for _, e := range kept {
		switch {
		case !e.Meant:
		case a.Times > 0 && !slices.Equal(a.Answer, e.Answer):
			return a, false
		default:
			a.Answer = e.Answer
			a.Times++
		}
	}
	denied := slices.ContainsFunc(kept, func(e Example) bool { return !e.Meant && slices.Equal(e.Answer, a.Answer) })
	return a, a.Times > 0 && !denied
}
