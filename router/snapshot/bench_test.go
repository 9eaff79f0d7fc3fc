package snapshot

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/router/pool"
	"github.com/keymaker-agent/keymaker/router/pool/line"
)

// drawnMarket is a packed snapshot of this many pairs, or of pools with this many ticks each, among a tenth of as many tokens.
func drawnMarket(b *testing.B, pools, ticks int) []byte {
	b.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	var packed bytes.Buffer
	out, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	if err != nil {
		b.Fatal(err)
	}
	tokens := max(2, pools/10)
	fmt.Fprintln(out, header)
	for n := range tokens {
		fmt.Fprintln(out, tokenLine(n))
	}
	for n := range pools {
		first := random.IntN(tokens - 1)
		second := first + 1 + random.IntN(tokens-first-1)
		if ticks > 0 {
			fmt.Fprintln(out, tickedLine(fmt.Sprintf("0x%040x", n), first, second, ticks, random))
			continue
		}
		reserve := func() string { return fmt.Sprint(random.Uint64()>>random.IntN(30)) + fmt.Sprint(1e6+random.IntN(1e6)) }
		fmt.Fprintln(out, pairLine(fmt.Sprintf("0x%040x", n), first, second, reserve(), reserve()))
	}
	if err := out.Close(); err != nil {
		b.Fatal(err)
	}
	return packed.Bytes()
}

// tickedLine is a pool of as many ticks, in pairs around the price, each pair with its own liquidity.
func tickedLine(id string, a, b, n int, random *rand.Rand) string {
	var low, high string
	sum := uint64(0)
	for k := n / 2; k > 0; k-- {
		net := 1 + random.Uint64()>>20
		sum += net
		low += fmt.Sprintf(`[%d,"%d"],`, -10*k, net)
		high = fmt.Sprintf(`,[%d,"-%d"]`, 10*k, net) + high
	}
	return fmt.Sprintf(`{"type":"pool","id":%q,"kind":"uniswap-v3","venue":"v","tokens":[%q,%q],"fee_ppm":500,"tick_spacing":10,`+
		`"sqrt_price_x96":"79228162514264337593543950336","tick":0,"liquidity":"%d","ticks":[%s%s]}`,
		id, line.Lower(addressOf(a)), line.Lower(addressOf(b)), sum, low[:len(low)-1], high)
}

func benchmarkLoad(b *testing.B, pools, ticks int) {
	packed := drawnMarket(b, pools, ticks)
	b.ReportAllocs()
	for b.Loop() {
		s, err := Load(bytes.NewReader(packed), Choice{})
		if err != nil || s.Pools() != pools {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*pools), "ns/pool")
	b.ReportMetric(held(b, packed)/float64(pools), "B/pool")
}

// held is how many bytes a loaded market takes.
func held(b *testing.B, packed []byte) float64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s, err := Load(bytes.NewReader(packed), Choice{})
	if err != nil {
		b.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(s)
	return float64(after.HeapAlloc) - float64(before.HeapAlloc)
}

func BenchmarkLoad100000Pairs(b *testing.B)              { benchmarkLoad(b, 100_000, 0) }
func BenchmarkLoad10000PoolsOf100Ticks(b *testing.B)     { benchmarkLoad(b, 10_000, 100) }
func BenchmarkApply1000EventsTo100000Pairs(b *testing.B) { benchmarkApply(b, 100_000) }
func BenchmarkApply1000EventsTo10000Pairs(b *testing.B)  { benchmarkApply(b, 10_000) }

func benchmarkApply(b *testing.B, pools int) {
	s, err := Load(bytes.NewReader(drawnMarket(b, pools, 0)), Choice{})
	if err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(3, 4))
	events := make([]Event, 1000)
	for i := range events {
		events[i] = synced(fmt.Sprintf("0x%040x", random.IntN(pools)), random.Uint64(), random.Uint64())
	}
	live, n := NewLive(s, 16), 0
	b.ReportAllocs()
	for b.Loop() {
		n++
		block := Block{Number: s.Block + uint64(n), Hash: hash(n), Parent: hash(n - 1)} //nolint:gosec // small
		if _, err := live.Apply(block, events); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkApply1000EventsOfPoolsWithTicks is a block of 800 swaps and 200 changes of liquidity, in pools of 100 ticks.
func BenchmarkApply1000EventsOfPoolsWithTicks(b *testing.B) {
	const pools = 1000
	s, err := Load(bytes.NewReader(drawnMarket(b, pools, 100)), Choice{})
	if err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(5, 6))
	events := make([]Event, 1000)
	for i := range events {
		n := random.IntN(pools)
		price, tick, liquidity := s.Pool(n).(*pool.V3).State()
		events[i] = Event{Pool: fmt.Sprintf("0x%040x", n), What: pool.Swap{SqrtPriceX96: price, Tick: tick, Liquidity: liquidity}}
		if i%5 == 0 { // out of the price's range, so that swaps before and after agree
			lower := int32(10 * (100 + random.IntN(100)))
			events[i].What = pool.Range{Lower: lower, Upper: lower + 100, Liquidity: *uint256.NewInt(1 + random.Uint64()>>20)}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Next(Block{Number: s.Block + 1}, events); err != nil {
			b.Fatal(err)
		}
	}
}
