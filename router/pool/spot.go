package pool

import (
	"fmt"
	"math"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/router/swap/ticks"
)

const wordGas = 7_000 // for each edge of a bitmap word that is passed

// spot is where the price of a pool stands on its ladder. Between two neighbouring ticks the pool trades like a constant-product pair;
// the contract rounds at each stop on its way, and so does a trade here.
type spot struct {
	ladder *ladder
	price  uint256.Int // square root of token1 per token0, Q64.96
	tick   int32       // of the price; one less where a swap downwards ended on a tick and crossed it
	at     int         // range of the ladder that holds the tick
}

// newSpot fails where the price is not in the tick, or the ticks are none that a pool can have.
func newSpot(price *uint256.Int, tick int32, liquidity *uint256.Int, spacing int32, all []Tick) (spot, error) {
	if spacing < 0 || spacing >= 1<<15 {
		return spot{}, fmt.Errorf("a tick spacing of %d", spacing)
	}
	if !inTick(price, tick) {
		return spot{}, fmt.Errorf("its price is not in its tick %d", tick)
	}
	l, err := newLadder(spacing, tick, liquidity, all, nil)
	if err != nil {
		return spot{}, err
	}
	return spot{ladder: l, price: *price, tick: tick, at: l.at(tick)}, nil
}

// inTick reports whether a price lies in its tick, or at its upper edge, where a swap downwards leaves it.
func inTick(price *uint256.Int, tick int32) bool {
	low, err := ticks.Ratio(tick)
	if err != nil || tick == ticks.Max {
		return false
	}
	high, err := ticks.Ratio(tick + 1)
	return err == nil && !price.Lt(&low) && !price.Gt(&high) && price.Lt(&ticks.MaxRatio)
}

func (s *spot) liquidity() *uint256.Int { return &s.ladder.liquidity[s.at] }

// swapped is the spot after a swap, as its event tells it. It fails where the liquidity is not what the ticks say: then an event is
// missing.
func (s *spot) swapped(price *uint256.Int, tick int32, liquidity *uint256.Int) (spot, error) {
	if !inTick(price, tick) {
		return spot{}, fmt.Errorf("its price is not in its tick %d", tick)
	}
	after := spot{ladder: s.ladder, price: *price, tick: tick, at: s.ladder.at(tick)}
	if got := after.liquidity(); !got.Eq(liquidity) {
		return spot{}, fmt.Errorf("liquidity %s at tick %d, and %s by its ticks", liquidity.Dec(), tick, got.Dec())
	}
	return after, nil
}

// provided is the spot after liquidity, an int128 with its sign extended to the word, was added between two ticks.
func (s *spot) provided(lower, upper int32, liquidity *uint256.Int) (spot, error) {
	if lower >= upper {
		return spot{}, fmt.Errorf("liquidity from tick %d to %d", lower, upper)
	}
	now := *s.liquidity()
	if lower <= s.tick && s.tick < upper {
		now.Add(&now, liquidity)
	}
	l, err := newLadder(s.ladder.spacing, s.tick, &now, provide(s.ladder.ticks(), lower, upper, liquidity), s.ladder)
	if err != nil {
		return spot{}, err
	}
	return spot{ladder: l, price: s.price, tick: s.tick, at: l.at(s.tick)}, nil
}

// in pays out for exactly left of the one token, fee included.
func (s *spot) in(down bool, left uint256.Int, fee uint32) (paid uint256.Int, after spot, err error) {
	paid, after, err = s.walk(down, true, left, fee)
	if err == nil && paid.IsZero() {
		err = ErrDust
	}
	return paid, after, err
}

// out asks for exactly left of the other token, fee included.
func (s *spot) out(down bool, left uint256.Int, fee uint32) (asked uint256.Int, after spot, err error) {
	if left.IsZero() {
		return asked, *s, ErrDust
	}
	return s.walk(down, false, left, fee)
}

// walk moves the price from stop to stop until nothing is left of the exact amount, and gives the total of the other token.
func (s *spot) walk(down, exactIn bool, left uint256.Int, fee uint32) (total uint256.Int, after spot, err error) {
	after = *s
	for crossed := 0; !left.IsZero(); {
		next, more := after.ladder.ahead(after.tick, after.at, down)
		if !more {
			return total, after, ErrLiquidity
		}
		var step ticks.Step
		if exactIn {
			step, err = ticks.StepIn(&after.price, &next.price, after.liquidity(), &left, fee)
		} else {
			step, err = ticks.StepOut(&after.price, &next.price, after.liquidity(), &left, fee)
		}
		if err != nil {
			return total, after, ErrLiquidity
		}
		exact, other := step.In.Add(&step.In, &step.Fee), &step.Out
		if !exactIn {
			exact, other = other, exact
		}
		left.Sub(&left, exact)
		total.Add(&total, other)
		at := after.at
		if after.move(&step.Next, next, down); after.at == at {
			continue
		}
		if crossed++; crossed%jumpAfter == 0 {
			after.jump(down, exactIn, fee, &left, &total)
		}
	}
	return total, after, nil
}

// move puts the price, and crosses the stop where the price has reached it.
func (s *spot) move(price *uint256.Int, next stop, down bool) {
	switch {
	case price.Eq(&next.price):
		s.tick = next.tick
		if down {
			s.tick--
		}
		if next.crosses && down {
			s.at--
		} else if next.crosses {
			s.at++
		}
	case !price.Eq(&s.price):
		s.tick = tickOf(price)
	}
	s.price = *price
}

// gas is what a trade of this amount in uses beyond a trade that stays in its range, with this much for each tick that is crossed.
func (s *spot) gas(down bool, amount *uint256.Int, fee uint32, tickGas uint64) uint64 {
	c := s.curve(down, fee)
	root, at, _ := c.end(amount.Float64())
	from, to, crossed := s.tick, tickOfRoot(root), at-s.at
	if down {
		from, to, crossed = to, from, -crossed
	}
	words := s.ladder.word(to, 0) - s.ladder.word(from, 0)
	return uint64(crossed)*tickGas + uint64(max(0, words))*wordGas
}

// perOctave is how many ticks double the square root of the price.
var perOctave = 2 / math.Log2(1.0001)

// tickOf is TickMath.getTickAtSqrtRatio: the highest tick whose price is not above this one. The logarithm in floats is right to
// 1e-9 ticks (the price has 53 bits and its logarithm is at most 64); where it is that near to a tick, the tick's own price decides.
func tickOf(price *uint256.Int) int32 {
	exact := (math.Log2(price.Float64()) - 96) * perOctave
	near := math.Round(exact)
	if math.Abs(exact-near) > 1e-6 {
		return int32(math.Floor(exact))
	}
	at, err := ticks.Ratio(int32(near))
	if err == nil && price.Lt(&at) {
		return int32(near) - 1
	}
	return int32(near)
}

// rootOf is a price as a float.
func rootOf(price *uint256.Int) float64 { return math.Ldexp(price.Float64(), -96) }

// tickOfRoot is the tick of a price as a float, or one beside it.
func tickOfRoot(root float64) int32 { return int32(math.Floor(math.Log2(root) * perOctave)) }
