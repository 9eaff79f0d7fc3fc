package pool

import (
	"math"
	"sort"
)

// spotCurve walks a ladder in floats. Within one range of liquidity L, token1 in moves the root of the price from s to s+x/L and
// pays x/(s*(s+x/L)) of token0; token0 in moves it to s' = s*L/(L+x*s) and pays x*s*s' of token1. Whole ranges are differences of the
// ladder's sums, so that each answer is one binary search.
type spotCurve struct {
	l     *ladder
	root  float64
	depth float64
	at    int
	keep  float64 // of the input, after the fee
	down  bool
}

func (s *spot) curve(down bool, fee uint32) *spotCurve {
	return &spotCurve{
		l: s.ladder, root: rootOf(&s.price), depth: s.ladder.depth[s.at], at: s.at, keep: float64(whole-fee) / whole, down: down,
	}
}

func (c *spotCurve) Out(in float64) float64 {
	_, _, out := c.end(in)
	return out
}

func (c *spotCurve) Rate(in float64) float64 {
	root, at, _ := c.end(in)
	switch {
	case at == 0 || at == len(c.l.index):
		return 0
	case c.down:
		return c.keep * root * root
	default:
		return c.keep / (root * root)
	}
}

// end is where the price is after this much in, and what was paid until there.
func (c *spotCurve) end(in float64) (root float64, at int, out float64) {
	if c.down {
		return c.fall(in * c.keep)
	}
	return c.rise(in * c.keep)
}

// fall is the end of a trade of token0, after the fee.
func (c *spotCurve) fall(x float64) (root float64, at int, out float64) {
	l := c.l
	if c.at == 0 {
		return c.root, c.at, 0
	}
	low := l.root[c.at-1]
	room := c.depth * (c.root - low) / (c.root * low)
	if x < room {
		root = fallen(c.root, c.depth, x)
		return root, c.at, x * c.root * root
	}
	goal := l.above0[c.at-1].plus(x - room)
	i := sort.Search(c.at-1, func(i int) bool { return l.above0[i].minus(goal) <= 0 })
	out = c.depth*(c.root-low) + l.below1[c.at-1].minus(l.below1[i])
	if i == 0 {
		return l.root[0], 0, out
	}
	rest := goal.minus(l.above0[i])
	root = fallen(l.root[i], l.depth[i], rest)
	return root, i, out + rest*l.root[i]*root
}

func fallen(root, depth, x float64) float64 {
	if depth == 0 {
		return root
	}
	return root * depth / (depth + x*root)
}

// rise is the end of a trade of token1, after the fee.
func (c *spotCurve) rise(x float64) (root float64, at int, out float64) {
	l, n := c.l, len(c.l.index)
	if c.at == n {
		return c.root, c.at, 0
	}
	high := l.root[c.at]
	room := c.depth * (high - c.root)
	if x < room {
		root = risen(c.root, c.depth, x)
		return root, c.at, x / (c.root * root)
	}
	goal := l.below1[c.at].plus(x - room)
	i := c.at + sort.Search(n-1-c.at, func(i int) bool { return l.below1[c.at+1+i].minus(goal) > 0 })
	out = c.depth*(high-c.root)/(high*c.root) + l.above0[c.at].minus(l.above0[i])
	if i == n-1 {
		return l.root[i], n, out
	}
	rest := goal.minus(l.below1[i])
	root = risen(l.root[i], l.depth[i+1], rest)
	return root, i + 1, out + rest/(l.root[i]*root)
}

func risen(root, depth, x float64) float64 {
	if depth == 0 {
		return root
	}
	return root + x/depth
}

// Until looks for the price whose rate it is: the rate is keep*s² downwards and keep/s² upwards.
func (c *spotCurve) Until(rate float64) (in, out float64) {
	l, n := c.l, len(c.l.index)
	switch {
	case c.keep == 0:
		return 0, 0
	case c.down && c.at > 0:
		root := math.Sqrt(max(0, rate) / c.keep)
		if root >= c.root {
			return 0, 0
		}
		low := l.root[c.at-1]
		if root >= low {
			return c.depth * (c.root - root) / (c.root * root) / c.keep, c.depth * (c.root - root)
		}
		in, out = c.depth*(c.root-low)/(c.root*low), c.depth*(c.root-low)
		i := sort.Search(c.at-1, func(i int) bool { return l.root[i] > root }) // range i holds it
		in += l.above0[i].minus(l.above0[c.at-1])
		out += l.below1[c.at-1].minus(l.below1[i])
		if i > 0 {
			in += l.depth[i] * (l.root[i] - root) / (l.root[i] * root)
			out += l.depth[i] * (l.root[i] - root)
		}
		return in / c.keep, out
	case !c.down && c.at < n:
		root := math.Inf(1)
		if rate > 0 {
			root = math.Sqrt(c.keep / rate)
		}
		if root <= c.root {
			return 0, 0
		}
		high := l.root[c.at]
		if root <= high {
			return c.depth * (root - c.root) / c.keep, c.depth * (root - c.root) / (root * c.root)
		}
		in, out = c.depth*(high-c.root), c.depth*(high-c.root)/(high*c.root)
		i := c.at + sort.Search(n-1-c.at, func(i int) bool { return l.root[c.at+1+i] > root })
		in += l.below1[i].minus(l.below1[c.at])
		out += l.above0[c.at].minus(l.above0[i])
		if i < n-1 {
			in += l.depth[i+1] * (root - l.root[i])
			out += l.depth[i+1] * (root - l.root[i]) / (root * l.root[i])
		}
		return in / c.keep, out
	}
	return 0, 0
}
