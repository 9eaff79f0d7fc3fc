package grammar

import (
	"slices"
	"strings"

	"github.com/keymaker-agent/keymaker/intents"
)

// part is a clause that orders something, or a question between orders.
type part struct {
	clause
	asked []intents.Step
	said  []item
	last  bool
}

// order reads a sentence of one or more clauses that each order something, with questions between them.
func order(items []item) intents.Draft {
	parts, ok := partsOf(items)
	if !ok || questioned(parts) || opinion(items) {
		return intents.Draft{}
	}
	var d intents.Draft
	made, orders, ever := "", 0, map[string]bool{}
	for _, p := range parts {
		d.Why = append(d.Why, p.why...)
		if p.asked != nil {
			d.Steps = append(d.Steps, p.asked...)
			continue
		}
		s, ok := p.step(len(d.Steps), orders, made)
		if !ok || p.prior && p.last || elsewhere(items, d.Steps, s) || unnamed(d.Steps, s) || halved(d.Steps, s) || p.shares(d.Steps, s, ever) {
			return intents.Draft{}
		}
		p.nameOutput(d.Steps, made)
		d.Steps = append(d.Steps, s)
		made, orders = output(items, s, made), orders+1
		ever[made] = true
	}
	if orders == 0 && len(d.Steps) < 2 {
		return intents.Draft{}
	}
	return d
}

// partsOf cuts a sentence into clauses and questions. A clause that names what it acts on and leaves the rest to the next one (sell
// 1 ETH and 100 LINK for USDC) gets the rest.
func partsOf(items []item) ([]part, bool) {
	var parts []part
	var before *clause
	for i := 0; i < len(items); {
		if asks, next, ok := asked(items, i); ok {
			parts, i = append(parts, asks), next
			continue
		}
		c, next, ok := clauseAt(items, i, before)
		if !ok || next <= i {
			return nil, false
		}
		if c.elided && before != nil && repeats(before, &c) {
			return nil, false
		}
		if n := len(parts); n > 0 && parts[n-1].asked != nil && (c.elided || c.verb == "→") { // approve 5 USDC for bob and 5 DAI for carol
			return nil, false
		}
		if n := len(parts); c.elided && before != nil && n > 0 && parts[n-1].asked == nil && len(before.phrases) < len(c.phrases) {
			parts[n-1].phrases = append(slices.Clone(before.phrases), c.phrases[len(before.phrases):]...)
		}
		parts = append(parts, part{clause: c, said: items[i:next]})
		before, i = &parts[len(parts)-1].clause, next
		if skipTails(items, i) == len(items) {
			break
		}
	}
	if len(parts) > 0 {
		parts[len(parts)-1].last = true
	}
	return parts, true
}

// repeats reports whether a clause without a verb says the one before it over with another amount: sell 10 LINK, 12 LINK for DAI. It
// may take it back, or add to it.
func repeats(before, c *clause) bool {
	if len(before.phrases) != 1 {
		return false
	}
	was, now := before.phrases[0], c.phrases[0]
	return was.token != nil && now.token != nil && was.amount != nil && was.token.Symbol == now.token.Symbol
}

// asked reads a question between orders: it goes to the end, or to where another step begins.
func asked(items []item, i int) (part, int, bool) {
	for end := i + 1; end <= len(items) && end-i <= 2*maxAsked; end++ {
		next, begins := end, true
		if end < len(items) {
			if !items[end].ends && !joints[items[end].word] {
				continue
			}
			if next, begins = stepAfter(items, end); !begins && !asksNext(items, next) {
				continue
			}
		} else if i == 0 { // the whole sentence: it was no question
			return part{}, i, false
		}
		d, ok := posed(items[i:end], end == len(items) || items[end].ends || items[end].word == "?")
		if ok {
			return part{clause: clause{why: d.Why}, asked: d.Steps}, next, true
		}
	}
	return part{}, i, false
}

// asksNext reports whether what is left of a sentence from item i on is a question.
func asksNext(items []item, i int) bool {
	if i >= len(items) || len(items)-i > 2*maxAsked {
		return false
	}
	_, ok := posed(items[i:], true)
	return ok
}

// posed reads a question that an order stands beside: it opens as one, and supposes nothing.
func posed(items []item, ended bool) (intents.Draft, bool) {
	i := skipLeads(items, 0)
	if i >= len(items) || !posing[items[i].word] || tells(items[i:]) {
		return intents.Draft{}, false
	}
	d, ok := certain(items, ended)
	if ok && d.Steps[0].Action != intents.Alert && d.Steps[0].Action != intents.RiskCheck && anyWord(items, supposing) {
		return intents.Draft{}, false
	}
	return d, ok
}

// tells reports whether words say what is so, or what is to come of an order: I have some spare, have it land at bob.eth, give it to bob.
func tells(items []item) bool {
	if len(items) < 2 {
		return false
	}
	switch items[0].word {
	case "i", "have":
		return !asks[items[1].word] || (items[1].word == "want" || items[1].word == "need") && (len(items) < 3 || items[2].word != "to")
	case "give", "let":
		return items[1].word != "me" && items[1].word != "us"
	}
	return false
}

// asks are the words after "I" or "have" that ask.
var asks = set(`i we you want need wonder would 'd`)

var (
	posing    = set(`what what's whats how how's show tell check give is are do does did has have alert notify ping let list get where where's which any my price balance balances quote find see look warn text message remind set revoke unapprove remove cancel best i compare track verify scan watch fetch pull read view display estimate preview simulate approve allow`)
	supposing = set(`if unless would should suppose supposing`)
)

// elsewhere reports whether a step takes what an earlier one made on a chain that is not said to be where that is: swap 1 ETH to DAI
// and lend it on base. Both may be there.
func elsewhere(items []item, before []intents.Step, s intents.Step) bool {
	n, ok := s.TokenIn.Output()
	if !ok || n > len(before) || s.Chain == "" {
		return false
	}
	made := before[n-1].Chain
	if before[n-1].Action == intents.Bridge {
		made = before[n-1].DestChain
	}
	return chainAt(items, made) != chainAt(items, s.Chain)
}

// chainAt is the chain that a ref points at.
func chainAt(items []item, ref intents.Ref) string {
	for _, t := range items {
		if t.kind() == intents.ChainSpan && t.span.ID == ref {
			return t.span.Chain
		}
	}
	return ""
}

// unnamed reports whether a step takes what a trade has made that does not say what for.
func unnamed(before []intents.Step, s intents.Step) bool {
	n, ok := s.TokenIn.Output()
	if !ok || n > len(before) {
		return false
	}
	made := before[n-1]
	return made.Action == intents.Swap && made.TokenOut == ""
}

// halved reports whether a step says what is got, and the one before it what is sold: sell 1 ETH, get 500 USDC. They may be one
// trade, and one would be drafted twice.
func halved(before []intents.Step, s intents.Step) bool {
	if len(before) == 0 {
		return false
	}
	last := before[len(before)-1]
	return last.Action == intents.Swap && s.Action == intents.Swap && (last.TokenOut == "" && s.TokenIn == "" || last.TokenIn == "" && s.TokenOut == "")
}

// shares reports whether it is not clear what a share is of: a part of what a stake gives, which no step names, or, where the step
// before took a part already, of what was there before it or of that part.
func (c clause) shares(before []intents.Step, s intents.Step, made map[string]bool) bool {
	if len(before) == 0 {
		return false
	}
	last := before[len(before)-1]
	_, again := last.TokenIn.Output()
	_, earlier := s.TokenIn.Output()
	for _, p := range c.phrases {
		if p.amount == nil || p.amount.ID != s.Amount || countable(p.amount) {
			continue
		}
		if p.token != nil && p.the && !p.mine && !earlier && made[p.token.Symbol] { // send 20% of the DAI to bob, 30% of the DAI to carol
			return true
		}
		if last.Action == intents.Stake && (p.the || p.token == nil && !p.before) || p.token != nil && earlier && again && last.Amount != last.TokenIn {
			return true
		}
	}
	return false
}

// opinion reports whether the user asks what one would do: would you lend 500 DAI on Aave.
func opinion(items []item) bool {
	for i := range items {
		if !spells(items, i, []string{"would", "you"}) || polite(items) {
			continue
		}
		switch _, f, _ := verbAt(items, i+2); f {
		case intents.LendVerb, intents.StakeVerb, intents.BuyVerb, intents.SellVerb, intents.BorrowVerb:
			return !spelt(items, "for", "me")
		}
	}
	return false
}

// questioned reports whether what orders something is put as a question. A please anywhere counts for all of it.
func questioned(parts []part) bool {
	var said []item
	for _, p := range parts {
		said = append(said, p.said...)
	}
	return questions(said)
}

// questions reports whether the sentence is a question, and not an order put as one.
func questions(items []item) bool {
	question := false
	for _, t := range items {
		if asking[t.word] {
			return false
		}
		question = question || t.word == "?"
	}
	return question
}

// nameOutput notes the token that a clause names as what wrapping or unwrapping has made.
func (c clause) nameOutput(before []intents.Step, made string) {
	if len(before) == 0 {
		return
	}
	last := &before[len(before)-1]
	if last.Action != intents.Wrap && last.Action != intents.Unwrap || last.TokenOut != "" {
		return
	}
	for _, p := range c.phrases {
		if p.token != nil && p.the && p.token.Symbol == made {
			last.TokenOut = p.token.ID
			return
		}
	}
}

// output is the symbol of what a step ends with, where the words tell. Where they name no coin to wrap, it is ETH.
func output(items []item, s intents.Step, before string) string {
	switch s.Action {
	case intents.Wrap, intents.Unwrap:
		coin := map[intents.Action]string{intents.Wrap: "ETH", intents.Unwrap: "WETH"}[s.Action]
		if s.TokenIn != "" {
			coin = symbolAt(items, s.TokenIn, before)
		}
		return intents.Rewrapped(s.Action, coin)
	case intents.Bridge, intents.Withdraw, intents.Borrow:
		return symbolAt(items, s.TokenIn, before)
	}
	return symbolAt(items, s.TokenOut, before)
}

// symbolAt is the symbol of the token that a ref points at; before, of what an earlier step made.
func symbolAt(items []item, ref intents.Ref, before string) string {
	if _, ok := ref.Output(); ok {
		return before
	}
	for _, t := range items {
		if t.span != nil && t.span.ID == ref && ref != "" {
			return t.span.Symbol
		}
	}
	return ""
}

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
		if r.venue != nil && stakers[r.venue.Venue] {
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

// stakers are protocols that take deposits to stake them.
var stakers = map[string]bool{"lido": true, "rocket pool": true, "etherfi": true, "eigenlayer": true}

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
	if s.Side == intents.Out || r.slippage != nil || r.minOut != nil || r.venue != nil {
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
		if r.handed {
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
