package hostile

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// Outcome is what came of a sentence for a user who agrees with everything.
type Outcome struct {
	Plan      *intents.Plan // nil: refused, or still open
	Planner   string
	Words     string // all that the user said, answers and all
	Confirmed bool   // the user was asked whether the reading, or which of two, is meant
	Refused   refusal.Reason
}

// ErrFault is an outcome that no reply may lead to: a panic, or an error without a name.
var ErrFault = errors.New("a fault")

const maxQuestions = 4

// answers are what the user says to a question about a slot.
var answers = map[string]string{
	"recipient": "mum", "amount": "7", "token_in": "dai", "token_out": "weth", "chain": "base", "dest_chain": "arbitrum", "slippage": "1%",
	"min_out": "5", "every": "every friday", "trigger": "below 2000", "venue": "aave", "against": "weth",
}

// Agree reads a sentence as a session does, for a user who says yes to every reading, takes the second of two, and answers what is
// asked for plainly. The error is ErrFault, with what happened.
func Agree(ctx context.Context, u *agent.Understander, text string, w intents.World) (o Outcome, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: panic: %v\n%s", ErrFault, p, debug.Stack())
		}
	}()
	o.Words = text
	got, err := u.Understand(ctx, text)
	for range maxQuestions {
		if err != nil {
			return o, o.refuse(err)
		}
		o.Planner = got.Planner
		q := got.Question
		if q == nil {
			var plan *intents.Plan
			if plan, q, err = intents.Resolve(got.Reading, got.Draft, w); err != nil {
				return o, o.refuse(err)
			}
			if q == nil {
				o.Plan = plan
				return o, nil
			}
		}
		said, ok := o.answer(*q, w)
		if !ok {
			return o, nil
		}
		got.Question = q
		got, err = u.Answer(ctx, got, said)
	}
	if err != nil {
		return o, o.refuse(err)
	}
	return o, nil
}

func (o *Outcome) refuse(err error) error {
	e, ok := refusal.As(err)
	if !ok {
		return fmt.Errorf("%w: %w", ErrFault, err)
	}
	o.Refused = e.Reason
	return nil
}

// answer is what the user says to a question, and whether that is anything. It becomes one of the user's words, but for an option
// that no list has.
func (o *Outcome) answer(q intents.Question, w intents.World) (string, bool) {
	switch {
	case slices.Contains(q.Missing, "action"):
		return "", false
	case slices.Equal(q.Missing, []string{agent.Confirm}):
		o.Confirmed = true
		return "yes", true
	case slices.Equal(q.Missing, []string{agent.Choice}):
		o.Confirmed = true
		return "2", true
	case len(q.Options) > 0:
		for _, n := range w.Networks {
			if len(w.Tokens.Symbol(n.ChainID, q.Options[0])) > 0 {
				o.Words += "\n" + q.Options[0]
				break
			}
		}
		return q.Options[0], true
	}
	said := make([]string, 0, len(q.Missing))
	for _, m := range q.Missing {
		said = append(said, answers[m])
	}
	answer := strings.Join(said, ", ")
	o.Words += "\n" + answer
	return answer, true
}

// Once is a planner that drafts each sentence once and says the same from then on. It stands in for a deterministic planner where a
// sentence is read ten thousand times.
type Once struct {
	agent.Planner
	drafts map[string]intents.Draft
}

// NewOnce makes one of a planner.
func NewOnce(p agent.Planner) *Once { return &Once{p, map[string]intents.Draft{}} }

// Plan is that of the first time.
func (o *Once) Plan(ctx context.Context, r *intents.Reading) (intents.Draft, error) {
	if d, ok := o.drafts[r.Text]; ok {
		return d, nil
	}
	d, err := o.Planner.Plan(ctx, r)
	if err == nil {
		o.drafts[r.Text] = d
	}
	return d, err
}
