package pool

import (
	"fmt"
	"math"
	"slices"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/router/pool/line"
)

// weightedGas is what a swap uses within the vault and the pool, two transfers among it. An estimate: a whole transaction that does
// nothing else used 98,000 on a chain of ours.
const weightedGas = 77_000

// maxVaultBits is how large a balance Balancer's vault keeps.
const maxVaultBits = 112

var ratioLimit = word(unit18 / 10 * 3) // of a balance, that one trade may take or give

// Weighted is a pool of Balancer V2 whose balances, each to the power of its weight, multiply to a number that does not fall.
//
// With b balances and w weights, a trade of a, after the fee, gives b_out*(1-(b_in/(b_in+a))^(w_in/w_out)) (WeightedMath of the
// contracts). All is reckoned in 18 decimals; the power is rounded up, and by more than it can be wrong, so that the pool gives less.
// Fees stay in the pool. A trade of more than 30 % of a balance reverts.
type Weighted struct {
	site     *Site
	shape    *weights
	balances []uint256.Int
}

// weights is what never changes about a weighted pool.
type weights struct {
	of    []uint256.Int // 1e18 = 1
	scale []uint256.Int // what brings an amount to 18 decimals
	fee   uint256.Int   // of the input, 1e18 = 1
	short bool          // powers of 1, 2 and 4 are reckoned as products
}

// NewWeighted is a weighted pool. Weights and fee are parts of 1e18; decimals are those of the tokens. Contracts since 2022 reckon powers
// of 1, 2 and 4 as products (short), which gives more than the older ones do.
func NewWeighted(site Site, balances, of []uint256.Int, fee uint64, decimals []uint8, short bool) (*Weighted, error) {
	n := len(site.Tokens)
	if n < 2 || n > MaxTokens || len(balances) != n || len(of) != n || len(decimals) != n {
		return nil, fmt.Errorf("pool %s: balances, weights and decimals are not as many as tokens", site.ID)
	}
	if fee >= unit18 {
		return nil, fmt.Errorf("pool %s: a fee of everything", site.ID)
	}
	site.FeePPM = finer(fee, unit18)
	shape := &weights{of: slices.Clone(of), scale: make([]uint256.Int, n), fee: word(fee), short: short}
	for i := range of {
		if of[i].IsZero() || of[i].Gt(&e18) {
			return nil, fmt.Errorf("pool %s: weight %d is not between 0 and 1e18", site.ID, i+1)
		}
		if decimals[i] > 18 {
			return nil, fmt.Errorf("pool %s: token %d has more than 18 decimals", site.ID, i+1)
		}
		shape.scale[i].Exp(uint256.NewInt(10), uint256.NewInt(uint64(18-decimals[i])))
	}
	if err := checkBalances(&site, balances, maxVaultBits); err != nil {
		return nil, err
	}
	return &Weighted{site: &site, shape: shape, balances: slices.Clone(balances)}, nil
}

// checkBalances refuses what does not fit the contract's words.
func checkBalances(site *Site, balances []uint256.Int, bits int) error {
	for i := range balances {
		if balances[i].BitLen() > bits {
			return fmt.Errorf("pool %s: balance %d has more than %d bits", site.ID, i+1, bits)
		}
	}
	return nil
}

// Site is what never changes about the pool.
func (p *Weighted) Site() *Site { return p.site }

// Out is the vault's swap of a given amount in.
func (p *Weighted) Out(in, out int, amount *uint256.Int) (paid uint256.Int, after Pool, err error) {
	if err := checkTrade(p.balances, in, out, amount, maxVaultBits); err != nil {
		return paid, nil, err
	}
	var c checked
	s := p.shape
	given := c.mul(c.sub(*amount, c.mulUp(*amount, s.fee)), s.scale[in])
	had, has := c.mul(p.balances[in], s.scale[in]), c.mul(p.balances[out], s.scale[out])
	if limit := c.mulDown(had, ratioLimit); given.Gt(&limit) {
		return paid, nil, ErrLiquidity
	}
	power := c.powUp(c.divisionUp(had, c.add(had, given)), c.divDown(s.of[in], s.of[out]), s.short)
	paid = c.div(c.mulDown(has, complement(&power)), s.scale[out])
	return settled(&c, paid, func() Pool { return p.moved(in, out, amount, &paid) })
}

// In is the vault's swap for a given amount out.
func (p *Weighted) In(in, out int, amount *uint256.Int) (asked uint256.Int, after Pool, err error) {
	if err := checkTaken(p.balances, in, out, amount); err != nil {
		return asked, nil, err
	}
	var c checked
	s := p.shape
	taken := c.mul(*amount, s.scale[out])
	had, has := c.mul(p.balances[in], s.scale[in]), c.mul(p.balances[out], s.scale[out])
	if limit := c.mulDown(has, ratioLimit); taken.Gt(&limit) {
		return asked, nil, ErrLiquidity
	}
	power := c.powUp(c.divisionUp(has, c.sub(has, taken)), c.divisionUp(s.of[out], s.of[in]), s.short)
	asked = c.divUp(c.mulUp(had, c.sub(power, e18)), s.scale[in])
	asked = c.divisionUp(asked, complement(&s.fee))
	return paidIn(&c, p.balances, in, asked, maxVaultBits, func() Pool { return p.moved(in, out, &asked, amount) })
}

// complement is 1-x, or nothing.
func complement(x *uint256.Int) (rest uint256.Int) {
	if x.Lt(&e18) {
		rest.Sub(&e18, x)
	}
	return rest
}

// checkTrade refuses an amount that no trade can be made of, whatever it gives.
func checkTrade(balances []uint256.Int, in, out int, amount *uint256.Int, bits int) error {
	var sum uint256.Int
	_, over := sum.AddOverflow(&balances[in], amount)
	switch {
	case over || sum.BitLen() > bits || balances[in].IsZero() || balances[out].IsZero():
		return ErrLiquidity
	case amount.IsZero():
		return ErrDust
	}
	return nil
}

// checkTaken refuses an amount that can't come out.
func checkTaken(balances []uint256.Int, in, out int, amount *uint256.Int) error {
	switch {
	case amount.IsZero():
		return ErrDust
	case balances[in].IsZero() || !amount.Lt(&balances[out]):
		return ErrLiquidity
	}
	return nil
}

// settled ends a trade of a given amount in: it reverted, gave nothing, or left the pool after it.
func settled(c *checked, paid uint256.Int, after func() Pool) (uint256.Int, Pool, error) {
	if c.reverted || paid.IsZero() {
		return uint256.Int{}, nil, c.err()
	}
	return paid, after(), nil
}

// paidIn ends a trade of a given amount out.
func paidIn(c *checked, balances []uint256.Int, in int, asked uint256.Int, bits int, after func() Pool) (uint256.Int, Pool, error) {
	if sum := c.add(balances[in], asked); c.reverted || sum.BitLen() > bits {
		c.reverted = true
		return uint256.Int{}, nil, c.err()
	}
	return asked, after(), nil
}

func (p *Weighted) moved(in, out int, paid, got *uint256.Int) *Weighted {
	return &Weighted{site: p.site, shape: p.shape, balances: movedBalances(p.balances, in, out, paid, got)}
}

// movedBalances is balances after a trade whose fee stays in them.
func movedBalances(balances []uint256.Int, in, out int, paid, got *uint256.Int) []uint256.Int {
	after := slices.Clone(balances)
	after[in].Add(&after[in], paid)
	after[out].Sub(&after[out], got)
	return after
}

// Gas is what a trade of any amount uses.
func (p *Weighted) Gas(_, _ int, _ *uint256.Int) uint64 { return weightedGas }

// Curve is the trade in floats.
func (p *Weighted) Curve(in, out int) Curve {
	s := p.shape
	c := &weightedCurve{
		in: p.balances[in].Float64(), out: p.balances[out].Float64(),
		power: s.of[in].Float64() / s.of[out].Float64(), keep: 1 - s.fee.Float64()/unit18,
	}
	c.room = 0.3 * c.in / c.keep
	return c
}

// weightedCurve pays out*(1-(in/(in+x))^power) for x, which is what is kept of the input after the fee.
type weightedCurve struct {
	in, out, power, keep float64
	room                 float64 // how much can go in
}

func (c *weightedCurve) Out(in float64) float64 {
	if c.in == 0 || c.out == 0 {
		return 0
	}
	return -c.out * math.Expm1(-c.power*math.Log1p(c.keep*min(in, c.room)/c.in))
}

func (c *weightedCurve) Rate(in float64) float64 {
	if c.in == 0 || c.out == 0 || in > c.room {
		return 0
	}
	return c.first() * math.Exp(-(c.power+1)*math.Log1p(c.keep*in/c.in))
}

// first is the rate of the first unit.
func (c *weightedCurve) first() float64 { return c.keep * c.power * c.out / c.in }

// Until solves rate = first*(in/(in+x))^(power+1).
func (c *weightedCurve) Until(rate float64) (in, out float64) {
	if c.in == 0 || c.out == 0 || rate >= c.first() {
		return 0, 0
	}
	if rate <= 0 {
		return c.room, c.Out(c.room)
	}
	above := (c.first() - rate) / rate
	in = min(c.room, c.in*math.Expm1(math.Log1p(above)/(c.power+1))/c.keep)
	return in, c.Out(in)
}

// readWeighted reads the fields of kind balancer-weighted: fee_ppm (or fee, in parts of 1e18), balances, weights, and power_shortcuts,
// which is false where it is missing: then the pool gives no more than either contract.
func readWeighted(site Site, decimals []uint8, l *line.Line) (Pool, error) {
	fee := readFineFee(l, unit18)
	balances := readAmounts(&site, l, "balances", maxVaultBits)
	of := l.Amounts("weights", len(site.Tokens), len(site.Tokens), 64)
	short := l.Has("power_shortcuts") && l.Flag("power_shortcuts")
	if err := l.Err(); err != nil {
		return nil, err
	}
	return NewWeighted(site, balances, of, fee, decimals, short)
}

func writeWeighted(p Pool, w *line.Writer) {
	pool := p.(*Weighted) //nolint:forcetypeassert // the kind says so
	writeFineFee(pool.site, w, pool.shape.fee.Uint64(), unit18)
	w.Amounts("balances", pool.balances)
	w.Amounts("weights", pool.shape.of)
	w.Flag("power_shortcuts", pool.shape.short)
}
