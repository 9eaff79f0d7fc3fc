package pool

import (
	"fmt"
	"math"
	"slices"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/router/pool/line"
)

// tricryptoGas is what an exchange uses, two transfers among it; most of it is Newton's method. An estimate.
const tricryptoGas = 300_000

// Bounds of the contract.
const (
	maxCryptoAmp = 1_000_000_000
	minGamma     = 10_000_000_000
	maxGamma     = unit18 / 10
)

var (
	minShare = word(unit18/100 - 1) // of n*balance to D
	maxShare = dec("100000000000000000001")
	e14      = word(100_000_000_000_000)
	e16      = word(10_000_000_000_000_000)
)

// Tricrypto is a pool of Curve for coins of different worth: the first versions of tricrypto and their like. Its invariant is between that
// of StableSwap and a constant product: with x the balances at the pool's own price scale, n of them, and K0 = n^n*Πx/D^n,
//
//	K*D^(n-1)*Σx + Πx = K*D^n + (D/n)^n, where K = A*K0*γ²/(γ+1-K0)².
//
// The fee is on the output, and between two bounds by how even the pool is after the trade. D is kept from trade to trade, and reckoned
// again after each.
//
// After a trade the contract may also move its price scale towards a price of its own memory, which is no part of this state: the pool
// after a trade here keeps its scale. There is no bytecode of it to be had, so recorded answers of get_dy, which are those of exchange,
// stand for it.
type Tricrypto struct {
	site     *Site
	shape    *tricrypto
	balances []uint256.Int
	d        uint256.Int
}

// tricrypto is what does not change about a pool from trade to trade.
type tricrypto struct {
	scale     []uint256.Int // price scale of each coin by the first, 1e18 = 1; that of the first is 1
	precision []uint256.Int // what brings an amount to 18 decimals
	terms     CryptoTerms
}

// CryptoTerms are the parameters of a Tricrypto.
type CryptoTerms struct {
	Amp      uint64 // A*n^n, times AmpUnit
	AmpUnit  uint64 // 1 in the first tricrypto, 10,000 in those after it
	Gamma    uint64 // 1e18 = 1
	MidFee   uint64 // of the output, where the pool is even; parts of 1e10
	OutFee   uint64 // where it is not
	FeeGamma uint64 // how fast the fee goes from one to the other, 1e18 = 1
}

// NewTricrypto is such a pool. Price scale says what a coin is worth in the first one, 1e18 = 1, for each but the first. D is that which the
// contract keeps.
func NewTricrypto(site Site, balances, priceScale []uint256.Int, d *uint256.Int, decimals []uint8, terms CryptoTerms) (*Tricrypto, error) {
	n := len(site.Tokens)
	if n < 2 || n > 3 || len(balances) != n || len(priceScale) != n-1 || len(decimals) != n {
		return nil, fmt.Errorf("pool %s: balances, price scale and decimals are not as many as tokens", site.ID)
	}
	if terms.AmpUnit != 1 && terms.AmpUnit != 10_000 || terms.Amp == 0 || terms.Amp > maxCryptoAmp {
		return nil, fmt.Errorf("pool %s: an amplification of %d/%d is out of range", site.ID, terms.Amp, terms.AmpUnit)
	}
	if terms.Gamma < minGamma || terms.Gamma > maxGamma || terms.FeeGamma > unit18 {
		return nil, fmt.Errorf("pool %s: a gamma of %d or a fee gamma of %d is out of range", site.ID, terms.Gamma, terms.FeeGamma)
	}
	if terms.MidFee > terms.OutFee || terms.OutFee >= curveUnit {
		return nil, fmt.Errorf("pool %s: fees from %d to %d are out of range", site.ID, terms.MidFee, terms.OutFee)
	}
	if d.IsZero() || d.BitLen() > maxCurveBits {
		return nil, fmt.Errorf("pool %s: D is zero or more than %d bits", site.ID, maxCurveBits)
	}
	site.FeePPM = finer(terms.MidFee, curveUnit)
	shape := &tricrypto{scale: append([]uint256.Int{e18}, priceScale...), precision: make([]uint256.Int, n), terms: terms}
	for i := range n {
		if shape.scale[i].IsZero() || shape.scale[i].BitLen() > maxCurveBits || decimals[i] > 18 {
			return nil, fmt.Errorf("pool %s: the price scale or the decimals of token %d are out of range", site.ID, i+1)
		}
		shape.precision[i].Exp(uint256.NewInt(10), uint256.NewInt(uint64(18-decimals[i])))
	}
	if err := checkBalances(&site, balances, maxCurveBits); err != nil {
		return nil, err
	}
	return &Tricrypto{site: &site, shape: shape, balances: slices.Clone(balances), d: *d}, nil
}

// Site is what never changes about the pool. Its fee is that of an even pool.
func (p *Tricrypto) Site() *Site { return p.site }

// Out is the contract's exchange.
func (p *Tricrypto) Out(in, out int, amount *uint256.Int) (paid uint256.Int, after Pool, err error) {
	if err := checkTrade(p.balances, in, out, amount, maxCurveBits); err != nil {
		return paid, nil, err
	}
	var c checked
	s := p.shape
	balances := slices.Clone(p.balances)
	balances[in].Add(&balances[in], amount)
	all := s.worth(&c, balances)
	left := s.balance(&c, all, p.d, out)
	if above := c.add(left, *one); c.reverted || above.Gt(&all[out]) {
		return paid, nil, c.err()
	}
	paid = c.sub(c.sub(all[out], left), *one)
	all[out] = left
	paid = c.div(c.mulDiv(paid, e18, s.scale[out]), s.precision[out])
	paid = c.sub(paid, c.mulDiv(paid, s.fee(&c, all), word(curveUnit)))
	if paid.IsZero() || c.reverted {
		return paid, nil, c.err()
	}
	balances[out].Sub(&balances[out], &paid)
	d := s.invariant(&c, s.worth(&c, balances))
	return settled(&c, paid, func() Pool { return &Tricrypto{site: p.site, shape: s, balances: balances, d: d} })
}

// worth is balances in the first coin, with 18 decimals.
func (s *tricrypto) worth(c *checked, balances []uint256.Int) []uint256.Int {
	all := make([]uint256.Int, len(balances))
	for i := range all {
		all[i] = c.mulDown(c.mul(balances[i], s.scale[i]), s.precision[i])
	}
	return all
}

// fee is mid where the pool is even, and goes to out with 1-n^n*Πx/(Σx)^n.
func (s *tricrypto) fee(c *checked, all []uint256.Int) uint256.Int {
	n, sum, even := uint64(len(all)), total(c, all), e18
	for i := range all {
		even = c.mulDiv(c.times(even, n), all[i], sum)
	}
	if s.terms.FeeGamma > 0 {
		gamma := word(s.terms.FeeGamma)
		even = c.divDown(gamma, c.sub(c.add(gamma, e18), even))
	}
	return c.mulDown2(word(s.terms.MidFee), even, word(s.terms.OutFee), c.sub(e18, even))
}

// mulDown2 is (a*b+x*y)/1e18.
func (c *checked) mulDown2(a, b, x, y uint256.Int) uint256.Int {
	return c.div(c.add(c.mul(a, b), c.mul(x, y)), e18)
}

// step is what both of the contract's iterations reckon from K0: |γ+1-K0|+1, and D/(A*n^n)*that²/γ², 1e18 = 1.
func (s *tricrypto) step(c *checked, d, k0 uint256.Int) (gap, pull uint256.Int) {
	gamma := word(s.terms.Gamma)
	gap = c.add(c.distance(c.add(gamma, e18), k0), *one)
	pull = c.mulDiv(c.div(c.mul(e18, d), gamma), gap, gamma)
	return gap, c.div(c.times(c.mul(pull, gap), s.terms.AmpUnit), word(s.terms.Amp))
}

// balance is what coin k must have for the others to keep D (newton_y).
func (s *tricrypto) balance(c *checked, all []uint256.Int, d uint256.Int, k int) uint256.Int {
	n := uint64(len(all))
	others := slices.Delete(slices.Clone(all), k, k+1)
	for i := range others {
		s.checkShare(c, others[i], d)
	}
	slices.SortFunc(others, func(a, b uint256.Int) int { return b.Cmp(&a) })
	y, sum, k0 := c.div(d, word(n)), uint256.Int{}, e18
	for i := len(others) - 1; i >= 0; i-- {
		y = c.mulDiv(y, d, c.times(others[i], n))
		sum = c.add(sum, others[i])
	}
	for i := range others {
		k0 = c.div(c.times(c.mul(k0, others[i]), n), d)
	}
	limit := word(100)
	for _, x := range []uint256.Int{others[0], d} {
		if part := c.div(x, e14); part.Gt(&limit) {
			limit = part
		}
	}
	for range maxSteps {
		if c.reverted {
			break
		}
		before := y
		y = s.towards(c, d, sum, c.div(c.times(c.mul(k0, y), n), d), y)
		ends := limit
		if part := c.div(y, e14); part.Gt(&ends) {
			ends = part
		}
		if change := c.distance(y, before); change.Lt(&ends) {
			s.checkShare(c, y, d)
			return y
		}
	}
	c.endless()
	return y
}

// towards is a step of Newton's method from y.
func (s *tricrypto) towards(c *checked, d, sum, k0, y uint256.Int) uint256.Int {
	half := c.div(y, word(2))
	gap, pull := s.step(c, d, k0)
	sum = c.add(sum, y)
	weight := c.add(e18, c.div(c.mul(c.times(e18, 2), k0), gap))
	above := c.add(c.add(c.mul(e18, y), c.mul(sum, weight)), pull)
	below := c.mul(d, weight)
	if above.Lt(&below) {
		return half
	}
	above = c.sub(above, below)
	slope := c.div(above, y)
	down := c.div(pull, slope)
	up := c.add(c.div(c.add(above, c.mul(e18, d)), slope), c.div(c.mul(down, e18), k0))
	down = c.add(down, c.div(c.mul(e18, sum), slope))
	if up.Lt(&down) {
		return half
	}
	return c.sub(up, down)
}

// checkShare reverts where a coin is too little or too much of the pool.
func (s *tricrypto) checkShare(c *checked, x, d uint256.Int) {
	if share := c.divDown(x, d); !share.Gt(&minShare) || !share.Lt(&maxShare) {
		c.reverted = true
	}
}

// invariant is D (newton_D).
func (s *tricrypto) invariant(c *checked, all []uint256.Int) uint256.Int {
	n := uint64(len(all))
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b uint256.Int) int { return b.Cmp(&a) })
	sum, d := total(c, all), c.times(mean(c, all), n)
	for range maxSteps {
		if c.reverted {
			break
		}
		before, k0 := d, e18
		for i := range all {
			k0 = c.div(c.times(c.mul(k0, all[i]), n), d)
		}
		d = s.towardsInvariant(c, d, sum, k0, n)
		ends := e16
		if d.Gt(&ends) {
			ends = d
		}
		if change := c.mul(c.distance(d, before), e14); change.Lt(&ends) {
			for i := range all {
				s.checkShare(c, all[i], d)
			}
			return d
		}
	}
	c.endless()
	return d
}

// towardsInvariant is a step of Newton's method from D.
func (s *tricrypto) towardsInvariant(c *checked, d, sum, k0 uint256.Int, n uint64) uint256.Int {
	gap, pull := s.step(c, d, k0)
	weight := c.div(c.mul(c.times(e18, 2*n), k0), gap)
	slope := c.add(c.add(sum, c.mulDown(sum, weight)), c.div(c.times(pull, n), k0))
	slope = c.sub(slope, c.mulDown(weight, d))
	up := c.mulDiv(d, c.add(slope, sum), slope)
	down := c.mulDiv(d, d, slope)
	bend := c.div(c.mul(c.mulDown(d, c.div(pull, slope)), c.distance(e18, k0)), k0)
	if e18.Gt(&k0) {
		down = c.add(down, bend)
	} else {
		down = c.sub(down, bend)
	}
	if up.Gt(&down) {
		return c.sub(up, down)
	}
	return c.div(c.sub(down, up), word(2))
}

// mean is the geometric mean of what is sorted downwards (geometric_mean).
func mean(c *checked, all []uint256.Int) uint256.Int {
	n, d := uint64(len(all)), all[0]
	for range maxSteps {
		before, part := d, e18
		for i := range all {
			part = c.mulDiv(part, all[i], d)
		}
		d = c.mulDiv(d, c.add(c.times(e18, n-1), part), c.times(e18, n))
		change := c.distance(d, before)
		if scaled := c.mul(change, e18); !change.Gt(one) || scaled.Lt(&d) {
			return d
		}
		if c.reverted {
			break
		}
	}
	c.endless()
	return d
}

// In is the least amount that pays this much: the contract itself does not say.
func (p *Tricrypto) In(in, out int, amount *uint256.Int) (asked uint256.Int, after Pool, err error) {
	if err := checkTaken(p.balances, in, out, amount); err != nil {
		return asked, nil, err
	}
	return leastIn(p, in, out, amount)
}

// Gas is what a trade of any amount uses.
func (p *Tricrypto) Gas(_, _ int, _ *uint256.Int) uint64 { return tricryptoGas }

// Curve is the trade in floats. Where a trade evens the pool out its fee falls on the way, and by so much the curve is not concave.
func (p *Tricrypto) Curve(in, out int) Curve {
	s, n := p.shape, float64(len(p.balances))
	d := p.d.Float64()
	// All in units of D.
	unit := make([]float64, len(p.balances))
	sum, product := 0.0, 1.0
	for i := range unit {
		unit[i] = s.scale[i].Float64() * s.precision[i].Float64() / unit18 / d
		if i != in && i != out {
			x := p.balances[i].Float64() * unit[i]
			sum, product = sum+x, product*x*n
		}
	}
	amp, gamma := float64(s.terms.Amp)/float64(s.terms.AmpUnit), float64(s.terms.Gamma)/unit18
	curve := cryptoCurve{n: n, sum: sum, product: product * n * n, amp: amp, gamma: gamma}
	curve.mid, curve.out, curve.feeGamma = float64(s.terms.MidFee)/curveUnit, float64(s.terms.OutFee)/curveUnit, float64(s.terms.FeeGamma)/unit18
	x, y := p.balances[in].Float64()*unit[in], p.balances[out].Float64()*unit[out]
	return &bend{
		x: x, y: y, scaleIn: unit[in], scaleOut: unit[out],
		room:  max(0, min(mostShare, curve.solve(leastShare, mostShare))-x) / unit[in],
		solve: func(x float64) float64 { return curve.solve(x, y) }, slope: curve.slope, keep: curve.keep, loss: curve.loss,
	}
}

// leastShare and mostShare are what the contract lets a coin be of D.
const leastShare, mostShare = 0.01, 100

// cryptoCurve is the invariant in floats, divided by (D/n)^n, for balances in units of D:
// M*(Σx-1) + K0 - 1 = 0, where M = A*n^n*K0*γ²/(γ+1-K0)² and K0 = n^n*Πx.
type cryptoCurve struct {
	n, sum, product    float64 // sum of the other balances, and n^n times their product
	amp, gamma         float64
	mid, out, feeGamma float64
}

// at is the invariant's left side, and its derivatives by y and x.
func (c cryptoCurve) at(x, y float64) (value, byY, byX float64) {
	k0 := c.product * x * y
	gap := c.gamma + 1 - k0
	m := c.amp * k0 * (c.gamma / gap) * (c.gamma / gap)
	byK := c.amp * (c.gamma / gap) * (c.gamma / gap) * (c.gamma + 1 + k0) / gap
	over := c.sum + x + y - 1
	value = m*over + k0 - 1
	byY = (byK*over+1)*k0/y + m
	byX = (byK*over+1)*k0/x + m
	return value, byY, byX
}

func (c cryptoCurve) solve(x, from float64) float64 {
	// Where K0 is 1 the sum is at least 1, so the root is not above.
	high := 1 / (c.product * x)
	return newton(min(from, high), high, func(y float64) (float64, float64) {
		value, byY, _ := c.at(x, y)
		return value, byY
	})
}

func (c cryptoCurve) slope(x, y float64) float64 {
	_, byY, byX := c.at(x, y)
	return byX / byY
}

// even is n^n*Πx/(Σx)^n, and what the fee makes of it.
func (c cryptoCurve) even(x, y float64) (even, share float64) {
	even = c.product * x * y / math.Pow(c.sum+x+y, c.n)
	if c.feeGamma == 0 {
		return even, even
	}
	return even, c.feeGamma / (c.feeGamma + 1 - even)
}

func (c cryptoCurve) keep(x, y float64) float64 {
	_, share := c.even(x, y)
	return 1 - c.mid*share - c.out*(1-share)
}

// loss is how fast keep falls with x, along the curve.
func (c cryptoCurve) loss(x, y float64) float64 {
	even, share := c.even(x, y)
	fall := -c.slope(x, y)
	grows := even * (1/x + fall/y - c.n*(1+fall)/(c.sum+x+y))
	if c.feeGamma > 0 {
		grows *= share * share / c.feeGamma
	}
	return (c.mid - c.out) * grows
}

// readTricrypto reads the fields of kind curve-tricrypto: balances, price_scale (for each coin but the first), d, amp (A*n^n, times
// amp_units), amp_units (1 or 10000), gamma, mid_fee and out_fee (in parts of 1e10), and fee_gamma.
func readTricrypto(site Site, decimals []uint8, l *line.Line) (Pool, error) {
	balances := readAmounts(&site, l, "balances", maxCurveBits)
	scale := l.Amounts("price_scale", len(site.Tokens)-1, len(site.Tokens)-1, maxCurveBits)
	d := l.Amount("d", maxCurveBits)
	terms := CryptoTerms{
		Amp: readCount(l, "amp", maxCryptoAmp), AmpUnit: readCount(l, "amp_units", 10_000), Gamma: readCount(l, "gamma", maxGamma),
		MidFee: l.Count("mid_fee"), OutFee: l.Count("out_fee"), FeeGamma: l.Count("fee_gamma"),
	}
	if ppm := int64(finer(terms.MidFee, curveUnit)); l.Has("fee_ppm") {
		l.Number("fee_ppm", ppm, ppm)
	}
	if err := l.Err(); err != nil {
		return nil, err
	}
	return NewTricrypto(site, balances, scale, &d, decimals, terms)
}

func writeTricrypto(p Pool, w *line.Writer) {
	pool := p.(*Tricrypto) //nolint:forcetypeassert // the kind says so
	w.Number("fee_ppm", int64(pool.site.FeePPM))
	w.Amounts("balances", pool.balances)
	w.Amounts("price_scale", pool.shape.scale[1:])
	w.Amount("d", &pool.d)
	terms := pool.shape.terms
	for _, f := range []struct {
		name  string
		value uint64
	}{
		{"amp", terms.Amp},
		{"amp_units", terms.AmpUnit},
		{"gamma", terms.Gamma},
		{"mid_fee", terms.MidFee},
		{"out_fee", terms.OutFee},
		{"fee_gamma", terms.FeeGamma},
	} {
		w.Amount(f.name, uint256.NewInt(f.value))
	}
}
