package emission

import (
	_ "embed"
	"fmt"
	"slices"

	"github.com/holiman/uint256"
)

// Schedule is what pays: pools side by side, and after the last of them the epochs of a tail, which pay into the same pools.
type Schedule struct {
	Name  string
	Start Time // of the first interval
	Pools []Pool
}

// Pool is one receiver of a schedule: its own curve first, then an Even for each epoch of the tail. The zero Pool is paid nothing.
type Pool struct {
	Name   string
	curves []Curve
}

// Between is what the pool is paid in [from, to).
func (p Pool) Between(from, to Time) (sum uint256.Int) {
	for _, c := range p.curves {
		paid := c.Between(from, to)
		sum.Add(&sum, &paid)
	}
	return sum
}

// End is the first second in which the pool is paid nothing any more, or Never.
func (p Pool) End() (end Time) {
	for _, c := range p.curves {
		end = max(end, c.End())
	}
	return end
}

// Pool finds a pool by its name.
func (s Schedule) Pool(name string) (Pool, bool) {
	for _, p := range s.Pools {
		if p.Name == name {
			return p, true
		}
	}
	return Pool{}, false
}

// Payment is what one pool is paid.
type Payment struct {
	Pool string
	Wei  uint256.Int
}

// Between is what each pool is paid in [from, to), in the schedule's order, and the sum of it.
func (s Schedule) Between(from, to Time) (each []Payment, total uint256.Int) {
	for _, p := range s.Pools {
		paid := p.Between(from, to)
		total.Add(&total, &paid)
		each = append(each, Payment{p.Name, paid})
	}
	return each, total
}

// Lifetime is what the schedule pays in all. Of one without an end, that is what it pays until Never.
func (s Schedule) Lifetime() uint256.Int {
	_, total := s.Between(0, Never)
	return total
}

// End is the first second in which no pool is paid anything any more, or Never.
func (s Schedule) End() (end Time) {
	for _, p := range s.Pools {
		end = max(end, p.End())
	}
	return end
}

// Continue is the schedule with one more epoch of a tail: after its end, a budget is paid evenly over a length, split by the pools'
// shares, each rounded down, as Read splits a [tail]. It fails with ErrTooLarge, and with
// ErrSchedule where the schedule never ends or a share is missing.
func (s Schedule) Continue(budget *uint256.Int, length Seconds, shares []uint64) (Schedule, error) {
	if err := fits(budget); err != nil {
		return Schedule{}, err
	}
	var sum uint64
	for _, share := range shares {
		sum += share
	}
	from := s.End()
	to := after(from, uint256.NewInt(1), length)
	if from == Never || to == Never || sum == 0 || len(shares) != len(s.Pools) {
		return Schedule{}, fmt.Errorf("%w: no epoch of %d seconds and %d shares follows it", ErrSchedule, length, len(shares))
	}
	next := Schedule{Name: s.Name, Start: s.Start}
	for i, p := range s.Pools {
		share := part(budget, shares[i], sum)
		even, err := NewEven(&share, from, to)
		if err != nil {
			return Schedule{}, err
		}
		next.Pools = append(next.Pools, Pool{p.Name, append(slices.Clone(p.curves), even)})
	}
	return next, nil
}

//go:embed morpheus.toml
var morpheus []byte

// Morpheus is the schedule of Morpheus's main network.
func Morpheus() Schedule {
	s, err := Read(morpheus)
	if err != nil {
		panic(fmt.Sprintf("morpheus.toml: %v", err)) // a test reads it
	}
	return s
}

// The white paper's tail: half of what was burned, but no more than 16 % of what circulates. Its own example: 10.5 million burned,
// 31.5 million left; half is 5.25 million, the bound is 5.04 million.
const (
	tailShareOfBurned      = 2  // a half
	tailPercentCirculating = 16 // of a hundred
	percent                = 100
)

// TailBudget is what an epoch of the tail pays, after one in which burned was burned and circulating was left. Both roundings are
// down. It fails with ErrTooLarge.
func TailBudget(burned, circulating *uint256.Int) (uint256.Int, error) {
	if err := fits(burned, circulating); err != nil {
		return uint256.Int{}, err
	}
	var half, bound uint256.Int
	half.Div(burned, uint256.NewInt(tailShareOfBurned))
	bound.Mul(circulating, uint256.NewInt(tailPercentCirculating))
	bound.Div(&bound, uint256.NewInt(percent))
	if bound.Lt(&half) {
		return bound, nil
	}
	return half, nil
}
