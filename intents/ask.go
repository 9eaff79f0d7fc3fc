package intents

import (
	"fmt"
	"slices"
	"strings"
)

// about makes a question for one slot of a step.
func about(step int, slot, format string, args ...any) *Question {
	return &Question{Text: fmt.Sprintf(format, args...), Step: step, Missing: []string{slot}}
}

// askFor makes the question for slots that a draft lacks.
func askFor(d Draft, missing []string) *Question {
	q := &Question{Missing: slices.Clone(missing)}
	action := Action("")
	for i := range d.Steps {
		s := &d.Steps[i]
		if slices.ContainsFunc(missing, func(m string) bool { ref := s.slot(m); return ref != nil && *ref == "" }) {
			q.Step, action = i+1, s.Action
			break
		}
	}
	asked := make([]string, 0, len(missing))
	for _, m := range missing {
		asked = append(asked, questionFor(action, m))
	}
	q.Text = strings.Join(asked, " ")
	return q
}

func questionFor(a Action, missing string) string {
	switch missing {
	case slotTokenIn:
		switch a {
		case Swap:
			return "What do you want to pay with?"
		case Transfer:
			return "Which token do you want to send?"
		}
		return "Which token?"
	case slotTokenOut:
		return "What do you want to get for it?"
	case slotAmount:
		return "How much?"
	case slotRecipient:
		switch a {
		case Approve, Revoke:
			return "Which spender? Please give its address."
		}
		return "Who should receive it? Please give an address, or a name of your book."
	case slotChain:
		return "On which chain?"
	case slotDestChain:
		return "To which chain?"
	case slotSlippage:
		return "How much slippage, such as 0.5%?"
	case slotMinOut:
		return "How much do you want to receive at least?"
	case slotEvery:
		return "How often?"
	case slotTrigger:
		return "When?"
	case slotVenue:
		return "Where?"
	case slotTerm:
		return "For how long, such as 2 years or 90 days?"
	case slotProposal:
		return "Which proposal? Please give its number."
	case slotChoice:
		return "For or against?"
	case slotAction:
		return "What do you want to do? Please say it in one plain sentence."
	}
	return "Please say it in one plain sentence."
}
