package pool

import (
	"errors"
	"math"
	"testing"

	"github.com/holiman/uint256"
	"pgregory.net/rapid"
)

// each checks a law on pairs and on pools with ticks, in both directions.
func each(t *testing.T, law func(t *rapid.T, p Pool, in, out int)) {
	t.Helper()
	for name, draw := range map[string]func(*rapid.T) Pool{
		"V2": func(t *rapid.T) Pool { return drawV2(t) },
		"V3": func(t *rapid.T) Pool { return drawV3(t) },
		"V4": func(t *rapid.T) Pool { return drawV4(t) },
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				in := rapid.IntRange(0, 1).Draw(t, "in")
				law(t, draw(t), in, 1-in)
			})
		})
	}
}

// spotOf is where the price of a pool with ticks stands; nil for a pair.
func spotOf(p Pool) *spot {
	switch p := p.(type) {
	case *V3:
		return &p.spot
	case *V4:
		return &p.spot
	}
	return nil
}

// slack is by how much rounding may change what comes out, in units: each stop of a swap rounds up what goes in twice (the amount and
// its fee) and rounds down what comes out once, and one unit in, without the fee, is worth this much out.
func slack(p Pool, in, out int, amount *uint256.Int) float64 {
	stops := 1.0
	fee := p.Site().FeePPM
	if v4, ok := p.(*V4); ok {
		fee = v4.fees[in]
	}
	if s := spotOf(p); s != nil {
		stops = 2 + float64(s.gas(in == 0, amount, fee, v3TickGas))/wordGas
	}
	free := p.Curve(in, out).Rate(0) / (1 - float64(fee)/whole)
	return stops * (2 + 3*free)
}

func TestMoreInNeverGivesLess(t *testing.T) {
	each(t, func(t *rapid.T, p Pool, in, out int) {
		a, more := drawIn(t, p, in, "amount"), drawIn(t, p, in, "more")
		b := *new(uint256.Int).Add(&a, &more)
		less, _, errLess := p.Out(in, out, &a)
		greater, _, errMore := p.Out(in, out, &b)
		switch {
		case errors.Is(errLess, ErrLiquidity) && !errors.Is(errMore, ErrLiquidity), errors.Is(errMore, ErrDust) && !errors.Is(errLess, ErrDust):
			t.Fatalf("%s: %v, %s: %v", a.Dec(), errLess, b.Dec(), errMore)
		case errLess == nil && errMore == nil && greater.Lt(&less):
			t.Fatalf("%s for %s, %s for %s", less.Dec(), a.Dec(), greater.Dec(), b.Dec())
		}
	})
}

func TestMoreOutNeverCostsLess(t *testing.T) {
	each(t, func(t *rapid.T, p Pool, in, out int) {
		a, more := drawBits(t, 110, "amount"), drawBits(t, 110, "more")
		b := *new(uint256.Int).Add(&a, &more)
		less, _, errLess := p.In(in, out, &a)
		greater, _, errMore := p.In(in, out, &b)
		switch {
		case errLess != nil && errMore == nil:
			t.Fatalf("%s: %v, %s: %v", a.Dec(), errLess, b.Dec(), errMore)
		case errLess == nil && errMore == nil && greater.Lt(&less):
			t.Fatalf("%s for %s, %s for %s", less.Dec(), a.Dec(), greater.Dec(), b.Dec())
		}
	})
}

func TestWhatIsAskedForAnAmountPaysIt(t *testing.T) {
	each(t, func(t *rapid.T, p Pool, in, out int) {
		want := drawIn(t, p, out, "amount")
		asked, _, err := p.In(in, out, &want)
		if err != nil {
			return
		}
		got, _, err := p.Out(in, out, &asked)
		if err != nil || got.Lt(&want) {
			t.Fatalf("%s asked for %s pays %s, %v", asked.Dec(), want.Dec(), got.Dec(), err)
		}
	})
}

// What was paid for an amount costs no more than that amount. A pair asks for one unit too many where nothing is left over; a pool with
// ticks rounds the price for itself, which costs up to what three units of either token are worth.
func TestWhatAnAmountPaysIsNotAskedMoreFor(t *testing.T) {
	each(t, func(t *rapid.T, p Pool, in, out int) {
		amount := drawIn(t, p, in, "amount")
		paid, after, err := p.Out(in, out, &amount)
		if err != nil {
			return
		}
		asked, _, err := p.In(in, out, &paid)
		room := *new(uint256.Int).AddUint64(&amount, 1)
		if errors.Is(err, ErrLiquidity) && asked.Eq(&room) {
			return // that one unit more does not fit the pair
		}
		most := room.Float64()
		if spotOf(p) != nil {
			most = amount.Float64()*(1+1e-15) + 3 + 3/after.Curve(in, out).Rate(0)
		}
		if err != nil || asked.Float64() > most {
			t.Fatalf("%s paid for %s costs %s, %v", paid.Dec(), amount.Dec(), asked.Dec(), err)
		}
	})
}

func TestTheSecondHalfOfATradePaysNoMoreThanTheFirst(t *testing.T) {
	each(t, func(t *rapid.T, p Pool, in, out int) {
		half := drawIn(t, p, in, "amount")
		double := *new(uint256.Int).Lsh(&half, 1)
		one, _, err := p.Out(in, out, &half)
		if err != nil {
			return
		}
		two, _, err := p.Out(in, out, &double)
		if err != nil {
			return
		}
		if two.Float64() > 2*one.Float64()*(1+1e-15)+slack(p, in, out, &double) {
			t.Fatalf("%s for %s, and %s for twice that", one.Dec(), half.Dec(), two.Dec())
		}
	})
}

func TestAPoolDoesNotChangeByATrade(t *testing.T) {
	each(t, func(t *rapid.T, p Pool, in, out int) {
		amount := drawIn(t, p, in, "amount")
		before, _, errBefore := p.Out(in, out, &amount)
		_, _, _ = p.In(in, out, &amount)
		_, _, _ = p.Out(out, in, &amount)
		again, _, errAgain := p.Out(in, out, &amount)
		if !before.Eq(&again) || !errors.Is(errAgain, errBefore) {
			t.Fatalf("%s, then %s for %s", before.Dec(), again.Dec(), amount.Dec())
		}
	})
}

// There and back again is never a gain, whatever the fee.
func TestNobodyGainsByTradingBack(t *testing.T) {
	each(t, func(t *rapid.T, p Pool, in, out int) {
		amount := drawIn(t, p, in, "amount")
		paid, after, err := p.Out(in, out, &amount)
		if err != nil {
			return
		}
		back, _, err := after.Out(out, in, &paid)
		if err == nil && back.Gt(&amount) {
			t.Fatalf("%s became %s", amount.Dec(), back.Dec())
		}
	})
}

// A pool with ticks keeps its fees apart from its liquidity, so that two trades make one, but for what each rounds.
func TestTwoTradesInARowPayWhatOneDoesInAPoolWithTicks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, in := drawV3(t), rapid.IntRange(0, 1).Draw(t, "in")
		a, b := drawIn(t, p, in, "first"), drawIn(t, p, in, "second")
		sum := *new(uint256.Int).Add(&a, &b)
		first, after, err := p.Out(in, 1-in, &a)
		if err != nil {
			return
		}
		second, end, err := after.Out(in, 1-in, &b)
		if err != nil {
			return
		}
		whole, once, err := p.Out(in, 1-in, &sum)
		total := new(uint256.Int).Add(&first, &second)
		if errors.Is(err, ErrLiquidity) {
			t.Fatalf("two trades go through, and one does not")
		}
		got, want, units := total.Float64(), whole.Float64(), slack(p, in, 1-in, &sum)
		if math.Abs(got-want) > want*1e-15+units {
			t.Fatalf("%s and %s, at once %s", first.Dec(), second.Dec(), whole.Dec())
		}
		x, y := end.(*V3).spot, once.(*V3).spot
		if math.Abs(rootOf(&x.price)/rootOf(&y.price)-1) > 1e-6 && units < want*1e-7 {
			t.Fatalf("the price ends at %s, at once at %s", x.price.Dec(), y.price.Dec())
		}
	})
}

// A pair adds the fee to its reserves: the second trade finds a deeper pool that has moved further.
func TestTwoTradesInARowNeverPayMoreThanOneInAPair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, in := drawV2(t), rapid.IntRange(0, 1).Draw(t, "in")
		a, b := drawIn(t, p, in, "first"), drawIn(t, p, in, "second")
		sum := *new(uint256.Int).Add(&a, &b)
		first, after, err := p.Out(in, 1-in, &a)
		if err != nil {
			return
		}
		second, _, err := after.Out(in, 1-in, &b)
		if err != nil {
			return
		}
		whole, _, err := p.Out(in, 1-in, &sum)
		if err != nil {
			t.Fatalf("two trades go through, and one does not: %v", err)
		}
		if total := first.Add(&first, &second); total.Gt(&whole) {
			t.Fatalf("%s in two, %s at once", total.Dec(), whole.Dec())
		}
	})
}

// digits is by how much a curve may be off for want of digits: nine of the amount, and the last of what the price stands for.
func digits(p Pool, in int, amount float64) float64 {
	s := spotOf(p)
	if s == nil {
		return amount * 1e-9
	}
	virtual := 0.0
	for k := max(0, s.at-1); k <= min(len(s.ladder.index), s.at+1); k++ {
		virtual = max(virtual, s.ladder.depth[k])
	}
	if in == 0 {
		return amount*1e-9 + virtual/rootOf(&s.price)*1e-15
	}
	return amount*1e-9 + virtual*rootOf(&s.price)*1e-15
}

func TestACurveSaysWhatThePoolPays(t *testing.T) {
	large := 0
	each(t, func(t *rapid.T, p Pool, in, out int) {
		amount := drawIn(t, p, in, "amount")
		paid, after, err := p.Out(in, out, &amount)
		c := p.Curve(in, out)
		switch {
		case errors.Is(err, ErrLiquidity):
			most := c.Out(math.MaxFloat64)
			if got := c.Out(amount.Float64() * 1.0001); math.Abs(got-most) > most*1e-3 && spotOf(p) != nil {
				t.Fatalf("%s is more than the pool can take, and the curve pays %g of %g", amount.Dec(), got, most)
			}
			return
		case err != nil:
			if got := c.Out(amount.Float64()); got > slack(p, in, out, &amount) {
				t.Fatalf("nothing for %s, by the curve %g", amount.Dec(), got)
			}
			return
		}
		want, got := paid.Float64(), c.Out(amount.Float64())
		if math.Abs(got-want) > digits(p, out, want)+slack(p, in, out, &amount)+digits(p, in, amount.Float64())*c.Rate(0) {
			t.Fatalf("%s for %s, by the curve %g", paid.Dec(), amount.Dec(), got)
		}
		if want > 1e12 && slack(p, in, out, &amount) < want*1e-10 {
			large++
			d, next := digits(p, in, amount.Float64()), after.Curve(in, out).Rate(0)
			low, high := c.Rate(amount.Float64()+d)*(1-1e-6), c.Rate(amount.Float64()-d)*(1+1e-6)
			if spotOf(p) != nil && (next < low || next > high) {
				t.Fatalf("the rate after %s is %g, by the curve between %g and %g", amount.Dec(), next, low, high)
			}
		}
	})
	if large < 10 {
		t.Errorf("only %d trades were large enough to be held to nine digits", large)
	}
}

func TestUntilIsWhereTheRateHasFallen(t *testing.T) {
	each(t, func(t *rapid.T, p Pool, in, out int) {
		c := p.Curve(in, out)
		start := c.Rate(0)
		rate := start * rapid.Float64Range(1e-6, 1.1).Draw(t, "share")
		x, y := c.Until(rate)
		if start <= rate*(1-1e-12) && (x != 0 || y != 0) {
			t.Fatalf("%g for %g until a rate above that at the start", y, x)
		}
		if d := digits(p, in, x); c.Rate(x-d) < rate*(1-1e-8) && x > d || c.Rate(x+d) > rate*(1+1e-8) {
			t.Fatalf("until %g: %g, before it %g and after it %g", rate, x, c.Rate(x-d), c.Rate(x+d))
		}
		if got := c.Out(x); math.Abs(got-y) > digits(p, out, y)+digits(p, in, x)*start {
			t.Fatalf("%g for %g until %g, and %g by itself", y, x, rate, got)
		}
	})
}

func TestACurveIsConcave(t *testing.T) {
	each(t, func(t *rapid.T, p Pool, in, out int) {
		c := p.Curve(in, out)
		a, b := drawBits(t, 110, "a"), drawBits(t, 110, "b")
		low, high := min(a.Float64(), b.Float64()), max(a.Float64(), b.Float64())
		if rl, rh := c.Rate(low), c.Rate(high); rh > rl*(1+1e-12) {
			t.Fatalf("rate %g after %g and %g after %g", rl, low, rh, high)
		}
		if mid := c.Out((low + high) / 2); mid < (c.Out(low)+c.Out(high))/2-digits(p, out, mid)-digits(p, in, high)*c.Rate(0) {
			t.Fatalf("%g and %g, but %g in the middle", c.Out(low), c.Out(high), mid)
		}
	})
}
