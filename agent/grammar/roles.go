package grammar

import (
	"strings"

	"github.com/keymaker-agent/keymaker/intents"
)

// roles collects what a clause's phrases say.
type roles struct {
	object, out, money        thing // what the verb acts on; what "to" or "for" leads to; what "with" leads to
	from, to, on              *intents.Span
	recipient, venue          *intents.Span
	slippage, minOut          *intents.Span
	against                   *intents.Span // collateral
	every, when, span         *intents.Span
	wait                      waiting
	hasObject, hasOut, hasPay bool
	placed                    string // the preposition of the venue
	sourced                   bool   // money is what "from" leads to
	last                      string // the lead of the phrase before, or "other"
	spends                    bool   // the verb is spend: what is got comes after "on"
	passing                   bool   // the chain may be one on the way
	bare                      bool   // the chain stands without a preposition
	arrow                     bool   // the clause has no verb
	owed, paced               bool   // a loan is named; a time or a level has to be
	handed                    bool   // the recipient stands without a preposition
}

// step gives each phrase its role, and the roles their slots.
func (c clause) step(k, orders int, made string) (intents.Step, bool) {
	if !c.about() {
		return intents.Step{}, false
	}
	r := roles{wait: c.wait, paced: c.paced, spends: c.verb == "spend", arrow: c.verb == "→", last: "other"}
	for _, p := range c.phrases {
		// "the USDC", after a step that made USDC, is what that step made.
		if p.token != nil && p.the && !p.mine && made != "" && p.token.Symbol == made && p.worth == nil && (p.amount == nil || !countable(p.amount)) {
			p.before = p.lead == "" || p.lead == "with" || p.lead == "from"
		}
		r.owed = r.owed || p.owed
		if p.other == nil && (c.verb == "replace" && p.lead == "with" || hurls[c.verb] && p.lead == "on") { // replace 5 USDT with USDC; throw 5 USDC at PEPE
			p.lead = "to"
		}
		if shrinking[c.verb] && p.lead == "to" && p.amount != nil && !p.owed { // reduce my ETH to 2: that is what is left
			return intents.Step{}, false
		}
		if !r.put(c.family, p) {
			return intents.Step{}, false
		}
		r.last = p.lead
		if p.other != nil {
			r.last = "other"
		}
	}
	r.join()
	if orders > 0 && r.elides(c.family) {
		r.object, r.hasObject = thing{before: true}, true
	}
	s, ok := c.frame(&r, k, made)
	if _, earlier := s.TokenIn.Output(); !ok || earlier && orders == 0 {
		return intents.Step{}, false
	}
	s.Slippage, s.MinOut, s.Venue = id(r.slippage), id(r.minOut), id(r.venue)
	if r.on != nil && s.Chain == "" {
		s.Chain = id(r.on)
	}
	return c.timed(s, &r)
}

// shrinking are verbs whose "to" leads to what is left, where it is an amount.
var shrinking = set(`reduce trim lighten downsize`)

// hurls are verbs whose "at" leads to what is got.
var hurls = set(`throw chuck toss lob yolo`)

// elides reports whether a clause leaves out what it acts on: bridge 1 ETH to base and swap to USDC.
func (r *roles) elides(f intents.Family) bool {
	if r.hasObject || r.hasPay {
		return false
	}
	switch f {
	case intents.TradeVerb, intents.SellVerb:
		return r.hasOut && r.out.token != nil && r.out.amount == nil
	case intents.LendVerb, intents.StakeVerb:
		return r.venue != nil && !r.hasOut
	case intents.BridgeVerb, intents.MoveVerb, intents.SendVerb:
		return (r.to != nil || r.recipient != nil) && !r.hasOut
	}
	return false
}

// once sets a role that may be played by one span only.
func once(role **intents.Span, s *intents.Span) bool {
	if *role != nil {
		return false
	}
	*role = s
	return true
}

func (r *roles) put(f intents.Family, p phrase) bool {
	if p.other == nil {
		return r.putThing(f, p)
	}
	switch p.other.Kind {
	case intents.SlippageSpan:
		return once(&r.slippage, p.other)
	case intents.MinOutSpan:
		if p.token != nil {
			if r.hasOut && r.out.token != nil && r.out.token.Symbol != p.token.Symbol {
				return false
			}
			if !r.hasOut {
				r.out, r.hasOut = thing{token: p.token}, true
			}
		}
		return once(&r.minOut, p.other)
	case intents.VenueSpan:
		r.placed = p.lead
		return once(&r.venue, p.other)
	case intents.TimeSpan:
		return r.putTime(p.other)
	case intents.CondSpan:
		return (r.paced || strings.HasPrefix(strings.ToLower(p.other.Text), "at")) && once(&r.wait.level, p.other)
	case intents.ChainSpan:
		switch p.lead {
		case "from":
			return once(&r.from, p.other)
		case "to":
			return once(&r.to, p.other)
		case "on", "in", "with":
			r.passing = p.over
			return once(&r.on, p.other)
		case "":
			r.bare = true
			return once(&r.on, p.other)
		}
		return false
	case intents.AddressSpan, intents.NameSpan:
		r.handed = p.lead == ""
		if f == intents.SellVerb && p.lead == "to" { // cash out 60 USDC to 0x...: who gets it, or what?
			return false
		}
		return (p.lead == "to" || p.lead == "" || p.lead == "for") && once(&r.recipient, p.other)
	}
	return false
}

func (r *roles) putTime(s *intents.Span) bool {
	switch s.Value[:5] {
	case "every":
		return once(&r.every, s)
	case "span:":
		return once(&r.span, s)
	}
	return once(&r.when, s)
}

func (r *roles) putThing(f intents.Family, p phrase) bool {
	set := func(role *thing, has *bool) bool {
		if *has {
			return false
		}
		*role, *has = p.thing, true
		return true
	}
	if got := p.lead == "to" || p.lead == "for"; got && f != intents.BuyVerb && allBut(p.amount) && r.hasObject && r.object.amount == nil {
		r.object.amount, p.amount = p.amount, nil
	}
	if f == intents.BorrowVerb && (p.lead == "for" || p.lead == "with") && p.amount == nil && r.hasObject {
		return p.token != nil && once(&r.against, p.token)
	}
	switch p.lead {
	case "":
		if r.hasObject && r.object.amount == nil && !r.object.before && whole(p.amount) && p.token == nil && r.object.token != nil {
			r.object.amount = p.amount
			return true
		}
		if r.hasObject && r.object.amount == nil && allBut(p.amount) && (p.token == nil || r.object.token != nil && p.token.Symbol == r.object.token.Symbol) {
			r.object.amount = p.amount
			return true
		}
		if p.apart && p.token != nil && r.hasObject && r.object.token != nil && r.object.amount == nil && p.token.Symbol == r.object.token.Symbol && p.amount != nil && p.worth == nil && r.out.amount == nil {
			r.object.amount = p.amount // swap my eth to usdc, 1 eth
			return true
		}
		if r.trails(f, p) {
			r.object.amount, r.hasObject = p.amount, true
			return true
		}
		if trades := f == intents.TradeVerb || f == intents.SellVerb; trades && r.hasObject && !r.hasOut && r.object.token != nil && !unheard(r.object.token) && p.amount == nil && p.token != nil {
			return set(&r.out, &r.hasOut)
		}
		return set(&r.object, &r.hasObject)
	case "to", "for":
		if unheard(p.token) && p.amount == nil && (f == intents.BuyVerb && p.lead == "for" || p.lead == "to" && (f == intents.SellVerb || r.arrow)) {
			return false // get 1 ETH for bob, sell 1 ETH to bob: he may be no token
		}
		if f == intents.BuyVerb && p.lead == "for" {
			return set(&r.money, &r.hasPay)
		}
		return set(&r.out, &r.hasOut)
	case "in":
		return f == intents.TradeVerb && set(&r.out, &r.hasOut)
	case "on":
		if r.hasObject && r.object.token != nil && r.object.amount == nil && p.amount != nil && (p.token == nil || p.token.Symbol == r.object.token.Symbol) { // trim my eth by 20%
			r.object.amount = p.amount
			return true
		}
		if r.owed && p.amount != nil { // reduce my loan by 50 USDC
			return set(&r.object, &r.hasObject)
		}
		return r.spends && set(&r.out, &r.hasOut)
	case "spend":
		return f == intents.ApproveVerb && set(&r.object, &r.hasObject)
	case "with", "from":
		r.sourced = p.lead == "from"
		return set(&r.money, &r.hasPay)
	}
	return false
}

// trails reports whether an amount without a token comes after what it is of: eth 0.5, or (behind a comma) eth to dai, 0.5. After
// a verb that buys it might be of the money as well.
func (r *roles) trails(f intents.Family, p phrase) bool {
	if p.amount == nil || p.token != nil || p.worth != nil || f == intents.BuyVerb {
		return false
	}
	if allTold := r.hasObject && r.object.token != nil && r.object.amount == nil && r.object.worth == nil; !allTold && !r.sourcedOnly() {
		return false
	}
	return r.out.amount == nil && (p.apart || p.before || r.last == "" || r.arrow)
}

// sourcedOnly reports whether what is paid is named after "from" alone: swap from eth to dai.
func (r *roles) sourcedOnly() bool {
	return !r.hasObject && r.hasPay && r.sourced && r.money.token != nil && r.money.amount == nil
}

// join makes one thing of an amount and the token that it is taken from: swap 0.3 from eth to dai.
func (r *roles) join() {
	if r.hasObject && r.hasPay && r.sourced && r.object.token == nil && r.object.amount != nil && !r.object.before && r.money.amount == nil && r.money.token != nil {
		r.object.token, r.money, r.hasPay = r.money.token, thing{}, false
	}
}

// allBut reports whether an amount leaves something behind.
func allBut(a *intents.Span) bool {
	return a != nil && a.Quantity != nil && a.Quantity.Form == intents.AllBut
}

func id(s *intents.Span) intents.Ref {
	if s == nil {
		return ""
	}
	return s.ID
}
