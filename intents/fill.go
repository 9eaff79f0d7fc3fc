package intents

import (
	"fmt"
	"slices"
	"strings"
)

// Answer marks where in a reading's text the answer to a question stands, and which slots it was about.
type Answer struct {
	Start    int      `json:"start"`
	Slots    []string `json:"slots"`
	Replaced []Ref    `json:"replaced,omitempty"` // what stood in these slots before
}

// Fill reads the answer to a question into the one gap that the question names, and returns the reading and the draft with
// it. Other words of the answer change nothing: an answer without a value for the gap leaves it open, and Check asks again.
//
// A question about the whole sentence ("action") is answered by a whole sentence: the reading is then that of the answer, and
// the draft is empty.
func Fill(r *Reading, d Draft, q Question, answer string, lex *Lexicon) (*Reading, Draft, error) {
	if slices.Contains(q.Missing, slotAction) {
		return Read(answer, lex), Draft{}, nil
	}
	if len(q.Options) > 0 {
		chosen, ok := choose(q.Options, answer)
		if !ok {
			return r, d, nil
		}
		answer = chosen
	}
	if len(r.Text)+len(answer) >= maxText {
		return r, d, nil
	}
	step := max(q.Step, 1) - 1
	if step >= len(d.Steps) {
		return r, d, nil
	}
	said := readAnswer(answer, lex, q.Missing)
	full := joined(r, said, q.Missing)
	filled := Draft{Steps: slices.Clone(d.Steps), Missing: slices.Clone(d.Missing), Why: d.Why}
	for _, name := range q.Missing {
		span, ok := full.answerFor(name, filled.Steps[step])
		if !ok {
			return r, d, nil
		}
		if was := *filled.Steps[step].slot(name); was != "" {
			last := &full.Answers[len(full.Answers)-1]
			last.Replaced = append(last.Replaced, was)
		}
		*filled.Steps[step].slot(name) = span.ID
		filled.Missing = slices.DeleteFunc(filled.Missing, func(m string) bool { return m == name })
	}
	return full, filled, nil
}

// Chosen returns the option that an answer names, or nothing.
func Chosen(options []string, answer string) string {
	chosen, _ := choose(options, answer)
	return chosen
}

// choose finds the option that the answer names, or of which it is some whole words, or for an address the beginning, that no other
// has. Letters from within a word name nothing: ETH is not WETH, and "bad" stands in many an address.
func choose(options []string, answer string) (string, bool) {
	if named := Named(options, answer); named != "" {
		return named, true
	}
	said := strings.TrimSpace(plain(answer))
	if len(said) < 3 {
		return "", false
	}
	found := ""
	for _, o := range options {
		whole := strings.Contains(" "+plain(o)+" ", " "+said+" ")
		opens := len(said) >= leastOfAddress && strings.HasPrefix(said, "0x") && strings.HasPrefix(plain(o), said)
		if !whole && !opens {
			continue
		}
		if found != "" {
			return "", false
		}
		found = o
	}
	return found, found != ""
}

// leastOfAddress is how many characters of an address name it among a few.
const leastOfAddress = 6

// readAnswer reads an answer in the light of the question: a bare word may be a token, a chain or a name there.
func readAnswer(answer string, lx *Lexicon, slots []string) *Reading {
	r := &Reading{Text: answer, Marks: marksOf(answer)}
	p := &reader{text: answer, lex: lx, ws: lex(answer)}
	p.foreign()
	p.speakUnlessToken()
	p.addresses()
	if slices.Contains(slots, slotSlippage) {
		p.bareRates()
	}
	p.bareReward(slots)
	p.values()
	if slices.Contains(slots, slotChain) || slices.Contains(slots, slotDestChain) {
		p.bareChains()
	}
	p.chains()
	p.tokens()
	p.names()
	p.abroadLater()
	if slices.Contains(slots, slotTokenIn) || slices.Contains(slots, slotTokenOut) {
		p.bareToken()
	}
	if slices.Contains(slots, slotRecipient) {
		p.bareName()
	}
	r.Spans, r.words, r.tongue = p.numbered(), p.ownWords(), p.tongue
	return r
}

// bareChains takes the words for chains wherever they stand.
func (p *reader) bareChains() {
	for i := range p.ws {
		if key, n := longest(p, i, p.lex.Chains); n > 0 {
			p.take(i, i+n, Span{Kind: ChainSpan, Chain: key})
		}
	}
}

// bareToken takes an answer of one word, where that may be a token's symbol.
func (p *reader) bareToken() {
	from, n := p.bare()
	if n == 1 && symbolLike(p.at(from)) && !english[p.at(from)] && !idleAnswers[p.at(from)] {
		p.takeToken(from, from+1, strings.ToUpper(p.at(from)))
	}
}

// bareName takes an answer of up to three words, where that may be a label of the book.
func (p *reader) bareName() {
	from, n := p.bare()
	if n > 0 && n <= 3 && !idleAnswers[p.at(from)] && p.label(from) == n {
		p.take(from, from+n, Span{Kind: NameSpan, Value: p.spelled(from, n)})
	}
}

// bare returns the words of an answer that is nothing but words, without what opens and closes it.
func (p *reader) bare() (from, n int) {
	to := len(p.ws)
	for to > 0 && (p.is(to-1, closers) || p.at(to-1) == "." || p.at(to-1) == "!") {
		to--
	}
	for from < to && p.is(from, openers) {
		from++
	}
	for i := from; i < to; i++ {
		if p.at(i) == "" || p.ws[i].kind != letters || !p.ws[i].own {
			return from, 0
		}
	}
	return from, to - from
}

var (
	openers     = words(`to for into my the our it's its`)
	idleAnswers = words(`yes no ok okay sure yeah yep nope nothing none cancel stop help what why dunno idk maybe any whatever both neither`)
)

// joined appends an answer's reading to a reading.
func joined(r, said *Reading, slots []string) *Reading {
	shift := len(r.Text) + 1
	full := &Reading{
		Text:    r.Text + "\n" + said.Text,
		Spans:   slices.Clone(r.Spans),
		Marks:   slices.Clone(r.Marks),
		Answers: append(slices.Clone(r.Answers), Answer{Start: shift, Slots: slices.Clone(slots)}),
		words:   slices.Clone(r.words),
		tongue:  r.tongue,
	}
	for _, m := range append(said.Marks, MarkFollowUp) {
		if !slices.Contains(full.Marks, m) {
			full.Marks = append(full.Marks, m)
		}
	}
	count := map[string]int{}
	for _, s := range r.Spans {
		count[spanLetter[s.Kind]]++
	}
	for _, s := range said.Spans {
		letter := spanLetter[s.Kind]
		count[letter]++
		s.ID = Ref(fmt.Sprintf("%s%d", letter, count[letter]))
		s.Start, s.End = s.Start+shift, s.End+shift
		full.Spans = append(full.Spans, s)
	}
	for i, w := range said.words {
		w.start, w.end = w.start+shift, w.end+shift
		w.glued, w.breaks = w.glued && i > 0, w.breaks || i == 0
		full.words = append(full.words, w)
	}
	return full
}

// answerFor returns the one span of the last answer that fits a slot. For a min-out a plain amount fits too.
func (r *Reading) answerFor(name string, s Step) (Span, bool) {
	start := r.Answers[len(r.Answers)-1].Start
	var found []Span
	for _, span := range r.Spans {
		if span.Start >= start && span.Eligible && slices.Contains(kindsOf[name], span.Kind) {
			found = append(found, span)
		}
	}
	found = slices.DeleteFunc(found, func(x Span) bool {
		return (name == slotTokenIn && same(r, x.ID, s.TokenOut)) || (name == slotTokenOut && same(r, x.ID, s.TokenIn))
	})
	if len(found) == 0 {
		return Span{}, false
	}
	for _, x := range found[1:] {
		if !x.means(found[0]) {
			return Span{}, false
		}
	}
	return found[0], true
}

// settled reports whether a later answer has replaced what a span says: it is of a slot that was asked for after it.
func (r *Reading) settled(s Span) bool {
	for _, a := range r.Answers {
		if s.Start >= a.Start {
			continue
		}
		for _, was := range a.Replaced {
			if same(r, was, s.ID) {
				return true
			}
		}
		for _, name := range a.Slots {
			if slices.Contains(kindsOf[name], s.Kind) && (name != slotTokenIn && name != slotTokenOut || s.Kind == AddressSpan) {
				return true
			}
		}
	}
	return false
}
