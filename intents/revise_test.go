package intents_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/intents"
)

const (
	trade   = "swap 100 USDC to ETH"
	payment = "send 5 USDC to bob"
	passage = "bridge 100 USDC to base"
	chained = "swap 100 USDC to ETH then send half of it to bob"
)

// before holds requests that a planner has read.
var before = map[string]intents.Draft{
	trade:   one(intents.Step{Action: intents.Swap, TokenIn: "T1", TokenOut: "T2", Amount: "A1", Side: intents.In}),
	payment: one(intents.Step{Action: intents.Transfer, TokenIn: "T1", Amount: "A1", Recipient: "R1"}),
	passage: one(intents.Step{Action: intents.Bridge, TokenIn: "T1", Amount: "A1", DestChain: "C1"}),
	chained: {Steps: []intents.Step{
		{Action: intents.Swap, TokenIn: "T1", TokenOut: "T2", Amount: "A1", Side: intents.In},
		{Action: intents.Transfer, TokenIn: "out:1", Amount: "A2", Recipient: "R1"},
	}},
	"send all my DAI to bob":        one(intents.Step{Action: intents.Transfer, TokenIn: "T1", Amount: "A1", Recipient: "R1"}),
	"send half my DAI to bob":       one(intents.Step{Action: intents.Transfer, TokenIn: "T1", Amount: "A1", Recipient: "R1"}),
	"send all but 5 DAI to bob":     one(intents.Step{Action: intents.Transfer, TokenIn: "T1", Amount: "A1", Recipient: "R1"}),
	"buy $50 of ETH":                one(intents.Step{Action: intents.Swap, TokenOut: "T1", Amount: "A1", Side: intents.In}),
	"dca 10 USDC to ETH every week": one(intents.Step{Action: intents.Schedule, Kind: "dca", TokenIn: "T1", TokenOut: "T2", Amount: "A1", Side: intents.In, Every: "W1"}),
	"send 5 USDC":                   one(intents.Step{Action: intents.Transfer, TokenIn: "T1", Amount: "A1"}),
	"price of ETH":                  one(intents.Step{Action: intents.Price, TokenIn: "T1"}),
}

func booked() *intents.Lexicon {
	lex := intents.DefaultLexicon()
	lex.Book["bob"], lex.Book["mum"] = true, true
	return lex
}

// short writes what a draft says: action amount in>out @recipient on chain, for each step.
func short(r *intents.Reading, d intents.Draft) string {
	e := intents.Export(r, d)
	steps := e.Steps
	if len(steps) == 0 {
		steps = []intents.Exported{e}
	}
	var all []string
	for _, s := range steps {
		text := fmt.Sprintf("%s %s %s>%s", s.Action, s.Amount, s.TokenIn, s.TokenOut)
		for _, more := range []struct{ mark, value string }{
			{"$", s.AmountUnit}, {"@", s.Recipient}, {"on ", s.Chain}, {"dest ", s.DestChain}, {"slip ", s.Slippage}, {"min ", s.MinOut}, {"by ", s.Venue}, {"every ", s.Every},
		} {
			if more.value != "" {
				text += " " + more.mark + more.value
			}
		}
		if s.AmountSide == string(intents.Out) {
			text += " out"
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}

func TestAChangeReplacesTheSlotsThatItsWordsFit(t *testing.T) {
	lex := booked()
	for _, c := range []struct {
		before, text string
		want         []string // what it may mean
	}{
		{trade, "make it 200", []string{"swap 200 USDC>ETH"}},
		{trade, "200 instead", []string{"swap 200 USDC>ETH"}},
		{trade, "no, I meant 200!", []string{"swap 200 USDC>ETH"}},
		{trade, "200", []string{"swap 200 USDC>ETH"}},
		{trade, "change the amount to 200", []string{"swap 200 USDC>ETH"}},
		{trade, "change 100 to 200", []string{"swap 200 USDC>ETH"}},
		{trade, "200 instead of 100", []string{"swap 200 USDC>ETH"}},
		{trade, "make it 200 USDC", []string{"swap 200 USDC>ETH"}},
		{trade, "make it 2 ETH", []string{"swap 2 USDC>ETH out"}},
		{trade, "make it 200 DAI", []string{"swap 200 DAI>ETH", "swap 200 USDC>DAI out"}},
		{trade, "same but on base", []string{"swap 100 USDC>ETH on base"}},
		{trade, "on arb", []string{"swap 100 USDC>ETH on arbitrum"}},
		{trade, "use dai instead", []string{"swap 100 DAI>ETH", "swap 100 USDC>DAI"}},
		{trade, "dai", []string{"swap 100 DAI>ETH", "swap 100 USDC>DAI"}},
		{trade, "with dai instead", []string{"swap 100 DAI>ETH"}},
		{trade, "pay with dai", []string{"swap 100 DAI>ETH"}},
		{trade, "to dai instead", []string{"swap 100 USDC>DAI"}},
		{trade, "dai instead of eth", []string{"swap 100 USDC>DAI"}},
		{trade, "replace eth with dai", []string{"swap 100 USDC>DAI"}},
		{trade, "with 1% slippage", []string{"swap 100 USDC>ETH slip 1%"}},
		{trade, "at least 0.02 ETH", []string{"swap 100 USDC>ETH min 0.02"}},
		{trade, "via uniswap", []string{"swap 100 USDC>ETH by uniswap"}},
		{trade, "200 on base with 1% slippage", []string{"swap 200 USDC>ETH on base slip 1%"}},
		{trade, "again", []string{"swap 100 USDC>ETH"}},
		{trade, "same again", []string{"swap 100 USDC>ETH"}},
		{trade, "do it once more please", []string{"swap 100 USDC>ETH"}},
		{trade, "same as last time", []string{"swap 100 USDC>ETH"}},
		{trade, "otra vez", []string{"swap 100 USDC>ETH"}},
		{trade, "もう一度", []string{"swap 100 USDC>ETH"}},
		{trade, "double it", []string{"swap 200 USDC>ETH"}},
		{trade, "twice as much", []string{"swap 200 USDC>ETH"}},
		{trade, "only half", []string{"swap 50 USDC>ETH"}},
		{trade, "half of that", []string{"swap 50 USDC>ETH"}},
		{trade, "half of my usdc", []string{"swap 50% USDC>ETH"}},
		{trade, "make it half", []string{"swap 50% USDC>ETH", "swap 50 USDC>ETH"}},
		{trade, "25%", []string{"swap 25% USDC>ETH", "swap 25 USDC>ETH"}},
		{trade, "make it all", []string{"swap all USDC>ETH"}},
		{payment, "to mum instead", []string{"transfer 5 USDC> @mum"}},
		{payment, "mum", []string{"transfer 5 USDC> @mum"}},
		{payment, "to carl instead", []string{"transfer 5 USDC> @carl"}},
		{payment, "to " + alice, []string{"transfer 5 USDC> @" + alice}},
		{payment, "10 and to mum", []string{"transfer 10 USDC> @mum"}},
		{payment, "10 dai to mum", []string{"transfer 10 DAI> @mum"}},
		{payment, "use dai instead", []string{"transfer 5 DAI> @bob"}},
		{passage, "to arbitrum instead", []string{"bridge 100 USDC> dest arbitrum"}},
		{passage, "to op", []string{"bridge 100 USDC> dest optimism"}},
		{passage, "from op", []string{"bridge 100 USDC> on optimism dest base"}},
		{passage, "on arbitrum", []string{"bridge 100 USDC> on arbitrum dest base", "bridge 100 USDC> dest arbitrum"}},
		{chained, "to mum instead", []string{"swap 100 USDC>ETH; transfer 50% ETH> @mum"}},
		{chained, "make it 200", []string{"swap 200 USDC>ETH; transfer 50% ETH> @bob", "swap 100 USDC>ETH; transfer 200 ETH> @bob"}},
		{chained, "dai instead of eth", []string{"swap 100 USDC>DAI; transfer 50% DAI> @bob"}},
		{"send all my DAI to bob", "only half", []string{"transfer 50% DAI> @bob"}},
		{"send all my DAI to bob", "double it", nil},
		{"send half my DAI to bob", "only half", []string{"transfer 50% DAI> @bob", "transfer 25% DAI> @bob"}},
		{"send all but 5 DAI to bob", "double it", nil},
		{"buy $50 of ETH", "double it", []string{"swap 100 >ETH $usd"}},
		{"buy $50 of ETH", "with dai", []string{"swap 50 DAI>ETH $usd"}},
		{"dca 10 USDC to ETH every week", "every day", []string{"schedule 10 USDC>ETH every day"}},
		{"send 5 USDC", "to mum", []string{"transfer 5 USDC> @mum"}},
		{"price of ETH", "and dai", []string{"price  DAI>"}},

		// No change: other words, other verbs, other people's words, or nothing that they fit.
		{trade, "100 more", nil},
		{trade, "another 100", nil},
		{trade, "not 200", nil},
		{trade, "200?", nil},
		{trade, "200 or 300", nil},
		{trade, "200 and 300", nil},
		{trade, "200 instead of 300", nil},
		{trade, "at 200", nil},
		{trade, "by 200", nil},
		{trade, "if it is 200", nil},
		{trade, "to bob", nil},
		{trade, "every day", nil},
		{trade, "swap 200", nil},
		{trade, "send it to bob", nil},
		{trade, `make it "200"`, nil},
		{trade, "make it 200\nand more", nil},
		{trade, "he said: make it 200", nil},
		{trade, "make it 2\u200b00", nil},
		{trade, "the cheaper one", nil},
		{trade, "the last one", nil},
		{trade, "the same one", nil},
		{trade, "the one", nil},
		{trade, "increase by 10", nil},
		{trade, "thanks", nil},
		{trade, "ok", nil},
		{trade, "", nil},
		{"send 5 USDC", "on the house", nil},
		{payment, "a third of that", nil},
	} {
		r := intents.Read(c.before, lex)
		rev, ok := intents.Revise(r, before[c.before], c.text, lex)
		if ok != (len(c.want) > 0) {
			t.Errorf("%q after %q: a change: %t, want %q", c.text, c.before, ok, c.want)
			continue
		}
		if !ok {
			continue
		}
		var got []string
		for _, w := range rev.Ways {
			inOrder(t, w.Reading)
			got = append(got, short(w.Reading, w.Draft))
			if len(rev.Ways) > 1 && w.Says == "" {
				t.Errorf("%q after %q: a way that says nothing of itself", c.text, c.before)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q after %q:\n got %q\nwant %q", c.text, c.before, got, c.want)
		}
	}
}

func TestAChangeOfAChangeReplacesTheLatest(t *testing.T) {
	lex := booked()
	r, d := intents.Read(trade, lex), before[trade]
	for _, text := range []string{"make it 200", "on base", "double it", "to dai", "make it 300 usdc"} {
		rev, ok := intents.Revise(r, d, text, lex)
		if !ok || len(rev.Ways) != 1 {
			t.Fatalf("%q: %t, %+v", text, ok, rev)
		}
		r, d = rev.Ways[0].Reading, rev.Ways[0].Draft
		if q, err := intents.Check(r, d); q != nil || err != nil {
			t.Fatalf("%q: %+v, %v", text, q, err)
		}
	}
	if got := short(r, d); got != "swap 300 USDC>DAI on base" {
		t.Errorf("got %s", got)
	}
	plan, q, err := intents.Resolve(r, d, world(t))
	if q != nil || err == nil { // base has no DAI in this world
		t.Errorf("%+v, %+v, %v", plan, q, err)
	}
}

func TestWhatIsKeptAndWhatIsNewAreBothTheUsers(t *testing.T) {
	lex := booked()
	rev, _ := intents.Revise(intents.Read(payment, lex), before[payment], "make it 200", lex)
	w := rev.Ways[0]
	plan, q, err := intents.Resolve(w.Reading, w.Draft, world(t))
	if q != nil || err != nil {
		t.Fatal(q, err)
	}
	if plan.Text != payment+"\nmake it 200" {
		t.Errorf("the plan's words are %q", plan.Text)
	}
	in := plan.Intents[0]
	if in.Amount.From != intents.FromUser || in.Amount.V.Number != "200" || in.Recipient.From != intents.FromBook || in.TokenIn.From != intents.FromRegistry {
		t.Errorf("%+v %+v %+v", in.Amount, in.Recipient, in.TokenIn)
	}
}

// Whatever is said, the slots that its words do not fit are those of the request before, and no word of it is lost.
func TestAChangeTouchesNothingElse(t *testing.T) {
	lex := booked()
	pieces := strings.Fields("make it 200 instead same but on base use dai eth usdc with 1% slippage again double only half of that my to bob mum carl no not more 0x7099 all 2.5 change the amount , ! send every day arbitrum from $50 min uniswap and or")
	befores := []string{trade, payment, passage, chained, "send all my DAI to bob", "buy $50 of ETH", "send 5 USDC"}
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.SampledFrom(befores).Draw(t, "before")
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 6).Draw(t, "words"), " ")
		r, d := intents.Read(first, lex), before[first]
		rev, ok := intents.Revise(r, d, text, lex)
		if !ok {
			return
		}
		for _, w := range rev.Ways {
			if _, err := intents.Check(w.Reading, w.Draft); err != nil {
				t.Fatalf("%q after %q: %v", text, first, err)
			}
			if len(w.Draft.Steps) != len(d.Steps) {
				t.Fatalf("%q after %q: %d steps", text, first, len(w.Draft.Steps))
			}
			used := map[intents.Ref]bool{}
			for i, s := range w.Draft.Steps {
				old := d.Steps[i]
				if s.Action != old.Action || s.Kind != old.Kind {
					t.Fatalf("%q after %q: step %d is %+v", text, first, i+1, s)
				}
				for at, ref := range refsOf(s) {
					if ref == refsOf(old)[at] {
						continue
					}
					used[ref] = true
					if span, ok := w.Reading.Span(ref); !ok || span.Start < w.Since {
						t.Fatalf("%q after %q: step %d takes %s, which the new words do not say", text, first, i+1, ref)
					}
				}
			}
			for _, span := range w.Reading.Spans {
				if span.Start >= w.Since && !used[span.ID] {
					t.Fatalf("%q after %q: %q is lost: %s", text, first, span.Text, short(w.Reading, w.Draft))
				}
			}
		}
	})
}

func refsOf(s intents.Step) []intents.Ref {
	return []intents.Ref{s.TokenIn, s.TokenOut, s.Amount, s.Chain, s.DestChain, s.Recipient, s.Slippage, s.MinOut, s.Every, s.Trigger, s.Venue}
}

func FuzzRevise(f *testing.F) {
	for _, text := range []string{"make it 200", "half of that", "to bob instead", "dai instead of usdc", "\xff", "0x", "一 再来一次"} {
		f.Add(text)
	}
	lex := booked()
	f.Fuzz(func(t *testing.T, text string) {
		for first, d := range before {
			rev, ok := intents.Revise(intents.Read(first, lex), d, text, lex)
			if ok && len(rev.Ways) == 0 {
				t.Fatalf("%q: a change without a meaning", text)
			}
		}
	})
}

func TestAnOptionIsNamedByWordsNumberOrPlace(t *testing.T) {
	readings, yesNo := []string{"swap 5 USDC for DAI", "send 5 USDC to bob", "neither"}, []string{"yes", "no"}
	for _, c := range []struct {
		options []string
		answer  string
		want    string
	}{
		{readings, "1", readings[0]},
		{readings, "the first one", readings[0]},
		{readings, "Second.", readings[1]},
		{readings, "option 2, please", readings[1]},
		{readings, "la segunda", readings[1]},
		{readings, "der zweite", readings[1]},
		{readings, "le deuxième", readings[1]},
		{readings, "第二个", readings[1]},
		{readings, "the last one", "neither"},
		{readings, "neither", "neither"},
		{readings, "the cheaper one", ""},
		{readings, "the fourth", ""},
		{readings, "4", ""},
		{readings, "0", ""},
		{readings, "yes", ""},
		{readings, "", ""},
		{yesNo, "Yes", "yes"},
		{yesNo, "yep!", "yes"},
		{yesNo, "sí", "yes"},
		{yesNo, "是", "yes"},
		{yesNo, "nope", "no"},
		{yesNo, "нет", "no"},
		{yesNo, "the first", "yes"},
		{yesNo, "yes and no", ""},
		{yesNo, "yes, send 5 more", ""},
		{yesNo, "no problem", ""},
		{nil, "yes", ""},
	} {
		if got := intents.Named(c.options, c.answer); got != c.want {
			t.Errorf("%q of %q is %q, want %q", c.answer, c.options, got, c.want)
		}
	}
}

func TestOnlyWordsThatTakeEverythingBackDoSo(t *testing.T) {
	for text, want := range map[string]bool{
		"cancel": true, "Cancel it!": true, "never mind": true, "no, never mind": true, "forget it.": true, "nvm": true, "olvídalo": true, "取消": true, "отмена": true,
		"cancel my order": false, "stop the loss at 5": false, "forget it, make it 200": false, "don't cancel": false, "": false, "no": false, "revoke": false,
	} {
		if got := intents.TakesBack(text); got != want {
			t.Errorf("%q takes back: %t", text, got)
		}
	}
}

func BenchmarkRevise(b *testing.B) {
	lex := booked()
	r := intents.Read(trade, lex)
	for b.Loop() {
		if _, ok := intents.Revise(r, before[trade], "make it 200 DAI on base", lex); !ok {
			b.Fatal("no change")
		}
	}
}
