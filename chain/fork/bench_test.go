package fork

import (
	"context"
	"testing"
)

func benchmarkWarm(b *testing.B, tx Tx) {
	f := newFork(b, newGeth(b))
	ok(b, simulate(b, f, tx))
	b.ReportAllocs()
	for b.Loop() {
		simulate(b, f, tx)
	}
}

// Effects with a gas estimate, all state known.
func BenchmarkWarmTransferEstimated(b *testing.B) {
	benchmarkWarm(b, callTo(alice, tokenA, pack(selTransfer, bob[:], wei(250))))
}

// Effects of the very transaction to be signed, all state known.
func BenchmarkWarmTransfer(b *testing.B) {
	tx := callTo(alice, tokenA, pack(selTransfer, bob[:], wei(250)))
	tx.Gas = 100_000
	benchmarkWarm(b, tx)
}

func BenchmarkWarmSwapEstimated(b *testing.B) {
	benchmarkWarm(b, callTo(alice, pool, wordOf(1000).Bytes()))
}

func BenchmarkWarmSwap(b *testing.B) {
	tx := callTo(alice, pool, wordOf(1000).Bytes())
	tx.Gas = 400_000
	benchmarkWarm(b, tx)
}

func BenchmarkWarmView(b *testing.B) {
	f := newFork(b, newGeth(b))
	call := callTo(alice, tokenA, pack(selBalanceOf, alice[:])).Call
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.CallContract(context.Background(), call); err != nil {
			b.Fatal(err)
		}
	}
}

// From nothing: pin a block, and the effects of a swap.
func BenchmarkColdSwap(b *testing.B) {
	c := counting(newGeth(b))
	b.ReportAllocs()
	runs := 0
	for b.Loop() {
		simulate(b, newFork(b, c), callTo(alice, pool, wordOf(1000).Bytes()))
		runs++
	}
	b.ReportMetric(float64(c.trips)/float64(runs), "trips/op")
	b.ReportMetric(float64(c.calls)/float64(runs), "calls/op")
}

func BenchmarkParallelSwaps(b *testing.B) {
	f := newFork(b, newGeth(b))
	tx := callTo(alice, pool, wordOf(1000).Bytes())
	tx.Gas = 400_000
	ok(b, simulate(b, f, tx))
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := f.Simulate(context.Background(), []Tx{tx}); err != nil {
				b.Error(err)
			}
		}
	})
}

func BenchmarkKeptTransfers(b *testing.B) {
	f := newFork(b, newGeth(b))
	tx := callTo(alice, tokenA, pack(selTransfer, bob[:], wei(1)))
	tx.Gas = 100_000
	for b.Loop() {
		if _, err := f.Apply(context.Background(), []Tx{tx}); err != nil {
			b.Fatal(err)
		}
	}
}

// One of the passes that Simulate makes.
func BenchmarkWarmSwapOnePass(b *testing.B) {
	f := newFork(b, newGeth(b))
	tx := callTo(alice, pool, wordOf(1000).Bytes())
	tx.Gas = 400_000
	ok(b, simulate(b, f, tx))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.SimulateOnce(context.Background(), []Tx{tx}); err != nil {
			b.Fatal(err)
		}
	}
}
