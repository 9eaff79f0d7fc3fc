package pool

import (
	"fmt"
	"math"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/router/pool/line"
)

// What a swap uses, two transfers and the one of the fee among it. Estimates.
const (
	solidlyGas       = 90_000
	solidlyStableGas = 130_000
)

// Solidly is a pair as Velodrome V2 and Aerodrome have them. A volatile one keeps x*y, and a stable one x³y+xy³, in 18 decimals. The fee
// is taken from the input and leaves the pair at once, so that the reserve grows by the rest.
//
// The stable one's reserve is found by Newton's method. Its steps, and the last unit, are those of Aerodrome's Pool. Below the root it
// looks one unit further with a function that takes what is in 18 decimals for the tokens' own: where they have fewer, it always goes that
// unit up, or reverts since the product overflows, for just this amount (ErrStuck). There is no bytecode of it to be had, so recorded answers of getAmountOut stand for it.
type Solidly struct {
	site     *Site
	units    *[2]uint256.Int // 10^decimals; nil in a volatile pair
	reserves [2]uint256.Int
}

// maxSolidlyBits is how large a reserve may be; the contract's words are wider, but no supply is.
const maxSolidlyBits = 128

// NewVolatile is a pair that keeps x*y.
func NewVolatile(site Site, reserve0, reserve1 *uint256.Int) (*Solidly, error) {
	reserves := [2]uint256.Int{*reserve0, *reserve1}
	if err := checkPair(&site); err != nil {
		return nil, err
	}
	if err := checkBalances(&site, reserves[:], maxSolidlyBits); err != nil {
		return nil, err
	}
	return &Solidly{site: &site, reserves: reserves}, nil
}

// NewStablePair is a pair that keeps x³y+xy³. Decimals are those of the tokens.
func NewStablePair(site Site, reserve0, reserve1 *uint256.Int, decimals [2]uint8) (*Solidly, error) {
	p, err := NewVolatile(site, reserve0, reserve1)
	if err != nil {
		return nil, err
	}
	p.units = new([2]uint256.Int)
	for i, d := range decimals {
		if d > 36 {
			return nil, fmt.Errorf("pool %s: token %d has more than 36 decimals", site.ID, i+1)
		}
		p.units[i].Exp(uint256.NewInt(10), uint256.NewInt(uint64(d)))
	}
	return p, nil
}

// Site is what never changes about the pair.
func (p *Solidly) Site() *Site { return p.site }

// Out is getAmountOut, and what swap leaves.
func (p *Solidly) Out(in, out int, amount *uint256.Int) (paid uint256.Int, after Pool, err error) {
	if err := checkTrade(p.reserves[:], in, out, amount, maxSolidlyBits); err != nil {
		return paid, nil, err
	}
	var c checked
	kept := c.sub(*amount, c.mulDiv(*amount, word(uint64(p.site.FeePPM)), *million))
	if p.units == nil {
		paid = c.mulDiv(kept, p.reserves[out], c.add(p.reserves[in], kept))
	} else {
		paid = p.stable(&c, in, out, kept)
	}
	return settled(&c, paid, func() Pool {
		next := &Solidly{site: p.site, units: p.units, reserves: p.reserves}
		next.reserves[in].Add(&next.reserves[in], &kept)
		next.reserves[out].Sub(&next.reserves[out], &paid)
		return next
	})
}

func (p *Solidly) stable(c *checked, in, out int, kept uint256.Int) uint256.Int {
	x := c.mulDiv(p.reserves[in], e18, p.units[in])
	y := c.mulDiv(p.reserves[out], e18, p.units[out])
	k := solidlyK(c, x, y)
	left := p.balance(c, c.add(c.mulDiv(kept, e18, p.units[in]), x), k, y)
	if c.reverted || !left.Lt(&y) {
		return uint256.Int{}
	}
	return c.mulDiv(c.sub(y, left), p.units[out], e18)
}

// balance is _get_y: what must be left of one token beside x of the other.
func (p *Solidly) balance(c *checked, x, k, y uint256.Int) uint256.Int {
	for range maxSteps {
		now := solidlyK(c, x, y)
		step := c.mulDiv(c.distance(k, now), e18, solidlySlope(c, x, y))
		if c.reverted {
			return y
		}
		if now.Lt(&k) {
			if step.IsZero() {
				more := p.odd(c, x, c.add(y, *one))
				if c.stuck = c.reverted; c.stuck || more.Gt(&k) {
					return c.add(y, *one)
				}
				step = *one
			}
			y = c.add(y, step)
			continue
		}
		if step.IsZero() {
			if less := solidlyK(c, x, c.sub(y, *one)); now.Eq(&k) || less.Lt(&k) {
				return y
			}
			step = *one
		}
		y = c.sub(y, step)
	}
	c.endless()
	return y
}

// odd is the contract's _k, which takes what is in 18 decimals already for the tokens' own.
func (p *Solidly) odd(c *checked, x, y uint256.Int) uint256.Int {
	return solidlyK(c, c.mulDiv(x, e18, p.units[0]), c.mulDiv(y, e18, p.units[1]))
}

// solidlyK is x³y+xy³, as x*y*(x²+y²).
func solidlyK(c *checked, x, y uint256.Int) uint256.Int {
	return c.mulDown(c.mulDown(x, y), c.add(c.mulDown(x, x), c.mulDown(y, y)))
}

// solidlySlope is 3xy²+x³, by y.
func solidlySlope(c *checked, x, y uint256.Int) uint256.Int {
	return c.add(c.mulDown(c.times(x, 3), c.mulDown(y, y)), c.mulDown(c.mulDown(x, x), x))
}

// In is the least amount that pays this much: the contract itself does not say.
func (p *Solidly) In(in, out int, amount *uint256.Int) (asked uint256.Int, after Pool, err error) {
	if err := checkTaken(p.reserves[:], in, out, amount); err != nil {
		return asked, nil, err
	}
	return leastIn(p, in, out, amount)
}

// Gas is what a trade of any amount uses.
func (p *Solidly) Gas(_, _ int, _ *uint256.Int) uint64 {
	if p.units != nil {
		return solidlyStableGas
	}
	return solidlyGas
}

// Curve is the trade in floats.
func (p *Solidly) Curve(in, out int) Curve {
	r0, keep := p.reserves[in].Float64(), float64(whole-p.site.FeePPM)/whole
	room := max(0, math.Ldexp(1, maxSolidlyBits)-r0)
	if p.units == nil {
		return &v2Curve{in: r0, out: p.reserves[out].Float64(), keep: keep, room: room}
	}
	// In units of the whole token: cubes of more would leave floats.
	unitIn, unitOut := p.units[in].Float64(), p.units[out].Float64()
	x0, y0 := r0/unitIn, p.reserves[out].Float64()/unitOut
	k := x0 * y0 * (x0*x0 + y0*y0)
	return &bend{
		x: x0, y: y0, scaleIn: keep / unitIn, scaleOut: 1 / unitOut, room: room,
		solve: func(x float64) float64 {
			return newton(y0, 2*y0, func(y float64) (float64, float64) { return x*y*(x*x+y*y) - k, x * (x*x + 3*y*y) })
		},
		slope: func(x, y float64) float64 { return y * (3*x*x + y*y) / (x * (x*x + 3*y*y)) },
		keep:  func(_, _ float64) float64 { return 1 },
		loss:  func(_, _ float64) float64 { return 0 },
	}
}

// readVolatile reads the fields of kind solidly-volatile: fee_ppm and reserves.
func readVolatile(site Site, _ []uint8, l *line.Line) (Pool, error) {
	readFee(&site, l)
	reserves := readAmounts(&site, l, "reserves", maxSolidlyBits)
	if err := l.Err(); err != nil {
		return nil, err
	}
	return NewVolatile(site, &reserves[0], &reserves[1])
}

// readStablePair reads the same of kind solidly-stable.
func readStablePair(site Site, decimals []uint8, l *line.Line) (Pool, error) {
	readFee(&site, l)
	reserves := readAmounts(&site, l, "reserves", maxSolidlyBits)
	if err := l.Err(); err != nil {
		return nil, err
	}
	return NewStablePair(site, &reserves[0], &reserves[1], [2]uint8(decimals))
}

func writeSolidly(p Pool, w *line.Writer) {
	pair := p.(*Solidly) //nolint:forcetypeassert // the kind says so
	w.Number("fee_ppm", int64(pair.site.FeePPM))
	w.Amounts("reserves", pair.reserves[:])
}

func applySolidly(p Pool, e Event) (Pool, error) {
	sync, ok := e.(Sync)
	if !ok {
		return nil, fmt.Errorf("pool %s: %T: %w", p.Site().ID, e, ErrEvent)
	}
	pair := p.(*Solidly) //nolint:forcetypeassert // the kind says so
	reserves := [2]uint256.Int{sync.Reserve0, sync.Reserve1}
	if err := checkBalances(pair.site, reserves[:], maxSolidlyBits); err != nil {
		return nil, err
	}
	return &Solidly{site: pair.site, units: pair.units, reserves: reserves}, nil
}
