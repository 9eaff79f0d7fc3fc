package agent

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// Understanding is what came of a sentence: an accepted draft, a question, or a refusal; never two of them.
type Understanding struct {
	Reading  *intents.Reading
	Draft    intents.Draft
	Planner  string // which planner drafted
	Digest   string // of the planner's model, where it has one
	Provider string // who runs that model; empty: this machine
	Question *intents.Question

	alone bool // a model drafted something that moves, and neither an exact planner nor the user has agreed yet
}

// Understander reads sentences with planners in order: the first that covers the sentence drafts.
//
// A planner that is not exact (a model) is believed on its own only where nothing moves. Where something would move, an exact
// planner must have read the same, or the user is asked whether that reading is meant.
type Understander struct {
	Lexicon *intents.Lexicon
	Exact   Planner   // deterministic, covers a sentence wholly or not at all
	Models  []Planner // tried in order where Exact does not cover; may be empty
}

// Understand reads a sentence. The error is a refusal.
func (u *Understander) Understand(ctx context.Context, text string) (*Understanding, error) {
	return u.understand(ctx, intents.Read(text, u.Lexicon))
}

func (u *Understander) understand(ctx context.Context, r *intents.Reading) (*Understanding, error) {
	exact, err := u.Exact.Plan(ctx, r)
	if err != nil {
		return nil, err
	}
	if covers(exact) {
		return u.accept(r, exact, u.Exact)
	}
	for _, m := range u.Models {
		got, err := u.byModel(ctx, r, exact, m)
		if got != nil || err != nil {
			return got, err
		}
	}
	return nil, refusal.New(refusal.NotUnderstood, "no planner could read the sentence as a whole")
}

// UnderstandBy reads a sentence with one of the models first, as eval does to measure it.
func (u *Understander) UnderstandBy(ctx context.Context, text string, m Planner) (*Understanding, error) {
	r := intents.Read(text, u.Lexicon)
	exact, err := u.Exact.Plan(ctx, r)
	if err != nil {
		return nil, err
	}
	got, err := u.byModel(ctx, r, exact, m)
	if got == nil && err == nil {
		return nil, refusal.New(refusal.NotUnderstood, "the model could not read the sentence")
	}
	return got, err
}

func (u *Understander) byModel(ctx context.Context, r *intents.Reading, exact intents.Draft, m Planner) (*Understanding, error) {
	d, err := m.Plan(ctx, r)
	if err != nil {
		return nil, err
	}
	if !covers(d) {
		return nil, nil
	}
	got, err := u.accept(r, d, m)
	if err != nil {
		return nil, err
	}
	got.alone = d.Moves() && !sameSteps(exact, d)
	return got.confirming(), nil
}

// confirming asks whether the reading is meant, once nothing else is left to ask and a model stands alone with it.
func (u *Understanding) confirming() *Understanding {
	if u.Question == nil && u.alone {
		u.Question = &intents.Question{
			Text:    "I read this as: " + Describe(u.Reading, u.Draft) + ". Is that what you mean?",
			Missing: []string{Confirm},
			Options: []string{"yes", "no"},
		}
	}
	return u
}

// Confirm is the gap of a question that asks whether a model's reading is meant.
const Confirm = "confirm"

func (u *Understander) accept(r *intents.Reading, d intents.Draft, by Planner) (*Understanding, error) {
	q, err := intents.Accept(r, d)
	if err != nil {
		return nil, err
	}
	got := &Understanding{Reading: r, Draft: d, Planner: by.Name(), Question: q}
	if pinned, ok := by.(Pinned); ok {
		got.Digest, got.Provider = pinned.Digest(), pinned.Provider()
	}
	return got, nil
}

// Answer fills the gap of a question from the user's answer and checks the draft again. An answer to a question about the
// whole sentence is a sentence, and is read as one.
func (u *Understander) Answer(ctx context.Context, was *Understanding, answer string) (*Understanding, error) {
	if len(was.Question.Missing) == 1 && was.Question.Missing[0] == Confirm {
		return confirmed(was, answer)
	}
	r, d, err := intents.Fill(was.Reading, was.Draft, *was.Question, answer, u.Lexicon)
	if err != nil {
		return nil, err
	}
	if !covers(d) {
		return u.understand(ctx, r)
	}
	q, err := intents.Accept(r, d)
	if err != nil {
		return nil, err
	}
	now := *was
	now.Reading, now.Draft, now.Question = r, d, q
	return now.confirming(), nil
}

func confirmed(was *Understanding, answer string) (*Understanding, error) {
	if !strings.EqualFold(strings.TrimSpace(answer), "yes") {
		return nil, refusal.New(refusal.Declined, "that reading was not meant").WithHint("say it in plainer words")
	}
	now := *was
	now.Question, now.alone = nil, false
	return &now, nil
}

// Report says what came of a sentence in the form that programs read.
func (u *Understanding) Report() intents.Report {
	return intents.ReportOf(u.Reading, u.Draft, u.Question)
}

func covers(d intents.Draft) bool { return len(d.Steps) > 0 || len(d.Missing) > 0 }

func sameSteps(a, b intents.Draft) bool {
	return len(a.Missing) == 0 && len(b.Missing) == 0 && reflect.DeepEqual(a.Steps, b.Steps)
}

// Describe says a draft in the user's own words: each slot is the text of the span that it points at.
func Describe(r *intents.Reading, d intents.Draft) string {
	steps := make([]string, len(d.Steps))
	for i, s := range d.Steps {
		steps[i] = describeStep(r, s)
	}
	return strings.Join(steps, ", then ")
}

func describeStep(r *intents.Reading, s intents.Step) string {
	text := map[intents.Ref]string{}
	for _, span := range r.Spans {
		text[span.ID] = span.Text
	}
	parts := []string{string(s.Action)}
	add := func(word string, ref intents.Ref) {
		if ref == "" {
			return
		}
		said, ok := text[ref]
		if step, output := ref.Output(); output {
			said, ok = fmt.Sprintf("what step %d brings", step), true
		}
		if !ok {
			said = string(ref)
		}
		parts = append(parts, strings.TrimSpace(word+" "+said))
	}
	if s.Side == intents.Out {
		add("", s.TokenIn)
		add("for exactly", s.Amount)
		add("", s.TokenOut)
	} else {
		add("", s.Amount)
		add("", s.TokenIn)
		add("for", s.TokenOut)
	}
	add("to", s.Recipient)
	add("on", s.Chain)
	add("to the chain", s.DestChain)
	add("slippage", s.Slippage)
	add("at least", s.MinOut)
	add("by way of", s.Venue)
	add("every", s.Every)
	add(strings.TrimSpace("when "+s.Condition), s.Trigger)
	return strings.Join(parts, " ")
}
