package pool

import (
	"fmt"
	"math"
	"slices"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/router/pool/line"
)

// amplifiedGas is what a swap uses within the vault and the pool, two transfers among it. An estimate.
const amplifiedGas = 95_000

const (
	ampUnit = 1_000      // of Balancer's amplification
	maxAmp  = 50_000_000 // times its unit
)

// Amplified is a stable pool of Balancer V2. Its invariant D is that of StableSwap: with n balances x and their sum S,
// A*n*S + D = A*n*D + D^(n+1)/(n^n*Πx). D is found by Newton's method, and so is the balance that keeps it.
//
// There are two ways of rounding: pools before 2022-06 round D up, composable ones down by the way. Fees stay in the pool. The shares of
// a composable pool, which stand among its tokens in the vault, are none of the tokens here.
type Amplified struct {
	site     *Site
	shape    *amplified
	balances []uint256.Int
}

// amplified is what does not change about a pool from trade to trade.
type amplified struct {
	amp   uint64        // times ampUnit
	scale []uint256.Int // 1e18 of an amount in 18 decimals, at its rate, for one unit
	fee   uint256.Int   // of the input, 1e18 = 1
	up    bool          // D is rounded up
}

// NewAmplified is a stable pool. Scaling says what an amount is worth, in 1e18ths, in 18 decimals: 10^(36-decimals), times the token's
// rate. The amplification is in thousandths, and the fee a part of 1e18.
func NewAmplified(site Site, balances, scaling []uint256.Int, amp, fee uint64, roundsUp bool) (*Amplified, error) {
	n := len(site.Tokens)
	if n < 2 || n > MaxTokens || len(balances) != n || len(scaling) != n {
		return nil, fmt.Errorf("pool %s: balances and scaling are not as many as tokens", site.ID)
	}
	if amp < ampUnit || amp > maxAmp || fee >= unit18 {
		return nil, fmt.Errorf("pool %s: an amplification of %d thousandths or a fee of %d is out of range", site.ID, amp, fee)
	}
	for i := range scaling {
		if scaling[i].IsZero() || scaling[i].BitLen() > 128 {
			return nil, fmt.Errorf("pool %s: scaling %d is zero or more than 128 bits", site.ID, i+1)
		}
	}
	if err := checkBalances(&site, balances, maxVaultBits); err != nil {
		return nil, err
	}
	site.FeePPM = finer(fee, unit18)
	shape := &amplified{amp: amp, scale: slices.Clone(scaling), fee: word(fee), up: roundsUp}
	return &Amplified{site: &site, shape: shape, balances: slices.Clone(balances)}, nil
}

// Site is what never changes about the pool.
func (p *Amplified) Site() *Site { return p.site }

// Out is the vault's swap of a given amount in.
func (p *Amplified) Out(in, out int, amount *uint256.Int) (paid uint256.Int, after Pool, err error) {
	if err := checkTrade(p.balances, in, out, amount, maxVaultBits); err != nil {
		return paid, nil, err
	}
	var c checked
	s := p.shape
	all := p.scaled(&c)
	d := s.invariant(&c, all)
	given := c.mulDown(c.sub(*amount, c.mulUp(*amount, s.fee)), s.scale[in])
	all[in] = c.add(all[in], given)
	left := c.add(s.balance(&c, all, d, out), *one)
	if c.reverted || !left.Lt(&all[out]) {
		return paid, nil, c.err()
	}
	paid = c.divDown(c.sub(all[out], left), s.scale[out])
	return settled(&c, paid, func() Pool { return p.moved(in, out, amount, &paid) })
}

// In is the vault's swap for a given amount out.
func (p *Amplified) In(in, out int, amount *uint256.Int) (asked uint256.Int, after Pool, err error) {
	if err := checkTaken(p.balances, in, out, amount); err != nil {
		return asked, nil, err
	}
	var c checked
	s := p.shape
	all := p.scaled(&c)
	d := s.invariant(&c, all)
	all[out] = c.sub(all[out], c.mulDown(*amount, s.scale[out]))
	grown := c.add(s.balance(&c, all, d, in), *one)
	if c.reverted {
		return asked, nil, c.err()
	}
	asked = c.divisionUp(c.sub(grown, all[in]), s.scale[in]) // which reverts where less would be needed than there is
	asked = c.divisionUp(asked, complement(&s.fee))
	return paidIn(&c, p.balances, in, asked, maxVaultBits, func() Pool { return p.moved(in, out, &asked, amount) })
}

// scaled is the balances in 18 decimals, at their rates.
func (p *Amplified) scaled(c *checked) []uint256.Int {
	all := make([]uint256.Int, len(p.balances))
	for i := range all {
		all[i] = c.mulDown(p.balances[i], p.shape.scale[i])
	}
	return all
}

// invariant is D.
func (s *amplified) invariant(c *checked, all []uint256.Int) uint256.Int {
	if s.up {
		return s.invariantUp(c, all)
	}
	n := uint64(len(all))
	sum := total(c, all)
	d, ann := sum, s.amp*n
	for range maxSteps {
		product := d
		for i := range all {
			product = c.mulDiv(product, d, c.times(all[i], n))
		}
		before := d
		above := c.add(c.div(c.times(sum, ann), word(ampUnit)), c.times(product, n))
		below := c.add(c.div(c.times(d, ann-ampUnit), word(ampUnit)), c.times(product, n+1))
		if d = c.mulDiv(above, d, below); near(&d, &before) {
			return d
		}
		if c.reverted {
			break
		}
	}
	c.endless()
	return d
}

// invariantUp is D, rounded up.
func (s *amplified) invariantUp(c *checked, all []uint256.Int) uint256.Int {
	n := uint64(len(all))
	sum := total(c, all)
	d, ann := sum, s.amp*n
	for range maxSteps {
		product := c.times(all[0], n)
		for i := 1; i < len(all); i++ {
			product = c.divUp(c.times(c.mul(product, all[i]), n), d)
		}
		before := d
		above := c.add(c.mul(c.times(d, n), d), c.divUp(c.mul(c.times(sum, ann), product), word(ampUnit)))
		below := c.add(c.times(d, n+1), c.div(c.times(product, ann-ampUnit), word(ampUnit)))
		if d = c.divUp(above, below); near(&d, &before) {
			return d
		}
		if c.reverted {
			break
		}
	}
	c.endless()
	return d
}

// balance is what token k must have for the others to keep D, rounded up.
func (s *amplified) balance(c *checked, all []uint256.Int, d uint256.Int, k int) uint256.Int {
	n := uint64(len(all))
	ann := s.amp * n
	product := c.times(all[0], n)
	for i := 1; i < len(all); i++ {
		product = c.div(c.times(c.mul(product, all[i]), n), d)
	}
	square := c.mul(d, d)
	last := c.mul(c.times(c.divUp(square, c.times(product, ann)), ampUnit), all[k])
	linear := c.add(c.sub(total(c, all), all[k]), c.times(c.div(d, word(ann)), ampUnit))
	y := c.divUp(c.add(square, last), c.add(d, linear))
	for range maxSteps {
		before := y
		y = c.divUp(c.add(c.mul(y, y), last), c.sub(c.add(c.times(y, 2), linear), d))
		if near(&y, &before) {
			return y
		}
		if c.reverted {
			break
		}
	}
	c.endless()
	return y
}

func total(c *checked, all []uint256.Int) (sum uint256.Int) {
	for i := range all {
		sum = c.add(sum, all[i])
	}
	return sum
}

func (p *Amplified) moved(in, out int, paid, got *uint256.Int) *Amplified {
	return &Amplified{site: p.site, shape: p.shape, balances: movedBalances(p.balances, in, out, paid, got)}
}

// Gas is what a trade of any amount uses.
func (p *Amplified) Gas(_, _ int, _ *uint256.Int) uint64 { return amplifiedGas }

// Curve is the trade in floats.
func (p *Amplified) Curve(in, out int) Curve {
	s := p.shape
	x := make([]float64, len(p.balances))
	for i := range x {
		x[i] = p.balances[i].Float64() * s.scale[i].Float64() / unit18
	}
	c := newStableCurve(x, float64(s.amp)/ampUnit*float64(len(x)), in, out)
	c.scaleIn, c.scaleOut = s.scale[in].Float64()/unit18*(1-s.fee.Float64()/unit18), s.scale[out].Float64()/unit18
	c.room = math.Ldexp(1, maxVaultBits) - p.balances[in].Float64()
	return c
}

// readAmplified reads the fields of kind balancer-stable: fee_ppm (or fee, in parts of 1e18), balances, amp (in thousandths), scaling
// (one for each token), and rounds_up, which is true where it is missing: then the pool gives no more than either contract.
func readAmplified(site Site, _ []uint8, l *line.Line) (Pool, error) {
	fee := readFineFee(l, unit18)
	balances := readAmounts(&site, l, "balances", maxVaultBits)
	scaling := readAmounts(&site, l, "scaling", 128)
	amp := readCount(l, "amp", maxAmp)
	up := !l.Has("rounds_up") || l.Flag("rounds_up")
	if err := l.Err(); err != nil {
		return nil, err
	}
	return NewAmplified(site, balances, scaling, amp, fee, up)
}

func writeAmplified(p Pool, w *line.Writer) {
	pool := p.(*Amplified) //nolint:forcetypeassert // the kind says so
	s := pool.shape
	writeFineFee(pool.site, w, s.fee.Uint64(), unit18)
	w.Amounts("balances", pool.balances)
	w.Amounts("scaling", s.scale)
	w.Amount("amp", uint256.NewInt(s.amp))
	w.Flag("rounds_up", s.up)
}
