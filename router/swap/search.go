package swap

import (
	"bytes"
	"cmp"
	"errors"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

// search asks for the best path of up to three hops that trades an exact amount. It walks from the side of the exact amount:
// from the token in for exact-in, backwards from the token out for exact-out.
type search struct {
	side     Side
	from, to common.Address // of the walk
	amount   uint256.Int    // of from
	lanes    [][]string     // sets of venues that one path may combine
}

// node is a path so far: one more pool on top of prev.
type node struct {
	prev    *node
	pool    Pool
	token   common.Address // that was reached
	amount  uint256.Int    // of token: what arrives for exact-in, what is needed for exact-out
	gas     uint64
	fees    uint64 // pips, summed
	hops    int
	leaves  bool // this pool's state was not read far enough
	partial bool // this one's or one's before, so amount is only a bound
}

// topSize is how many of the best paths are looked at for pools to be read further.
const topSize = 8

// run returns the best paths, best first, over all lanes. Every path not listed is no better than the last one listed.
//
// Pools only ever give more for more, so a path's last pool needs the best prefixes only: it is tried with the next worse one
// only as long as that changes nothing, or where the better ones are too large for it.
func (s *search) run(m *market) []*node {
	top := &ranking{search: s}
	for _, lane := range s.lanes {
		root := &node{token: s.from, amount: s.amount}
		one := map[common.Address][]*node{}
		for _, v := range m.tokens {
			if v != s.from && v != s.to {
				one[v] = s.spread([]*node{root}, m.between(s.from, v, lane), v)
			}
		}
		s.finish(top, []*node{root}, m.between(s.from, s.to, lane))
		for _, v := range m.tokens {
			if len(one[v]) == 0 {
				continue
			}
			s.finish(top, one[v], m.between(v, s.to, lane))
			for _, u := range m.tokens {
				last := m.between(u, s.to, lane)
				if u == v || u == s.from || u == s.to || len(last) == 0 {
					continue
				}
				s.finish(top, s.spread(one[v], m.between(v, u, lane), u), last)
			}
		}
	}
	return top.nodes
}

// between lists the pools of two tokens whose venue is in the lane.
func (m *market) between(a, b common.Address, lane []string) []Pool {
	var pools []Pool
	for _, p := range m.pools[pairOf(a, b)] {
		if slices.Contains(lane, p.Venue()) {
			pools = append(pools, p)
		}
	}
	return pools
}

// spread is every prefix with every pool on top.
func (s *search) spread(prefixes []*node, pools []Pool, to common.Address) []*node {
	var nodes []*node
	for _, prefix := range prefixes {
		for _, p := range pools {
			if n := s.step(prefix, p, to); n != nil {
				nodes = append(nodes, n)
			}
		}
	}
	return nodes
}

// finish ends prefixes with each of the pools, as far as that can matter.
func (s *search) finish(top *ranking, prefixes []*node, pools []Pool) {
	if len(pools) == 0 {
		return
	}
	slices.SortFunc(prefixes, s.compare)
	for _, p := range pools {
		var best *node
		for _, prefix := range prefixes {
			n := s.step(prefix, p, s.to)
			if n == nil {
				continue
			}
			if best != nil && n.amount != best.amount {
				break
			}
			best = n
			top.add(n)
		}
	}
}

// step trades through one more pool. It returns nil where the pool can't. Where the amount is an upper bound that is more than
// the pool can take, the true amount may still fit: then the path stays, as good as it could ever be.
func (s *search) step(prefix *node, p Pool, to common.Address) *node {
	n := &node{
		prev: prefix, pool: p, token: to, partial: prefix.partial,
		fees: prefix.fees + uint64(p.FeePips()), hops: prefix.hops + 1,
	}
	var fill Fill
	var err error
	if s.side == ExactIn {
		fill, err = p.Out(prefix.token, to, &prefix.amount)
	} else {
		fill, err = p.In(to, prefix.token, &prefix.amount)
	}
	if errors.Is(err, errLiquidity) && prefix.partial && s.side == ExactIn {
		n.amount = *most
		return n
	}
	if err != nil {
		return nil
	}
	n.amount, n.gas, n.leaves = fill.Amount, prefix.gas+fill.Gas, fill.Partial
	n.partial = n.partial || fill.Partial
	return n
}

// direction is the token in and the token out of a node's pool.
func (s *search) direction(n *node) (in, out common.Address) {
	if s.side == ExactIn {
		return n.prev.token, n.token
	}
	return n.token, n.prev.token
}

// compare orders paths: the better amount, then fewer hops, lower fees, and the pools' addresses from the start of the walk.
func (s *search) compare(a, b *node) int {
	byAmount := a.amount.Cmp(&b.amount)
	if s.side == ExactIn {
		byAmount = -byAmount
	}
	return cmp.Or(byAmount, cmp.Compare(a.hops, b.hops), cmp.Compare(a.fees, b.fees), compareAddresses(a, b))
}

func compareAddresses(a, b *node) int {
	if a.prev == nil || b.prev == nil || a == b {
		return 0
	}
	x, y := a.pool.Address(), b.pool.Address()
	return cmp.Or(compareAddresses(a.prev, b.prev), bytes.Compare(x[:], y[:]))
}

// ranking keeps the best paths, one for each distinct sequence of pools.
type ranking struct {
	search *search
	nodes  []*node
}

func (t *ranking) add(n *node) {
	i, same := slices.BinarySearchFunc(t.nodes, n, t.search.compare)
	if same || i == topSize {
		return
	}
	t.nodes = slices.Insert(t.nodes, i, n)
	t.nodes = t.nodes[:min(topSize, len(t.nodes))]
}
