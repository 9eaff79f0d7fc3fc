package grammar_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/agent/grammar"
	"github.com/keymaker-agent/keymaker/intents"
)

var (
	// denials are words that no order has: with one of them, wherever it stands, a sentence is another one, or unclear.
	denials = strings.Fields(`not never don't dont won't can't shouldn't isn't didn't neither nor unless if yesterday instead hypothetically except without pretend
		maybe perhaps wait sorry actually-no cancel forget nevermind should would-i why how did was joking almost wish suppose imagine remember tried secretly
		nevr unles exept dontt cancl stopp witout insted mabye`)
	// strangers are a second recipient, amount, share or token.
	strangers = []string{carol, "nick.eth", "7", "7 usdt", "half", "25%", "max", "$9", "wbtc", "on gnosis", "@mallory", "or bob", "to mallory"}
)

// drafted returns the draft of a sentence that moves money and is accepted, with its reading.
func drafted(t testing.TB, text string) (*intents.Reading, intents.Draft, bool) {
	t.Helper()
	r := intents.Read(text, intents.DefaultLexicon())
	d, err := grammar.New().Plan(context.Background(), r)
	if err != nil || !d.Moves() {
		return r, d, false
	}
	return r, d, intents.Judge(r, d).Outcome == intents.Drafted
}

// orders are the own sentences, and those of people, that the grammar drafts and that only order, cut into words.
func orders(t testing.TB) [][]string {
	t.Helper()
	var texts []string
	for _, l := range sentences(t) {
		texts = append(texts, l.Text)
	}
	for about, sayings := range people {
		if about == "schedules" { // "if" denies no order that waits
			continue
		}
		for _, s := range sayings {
			texts = append(texts, strings.NewReplacer("@A", alice, "@C", carol).Replace(s.text))
		}
	}
	slices.Sort(texts)
	var all [][]string
	for _, text := range texts {
		_, d, ok := drafted(t, text)
		asks := slices.ContainsFunc(d.Steps, func(s intents.Step) bool { return !s.Action.Moves() })
		if ok && !asks && !strings.Contains(text, "\n") {
			all = append(all, strings.Fields(text))
		}
	}
	if len(all) < 200 {
		t.Fatalf("only %d own sentences are drafted", len(all))
	}
	return all
}

// ignored reports whether a draft moves money and leaves out what was put into its sentence at that word.
func ignored(t testing.TB, words []string, at int, word string) (string, bool) {
	text := strings.Join(slices.Insert(slices.Clone(words), at, word), " ")
	r, d, ok := drafted(t, text)
	if !ok {
		return text, false
	}
	start := len(strings.Join(words[:at], " "))
	end := start + 1 + len(word)
	used := map[intents.Ref]bool{}
	for _, s := range d.Steps {
		for _, ref := range []intents.Ref{s.TokenIn, s.TokenOut, s.Amount, s.Chain, s.DestChain, s.Recipient, s.Slippage, s.MinOut, s.Every, s.Trigger, s.Venue} {
			used[ref] = true
		}
	}
	for _, s := range r.Spans {
		if s.Start < end && s.End > start && used[s.ID] {
			return text, false
		}
	}
	return text, true
}

func TestNoDraftIgnoresADenial(t *testing.T) {
	all := orders(t)
	rapid.Check(t, func(rt *rapid.T) {
		words := rapid.SampledFrom(all).Draw(rt, "order")
		for _, denial := range denials {
			at := rapid.IntRange(0, len(words)).Draw(rt, "at")
			text := strings.Join(slices.Insert(slices.Clone(words), at, strings.Split(denial, "-")...), " ")
			if _, d, ok := drafted(t, text); ok {
				rt.Fatalf("%q: %+v", text, d.Steps)
			}
		}
	})
}

func TestNoDraftIgnoresASecondRecipientAmountOrToken(t *testing.T) {
	all := orders(t)
	rapid.Check(t, func(rt *rapid.T) {
		words := rapid.SampledFrom(all).Draw(rt, "order")
		for _, stranger := range strangers {
			at := rapid.IntRange(0, len(words)).Draw(rt, "at")
			if text, bad := ignored(t, words, at, stranger); bad {
				rt.Fatalf("%q ignores %q", text, stranger)
			}
		}
	})
}

func TestNoDraftComesOfAQuotedOrReportedOrder(t *testing.T) {
	for _, words := range orders(t) {
		order := strings.Join(words, " ")
		for _, text := range []string{`"` + order + `"`, "`" + order + "`", "> " + order, "bob wrote: " + order, "my boss told me to " + order, "he said " + order, "what does " + order + " mean", "i would never " + order, order + "? no", "tweet: " + order} {
			if _, d, ok := drafted(t, text); ok {
				t.Errorf("%q: %+v", text, d.Steps)
			}
		}
	}
}

func TestPlanningIsBoundedInTime(t *testing.T) {
	for _, unit := range []string{", ", "and ", "swap 1 eth to dai and ", "then ", "please ", "5 usdc, ", "what is ", "half of it ", "from base to arb ", "if "} {
		text := strings.Repeat(unit, 4096/len(unit))
		r := intents.Read(text, intents.DefaultLexicon())
		began := time.Now()
		if _, err := grammar.New().Plan(context.Background(), r); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("%d bytes of %q took %s", len(text), unit, took)
		}
	}
}

func FuzzPlan(f *testing.F) {
	for _, c := range shapes {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, d, ok := drafted(t, text)
		if !ok {
			return
		}
		for _, s := range r.Spans {
			if s.Kind == intents.AmountSpan && s.Eligible && !slices.ContainsFunc(d.Steps, func(step intents.Step) bool { return step.Amount == s.ID }) {
				t.Fatalf("%q leaves out %q: %+v", text, s.Text, d.Steps)
			}
		}
	})
}
