package solve

import (
	"cmp"
	"math"
	"slices"
)

// prune drops ways that bring less than their gas.
//
// Gas is paid for each way, however little goes through it, so the best set of ways is a question of which, and not only of how much. Ways
// are taken away while that leaves more: first those that surely bring less than their gas, then, least first, whatever a trial shows.
// What is left is offered other ways once more, in case the first ones stood in their place.
type prune struct {
	order      []int32
	loses      []float64
	kept       []way
	best       []way
	candidates []path
	single     path
	left       int // changes that may still be tried
}

const (
	trials         = 24 // ways that are tried to be dropped, in a row
	rejoins        = 3  // times that others are offered
	fewWays        = 6  // up to which each way is tried to be swapped
	swaps          = 12 // offers taken as candidates, of each size
	smallScope     = 40 // arcs of a scope whose paths are all candidates
	mostCandidates = 80
	evaluations    = 1500 // changes that are tried, from each start
	undercost      = 0.3  // of its gas that an offer has to gain in the search: prune decides
)

// net is what the ways leave after gas.
func (v *Solver) net(out float64) float64 {
	s, b := &v.scope, &v.balance
	for i := range b.ways {
		if w := &b.ways[i]; w.in > 0 {
			out -= v.gas.of(s, &w.path, w.in)
		}
	}
	return out
}

// economise leaves the ways that are worth their gas, and returns what they bring.
func (v *Solver) economise(total, out float64) float64 {
	if v.gas.rate == 0 {
		return out
	}
	s, b, p := &v.scope, &v.balance, &v.prune
	out = v.shed(out)
	for range rejoins {
		p.best = append(p.best[:0], b.ways...)
		net := v.net(out)
		added := false
		for slice := total / 4; slice > total*1e-3; slice /= 4 {
			b.shut(s)
			offers := v.prices.offers(s, total, slice, b.level(), v.cost(total, 1), out*closeness, 4, worthwhile)
			if b.add(s, offers) {
				added = true
				b.settle(s, stepsRound, closeness)
				b.sweep()
				out = b.settle(s, stepsRound, closeness)
			}
		}
		if !added {
			break
		}
		if out = v.shed(out); v.net(out) <= net {
			b.ways = append(b.ways[:0], p.best...)
			out = b.settle(s, 0, closeness)
			break
		}
	}
	return v.swap(total, out)
}

// swap tries, where ways are few and each counts, to add a way, to drop one, and to put another in the place of each, until none of that
// leaves more. The candidates are those that would leave most above the level were they alone: the ways in use hide paths that share
// their pools. It begins anew from the best single way, and keeps the better end.
func (v *Solver) swap(total, out float64) float64 {
	s, b, p := &v.scope, &v.balance, &v.prune
	if len(b.ways) > fewWays {
		return out
	}
	level := b.level()
	p.best = append(p.best[:0], b.ways...)
	v.gather(total, level)
	b.ways = append(b.ways[:0], p.best...)
	p.left = evaluations
	out = v.climb(b.settle(s, 0, closeness))
	net := v.net(out)
	p.best = append(p.best[:0], b.ways...)
	b.ways = append(b.ways[:0], way{path: p.single, in: total})
	p.left = evaluations
	if other := v.climb(b.settle(s, 0, closeness)); v.net(other) > net {
		return other
	}
	b.ways = append(b.ways[:0], p.best...)
	return b.settle(s, 0, closeness)
}

// gather finds the candidates, on pools that nothing trades.
func (v *Solver) gather(total, level float64) {
	s, b, p := &v.scope, &v.balance, &v.prune
	for i := range b.ways {
		b.ways[i].in = 0
	}
	b.run(s)
	b.mark(s)
	for i := range s.edges {
		s.edges[i].shut, s.edges[i].toll = false, 0
	}
	p.candidates = p.candidates[:0]
	for i := range p.best {
		p.candidates = append(p.candidates, p.best[i].path)
	}
	if len(s.edges) <= smallScope {
		p.every(s, &path{}, source)
	}
	for part := 1.0; part > 0.01; part /= 4 {
		for _, o := range v.prices.offers(s, total, total*part, level, v.cost(total, undercost), 0, swaps, 0) {
			if !slices.Contains(p.candidates, o.path) {
				p.candidates = append(p.candidates, o.path)
			}
		}
	}
}

// every adds all paths that go on from a token as candidates, up to a number.
func (p *prune) every(s *scope, begun *path, at int32) {
	for i := range s.edges {
		a := &s.edges[i]
		if a.from != at || len(p.candidates) >= mostCandidates {
			continue
		}
		on := *begun
		on.arcs[on.hops] = int32(i)
		on.hops++
		switch {
		case !s.simple(&on):
		case a.to != sink && on.hops < s.hops:
			p.every(s, &on, a.to)
		case a.to == sink && !slices.Contains(p.candidates, on):
			p.candidates = append(p.candidates, on)
		}
	}
}

// climb takes the first change of the ways that leaves more, again and again.
func (v *Solver) climb(out float64) float64 {
	s, b, p := &v.scope, &v.balance, &v.prune
	net := v.net(out)
	p.kept = append(p.kept[:0], b.ways...)
	taken := func() bool { // whether what is set up leaves more
		p.left--
		now := b.settle(s, stepsRound+2, closeness)
		b.sweep()
		if n := v.net(now); n > net+math.Abs(out)*closeness {
			out, net = now, n
			p.kept = append(p.kept[:0], b.ways...)
			return true
		}
		b.ways = append(b.ways[:0], p.kept...)
		return false
	}
	for again := true; again && p.left > 0; {
		again = false
		for i := 0; i <= len(p.kept) && p.left > 0; i++ {
			if i < len(p.kept) && len(p.kept) > 1 {
				b.hand(i)
				if b.sweep(); taken() {
					again = true
					break
				}
			}
			for k := range p.candidates {
				c := &p.candidates[k]
				if b.has(c) || p.left <= 0 || !v.fitsWith(c, i) || len(b.ways) > fewWays {
					continue
				}
				if i < len(b.ways) {
					b.ways[i].path = *c
				} else {
					b.ways = append(b.ways, way{path: *c})
				}
				if taken() {
					again = true
				}
			}
		}
	}
	b.ways = append(b.ways[:0], p.kept...)
	return b.settle(s, 0, closeness)
}

// fitsWith says whether a path trades no pool against a way, but one that leaves.
func (v *Solver) fitsWith(c *path, leaves int) bool {
	s, b := &v.scope, &v.balance
	for i := range b.ways {
		if i == leaves {
			continue
		}
		for _, e := range b.ways[i].arcs[:b.ways[i].hops] {
			for _, f := range c.arcs[:c.hops] {
				if e != f && s.edges[e].pool == s.edges[f].pool {
					return false
				}
			}
		}
	}
	return true
}

// shed drops ways, and returns what is left.
func (v *Solver) shed(out float64) float64 {
	s, b, p := &v.scope, &v.balance, &v.prune
	for len(b.ways) > 1 { // those that bring much less than their gas
		p.kept = append(p.kept[:0], b.ways...)
		before := v.net(out)
		if !v.doom() {
			break
		}
		b.sweep()
		after := b.settle(s, stepsLast, closeness)
		if v.net(after) < before {
			b.ways = append(b.ways[:0], p.kept...)
			out = b.settle(s, 0, closeness)
			break
		}
		out = after
	}
	for dropped := true; dropped && len(b.ways) > 1; {
		dropped = false
		p.rank(v)
		net := v.net(out)
		p.kept = append(p.kept[:0], b.ways...)
		for _, i := range p.order[:min(trials, len(p.order))] {
			b.hand(int(i))
			b.sweep()
			if after := b.settle(s, stepsRound+1, closeness); v.net(after) > net {
				out, dropped = after, true
				break
			}
			b.ways = append(b.ways[:0], p.kept...)
			b.settle(s, 0, closeness)
		}
	}
	return out
}

// doom empties all ways at once whose loss is much less than their gas, and says whether there are any.
func (v *Solver) doom() bool {
	s, b := &v.scope, &v.balance
	b.curve(s)
	b.sides(s)
	conducts, level := b.conducting(s), b.level()
	doomed := 0
	for i := range b.ways {
		w := &b.ways[i]
		if len(b.ways)-doomed > 1 && b.loss(s, w, conducts, level) < v.gas.of(s, &w.path, w.in)/2 {
			b.hand(i)
			doomed++
		}
	}
	return doomed > 0
}

// rank orders the ways by what they seem to bring above their gas.
func (p *prune) rank(v *Solver) {
	s, b := &v.scope, &v.balance
	b.curve(s)
	b.sides(s)
	conducts, level := b.conducting(s), b.level()
	p.order, p.loses = p.order[:0], p.loses[:0]
	for i := range b.ways {
		w := &b.ways[i]
		p.order = append(p.order, int32(i))
		p.loses = append(p.loses, b.loss(s, w, conducts, level)-v.gas.of(s, &w.path, w.in))
	}
	slices.SortStableFunc(p.order, func(i, j int32) int { return cmp.Compare(p.loses[i], p.loses[j]) })
}

// conducting is how much more all ways together would take for a fall of the rate by one. Those at an edge would take nothing.
func (b *balance) conducting(s *scope) float64 {
	sum := 0.0
	for i := range b.ways {
		w := &b.ways[i]
		if bent := -b.second(s, w, w); bent > 0 && w.less <= w.more*edged {
			sum += 1 / bent
		}
	}
	return sum
}

// loss is about what is lost without a way: its rate falls less, and that of the others, who take its input, more.
func (b *balance) loss(s *scope, w *way, conducts, level float64) float64 {
	bent := -b.second(s, w, w)
	if w.less > w.more*edged {
		return w.in * max(0, w.less-level)
	}
	if bent > 0 {
		conducts -= 1 / bent
	}
	if conducts <= 0 {
		return math.Inf(1)
	}
	return w.in * w.in * (bent + 1/conducts) / 2
}

// hand gives the input of a way to the largest other.
func (b *balance) hand(at int) {
	largest := -1
	for i := range b.ways {
		if i != at && (largest < 0 || b.ways[i].in > b.ways[largest].in) {
			largest = i
		}
	}
	b.ways[largest].in += b.ways[at].in
	b.ways[at].in = 0
}
