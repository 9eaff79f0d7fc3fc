package rules_test

import (
	"math"
	"testing"

	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

func TestEveryBucketIsAPoolOfTheSchedule(t *testing.T) {
	r := rules.Example()
	for b := rules.Capital; b < rules.Buckets; b++ {
		if r.Schedule.Pools[b].Name != b.String() {
			t.Errorf("pool %d is %s and not %s", b, r.Schedule.Pools[b].Name, b)
		}
	}
	for p := rules.Yields; p < rules.Parts; p++ {
		if p.Bucket() >= rules.Buckets || p.String() == "unknown" {
			t.Errorf("part %d is %s of %s", p, p, p.Bucket())
		}
	}
	if rules.Buckets.String() != "unknown" || rules.Parts.String() != "unknown" || rules.Parts.Bucket() != rules.Buckets {
		t.Error("what is no bucket or part has a name")
	}
}

func TestAnEpochHasTheRulesOfTheLatestVersion(t *testing.T) {
	r := rules.Rules{Versions: []rules.Version{{From: 3, Carry: 1}, {From: 5, Carry: 2}, {From: 9, Carry: 3}}}
	for e, want := range map[usage.Epoch]uint64{0: 0, 2: 0, 3: 1, 4: 1, 5: 2, 8: 2, 9: 3, math.MaxUint64: 3} {
		v := r.At(e)
		if got := v; (got == nil) != (want == 0) || got != nil && got.Carry != want {
			t.Errorf("epoch %d: %+v", e, v)
		}
	}
}

func TestEpochsCoverTimeWithoutGaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rules.Rules{
			Start:  emission.Time(rapid.Uint64Range(0, 1<<40).Draw(t, "start")),
			Length: emission.Seconds(rapid.Uint64Range(1, 1<<25).Draw(t, "length")),
		}
		at := r.Start + emission.Time(rapid.Uint64Range(0, 1<<50).Draw(t, "after"))
		e, ok := r.EpochAt(at)
		from, to, err := r.Bounds(e)
		if !ok || err != nil || at < from || at >= to || to-from != emission.Time(r.Length) {
			t.Fatalf("%d is in epoch %d, from %d to %d, %v", at, e, from, to, err)
		}
		if next, _, err := r.Bounds(e + 1); err != nil || next != to {
			t.Fatalf("the next begins at %d, %v", next, err)
		}
		if r.Start > 0 {
			if e, ok := r.EpochAt(r.Start - 1); ok {
				t.Fatalf("before the start is epoch %d", e)
			}
		}
	})
}

func TestAnEpochThatNoTimeHoldsIsRefused(t *testing.T) {
	r := rules.Example()
	last := usage.Epoch((math.MaxUint64-uint64(r.Start))/86400 - 1)
	if _, to, err := r.Bounds(last); err != nil || to > emission.Never || to < emission.Never-86400 {
		t.Errorf("the last one: %d, %v", to, err)
	}
	for _, e := range []usage.Epoch{last + 1, math.MaxUint64/86400 + 1, math.MaxUint64} {
		_, _, err := r.Bounds(e)
		_, err2 := r.Emission(rules.Code, e)
		_, err3 := r.EmittedBefore(rules.Code, e)
		for _, err := range []error{err, err2, err3} {
			if !refusal.Is(err, refusal.NoEpoch) {
				t.Errorf("epoch %d: %v", e, err)
			}
		}
	}
	var none rules.Rules
	if _, ok := none.EpochAt(5); ok {
		t.Error("no rules have an epoch")
	}
	if _, _, err := none.Bounds(0); !refusal.Is(err, refusal.NoEpoch) {
		t.Errorf("no rules: %v", err)
	}
}

// Epochs of whole days lose nothing to rounding: what was emitted before an epoch is the sum of the ones before it, and in the end
// it is all.
func TestEpochsOfWholeDaysSumToTheLifetime(t *testing.T) {
	for _, days := range []uint64{1, 7, 30} {
		r := rules.Example()
		r.Length = emission.Seconds(days * 86400)
		var total uint256.Int
		for b := rules.Capital; b < rules.Buckets; b++ {
			var sum uint256.Int
			for e := usage.Epoch(0); uint64(e)*days <= 5833; e++ {
				before, err := r.EmittedBefore(b, e)
				if err != nil || before != sum {
					t.Fatalf("%s before %d: %s and not %s, %v", b, e, before.Dec(), sum.Dec(), err)
				}
				paid, err := r.Emission(b, e)
				if err != nil {
					t.Fatal(err)
				}
				sum.Add(&sum, &paid)
			}
			total.Add(&total, &sum)
		}
		if total.Dec() != "41999999998839372000000000" {
			t.Errorf("epochs of %d days pay %s", days, total.Dec())
		}
	}
	r := rules.Example()
	if paid, err := r.Emission(rules.Buckets, 0); err != nil || !paid.IsZero() {
		t.Errorf("what is no bucket is paid %s, %v", paid.Dec(), err)
	}
}
