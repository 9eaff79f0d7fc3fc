package agent

import (
	"context"
	"reflect"
	"slices"

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
	Views    []View // what each planner that was asked made of the sentence, in the order of asking

	doubt  bool           // nobody but one unsure planner reads it so, and the user has not agreed yet
	second *intents.Draft // another planner's reading, until the user has chosen
	ways   []intents.Way  // what a follow-up may be meant for, until the user has chosen
	since  int            // of a follow-up: where in the reading's text its words begin; what stands before is kept
	onTop  bool           // of a follow-up: the request before was carried out
}

// View is what one planner made of a sentence.
type View struct {
	Planner string
	Draft   intents.Draft
	Err     error // a refusal
}

// Understander reads sentences with planners in order: the first that covers the sentence drafts, and what two planners read
// differently is asked about.
//
// The trained planner reads along with the exact one. It drafts alone where it is sure; where it is not, and always for the models
// behind it, a reading that would move something counts only if another planner reads the same, or the user says that it is meant.
type Understander struct {
	Lexicon *intents.Lexicon
	Exact   Planner   // deterministic, covers a sentence wholly or not at all
	Own     Planner   // trained for this task; may be nil
	Models  []Planner // tried in order where the first two do not settle it; may be empty

	Heard func(context.Context, Opinion) // is told what the user said of a reading in doubt; may be nil
}

// Understand reads a sentence. The error is a refusal; what was read then holds the reading and the views alone.
func (u *Understander) Understand(ctx context.Context, text string) (*Understanding, error) {
	return u.understand(ctx, intents.Read(text, u.Lexicon))
}

func (u *Understander) understand(ctx context.Context, r *intents.Reading) (*Understanding, error) {
	exact, err := u.Exact.Plan(ctx, r)
	if err != nil {
		return nil, err
	}
	views := []View{{Planner: u.Exact.Name(), Draft: exact}}
	var own intents.Draft
	if u.Own != nil {
		own, err = u.Own.Plan(ctx, r)
		if ctx.Err() != nil {
			return nil, err
		}
		views = append(views, View{u.Own.Name(), own, err})
	}
	got, err := u.settle(ctx, r, exact, own, &views)
	if got == nil {
		got = &Understanding{Reading: r}
	}
	got.Views = views
	return got, err
}

// settle decides between the exact reading and the trained one, and asks the models where they do not settle it.
func (u *Understander) settle(ctx context.Context, r *intents.Reading, exact, own intents.Draft, views *[]View) (*Understanding, error) {
	switch {
	case covers(exact):
		got, err := u.accept(r, exact, u.Exact)
		if err == nil && u.taught(exact) && covers(own) && !own.Unsure && !agree(r, exact, own) && (exact.Moves() || own.Moves()) {
			got.against(own)
		}
		return got, err
	case covers(own) && !own.Unsure:
		return u.trusted(r, own, u.Own)
	}
	for _, m := range u.Models {
		d, err := m.Plan(ctx, r)
		*views = append(*views, View{m.Name(), d, err})
		if err != nil {
			return nil, err
		}
		if covers(d) {
			return u.backed(r, d, own, m)
		}
	}
	if !covers(own) || !own.Wants() {
		return nil, refusal.New(refusal.NotUnderstood, "no planner could read the sentence as a whole")
	}
	return u.doubtful(r, own, u.Own)
}

// Limited is a planner that has no word for some actions. What it makes of a sentence that orders one of these says nothing.
type Limited interface {
	Expresses(a intents.Action) bool
}

// taught reports whether the trained planner could have drafted each step, so that its other reading counts.
func (u *Understander) taught(d intents.Draft) bool {
	limited, ok := u.Own.(Limited)
	return !ok || !slices.ContainsFunc(d.Steps, func(s intents.Step) bool { return !limited.Expresses(s.Action) })
}

// backed holds a model's reading against that of the trained planner, which was not sure of its own. Two that are unsure back nothing:
// the model may be the trained planner itself, served elsewhere.
func (u *Understander) backed(r *intents.Reading, d, own intents.Draft, m Planner) (*Understanding, error) {
	if covers(own) && !d.Unsure && agree(r, d, own) {
		return u.accept(r, own, u.Own)
	}
	got, err := u.doubtful(r, d, m)
	if err == nil && covers(own) && (d.Moves() || own.Moves()) {
		got.against(own)
	}
	return got, err
}

// doubtful accepts a reading that the user has to confirm where it would move something, or where its planner was unsure.
func (u *Understander) doubtful(r *intents.Reading, d intents.Draft, by Planner) (*Understanding, error) {
	got, err := u.accept(r, d, by)
	if err != nil {
		return nil, err
	}
	got.doubt = d.Moves() || d.Unsure
	return got.confirming(), nil
}

// UnderstandBy reads a sentence with one of the models first, as eval does to measure it. The exact planner is its check.
func (u *Understander) UnderstandBy(ctx context.Context, text string, m Planner) (*Understanding, error) {
	r := intents.Read(text, u.Lexicon)
	exact, err := u.Exact.Plan(ctx, r)
	if err != nil {
		return nil, err
	}
	return u.alone(ctx, r, m, func(d intents.Draft) (*Understanding, error) {
		if covers(exact) && agree(r, d, exact) {
			return u.accept(r, d, m)
		}
		return u.doubtful(r, d, m)
	})
}

// Solo reads a sentence with one planner that nothing checks but intents.Check, as eval does to measure a planner by itself.
func (u *Understander) Solo(ctx context.Context, text string, p Planner) (*Understanding, error) {
	r := intents.Read(text, u.Lexicon)
	return u.alone(ctx, r, p, func(d intents.Draft) (*Understanding, error) {
		if d.Unsure {
			return u.doubtful(r, d, p)
		}
		return u.trusted(r, d, p)
	})
}

// trusted accepts the reading of a planner that was sure. That there is no order is a refusal: a model can't know that nothing is meant.
func (u *Understander) trusted(r *intents.Reading, d intents.Draft, by Planner) (*Understanding, error) {
	if !d.Wants() {
		return nil, refusal.New(refusal.NotAnOrder, "no order is in these words").WithHint("say what is to be done, and with what")
	}
	return u.accept(r, d, by)
}

// alone asks one planner, and goes on with what it covers.
func (u *Understander) alone(ctx context.Context, r *intents.Reading, p Planner, on func(intents.Draft) (*Understanding, error)) (*Understanding, error) {
	d, err := p.Plan(ctx, r)
	var got *Understanding
	switch {
	case err != nil:
	case !covers(d):
		err = refusal.New(refusal.NotUnderstood, "%s could not read the sentence", p.Name())
	default:
		got, err = on(d)
	}
	if got == nil {
		got = &Understanding{Reading: r}
	}
	got.Views = []View{{p.Name(), d, err}}
	return got, err
}

// against asks which of two readings is meant, where the other one could be accepted at all. A reading that orders nothing makes it
// a question of whether anything is meant.
func (got *Understanding) against(other intents.Draft) {
	if !other.Wants() {
		got.doubt = true
		got.confirming()
		return
	}
	if _, err := intents.Accept(got.Reading, other); err != nil {
		return
	}
	if got.Question != nil {
		got.doubt = true // asked once nothing else is open: an answer to another question does not say which reading is meant
		return
	}
	one, two := Describe(got.Reading, got.Draft), Describe(got.Reading, other)
	if one == two {
		return
	}
	got.second = &other
	got.Question = &intents.Question{
		Text:    "I can read this in two ways: 1. " + one + "; 2. " + two + ". Which one do you mean?",
		Missing: []string{Choice},
		Options: []string{one, two, neither},
	}
}

// Choice is the gap of a question that asks which of two readings is meant.
const Choice = "reading"

const neither = "neither"

// chosen goes on with the reading that the user chose.
func (u *Understander) chosen(was *Understanding, answer string) (*Understanding, error) {
	now := *was
	now.Question, now.second = nil, nil
	switch intents.Chosen(was.Question.Options, answer) {
	case was.Question.Options[0]:
	case was.Question.Options[1]:
		now.Draft, now.doubt = *was.second, false
	case neither:
		return nil, refusal.New(refusal.Declined, "neither reading was meant").WithHint("say it in plainer words")
	default:
		return was, nil
	}
	q, err := intents.Accept(now.Reading, now.Draft)
	now.Question, now.doubt = q, false
	return &now, err
}

// confirming asks whether the reading is meant, once nothing else is left to ask and it is in doubt.
func (u *Understanding) confirming() *Understanding {
	if u.Question == nil && u.doubt {
		u.Question = &intents.Question{
			Text:    u.meaning(),
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
	if len(was.Question.Missing) == 1 {
		switch was.Question.Missing[0] {
		case Confirm:
			u.hear(ctx, was, answer)
			return confirmed(was, answer)
		case Choice:
			u.hear(ctx, was, answer)
			return u.chosen(was, answer)
		case Placed:
			return place(was, answer)
		}
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
	if intents.Named(was.Question.Options, answer) != "yes" {
		return nil, refusal.New(refusal.Declined, "that reading was not meant").WithHint("say it in plainer words")
	}
	now := *was
	now.Question, now.doubt = nil, false
	return &now, nil
}

// Report says what came of a sentence in the form that programs read.
func (u *Understanding) Report() intents.Report {
	return intents.ReportOf(u.Reading, u.Draft, u.Question)
}

func covers(d intents.Draft) bool { return len(d.Steps) > 0 || len(d.Missing) > 0 }

// agree reports whether two drafts say the same of a sentence, whichever of its words they point at.
func agree(r *intents.Reading, a, b intents.Draft) bool {
	return (len(a.Steps) == 0) == (len(b.Steps) == 0) && reflect.DeepEqual(intents.Export(r, a), intents.Export(r, b))
}
