package pool

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"sync/atomic"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/router/swap/ticks"
)

// Tick is an initialized tick of a pool with concentrated liquidity.
type Tick struct {
	Index int32
	Net   uint256.Int // what crossing it upwards adds to the liquidity: an int128, with its sign extended to the word
	gross uint256.Int // what begins or ends there; 0 where that is not known
}

// ladder is the liquidity of a pool at every price. Trades don't change it, so that all states which follow from each other by trades
// share one.
//
// Range k lies between tick k-1 and tick k, so that there is one range more than ticks; range 0 and the last one are out of reach.
// The sums in floats are of what the ranges hold of each token on the side where it is finite: token0 above a price, token1 below it.
// A trade moves along both, so that what it takes and gives are differences of them.
type ladder struct {
	spacing   int32 // between usable ticks; 0 where the pool does not stop at the edges of its bitmap's words
	index     []int32
	price     []uint256.Int // at the ticks: square roots, Q64.96
	liquidity []uint256.Int // of the ranges
	gross     []uint256.Int // of the ticks; 0 where that is not known

	root   []float64 // price, with its unit at 1
	depth  []float64 // liquidity
	above0 []sum     // token0 in the ranges above the tick
	below1 []sum     // token1 in the ranges below the tick

	ways [2]way // upwards, downwards
}

// way is one direction of a ladder: how many ticks long trades have crossed, and the passage once that was worth it.
type way struct {
	walked atomic.Int64
	ready  atomic.Pointer[passage]
}

var (
	errOrder   = errors.New("ticks must rise")
	errSpacing = errors.New("a tick is no multiple of the spacing")
	errDepth   = errors.New("ticks that make the liquidity negative or larger than 128 bits")

	// A swap may go one unit less far than the outermost prices: those are the limits that the routers pass.
	lowest  = *new(uint256.Int).Add(&ticks.MinRatio, one)
	highest = *new(uint256.Int).Sub(&ticks.MaxRatio, one)
)

// newLadder reckons the liquidity of each range from that of the range which holds the tick now. Prices at ticks are taken from a ladder
// that has them already, if there is one.
func newLadder(spacing, tick int32, liquidity *uint256.Int, all []Tick, known *ladder) (*ladder, error) {
	n := len(all)
	wide, floats, sums := make([]uint256.Int, 3*n+1), make([]float64, 2*n+1), make([]sum, 2*n)
	l := &ladder{
		spacing: spacing, index: make([]int32, n), price: wide[:n:n], gross: wide[n : 2*n : 2*n], liquidity: wide[2*n:],
		root: floats[:n:n], depth: floats[n:], above0: sums[:n:n], below1: sums[n:],
	}
	if err := l.place(all, known); err != nil {
		return nil, err
	}
	at := l.at(tick)
	l.liquidity[at] = *liquidity
	for k := at + 1; k <= len(all); k++ {
		l.liquidity[k].Add(&l.liquidity[k-1], &all[k-1].Net)
	}
	for k := at - 1; k >= 0; k-- {
		l.liquidity[k].Sub(&l.liquidity[k+1], &all[k].Net)
	}
	for k := range l.liquidity {
		if l.liquidity[k].BitLen() > 128 {
			return nil, errDepth
		}
	}
	l.sum()
	return l, nil
}

// place puts the ticks at their prices.
func (l *ladder) place(all []Tick, known *ladder) error {
	if known == nil {
		known = &ladder{}
	}
	old := 0
	for i, t := range all {
		if i > 0 && t.Index <= all[i-1].Index {
			return fmt.Errorf("%w: %d after %d", errOrder, t.Index, all[i-1].Index)
		}
		if l.spacing > 0 && t.Index%l.spacing != 0 {
			return fmt.Errorf("%w: %d of %d", errSpacing, t.Index, l.spacing)
		}
		l.index[i], l.gross[i] = t.Index, t.gross
		for old < len(known.index) && known.index[old] < t.Index {
			old++
		}
		if old < len(known.index) && known.index[old] == t.Index {
			l.price[i], l.root[i] = known.price[old], known.root[old]
			continue
		}
		price, err := priceAt(t.Index)
		if err != nil {
			return fmt.Errorf("tick %d: %w", t.Index, err)
		}
		l.price[i], l.root[i] = price, rootOf(&price)
	}
	return nil
}

// priceAt is the price at a tick, or the last one before the outermost that a swap may reach.
func priceAt(tick int32) (uint256.Int, error) {
	switch tick {
	case ticks.Min:
		return lowest, nil
	case ticks.Max:
		return highest, nil
	}
	return ticks.Ratio(tick)
}

func (l *ladder) sum() {
	n := len(l.index)
	for k := range l.liquidity {
		l.depth[k] = l.liquidity[k].Float64()
	}
	for i := 1; i < n; i++ {
		l.below1[i] = l.below1[i-1].plus(l.depth[i] * (l.root[i] - l.root[i-1]))
	}
	for i := n - 2; i >= 0; i-- {
		l.above0[i] = l.above0[i+1].plus(l.depth[i+1] * (l.root[i+1] - l.root[i]) / (l.root[i] * l.root[i+1]))
	}
}

// sum is high+low, where low is what a float of the size of high has no digits for: a thin range behind a deep one still counts.
type sum struct{ high, low float64 }

// plus adds without loss (Knuth's two-sum).
func (s sum) plus(x float64) sum {
	high := s.high + x
	part := high - s.high
	return sum{high, s.low + ((s.high - (high - part)) + (x - part))}
}

func (s sum) minus(other sum) float64 { return (s.high - other.high) + (s.low - other.low) }

// at is the range that holds a tick: how many initialized ticks are at it or below.
func (l *ladder) at(tick int32) int {
	return sort.Search(len(l.index), func(i int) bool { return l.index[i] > tick })
}

// stop is a price at which a swap stops and rounds: an initialized tick, or the edge of a word of the bitmap of ticks.
type stop struct {
	tick    int32
	price   uint256.Int
	crosses bool // it is initialized
}

// ahead is the next stop from a tick in range at, downwards or upwards. It reports false where there is none.
//
// TickBitmap.nextInitializedTickWithinOneWord looks no further than the word of the tick itself downwards, and no further than that of
// the tick one spacing above upwards.
func (l *ladder) ahead(tick int32, at int, down bool) (stop, bool) {
	if down {
		if at == 0 {
			return stop{}, false
		}
		if edge := l.word(tick, 0) * l.spacing << 8; l.spacing > 0 && edge > l.index[at-1] {
			return l.edge(edge), true
		}
		return stop{l.index[at-1], l.price[at-1], true}, true
	}
	if at == len(l.index) {
		return stop{}, false
	}
	if edge := (l.word(tick, 1)<<8 + 255) * l.spacing; l.spacing > 0 && edge < l.index[at] {
		return l.edge(edge), true
	}
	return stop{l.index[at], l.price[at], true}, true
}

// word is the word of the bitmap that holds a tick, or the tick that many spacings above.
func (l *ladder) word(tick, above int32) int32 {
	if l.spacing == 0 {
		return 0
	}
	compressed := tick / l.spacing
	if tick%l.spacing < 0 {
		compressed--
	}
	return (compressed + above) >> 8
}

// edge is a stop between two initialized ticks, so that it is within the range of ticks.
func (l *ladder) edge(tick int32) stop {
	price, err := ticks.Ratio(tick)
	if err != nil {
		panic(fmt.Sprintf("pool: the edge %d lies between two ticks", tick))
	}
	return stop{tick: tick, price: price}
}

// ticks are those that the ladder was made of.
func (l *ladder) ticks() []Tick {
	all := make([]Tick, len(l.index))
	for i := range all {
		all[i].Index, all[i].gross = l.index[i], l.gross[i]
		all[i].Net.Sub(&l.liquidity[i+1], &l.liquidity[i])
	}
	return all
}

// provide adds liquidity (an int128, with its sign extended to the word) between two ticks. A tick that came by it goes again with the
// last of what begins or ends there. One that was there before stays, since what other positions have there is not known: at worst a swap
// stops once more than the contract, which never makes it pay more.
func provide(all []Tick, lower, upper int32, liquidity *uint256.Int) []Tick {
	if liquidity.IsZero() {
		return all
	}
	all = adjust(all, lower, liquidity, liquidity)
	return adjust(all, upper, new(uint256.Int).Neg(liquidity), liquidity)
}

func adjust(all []Tick, index int32, net, gross *uint256.Int) []Tick {
	i, found := slices.BinarySearchFunc(all, index, func(t Tick, want int32) int { return int(t.Index) - int(want) })
	if !found {
		return slices.Insert(all, i, Tick{Index: index, Net: *net, gross: *gross})
	}
	t := &all[i]
	t.Net.Add(&t.Net, net)
	if t.gross.IsZero() {
		return all
	}
	if t.gross.Add(&t.gross, gross); t.gross.IsZero() {
		return slices.Delete(all, i, i+1)
	}
	return all
}
