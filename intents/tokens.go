package intents

import (
	"slices"
	"strings"
)

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
