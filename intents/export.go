package intents

import (
	"fmt"
	"strings"
)

// Export writes a draft with the words that its refs point at. The first step stands at the top level; all of them are in
// Steps where there are several.
func Export(r *Reading, d Draft) Exported {
	if len(d.Steps) == 0 {
		return Exported{Action: string(None)}
	}
	steps := make([]Exported, len(d.Steps))
	for i := range d.Steps {
		steps[i] = exportStep(r, d, i, steps[:i])
	}
	first := steps[0]
	if len(steps) > 1 {
		first.Steps = steps
	}
	return first
}

func exportStep(r *Reading, d Draft, i int, before []Exported) Exported {
	s := d.Steps[i]
	e := Exported{
		Action: string(s.Action), Kind: s.Kind, Condition: s.Condition,
		TokenIn: tokenText(r, s.TokenIn, d, before), TokenOut: tokenText(r, s.TokenOut, d, before),
	}
	if span, ok := r.Span(s.Amount); ok && span.Quantity != nil && s.Action != Price {
		e.Amount, e.AmountUnit = span.Quantity.export()
	}
	if k, ok := s.Amount.Output(); ok {
		e.Amount = string(All)
		e.AmountOf = fmt.Sprintf("step%d", k)
	} else if k, ok := s.TokenIn.Output(); ok && (strings.HasSuffix(e.Amount, "%") || e.Amount == string(All)) {
		e.AmountOf = fmt.Sprintf("step%d", k)
	}
	if e.Amount != "" && (s.Action == Swap || s.Action == QuoteOnly && e.TokenOut != "" || s.Action == Schedule && s.Recipient == "") {
		e.AmountSide = orDefault(string(s.Side), string(In))
	}
	if span, ok := r.Span(s.Chain); ok {
		e.Chain = span.Chain
	}
	if span, ok := r.Span(s.DestChain); ok {
		e.DestChain = span.Chain
	}
	if span, ok := r.Span(s.Recipient); ok {
		e.Recipient, e.RecipientCheck = span.Text, recipientCheck(span)
		if s.Action == RiskCheck && span.Address != nil && e.TokenIn == "" { // a contract is looked into, nothing is sent there
			e.TokenIn, e.Recipient, e.RecipientCheck = span.Text, "", ""
		}
	}
	if span, ok := r.Span(s.Slippage); ok {
		e.Slippage = percentOf(span.Bps)
	}
	if span, ok := r.Span(s.MinOut); ok && span.Quantity != nil {
		e.MinOut = span.Quantity.Number
	}
	if span, ok := r.Span(s.Every); ok {
		e.Every = everyWord(span)
	}
	if span, ok := r.Span(s.Trigger); ok {
		e.Trigger = triggerWord(span)
	}
	if span, ok := r.Span(s.Venue); ok {
		e.Venue = span.Venue
	}
	if span, ok := r.Span(s.Against); ok {
		e.Against = span.Symbol
	}
	if span, ok := r.Span(s.Term); ok {
		e.Term = spanWord(span)
	}
	if span, ok := r.Span(s.Proposal); ok {
		e.Proposal = span.Value
	}
	if span, ok := r.Span(s.Choice); ok {
		e.Choice = span.Value
	}
	if (s.Action == Wrap || s.Action == Unwrap) && e.TokenIn == "" {
		e.TokenIn = map[Action]string{Wrap: "ETH", Unwrap: "WETH"}[s.Action]
	}
	if s.Action == Wrap || s.Action == Unwrap {
		e.TokenOut = ""
	}
	return e
}

// tokenText is the symbol or the address as written; for an output, what the earlier step ends with.
func tokenText(r *Reading, ref Ref, d Draft, before []Exported) string {
	if k, ok := ref.Output(); ok {
		if k < 1 || k > len(before) { // no draft that was checked has it; two are also compared before they are
			return ""
		}
		made := before[k-1]
		switch a := d.Steps[k-1].Action; {
		case a == Wrap || a == Unwrap:
			return Rewrapped(a, made.TokenIn)
		case made.TokenOut != "":
			return made.TokenOut
		}
		return made.TokenIn
	}
	span, ok := r.Span(ref)
	switch {
	case !ok:
		return ""
	case span.Kind == TokenSpan:
		return span.Symbol
	}
	return span.Text
}

// export writes a quantity and its unit.
func (q Quantity) export() (amount, unit string) {
	switch q.Form {
	case All:
		return string(All), ""
	case Share:
		return q.Number + "%", ""
	case AllBut:
		return "all_but:" + q.Number, ""
	case Dollars:
		return q.Number, string(Dollars)
	}
	return q.Number, ""
}

// recipientCheck tells what is known of a recipient from its text.
func recipientCheck(s Span) string {
	switch {
	case s.Address != nil:
		return string(s.Address.Check)
	case strings.Contains(s.Value, "."):
		return "ens"
	}
	return "label"
}

// percentOf writes basis points as percent.
func percentOf(bps uint64) string {
	return trimNumber(fmt.Sprintf("%d.%02d", bps/100, bps%100)) + "%"
}
