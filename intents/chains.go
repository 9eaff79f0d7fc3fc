package intents

import "strings"

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
