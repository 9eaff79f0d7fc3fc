package solve

import (
	"context"
	"fmt"
	"math"

	"github.com/holiman/uint256"
)

// An order for an exact amount out is solved as orders for amounts in: what the best split brings is a concave function of the amount,
// and what one unit more brings is known where a search ends. Newton's steps from below never pass the amount that is needed, and three
// or four are enough. In the end the paths are executed with their amounts, and the last one pays just what is missing.

const (
	attempts = 16
	reached  = 1e-6 // of the amount wanted: nearer than that, the paths stay and only their inputs change
)

// solveWanted finds the least input for an exact output.
func (v *Solver) solveWanted(ctx context.Context, o *Order) (*Quote, error) {
	s, b, target := &v.scope, &v.balance, o.Amount.Float64()
	s.clear()
	total := target / v.prices.spot(s)
	if math.IsInf(total, 1) {
		return nil, fmt.Errorf("%s to %s: %w", o.In, o.Out, ErrRoute)
	}
	var best *Quote
	early := false
	for range attempts {
		v.gas.rate = v.gas.paid * target / total
		singles := v.tolled(total, v.prices.singles(s, total))
		if early = v.search(ctx, total, singles) || early; early {
			best = v.asked(singles, o, best)
		}
		out := b.settle(s, 0, closeness)
		missing := target - out
		if math.Abs(missing) < reached*target || early {
			best = v.asked(singles, o, best)
			break
		}
		level := b.level()
		if !(level > 0) || total > math.Ldexp(1, 250) {
			break
		}
		total += missing / level
	}
	v.fill(target)
	if v.exact.reach(s, &v.gas, b.ways, &o.Amount, b.level()); v.exact.valid && (best == nil || v.exact.below(best)) {
		best = v.exact.quote(s, &v.gas)
	}
	if best == nil {
		return nil, fmt.Errorf("%s of %s: %w", o.Amount.Dec(), o.Out, ErrAmount)
	}
	best.Early = early
	return best, nil
}

// asked is the better of a quote and the best of one path.
func (v *Solver) asked(singles []path, o *Order, best *Quote) *Quote {
	for i := range singles {
		v.exact.reach(&v.scope, &v.gas, []way{{path: singles[i], in: 1}}, &o.Amount, 0)
		if v.exact.valid && (best == nil || v.exact.below(best)) {
			best = v.exact.quote(&v.scope, &v.gas)
		}
	}
	return best
}

// fill changes the inputs of the ways until they bring the target.
func (v *Solver) fill(target float64) {
	s, b := &v.scope, &v.balance
	out := b.settle(s, 0, closeness)
	for range attempts {
		level := b.level()
		missing := target - out
		if math.Abs(missing) < 1e-13*target || !(level > 0) {
			return
		}
		scale := 1 + missing/level/b.total
		if !(scale > 0) || math.IsInf(scale, 1) {
			return
		}
		b.total *= scale
		for i := range b.ways {
			b.ways[i].in *= scale
		}
		out = b.settle(s, stepsRound, closeness/100)
	}
}

// spot is the best product of rates for the first unit.
func (p *prices) spot(s *scope) float64 {
	p.units = grown(p.units, len(s.global), 0)
	p.rate(s, 0)
	p.sweep(s)
	best := 0.0
	for i := range s.edges {
		if a := &s.edges[i]; a.from == source {
			best = max(best, a.slice*p.best[sink][s.hops-1][a.to])
		}
	}
	return best
}

// reach executes the ways, and the last as far as the amount is reached. Where that one can't bring what is missing, one before it does.
func (x *exact) reach(s *scope, g *gas, ways []way, amount *uint256.Int, worth float64) {
	for end := len(ways) - 1; end >= 0; end-- {
		if x.valid = x.reachBy(s, ways, end, amount, worth); x.valid {
			break
		}
	}
	g.cost(&x.cost, x.gas)
}

func (x *exact) reachBy(s *scope, ways []way, end int, amount *uint256.Int, worth float64) bool {
	x.reset(s)
	for i := range ways {
		t := traded{path: ways[i].path}
		rounded(&t.in, ways[i].in)
		if i == end || !x.pays(s, &t, worth) {
			continue
		}
		var sum uint256.Int
		if !sum.Add(&x.out, &t.out).Lt(amount) {
			x.undo(s, &t)
			continue
		}
		x.take(&t)
	}
	last := traded{path: ways[end].path}
	last.in.Sub(amount, &x.out)
	for h := last.hops - 1; h >= 0; h-- {
		a := &s.edges[last.arcs[h]]
		p := x.state[a.pool]
		if p == nil {
			p = s.graph.pools[s.pools[a.pool]]
		}
		asked, _, err := p.In(int(a.in), int(a.out), &last.in)
		if err != nil {
			return false
		}
		last.in = asked
	}
	if !x.walk(s, &last) {
		x.undo(s, &last)
		return false
	}
	x.take(&last)
	return !x.out.Lt(amount)
}

// below says whether this asks for less, gas counted, than a quote.
func (x *exact) below(q *Quote) bool {
	var mine, other uint256.Int
	mine.Add(&x.in, &x.cost)
	other.Add(&q.In, &q.GasCost)
	return mine.Lt(&other)
}
