package grammar

import (
	"slices"

	"github.com/keymaker-agent/keymaker/intents"
)

// thing is what a phrase leads to: an amount, a token, or both; or one span of another kind.
type thing struct {
	amount *intents.Span
	token  *intents.Span
	other  *intents.Span
	before bool          // it, that, the proceeds: what an earlier step made
	the    bool          // the token is named with an article
	mine   bool          // the token is named with my
	owed   bool          // it is a loan, or of one
	worth  *intents.Span // 100 USDC worth of ETH: token is USDC, worth is ETH
}

// phrase is a preposition, which may be empty, and what it leads to.
type phrase struct {
	lead string
	thing
	apart bool // a comma stands before it, or the word amount
	over  bool // its preposition may say what way something goes
}

// clause is a verb and its phrases.
type clause struct {
	verb    string
	family  intents.Family
	phrases []phrase
	wait    waiting
	why     []string
	elided  bool // the verb is that of the clause before
	back    bool // something is wanted back
	prior   bool // it is said to be done before what follows
	paced   bool // it is said to be repeated or spread: without a time it is not clear
	stops   bool // it is said to be a stop loss
	later   bool // a clause stands before it
	topic   thing
}

// prepositions are the words that lead to a thing, by the lead that they stand for.
var prepositions = []struct {
	lead string
	list [][]string
}{
	{"for", phrases(`in exchange for, in return for, for, against, 4, por, contre, gegen, pour`)},
	{"to", phrases(`to, into, onto, so it's on, and into, straight to, straight into, all the way to, over to, across to, out to, out into, straight over to, back to, back into, over into, over onto, to get, to receive, to buy, - >, = >, →, ➡, >, and get, and receive, and buy, to become, in to, so i get, so i have, so i end up with, so that i have, so that i get, so that i end up with, until i have, and end up with, to end up with, to have, should become, should be, should go to, should go into, should be turned into, should be swapped to, should be swapped for, should be swapped into, must become, needs to become, becomes, become, to make, and make it, towards, over on to, buying, by buying, into buying, to purchase, and turn it into, to be, over for, and onto, and over to, - - >, > >, = = >, - >>, on to, para, pra, vers, nach, hacia, ke, verso, à`)},
	{"with", phrases(`with, con, com, avec, mit, dengan, w /, w, wit, using, paying with, paying in, paying, paid with, paid in, funded with, funded from, spending, by spending, by selling, use, take it from, taken from, paid from, and pay with, pay with, and use, out of my, using some of, by using, pay in, pay using, and pay using, and spend`)},
	{"spend", phrases(`to spend, to use, spend, use, to access, to take, to move, to pull, spending, for spending, to spend up to, up to, spend up to, to be able to spend, to transfer, access to, to pull up to`)},
	{"in", phrases(`in, en, em, jadi, ke dalam`)},
	{"from", phrases(`from, desde, von, depuis, dari, da, de, frm, off, off of, coming from, starting from, that sits on, which is on, out of, from my, sitting on, currently on, that is on, that's on, sitting in, away from, back from, over from, straight from, which i have on, that i have on, i have on, that's sitting on, that sits in`)},
	{"on", phrases(`on, over on, via, through, over, across, at, inside, on the, in the, by way of, by, @, auf, sur, di, su, na, on top of, onto the, there on, right on, over in, running on, within, available on`)},
	{"keep", phrases(`but, keep, keeping, set, and keep, with a, allow, and allow, and set, allowing, and i want, i want, and give me, but only if i get, must receive, must get, i must receive, i must get, i should receive, i want to receive, i want to get, should get me, so long as i get, as long as i get, if i get, expecting, receiving, getting, to receive, i should get, and make sure i get, making sure i get, and expect`)},
}

// clauseAt parses the clause that starts at item i and returns the item after it. It ends at a joint before another clause, or at
// the end. Phrases may stand before the verb. A clause without a verb takes that of the one before it, or that of its shape.
func clauseAt(items []item, i int, before *clause) (clause, int, bool) {
	i = skipLeads(items, i)
	if n := match(items, i, mayI); n > 0 && polite(items) {
		i = skipLeads(items, i+n)
	}
	wait, n := waitAt(items, i)
	if n > 0 {
		i = skipLeads(items, i+n)
	}
	c := clause{wait: wait, later: before != nil}
	if before == nil {
		c.topic, i = topicAt(items, i)
	}
	c.phrases, i = fronted(items, i)
	i = c.opened(items, i)
	if c.family == "" && before != nil {
		c.verb, c.family, c.elided = before.verb, before.family, true
	}
	from := 0 // the last phrase, where it could stand before its verb
	for i < len(items) {
		if n := c.gets(items, i); n > 0 {
			p, m := phraseAt(items, i+n)
			p.lead = "to"
			c.phrases, i = append(c.phrases, p), i+n+m
			i += match(items, i, forIt)
			continue
		}
		if next, joined := stepAfter(items, i); len(c.phrases) > 0 && (joined || next > i && asksNext(items, next)) {
			return c, next, !leadsOn(items, from, i) && c.shaped(before)
		}
		if rest := skipTails(items, i); rest == len(items) {
			return c, rest, c.shaped(before)
		}
		if n := match(items, i, idleTails[c.family]); n > 0 && (stands(items, i+n) || len(c.phrases) == 0 && begins(items, i+n)) {
			c.back = c.back || items[i].word == "back"
			i += n
			continue
		}
		if w, n := waitAt(items, i); n > 0 && c.wait.level == nil {
			c.wait, i = w, i+n
			continue
		}
		if w := items[i].word; fillers[w] || marks[w] || paces[w] || w == "there" && before != nil && !before.placed() {
			c.paced = c.paced || paces[w]
			i++
			continue
		}
		if n := match(items, i, manners); n > 0 {
			i += n
			continue
		}
		if n := match(items, i, purposes); n > 0 && (c.family == intents.SendVerb || c.family == intents.MoveVerb) {
			i += n
			continue
		}
		p, m := phraseAt(items, i)
		if m == 0 {
			if n = match(items, i, idleTails[c.family]); n > 0 {
				i += n
				continue
			}
			return clause{}, i, false
		}
		if p.lead == "" && p.other != nil && i > 0 && items[i-1].word == "then" { // 40 USDC to ETH, then base: a step of its own
			return clause{}, i, false
		}
		if p.lead != "" {
			c.why = append(c.why, p.lead)
		}
		c.phrases = append(c.phrases, p)
		from = 0
		if p.frontable() {
			from = i
		}
		i += m
	}
	return c, i, c.shaped(before)
}

// placed reports whether the clause names a protocol: there, in the clause after it, is that protocol, and not its chain.
func (c *clause) placed() bool {
	return slices.ContainsFunc(c.phrases, func(p phrase) bool { return p.other != nil && p.other.Kind == intents.VenueSpan })
}

// leadsOn reports whether the place or time at item from, the last before the joint at item to, may belong to what follows the joint:
// swap 1 ETH to DAI, then on base, sell 5 LINK. None is there where from is 0.
func leadsOn(items []item, from, to int) bool {
	if from == 0 {
		return false
	}
	opens, apart := items[from].ends, false
	for k := from - 1; k >= 0 && (marks[items[k].word] || fillers[items[k].word]); k-- {
		opens, apart = opens || items[k].ends || anew[items[k].word], apart || items[k].word == ","
	}
	alone := items[to].word == "," && !items[to].ends && (to+1 >= len(items) || !joints[items[to+1].word] && match(items, to+1, stepPhrases) == 0)
	return opens || apart && alone
}

// anew are the marks and fillers after which something new begins.
var anew = set(`. ! ? ; then also now`)

// mayI asks whether one may, and orders where please is said too.
var mayI = phrases(`can i, could i, may i, might i, can we, could we, may we`)

// ways say of a trade where it happens, and of a bridge what it passes.
var ways = set(`via through by`)

// partitives mean "of" where a token follows, and "from" elsewhere: compra 100 USDC de ETH buys ETH.
var partitives = set(`de da di du von dari`)

// phraseAt reads a preposition, if there is one, and what it leads to.
func phraseAt(items []item, i int) (phrase, int) {
	lead, n := leadAt(items, i)
	t, m := thingAt(items, i+n)
	if m == 0 || lead == "from" && partitives[items[i].word] && t.token != nil && !t.mine {
		return phrase{}, 0
	}
	apart := i > 0 && marks[items[i-1].word] || items[i+n].word == "amount"
	return phrase{lead: lead, thing: t, apart: apart, over: ways[items[i].word]}, n + m
}

// fronted reads phrases that stand before the verb: on base, from aave, every friday, with 5 USDC.
func fronted(items []item, i int) ([]phrase, int) {
	var front []phrase
	at := i
	for at < len(items) {
		p, n := phraseAt(items, at)
		if n == 0 || !p.frontable() {
			break
		}
		front, at = append(front, p), at+n
		for at < len(items) && (items[at].word == "," || items[at].word == ":") {
			at++
		}
	}
	if len(front) == 0 {
		return nil, i
	}
	at = skipLeads(items, at)
	if last := front[len(front)-1]; last.lead == "with" && at < len(items) && items[at].word == "to" {
		at++
	}
	if _, _, n := verbAt(items, at); n > 0 {
		return front, at
	}
	for _, p := range front { // without a verb, what is paid must not stand in front
		if p.other == nil {
			return nil, i
		}
	}
	if _, n := thingAt(items, at); n == 0 {
		return nil, i
	}
	return front, at
}

// frontable reports whether a phrase can stand before its verb.
func (p phrase) frontable() bool {
	if p.other == nil {
		return p.lead == "with" && (p.before || p.token != nil && p.amount != nil && p.worth == nil)
	}
	switch p.other.Kind {
	case intents.ChainSpan:
		return p.lead == "on" || p.lead == "from" || p.lead == "to" || p.lead == "in" || p.lead == "with" || p.lead == ""
	case intents.VenueSpan:
		return p.lead == "on" || p.lead == "from" || p.lead == "with" || p.lead == "in"
	case intents.TimeSpan:
		return p.lead == ""
	case intents.AddressSpan, intents.NameSpan:
		return p.lead == "to"
	}
	return false
}

// shaped reports whether the clause holds together. One that has no verb gets that of its shape: a trade names both sides, a
// transfer a recipient, a bridge two chains; one that leaves out the verb before it has the same phrases.
func (c *clause) shaped(before *clause) bool {
	if c.elided {
		return c.parallel(before)
	}
	if c.family != "" {
		return true
	}
	n := map[string]int{}
	for _, p := range c.phrases {
		switch {
		case p.other == nil && p.token == nil:
			n["amount"]++
		case p.other == nil && p.lead == "" && dollars(p.amount):
			n["dollars"]++
			n["paid"]++
		case p.other == nil && (p.lead == "" || p.lead == "from"):
			n["paid"]++
		case p.other == nil:
			n["got "+p.lead]++
		case p.other.Kind == intents.ChainSpan && p.lead != "on":
			n["chain "+p.lead]++
		case p.lead == "to" || p.lead == "for":
			n["to "+string(p.other.Kind)]++
		}
	}
	got, recipients := n["got to"]+n["got for"], n["to address"]+n["to name"]
	switch {
	case n["amount"] > 1, n["dollars"] > 0 && n["paid"] == 2 && got == 0: // $300 of BRETT, PEPE: sold, or bought?
		return false
	case n["paid"] == 1 && n["got for"] == 1 && got == 1 && recipients == 0 && c.bought(): // DAI for 4 LINK: bought, or sold?
		return false
	case n["paid"] == 1 && got == 1 && recipients == 0 || n["paid"] == 2 && got == 0 && recipients == 0:
		c.verb, c.family = "→", intents.TradeVerb
	case n["paid"] == 1 && got == 0 && recipients == 1:
		c.verb, c.family = "→", intents.SendVerb
	case n["paid"] == 1 && got == 0 && n["chain to"] == 1 && n["chain from"]+n["chain "] == 1:
		c.verb, c.family = "→", intents.BridgeVerb
	default:
		return false
	}
	c.why = append(c.why, c.verb)
	return true
}

// bought reports whether only what is given for something has an amount: DAI for 4 LINK.
func (c *clause) bought() bool {
	for _, p := range c.phrases {
		if p.other == nil && (p.amount == nil) == (p.lead == "for") {
			return false
		}
	}
	return true
}

// parallel reports whether a clause without a verb is built like the one before it.
func (c *clause) parallel(before *clause) bool {
	if before == nil || len(c.phrases) < len(before.phrases) || len(c.phrases) > len(before.phrases) && len(before.phrases) != 1 {
		return false
	}
	for i, p := range c.phrases[:len(before.phrases)] {
		was := before.phrases[i]
		if p.lead != was.lead || (p.other == nil) != (was.other == nil) || p.other != nil && p.other.Kind != was.other.Kind ||
			p.other == nil && ((p.amount == nil) != (was.amount == nil) || p.token != nil && was.token == nil || p.before || p.worth != nil) {
			return false
		}
		if p.other == nil && p.token == nil {
			c.phrases[i].token = was.token
		}
	}
	return true
}

// idleTails are words that belong to a verb's way of speaking.
var idleTails = map[intents.Family][][]string{
	intents.RepayVerb:    phrases(`loan, debt, back, loan balance, my loan, my debt, borrow, position, i borrowed, i owe, of my loan, of my debt, of debt, of my, of the loan, of the debt, towards my loan, that i owe, that i borrowed`),
	intents.LendVerb:     phrases(`out, as collateral, to earn yield, to earn interest, for yield, to earn, for interest, to work, as a lender, in the pool, for some yield, to the lending pool, into the lending pool`),
	intents.StakeVerb:    phrases(`for yield, to earn yield, for rewards, to earn rewards, for staking rewards, to earn`),
	intents.SellVerb:     phrases(`out`),
	intents.SendVerb:     phrases(`along, cross chain, cross - chain, crosschain, over, from me, from my wallet, out, out of my wallet, from my account, across`),
	intents.MoveVerb:     phrases(`home, back home, cross chain, cross - chain, along, over, across, from my wallet`),
	intents.WrapVerb:     phrases(`up`),
	intents.BridgeVerb:   phrases(`home, back home, cross chain, cross - chain, over, across`),
	intents.WithdrawVerb: phrases(`back, out, that i deposited, i deposited, i supplied, that i supplied, that i lent, deposit, i lent, from the pool, back to my wallet, to my wallet`),
	intents.UnstakeVerb:  phrases(`back, to my wallet`),
	intents.ApproveVerb:  phrases(`permission, permissions, an allowance, allowance, approval, an approval, the right, access, the allowance, as a spender, as spender, an allowance of, permission to, allowance of, the contract, contract`),
	intents.BorrowVerb:   phrases(`me, as collateral, as the collateral, as my collateral, collateral, as security, against my collateral, against my deposits, against it, against that, against my position`),
	intents.BuyVerb:      phrases(`me, myself, back`),
	intents.TradeVerb:    phrases(`over, all, at market, for me`),
}

// begins reports whether a thing begins at item i.
func begins(items []item, i int) bool {
	_, n := thingAt(items, i)
	return n > 0
}

// stands reports whether a phrase may end before item i.
func stands(items []item, i int) bool {
	if i >= len(items) || items[i].ends || marks[items[i].word] || joints[items[i].word] {
		return true
	}
	_, n := leadAt(items, i)
	return n > 0 || skipTails(items, i) == len(items)
}

// skipLeads passes over words that open an order.
func skipLeads(items []item, i int) int {
	for i < len(items) {
		if marks[items[i].word] {
			i++
			continue
		}
		n := match(items, i, leads)
		if n == 0 {
			return i
		}
		i += n
	}
	return i
}

// skipTails passes over words that close an order, and returns i where something else follows them.
func skipTails(items []item, i int) int {
	at := i
	for at < len(items) {
		if marks[items[at].word] {
			at++
			continue
		}
		n := match(items, at, tails)
		if n == 0 {
			return i
		}
		at += n
	}
	return at
}

// verbs are verbs of more than one word.
var verbs = []struct {
	family intents.Family
	list   [][]string
}{
	{intents.SellVerb, phrases(`market sell, cash, cash out, get rid of, get out of, sell off, sell me`)},
	{intents.BuyVerb, phrases(`market buy, could i get, can i get, can i have, could i have, may i have, pick up, pick me up, get me, buy me, grab me, scoop up, stack up on, load up on, get myself, gimme, gimmie, order me, stack, dca into, buy in to, buy into, invest in, ape into, ape in to, get into, give me, i want, i need, i'd like, i would like, need, want, lemme get, let me get, let me have, lemme have, i could use, i'll take, hook me up with, snag me, buy up, stock up on`)},
	{intents.TradeVerb, phrases(`do, swap of, a swap of, quick swap of, a quick swap of, do a trade of, make a trade of, trade in, swap out, swap over, turn, make, market swap, do a swap of, dollar cost average, dollar - cost average, cost average, chuck, throw, toss, lob, pump, yolo, do a swap from, plow, roll, roll over, rebalance, diversify, trim, reduce, downsize, lighten, go with, go from, go out of, replace, swap away, convert over, make a swap of, change up, move out of, rotate out of`)},
	{intents.WithdrawVerb, phrases(`remove, free up, take out, pull out, pull, get back, take, cash in`)},
	{intents.RepayVerb, phrases(`pay back, pay off, pay down, settle, clear, clear out, return, close, close out, wipe, give back`)},
	{intents.LendVerb, phrases(`put, park, invest, add, allocate, place, lend out, stick, earn interest on, earn yield on, earn on, loan out`)},
	{intents.SendVerb, phrases(`make a payment of, make a transfer of, do a transfer of, send a payment of, top up, send over, send out, fire off, shoot over, drop, toss, zap, slide, hand, transfer out, transfer ownership of, hook up, send along, ship, shoot, beam, pass`)},
	{intents.BridgeVerb, phrases(`bridge over, bridge across, take across, hop, cross chain, cross - chain, crosschain`)},
	{intents.StakeVerb, phrases(`liquid stake, liquid - stake, re - stake`)},
	{intents.UnstakeVerb, phrases(`un stake, un - stake, unbond, stop staking`)},
	{intents.UnwrapVerb, phrases(`un wrap, un - wrap`)},
	{intents.BorrowVerb, phrases(`lend me, loan me, take a loan of, take out a loan of, take out a loan for, get a loan of, take a loan for, take out a loan, take a loan, get a loan, open a loan of, draw a loan of`)},
}

// verbAt returns the verb at item i and how many items it has.
func verbAt(items []item, i int) (string, intents.Family, int) {
	family, n := intents.Family(""), 0
	for _, v := range verbs {
		if m := match(items, i, v.list); m > n {
			family, n = v.family, m
		}
	}
	if n > 0 {
		return join(items[i : i+n]), family, n
	}
	if i < len(items) && items[i].span == nil {
		if f, ok := intents.VerbFamily(items[i].word); ok {
			return items[i].word, f, 1
		}
	}
	return "", "", 0
}

func join(items []item) string {
	said := ""
	for _, t := range items {
		if said != "" {
			said += " "
		}
		said += t.word
	}
	return said
}

// stepAfter reports whether another clause begins after the joint at item i.
func stepAfter(items []item, i int) (int, bool) {
	if n := match(items, i, arrows); n > 0 {
		_, _, verb := verbAt(items, i+n)
		return i + n, verb > 0
	}
	at := i
	for at < len(items) && (joints[items[at].word] || match(items, at, stepPhrases) > 0) {
		at += max(1, match(items, at, stepPhrases))
	}
	if at == i && !items[i].ends {
		return i, false
	}
	wish := skipLeads(items, at)
	if anyWord(items[at:wish], hesitations) {
		return i, false
	}
	if _, _, n := verbAt(items, wish); n > 0 && wish > at {
		return wish, true
	}
	if _, n := leadAt(items, at); n > 1 {
		return i, false
	}
	if wish == len(items) || wish == i {
		return wish, false
	}
	if n := match(items, wish, takings); n > 0 && begins(items, wish+n) { // then use it to buy ETH
		return wish, true
	}
	at = wish
	if _, _, n := verbAt(items, at); n > 0 {
		return at, true
	}
	if _, n := waitAt(items, at); n > 0 {
		return at, true
	}
	if k := items[at].kind(); k == intents.NameSpan || k == intents.AddressSpan { // send bob 5 USDC and alice 10 USDC
		t, _ := thingAt(items, at+1)
		return at, match(items, at+1, gettings) > 0 || t.amount != nil && t.token != nil
	}
	if n := match(items, at, befores); n > 0 {
		return at, true
	}
	t, n := thingAt(items, at)
	if n > 0 && t.amount != nil && t.token == nil && !t.before && countable(t.amount) { // send 5 USDC to bob and 10 to alice
		lead, k := leadAt(items, at+n)
		return at, k > 0 && (lead == "to" || lead == "for") && begins(items, at+n+k)
	}
	if n > 0 && t.the && t.token != nil && t.amount == nil && items[i].word != "," { // then the ETH to LINK
		return at, elidable(items, at+n)
	}
	return at, n > 0 && t.amount != nil && (t.token != nil || t.before && items[i].word != ",") && !joints[items[at].word] && elidable(items, at+n)
}

// hesitations may open a sentence; inside one they take something back: 10 LINK, uh, 12 LINK.
var hesitations = set(`uh um hmm oh ah`)

// elidable reports whether what follows an amount at item i can make a clause without a verb: more than the amount is said.
func elidable(items []item, i int) bool {
	_, n := phraseAt(items, i)
	return n > 0 && items[i].span == nil && !items[i].ends
}

// leadAt returns the preposition at item i.
func leadAt(items []item, i int) (string, int) {
	lead, n := "", 0
	for _, p := range prepositions {
		if m := match(items, i, p.list); m > n {
			lead, n = p.lead, m
		}
	}
	return lead, n
}

var arrows = phrases(`- >, = >, - - >, = = >, → , ➡, >, > >`)

var backward = phrases(`it, them, these, result, output, what you got, whatever i got, whatever i end up with, everything i got, the whole amount, the full amount, the total, that, this, those, all of it, it all, everything i get, what i get, whatever i get, the result, the proceeds, the output, the outcome, all of that, all that,
	whatever comes out, that amount, what comes out, the resulting amount, what i got, the received amount, the whole lot, the whole thing, whatever you get, what you get, whatever i receive, the swapped amount, the bridged amount, proceeds, all proceeds, all the proceeds`)

// thingAt reads what a phrase leads to. n is how many items it has; none, where nothing is there.
func thingAt(items []item, i int) (t thing, n int) {
	at := i
	if m := match(items, at, backward); m > 0 && (at+m >= len(items) || !holders[items[at+m].word]) {
		if at+m < len(items) && whole(items[at+m].span) && !tokenSoon(items, at+m+1) {
			return thing{before: true, amount: items[at+m].span}, m + 1
		}
		if !tokenSoon(items, at+m) {
			return thing{before: true}, m
		}
	}
	for at < len(items) && at < i+6 {
		w := items[at].word
		if items[at].span != nil || items[at].ends && at > i || !(determiners[w] || fillers[w] && w != ",") || at == i && pasts[w] { // swapped 40 USDC for ETH: it was
			break
		}
		t.the = t.the || w == "the" || w == "that" || w == "those" || makings[w]
		t.mine = t.mine || w == "my"
		at++
	}
	for k := at; k < len(items) && (holders[items[k].word] || k > at && items[k].word == ":"); k++ {
		if k+1 < len(items) && (items[k+1].kind() == intents.AddressSpan || items[k+1].kind() == intents.NameSpan) {
			at = k + 1
		}
	}
	if at >= len(items) || items[at].span == nil {
		return thing{}, 0
	}
	switch items[at].kind() {
	case intents.AmountSpan:
		t.amount = items[at].span
		return t.withToken(items, i, at+1)
	case intents.TokenSpan:
		t.token = items[at].span
		at++
		if at < len(items) && items[at].kind() == intents.AmountSpan && items[at].span.Quantity != nil && items[at].span.Quantity.Form == intents.AllBut {
			t.amount = items[at].span
			at++
			if at < len(items) && items[at].kind() == intents.TokenSpan && items[at].span.Symbol == t.token.Symbol {
				at++
			}
		}
	default:
		t.other = items[at].span
		at++
		if t.other.Kind == intents.MinOutSpan && at < len(items) && items[at].kind() == intents.TokenSpan {
			t.token = items[at].span
			at++
		}
		if t.other.Kind == intents.VenueSpan || t.other.Kind == intents.ChainSpan {
			for at < len(items) && (placeNouns[items[at].word] || debts[items[at].word]) {
				t.owed = t.owed || debts[items[at].word]
				at++
			}
		}
		return t, at - i
	}
	for at < len(items) && (nouns[items[at].word] || debts[items[at].word]) {
		t.owed = t.owed || debts[items[at].word]
		at++
	}
	at += match(items, at, havings)
	if at+1 < len(items) && items[at].word == "worth" && items[at+1].kind() == intents.AmountSpan && t.amount == nil && countable(items[at+1].span) { // eth worth 100 usdc
		t.amount = items[at+1].span
		at += 2
		if at < len(items) && items[at].kind() == intents.TokenSpan {
			t.worth, t.token = t.token, items[at].span
			at++
		} else if !dollars(t.amount) {
			return thing{}, 0
		}
	}
	return t, at - i
}

var (
	placeNouns = set(`network chain pool protocol market vault app position account side contract dex wallet`)
	// holders stand before an address or a name.
	holders = set(`address wallet account contract recipient spender user addr acct :`)
)

// holding are the words between everything and its token.
var holding = phrases(`i have in, i have of, that i have in, i've got in, i own in, i hold in, i have left in, i got in, i own of, in my`)

// withToken reads the token of an amount: 5 USDC, half of my ETH, half of it.
func (t thing) withToken(items []item, i, at int) (thing, int) {
	start := at
	if whole(t.amount) {
		at += match(items, at, holding)
	}
	for at < len(items) && items[at].span == nil && (determiners[items[at].word] || nouns[items[at].word]) && items[at].word != "from" && (items[at].word != "in" || dollars(t.amount)) {
		if m := match(items, at, backward); m > 0 && !tokenSoon(items, at+m) {
			break
		}
		t.the = t.the || items[at].word == "the" || items[at].word == "that"
		t.mine = t.mine || items[at].word == "my"
		at++
	}
	if m := match(items, at, backward); m > 0 && at > start && !tokenSoon(items, at+m) {
		t.before = true
		return t, at + m - i
	}
	if at < len(items) && items[at].kind() == intents.TokenSpan {
		t.token = items[at].span
		at++
		if at+2 < len(items) && items[at].word == "worth" && items[at+1].word == "of" && items[at+2].kind() == intents.TokenSpan {
			t.worth = items[at+2].span
			return t, at + 3 - i
		}
		if at+1 < len(items) && items[at].word == "of" && items[at+1].kind() == intents.TokenSpan && countable(t.amount) { // 50 USDC of ETH
			t.worth = items[at+1].span
			return t, at + 2 - i
		}
		for at < len(items) && (nouns[items[at].word] || debts[items[at].word]) {
			t.owed = t.owed || debts[items[at].word]
			at++
		}
		at += match(items, at, havings)
		return t, at - i
	}
	return t, start - i
}

// makings are said of what an earlier step made.
var makings = set(`received resulting swapped bridged converted borrowed withdrawn purchased bought new fresh obtained unwrapped`)

// pasts are makings that alone report.
var pasts = set(`received swapped bridged converted borrowed withdrawn purchased bought obtained unwrapped`)

// whole reports whether a span means everything.
func whole(s *intents.Span) bool {
	return s != nil && s.Quantity != nil && s.Quantity.Form == intents.All
}

// tokenSoon reports whether a token stands at item i: "that ETH" is the token, not what an earlier step made.
func tokenSoon(items []item, i int) bool {
	return i < len(items) && (items[i].kind() == intents.TokenSpan || items[i].kind() == intents.AmountSpan)
}
