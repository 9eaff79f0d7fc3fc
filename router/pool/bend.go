package pool

import "math"

// bend is a trade along a curve that has no closed form, in floats: solve gives the balance that goes with one of the other side, and
// slope how steep the curve falls there, both in units that count alike.
type bend struct {
	x, y              float64
	scaleIn, scaleOut float64
	room              float64 // how much can go in
	solve             func(x float64) (y float64)
	slope             func(x, y float64) float64 // -dy/dx
	keep              func(x, y float64) float64 // of the output, after a fee on it
	loss              func(x, y float64) float64 // how fast that falls with x
}

// little is how small a part of the balance can't be told by a difference: there the curve is taken for straight.
const little = 1e-7

func (c *bend) Out(in float64) float64 {
	if !(c.x > 0 && c.y > 0) {
		return 0
	}
	h := min(in, c.room) * c.scaleIn
	gone := 0.0
	if h < little*c.x {
		gone = h * c.slope(c.x+h/2, c.solve(c.x+h/2))
	} else {
		gone = c.y - c.solve(c.x+h)
	}
	return max(0, gone*c.keep(c.x+h, c.y-gone)/c.scaleOut)
}

func (c *bend) Rate(in float64) float64 {
	if !(c.x > 0 && c.y > 0) || in > c.room {
		return 0
	}
	x := c.x + in*c.scaleIn
	y := c.solve(x)
	return max(0, c.slope(x, y)*c.keep(x, y)-(c.y-y)*c.loss(x, y)) * c.scaleIn / c.scaleOut
}

func (c *bend) Until(rate float64) (in, out float64) {
	return untilRate(c, min(c.room, maxDepth*c.x/c.scaleIn), c.x/c.scaleIn, rate)
}

// newton solves f(y) = 0 for an f that rises on both sides of its only root in (0, high).
func newton(y, high float64, f func(y float64) (value, slope float64)) float64 {
	low := 0.0
	for range maxSteps {
		value, slope := f(y)
		if value > 0 {
			high = y
		} else {
			low = y
		}
		next := y - value/slope
		if math.Abs(next-y) <= 1e-10*y { // the digits double with each step
			return next
		}
		if !(next > low && next < high) {
			next = (low + high) / 2
		}
		y = next
	}
	return y
}
