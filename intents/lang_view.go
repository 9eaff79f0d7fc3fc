package intents

import (
	"strings"
	"unicode"
)

// speak finds the language of a text and gives the passes the sense of its words. The user's own words are kept for the planner.
func (p *reader) speak() {
	p.tongue = tongueOf(p.ws)
	if p.tongue == nil {
		return
	}
	p.disown(disownedAbroad(p.text))
	p.said = p.ws
	p.ws = p.tongue.view(p.said, p.lex)
}

// ownWords returns the user's own words, with what spans took of them.
func (p *reader) ownWords() []word {
	if p.said == nil {
		return p.ws
	}
	next := 0
	for i := range p.said {
		w := &p.said[i]
		for next < len(p.spans) && p.spans[next].End <= w.start {
			next++
		}
		w.taken = next < len(p.spans) && p.spans[next].Start <= w.start
	}
	return p.said
}

// inSense returns the words in the sense that the passes see.
func (r *Reading) inSense() []word {
	if r.tongue == nil {
		return r.words
	}
	return r.tongue.view(r.words, &Lexicon{})
}

// belongs are the words that may stand between an amount and its token, in any language whose order is that of English.
var belongs = words(`of my de del do da du des di dei d' dari von mi mis meu minha mon ma mes mio mia mein meine meinen meinem meiner`)

// glosser makes the view of a text.
type glosser struct {
	t    *tongue
	v    *vocabulary
	ws   []word
	lex  *Lexicon
	made []word
	seen int  // tokens since the clause began
	out  bool // a token came after a word for to or for
	verb Family

	verbs int // how many verbs came
}

// view gives words their senses. Each word of it stands for words of the text that follow each other, or (of no width) for
// another word of a sense of several.
func (t *tongue) view(ws []word, lex *Lexicon) []word {
	g := &glosser{t: t, v: t.read(), ws: ws, lex: lex}
	g.verb = g.trades()
	for i := 0; i < len(ws); {
		i += g.word(i)
	}
	return g.made
}

func (g *glosser) word(i int) int {
	w := g.ws[i]
	switch {
	case !w.own || w.kind == hexWord || w.kind == dotName:
		return g.keep(i, 1)
	case g.label(i) > 0:
		return g.keep(i, g.label(i))
	case g.t.form.percent[fold(w.norm)] && i+1 < len(g.ws):
		if n := g.percentage(i); n > 0 {
			return n
		}
	}
	sense, n := g.sense(i)
	if n := g.unsureNumber(i); n > 0 {
		g.emit(i, n, numberNorm(""), digits)
		return n
	}
	if value, m := g.t.numeralAt(g.ws, i, g.countable); m > 0 && m >= n {
		g.emit(i, m, numberNorm(value), digits)
		return m
	}
	switch {
	case n == 0:
		if g.token(i) {
			g.seen++
		}
		return g.keep(i, 1)
	case strings.HasPrefix(sense, "@"):
		g.keep(i, n)
		for k := len(g.made) - n; k < len(g.made); k++ {
			g.made[k].post = sense[1:]
		}
		return n
	case strings.HasPrefix(sense, "?"):
		sense, n = g.choose(sense[1:], i, n)
	}
	if (sense == "half" || sense == "quarter") && g.token(i+n) && (g.next(i+n+1) == "my" || i > 0 && g.next(i-1) == "my") { // setengah ETH saya
		sense += " of"
	}
	if sense == "half" && g.t == chinese && g.ws[i].norm == "一半" && g.token(i+n) {
		sense += " of"
	}
	if f, ok := VerbFamily(strings.SplitN(sense, " ", 2)[0]); ok {
		g.verb, g.verbs, g.out = f, g.verbs+1, false
	}
	switch sense {
	case "", "then", ".":
		g.seen, g.out = 0, false
	case "to", "for", "into":
		g.out = g.out || g.token(g.afterArticle(i+n))
	}
	if commonNames[sense] != "" || dualSymbol[sense] != "" {
		g.seen++
	}
	g.phrase(i, n, strings.Fields(sense))
	return n
}

// numberNorm writes a number so that it is read as it is: never a date, a group of thousands, or an ambiguous one.
func numberNorm(value string) string {
	if value == "" {
		return "1,2,3" // can't be read
	}
	if !strings.Contains(value, ".") {
		value += "."
	}
	return value + "0000"
}

func (g *glosser) keep(i, n int) int {
	g.made = append(g.made, g.ws[i:i+n]...)
	return n
}

// emit makes one word of n.
func (g *glosser) emit(i, n int, said string, kind wordKind) {
	w := g.ws[i]
	w.end, w.norm, w.kind = g.ws[i+n-1].end, said, kind
	g.made = append(g.made, w)
}

// phrase makes the words of a sense of the n words at i.
func (g *glosser) phrase(i, n int, sense []string) {
	if len(sense) == 0 {
		return
	}
	for k, s := range sense {
		switch {
		case k == len(sense)-1 && k < n:
			g.emit(i+k, n-k, s, senseKind(s))
		case k < n:
			g.emit(i+k, 1, s, senseKind(s))
		default:
			end := g.ws[i+n-1].end
			g.made = append(g.made, word{start: end, end: end, norm: s, kind: senseKind(s), own: true, glued: true})
		}
	}
}

func senseKind(s string) wordKind {
	switch c := s[0]; {
	case c >= '0' && c <= '9':
		return digits
	case c >= 'a' && c <= 'z':
		return letters
	}
	return sign
}

// label returns how many words at i are a label of the book: they keep their own words.
func (g *glosser) label(i int) int {
	best, said := 0, ""
	for n := 0; n < 5 && i+n < len(g.ws) && g.ws[i+n].own; n++ {
		said = strings.TrimSpace(said + " " + g.ws[i+n].norm)
		if g.lex.Book[said] {
			best = n + 1
		}
	}
	return best
}

// percentage reads 百分之50 and yüzde elli.
func (g *glosser) percentage(i int) int {
	next := g.ws[i+1]
	if g.ws[i].norm == "%" && !next.glued {
		return 0
	}
	value, n := g.t.numeralAt(g.ws, i+1, func(int) bool { return true })
	if n == 0 && next.kind == digits {
		value, _ = parseDigits(next.norm)
		n = 1
	}
	if n == 0 {
		return 0
	}
	g.emit(i, n+1, numberNorm(value), digits)
	end := g.ws[i+n].end
	g.made = append(g.made, word{start: end, end: end, norm: "%", kind: sign, own: true, glued: true})
	return n + 1
}

// sense returns the sense of the longest phrase at i, and how many words it has.
func (g *glosser) sense(i int) (string, int) {
	if i < len(g.ws) {
		if done, n := g.t.past(g.ws, i); n > 0 {
			return done, n
		}
	}
	best, n, said := "", 0, ""
	for k := 0; k < g.v.longest && i+k < len(g.ws); k++ {
		w := g.ws[i+k]
		if !w.own || k > 0 && w.breaks || w.kind == hexWord || w.kind == dotName || w.kind == digits {
			break
		}
		if said != "" && w.kind == letters {
			said += " "
		}
		said += fold(w.norm)
		if s, ok := g.v.senses[said]; ok && (k > 0 || !g.lex.Tokens[strings.ToUpper(w.norm)]) {
			best, n = s, k+1
		}
	}
	return best, n
}

// next returns the sense of word i, or the word.
func (g *glosser) next(i int) string {
	if i >= len(g.ws) {
		return ""
	}
	if s, n := g.sense(i); n > 0 {
		return s
	}
	return fold(g.ws[i].norm)
}

// afterArticle passes over articles at word i.
func (g *glosser) afterArticle(i int) int {
	for i < len(g.ws) && (g.next(i) == "the" || g.next(i) == "?the" || g.next(i) == "my") {
		i++
	}
	return i
}

// token reports whether word i is a token's symbol.
func (g *glosser) token(i int) bool {
	if i >= len(g.ws) || g.ws[i].kind != letters {
		return false
	}
	s := g.next(i)
	_, dual := dualSymbol[s]
	_, name := g.lex.Names[s]
	return dual || name || g.lex.Tokens[strings.ToUpper(g.ws[i].norm)]
}

// countable reports whether word i can be counted.
func (g *glosser) countable(i int) bool {
	if i < len(g.ws) && (g.ws[i].norm == "-" || g.t.form.counters[g.ws[i].norm]) {
		i++
	}
	if g.token(i) {
		return true
	}
	s := g.next(i)
	return percentWords[s] || dollarWords[s] || foreignMoney[s] || unitWords[s] != "" || i < len(g.ws) && g.symbol(i)
}

// symbol reports whether word i is in capitals, as only an unknown symbol is.
func (g *glosser) symbol(i int) bool {
	return g.ws[i].kind == letters && symbolLike(g.ws[i].norm) && g.ws[i].capitals
}

// trades returns the family of the first verb of the text that trades or sends.
func (g *glosser) trades() Family {
	for i := range g.ws {
		if f, ok := VerbFamily(g.next(i)); ok {
			return f
		}
		if f, ok := VerbFamily(g.ws[i].norm); ok {
			return f
		}
	}
	return ""
}

// choose gives a word of several senses the one of its place, and says how many words it takes then.
func (g *glosser) choose(rule string, i, n int) (string, int) {
	after := g.afterArticle(i + n)
	follows := g.next(after)
	_, chain := g.lex.Chains[follows]
	_, dual := dualSymbol[follows]
	_, venue := g.lex.Venues[follows]
	duration := after < len(g.ws) && g.ws[after].kind == digits && unitWords[g.next(after+1)] != ""
	if !duration && after < len(g.ws) {
		if _, taken := g.t.numeralAt(g.ws, after, g.countable); taken > 0 && unitWords[g.next(after+taken)] != "" {
			duration = true
		}
	}
	switch rule {
	case "all": // todos los días, alle 2 Wochen
		if duration || unitWords[follows] != "" || dayWords[follows] != "" {
			return "every", after - i
		}
		return "all", n
	case "over": // über 4000
		if after < len(g.ws) && g.ws[after].kind == digits && !duration {
			return "above", n
		}
		if duration { // über 8 Stunden
			return "over", n
		}
		return "via", n
	case "via": // через 3 часа
		if duration {
			return "in", n
		}
		return "via", n
	case "the": // el viernes
		if dayWords[g.next(i+n)] != "" && followsDay(g.next(i+n)) {
			return "on", n
		}
		return "the", n
	case "of": // de Arbitrum a Base
		if venue || chain && (!dual || nameOnly[follows]) {
			return "from", n
		}
		return "of", n
	case "not": // pt: no Arbitrum
		if chain || venue || chainNouns[follows] {
			return "on", n
		}
		if leastWords[follows] || follows == "max" {
			return "at", n
		}
		return "not", n
	}
	if rule == "sur" && duration { // sur 8 heures
		return "over", n
	}
	// a preposition of place that is one of exchange too
	trade := g.verb == TradeVerb || g.verb == BuyVerb || g.verb == SellVerb
	switch {
	case duration:
		return "in", n
	case followsDay(follows):
		return "on", n
	case after < len(g.ws) && g.ws[after].kind == digits && rule == "at":
		return "at", n
	case (g.verb == SendVerb || g.verb == "") && coins[follows] && !chainNouns[g.next(after+1)]: // envía 100 dólares a bob en ETH
		return "for", n
	case dual && !nameOnly[follows] && trade && (g.seen > 0 || g.verbs > 1) && !g.out && !chainNouns[g.next(after+1)]:
		return "for", n
	case chain || venue || chainNouns[follows]:
		return "on", n
	}
	return "into", n
}

// coins are the words for a chain that mean its coin first.
var coins = words(`eth bnb avax pol xdai`)

func followsDay(s string) bool { return strings.HasSuffix(dayWords[s], "day") }

// capital reports whether a text is in capitals only.
func capital(s string) bool {
	found := false
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		found = found || unicode.IsUpper(r)
	}
	return found
}

// oneMark is a number with one mark and three digits after it: thousands to some, thousandths to others, and in a language that
// writes a comma for the decimal mark nobody can tell.
var oneMark = pattern(`^[1-9]\d{0,2}[.,]\d{3}$`)

// unsureNumber returns how many words from i on are a number that can't be read for sure: 1.234 in Spanish, 3분의 1, 1만 5천, and
// what is left out (50以外) where no word says of what.
func (g *glosser) unsureNumber(i int) int {
	if g.ws[i].kind != digits {
		return 0
	}
	if (g.t.script == nil || g.t == russian) && oneMark().MatchString(g.ws[i].norm) {
		return 1
	}
	said := ""
	for k := i + 1; k < len(g.ws) && k < i+4; k++ { // a part: 3분의 1, 3分の1, 3分之1
		if said += g.ws[k].norm; said == "분의" || said == "分の" || said == "分之" {
			if k+1 < len(g.ws) && (g.ws[k+1].kind == digits || g.v.numbers[fold(g.ws[k+1].norm)].value != nil) {
				return k + 2 - i
			}
		}
	}
	end := i + 1
	if _, n := g.t.numeralAt(g.ws, i, g.countable); n > 0 {
		end = i + n
	}
	if g.t == korean && end > i+1 && end+1 < len(g.ws) && g.ws[end].kind == digits {
		if _, n := g.t.numeralAt(g.ws, end, g.countable); n > 1 {
			return end + n - i
		}
	}
	at := end
	if g.token(at) {
		at++
	}
	if g.next(at) != "@but" {
		return 0
	}
	for k := range g.ws {
		if g.next(k) == "all" {
			return 0
		}
	}
	return end - i
}
