package grammar

import (
	"github.com/keymaker-agent/keymaker/intents"
)

// How a clause opens: with a verb (swap), with a gerund that is wished for (mind swapping) or that comes before what follows (after
// swapping), with a noun in place of the verb (a swap of; a limit order to sell), with a wish for something done (I need 5 USDC
// bridged), or with who gets something (bob should get 5 USDC). What it is about may be said before: I have 100 USDC, swap it.

func (c *clause) opens(verb string, f intents.Family) {
	c.verb, c.family, c.why = verb, f, append(c.why, verb)
}

// opened reads how a clause opens at item i, and returns the item after it.
func (c *clause) opened(items []item, i int) int {
	prior := match(items, i, befores)
	if n := max(prior, match(items, i, mindings)); n > 0 && i+n < len(items) {
		if f, ok := intents.Gerund(items[i+n].word); ok {
			c.opens(items[i+n].word, f)
			c.prior, c.paced = prior > 0, items[i].word == "keep"
			return i + n + 1
		}
	}
	for _, open := range []func([]item, int) int{c.owned, c.wished, c.passive, c.gotten, c.named} {
		if next := open(items, i); next > i {
			return next
		}
	}
	verb, family, n := verbAt(items, i)
	if n > 0 {
		c.opens(verb, family)
	}
	return i + n
}

var (
	// mindings stand before a gerund and make an order of it: would you mind swapping 5 USDC.
	mindings = phrases(`mind, start, begin, would you mind, do you mind, if you don't mind, keep, keep on`)
	// befores stand before a gerund, and say that something follows.
	befores = phrases(`after, once done, once you're done, once finished`)
	// ownings stand before what an order is about: I have 5 USDC I want to swap; thats may join the two.
	ownings = phrases(`i have, i've got, i got, ive got, i own, i hold, there is, there's, i currently have, i have about`)
	thats   = phrases(`that, which, and, and now`)
	// wantings begin a wish for something done.
	wantings = phrases(`i'd like, i would like, i want, i need, get, have, need, want, please have, please get, id like, we need, we want, could you have, can i get, can i have, gonna need, going to need, i'm gonna need, let's get, let's have`)
	// beings stand before a participle.
	beings = phrases(`to be, to get`)
	// needings stand between a thing and what is to be done with it.
	needings = phrases(`needs, need, needs to be, need to be, should be, must be, has to be, have to be, to be, is to be, please, ought to be`)
	// takings stand before what an order is about, where its clause follows: take 100 USDC and buy ETH.
	takings = phrases(`take, grab, have, got, need to use, use, i'm done with, im done with, done with, tired of, i'm tired of, im tired of, sick of, fed up with, enough of, i'm over, tired of holding, i have enough of, i've had enough of`)
	// gettings stand between who gets something and what it is.
	gettings = phrases(`gets, should get, should receive, receives, needs to get, has to get, is to get, is to receive, is owed`)
	// receivings stand after a trade and before what is to come of it: swap 1 ETH, get DAI; forIt may close them.
	receivings = phrases(`get, receive, give me, and get, and receive, and give me, i want, get me, and get me, and i get, i get, to get me`)
	forIt      = phrases(`for it, for them, for that, in return, in exchange, out of it, from it, back`)
)

// owned reads what is held and what is to be done with it: I have 5 USDC I want to swap.
func (c *clause) owned(items []item, i int) int {
	n := match(items, i, ownings)
	if n == 0 {
		return i
	}
	t, m := thingAt(items, i+n)
	at := i + n + m
	at += match(items, at, thats)
	to := skipLeads(items, at)
	verb, f, v := verbAt(items, to)
	if m == 0 || v == 0 || to == at || t.before {
		return i
	}
	c.opens(verb, f)
	c.phrases = append(c.phrases, phrase{thing: t})
	return to + v
}

// wished reads a wish for something done: I need 5 USDC bridged. A sentence with please in it needs no more than a participle.
func (c *clause) wished(items []item, i int) int {
	n := match(items, i, wantings)
	if n == 0 && !polite(items) {
		return i
	}
	t, m := thingAt(items, i+n)
	at := i + n + m
	if place, k := phraseAt(items, at); m > 0 && k > 0 && place.frontable() && place.lead != "" && place.lead != "to" && place.other != nil {
		if _, ok := participleAt(items, at+k); ok {
			c.phrases, at = append(c.phrases, place), at+k
		}
	}
	at += match(items, at, beings)
	f, ok := participleAt(items, at)
	if !ok || m == 0 || t.before && !c.later {
		return i
	}
	c.opens(items[at].word, f)
	c.phrases = append(c.phrases, phrase{thing: t})
	return at + 1
}

func participleAt(items []item, i int) (intents.Family, bool) {
	if i >= len(items) || items[i].span != nil {
		return "", false
	}
	return intents.Participle(items[i].word)
}

// polite reports whether a sentence says please: it orders then, it does not report.
func polite(items []item) bool { return anyWord(items, pleases) }

var pleases = set(`please pls plz kindly`)

// passive reads what is to be done with something: 100 USDC should be swapped to ETH, 100 USDC needs swapping.
func (c *clause) passive(items []item, i int) int {
	t, m := thingAt(items, i)
	if m == 0 || t.amount == nil || t.token == nil {
		return i
	}
	n := match(items, i+m, needings)
	if n == 0 || i+m+n >= len(items) {
		return i
	}
	done := items[i+m+n].word
	f, ok := intents.Participle(done)
	if !ok {
		f, ok = intents.Gerund(done)
	}
	if !ok {
		return i
	}
	c.opens(done, f)
	c.phrases = append(c.phrases, phrase{thing: t})
	return i + m + n + 1
}

// gotten reads who gets something: bob should get 5 USDC.
func (c *clause) gotten(items []item, i int) int {
	if i >= len(items) || items[i].kind() != intents.NameSpan && items[i].kind() != intents.AddressSpan {
		return i
	}
	n := match(items, i+1, gettings)
	if n == 0 || !begins(items, i+1+n) {
		return i
	}
	c.opens("gets", intents.SendVerb)
	c.phrases = append(c.phrases, phrase{lead: "to", thing: thing{other: items[i].span}})
	return i + 1 + n
}

// orderNouns stand for a verb: a swap of 5 USDC, a payment to bob.
var orderNouns = map[string]intents.Family{
	"swap": intents.TradeVerb, "trade": intents.TradeVerb, "exchange": intents.TradeVerb, "conversion": intents.TradeVerb, "buy": intents.BuyVerb, "purchase": intents.BuyVerb,
	"sell": intents.SellVerb, "sale": intents.SellVerb, "transfer": intents.SendVerb, "payment": intents.SendVerb, "bridge": intents.BridgeVerb, "deposit": intents.LendVerb,
	"withdrawal": intents.WithdrawVerb, "loan": intents.BorrowVerb, "repayment": intents.RepayVerb,
}

var (
	// lights are verbs that say nothing beside a noun: make a payment, set up a swap.
	lights = phrases(`do, make, perform, execute, run, place, initiate, submit, schedule, set up, setup, set, start, create, put in, put up, add, enter, open, queue, queue up, arrange, take, i want, i need, i'd like, i would like, give me, need, want, setup`)
	// waits are nouns and adjectives of an order that waits, or is repeated: without a time or a level it is not clear.
	waits = set(`limit stop loss recurring regular automatic automated repeating scheduled standing dca twap profit order orders auto timed`)
	// arrangings are verbs that ask for a time themselves.
	arrangings = set(`schedule set setup queue arrange`)
	plain      = set(`a an the my another quick new simple small one-time single market fresh little instant`)
)

// named reads a noun in place of the verb, with what stands around it: set up a weekly buy of 20 USDC; limit order: sell 1 ETH.
func (c *clause) named(items []item, i int) int {
	at := i + match(items, i, lights)
	if at == i && at+1 < len(items) && (items[at].word == "dca" || items[at].word == "twap") && items[at+1].word != ":" && items[at+1].word != "order" {
		return i // verbs of their own
	}
	waiting := at > i && arrangings[items[i].word]
	var every *intents.Span
	from := at
	for at < len(items) && (every == nil && rhythmic(items[at].span) || items[at].span == nil && (plain[items[at].word] || waits[items[at].word] || waiting && items[at].word == "-" && at+1 < len(items) && waits[items[at+1].word])) {
		if items[at].span != nil {
			every = items[at].span
		}
		waiting = waiting || waits[items[at].word]
		at++
	}
	if at >= len(items) || items[i].word == "take" && !spelt(items[i:at], "take", "profit") || !waiting && at == i && !(at+1 < len(items) && items[at+1].word == "of") {
		return i
	}
	verb, f := items[at].word, orderNouns[items[at].word]
	switch {
	case f != "" && (at > from || at+1 < len(items) && items[at+1].word == "of"):
		at++
		if at < len(items) && (items[at].word == "of" || items[at].word == ":" || items[at].word == "order" || f == intents.BorrowVerb && items[at].word == "for") {
			at++
		}
	case !waiting:
		return i
	default:
		for at < len(items) && (items[at].word == ":" || items[at].word == "-" || items[at].word == "to" || items[at].word == "of" || items[at].word == "for" || items[at].word == "on") {
			at++
		}
		var n int
		if verb, f, n = verbAt(items, at); n == 0 {
			if f = intents.TradeVerb; !phrased(items, at) {
				return i
			}
			verb = "order"
		}
		at += n
	}
	c.opens(verb, f)
	c.paced = waiting
	c.stops = spelt(items[i:at], "stop", "loss")
	if every != nil {
		c.phrases = append(c.phrases, phrase{thing: thing{other: every}})
	}
	return at
}

// rhythmic reports whether a span says how often.
func rhythmic(s *intents.Span) bool {
	return s != nil && s.Kind == intents.TimeSpan && s.Value[:5] == "every"
}

// spelt reports whether two words stand side by side.
func spelt(items []item, first, second string) bool {
	for i := 1; i < len(items); i++ {
		if items[i].word == second && (items[i-1].word == first || i > 1 && items[i-1].word == "-" && items[i-2].word == first) {
			return true
		}
	}
	return false
}

// gets reads what a trade is to give, where it is said as a clause of its own: swap 1 ETH, get DAI. It returns how many items stand
// before the token.
func (c *clause) gets(items []item, i int) int {
	if c.family != intents.TradeVerb && c.family != intents.SellVerb || len(c.phrases) == 0 {
		return 0
	}
	amount := false
	for _, p := range c.phrases {
		if p.lead == "to" || p.lead == "for" || p.lead == "in" {
			return 0
		}
		amount = amount || p.amount != nil
	}
	at := i
	for at < len(items) && marks[items[at].word] {
		at++
	}
	n := match(items, at, receivings)
	if n == 0 {
		return 0
	}
	t, m := thingAt(items, at+n)
	if m == 0 || t.token == nil || t.amount != nil && (amount || !countable(t.amount)) || t.worth != nil {
		return 0
	}
	end := at + n + m
	end += match(items, end, forIt)
	if !stands(items, end) {
		return 0
	}
	if lead, k := leadAt(items, end); k > 0 && (lead == "with" || lead == "for" || lead == "from") {
		return 0
	}
	return at + n - i
}

// topicAt reads what an order is about where it is said before the clause: I have 100 USDC, swap it to ETH.
func topicAt(items []item, i int) (thing, int) {
	n := max(match(items, i, ownings), match(items, i, takings))
	if n == 0 {
		return thing{}, i
	}
	t, m := thingAt(items, i+n)
	at := i + n + m
	if m == 0 || t.token == nil || t.before || t.worth != nil {
		return thing{}, i
	}
	joint := at
	for at < len(items) && (joints[items[at].word] || match(items, at, stepPhrases) > 0) {
		at += max(1, match(items, at, stepPhrases))
	}
	if at == joint && (at >= len(items) || !items[at].ends) {
		return thing{}, i
	}
	at = skipLeads(items, at)
	if _, _, k := verbAt(items, at); k == 0 {
		return thing{}, i
	}
	return t, at
}

// about puts what the order is about into the phrase that refers to it, or into the place that its verb leaves open. It fails
// where nothing refers to it.
func (c *clause) about() bool {
	if c.topic.token == nil {
		return true
	}
	topic := thing{amount: c.topic.amount, token: c.topic.token}
	given := false
	for i := range c.phrases {
		p := &c.phrases[i]
		if p.before {
			if p.amount != nil && topic.amount != nil {
				return false
			}
			if p.amount == nil {
				p.amount = topic.amount
			}
			p.token, p.before = topic.token, false
			return true
		}
		given = given || p.other == nil && (p.lead == "" && c.family != intents.BuyVerb || p.lead == "with" || p.lead == "from" || p.lead == "for" && c.family == intents.BuyVerb)
	}
	if given {
		return false
	}
	p := phrase{thing: topic}
	if c.family == intents.BuyVerb {
		p.lead = "with"
	}
	c.phrases = append([]phrase{p}, c.phrases...)
	return true
}

// phrased reports whether a phrase begins at item i.
func phrased(items []item, i int) bool {
	_, n := phraseAt(items, i)
	return n > 0
}
