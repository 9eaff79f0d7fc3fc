package intents

import (
	"slices"
	"strings"
)

// names takes the recipients that are named: labels of the book anywhere they can stand, other words only where a recipient
// stands.
func (p *reader) names() {
	for i := 0; i < len(p.ws); i++ {
		if p.at(i) == "" || p.ws[i].kind == digits {
			continue
		}
		if p.at(i) == "@" && p.glued(i+1) && p.at(i+1) != "" && p.ws[i+1].kind == letters {
			p.take(i, i+2, Span{Kind: NameSpan, Value: p.at(i + 1)})
			continue
		}
		if !p.recipientPlace(i) {
			continue
		}
		start := i
		if w := p.at(i); (w == "my" || w == "the" || w == "our") && p.at(i+1) != "" {
			start = i + 1
		}
		if n := p.label(start); n > 0 && !p.apposed(start, n) {
			p.take(i, start+n, Span{Kind: NameSpan, Value: p.spelled(start, n)})
			i = start + n - 1
		}
	}
}

// apposed reports whether the n words at i, which no book has, only say who an address beside them is: my bro amir.eth, the plumber,
// 0x….
func (p *reader) apposed(i, n int) bool {
	if _, known := longest(p, i, p.lex.Book); known > 0 {
		return false
	}
	end := i + n
	if w := p.at(end); w == "," || w == ":" || w == "(" {
		end++
	}
	return p.isAddress(end) || p.at(i-1) == "the" && slices.ContainsFunc(p.ws[end:], func(w word) bool { return w.own && (w.kind == hexWord || w.kind == dotName) })
}

// recipientPlace reports whether a recipient may stand at word i: after "to" in a clause that sends, or right after its verb.
func (p *reader) recipientPlace(i int) bool {
	f, ok := p.clauseFamily(i)
	prev := p.at(i - 1)
	switch {
	case prev == "to" && (i == 1 || clauseEnds[p.at(i-2)]) && p.at(i+1) == ":": // to bob: 5 usdc
		return true
	case p.getter(i), p.ownPlace(i):
		return true
	case p.tongue == nil && (p.traded(i) || prev == "to" && p.at(i-2) == "go" && p.at(i-3) == "must"):
		return true
	case !ok:
		return p.tongue == nil && p.carriedTo(i)
	}
	switch f {
	case SendVerb, MoveVerb:
		return p.sentTo(i, f)
	case TradeVerb, BuyVerb, SellVerb:
		if prev == "buy" {
			return p.is(i+1, treats)
		}
		return prev == "to" && (p.at(i-2) == "it" || p.at(i-2) == "sent" || p.at(i-2) == "send" || p.at(i-2) == "output")
	case LendVerb:
		_, verb := VerbFamily(prev)
		return verb && (p.at(i+1) == "with" || p.amountAt(i+1))
	case WithdrawVerb, BorrowVerb, UnwrapVerb, RepayVerb:
		if prev == "back" {
			return p.is(i+1, possessed) || p.amountAt(i+1)
		}
		return prev == "to" && p.moved(i)
	}
	return false
}

// getter reports whether word i begins a clause of its own whose subject gets something: sara should get 3 dai.
func (p *reader) getter(i int) bool {
	w := p.at(i + 1)
	if w != "gets" && w != "receives" && (w != "should" || p.at(i+2) != "get" && p.at(i+2) != "receive") {
		return false
	}
	prev := p.at(i - 1)
	return i == 0 || prev == "and" || prev == "," || prev == ";" || prev == "." || prev == "then"
}

// ownPlace reports whether words at i name a place of the user's own that something is put in: in my burner, onto my debit wallet.
func (p *reader) ownPlace(i int) bool {
	if prev := p.at(i - 1); p.at(i) != "my" || prev != "in" && prev != "into" && prev != "onto" {
		return false
	}
	return p.tongue == nil && p.moved(i) && (soloLabels[p.at(i+1)] || labelEnds[p.at(i+2)])
}

// carriedTo reports whether word i, in a clause without a verb, is where an amount goes: 35 dai to mom, 5 usdc for ella.
func (p *reader) carriedTo(i int) bool {
	switch p.at(i - 1) {
	case "to":
		return (p.carried(i-1) || p.is(i-2, carriedWords) || p.at(i) == "my") && p.moved(i)
	case "for":
		return p.carried(i-1) && p.moved(i)
	case "with":
		return p.at(i-2) == "up" && (p.at(i-3) == "square" || p.at(i-3) == "settle")
	case "spot":
		return p.amountAt(i + 1)
	case "at":
		return p.carried(i-1) && p.moved(i)
	}
	return false
}

// carried reports whether an amount or a token, the user's own, ends before word i.
func (p *reader) carried(i int) bool {
	s := p.spanEndingAt(i)
	return s != nil && (s.Kind == AmountSpan || s.Kind == TokenSpan) && s.Eligible
}

// carriedWords stand for an amount, or between it and where it goes.
var carriedWords = words(`it them this that over back out`)

// sentTo reports whether word i, in a clause that sends, is to whom.
func (p *reader) sentTo(i int, f Family) bool {
	prev := p.at(i - 1)
	if prev == "back" {
		prev = p.at(i - 2)
	}
	if pf, verb := p.ruler(i - 1); verb && pf == SendVerb && !(carrying[p.at(i-1)] != "" && aimless[p.at(i-2)]) || prev != p.at(i-1) && carriesTo(prev) {
		return true
	}
	prev = p.at(i - 1)
	if s := p.spanEndingAt(i - 1); prev == "and" && f == SendVerb && s != nil && (s.Kind == TokenSpan || s.Kind == NameSpan || s.Kind == AddressSpan) &&
		(p.amountAt(i+1) || p.is(i+1, possessed)) {
		return true // send bob 5 usdc and alice 10 usdc
	}
	return prev == "to" || prev == "up" && p.at(i-2) == "top" || prev == "at" && f == SendVerb && p.carried(i-1)
}

func carriesTo(verb string) bool {
	f, ok := VerbFamily(verb)
	return ok && f == SendVerb
}

var (
	// possessed come between a person and what is theirs: pay bob his 5 dai.
	possessed = words(`his her their its the`)
	// treats are what is bought for a person.
	treats = words(`a an some lunch dinner coffee breakfast`)
	// givenNames are first names that are other words too.
	givenNames = words(`will grant mark hope grace faith rob drew chase may april june august rose ruby iris joy art frank jack dean earl`)
	// soloLabels are places of one's own that people send to.
	soloLabels = words(`vault safe pot storage savings rent ledger trezor burner`)
)

// amountAt reports whether an amount begins at word i.
func (p *reader) amountAt(i int) bool {
	if i >= len(p.ws) || !p.ws[i].taken {
		return false
	}
	return slices.ContainsFunc(p.spans, func(s Span) bool { return s.Kind == AmountSpan && s.Start == p.ws[i].start })
}

// label returns how many words at i name a recipient: a label of the book, or words that nothing else explains.
func (p *reader) label(i int) int {
	if _, n := longest(p, i, p.lex.Book); n > 0 {
		return n
	}
	prev := p.at(i - 1)
	if p.tongue == nil && (givenNames[p.at(i)] || soloLabels[p.at(i)]) && p.closes(i+1) && (prev == "to" || prev == "my") {
		return 1
	}
	n := 0
	for n < 3 && p.at(i+n) != "" && p.ws[i+n].kind == letters && !(n > 0 && p.nameEnds(i, i+n)) {
		w := p.at(i + n)
		if n > 0 && p.closes(i+n+1) && labelEnds[w] {
			return n + 1
		}
		if len(w) < 2 || notLabels[w] || english[w] || verbal(w) || negations[w] || endings[w] || deniesNearly(w, 5) || p.tokenWord(i+n) && (n > 0 || !labelEnds[p.at(i+1)]) {
			return 0
		}
		n++
	}
	if n == 0 || n > 1 && !possessives[prev] || !p.closes(i+n) && !p.nameEnds(i, i+n) {
		return 0
	}
	return n
}

// nameEnds reports whether a name that begins at word i ends before word k: the next phrase or verb begins.
func (p *reader) nameEnds(i, k int) bool {
	w := p.at(k)
	if closers[w] || nameClosers[w] || p.verbAt(k) {
		return true
	}
	return p.at(i-1) != "to" && givenAfter[w]
}

var (
	nameClosers = words(`landed arrived yet already show tell check gets`)
	// givenAfter follow a person who is given something: send bob some dai, pay bob back 5 dai.
	givenAfter = words(`back his her their the some a an something down lunch dinner coffee what`)
)

// possessives come before a name of several words that is not in the book: my savings pot.
var possessives = words(`my our`)

func (p *reader) spelled(i, n int) string {
	said := make([]string, 0, n)
	for k := i; k < i+n; k++ {
		said = append(said, p.ws[k].norm)
	}
	return strings.Join(said, " ")
}

// labelEnds may end a name, and be none alone.
var labelEnds = words(`wallet account address storage vault safe pot fund fees stash jar budget kid bro sis ledger`)

// notLabels are words that stand for a recipient without naming one, and words that can't be a part of a name.
var notLabels = words(`a an the my your his her our their its it this that these those them him me you us i we she he they someone somebody anyone anybody everyone
	everybody nobody who whom whoever whatever which what where there here friend friends buddy guy guys man dude person people address addresses wallet account
	all both each every another other some any myself yourself himself herself following same usual last previous first second new old be is are was get have do
	not of to for into in on at by with from and or but then than as if when unless until please pls now soon later today tomorrow burn random chain network
	main mainnet l2 l1 exchange cex swap buy sell send half everything rest it's that's pay gas cover avoid make see check try help use go keep save
	proceeds result results output outcome tokens token coins coin funds balance amount profit profits remainder remaining money cash loan debt
	live receive hold earn play pass hit reach speak retire die lose depeg claim cover fund risk zero noon leave arrive happen work eat sleep rest survive celebrate
	start finish invest deleverage page airport income salary nod thumbs ok okay mean self whole
	yesterday hypothetically pretend instead except maybe perhaps ago would should could might`)
