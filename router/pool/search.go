package pool

import (
	"errors"
	"math"

	"github.com/holiman/uint256"
)

// leastIn is the least amount whose trade pays what is wanted, for contracts that only say what comes out for what goes in. The curve
// says about where it lies; trades decide. Where such a contract's own rounding lets a larger amount pay a unit less, it is the least
// amount around there.
func leastIn(p Pool, in, out int, wanted *uint256.Int) (asked uint256.Int, after Pool, err error) {
	if wanted.IsZero() {
		return asked, nil, ErrDust
	}
	c := p.Curve(in, out)
	if most := c.Out(math.MaxFloat64); !(most*(1+1e-6)+2 > wanted.Float64()) {
		return asked, nil, ErrLiquidity
	}
	enough := func(amount *uint256.Int) bool {
		paid, _, err := p.Out(in, out, amount)
		return errors.Is(err, ErrLiquidity) || err == nil && !paid.Lt(wanted)
	}
	about := fromFloat(guess(c, wanted.Float64()))
	rate := c.Rate(about.Float64())
	for range 3 { // Newton's method, with the trade for the function and the curve for its slope
		paid, _, err := p.Out(in, out, &about)
		if err != nil || !(rate > 0) {
			break
		}
		var off uint256.Int
		if paid.Lt(wanted) {
			step := fromFloat(off.Sub(wanted, &paid).Float64() / rate)
			about.Add(&about, &step)
		} else if step := fromFloat(off.Sub(&paid, wanted).Float64() / rate); step.Lt(&about) {
			about.Sub(&about, &step)
		}
	}
	low, high := around(about, fromFloat(2+2/rate), enough)
	for {
		var middle, width uint256.Int
		width.Sub(&high, &low)
		if !width.Gt(one) {
			break
		}
		middle.Add(&low, width.Rsh(&width, 1))
		if enough(&middle) {
			high = middle
		} else {
			low = middle
		}
	}
	paid, after, err := p.Out(in, out, &high)
	if err != nil || paid.Lt(wanted) {
		return asked, nil, ErrLiquidity
	}
	return high, after, nil
}

// guess is about how much goes in for what is wanted, in floats.
func guess(c Curve, wanted float64) float64 {
	low, high := 0.0, 1.0
	for c.Out(high) < wanted && high < 1e60 {
		low, high = high, 4*high
	}
	for range 64 {
		middle := (low + high) / 2
		if high-low <= 1e-13*high {
			break
		}
		if c.Out(middle) < wanted {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// around puts bounds around a guess, from a step off it on: low is not enough, or zero, and high is.
func around(high, step uint256.Int, enough func(*uint256.Int) bool) (low, top uint256.Int) {
	const most = 250 // bits; nothing of that size can be paid
	if step.IsZero() || step.BitLen() > most {
		step = *one
	}
	for ; !enough(&high) && high.BitLen() < most; step.Lsh(&step, 2) {
		low = high
		high.Add(&high, &step)
	}
	if !low.IsZero() {
		return low, high
	}
	for ; step.Lt(&high); step.Lsh(&step, 2) {
		low.Sub(&high, &step)
		if !enough(&low) {
			return low, high
		}
		high = low
	}
	return uint256.Int{}, high
}

// fromFloat is a float that is not negative, without what stands after its point.
func fromFloat(x float64) (n uint256.Int) {
	if !(x >= 1) {
		return n
	}
	shift := uint(0)
	for ; x >= 1<<63 && shift < 190; shift++ { // a float has 53 bits
		x /= 2
	}
	n.SetUint64(uint64(min(x, 1<<63)))
	n.Lsh(&n, shift)
	return n
}
