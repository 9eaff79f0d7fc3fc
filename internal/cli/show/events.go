package show

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/router/swap"
	"github.com/keymaker-agent/keymaker/tools"
	"github.com/keymaker-agent/keymaker/wallet"
)

// Event is what one event of a run says to a person. Some say nothing.
func Event(e agent.Event, n Names) []Block {
	switch e.Type {
	case agent.Planned:
		return Plan(e, n)
	case agent.Asked:
		if e.Question != nil {
			return []Block{Question(*e.Question)}
		}
	case agent.Answered:
		return []Block{{Lines: []Line{{"answer", Sanitize(e.Text), Muted}}}}
	case agent.Quoted, agent.Resulted:
		return result(e)
	case agent.Simulated:
		if e.Prepared != nil {
			return []Block{Effects(e.Prepared, n), Verdict(e.Prepared.Verdict)}
		}
	case agent.Approved:
		return oneLine(Good, "approved", "")
	case agent.Applied:
		return append(oneLine(Good, "dry run", "applied to the fork; nothing was signed or sent"), Balances(e.Balances)...)
	case agent.TxMoved:
		if e.Tx != nil {
			return []Block{Tx(*e.Tx)}
		}
	case agent.Confirmed:
		return append([]Block{Receipts(e.Receipts)}, Balances(e.Balances)...)
	case agent.Progressed:
		return oneLine(Muted, "", Sanitize(e.Text))
	case agent.Refused:
		if e.Refusal != nil {
			return []Block{Refusal(*e.Refusal)}
		}
	case agent.Done:
		return oneLine(Good, "done", "")
	}
	return nil
}

func oneLine(t Tone, label, text string) []Block {
	if label != "" && text == "" {
		label, text = "", label
	}
	return []Block{{Lines: []Line{{label, text, t}}}}
}

// Plan is what was understood, each value that the user did not say with where it came from.
func Plan(e agent.Event, n Names) []Block {
	if e.Plan == nil {
		return nil
	}
	b := Block{Title: "plan", Source: Words}
	for i, in := range e.Plan.Intents {
		b.add(strconv.Itoa(i+1), intent(in, n))
	}
	if e.Planner != "" {
		b.tone(Muted, "by", SanitizeTo(e.Planner, 80))
	}
	return []Block{b}
}

func intent(in intents.Intent, n Names) string {
	var w strings.Builder
	w.WriteString(strings.ReplaceAll(string(in.Action), "_", " "))
	if in.Amount != nil {
		w.WriteString(" " + said(in) + from(in.Amount.From))
	}
	if in.Side == intents.Out && in.TokenOut != nil && in.TokenIn != nil {
		fmt.Fprintf(&w, " %s%s for %s%s", symbol(in.TokenOut.V.Symbol), from(in.TokenOut.From), symbol(in.TokenIn.V.Symbol), from(in.TokenIn.From))
	} else {
		if in.TokenIn != nil {
			fmt.Fprintf(&w, " %s%s", symbol(in.TokenIn.V.Symbol), from(in.TokenIn.From))
		}
		if in.TokenOut != nil {
			fmt.Fprintf(&w, " to %s%s", symbol(in.TokenOut.V.Symbol), from(in.TokenOut.From))
		}
	}
	if in.Term != nil {
		fmt.Fprintf(&w, " for %s%s", length(in.Term.V), from(in.Term.From))
	}
	if in.Choice != nil {
		fmt.Fprintf(&w, " %s%s", word(string(in.Choice.V)), from(in.Choice.From))
	}
	if in.Proposal != nil {
		fmt.Fprintf(&w, " proposal %d%s", in.Proposal.V, from(in.Proposal.From))
	}
	if in.Recipient != nil {
		fmt.Fprintf(&w, " %s %s%s", toward(in.Action), n.Address(in.Recipient.V), from(in.Recipient.From))
	}
	if in.Venue != nil {
		fmt.Fprintf(&w, " with %s%s", word(in.Venue.V), from(in.Venue.From))
	}
	fmt.Fprintf(&w, " on %s%s", word(in.Network.V), from(in.Network.From))
	if in.Dest != nil {
		fmt.Fprintf(&w, " to %s%s", word(in.Dest.V), from(in.Dest.From))
	}
	if in.SlippageBps != nil {
		fmt.Fprintf(&w, ", slippage %s%s", Percent(in.SlippageBps.V), from(in.SlippageBps.From))
	}
	if in.MinOut != nil {
		fmt.Fprintf(&w, ", at least %s%s", spoken(in.MinOut.V, 0), from(in.MinOut.From))
	}
	if in.Timing != nil {
		w.WriteString(timing(*in.Timing))
	}
	return w.String()
}

// length is a stretch of time in seconds, in days where it has whole ones.
func length(seconds uint64) string {
	if days := seconds / 86_400; days > 0 && seconds%86_400 == 0 {
		return fmt.Sprintf("%d %s", days, plural(int(days), "day"))
	}
	return fmt.Sprintf("%d %s", seconds, plural(int(seconds), "second"))
}

func timing(t intents.Timing) string {
	var w strings.Builder
	if t.Kind != "" {
		w.WriteString(", " + word(t.Kind))
	}
	if t.Every != nil {
		w.WriteString(", " + word(t.Every.V))
	}
	if t.Trigger != nil {
		w.WriteString(", " + strings.TrimSpace("when "+word(t.Condition)) + " " + word(t.Trigger.V))
	}
	return w.String()
}

func word(s string) string { return SanitizeTo(s, 64) }

func symbol(s string) string { return SanitizeTo(s, 16) }

func toward(a intents.Action) string {
	switch a {
	case intents.Approve:
		return "for spender"
	case intents.Revoke:
		return "from spender"
	}
	return "to"
}

// said is an intent's amount as it was said.
func said(in intents.Intent) string {
	if in.Action == intents.Approve && in.Amount.V.Form == intents.All {
		return "unlimited"
	}
	return spoken(in.Amount.V, in.AmountOf)
}

// spoken is an amount as it was said.
func spoken(q intents.Quantity, step int) string {
	of := ""
	if step > 0 {
		of = fmt.Sprintf(" of the output of step %d", step)
	}
	number := SanitizeTo(q.Number, 80)
	switch q.Form {
	case intents.Share:
		return number + " %" + of
	case intents.All:
		return "all" + of
	case intents.AllBut:
		return "all but " + number + of
	case intents.Dollars:
		return "$" + number + " of"
	}
	return number + of
}

// from names the source of a value, unless it is the user's own word or the registry's for it.
func from(p intents.Provenance) string {
	switch p {
	case intents.FromBook:
		return " [address book]"
	case intents.FromDefault:
		return " [default]"
	case intents.FromChain:
		return " [from chain]"
	}
	return ""
}

// Question is a question, with the only answers that count where they are limited.
func Question(q intents.Question) Block {
	b := Block{Title: Sanitize(q.Text), Source: Words, Tone: Strong}
	for i, o := range q.Options {
		b.add(strconv.Itoa(i+1), Sanitize(o))
	}
	return b
}

func result(e agent.Event) []Block {
	if e.Result == nil {
		return nil
	}
	if e.Result.Quote == nil {
		return []Block{Result(*e.Result)}
	}
	return []Block{Result(*e.Result), Route(*e.Result.Quote)}
}

// Result is what a tool answered. Values that are numbers are aligned.
func Result(r tools.Result) Block {
	b := Block{Title: Sanitize(r.Title), Source: Words}
	values := make([]quantity, len(r.Lines))
	for i, l := range r.Lines {
		values[i] = measured(Sanitize(l.Value))
	}
	for i, text := range align(values) {
		if values[i].number == "" {
			text = values[i].unit
		}
		b.add(SanitizeTo(r.Lines[i].Label, 42), text)
	}
	return b
}

// measured splits a plain number from its unit; a value that is no number has none.
func measured(value string) quantity {
	head, unit, _ := strings.Cut(value, " ")
	if head == "" || strings.Trim(head, "0123456789.,") != "" || strings.Trim(head, ".,") == "" {
		return quantity{unit: value}
	}
	return quantity{head, unit}
}

// Route is the way of a swap: what goes in and comes out, what the contract enforces, and each pool on the way.
func Route(q swap.Quote) Block {
	b := Block{Title: "route", Source: Chain}
	labels := []string{"in", "out"}
	amounts := []quantity{
		{number(q.In), symbol(q.In.Token.Symbol)},
		{number(q.Out), symbol(q.Out.Token.Symbol)},
	}
	if q.Side == swap.ExactOut {
		labels = append(labels, "at most in")
		amounts = append(amounts, quantity{number(q.MaxIn), symbol(q.MaxIn.Token.Symbol)})
	} else {
		labels = append(labels, "at least out")
		amounts = append(amounts, quantity{number(q.MinOut), symbol(q.MinOut.Token.Symbol)})
	}
	for i, text := range align(amounts) {
		b.add(labels[i], text)
	}
	for i, h := range q.Hops {
		b.add(fmt.Sprintf("hop %d", i+1), fmt.Sprintf("%s, fee %s: %s -> %s", SanitizeTo(h.Venue, 32), pips(h.FeePips), Amount(h.In), Amount(h.Out)))
		b.tone(Muted, "", "pool "+h.Pool.Hex())
	}
	b.add("price impact", Percent(q.ImpactBps))
	b.add("pool fees", Percent(q.FeeBps))
	b.tone(Muted, "considered", fmt.Sprintf("%d %s", q.Pools, plural(q.Pools, "pool")))
	return b
}

// Tx is one transaction's new state.
func Tx(t agent.TxUpdate) Block {
	text := fmt.Sprintf("%d of %d  %-9s", t.Index+1, t.Count, t.State)
	var none [32]byte
	if t.Hash != none {
		text += "  " + t.Hash.Hex()
	}
	return Block{Lines: []Line{{"tx", strings.TrimRight(text, " "), Normal}}}
}

// Receipts is the outcome of a step's transactions.
func Receipts(rs []wallet.Receipt) Block {
	b := Block{Title: "receipt", Source: Chain, Tone: Good}
	for _, r := range rs {
		t := Good
		if r.State != wallet.Mined {
			t = Danger
		}
		b.tone(t, string(r.State), fmt.Sprintf("in block %d, gas used %s, fee %s", r.Block, group(strconv.FormatUint(r.GasUsed, 10)), Amount(r.Fee)))
		b.add("", r.Tx.Hex())
	}
	return b
}

// Balances is what the account holds after a step. It is empty where nothing is told.
func Balances(as []chain.Amount) []Block {
	if len(as) == 0 {
		return nil
	}
	b := Block{Title: "balances after", Source: Chain}
	qs := make([]quantity, len(as))
	for i, a := range as {
		qs[i] = quantity{number(a), symbol(a.Token.Symbol)}
	}
	for i, text := range align(qs) {
		b.add(qs[i].unit, text)
	}
	return []Block{b}
}

// Refusal is why nothing, or nothing more, was done.
func Refusal(r agent.Refusal) Block {
	b := Block{Title: "refused: " + SanitizeTo(string(r.Reason), 40), Tone: Danger}
	b.tone(Danger, "", Sanitize(RedactURLs(r.Detail)))
	if r.Hint != "" {
		b.add("hint", Sanitize(RedactURLs(r.Hint)))
	}
	return b
}
