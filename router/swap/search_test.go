package swap

import (
	"math/big"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"
)

// booth is a pool that gives num/den of what comes in, up to a limit. Its numbers are small, so that ties and limits are common.
type booth struct {
	at       common.Address
	venue    string
	fee      uint32
	num, den uint64
	limit    uint64
}

func (p *booth) Address() common.Address           { return p.at }
func (p *booth) Venue() string                     { return p.venue }
func (p *booth) FeePips() uint32                   { return p.fee }
func (p *booth) Spot(_, _ common.Address) *big.Rat { return big.NewRat(int64(p.num), int64(p.den)) }

func (p *booth) Out(_, _ common.Address, amount *uint256.Int) (Fill, error) {
	if !amount.IsUint64() || amount.Uint64() > p.limit {
		return Fill{}, errLiquidity
	}
	out := amount.Uint64() * p.num / p.den
	if out == 0 {
		return Fill{}, errDust
	}
	return Fill{Amount: *uint256.NewInt(out)}, nil
}

func (p *booth) In(_, _ common.Address, amount *uint256.Int) (Fill, error) {
	in := (amount.Uint64()*p.den + p.num - 1) / p.num
	if !amount.IsUint64() || in > p.limit {
		return Fill{}, errLiquidity
	}
	return Fill{Amount: *uint256.NewInt(in)}, nil
}

func drawMarket(t *rapid.T) *market {
	m := &market{pools: map[pair][]Pool{}}
	for i := range rapid.IntRange(2, 5).Draw(t, "tokens") {
		m.tokens = append(m.tokens, common.Address{18: 1, 19: byte(i)})
	}
	for _, p := range pairsOf(m.tokens) {
		for range rapid.IntRange(0, 3).Draw(t, "pools") {
			m.size++
			m.pools[p] = append(m.pools[p], &booth{
				at: common.Address{0: byte(m.size)}, venue: rapid.SampledFrom([]string{v2Venue, v3Venue}).Draw(t, "venue"),
				fee: rapid.SampledFrom([]uint32{500, 3000}).Draw(t, "fee"),
				num: rapid.Uint64Range(1, 4).Draw(t, "num"), den: rapid.Uint64Range(1, 4).Draw(t, "den"),
				limit: rapid.Uint64Range(1, 200).Draw(t, "limit"),
			})
		}
	}
	return m
}

// everyPath is every path of up to three hops, without any thought of which might be better.
func everyPath(s *search, m *market, lane []string) []*node {
	var all []*node
	var walk func(n *node, seen []common.Address)
	walk = func(n *node, seen []common.Address) {
		if n.token == s.to {
			all = append(all, n)
			return
		}
		if n.hops == 3 {
			return
		}
		for _, to := range m.tokens {
			if slices.Contains(seen, to) {
				continue
			}
			for _, p := range m.between(n.token, to, lane) {
				if next := s.step(n, p, to); next != nil {
					walk(next, append(slices.Clone(seen), to))
				}
			}
		}
	}
	walk(&node{token: s.from, amount: s.amount}, []common.Address{s.from})
	return all
}

func TestTheBestPathIsTheBestOfAllPaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMarket(t)
		s := &search{
			side: rapid.SampledFrom([]Side{ExactIn, ExactOut}).Draw(t, "side"), from: m.tokens[0], to: m.tokens[1],
			amount: *uint256.NewInt(rapid.Uint64Range(1, 60).Draw(t, "amount")),
			lanes: rapid.SampledFrom([][][]string{
				{{v2Venue, v3Venue}}, {{v2Venue}, {v3Venue}}, {{v2Venue}, {v2Venue, v3Venue}},
			}).Draw(t, "lanes"),
		}
		var all []*node
		for _, lane := range s.lanes {
			all = append(all, everyPath(s, m, lane)...)
		}
		top := s.run(m)
		if len(all) == 0 || len(top) == 0 {
			if len(all) != len(top) {
				t.Fatalf("found %d paths of %d", len(top), len(all))
			}
			return
		}
		best := slices.MinFunc(all, s.compare)
		if s.compare(best, top[0]) != 0 {
			t.Fatalf("found %s over %d hops, best is %s over %d", top[0].amount.Dec(), top[0].hops, best.amount.Dec(), best.hops)
		}
	})
}

func TestEqualPathsAreTakenByHopsThenFeesThenAddresses(t *testing.T) {
	in, out, via := common.Address{1}, common.Address{2}, common.Address{3}
	even := func(at byte, fee uint32) *booth {
		return &booth{at: common.Address{at}, venue: v2Venue, fee: fee, num: 1, den: 1, limit: 1000}
	}
	for _, c := range []struct {
		name          string
		direct        []Pool
		first, second []Pool
		want          byte
	}{
		{"a hop less", []Pool{even(9, 3000)}, []Pool{even(1, 100)}, []Pool{even(2, 100)}, 9},
		{"a lower fee", []Pool{even(1, 3000), even(9, 500)}, nil, nil, 9},
		{"a lower address", []Pool{even(7, 500), even(4, 500), even(6, 500)}, nil, nil, 4},
	} {
		for _, side := range []Side{ExactIn, ExactOut} {
			m := &market{tokens: []common.Address{in, out, via}, pools: map[pair][]Pool{
				pairOf(in, out): c.direct, pairOf(in, via): c.first, pairOf(via, out): c.second,
			}}
			s := &search{side: side, from: in, to: out, amount: *uint256.NewInt(10), lanes: [][]string{{v2Venue}}}
			if top := s.run(m); top[0].pool.Address()[0] != c.want {
				t.Errorf("%s, exact %s: took pool %d", c.name, side, top[0].pool.Address()[0])
			}
		}
	}
}

func TestAMarketIsNotChangedByReplacingAPool(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMarket(t)
		for p, pools := range m.pools {
			before := slices.Clone(pools)
			other := m.replace(p, pools[0], &booth{at: pools[0].Address()})
			fewer := m.replace(p, pools[0], nil)
			if !slices.Equal(m.pools[p], before) || other.pools[p][0] == before[0] || len(fewer.pools[p]) != len(before)-1 {
				t.Fatal("the market changed, or its copy did not")
			}
		}
	})
}
