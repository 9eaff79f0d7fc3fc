package pool

import (
	"bytes"
	"fmt"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/router/swap/ticks"
)

const (
	v3Gas     = 70_000
	v3TickGas = 30_000 // half as much again the first time
)

// V3 is a pool of concentrated liquidity whose ticks are all known.
type V3 struct {
	site *Site
	spot spot
}

// NewV3 is a pool at a price (the square root of token1 per token0, Q64.96), its tick, the liquidity in force there, and all its
// initialized ticks in order. The spacing is that between usable ticks. Where it is 0, a swap goes from one initialized tick to the
// next without the contract's stops at the edges of bitmap words, each of which costs up to a few units by rounding.
func NewV3(site Site, price *uint256.Int, tick int32, liquidity *uint256.Int, spacing int32, all []Tick) (*V3, error) {
	if err := checkPair(&site); err != nil {
		return nil, err
	}
	if bytes.Compare(site.Tokens[0][:], site.Tokens[1][:]) > 0 {
		return nil, fmt.Errorf("pool %s: its tokens are not in order", site.ID)
	}
	s, err := newSpot(price, tick, liquidity, spacing, all)
	return v3(&site, s, err)
}

// ActiveRange are the ticks of a pool of which no more is known than the liquidity at its tick: that liquidity between the usable
// ticks around it, and none beyond.
func ActiveRange(tick, spacing int32, liquidity *uint256.Int) []Tick {
	low := tick - tick%spacing
	if tick%spacing < 0 {
		low -= spacing
	}
	all := []Tick{{Index: max(ticks.Min, low), Net: *liquidity}, {Index: min(ticks.Max, low+spacing)}}
	all[1].Net.Neg(liquidity)
	return all
}

func v3(site *Site, s spot, err error) (*V3, error) {
	if err != nil {
		return nil, fmt.Errorf("pool %s: %w", site.ID, err)
	}
	return &V3{site: site, spot: s}, nil
}

// Site is what never changes about the pool.
func (p *V3) Site() *Site { return p.site }

// State is the price (the square root of token1 per token0, Q64.96), its tick (one less where a swap downwards ended on a tick and
// crossed it), and the liquidity in force.
func (p *V3) State() (price uint256.Int, tick int32, liquidity uint256.Int) {
	return p.spot.price, p.spot.tick, *p.spot.liquidity()
}

// Spacing is that between usable ticks.
func (p *V3) Spacing() int32 { return p.spot.ladder.spacing }

// Ticks are all that are initialized, in order.
func (p *V3) Ticks() []Tick { return p.spot.ladder.ticks() }

// Swapped is the pool after a swap, as its event tells it. It fails where the liquidity is not what the ticks say: then an event is
// missing.
func (p *V3) Swapped(price *uint256.Int, tick int32, liquidity *uint256.Int) (*V3, error) {
	s, err := p.spot.swapped(price, tick, liquidity)
	return v3(p.site, s, err)
}

// Provided is the pool after liquidity (an int128, with its sign extended to the word) was added between two ticks.
func (p *V3) Provided(lower, upper int32, liquidity *uint256.Int) (*V3, error) {
	s, err := p.spot.provided(lower, upper, liquidity)
	return v3(p.site, s, err)
}

// Out is what UniswapV3Pool.swap pays for exactly this amount.
func (p *V3) Out(in, _ int, amount *uint256.Int) (paid uint256.Int, after Pool, err error) {
	paid, s, err := p.spot.in(in == 0, *amount, p.site.FeePPM)
	if err != nil {
		return paid, nil, err
	}
	return paid, &V3{site: p.site, spot: s}, nil
}

// In is what UniswapV3Pool.swap asks for exactly this amount.
func (p *V3) In(in, _ int, amount *uint256.Int) (asked uint256.Int, after Pool, err error) {
	asked, s, err := p.spot.out(in == 0, *amount, p.site.FeePPM)
	if err != nil {
		return asked, nil, err
	}
	return asked, &V3{site: p.site, spot: s}, nil
}

// Gas is what the pool's own code uses, and one transfer; an estimate that grows with the ticks that are crossed.
func (p *V3) Gas(in, _ int, amount *uint256.Int) uint64 {
	return v3Gas + p.spot.gas(in == 0, amount, p.site.FeePPM, v3TickGas)
}

// Curve is the trade in floats.
func (p *V3) Curve(in, _ int) Curve { return p.spot.curve(in == 0, p.site.FeePPM) }
