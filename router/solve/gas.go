package solve

import (
	"math"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

// gas values the gas of trades in the order's tokens.
type gas struct {
	rate   float64 // units of the token that comes out for a unit of gas
	paid   float64 // units of the token that is not fixed: that one, or the one that goes in
	priced bool
	scope  scope
	prices prices
	known  map[common.Address]float64 // of this graph, gas price and native coin
	graph  *Graph
	wei    uint64
	native common.Address
}

// tradesValued is the gas whose worth sets the price of the native coin: that of a quote of some paths. A coin's price for a larger
// amount would be too low, and one for the first unit could be that of a pool of dust.
const (
	tradesValued = 1_000_000
	gasHops      = 3
)

// price finds what a unit of gas costs. Where no path leads from the native coin to the token, gas counts as nothing.
func (g *gas) price(graph *Graph, o *Order, token common.Address) {
	g.rate, g.paid, g.priced = 0, 0, false
	if o.GasPrice == 0 {
		return
	}
	if g.known == nil || g.graph != graph || g.wei != o.GasPrice || g.native != o.Native {
		g.known = map[common.Address]float64{}
		g.graph, g.wei, g.native = graph, o.GasPrice, o.Native
	}
	rate, ok := g.known[token]
	if !ok {
		rate = g.find(graph, token)
		g.known[token] = rate
	}
	g.rate, g.paid, g.priced = rate, rate, rate > 0
}

func (g *gas) find(graph *Graph, token common.Address) float64 {
	if token == g.native {
		return float64(g.wei)
	}
	from, ok := graph.place[g.native]
	if !ok {
		return 0
	}
	g.scope.cut(graph, from, graph.place[token], gasHops, gasHops)
	g.scope.clear()
	valued := float64(g.wei) * tradesValued
	most := 0.0
	for _, p := range g.prices.singles(&g.scope, valued) {
		most = max(most, g.scope.push(&p, valued))
	}
	return most / tradesValued
}

// of is the cost of a path that trades this amount alone, in units of the token that comes out.
func (g *gas) of(s *scope, p *path, amount float64) float64 {
	if g.rate == 0 {
		return 0
	}
	used := uint64(0)
	var whole uint256.Int
	for _, e := range p.arcs[:p.hops] {
		a := &s.edges[e]
		rounded(&whole, amount)
		used += s.graph.pools[a.edge.pool].Gas(int(a.in), int(a.out), &whole)
		amount = a.curve.Out(amount)
	}
	return float64(used) * g.rate
}

// cost is the worth of this much gas, rounded up.
func (g *gas) cost(z *uint256.Int, used uint64) {
	rounded(z, math.Ceil(float64(used)*g.paid))
}

// levy sets what each arc's gas is in the token that is paid in, for a trade of the whole amount on one path. Units are how much of each
// token one unit paid in is worth, and worth how much of the token that comes out.
func (g *gas) levy(s *scope, units []float64, total, worth float64) {
	if g.rate == 0 || worth == 0 {
		return
	}
	var whole uint256.Int
	for i := range s.edges {
		a := &s.edges[i]
		rounded(&whole, total*units[a.from])
		a.toll = float64(s.graph.pools[a.edge.pool].Gas(int(a.in), int(a.out), &whole)) * g.rate / worth
	}
}
