package agent

import (
	"fmt"
	"strings"

	"github.com/keymaker-agent/keymaker/intents"
)

// Describe says a draft in the user's own words: each slot is the text of the span that it points at.
func Describe(r *intents.Reading, d intents.Draft) string { return describe(r, d, 0) }

// describe marks the words that stand before an offset of the reading as kept.
func describe(r *intents.Reading, d intents.Draft, since int) string {
	steps := make([]string, len(d.Steps))
	for i, s := range d.Steps {
		steps[i] = describeStep(r, s, since)
	}
	return strings.Join(steps, ", then ")
}

func describeStep(r *intents.Reading, s intents.Step, since int) string {
	text := map[intents.Ref]string{}
	for _, span := range r.Spans {
		text[span.ID] = span.Text
		if span.Kind == intents.AmountSpan && span.Value != "" { // reckoned: double it
			text[span.ID] = span.Value + " (" + span.Text + ")"
		}
		if span.Start < since {
			text[span.ID] += " (kept)"
		}
	}
	parts := strings.Fields(string(s.Action) + " " + s.Kind)
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
	add("", s.Term)
	add("", s.Choice)
	add("proposal", s.Proposal)
	add(strings.TrimSpace("when "+s.Condition), s.Trigger)
	return strings.Join(parts, " ")
}
