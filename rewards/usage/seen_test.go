package usage_test

import (
	"crypto/sha256"
	"encoding/binary"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/rewards/usage"
)

func idOf(n uint64) usage.ID { return sha256.Sum256(binary.BigEndian.AppendUint64(nil, n)) }

func TestEachIDIsTheFirstOfItselfOnceOverAllPasses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asked := rapid.SliceOfN(rapid.Uint64Range(0, 300), 0, 600).Draw(t, "ids")
		expected, most := rapid.Uint64Range(0, 1000).Draw(t, "expected"), rapid.Uint64Range(0, 300).Draw(t, "most")
		s := usage.NewSeen(common.Hash(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "key")), expected, most)
		firsts := map[uint64]int{}
		for pass := range s.Passes() {
			s.Begin(pass)
			for _, n := range asked {
				if s.First(idOf(n)) {
					firsts[n]++
				}
			}
		}
		for _, n := range asked {
			if firsts[n] != 1 {
				t.Fatalf("%d was %d times the first in %d passes", n, firsts[n], s.Passes())
			}
		}
	})
}

func TestPassesAreAsManyAsMemoryAsksFor(t *testing.T) {
	for _, c := range []struct {
		entries, most uint64
		passes        int
	}{{0, 0, 1}, {0, 10, 1}, {10, 10, 1}, {11, 10, 2}, {100, 10, 10}, {3, 0, 3}, {7, 1<<64 - 1, 1}} {
		if got := usage.NewSeen(common.Hash{}, c.entries, c.most).Passes(); got != c.passes {
			t.Errorf("%d entries, %d at a time: %d passes, want %d", c.entries, c.most, got, c.passes)
		}
	}
}

func TestAPassForgetsWhatWasAskedForBefore(t *testing.T) {
	s := usage.NewSeen(common.Hash{3}, 10, 10)
	for range 3 {
		s.Begin(0)
		for i := range uint64(10) {
			if !s.First(idOf(i)) || s.First(idOf(i)) {
				t.Fatalf("id %d", i)
			}
		}
	}
}

// A table that was made for few ids takes many.
func TestMoreIDsThanWereExpected(t *testing.T) {
	s := usage.NewSeen(common.Hash{1}, 1, 1)
	const n = 100_000
	for range 2 {
		for i := range uint64(n) {
			s.First(idOf(i))
		}
	}
	for i := range uint64(2 * n) {
		if s.First(idOf(i)) != (i >= n) {
			t.Fatalf("id %d", i)
		}
	}
}

// Ids that were made to begin alike: without a key they would all be in one place of the table, and each would be held against all
// the others. They are as quick as any, which the test only shows by its end.
func TestIDsThatBeginAlikeAreNoTrouble(t *testing.T) {
	for _, alike := range []func(i uint64, id *usage.ID){
		func(i uint64, id *usage.ID) { binary.LittleEndian.PutUint64(id[:8], i) },
		func(i uint64, id *usage.ID) { binary.LittleEndian.PutUint64(id[8:16], i<<1) },
		func(i uint64, id *usage.ID) { binary.BigEndian.PutUint64(id[:8], i) },
		func(i uint64, id *usage.ID) { binary.BigEndian.PutUint64(id[7:15], i) },
	} {
		s := usage.NewSeen(common.Hash(idOf(9)), 200_000, 200_000)
		for want := range 2 {
			for i := range uint64(200_000) {
				var id usage.ID
				alike(i, &id)
				if s.First(id) != (want == 0) {
					t.Fatalf("id %x", id)
				}
			}
		}
	}
}

func TestOfManyWhoAskAtOnceOneIsTheFirst(t *testing.T) {
	const n = 20_000
	s := usage.NewSeen(common.Hash{7}, n/4, n)
	var firsts atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := range uint64(n) {
				if s.First(idOf(i)) {
					firsts.Add(1)
				}
			}
		})
	}
	all.Wait()
	if firsts.Load() != n {
		t.Errorf("%d of %d were the first", firsts.Load(), n)
	}
}

func TestTheTableHoldsAnIDInTwentyFourBytes(t *testing.T) {
	const n = 1_000_000
	ids := make([]usage.ID, n)
	for i := range ids {
		ids[i] = idOf(uint64(i))
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s := usage.NewSeen(common.Hash{5}, n, n)
	for i := range ids {
		s.First(ids[i])
	}
	runtime.ReadMemStats(&after)
	if each := float64(after.TotalAlloc-before.TotalAlloc) / n; each < 16 || each > 24 {
		t.Errorf("%.1f bytes for an id", each)
	}
	runtime.KeepAlive(s)
}
