package pool

import "math"

// stableCurve is a trade by the invariant of StableSwap, in floats. With D kept, the balance y of what goes out solves
// y² + (b-D)*y = c, where b is the sum of all other balances and D/(A*n), and c is D^(n+1)/(n^n*A*n) over their product. When h comes in
// on x, b grows by h and c shrinks to c*x/(x+h); what goes out, o, is then the lesser root of
//
//	o² - B*o + h*(y+c/(x+h)) = 0, with B = 2y+b-D+h,
//
// which loses no digits where h is little.
type stableCurve struct {
	x, y, c, slope    float64 // slope is 2y+b-D
	scaleIn, scaleOut float64 // what a unit of the input is after the fee, and of the output
	keep              float64 // of the output, after a fee; 1 where the fee is on the input
	room              float64 // how much can go in
}

// newStableCurve is for balances that count alike, and A*n.
func newStableCurve(all []float64, ann float64, in, out int) *stableCurve {
	d := stableInvariant(all, ann)
	c := d / ann
	b := d / ann
	n := float64(len(all))
	for i, x := range all {
		if i != out {
			b += x
			c *= d / (n * x)
		}
	}
	c *= d / n
	return &stableCurve{x: all[in], y: all[out], c: c, slope: 2*all[out] + b - d, scaleIn: 1, scaleOut: 1, keep: 1, room: math.Inf(1)}
}

// stableInvariant is D by Newton's method.
func stableInvariant(all []float64, ann float64) float64 {
	n, sum := float64(len(all)), 0.0
	for _, x := range all {
		sum += x
	}
	d := sum
	for range maxSteps {
		product := d
		for _, x := range all {
			product *= d / (x * n)
		}
		before := d
		d = (ann*sum + product*n) * d / ((ann-1)*d + (n+1)*product)
		if math.Abs(d-before) <= 1e-15*d {
			break
		}
	}
	return d
}

// gone is o for h.
func (c *stableCurve) gone(h float64) float64 {
	b, e := c.slope+h, h*(c.y+c.c/(c.x+h))
	return 2 * e / (b + math.Sqrt(max(0, b*b-4*e)))
}

func (c *stableCurve) Out(in float64) float64 {
	if !(c.x > 0 && c.y > 0) {
		return 0
	}
	return c.keep * c.gone(min(in, c.room)*c.scaleIn) / c.scaleOut
}

func (c *stableCurve) Rate(in float64) float64 {
	if !(c.x > 0 && c.y > 0) || in > c.room {
		return 0
	}
	h := in * c.scaleIn
	o := c.gone(h)
	after := c.x + h
	return c.keep * c.scaleIn / c.scaleOut * (c.y - o + c.c/after*(c.x/after)) / (c.slope + h - 2*o)
}

func (c *stableCurve) Until(rate float64) (in, out float64) {
	return untilRate(c, min(c.room, maxDepth*c.x/c.scaleIn), c.x/c.scaleIn, rate)
}

// maxDepth is how many times its balance a pool without an end of its own is followed.
const maxDepth = 1e9

// untilRate finds how much goes in until a falling rate has come down to one, for curves whose rate can't be solved for. It first looks
// where about the balance's size it lies, then halves, to 12 digits.
func untilRate(c Curve, room, size, rate float64) (in, out float64) {
	if !(room > 0) || !(c.Rate(0) > rate) {
		return 0, 0
	}
	if c.Rate(room) >= rate {
		return room, c.Out(room)
	}
	low, high := 0.0, min(room, size)
	for c.Rate(high) > rate {
		low, high = high, min(room, 2*high)
	}
	for low == 0 && high > 1e-12*size && c.Rate(high/16) <= rate {
		high /= 16
	}
	for range 64 {
		middle := (low + high) / 2
		if high-low <= 1e-12*high {
			break
		}
		if c.Rate(middle) > rate {
			low = middle
		} else {
			high = middle
		}
	}
	return low, c.Out(low)
}
