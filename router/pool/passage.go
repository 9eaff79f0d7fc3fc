package pool

import (
	"sort"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/router/swap/ticks"
)

const (
	jumpAfter = 4   // ticks that a trade crosses before it tries to go through many at once
	edgesMost = 256 // edges of words within one range that are reckoned beforehand
)

// passage is what a trade pays and gets for whole ranges in one direction, rounded at each of their stops as the contract does. A range
// that a trade crosses takes and gives the same whatever comes before and after it: a trade goes through it just when what is left
// suffices, and that holds of many at once, since left*(1-fee), rounded down, covers what a range takes exactly when left covers that and
// the fee on it, rounded up.
type passage struct {
	fee     uint32
	in, out []uint256.Int // for all ranges below the tick
}

// barrier stands for what a range takes that is not reckoned beforehand. It is more than anything takes, and all of them have room in a
// word: a range of that many edges is a 27th of all ticks at least.
var barrier = new(uint256.Int).Lsh(one, 245)

func (l *ladder) passage(down bool, fee uint32) *passage {
	n := len(l.index)
	p := &passage{fee: fee, in: make([]uint256.Int, n), out: make([]uint256.Int, n)}
	for i := 1; i < n; i++ {
		in, out := l.through(i, down, fee)
		p.in[i].Add(&p.in[i-1], &in)
		p.out[i].Add(&p.out[i-1], &out)
	}
	return p
}

// through is what range i takes, with the fee, and gives.
func (l *ladder) through(i int, down bool, fee uint32) (in, out uint256.Int) {
	if l.liquidity[i].IsZero() {
		return in, out
	}
	s := spot{ladder: l, price: l.price[i-1], tick: l.index[i-1], at: i}
	if down {
		s.price, s.tick = l.price[i], l.index[i]-1
	}
	for range edgesMost {
		next, _ := l.ahead(s.tick, s.at, down)
		step, err := ticks.StepOut(&s.price, &next.price, &l.liquidity[i], barrier, fee)
		if err != nil {
			return *barrier, *barrier
		}
		in.Add(&in, step.In.Add(&step.In, &step.Fee))
		out.Add(&out, &step.Out)
		if s.move(&step.Next, next, down); s.at != i {
			return in, out
		}
	}
	return *barrier, *barrier
}

// worthwhile is the passage of a ladder once long trades have crossed so many ticks that to reckon it costs no more than they did. A fee
// of everything lets nothing through.
func (l *ladder) worthwhile(down bool, fee uint32) *passage {
	if fee == whole {
		return nil
	}
	way := &l.ways[0]
	if down {
		way = &l.ways[1]
	}
	if p := way.ready.Load(); p != nil {
		return p
	}
	if way.walked.Add(jumpAfter) < int64(2*len(l.index)) {
		return nil
	}
	p := l.passage(down, fee)
	way.ready.Store(p)
	return p
}

// jump takes a spot that has just crossed a tick through as many whole ranges as leave something over. The range where nothing is left
// is walked, since the contract ends at the first stop in it where that is so.
func (s *spot) jump(down, exactIn bool, fee uint32, left, total *uint256.Int) {
	p := s.ladder.worthwhile(down, fee)
	if p == nil || p.fee != fee {
		return
	}
	exact, other := p.in, p.out
	if !exactIn {
		exact, other = other, exact
	}
	from, room, by := s.at-1, len(exact)-s.at, 1
	if down {
		from, room, by = s.at, s.at, -1
	}
	taken := func(sums []uint256.Int, n int) (x uint256.Int) {
		x.Sub(&sums[from+n*by], &sums[from])
		if down {
			x.Neg(&x)
		}
		return x
	}
	n := sort.Search(room, func(n int) bool {
		x := taken(exact, n+1)
		return !x.Lt(left)
	})
	if n == 0 {
		return // also where nothing is left already
	}
	x, y := taken(exact, n), taken(other, n)
	left.Sub(left, &x)
	total.Add(total, &y)
	to := from + n*by
	s.price, s.tick, s.at = s.ladder.price[to], s.ladder.index[to], to+1
	if down {
		s.tick, s.at = s.tick-1, to
	}
}
