package solve

import (
	"math"
)

// way is a path in use, with what goes in and what comes out of it.
type way struct {
	path
	in, out float64
	rate    float64 // what one unit more brings, after all ways
	more    float64 // rate a little after its input, and before
	less    float64
	reach   [MaxHops]float64 // what comes to each arc of one unit more
}

// balance moves input between ways until all bring the same for one unit more.
//
// With each pool's trade taken as one, what all ways pay together is a concave function of their inputs. At its maximum one unit more
// brings rate p on each way p in use. The second derivative for ways p and q is the sum over the arcs that they share of
//
//	(G"/G')·worth·reach_p·reach_q
//
// where G is what the arc pays, reach_p what comes to the arc of one unit more on p, and worth what one unit at the arc's start is worth
// at the sink. So Newton's step solves one small dense system, and a few steps are enough.
type balance struct {
	thin   thin
	ways   []way
	total  float64
	step   []float64
	free   []int32
	matrix []float64
	rates  []float64 // the gradient
	solved [2][]float64
	kept   []float64
	losses []float64
	bend   []float64 // per arc of the scope: G"/G'·worth
	worth  []float64 // per arc
	uses   []int32   // per arc
	edge   bool      // some way is at an edge
	over   bool      // some way is beyond one, and its last part brings nothing
	onWay  []int32   // arcs that some way uses, in the order met
}

// run executes the ways one after the other, and returns what comes out. Flows of all arcs in use start from nothing.
func (b *balance) run(s *scope) float64 {
	for i := range b.ways {
		w := &b.ways[i]
		for _, e := range w.arcs[:w.hops] {
			s.edges[e].flow, s.edges[e].paid = 0, 0
		}
	}
	sum := 0.0
	for i := range b.ways {
		w := &b.ways[i]
		amount := w.in
		if amount > 0 {
			for _, e := range w.arcs[:w.hops] {
				a := &s.edges[e]
				a.flow += amount
				paid := a.curve.Out(a.flow)
				amount = max(0, paid-a.paid)
				a.paid = paid
			}
		}
		w.out = amount
		sum += amount
	}
	return sum
}

// mark finds all marginal rates after a run, and shuts what trades against it.
func (b *balance) mark(s *scope) {
	b.onWay = b.onWay[:0]
	for i := range b.ways {
		w := &b.ways[i]
		for _, e := range w.arcs[:w.hops] {
			if a := &s.edges[e]; b.uses[e] == 0 {
				a.now = a.curve.Rate(a.flow)
				b.onWay = append(b.onWay, e)
			}
			b.uses[e]++
		}
	}
	for i := range b.ways {
		w := &b.ways[i]
		w.rate = 1
		for h, e := range w.arcs[:w.hops] {
			w.reach[h] = w.rate
			w.rate *= s.edges[e].now
		}
	}
	for _, e := range b.onWay {
		b.uses[e] = 0
	}
}

// shut closes the other directions of pools that trade.
func (b *balance) shut(s *scope) {
	for i := range s.edges {
		s.edges[i].shut, s.edges[i].offered = false, false
	}
	for _, e := range b.onWay {
		for _, other := range s.ofPool[s.edges[e].pool] {
			s.edges[other].shut = true
		}
	}
	for _, e := range b.onWay {
		s.edges[e].shut = false
	}
}

// level is what one unit more brings on the ways in use, each counted by its input.
func (b *balance) level() float64 {
	sum, in := 0.0, 0.0
	for i := range b.ways {
		if b.ways[i].rate == 0 { // at the end of its liquidity
			continue
		}
		sum += b.ways[i].rate * b.ways[i].in
		in += b.ways[i].in
	}
	if in == 0 {
		return 0
	}
	return sum / in
}

// settle takes Newton's steps until one promises less than the fraction close of the outcome, and returns the outcome.
func (b *balance) settle(s *scope, steps int, close float64) float64 {
	b.bend, b.worth, b.uses = fit(b.bend, len(s.edges)), fit(b.worth, len(s.edges)), grown(b.uses, len(s.edges), 0)
	out := b.run(s)
	b.mark(s)
	for range steps {
		promised := b.newton(s)
		if !(promised > close*out) {
			if !b.edge && !b.over {
				break
			}
			better := b.exchange(s, out)
			if better < out*(1+close) {
				return better
			}
			out = better
			continue
		}
		better := b.try(s, out)
		if b.over || better-out < promised/2 && (b.edge || steps > stepsRound) { // the model is wrong there
			better = b.exchange(s, better)
		}
		if better == out {
			break
		}
		out = better
	}
	return out
}

// try goes the whole step, or the largest of some parts of it that brings more.
func (b *balance) try(s *scope, out float64) float64 {
	b.kept = fit(b.kept, len(b.ways))
	for i := range b.ways {
		b.kept[i] = b.ways[i].in
	}
	for _, part := range [...]float64{1, 0.5, 0.2, 0.05, 0.01} {
		for i := range b.ways {
			b.ways[i].in = max(0, b.kept[i]+part*b.step[i])
			if b.ways[i].in < b.total*1e-13 {
				b.ways[i].in = 0
			}
		}
		if now := b.run(s); now > out {
			b.mark(s)
			return now
		}
	}
	for i := range b.ways {
		b.ways[i].in = b.kept[i]
	}
	out = b.run(s)
	b.mark(s)
	return out
}

// newton fills step, and returns what it promises: the step maximises the second-order model over inputs that keep their sum and stay
// at least 0. Ways that would fall below are emptied, and the rest is solved again.
func (b *balance) newton(s *scope) float64 {
	n := len(b.ways)
	b.curve(s)
	b.step, b.rates = grown(b.step, n, 0), fit(b.rates, n)
	b.sides(s)
	level := b.level()
	b.free = b.free[:0]
	for i := range b.ways {
		w := &b.ways[i]
		b.rates[i] = w.rate
		if w.less > w.more*edged { // at an edge one side counts, or none
			b.rates[i] = min(w.less, max(w.more, level))
			if b.rates[i] == level {
				continue
			}
		}
		if w.in > 0 && w.less == 0 {
			continue
		}
		if w.in > 0 || w.rate > level {
			b.free = append(b.free, int32(i))
		}
	}
	rest := 0.0 // what the free ways take together
	for len(b.free) > 1 {
		if !b.solve(s, rest) {
			return 0
		}
		kept := b.free[:0]
		emptied := false
		for _, i := range b.free {
			if b.ways[i].in+b.step[i] >= 0 {
				kept = append(kept, i)
				continue
			}
			emptied = true
			b.step[i] = -b.ways[i].in
			rest -= b.step[i]
			if b.step[i] == 0 {
				continue
			}
			for j := range b.ways { // the model's gradient after this part of the step
				b.rates[j] += b.step[i] * b.second(s, &b.ways[i], &b.ways[j])
			}
		}
		b.free = kept
		if !emptied {
			break
		}
	}
	if len(b.free) == 1 {
		b.step[b.free[0]] = rest
	}
	if len(b.free) == 0 {
		return 0
	}
	promised := 0.0
	for i := range b.ways {
		promised += (b.ways[i].rate - level) * b.step[i]
	}
	return promised / 2
}

// edged is how much more one unit less brings than one unit more does, where liquidity ends or has a gap. A way at such an edge stays
// there as long as the level is between the two.
const edged = 1.01

// sides finds the rates a little before and after each way's input.
func (b *balance) sides(s *scope) {
	b.edge, b.over = false, false
	for i := range b.ways {
		w := &b.ways[i]
		w.more, w.less = 1, 1
		for _, e := range w.arcs[:w.hops] {
			w.more *= s.edges[e].more
			w.less *= s.edges[e].less
		}
		b.edge = b.edge || w.in > 0 && w.less > w.more*edged
		b.over = b.over || w.in > 0 && w.less == 0
	}
}

// exchange moves input from the way that misses it least to the one that gains most by it, by as much as brings most. Where a way is at
// an edge Newton's step may lead nowhere: this leads on. What a little more or less on each way does to the outcome is tried, since a way
// also takes the good rates of the pools that it shares from those after it, and at an edge that counts.
func (b *balance) exchange(s *scope, out float64) float64 {
	to, from := -1, -1
	most, least := 0.0, math.Inf(1)
	little := b.total * 1e-6
	for i := range b.ways {
		w := &b.ways[i]
		in := w.in
		w.in = in + little
		if gain := (b.run(s) - out) / little; to < 0 || gain > most {
			to, most = i, gain
		}
		if less := min(in, little); less > 0 {
			w.in = in - less
			if loss := (out - b.run(s)) / less; loss < least {
				from, least = i, loss
			}
		}
		w.in = in
	}
	if from < 0 || to == from || most <= least {
		b.run(s)
		return out
	}
	low, high := 0.0, b.ways[from].in
	a, z := b.ways[from].in, b.ways[to].in
	moved := func(x float64) float64 {
		b.ways[from].in, b.ways[to].in = a-x, z+x
		return b.run(s)
	}
	for range 40 { // thirds: what comes out is concave in what is moved
		left, right := low+(high-low)/3, high-(high-low)/3
		if moved(left) < moved(right) {
			low = left
		} else {
			high = right
		}
	}
	best, by := out, 0.0
	for _, x := range [...]float64{low, high} {
		if now := moved(x); now > best {
			best, by = now, x
		}
	}
	moved(by)
	b.mark(s)
	return best
}

// curve finds how each arc's rate bends, from two points around the flow: near a tick a derivative would say too little.
func (b *balance) curve(s *scope) {
	for _, e := range b.onWay {
		b.worth[e], b.bend[e] = 0, 0
	}
	for i := range b.ways {
		w := &b.ways[i]
		for h, e := range w.arcs[:w.hops] {
			if w.reach[h] > 0 {
				b.worth[e] += w.rate / w.reach[h]
				b.bend[e] += w.reach[h]
				b.uses[e]++
			}
		}
	}
	for _, e := range b.onWay {
		a := &s.edges[e]
		if b.uses[e] == 0 || a.now == 0 {
			b.bend[e], b.uses[e] = 0, 0
			a.more, a.less = a.now, a.now
			if a.flow > 0 {
				a.less = a.curve.Rate(a.flow * (1 - 1e-4))
			}
			continue
		}
		uses := float64(b.uses[e])
		h := max(a.flow*1e-4, b.bend[e]/uses*b.total*1e-6)
		low := max(0, a.flow-h)
		a.more, a.less = a.curve.Rate(a.flow+h), a.curve.Rate(low)
		slope := (a.more - a.less) / (a.flow + h - low)
		b.bend[e] = min(0, slope/a.now) * b.worth[e] / uses
		b.uses[e] = 0
	}
}

// second is the second derivative of the outcome for two ways.
func (b *balance) second(s *scope, p, q *way) float64 {
	sum := 0.0
	for i, e := range p.arcs[:p.hops] {
		for j, f := range q.arcs[:q.hops] {
			if e == f {
				sum += b.bend[e] * p.reach[i] * q.reach[j]
			}
		}
	}
	return sum
}

// solve finds the step of the free ways that sums to rest: A·step = rates - level for the level that makes it so, where A is minus the
// second derivatives, by Cholesky's decomposition. A little is added to the diagonal: ways may depend on each other.
func (b *balance) solve(s *scope, rest float64) bool {
	n := len(b.free)
	b.matrix = fit(b.matrix, n*n)
	m := b.matrix
	largest := 0.0
	for i := range n {
		for j := range i + 1 {
			m[i*n+j] = -b.second(s, &b.ways[b.free[i]], &b.ways[b.free[j]])
		}
		largest = max(largest, m[i*n+i])
	}
	if largest == 0 {
		return false
	}
	for i := range n {
		m[i*n+i] += m[i*n+i]*1e-9 + largest*1e-13
	}
	if !decompose(m, n) {
		return false
	}
	for k := range b.solved {
		b.solved[k] = fit(b.solved[k], n)
	}
	x, y := b.solved[0], b.solved[1]
	for i, w := range b.free {
		x[i], y[i] = b.rates[w], 1
	}
	substitute(m, n, x)
	substitute(m, n, y)
	sumX, sumY := 0.0, 0.0
	for i := range n {
		sumX += x[i]
		sumY += y[i]
	}
	level := (sumX - rest) / sumY
	for i, w := range b.free {
		b.step[w] = x[i] - level*y[i]
		if math.IsNaN(b.step[w]) || math.IsInf(b.step[w], 0) {
			return false
		}
	}
	return true
}

// decompose makes the lower half of a symmetric matrix its Cholesky factor.
func decompose(m []float64, n int) bool {
	for i := range n {
		row := m[i*n : i*n+i+1]
		for j := range i {
			other := m[j*n : j*n+j+1]
			sum := row[j]
			for k := range j {
				sum -= row[k] * other[k]
			}
			row[j] = sum / other[j]
		}
		sum := row[i]
		for k := range i {
			sum -= row[k] * row[k]
		}
		if !(sum > 0) {
			return false
		}
		row[i] = math.Sqrt(sum)
	}
	return true
}

// substitute solves with the factor, in place.
func substitute(m []float64, n int, x []float64) {
	for i := range n {
		sum := x[i]
		for k := range i {
			sum -= m[i*n+k] * x[k]
		}
		x[i] = sum / m[i*n+i]
	}
	for i := n - 1; i >= 0; i-- {
		sum := x[i]
		for k := i + 1; k < n; k++ {
			sum -= m[k*n+i] * x[k]
		}
		x[i] = sum / m[i*n+i]
	}
}

// fit is a slice of this length with anything in it.
func fit[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, 2*n)
	}
	return s[:n]
}
