package solve

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
)

// drawnMarket has the shape of a large chain's: five tokens that trade deeply with each other, and many that trade with some of those, most
// with the native coin.
func drawnMarket(b *testing.B, pools int) (*market, *Graph) {
	const hubs = 5
	m := newMarket(2020, hubs+pools*3/5, 0.001)
	for i := range hubs {
		for j := range i {
			m.pair(b, j, i, 3e7)
			m.concentrated(b, j, i, 3e7, 500, 10, 40)
			m.pair(b, j, i, 1e6)
		}
	}
	for i := 0; len(m.pools) < pools; i++ {
		hub, token := max(0, m.rng.IntN(9)-4), hubs+i%(len(m.tokens)-hubs)
		if m.rng.IntN(4) == 0 {
			m.concentrated(b, hub, token, m.depth(4, 6.5), 3000, 60, 8)
		} else {
			m.pair(b, hub, token, m.depth(4, 6.5))
		}
	}
	return m, graphOf(b, m.pools)
}

func orders(m *market, n int) []Order {
	all := make([]Order, n)
	for i := range all {
		in := i % 5
		out := (in + 1 + i/5%4) % 5
		all[i] = Order{In: m.tokens[in], Out: m.tokens[out], Amount: m.amount(in, []float64{1e3, 1e4, 1e5, 1e6, 5e6}[i/20%5]), Native: common.Address{}}
	}
	return all
}

func BenchmarkSolve(b *testing.B) {
	for _, pools := range []int{300, 1448, 10839} {
		m, g := drawnMarket(b, pools)
		all := orders(m, 450)
		b.Run(m.size(), func(b *testing.B) {
			v := New()
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				began := time.Now()
				if _, err := v.Solve(context.Background(), g, all[i%len(all)]); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "us-p50")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "us-p99")
		})
	}
}

// BenchmarkThroughput has a solver on each core.
func BenchmarkThroughput(b *testing.B) {
	m, g := drawnMarket(b, 1448)
	all := orders(m, 450)
	b.RunParallel(func(pb *testing.PB) {
		v := New()
		for i := 0; pb.Next(); i++ {
			if _, err := v.Solve(context.Background(), g, all[i%len(all)]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "quotes/s")
}

func BenchmarkBound(b *testing.B) {
	m, g := drawnMarket(b, 1448)
	all := orders(m, 450)
	v := New()
	for i := 0; b.Loop(); i++ {
		if _, err := v.Bound(context.Background(), g, all[i%len(all)]); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBlock applies the states of 1,000 pools.
func BenchmarkBlock(b *testing.B) {
	_, g := drawnMarket(b, 10839)
	changes := make([]Change, 1000)
	for i := range changes {
		at := i * 10
		changes[i] = Change{at, g.Pools()[at]}
	}
	for b.Loop() {
		if _, err := g.With(changes); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkConcentrated reports the loss against the bound, in basis points, on pools of Uniswap V3 alone: six tokens, each two of which
// trade in up to three fee tiers with 40 positions each.
func BenchmarkConcentrated(b *testing.B) {
	for _, usd := range []float64{1e5, 1e6, 5e6, 2e7} {
		b.Run(fmt.Sprintf("%gM", usd/1e6), func(b *testing.B) {
			var losses []float64
			for b.Loop() {
				losses = losses[:0]
				for seed := range 24 {
					m := newMarket(uint64(seed)+900, 6, 0.0001)
					for i := range 6 {
						for j := range i {
							m.concentrated(b, j, i, m.depth(7, 8.5), 500, 10, 40)
							m.concentrated(b, j, i, m.depth(7, 8), 3000, 60, 40)
							m.concentrated(b, j, i, m.depth(6, 7), 10000, 200, 40)
						}
					}
					g, v := graphOf(b, m.pools), New()
					for k := range 5 {
						o := Order{In: m.tokens[k], Out: m.tokens[k+1], Amount: m.amount(k, usd)}
						q, err := v.Solve(context.Background(), g, o)
						if err != nil {
							b.Fatal(err)
						}
						bound, err := v.Bound(context.Background(), g, o)
						if err != nil {
							b.Fatal(err)
						}
						losses = append(losses, (bound.Float64()-q.Out.Float64())/bound.Float64()*1e4)
					}
				}
			}
			slices.Sort(losses)
			b.ReportMetric(losses[len(losses)/2], "bps-median")
			b.ReportMetric(losses[len(losses)-1], "bps-worst")
		})
	}
}
