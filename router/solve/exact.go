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
	in    uint256.Int
	out   uint256.Int
	gas   uint64
	cost  uint256.Int // of gas, in the token that comes out
	valid bool
}

type traded struct {
	path
	in, out uint256.Int
}

// spread splits the amount as the ways do, and executes them. What rounding leaves goes to the largest. A way of which nothing comes
// gives its input to the largest, too.
func (x *exact) spread(s *scope, g *gas, ways []way, amount *uint256.Int) {
	x.paths = x.paths[:0]
	sum, largest := 0.0, 0
	for i := range ways {
		sum += ways[i].in
		if ways[i].in > ways[largest].in {
			largest = i
		}
	}
	left := *amount
	for i := range ways {
		t := traded{path: ways[i].path}
		if i != largest {
			part(&t.in, amount, ways[i].in/sum)
			if t.in.Gt(&left) {
				t.in = left
			}
			left.Sub(&left, &t.in)
		}
		x.paths = append(x.paths, t)
	}
	if len(ways) == 0 {
		x.valid = false
		return
	}
	x.paths[largest].in = left
	for {
		dead := x.run(s)
		if x.valid || len(x.paths) == 1 || dead == largest {
			break
		}
		x.paths[largest].in.Add(&x.paths[largest].in, &x.paths[dead].in)
		x.paths = append(x.paths[:dead], x.paths[dead+1:]...)
		if dead < largest {
			largest--
		}
	}
	g.cost(&x.cost, x.gas)
}

// run executes all paths. It stops at the first that can't be, returns its place, and leaves valid false.
func (x *exact) run(s *scope) (dead int) {
	if len(x.state) < len(s.pools) {
		x.state = make([]pool.Pool, 2*len(s.pools))
	}
	for _, p := range x.used {
		x.state[p] = nil
	}
	x.used = x.used[:0]
	x.in.Clear()
	x.out.Clear()
	x.gas, x.valid = 0, false
	for i := range x.paths {
		if !x.walk(s, &x.paths[i]) {
			return i
		}
		x.in.Add(&x.in, &x.paths[i].in)
		x.out.Add(&x.out, &x.paths[i].out)
	}
	x.valid = true
	return -1
}

// walk executes one path.
func (x *exact) walk(s *scope, t *traded) bool {
	amount := t.in
	for _, e := range t.arcs[:t.hops] {
		a := &s.edges[e]
		p := x.state[a.pool]
		if p == nil {
			p = s.graph.pools[s.pools[a.pool]]
			x.used = append(x.used, a.pool)
		}
		x.gas += p.Gas(int(a.in), int(a.out), &amount)
		paid, after, err := p.Out(int(a.in), int(a.out), &amount)
		if err != nil {
			x.state[a.pool] = p
			return false
		}
		x.state[a.pool], amount = after, paid
	}
	t.out = amount
	return true
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
