package ticks

import (
	"errors"
	"math/big"
	"testing"

	"github.com/holiman/uint256"
	"pgregory.net/rapid"
)

func TestRatioAtKnownTicks(t *testing.T) {
	for _, c := range []struct {
		tick int32
		want string
	}{
		{Min, "4295128739"},
		{Min + 1, "4295343490"},
		{-1, "79224201403219477170569942574"},
		{0, "79228162514264337593543950336"},
		{1, "79232123823359799118286999568"},
		{50, "79426470787362580746886972461"},
		{1_000, "83290069058676223003182343270"},
		{50_000, "965075977353221155028623082916"},
		{250_000, "21246587762933397357449903968194344"},
		{Max - 1, "1461373636630004318706518188784493106690254656249"},
		{Max, "1461446703485210103287273052203988822378723970342"},
	} {
		got, err := Ratio(c.tick)
		if err != nil || got.Dec() != c.want {
			t.Errorf("tick %d: got %s, %v, want %s", c.tick, got.Dec(), err, c.want)
		}
	}
}

func TestRatioOutsideTheOutermostTicksIsRefused(t *testing.T) {
	for _, tick := range []int32{Min - 1, Max + 1, -1 << 31, 1<<31 - 1} {
		if _, err := Ratio(tick); !errors.Is(err, ErrRange) {
			t.Errorf("tick %d: %v", tick, err)
		}
	}
}

// The factors are powers of the root of 1.0001, here computed with 600 bits from nothing but that number.
func TestFactorsAreThePowersThatTheyStandFor(t *testing.T) {
	const precision = 600
	root := new(big.Float).SetPrec(precision).Quo(
		new(big.Float).SetPrec(precision).SetInt64(10_001), new(big.Float).SetPrec(precision).SetInt64(10_000))
	root.Sqrt(root)
	for i, f := range factors {
		exact := new(big.Float).SetPrec(precision).SetInt(q128.ToBig())
		exact.Quo(exact, root)
		off := new(big.Float).Sub(exact, new(big.Float).SetPrec(precision).SetInt(f.ToBig()))
		if off.Abs(off).Cmp(big.NewFloat(1)) > 0 {
			t.Errorf("factor %d is off by %s", i, off.Text('g', 5))
		}
		root.Mul(root, root)
	}
}

func TestRatioRisesWithTheTick(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tick := rapid.Int32Range(Min, Max-1).Draw(t, "tick")
		low, err := Ratio(tick)
		if err != nil {
			t.Fatal(err)
		}
		high, err := Ratio(tick + 1)
		if err != nil || !low.Lt(&high) {
			t.Fatalf("%s at %d, %s above, %v", low.Dec(), tick, high.Dec(), err)
		}
	})
}

// exact is the reference: rational arithmetic on big integers with one rounding where the contract nests two.
type exact struct{ current, target, liquidity, remaining, fee *big.Int }

var (
	bigMillion = big.NewInt(pips)
	bigQ96     = q96.ToBig()
	limit256   = new(big.Int).Lsh(big.NewInt(1), 256)
)

func mul(factors ...*big.Int) *big.Int {
	p := big.NewInt(1)
	for _, f := range factors {
		p.Mul(p, f)
	}
	return p
}

func floor(num, den *big.Int) *big.Int { return new(big.Int).Div(num, den) }

func ceil(num, den *big.Int) *big.Int {
	return new(big.Int).Neg(new(big.Int).Div(new(big.Int).Neg(num), den))
}

func (e exact) down() bool { return e.current.Cmp(e.target) >= 0 }

func (e exact) cost(to *big.Int) *big.Int {
	diff := new(big.Int).Sub(to, e.current)
	if e.down() {
		return ceil(mul(e.liquidity, bigQ96, diff.Neg(diff)), mul(e.current, to))
	}
	return ceil(mul(e.liquidity, diff), bigQ96)
}

func (e exact) gain(to *big.Int) *big.Int {
	diff := new(big.Int).Sub(to, e.current)
	if e.down() {
		return floor(mul(e.liquidity, diff.Neg(diff)), bigQ96)
	}
	return floor(mul(e.liquidity, bigQ96, diff), mul(e.current, to))
}

func (e exact) feeOn(in *big.Int) *big.Int {
	return ceil(mul(in, e.fee), new(big.Int).Sub(bigMillion, e.fee))
}

// afterInput is the price after an amount came in, with the contract's coarser formula where its product wraps.
func (e exact) afterInput(in *big.Int) *big.Int {
	shifted := mul(e.liquidity, bigQ96)
	if !e.down() {
		return new(big.Int).Add(e.current, floor(mul(in, bigQ96), e.liquidity))
	}
	if in.Sign() == 0 {
		return e.current
	}
	sum := new(big.Int).Add(shifted, mul(in, e.current))
	if mul(in, e.current).Cmp(limit256) < 0 && sum.Cmp(limit256) < 0 {
		return ceil(mul(shifted, e.current), sum)
	}
	return ceil(shifted, new(big.Int).Add(floor(shifted, e.current), in))
}

func (e exact) afterOutput(out *big.Int) *big.Int {
	if e.down() {
		return new(big.Int).Sub(e.current, ceil(mul(out, bigQ96), e.liquidity))
	}
	shifted := mul(e.liquidity, bigQ96)
	return ceil(mul(shifted, e.current), new(big.Int).Sub(shifted, mul(out, e.current)))
}

func (e exact) stepIn() (next, in, out, fee *big.Int) {
	left := floor(mul(e.remaining, new(big.Int).Sub(bigMillion, e.fee)), bigMillion)
	if left.Cmp(e.cost(e.target)) >= 0 {
		in = e.cost(e.target)
		return e.target, in, e.gain(e.target), e.feeOn(in)
	}
	next = e.afterInput(left)
	in = e.cost(next)
	return next, in, e.gain(next), new(big.Int).Sub(e.remaining, in)
}

func (e exact) stepOut() (next, in, out, fee *big.Int) {
	next, out = e.target, e.gain(e.target)
	if e.remaining.Cmp(out) < 0 {
		next, out = e.afterOutput(e.remaining), e.remaining
	}
	in = e.cost(next)
	return next, in, out, e.feeOn(in)
}

func drawPrice(t *rapid.T, label string) *uint256.Int {
	price, err := Ratio(rapid.Int32Range(Min, Max-1).Draw(t, label))
	if err != nil {
		t.Fatal(err)
	}
	return price.Add(&price, uint256.NewInt(rapid.Uint64Range(0, 1000).Draw(t, label+" off")))
}

func drawNear(t *rapid.T, price *uint256.Int) *uint256.Int {
	var part uint256.Int
	part.Rsh(price, uint(rapid.IntRange(1, 40).Draw(t, "distance")))
	if rapid.Bool().Draw(t, "up") {
		part.Add(price, &part)
	} else {
		part.Sub(price, &part)
	}
	if part.Lt(&MinRatio) {
		return &MinRatio
	}
	if part.Gt(&MaxRatio) {
		return &MaxRatio
	}
	return &part
}

func drawBits(t *rapid.T, label string, most int) *uint256.Int {
	n := rapid.IntRange(1, most).Draw(t, label+" bits")
	var x uint256.Int
	for i := range x {
		x[i] = rapid.Uint64().Draw(t, label)
	}
	x.Rsh(&x, uint(256-n))
	return x.Add(&x, one)
}

func TestStepsAreTheRationalFormulaRoundedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		current := drawPrice(t, "price")
		target := drawNear(t, current)
		liquidity, remaining := drawBits(t, "liquidity", 127), drawBits(t, "remaining", 160)
		fee := rapid.SampledFrom([]uint32{0, 100, 500, 3000, 10000, 999_999}).Draw(t, "fee")
		e := exact{current.ToBig(), target.ToBig(), liquidity.ToBig(), remaining.ToBig(), big.NewInt(int64(fee))}

		in, err := StepIn(current, target, liquidity, remaining, fee)
		if err == nil {
			next, paid, got, charged := e.stepIn()
			mustEqual(t, "in", in, next, paid, got, charged)
			if new(big.Int).Add(paid, charged).Cmp(e.remaining) > 0 {
				t.Fatalf("%s and fee %s is more than %s", paid, charged, e.remaining)
			}
		}
		out, err := StepOut(current, target, liquidity, remaining, fee)
		if err == nil {
			next, paid, got, charged := e.stepOut()
			mustEqual(t, "out", out, next, paid, got, charged)
		}
	})
}

func mustEqual(t *rapid.T, side string, got Step, next, in, out, fee *big.Int) {
	for _, c := range []struct {
		what string
		got  uint256.Int
		want *big.Int
	}{{"next price", got.Next, next}, {"in", got.In, in}, {"out", got.Out, out}, {"fee", got.Fee, fee}} {
		if c.got.ToBig().Cmp(c.want) != 0 {
			t.Fatalf("exact %s: %s is %s, want %s", side, c.what, c.got.Dec(), c.want)
		}
	}
}

// An error is right only where the exact numbers do not fit the contract's.
func TestStepsFailOnlyWhereTheContractReverts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		current := drawPrice(t, "price")
		target := drawNear(t, current)
		liquidity, remaining := drawBits(t, "liquidity", 127), drawBits(t, "remaining", 255)
		e := exact{current.ToBig(), target.ToBig(), liquidity.ToBig(), remaining.ToBig(), big.NewInt(3000)}
		fits := func(x *big.Int) bool { return x.Cmp(limit256) < 0 }

		_, err := StepIn(current, target, liquidity, remaining, 3000)
		if err != nil && fits(e.cost(e.target)) && fits(e.gain(e.target)) && fits(e.feeOn(e.cost(e.target))) {
			t.Fatalf("exact in: %v", err)
		}
		_, err = StepOut(current, target, liquidity, remaining, 3000)
		if err != nil && fits(e.cost(e.target)) && fits(e.gain(e.target)) && fits(e.feeOn(e.cost(e.target))) {
			t.Fatalf("exact out: %v", err)
		}
	})
}

func TestStepWithoutLiquidityMovesThePriceForFree(t *testing.T) {
	current, target := uint256.NewInt(1).Lsh(q96, 1), q96
	var none uint256.Int
	in, err := StepIn(current, target, &none, uint256.NewInt(1000), 3000)
	if err != nil || !in.Next.Eq(target) || !in.In.IsZero() || !in.Out.IsZero() || !in.Fee.IsZero() {
		t.Fatalf("%+v, %v", in, err)
	}
	out, err := StepOut(current, target, &none, uint256.NewInt(1000), 3000)
	if err != nil || !out.Next.Eq(target) || !out.In.IsZero() || !out.Out.IsZero() {
		t.Fatalf("%+v, %v", out, err)
	}
}

func BenchmarkRatio(b *testing.B) {
	for i := range b.N {
		if _, err := Ratio(int32(i%1_700_000 - 850_000)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStepIn(b *testing.B) {
	target, _ := Ratio(-10)
	liquidity, remaining := uint256.NewInt(1e18), uint256.NewInt(1e12)
	for b.Loop() {
		if _, err := StepIn(q96, &target, liquidity, remaining, 3000); err != nil {
			b.Fatal(err)
		}
	}
}
