// Package model plans with a language model that nobody trusts.
//
// The model reads the user's words with every span replaced by its id, digits and quotations taken out, and nothing else: no
// address, no amount, no word of a chain, a tool or an earlier error. It answers in a JSON Schema made for this one sentence,
// in which each slot is a choice among the ids of this sentence that fit there. What comes back is read byte by byte as if no
// schema had been there: one answer off the schema is asked for once more, with a code that says what was wrong; after that the
// sentence is refused.
//
// A schema makes an answer well-formed, not right: a model that has no idea still has to choose. So a draft is Unsure where the
// schema had to push the model to a choice, and where the model chooses by the place of an id: a reading that would move something
// is asked for again with the ids of the sentence permuted, and has to come back the same.
//
// Invariant: a Draft of this package holds only refs that are eligible spans of its reading, each in a slot of its kind, and
// outputs of earlier steps. It holds for every sequence of bytes that a model may answer.
package model

import (
	"context"
	"errors"
	"strings"

	"github.com/tmc/langchaingo/llms"

	"github.com/keymaker-agent/keymaker/agent/ollama"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// Planner drafts with a model.
type Planner struct {
	llm     llms.Model
	name    string
	options Options
}

// Options say how much is asked of the model for one sentence.
type Options struct {
	Draft  bool    // the model first writes as it likes, and is held to the schema with its own draft before its eyes
	Votes  int     // readings of a sentence that would move something, each with other ids; less than two: one reading, no vote
	Gate   float64 // a choice to which the model gave less than this probability is in doubt; 0: none is
	Repair bool    // an answer off the schema is asked for once more
}

// Defaults are for small models on a CPU, where each call takes seconds: no draft, which costs a call for every sentence, and a vote
// only where something would move.
func Defaults() Options { return Options{Votes: 3, Gate: 0.5, Repair: true} }

// New makes a planner with the defaults. The name goes into the journal. Any model of langchaingo will do; only one that takes
// ollama.WithSchema is held to the schema while it answers, the others after it.
func New(llm llms.Model, name string) *Planner {
	return &Planner{llm: llm, name: name, options: Defaults()}
}

// With is the planner with other options.
func (p *Planner) With(o Options) *Planner { return &Planner{llm: p.llm, name: p.name, options: o} }

// Name is the name that New was given.
func (p *Planner) Name() string { return p.name }

// Plan asks the model for the steps of a sentence. The error is a refusal: hostile_text before any model is asked, ungrounded
// where the model names what the user did not, model_failed for everything else that it can do wrong.
func (p *Planner) Plan(ctx context.Context, r *intents.Reading) (intents.Draft, error) {
	s, err := delexicalise(r)
	if err != nil {
		return intents.Draft{}, err
	}
	first, err := p.reading(ctx, s)
	if err != nil {
		return intents.Draft{}, err
	}
	if first.Unsure || !first.Moves() || p.options.Votes < 2 {
		return first, nil
	}
	return p.vote(ctx, r, s, first)
}

// reading asks for one reading of a sentence, and once more where the answer is off the schema.
func (p *Planner) reading(ctx context.Context, s *sentence) (intents.Draft, error) {
	f := formFor(s)
	got, err := p.ask(ctx, s, f, none)
	if wrong, ok := errors.AsType[fault](err); ok && p.options.Repair {
		got, err = p.ask(ctx, s, f, wrong)
	}
	if wrong, ok := errors.AsType[fault](err); ok {
		return intents.Draft{}, refusal.New(refusal.ModelFailed, "%s answered off its schema: %s", p.name, wrong)
	}
	if err != nil {
		return intents.Draft{}, err
	}
	d := intents.Draft{Steps: s.complete(s.back(got.steps))}
	if got.sure < p.options.Gate {
		d.Unsure, d.Why = true, []string{"the schema had to push the model"}
	}
	return d, nil
}

// answered is an answer that was read, and the probability of the choice that the model liked least; 1 where it is not known.
type answered struct {
	steps []intents.Step
	sure  float64
}

// ask asks once. The error is a refusal or a fault.
func (p *Planner) ask(ctx context.Context, s *sentence, f *form, before fault) (answered, error) {
	draft := ""
	if p.options.Draft {
		free, err := p.call(ctx, prompt(s, "", before), ollama.WithRaw(), llms.WithMaxTokens(maxDraft), llms.WithStopWords([]string{"\n"}))
		if err != nil && !refusal.Is(err, refusal.ModelFailed) {
			return answered{}, err
		}
		if err == nil {
			draft = sketched(free.Content)
		}
	}
	// A schema lets white space follow the answer, and models like to take all of it. The second try allows it, for a model that
	// writes its JSON over many lines.
	stop := []string{"\n"}
	if before != none {
		stop = nil
	}
	choice, err := p.call(
		ctx, prompt(s, draft, before),
		ollama.WithSchema(f.schema()),
		ollama.WithLogprobs(),
		llms.WithMaxTokens(f.tokens()),
		llms.WithStopWords(stop),
	)
	if err != nil {
		return answered{}, err
	}
	steps, err := f.read(choice.Content)
	if err != nil {
		return answered{}, err
	}
	return answered{steps, surely(choice)}, nil
}

// call asks the model for one text. The error is a refusal.
func (p *Planner) call(ctx context.Context, prompt string, options ...llms.CallOption) (*llms.ContentChoice, error) {
	answer, err := p.llm.GenerateContent(
		ctx, []llms.MessageContent{llms.TextParts(llms.ChatMessageTypeHuman, prompt)},
		append(options, llms.WithTemperature(0), llms.WithRepetitionPenalty(1))..., // JSON repeats its keys
	)
	if err != nil {
		return nil, named(ctx, err)
	}
	if len(answer.Choices) == 0 {
		return nil, refusal.New(refusal.ModelFailed, "the model gave no answer")
	}
	return answer.Choices[0], nil
}

// maxDraft is how long a draft may be, in tokens.
const maxDraft = 48

// sketched is the first line of a draft without what prompts do not have. It is the model's own text and may say anything; what it
// says counts only as far as the model repeats it within the schema.
func sketched(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, line[:min(len(line), 8*maxDraft)])
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
