package solve

import (
	"cmp"
	"math"
	"slices"
)

// MaxHops is the longest path that an order may allow.
const MaxHops = 8

// path is arcs one after the other, from source to sink.
type path struct {
	arcs [MaxHops]int32
	hops int
}

// prices are, for each token, the best product of marginal rates from the source to it and from it to the sink, within so many hops.
// They answer in one sweep over the arcs a round which path through each arc is the best.
type prices struct {
	best   [2][MaxHops][]float64 // from the source to each token; from each token to the sink
	by     [2][MaxHops][]int32   // the arc next to the token
	long   [2][MaxHops][]int8    // hops of that path
	units  []float64             // of each token, for a unit of the source
	found  []offer
	taken  map[path]bool
	amount [MaxHops + 1][]float64 // the most of each token after so many hops, all on one path
	spent  [MaxHops + 1][]float64 // the tolls of that path
	leaves []float64              // what they leave
	came   [MaxHops + 1][]int32   // the arc that it came by
}

// offer is a path that could be added, and what it would gain, in units out.
type offer struct {
	path path
	gain float64
}

// size finds how much of each token a unit of the source is worth, at the best of what the walk for an amount met.
func (p *prices) size(s *scope, amount float64) {
	p.singles(s, amount)
	p.units = grown(p.units, len(s.global), 0)
	for h := range s.hops {
		for t, v := range p.amount[h] {
			p.units[t] = max(p.units[t], v/amount)
		}
	}
}

// rate sets what the arcs bring for one unit: the average over a slice of the order, in place of the rate of the very next unit. By
// that, pools of dust beside the deep ones would always come first. A slice of 0 means the marginal rate.
func (p *prices) rate(s *scope, slice float64) {
	for i := range s.edges {
		a := &s.edges[i]
		a.slice = a.now
		if amount := slice * p.units[a.from]; amount > 0 {
			a.slice = max(0, a.curve.Out(a.flow+amount)-a.paid-a.toll*p.units[a.to]) / amount
		}
	}
}

// sweep finds the prices at the marginal rates as they are now. A path that meets a token twice is not taken for a price: while ways are
// not in balance yet there are circles that gain, and the best products would all go round them.
func (p *prices) sweep(s *scope) {
	n := len(s.global)
	for h := range s.hops {
		for end := range p.best {
			p.best[end][h] = grown(p.best[end][h], n, 0)
			p.by[end][h], p.long[end][h] = grown(p.by[end][h], n, -1), grown(p.long[end][h], n, 0)
		}
	}
	p.best[source][0][source], p.best[sink][0][sink] = 1, 1
	for h := 1; h < s.hops; h++ {
		for end := range p.best {
			copy(p.best[end][h], p.best[end][h-1])
			copy(p.by[end][h], p.by[end][h-1])
			copy(p.long[end][h], p.long[end][h-1])
		}
		to, from := p.best[source][h], p.best[sink][h]
		toBefore, fromBefore := p.best[source][h-1], p.best[sink][h-1]
		for i := range s.edges {
			a := &s.edges[i]
			if a.shut {
				continue
			}
			if v := toBefore[a.from] * a.slice; v > to[a.to] && a.to != sink && p.fresh(s, source, h-1, a.from, a.to) {
				to[a.to], p.by[source][h][a.to], p.long[source][h][a.to] = v, int32(i), p.long[source][h-1][a.from]+1
			}
			if v := fromBefore[a.to] * a.slice; v > from[a.from] && a.from != source && p.fresh(s, sink, h-1, a.to, a.from) {
				from[a.from], p.by[sink][h][a.from], p.long[sink][h][a.from] = v, int32(i), p.long[sink][h-1][a.to]+1
			}
		}
	}
}

// fresh says whether the best path between an end and a token, of at most so many hops, does not meet another token. A path of some
// hops was found in the round of that number, so its arcs stand there.
func (p *prices) fresh(s *scope, end, hops int, at, token int32) bool {
	for h := p.long[end][hops][at]; h > 0 && at != token; h-- {
		a := &s.edges[p.by[end][h][at]]
		at = a.from
		if end == sink {
			at = a.to
		}
	}
	return at != token
}

// through finds the best path through an arc that brings more than worth.
func (p *prices) through(s *scope, at int32, worth float64) (path, bool) {
	a := &s.edges[at]
	limit := math.Inf(1)
	for range s.hops {
		rate, before := worth, -1
		for h := range s.hops {
			if v := p.best[source][h][a.from] * a.slice * p.best[sink][s.hops-1-h][a.to]; v > rate && v < limit {
				rate, before = v, h
			}
		}
		if before < 0 {
			break
		}
		if found, ok := p.trace(s, at, before); ok {
			return found, true
		}
		limit = rate
	}
	return path{}, false
}

// trace is the best path through an arc with at most so many hops before it. It reports false where that meets a token twice.
func (p *prices) trace(s *scope, at int32, before int) (path, bool) {
	var found path
	t := s.edges[at].from
	found.hops = int(p.long[source][before][t]) + 1
	for h := found.hops - 1; h > 0; h-- {
		found.arcs[h-1] = p.by[source][h][t]
		t = s.edges[found.arcs[h-1]].from
	}
	found.arcs[found.hops-1] = at
	t = s.edges[at].to
	for h := p.long[sink][s.hops-1-before][t]; h > 0; h-- {
		arc := p.by[sink][h][t]
		found.arcs[found.hops] = arc
		found.hops++
		t = s.edges[arc].to
	}
	return found, s.simple(&found)
}

// simple says whether a path meets no token and no pool twice.
func (s *scope) simple(p *path) bool {
	for i := range p.hops {
		a := &s.edges[p.arcs[i]]
		if a.to == source || a.from == sink {
			return false
		}
		for j := range i {
			if b := &s.edges[p.arcs[j]]; b.to == a.to || b.pool == a.pool {
				return false
			}
		}
	}
	return true
}

// offers are the paths that would gain most if some input went to them instead of where it brings only worth a unit. Each gain is over
// the amounts of a geometric row, since a marginal rate alone says nothing of how deep a pool is.
func (p *prices) offers(s *scope, total, slice, worth float64, cost func(*path) float64, least float64, most int, share float64) []offer {
	p.rate(s, slice)
	p.sweep(s)
	p.found = p.found[:0]
	if p.taken == nil {
		p.taken = map[path]bool{}
	}
	clear(p.taken)
	for i := range s.edges {
		if s.edges[i].shut {
			continue
		}
		way, ok := p.through(s, int32(i), worth*(1+1e-10))
		if !ok || p.taken[way] {
			continue
		}
		p.taken[way] = true
		if gain := s.gain(&way, total, slice, worth); gain > least+cost(&way) {
			p.found = append(p.found, offer{way, gain - cost(&way)})
		}
	}
	slices.SortStableFunc(p.found, func(a, b offer) int { return cmp.Compare(b.gain, a.gain) })
	take := min(most, len(p.found))
	for take > 1 && p.found[take-1].gain < p.found[0].gain*share {
		take--
	}
	return p.found[:take]
}

// worthwhile is the part of the best offer's gain that others of the round must have: what gains little now may be worth nothing once
// the large ones are settled.
const worthwhile = 0.05

// gain is the most that an amount on the path brings above its worth elsewhere, for amounts around the slice.
func (s *scope) gain(p *path, total, slice, worth float64) float64 {
	if slice == 0 {
		slice = total * 1e-6
	}
	best, falling := 0.0, 0
	for amount := min(total/2, 4*slice); amount > slice/300 && falling < 2; amount /= 4 {
		gain := s.push(p, amount) - amount*worth
		if gain > best {
			best, falling = gain, 0
		} else if best > 0 {
			falling++
		}
	}
	return best
}

// push is what the path pays for an amount on top of the flows.
func (s *scope) push(p *path, amount float64) float64 {
	for _, i := range p.arcs[:p.hops] {
		a := &s.edges[i]
		amount = a.curve.Out(a.flow+amount) - a.paid
	}
	return max(0, amount)
}

// singles are the best paths for the whole amount, one for each number of hops, by a walk that keeps of each token, after each hop, the
// path whose amount leaves most after tolls. What a pool pays rises with what goes in, so the largest is the best to go on with; only that a path may meet no
// token twice can make the walk miss one.
//
// Pools that can't take the whole amount are left out, unless there is no path without them.
func (p *prices) singles(s *scope, total float64) []path {
	if all := p.walk(s, total, false); len(all) > 0 {
		return all
	}
	return p.walk(s, total, true)
}

func (p *prices) walk(s *scope, total float64, short bool) []path {
	n := len(s.global)
	for h := range s.hops + 1 {
		p.amount[h], p.came[h], p.spent[h] = grown(p.amount[h], n, 0), grown(p.came[h], n, -1), grown(p.spent[h], n, 0)
	}
	p.amount[0][source] = total
	var all []path
	for h := range s.hops {
		p.leaves = grown(p.leaves, n, 0)
		have, got, came := p.amount[h], p.amount[h+1], p.came[h+1]
		for i := range s.edges {
			a := &s.edges[i]
			if have[a.from] == 0 || a.from == sink {
				continue
			}
			out, spent := a.curve.Out(have[a.from]), p.spent[h][a.from]+a.toll
			leaves := out
			if spent > 0 {
				leaves -= spent * p.units[a.to]
			}
			if out > 0 && (came[a.to] < 0 || leaves > p.leaves[a.to]) && p.unmet(s, a, h) && (short || a.curve.Rate(have[a.from]) > 0) {
				got[a.to], came[a.to] = out, int32(i)
				p.spent[h+1][a.to], p.leaves[a.to] = spent, leaves
			}
		}
		if came[sink] >= 0 {
			all = append(all, p.walked(s, h+1))
		}
	}
	return all
}

// unmet says whether the walk to an arc's start, in so many hops, has met neither its end nor its pool.
func (p *prices) unmet(s *scope, a *arc, hops int) bool {
	for t := a.from; hops > 0; hops-- {
		b := &s.edges[p.came[hops][t]]
		if b.from == a.to || b.pool == a.pool {
			return false
		}
		t = b.from
	}
	return a.to != source
}

func (p *prices) walked(s *scope, hops int) path {
	way := path{hops: hops}
	for t := int32(sink); hops > 0; hops-- {
		way.arcs[hops-1] = p.came[hops][t]
		t = s.edges[p.came[hops][t]].from
	}
	return way
}
