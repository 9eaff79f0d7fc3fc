package solve

import "slices"

// scope is what of a graph one order can use: the tokens and edges on ways between its two tokens, and what the search knows of them.
type scope struct {
	graph  *Graph
	hops   int     // of a path, at most
	wide   int     // hops that reach what is in the scope
	global []int32 // the graph's place of each token; the first is paid in, the second out
	local  []int32 // the place here of each token of the graph, or -1
	edges  []arc
	pools  []int32   // the graph's place of each pool
	place  []int32   // the place here of each pool of the graph, or -1
	ofPool [][]int32 // the arcs of each pool
	depth  [2][]int8 // fewest hops from the first token, and to the second, for each token of the graph; -1 where more than hops
	queue  []int32
}

const (
	source = 0 // the place of the token that is paid in
	sink   = 1
)

// arc is an edge in use.
type arc struct {
	*edge
	from, to int32 // tokens of the scope
	pool     int32 // of the scope
	flow     float64
	paid     float64 // for flow
	now      float64 // the marginal rate after flow
	slice    float64 // the rate of the next slice
	more     float64 // the rates a little after flow, and before
	less     float64
	toll     float64 // the gas of a trade, in the token that the order pays in
	shut     bool    // the pool trades another way already
	offered  bool    // on a path that was added in this round
}

// cut finds what lies on a way of at most wide hops, and leaves out tokens that are a way's dead end. Paths of it have so many hops at
// most.
func (s *scope) cut(g *Graph, from, to int32, hops, wide int) {
	s.graph, s.hops, s.wide = g, hops, wide
	s.local = grown(s.local, len(g.tokens), -1)
	s.place = grown(s.place, len(g.pools), -1)
	for i := range s.depth {
		s.depth[i] = grown(s.depth[i], len(g.tokens), -1)
	}
	for _, end := range [2]int32{from, to} { // what is no dead end for these two
		for t := end; t >= 0 && !g.core[t]; t = g.parent[t] {
			s.local[t] = -2
		}
	}
	s.reach(s.depth[0], from, to)
	s.reach(s.depth[1], to, from)
	s.global = append(s.global[:0], from, to)
	s.local[from], s.local[to] = source, sink
	s.edges, s.pools = s.edges[:0], s.pools[:0]
	s.gather(from)
	for i := 2; i < len(s.global); i++ {
		s.gather(s.global[i])
	}
	for len(s.ofPool) < len(s.pools) {
		s.ofPool = append(s.ofPool, nil)
	}
	for p := range s.pools {
		s.ofPool[p] = s.ofPool[p][:0]
	}
	for i := range s.edges {
		s.ofPool[s.edges[i].pool] = append(s.ofPool[s.edges[i].pool], int32(i))
	}
}

// reach counts hops from a token, over those that are of use; no way goes through the other end. Pools are taken to trade both ways.
func (s *scope) reach(depth []int8, from, end int32) {
	g := s.graph
	depth[from] = 0
	s.queue = append(s.queue[:0], from)
	for at := 0; at < len(s.queue); at++ {
		t := s.queue[at]
		if t == end || int(depth[t]) == s.wide {
			continue
		}
		for i := range g.leaving(t) {
			to := g.edges[int(g.first[t])+i].to
			if depth[to] < 0 && (g.core[to] || s.local[to] == -2) {
				depth[to] = depth[t] + 1
				s.queue = append(s.queue, to)
			}
		}
	}
}

// gather takes the edges that leave a token and lie on a way, and the tokens that they lead to.
func (s *scope) gather(from int32) {
	g := s.graph
	for i := g.first[from]; i < g.first[from+1]; i++ {
		e := &g.edges[i]
		if e.rate == 0 || s.depth[1][e.to] < 0 || int(s.depth[0][from])+1+int(s.depth[1][e.to]) > s.wide || s.local[e.to] == source {
			continue
		}
		if s.local[e.to] < 0 {
			s.local[e.to] = int32(len(s.global))
			s.global = append(s.global, e.to)
		}
		if s.place[e.pool] < 0 {
			s.place[e.pool] = int32(len(s.pools))
			s.pools = append(s.pools, e.pool)
		}
		s.edges = append(s.edges, arc{edge: e, from: s.local[from], to: s.local[e.to], pool: s.place[e.pool]})
	}
}

// clear takes all flow away.
func (s *scope) clear() {
	for i := range s.edges {
		a := &s.edges[i]
		a.flow, a.paid, a.now, a.shut = 0, 0, a.rate, false
	}
}

// grown is a slice of this length with all places set to v.
func grown[T any](s []T, n int, v T) []T {
	s = slices.Grow(s[:0], n)[:n]
	for i := range s {
		s[i] = v
	}
	return s
}
