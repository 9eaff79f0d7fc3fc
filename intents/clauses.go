package intents

// clauseFamily returns the verb family that rules word i: the nearest verb before it in its clause, else the first after it.
func (p *reader) clauseFamily(i int) (Family, bool) {
	if p.rules == nil {
		if p.rules = p.ruling(); p.tongue.verbLast() {
			p.rules = p.rulingLast()
		}
	}
	return p.rules[i], p.rules[i] != ""
}

// ruling finds for each word the family that rules it, in one sweep each way.
func (p *reader) ruling() []Family {
	verbs, rules := make([]Family, len(p.ws)), make([]Family, len(p.ws))
	last := Family("")
	for i := range p.ws {
		rules[i] = last
		if f, ok := p.ruler(i); ok {
			verbs[i], last = f, f
		} else if clauseEnds[p.at(i)] {
			last = ""
		}
	}
	last = ""
	for i := len(p.ws) - 1; i >= 0; i-- {
		if rules[i] == "" {
			rules[i] = last
		}
		if verbs[i] != "" {
			last = verbs[i]
		} else if clauseEnds[p.at(i)] {
			last = ""
		}
	}
	last = ""
	for i := range rules { // a clause without a verb shares the one before it
		if rules[i] == "" {
			rules[i] = last
		}
		last = rules[i]
	}
	return rules
}

// ruler returns the family that word i gives its clause: that of a verb, or of a word that is as good as one for what stands beside it.
func (p *reader) ruler(i int) (Family, bool) {
	if f, ok := p.family(i); ok {
		return f, true
	}
	f, ok := carrying[p.at(i)]
	return f, ok
}

// carrying are verbs that order nothing by themselves, but tell where what they carry goes.
var carrying = byWord(map[Family]string{
	SendVerb: `owe owes reimburse refund chuck toss kick mail split sling lob`,
	MoveVerb: `ship carry ferry drag`,
})

var clauseEnds = words(`. ; then`)

func (p *reader) family(i int) (Family, bool) {
	w := p.at(i)
	if w == "" {
		return "", false
	}
	for _, f := range []struct {
		phrase string
		family Family
	}{
		{"cash out", SellVerb},
		{"get rid of", SellVerb},
		{"top up", SendVerb},
		{"take out", WithdrawVerb},
		{"pull out", WithdrawVerb},
		{"pay back", RepayVerb},
		{"pay off", RepayVerb},
		{"pay down", RepayVerb},
		{"pick up", BuyVerb},
		{"trade in", TradeVerb},
		{"turn", TradeVerb},
		{"drop", SendVerb},
		{"ship", SendVerb},
		{"hand", SendVerb},
		{"pass", SendVerb},
		{"beam", SendVerb},
		{"price", TradeVerb},
		{"quote", TradeVerb},
	} {
		if p.phrase(i, f.phrase) > 0 {
			return f.family, true
		}
	}
	if who := p.at(i - 1); (w == "get" || w == "got") && (who == "i" || who == "you" || who == "we") { // what i get
		return "", false
	}
	if f, ok := VerbFamily(w); ok {
		return f, ok
	}
	if f, ok := Participle(w); ok {
		return f, ok
	}
	return Gerund(w)
}
