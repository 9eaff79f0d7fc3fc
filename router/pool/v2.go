package pool

import (
	"fmt"
	"math"

	"github.com/holiman/uint256"
)

const (
	whole = 1_000_000 // parts per million
	v2Gas = 64_000
)

var (
	one     = uint256.NewInt(1)
	million = uint256.NewInt(whole)
	most112 = math.Ldexp(1, 112)
)

// V2 is a constant-product pair: the product of the reserves does not fall by a trade, after the fee.
//
// Pairs differ in how they write the fee, 997 of 1,000 or 9,975 of 10,000. The quotients below are the same numbers whichever it is,
// and so is what is left when they are rounded down.
type V2 struct {
	site     *Site
	reserves [2]uint256.Int // at most 112 bits each
}

// NewV2 is a pair with these reserves. One that has none can be made, but not traded with.
func NewV2(site Site, reserve0, reserve1 *uint256.Int) (*V2, error) {
	if err := checkPair(&site); err != nil {
		return nil, err
	}
	if reserve0.BitLen() > 112 || reserve1.BitLen() > 112 {
		return nil, fmt.Errorf("pool %s: reserves of more than 112 bits", site.ID)
	}
	return &V2{site: &site, reserves: [2]uint256.Int{*reserve0, *reserve1}}, nil
}

// checkPair refuses what no pool of two tokens has.
func checkPair(site *Site) error {
	switch {
	case len(site.Tokens) != 2 || site.Tokens[0] == site.Tokens[1]:
		return fmt.Errorf("pool %s: want two different tokens", site.ID)
	case site.FeePPM >= whole:
		return fmt.Errorf("pool %s: a fee of %d parts per million leaves nothing", site.ID, site.FeePPM)
	}
	return nil
}

// Site is what never changes about the pair.
func (p *V2) Site() *Site { return p.site }

// Reserves are the amounts of the pair's two tokens, in its order.
func (p *V2) Reserves() (reserve0, reserve1 uint256.Int) { return p.reserves[0], p.reserves[1] }

// Traded is the pair with other reserves, as an event tells them.
func (p *V2) Traded(reserve0, reserve1 *uint256.Int) (*V2, error) {
	if reserve0.BitLen() > 112 || reserve1.BitLen() > 112 {
		return nil, fmt.Errorf("pool %s: reserves of more than 112 bits", p.site.ID)
	}
	return &V2{site: p.site, reserves: [2]uint256.Int{*reserve0, *reserve1}}, nil
}

// Out is UniswapV2Library.getAmountOut, with the pair's own limits: something must come out, and the new reserve must fit 112 bits.
func (p *V2) Out(in, out int, amount *uint256.Int) (paid uint256.Int, after Pool, err error) {
	var kept, den uint256.Int
	if err := p.check(in, out, amount); err != nil {
		return paid, nil, err
	}
	kept.Mul(amount, uint256.NewInt(uint64(whole-p.site.FeePPM)))
	den.Mul(&p.reserves[in], million)
	den.Add(&den, &kept)
	paid.Mul(&kept, &p.reserves[out])
	paid.Div(&paid, &den)
	if paid.IsZero() {
		return paid, nil, ErrDust
	}
	return paid, p.moved(in, out, amount, &paid), nil
}

// In is UniswapV2Library.getAmountIn, which asks for one unit more than needed where nothing had to be rounded.
func (p *V2) In(in, out int, amount *uint256.Int) (asked uint256.Int, after Pool, err error) {
	if amount.IsZero() {
		return asked, nil, ErrDust
	}
	if !amount.Lt(&p.reserves[out]) {
		return asked, nil, ErrLiquidity
	}
	var den uint256.Int
	asked.Mul(&p.reserves[in], amount)
	asked.Mul(&asked, million)
	den.Sub(&p.reserves[out], amount)
	den.Mul(&den, uint256.NewInt(uint64(whole-p.site.FeePPM)))
	asked.Div(&asked, &den)
	asked.Add(&asked, one)
	if err := p.check(in, out, &asked); err != nil {
		return asked, nil, err
	}
	return asked, p.moved(in, out, &asked, amount), nil
}

// check refuses what does not fit the pair, whichever its other side is.
func (p *V2) check(in, out int, amount *uint256.Int) error {
	var sum uint256.Int
	_, over := sum.AddOverflow(&p.reserves[in], amount)
	switch {
	case over || sum.BitLen() > 112 || p.reserves[in].IsZero() || p.reserves[out].IsZero():
		return ErrLiquidity
	case amount.IsZero():
		return ErrDust
	}
	return nil
}

func (p *V2) moved(in, out int, paid, got *uint256.Int) *V2 {
	after := &V2{site: p.site}
	after.reserves[in].Add(&p.reserves[in], paid)
	after.reserves[out].Sub(&p.reserves[out], got)
	return after
}

// Gas is what a trade of any amount uses: the pair's own code and one transfer.
func (p *V2) Gas(_, _ int, _ *uint256.Int) uint64 { return v2Gas }

// Curve is the trade in floats.
func (p *V2) Curve(in, out int) Curve {
	r := p.reserves[in].Float64()
	return &v2Curve{
		in: r, out: p.reserves[out].Float64(), keep: float64(whole-p.site.FeePPM) / whole, room: max(0, most112-r),
	}
}

// v2Curve pays out*x/(in+x) for x, which is what is kept of the input after the fee.
type v2Curve struct {
	in, out float64 // reserves
	keep    float64 // of the input
	room    float64 // how much can go in
}

func (c *v2Curve) Out(in float64) float64 {
	if c.in == 0 || c.out == 0 {
		return 0
	}
	x := c.keep * min(in, c.room)
	return c.out * x / (c.in + x)
}

func (c *v2Curve) Rate(in float64) float64 {
	if c.in == 0 || c.out == 0 || in > c.room {
		return 0
	}
	den := c.in + c.keep*in
	return c.keep * (c.in / den) * (c.out / den)
}

// Until solves rate = keep*in*out/(in+x)² for x = keep*amount: with q the present rate over the wanted one, x = in*(√q-1).
func (c *v2Curve) Until(rate float64) (in, out float64) {
	if c.in == 0 || c.out == 0 {
		return 0, 0
	}
	if rate <= 0 {
		return c.room, c.Out(c.room)
	}
	above := (c.keep*c.out - rate*c.in) / (rate * c.in) // q-1, which keeps its digits where q is near 1
	if above <= 0 {
		return 0, 0
	}
	in = min(c.room, c.in*above/(math.Sqrt(1+above)+1)/c.keep)
	return in, c.Out(in)
}
