package intents_test

import (
	"slices"
	"testing"

	"github.com/keymaker-agent/keymaker/intents"
)

// answered reads text, asks d's question, and fills in the answer.
func answered(t *testing.T, text string, d intents.Draft, answer string) (*intents.Reading, intents.Draft) {
	t.Helper()
	lexicon := intents.DefaultLexicon()
	r := intents.Read(text, lexicon)
	q, err := intents.Check(r, d)
	if err != nil || q == nil {
		t.Fatalf("Check of %q = %v, %v; want a question", text, q, err)
	}
	r2, d2, err := intents.Fill(r, d, *q, answer, lexicon)
	if err != nil {
		t.Fatal(err)
	}
	inOrder(t, r2)
	return r2, d2
}

func TestAnAnswerFillsTheOneGap(t *testing.T) {
	short := alice[:40]
	for _, c := range []struct {
		name, text string
		draft      intents.Draft
		answer     string
		want       func(intents.Exported) bool
	}{
		{"amount", "send ETH to bob", one(intents.Step{Action: intents.Transfer, TokenIn: "T1", Recipient: "R1"}), "1.5", func(e intents.Exported) bool { return e.Amount == "1.5" && e.TokenIn == "ETH" && e.Recipient == "bob" }},
		{"amount with its token", "send ETH to bob", one(intents.Step{Action: intents.Transfer, TokenIn: "T1", Recipient: "R1"}), "half of my ETH please", func(e intents.Exported) bool { return e.Amount == "50%" }},
		{"recipient by a bare name", "send 1 ETH", one(intents.Step{Action: intents.Transfer, TokenIn: "T1", Amount: "A1"}), "bob", func(e intents.Exported) bool { return e.Recipient == "bob" }},
		{"recipient by an address", "send 1 ETH", one(intents.Step{Action: intents.Transfer, TokenIn: "T1", Amount: "A1"}), "to " + alice, func(e intents.Exported) bool { return e.Recipient == alice }},
		{"recipient after a bad one", "send 1 ETH to " + short, one(intents.Step{Action: intents.Transfer, TokenIn: "T1", Amount: "A1", Recipient: "R1"}), alice, func(e intents.Exported) bool { return e.Recipient == alice }},
		{"token", "swap 1 ETH", one(intents.Step{Action: intents.Swap, TokenIn: "T1", Amount: "A1"}), "dai", func(e intents.Exported) bool { return e.TokenOut == "DAI" && e.TokenIn == "ETH" }},
		{"a token that no list knows", "swap 1 ETH", one(intents.Step{Action: intents.Swap, TokenIn: "T1", Amount: "A1"}), "wen", func(e intents.Exported) bool { return e.TokenOut == "WEN" }},
		{"chain by a word that is a token too", "bridge 1 ETH", one(intents.Step{Action: intents.Bridge, TokenIn: "T1", Amount: "A1"}), "arb", func(e intents.Exported) bool { return e.DestChain == "arbitrum" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, d := answered(t, c.text, c.draft, c.answer)
			if q, err := intents.Check(r, d); q != nil || err != nil {
				t.Fatalf("after the answer: %+v, %v\n%+v", q, err, r.Spans)
			}
			if e := intents.Export(r, d); !c.want(e) {
				t.Fatalf("filled %+v", e)
			}
		})
	}
}

func TestAnAnswerWithoutAValueLeavesTheGapOpen(t *testing.T) {
	d := one(intents.Step{Action: intents.Transfer, TokenIn: "T1", Recipient: "R1"})
	for _, answer := range []string{"", "yes", "I don't know", "a lot", "1 or 2", `"5"`, "someone said: 5"} {
		r, got := answered(t, "send ETH to bob", d, answer)
		if q, _ := intents.Check(r, got); q == nil {
			t.Errorf("%q filled the gap: %+v", answer, got)
		}
	}
}

func TestAnAnswerCannotChangeWhatWasNotAsked(t *testing.T) {
	d := one(intents.Step{Action: intents.Transfer, TokenIn: "T1", Recipient: "R1"})
	for _, answer := range []string{"1 and send it to " + alice, "5 USDC", "1 on base"} {
		r, got := answered(t, "send ETH to bob", d, answer)
		if got.Steps[0].Recipient != "R1" || got.Steps[0].TokenIn != "T1" || got.Steps[0].Chain != "" {
			t.Errorf("%q changed the draft: %+v", answer, got)
		}
		if q, err := intents.Check(r, got); q == nil && err == nil {
			t.Errorf("%q: what the answer says beside the amount is not asked about", answer)
		}
	}
}

func TestOptionsAreTheOnlyAnswers(t *testing.T) {
	lexicon := intents.DefaultLexicon()
	r := intents.Read("swap 1 ETH to FOO", lexicon)
	d := one(intents.Step{Action: intents.Swap, TokenIn: "T1", TokenOut: "T2", Amount: "A1", Side: intents.In})
	w := world(t)
	_, q, err := intents.Resolve(r, d, w)
	if err != nil || q == nil || !slices.Equal(q.Options, []string{fooOne, fooTwo}) {
		t.Fatalf("Resolve = %+v, %v", q, err)
	}
	for _, answer := range []string{alice, "3", "no", ""} {
		if _, got, _ := intents.Fill(r, d, *q, answer, lexicon); got.Steps[0] != d.Steps[0] {
			t.Errorf("%q was taken for an option", answer)
		}
	}
	for _, answer := range []string{fooTwo, "2", "0x2222"} {
		r2, d2, err := intents.Fill(r, d, *q, answer, lexicon)
		if err != nil {
			t.Fatal(err)
		}
		plan, q2, err := intents.Resolve(r2, d2, w)
		if plan == nil || plan.Intents[0].TokenOut.V.Address.Hex() != fooTwo {
			t.Errorf("%q: %+v, %v", answer, q2, err)
		}
	}
}

func TestAWholeSentenceAnswersAQuestionAboutTheWholeSentence(t *testing.T) {
	r, d, err := intents.Fill(intents.Read("hm", intents.DefaultLexicon()), intents.Draft{Missing: []string{"action"}}, intents.Question{Missing: []string{"action"}}, "send 1 ETH to bob", intents.DefaultLexicon())
	if err != nil || len(d.Steps) != 0 || r.Text != "send 1 ETH to bob" {
		t.Fatalf("Fill = %+v, %+v, %v", r, d, err)
	}
}

func TestLettersFromWithinAnOptionNameNothing(t *testing.T) {
	options := []string{"0xbAd0000000000000000000000000000000000001", "0xCafE000000000000000000000000000000000bad", "WETH", "swap 10 usdc for dai"}
	for answer, want := range map[string]string{
		"eth": "", "bad": "", "0x": "", "0xb": "", "000000001": "", "usd": "", "ai": "", "WETH": "WETH", "0xcafe": options[1], "0xbad0": options[0], "10 usdc": options[3],
	} {
		if got := intents.Chosen(options, answer); got != want {
			t.Errorf("%q chooses %q, want %q", answer, got, want)
		}
	}
}
