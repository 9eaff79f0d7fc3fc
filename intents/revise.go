package intents

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
)

// Revision is the request before with other words in some of its slots.
type Revision struct {
	Ways []Way // what the new words may be meant for; where it is one, it is clear
}

// Way is one reading of a revision. What its draft points at before Since is kept from the request before.
type Way struct {
	Reading *Reading // the words of both
	Draft   Draft
	Since   int    // where in the reading's text the new words begin
	Says    string // what is put where; empty where nothing is
}

const (
	maxWays   = 6
	maxSaid   = 3   // spans of a revision
	maxShape  = 24  // its words
	maxChange = 512 // its bytes
)

// Revise reads text as a change to the request before: make it 200, to bob instead, same but on base, again. It is one where
// each word is known to belong to a change, no verb orders anything, and each span fits a slot of the draft; the slots that it
// fits take it, and all others stay. Anything else is no revision, and has to be read as a sentence of its own.
//
// A number that the words reckon with the one before (double it, half of that) is exact, or there is no revision.
func Revise(last *Reading, d Draft, text string, lx *Lexicon) (Revision, bool) {
	if len(d.Steps) == 0 || len(text) > maxChange || len(last.Text)+len(text) >= maxText || len(marksOf(text)) > 0 {
		return Revision{}, false
	}
	shape, ok := shapeOf(text, d, lx)
	if !ok && !onceMore[unended(text)] {
		return Revision{}, false
	}
	base := Draft{Steps: d.Steps, Missing: d.Missing}
	v := reviser{last: last, draft: base, text: text}
	if len(shape.parts) == 0 {
		return Revision{[]Way{v.way(nil)}}, true
	}
	v.combine(shape.parts, nil)
	return Revision{v.ways}, len(v.ways) > 0 && len(v.ways) <= maxWays
}

// part is a span of a revision, and how the words around it say it.
type part struct {
	span   Span
	prep   string
	old    *Span    // the value that it stands in place of, where the words say so
	of     *Span    // the token that an amount is right before
	factor *big.Rat // of the amount before; nil where the span says an amount of its own
	either bool     // a share that may be of the amount before or of all
	only   bool     // only half: of the amount before, unless that is a share itself
}

// shape is what a revision says.
type shape struct{ parts []part }

// shapeOf recognises a revision by its words: each one is a span, or known to change nothing beside it.
func shapeOf(text string, d Draft, lx *Lexicon) (shape, bool) {
	p := &reader{text: text, lex: lx, ws: lex(text)}
	p.foreign()
	if len(p.ws) == 0 || len(p.ws) > maxShape || slices.ContainsFunc(p.ws, func(w word) bool { return !w.own || w.breaks }) {
		return shape{}, false
	}
	p.revision(d)
	c := cutter{p: p}
	if !c.cut() || len(c.found) > maxSaid || len(c.found) == 0 && !c.again {
		return shape{}, false
	}
	return shape{c.found}, true
}

// revision reads the spans of a revision: those of a sentence, and words that only the request before makes clear.
func (p *reader) revision(d Draft) {
	p.speakUnlessToken()
	p.addresses()
	if slices.ContainsFunc(d.Steps, func(s Step) bool { return s.Action == Lock }) {
		p.bareTerms()
	}
	p.values()
	if slices.ContainsFunc(d.Steps, func(s Step) bool { return s.Action == Bridge }) {
		p.waysOfBridge()
	}
	p.chains()
	p.known()
	p.tokens()
	p.names()
	p.namesTo(d)
	p.abroadLater()
}

// speakUnlessToken finds the language of a text that is more than one token's symbol: dai is a word of Italian, too.
func (p *reader) speakUnlessToken() {
	if len(p.ws) != 1 || !p.tokenWord(0) {
		p.speak()
	}
}

// waysOfBridge takes the chains that a bridge goes to or comes from, also where their word is a token's.
func (p *reader) waysOfBridge() {
	for i := 1; i < len(p.ws); i++ {
		if !wayWords[p.at(i-1)] && !onWords[p.at(i-1)] {
			continue
		}
		if key, n := longest(p, i, p.lex.Chains); n > 0 {
			p.take(i, i+n, Span{Kind: ChainSpan, Chain: key})
		}
	}
}

// known takes labels of the book, wherever they stand.
func (p *reader) known() {
	for i := range p.ws {
		if _, n := longest(p, i, p.lex.Book); n > 0 {
			p.take(i, i+n, Span{Kind: NameSpan, Value: p.spelled(i, n)})
		}
	}
}

// namesTo takes a name that no book has after "to", where the request before names somebody: to carl instead.
func (p *reader) namesTo(d Draft) {
	if !slices.ContainsFunc(d.Steps, func(s Step) bool { return s.Recipient != "" || s.Action == Transfer }) {
		return
	}
	for i := 1; i < len(p.ws); i++ {
		w := p.at(i)
		if p.at(i-1) != "to" || w == "" || p.ws[i].kind != letters || !p.closes(i+1) && !reviseWords[p.at(i+1)] {
			continue
		}
		if !notLabels[w] && !english[w] && !verbal(w) && !negations[w] && !endings[w] && !reviseWords[w] && !p.tokenWord(i) {
			p.take(i, i+1, Span{Kind: NameSpan, Value: w})
		}
	}
}

// cutter cuts the words of a revision into its parts.
type cutter struct {
	p     *reader
	i     int
	found []part
	again bool // the words ask for the same once more, or for a change
	verb  string
	prep  string
	only  bool
	old   *Span
}

var (
	// reviseWords stand in a change and say nothing of what is changed.
	reviseWords = words(`no actually ok okay please pls and but the same thing do it that make made set go try use using used let's lets say should be i meant mean sorry oh hm hmm wait
		instead rather only just exactly now this time one amount chain network token coin recipient slippage again once more , . ! my`)
	revisePreps = words(`to into onto on in with for from at via using through over`)
	sameWords   = words(`same again repeat redo`)
	// reviseVerbs put one value in the place of another.
	reviseVerbs = words(`change replace switch set`)
	ofBefore    = words(`that it this those`)
	pointing    = words(`the same that this my`)
)

var factors = map[string]*big.Rat{
	"double": big.NewRat(2, 1), "doubled": big.NewRat(2, 1), "twice": big.NewRat(2, 1), "triple": big.NewRat(3, 1), "halve": big.NewRat(1, 2), "halved": big.NewRat(1, 2),
}

func (c *cutter) cut() bool {
	for c.i < len(c.p.ws) {
		if !c.word() {
			return false
		}
	}
	return c.prep == "" && c.old == nil
}

func (c *cutter) word() bool {
	p, i := c.p, c.i
	if p.ws[i].taken {
		return c.spanAt()
	}
	w := p.at(i)
	switch {
	case factors[w] != nil:
		return c.reckon(factors[w])
	case p.phrase(i, "instead of") > 0 || p.phrase(i, "rather than") > 0 || p.phrase(i, "in place of") > 0:
		return c.inPlaceOf()
	case p.phrase(i, "once more") > 0:
		c.again, c.i = true, i+2
		return true
	case p.phrase(i, "one more time") > 0, p.phrase(i, "as last time") > 0:
		c.again, c.i = true, i+3
		return true
	case p.phrase(i, "as before") > 0:
		c.again, c.i = true, i+2
		return true
	case w == "more" || w == "one" && p.at(i+1) == "more": // 100 more is no change of the amount to 100
		return false
	case sameWords[w]:
		c.again = true
	case reviseVerbs[w] && (w != "set" || c.verb == ""):
		c.verb = w
	case w == "only" || w == "just":
		c.only = true
	case revisePreps[w] && w != "using":
		if c.prep != "" {
			return false
		}
		c.prep = w
		c.i++
		return true
	case w == "using" || w == "use":
		c.prep = "with"
		if w == "use" {
			c.prep = ""
		}
		c.i++
		return true
	case p.phrase(i, "pay with") > 0:
		c.i++
		return true
	case w == "of" && ofBefore[p.at(i+1)] && len(c.found) > 0:
		c.i += 2
		return c.ofBefore(&c.found[len(c.found)-1])
	case !reviseWords[w]:
		return false
	case c.prep != "" && w != "the" && w != "my" && w != "only" && w != "just" && w != "exactly":
		return false // a preposition that leads to no value
	}
	c.i++
	return true
}

// spanAt takes the span that begins at the word.
func (c *cutter) spanAt() bool {
	p := c.p
	if p.ws[c.i].norm == "one" && p.is(c.i-1, pointing) { // the same one is no amount
		return false
	}
	var span *Span
	for k := range p.spans {
		if p.spans[k].Start == p.ws[c.i].start {
			span = &p.spans[k]
		}
	}
	for c.i < len(p.ws) && p.ws[c.i].taken && (span == nil || p.ws[c.i].start < span.End) {
		c.i++
	}
	if span == nil || !span.Eligible {
		return false
	}
	got := part{span: *span, prep: c.prep}
	c.prep = ""
	if c.verb == "change" || c.verb == "replace" || c.verb == "switch" {
		if c.old == nil && len(c.found) == 0 && revisePreps[p.at(c.i)] { // change 100 to 200
			c.old = span
			return got.prep == ""
		}
		got.old, c.old, c.verb = c.old, nil, ""
		got.prep = ""
	}
	if !fitsPrep(got) {
		return false
	}
	if last := len(c.found) - 1; last >= 0 && got.span.Kind == TokenSpan && got.prep == "" && c.found[last].span.Kind == AmountSpan && c.adjoins(last, got.span) {
		c.found[last].of = span
		if c.found[last].factor != nil {
			return false // half my USDC of that
		}
		c.found[last].either = false
		return true
	}
	if last := len(c.found) - 1; last >= 0 && got.span.Kind == TokenSpan && got.prep == "" && c.found[last].span.Kind == MinOutSpan && c.adjoins(last, got.span) {
		c.found[last].of = span
		return true
	}
	if q := got.span.Quantity; got.span.Kind == AmountSpan && q != nil && q.Form == Share && percentOff(q.Number) != nil {
		got.either, got.only = true, c.only
		if p.at(c.i) == "of" && (p.at(c.i+1) == "my" || p.at(c.i+1) == "the") { // half of my USDC: of all of it
			got.either = false
			c.i += 2
		} else if p.at(c.i) == "of" && !ofBefore[p.at(c.i+1)] || p.at(c.i) == "my" {
			got.either = false
			c.i++
		}
	}
	c.found = append(c.found, got)
	return true
}

// ofBefore reads a share, or all, of the amount before.
func (c *cutter) ofBefore(t *part) bool {
	q := t.span.Quantity
	if t.span.Kind != AmountSpan || q == nil || t.of != nil {
		return false
	}
	switch q.Form {
	case All:
		return true
	case Share:
		t.factor, t.either, t.only = percentOff(q.Number), false, false
		return t.factor != nil
	}
	return false
}

// adjoins reports whether a token follows an amount as what it is an amount of.
func (c *cutter) adjoins(amount int, token Span) bool {
	between := strings.Fields(strings.ToLower(c.p.text[c.found[amount].span.End:token.Start]))
	return !slices.ContainsFunc(between, func(w string) bool { return !belongs[w] })
}

// inPlaceOf reads what a value stands in place of: 200 instead of 100.
func (c *cutter) inPlaceOf() bool {
	p := c.p
	c.i += 2
	if p.at(c.i) == "of" {
		c.i++
	}
	for revisePreps[p.at(c.i)] || p.at(c.i) == "the" || p.at(c.i) == "my" {
		c.i++
	}
	if c.i >= len(p.ws) || !p.ws[c.i].taken || len(c.found) == 0 || c.prep != "" {
		return false
	}
	for k := range p.spans {
		if p.spans[k].Start == p.ws[c.i].start {
			c.found[len(c.found)-1].old = &p.spans[k]
		}
	}
	end := c.found[len(c.found)-1].old
	if end == nil || !end.Eligible || end.Kind != c.found[len(c.found)-1].span.Kind {
		return false
	}
	for c.i < len(p.ws) && p.ws[c.i].start < end.End {
		c.i++
	}
	return true
}

// reckon reads double it, twice as much, halve that.
func (c *cutter) reckon(factor *big.Rat) bool {
	p, from := c.p, c.i
	c.i++
	for _, tail := range []string{"as much", "the amount", "that", "it", "this"} {
		if n := p.phrase(c.i, tail); n > 0 {
			c.i += n
			break
		}
	}
	if c.prep != "" {
		return false
	}
	span := Span{Kind: AmountSpan, Start: p.ws[from].start, End: p.ws[c.i-1].end, Eligible: true}
	span.Text = p.text[span.Start:span.End]
	c.found = append(c.found, part{span: span, factor: factor})
	return true
}

// unended is a text without what ends a sentence.
func unended(text string) string { return strings.Trim(plain(strings.TrimSpace(text)), " .!。！") }

// onceMore are the words for again, in the languages of the reader.
var onceMore = phrases(`otra vez|de nuevo|lo mismo|de novo|outra vez|o mesmo|encore|encore une fois|la même chose|pareil|ancora|di nuovo|lo stesso|noch einmal|nochmal|nochmals|noch mal|
	dasselbe|lagi|sekali lagi|tekrar|bir daha|aynısı|ещё раз|еще раз|снова|то же самое|फिर से|दोबारा|다시|한 번 더|한번 더|もう一度|もう一回|同じ|再来一次|再一次|再来|同样`)

// percentOff is a percentage as a factor, or nothing where it is no part of the whole.
func percentOff(number string) *big.Rat {
	r, ok := new(big.Rat).SetString(number)
	if !ok || r.Sign() <= 0 || overHundred(number) {
		return nil
	}
	return r.Quo(r, big.NewRat(100, 1))
}

var prepsOf = map[SpanKind]map[string]bool{
	AmountSpan: words(`to with`), TokenSpan: words(`to into for with in from`), ChainSpan: words(`on to onto into in from over`), AddressSpan: words(`to for with`), NameSpan: words(`to for`),
	SlippageSpan: words(`with at to`), MinOutSpan: words(`with`), TimeSpan: words(`at on in to`), VenueSpan: words(`on via with through at in over to`),
}

func fitsPrep(t part) bool { return t.prep == "" || prepsOf[t.span.Kind][t.prep] }

// reviser finds the slots that the parts of a revision fit.
type reviser struct {
	last  *Reading
	draft Draft
	text  string
	ways  []Way
}

// change puts a span into the slot of some steps. Side is set where the span says which side the amount is of.
type change struct {
	span  Span
	slot  string
	steps []int
	was   Ref
	side  Side
	of    *change // the token that an amount brings along
}

// combine tries every slot for every part.
func (v *reviser) combine(parts []part, chosen []change) {
	if len(v.ways) > maxWays {
		return
	}
	if len(parts) == 0 {
		if w := v.way(chosen); v.stands(w) {
			v.ways = append(v.ways, w)
		}
		return
	}
	for _, c := range v.changes(parts[0]) {
		if !slices.ContainsFunc(chosen, c.collides) {
			v.combine(parts[1:], append(slices.Clone(chosen), c))
		}
	}
}

// collides reports whether two changes want one slot.
func (c change) collides(o change) bool {
	for a := &c; a != nil; a = a.of {
		for b := &o; b != nil; b = b.of {
			if a.slot == b.slot && slices.ContainsFunc(a.steps, func(i int) bool { return slices.Contains(b.steps, i) }) {
				return true
			}
		}
	}
	return false
}

// stands reports whether a way is a request that could have been said: accepted, or with one more thing to ask.
func (v *reviser) stands(w Way) bool {
	q, err := Check(w.Reading, w.Draft)
	if err != nil {
		return false
	}
	return q == nil || !slices.Contains(q.Missing, slotAction) && !sameSides(w) && w.Draft.Steps != nil && (q.Step == 0 || !misplacedIn(w, q))
}

func sameSides(w Way) bool {
	return slices.ContainsFunc(w.Draft.Steps, func(s Step) bool {
		return s.Action == Swap && same(w.Reading, s.TokenIn, s.TokenOut) || s.Action == Bridge && same(w.Reading, s.Chain, s.DestChain)
	})
}

// misplacedIn reports whether the question is of an amount on the wrong side: nobody would say so.
func misplacedIn(w Way, q *Question) bool {
	return misplaced(w.Reading, w.Draft.Steps[q.Step-1], q.Step-1) != nil
}

// changes lists where a part may go.
func (v *reviser) changes(t part) []change {
	if t.span.Kind == AmountSpan {
		return v.amounts(t)
	}
	var all []change
	for _, slot := range slotsFor(t) {
		all = append(all, v.at(t.span, slot, t.old)...)
	}
	if t.of == nil {
		return all
	}
	return slices.DeleteFunc(all, func(c change) bool { // at least 5 DAI: where DAI is what is got
		return slices.ContainsFunc(c.steps, func(i int) bool {
			got, said := v.last.Span(v.draft.Steps[i].TokenOut)
			return !said || !got.means(*t.of)
		})
	})
}

// slotsFor lists the slots that a span may be for, by its kind and the word before it.
func slotsFor(t part) []string {
	switch t.span.Kind {
	case TokenSpan:
		switch t.prep {
		case "to", "into":
			return []string{slotTokenOut}
		case "with", "from":
			return []string{slotTokenIn}
		}
		return []string{slotTokenIn, slotTokenOut}
	case AddressSpan:
		if t.prep == "to" || t.prep == "for" {
			return []string{slotRecipient}
		}
		return []string{slotRecipient, slotTokenIn, slotTokenOut}
	case ChainSpan:
		switch t.prep {
		case "to", "onto", "into":
			return []string{slotDestChain}
		case "from":
			return []string{slotChain}
		}
		return []string{slotChain, slotDestChain}
	case NameSpan:
		return []string{slotRecipient}
	case SlippageSpan:
		return []string{slotSlippage}
	case MinOutSpan:
		return []string{slotMinOut}
	case VenueSpan:
		return []string{slotVenue}
	case TimeSpan:
		if strings.HasPrefix(t.span.Value, "every:") {
			return []string{slotEvery}
		}
		return []string{slotTrigger, slotTerm}
	}
	return nil
}

// at lists the places of one slot: each word of the draft that stands in it, else the step that may take it.
func (v *reviser) at(span Span, slot string, old *Span) []change {
	var all []change
	for i := range v.draft.Steps {
		ref := *v.draft.Steps[i].slot(slot)
		was, said := v.last.Span(ref)
		if !said || old != nil && !was.says(*old) {
			continue
		}
		if at := slices.IndexFunc(all, func(c change) bool { return c.was == ref }); at >= 0 {
			all[at].steps = append(all[at].steps, i)
			continue
		}
		all = append(all, change{span: span, slot: slot, steps: []int{i}, was: ref})
	}
	if len(all) > 0 && slot != slotSlippage && slot != slotMinOut || old != nil {
		return all
	}
	for i := range v.draft.Steps {
		if v.open(i, slot) {
			all = append(all, change{span: span, slot: slot, steps: []int{i}})
			if slot == slotChain { // later steps happen where the first one does
				break
			}
		}
	}
	return all
}

// says reports whether two spans say the same, amounts too.
func (s Span) says(o Span) bool {
	return s.means(o) || s.Kind == AmountSpan && o.Kind == AmountSpan && s.Quantity != nil && o.Quantity != nil && *s.Quantity == *o.Quantity
}

// open reports whether an empty slot of a step may be filled: a needed one, or one that says only how.
func (v *reviser) open(i int, slot string) bool {
	s := v.draft.Steps[i]
	if *s.slot(slot) != "" {
		return false
	}
	f := forms[s.Action]
	if slices.Contains(f.needs, slot) {
		return true
	}
	switch slot {
	case slotChain, slotSlippage, slotMinOut, slotVenue:
		return slices.Contains(f.may, slot)
	}
	return false
}

// amounts lists where an amount may go: alone in place of another, with its token on either side.
func (v *reviser) amounts(t part) []change {
	var all []change
	for _, c := range v.at(t.span, slotAmount, t.old) {
		for _, span := range v.reckoned(t, c) {
			c.span = span
			if t.of == nil {
				all = append(all, c)
				continue
			}
			for _, slot := range []string{slotTokenIn, slotTokenOut} {
				if of, ok := v.sided(c, *t.of, slot); ok {
					all = append(all, of)
				}
			}
		}
	}
	return all
}

// sided puts an amount with its token on one side of the steps that take the amount.
func (v *reviser) sided(c change, token Span, slot string) (change, bool) {
	of := change{span: token, slot: slot, steps: c.steps}
	for _, i := range c.steps {
		s := v.draft.Steps[i]
		ref := *s.slot(slot)
		if _, output := ref.Output(); output {
			return c, false
		}
		f := forms[s.Action]
		if slot == slotTokenOut && s.Action != Swap || slot == slotTokenIn && !slices.Contains(f.needs, slot) && !slices.Contains(f.may, slot) {
			return c, false
		}
		of.was = ref
		if was, said := v.last.Span(ref); said && was.means(token) {
			of.span = was // the word that stands there says it already
		}
		if s.Action == Swap {
			c.side = map[string]Side{slotTokenIn: In, slotTokenOut: Out}[slot]
		}
	}
	c.of = &of
	return c, true
}

// reckoned returns an amount as it is meant beside the one that it replaces.
func (v *reviser) reckoned(t part, c change) []Span {
	if t.factor == nil && !t.either {
		return []Span{t.span}
	}
	was, said := v.last.Span(c.was)
	if !said || was.Quantity == nil {
		if t.factor != nil {
			return nil
		}
		return []Span{t.span}
	}
	if t.factor != nil {
		return scaled(t.span, *was.Quantity, t.factor)
	}
	if was.Quantity.Form == All {
		return []Span{t.span}
	}
	part := scaled(t.span, *was.Quantity, percentOff(t.span.Quantity.Number))
	if t.only && was.Quantity.Form != Share {
		return part
	}
	return append([]Span{t.span}, part...)
}

// scaled is an amount times a factor, where that is exact and sure.
func scaled(span Span, q Quantity, factor *big.Rat) []Span {
	if q.Form == All {
		q = Quantity{Form: Share, Number: "100"}
	}
	r, ok := new(big.Rat).SetString(q.Number)
	if !ok || q.Form == AllBut {
		return nil
	}
	number, exact := decimal(r.Mul(r, factor))
	if !exact || q.Form == Share && overHundred(number) {
		return nil
	}
	span.Quantity, span.Value = &Quantity{q.Form, number}, number
	if q.Form == Share {
		span.Value = number + "%"
	}
	return []Span{span}
}

// way makes the reading and the draft with some changes.
func (v *reviser) way(chosen []change) Way {
	w := Way{Draft: Draft{Steps: slices.Clone(v.draft.Steps), Missing: slices.Clone(v.draft.Missing)}, Since: len(v.last.Text) + 1}
	said := &Reading{Text: v.text}
	var replaced []Ref
	var says []string
	for i := range chosen {
		for c := &chosen[i]; c != nil; c = c.of {
			if c.was == "" || c.span.ID != c.was {
				says = append(says, v.describe(*c))
			}
			if c.was != "" {
				replaced = append(replaced, c.was)
			}
			if c.span.ID == c.was && c.was != "" {
				continue // the word that stands there stays
			}
			said.Spans = append(said.Spans, c.span)
		}
	}
	slices.SortFunc(said.Spans, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	for _, s := range said.Spans {
		for _, word := range lex(v.text) {
			if word.start >= s.Start && word.end <= s.End {
				word.taken = true
				said.words = append(said.words, word)
			}
		}
	}
	w.Reading = joined(v.last, said, nil)
	w.Reading.Answers[len(w.Reading.Answers)-1].Replaced = replaced
	for i := range chosen {
		for c := &chosen[i]; c != nil; c = c.of {
			ref := c.was
			if c.span.ID != c.was || c.was == "" {
				ref = w.refAt(c.span.Start)
			}
			for _, i := range c.steps {
				*w.Draft.Steps[i].slot(c.slot) = ref
				if c.side != "" {
					w.Draft.Steps[i].Side = c.side
				}
			}
			w.Draft.Missing = slices.DeleteFunc(w.Draft.Missing, func(m string) bool { return m == c.slot })
		}
	}
	w.Says = strings.Join(says, ", ")
	return w
}

// refAt is the id of the new span that begins at an offset of the new words.
func (w Way) refAt(start int) Ref {
	for _, s := range w.Reading.Spans {
		if s.Start == w.Since+start {
			return s.ID
		}
	}
	return ""
}

// describe says what is put where.
func (v *reviser) describe(c change) string {
	text := c.span.Text
	if c.span.Value != "" && c.span.Kind == AmountSpan {
		text = c.span.Value + " (" + text + ")"
	} else if c.span.Quantity != nil && c.span.Quantity.Form == Share {
		text += " of all there is"
	}
	said := text + " as " + slotWords[c.slot]
	if was, ok := v.last.Span(c.was); ok && !was.says(c.span) {
		said += ", in place of " + was.Text
	}
	if len(v.draft.Steps) > 1 {
		numbers := make([]string, len(c.steps))
		for i, at := range c.steps {
			numbers[i] = "step " + string(rune('1'+at))
		}
		said += " (" + strings.Join(numbers, " and ") + ")"
	}
	return said
}

var slotWords = map[string]string{
	slotTokenIn: "what you give", slotTokenOut: "what you get", slotAmount: "the amount", slotRecipient: "who receives it", slotChain: "the chain that it happens on",
	slotDestChain: "the chain that it goes to", slotSlippage: "the slippage", slotMinOut: "the least to get", slotEvery: "how often", slotTrigger: "when", slotVenue: "where", slotTerm: "for how long",
}
