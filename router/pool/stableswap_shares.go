package pool

import (
	"math"
	"slices"

	"github.com/holiman/uint256"
)

// Shares of a StableSwap are bought with one coin by add_liquidity, and sold for one by remove_liquidity_one_coin: a route through a
// metapool to a coin of the pool below it goes that way. The worth of all shares is D, and what moves the pool away from its present
// proportions is charged n/(4(n-1)) of the fee, coin by coin.

// charge is the part of 1e10 that is taken of how far a coin is from the proportions before.
func (s *stableSwap) charge(n int) uint256.Int {
	return word(s.fee * uint64(n) / uint64(4*(n-1))) //nolint:gosec // n is 2 or more
}

// provide buys shares with a coin.
func (p *StableSwap) provide(in int, amount *uint256.Int) (minted uint256.Int, after Pool, err error) {
	if err := checkTrade(p.balances, in, in, amount, maxCurveBits); err != nil {
		return minted, nil, err
	}
	var c checked
	s, charge := p.shape, p.shape.charge(len(p.balances))
	next := &StableSwap{site: p.site, shape: s, balances: slices.Clone(p.balances)}
	next.balances[in].Add(&next.balances[in], amount)
	d0, d1 := s.invariant(&c, s.worth(&c, p.balances)), s.invariant(&c, s.worth(&c, next.balances))
	charged := slices.Clone(next.balances)
	for i := range charged {
		ideal := c.mulDiv(d1, p.balances[i], d0)
		fee := c.mulDiv(charge, c.distance(ideal, charged[i]), word(curveUnit))
		charged[i] = c.sub(charged[i], fee)
		next.balances[i] = c.sub(next.balances[i], c.mulDiv(fee, word(s.admin), word(curveUnit)))
	}
	d2 := s.invariant(&c, s.worth(&c, charged))
	if d2.Lt(&d0) {
		return minted, nil, c.err()
	}
	minted = c.mulDiv(p.supply, c.sub(d2, d0), d0)
	next.supply = c.add(p.supply, minted)
	return settled(&c, minted, func() Pool { return next })
}

// withdraw sells shares for a coin.
func (p *StableSwap) withdraw(out int, amount *uint256.Int) (paid uint256.Int, after Pool, err error) {
	switch {
	case amount.IsZero():
		return paid, nil, ErrDust
	case !amount.Lt(&p.supply):
		return paid, nil, ErrLiquidity
	}
	var c checked
	s, charge := p.shape, p.shape.charge(len(p.balances))
	all := s.worth(&c, p.balances)
	d0 := s.invariant(&c, all)
	d1 := c.sub(d0, c.mulDiv(*amount, d0, p.supply))
	left := s.balance(&c, all, d1, out)
	charged := slices.Clone(all)
	for i := range charged {
		far := c.distance(c.mulDiv(all[i], d1, d0), all[i])
		if i == out {
			far = c.sub(c.mulDiv(all[i], d1, d0), left)
		}
		charged[i] = c.sub(charged[i], c.mulDiv(charge, far, word(curveUnit)))
	}
	least := c.add(s.balance(&c, charged, d1, out), *one)
	if c.reverted || !least.Lt(&charged[out]) {
		return paid, nil, c.err()
	}
	paid = c.divDown(c.sub(charged[out], least), s.rates[out])
	fee := c.sub(c.divDown(c.sub(all[out], left), s.rates[out]), paid)
	gone := c.add(paid, c.mulDiv(fee, word(s.admin), word(curveUnit)))
	next := &StableSwap{site: p.site, shape: s, balances: slices.Clone(p.balances)}
	next.balances[out] = c.sub(next.balances[out], gone)
	next.supply = c.sub(p.supply, *amount)
	return settled(&c, paid, func() Pool { return next })
}

// sharesCurve is a trade for or of shares in floats. All is in 18 decimals.
type sharesCurve struct {
	all               []float64
	ann, d            float64
	supply, charge    float64
	coin              int
	scaleIn, scaleOut float64
	sell              bool
	room              float64 // how much can go in
	step              float64 // over which the rate is taken
}

func (p *StableSwap) sharesCurve(all []float64, in, out int) Curve {
	s, n := p.shape, len(all)
	charge := s.charge(n)
	c := &sharesCurve{
		all: all, ann: float64(s.amp) / float64(s.units) * float64(n), supply: p.supply.Float64(), charge: charge.Float64() / curveUnit,
		scaleIn: 1, scaleOut: 1, sell: in == n,
	}
	c.d = stableInvariant(all, c.ann)
	if c.sell {
		c.coin, c.scaleOut = out, s.rates[out].Float64()/unit18
		c.room, c.step = c.supply*(1-1e-6), c.supply*fewest
		return c
	}
	c.coin, c.scaleIn = in, s.rates[in].Float64()/unit18
	c.room = all[in] / c.scaleIn
	c.step = c.room * fewest
	for c.room < farthest*all[in]/c.scaleIn && c.bearable(2*c.room) {
		c.room *= 2
	}
	return c
}

// Parts of the balance, or of the supply: below the one a difference tells little, and beyond the other nobody goes.
const fewest, farthest = 1e-7, 1e4

// bearable says whether what is charged on the other coins is a small part of them. When it is more than all, the contract reverts.
func (c *sharesCurve) bearable(in float64) bool {
	grown := slices.Clone(c.all)
	grown[c.coin] += in * c.scaleIn
	return c.charge*(stableInvariant(grown, c.ann)/c.d-1) < 0.1
}

// paid is what comes out for h, which is not too little to tell.
func (c *sharesCurve) paid(in float64) float64 {
	charged := slices.Clone(c.all)
	if c.sell {
		d := c.d * (1 - in/c.supply)
		left := stableBalance(c.all, c.ann, d, c.coin)
		for i, x := range c.all {
			if i == c.coin {
				charged[i] -= c.charge * (x*d/c.d - left)
			} else {
				charged[i] -= c.charge * (x - x*d/c.d)
			}
		}
		return max(0, charged[c.coin]-stableBalance(charged, c.ann, d, c.coin)) / c.scaleOut
	}
	charged[c.coin] += in * c.scaleIn
	d := stableInvariant(charged, c.ann)
	for i, x := range c.all {
		charged[i] -= c.charge * math.Abs(d/c.d*x-charged[i])
	}
	return max(0, c.supply*(stableInvariant(charged, c.ann)/c.d-1))
}

// stableBalance is what coin k must have for the others to keep D.
func stableBalance(all []float64, ann, d float64, k int) float64 {
	n, last, linear := float64(len(all)), d, d/ann-d
	for i, x := range all {
		if i != k {
			last *= d / (n * x)
			linear += x
		}
	}
	last *= d / n / ann
	// The greater root of y² + linear*y = last, without a difference of what is nearly equal.
	root := math.Sqrt(linear*linear + 4*last)
	if linear > 0 {
		return 2 * last / (linear + root)
	}
	return (root - linear) / 2
}

func (c *sharesCurve) Out(in float64) float64 {
	if in = min(in, c.room); in < c.step {
		return in * c.paid(c.step) / c.step
	}
	return c.paid(in)
}

func (c *sharesCurve) Rate(in float64) float64 {
	if in > c.room {
		return 0
	}
	in = max(in, c.step)
	step := max(c.step, in*1e-5)
	return max(0, c.paid(in+step/2)-c.paid(in-step/2)) / step
}

func (c *sharesCurve) Until(rate float64) (in, out float64) {
	return untilRate(c, c.room, min(c.room, c.step/fewest), rate)
}
