package learn_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/agent/own/learn"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// words are what the planner of these tests was taught.
type words []string

func (w words) Knows(word string) bool { return slices.Contains(w, word) }

var taught = words{"swap", "some", "of", "my", "into", "for", "could", "you", "move", "over", "to", "J", "Q", "L"}

// says is a planner that always drafts the same.
type says struct {
	draft intents.Draft
	err   error
}

func (says) Name() string { return "own" }

func (s says) Plan(context.Context, *intents.Reading) (intents.Draft, error) { return s.draft, s.err }

// kept are examples by heart.
type kept struct {
	examples []learn.Example
	err      error
}

func (k kept) ExamplesOf(_ context.Context, prompt string) ([]learn.Example, error) {
	return slices.DeleteFunc(slices.Clone(k.examples), func(e learn.Example) bool { return e.Prompt != prompt }), k.err
}

func read(text string) *intents.Reading { return intents.Read(text, intents.DefaultLexicon()) }

func draftOf(t testing.TB, r *intents.Reading, answer ...string) intents.Draft {
	t.Helper()
	d, err := own.Draft(r, answer)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const text = "could you move 5 USDC over into DAI"

var (
	there = []string{"swap", "a1", "iT1", "oT2"}
	back  = []string{"swap", "a1", "iT2", "oT1"}
)

func prompt(t testing.TB, text string) string {
	t.Helper()
	p, err := own.Prompt(read(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTwoAgreementsAndNoWordAgainstThemSettleADoubt(t *testing.T) {
	p := prompt(t, text)
	yes := learn.Example{Prompt: p, Answer: there, Meant: true}
	no := learn.Example{Prompt: p, Answer: there}
	other := learn.Example{Prompt: p, Answer: back, Meant: true}
	notOther := learn.Example{Prompt: p, Answer: back}
	elsewhere := learn.Example{Prompt: p + " >", Answer: there, Meant: true}
	for name, c := range map[string]struct {
		examples []learn.Example
		settles  bool
	}{
		"nothing kept":                           {nil, false},
		"one agreement":                          {[]learn.Example{yes}, false},
		"one to this prompt, one to another":     {[]learn.Example{yes, elsewhere}, false},
		"two agreements":                         {[]learn.Example{yes, yes}, true},
		"two agreements and a no to another way": {[]learn.Example{yes, notOther, yes}, true},
		"two agreements and a no":                {[]learn.Example{yes, yes, no}, false},
		"a no, and two agreements after it":      {[]learn.Example{no, yes, yes}, false},
		"two agreements and one to another way":  {[]learn.Example{yes, yes, other}, false},
		"two agreements to each of two ways":     {[]learn.Example{yes, other, yes, other}, false},
	} {
		r := read(text)
		for _, doubt := range []intents.Draft{draftOf(t, r, there...), draftOf(t, r, back...), draftOf(t, r, "none")} {
			doubt.Unsure = true
			p := learn.Planner{Drafter: says{draft: doubt}, Kept: kept{examples: c.examples}}
			got, err := p.Plan(context.Background(), r)
			if err != nil {
				t.Fatal(err)
			}
			if got.Unsure == c.settles {
				t.Errorf("%s: %+v", name, got)
			}
			if c.settles && !slices.Equal(own.Answer(got), there) {
				t.Errorf("%s: drafts %v", name, own.Answer(got))
			}
			if !c.settles && !slices.Equal(own.Answer(got), own.Answer(doubt)) {
				t.Errorf("%s: the doubt %v became %v", name, own.Answer(doubt), own.Answer(got))
			}
		}
	}
}

func TestASureReadingAndARefusalStand(t *testing.T) {
	r, p := read(text), prompt(t, text)
	yes := learn.Example{Prompt: p, Answer: back, Meant: true}
	k := kept{examples: []learn.Example{yes, yes, yes}}
	sure := learn.Planner{Drafter: says{draft: draftOf(t, r, there...)}, Kept: k}
	if got, err := sure.Plan(context.Background(), r); err != nil || !slices.Equal(own.Answer(got), there) {
		t.Errorf("a sure reading became %v, %v", own.Answer(got), err)
	}
	refused := learn.Planner{Drafter: says{err: refusal.New(refusal.HostileText, "no")}, Kept: k}
	if got, err := refused.Plan(context.Background(), r); !refusal.Is(err, refusal.HostileText) || len(got.Steps) > 0 {
		t.Errorf("a refusal became %+v, %v", got, err)
	}
}

func TestADoubtStaysWhereExamplesCantBeReadOrDoNotFit(t *testing.T) {
	r, p := read(text), prompt(t, text)
	doubt := draftOf(t, r, there...)
	doubt.Unsure = true
	bad := func(answer ...string) kept {
		e := learn.Example{Prompt: p, Answer: answer, Meant: true}
		return kept{examples: []learn.Example{e, e}}
	}
	for name, k := range map[string]kept{
		"an error":                  {examples: bad(back...).examples, err: errors.New("the disk is gone")},
		"a span that is not there":  bad("transfer", "a1", "iT1", "r1"),
		"a slot filled twice":       bad("swap", "a1", "a1"),
		"no element of the answers": bad("transfer", "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"),
		"no action":                 bad("a1"),
		"nothing":                   bad(),
		"no order":                  bad("none"),
	} {
		got, err := (&learn.Planner{Drafter: says{draft: doubt}, Kept: k}).Plan(context.Background(), r)
		if err != nil || !got.Unsure || !slices.Equal(own.Answer(got), there) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestAnExampleHoldsIdsAndTaughtWordsOnly(t *testing.T) {
	const address = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"
	for _, c := range []struct {
		text   string
		answer []string
		want   string // empty: nothing is kept
	}{
		{"could you move 5 USDC over into DAI", there, "could you move A1 T1 over into T2 >"},
		{"could you move 5 USDC to " + address, []string{"transfer", "a1", "iT1", "r1"}, "could you move A1 T1 to R1 >"},
		{"could you move 5 USDC to vitalik.eth", []string{"transfer", "a1", "iT1", "r1"}, "could you move A1 T1 to R1 >"},
		{"smith could you move 5 USDC over into DAI", there, ""},                     // a name that the reader does not find
		{"could you move 5 USDC over into DAI of my x7", there, ""},                  // J: what the planner does not see
		{"could you move 5 USDC over into DAI", []string{"swap", "iT1", "oT2"}, ""},  // leaves a question open
		{"could you move 5 USDC over into DAI", []string{"none"}, ""},                // orders nothing
		{`could you move 5 USDC over into DAI "for my x"`, there, ""},                // Q: quoted
		{strings.Repeat("could you ", 300) + "move 5 USDC over into DAI", there, ""}, // no prompt at all
	} {
		r := read(c.text)
		d, err := own.Draft(r, c.answer)
		if err != nil {
			d = intents.Draft{Steps: []intents.Step{{Action: intents.Swap, Amount: "A1", TokenIn: "T1", TokenOut: "T2", Side: intents.In}}}
		}
		e, ok := learn.Of(r, d, taught)
		if ok != (c.want != "") {
			t.Errorf("%q: kept %v as %+v", c.text, ok, e)
			continue
		}
		for i := range 9 {
			e.Prompt = strings.ReplaceAll(e.Prompt, "N"+string(rune('1'+i)), "R"+string(rune('1'+i))) // a name is a recipient, too
		}
		if ok && (e.Prompt != c.want || !slices.Equal(e.Answer, c.answer)) {
			t.Errorf("%q: kept %q, %v", c.text, e.Prompt, e.Answer)
		}
	}
}

func TestADraftThatTheElementsDoNotSpellWholeIsNotKept(t *testing.T) {
	r := read(text)
	d := draftOf(t, r, there...)
	if _, ok := learn.Of(r, d, taught); !ok {
		t.Fatal("the draft itself is not kept")
	}
	d.Steps[0].Side = ""
	if e, ok := learn.Of(r, d, taught); ok {
		t.Errorf("kept %+v of a draft that it does not say", e)
	}
}

func TestNoWordOfASentenceThatWasNotTaughtIsEverKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-zA-Z0-9@'#.\-]{1,12}`).Draw(t, "word")
		at := rapid.IntRange(0, 8).Draw(t, "at")
		said := strings.Fields(text)
		r := read(strings.Join(slices.Insert(said, min(at, len(said)), word), " "))
		e, ok := learn.Of(r, intents.Draft{Steps: []intents.Step{{Action: intents.Swap, Amount: "A1", TokenIn: "T1", TokenOut: "T2", Side: intents.In}}}, taught)
		if !ok {
			return
		}
		for w := range strings.FieldsSeq(e.Prompt) {
			id := len(w) == 2 && strings.ContainsAny(w[:1], "AHZBDYTUCRNSMEIWGPFKOVX") && w[1] >= '1' && w[1] <= '9'
			if !id && !taught.Knows(w) && !strings.Contains(",.;:?!%&+/-$→>'", w) {
				t.Fatalf("%q is kept in %q", w, e.Prompt)
			}
		}
	})
}
