package intents

// shorthand reads the digits that stand for words in chat: 2 for to, 4 for for. They do where a token stands before them, and behind
// them what can't be counted: 5 dai 2 bob.eth, 5 usdc 2 base, thx 4 that. A 4 does between the two tokens of a trade, too. A 2 there, or
// before a plain name, may be an amount, and is asked about.
func (p *reader) shorthand() {
	for i := 1; i < len(p.ws); i++ {
		said := map[string]string{"2": "to", "4": "for"}[p.at(i)]
		if said == "" || p.glued(i) || p.glued(i+1) || i+1 >= len(p.ws) || !p.ws[i].own || !p.leads(i, said) {
			continue
		}
		p.ws[i].norm, p.ws[i].kind = said, letters
	}
	p.rules = nil
}

// leads reports whether the digit at word i stands for a preposition.
func (p *reader) leads(i int, said string) bool {
	if thanks[p.at(i-1)] {
		return said == "for" && p.is(i+1, thanked)
	}
	_, chain := chainAt(p, i+1)
	if _, n := chainAt(p, i-1); n == 1 && p.at(i-2) == "from" {
		return chain > 0 && !p.is(i+1+chain, tradeWords) && p.countedBefore(i-2)
	}
	if !p.tokenWord(i - 1) {
		return false
	}
	next := p.ws[i+1]
	f, _ := p.clauseFamily(i)
	if !p.countedBefore(i-1) && f != RevokeVerb {
		return false
	}
	if next.kind == hexWord || next.kind == dotName {
		return true
	}
	if f == ApproveVerb || f == RevokeVerb {
		_, venue := p.lex.Venues[next.norm]
		return venue && said == "for"
	}
	if said == "for" && p.tokenWord(i+1) {
		return f != SendVerb && f != MoveVerb && p.closes(i+2) && !p.is(i+2, tradeWords)
	}
	crosses := f == BridgeVerb || f == MoveVerb || !dualAt(p, i+1) && f == SendVerb
	return said == "to" && chain > 0 && crosses && !p.is(i+1+chain, tradeWords)
}

// countedBefore reports whether word i, a token, has an amount before it: 5 usdc, 1.3 m pepe, half my eth.
func (p *reader) countedBefore(i int) bool {
	for k := i - 1; k >= 0 && k >= i-3; k-- {
		if p.isDigits(k) || wholeWords[p.at(k)] || p.at(k) == "half" || isNumeral(p.at(k)) {
			return true
		}
	}
	return false
}

var (
	thanks     = words(`thx thanks ty tysm thank cheers`)
	thanked    = words(`that this the all it everything your ur`)
	tradeWords = words(`to for into with 2 4`)
)

// counts takes out the numbers that count no money: step 1, invoice 17, top 3, two things, 10/10, before I turn 40.
func (p *reader) counts() {
	for i := range p.ws {
		if p.at(i) == "all" && p.idle(i) {
			p.ws[i].taken = true
			continue
		}
		if !p.isDigits(i) && !isNumeral(p.at(i)) && p.at(i) != "a" {
			continue
		}
		_, next, ok := p.number(i)
		if !ok || next <= i || p.at(i) == "a" && !thanks[p.at(i-1)] || !p.countsOther(i, next) {
			continue
		}
		for k := i; k < next; k++ {
			p.ws[k].taken = true
		}
	}
}

// countsOther reports whether the number at words i..next counts something that is no money.
func (p *reader) countsOther(i, next int) bool {
	prev, follow := p.at(i-1), p.at(next)
	if follow != "" && (follow != "of" && p.tokenWord(next) || percentWords[follow] || dollarWords[follow]) || follow == "/" && p.glued(next) {
		return false
	}
	switch {
	case numbered[prev] && (prev != "no" && prev != "#" || p.isDigits(i)), thanks[prev]:
		return true
	case prev == "top":
		return follow != "" && p.ws[next].kind == letters
	case prev == "turn" || prev == "turning" || prev == "turned" || prev == "turns":
		return p.closes(next) && !p.is(next, tradeWords)
	case follow == "of":
		return p.at(i) == "one" && (p.at(next+1) == "these" || p.at(next+1) == "those") && !p.tokenWord(next+2)
	case follow == "o'clock":
		return true
	case next-i == 3 && p.at(i+1) == "/" && p.at(i) == p.at(i+2):
		return true
	case follow == "cents" || follow == "cent":
		return prev == "my"
	case countables[follow]:
		return true
	case unitWords[follow] != "" && p.at(next+1) == "of":
		return p.at(next+2) == "your" || p.at(next+2) == "ur"
	}
	if f, _ := p.clauseFamily(i); f != SendVerb {
		return false
	}
	at := i - 1
	if p.at(at) == "the" {
		at--
	}
	if p.at(at) != "for" || i < 4 {
		return false
	}
	return meals[p.at(at-1)] || follow != "" && p.ws[next].kind == letters && len(follow) > 3 && follow[len(follow)-1] == 's' && unitWords[follow] == "" && !p.closes(next)
}

// idle reports whether "all", at word i, is no amount: it's all on base, all done, I'm all in.
func (p *reader) idle(i int) bool {
	switch prev, next := p.at(i-1), p.at(i+1); {
	case next == "done" || next == "good" || next == "set":
		return true
	case next == "in":
		return p.at(i+2) == "on" || p.at(i+2) == "," || p.at(i+2) == "." || i+2 >= len(p.ws)
	case prev == "it's" || prev == "its" || prev == "that's" || prev == "they're":
		return true
	case next == "my" || next == "the" || next == "our":
		return people[p.at(i+2)] || prev == "is" && p.at(i-2) == "where"
	}
	return false
}

var (
	// numbered come before a number that names one of several.
	numbered   = words(`step invoice # no number nr ref reference room chapter ticket case item flat phase`)
	countables = words(`things birds questions favours favors requests reasons ways people guys friends kids problems ideas`)
	meals      = words(`dinner lunch breakfast brunch drinks table`)
	people     = words(`friends family folks mates life buddies`)
)
