package solve

import (
	"cmp"
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
	to, from   [MaxHops][]float64 // from the source; to the sink
	last, next [MaxHops][]int32   // the arc that comes last, or next
	found      []offer
	taken      map[path]bool
	amount     [MaxHops + 1][]float64 // the most of each token after so many hops, all on one path
	came       [MaxHops + 1][]int32   // the arc that it came by
}

// offer is a path that could be added, and what it would gain, in units out.
type offer struct {
	path path
	gain float64
}

// sweep finds the prices at the marginal rates as they are now.
func (p *prices) sweep(s *scope) {
	n := len(s.global)
	for h := range s.hops {
		p.to[h], p.from[h] = grown(p.to[h], n, 0), grown(p.from[h], n, 0)
		p.last[h], p.next[h] = grown(p.last[h], n, -1), grown(p.next[h], n, -1)
	}
	p.to[0][source], p.from[0][sink] = 1, 1
	for h := 1; h < s.hops; h++ {
		to, from, last, next := p.to[h], p.from[h], p.last[h], p.next[h]
		toBefore, fromBefore := p.to[h-1], p.from[h-1]
		copy(to, toBefore)
		copy(last, p.last[h-1])
		copy(from, fromBefore)
		copy(next, p.next[h-1])
		for i := range s.edges {
			a := &s.edges[i]
			if a.shut {
				continue
			}
			if v := toBefore[a.from] * a.now; v > to[a.to] && a.to != sink {
				to[a.to], last[a.to] = v, int32(i)
			}
			if v := fromBefore[a.to] * a.now; v > from[a.from] && a.from != source {
				from[a.from], next[a.from] = v, int32(i)
			}
		}
	}
}

// through is the best product over paths through an arc, and how many hops of it come before the arc.
func (p *prices) through(s *scope, a *arc) (rate float64, before int) {
	for h := range s.hops {
		if v := p.to[h][a.from] * a.now * p.from[s.hops-1-h][a.to]; v > rate {
			rate, before = v, h
		}
	}
	return rate, before
}

// trace is the best path through an arc with so many hops before it. It reports false where the path meets a token twice.
func (p *prices) trace(s *scope, at int32, before int) (path, bool) {
	var found path
	var back [MaxHops]int32
	n := 0
	for t, h := s.edges[at].from, before; t != source; n++ {
		for h > 0 && p.to[h][t] == p.to[h-1][t] {
			h--
		}
		if h == 0 {
			return found, false
		}
		back[n] = p.last[h][t]
		t = s.edges[back[n]].from
		h--
	}
	for i := range n {
		found.arcs[i] = back[n-1-i]
	}
	found.arcs[n] = at
	found.hops = n + 1
	for t, h := s.edges[at].to, s.hops-1-before; t != sink; {
		for h > 0 && p.from[h][t] == p.from[h-1][t] {
			h--
		}
		if h == 0 || found.hops == s.hops {
			return found, false
		}
		arc := p.next[h][t]
		found.arcs[found.hops] = arc
		found.hops++
		t = s.edges[arc].to
		h--
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
func (p *prices) offers(s *scope, total, worth float64, cost func(*path) float64, least float64, most int) []offer {
	p.sweep(s)
	p.found = p.found[:0]
	if p.taken == nil {
		p.taken = map[path]bool{}
	}
	clear(p.taken)
	for i := range s.edges {
		a := &s.edges[i]
		if a.shut {
			continue
		}
		rate, before := p.through(s, a)
		if rate <= worth*(1+1e-10) {
			continue
		}
		way, ok := p.trace(s, int32(i), before)
		if !ok || p.taken[way] {
			continue
		}
		p.taken[way] = true
		if gain := s.gain(&way, total, worth); gain > least+cost(&way) {
			p.found = append(p.found, offer{way, gain - cost(&way)})
		}
	}
	slices.SortStableFunc(p.found, func(a, b offer) int { return cmp.Compare(b.gain, a.gain) })
	return p.found[:min(most, len(p.found))]
}

// gain is the most that an amount on the path brings above its worth elsewhere.
func (s *scope) gain(p *path, total, worth float64) float64 {
	best := 0.0
	falling := 0
	for amount := total / 2; amount > total*1e-7 && falling < 2; amount /= 4 {
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

// singles are the best paths for the whole amount, one for each number of hops, by a walk that keeps the largest amount of each token
// after each hop. What a pool pays rises with what goes in, so the largest is the best to go on with; only that a path may meet no
// token twice can make the walk miss one.
func (p *prices) singles(s *scope, total float64) []path {
	n := len(s.global)
	for h := range s.hops + 1 {
		p.amount[h], p.came[h] = grown(p.amount[h], n, 0), grown(p.came[h], n, -1)
	}
	p.amount[0][source] = total
	var all []path
	for h := range s.hops {
		have, got, came := p.amount[h], p.amount[h+1], p.came[h+1]
		for i := range s.edges {
			a := &s.edges[i]
			if have[a.from] == 0 || a.from == sink {
				continue
			}
			if out := a.curve.Out(have[a.from]); out > got[a.to] && p.fresh(s, a, h) {
				got[a.to], came[a.to] = out, int32(i)
			}
		}
		if came[sink] >= 0 {
			all = append(all, p.walked(s, h+1))
		}
	}
	return all
}

// fresh says whether the walk to an arc's start, in so many hops, has met neither its end nor its pool.
func (p *prices) fresh(s *scope, a *arc, hops int) bool {
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
