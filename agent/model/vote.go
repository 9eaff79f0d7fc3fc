package model

import (
	"context"
	"reflect"
	"slices"

	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// vote asks for the sentence again with its ids permuted, until two readings are the same or all votes are spent. The reading that
// two agree on is drafted, else the first; where any two differ, or another one fails, the draft is Unsure: a model that understands
// does not care how a span is called.
func (p *Planner) vote(ctx context.Context, r *intents.Reading, s *sentence, first intents.Draft) (intents.Draft, error) {
	heard, asked := []intents.Draft{first}, []string{s.text}
	differ := false
	for turn := 1; turn < p.options.Votes; turn++ {
		turned := s.permuted(turn)
		if slices.Contains(asked, turned.text) {
			continue
		}
		asked = append(asked, turned.text)
		next, err := p.reading(ctx, turned)
		if refusal.Is(err, refusal.ModelFailed) || refusal.Is(err, refusal.Ungrounded) {
			differ = true
			continue
		}
		if err != nil {
			return intents.Draft{}, err
		}
		if i := slices.IndexFunc(heard, func(d intents.Draft) bool { return same(r, d, next) }); i >= 0 {
			first = heard[i]
			break
		}
		differ = true
		heard = append(heard, next)
	}
	if differ {
		first.Unsure, first.Why = true, []string{"with other ids the model reads it differently"}
	}
	return first, nil
}

// same reports whether two drafts say the same of a sentence, whichever of its words they point at.
func same(r *intents.Reading, a, b intents.Draft) bool {
	return reflect.DeepEqual(intents.Export(r, a), intents.Export(r, b))
}

// permuted is the sentence in which the ids of each letter have changed places: by one in the first turn, by two in the second. Of pairs
// that would be the first order again, so a pair of amounts waits for the second turn and every other pair takes the first.
func (s *sentence) permuted(turn int) *sentence {
	letters := map[byte][]intents.Ref{}
	for _, ref := range s.order {
		letters[ref[0]] = append(letters[ref[0]], ref)
	}
	shown := map[intents.Ref]intents.Ref{}
	for letter, refs := range letters {
		by := turn
		if len(refs) == 2 && letter == 'A' {
			by = turn / 2
		}
		for i, ref := range refs {
			shown[ref] = refs[(i+by)%len(refs)]
		}
	}
	turned := *s
	turned.shown = shown
	turned.text = turned.spell()
	return &turned
}

// back gives the refs of an answer their own names again.
func (s *sentence) back(steps []intents.Step) []intents.Step {
	if s.shown == nil {
		return steps
	}
	meant := map[intents.Ref]intents.Ref{}
	for ref, as := range s.shown {
		meant[as] = ref
	}
	for i := range steps {
		st := &steps[i]
		for _, ref := range []*intents.Ref{&st.TokenIn, &st.TokenOut, &st.Amount, &st.Chain, &st.DestChain, &st.Recipient, &st.Every, &st.Trigger} {
			if own, ok := meant[*ref]; ok {
				*ref = own
			}
		}
	}
	return steps
}
