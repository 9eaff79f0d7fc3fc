package settlement

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/holiman/uint256"
	"pgregory.net/rapid"
)

func divided(budget string, weights ...uint64) []uint64 {
	total := new(uint256.Int)
	for _, w := range weights {
		total.AddUint64(total, w)
	}
	b := wei(budget)
	var all []uint64
	for _, share := range divide(&b, total, len(weights),
		func(i int) *uint256.Int { return uint256.NewInt(weights[i]) }, func(i, j int) bool { return i < j }) {
		all = append(all, share.Uint64())
	}
	return all
}

func TestTheLargestRemaindersGetTheWeiThatAreLeft(t *testing.T) {
	for _, c := range []struct {
		name    string
		budget  string
		weights []uint64
		want    []uint64
	}{
		{"nobody", "10", nil, nil},
		{"nothing to divide", "0", []uint64{1, 2}, []uint64{0, 0}},
		{"no weight", "10", []uint64{0, 0}, []uint64{0, 0}},
		{"without a rest", "10", []uint64{1, 4}, []uint64{2, 8}},
		{"the larger rest", "10", []uint64{1, 2}, []uint64{3, 7}},
		{"equal rests go to the one before", "10", []uint64{1, 1, 1, 1}, []uint64{3, 3, 2, 2}},
		{"less than one each", "2", []uint64{3, 3, 3}, []uint64{1, 1, 0}},
		{"who weighs nothing gets nothing", "7", []uint64{0, 5, 0, 5}, []uint64{0, 4, 0, 3}},
		{"a tie of two parts", "5", []uint64{5000, 5000}, []uint64{3, 2}},
	} {
		if got := divided(c.budget, c.weights...); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestADivisionIsTheNaiveOneForAnySize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		n := rapid.IntRange(1, 300).Draw(t, "n")
		bits := rapid.UintRange(1, 236).Draw(t, "bits")
		weights, total := make([]uint256.Int, n), new(uint256.Int)
		naive := bag{}
		for i := range weights {
			for k := range weights[i] {
				weights[i][k] = random.Uint64()
			}
			weights[i].Rsh(&weights[i], 256-bits+uint(random.IntN(int(bits))))
			if random.IntN(4) == 0 && i > 0 {
				weights[i] = weights[i-1] // so that rests are equal
			}
			total.Add(total, &weights[i])
			naive.add(string([]byte{byte(i >> 8), byte(i)}), weights[i].ToBig())
		}
		budget := new(uint256.Int).Rsh(&uint256.Int{random.Uint64(), random.Uint64(), random.Uint64()}, uint(random.IntN(192)))
		want := naive.largest(budget.ToBig())
		shares := divide(budget, total, n, func(i int) *uint256.Int { return &weights[i] }, func(i, j int) bool { return i < j })
		sum := new(big.Int)
		for i := range shares {
			sum.Add(sum, shares[i].ToBig())
			if w := want[string([]byte{byte(i >> 8), byte(i)})]; w != nil && w.Cmp(shares[i].ToBig()) != 0 {
				t.Fatalf("share %d is %s, want %s", i, &shares[i], w)
			}
		}
		if !total.IsZero() && sum.Cmp(budget.ToBig()) != 0 {
			t.Fatalf("%s of %s are divided", sum, budget)
		}
	})
}

func TestTheFirstFewAreSelectedHoweverTheyLie(t *testing.T) {
	orders := map[string]func(i, n int) int{
		"rising":  func(i, _ int) int { return i },
		"falling": func(i, n int) int { return n - i },
		"organ":   func(i, n int) int { return min(i, n-i)*2 + i%2 },
		"equal":   func(i, _ int) int { return i / 100 },
	}
	for name, order := range orders {
		for _, n := range []int{1, 31, 32, 100, 3000} {
			for _, k := range []int{0, 1, n / 3, n - 1, n} {
				all := make([]uint32, n)
				for i := range all {
					all[i] = uint32(i)
				}
				compared := 0
				compare := func(a, b uint32) int {
					compared++
					if x, y := order(int(a), n), order(int(b), n); x != y {
						return x - y
					}
					return int(a) - int(b)
				}
				sorted := slices.Clone(all)
				slices.SortFunc(sorted, compare)
				compared = 0
				first(all, k, compare)
				got := slices.Clone(all[:k])
				slices.SortFunc(got, compare)
				if !slices.Equal(got, sorted[:k]) {
					t.Errorf("%s: the first %d of %d are others", name, k, n)
				}
			}
		}
	}
}

// worst answers so that every pivot is bad: an element that was not asked for until then is above all others.
func TestSelectionSortsWhereEveryPivotIsBad(t *testing.T) {
	const n = 2000
	value, solid := make([]int, n), 0
	gas := n + 1
	for i := range value {
		value[i] = gas
	}
	candidate, compared := 0, 0
	adversary := func(a, b uint32) int {
		compared++
		x, y := int(a), int(b)
		if value[x] == gas && value[y] == gas {
			if x == candidate {
				value[x], solid = solid, solid+1
			} else {
				value[y], solid = solid, solid+1
			}
		}
		if value[x] == gas {
			candidate = x
		} else if value[y] == gas {
			candidate = y
		}
		return value[x] - value[y]
	}
	all := make([]uint32, n)
	for i := range all {
		all[i] = uint32(i)
	}
	first(all, n-1, adversary)
	if compared > 40*n*11 {
		t.Errorf("%d comparisons of %d elements", compared, n)
	}
}
