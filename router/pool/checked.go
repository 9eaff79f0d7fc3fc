package pool

import (
	"errors"

	"github.com/holiman/uint256"
)

// ErrStuck means that the contract's own iteration does not end for just this amount, so that it reverts; another may do.
var ErrStuck = errors.New("an amount that the pool's contract can't reckon")

// checked reckons like a contract: in 256 bits without a sign, where what does not fit, falls below zero or is divided by zero reverts.
// It remembers that instead, so that a formula reads as one and is looked at once, in the end.
type checked struct {
	reverted bool
	stuck    bool // it reverted since an iteration did not end
}

// endless ends an iteration that was left without a result.
func (c *checked) endless() {
	c.stuck = c.stuck || !c.reverted
	c.reverted = true
}

// err is why a trade failed that reverted, or gave nothing.
func (c *checked) err() error {
	switch {
	case c.stuck:
		return ErrStuck
	case c.reverted:
		return ErrLiquidity
	}
	return ErrDust
}

// unit18 is 1 in the fixed point of 18 decimals that most of these contracts reckon in.
const unit18 = 1_000_000_000_000_000_000

var e18 = *uint256.NewInt(unit18)

func word(n uint64) uint256.Int { return *uint256.NewInt(n) }

func (c *checked) add(x, y uint256.Int) (z uint256.Int) {
	if _, over := z.AddOverflow(&x, &y); over {
		c.reverted = true
	}
	return z
}

func (c *checked) sub(x, y uint256.Int) (z uint256.Int) {
	if _, under := z.SubOverflow(&x, &y); under {
		c.reverted = true
	}
	return z
}

// distance is the absolute difference.
func (c *checked) distance(x, y uint256.Int) uint256.Int {
	if x.Lt(&y) {
		return c.sub(y, x)
	}
	return c.sub(x, y)
}

func (c *checked) mul(x, y uint256.Int) (z uint256.Int) {
	if x.BitLen()+y.BitLen() <= 256 {
		z.Mul(&x, &y)
		return z
	}
	if _, over := z.MulOverflow(&x, &y); over {
		c.reverted = true
	}
	return z
}

// times is a product with a small number.
func (c *checked) times(x uint256.Int, n uint64) uint256.Int { return c.mul(x, word(n)) }

// div is rounded down.
func (c *checked) div(x, y uint256.Int) (z uint256.Int) {
	if y.IsZero() {
		c.reverted = true
		return z
	}
	z.Div(&x, &y)
	return z
}

// divUp is rounded up.
func (c *checked) divUp(x, y uint256.Int) uint256.Int {
	if x.IsZero() {
		c.reverted = c.reverted || y.IsZero()
		return x
	}
	return c.add(c.div(c.sub(x, *one), y), *one)
}

// mulDiv is x*y/z in one go of 256 bits, as Solidity and Vyper write it: the product must fit.
func (c *checked) mulDiv(x, y, z uint256.Int) uint256.Int { return c.div(c.mul(x, y), z) }

// The same with a fixed point of 18 decimals.
func (c *checked) mulDown(x, y uint256.Int) uint256.Int { return c.div(c.mul(x, y), e18) }
func (c *checked) mulUp(x, y uint256.Int) uint256.Int   { return c.divUp(c.mul(x, y), e18) }
func (c *checked) divDown(x, y uint256.Int) uint256.Int { return c.div(c.mul(x, e18), y) }
func (c *checked) divisionUp(x, y uint256.Int) uint256.Int {
	return c.divUp(c.mul(x, e18), y)
}

// near says whether two steps of an iteration differ by one unit at most.
func near(x, y *uint256.Int) bool {
	var d uint256.Int
	if x.Lt(y) {
		d.Sub(y, x)
	} else {
		d.Sub(x, y)
	}
	return !d.Gt(one)
}

// maxSteps is how often the contracts repeat a step of Newton's method.
const maxSteps = 255
