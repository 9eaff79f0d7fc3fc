package pool

import (
	"errors"
	"fmt"
	"math"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/router/pool/line"
)

// maxTickSpacing is the widest that a factory allows.
const maxTickSpacing = math.MaxInt16 / 2

var errNoRange = errors.New("ticks: are null, and without a tick_spacing the range of the price is not known")

// readV3 reads the fields of kind uniswap-v3: fee_ppm, and those of readGround.
func readV3(site Site, _ []uint8, l *line.Line) (Pool, error) {
	readFee(&site, l)
	g, err := readGround(l)
	if err != nil {
		return nil, err
	}
	return NewV3(site, &g.price, g.tick, &g.liquidity, g.spacing, g.ticks)
}

// ground is the state of a pool with ticks as its line says it.
type ground struct {
	price, liquidity uint256.Int
	tick, spacing    int32
	ticks            []Tick
}

// readGround reads tick_spacing, sqrt_price_x96, tick, liquidity and ticks. Where ticks are null, only the range of the price is known,
// and the pool trades in it alone; that range is written as its two ticks.
func readGround(l *line.Line) (ground, error) {
	g := ground{
		spacing:   int32(l.Number("tick_spacing", 0, maxTickSpacing)),    //nolint:gosec // in range
		tick:      int32(l.Number("tick", math.MinInt32, math.MaxInt32)), //nolint:gosec // in range
		price:     l.Amount("sqrt_price_x96", 160),
		liquidity: l.Amount("liquidity", 127),
	}
	known := l.Has("ticks")
	if known {
		g.ticks = readTicks(l)
	}
	if err := l.Err(); err != nil {
		return g, err
	}
	if !known {
		if g.spacing == 0 {
			return g, errNoRange
		}
		g.ticks = ActiveRange(g.tick, g.spacing, &g.liquidity)
	}
	return g, nil
}

func readTicks(l *line.Line) []Tick {
	var all []Tick
	l.Each("ticks", func(element []byte) error {
		index, net, err := line.Pair(element)
		all = append(all, Tick{Index: index, Net: net})
		return err
	})
	return all
}

func writeV3(p Pool, w *line.Writer) {
	v3 := p.(*V3) //nolint:forcetypeassert // the kind says so
	w.Number("fee_ppm", int64(v3.site.FeePPM))
	writeGround(&v3.spot, w)
}

func writeGround(s *spot, w *line.Writer) {
	all := s.ladder.ticks()
	w.Number("tick_spacing", int64(s.ladder.spacing))
	w.Amount("sqrt_price_x96", &s.price)
	w.Number("tick", int64(s.tick))
	w.Amount("liquidity", s.liquidity())
	w.Pairs("ticks", len(all), func(i int) (int32, uint256.Int) { return all[i].Index, all[i].Net })
}

func applyV3(p Pool, e Event) (Pool, error) {
	v3 := p.(*V3) //nolint:forcetypeassert // the kind says so
	switch e := e.(type) {
	case Swap:
		return v3.Swapped(&e.SqrtPriceX96, e.Tick, &e.Liquidity)
	case Range:
		net, err := e.net()
		if err != nil {
			return nil, fmt.Errorf("pool %s: %w", p.Site().ID, err)
		}
		return v3.Provided(e.Lower, e.Upper, &net)
	}
	return nil, fmt.Errorf("pool %s: %T: %w", p.Site().ID, e, ErrEvent)
}

var errNet = errors.New("liquidity of more than 127 bits")

// net is what the range adds to the liquidity between its ticks, with its sign extended to the word.
func (e Range) net() (uint256.Int, error) {
	net := e.Liquidity
	if net.BitLen() > 127 {
		return net, errNet
	}
	if e.Burn {
		net.Neg(&net)
	}
	return net, nil
}
