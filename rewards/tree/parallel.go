package tree

import (
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
)

const leastShare = 128 // so few hashes are done before another goroutine has begun

// spread calls do with the ranges of 0 to n, each in a goroutine of its own.
func spread(workers, n int, do func(from, to int)) {
	share := max((n+workers-1)/workers, leastShare)
	if share >= n {
		do(0, n)
		return
	}
	var all sync.WaitGroup
	for from := 0; from < n; from += share {
		all.Go(func() { do(from, min(from+share, n)) })
	}
	all.Wait()
}

// upTo is the numbers below n.
func upTo(n int) []uint32 {
	all := make([]uint32, n)
	for i := range all {
		all[i] = uint32(i)
	}
	return all
}

// sortParallel sorts in place: first by the leading digit into 256 ranges, then the ranges beside each other. The leading digit
// must follow the order of compare. Where no two elements are equal there is only one result, so the goroutines can't be told
// from it.
func sortParallel(workers int, all []uint32, digit func(uint32) byte, compare func(a, b uint32) int) {
	var next, end [256]int
	for _, i := range all {
		end[digit(i)]++
	}
	sum := 0
	for d, count := range end {
		next[d] = sum
		sum += count
		end[d] = sum
	}
	begin := next
	for d := range end {
		for next[d] < end[d] {
			to := digit(all[next[d]])
			if int(to) != d {
				all[next[d]], all[next[to]] = all[next[to]], all[next[d]]
			}
			next[to]++
		}
	}
	var taken atomic.Int32
	var done sync.WaitGroup
	for range workers {
		done.Go(func() {
			for d := taken.Add(1) - 1; d < 256; d = taken.Add(1) - 1 {
				slices.SortFunc(all[begin[d]:end[d]], compare)
			}
		})
	}
	done.Wait()
}

// highestPower is the greatest power of two that is at most n, and 0 for 0.
func highestPower(n int) int {
	if n == 0 {
		return 0
	}
	return 1 << (bits.Len(uint(n)) - 1)
}
