package simulation

import (
	"errors"
	"slices"
	"testing"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/settlement"
)

// What the check of the books is for: a wei that is in one of them and not in another.
func TestAWeiTooMuchAnywhereIsFound(t *testing.T) {
	one := uint256.NewInt(1)
	for name, spoil := range map[string]func(w *world, a *settlement.Allotment){
		"sold":           func(w *world, _ *settlement.Allotment) { w.market.Add(&w.market, one) },
		"burned":         func(w *world, _ *settlement.Allotment) { w.burn(*one) },
		"minted":         func(w *world, _ *settlement.Allotment) { w.minted.Add(&w.minted, one) },
		"held":           func(w *world, _ *settlement.Allotment) { w.agents[0].free.Add(&w.agents[0].free, one) },
		"bound":          func(w *world, _ *settlement.Allotment) { w.agents[0].bound.Add(&w.agents[0].bound, one) },
		"locked":         func(w *world, _ *settlement.Allotment) { w.agents[0].locked.Add(&w.agents[0].locked, one) },
		"emitted":        func(w *world, _ *settlement.Allotment) { w.emitted[2].Add(&w.emitted[2], one) },
		"paid":           func(_ *world, a *settlement.Allotment) { a.Buckets[1].Paid.Add(&a.Buckets[1].Paid, one) },
		"carried":        func(_ *world, a *settlement.Allotment) { a.Buckets[0].Carry.Add(&a.Buckets[0].Carry, one) },
		"a fee, given":   func(_ *world, a *settlement.Allotment) { a.Buckets[rules.Community].Fees.Add(one, one) },
		"a fee, gotten":  func(_ *world, a *settlement.Allotment) { a.Buckets[rules.Protection].Fees.Add(one, one) },
		"carried onward": func(w *world, _ *settlement.Allotment) { w.state.Carry[3].Add(&w.state.Carry[3], one) },
	} {
		t.Run(name, func(t *testing.T) {
			w, a := settled(t)
			if err := w.balanced(a); err != nil {
				t.Fatalf("before: %v", err)
			}
			spoil(w, a)
			if err := w.balanced(a); !errors.Is(err, ErrBooks) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// settled is a world after some epochs, and what the last one paid.
func settled(t *testing.T) (*world, *settlement.Allotment) {
	t.Helper()
	text, err := Named("baseline")
	if err != nil {
		t.Fatal(err)
	}
	s, err := Read(text)
	if err != nil {
		t.Fatal(err)
	}
	w, err := newWorld(s)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if err := w.epoch(); err != nil {
			t.Fatal(err)
		}
	}
	book, err := settlement.New(&w.rules, w.state)
	if err != nil {
		t.Fatal(err)
	}
	a, next, err := book.Close()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.pay(a); err != nil {
		t.Fatal(err)
	}
	w.state = next
	return w, a
}

func TestSomebodyUnknownIsNotPaid(t *testing.T) {
	w, _ := settled(t)
	clear(w.owners)
	if err := w.epoch(); !errors.Is(err, ErrBooks) {
		t.Errorf("got %v", err)
	}
}

func TestAGroupsLuckIsItsOwn(t *testing.T) {
	draw := func(seed uint64, group string, epoch uint64) (all []uint64) {
		r := luck(seed, group, epoch)
		for range 4 {
			all = append(all, r.Uint64())
		}
		return all
	}
	first := draw(1, "a", 1)
	if !slices.Equal(first, draw(1, "a", 1)) {
		t.Error("the same stream has other numbers")
	}
	for _, other := range [][]uint64{draw(2, "a", 1), draw(1, "b", 1), draw(1, "a", 2)} {
		if slices.Equal(first, other) {
			t.Error("two streams are one")
		}
	}
}

func TestAmountsVaryAroundTheirMean(t *testing.T) {
	r := luck(1, "a", 1)
	amount := *uint256.NewInt(1_000_000)
	var sum uint64
	low, high := uint64(1<<63), uint64(0)
	const n = 10_000
	for range n {
		v := varied(r, amount, 7, 5000)
		low, high, sum = min(low, v.Uint64()), max(high, v.Uint64()), sum+v.Uint64()
	}
	if low < 3_500_000 || low > 3_600_000 || high > 10_500_000 || high < 10_400_000 || sum/n < 6_900_000 || sum/n > 7_100_000 {
		t.Errorf("from %d to %d, %d on average", low, high, sum/n)
	}
	if v := varied(r, amount, 7, 0); v.Uint64() != 7_000_000 {
		t.Errorf("without variation %s", v.Dec())
	}
	var often uint64
	for range n {
		often += times(r, 7, 45)
	}
	if often < n*7*9/450 || often > n*7*11/450 {
		t.Errorf("%d times in %d weeks", often, n)
	}
	if k := times(r, 30, 10); k != 3 {
		t.Errorf("every ten days of thirty: %d times", k)
	}
}
