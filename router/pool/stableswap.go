package pool

import (
	"fmt"
	"math"
	"slices"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/router/pool/line"
)

// stableSwapGas is what an exchange uses, two transfers among it. An estimate.
const stableSwapGas = 120_000

const (
	curveUnit     = 10_000_000_000 // of Curve's fees
	maxCurveBits  = 128            // of a balance; the contract's words are wider, but no supply is
	maxCurveAmp   = 1_000_000
	maxCurveUnits = 100 // in which a newer contract counts its amplification
)

// StableSwap is a pool of Curve for coins of about equal worth, by the invariant that Amplified has too. A coin's rate says what it is
// worth: for a metapool, the second coin is the shares of another pool, and its rate is that pool's virtual price.
//
// The fee is on the output, and a part of it, the admin's, leaves the balances at once. Newton's method starts at D, rounds down, and
// ends when two steps differ by a unit at most, as in the contract; one unit is kept back for that. There is no bytecode of it to be
// had, so recorded answers stand for it. They are those of get_dy, which in older contracts takes the fee after it has rounded to the
// coin's decimals, and exchange before: what is paid is then one unit less. Out is what exchange pays.
//
// A pool may have its own shares as its last token: see shares.
type StableSwap struct {
	site     *Site
	shape    *stableSwap
	balances []uint256.Int
	supply   uint256.Int // of the shares; zero where they are no token here
}

// stableSwap is what does not change about a pool from trade to trade.
type stableSwap struct {
	rates      []uint256.Int // 1e18 of an amount in 18 decimals for one unit
	amp, units uint64        // amplification, in this many parts of one
	fee, admin uint64        // of the output, and of the fee; parts of curveUnit
}

// NewStableSwap is such a pool. Rates say what an amount is worth, in 1e18ths, in 18 decimals. The amplification is in units: 1 in older
// contracts, 100 in newer ones. The fees are parts of 1e10. Where there is a supply, the last token is the pool's own shares, which have
// neither a balance nor a rate.
func NewStableSwap(site Site, balances, rates []uint256.Int, amp, units, fee, admin uint64, supply *uint256.Int) (*StableSwap, error) {
	n := len(site.Tokens)
	if !supply.IsZero() {
		n--
	}
	if n < 2 || n > MaxTokens || len(balances) != n || len(rates) != n {
		return nil, fmt.Errorf("pool %s: balances and rates are not as many as tokens", site.ID)
	}
	if supply.BitLen() > maxCurveBits {
		return nil, fmt.Errorf("pool %s: a supply of more than %d bits", site.ID, maxCurveBits)
	}
	if units != 1 && units != maxCurveUnits || amp < units || amp > maxCurveAmp*units || fee >= curveUnit || admin > curveUnit {
		return nil, fmt.Errorf("pool %s: an amplification of %d/%d or fees of %d and %d are out of range", site.ID, amp, units, fee, admin)
	}
	for i := range rates {
		if rates[i].IsZero() || rates[i].BitLen() > 128 {
			return nil, fmt.Errorf("pool %s: rate %d is zero or more than 128 bits", site.ID, i+1)
		}
	}
	if err := checkBalances(&site, balances, maxCurveBits); err != nil {
		return nil, err
	}
	site.FeePPM = finer(fee, curveUnit)
	shape := &stableSwap{rates: slices.Clone(rates), amp: amp, units: units, fee: fee, admin: admin}
	return &StableSwap{site: &site, shape: shape, balances: slices.Clone(balances), supply: *supply}, nil
}

// Site is what never changes about the pool.
func (p *StableSwap) Site() *Site { return p.site }

// Out is the contract's exchange; for shares, add_liquidity and remove_liquidity_one_coin.
func (p *StableSwap) Out(in, out int, amount *uint256.Int) (paid uint256.Int, after Pool, err error) {
	switch len(p.balances) {
	case out:
		return p.provide(in, amount)
	case in:
		return p.withdraw(out, amount)
	}
	if err := checkTrade(p.balances, in, out, amount, maxCurveBits); err != nil {
		return paid, nil, err
	}
	var c checked
	s := p.shape
	gross := p.gross(&c, in, out, amount)
	fee := c.mulDiv(gross, word(s.fee), word(curveUnit))
	paid = c.divDown(c.sub(gross, fee), s.rates[out])
	admin := c.divDown(c.mulDiv(fee, word(s.admin), word(curveUnit)), s.rates[out])
	return settled(&c, paid, func() Pool {
		next := &StableSwap{site: p.site, shape: s, supply: p.supply, balances: movedBalances(p.balances, in, out, amount, &paid)}
		next.balances[out].Sub(&next.balances[out], &admin)
		return next
	})
}

// gross is what a trade pays before the fee, in 18 decimals.
func (p *StableSwap) gross(c *checked, in, out int, amount *uint256.Int) uint256.Int {
	s := p.shape
	all := s.worth(c, p.balances)
	d := s.invariant(c, all)
	all[in] = c.add(all[in], c.mulDown(*amount, s.rates[in]))
	left := c.add(s.balance(c, all, d, out), *one)
	if c.reverted || left.Gt(&all[out]) {
		return uint256.Int{}
	}
	return c.sub(all[out], left)
}

// worth is balances in 18 decimals, at their rates.
func (s *stableSwap) worth(c *checked, balances []uint256.Int) []uint256.Int {
	all := make([]uint256.Int, len(balances))
	for i := range all {
		all[i] = c.mulDown(balances[i], s.rates[i])
	}
	return all
}

// invariant is D (get_D).
func (s *stableSwap) invariant(c *checked, all []uint256.Int) uint256.Int {
	n := uint64(len(all))
	sum, units, ann := total(c, all), word(s.units), s.amp*n
	d := sum
	for range maxSteps {
		product := d
		for i := range all {
			product = c.mulDiv(product, d, c.times(all[i], n))
		}
		before := d
		above := c.add(c.div(c.times(sum, ann), units), c.times(product, n))
		below := c.add(c.div(c.times(d, ann-s.units), units), c.times(product, n+1))
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

// balance is what coin k must have for the others to keep D (get_y, and get_y_D).
func (s *stableSwap) balance(c *checked, all []uint256.Int, d uint256.Int, k int) uint256.Int {
	n := uint64(len(all))
	ann := word(s.amp * n)
	last, sum := d, uint256.Int{}
	for i := range all {
		if i != k {
			sum = c.add(sum, all[i])
			last = c.mulDiv(last, d, c.times(all[i], n))
		}
	}
	last = c.div(c.times(c.mul(last, d), s.units), c.times(ann, n))
	linear := c.add(sum, c.div(c.times(d, s.units), ann))
	y := d
	for range maxSteps {
		before := y
		y = c.div(c.add(c.mul(y, y), last), c.sub(c.add(c.times(y, 2), linear), d))
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

// In is the least amount that pays this much: the contract itself does not say.
func (p *StableSwap) In(in, out int, amount *uint256.Int) (asked uint256.Int, after Pool, err error) {
	if n := len(p.balances); in < n && out < n {
		if err := checkTaken(p.balances, in, out, amount); err != nil {
			return asked, nil, err
		}
	}
	return leastIn(p, in, out, amount)
}

// Gas is what a trade of any amount uses.
func (p *StableSwap) Gas(_, _ int, _ *uint256.Int) uint64 { return stableSwapGas }

// Curve is the trade in floats.
func (p *StableSwap) Curve(in, out int) Curve {
	s := p.shape
	x := make([]float64, len(p.balances))
	for i := range x {
		x[i] = p.balances[i].Float64() * s.rates[i].Float64() / unit18
	}
	if in == len(x) || out == len(x) {
		return p.sharesCurve(x, in, out)
	}
	c := newStableCurve(x, float64(s.amp)/float64(s.units)*float64(len(x)), in, out)
	c.scaleIn, c.scaleOut = s.rates[in].Float64()/unit18, s.rates[out].Float64()/unit18
	c.keep = 1 - float64(s.fee)/curveUnit
	c.room = math.Ldexp(1, maxCurveBits) - p.balances[in].Float64()
	return c
}

// readStableSwap reads the fields of kind curve-stable: fee_ppm (or fee, in parts of 1e10), admin_fee (in parts of 1e10), balances,
// rates (one for each coin), amp, and amp_units, 1 or 100. Where there is a supply, the last token is the pool's own shares, and not
// among the coins.
func readStableSwap(site Site, _ []uint8, l *line.Line) (Pool, error) {
	var supply uint256.Int
	coins := len(site.Tokens)
	if l.Has("supply") {
		if supply = l.Amount("supply", maxCurveBits); supply.IsZero() {
			l.Fail("supply", errEmpty)
		}
		coins--
	}
	fee := readFineFee(l, curveUnit)
	admin := l.Count("admin_fee")
	balances := readFull(l, "balances", coins, maxCurveBits)
	rates := readFull(l, "rates", coins, 128)
	amp := readCount(l, "amp", maxCurveAmp*maxCurveUnits)
	units := readCount(l, "amp_units", maxCurveUnits)
	if err := l.Err(); err != nil {
		return nil, err
	}
	return NewStableSwap(site, balances, rates, amp, units, fee, admin, &supply)
}

func writeStableSwap(p Pool, w *line.Writer) {
	pool := p.(*StableSwap) //nolint:forcetypeassert // the kind says so
	s := pool.shape
	writeFineFee(pool.site, w, s.fee, curveUnit)
	w.Amount("admin_fee", uint256.NewInt(s.admin))
	w.Amounts("balances", pool.balances)
	w.Amounts("rates", s.rates)
	w.Amount("amp", uint256.NewInt(s.amp))
	w.Amount("amp_units", uint256.NewInt(s.units))
	if !pool.supply.IsZero() {
		w.Amount("supply", &pool.supply)
	}
}
