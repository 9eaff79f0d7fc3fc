// Package emission answers one question: how many wei does a schedule pay between two seconds?
//
// The default schedule is that of Morpheus, to the wei. A pool pays an initial reward in its first interval of a day and a fixed
// step less in each one after it, evenly over the seconds of an interval; with I the initial reward, D the step, P the start and
// L the interval's length, interval k pays R(k) = I - k*D until nothing is left after N = ceil(I/D) of them. The contract
// (LinearDistributionIntervalDecrease of MorpheusAIs/SmartContracts) rounds in a fixed order, which is kept here:
//
//	within one interval k         floor(R(k) * (to-from) / L)
//	else the sum of three parts   floor(R(k(from)) * seconds to the next boundary / L)       nothing on a boundary
//	                              n*R(b) - D * floor(n*(n-1)/2)                              n whole intervals from b on: exact
//	                              floor(R(k(to)) * seconds since the last boundary / L)      nothing on a boundary
//
// Five pools share what is paid: capital, code, community and compute 24 % each, protection 4 %. Their parameters are in
// morpheus.toml, with their sources; any other schedule is a file of the same form (see Read).
//
// The tail is an option of the white paper that no contract has: after the last pool ends, each further epoch pays half of what
// was burned in the epoch before it, at most 16 % of what circulates.
//
// Invariant: a range that is split pays no more than the whole, and less than one wei less for each part; an empty or reversed
// range pays nothing; nobody pays more than Lifetime.
//
// Times are whole unix seconds of 64 bits. The contract's have 128; the ones above 2^64-1 are 584 thousand million years away, no
// schedule that ends can tell them apart, and there is no way to write them here.
package emission

import (
	"errors"
	"fmt"
	"math"

	"github.com/holiman/uint256"
)

// Time is a unix time in seconds.
type Time uint64

// Seconds is a length of time.
type Seconds uint64

// Never is the end of what has none.
const Never Time = math.MaxUint64

// ErrTooLarge is an amount of 2^128 wei or more: below it no sum of this package can leave 256 bits.
var ErrTooLarge = errors.New("2^128 wei or more")

// Curve is a promise of wei over time. The curves are Decrease, Halving and Even; all of them keep the invariant above.
type Curve interface {
	// Between is what is paid in [from, to).
	Between(from, to Time) uint256.Int
	// End is the first second in which nothing is paid any more, or Never.
	End() Time
}

// Lifetime is what a curve pays in all. Of a curve without an end, that is what it pays until Never.
func Lifetime(c Curve) uint256.Int { return c.Between(0, Never) }

func fits(amounts ...*uint256.Int) error {
	for _, a := range amounts {
		if a.BitLen() > 128 {
			return fmt.Errorf("%s: %w", a.Dec(), ErrTooLarge)
		}
	}
	return nil
}

// span is a range of time cut into intervals that are counted from a start: seconds of a first partial interval, whole intervals,
// seconds of a last partial one. A span within one interval has head seconds alone.
type span struct {
	first      uint64 // interval of the head, or the first whole one where there is no head
	head       uint64
	whole      uint64
	tail       uint64
	headIsPart bool // the head counts: it is no whole interval
}

// cut needs start <= from < to and an interval above zero. It takes differences only, so that nothing overflows.
func cut(start, from, to Time, interval Seconds) span {
	a, b, l := uint64(from-start), uint64(to-start), uint64(interval)
	s := span{first: a / l}
	if a/l == b/l {
		s.head, s.headIsPart = b-a, true
		return s
	}
	next := a / l
	if a%l != 0 {
		s.head, s.headIsPart = l-a%l, true
		next++
	}
	s.whole, s.tail = b/l-next, b%l
	return s
}

// after is start plus n intervals, or Never where that is later.
func after(start Time, n *uint256.Int, interval Seconds) Time {
	if interval == 0 {
		return start
	}
	if !n.IsUint64() || n.Uint64() > uint64(Never-start)/uint64(interval) {
		return Never
	}
	return start + Time(n.Uint64()*uint64(interval))
}

// part is floor(amount * seconds / interval). All three are below the bounds that keep the product in 256 bits.
func part(amount *uint256.Int, seconds, interval uint64) uint256.Int {
	var product uint256.Int
	product.Mul(amount, uint256.NewInt(seconds))
	return *product.Div(&product, uint256.NewInt(interval))
}

// Decrease pays an initial reward in its first interval, and a step less in each one after it. A step of zero never ends. The
// zero Decrease, like any other with an interval of zero, pays nothing.
type Decrease struct {
	initial, step uint256.Int
	start         Time
	interval      Seconds
	end           Time
}

// NewDecrease fails with ErrTooLarge.
func NewDecrease(initial, step *uint256.Int, start Time, interval Seconds) (Decrease, error) {
	if err := fits(initial, step); err != nil {
		return Decrease{}, err
	}
	d := Decrease{initial: *initial, step: *step, start: start, interval: interval, end: Never}
	if interval == 0 {
		d.end = start
		return d, nil
	}
	if !step.IsZero() {
		var n, rest uint256.Int
		n.DivMod(initial, step, &rest)
		if !rest.IsZero() {
			n.AddUint64(&n, 1)
		}
		d.end = after(start, &n, interval)
	}
	return d, nil
}

// End is the first second after the last interval that pays.
func (d Decrease) End() Time { return d.end }

// Between is what is paid in [from, to), rounded as the contract rounds.
func (d Decrease) Between(from, to Time) uint256.Int {
	var sum uint256.Int
	from, to = max(from, d.start), min(to, d.end)
	if from >= to || d.interval == 0 {
		return sum
	}
	s := cut(d.start, from, to, d.interval)
	k := s.first
	if s.headIsPart {
		r := d.reward(k)
		sum = part(&r, s.head, uint64(d.interval))
		k++
	}
	if s.whole > 0 {
		whole := d.whole(k, s.whole)
		sum.Add(&sum, &whole)
	}
	if s.tail > 0 {
		r := d.reward(k + s.whole)
		last := part(&r, s.tail, uint64(d.interval))
		sum.Add(&sum, &last)
	}
	return sum
}

// reward is what interval k pays.
func (d Decrease) reward(k uint64) uint256.Int {
	var less, r uint256.Int
	less.Mul(&d.step, uint256.NewInt(k)) // below 2^192
	if _, below := r.SubOverflow(&d.initial, &less); below {
		return uint256.Int{}
	}
	return r
}

// whole is what n intervals from b on pay. All of them pay something, as ranges end where the curve does.
func (d Decrease) whole(b, n uint64) uint256.Int {
	r := d.reward(b)
	count := uint256.NewInt(n)
	var pairs uint256.Int
	pairs.Mul(count, uint256.NewInt(n-1))
	pairs.Rsh(&pairs, 1)
	pairs.Mul(&pairs, &d.step) // below 2^127 * 2^128
	r.Mul(&r, count)
	return *r.Sub(&r, &pairs)
}

// Halving pays the same reward in each of a number of intervals, half of it (rounded down) in each of as many after them, and so
// on, until half is nothing.
type Halving struct {
	initial  uint256.Int
	every    uint64
	start    Time
	interval Seconds
	end      Time
}

// NewHalving fails with ErrTooLarge.
func NewHalving(initial *uint256.Int, every uint64, start Time, interval Seconds) (Halving, error) {
	if err := fits(initial); err != nil {
		return Halving{}, err
	}
	var n uint256.Int
	n.Mul(uint256.NewInt(every), uint256.NewInt(uint64(initial.BitLen())))
	return Halving{*initial, every, start, interval, after(start, &n, interval)}, nil
}

// End is the first second after the last interval that pays.
func (h Halving) End() Time { return h.end }

// Between is what is paid in [from, to). Each era of one reward is rounded as a Decrease without a step is.
func (h Halving) Between(from, to Time) uint256.Int {
	var sum uint256.Int
	era := Decrease{start: h.start, interval: h.interval}
	for i := range h.initial.BitLen() {
		era.initial.Rsh(&h.initial, uint(i))
		era.end = after(era.start, uint256.NewInt(h.every), h.interval)
		paid := era.Between(from, to)
		sum.Add(&sum, &paid)
		if era.end == Never {
			break
		}
		era.start = era.end
	}
	return sum
}

// Even pays a budget evenly from a start to an end, to the last wei.
type Even struct {
	budget     uint256.Int
	start, end Time
}

// NewEven fails with ErrTooLarge. An end that is not after the start pays nothing.
func NewEven(budget *uint256.Int, start, end Time) (Even, error) {
	if err := fits(budget); err != nil {
		return Even{}, err
	}
	return Even{*budget, start, max(start, end)}, nil
}

// End is the first second in which nothing is paid any more.
func (e Even) End() Time { return e.end }

// Between is floor(budget * seconds / length).
func (e Even) Between(from, to Time) uint256.Int {
	from, to = max(from, e.start), min(to, e.end)
	if from >= to {
		return uint256.Int{}
	}
	return part(&e.budget, uint64(to-from), uint64(e.end-e.start))
}
