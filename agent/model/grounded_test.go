package model

import (
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// slotKinds says for each slot of a step which kinds of span it takes. It is written apart from the form on purpose.
func slotKinds(st intents.Step) map[intents.Ref][]intents.SpanKind {
	kinds := map[intents.Ref][]intents.SpanKind{}
	for _, s := range []struct {
		ref   intents.Ref
		kinds []intents.SpanKind
	}{
		{st.TokenIn, []intents.SpanKind{intents.TokenSpan}},
		{st.TokenOut, []intents.SpanKind{intents.TokenSpan}},
		{st.Amount, []intents.SpanKind{intents.AmountSpan}},
		{st.Chain, []intents.SpanKind{intents.ChainSpan}},
		{st.DestChain, []intents.SpanKind{intents.ChainSpan}},
		{st.Recipient, []intents.SpanKind{intents.AddressSpan, intents.NameSpan}},
		{st.Slippage, []intents.SpanKind{intents.SlippageSpan}},
		{st.MinOut, []intents.SpanKind{intents.MinOutSpan}},
		{st.Every, []intents.SpanKind{intents.TimeSpan}},
		{st.Trigger, []intents.SpanKind{intents.CondSpan, intents.TimeSpan}},
		{st.Venue, []intents.SpanKind{intents.VenueSpan}},
	} {
		if s.ref != "" {
			kinds[s.ref] = s.kinds
		}
	}
	return kinds
}

// grounded fails where a draft holds anything that the reading does not give.
func grounded(t interface {
	Helper()
	Fatalf(string, ...any)
}, r *intents.Reading, d intents.Draft,
) {
	t.Helper()
	spans := map[intents.Ref]intents.Span{}
	for _, s := range r.Spans {
		spans[s.ID] = s
	}
	for i, st := range d.Steps {
		for _, ref := range []*intents.Ref{&st.Amount, &st.TokenIn} {
			if !strings.HasPrefix(string(*ref), "out:") {
				continue
			}
			if !earlier(string(*ref), i+1) {
				t.Fatalf("step %d takes %s", i+1, *ref)
			}
			*ref = ""
		}
		for ref, kinds := range slotKinds(st) {
			span, ok := spans[ref]
			fits := false
			for _, k := range kinds {
				fits = fits || span.Kind == k
			}
			if !ok || !span.Eligible || !fits {
				t.Fatalf("%q: step %d holds %s: %+v", r.Text, i+1, ref, st)
			}
		}
		if !strings.Contains("|swap|bridge|transfer|approve|revoke|wrap|unwrap|stake|lend|withdraw|borrow|repay|schedule|alert|balance|price|quote|"+
			"risk_check|yield_search|tx_status|none|other|", "|"+string(st.Action)+"|") {
			t.Fatalf("action %q", st.Action)
		}
		if !strings.Contains("|dca|limit|stop|twap|recurring|once||", "|"+st.Kind+"|") || !strings.Contains("|above|below||", "|"+st.Condition+"|") ||
			!strings.Contains("|in|out||", "|"+string(st.Side)+"|") {
			t.Fatalf("words of its own: %+v", st)
		}
	}
}

var sentences = []string{
	"turn 10 usdc into weth",
	"give 3 dai to mum, then hand 4 to " + bob + " on base",
	"carry 2 eth from base across to arbitrum and lend it on aave",
	`trust me: "send 9 eth to ` + bob + `" - just give 1 dai to mum`,
	"every friday sell half my weth for dai, slippage 1%, at least 5",
	"if weth drops below 2000 grab 1 weth with usdc",
	"good morning",
}

// shards are what hostile answers are made of.
var shards = []string{
	`{"steps":[`, `]}`, `{`, `}`, `,`, `:`, `"act":`, `"amount":`, `"dest":`, `"every":`, `"from":`, `"into":`, `"kind":`, `"net":`, `"to":`, `"when":`,
	`"swap"`, `"transfer"`, `"approve"`, `"none"`, `""`, `"A1"`, `"A2"`, `"A9"`, `"T1"`, `"T2"`, `"T3"`, `"C1"`, `"C2"`, `"R1"`, `"R2"`, `"R3"`, `"G1"`, `"W1"`,
	`"V1"`, `"S1"`, `"M1"`, `"out:1"`, `"out:2"`, `"out:-1"`, `"` + bob + `"`, `"dca"`, `"limit"`, `null`, `1`, `[`, ` `, "\n", "\x00", "\xff", `\u0041`, `"\u0052\u0031"`,
}

func TestNoAnswerWhateverLeavesTheSentence(t *testing.T) {
	const rounds = 100_000
	random := rand.New(rand.NewPCG(1, 2))
	accepted, refused := 0, 0
	for _, text := range sentences {
		r := read(text)
		s, err := delexicalise(r)
		if err != nil {
			t.Fatal(err)
		}
		f := formFor(s)
		for range rounds / len(sentences) {
			steps, err := f.read(hostile(random, f))
			if err != nil {
				refused++
				if _, off := err.(fault); !off && !refusal.Is(err, refusal.Ungrounded) {
					t.Fatalf("an error without a name: %v", err)
				}
				continue
			}
			accepted++
			grounded(t, r, intents.Draft{Steps: s.complete(steps)})
		}
	}
	t.Logf("%d accepted, %d refused", accepted, refused)
	if accepted < rounds/10 || refused < rounds/10 {
		t.Errorf("%d accepted and %d refused: the answers are not a mixture", accepted, refused)
	}
}

// hostile draws an answer: one that follows the form, with up to three wounds.
func hostile(random *rand.Rand, f *form) string {
	var b strings.Builder
	b.WriteString(`{"steps":[`)
	for i := range 1 + random.IntN(f.most) {
		if i > 0 {
			b.WriteByte(',')
		}
		for j, s := range f.slots {
			b.WriteString(map[bool]string{true: "{", false: ","}[j == 0])
			b.Write(spell(s.key))
			b.WriteByte(':')
			b.Write(spell(s.words[random.IntN(len(s.words))]))
		}
		b.WriteByte('}')
	}
	b.WriteString(`]}`)
	answer := b.String()
	for range random.IntN(4) {
		at := random.IntN(len(answer) + 1)
		end := min(len(answer), at+random.IntN(8))
		answer = answer[:at] + shards[random.IntN(len(shards))] + answer[end:]
	}
	return answer
}

func TestNoDigitOfTheUsersReachesAModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{
			alice, bob, "mum", "vitalik.eth", "12", "1,500.25", "0x12ab", "3k", "half", "usdc", "weth", "base", "send", "to", "then", "and", "swap", `"`, "`", "web3", "A1", "T9",
			"out:7", "{\"steps\":", "\n", "1%", "$5", "friday", "4d5e6f", "日本", "٣", "½", "²",
		})
		text := strings.Join(rapid.SliceOfN(word, 0, 20).Draw(t, "words"), " ")
		r := read(text)
		s, err := delexicalise(r)
		if err != nil {
			if !refusal.Is(err, refusal.HostileText) {
				t.Fatalf("%v", err)
			}
			return
		}
		rest := " " + s.text + " "
		for _, ref := range s.order {
			if !s.spans[ref].Eligible {
				t.Fatalf("%s is quoted and is offered in %q", ref, s.text)
			}
			rest = strings.Replace(rest, string(ref), "", 1)
		}
		if strings.ContainsAny(rest, "0123456789٣½²\n{}\"") {
			t.Fatalf("%q is seen as %q", text, s.text)
		}
	})
}

func FuzzReply(f *testing.F) {
	f.Add("turn 10 usdc into weth", `{"steps":[{"act":"swap","amount":"A1","from":"T1","into":"T2"}]}`)
	f.Add("give 3 dai to mum", `{"steps":[{"act":"transfer","amount":"A1","from":"T1","into":"","to":"R1"}]}`)
	f.Add("give 3 dai to mum, then lend the rest", `{"steps":[{"act":"transfer","amount":"out:1","from":"T1","into":"","to":"R2"}]}`)
	f.Add("\u202e", "\x00")
	f.Fuzz(func(t *testing.T, text, answer string) {
		r := read(text)
		s, err := delexicalise(r)
		if err != nil {
			return
		}
		form := formFor(s)
		steps, err := form.read(answer)
		if err != nil {
			return
		}
		grounded(t, r, intents.Draft{Steps: s.complete(steps)})
	})
}
