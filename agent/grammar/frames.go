package grammar

import (
	"slices"
	"strings"

	"github.com/keymaker-agent/keymaker/intents"
)

// frame fills the slots of a step from the roles, by the verb's family. It fails where a role is played that the verb does not
// have.
func (c clause) frame(r *roles, k int, made string) (intents.Step, bool) {
	family := c.carried(r)
	if trades := family == intents.TradeVerb || family == intents.SellVerb || family == intents.BuyVerb; trades && (r.owed || r.venue != nil && intents.OutOfPlace(intents.Swap, r.venue.Venue)) {
		return intents.Step{}, false // use a compound loan of 100 USDC to buy ETH: that is two steps
	}
	switch family {
	case intents.TradeVerb, intents.SellVerb:
		return tradeFrame(r, k, made)
	case intents.BuyVerb:
		return c.buyFrame(r, k)
	case intents.SendVerb, intents.MoveVerb, intents.BridgeVerb:
		return c.sendFrame(r, k)
	case intents.WrapVerb, intents.UnwrapVerb:
		return c.wrapFrame(r, k)
	case intents.StakeVerb:
		return placeFrame(intents.Stake, r, k)
	case intents.LendVerb:
		if r.venue != nil && intents.OutOfPlace(intents.Lend, r.venue.Venue) { // add 100 USDC to the uniswap pool
			return intents.Step{}, false
		}
		if !r.hasObject && r.hasPay && !r.sourced && r.venue != nil && r.placed == "" { // supply aave with 5 dai
			r.object, r.hasObject, r.money, r.hasPay = r.money, true, thing{}, false
		}
		if r.venue != nil && intents.TakesStakes(r.venue.Venue) {
			return placeFrame(intents.Stake, r, k)
		}
		return placeFrame(intents.Lend, r, k)
	case intents.UnstakeVerb, intents.WithdrawVerb:
		return placeFrame(intents.Withdraw, r, k)
	case intents.BorrowVerb:
		if r.venue == nil && unheard(r.object.token) { // lend me 2 eggs
			return intents.Step{}, false
		}
		s, ok := placeFrame(intents.Borrow, r, k)
		s.Against = id(r.against)
		return s, ok && (r.against == nil || !r.bare) // against my wbtc eth: a chain, or a second one?
	case intents.RepayVerb:
		if loanVerbs[c.verb] && !c.owes() && (r.venue == nil || r.placed == "from") {
			return intents.Step{}, false
		}
		if !r.hasObject && r.hasPay { // repay my aave loan with 100 USDC
			r.object, r.hasObject, r.money, r.hasPay = r.money, true, thing{}, false
		}
		return placeFrame(intents.Repay, r, k)
	case intents.ApproveVerb:
		return approveFrame(r, k)
	}
	return intents.Step{}, false
}

// carriers are verbs that only say that something goes somewhere: where to or from tells what they ask for.
var carriers = set(`remove put park stick take pull get bring move free add invest allocate place push exit`)

// placers are carriers of which what follows "into" is a place as well as what is bought.
var placers = set(`put park stick place invest add allocate`)

// payers and takers are verbs that pay back or borrow, where a loan is named.
var (
	payers = set(`reduce lower pay put give send return clear settle close wipe add repay transfer`)
	takers = set(`take get open draw grab obtain`)
)

// loanVerbs pay back only where a loan is named, or a protocol that it goes to.
var loanVerbs = set(`clear close return wipe settle`)

// owes reports whether a loan is named.
func (c clause) owes() bool {
	return slices.ContainsFunc(c.phrases, func(p phrase) bool { return p.owed })
}

// carried is the family of the clause, for a carrier by the place that it names.
func (c clause) carried(r *roles) intents.Family {
	verb, _, _ := strings.Cut(c.verb, " ")
	if c.owes() {
		switch {
		case payers[verb]:
			return intents.RepayVerb
		case takers[verb] || wanted[c.verb]:
			return intents.BorrowVerb
		}
	}
	cashes := verb == "cash" && r.venue != nil && !r.hasOut
	if c.back && r.venue != nil && r.placed == "from" && (verb == "get" || verb == "give") || cashes && intents.OutOfPlace(intents.Swap, r.venue.Venue) {
		return intents.WithdrawVerb
	}
	if c.back && r.venue != nil && r.placed != "from" && (verb == "pay" || verb == "give" || verb == "send") {
		return intents.RepayVerb
	}
	if c.verb == "order" && r.recipient != nil && !r.hasOut && !r.hasPay {
		return intents.SendVerb
	}
	if r.recipient != nil && !r.handed && !r.hasOut && !r.hasPay && r.venue == nil && r.to == nil && (verb == "get" || verb == "pass") && c.family != intents.BorrowVerb { // get 5 USDC to bob
		return intents.SendVerb
	}
	if r.from != nil && r.to != nil && r.venue == nil && (c.family == intents.LendVerb || c.family == intents.WithdrawVerb) { // deposit 5 USDC from mainnet to base
		return intents.BridgeVerb
	}
	if c.family == intents.MoveVerb && r.hasOut && r.to == nil { // move 100 USDC into ETH
		return intents.TradeVerb
	}
	if !carriers[verb] || c.family == intents.BorrowVerb || c.verb == "get me" || c.verb == "get myself" {
		return c.family
	}
	from := r.placed == "from"
	switch {
	case r.venue != nil && (from || c.back) && r.to == nil && !r.hasOut:
		return intents.WithdrawVerb
	case c.back:
		return ""
	case r.to != nil && r.from == nil && placers[verb] && intents.AlsoChain(r.to.Text): // put 100 USDC into eth and bridge the rest: the token, or there?
		return ""
	case r.to != nil && r.venue == nil && !r.hasOut && r.recipient == nil:
		return intents.BridgeVerb
	case r.venue != nil && !r.hasOut && !r.hasPay && r.to == nil && r.from == nil && c.family != intents.BuyVerb && c.family != intents.WithdrawVerb:
		return intents.LendVerb
	case c.family == intents.LendVerb && r.venue == nil && r.hasOut:
		if r.out.token != nil && intents.AlsoVenue(r.out.token.Symbol) { // swap 5 ETH to USDC and put it into aave: the token, or there?
			return ""
		}
		return intents.TradeVerb
	case c.family == intents.WithdrawVerb || c.family == intents.LendVerb && r.venue == nil:
		return ""
	}
	return c.family
}

// pay fills amount and token of the side that is paid. What an earlier step made is its output.
func pay(s *intents.Step, t thing, k int) bool {
	if t.worth != nil {
		return false
	}
	s.Amount, s.TokenIn = id(t.amount), id(t.token)
	if t.token == nil && k > 0 && t.amount != nil && !countable(t.amount) { // then send half to bob: of what came before
		t.before = true
	}
	if !t.before {
		return true
	}
	if k == 0 {
		return false
	}
	s.TokenIn = intents.OutputOf(k)
	if t.amount == nil {
		s.Amount = s.TokenIn
	}
	return true
}

func (r *roles) strayPlaces() bool { return r.from != nil || r.to != nil }

func tradeFrame(r *roles, k int, made string) (intents.Step, bool) {
	s := intents.Step{Action: intents.Swap}
	if r.recipient != nil && r.recipient.Kind == intents.AddressSpan && !r.hasOut && !r.bare {
		r.out, r.hasOut, r.recipient = thing{token: r.recipient}, true, nil
	}
	if r.out.mine && r.out.amount == nil { // 5 DAI for my ETH: which side is the 5 of?
		return s, false
	}
	if r.recipient != nil || r.strayPlaces() || r.out.before || r.out.worth != nil || r.bare && r.out.token != nil && r.out.token.Symbol != "ETH" && intents.AlsoChain(r.out.token.Symbol) {
		return s, false
	}
	paid := r.object
	if !r.hasObject {
		paid = r.money
	} else if r.hasPay {
		return s, false
	}
	if !pay(&s, paid, k) {
		return s, false
	}
	s.TokenOut = id(r.out.token)
	if _, earlier := s.TokenIn.Output(); earlier && s.TokenOut == "" { // USDC for my 12 AAVE, sell it
		return s, false
	}
	if s.Amount != "" {
		s.Side = intents.In
	}
	if r.out.amount != nil {
		if s.Amount != "" || !countable(r.out.amount) || dollars(r.out.amount) { // eth into $300 of usdc: worth that, or exactly so many?
			return s, false
		}
		s.Amount, s.Side = id(r.out.amount), intents.Out
		if intents.Rewraps(symbol(r, s.TokenIn), symbol(r, s.TokenOut)) != intents.Swap {
			return s, false
		}
	}
	if unheard(paid.token) && unheard(r.out.token) { // 10 miles to kilometres
		return s, false
	}
	return rewrapped(s, r, made), true
}

// unheard reports whether a token is one that no list has.
func unheard(t *intents.Span) bool { return t != nil && t.Kind == intents.TokenSpan && !t.Known }

// rewrapped makes a trade of the native coin for its wrapper, or back, what it is: one for one, without a market.
func rewrapped(s intents.Step, r *roles, made string) intents.Step {
	if r.slippage != nil || r.minOut != nil || r.venue != nil {
		return s
	}
	in := symbol(r, s.TokenIn)
	if _, earlier := s.TokenIn.Output(); earlier {
		in = made
	}
	if s.Action = intents.Rewraps(in, symbol(r, s.TokenOut)); s.Action != intents.Swap {
		s.Side = ""
	}
	return s
}

// countable reports whether an amount can be of what is got: it can't be a part of what is held.
func countable(a *intents.Span) bool {
	return a.Quantity == nil || a.Quantity.Form == intents.Exact || a.Quantity.Form == intents.Dollars
}

// wanted are verbs that want something: an order only where it is said what to pay with.
var wanted = map[string]bool{"i want": true, "i need": true, "i'd like": true, "i would like": true, "give me": true, "could i get": true, "can i get": true, "can i have": true, "could i have": true, "may i have": true, "gimme": true, "need": true, "want": true, "let me have": true, "lemme have": true, "i could use": true, "i'll take": true, "hook me up with": true, "gimmie": true}

// purchases are verbs of buying that are said of little else: what they lead to may be a token that is not known.
var purchases = set(`buy buying purchase purchasing acquire bought purchased`)

func (c clause) buyFrame(r *roles, k int) (intents.Step, bool) {
	s := intents.Step{Action: intents.Swap}
	if wanted[c.verb] && !r.hasPay && r.object.worth == nil {
		return s, false
	}
	if r.recipient != nil || r.strayPlaces() || r.hasOut && r.minOut == nil || r.object.before || !r.hasObject {
		return s, false
	}
	if r.sourced && r.money.token != nil && r.money.token.Symbol != "ETH" && intents.AlsoChain(r.money.token.Symbol) { // 100 USDC from arbitrum: a chain?
		return s, false
	}
	if !purchases[c.verb] && !r.hasPay && unheard(r.object.token) { // grab 2 chairs
		return s, false
	}
	if r.object.mine || dollars(r.object.amount) && unheard(r.money.token) || r.hasPay && r.object.token != nil && r.money.token != nil && intents.Rewraps(r.money.token.Symbol, r.object.token.Symbol) != intents.Swap {
		return s, false // get my ETH: it is had already; $200 of ETH with my visa
	}
	if r.object.worth != nil {
		if r.hasPay {
			return s, false
		}
		s.Amount, s.TokenIn, s.TokenOut, s.Side = id(r.object.amount), id(r.object.token), id(r.object.worth), intents.In
		return s, true
	}
	if r.object.amount != nil && !countable(r.object.amount) {
		return s, false
	}
	if r.hasPay && !pay(&s, r.money, k) {
		return s, false
	}
	s.TokenOut = id(r.object.token)
	switch {
	case dollars(r.object.amount) && s.Amount == "":
		s.Amount, s.Side = id(r.object.amount), intents.In
	case r.object.amount != nil && s.Amount != "":
		return s, false
	case r.object.amount != nil:
		s.Amount, s.Side = id(r.object.amount), intents.Out
	case s.Amount != "":
		s.Side = intents.In
	}
	return s, true
}

// dollars reports whether an amount is a sum of dollars: such a sum is what is spent, whatever is bought.
func dollars(a *intents.Span) bool {
	return a != nil && a.Quantity != nil && a.Quantity.Form == intents.Dollars
}

// handing are verbs that say where what was just made should end, and need not be an order of their own.
var handing = set(`give hand deliver drop pass toss ship`)

func (c clause) sendFrame(r *roles, k int) (intents.Step, bool) {
	s := intents.Step{Action: intents.Transfer, Recipient: id(r.recipient)}
	if c.verb == "top up" && r.hasPay && !r.hasObject {
		r.object, r.hasObject, r.hasPay = r.money, true, false
	}
	if r.hasPay || r.minOut != nil || !r.hasObject || !pay(&s, r.object, k) {
		return s, false
	}
	if r.hasOut || r.object.before && handing[c.verb] { // bridge it and drop it at bob's: one step with a recipient, or two?
		return s, false
	}
	if c.carried(r) == intents.BridgeVerb || r.to != nil {
		if r.handed || r.passing { // bridge 5 USDC through base to optimism: from there?
			return s, false
		}
		s.Action, s.DestChain, s.Chain = intents.Bridge, id(r.to), id(r.from)
		if r.from != nil && r.on != nil {
			if r.to != nil {
				return s, false
			}
			s.DestChain = id(r.on)
			r.on = nil
		}
		if r.from == nil && r.to == nil && r.on != nil {
			return s, false
		}
		return s, true
	}
	if r.venue != nil || r.slippage != nil {
		return s, false
	}
	if r.from != nil {
		if r.on != nil || (c.family == intents.MoveVerb && r.recipient == nil) {
			return s, false
		}
		s.Chain = id(r.from)
	}
	if c.family == intents.MoveVerb && r.recipient == nil {
		return s, false
	}
	if unheard(r.object.token) && r.recipient != nil && r.recipient.Kind == intents.NameSpan && !strings.Contains(r.recipient.Value, ".") {
		return s, false // sned 5 thng to bpb
	}
	return s, true
}

func (c clause) wrapFrame(r *roles, k int) (intents.Step, bool) {
	s, native := intents.Step{Action: intents.Wrap}, true
	if c.family == intents.UnwrapVerb {
		s.Action, native = intents.Unwrap, false
	}
	if r.strayPlaces() || r.hasPay || r.venue != nil || r.recipient != nil || !r.hasObject || !pay(&s, r.object, k) || r.out.amount != nil {
		return s, false
	}
	if r.object.token != nil && wrapped(r.object.token.Symbol) == native {
		return s, false
	}
	s.TokenOut = id(r.out.token)
	return s, true
}

func wrapped(symbol string) bool { return len(symbol) > 3 && symbol[0] == 'W' }

// placeFrame is for verbs that put something into a protocol or take it out.
func placeFrame(a intents.Action, r *roles, k int) (intents.Step, bool) {
	s := intents.Step{Action: a}
	if r.strayPlaces() || r.hasOut || r.hasPay || r.recipient != nil || r.slippage != nil || r.minOut != nil || !r.hasObject {
		return s, false
	}
	return s, pay(&s, r.object, k)
}

func approveFrame(r *roles, k int) (intents.Step, bool) {
	s := intents.Step{Action: intents.Approve, Recipient: id(r.recipient)}
	if r.strayPlaces() || r.hasOut || r.hasPay || r.slippage != nil || r.minOut != nil || !r.hasObject {
		return s, false
	}
	return s, pay(&s, r.object, k)
}
