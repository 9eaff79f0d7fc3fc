package own

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

const (
	maxWords = 120 // words and ids of a prompt
	maxWord  = 24  // runes of a word
	maxSteps = 6
)

// The words that stand for what the planner has no business to see. The user's own words are in lower case, so none can be forged.
const (
	quoteWord  = "Q" // quoted, pasted or reported text
	numberWord = "J" // a word with digits that is no span
	longWord   = "L"
	endWord    = ">" // the sentence ends, the answer begins
)

// Prompt spells a reading for the planner: its words in lower case and in the sense of English ones, one space between them, each span
// replaced by the letter of what it is and the number of its ref; the language stands before them, where it is not English. The digits and names themselves are not in it, nor anything that the user did not say. The error
// is a refusal: hostile text, no words at all, or a sentence that is too long to be a wish.
func Prompt(r *intents.Reading) (string, error) {
	if err := intents.Hostile(r); err != nil {
		return "", err
	}
	var said []string
	if l := r.Language(); l != "" {
		said = append(said, "@"+l)
	}
	for _, p := range r.Senses() {
		w := word(p)
		if w == "" || w == quoteWord && len(said) > 0 && said[len(said)-1] == quoteWord {
			continue
		}
		said = append(said, w)
	}
	if len(said) == 0 || len(said) == 1 && said[0][0] == '@' {
		return "", refusal.New(refusal.NotAnOrder, "there are no words")
	}
	// A ref of more than a letter and a digit is none of the vocabulary.
	if len(said) > maxWords || slices.ContainsFunc(r.Spans, func(s intents.Span) bool { return len(s.ID) != 2 }) {
		return "", refusal.New(refusal.HostileText, "the text is too long for a wish").WithHint("say it shorter")
	}
	return strings.Join(append(said, endWord), " "), nil
}

func word(p intents.Piece) string {
	switch {
	case p.Foreign, p.Span != nil && !p.Span.Eligible:
		return quoteWord
	case p.Span != nil && p.Span.Kind == intents.NumberSpan:
		return numberWord
	case p.Span != nil && p.Span.Kind == intents.ChoiceSpan: // a word as any other: no vote was taught
		return bare(intents.Piece{Word: strings.ToLower(p.Span.Text)})
	case p.Span != nil:
		return letter(p.Span) + string(p.Span.ID[1:])
	}
	return bare(p)
}

// letter tells what a span is, as far as it matters for its role: an amount A, a share H, all Z, all but something B, dollars D, an
// unreadable one Y; a token T, an unknown one U; a name N; a rhythm E, a stretch of time I, another time W; a price below G or above
// P, a gas price F, a health factor K; a protocol that takes stakes O. For the rest it is the letter of the ref.
func letter(s *intents.Span) string {
	switch s.Kind {
	case intents.AmountSpan:
		if s.Quantity == nil {
			return "Y"
		}
		return map[intents.QuantityForm]string{
			intents.Exact: "A", intents.Share: "H", intents.All: "Z", intents.AllBut: "B", intents.Dollars: "D",
		}[s.Quantity.Form]
	case intents.TokenSpan:
		if s.Known {
			return "T"
		}
		return "U"
	case intents.NameSpan:
		return "N"
	case intents.TimeSpan:
		switch what, _, _ := strings.Cut(s.Value, ":"); what {
		case "every":
			return "E"
		case "span":
			return "I"
		}
		return "W"
	case intents.CondSpan:
		switch way, level, _ := strings.Cut(s.Value, ":"); {
		case strings.HasPrefix(level, "gas:"):
			return "F"
		case strings.HasPrefix(level, "health:"):
			return "K"
		case way == "above":
			return "P"
		}
		return "G"
	case intents.VenueSpan:
		if intents.TakesStakes(s.Venue) {
			return "O"
		}
	}
	return string(s.ID[:1])
}

// bare keeps the letters of a word, and of the signs those that a sentence is made of.
func bare(p intents.Piece) string {
	if w := p.Word; len(w) == 1 && strings.Contains(",.;:?!%&+/-$", w) || w == "→" {
		return w
	}
	kept, n, digits := p.Letters()
	switch {
	case digits:
		return numberWord
	case n > maxWord || !utf8.ValidString(kept):
		return longWord
	}
	return kept
}

// Ask is the answer's word for a wish of which it is unclear what is wanted.
const Ask = "ask"

const outWord = "out" // the amount is of what is got

// Actions are the words that a step begins with.
var Actions = []string{
	string(intents.Swap), string(intents.Bridge), string(intents.Transfer), string(intents.Approve), string(intents.Revoke), string(intents.Wrap),
	string(intents.Unwrap), string(intents.Stake), string(intents.Lend), string(intents.Withdraw), string(intents.Borrow), string(intents.Repay),
	string(intents.Schedule), string(intents.Alert), string(intents.Balance), string(intents.Price), string(intents.QuoteOnly),
	string(intents.RiskCheck), string(intents.YieldSearch), string(intents.TxStatus), string(intents.None), string(intents.Other), Ask,
}

// Kinds are the kinds of a schedule.
var Kinds = []string{"dca", "limit", "stop", "twap", "recurring", "once"}

// slot is a field of a step that holds a ref: the sign that it is written with, and the letters of the refs that fit.
type slot struct {
	sign string
	fits string
	of   func(*intents.Step) *intents.Ref
}

// slots stand in the order in which a step is written. A sign of which the letter follows from the slot is one letter long.
var slots = []slot{
	{"a", "A", func(s *intents.Step) *intents.Ref { return &s.Amount }},
	{"i", "TR", func(s *intents.Step) *intents.Ref { return &s.TokenIn }},
	{"o", "TR", func(s *intents.Step) *intents.Ref { return &s.TokenOut }},
	{"r", "R", func(s *intents.Step) *intents.Ref { return &s.Recipient }},
	{"c", "C", func(s *intents.Step) *intents.Ref { return &s.Chain }},
	{"d", "C", func(s *intents.Step) *intents.Ref { return &s.DestChain }},
	{"s", "S", func(s *intents.Step) *intents.Ref { return &s.Slippage }},
	{"m", "M", func(s *intents.Step) *intents.Ref { return &s.MinOut }},
	{"e", "W", func(s *intents.Step) *intents.Ref { return &s.Every }},
	{"t", "GW", func(s *intents.Step) *intents.Ref { return &s.Trigger }},
	{"v", "V", func(s *intents.Step) *intents.Ref { return &s.Venue }},
}

// element spells a ref in a slot, or nothing where it can't stand there.
func (s slot) element(ref intents.Ref) string {
	if k, ok := ref.Output(); ok {
		if s.sign != "i" {
			return ""
		}
		return fmt.Sprintf("iO%d", k)
	}
	if len(ref) != 2 || !strings.Contains(s.fits, string(ref[:1])) {
		return ""
	}
	if len(s.fits) == 1 {
		return s.sign + string(ref[1:])
	}
	return s.sign + string(ref)
}

// Choices lists the elements that an answer to this reading may have. An answer can name no other ref.
func Choices(r *intents.Reading) []string {
	all := append(slices.Clone(Actions), outWord)
	all = append(all, Kinds...) // also where no time is said: a stop loss without a level is one to ask about
	for _, s := range slots {
		for _, span := range r.Spans {
			if e := s.element(span.ID); e != "" && span.Eligible {
				all = append(all, e)
			}
		}
		if s.sign == "i" {
			for k := 1; k < maxSteps; k++ {
				all = append(all, s.element(intents.OutputOf(k)))
			}
		}
	}
	return all
}

// Answer spells a draft. A step that takes all of what an earlier one made names it once.
func Answer(d intents.Draft) []string {
	if len(d.Steps) == 0 {
		return []string{Ask}
	}
	var said []string
	for i := range d.Steps {
		s := d.Steps[i]
		said = append(said, string(spelled(s)))
		if s.Kind != "" {
			said = append(said, s.Kind)
		}
		if s.Side == intents.Out {
			said = append(said, outWord)
		}
		for _, at := range slots {
			if ref := *at.of(&s); ref != "" {
				if e := at.element(ref); e != "" {
					said = append(said, e)
				}
			}
		}
	}
	return said
}

// spelled is the action as an answer says it. Which trades wrap and unwrap is seen from their tokens, and tokens are ids.
func spelled(s intents.Step) intents.Action {
	if (s.Action == intents.Wrap || s.Action == intents.Unwrap) && s.TokenIn != "" && s.TokenOut != "" {
		return intents.Swap
	}
	return s.Action
}

// Draft reads an answer as if nothing had held it to the reading: an element that the reading does not have, a step without an
// action, a slot filled twice are refused as ungrounded.
func Draft(r *intents.Reading, answer []string) (intents.Draft, error) {
	if len(answer) == 1 && answer[0] == Ask {
		return intents.Draft{Missing: []string{"action"}}, nil
	}
	choices := Choices(r)
	var steps []intents.Step
	for _, e := range answer {
		if !slices.Contains(choices, e) || e == Ask {
			return intents.Draft{}, off("an element that is not to be said here")
		}
		if slices.Contains(Actions, e) {
			steps = append(steps, intents.Step{Action: intents.Action(e)})
			continue
		}
		if len(steps) == 0 {
			return intents.Draft{}, off("no action comes first")
		}
		if !put(&steps[len(steps)-1], e, len(steps)) {
			return intents.Draft{}, off("an element that can't stand there")
		}
	}
	if len(steps) == 0 || len(steps) > maxSteps {
		return intents.Draft{}, off("%d steps", len(steps))
	}
	for i := range steps {
		Settle(r, steps, i)
	}
	return intents.Draft{Steps: steps}, nil
}

func off(format string, args ...any) error {
	return refusal.New(refusal.Ungrounded, "the planner's answer: "+format, args...)
}

// put fills one field of the step of that number, from 1. It reports whether the field was free.
func put(s *intents.Step, e string, number int) bool {
	if e == outWord {
		free := s.Side == ""
		s.Side = intents.Out
		return free
	}
	if slices.Contains(Kinds, e) {
		free := s.Kind == ""
		s.Kind = e
		return free
	}
	for _, at := range slots {
		digits, ok := strings.CutPrefix(e, at.sign)
		if !ok {
			continue
		}
		ref := intents.Ref(digits)
		switch {
		case strings.HasPrefix(digits, "O"):
			k := int(digits[1] - '0')
			if k >= number {
				return false
			}
			ref = intents.OutputOf(k)
		case len(at.fits) == 1:
			ref = intents.Ref(at.fits + digits)
		}
		free := *at.of(s) == ""
		*at.of(s) = ref
		return free
	}
	return false
}

// Put fills the slot of a sign with a ref. It reports whether the ref fits and the slot was free.
func Put(s *intents.Step, sign byte, ref intents.Ref) bool {
	for _, at := range slots {
		if at.sign[0] != sign {
			continue
		}
		if at.element(ref) == "" || *at.of(s) != "" {
			return false
		}
		*at.of(s) = ref
		return true
	}
	return false
}

// Settle adds what follows from the elements of the steps up to i without a choice: the amount of a step that takes all of an
// earlier one's output, the side of a trade's amount, the direction of its trigger, and that a trade of a coin for its wrapper, or
// back, is one for one and without a market.
func Settle(r *intents.Reading, steps []intents.Step, i int) {
	s := &steps[i]
	if _, output := s.TokenIn.Output(); output && s.Amount == "" {
		s.Amount = s.TokenIn
	}
	if span, ok := r.Span(s.Trigger); ok && span.Kind == intents.CondSpan {
		s.Condition, _, _ = strings.Cut(span.Value, ":")
	}
	if s.Action == intents.Swap && s.Slippage == "" && s.MinOut == "" && s.Venue == "" && s.Recipient == "" {
		if s.Action = intents.Rewraps(symbol(r, steps, s.TokenIn), symbol(r, steps, s.TokenOut)); s.Action != intents.Swap {
			s.Side = "" // what goes in comes out
		}
	}
	trade := s.Action == intents.Swap || s.Action == intents.QuoteOnly || s.Action == intents.Schedule && s.Recipient == ""
	if s.Side == "" && s.Amount != "" && trade {
		s.Side = intents.In
	}
}

// symbol is the symbol that a ref says, or that the step brings whose output it is; empty where that is not said.
func symbol(r *intents.Reading, steps []intents.Step, ref intents.Ref) string {
	if k, ok := ref.Output(); ok && k <= len(steps) {
		made := steps[k-1]
		if made.TokenOut != "" {
			return symbol(r, steps[:k-1], made.TokenOut)
		}
		if made.Action != intents.Bridge && made.Action != intents.Withdraw && made.Action != intents.Borrow {
			return ""
		}
		return symbol(r, steps[:k-1], made.TokenIn)
	}
	span, _ := r.Span(ref)
	return span.Symbol
}
