package solve

import (
	"math"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/router/pool"
)

// exact executes paths in integers, one after the other.
type exact struct {
	paths []traded
	state []pool.Pool // of each pool of the scope; nil before its first trade
	used  []int32
	// before is the pools of the path that was walked last, before its trades.
	before [MaxHops]pool.Pool
	in     uint256.Int
	out    uint256.Int
	gas    uint64
	cost   uint256.Int // of gas, in the token that comes out
	valid  bool
}

type traded struct {
	path
	in, out uint256.Int
	gas     uint64
	done    int // trades
}

// spread splits the amount as the ways do, and executes them in their order. The last gets what the others leave.
//
// Worth is what one unit more brings in the balance, out for in. By that each way but the last has to pay for its input. One that does
// not has lost to rounding: a token of few decimals on its path gave a whole number of units, and the rest was paid for nothing. It
// takes the least input that brings the same, and is left out where even that is too much.
func (x *exact) spread(s *scope, g *gas, ways []way, amount *uint256.Int, worth float64) {
	x.reset(s)
	sum, end := 0.0, len(ways)-1
	for i := range ways {
		sum += ways[i].in
	}
	left := *amount
	for i := range ways[:end] {
		t := traded{path: ways[i].path}
		part(&t.in, amount, ways[i].in/sum)
		if t.in.Lt(&left) && x.pays(s, &t, worth) {
			left.Sub(&left, &t.in)
			x.take(&t)
		}
	}
	if last := (traded{path: ways[end].path, in: left}); x.fits(s, &last) {
		left.Sub(&left, &last.in)
		x.take(&last)
	}
	x.valid = x.place(s, ways, left)
	g.cost(&x.cost, x.gas)
}

// polish moves input between few ways, in halving steps, as long as the integers bring more. The balance takes all that goes through a pool
// for one trade; where ways share a pool whose fee stays in it, what the pool really pays is a little less, and where it is best a
// little elsewhere.
func (x *exact) polish(s *scope, g *gas, ways []way, amount *uint256.Int, worth float64) {
	if len(ways) < 2 || len(ways) > fewWays || !x.valid {
		return
	}
	total := 0.0
	for i := range ways {
		total += ways[i].in
	}
	best, cost := x.out, x.cost
	for step := total / 16; step > total*finest; step /= 4 {
		for i := range ways {
			for j := range ways {
				for i != j && ways[i].in > step {
					ways[i].in -= step
					ways[j].in += step
					x.spread(s, g, ways, amount, worth)
					var mine, other uint256.Int
					if mine.Add(&x.out, &cost); !x.valid || !mine.Gt(other.Add(&best, &x.cost)) {
						ways[i].in += step
						ways[j].in -= step
						break
					}
					best, cost = x.out, x.cost
				}
			}
		}
	}
	x.spread(s, g, ways, amount, worth)
}

const finest = 1e-5 // of the order: the last step of polish

// place executes what the last way can't take, on whatever way can, in pieces.
func (x *exact) place(s *scope, ways []way, left uint256.Int) bool {
	piece := left
	for range 2 * mostWays {
		if piece.IsZero() {
			break
		}
		placed := false
		for i := len(ways) - 1; i >= 0 && !placed; i-- {
			t := traded{path: ways[i].path, in: piece}
			if placed = x.walk(s, &t); placed {
				x.take(&t)
			} else {
				x.undo(s, &t)
			}
		}
		if placed {
			left.Sub(&left, &piece)
			if left.Lt(&piece) {
				piece = left
			}
		} else {
			piece.Rsh(&piece, 1)
		}
	}
	return left.IsZero()
}

// pays executes a path if it brings what its input is worth, and lowers the input where rounding took what it brought.
func (x *exact) pays(s *scope, t *traded, worth float64) bool {
	if !x.fits(s, t) {
		return false
	}
	if t.out.Float64() >= t.in.Float64()*worth {
		return true
	}
	x.undo(s, t)
	less := t.out
	for h := t.hops - 1; h >= 0; h-- {
		a := &s.edges[t.arcs[h]]
		asked, _, err := x.before[h].In(int(a.in), int(a.out), &less)
		if err != nil {
			return false
		}
		less = asked
	}
	if less.Float64() > t.in.Float64()*(1-rounding) {
		less = t.in // nothing was lost: pools pay less for two trades than for one of the sum
	} else if t.out.Float64() < less.Float64()*worth*(1-apart) {
		return false
	}
	t.in = less
	if !x.walk(s, t) {
		x.undo(s, t)
		return false
	}
	return true
}

// fits executes a path, with less input where its pools can't take all: a curve in floats may end a little later than the pool.
func (x *exact) fits(s *scope, t *traded) bool {
	all := t.in
	for _, fraction := range [...]float64{1, 1 - 1e-12, 1 - 1e-9, 1 - 1e-6, 1 - 1e-5, 1 - 1e-4, 0.999, 0.99, 0.9} {
		if part(&t.in, &all, fraction); x.walk(s, t) {
			return true
		}
		x.undo(s, t)
	}
	return false
}

const (
	rounding = 1e-6 // of a path's input: what is lost to rounding where it is more
	apart    = 1e-3 // of a path's output: what pools may pay less since paths share them
)

// reset goes back to the state of the graph.
func (x *exact) reset(s *scope) {
	if len(x.state) < len(s.pools) {
		x.state = make([]pool.Pool, 2*len(s.pools))
	}
	for _, p := range x.used {
		x.state[p] = nil
	}
	x.used, x.paths = x.used[:0], x.paths[:0]
	x.in.Clear()
	x.out.Clear()
	x.gas, x.valid = 0, false
}

// walk executes one path, and keeps what the pools were before.
func (x *exact) walk(s *scope, t *traded) bool {
	amount := t.in
	t.gas, t.done = 0, 0
	for h, e := range t.arcs[:t.hops] {
		a := &s.edges[e]
		p := x.state[a.pool]
		if p == nil {
			p = s.graph.pools[s.pools[a.pool]]
			x.used = append(x.used, a.pool)
		}
		paid, after, err := p.Out(int(a.in), int(a.out), &amount)
		if err != nil {
			return false
		}
		t.gas += p.Gas(int(a.in), int(a.out), &amount)
		x.before[h], x.state[a.pool], amount = p, after, paid
		t.done++
	}
	t.out = amount
	return true
}

// undo takes back what walk did.
func (x *exact) undo(s *scope, t *traded) {
	for h := t.done - 1; h >= 0; h-- {
		x.state[s.edges[t.arcs[h]].pool] = x.before[h]
	}
}

func (x *exact) take(t *traded) {
	x.in.Add(&x.in, &t.in)
	x.out.Add(&x.out, &t.out)
	x.gas += t.gas
	x.paths = append(x.paths, *t)
}

// above says whether this leaves more after gas than a quote.
func (x *exact) above(q *Quote) bool {
	if !x.valid {
		return false
	}
	var mine, other uint256.Int
	mine.Add(&x.out, &q.GasCost)
	other.Add(&q.Out, &x.cost)
	return mine.Gt(&other)
}

func (x *exact) quote(s *scope, g *gas) *Quote {
	q := &Quote{In: x.in, Out: x.out, Gas: x.gas, GasCost: x.cost, Priced: g.priced, Paths: make([]Path, 0, len(x.paths))}
	for i := range x.paths {
		t := &x.paths[i]
		p := Path{In: t.in, Out: t.out, Hops: make([]Hop, t.hops)}
		for h, e := range t.arcs[:t.hops] {
			a := &s.edges[e]
			p.Hops[h] = Hop{int(a.edge.pool), int(a.in), int(a.out)}
		}
		q.Paths = append(q.Paths, p)
	}
	return q
}

// part is a fraction of an amount, to 53 bits and rounded down.
func part(z, amount *uint256.Int, fraction float64) {
	if !(fraction > 0) {
		z.Clear()
		return
	}
	if fraction >= 1 {
		*z = *amount
		return
	}
	var digits uint256.Int
	digits.SetUint64(uint64(math.Ldexp(fraction, 53)))
	z.MulDivOverflow(amount, &digits, shift53)
}

// rounded is a float's whole part; nothing for what is no amount, and the largest amount for what is too much.
func rounded(z *uint256.Int, v float64) {
	switch {
	case !(v >= 1):
		z.Clear()
	case v >= math.Ldexp(1, 256):
		z.SetAllOne()
	default:
		digits, exponent := math.Frexp(v)
		z.SetUint64(uint64(math.Ldexp(digits, 53)))
		if exponent >= 53 {
			z.Lsh(z, uint(exponent-53))
		} else {
			z.Rsh(z, uint(53-exponent))
		}
	}
}

var shift53 = new(uint256.Int).Lsh(uint256.NewInt(1), 53)
