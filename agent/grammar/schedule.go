package grammar

import (
	"strings"

	"github.com/keymaker-agent/keymaker/intents"
)

// waiting is what an order waits for: a level of something, and the token that is named with it.
type waiting struct {
	level *intents.Span
	token *intents.Span
}

var (
	whenWords  = phrases(`when, if, once, as soon as, whenever, only when, only if, but only if, the moment, in case, the minute, when the price of, if the price of, once the price of, as soon as the price of`)
	levelWords = set(`it's its it price is goes gets ever the of its network fees fee gas my health factor on has market value starts at base mainnet prices cost are ' s 's trading`)
)

// waitAt reads a condition at item i: "when ETH drops below 2500".
func waitAt(items []item, i int) (w waiting, n int) {
	at := i + match(items, i, whenWords)
	if at == i {
		return waiting{}, 0
	}
	for at < len(items) && at < i+14 && !items[at].ends {
		t := items[at]
		switch {
		case t.kind() == intents.CondSpan:
			w.level = t.span
			at++
			if at < len(items) && items[at].word == "gwei" {
				at++
			}
			return w, at - i
		case t.kind() == intents.TokenSpan && w.token == nil:
			w.token = t.span
		case t.span == nil && (levelWords[t.word] || determiners[t.word]):
		default:
			return waiting{}, 0
		}
		at++
	}
	return waiting{}, 0
}

// averaging are verbs that ask for a rhythm.
var averaging = map[string]bool{"dca": true, "dollar cost average": true, "dollar - cost average": true, "cost average": true}

// timed turns a step with a time or a condition into a schedule. Where what it waits for is not clear, it is not covered.
func (c clause) timed(s intents.Step, r *roles) (intents.Step, bool) {
	said := 0
	for _, x := range []*intents.Span{r.every, r.when, r.span, r.wait.level} {
		if x != nil {
			said++
		}
	}
	if (averaging[c.verb] && r.every == nil) || (c.verb == "twap" && r.span == nil) {
		return s, false
	}
	switch said {
	case 0:
		return s, !c.paced
	case 1:
	case 2:
		if r.every == nil || r.when == nil { // every friday at 9am is one time
			return s, false
		}
	default:
		return s, false
	}
	trade := s.Action == intents.Swap
	if !trade && s.Action != intents.Transfer {
		return s, false
	}
	now := s
	s.Action = intents.Schedule
	switch {
	case r.every != nil:
		s.Kind, s.Every, s.Trigger = "recurring", id(r.every), id(r.when)
		if trade {
			s.Kind = "dca"
		}
	case r.span != nil:
		s.Kind, s.Trigger = "twap", id(r.span)
		if !trade {
			return s, false
		}
	case r.when != nil:
		s.Kind, s.Trigger = "once", id(r.when)
	default:
		return c.limited(now, r)
	}
	return s, true
}

// limited is a trade that waits for a price. Below for what is bought and above for what is sold is a limit; below for what is
// sold is a stop.
func (c clause) limited(s intents.Step, r *roles) (intents.Step, bool) {
	way, level, _ := strings.Cut(r.wait.level.Value, ":")
	if s.Action != intents.Swap {
		return s, false
	}
	s.Action, s.Trigger, s.Condition = intents.Schedule, id(r.wait.level), way
	if strings.Contains(level, ":") { // of gas or health, not of a token
		s.Kind = "limit"
		return s, r.wait.token == nil
	}
	sold := c.family == intents.SellVerb
	if way == "at" { // a price without a way: one buys below it and sells above it, but to stop a loss below
		switch {
		case c.family != intents.SellVerb && c.family != intents.BuyVerb && !c.stops:
			return s, false
		case c.family == intents.BuyVerb || c.stops:
			s.Condition = "below"
		default:
			s.Condition = "above"
		}
		way, sold = s.Condition, c.family != intents.BuyVerb
	}
	if r.wait.token != nil {
		in, out := symbol(r, s.TokenIn), symbol(r, s.TokenOut)
		if r.wait.token.Symbol != in && r.wait.token.Symbol != out {
			return s, false
		}
		sold = r.wait.token.Symbol == in
	} else if c.family == intents.TradeVerb && !c.stops {
		return s, false
	}
	switch {
	case sold && way == "below":
		s.Kind = "stop"
	case !sold && way == "above":
		s.Kind = "stop"
	default:
		s.Kind = "limit"
	}
	return s, true
}

// symbol is the symbol of one of the clause's tokens.
func symbol(r *roles, ref intents.Ref) string {
	for _, t := range []*intents.Span{r.object.token, r.out.token, r.money.token, r.object.worth} {
		if t != nil && t.ID == ref {
			return t.Symbol
		}
	}
	return ""
}
