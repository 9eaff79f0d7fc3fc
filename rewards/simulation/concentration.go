package simulation

import (
	"slices"

	"github.com/holiman/uint256"
)

// Concentration is how unequally something is held. Both figures are reckoned in integers.
type Concentration struct {
	// Gini is the Gini coefficient in millionths, rounded down: with x(1) <= ... <= x(n)
	//
	//	G = sum over i of (2*i - n - 1) * x(i) / (n * sum of x)
	//
	// 0 where all hold the same, (n-1)/n where one holds everything. (C. Gini, Variabilita e mutabilita, 1912; this form is that of
	// P. M. Dixon and others, Ecology 68 (1987), without their correction n/(n-1) for samples: these are all holders.)
	Gini uint64
	// Nakamoto is how few holders have more than half together. (B. S. Srinivasan and L. Lee, Quantifying Decentralization, 2017.)
	Nakamoto uint64
}

const million = 1_000_000

// Concentrate reckons both. It sorts the holdings, whose sum must be below 2^192. Where nobody holds anything both are 0.
func Concentrate(holdings []uint256.Int) (c Concentration) {
	slices.SortFunc(holdings, func(a, b uint256.Int) int { return a.Cmp(&b) })
	n := uint64(len(holdings))
	var sum, above, below uint256.Int
	for i := range holdings {
		x, rank := &holdings[i], 2*uint64(i)+2
		sum.Add(&sum, x)
		if rank > n+1 {
			above.Add(&above, new(uint256.Int).Mul(x, uint256.NewInt(rank-n-1)))
		} else {
			below.Add(&below, new(uint256.Int).Mul(x, uint256.NewInt(n+1-rank)))
		}
	}
	if sum.IsZero() {
		return c
	}
	above.Sub(&above, &below) // never below zero: the larger half is above
	above.Mul(&above, uint256.NewInt(million))
	c.Gini = above.Div(&above, sum.Clone().Mul(&sum, uint256.NewInt(n))).Uint64()
	var have uint256.Int
	for _, x := range slices.Backward(holdings) {
		have.Add(&have, &x)
		c.Nakamoto++
		if new(uint256.Int).Add(&have, &have).Gt(&sum) {
			break
		}
	}
	return c
}
