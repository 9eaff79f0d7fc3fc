package pool

import (
	"math"
	"reflect"
	"sync"
	"testing"

	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/router/swap/ticks"
)

// drawSteps draws a pool with many ticks, some with gaps between them that are wider than words of the bitmap, at the price of one.
func drawSteps(t *rapid.T) terrain {
	w := terrain{spacing: rapid.SampledFrom([]int32{1, 60}).Draw(t, "spacing")}
	reach := rapid.SampledFrom([]int32{30, 300, 7_000}).Draw(t, "reach")
	for range rapid.IntRange(10, 40).Draw(t, "positions") {
		lower := rapid.Int32Range(-reach, reach).Draw(t, "lower")
		upper := lower + rapid.Int32Range(1, reach).Draw(t, "width")
		depth := drawBits(t, 80, "depth")
		w.ticks = provide(w.ticks, lower*w.spacing, upper*w.spacing, depth.AddUint64(&depth, 1<<30))
	}
	w.tick = w.ticks[rapid.IntRange(0, len(w.ticks)-1).Draw(t, "tick")].Index
	w.price, _ = ticks.Ratio(w.tick)
	for _, tick := range w.ticks {
		if tick.Index <= w.tick {
			w.liquidity.Add(&w.liquidity, &tick.Net)
		}
	}
	return w
}

// Whether a trade jumps or walks must not show: not in what it pays, nor in where it ends, and least of all where it ends on a tick.
func TestAJumpEndsWhereTheWalkDoes(t *testing.T) {
	jumped, onTick := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		w, fee, down := drawSteps(t), rapid.SampledFrom([]uint32{0, 500, 3000, 900_001}).Draw(t, "fee"), rapid.Bool().Draw(t, "down")
		walks, jumps := w.pool(t, fee).spot, w.pool(t, fee).spot
		for i := range walks.ladder.ways {
			walks.ladder.ways[i].walked.Store(math.MinInt64)
			jumps.ladder.ways[i].ready.Store(jumps.ladder.passage(i == 1, fee))
		}
		exactIn := rapid.Bool().Draw(t, "exact in")
		most, paid := walks.curve(down, fee).Until(0)
		if !exactIn {
			most = paid
		}
		amount := floored(1 + most*rapid.Float64Range(0.2, 1.01).Draw(t, "share"))
		if rapid.Bool().Draw(t, "whole ranges") {
			amount = wholeRanges(t, &jumps, down, exactIn, fee)
		}
		total, end, err := walks.walk(down, exactIn, amount, fee)
		got, gotEnd, gotErr := jumps.walk(down, exactIn, amount, fee)
		if !reflect.DeepEqual(gotErr, err) {
			t.Fatalf("%s: jumped %v, walked %v", amount.Dec(), gotErr, err)
		}
		if err != nil {
			return
		}
		if !got.Eq(&total) || !gotEnd.price.Eq(&end.price) || gotEnd.tick != end.tick || gotEnd.at != end.at {
			t.Fatalf(
				"%s: jumped to %s at %s, %d, %d, walked to %s at %s, %d, %d",
				amount.Dec(), got.Dec(), gotEnd.price.Dec(), gotEnd.tick, gotEnd.at, total.Dec(), end.price.Dec(), end.tick, end.at,
			)
		}
		if crossed := end.at - walks.at; crossed > 2*jumpAfter || crossed < -2*jumpAfter {
			jumped++
			if price, _ := ticks.Ratio(end.tick); price.Eq(&end.price) {
				onTick++
			}
		}
	})
	if jumped < 5 || onTick < 1 {
		t.Errorf("only %d trades were long, and %d of them ended on a tick", jumped, onTick)
	}
}

// wholeRanges is what a number of ranges from the price takes, or one unit more or less.
func wholeRanges(t *rapid.T, s *spot, down, exactIn bool, fee uint32) uint256.Int {
	p := s.ladder.passage(down, fee)
	sums := p.in
	if !exactIn {
		sums = p.out
	}
	at := s.at - 1                                               // the tick of the price
	low, high := min(at+2*jumpAfter+1, len(sums)-1), len(sums)-1 // far, where there is room
	if down {
		low, high = 0, max(0, at-2*jumpAfter-1)
	}
	to := rapid.IntRange(low, high).Draw(t, "to")
	var amount uint256.Int
	amount.Sub(&sums[max(at, to)], &sums[min(at, to)])
	switch rapid.IntRange(0, 3).Draw(t, "off") {
	case 0:
		amount.AddUint64(&amount, 1)
	case 1:
		if !amount.IsZero() {
			amount.SubUint64(&amount, 1)
		}
	}
	if amount.BitLen() > 200 {
		return *one // a barrier
	}
	return amount
}

// What is spent to the last unit before a gap in the liquidity leaves the price before it, not behind.
func TestAJumpDoesNotCrossAGapForNothing(t *testing.T) {
	w := terrain{price: *power(96), spacing: 10}
	for i := int32(0); i < 20; i++ {
		w.ticks = provide(w.ticks, -2000+10*i, 2000-10*i, power(70)) // from 1,810 to 2,000 on both sides
		w.ticks = provide(w.ticks, -1800, 1800, power(60))           // the deep middle
		w.ticks = provide(w.ticks, -10_000-10*i, -9_000, power(60))  // behind a gap
		w.ticks = provide(w.ticks, 9_000, 10_000+10*i, power(60))
	}
	for _, tick := range w.ticks {
		if tick.Index <= 0 {
			w.liquidity.Add(&w.liquidity, &tick.Net)
		}
	}
	for _, down := range []bool{false, true} {
		for _, exactIn := range []bool{false, true} {
			s := w.pool(t, 3000).spot
			most, paid, _ := spent(&s, down, 2000)
			amount := most
			if !exactIn {
				amount = paid
			}
			for i := range s.ladder.ways {
				s.ladder.ways[i].ready.Store(s.ladder.passage(i == 1, 3000))
			}
			_, end, err := s.walk(down, exactIn, amount, 3000)
			must(t, err)
			want := int32(2000)
			if down {
				want = -2001
			}
			if end.tick != want {
				t.Errorf("down %v, exact in %v: the tick is %d, want %d", down, exactIn, end.tick, want)
			}
		}
	}
}

// spent is what going as far as a tick takes and gives, stop by stop.
func spent(s *spot, down bool, tick int32) (in, out uint256.Int, end spot) {
	end = *s
	for end.tick < tick && end.tick >= -tick {
		next, _ := end.ladder.ahead(end.tick, end.at, down)
		step, err := ticks.StepOut(&end.price, &next.price, end.liquidity(), barrier, 3000)
		if err != nil {
			panic(err)
		}
		in.Add(&in, step.In.Add(&step.In, &step.Fee))
		out.Add(&out, &step.Out)
		end.move(&step.Next, next, down)
	}
	return in, out, end
}

// The pool's ticks reach from one end of all prices to the other, so that a range has more edges than are reckoned beforehand.
func TestARangeOfTooManyEdgesIsWalked(t *testing.T) {
	w := flat()
	w.spacing = 1
	w.ticks = []Tick{{Index: ticks.Min, Net: *power(80)}, {Index: ticks.Max, Net: negative(power(80))}}
	for i := int32(1); i <= 20; i++ {
		w.ticks = provide(w.ticks, -i, i, power(60))
		w.liquidity.Add(&w.liquidity, power(60))
	}
	p := w.pool(t, 3000)
	for in := range 2 {
		for range 20 { // until the passage was worth it
			amount := power(82)
			paid, after, err := p.Out(in, 1-in, amount)
			must(t, err)
			if got, want := paid.Float64(), p.Curve(in, 1-in).Out(amount.Float64()); math.Abs(got-want) > want*1e-9 {
				t.Fatalf("%g, by the curve %g", got, want)
			}
			if at := after.(*V3).spot.at; at != 1 && at != len(w.ticks)-1 {
				t.Fatalf("ends in range %d", at)
			}
		}
		if way := &p.spot.ladder.ways[1-in]; way.ready.Load() == nil {
			t.Errorf("direction %d was never worth it, after %d ticks", in, way.walked.Load())
		}
	}
}

func TestManyMayTradeOnOneState(t *testing.T) {
	p := terraced(t)
	most, _ := p.Curve(0, 1).Until(0)
	amount := floored(most / 2)
	want, _, err := p.Out(0, 1, &amount)
	must(t, err)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 100 {
				if got, _, err := p.Out(0, 1, &amount); err != nil || !got.Eq(&want) {
					t.Errorf("%s, %v, want %s", got.Dec(), err, want.Dec())
					return
				}
			}
		})
	}
	group.Wait()
}
