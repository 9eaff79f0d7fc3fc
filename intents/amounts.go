package intents

import (
	"math/big"
	"strconv"
	"strings"
)

// number reads a written or spoken number at word i with its scale (2k, 1.5 million, two hundred and fifty, 1/2). It returns
// the plain decimal and the word after it. ok is false where no number is there; the decimal is empty where one is there that
// can't be read for sure, such as 1,2,3 or 5-10.
func (p *reader) number(i int) (value string, next int, ok bool) {
	if p.at(i) == "" {
		return "", i, false
	}
	if p.ws[i].kind != digits {
		return p.spoken(i)
	}
	value, readable := parseDigits(p.ws[i].norm)
	next = i + 1
	for readable && len(p.ws[next-1].norm) <= 3 && p.spacedGroup(next) { // 1 500 000
		value, next = trimNumber(value+p.ws[next].norm), next+1
	}
	if zeros, isScale := scales[p.at(next)]; isScale && p.scaleWord(next) {
		if readable {
			value = times(value, zeros)
		}
		next++
	}
	if p.at(next) == "/" && p.glued(next) && p.glued(next+1) && p.isDigits(next+1) {
		if next-i == 1 && readable {
			value, readable = fraction(value, p.ws[next+1].norm)
		}
		next += 2
	}
	if (p.at(next) == "-" || p.at(next) == "–" || p.at(next) == "^" || p.at(next) == "*") && p.isDigits(next+1) {
		_, next, _ = p.number(next + 1)
		readable = false
	}
	if half := p.phrase(next, "and a half"); half > 0 && readable && next == i+1 && !strings.Contains(value, ".") {
		value, next = value+".5", next+half
		if zeros, isScale := scales[p.at(next)]; isScale && p.scaleWord(next) {
			value, next = times(value, zeros), next+1
		}
	}
	if w := p.at(next); w != "" && p.glued(next) && p.ws[next].kind == letters {
		if ordinals[w] {
			return "", i, false
		}
		if power, ok := strings.CutPrefix(w, "e"); ok && strings.Trim(power, "0123456789") == "" {
			return "", next + 1, true
		}
	}
	if prev := p.at(i - 1); p.glued(i) && (prev == "-" || prev == "." || prev == "−") && !p.glued(i-1) {
		if prev == "." && readable && !strings.ContainsAny(p.ws[i].norm, ".,'") {
			return trimNumber("0." + p.ws[i].norm), next, true
		}
		readable = false
	}
	if !readable {
		return "", next, true
	}
	return value, next, true
}

var ordinals = words(`st nd rd th x`)

// spacedGroup reports whether word i is a group of three digits that continues a number written with spaces.
func (p *reader) spacedGroup(i int) bool {
	return p.isDigits(i) && !p.glued(i) && len(p.ws[i].norm) == 3 && strings.Trim(p.ws[i].norm, "0123456789") == ""
}

func (p *reader) isDigits(i int) bool { return p.at(i) != "" && p.ws[i].kind == digits }

func (p *reader) glued(i int) bool { return i > 0 && i < len(p.ws) && p.ws[i].glued }

// scaleWord reports whether the scale at word i counts: a single letter has to stand at the number or be a k.
func (p *reader) scaleWord(i int) bool {
	w := p.ws[i].norm
	return len(w) > 1 || w == "k" || p.glued(i)
}

// fraction divides two whole numbers, where the quotient has an end.
func fraction(num, den string) (string, bool) {
	r, ok := new(big.Rat).SetString(num + "/" + den)
	if !ok || strings.Contains(num+den, ".") {
		return "", false
	}
	return decimal(r)
}

// spoken reads number words at word i.
func (p *reader) spoken(i int) (string, int, bool) {
	if p.at(i) == "a" && (p.at(i+1) == "hundred" || p.at(i+1) == "thousand" || p.at(i+1) == "million" || p.at(i+1) == "grand") ||
		isNumeral(p.at(i)) || p.at(i) == "zero" {
		r, n := spokenNumber(p.ws, i)
		if n == 0 {
			return "", i, false
		}
		next := i + n
		half := p.phrase(next, "and a half")
		if powers[p.at(next-1)] > 0 && half > 0 || powers[p.at(next-2)] >= 1_000 && isDigitWord(p.at(next-1)) && n > 1 {
			return "", next + half, true // a million and a half, a million five: the half or the five may be of the million
		}
		if half > 0 {
			r.Add(r, big.NewRat(1, 2))
			next += half
			if zeros, isScale := scales[p.at(next)]; isScale && len(p.at(next)) > 1 {
				r.Mul(r, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(zeros)), nil)))
				next++
			}
		}
		value, exact := decimal(r)
		if !exact {
			value = ""
		}
		return value, next, true
	}
	if n := max(p.phrase(i, "a couple"), p.phrase(i, "couple")); n > 0 {
		return p.couple(i, i+n)
	}
	switch {
	case p.phrase(i, "a dozen") > 0:
		return "12", i + 2, true
	case p.at(i) == "dozen":
		return "12", i + 1, true
	}
	return "", i, false
}

// couple reads what a couple is of. Two hundred is meant by a couple of hundreds; a couple of ETH may be three, and is asked about.
func (p *reader) couple(i, next int) (string, int, bool) {
	if p.at(next) == "of" {
		next++
	}
	if zeros, isScale := scales[strings.TrimSuffix(p.at(next), "s")]; isScale && len(p.at(next)) > 2 {
		return times("2", zeros), next + 1, true
	}
	if p.tokenWord(next) || dollarWords[p.at(next)] {
		return "", next, true
	}
	return "", i, false
}

var (
	percentWords = words(`% percent pct procent`)
	dollarWords  = words(`$ dollars dollar bucks buck usd`)
	foreignMoney = words(`€ £ ¥ euro euros eur pounds quid gbp yen rupees`)
	bpsWords     = words(`bps bp bips`)
	slipWords    = words(`slippage slip slipage`)
	slipFillers  = words(`max maximum tolerance of at to is a set limit limited up = : , allow allowing tolerate cap capped keep keeping under below than set setting with my the about over`)
	slipBetween  = words(`max maximum price of`)
	leastWords   = words(`min minimum min. minout`)
	leastFillers = words(`of out received receive return output amount : = i we get getting to is expected . - me`)
)

// rate reads a percentage or basis points at word i, as basis points.
func (p *reader) rate(i int) (bps uint64, next int, ok bool) {
	value, next, ok := p.number(i)
	if !ok && p.phrase(i, "half a percent") > 0 {
		return 50, i + 3, true
	}
	if !ok {
		return 0, i, false
	}
	switch {
	case percentWords[p.at(next)]:
		value, next = times(value, 2), next+1
	case p.phrase(next, "per cent") > 0:
		value, next = times(value, 2), next+2
	case bpsWords[p.at(next)]:
		next++
	case p.phrase(next, "basis points") > 0 || p.phrase(next, "basis point") > 0:
		next += 2
	default:
		return 0, i, false
	}
	bps, err := strconv.ParseUint(value, 10, 32)
	if err != nil {
		bps = 0
	}
	return bps, next, true
}

// slippage takes a rate that stands with the word slippage. A rate that is not whole basis points is taken with zero.
func (p *reader) slippage() {
	for i := range p.ws {
		if !p.is(i, slipWords) {
			continue
		}
		if from, to, bps, ok := p.rateAfter(i); ok {
			p.take(from, to, Span{Kind: SlippageSpan, Bps: bps})
			continue
		}
		if from, to, bps, ok := p.rateBefore(i); ok {
			p.take(from, to, Span{Kind: SlippageSpan, Bps: bps})
			continue
		}
		if at := p.slipSkip(i + 1); p.isDigits(at) && (p.closes(at+1) || at+1 >= len(p.ws)) { // slippage 1: of what?
			p.take(p.slipStart(i), at+1, Span{Kind: SlippageSpan})
		}
	}
	for i := range p.ws { // basis points are of nothing else: swap 1 eth to usdc, 50bps max
		bps, next, ok := p.rate(i)
		if !ok || !p.basis(next-1) {
			continue
		}
		if p.at(next) == "max" || p.at(next) == "maximum" || p.at(next) == "tops" {
			next++
		}
		p.take(p.slipStart(i), next, Span{Kind: SlippageSpan, Bps: bps})
	}
}

// basis reports whether word i is a unit of basis points.
func (p *reader) basis(i int) bool {
	return p.is(i, bpsWords) || p.at(i) == "points" || p.at(i) == "point"
}

// slipSkip passes over words that may stand between slippage and its rate.
func (p *reader) slipSkip(at int) int {
	for end := at + 8; at < end; {
		if n := max(p.phrase(at, "no more"), p.phrase(at, "not more")); n > 0 {
			at += n
		} else if p.is(at, slipFillers) {
			at++
		} else {
			break
		}
	}
	return at
}

func (p *reader) rateAfter(i int) (from, to int, bps uint64, ok bool) {
	bps, to, ok = p.rate(p.slipSkip(i + 1))
	if ok && p.at(to) == "max" || p.at(to) == "maximum" {
		to++
	}
	return p.slipStart(i), to, bps, ok
}

func (p *reader) rateBefore(i int) (from, to int, bps uint64, ok bool) {
	for at := max(0, i-6); at < i; at++ {
		bps, next, ok := p.rate(at)
		if !ok {
			continue
		}
		for next < i && p.is(next, slipBetween) {
			next++
		}
		if next == i {
			to = i + 1
			for to < i+3 && (p.at(to) == "tolerance" || p.at(to) == "max" || p.at(to) == "limit" || p.at(to) == "tops") {
				to++
			}
			return p.slipStart(at), to, bps, true
		}
	}
	return 0, 0, 0, false
}

// slipStart goes back from word i over words that belong to a slippage limit: max, at most, no more than.
func (p *reader) slipStart(i int) int {
	for _, lead := range []string{"don't go over", "dont go over", "do not go over", "don't exceed", "dont exceed", "do not exceed", "not exceeding", "without exceeding", "never more than", "i accept", "i can accept", "i'm ok with", "ok with", "accept", "accepting", "tolerating", "tolerate", "no more than", "not more than", "up to", "at most", "max of", "maximum of", "a max of", "a maximum of", "a max", "max", "maximum", "less than", "price", "a"} {
		n := len(strings.Fields(lead))
		if i >= n && p.phrase(i-n, lead) > 0 {
			return p.slipStart(i - n)
		}
	}
	return i
}

// minimums takes what the user wants to receive at least.
func (p *reader) minimums() {
	for i := range p.ws {
		n := 0
		for _, lead := range []string{"at least", "no less than", "not less than", "nothing less than", "not below", "no lower than", "at minimum", "at the least", "at a minimum", "not accept less than", "> =", ">="} {
			n = max(n, p.phrase(i, lead))
		}
		if n == 0 && p.is(i, leastWords) {
			n = 1
		}
		if n == 0 {
			p.atLeast(i)
			continue
		}
		at := i + n
		for at < i+n+4 && p.is(at, leastFillers) {
			at++
		}
		if q, next, ok := p.quantity(at); ok && q != nil && (q.Form == Exact || q.Form == Dollars) {
			p.take(i, next, Span{Kind: MinOutSpan, Quantity: q})
		}
	}
}

// atLeast takes a minimum that says so behind its number: expecting 2400 usdc minimum, if i get 2400 or more.
func (p *reader) atLeast(i int) {
	if !p.is(i-1, receiving) {
		return
	}
	q, next, ok := p.quantity(i)
	if !ok || q == nil || q.Form != Exact && q.Form != Dollars {
		return
	}
	if p.tokenWord(next) {
		next++
	}
	for _, tail := range []string{"minimum", "min", "at least", "at minimum", "at a minimum", "or more", "or better", "or above"} {
		if n := p.phrase(next, tail); n > 0 {
			p.take(i, next+n, Span{Kind: MinOutSpan, Quantity: q})
			return
		}
	}
}

var receiving = words(`get receive getting receiving expecting expect want`)

// quantity reads an amount at word i. A nil Quantity with ok is an amount that can't be read for sure.
func (p *reader) quantity(i int) (q *Quantity, next int, ok bool) {
	if p.at(i) == "$" || (p.at(i) == "usd" && p.isDigits(i+1)) || (p.at(i) == "us" && p.at(i+1) == "$") {
		start := i + 1
		if p.at(i) == "us" {
			start++
		}
		value, next, ok := p.number(start)
		if !ok || p.ws[start].kind != digits {
			return nil, i, false
		}
		return dollars(value), p.worth(p.afterDollar(next)), true
	}
	if foreignMoney[p.at(i)] && p.isDigits(i+1) {
		_, next, _ := p.number(i + 1)
		return nil, p.worth(next), true
	}
	if q, next, ok := p.share(i); ok {
		return q, next, true
	}
	if value, ok := vulgar[p.at(i)]; ok {
		if follow := p.at(i + 1); follow == "of" || follow == "my" || follow == "the" {
			return of(Share, times(value, 2)), i + 1, true
		}
		return of(Exact, value), i + 1, true
	}
	value, next, ok := p.number(i)
	if !ok {
		return nil, i, false
	}
	switch w := p.at(next); {
	case percentWords[w]:
		return of(Share, value), next + 1, true
	case p.phrase(next, "per cent") > 0:
		return of(Share, value), next + 2, true
	case foreignMoney[w]:
		return nil, p.worth(next + 1), true
	case w == "usd" && p.at(next+1) == "coin":
	case w == "us" && dollarWords[p.at(next+1)]:
		return dollars(value), p.worth(next + 2), true
	case dollarWords[w] && (w != "$" || p.glued(next)):
		return dollars(value), p.worth(next + 1), true
	case value != "" && p.isFraction(i, next) && w == "of":
		return of(Share, times(value, 2)), next, true
	}
	return of(Exact, value), next, true
}

// isFraction reports whether words i..next write a fraction, such as 1/4.
func (p *reader) isFraction(i, next int) bool { return next == i+3 && p.ws[i+1].norm == "/" }

// afterDollar skips a unit that says dollars again.
func (p *reader) afterDollar(i int) int {
	if w := p.at(i); w == "usd" || w == "bucks" || w == "dollars" {
		return i + 1
	}
	return i
}

// worth skips "worth" and "worth of".
func (p *reader) worth(i int) int {
	if n := p.phrase(i, "' worth"); n > 0 {
		return i + n
	}
	if p.at(i) == "worth" {
		return i + 1
	}
	return i
}

func dollars(value string) *Quantity { return of(Dollars, value) }

func of(form QuantityForm, value string) *Quantity {
	if value == "" {
		return nil
	}
	return &Quantity{Form: form, Number: value}
}

// share reads half, a quarter and the like. Before "a" or a token it counts tokens (half an ETH); else it is a part of them.
func (p *reader) share(i int) (*Quantity, int, bool) {
	at := i
	if w := p.at(at); w == "a" || w == "one" || w == "the" {
		at++
	}
	percent, decimals, n := "", "", 0
	switch {
	case p.phrase(i, "three quarters") > 0, p.phrase(i, "three fourths") > 0:
		percent, decimals, n, at = "75", "0.75", 2, i
	case p.phrase(at, "half") > 0 && (at == i || p.at(i) == "one" || p.at(i) == "a"):
		percent, decimals, n = "50", "0.5", 1
	case p.phrase(at, "quarter") > 0 || p.phrase(at, "fourth") > 0:
		percent, decimals, n = "25", "0.25", 1
	case p.phrase(at, "fifth") > 0 && at > i:
		percent, decimals, n = "20", "0.2", 1
	case p.phrase(at, "tenth") > 0 && at > i:
		percent, decimals, n = "10", "0.1", 1
	case p.phrase(at, "third") > 0 && at > i, p.phrase(i, "two thirds") > 0:
		if at == i {
			return nil, i + 2, true
		}
		return nil, at + 1, true
	default:
		return nil, i, false
	}
	next := at + n
	article := 0
	if p.is(next, articles) && len(p.at(next+1)) > 1 && scales[p.at(next+1)] > 0 {
		return of(Exact, times(decimals, scales[p.at(next+1)])), next + 2, true
	}
	if w := p.at(next); w == "a" || w == "an" {
		article = 1
	} else if p.at(next) == "of" && (p.at(next+1) == "a" || p.at(next+1) == "an" || p.at(next+1) == "one") {
		article = 2
	}
	if article > 0 {
		return of(Exact, decimals), next + article, true
	}
	if p.tokenWord(next) && p.at(next) != "of" {
		return nil, next, true
	}
	return of(Share, percent), next, true
}

// vulgar are the fractions that are one character.
var vulgar = map[string]string{"1⁄2": "0.5", "1⁄4": "0.25", "3⁄4": "0.75"}

var articles = words(`a an`)

var (
	wholeWords = words(`all max everything entire whole full maximum`)
	countNouns = words(`balances holdings assets approvals approval allowances permissions networks chains tokens coins transactions positions spenders approvals, wallets accounts contracts prices things stuff good time times the-time apps dapps`)
	exceptCue  = []string{"all but", "everything but", "but keep", "but leave", "except for", "except", "excluding", "minus", "but", "besides", "apart from", "other than", "leaving behind", "leaving", "leave behind", "leave", "keeping back", "keeping", "keep", "save for", "and keep", "and leave", "less", "while keeping", "while leaving"}
	notLimits  = words(`unlimited infinite infinity uncapped limitless`)
)

// amounts takes all other quantities: numbers first, then the words that mean everything.
func (p *reader) amounts() {
	p.enumerators()
	for i := 0; i < len(p.ws); i++ {
		if n := p.everything(i); n > 0 {
			p.whole(i, n)
			continue
		}
		q, next, ok := p.quantity(i)
		if !ok || p.notAnAmount(i, next, q) {
			continue
		}
		from := i
		if w := p.at(i - 1); p.glued(i) && (w == "-" || w == "." || w == "−") && p.ws[i].kind == digits {
			from--
		}
		p.take(from, next, Span{Kind: AmountSpan, Quantity: q})
		i = next - 1
	}
}

// enumerators takes out the numbers of a list: 1) swap 2) send. They count from one, from the start of the text on, each before a
// word.
func (p *reader) enumerators() {
	var found []int
	for i := range p.ws {
		mark := p.at(i + 1)
		if !p.isDigits(i) || p.ws[i].norm != strconv.Itoa(len(found)+1) || !p.glued(i+1) || mark != ")" && mark != "." && mark != ":" {
			continue
		}
		if i+2 >= len(p.ws) || p.ws[i+2].kind != letters || p.glued(i+2) && mark == ":" {
			continue
		}
		if len(found) == 0 && i > 0 && (i != 1 || p.at(0) != "step") {
			return
		}
		found = append(found, i)
	}
	if len(found) < 2 {
		return
	}
	for _, i := range found {
		p.ws[i].taken = true
	}
}

// everything returns how many words at i mean the whole balance.
func (p *reader) everything(i int) int {
	w := p.at(i)
	switch {
	case notLimits[w]:
		if p.at(i+1) == "amount" {
			return 2
		}
		return 1
	case p.phrase(i, "no limit") > 0, p.phrase(i, "without limit") > 0, p.phrase(i, "the lot") > 0 && p.at(i+2) != "of":
		return 2
	case p.phrase(i, "every last") > 0, p.phrase(i, "every single") > 0, p.phrase(i, "100 %") > 0:
		return 2
	case p.phrase(i, "every bit of") > 0:
		return 3
	case !wholeWords[w]:
		return 0
	case w == "everything" && p.shown(i):
		return 0
	case p.isDigits(i+1) || p.at(i+1) == "$" || countNouns[p.at(i+1)] || countNouns[p.at(i+2)] || slipWords[p.at(i+1)]:
		return 0
	case p.at(i+1) == "of" && countNouns[p.at(i+3)], w == "all" && (p.at(i+1) == "at" || p.at(i+1) == "right" || p.at(i+1) == "together"):
		return 0
	case w == "all" && (p.at(i-1) == "at" || p.at(i-1) == "after" || p.at(i-1) == "you"), w == "full" && p.at(i-1) == "in":
		return 0
	case (w == "full" || w == "whole" || w == "entire") && i > 0 && (p.at(i-1) == "the" || p.at(i-1) == "my" || p.at(i-1) == "our"):
		return 1
	case w == "whole" || w == "full":
		return 0
	}
	return 1
}

// shown reports whether word i is what is to be seen, and nothing is to be done with it: show me everything i have.
func (p *reader) shown(i int) bool {
	if _, ruled := p.clauseFamily(i); ruled {
		return false
	}
	for k := range i {
		if p.is(k, showing) {
			return true
		}
	}
	return false
}

var showing = words(`show list display see view check what's whats what`)

// whole takes the words at i that mean everything, or the exception to them that comes later.
func (p *reader) whole(i, n int) {
	for at := i; at < len(p.ws) && at < i+24; at++ {
		if at > i && (p.at(at) == "." || p.at(at) == ";" || p.at(at) == "then" || p.ws[at].own != p.ws[i].own) {
			break
		}
		for _, cue := range exceptCue {
			c := p.phrase(at, cue)
			if c == 0 {
				continue
			}
			start := at + c
			for p.at(start) == "about" || p.at(start) == "for" || p.at(start) == "the" || p.at(start) == "last" || p.at(start) == "out" {
				start++
			}
			value, next, ok := p.number(start)
			if !ok || percentWords[p.at(next)] || dollarWords[p.at(next)] {
				continue
			}
			from := at
			if at == i+n {
				from = i
			}
			p.take(from, next, Span{Kind: AmountSpan, Quantity: of(AllBut, value)})
			return
		}
	}
	p.take(i, i+n, Span{Kind: AmountSpan, Quantity: &Quantity{Form: All}})
}

// notAnAmount reports whether the number at words i..next counts something else: versions, lists, "one" as a pronoun.
func (p *reader) notAnAmount(i, next int, q *Quantity) bool {
	if p.ws[i].kind == digits {
		return p.at(next) == "inch" && p.glued(next)
	}
	if w := p.at(i - 1); p.at(i) == "one" && (w == "arbitrum" || w == "arb") {
		return true
	}
	if next-i == 1 && (p.at(i) == "one" || p.at(i) == "half" || p.at(i) == "zero" || p.at(i) == "quarter") {
		follow := p.at(next)
		return (q == nil || q.Form != Share) && follow != "" && !p.tokenWord(next) && scales[follow] == 0
	}
	return false
}

// bareRates takes any rate, where slippage was asked for.
func (p *reader) bareRates() {
	for i := range p.ws {
		if bps, next, ok := p.rate(i); ok {
			p.take(i, next, Span{Kind: SlippageSpan, Bps: bps})
		}
	}
}
