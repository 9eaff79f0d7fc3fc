package ledger

import (
	"context"
	"sync"
	"testing"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// opens are so many openings of one ledger, as many programs would have it.
func opens(t *testing.T, place string, n int) []*Ledger {
	t.Helper()
	all := make([]*Ledger, n)
	for i := range all {
		all[i] = openAt(t, place, at(9))
	}
	return all
}

func sameReporter(t *testing.T, place string) {
	const programs, entries = 6, 30
	by := testKey(1)
	var all sync.WaitGroup
	for i, l := range opens(t, place, programs) {
		all.Go(func() {
			for n := range entries {
				if _, err := l.Add(context.Background(), by.Address(), tool(0, n), tool(0, 1000*(i+1)+n)); err != nil {
					t.Error(err)
					return
				}
				if n%5 == i%5 {
					if _, _, err := l.Cut(context.Background(), by); err != nil {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	all.Wait()
	l := openAt(t, place, at(9))
	cut(t, l, by)
	sum := uint64(0)
	for _, s := range segmentsOf(t, l) {
		sum += uint64(s.Count)
	}
	if want := uint64(entries * (programs + 1)); sum != want {
		t.Errorf("%d entries are signed, want %d", sum, want)
	}
}

func closedMeanwhile(t *testing.T, place string) {
	const programs = 8
	for round := range uint64(4) {
		var all sync.WaitGroup
		for i, l := range opens(t, place, programs) {
			key := 100*(round+1) + uint64(i)
			all.Go(func() {
				if i == programs/2 {
					if _, err := l.CloseEpoch(context.Background(), usage.Epoch(round)); err != nil {
						t.Error(err)
					}
					return
				}
				m := new(usage.Memory)
				log := usage.Log{Reporter: testKey(key).Address(), Calendar: days, Sign: testKey(key).sign, Into: m.Add}
				if _, err := log.Add(tool(round, int(key))); err != nil {
					t.Error(err)
				}
				if err := log.Cut(); err != nil {
					t.Error(err)
				}
				if _, err := l.Import(context.Background(), m); err != nil && !refusal.Is(err, refusal.EpochClosed) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		segmentsOf(t, openAt(t, place, at(9))) // the closing fits what is there
	}
}
