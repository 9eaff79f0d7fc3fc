package solve

import (
	"cmp"
	"math"
	"slices"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/router/pool"
)

// The references know pools only by Out and Gas, and nothing of the solver but how it values gas.

// everyPath lists the hops of all paths that meet no token twice.
func everyPath(g *Graph, o Order, most int) [][]Hop {
	var all [][]Hop
	var walk func(at int32, hops []Hop, met []int32)
	goal := g.place[o.Out]
	walk = func(at int32, hops []Hop, met []int32) {
		if at == goal {
			all = append(all, slices.Clone(hops))
			return
		}
		if len(hops) == most {
			return
		}
		for _, e := range g.leaving(at) {
			if !slices.Contains(met, e.to) {
				walk(e.to, append(hops, Hop{int(e.pool), int(e.in), int(e.out)}), append(met, e.to))
			}
		}
	}
	start := g.place[o.In]
	walk(start, nil, []int32{start})
	return all
}

// trade executes a path on the state and returns what comes out and what gas it used; the state changes if keep is set.
func trade(state []pool.Pool, hops []Hop, amount uint256.Int, keep bool) (uint256.Int, uint64, bool) {
	used := uint64(0)
	for _, h := range hops {
		used += state[h.Pool].Gas(h.In, h.Out, &amount)
		paid, after, err := state[h.Pool].Out(h.In, h.Out, &amount)
		if err != nil {
			return paid, used, false
		}
		if keep {
			state[h.Pool] = after
		}
		amount = paid
	}
	return amount, used, true
}

// bestSingle is the most that one path leaves after gas.
func bestSingle(g *Graph, paths [][]Hop, o Order, perGas float64) (best float64) {
	for i, p := range paths {
		out, used, ok := trade(g.Pools(), p, o.Amount, false)
		if leaves := out.Float64() - float64(used)*perGas; ok && (i == 0 || best == 0 || leaves > best) {
			best = leaves
		}
	}
	return best
}

// grid is the search over a grid of 5 %: quotes of all paths for each share, then splits of at most seven paths that share no pool. It
// starts with the best and the second-best quote of each share, and adds to each the best quotes of the shares left whose pools are not
// used, as long as that leaves more.
func grid(g *Graph, paths [][]Hop, o Order, perGas float64) float64 {
	const steps, splits = 20, 7
	type quote struct {
		hops []Hop
		net  float64
	}
	quotes := make([][]quote, steps+1)
	for share := 1; share <= steps; share++ {
		var part uint256.Int
		part.Mul(&o.Amount, uint256.NewInt(uint64(share)))
		part.Div(&part, uint256.NewInt(steps))
		for _, p := range paths {
			if len(p) > 3 {
				continue
			}
			if out, used, ok := trade(g.Pools(), p, part, false); ok {
				quotes[share] = append(quotes[share], quote{p, out.Float64() - float64(used)*perGas})
			}
		}
		slices.SortStableFunc(quotes[share], func(a, b quote) int { return cmp.Compare(b.net, a.net) })
	}
	type split struct {
		taken []quote
		left  int
		net   float64
	}
	var queue []split
	best := math.Inf(-1)
	if len(quotes[steps]) > 0 {
		best = quotes[steps][0].net
	}
	for share := steps; share >= 1; share-- {
		for i := range min(2, len(quotes[share])) {
			q := quotes[share][i]
			queue = append(queue, split{[]quote{q}, steps - share, q.net})
		}
	}
	apart := func(s split, q quote) bool {
		for _, taken := range s.taken {
			for _, a := range taken.hops {
				for _, b := range q.hops {
					if a.Pool == b.Pool {
						return false
					}
				}
			}
		}
		return true
	}
	for round := 2; round <= splits && len(queue) > 0; round++ {
		var next []split
		for _, s := range queue {
			for share := s.left; share >= 1; share-- {
				at := slices.IndexFunc(quotes[share], func(q quote) bool { return apart(s, q) })
				if at < 0 {
					continue
				}
				q := quotes[share][at]
				more := split{append(slices.Clone(s.taken), q), s.left - share, s.net + q.net}
				if more.left == 0 {
					best = max(best, more.net)
				} else {
					next = append(next, more)
				}
			}
		}
		slices.SortStableFunc(next, func(a, b split) int { return cmp.Compare(b.net, a.net) })
		queue = next[:min(200, len(next))]
	}
	return best
}

// exhaustive is the most that any set of up to three paths leaves, and of four that extend the best of those, with the inputs moved
// between each two of them in halving steps.
func exhaustive(g *Graph, paths [][]Hop, o Order, perGas float64) float64 {
	type set struct {
		paths []int
		net   float64
	}
	f := newFloats(g, paths, o.Amount.Float64(), perGas)
	var triples []set
	best := 0.0
	for i := range paths {
		best = max(best, f.best(i))
		for j := i + 1; j < len(paths); j++ {
			best = max(best, f.best(i, j))
			for k := j + 1; k < len(paths); k++ {
				triples = append(triples, set{[]int{i, j, k}, f.best(i, j, k)})
			}
		}
	}
	slices.SortStableFunc(triples, func(a, b set) int { return cmp.Compare(b.net, a.net) })
	for i, s := range triples {
		best = max(best, s.net)
		if i >= 5 {
			break
		}
		for k := range paths {
			if !slices.Contains(s.paths, k) {
				best = max(best, f.best(append(slices.Clone(s.paths), k)...))
			}
		}
	}
	return best
}

// floats executes sets of paths over pairs in floats, as the reserves move.
type floats struct {
	paths  [][]Hop
	start  [][2]float64
	state  [][2]float64
	keep   []float64
	total  float64
	perGas float64
	gas    []float64
}

func newFloats(g *Graph, paths [][]Hop, total, perGas float64) *floats {
	f := &floats{paths: paths, total: total, perGas: perGas}
	for _, p := range g.Pools() {
		pair := p.(*pool.V2)
		a, b := pair.Reserves()
		f.start = append(f.start, [2]float64{a.Float64(), b.Float64()})
		f.keep = append(f.keep, 1-float64(pair.Site().FeePPM)/1e6)
	}
	f.state = slices.Clone(f.start)
	for _, p := range paths {
		sum := 0.0
		for _, h := range p {
			sum += float64(g.Pools()[h.Pool].Gas(h.In, h.Out, uint256.NewInt(1)))
		}
		f.gas = append(f.gas, sum*perGas)
	}
	return f
}

func (f *floats) run(set []int, shares []float64) float64 {
	for _, p := range set {
		for _, h := range f.paths[p] {
			f.state[h.Pool] = f.start[h.Pool]
		}
	}
	sum := 0.0
	for i, p := range set {
		amount := shares[i] * f.total
		for _, h := range f.paths[p] {
			r := &f.state[h.Pool]
			x := amount * f.keep[h.Pool]
			out := r[h.Out] * x / (r[h.In] + x)
			r[h.In] += amount
			r[h.Out] -= out
			amount = out
		}
		sum += amount
	}
	return sum
}

func (f *floats) best(set ...int) float64 {
	shares := make([]float64, len(set))
	cost := 0.0
	for i, p := range set {
		shares[i] = 1 / float64(len(set))
		cost += f.gas[p]
	}
	best := f.run(set, shares)
	for step := 0.25; step > 1e-5 && len(set) > 1; {
		better := false
		for i := range set {
			for j := range set {
				if i == j || shares[i] < step {
					continue
				}
				shares[i] -= step
				shares[j] += step
				if out := f.run(set, shares); out > best*(1+1e-13) {
					best, better = out, true
					continue
				}
				shares[i] += step
				shares[j] -= step
			}
		}
		if !better {
			step /= 2
		}
	}
	return best - cost
}
