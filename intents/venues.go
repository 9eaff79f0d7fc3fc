package intents

import "slices"

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

// takesStakes are the protocols whose deposits are stakes.
var takesStakes = words(`lido etherfi eigenlayer`)

// TakesStakes reports whether what is deposited at a protocol is staked, rather than lent. The venue is its key.
func TakesStakes(venue string) bool { return takesStakes[venue] || venue == "rocket pool" }

// spokenVenue reports whether word i, a protocol's name that is a token's symbol or a word too, is a protocol by what is said around
// it: an allowance that it has, a loan at it, a question whether it is safe, or a sentence that it opens.
func (p *reader) spokenVenue(i int) bool {
	w, prev := p.at(i), p.at(i-1)
	next := p.at(i + 1)
	if next == "'s" {
		next = p.at(i + 2)
	}
	if prev == "$" || p.is(i+1, tokenNouns) && !positionNouns[next] && !allowances[next] || p.afterAmount(i) && !p.afterToken(i) {
		return false
	}
	f, _ := p.clauseFamily(i)
	if w == "across" && (aimless[next] || chainWordAt(p, i+1)) && prev != "via" {
		return false
	}
	switch {
	case i == 0 && p.ws[0].own && (next == "," || next == ":"):
		return f != SellVerb
	case i == 0 && dualVenue[w] && i+1 < len(p.ws) && (next == "price" || next == "quote" || p.verbAt(1)):
		return p.moved(i)
	case prev == "off" || prev == "use" || prev == "of" && p.at(i-2) == "way":
		return englishVenue[w] || prev == "off" || next == "to" || next == "for"
	case p.mentions(allowances) || f == ApproveVerb || f == RevokeVerb:
		return p.allowedPlace(i)
	case lenders[w] && p.lends(i, f, next):
		return true
	case (lenders[w] || englishVenue[w]) && p.mentions(riskWords) && (riskAsked[prev] || p.is(i+1, riskWords)):
		return true
	}
	return false
}

// lends reports whether word i, where money is lent and owed, stands where it does so.
func (p *reader) lends(i int, f Family, next string) bool {
	prev := p.at(i - 1)
	given := next == "its" || next == "some" || next == "my" || next == "back" || next == "the" || p.amountAt(i+1)
	switch prev {
	case "ask":
		return p.mentions(debts)
	case "owe", "refund", "repay", "payback", "paying", "reimburse":
		return true
	case "give", "pay", "send", "hand":
		return given
	case "to", "into", "in", "onto", "at":
		return f == SendVerb || f == MoveVerb || f == LendVerb || f == RepayVerb || p.mentions(debts)
	case "than", "with", "compare", "and", "does", "is", "what's", "on":
		return p.mentions(yields) && (prev != "and" || p.afterVenue(i-1))
	case "leave", "leaves", "from", "against", "out":
		return f != TradeVerb && f != BuyVerb && f != SellVerb
	}
	switch next {
	case "can", "may", "has":
		return p.moved(i) && (i == 0 || p.ws[i-1].kind == sign)
	case "gets", "receives", "should", "pays", "paying", "lends", "loan", "debt":
		return true
	case "health", "savings", "collateral", "account", "deposit", "deposits":
		return prev == "my" || prev == "our" || prev == "the"
	}
	if prev == "my" {
		return p.closes(i+1) && p.at(i-2) == "in" && f == ""
	}
	lending := f == LendVerb || f == WithdrawVerb || f == BorrowVerb || f == RepayVerb || p.mentions(debts) || p.mentions(yields)
	return lending && (prev == "" || prev == "," || prev == ":" || prev == "→" || prev == ">" || p.afterToken(i)) && (p.closes(i+1) || p.verbAt(i+1)) && (i == 0 || p.moved(i) || prev == "" || prev == ",")
}

// allowedPlace reports whether word i, in a text about allowances, is who has one: after the verb or a preposition, or before what it
// may do.
func (p *reader) allowedPlace(i int) bool {
	prev := p.at(i - 1)
	if prev == "my" || prev == "the" || prev == "of" && allowances[p.at(i-2)] && p.at(i-3) == "the" && p.at(i+1) == "for" {
		return false
	}
	if allowances[p.at(i+1)] {
		return englishVenue[p.at(i)] || prev == "give" || prev == "grant"
	}
	return dualVenue[p.at(i)] || p.closes(i+1) || p.verbAt(i+1) || p.is(i+1, mayDo) || prev == "for" || prev == "let" || prev == "allow"
}

// afterVenue reports whether a protocol ends before word i.
func (p *reader) afterVenue(i int) bool {
	s := p.spanEndingAt(i)
	return s != nil && s.Kind == VenueSpan
}

// verbAt reports whether word i is a verb.
func (p *reader) verbAt(i int) bool {
	_, verb := p.family(i)
	return verb
}

// mentions reports whether one of the user's own words is of a set.
func (p *reader) mentions(set map[string]bool) bool {
	return slices.ContainsFunc(p.ws, func(w word) bool { return w.own && set[w.norm] })
}

var (
	allowances = words(`approval approvals allowance allowances permission permissions approve approv approved revoke revok unapprove spender authorize authorise access
		disallow revocation allowed unlock greenlight`)
	mayDo     = words(`to should needs use spend take have has off from out its permission leave an on access be revoked`)
	debts     = words(`loan loans debt debts collateral savings owe owed repay repayment withdrawal undeposit unsupply`)
	yields    = words(`rate rates apy apr yield yields interest lending paying earn`)
	riskWords = words(`safe risky risk audited audit secure trust trusted trustworthy hacked drained exploited scam legit solid reliable sound risks`)
	riskAsked = words(`is was are trust does did can how risky secure safe of has about assess check`)
	aimless   = words(`a an the my all both several many different chains networks`)
	lenders   = words(`aave compound spark morpho euler fluid maker moonwell radiant pendle`)
)
