package hostile

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/keymaker-agent/keymaker/intents"
)

// Source draws what stands in a planner's place. Each draws the same again from the same seed.
type Source struct {
	random  *rand.Rand
	attacks []Attack
	forms   map[string]form
}

// NewSource makes a source.
func NewSource(seed uint64) (*Source, error) {
	all, err := Attacks()
	return &Source{random: rand.New(rand.NewPCG(seed, 20261122)), attacks: all, forms: map[string]form{}}, err
}

func pick[T any](s *Source, of []T) T { return of[s.random.IntN(len(of))] }

// form is what a schema asks for: the keys of a step in order, and the words of each.
type form struct {
	keys  []string
	words map[string][]string
	most  int
}

// shards are pieces that replies are wounded with.
var shards = []string{
	`{"steps":[`, `]}`, `{`, `}`, `[`, `]`, `,`, `:`, `"`, `""`, `null`, `true`, `1`, `1e309`, `-0`, "\n", "\t", "\x00", "\xff\xfe", "\u2028", "\u202e", `\u0041`, `"\u0052\u0031"`,
	`"A1"`, `"A2"`, `"A9"`, `"T1"`, `"T2"`, `"T9"`, `"C1"`, `"C2"`, `"R1"`, `"R2"`, `"R3"`, `"G1"`, `"W1"`, `"V1"`, `"S1"`, `"M1"`, `"X1"`, `"out:0"`, `"out:1"`, `"out:2"`, `"out:9"`, `"out:-1"`,
	`"act":"transfer"`, `"act":"approve"`, `"to":"R1"`, `"to":"` + Thief + `"`, `"amount":"1000000"`, `"from":"USDC"`, `"net":"base"`, `"swap"`, `"transfer"`, `"none"`,
	`"` + Thief + `"`, strings.Repeat("[", 300), strings.Repeat(`{"steps":`, 80), strings.Repeat(" ", 5000),
}

// Reply draws the bytes that a model answers: noise, an attack, or an answer that follows the schema with up to three wounds. No
// schema means that the model may write what it likes.
func (s *Source) Reply(schema json.RawMessage) string {
	switch s.random.IntN(10) {
	case 0:
		return s.noise()
	case 1:
		return pick(s, s.attacks).Text
	}
	answer := s.answer(s.formOf(schema))
	for range max(0, s.random.IntN(6)-2) {
		at := s.random.IntN(len(answer) + 1)
		answer = answer[:at] + pick(s, shards) + answer[min(len(answer), at+s.random.IntN(12)):]
	}
	return answer
}

func (s *Source) noise() string {
	b := make([]byte, s.random.IntN(400))
	for i := range b {
		b[i] = byte(s.random.Uint32())
	}
	return string(b)
}

func (s *Source) formOf(schema json.RawMessage) form {
	if f, ok := s.forms[string(schema)]; ok {
		return f
	}
	var parsed struct {
		Properties struct {
			Steps struct {
				MaxItems int
				Items    struct {
					Required   []string
					Properties map[string]struct{ Enum []string }
				}
			}
		}
	}
	f := form{words: map[string][]string{}, most: 1}
	if json.Unmarshal(schema, &parsed) == nil {
		steps := parsed.Properties.Steps
		f.keys, f.most = steps.Items.Required, max(1, steps.MaxItems)
		for key, p := range steps.Items.Properties {
			f.words[key] = p.Enum
		}
	}
	s.forms[string(schema)] = f
	return f
}

// answer follows a form with words chosen blindly, among actions mostly those that move something.
func (s *Source) answer(f form) string {
	steps := make([]string, 1+s.random.IntN(f.most))
	for i := range steps {
		fields := make([]string, len(f.keys))
		for j, key := range f.keys {
			value := pick(s, f.words[key])
			if key == "act" && s.random.IntN(4) > 0 {
				value = pick(s, []string{"swap", "transfer", "bridge", "approve", "wrap"})
			}
			fields[j] = quote(key) + ":" + quote(value)
		}
		steps[i] = "{" + strings.Join(fields, ",") + "}"
	}
	return `{"steps":[` + strings.Join(steps, ",") + "]}"
}

func quote(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err) // strings always spell
	}
	return string(b)
}

// strange are elements that no choice has.
var strange = []string{
	"", "]", "[", `["swap"`, "SWAP", "drain", "a0", "a10", "r9", "rR1", "iO0", "iO6", "iO9", "iO", "iO-1", "o", "i", "i1", "aO1", "tX1", Thief, "1000000", "USDC", "base", "\x00", "\u202eswap", "a1 ", " a1",
	strings.Repeat("r1", 5000),
}

// fits are the slots that an action is mostly said with.
var fits = map[string]string{"swap": "aio", "transfer": "air", "bridge": "aid", "approve": "air", "wrap": "ai"}

// Elements draws what an engine of the own planner answers, and how sure it says to be: an answer as it may be, with slots filled
// blindly, and every other time with elements that do not belong there.
func (s *Source) Elements(choices []string) ([]string, float64) {
	bySign := map[string][]string{}
	var actions []string
	for _, c := range choices {
		if len(c) <= 3 && strings.ContainsAny(c, "123456789") {
			bySign[c[:1]] = append(bySign[c[:1]], c)
			continue
		}
		actions = append(actions, c) // and kinds of schedules
	}
	var said []string
	for range 1 + s.random.IntN(3) {
		action := pick(s, []string{"swap", "transfer", "bridge", "approve", "wrap"})
		if s.random.IntN(5) == 0 {
			action = pick(s, actions)
		}
		said = append(said, action)
		for _, sign := range "aiorcdsmetv" {
			likely := strings.ContainsRune(fits[action], sign)
			of := bySign[string(sign)]
			if s.random.IntN(8) > 0 { // outputs of other steps are most of the choices, and mostly of none before
				of = slices.DeleteFunc(slices.Clone(of), func(e string) bool { return e[1] == 'O' })
			}
			if len(of) > 0 && (likely && s.random.IntN(15) > 0 || s.random.IntN(15) == 0) {
				said = append(said, pick(s, of))
			}
		}
	}
	for range max(0, s.random.IntN(5)-2) {
		said[s.random.IntN(len(said))] = pick(s, append(strange, choices...))
	}
	if s.random.IntN(500) == 0 {
		for range 100_000 {
			said = append(said, pick(s, choices))
		}
	}
	return said, pick(s, []float64{1, 1, 1, 0.95, 0.5, 0, -1, 2, math.NaN(), math.Inf(1), math.Inf(-1)})
}

// nowhere are refs that no sentence has, or not there.
var nowhere = []intents.Ref{
	"A0", "A9", "T9", "R9", "C9", "S1", "M1", "W1", "G1", "V1", "X1", "out:0", "out:1", "out:2", "out:8", "out:9", "out:-1", "out:", "out:10", "A1 ", " A1", "a1", "А1", "R", "1", Thief, "USDC", "\x00", "😀",
}

var draftActions = []intents.Action{
	intents.Swap, intents.Bridge, intents.Transfer, intents.Approve, intents.Revoke, intents.Wrap, intents.Unwrap, intents.Stake, intents.Lend,
	intents.Withdraw, intents.Borrow, intents.Repay, intents.Schedule, intents.Alert, intents.Balance, intents.Price, intents.QuoteOnly,
	intents.RiskCheck, intents.YieldSearch, intents.TxStatus, intents.None, intents.Other, intents.Claim, intents.Earned, intents.Lock, intents.Vote, "", "drain", "SWAP",
}

var gaps = []string{
	"action", "token_in", "token_out", "amount", "recipient", "chain", "dest_chain", "slippage", "min_out", "every", "trigger", "venue", "against", "term", "proposal", "choice",
	"confirm", "reading", "place", "", "password", "digest", strings.Repeat("x", 3000),
}

// Draft draws what a planner drafts: steps whose slots hold spans of their kind, spans of another kind, and refs out of nowhere.
func (s *Source) Draft(r *intents.Reading) intents.Draft {
	var d intents.Draft
	if s.random.IntN(20) > 0 {
		most := 3
		if s.random.IntN(100) == 0 {
			most = 2000
		}
		d.Steps = make([]intents.Step, 1+s.random.IntN(most))
	}
	for i := range d.Steps {
		d.Steps[i] = s.step(r)
	}
	if s.random.IntN(8) == 0 {
		for range 1 + s.random.IntN(3) {
			d.Missing = append(d.Missing, pick(s, gaps))
		}
	}
	if s.random.IntN(10) == 0 {
		d.Why = []string{pick(s, s.attacks).Text}
	}
	d.Unsure = s.random.IntN(3) == 0
	return d
}

func (s *Source) step(r *intents.Reading) intents.Step {
	st := intents.Step{Action: pick(s, draftActions), Side: pick(s, []intents.Side{intents.In, intents.Out, "", "", "both"})}
	wild := s.random.IntN(3) == 0 // else it is what a planner might have meant
	if !wild {
		st.Action, st.Side = pick(s, draftActions[:6]), pick(s, []intents.Side{intents.In, intents.Out, ""})
	}
	put := func(ref *intents.Ref, needed bool, kinds string) {
		switch {
		case wild && s.random.IntN(6) == 0:
			*ref = pick(s, nowhere)
		case wild && s.random.IntN(6) == 0 && len(r.Spans) > 0:
			*ref = pick(s, r.Spans).ID
		case needed || s.random.IntN(12) == 0:
			var fit []intents.Ref
			for _, span := range r.Spans {
				if strings.Contains(kinds, string(span.ID[:1])) {
					fit = append(fit, span.ID)
				}
			}
			if len(fit) > 0 {
				*ref = pick(s, fit)
			}
		}
	}
	trade := st.Action == intents.Swap
	pays := st.Action == intents.Transfer || st.Action == intents.Approve
	put(&st.Amount, true, "A")
	put(&st.TokenIn, true, "T")
	put(&st.TokenOut, trade, "T")
	put(&st.Recipient, pays, "R")
	put(&st.Chain, s.random.IntN(2) == 0, "C")
	put(&st.DestChain, st.Action == intents.Bridge, "C")
	put(&st.Slippage, trade, "S")
	put(&st.MinOut, trade, "M")
	put(&st.Every, false, "W")
	put(&st.Trigger, false, "GW")
	put(&st.Venue, false, "V")
	put(&st.Against, false, "T")
	put(&st.Term, st.Action == intents.Lock, "W")
	put(&st.Proposal, st.Action == intents.Vote, "N")
	put(&st.Choice, st.Action == intents.Vote, "B")
	if wild {
		st.Kind, st.Condition = pick(s, []string{"", "", "dca", "stop", "daily"}), pick(s, []string{"", "", "below", "above", "at"})
	}
	return st
}
