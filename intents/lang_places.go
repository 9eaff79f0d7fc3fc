package intents

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What stands after its noun: 2000'in altına, 3時間後, Base上で, 엄마에게.

// abroad takes what other languages say in an order that English has not: before the passes that would take its words apart.
func (p *reader) abroad() {
	if p.tongue == nil {
		return
	}
	p.restBut()
	p.laterLevels()
	p.laterTimes()
}

// skipPost returns the first word from i on that says nothing but what the one before it is.
func (p *reader) skipPost(i int) int {
	for i < len(p.ws) && !p.ws[i].taken && (p.ws[i].post == "obj" || p.ws[i].post == "on" || p.ws[i].post == "to" || p.ws[i].post == "from" ||
		p.ws[i].norm == "of" || p.ws[i].norm == "is" || p.ws[i].norm == "the") {
		i++
	}
	return i
}

// laterLevels takes a level before the words that tell its direction: 2500の下, 2500'ün altına düşerse.
func (p *reader) laterLevels() {
	for i := 0; i < len(p.ws); i++ {
		start := i
		if p.at(i) == "$" {
			i++
		}
		if !p.isDigits(i) {
			continue
		}
		level, next, ok := p.number(i)
		if !ok || level == "" {
			continue
		}
		number, gas := next, p.at(next) == "gwei"
		if p.is(next, levelUnits) {
			next++
		}
		at := p.skipPost(next)
		if at >= len(p.ws) || p.ws[at].taken {
			continue
		}
		way := map[string]string{"lower": "below", "upper": "above"}[p.ws[at].post]
		if way == "" {
			continue
		}
		end := at + 1
		for end < len(p.ws) && !p.ws[end].taken && (p.ws[end].post == "falls" || p.ws[end].post == "lower" || p.ws[end].post == "upper") {
			end++
		}
		if bareLevels[p.ws[end-1].norm] && end <= at+2 && p.at(end) != "at" && !p.waits() {
			if way == "above" { // 2400 USDC以上に交換して
				p.take(start, number, Span{Kind: MinOutSpan, Quantity: of(Exact, level)})
			} else {
				p.take(start, number, Span{Kind: AmountSpan})
			}
			continue
		}
		subject := p.subject(max(0, start-8), start)
		if gas {
			subject = "gas:"
		}
		p.take(start, end, Span{Kind: CondSpan, Value: way + ":" + subject + level})
		i = end - 1
	}
}

// bareLevels bound an amount, and are a condition only where a word for when or if follows.
var bareLevels = words(`以上 以下 未満 超 より上 より下 之上 之下 이상 이상으로 이하 이하로 미만 미만으로 초과 कम ज़्यादा ज्यादा अधिक`)

// waits reports whether a word of the text makes a condition of a level.
func (p *reader) waits() bool {
	return slices.ContainsFunc(p.ws, func(w word) bool { return w.own && introWords[w.norm] })
}

// laterTimes takes a duration before the word that tells that it is one to wait (3小时后), and an hour with its mark (9点).
func (p *reader) laterTimes() {
	for i := range p.ws {
		if !p.isDigits(i) {
			continue
		}
		if next, value := p.duration(i); next > i && next < len(p.ws) {
			at := p.skipPost(next)
			if at < len(p.ws) && !p.ws[at].taken && p.ws[at].post == "later" {
				p.take(i, at+1, Span{Kind: TimeSpan, Value: "time:in " + value})
				continue
			}
			if at < len(p.ws) && !p.ws[at].taken && p.ws[at].post == "during" {
				p.take(i, at+1, Span{Kind: TimeSpan, Value: "span:" + value})
				continue
			}
			if p.tongue == hindi && !p.ws[next].taken && p.ws[next].post == "into" { // 8 घंटे में
				p.take(i, next+1, Span{Kind: TimeSpan, Value: "span:" + value})
				continue
			}
		}
		hour, next, ok := p.number(i)
		if !ok || next >= len(p.ws) || p.ws[next].taken || p.ws[next].post != "hour" || len(hour) > 2 || strings.Contains(hour, ".") {
			continue
		}
		p.take(i, next+1, Span{Kind: TimeSpan, Value: "time:" + hour + ":00"})
	}
}

// restBut takes what is left behind where it is named before or without all: 0.1 hariç hepsini.
func (p *reader) restBut() {
	if !slices.ContainsFunc(p.ws, func(w word) bool { return w.norm == "all" && w.own }) {
		return
	}
	for i := range p.ws {
		if !p.isDigits(i) {
			continue
		}
		value, next, ok := p.number(i)
		if !ok {
			continue
		}
		end := next
		if p.tokenWord(end) {
			end++
		}
		end = p.skipPost(end)
		if end < len(p.ws) && !p.ws[end].taken && p.ws[end].post == "but" && !percentWords[p.at(next)] {
			from, to := i, next
			if end == next {
				to = end + 1
			}
			p.take(from, to, Span{Kind: AmountSpan, Quantity: of(AllBut, value)})
			for k := range p.ws {
				if p.at(k) == "all" {
					p.ws[k].norm = "the"
				}
			}
			return
		}
	}
}

// abroadLater takes what only what is left may be: days, and recipients that their endings tell.
func (p *reader) abroadLater() {
	if p.tongue == nil {
		return
	}
	for i := range p.ws {
		if d := p.at(i); followsDay(d) && len(d) > 4 {
			p.take(i, i+1, Span{Kind: TimeSpan, Value: "time:" + dayWords[d]})
		}
	}
	p.laterNames()
	p.hedges()
}

// hedges makes an amount unclear that a word before it bounds or softens: casi todo, weniger als 100.
func (p *reader) hedges() {
	for i := range p.spans {
		s := &p.spans[i]
		if s.Kind != AmountSpan {
			continue
		}
		for k := 1; k < len(p.ws); k++ {
			if p.ws[k].start == s.Start && hedgeWords[p.ws[k-1].norm] && !p.ws[k-1].taken {
				s.Quantity = nil
			}
		}
	}
}

var hedgeWords = words(`above below almost`)

// laterNames takes the recipient before a dative (엄마에게, bob'a, माँ को), or the one word that a dative may be where endings
// tell (маме, anneme).
func (p *reader) laterNames() {
	if !p.sends() {
		return
	}
	for i := range p.ws {
		if i > 0 && !p.ws[i].taken && p.ws[i].post == "to" && p.ws[i].own {
			from := i
			if p.ws[i-1].norm == "さん" && from > 1 {
				from--
			}
			p.nameBefore(from)
		}
	}
	if p.tongue == chinese {
		for i := 1; i < len(p.ws); i++ {
			if !p.ws[i-1].taken && p.ws[i-1].norm == "to" {
				p.nameAfter(i)
			}
		}
	}
	if slices.ContainsFunc(p.spans, func(s Span) bool { return (s.Kind == NameSpan || s.Kind == AddressSpan) && s.Eligible }) {
		return
	}
	found := -1
	for i, w := range p.ws {
		if w.taken || !w.own || !p.mayBeName(i) || !p.tongue.dative(w.norm) {
			continue
		}
		if found >= 0 {
			return
		}
		found = i
	}
	if found >= 0 {
		p.take(found, found+1, Span{Kind: NameSpan, Value: p.ws[found].norm})
	}
}

// sends reports whether a verb of the text sends.
func (p *reader) sends() bool {
	for i, w := range p.ws {
		if f, ok := p.family(i); ok && w.own && (f == SendVerb || f == MoveVerb) {
			return true
		}
	}
	return false
}

// nameBefore takes the name that ends before word i: one word, or several characters of Chinese writing.
func (p *reader) nameBefore(i int) {
	from := i
	for from > 0 && i-from < 5 && p.mayBeName(from-1) && p.sameRun(from, i) {
		from--
	}
	if from < i {
		p.take(from, i, Span{Kind: NameSpan, Value: p.text[p.ws[from].start:p.ws[i-1].end]})
	}
}

// nameAfter takes the name that begins at word i: 给妈妈, 给bob发.
func (p *reader) nameAfter(i int) {
	to := i
	for to < len(p.ws) && to-i < 5 && p.mayBeName(to) && (to == i || p.ws[to].glued && single(p.ws[to].norm) && single(p.ws[to-1].norm)) {
		to++
	}
	if to > i {
		p.take(i, to, Span{Kind: NameSpan, Value: p.text[p.ws[i].start:p.ws[to-1].end]})
	}
}

// introduced reports whether a condition may stand anywhere, because the word that makes it one comes after it: ETH涨到4000时提醒我.
func (p *reader) introduced() bool {
	return p.tongue == chinese && slices.ContainsFunc(p.ws, func(w word) bool { return introWords[w.norm] && w.own || w.norm == "at" && w.own })
}

// sameRun reports whether word from-1 belongs to the characters that end before word i.
func (p *reader) sameRun(from, i int) bool {
	if from == i {
		return true
	}
	return p.ws[from].glued && single(p.ws[from].norm) && single(p.ws[from-1].norm)
}

func single(w string) bool {
	r, size := utf8.DecodeRuneInString(w)
	return size == len(w) && scriptGroup(r) == east
}

// mayBeName reports whether word i is one that nothing else explains.
func (p *reader) mayBeName(i int) bool {
	w := p.at(i)
	if w == "" || p.ws[i].kind != letters || p.ws[i].post != "" || !p.ws[i].own || p.tongue.knows(w) {
		return false
	}
	return !notLabels[w] && !english[w] && !verbal(w) && !negations[w] && !endings[w] && !p.tokenWord(i) && !placeWords[w] && !introWords[w] &&
		!slipWords[w] && w != "please" && !p.tongue.negates(w) && !plainSense[w]
}

// plainSense are senses that no list of English words has.
var plainSense = words(`of is the gas gwei balance friend network thanks please min max now`)

// knows reports whether a word is in the tongue's tables: it is spelled by them, and no name.
func (t *tongue) knows(w string) bool {
	v := t.read()
	said := fold(w)
	_, sense := v.senses[said]
	_, number := v.numbers[said]
	return sense || number
}

// dative reports whether a word may be a recipient by its ending.
func (t *tongue) dative(w string) bool {
	r, _ := utf8.DecodeLastRuneInString(w)
	switch t {
	case turkish:
		return utf8.RuneCountInString(w) > 3 && strings.ContainsRune("ae", r)
	case russian:
		return unicode.Is(unicode.Cyrillic, r) && utf8.RuneCountInString(w) > 2 && (strings.ContainsRune("еуюи", r) || strings.HasSuffix(w, "ам") || strings.HasSuffix(w, "ям"))
	}
	return false
}

// postedChain tells whether a word that may be a token or a chain is a chain by the word after it; known is false where that
// tells nothing.
func (p *reader) postedChain(i int) (chain, known bool) {
	if p.tongue == nil || i+1 >= len(p.ws) || p.ws[i+1].taken {
		return false, false
	}
	long := nameOnly[p.at(i)]
	f, _ := p.clauseFamily(i)
	switch p.ws[i+1].post {
	case "on":
		return true, true
	case "by":
		return long, true
	case "from":
		return long || f == BridgeVerb || f == MoveVerb, true
	case "to", "into":
		return f == BridgeVerb || f == MoveVerb || long && f == SendVerb, true
	case "obj":
		return false, true
	}
	return false, false
}

// postedVenue reports whether a word that may be a protocol or its token is a protocol by the word after it.
func (p *reader) postedVenue(i int) bool {
	next := i + 1
	if p.at(next) == "inch" {
		next++
	}
	if p.tongue == nil || next >= len(p.ws) || p.ws[next].taken {
		return false
	}
	f, verb := p.clauseFamily(i)
	if _, known := p.lex.Venues[p.at(i)]; known && !verb && !p.afterAmount(i) && p.at(i-1) != "my" && !tokenNouns[p.at(next)] && p.ws[next].post != "obj" {
		return true
	}
	if p.at(next) == "via" || next == i+2 && (p.at(next) == "with" || p.ws[next].post == "from" && f != SellVerb) && i == 0 {
		return true
	}
	switch f {
	case LendVerb, WithdrawVerb, BorrowVerb, RepayVerb, StakeVerb, UnstakeVerb:
		return p.ws[next].post != "" && p.ws[next].post != "obj" || p.ws[next].norm == "of"
	}
	return p.ws[next].post == "on" || p.ws[next].post == "by"
}

// symbolAbroad reports whether a symbol that is an English word stands where a token stands: it is no word of another language.
func (p *reader) symbolAbroad(i int) bool {
	if p.tongue == nil || homonyms[p.at(i)] && p.tongue.script == nil {
		return false
	}
	if i+1 < len(p.ws) && !p.ws[i+1].taken && (p.ws[i+1].post != "" || p.ws[i+1].norm == "of" || p.ws[i+1].norm == "is") {
		return true
	}
	if i > 0 && p.ws[i-1].post != "" && !p.ws[i-1].taken {
		return true
	}
	switch p.at(i - 1) {
	case "to", "for", "into", "with", "of", "my", "the", "balance", "in", "price", "if", "when":
		return true
	}
	_, verb := VerbFamily(p.at(i - 1))
	return verb || p.closes(i+1) && p.closes(i)
}

// homonyms are the symbols that are words of another language too.
var homonyms = words(`ada sei sol mana era one ai om id gas ton ape bal super sun time high fun rare people sand`)

// verbLast reports whether the verb stands at the end of its clause.
func (t *tongue) verbLast() bool {
	return t != nil && (t == turkish || t == japanese || t == korean || t == hindi)
}

// rulingLast finds for each word the verb that comes next, or else the last one.
func (p *reader) rulingLast() []Family {
	rules, next := make([]Family, len(p.ws)), Family("")
	for i := len(p.ws) - 1; i >= 0; i-- {
		if f, ok := p.family(i); ok {
			next = f
		}
		rules[i] = next
	}
	last := Family("")
	for i := range rules {
		if rules[i] == "" {
			rules[i] = last
		}
		last = rules[i]
	}
	return rules
}

// spelledOut reports whether an unknown symbol is written as only symbols are, where the text is not English.
func (p *reader) spelledOut(i int) bool { return p.tongue == nil || p.ws[i].capitals }
