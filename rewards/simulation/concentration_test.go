package simulation_test

import (
	"math/big"
	"slices"
	"testing"

	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/rewards/simulation"
)

func TestConcentrationOfCasesThatCanBeReckonedByHand(t *testing.T) {
	for name, c := range map[string]struct {
		held           []uint64
		gini, nakamoto uint64
	}{
		"nobody":          {nil, 0, 0},
		"nothing":         {[]uint64{0, 0, 0}, 0, 0},
		"one":             {[]uint64{7}, 0, 1},
		"all the same":    {[]uint64{5, 5, 5, 5}, 0, 3}, // two have a half, which is not more than it
		"one has all":     {[]uint64{0, 0, 0, 9}, 750_000, 1},
		"one to three":    {[]uint64{1, 3}, 250_000, 1},
		"a half":          {[]uint64{1, 1, 2}, 166_666, 2}, // (2*2 - 2*1)/(3*4); the largest has exactly a half
		"one, two, three": {[]uint64{3, 1, 2}, 222_222, 2},
	} {
		var held []uint256.Int
		for _, h := range c.held {
			held = append(held, *uint256.NewInt(h))
		}
		if got := simulation.Concentrate(held); got.Gini != c.gini || got.Nakamoto != c.nakamoto {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// The definition: half the mean absolute difference of all pairs, by the mean. And no fewer holders have more than half.
func TestConcentrationIsAsDefined(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		held := rapid.SliceOfN(rapid.Map(rapid.Uint64Range(0, 1<<62), func(n uint64) uint256.Int {
			return *new(uint256.Int).Lsh(uint256.NewInt(n), 60)
		}), 1, 20).Draw(t, "held")
		differences, all := new(big.Int), new(big.Int)
		for _, a := range held {
			all.Add(all, a.ToBig())
			for _, b := range held {
				d := new(big.Int).Sub(a.ToBig(), b.ToBig())
				differences.Add(differences, d.Abs(d))
			}
		}
		if all.Sign() == 0 {
			return
		}
		whole := new(big.Int).Mul(all, big.NewInt(int64(2*len(held))))
		want := differences.Mul(differences, big.NewInt(1_000_000)).Div(differences, whole).Uint64()
		got := simulation.Concentrate(slices.Clone(held))
		if got.Gini != want {
			t.Fatalf("%d, want %d", got.Gini, want)
		}
		slices.SortFunc(held, func(a, b uint256.Int) int { return b.Cmp(&a) })
		more := func(n uint64) bool {
			some := new(big.Int)
			for _, a := range held[:n] {
				some.Add(some, a.ToBig())
			}
			return some.Lsh(some, 1).Cmp(all) > 0
		}
		if !more(got.Nakamoto) || more(got.Nakamoto-1) {
			t.Fatalf("%d holders", got.Nakamoto)
		}
	})
}
