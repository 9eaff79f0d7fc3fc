// Package ticks is the integer maths of a concentrated-liquidity pool: what TickMath, SqrtPriceMath and SwapMath of Uniswap V3
// compute, to the bit.
//
// Prices are square roots of token1 per token0 in Q64.96. A tick is a factor of 1.0001 in price. Amounts that a trader pays
// are rounded up and amounts that a trader gets are rounded down, each step for itself, as the contracts do.
//
// Invariant: where the contract reverts, the function here fails with ErrRange; it never returns a wrapped number.
package ticks

import (
	"errors"

	"github.com/holiman/uint256"
)

// The outermost ticks.
const (
	Min int32 = -887272
	Max int32 = 887272
)

// ErrRange means that the contract would revert: a tick or a price out of range, or an amount that does not fit.
var ErrRange = errors.New("out of the range of the contract's numbers")

// The prices at the outermost ticks. A pool's price is at least MinRatio and below MaxRatio.
var (
	MinRatio = *uint256.MustFromDecimal("4295128739")
	MaxRatio = *uint256.MustFromDecimal("1461446703485210103287273052203988822378723970342")
)

var (
	one     = uint256.NewInt(1)
	q96     = new(uint256.Int).Lsh(one, 96)
	q128    = new(uint256.Int).Lsh(one, 128)
	maxWord = new(uint256.Int).Not(new(uint256.Int))
)

// factors[i] is 1.0001^(-2^i/2) in Q128, as the contract spells it: never off by a whole unit.
var factors = [20]*uint256.Int{
	uint256.MustFromHex("0xfffcb933bd6fad37aa2d162d1a594001"),
	uint256.MustFromHex("0xfff97272373d413259a46990580e213a"),
	uint256.MustFromHex("0xfff2e50f5f656932ef12357cf3c7fdcc"),
	uint256.MustFromHex("0xffe5caca7e10e4e61c3624eaa0941cd0"),
	uint256.MustFromHex("0xffcb9843d60f6159c9db58835c926644"),
	uint256.MustFromHex("0xff973b41fa98c081472e6896dfb254c0"),
	uint256.MustFromHex("0xff2ea16466c96a3843ec78b326b52861"),
	uint256.MustFromHex("0xfe5dee046a99a2a811c461f1969c3053"),
	uint256.MustFromHex("0xfcbe86c7900a88aedcffc83b479aa3a4"),
	uint256.MustFromHex("0xf987a7253ac413176f2b074cf7815e54"),
	uint256.MustFromHex("0xf3392b0822b70005940c7a398e4b70f3"),
	uint256.MustFromHex("0xe7159475a2c29b7443b29c7fa6e889d9"),
	uint256.MustFromHex("0xd097f3bdfd2022b8845ad8f792aa5825"),
	uint256.MustFromHex("0xa9f746462d870fdf8a65dc1f90e061e5"),
	uint256.MustFromHex("0x70d869a156d2a1b890bb3df62baf32f7"),
	uint256.MustFromHex("0x31be135f97d08fd981231505542fcfa6"),
	uint256.MustFromHex("0x9aa508b5b7a84e1c677de54f3e99bc9"),
	uint256.MustFromHex("0x5d6af8dedb81196699c329225ee604"),
	uint256.MustFromHex("0x2216e584f5fa1ea926041bedfe98"),
	uint256.MustFromHex("0x48a170391f7dc42444e8fa2"),
}

// Ratio returns the price at a tick, rounded up. It fails with ErrRange outside Min and Max.
func Ratio(tick int32) (uint256.Int, error) {
	if tick < Min || tick > Max {
		return uint256.Int{}, ErrRange
	}
	distance := tick
	if tick < 0 {
		distance = -tick
	}
	ratio := *q128
	for i, f := range factors {
		if distance>>i&1 == 0 {
			continue
		}
		ratio.Rsh(ratio.Mul(&ratio, f), 128)
	}
	if tick > 0 {
		ratio.Div(maxWord, &ratio)
	}
	exact := ratio[0]&0xffffffff == 0
	ratio.Rsh(&ratio, 32)
	if !exact {
		ratio.Add(&ratio, one)
	}
	return ratio, nil
}

// Step is the result of moving the price within one range of equal liquidity.
type Step struct {
	Next uint256.Int // the price afterwards
	In   uint256.Int // paid for the liquidity, without the fee
	Out  uint256.Int // received
	Fee  uint256.Int // paid on top of In
}

// StepIn moves the price from current towards target by spending at most remaining, fee included.
func StepIn(current, target, liquidity, remaining *uint256.Int, feePips uint32) (Step, error) {
	var s Step
	var left, keep uint256.Int
	keep.SetUint64(pips - uint64(feePips))
	left.MulDivOverflow(remaining, &keep, million)

	down := !current.Lt(target)
	need, err := amountIn(current, target, liquidity, down)
	if err != nil {
		return s, err
	}
	reached := !left.Lt(&need)
	if reached {
		s.Next, s.In = *target, need
	} else {
		if s.Next, err = nextFromInput(current, liquidity, &left, down); err != nil {
			return s, err
		}
		reached = s.Next.Eq(target)
		s.In = need
		if !reached {
			if s.In, err = amountIn(current, &s.Next, liquidity, down); err != nil {
				return s, err
			}
		}
	}
	if s.Out, err = amountOut(current, &s.Next, liquidity, down); err != nil {
		return s, err
	}
	if !reached {
		s.Fee.Sub(remaining, &s.In)
		return s, nil
	}
	s.Fee, err = feeOn(&s.In, feePips)
	return s, err
}

// StepOut moves the price from current towards target by taking at most remaining.
func StepOut(current, target, liquidity, remaining *uint256.Int, feePips uint32) (Step, error) {
	var s Step
	down := !current.Lt(target)
	get, err := amountOut(current, target, liquidity, down)
	if err != nil {
		return s, err
	}
	s.Next, s.Out = *target, get
	if remaining.Lt(&get) {
		if s.Next, err = nextFromOutput(current, liquidity, remaining, down); err != nil {
			return s, err
		}
		if !s.Next.Eq(target) {
			if s.Out, err = amountOut(current, &s.Next, liquidity, down); err != nil {
				return s, err
			}
		}
		if s.Out.Gt(remaining) {
			s.Out = *remaining
		}
	}
	if s.In, err = amountIn(current, &s.Next, liquidity, down); err != nil {
		return s, err
	}
	s.Fee, err = feeOn(&s.In, feePips)
	return s, err
}

const pips = 1_000_000

var million = uint256.NewInt(pips)

func feeOn(in *uint256.Int, feePips uint32) (uint256.Int, error) {
	fee, keep := uint256.NewInt(uint64(feePips)), uint256.NewInt(pips-uint64(feePips))
	return mulDivUp(in, fee, keep)
}

// amountIn is what moving the price from a to b costs the trader: token0 where the price goes down, else token1.
func amountIn(a, b, liquidity *uint256.Int, down bool) (uint256.Int, error) {
	if down {
		return amount0Up(b, a, liquidity)
	}
	return amount1Up(a, b, liquidity)
}

// amountOut is what moving the price from a to b gives the trader: token1 where the price goes down, else token0.
func amountOut(a, b, liquidity *uint256.Int, down bool) (uint256.Int, error) {
	if down {
		return amount1Down(b, a, liquidity)
	}
	return amount0Down(a, b, liquidity)
}

// amount0Up is liquidity * (1/lo - 1/hi), rounded up twice as the contract does.
func amount0Up(lo, hi, liquidity *uint256.Int) (uint256.Int, error) {
	var shifted, diff uint256.Int
	shifted.Lsh(liquidity, 96)
	diff.Sub(hi, lo)
	q, err := mulDivUp(&shifted, &diff, hi)
	if err != nil {
		return q, err
	}
	return divUp(&q, lo), nil
}

// amount0Down is liquidity * (1/lo - 1/hi), rounded down twice as the contract does.
func amount0Down(lo, hi, liquidity *uint256.Int) (uint256.Int, error) {
	var q, shifted, diff uint256.Int
	shifted.Lsh(liquidity, 96)
	diff.Sub(hi, lo)
	if _, over := q.MulDivOverflow(&shifted, &diff, hi); over {
		return q, ErrRange
	}
	q.Div(&q, lo)
	return q, nil
}

// amount1Up is liquidity * (hi - lo), rounded up.
func amount1Up(lo, hi, liquidity *uint256.Int) (uint256.Int, error) {
	var diff uint256.Int
	diff.Sub(hi, lo)
	return mulDivUp(liquidity, &diff, q96)
}

// amount1Down is liquidity * (hi - lo), rounded down.
func amount1Down(lo, hi, liquidity *uint256.Int) (uint256.Int, error) {
	var q, diff uint256.Int
	diff.Sub(hi, lo)
	if _, over := q.MulDivOverflow(liquidity, &diff, q96); over {
		return q, ErrRange
	}
	return q, nil
}

func nextFromInput(price, liquidity, in *uint256.Int, down bool) (uint256.Int, error) {
	if price.IsZero() || liquidity.IsZero() {
		return uint256.Int{}, ErrRange
	}
	if down {
		return after0In(price, liquidity, in)
	}
	return after1In(price, liquidity, in)
}

func nextFromOutput(price, liquidity, out *uint256.Int, down bool) (uint256.Int, error) {
	if price.IsZero() || liquidity.IsZero() {
		return uint256.Int{}, ErrRange
	}
	if down {
		return after1Out(price, liquidity, out)
	}
	return after0Out(price, liquidity, out)
}

// after0In is the price after amount of token0 came in: L*p / (L + amount*p), rounded up, or the less precise
// L / (L/p + amount) where the product does not fit.
func after0In(price, liquidity, amount *uint256.Int) (uint256.Int, error) {
	if amount.IsZero() {
		return *price, nil
	}
	var shifted, product, den uint256.Int
	shifted.Lsh(liquidity, 96)
	if _, over := product.MulOverflow(amount, price); !over {
		if _, over := den.AddOverflow(&shifted, &product); !over {
			return mulDivUp(&shifted, price, &den)
		}
	}
	den.Div(&shifted, price)
	if _, over := den.AddOverflow(&den, amount); over {
		return den, ErrRange
	}
	return divUp(&shifted, &den), nil
}

// after0Out is the price after amount of token0 went out: L*p / (L - amount*p), rounded up.
func after0Out(price, liquidity, amount *uint256.Int) (uint256.Int, error) {
	if amount.IsZero() {
		return *price, nil
	}
	var shifted, product, den uint256.Int
	shifted.Lsh(liquidity, 96)
	if _, over := product.MulOverflow(amount, price); over || !shifted.Gt(&product) {
		return den, ErrRange
	}
	den.Sub(&shifted, &product)
	next, err := mulDivUp(&shifted, price, &den)
	return within160(next, err)
}

// after1In is the price after amount of token1 came in: p + amount/L, rounded down.
func after1In(price, liquidity, amount *uint256.Int) (uint256.Int, error) {
	var q uint256.Int
	if _, over := q.MulDivOverflow(amount, q96, liquidity); over {
		return q, ErrRange
	}
	if _, over := q.AddOverflow(&q, price); over {
		return q, ErrRange
	}
	return within160(q, nil)
}

// after1Out is the price after amount of token1 went out: p - amount/L, the quotient rounded up.
func after1Out(price, liquidity, amount *uint256.Int) (uint256.Int, error) {
	q, err := mulDivUp(amount, q96, liquidity)
	if err != nil || !price.Gt(&q) {
		return q, ErrRange
	}
	q.Sub(price, &q)
	return q, nil
}

func within160(x uint256.Int, err error) (uint256.Int, error) {
	if err == nil && x.BitLen() > 160 {
		err = ErrRange
	}
	return x, err
}

// mulDivUp is a*b/d rounded up, with a product of 512 bits. The remainder is below d, so its low word is all of it.
func mulDivUp(a, b, d *uint256.Int) (uint256.Int, error) {
	var q, product, whole uint256.Int
	if d.IsZero() {
		return q, ErrRange
	}
	if _, over := q.MulDivOverflow(a, b, d); over {
		return q, ErrRange
	}
	product.Mul(a, b)
	whole.Mul(&q, d)
	if product.Eq(&whole) {
		return q, nil
	}
	if _, over := q.AddOverflow(&q, one); over {
		return q, ErrRange
	}
	return q, nil
}

// divUp is a/b rounded up; like the contract's, it does not look for b = 0, which its callers exclude.
func divUp(a, b *uint256.Int) uint256.Int {
	var q, r uint256.Int
	q.DivMod(a, b, &r)
	if !r.IsZero() {
		q.Add(&q, one)
	}
	return q
}
