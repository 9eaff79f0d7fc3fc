package agent

import (
	"context"
	"slices"
	"strings"

	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// A conversation is the requests of one session. What it remembers is the last of them: its reading, its draft, the question
// that was left open, and whether anything was done for it. No result, effect, name from a chain or error is among that, and no
// planner sees any of it: intents.Revise puts the words of a follow-up into the slots of the draft, or it is no follow-up.

// memory is what a session remembers of the request before. It is never more than one request.
type memory struct {
	asked *Understanding
	done  bool // something was signed, or applied in a dry run
}

// revision is the name of the planner that reads follow-ups.
const revision = "revision"

// Placed is the gap of a question that asks which slot a follow-up's words are for.
const Placed = "place"

// remember keeps what was understood of a request. What its planner wrote beside the draft is not kept.
func remember(u *Understanding) *memory {
	kept := *u
	kept.Views = nil
	kept.Draft.Why, kept.Draft.Unsure = nil, false
	return &memory{asked: &kept}
}

// understood reads a sentence in the light of the request before, and forgets that one: what is remembered next is this sentence.
func (r *run) understood(ctx context.Context, text string) (*Understanding, error) {
	was := r.last
	r.last, r.followed = nil, false
	if was == nil {
		return r.Understander.Understand(ctx, text)
	}
	if intents.TakesBack(text) {
		r.followed = true
		return nil, tookBack()
	}
	u, err := r.Understander.Follow(ctx, was.asked, text)
	if u == nil && err == nil {
		return r.Understander.Understand(ctx, text)
	}
	r.followed = true
	if u != nil && was.done && u.since > 0 {
		u.onTop = true
		u.spell()
	}
	return u, err
}

func tookBack() error {
	return refusal.New(refusal.Declined, "you took it back").WithHint("nothing is open any more; what was sent before stays sent")
}

// carriedOut notes that something may have been done for the request that is remembered.
func (s *Session) carriedOut() {
	if s.last != nil {
		s.last.done = true
	}
}

// Followed reports whether the last run went on with the request before it: an answer to its question, or a change to it.
func (s *Session) Followed() bool { return s.followed }

// Follow reads text as going on with what was understood before: the answer to a question that was left open, or a change. It
// returns nothing where text is a sentence of its own.
func (u *Understander) Follow(ctx context.Context, was *Understanding, text string) (*Understanding, error) {
	if q := was.Question; q != nil && len(q.Options) > 0 {
		if intents.Named(q.Options, text) != "" {
			return u.Answer(ctx, was, text)
		}
		if was.second != nil || was.ways != nil {
			return nil, nil // it is open which draft would be changed
		}
	}
	rev, ok := intents.Revise(was.Reading, was.Draft, text, u.Lexicon)
	if !ok || u.orders(ctx, text) {
		return nil, nil
	}
	now := &Understanding{Planner: revision, ways: rev.Ways, onTop: was.onTop && was.Question != nil}
	if len(rev.Ways) == 1 {
		return now.placed(rev.Ways[0])
	}
	now.Reading, now.Draft = was.Reading, was.Draft
	now.Question = &intents.Question{Text: "What is that for?", Missing: []string{Placed}}
	for _, w := range rev.Ways {
		now.Question.Options = append(now.Question.Options, w.Says)
	}
	now.Question.Options = append(now.Question.Options, neither)
	return now, nil
}

// orders reports whether a text is a whole order by itself.
func (u *Understander) orders(ctx context.Context, text string) bool {
	r := intents.Read(text, u.Lexicon)
	d, err := u.Exact.Plan(ctx, r)
	if err != nil || !d.Moves() {
		return false
	}
	q, err := intents.Accept(r, d)
	return q == nil && err == nil
}

// place goes on with the slot that the user chose for the words of a follow-up.
func place(was *Understanding, answer string) (*Understanding, error) {
	options := was.Question.Options
	switch at := slices.Index(options, intents.Named(options, answer)); {
	case at < 0:
		return was, nil
	case at < len(was.ways):
		return was.placed(was.ways[at])
	}
	return nil, refusal.New(refusal.Declined, "none of these was meant").WithHint("say it in plainer words")
}

// placed takes one way to read a follow-up. An order that comes of it is spelled out and has to be confirmed.
func (got *Understanding) placed(w intents.Way) (*Understanding, error) {
	now := *got
	now.Reading, now.Draft, now.ways, now.since = w.Reading, w.Draft, nil, w.Since
	q, err := intents.Accept(w.Reading, w.Draft)
	if err != nil {
		return nil, err
	}
	now.Question, now.doubt = q, w.Draft.Moves()
	return now.confirming(), nil
}

// spell writes the question of confirming anew.
func (got *Understanding) spell() {
	if got.Question != nil && slices.Equal(got.Question.Missing, []string{Confirm}) {
		got.Question = nil
		got.confirming()
	}
}

// meaning says what is to be confirmed: every slot in the user's own words, and which of them are kept from the request before.
func (got *Understanding) meaning() string {
	said := strings.TrimSuffix("I read this as: "+describe(got.Reading, got.Draft, got.since), ".") + ". "
	if got.onTop {
		said += "The request before was carried out, at least in part, and this comes on top of it. "
	}
	return said + "Is that what you mean?"
}
