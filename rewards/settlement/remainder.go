package settlement

import (
	"math/bits"
	"slices"

	"github.com/holiman/uint256"
)

// divide shares a budget among n weights by largest remainder: each gets floor(budget*weight/total), and the wei that are left go, one
// each, to the largest remainders; among equal ones to the one that is before the other. total is the sum of the weights. Where it is
// zero, nobody gets anything.
func divide(budget, total *uint256.Int, n int, weight func(i int) *uint256.Int, before func(i, j int) bool) []uint256.Int {
	shares := make([]uint256.Int, n)
	if total.IsZero() || budget.IsZero() {
		return shares
	}
	rests := make([]uint256.Int, n)
	left := *budget
	order := make([]uint32, 0, n)
	for i := range n {
		part(&shares[i], &rests[i], budget, weight(i), total)
		left.Sub(&left, &shares[i])
		if !rests[i].IsZero() {
			order = append(order, uint32(i))
		}
	}
	most := int(left.Uint64()) // less than there are rests above zero: their sum is left*total, and each is below total
	first(order, most, func(a, b uint32) int {
		switch c := rests[b].Cmp(&rests[a]); {
		case c != 0:
			return c
		case a == b:
			return 0
		case before(int(a), int(b)):
			return -1
		}
		return 1
	})
	for _, i := range order[:most] {
		shares[i].AddUint64(&shares[i], 1)
	}
	return shares
}

// part is the quotient and the remainder of budget*weight by total, for a weight of at most total.
func part(quotient, rest, budget, weight, total *uint256.Int) {
	if budget.BitLen()+weight.BitLen() <= 256 {
		var product uint256.Int
		product.Mul(budget, weight)
		quotient.DivMod(&product, total, rest)
		return
	}
	quotient.MulDivOverflow(budget, weight, total) // at most the budget
	rest.MulMod(budget, weight, total)
}

// first moves the n least elements to the front, in no order: quick selection, which falls back to sorting where its pivots are bad,
// so that nobody can choose weights that it is slow on. No two elements may be equal.
func first(all []uint32, n int, compare func(a, b uint32) int) {
	for tries := 2 * bits.Len(uint(len(all))); n > 0 && n < len(all); tries-- {
		if tries == 0 || len(all) < 32 {
			slices.SortFunc(all, compare)
			return
		}
		p := partition(all, compare)
		if n <= p {
			all = all[:p]
		} else {
			all, n = all[p+1:], n-p-1
		}
	}
}

// partition moves what is less than a pivot before it, and the rest behind it. It returns the pivot's place.
func partition(all []uint32, compare func(a, b uint32) int) int {
	last := len(all) - 1
	low, middle, high := &all[0], &all[len(all)/2], &all[last]
	if compare(*low, *middle) > 0 {
		low, middle = middle, low
	}
	if compare(*middle, *high) > 0 {
		middle = high
		if compare(*low, *middle) > 0 {
			middle = low
		}
	}
	*middle, all[last] = all[last], *middle
	pivot, p := all[last], 0
	for i := range last {
		if compare(all[i], pivot) < 0 {
			all[i], all[p] = all[p], all[i]
			p++
		}
	}
	all[p], all[last] = all[last], all[p]
	return p
}
