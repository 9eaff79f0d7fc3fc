package solve

import (
	"context"
	"fmt"
	"math"

	"github.com/holiman/uint256"
)

// Bound is a certificate: no split of the order's amount over paths brings more, whatever their number and length, before gas.
//
// Take any price v for each token, with 1 for the token that is paid out. A pool that trades takes some token in and gives another, and
// at these prices gains out·v_out - in·v_in, at most what its best trade gains. Summed over all pools, what paths pass on cancels, and
//
//	out <= amount·v_in + Σ over pools of the gain of the pool's best trade at v
//
// holds for every v: it is the Lagrange dual of routing (Angeris, Evans, Chitra and Boyd, arXiv 2204.05238; Diamandis, Resnick, Chitra
// and Angeris, arXiv 2302.04938). A pool's best trade goes on until its marginal rate is v_in/v_out, which Curve.Until says in closed
// form. Splitting a pool's trade in parts never pays more than the trade at once, since fees stay in the pool.
//
// The sum is convex in v. It is lowered from the marginal prices that the search ends with, where it is nearly tight; a bad price makes
// it loose, and never wrong. Since it is a sum in floats, and curves are floats, slack is added to it: see certify.
type bound struct {
	price  []float64 // of each token of the scope, in units of the sink
	before []float64
	net    []float64 // the derivative: the worth of what the best trades leave of each token
	// Newton's system: what each arc conducts, and vectors by token.
	conducts                           []float64
	diagonal, step, left, along, image []float64
}

// unbounded is how far from the order's tokens a token may be to count in a Bound. Paths have no limit.
const unbounded = 60

// Bound is an upper bound of what any split can bring. See the type of the same name.
func (v *Solver) Bound(ctx context.Context, g *Graph, o Order) (uint256.Int, error) {
	var z uint256.Int
	if o.Wanted {
		return z, fmt.Errorf("%w: a bound is for an amount that is paid in", ErrOrder)
	}
	o.GasPrice = 0
	if err := v.enter(g, &o, unbounded); err != nil {
		return z, err
	}
	s, total := &v.scope, o.Amount.Float64()
	for _, p := range s.pools {
		if site := g.pools[p].Site(); !bounded[site.Kind] || len(site.Tokens) != 2 {
			return z, fmt.Errorf("pool %s of kind %s: %w", site.ID, site.Kind, ErrBound)
		}
	}
	v.gas.price(g, &o, o.Out)
	singles := v.prices.singles(s, total)
	if len(singles) == 0 {
		return z, fmt.Errorf("%s to %s: %w", o.In, o.Out, ErrRoute)
	}
	singles = v.tolled(total, singles)
	v.search(ctx, total, singles)
	v.balance.shut(s)
	v.bound.start(s, &v.prices)
	v.bound.descend(ctx, s, total)
	v.bound.certify(s, total, &z)
	return z, nil
}

// bounded is the kinds whose curves are closed forms, so that slack covers them, and whose trades never pay more in parts than at once.
var bounded = map[string]bool{"uniswap-v2": true, "uniswap-v3": true}

// start takes for each token the best product of marginal rates to the sink over the paths of the search, and for tokens farther away that
// of their best neighbour.
func (b *bound) start(s *scope, p *prices) {
	n := len(s.global)
	b.price, b.before = grown(b.price, n, 0), grown(b.before, n, 0)
	p.rate(s, 0)
	p.sweep(s)
	copy(b.price, p.best[sink][s.hops-1])
	copy(b.before, b.price)
	for range unbounded {
		changed := false
		for i := range s.edges {
			a := &s.edges[i]
			if v := a.now * b.before[a.to]; !a.shut && b.before[a.from] == 0 && v > b.price[a.from] {
				b.price[a.from], changed = v, true
			}
		}
		copy(b.before, b.price)
		if !changed {
			break
		}
	}
}

// gain is what an arc's best trade brings at the prices, with the trade.
func (b *bound) gain(a *arc) (gain, in, out float64) {
	from, to := b.price[a.from], b.price[a.to]
	if to == 0 || a.rate*to <= from {
		return 0, 0, 0
	}
	in, _ = a.curve.Until(from / to)
	out = a.curve.Out(in)
	return max(0, out*to-in*from), in, out
}

// sum is the dual's value.
func (b *bound) sum(s *scope, total float64) float64 {
	sum := total * b.price[source]
	for i := range s.edges {
		g, _, _ := b.gain(&s.edges[i])
		sum += g
	}
	return sum
}

// slack covers what floats lose. Each curve is within 1e-12 of what it stands for, as the tests of router/pool hold, and the sums here
// are of fewer than 1e6 terms, each rounded to 1e-16 of the sum's size; 1e-9 of all that is summed is a thousand times more.
const slack = 1e-9

// certify rounds the sum up, with slack for all the values that it is the difference of, and one unit.
func (b *bound) certify(s *scope, total float64, z *uint256.Int) {
	sum := total * b.price[source]
	size := sum
	for i := range s.edges {
		a := &s.edges[i]
		g, in, out := b.gain(a)
		sum += g
		size += in*b.price[a.from] + out*b.price[a.to]
	}
	rounded(z, math.Ceil(sum+size*slack)+1)
}

const (
	descents  = 60    // Newton's steps, at most
	conjugate = 80    // steps of conjugate gradients for each
	widest    = 0.5   // change of a price's logarithm in a step
	probe     = 1e-4  // of a rate, to find how fast a trade changes with it
	still     = 1e-10 // fall of the sum in a step below which it is the last
)

// descend lowers the sum by Newton's steps in the logarithms of the prices. There the second derivative is the Laplacian of the graph
// whose arcs conduct as much as the worth of their trades changes with the rate, and what is left of each token flows through it; it is
// solved by conjugate gradients, which need no matrix.
func (b *bound) descend(ctx context.Context, s *scope, total float64) {
	n := len(s.global)
	best := b.sum(s, total)
	for range descents {
		if ctx.Err() != nil {
			return
		}
		b.slope(s, total)
		b.conduct(s)
		b.flow(s)
		copy(b.before, b.price)
		lowered := false
		for part := 1.0; part > 1e-3 && !lowered; part /= 3 {
			for t := range n {
				b.price[t] = b.before[t] * math.Exp(-part*min(widest, max(-widest, b.step[t])))
			}
			if sum := b.sum(s, total); sum < best {
				lowered = sum < best*(1-still)
				best = sum
				copy(b.before, b.price)
				if !lowered {
					return
				}
			}
		}
		copy(b.price, b.before)
		if !lowered {
			return
		}
	}
}

// slope is the sum's derivative for the logarithms of the prices, but the sink's, which stays.
func (b *bound) slope(s *scope, total float64) {
	b.net = grown(b.net, len(s.global), 0)
	b.net[source] = total * b.price[source]
	for i := range s.edges {
		a := &s.edges[i]
		_, in, out := b.gain(a)
		b.net[a.from] -= in * b.price[a.from]
		b.net[a.to] += out * b.price[a.to]
	}
	b.net[sink] = 0
}

// conduct finds how much the worth of each arc's trade changes with the logarithm of its rate.
func (b *bound) conduct(s *scope) {
	b.conducts = fit(b.conducts, len(s.edges))
	b.diagonal = grown(b.diagonal, len(s.global), 0)
	largest := 0.0
	for i := range s.edges {
		a := &s.edges[i]
		b.conducts[i] = 0
		from, to := b.price[a.from], b.price[a.to]
		if to == 0 || from == 0 || a.rate*to*(1+probe) <= from {
			continue
		}
		more, _ := a.curve.Until(from / to * (1 - probe))
		less, _ := a.curve.Until(from / to * (1 + probe))
		c := max(0, more-less) / (2 * probe) * from
		b.conducts[i] = c
		b.diagonal[a.from] += c
		b.diagonal[a.to] += c
		largest = max(largest, c)
	}
	for t := range b.diagonal {
		b.diagonal[t] += largest * 1e-12
	}
}

// flow solves the Laplacian's system for the slope, with the diagonal as preconditioner.
func (b *bound) flow(s *scope) {
	n := len(s.global)
	b.step = grown(b.step, n, 0)
	b.left, b.along, b.image = fit(b.left, n), fit(b.along, n), fit(b.image, n)
	copy(b.left, b.net)
	size := 0.0
	for t := range n {
		b.along[t] = b.left[t] / b.diagonal[t]
		size += b.left[t] * b.along[t]
	}
	start := size
	for range conjugate {
		if !(size > start*1e-20) {
			return
		}
		for t := range n {
			b.image[t] = b.along[t] * b.diagonal[t]
		}
		for i := range s.edges {
			if c := b.conducts[i]; c > 0 {
				a := &s.edges[i]
				b.image[a.from] -= c * b.along[a.to]
				b.image[a.to] -= c * b.along[a.from]
			}
		}
		b.image[sink] = 0
		bent := 0.0
		for t := range n {
			bent += b.along[t] * b.image[t]
		}
		if !(bent > 0) {
			return
		}
		far, next := size/bent, 0.0
		for t := range n {
			b.step[t] += far * b.along[t]
			b.left[t] -= far * b.image[t]
			next += b.left[t] * b.left[t] / b.diagonal[t]
		}
		for t := range n {
			b.along[t] = b.left[t]/b.diagonal[t] + next/size*b.along[t]
		}
		b.along[sink] = 0
		size = next
	}
}
