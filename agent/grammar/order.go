package grammar

import (
	"slices"

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
