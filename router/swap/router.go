package swap

import (
	"context"
	"math/big"
	"sync"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
)

// maxVia bounds the tokens, besides the order's own and wrapped native, that a path may go through.
const maxVia = 12

// Router finds routes on one network. It remembers where pools are, never what is in them: every quote reads the state anew. It
// is safe for use by many goroutines.
type Router struct {
	network chain.Network
	tokens  *chain.Registry
	kinds   []kind

	mu    sync.Mutex
	sites map[slot]site
	ways  []way // the routers of the network that proved to be what the config says
}

// New makes a router for n. Paths go through tokens of the registry only.
func New(n chain.Network, tokens *chain.Registry) *Router {
	return &Router{network: n, tokens: tokens, kinds: kindsOf(n.Contracts), sites: map[slot]site{}}
}

// Quote finds the best single path of up to three hops on the state that r reads. It fails with refusal.NoRoute.
func (x *Router) Quote(ctx context.Context, r Reader, o Order) (*Quote, error) {
	if err := x.judge(&o); err != nil {
		return nil, err
	}
	ways, err := x.executors(ctx, r)
	if err != nil {
		return nil, err
	}
	in, out := x.wrapped(o.In), x.wrapped(o.Out)
	m, err := x.survey(ctx, r, x.via(in, out))
	if err != nil {
		return nil, err
	}
	s := search{side: o.Side, from: in.Address, to: out.Address, amount: o.Amount.Raw, lanes: lanesOf(ways, o.Side)}
	if o.Side == ExactOut {
		s.from, s.to = s.to, s.from
	}
	path, err := x.best(ctx, r, m, s)
	if err != nil {
		return nil, err
	}
	if path == nil {
		return nil, noPath(&o, m.size)
	}
	return x.quote(&o, path, m.size)
}

func noPath(o *Order, pools int) error {
	if pools == 0 {
		return refusal.New(refusal.NoRoute, "no pool trades %s for %s", o.In.Symbol, o.Out.Symbol)
	}
	return refusal.New(refusal.NoRoute, "none of the %d pools between %s and %s can trade %s: too much for their liquidity, or too little to give anything",
		pools, o.In.Symbol, o.Out.Symbol, o.Amount)
}

// judge refuses orders that make no sense, before anything is read.
func (x *Router) judge(o *Order) error {
	exact := o.In
	if o.Side == ExactOut {
		exact = o.Out
	}
	switch {
	case o.Side != ExactIn && o.Side != ExactOut:
		return refusal.New(refusal.Usage, "a swap is exact in or exact out, not %q", o.Side)
	case o.In.ChainID != x.network.ChainID || o.Out.ChainID != x.network.ChainID:
		return refusal.New(refusal.Usage, "%s and %s are not both on %s", o.In.Symbol, o.Out.Symbol, x.network.Name)
	case o.In.Same(o.Out):
		return refusal.New(refusal.Usage, "%s for %s is no swap", o.In.Symbol, o.Out.Symbol)
	case (o.In.Native() || o.Out.Native()) && x.network.Contracts.WrappedNative == (common.Address{}):
		return refusal.New(refusal.NoRoute, "%s has no wrapped %s", x.network.Name, x.network.Native.Symbol)
	case x.wrapped(o.In).Same(x.wrapped(o.Out)):
		return refusal.New(refusal.Usage, "%s for %s is no swap", o.In.Symbol, o.Out.Symbol).WithHint("wrap or unwrap it")
	case !o.Amount.Token.Same(exact):
		return refusal.New(refusal.Usage, "the amount is of %s, not of %s", o.Amount.Token.Symbol, exact.Symbol)
	case o.Amount.IsZero():
		return refusal.New(refusal.Usage, "the amount is zero")
	case o.MinOut != nil && !o.MinOut.Token.Same(o.Out):
		return refusal.New(refusal.Usage, "the minimum is of %s, not of %s", o.MinOut.Token.Symbol, o.Out.Symbol)
	case o.SlippageBps >= bps:
		return refusal.New(refusal.Slippage, "%d basis points of slippage would leave no minimum", o.SlippageBps)
	case o.Account == common.Address{} || reserved(o.Recipient):
		return refusal.New(refusal.Usage, "a swap needs an account that pays and one that receives")
	case o.Deadline == 0:
		return refusal.New(refusal.Usage, "a swap needs a deadline")
	}
	return nil
}

// wrapped is the token that pools know: wrapped native for the native coin.
func (x *Router) wrapped(t chain.Token) chain.Token {
	if !t.Native() {
		return t
	}
	return x.token(x.network.Contracts.WrappedNative)
}

// token is what the registry knows of an address. Only wrapped native may be missing there.
func (x *Router) token(a common.Address) chain.Token {
	if l, ok := x.tokens.Address(x.network.ChainID, a); ok {
		return l.Token
	}
	native := x.network.Native
	return chain.Token{ChainID: x.network.ChainID, Address: a, Symbol: "W" + native.Symbol, Decimals: native.Decimals}
}

// via lists the tokens that a path may touch: the order's two, wrapped native, and others of the registry in its order.
func (x *Router) via(in, out chain.Token) []common.Address {
	tokens := []common.Address{in.Address, out.Address}
	add := func(a common.Address) {
		for _, t := range tokens {
			if t == a {
				return
			}
		}
		tokens = append(tokens, a)
	}
	if w := x.network.Contracts.WrappedNative; w != (common.Address{}) {
		add(w)
	}
	for _, l := range x.tokens.All(x.network.ChainID) {
		if len(tokens) == 3+maxVia {
			break
		}
		if !l.Native() {
			add(l.Address)
		}
	}
	return tokens
}

// quote sets the limits and tells the story of a path.
func (x *Router) quote(o *Order, path *node, pools int) (*Quote, error) {
	q := &Quote{Order: *o, Side: o.Side, Hops: x.hops(o, path), Gas: baseGas + path.gas, Pools: pools}
	if o.In.Native() || o.Out.Native() {
		q.Gas += nativeGas
	}
	last := len(q.Hops) - 1
	q.In, q.Out = chain.NewAmount(&q.Hops[0].In.Raw, o.In), chain.NewAmount(&q.Hops[last].Out.Raw, o.Out)
	q.MaxIn, q.MinOut = q.In, q.Out
	q.ImpactBps, q.FeeBps = q.costs(spot(o.Side, path))
	if o.Side == ExactOut {
		return q, q.limitIn()
	}
	return q, q.limitOut()
}

// hops lists the pools from the token in to the token out.
func (x *Router) hops(o *Order, path *node) []Hop {
	named := func(a common.Address) chain.Token {
		for _, t := range []chain.Token{o.In, o.Out} {
			if t.Address == a {
				return t
			}
		}
		return x.token(a)
	}
	hops := make([]Hop, path.hops)
	for n := path; n.prev != nil; n = n.prev {
		i, from, to := n.hops-1, n.prev, n
		if o.Side == ExactOut {
			i, from, to = path.hops-n.hops, n, n.prev
		}
		in, out := named(from.token), named(to.token)
		hops[i] = Hop{
			Pool: n.pool.Address(), Venue: n.pool.Venue(), FeePips: n.pool.FeePips(), TokenIn: in, TokenOut: out,
			In: chain.NewAmount(&from.amount, in), Out: chain.NewAmount(&to.amount, out),
		}
	}
	return hops
}

// spot is what one unit in would be worth at the prices of the path's pools, without fee and impact.
func spot(side Side, path *node) *big.Rat {
	price := big.NewRat(1, 1)
	for n := path; n.prev != nil; n = n.prev {
		from, to := n.prev.token, n.token
		if side == ExactOut {
			from, to = to, from
		}
		price.Mul(price, n.pool.Spot(from, to))
	}
	return price
}

const bps = 10_000

// costs are the price impact and the pool fees in basis points, rounded up.
func (q *Quote) costs(spot *big.Rat) (impact, fee uint64) {
	kept := big.NewRat(1, 1)
	for _, h := range q.Hops {
		kept.Mul(kept, big.NewRat(1_000_000-int64(h.FeePips), 1_000_000))
	}
	ideal := new(big.Rat).SetInt(q.In.Raw.ToBig())
	ideal.Mul(ideal, spot).Mul(ideal, kept)
	got := new(big.Rat).SetInt(q.Out.Raw.ToBig())
	return missing(got.Quo(got, ideal)), missing(kept)
}

// missing is what a share lacks to the whole, in basis points, rounded up; 0 where it is more than the whole.
func missing(share *big.Rat) uint64 {
	lack := new(big.Rat).Sub(big.NewRat(bps, 1), share.Mul(share, big.NewRat(bps, 1)))
	if lack.Sign() <= 0 {
		return 0
	}
	up, rest := new(big.Int).QuoRem(lack.Num(), lack.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		up.Add(up, big.NewInt(1))
	}
	return up.Uint64()
}

// limitOut sets the least that must arrive: the quote less slippage rounded down, the user's own floor where it is higher, and
// never nothing.
func (q *Quote) limitOut() error {
	o := &q.Order
	least, err := q.Out.MulDiv(uint256.NewInt(bps-o.SlippageBps), uint256.NewInt(bps))
	if err != nil {
		return err
	}
	if least.IsZero() {
		least.Raw = *one
	}
	if o.MinOut == nil || !o.MinOut.Raw.Gt(&least.Raw) {
		q.MinOut = least
		return nil
	}
	if o.MinOut.Raw.Gt(&q.Out.Raw) {
		return refusal.New(refusal.NoRoute, "the best path gives %s, below your minimum of %s", q.Out, o.MinOut)
	}
	q.MinOut.Raw = o.MinOut.Raw
	return nil
}

// limitIn sets the most that may be paid: the quote and slippage on top, rounded down.
func (q *Quote) limitIn() error {
	o := &q.Order
	if o.MinOut != nil && o.MinOut.Raw.Gt(&o.Amount.Raw) {
		return refusal.New(refusal.Usage, "the minimum of %s is above the exact amount of %s", o.MinOut, o.Amount)
	}
	limit, err := q.In.MulDiv(uint256.NewInt(bps+o.SlippageBps), uint256.NewInt(bps))
	if err != nil {
		return refusal.New(refusal.NoRoute, "%s would cost more than any token has", o.Amount).Because(err)
	}
	q.MaxIn = limit
	return nil
}
