package solve

import (
	"fmt"
	"math"
	"slices"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/router/pool"
)

// Graph is the pools of one state, as edges between tokens: one for each direction of each pair of a pool's tokens. It does not change;
// any number of Solvers may read it at once.
type Graph struct {
	pools  []pool.Pool
	tokens []common.Address
	place  map[common.Address]int32
	edges  []edge    // those that leave a token stand together
	first  []int32   // the first edge that leaves each token, and the number of edges
	ofPool [][]int32 // the edges of each pool
	// A token that trades with one other only lies on no way but to or from itself. Without such tokens, again and again, the core is
	// left; parent leads from all others one step towards it, or is -1 where a tree has its own end.
	core   []bool
	parent []int32
}

type edge struct {
	from, to int32
	pool     int32
	in, out  int16   // places in the pool
	rate     float64 // of the first unit; 0 where the pool does not trade this way
	curve    pool.Curve
}

// aim reads the pool's state.
func (e *edge) aim(p pool.Pool) {
	e.curve = p.Curve(int(e.in), int(e.out))
	e.rate = e.curve.Rate(0)
	if !(e.rate > 0) || math.IsInf(e.rate, 1) {
		e.rate = 0
	}
}

// NewGraph joins the pools by their tokens.
func NewGraph(pools []pool.Pool) (*Graph, error) {
	g := &Graph{pools: pools, place: map[common.Address]int32{}}
	if len(pools) > math.MaxInt32/2 {
		return nil, fmt.Errorf("%d pools are more than a graph holds", len(pools))
	}
	all := make([]edge, 0, 2*len(pools))
	for i, p := range pools {
		tokens := p.Site().Tokens
		if len(tokens) > math.MaxInt16 {
			return nil, fmt.Errorf("pool %s has %d tokens", p.Site().ID, len(tokens))
		}
		for in := range tokens {
			for out := range tokens {
				if tokens[in] == tokens[out] {
					continue
				}
				e := edge{from: g.token(tokens[in]), to: g.token(tokens[out]), pool: int32(i), in: int16(in), out: int16(out)}
				e.aim(p)
				all = append(all, e)
			}
		}
	}
	g.arrange(all)
	g.peel()
	return g, nil
}

// Pools are the pools in the order that a Hop names them by.
func (g *Graph) Pools() []pool.Pool { return g.pools }

func (g *Graph) token(a common.Address) int32 {
	at, ok := g.place[a]
	if !ok {
		at = int32(len(g.tokens))
		g.place[a] = at
		g.tokens = append(g.tokens, a)
	}
	return at
}

// arrange sorts the edges by the token that they leave, and keeps the order of the pools.
func (g *Graph) arrange(all []edge) {
	g.first = make([]int32, len(g.tokens)+1)
	for i := range all {
		g.first[all[i].from+1]++
	}
	for t := range g.tokens {
		g.first[t+1] += g.first[t]
	}
	g.edges, g.ofPool = make([]edge, len(all)), make([][]int32, len(g.pools))
	next := append([]int32(nil), g.first...)
	for _, e := range all {
		at := next[e.from]
		g.edges[at] = e
		g.ofPool[e.pool] = append(g.ofPool[e.pool], at)
		next[e.from]++
	}
}

// Change is another state of a pool, which is named by its place in Pools.
type Change struct {
	Place int
	Pool  pool.Pool
}

// With is the graph after the changes, of which the last counts where a pool changes twice. The tokens of a pool stay.
func (g *Graph) With(changes []Change) (*Graph, error) {
	after := *g
	after.pools, after.edges = slices.Clone(g.pools), slices.Clone(g.edges)
	for _, c := range changes {
		if c.Place < 0 || c.Place >= len(g.pools) || !slices.Equal(c.Pool.Site().Tokens, g.pools[c.Place].Site().Tokens) {
			return nil, fmt.Errorf("pool %s is not the one in place %d", c.Pool.Site().ID, c.Place)
		}
		after.pools[c.Place] = c.Pool
		for _, e := range g.ofPool[c.Place] {
			after.edges[e].aim(c.Pool)
		}
	}
	return &after, nil
}

func (g *Graph) leaving(token int32) []edge { return g.edges[g.first[token]:g.first[token+1]] }

// peel takes away tokens with one neighbour until none is left. A pool that trades one way only counts as a neighbour both ways.
func (g *Graph) peel() {
	n := len(g.tokens)
	near := make([]map[int32]bool, n)
	for i := range near {
		near[i] = map[int32]bool{}
	}
	for _, e := range g.edges {
		near[e.from][e.to], near[e.to][e.from] = true, true
	}
	g.core, g.parent = make([]bool, n), make([]int32, n)
	var queue []int32
	for t := range n {
		g.core[t], g.parent[t] = true, -1
		if len(near[t]) < 2 {
			queue = append(queue, int32(t))
		}
	}
	for len(queue) > 0 {
		t := queue[0]
		queue = queue[1:]
		if !g.core[t] {
			continue
		}
		g.core[t] = false
		for up := range near[t] { // one at most
			g.parent[t] = up
			delete(near[up], t)
			if g.core[up] && len(near[up]) < 2 {
				queue = append(queue, up)
			}
		}
	}
}
