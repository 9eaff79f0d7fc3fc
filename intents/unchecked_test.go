package intents_test

import (
	"testing"

	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// Two drafts are compared by what they export before either is checked, so that must bear any ref.
func TestADraftThatNobodyCheckedCanBeExported(t *testing.T) {
	r := intents.Read("swap 10 usdc to weth", intents.DefaultLexicon())
	for _, ref := range []intents.Ref{"out:0", "out:1", "out:9", "A1", "T1", "T9", "R1", "out:", ""} {
		s := intents.Step{
			Action: intents.Swap, TokenIn: ref, TokenOut: ref, Amount: ref, Chain: ref, DestChain: ref, Recipient: ref, Slippage: ref, MinOut: ref, Every: ref,
			Trigger: ref, Venue: ref, Against: ref,
		}
		if got := intents.Export(r, intents.Draft{Steps: []intents.Step{s, s}}); len(got.Steps) != 2 {
			t.Errorf("%s: %+v", ref, got)
		}
	}
}

func TestADraftAsksForWhatAStepHasOrIsUngrounded(t *testing.T) {
	r := intents.Read("swap 10 usdc to weth", intents.DefaultLexicon())
	for gap, known := range map[string]bool{"amount": true, "action": true, "against": true, "reading": false, "confirm": false, "password": false, "": false} {
		q, err := intents.Check(r, intents.Draft{Missing: []string{gap}})
		if known && (q == nil || err != nil) || !known && !refusal.Is(err, refusal.Ungrounded) {
			t.Errorf("%q: %+v, %v", gap, q, err)
		}
	}
}

func TestACoinIsWrappedForTheWordOrTheToken(t *testing.T) {
	for text, want := range map[string]bool{"wrap 40": true, "turn 40 eth into its wrapped form": true, "let the treasury have 40": false} {
		r := intents.Read(text, intents.DefaultLexicon())
		s := intents.Step{Action: intents.Wrap, Amount: "A1"}
		if _, named := r.Span("T1"); named {
			s.TokenIn = "T1"
		}
		q, err := intents.Check(r, intents.Draft{Steps: []intents.Step{s}})
		if err != nil || (q == nil) != want {
			t.Errorf("%s: %+v, %v", text, q, err)
		}
	}
}

func TestAnAnswerDoesNotLetOneAmountMoveTwice(t *testing.T) {
	lex := intents.DefaultLexicon()
	r := intents.Read("swap 2 usdc to weth, and dai, and uni", lex)
	swap := func(out, amount intents.Ref) intents.Step {
		return intents.Step{Action: intents.Swap, TokenIn: "T1", TokenOut: out, Amount: amount, Side: intents.In}
	}
	d := intents.Draft{Steps: []intents.Step{swap("T2", ""), swap("T3", "A1"), swap("T4", "A1")}}
	q, err := intents.Check(r, d)
	if err != nil || q == nil {
		t.Fatalf("%+v, %v", q, err)
	}
	if r, d, err = intents.Fill(r, d, *q, "7", lex); err != nil {
		t.Fatal(err)
	}
	if q, err = intents.Check(r, d); q == nil && err == nil {
		t.Errorf("2 is said once and moved twice: %+v", d.Steps)
	}
}
