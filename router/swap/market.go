package swap

import (
	"bytes"
	"context"
	"maps"
	"slices"

	"github.com/ethereum/go-ethereum/common"
)

// pair is two tokens, the lower address first.
type pair struct{ token0, token1 common.Address }

func pairOf(a, b common.Address) pair {
	if bytes.Compare(a[:], b[:]) > 0 {
		a, b = b, a
	}
	return pair{a, b}
}

// market is the pools between some tokens at one block. It never changes: a pool that is read further makes another market.
type market struct {
	tokens []common.Address
	pools  map[pair][]Pool
	size   int
}

// replace is the market with another state of the pool that old is, or without the pool where fresh is nil.
func (m *market) replace(p pair, old, fresh Pool) *market {
	next := &market{tokens: m.tokens, pools: maps.Clone(m.pools), size: m.size}
	pools := slices.Clone(m.pools[p])
	i := slices.IndexFunc(pools, func(q Pool) bool { return q.Address() == old.Address() })
	if i < 0 {
		return m
	}
	if fresh == nil {
		pools = slices.Delete(pools, i, i+1)
	} else {
		pools[i] = fresh
	}
	next.pools[p] = pools
	return next
}

// slot is a place where a kind may have a pool: the i-th that it would ask for.
type slot struct {
	kind int
	pair pair
	i    int
}

// survey reads the pools between the tokens. Places that were found before are read at once, the others are asked for again. A
// pool whose answers are odd is left out; an error means that nothing is known.
func (x *Router) survey(ctx context.Context, r Reader, tokens []common.Address) (*market, error) {
	m := &market{tokens: tokens, pools: map[pair][]Pool{}}
	known := x.known()
	var first, second batch
	for _, p := range pairsOf(tokens) {
		for at, k := range x.kinds {
			for i, q := range k.find(p.token0, p.token1) {
				if s, ok := known[slot{at, p, i}]; ok {
					first.add(k.state(s), func(a []answer) { m.add(p)(k.pool(s, a)) })
					continue
				}
				first.add([]query{q}, func(a []answer) {
					s, ok := k.site(i, p.token0, p.token1, a[0])
					if !ok {
						return
					}
					identity := k.identity(s)
					second.add(append(identity, k.state(s)...), func(a []answer) {
						s, err := k.check(s, a[:len(identity)])
						if err != nil {
							return
						}
						x.learn(slot{at, p, i}, s)
						m.add(p)(k.pool(s, a[len(identity):]))
					})
				})
			}
		}
	}
	if err := first.run(ctx, r, x.network); err != nil {
		return nil, err
	}
	if err := second.run(ctx, r, x.network); err != nil {
		return nil, err
	}
	return m, nil
}

// add returns what takes a pool into the market while it is being made; a pool that could not be read stays outside.
func (m *market) add(p pair) func(Pool, error) {
	return func(pool Pool, err error) {
		if err != nil {
			return
		}
		m.pools[p] = append(m.pools[p], pool)
		m.size++
	}
}

func pairsOf(tokens []common.Address) []pair {
	var pairs []pair
	for i, a := range tokens {
		for _, b := range tokens[i+1:] {
			pairs = append(pairs, pairOf(a, b))
		}
	}
	return pairs
}

// known is a copy of the sites that were found so far.
func (x *Router) known() map[slot]site {
	x.mu.Lock()
	defer x.mu.Unlock()
	return maps.Clone(x.sites)
}

func (x *Router) learn(at slot, s site) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.sites[at] = s
}

// maxRounds bounds how often state is read further for one quote. A pool that is still partial then is left out.
const maxRounds = 32

// best finds the best path. Pools are read only as far as needed to know that no other path can be better. It returns nil where
// there is none.
func (x *Router) best(ctx context.Context, r Reader, m *market, s search) (*node, error) {
	for round := 0; ; round++ {
		top := s.run(m)
		if len(top) == 0 {
			return nil, nil
		}
		if !top[0].partial {
			return top[0], nil
		}
		if round >= maxRounds {
			m = m.without(top[0])
			continue
		}
		var err error
		if m, err = x.extend(ctx, r, m, s, top); err != nil {
			return nil, err
		}
	}
}

// without is the market without the pools in which a path leaves the state that was read.
func (m *market) without(path *node) *market {
	for n := path; n.prev != nil; n = n.prev {
		if n.leaves {
			m = m.replace(pairOf(n.token, n.prev.token), n.pool, nil)
		}
	}
	return m
}

// extend reads on in the pools in which the best paths leave the state that was read. Paths behind the first whole one can't
// win any more.
func (x *Router) extend(ctx context.Context, r Reader, m *market, s search, top []*node) (*market, error) {
	var b batch
	seen := map[common.Address]bool{}
	for _, n := range top {
		if !n.partial {
			break
		}
		for ; n.prev != nil; n = n.prev {
			if !n.leaves || seen[n.pool.Address()] {
				continue
			}
			seen[n.pool.Address()] = true
			p, old := pairOf(n.token, n.prev.token), n.pool
			queries, grown := grow(old, &s, n)
			if len(queries) == 0 {
				m = m.replace(p, old, nil)
				continue
			}
			b.add(queries, func(a []answer) {
				fresh, err := grown(a)
				if err != nil {
					fresh = nil
				}
				m = m.replace(p, old, fresh)
			})
		}
	}
	if err := b.run(ctx, r, x.network); err != nil {
		return nil, err
	}
	return m, nil
}

// grow asks a pool what to read next for the trade of n; nothing, where the pool has no more to be read.
func grow(p Pool, s *search, n *node) ([]query, func([]answer) (Pool, error)) {
	open, ok := p.(partial)
	if !ok {
		return nil, nil
	}
	return open.grow(s.direction(n))
}
