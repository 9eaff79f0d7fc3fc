package rules

import (
	"math"
	"sort"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// At is the rules of an epoch, or nil for one before the first version's.
func (r *Rules) At(e usage.Epoch) *Version {
	after := sort.Search(len(r.Versions), func(i int) bool { return r.Versions[i].From > e })
	if after == 0 {
		return nil
	}
	return &r.Versions[after-1]
}

// Bounds are the first second of an epoch and the first one after it. An epoch whose end no time holds is refused as no_epoch.
func (r *Rules) Bounds(e usage.Epoch) (from, to emission.Time, err error) {
	length := uint64(r.Length)
	if length == 0 || uint64(e) >= (math.MaxUint64-uint64(r.Start))/length {
		return 0, 0, refusal.New(refusal.NoEpoch, "epoch %d is too late to be reckoned", e)
	}
	from = r.Start + emission.Time(uint64(e)*length)
	return from, from + emission.Time(length), nil
}

// EpochAt is the epoch that holds a time. It is not ok for times before epoch 0.
func (r *Rules) EpochAt(t emission.Time) (e usage.Epoch, ok bool) {
	if t < r.Start || r.Length == 0 {
		return 0, false
	}
	return usage.Epoch(uint64(t-r.Start) / uint64(r.Length)), true
}

// Emission is what the schedule pays a bucket until the end of an epoch less what it paid until its beginning, in wei: so epochs lose
// nothing to rounding where they cut an interval of the schedule, and sum to what the contract mints. It is refused as no_epoch where
// Bounds is.
func (r *Rules) Emission(b Bucket, e usage.Epoch) (uint256.Int, error) {
	from, to, err := r.Bounds(e)
	if err != nil {
		return uint256.Int{}, err
	}
	before, paid := r.paid(b, 0, from), r.paid(b, 0, to)
	return *paid.Sub(&paid, &before), nil
}

// EmittedBefore is what the schedule pays a bucket before the first second of an epoch, in wei. It is refused as no_epoch where
// Bounds is.
func (r *Rules) EmittedBefore(b Bucket, first usage.Epoch) (uint256.Int, error) {
	from, _, err := r.Bounds(first)
	if err != nil {
		return uint256.Int{}, err
	}
	return r.paid(b, 0, from), nil
}

func (r *Rules) paid(b Bucket, from, to emission.Time) uint256.Int {
	pool, _ := r.Schedule.Pool(b.String()) // the zero pool is paid nothing
	return pool.Between(from, to)
}
