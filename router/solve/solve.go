// Package solve finds how to trade one token for another over many pools: a split over paths that may share pools, executed one after the
// other, which leaves most after gas.
//
// The search is in floats, over curves. With each pool's trade taken as one, what all paths pay together is a concave function of their
// inputs. The best path for the next slice is a walk over the pools' rates (prices); paths that would gain join those in use, Newton's
// steps settle how much goes through each (balance), and ways that others can carry leave (thin). Where gas has a price, ways that bring
// less than theirs leave, and few ways are varied (prune). The result is executed in integers (exact), and the last path pays what rounding
// left over. docs/routing.md has the formulas and what was measured.
//
// A Bound says what no split can pass. It comes from other mathematics, prices of tokens instead of paths, so that the two check each other.
//
// Invariant: a Quote is what the pools pay, to the wei, executed path by path in its order; it never leaves less than the best single path
// that the walk finds. No amount in it is a float's, only the shares are. The same graph and order give the same Quote.
package solve

import (
	"context"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

// Why there is no quote.
var (
	ErrToken  = errors.New("no pool has the token")
	ErrOrder  = errors.New("not an order")
	ErrRoute  = errors.New("no path of pools joins the tokens")
	ErrAmount = errors.New("the pools can't trade the amount")
	ErrBound  = errors.New("a bound is known only where all pools are of Uniswap's kinds")
)

// DefaultHops is how many pools a path may have where the order does not say.
const DefaultHops = 4

// Order asks for the best trade of one token for another.
type Order struct {
	In, Out  common.Address
	Amount   uint256.Int // of In, or of Out where Wanted is set; in smallest units
	Wanted   bool        // Amount is what has to come out
	MaxHops  int         // pools of a path at most, up to MaxHops; 0 is DefaultHops
	GasPrice uint64      // wei for a unit of gas; 0 leaves gas out
	Native   common.Address
}

// Quote is a trade: paths to be executed in this order, each on the pools as the ones before have left them.
type Quote struct {
	In, Out uint256.Int
	Paths   []Path
	Gas     uint64      // of the pools' trades, without what a router and a transaction use
	GasCost uint256.Int // the same in units of the token that is not fixed, rounded up; 0 where Priced is false
	Priced  bool        // the native coin has a price in that token
	Early   bool        // the context ended before the search did
}

// Path is pools one after the other.
type Path struct {
	In, Out uint256.Int
	Hops    []Hop
}

// Hop is a trade in a pool, which is named by its place in the graph. In and Out are places of the pool's tokens.
type Hop struct{ Pool, In, Out int }

// Solver answers orders, one at a time: it keeps its memory from one to the next. Each goroutine has its own.
type Solver struct {
	scope   scope
	prices  prices
	balance balance
	exact   exact
	gas     gas
	bound   bound
	prune   prune
}

// New is a Solver.
func New() *Solver { return &Solver{} }

const (
	mostWays   = 80   // of a quote
	rounds     = 40   // of a search
	batch      = 12   // offers taken in a round
	closeness  = 1e-9 // of the outcome: what is left to gain where a search ends
	stepsRound = 2    // of Newton, in a round
	stepsLast  = 40   // of Newton, in the end
)

// Solve finds a quote. It takes the same steps for the same graph and order; where the context ends early, it gives what it has, which is
// never less than the best single path.
func (v *Solver) Solve(ctx context.Context, g *Graph, o Order) (*Quote, error) {
	if err := v.enter(g, &o, 0); err != nil {
		return nil, err
	}
	if o.Wanted {
		v.gas.price(g, &o, o.In)
		return v.solveWanted(ctx, &o)
	}
	total := o.Amount.Float64()
	v.gas.price(g, &o, o.Out)
	singles := v.prices.singles(&v.scope, total)
	if len(singles) == 0 {
		return nil, fmt.Errorf("%s to %s: %w", o.In, o.Out, ErrRoute)
	}
	singles = v.tolled(total, singles)
	best, found := v.single(singles, &o)
	early := v.search(ctx, total, singles)
	worth := v.balance.level()
	v.exact.spread(&v.scope, &v.gas, v.balance.ways, &o.Amount, worth)
	v.exact.polish(&v.scope, &v.gas, v.balance.ways, &o.Amount, worth)
	if v.exact.valid && (!found || v.exact.above(best)) {
		best, found = v.exact.quote(&v.scope, &v.gas), true
	}
	if !found {
		return nil, fmt.Errorf("%s of %s: %w", o.Amount.Dec(), o.In, ErrAmount)
	}
	best.Early = early
	return best, nil
}

// tolled adds the best paths by what they leave after gas to those by what they bring.
func (v *Solver) tolled(total float64, singles []path) []path {
	s := &v.scope
	s.clear()
	most := 0.0
	for i := range singles {
		most = max(most, s.push(&singles[i], total))
	}
	v.prices.size(s, total/64)
	if v.gas.rate == 0 || most == 0 {
		return singles
	}
	v.gas.levy(s, v.prices.units, total, most/total)
	singles = append(singles, v.prices.singles(s, total)...)
	v.gas.levy(s, v.prices.units, total/4, most/total) // that of parts
	return singles
}

// enter checks the order and cuts the scope.
func (v *Solver) enter(g *Graph, o *Order, wide int) error {
	if o.MaxHops == 0 {
		o.MaxHops = DefaultHops
	}
	if o.MaxHops < 1 || o.MaxHops > MaxHops {
		return fmt.Errorf("%w: paths of %d pools; 1 to %d can be", ErrOrder, o.MaxHops, MaxHops)
	}
	if o.In == o.Out {
		return fmt.Errorf("%w: from a token to itself", ErrOrder)
	}
	if o.Amount.IsZero() {
		return fmt.Errorf("%w: an amount of nothing", ErrOrder)
	}
	from, ok := g.place[o.In]
	if !ok {
		return fmt.Errorf("%s: %w", o.In, ErrToken)
	}
	to, ok := g.place[o.Out]
	if !ok {
		return fmt.Errorf("%s: %w", o.Out, ErrToken)
	}
	v.scope.cut(g, from, to, o.MaxHops, max(wide, o.MaxHops))
	return nil
}

// single is the best quote of one path.
func (v *Solver) single(singles []path, o *Order) (best *Quote, found bool) {
	for i := range singles {
		v.exact.spread(&v.scope, &v.gas, []way{{path: singles[i], in: 1}}, &o.Amount, 0)
		if v.exact.valid && (!found || v.exact.above(best)) {
			best, found = v.exact.quote(&v.scope, &v.gas), true
		}
	}
	return best, found
}

// search fills the balance with ways, and says whether the context ended first.
func (v *Solver) search(ctx context.Context, total float64, singles []path) (early bool) {
	s, b := &v.scope, &v.balance
	b.total = total
	b.ways = b.ways[:0]
	start, most := path{}, 0.0
	for i := range singles {
		if net := s.push(&singles[i], total) - v.gas.of(s, &singles[i], total); i == 0 || net > most {
			start, most = singles[i], net
		}
	}
	v.prune.single = start
	b.ways = append(b.ways, way{path: start, in: total})
	out := b.settle(s, 0, closeness)
	slice := total / 4
	for range rounds {
		if ctx.Err() != nil {
			early = true
			break
		}
		b.shut(s)
		offers := v.prices.offers(s, total, slice, b.level(), v.cost(total, undercost), out*closeness, batch, worthwhile)
		b.evict(s, len(offers))
		if !b.add(s, offers) {
			if slice == 0 {
				break
			}
			if slice /= 8; slice < total*1e-6 {
				slice = 0
			}
			continue
		}
		before := out
		b.settle(s, stepsRound, closeness)
		b.thin.out(s, b)
		b.order()
		out = b.settle(s, 0, closeness)
		b.sweep()
		if out < before*(1+closeness) && slice == 0 {
			break
		}
	}
	b.settle(s, stepsLast, closeness/100)
	b.thin.out(s, b)
	out = b.settle(s, 0, closeness)
	b.sweep()
	v.economise(total, out)
	b.order()
	b.settle(s, stepsLast, closeness/100)
	b.sweep()
	return early
}

// cost is a part of what the gas of a path costs, were an eighth of the order on it.
func (v *Solver) cost(total, part float64) func(*path) float64 {
	if v.gas.rate == 0 {
		return func(*path) float64 { return 0 }
	}
	return func(p *path) float64 { return part * v.gas.of(&v.scope, p, total/8) }
}

// add takes offers as ways without input, and says whether there were any. A path that would trade a pool against one taken is left.
func (b *balance) add(s *scope, offers []offer) bool {
	n := len(b.ways)
	for i := range offers {
		o := &offers[i]
		if len(b.ways) == mostWays || b.has(&o.path) {
			continue
		}
		if !s.open(&o.path) {
			continue
		}
		b.ways = append(b.ways, way{path: o.path})
		for _, e := range o.path.arcs[:o.path.hops] {
			for _, other := range s.ofPool[s.edges[e].pool] {
				s.edges[other].shut = s.edges[other].shut || other != e
			}
			s.edges[e].offered = true
		}
	}
	return len(b.ways) > n
}

// open says whether a path can be added: no pool of it trades another way, and, if it has arcs that are not in use, some of them are not
// on a path that was added before it in this round: what those are worth is known only after that one has its input.
func (s *scope) open(p *path) bool {
	fresh, known := false, false
	for _, e := range p.arcs[:p.hops] {
		a := &s.edges[e]
		if a.shut {
			return false
		}
		if a.flow == 0 {
			fresh, known = fresh || !a.offered, true
		}
	}
	return fresh || !known
}

// evict makes room for so many ways by emptying those that bring least: half of what goes in times what the rate falls by meanwhile.
func (b *balance) evict(s *scope, coming int) {
	over := len(b.ways) + coming - mostWays
	if over <= 0 {
		return
	}
	b.curve(s)
	b.losses = b.losses[:0]
	for i := range b.ways {
		w := &b.ways[i]
		b.losses = append(b.losses, -w.in*w.in*b.second(s, w, w))
	}
	for ; over > 0; over-- {
		least := -1
		for i, l := range b.losses {
			if l >= 0 && (least < 0 || l < b.losses[least]) {
				least = i
			}
		}
		b.losses[least] = -1
		b.hand(least)
	}
	b.sweep()
}

func (b *balance) has(p *path) bool {
	for i := range b.ways {
		if b.ways[i].path == *p {
			return true
		}
	}
	return false
}

// order puts the largest way last. A way executed earlier gets better rates of the pools that it shares and sends more to those after
// them, so the inputs have to be settled again.
func (b *balance) order() {
	largest := 0
	for i := range b.ways {
		if b.ways[i].in > b.ways[largest].in {
			largest = i
		}
	}
	w := b.ways[largest]
	copy(b.ways[largest:], b.ways[largest+1:])
	b.ways[len(b.ways)-1] = w
}

// sweep drops the ways that took nothing.
func (b *balance) sweep() {
	kept := b.ways[:0]
	for _, w := range b.ways {
		if w.in > b.total*1e-12 {
			kept = append(kept, w)
		}
	}
	b.ways = kept
}
