package swap

import (
	"context"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
)

// executor is a router contract: it turns a quote into the one call that trades it. A router contract is one file; it is named
// in executorsOf and nowhere else.
type executor interface {
	address() common.Address
	// identity lists the reads that prove the contract to be what the config says; lanes tells from their answers which sets
	// of venues one path may combine, by side. No lanes: it is not that contract.
	identity() []query
	lanes(answers []answer) map[Side][][]string
	// call is the trade of q. The limits, the recipient and the deadline are in it.
	call(q *Quote) (value uint256.Int, data []byte)
}

// executorsOf lists the router contracts of a network, the cheaper first: of two that can make a path, the first makes it.
func executorsOf(c chain.Contracts) []executor {
	var all []executor
	if c.V2Router != (common.Address{}) {
		all = append(all, router02{c})
	}
	if c.V3Router != (common.Address{}) {
		all = append(all, swapRouter02{c})
	}
	return all
}

// way is an executor that proved itself, with what it can do.
type way struct {
	executor
	can map[Side][][]string
}

func (w way) takes(q *Quote) bool {
	return slices.ContainsFunc(w.can[q.Side], func(lane []string) bool {
		return !slices.ContainsFunc(q.Hops, func(h Hop) bool { return !slices.Contains(lane, h.Venue) })
	})
}

func lanesOf(ways []way, side Side) [][]string {
	var lanes [][]string
	for _, w := range ways {
		lanes = append(lanes, w.can[side]...)
	}
	return lanes
}

// executors are the router contracts that proved themselves. They are asked once; one that did not is asked again.
func (x *Router) executors(ctx context.Context, r Reader) ([]way, error) {
	all := executorsOf(x.network.Contracts)
	x.mu.Lock()
	ways := x.ways
	x.mu.Unlock()
	if len(ways) == len(all) {
		return ways, nil
	}
	ways = nil
	var b batch
	for _, e := range all {
		b.add(e.identity(), func(a []answer) {
			if can := e.lanes(a); can != nil {
				ways = append(ways, way{e, can})
			}
		})
	}
	if err := b.run(ctx, r, x.network); err != nil {
		return nil, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.ways = ways
	return ways, nil
}

// Calls builds what the account has to send: an exact approval where the allowance is short (reset to zero first where there is
// one already, because some tokens ask for it), then the swap through the venue's own router. Native coin in and out is wrapped
// by the router.
//
// Quotes take every token at its word. Of one that takes a fee on transfer less arrives than was quoted: an exact-in swap over
// V2 alone then reverts below the minimum, and of any other the effects of the dry run show it.
func (x *Router) Calls(ctx context.Context, r Reader, q *Quote) ([]chain.Call, error) {
	o := &q.Order
	if q.MinOut.IsZero() || q.MaxIn.IsZero() || len(q.Hops) == 0 || reserved(o.Recipient) || o.Deadline == 0 {
		return nil, refusal.New(refusal.Usage, "a quote without path, limits, recipient or deadline is not executed")
	}
	ways, err := x.executors(ctx, r)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(ways, func(w way) bool { return w.takes(q) })
	if i < 0 {
		return nil, refusal.New(refusal.NoRoute, "no router contract of %s makes this path", x.network.Name)
	}
	calls, err := x.approvals(ctx, r, q, ways[i].address())
	if err != nil {
		return nil, err
	}
	value, data := ways[i].call(q)
	return append(calls, x.send(q, ways[i].address(), value, data)), nil
}

func (x *Router) send(q *Quote, to common.Address, value uint256.Int, data []byte) chain.Call {
	return chain.Call{ChainID: x.network.ChainID, From: q.Order.Account, To: &to, Value: value, Data: data}
}

// approvals are the calls that let the spender move exactly what the swap may cost.
func (x *Router) approvals(ctx context.Context, r Reader, q *Quote, spender common.Address) ([]chain.Call, error) {
	token := q.Order.In
	if token.Native() {
		return nil, nil
	}
	raw, err := r.CallContract(ctx, chain.Call{
		ChainID: x.network.ChainID, To: &token.Address,
		Data: chain.PackAllowance(q.Order.Account, spender),
	})
	if err != nil {
		return nil, readFailed(ctx, "the allowance of "+token.Symbol, err)
	}
	allowed, err := chain.UnpackUint(raw)
	if err != nil {
		return nil, refusal.New(refusal.NoSimulation, "%s does not answer how much %s may move", token.Symbol, spender)
	}
	if !allowed.Lt(&q.MaxIn.Raw) {
		return nil, nil
	}
	approve := func(amount uint256.Int) chain.Call {
		return x.send(q, token.Address, uint256.Int{}, chain.PackApprove(spender, &amount))
	}
	if allowed.IsZero() {
		return []chain.Call{approve(q.MaxIn.Raw)}, nil
	}
	return []chain.Call{approve(uint256.Int{}), approve(q.MaxIn.Raw)}, nil
}

// reserved reports whether the routers take an address for something else: none, the sender, or themselves.
func reserved(a common.Address) bool {
	return a == common.Address{} || a == common.Address{19: 1} || a == routerItself
}

// routerItself stands for the router contract where SwapRouter02 takes a recipient.
var routerItself = common.Address{19: 2}

// Gas of what surrounds the hops: the transaction, its calldata, and the payment out of the account; wrapping or unwrapping. These
// and the pools' own numbers are a least-squares fit over 160 random swaps of the test on the embedded chain, without the
// approval: half of them are within 4 %, nine of ten within 10 %, the worst is 24 % off.
const (
	baseGas   = 53_000
	nativeGas = 14_000
)

// answersAre reports whether the answers are exactly these addresses.
func answersAre(answers []answer, want ...common.Address) bool {
	for i, w := range want {
		got, err := answers[i].address(0)
		if err != nil || got != w || got == (common.Address{}) {
			return false
		}
	}
	return true
}

// pathOf lists the tokens that a path touches. Hops speak of wrapped native, never of the native coin.
func pathOf(hops []Hop) []common.Address {
	path := []common.Address{hops[0].TokenIn.Address}
	for _, h := range hops {
		path = append(path, h.TokenOut.Address)
	}
	return path
}
