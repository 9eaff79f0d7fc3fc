package intents

import (
	"slices"

	"github.com/keymaker-agent/keymaker/refusal"
)

// Some drafts are complete, and every value in them was said, and yet they make no sense: a token is swapped for itself, DAI is
// wrapped, all of a token is sent twice. Such a draft is a misreading or a slip of the user's, whoever drafted it: it is asked about or
// refused.

var (
	// tradingVenues are protocols that nothing is lent to, borrowed from or repaid to; lendingVenues are those that trade nothing.
	tradingVenues = words(`uniswap sushiswap curve 1inch cowswap paraswap pancakeswap aerodrome velodrome camelot quickswap odos kyberswap
		stargate across hop wormhole orbiter synapse layerzero cctp opensea seaport blur permit2`)
	lendingVenues = words(`aave compound spark morpho euler fluid moonwell radiant maker`)
)

// senseless asks about a complete step that makes no sense, by itself or after the steps before it.
func senseless(r *Reading, d Draft, i int) *Question {
	s := d.Steps[i]
	in, out := symbolOf(r, d, s.TokenIn), symbolOf(r, d, s.TokenOut)
	switch {
	case (s.Action == Swap || s.Action == Schedule) && (same(r, s.TokenIn, s.TokenOut) || in != "" && in == out):
		return about(i+1, slotTokenOut, "Both sides are the same token. What do you want to get?")
	case s.Action == Bridge && (same(r, s.Chain, s.DestChain) || sameDest(r, d, s)):
		return about(i+1, slotDestChain, "It is on that chain already. Where do you want it?")
	}
	if a, ok := r.Span(s.Amount); ok && s.Side == Out && (s.Action == Swap || s.Action == Schedule) && a.Quantity != nil && a.Quantity.partial() {
		return about(i+1, slotAmount, "%s is of what you have, not of what you get. How much is meant, of which token?", a.Text)
	}
	if v, ok := r.Span(s.Venue); ok && OutOfPlace(s.Action, v.Venue) {
		return about(i+1, slotVenue, "I know no way to %s at %s. Where do you want to, or what do you want there?", s.Action, v.Text)
	}
	if halfPlaced(d, i) {
		return about(i+1, slotChain, "A network is named for one step only. On which one is step %d?", i+1)
	}
	return spentTwice(r, d, i)
}

// halfPlaced reports whether a step that moves something has no chain of its own nor follows an output, while another has a chain: it
// may be meant for both.
func halfPlaced(d Draft, i int) bool {
	if s := d.Steps[i]; !s.Action.Moves() || s.Chain != "" || s.DestChain != "" || follows(s) {
		return false
	}
	return slices.ContainsFunc(d.Steps, func(s Step) bool { return s.Action.Moves() && s.Action != Bridge && s.Chain != "" && !follows(s) })
}

// follows reports whether a step takes what an earlier one made.
func follows(s Step) bool {
	_, output := s.TokenIn.Output()
	return output
}

// partial reports whether a quantity is all or a part of what is there.
func (q Quantity) partial() bool { return q.Form == Share || q.Form == All || q.Form == AllBut }

// symbolOf is the symbol of a token, or of what an earlier step ends with; empty where the words do not tell.
func symbolOf(r *Reading, d Draft, ref Ref) string {
	if k, ok := ref.Output(); ok {
		return madeBy(r, d, d.Steps[k-1])
	}
	span, ok := r.Span(ref)
	if !ok || span.Kind != TokenSpan {
		return ""
	}
	return span.Symbol
}

// madeBy is the symbol of what a step ends with; empty where the words do not tell.
func madeBy(r *Reading, d Draft, s Step) string {
	switch s.Action {
	case Wrap, Unwrap:
		return Rewrapped(s.Action, symbolOf(r, d, s.TokenIn))
	case Bridge, Withdraw, Borrow:
		if s.TokenOut == "" {
			return symbolOf(r, d, s.TokenIn)
		}
	}
	return symbolOf(r, d, s.TokenOut)
}

// sameDest reports whether a bridge takes what an earlier one brought there already.
func sameDest(r *Reading, d Draft, s Step) bool {
	k, ok := s.TokenIn.Output()
	return ok && s.Chain == "" && same(r, d.Steps[k-1].DestChain, s.DestChain)
}

// unwrappable refuses to wrap or unwrap a token that no network has a wrapper for, or into another than that one's. Of one that is not
// known by name, its network tells later.
func unwrappable(r *Reading, d Draft, i int) error {
	s := d.Steps[i]
	in := symbolOf(r, d, s.TokenIn)
	if span, ok := r.Span(s.TokenIn); ok && !span.Known || in == "" {
		return nil
	}
	made := Rewrapped(s.Action, in)
	switch out := symbolOf(r, d, s.TokenOut); {
	case made != "" && out != "" && out != made:
		return refusal.New(refusal.UnknownToken, "step %d: to %s %s gives %s, not %s", i+1, s.Action, in, made, out).WithHint("say what to do with the %s as a step of its own, or swap", made)
	case s.Action == Wrap && made == "":
		return refusal.New(refusal.UnknownToken, "step %d: %s is no coin that is wrapped", i+1, in).WithHint("wrap the network's own coin, such as ETH, or swap it")
	case s.Action == Unwrap && made == "":
		return refusal.New(refusal.UnknownToken, "step %d: %s is no wrapped coin", i+1, in).WithHint("unwrap the network's wrapped coin, such as WETH, or swap it")
	}
	return nil
}

// OutOfPlace reports whether a protocol is known not to do what it is named for: to swap at Aave or Lido, to lend at Uniswap.
func OutOfPlace(a Action, venue string) bool {
	switch a {
	case Lend, Borrow, Repay:
		return tradingVenues[venue]
	case Swap, Bridge:
		return lendingVenues[venue] || TakesStakes(venue)
	}
	return false
}

// spends are the actions that take a token out of the wallet.
var spends = []Action{Swap, Bridge, Transfer, Stake, Lend, Repay}

// spentTwice asks where all of a token is spent that an earlier step has spent all of, and nothing has brought any since.
func spentTwice(r *Reading, d Draft, i int) *Question {
	s := d.Steps[i]
	if !takesAll(r, s) {
		return nil
	}
	for k, was := range slices.Backward(d.Steps[:i]) {
		if brings := madeBy(r, d, was); was.Action != Bridge && brings != "" && brings == symbolOf(r, d, s.TokenIn) {
			return nil
		}
		if takesAll(r, was) && same(r, was.TokenIn, s.TokenIn) && (was.Chain == s.Chain || same(r, was.Chain, s.Chain)) {
			return about(i+1, slotAmount, "Step %d takes all of it before. How much is meant here?", k+1)
		}
	}
	return nil
}

// takesAll reports whether a step spends the whole balance of a token that is named.
func takesAll(r *Reading, s Step) bool {
	amount, ok := r.Span(s.Amount)
	_, earlier := s.TokenIn.Output()
	return ok && !earlier && s.TokenIn != "" && slices.Contains(spends, s.Action) && amount.Quantity != nil &&
		(amount.Quantity.Form == All || amount.Quantity.Form == Share && amount.Quantity.Number == "100")
}
