package intents

import (
	"slices"
	"strings"
)

// clauseFamily returns the verb family that rules word i: the nearest verb before it in its clause, else the first after it.
func (p *reader) clauseFamily(i int) (Family, bool) {
	if p.rules == nil {
		if p.rules = p.ruling(); p.tongue.verbLast() {
			p.rules = p.rulingLast()
		}
	}
	return p.rules[i], p.rules[i] != ""
}

// ruling finds for each word the family that rules it, in one sweep each way.
func (p *reader) ruling() []Family {
	verbs, rules := make([]Family, len(p.ws)), make([]Family, len(p.ws))
	last := Family("")
	for i := range p.ws {
		rules[i] = last
		if f, ok := p.ruler(i); ok {
			verbs[i], last = f, f
		} else if clauseEnds[p.at(i)] {
			last = ""
		}
	}
	last = ""
	for i := len(p.ws) - 1; i >= 0; i-- {
		if rules[i] == "" {
			rules[i] = last
		}
		if verbs[i] != "" {
			last = verbs[i]
		} else if clauseEnds[p.at(i)] {
			last = ""
		}
	}
	last = ""
	for i := range rules { // a clause without a verb shares the one before it
		if rules[i] == "" {
			rules[i] = last
		}
		last = rules[i]
	}
	return rules
}

// ruler returns the family that word i gives its clause: that of a verb, or of a word that is as good as one for what stands beside it.
func (p *reader) ruler(i int) (Family, bool) {
	if f, ok := p.family(i); ok {
		return f, true
	}
	f, ok := carrying[p.at(i)]
	return f, ok
}

// carrying are verbs that order nothing by themselves, but tell where what they carry goes.
var carrying = byWord(map[Family]string{
	SendVerb: `owe owes reimburse refund chuck toss kick mail split sling lob`,
	MoveVerb: `ship carry ferry drag`,
})

var clauseEnds = words(`. ; then`)

func (p *reader) family(i int) (Family, bool) {
	w := p.at(i)
	if w == "" {
		return "", false
	}
	for _, f := range []struct {
		phrase string
		family Family
	}{
		{"cash out", SellVerb},
		{"get rid of", SellVerb},
		{"top up", SendVerb},
		{"take out", WithdrawVerb},
		{"pull out", WithdrawVerb},
		{"pay back", RepayVerb},
		{"pay off", RepayVerb},
		{"pay down", RepayVerb},
		{"pick up", BuyVerb},
		{"trade in", TradeVerb},
		{"turn", TradeVerb},
		{"drop", SendVerb},
		{"ship", SendVerb},
		{"hand", SendVerb},
		{"pass", SendVerb},
		{"beam", SendVerb},
		{"price", TradeVerb},
		{"quote", TradeVerb},
	} {
		if p.phrase(i, f.phrase) > 0 {
			return f.family, true
		}
	}
	if who := p.at(i - 1); (w == "get" || w == "got") && (who == "i" || who == "you" || who == "we") { // what i get
		return "", false
	}
	if f, ok := VerbFamily(w); ok {
		return f, ok
	}
	if f, ok := Participle(w); ok {
		return f, ok
	}
	return Gerund(w)
}

// venues takes the names of protocols.
func (p *reader) venues() {
	for i := 0; i < len(p.ws); i++ {
		if p.isDigits(i) && p.at(i+1) == "inch" && p.glued(i+1) && (p.venuePlace(i) || p.venueOfDigits(i)) {
			p.take(i, i+2, Span{Kind: VenueSpan, Venue: "1inch"})
			continue
		}
		key, n := longest(p, i, p.lex.Venues)
		if n == 0 || n == 1 && (dualVenue[p.at(i)] && (!p.venuePlace(i) || p.spentOn(i)) || englishVenue[p.at(i)] && p.tongue == nil && !p.placeBefore(i) && !positionNouns[p.at(i+1)]) && !p.spokenVenue(i) {
			continue
		}
		if v := p.at(i + n); v == "v2" || v == "v3" || v == "v4" || v == "protocol" || v == "finance" {
			n++
		}
		p.take(i, i+n, Span{Kind: VenueSpan, Venue: key})
	}
}

// venueOfDigits reports whether the two words at i, of 1inch, stand where a protocol stands.
func (p *reader) venueOfDigits(i int) bool {
	prev, next := p.at(i-1), p.at(i+2)
	switch {
	case prev == "with":
		return next == "," || i == 1
	case p.mentions(allowances):
		return prev != "my" && !p.afterAmount(i)
	}
	return prev == "cut" || next == "off" || i == 0 && (next == "," || next == ":" || next == "price" || next == "quote" && p.moved(i))
}

// venuePlace reports whether word i, which may be a protocol or its token, stands where a protocol stands.
func (p *reader) venuePlace(i int) bool {
	if f, _ := p.clauseFamily(i); f == ApproveVerb || f == RevokeVerb {
		return true
	}
	if f, verb := VerbFamily(p.at(i - 1)); verb && (f == LendVerb || f == RepayVerb || f == SendVerb && p.at(i+1) == "back") && (p.at(i+1) == "with" || p.at(i+1) == "back" || i+1 < len(p.ws) && p.ws[i+1].taken) {
		return true
	}
	if positionNouns[p.at(i+1)] && (p.at(i-1) == "my" || p.at(i-1) == "the" || p.at(i-1) == "our") {
		return true
	}
	if p.postedVenue(i) {
		return true
	}
	if !p.placeBefore(i) {
		return false
	}
	switch p.at(i - 1) {
	case "to", "into", "onto", "with":
		f, _ := p.clauseFamily(i)
		return f != TradeVerb && f != BuyVerb && f != SellVerb && f != SendVerb
	}
	return true
}

// positionNouns follow a protocol whose word is a token too: what is owed or held there.
var positionNouns = words(`position loan debt deposit supply borrow vault market pool lending`)

var englishVenue = words(`across hop compound spark curve fluid maker euler convex blur balancer permit2`)

// placeBefore reports whether the word before i says that a place follows.
func (p *reader) placeBefore(i int) bool {
	w := p.at(i - 1)
	if w == "the" {
		w = p.at(i - 2)
	}
	return placeWords[w] || w == "of" && p.at(i-2) == "out"
}

var (
	placeWords = words(`on via using through at in into from onto over to with inside`)
	onWords    = words(`auf sur en em di su on via over across through using onto network: chain: chain network`)
	chainNouns = words(`chain network mainnet l2 l1 side rollup`)
)

// chains takes the names of chains. A word that is a token too counts as a chain by its place only.
func (p *reader) chains() {
	for i := 0; i < len(p.ws); i++ {
		key, n := longest(p, i, p.lex.Chains)
		if n == 0 {
			key, n = p.misspelt(i)
		}
		if n == 0 {
			continue
		}
		if _, dual := dualSymbol[p.at(i)]; dual && (n == 1 && !p.chainPlace(i) || n > 1 && p.afterAmount(i)) {
			continue
		}
		if n == 1 && (p.at(i) == "base" && (p.at(i+1) == "fee" || p.at(i+1) == "fees" || p.at(i+1) == "rate")) || (n == 1 && p.at(i) == "era" && !p.placeBefore(i)) {
			continue
		}
		end := i + n
		if p.is(end, chainNouns) && p.at(end) != "side" {
			end++
		}
		p.take(i, end, Span{Kind: ChainSpan, Chain: key})
	}
}

// misspelt returns the one chain that word i is a slip of, where only a chain can stand: on abritrum. Where two chains are as
// near, it is none.
func (p *reader) misspelt(i int) (string, int) {
	w := p.at(i)
	if len(w) < 5 || !onWords[p.at(i-1)] && !wayWords[p.at(i-1)] || p.ws[i].kind != letters || english[w] || notLabels[w] || verbal(w) {
		return "", 0
	}
	if _, symbol := p.lex.Names[w]; symbol || p.lex.Tokens[strings.ToUpper(w)] || p.lex.Book[w] || p.lex.Venues[w] != "" {
		return "", 0
	}
	found := ""
	for name, key := range p.lex.Chains {
		if len(name) < 5 || !Slip(w, name) || key == found {
			continue
		}
		if found != "" {
			return "", 0
		}
		found = key
	}
	if found == "" {
		return "", 0
	}
	return found, 1
}

// chainPlace reports whether word i, which may be a token or a chain, stands where a chain stands.
func (p *reader) chainPlace(i int) bool {
	prev := p.at(i - 1)
	if prev == "the" {
		prev = p.at(i - 2)
	}
	if f, ok := p.clauseFamily(i); prev == "using" && ok && (f == BuyVerb || f == TradeVerb || f == SellVerb) { // buy 5 dai using eth
		return p.is(i+1, chainNouns)
	}
	if i == 0 && p.at(1) == ":" && p.at(0) != "eth" && p.at(0) != "ethereum" { // arb: swap 1 eth to usdc
		return true
	}
	if p.at(i-1) == "$" || prev == "my" && !(nameOnly[p.at(i)] && p.is(i+1, heldThere)) || p.spentOn(i) {
		return false
	}
	if chain, known := p.postedChain(i); known {
		return chain
	}
	if s := p.spanEndingAt(i); s != nil && (s.Kind == AmountSpan || s.Kind == VenueSpan) {
		return s.Kind == VenueSpan
	}
	if p.is(i+1, chainNouns) || onWords[prev] {
		return !p.is(i+1, words("balance")) || onWords[prev]
	}
	f, ok := p.clauseFamily(i)
	if p.thirdToken(i) || p.arrowed(i) || p.chainByTheWay(i, f) {
		return true
	}
	if wayWords[prev] {
		switch {
		case (!ok || f == BuyVerb) && p.fromTo(i):
			return true
		case ok && f == BridgeVerb:
			return true
		case ok && (f == MoveVerb || f == SendVerb):
			return nameOnly[p.at(i)] || prev != "into"
		}
		return false
	}
	if !ok && nameOnly[p.at(i)] || ok && nameOnly[p.at(i)] && f != BuyVerb && f != SellVerb && f != TradeVerb {
		return p.at(i) != "ethereum"
	}
	return false
}

// chainByTheWay reports whether word i, a token or a chain, is a chain by the way that leads there or away: over to arb, off polygon,
// from arbitrum to base, instead of op where another chain is named.
func (p *reader) chainByTheWay(i int, f Family) bool {
	w, prev := p.at(i), p.at(i-1)
	long := nameOnly[w] && w != "ethereum"
	trades := f == TradeVerb || f == SellVerb
	switch {
	case prev == "to" && (p.at(i-2) == "over" || p.at(i-2) == "across" || p.at(i-2) == "home"):
		return !trades && (w != "eth" || f != "" || p.at(i-2) == "home")
	case long && prev == "to" && (p.at(i-2) == "goes" || p.at(i-2) == "going" || p.at(i-2) == "go"):
		return true
	case long && (prev == "off" || prev == "outta" || prev == "leaving" || prev == "goodbye" || p.is(i+1, heldThere)):
		return true
	case long && i == 1 && (prev == "in" || prev == "for") && p.at(i+1) == ":":
		return true
	case long && i == 0 && (p.at(1) == ">" || p.at(1) == "," || p.at(1) == "→"):
		return true
	case prev == "of" && p.at(i-2) == "instead" || prev == "than" && p.at(i-2) == "rather":
		s := p.spanEndingAt(i - 2)
		return s != nil && s.Kind == ChainSpan
	case p.betweenChains(i):
		return !trades || nameOnly[w] || prev != "to"
	case f == TradeVerb:
		return p.fromTo(i) && p.onlyChains(i)
	case trades:
		return false
	case f == BridgeVerb || f == MoveVerb:
		return p.afterToken(i) && (!p.is(i+1, placeWords) || p.at(i+1) == "to") || w == "ethereum" && prev != "bridge" && prev != "my" && p.at(i+1) != "," && p.namesToken(i)
	case f == BuyVerb:
		return long && (prev == "to" || prev == "from") && !p.is(i+1, tokenNouns)
	case f == LendVerb:
		return prev == "to" && long
	case f != "":
		return false
	case !wayWords[prev]:
		return long && prev == "on"
	}
	if prev == "to" && p.at(i+1) == "from" && p.closes(i+3) || prev == "from" && p.afterChain(i-1) {
		return chainWordAt(p, i+2) || prev == "from"
	}
	return long || p.namesChain(i) && w != "eth" && (prev == "from" || prev == "off" || w == "ethereum")
}

// betweenChains reports whether "to" or an arrow leads from word i to a word that can only be a chain, or from such a word to it,
// with nothing that says where a trade happens before the first.
func (p *reader) betweenChains(i int) bool {
	if w := p.at(i + 1); w == "to" || w == ">" || w == "→" {
		_, n := chainAt(p, i+2)
		if n == 0 || dualAt(p, i+2) && !(nameOnly[p.at(i)] && nameOnly[p.at(i+2)] && p.namesToken(i)) || p.at(i-1) == "$" {
			return false
		}
		return i == 0 && nameOnly[p.at(i)] || p.afterToken(i) || i > 0 && p.ws[i-1].kind == sign || i == 0 && p.at(i+3) == ":"
	}
	if w := p.at(i - 1); w != "to" && w != ">" && w != "→" {
		return false
	}
	s := p.spanEndingAt(i - 1)
	if s == nil || s.Kind != ChainSpan {
		return false
	}
	from := i - 2
	for from > 0 && p.ws[from].start > s.Start {
		from--
	}
	if p.is(from-1, onWords) {
		return false
	}
	return from == 0 || p.ws[from-1].kind == sign || p.afterToken(from) || p.is(from-1, wayWords)
}

// afterToken reports whether the word before i names a token, or closes a span of one.
func (p *reader) afterToken(i int) bool {
	if i > 0 && p.at(i-1) != "of" && p.tokenWord(i-1) {
		return true
	}
	s := p.spanEndingAt(i)
	return s != nil && s.Kind == ChainSpan && AlsoChain(s.Text)
}

// namesToken reports whether a word before i in its sentence can only be a token.
func (p *reader) namesToken(i int) bool {
	for k := i - 1; k >= 0 && k > i-24 && p.at(k) != "."; k-- {
		if p.at(k) != "of" && p.tokenWord(k) {
			return true
		}
	}
	return false
}

// namesChain reports whether another word of the text than i can only be a chain, or rarely means anything else.
func (p *reader) namesChain(i int) bool {
	if !p.counted {
		p.counted = true
		for _, w := range p.ws {
			if _, dual := dualSymbol[w.norm]; p.lex.Chains[w.norm] != "" && (!dual || nameOnly[w.norm]) {
				p.plainChains++
			}
		}
	}
	others := p.plainChains
	if nameOnly[p.at(i)] {
		others--
	}
	return others > 0
}

// onlyChains reports whether word i, one of the two in "from X to Y", is a chain though it may be a token: the other can only be one,
// and Y is no symbol.
func (p *reader) onlyChains(i int) bool {
	if p.at(i-1) == "from" {
		_, n := chainAt(p, i+2)
		return n > 0 && !dualAt(p, i+2) || nameOnly[p.at(i)] && nameOnly[p.at(i+2)]
	}
	return nameOnly[p.at(i)]
}

// dualAt reports whether word i is a token's symbol or name too.
func dualAt(p *reader, i int) bool {
	if i < 0 || i >= len(p.ws) {
		return false
	}
	_, dual := dualSymbol[p.ws[i].norm]
	return dual
}

// chainWordAt reports whether word i begins a chain, or one that may be a token too.
func chainWordAt(p *reader, i int) bool {
	_, n := chainAt(p, i)
	return n > 0
}

// afterChain reports whether a chain ends before word i.
func (p *reader) afterChain(i int) bool {
	s := p.spanEndingAt(i)
	return s != nil && s.Kind == ChainSpan
}

// spentOn reports whether word i, after "on", is what something is spent on rather than where.
func (p *reader) spentOn(i int) bool {
	if up := p.at(i - 2); p.at(i-1) == "on" && up == "up" && (p.at(i-3) == "load" || p.at(i-3) == "stock") { // load up on arb
		return true
	}
	if p.at(i-1) != "on" || nameOnly[p.at(i)] || !p.closes(i+1) && p.at(i+1) != "and" || !p.afterToken(i-1) && !p.afterAmount(i-1) {
		return false
	}
	for k := i + 1; k < len(p.ws) && k < i+4 && !clauseEnds[p.at(k)]; k++ {
		if p.at(k) == "for" || p.at(k) == "buy" || p.at(k) == "to" {
			return false
		}
	}
	for k := i - 2; k >= 0 && k > i-14; k-- {
		if p.is(k, spending) {
			return true
		}
	}
	return false
}

// spending is done on what is bought.
var spending = words(`spend blow splurge drop`)

// heldThere follow a chain that something is held on: out of my polygon funds.
var heldThere = words(`funds holdings side stash`)

// thirdToken reports whether word i closes a clause that has named two tokens before it, the second right before: what follows
// both sides of a trade is where it happens (swap 5 USDC ETH arb).
func (p *reader) thirdToken(i int) bool {
	if prev := p.at(i - 1); !p.closes(i+1) || prev == "of" || prev != "," && !p.tokenWord(i-1) {
		return false
	}
	named := 0
	for k := i - 1; k >= 0 && !clauseEnds[p.at(k)] && k > i-12; k-- {
		if p.at(k) == p.at(i) {
			return false
		}
		if p.tokenWord(k) && p.at(k) != "of" {
			named++
		}
	}
	return named == 2
}

// fromTo reports whether word i is one of the two in "from X to Y", where both may be chains.
func (p *reader) fromTo(i int) bool {
	from := i - 1
	if p.at(from) != "from" {
		for from = i - 2; from > 0 && from > i-6 && p.at(from) != "from"; from-- {
		}
	}
	if p.at(from) != "from" {
		return false
	}
	_, n := chainAt(p, from+1)
	way := from + 1 + n
	if p.at(way) == "across" || p.at(way) == "over" {
		way++
	}
	_, m := chainAt(p, way+1)
	return n > 0 && m > 0 && wayWords[p.at(way)]
}

// arrowed reports whether an arrow leads from word i to a word that can only be a chain, or from such a word to it.
func (p *reader) arrowed(i int) bool {
	at, step := i+1, 1
	if arrow := p.at(i - 1); arrow == ">" || arrow == "→" {
		at, step = i-1, -1
	}
	for n := 0; n < 3 && (p.at(at) == ">" || p.at(at) == "-" || p.at(at) == "=" || p.at(at) == "→"); n++ {
		at += step
	}
	if step > 0 && at == i+1 || at < 0 || at >= len(p.ws) {
		return false
	}
	if p.ws[at].taken {
		s := p.spanEndingAt(at + 1)
		return s != nil && s.Kind == ChainSpan && !AlsoChain(s.Text)
	}
	_, chain := p.lex.Chains[p.ws[at].norm]
	_, dual := dualSymbol[p.ws[at].norm]
	return chain && !dual
}

// chainAt is the chain that words at i name, whether an earlier pass took them or not.
func chainAt(p *reader, i int) (string, int) {
	if i < len(p.ws) && p.ws[i].taken {
		for _, s := range p.spans {
			if s.Kind == ChainSpan && s.Start == p.ws[i].start {
				n := 0
				for i+n < len(p.ws) && p.ws[i+n].end <= s.End {
					n++
				}
				return s.Chain, n
			}
		}
	}
	return longest(p, i, p.lex.Chains)
}

// wayWords lead from one place to another.
var wayWords = words(`from frm to onto into > → off towards vers nach von para pra ke dari desde hacia da depuis verso`)

// nameOnly are the chain names that rarely mean the token.
var nameOnly = words(`arbitrum optimism polygon avalanche zksync gnosis ethereum`)

// tokens takes symbols and names of tokens, known ones anywhere, unknown ones where only a token can stand.
func (p *reader) tokens() {
	for i := 0; i < len(p.ws); i++ {
		if p.at(i) == "$" && p.glued(i+1) && p.at(i+1) != "" && p.ws[i+1].kind == letters && symbolLike(p.at(i+1)) {
			p.takeToken(i, i+2, strings.ToUpper(p.at(i+1)))
			continue
		}
		if p.isDigits(i) && p.at(i) == "1" && p.at(i+1) == "inch" && p.glued(i+1) {
			p.takeToken(i, i+2, "1INCH")
			continue
		}
		if symbol, n := longest(p, i, p.lex.Names); n > 0 {
			p.takeToken(i, i+n, symbol)
			i += n - 1
			continue
		}
		if p.at(i) == "" || p.ws[i].kind != letters {
			continue
		}
		w := strings.TrimSuffix(p.at(i), "'s")
		symbol := strings.ToUpper(w)
		if s, dual := dualSymbol[w]; dual {
			symbol = s
		}
		switch {
		case p.lex.Tokens[symbol]:
			if weakSymbols[w] && !p.tokenPlace(i) {
				continue
			}
			p.takeToken(i, i+1, symbol)
		case symbolLike(w) && !english[w] && !negations[w] && !endings[w] && !verbal(w) && (p.capitals(i) || !DeniesNearly(w)) && p.spelledOut(i) && p.unknownPlace(i):
			p.takeToken(i, i+1, symbol)
		}
	}
}

// verbal reports whether a word is a form of a verb: no one names a token so.
func verbal(w string) bool {
	_, verb := VerbFamily(w)
	_, participle := Participle(w)
	return verb || participle || strings.HasSuffix(w, "ing") || strings.HasSuffix(w, "ly")
}

func (p *reader) takeToken(from, to int, symbol string) {
	if w := p.at(to); w == "tokens" || w == "token" || w == "coins" || w == "coin" {
		to++
	}
	s := Span{Kind: TokenSpan, Symbol: symbol, Known: p.lex.Tokens[symbol]}
	if !s.Known {
		s.Near = p.lex.near(symbol)
	}
	p.take(from, to, s)
}

// symbolLike reports whether a lower-case word could be a token's symbol.
func symbolLike(w string) bool {
	if len(w) < 2 || len(w) > 12 || w[0] >= '0' && w[0] <= '9' {
		return false
	}
	return strings.Trim(w, "abcdefghijklmnopqrstuvwxyz0123456789.") == ""
}

// tokenWord reports whether word i is a known token's symbol or name.
func (p *reader) tokenWord(i int) bool {
	w := p.at(i)
	if w == "" {
		return false
	}
	_, name := p.lex.Names[w]
	_, dual := dualSymbol[w]
	return name || dual || p.lex.Tokens[strings.ToUpper(w)] || (w == "of" && p.at(i+1) != "")
}

// capitals reports whether word i is written in capitals, in a text that is not.
func (p *reader) capitals(i int) bool {
	s := p.text[p.ws[i].start:p.ws[i].end]
	return s == strings.ToUpper(s) && p.text != strings.ToUpper(p.text)
}

// afterAmount reports whether word i follows an amount: 5 X, 5 of my X, half my X.
func (p *reader) afterAmount(i int) bool {
	at := i
	for back := 0; back < 4; back++ {
		if s := p.spanEndingAt(at); s != nil {
			return s.Kind == AmountSpan || s.Kind == MinOutSpan
		}
		if w := p.at(at - 1); w != "of" && w != "my" && w != "the" && w != "our" && w != "worth" && w != "in" {
			return false
		}
		at--
	}
	return false
}

// tokenPlace reports whether word i stands where a token stands.
func (p *reader) tokenPlace(i int) bool {
	if p.afterAmount(i) || p.capitals(i) || p.is(i+1, tokenNouns) || p.beforeLevel(i) || p.symbolAbroad(i) {
		return true
	}
	f, ok := p.clauseFamily(i)
	if !ok {
		if askedOf[p.at(i-1)] && p.closes(i+1) && p.inMoney() {
			return true
		}
	} else if f != SendVerb && f != MoveVerb {
		prev := p.at(i - 1)
		if _, verb := VerbFamily(prev); verb && p.closes(i+1) {
			return true
		}
		if (prev == "to" || prev == "for" || prev == "into" || prev == "of" || prev == "with") && p.closes(i+1) {
			return true
		}
	}
	return p.weakPlace(i, f)
}

// weakPlace reports whether word i, a symbol that is a plain word too, stands where only what is held, traded or asked about does:
// how much link do I have, out of op, on arb with 40 usdc.
func (p *reader) weakPlace(i int, f Family) bool {
	w := strings.TrimSuffix(p.at(i), "'s")
	if commonest[w] {
		return false
	}
	prev, cryptic := p.at(i-1), !spokenSymbols[w]
	switch {
	case !p.closes(i+1) && !p.is(i+1, clauseWords) && (w == "will" || !p.is(i+1, statusWords)):
		return false
	case f == SendVerb || f == MoveVerb:
		if prev == "to" || prev == "for" || prev == "at" {
			return prev == "for" && p.paidFor(i) // pay 30 dai for link
		}
		return heldWords[prev] || cryptic && (prev == "of" || prev == "")
	case heldWords[prev]:
		return cryptic || f != "" || p.inMoney() || p.moved(i) || p.is(i+1, clauseWords) || p.mentions(asking) || p.mentions(allowances)
	case prev == "of" && p.at(i-2) == "out", wantWords[prev]:
		return true
	case cryptic && !p.ws[i].capitals && (prev == "" || !namedAfter[prev]):
		return p.inMoney() || p.moved(i) || f != ""
	}
	return leadWords[prev] && (f != "" || p.inMoney() || p.moved(i))
}

// paidFor reports whether word i is what a payment right before it buys: pay 30 dai for link.
func (p *reader) paidFor(i int) bool {
	s := p.spanEndingAt(i - 1)
	if s == nil || s.Kind != TokenSpan && s.Kind != AmountSpan {
		return false
	}
	for k := i - 2; k >= 0 && k > i-8; k-- {
		if p.at(k) == "pay" || p.at(k) == "paying" {
			return p.ws[k+1].taken
		}
	}
	return false
}

// inMoney reports whether a word of the text is about what money does: a price, a rate, a balance, an alert.
func (p *reader) inMoney() bool {
	return slices.ContainsFunc(p.ws, func(w word) bool { return money[w.norm] })
}

// moved reports whether the text has an amount before or after word i, so that a token may be meant without a verb.
func (p *reader) moved(i int) bool {
	return slices.ContainsFunc(p.spans, func(s Span) bool {
		return (s.Kind == AmountSpan || s.Kind == CondSpan) && s.Eligible && (s.End <= p.ws[i].start || s.Start >= p.ws[i].end)
	})
}

var (
	// commonest are the symbols that are among the commonest words: only an amount, capitals or a noun of tokens tells them.
	commonest = words(`one near people super time fun high safe id ai gas rare win era ice sun sky`)
	// spokenSymbols are the other symbols that are words or first names of the language; the rest of weakSymbols are no words.
	spokenSymbols = words(`link sand ape cake mask magic band ocean spell flow bond bat gala turbo render atom joe ada sol dot ton mana will degen comp apt bal om op`)
	// heldWords come before what is held, wanted or left.
	heldWords = words(`my some much many any enough more our holding own extra`)
	// wantWords come before what is wanted, or is to go.
	wantWords = words(`sell buy want get need quit exit fancy holding buying selling`)
	// leadWords lead to a token where an amount, a price or a trade is in the text.
	leadWords = words(`me for on into in to with of at against than from is are does did it's how's of check want wants make it will and`)
	// namedAfter come before a person or a place, not a token.
	namedAfter = words(`mr mrs dear hi hey hello uncle aunt named called a an this that these those your his her their`)
	// clauseWords go on with the clause after a token.
	clauseWords = words(`do does did can could would should will is are was have has had i you we left and if as because so right instead`)
	// asking opens a question about what is held.
	asking = words(`how what where which whats wheres`)
	// statusWords go on with a question about a token.
	statusWords = words(`doing going trading worth now today legit safe look looks looking at up down low high get gets got ever total any anymore`)
)

var (
	// askedOf stand before a token in a question that has a word of money in it.
	askedOf = words(`of for is one a an single are over my does`)
	money   = words(`price priced prices rate rates cost worth value quote apy apr yield yields farm farms balance trading allowance approval spending spend alert alerts stop
		honeypot rugged scam legit flags ping notify`)
)

// tokenNouns follow a token: what it costs, what is held of it, who may spend it.
var tokenNouns = words(`token tokens coin coins price cost costs worth balance balances approval allowance allowances permission permissions holdings bag yield yields apy apr`)

// beforeLevel reports whether a level that something waits for follows word i: if link breaks 20 dollars.
func (p *reader) beforeLevel(i int) bool {
	if i+1 >= len(p.ws) || !p.ws[i+1].taken {
		return false
	}
	for _, s := range p.spans {
		if s.Kind == CondSpan && s.Start == p.ws[i+1].start {
			return true
		}
	}
	return false
}

// unknownPlace reports whether word i, which no list knows, stands where only a token can stand.
func (p *reader) unknownPlace(i int) bool {
	if p.afterAmount(i) {
		return true
	}
	f, ok := p.clauseFamily(i)
	if !ok {
		return false
	}
	prev := p.at(i - 1)
	switch f {
	case TradeVerb, BuyVerb, SellVerb:
	default:
		return false
	}
	if p.traded(i) || p.isAddress(i+1) {
		return false
	}
	if _, verb := VerbFamily(prev); verb || prev == "my" || prev == "some" {
		return p.capitals(i) || p.closes(i+1)
	}
	return (prev == "to" || prev == "for" || prev == "into" || prev == "with") && p.closes(i+1)
}

// traded reports whether "to" before word i follows what already leads to a token, so that a person may follow, not a second one:
// 0.5 weth to eth to bob, dai to bob, which goes to bob.
func (p *reader) traded(i int) bool {
	if p.at(i-1) != "to" {
		return false
	}
	if w := p.at(i - 2); w == "goes" || w == "over" {
		return true
	}
	for k := i - 2; k > 0 && k > i-24 && !clauseEnds[p.at(k)]; k-- {
		if s := p.spanEndingAt(k + 1); s != nil && s.Kind == AmountSpan && s.Quantity != nil && s.Quantity.Form == Exact {
			return false
		}
		if w := p.at(k); (w == "to" || w == "into" || w == "for" || w == "as") && k+1 < i-1 && p.tokenStarts(k+1) {
			return true
		}
		if _, verb := VerbFamily(p.at(k)); verb {
			return false
		}
	}
	return false
}

// tokenStarts reports whether a known token begins at word i, taken or not.
func (p *reader) tokenStarts(i int) bool {
	if i >= len(p.ws) {
		return false
	}
	if p.ws[i].taken {
		return slices.ContainsFunc(p.spans, func(s Span) bool { return s.Kind == TokenSpan && s.Known && s.Start == p.ws[i].start })
	}
	return p.at(i) != "of" && p.tokenWord(i)
}

// isAddress reports whether word i is an address or a name with a dot.
func (p *reader) isAddress(i int) bool {
	return i >= 0 && i < len(p.ws) && p.ws[i].own && (p.ws[i].kind == hexWord || p.ws[i].kind == dotName)
}

// closes reports whether a phrase may end before word i: the text ends, or a mark, a preposition or a span follows.
func (p *reader) closes(i int) bool {
	if i >= len(p.ws) || p.ws[i].taken || p.ws[i].kind == sign || p.ws[i].breaks {
		return true
	}
	return closers[p.ws[i].norm] || p.ws[i].post != ""
}

var (
	closers = words(`doing looking gets receives should to for into on in with using via from and then please pls now at at: by over at through if when but except keep slippage max min after before asap right thanks thx today tomorrow every each worth or and
		once because cause cos cuz coz so while since until unless lol lmao haha sir ty tysm plz btw tbh rn ser tho ok okay yeah w as instead which who`)
	// english are words that follow an amount or a verb and name no token.
	english = words(`a an the my your his her our their its it this that these those them him me you us i we some any more less most least of to for into in on at by
		with from and or but then than as is are was were be been am do does did done not no yes please pls now today tomorrow tonight soon later again
		times time days day weeks week months month hours hour minutes minute seconds years year percent dollars dollar bucks usd cents worth tokens token coins coin
		transactions transaction txs tx people friends friend each every other others different new old same whole full half quarter back out up down over off
		everything something anything nothing all both one two few couple lot lots bit bunch crypto money cash funds stuff things thing wallet wallets account
		address balance portfolio picture holdings assets bags bag position positions nft nfts gas fee fees gwei wei if when while once until unless so just only really very too also maybe
		about around approx roughly exactly least most max min slippage here there where what which who why how can could would should will shall may might must
		have has had get got want need like let lets go going gonna wanna gotta stables stablecoin stablecoins stable chain chains network hey hi hello thanks
		via using per after before between against without within through across limit market order orders loan debt collateral interest yield rewards reward
		dust rest remaining remainder half share shares part portion amount profit profits salary rent dinner lunch coffee lp pool vault staked wrapped liquid
		deposit approval approvals allowance spender contract contracts small big little tiny good bad best cheap safe risky degen memecoin memecoins shitcoin altcoin alts swap swaps
		send buy sell bridge trade transfer stake unstake lend borrow repay withdraw approve revoke wrap unwrap exchange convert quote price check show tell give take put make
		except besides excluding minus plus unless instead rather yesterday ago never neither either nor ever again almost nearly barely hardly perhaps suppose pretend hypothetical imagine
		unlike like even still already yet always often sometimes once twice thrice maximum minimum enough plenty several many much such quite too own first second third last next previous
		same similar random secret special free extra additional further anyway though although because since whether however thereof worthless fake real actual spare leftover idle
		again together apart away around beyond beside behind above below upon among toward towards until till pending failed cancelled canceled done never mine yours ours theirs
		spend lend let keep leave hold stop wait ask say said says told think thought believe guess hope wish if else otherwise someday sometime anytime thing today's tomorrow's
		sorry forget nevermind remember recall regret tried trying refused declined maybe
<<<<<<< ours
		right left warn fail failed work works worked yields rates rate score scores slice slices part parts dip dips trading price prices cost costs value going looking doing score rating report history status bridge bridged
		received resulting remaining instead possible available cheap cheaper expensive better worse higher lower highest lowest today tonight soon monday tuesday wednesday thursday friday saturday sunday twap dca usual normal
=======
		alone stays takes talk word words night point self well trades transfers scheduled stolen business phone loans links letters mails miles kilometres grams seats pizzas
		buys sells swaps sends goes go going went come comes came gone em dem him dis dat ya um uh er hmm huh losses loss votes vote another status complete completed estimate estimates
		high higher low lower plan plans style life love regards hugs wishes dear start begin end finish along earlier permission access leave rate rates yields apy apr
		info details update updates report summary list history overview help advice idea taxes bills invoice message text note call sign stuck fail failed
		arrive arrived happen happened run running rugged safe safely successful success successfully know proceeds tip tips luck chance hint minute second kick
		chuck toss throw mail owe owes reimburse refund tonight noon morning evening midnight weekend payment payments purchase sale deal deals quick nice kind
>>>>>>> theirs
		myself yourself himself somebody someone anyone everybody everyone nobody whoever whatever`)
)

// names takes the recipients that are named: labels of the book anywhere they can stand, other words only where a recipient
// stands.
func (p *reader) names() {
	for i := 0; i < len(p.ws); i++ {
		if p.at(i) == "" || p.ws[i].kind == digits {
			continue
		}
		if p.at(i) == "@" && p.glued(i+1) && p.at(i+1) != "" && p.ws[i+1].kind == letters {
			p.take(i, i+2, Span{Kind: NameSpan, Value: p.at(i + 1)})
			continue
		}
		if !p.recipientPlace(i) {
			continue
		}
		start := i
		if w := p.at(i); (w == "my" || w == "the" || w == "our") && p.at(i+1) != "" {
			start = i + 1
		}
		if n := p.label(start); n > 0 && !p.apposed(start, n) {
			p.take(i, start+n, Span{Kind: NameSpan, Value: p.spelled(start, n)})
			i = start + n - 1
		}
	}
}

// apposed reports whether the n words at i, which no book has, only say who an address beside them is: my bro amir.eth, the plumber,
// 0x….
func (p *reader) apposed(i, n int) bool {
	if _, known := longest(p, i, p.lex.Book); known > 0 {
		return false
	}
	end := i + n
	if w := p.at(end); w == "," || w == ":" || w == "(" {
		end++
	}
	return p.isAddress(end) || p.at(i-1) == "the" && slices.ContainsFunc(p.ws[end:], func(w word) bool { return w.own && (w.kind == hexWord || w.kind == dotName) })
}

// recipientPlace reports whether a recipient may stand at word i: after "to" in a clause that sends, or right after its verb.
func (p *reader) recipientPlace(i int) bool {
	f, ok := p.clauseFamily(i)
	prev := p.at(i - 1)
	switch {
	case prev == "to" && (i == 1 || clauseEnds[p.at(i-2)]) && p.at(i+1) == ":": // to bob: 5 usdc
		return true
	case p.getter(i), p.ownPlace(i):
		return true
	case p.tongue == nil && (p.traded(i) || prev == "to" && p.at(i-2) == "go" && p.at(i-3) == "must"):
		return true
	case !ok:
		return p.tongue == nil && p.carriedTo(i)
	}
	switch f {
	case SendVerb, MoveVerb:
		return p.sentTo(i, f)
	case TradeVerb, BuyVerb, SellVerb:
		if prev == "buy" {
			return p.is(i+1, treats)
		}
		return prev == "to" && (p.at(i-2) == "it" || p.at(i-2) == "sent" || p.at(i-2) == "send" || p.at(i-2) == "output")
	case LendVerb:
		_, verb := VerbFamily(prev)
		return verb && (p.at(i+1) == "with" || p.amountAt(i+1))
	case WithdrawVerb, BorrowVerb, UnwrapVerb, RepayVerb:
		if prev == "back" {
			return p.is(i+1, possessed) || p.amountAt(i+1)
		}
		return prev == "to" && p.moved(i)
	}
	return false
}

// getter reports whether word i begins a clause of its own whose subject gets something: sara should get 3 dai.
func (p *reader) getter(i int) bool {
	w := p.at(i + 1)
	if w != "gets" && w != "receives" && (w != "should" || p.at(i+2) != "get" && p.at(i+2) != "receive") {
		return false
	}
	prev := p.at(i - 1)
	return i == 0 || prev == "and" || prev == "," || prev == ";" || prev == "." || prev == "then"
}

// ownPlace reports whether words at i name a place of the user's own that something is put in: in my burner, onto my debit wallet.
func (p *reader) ownPlace(i int) bool {
	if prev := p.at(i - 1); p.at(i) != "my" || prev != "in" && prev != "into" && prev != "onto" {
		return false
	}
	return p.tongue == nil && p.moved(i) && (soloLabels[p.at(i+1)] || labelEnds[p.at(i+2)])
}

// carriedTo reports whether word i, in a clause without a verb, is where an amount goes: 35 dai to mom, 5 usdc for ella.
func (p *reader) carriedTo(i int) bool {
	switch p.at(i - 1) {
	case "to":
		return (p.carried(i-1) || p.is(i-2, carriedWords) || p.at(i) == "my") && p.moved(i)
	case "for":
		return p.carried(i-1) && p.moved(i)
	case "with":
		return p.at(i-2) == "up" && (p.at(i-3) == "square" || p.at(i-3) == "settle")
	case "spot":
		return p.amountAt(i + 1)
	case "at":
		return p.carried(i-1) && p.moved(i)
	}
	return false
}

// carried reports whether an amount or a token, the user's own, ends before word i.
func (p *reader) carried(i int) bool {
	s := p.spanEndingAt(i)
	return s != nil && (s.Kind == AmountSpan || s.Kind == TokenSpan) && s.Eligible
}

// carriedWords stand for an amount, or between it and where it goes.
var carriedWords = words(`it them this that over back out`)

// sentTo reports whether word i, in a clause that sends, is to whom.
func (p *reader) sentTo(i int, f Family) bool {
	prev := p.at(i - 1)
	if prev == "back" {
		prev = p.at(i - 2)
	}
	if pf, verb := p.ruler(i - 1); verb && pf == SendVerb && !(carrying[p.at(i-1)] != "" && aimless[p.at(i-2)]) || prev != p.at(i-1) && carriesTo(prev) {
		return true
	}
	prev = p.at(i - 1)
	if s := p.spanEndingAt(i - 1); prev == "and" && f == SendVerb && s != nil && (s.Kind == TokenSpan || s.Kind == NameSpan || s.Kind == AddressSpan) &&
		(p.amountAt(i+1) || p.is(i+1, possessed)) {
		return true // send bob 5 usdc and alice 10 usdc
	}
	return prev == "to" || prev == "up" && p.at(i-2) == "top" || prev == "at" && f == SendVerb && p.carried(i-1)
}

func carriesTo(verb string) bool {
	f, ok := VerbFamily(verb)
	return ok && f == SendVerb
}

var (
	// possessed come between a person and what is theirs: pay bob his 5 dai.
	possessed = words(`his her their its the`)
	// treats are what is bought for a person.
	treats = words(`a an some lunch dinner coffee breakfast`)
	// givenNames are first names that are other words too.
	givenNames = words(`will grant mark hope grace faith rob drew chase may april june august rose ruby iris joy art frank jack dean earl`)
	// soloLabels are places of one's own that people send to.
	soloLabels = words(`vault safe pot storage savings rent ledger trezor burner`)
)

// amountAt reports whether an amount begins at word i.
func (p *reader) amountAt(i int) bool {
	if i >= len(p.ws) || !p.ws[i].taken {
		return false
	}
	return slices.ContainsFunc(p.spans, func(s Span) bool { return s.Kind == AmountSpan && s.Start == p.ws[i].start })
}

// label returns how many words at i name a recipient: a label of the book, or words that nothing else explains.
func (p *reader) label(i int) int {
	if _, n := longest(p, i, p.lex.Book); n > 0 {
		return n
	}
	prev := p.at(i - 1)
	if p.tongue == nil && (givenNames[p.at(i)] || soloLabels[p.at(i)]) && p.closes(i+1) && (prev == "to" || prev == "my") {
		return 1
	}
	n := 0
	for n < 3 && p.at(i+n) != "" && p.ws[i+n].kind == letters && !(n > 0 && p.nameEnds(i, i+n)) {
		w := p.at(i + n)
		if n > 0 && p.closes(i+n+1) && labelEnds[w] {
			return n + 1
		}
		if len(w) < 2 || notLabels[w] || english[w] || verbal(w) || negations[w] || endings[w] || deniesNearly(w, 5) || p.tokenWord(i+n) && (n > 0 || !labelEnds[p.at(i+1)]) {
			return 0
		}
		n++
	}
	if n == 0 || n > 1 && !possessives[prev] || !p.closes(i+n) && !p.nameEnds(i, i+n) {
		return 0
	}
	return n
}

// nameEnds reports whether a name that begins at word i ends before word k: the next phrase or verb begins.
func (p *reader) nameEnds(i, k int) bool {
	w := p.at(k)
	if closers[w] || nameClosers[w] || p.verbAt(k) {
		return true
	}
	return p.at(i-1) != "to" && givenAfter[w]
}

var (
	nameClosers = words(`landed arrived yet already show tell check gets`)
	// givenAfter follow a person who is given something: send bob some dai, pay bob back 5 dai.
	givenAfter = words(`back his her their the some a an something down lunch dinner coffee what`)
)

// possessives come before a name of several words that is not in the book: my savings pot.
var possessives = words(`my our`)

func (p *reader) spelled(i, n int) string {
	said := make([]string, 0, n)
	for k := i; k < i+n; k++ {
		said = append(said, p.ws[k].norm)
	}
	return strings.Join(said, " ")
}

// labelEnds may end a name, and be none alone.
var labelEnds = words(`wallet account address storage vault safe pot fund fees stash jar budget kid bro sis ledger`)

// notLabels are words that stand for a recipient without naming one, and words that can't be a part of a name.
var notLabels = words(`a an the my your his her our their its it this that these those them him me you us i we she he they someone somebody anyone anybody everyone
	everybody nobody who whom whoever whatever which what where there here friend friends buddy guy guys man dude person people address addresses wallet account
	all both each every another other some any myself yourself himself herself following same usual last previous first second new old be is are was get have do
	not of to for into in on at by with from and or but then than as if when unless until please pls now soon later today tomorrow burn random chain network
	main mainnet l2 l1 exchange cex swap buy sell send half everything rest it's that's pay gas cover avoid make see check try help use go keep save
	proceeds result results output outcome tokens token coins coin funds balance amount profit profits remainder remaining money cash loan debt
	live receive hold earn play pass hit reach speak retire die lose depeg claim cover fund risk zero noon leave arrive happen work eat sleep rest survive celebrate
	start finish invest deleverage page airport income salary nod thumbs ok okay mean self whole
	yesterday hypothetically pretend instead except maybe perhaps ago would should could might`)
