package pool

import (
	"errors"

	"github.com/holiman/uint256"
)

// leastIn is the least amount whose trade pays what is wanted, for contracts that only say what comes out for what goes in. The curve
// says about where it lies; trades decide. Where such a contract's own rounding lets a larger amount pay a unit less, it is the least
// amount around there.
func leastIn(p Pool, in, out int, wanted *uint256.Int) (asked uint256.Int, after Pool, err error) {
	if wanted.IsZero() {
		return asked, nil, ErrDust
	}
	enough := func(amount *uint256.Int) bool {
		paid, _, err := p.Out(in, out, amount)
		return errors.Is(err, ErrLiquidity) || err == nil && !paid.Lt(wanted)
	}
	low, high := around(guess(p.Curve(in, out), wanted.Float64()), enough)
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

// around puts bounds around a guess: low is not enough, or zero, and high is.
func around(about float64, enough func(*uint256.Int) bool) (low, high uint256.Int) {
	const digits = 40 // how far off the guess is taken to be, in bits below it
	high = fromFloat(about)
	var step uint256.Int
	for step.AddUint64(step.Rsh(&high, digits), 2); !enough(&high) && high.BitLen() < 250; step.Lsh(&step, 2) {
		low = high
		high.Add(&high, &step)
	}
	if !low.IsZero() {
		return low, high
	}
	for {
		if !step.Lt(&high) {
			return uint256.Int{}, high
		}
		low.Sub(&high, &step)
		if !enough(&low) {
			return low, high
		}
		high = low
		step.Lsh(&step, 2)
	}
}

// fromFloat is a float that is not negative, without what stands after its point.
func fromFloat(x float64) (n uint256.Int) {
	if !(x >= 1) {
		return n
	}
	shift := uint(0)
	for ; x >= 1<<63 && shift < 190; shift++ {
		x /= 2
	}
	n.SetUint64(uint64(min(x, 1<<63)))
	n.Lsh(&n, shift)
	return n
}
