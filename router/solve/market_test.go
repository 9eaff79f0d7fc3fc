package solve

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/router/pool"
	"github.com/keymaker-agent/keymaker/router/swap/ticks"
)

// market draws pools of tokens that have a worth, so that pools of the same tokens nearly agree on their prices.
type market struct {
	rng    *rand.Rand
	tokens []common.Address
	worth  []float64 // of a smallest unit
	pools  []pool.Pool
	noise  float64 // how far prices of pools stand from the worth: more than fees leaves gains by circles
}

func newMarket(seed uint64, tokens int, noise float64) *market {
	m := &market{rng: rand.New(rand.NewPCG(seed, 1)), noise: noise}
	for i := range tokens {
		decimals := []float64{18, 6, 8}[m.rng.IntN(3)]
		if i == 0 {
			decimals = 18 // the native coin
		}
		m.tokens = append(m.tokens, common.BytesToAddress([]byte{1, byte(i >> 8), byte(i)}))
		m.worth = append(m.worth, math.Pow(10, m.rng.Float64()*4-1-decimals))
	}
	m.worth[0] = 3000e-18
	return m
}

// amount is as much of a token as has this worth.
func (m *market) amount(token int, worth float64) uint256.Int {
	var z uint256.Int
	rounded(&z, worth/m.worth[token])
	if z.IsZero() {
		z.SetOne()
	}
	return z
}

func (m *market) depth(low, high float64) float64 {
	return math.Pow(10, low+m.rng.Float64()*(high-low))
}

func (m *market) site(kind string, fee uint32, tokens ...int) pool.Site {
	s := pool.Site{ID: fmt.Sprintf("0x%040x", len(m.pools)+1), Kind: kind, Venue: "drawn", FeePPM: fee}
	for _, t := range tokens {
		s.Tokens = append(s.Tokens, m.tokens[t])
	}
	return s
}

func (m *market) pair(t testing.TB, a, b int, depth float64) {
	t.Helper()
	if a > b {
		a, b = b, a
	}
	off := math.Exp(m.rng.NormFloat64() * m.noise)
	x, y := m.amount(a, depth*off), m.amount(b, depth)
	p, err := pool.NewV2(m.site("uniswap-v2", 3000, a, b), &x, &y)
	if err != nil {
		t.Fatal(err)
	}
	m.pools = append(m.pools, p)
}

// concentrated adds a pool of Uniswap V3 with some positions around the price.
func (m *market) concentrated(t testing.TB, a, b int, depth float64, fee uint32, spacing int32, positions int) {
	t.Helper()
	if a > b {
		a, b = b, a
	}
	price := m.worth[a] / m.worth[b] * math.Exp(m.rng.NormFloat64()*m.noise) // token1 for a unit of token0
	tick := int32(math.Floor(math.Log(price) / math.Log(1.0001)))
	tick = max(-800000, min(800000, tick))
	root, err := ticks.Ratio(tick)
	if err != nil {
		t.Fatal(err)
	}
	nets := map[int32]float64{}
	active := 0.0
	here := int32(math.Floor(float64(tick)/float64(spacing))) * spacing
	for i := range positions {
		width := spacing * int32(1+m.rng.IntN(1<<min(8, 2+m.rng.IntN(8))))
		low, high := here-width*int32(m.rng.IntN(3)), here+spacing+width*int32(m.rng.IntN(3))
		if i == 0 {
			low, high = here-400*spacing, here+400*spacing
		}
		half := math.Exp(float64(high-low) / 4 * math.Log(1.0001))
		liquidity := math.Floor(depth / float64(positions) / m.worth[b] / math.Sqrt(price) / (half - 1/half))
		nets[low] += liquidity
		nets[high] -= liquidity
		if low <= tick && tick < high {
			active += liquidity
		}
	}
	var all []pool.Tick
	for index, net := range nets {
		var z uint256.Int
		rounded(&z, math.Abs(net))
		if net < 0 {
			z.Neg(&z)
		}
		if !z.IsZero() {
			all = append(all, pool.Tick{Index: index, Net: z})
		}
	}
	slices.SortFunc(all, func(a, b pool.Tick) int { return int(a.Index - b.Index) })
	var liquidity, sum uint256.Int
	for _, x := range all {
		sum.Add(&sum, &x.Net)
		if x.Index <= tick {
			liquidity = sum
		}
	}
	if !sum.IsZero() { // floats lose a unit: the last tick takes what is left
		last := &all[len(all)-1]
		last.Net.Sub(&last.Net, &sum)
	}
	p, err := pool.NewV3(m.site("uniswap-v3", fee, a, b), &root, tick, &liquidity, spacing, all)
	if err != nil {
		t.Fatal(err)
	}
	m.pools = append(m.pools, p)
}

// draw adds pools between tokens, a hub among them, one in so many concentrated; the first ones join all tokens.
func (m *market) draw(t testing.TB, pools, concentrated int) *Graph {
	t.Helper()
	for i := range pools {
		a, b := m.rng.IntN(len(m.tokens)), m.rng.IntN(len(m.tokens))
		if m.rng.IntN(3) == 0 {
			a = 0
		}
		if i < len(m.tokens)-1 {
			a, b = m.rng.IntN(i+1), i+1
		}
		if a == b {
			b = (a + 1) % len(m.tokens)
		}
		if concentrated > 0 && m.rng.IntN(concentrated) == 0 {
			tier := m.rng.IntN(4)
			m.concentrated(t, a, b, m.depth(4, 7), []uint32{100, 500, 3000, 10000}[tier], []int32{1, 10, 60, 200}[tier], 1+m.rng.IntN(12))
		} else {
			m.pair(t, a, b, m.depth(4, 7))
		}
	}
	return graphOf(t, m.pools)
}

func graphOf(t testing.TB, pools []pool.Pool) *Graph {
	t.Helper()
	g, err := NewGraph(pools)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// execute trades a quote on the graph's pools, and fails where anything differs from what the quote says.
func execute(t testing.TB, g *Graph, o Order, q *Quote) {
	t.Helper()
	state := slices.Clone(g.Pools())
	var in, out uint256.Int
	used := uint64(0)
	for _, p := range q.Paths {
		amount, at := p.In, o.In
		for _, h := range p.Hops {
			tokens := state[h.Pool].Site().Tokens
			if tokens[h.In] != at {
				t.Fatalf("the path is broken at %s", at)
			}
			used += state[h.Pool].Gas(h.In, h.Out, &amount)
			paid, after, err := state[h.Pool].Out(h.In, h.Out, &amount)
			if err != nil {
				t.Fatal(err)
			}
			state[h.Pool], amount, at = after, paid, tokens[h.Out]
		}
		if at != o.Out || !amount.Eq(&p.Out) {
			t.Fatalf("a path ends with %s of %s, and was said to with %s of %s", amount.Dec(), at, p.Out.Dec(), o.Out)
		}
		in.Add(&in, &p.In)
		out.Add(&out, &amount)
	}
	if !in.Eq(&q.In) || !out.Eq(&q.Out) || used != q.Gas {
		t.Fatalf("%s for %s with %d gas; the quote says %s for %s with %d", out.Dec(), in.Dec(), used, q.Out.Dec(), q.In.Dec(), q.Gas)
	}
	if !o.Wanted && !in.Eq(&o.Amount) || o.Wanted && out.Lt(&o.Amount) {
		t.Fatalf("%s in and %s out are not what was ordered: %s", in.Dec(), out.Dec(), o.Amount.Dec())
	}
}

// net is what a quote leaves after gas, as a float for comparisons.
func net(q *Quote) float64 { return q.Out.Float64() - q.GasCost.Float64() }

func (m *market) size() string { return fmt.Sprintf("%d pools", len(m.pools)) }
