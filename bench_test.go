package keymaker_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/keymaker-agent/keymaker"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
)

// What people wait for: a sentence read, a dry run shown, a transaction confirmed. docs/benchmarks.md keeps the figures.

func BenchmarkPlan(b *testing.B) {
	a, err := keymaker.Open(keymaker.Options{Home: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	u := a.Grammar()
	ctx := context.Background()
	words := []string{
		"swap 100 USDC to ETH", "send 0.1 ETH to 0x70997970C51812dc3A010C7d01b50e0d17dc79C8", "what's my balance",
		"buy 0.5 eth with usdc on base, max 0.3% slippage", "swap 1 ETH to USDC then send half of it to 0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
	}
	took := make([]time.Duration, 0, b.N)
	for i := 0; b.Loop(); i++ {
		started := time.Now()
		if _, err := u.Understand(ctx, words[i%len(words)]); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(started))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-us")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-us")
}

func BenchmarkDryRun(b *testing.B) { benchmarkSession(b, keymaker.DryRun, "swap 10 USDC to ETH") }

func BenchmarkSendToReceipt(b *testing.B) {
	benchmarkSession(b, keymaker.Live, "send 1 USDC to 0x70997970C51812dc3A010C7d01b50e0d17dc79C8")
}

func benchmarkSession(b *testing.B, mode keymaker.Mode, text string) {
	a := open(b, devnettest.Start(b))
	ctx := context.Background()
	for b.Loop() {
		s, err := a.Session("bench", mode)
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Run(ctx, text, &witness{}); err != nil {
			b.Fatal(err)
		}
	}
}
