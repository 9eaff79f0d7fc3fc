package solve

import (
	"context"
	"errors"
	"os"
	"reflect"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/router/pool"
)

var gasPrices = []uint64{0, 50_000_000, 1e9, 30e9, 100e9}

// drawn is a random market and an order on it.
func drawn(t *rapid.T, tb testing.TB, pools, concentrated int) (*market, *Graph, Order) {
	seed := rapid.Uint64().Draw(t, "seed")
	tokens := rapid.IntRange(2, max(2, pools/2)).Draw(t, "tokens")
	noise := rapid.SampledFrom([]float64{0, 0.002, 0.02}).Draw(t, "noise")
	m := newMarket(seed, tokens, noise)
	g := m.draw(tb, max(tokens, rapid.IntRange(pools/2, pools).Draw(t, "pools")), concentrated)
	in := rapid.IntRange(0, tokens-1).Draw(t, "in")
	out := (in + rapid.IntRange(1, tokens-1).Draw(t, "out")) % tokens
	worth := rapid.Float64Range(1, 6.5).Draw(t, "worth")
	return m, g, Order{
		In: m.tokens[in], Out: m.tokens[out], Amount: m.amount(in, pow10(worth)), Native: m.tokens[0],
		GasPrice: rapid.SampledFrom(gasPrices).Draw(t, "gas price"),
	}
}

func pow10(x float64) float64 {
	z := 1.0
	for ; x >= 1; x-- {
		z *= 10
	}
	return z * (1 + 9*x)
}

func solved(t testing.TB, g *Graph, o Order) *Quote {
	t.Helper()
	q, err := New().Solve(context.Background(), g, o)
	if err != nil {
		t.Fatal(err)
	}
	execute(t, g, o, q)
	return q
}

func TestQuoteIsNeverBelowTheBestPathNorTheGrid(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m, g, o := drawn(r, t, 20, 3)
		q, err := New().Solve(context.Background(), g, o)
		if errors.Is(err, ErrAmount) || errors.Is(err, ErrRoute) {
			return
		}
		if err != nil {
			r.Fatal(err)
		}
		execute(t, g, o, q)
		if bound, err := New().Bound(context.Background(), g, o); err != nil || spent(m, o, &Quote{In: o.Amount, Out: bound}) {
			return // no split can bring nine tenths of the worth
		}
		paths := everyPath(g, o, DefaultHops)
		perGas := 0.0
		if q.Gas > 0 {
			perGas = q.GasCost.Float64() / float64(q.Gas)
		}
		single, grid := bestSingle(g, paths, o, perGas), grid(g, paths, o, perGas)
		within := 1e-9
		if o.GasPrice > 0 { // which paths are worth their gas is not always found: one draw in 1,000 is one to two basis points below
			within = 5e-4
		}
		if n := net(q); n < max(single, grid)-within*q.Out.Float64()-2 {
			r.Fatalf("%g is below single %g or grid %g: %.4f bps", n, single, grid, (max(single, grid)-n)/q.Out.Float64()*1e4)
		}
	})
}

func TestNothingIsAboveTheBound(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		_, g, o := drawn(r, t, 16, 3)
		o.GasPrice = 0
		v := New()
		q, err := v.Solve(context.Background(), g, o)
		if errors.Is(err, ErrAmount) || errors.Is(err, ErrRoute) {
			return
		}
		if err != nil {
			r.Fatal(err)
		}
		bound, err := v.Bound(context.Background(), g, o)
		if err != nil {
			r.Fatal(err)
		}
		if bound.Lt(&q.Out) {
			r.Fatalf("bound %s is below %s", bound.Dec(), q.Out.Dec())
		}
	})
}

// graphs is how many random graphs are searched exhaustively: few, or 500 where KEYMAKER_LONG is set.
func graphs() int {
	if os.Getenv("KEYMAKER_LONG") != "" {
		return 500
	}
	return 25
}

// Which paths are worth their gas is a combinatorial question that the search answers well and not always best: one case in 500 may be up
// to two basis points below.
func TestQuoteIsWithinOneBasisPointOfEverySetOfPaths(t *testing.T) {
	worst, cases, above := 0.0, 0, 0
	for seed := range graphs() {
		m := newMarket(uint64(seed)+77, 3+seed%3, 0.003)
		g := m.draw(t, 6+seed%5, 0)
		in := seed % len(m.tokens)
		out := (in + 1 + seed/7%(len(m.tokens)-1)) % len(m.tokens)
		for _, price := range gasPrices[1:] {
			o := Order{In: m.tokens[in], Out: m.tokens[out], Native: m.tokens[0], GasPrice: price}
			o.Amount = m.amount(in, m.depth(2.5, 6))
			q := solved(t, g, o)
			paths := everyPath(g, o, DefaultHops)
			best := exhaustive(g, paths, o, q.GasCost.Float64()/float64(q.Gas))
			short := (best - net(q) - 2) / q.Out.Float64() * 1e4
			worst = max(worst, short)
			cases++
			if short > 1 {
				above++
			}
			if short > 2 || above > 1+cases/500 {
				t.Errorf("seed %d, gas price %d: %d paths leave %g, and %g can be left of %s: %.3f bps", seed, price, len(q.Paths), net(q), best,
					q.Out.Dec(), short)
			}
		}
	}
	t.Logf("worst %.5f bps over %d graphs, %d of %d cases above one", worst, graphs(), above, cases)
}

func TestMoreInBringsMoreOut(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m, g, o := drawn(r, t, 20, 3)
		small, err := New().Solve(context.Background(), g, o)
		if errors.Is(err, ErrAmount) || errors.Is(err, ErrRoute) {
			return
		}
		if err != nil {
			r.Fatal(err)
		}
		if spent(m, o, small) {
			return
		}
		more := rapid.Uint64Range(0, 1<<20).Draw(r, "more")
		var extra uint256.Int
		extra.Mul(&o.Amount, uint256.NewInt(more))
		extra.Rsh(&extra, 20)
		o.Amount.Add(&o.Amount, &extra)
		large, err := New().Solve(context.Background(), g, o)
		if errors.Is(err, ErrAmount) || errors.Is(err, ErrRoute) {
			return
		}
		if err != nil {
			r.Fatal(err)
		}
		if spent(m, o, large) {
			return
		}
		if net(large) < net(small)-1e-4*small.Out.Float64()-2 {
			r.Fatalf("%s brings %g, and less brings %g", o.Amount.Dec(), net(large), net(small))
		}
	})
}

// spent says whether an order uses up the liquidity that there is: it gets less than nine tenths of its worth. Then the outcome is all edges,
// and what the search promises is less.
func spent(m *market, o Order, q *Quote) bool {
	worth := func(token common.Address, amount *uint256.Int) float64 {
		return amount.Float64() * m.worth[slices.Index(m.tokens, token)]
	}
	return worth(o.Out, &q.Out) < 0.9*worth(o.In, &q.In)
}

func TestExactOutAsksForWhatExactInPaid(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m, g, o := drawn(r, t, 20, 3)
		there, err := New().Solve(context.Background(), g, o)
		if errors.Is(err, ErrAmount) || errors.Is(err, ErrRoute) {
			return
		}
		if err != nil {
			r.Fatal(err)
		}
		if spent(m, o, there) {
			return
		}
		back := o
		back.Wanted, back.Amount = true, there.Out
		q, err := New().Solve(context.Background(), g, back)
		if err != nil {
			r.Fatal(err)
		}
		execute(t, g, back, q)
		if o.GasPrice != 0 {
			return
		}
		if q.In.Float64() > there.In.Float64()*(1+1e-4)+2*unit(g, o, there) {
			r.Fatalf("%s of the token out cost %s, and %s paid for them", there.Out.Dec(), q.In.Dec(), there.In.Dec())
		}
	})
}

// unit is what one smallest unit out costs, or one in.
func unit(_ *Graph, _ Order, q *Quote) float64 {
	return max(1, q.In.Float64()/q.Out.Float64()) * float64(4*len(q.Paths))
}

func TestQuotesRepeat(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		_, g, o := drawn(r, t, 30, 3)
		used := New()
		other := o
		other.In, other.Out = o.Out, o.In
		_, _ = used.Solve(context.Background(), g, other)
		_, _ = used.Bound(context.Background(), g, other)
		a, errA := used.Solve(context.Background(), g, o)
		b, errB := New().Solve(context.Background(), g, o)
		if !errors.Is(errA, errB) && (errA == nil) != (errB == nil) || !reflect.DeepEqual(a, b) {
			r.Fatalf("a solver that was used gives %+v %v, and a new one %+v %v", a, errA, b, errB)
		}
	})
}

func TestContextThatEndedGivesAtLeastTheBestPath(t *testing.T) {
	m := newMarket(5, 8, 0.002)
	g := m.draw(t, 30, 3)
	o := Order{In: m.tokens[1], Out: m.tokens[2], Amount: m.amount(1, 1e5)}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	q, err := New().Solve(ctx, g, o)
	if err != nil {
		t.Fatal(err)
	}
	execute(t, g, o, q)
	if single := bestSingle(g, everyPath(g, o, DefaultHops), o, 0); !q.Early || net(q) < single-1 {
		t.Fatalf("early %v with %g, and one path brings %g", q.Early, net(q), single)
	}
	if full := solved(t, g, o); full.Early || full.Out.Lt(&q.Out) {
		t.Fatal("with time it is less")
	}
}

func TestChangedGraphIsTheGraphOfTheChangedPools(t *testing.T) {
	m := newMarket(9, 6, 0.002)
	g := m.draw(t, 20, 3)
	var changes []Change
	pools := append([]pool.Pool(nil), g.Pools()...)
	for at := 0; at < len(pools); at += 3 {
		amount := uint256.NewInt(1_000_000_000)
		_, after, err := pools[at].Out(0, 1, amount)
		if err != nil {
			continue
		}
		pools[at] = after
		changes = append(changes, Change{at, after})
	}
	after, err := g.With(changes)
	if err != nil {
		t.Fatal(err)
	}
	o := Order{In: m.tokens[1], Out: m.tokens[3], Amount: m.amount(1, 1e6)}
	if a, b := solved(t, after, o), solved(t, graphOf(t, pools), o); !reflect.DeepEqual(a, b) {
		t.Fatal("the quotes differ")
	}
	if _, err := g.With([]Change{{len(pools), pools[0]}}); err == nil {
		t.Fatal("a pool that is not there was changed")
	}
	if _, err := g.With([]Change{{0, pools[len(pools)-1]}}); err == nil {
		t.Fatal("a pool of other tokens took the place of one")
	}
}

func TestOrdersThatCantBe(t *testing.T) {
	m := newMarket(3, 4, 0)
	m.pair(t, 0, 1, 1e6)
	m.pair(t, 2, 3, 1e6)
	g := graphOf(t, m.pools)
	one := *uint256.NewInt(1e9)
	for name, c := range map[string]struct {
		order Order
		want  error
	}{
		"to itself":        {Order{In: m.tokens[0], Out: m.tokens[0], Amount: one}, ErrOrder},
		"nothing":          {Order{In: m.tokens[0], Out: m.tokens[1]}, ErrOrder},
		"too many hops":    {Order{In: m.tokens[0], Out: m.tokens[1], Amount: one, MaxHops: MaxHops + 1}, ErrOrder},
		"fewer than none":  {Order{In: m.tokens[0], Out: m.tokens[1], Amount: one, MaxHops: -1}, ErrOrder},
		"a token unknown":  {Order{In: common.Address{9}, Out: m.tokens[1], Amount: one}, ErrToken},
		"and wanted":       {Order{In: m.tokens[0], Out: common.Address{9}, Amount: one, Wanted: true}, ErrToken},
		"not joined":       {Order{In: m.tokens[0], Out: m.tokens[2], Amount: one}, ErrRoute},
		"not joined, back": {Order{In: m.tokens[0], Out: m.tokens[2], Amount: one, Wanted: true}, ErrRoute},
		"all there is":     {Order{In: m.tokens[0], Out: m.tokens[1], Amount: *new(uint256.Int).SetAllOne()}, ErrAmount},
		"more than all":    {Order{In: m.tokens[0], Out: m.tokens[1], Amount: *new(uint256.Int).SetAllOne(), Wanted: true}, ErrAmount},
	} {
		if q, err := New().Solve(context.Background(), g, c.order); !errors.Is(err, c.want) {
			t.Errorf("%s: %+v, %v; want %v", name, q, err, c.want)
		}
	}
}

func TestHostilePools(t *testing.T) {
	huge := new(uint256.Int).Sub(new(uint256.Int).Lsh(uint256.NewInt(1), 112), uint256.NewInt(1))
	add := func(m *market, a, b int, x, y *uint256.Int) {
		p, err := pool.NewV2(m.site("uniswap-v2", 3000, a, b), x, y)
		if err != nil {
			t.Fatal(err)
		}
		m.pools = append(m.pools, p)
	}
	one, none := uint256.NewInt(1), new(uint256.Int)
	for name, spoil := range map[string]func(*market){
		"pools of dust": func(m *market) {
			add(m, 0, 1, one, one)
			add(m, 1, 2, one, uint256.NewInt(1000))
			add(m, 0, 2, one, huge)
		},
		"the largest reserves":      func(m *market) { add(m, 0, 1, huge, huge); add(m, 1, 2, huge, one) },
		"empty pools":               func(m *market) { add(m, 0, 1, none, none); add(m, 0, 2, one, none) },
		"a circle that gains":       func(m *market) { m.noise = 0.5; m.pair(t, 0, 1, 1e6); m.pair(t, 1, 2, 1e6); m.pair(t, 0, 2, 1e6) },
		"the same pool, many times": func(m *market) { m.pools = append(m.pools, m.pools...); m.pools = append(m.pools, m.pools...) },
		"tokens that lead nowhere": func(m *market) {
			m.tokens = append(m.tokens, common.Address{7}, common.Address{8})
			m.worth = append(m.worth, 1, 1)
			m.pair(t, 0, 3, 1e9)
			m.pair(t, 3, 4, 1e9)
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMarket(11, 3, 0.001)
			m.pair(t, 0, 1, 1e6)
			m.pair(t, 1, 2, 1e6)
			m.pair(t, 0, 2, 2e6)
			spoil(m)
			g := graphOf(t, m.pools)
			for _, worth := range []float64{1e-9, 1, 1e4, 1e6, 1e9} {
				for _, price := range []uint64{0, 30e9, 1 << 62} {
					o := Order{In: m.tokens[0], Out: m.tokens[2], Amount: m.amount(0, worth), GasPrice: price, Native: m.tokens[0]}
					q, err := New().Solve(context.Background(), g, o)
					if errors.Is(err, ErrAmount) && worth < 1e-6 {
						continue
					}
					if err != nil {
						t.Fatalf("%g at gas price %d: %v", worth, price, err)
					}
					execute(t, g, o, q)
					paths := everyPath(g, o, DefaultHops)
					perGas := q.GasCost.Float64() / float64(q.Gas)
					if single := bestSingle(g, paths, o, perGas); net(q) < single-1e-9*max(q.Out.Float64(), q.GasCost.Float64())-2 {
						t.Errorf("%g at gas price %d leaves %g, and one path leaves %g", worth, price, net(q), single)
					}
					bound, err := New().Bound(context.Background(), g, o)
					if err != nil || bound.Lt(&q.Out) {
						t.Errorf("%g is bounded by %s, %v, and brings %s", worth, bound.Dec(), err, q.Out.Dec())
					}
				}
			}
		})
	}
}

func TestGasWithoutAPriceCountsAsNothing(t *testing.T) {
	m := newMarket(4, 3, 0)
	m.pair(t, 0, 1, 1e6)
	o := Order{In: m.tokens[0], Out: m.tokens[1], Amount: m.amount(0, 1e4), GasPrice: 30e9, Native: m.tokens[2]}
	if q := solved(t, graphOf(t, m.pools), o); q.Priced || !q.GasCost.IsZero() || q.Gas == 0 {
		t.Fatalf("gas is priced: %+v", q)
	}
}
