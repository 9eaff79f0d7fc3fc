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

// readV3 reads the fields of kind uniswap-v3: fee_ppm, tick_spacing, sqrt_price_x96, tick, liquidity and ticks. Where ticks are null,
// only the range of the price is known, and the pool trades in it alone; that range is written as its two ticks.
func readV3(site Site, l *line.Line) (Pool, error) {
	readFee(&site, l)
	spacing := int32(l.Number("tick_spacing", 0, maxTickSpacing)) //nolint:gosec // in range
	price := l.Amount("sqrt_price_x96", 160)
	tick := int32(l.Number("tick", math.MinInt32, math.MaxInt32)) //nolint:gosec // in range
	liquidity := l.Amount("liquidity", 127)
	known := l.Has("ticks")
	var all []Tick
	if known {
		all = readTicks(l)
	}
	if err := l.Err(); err != nil {
		return nil, err
	}
	if !known {
		if spacing == 0 {
			return nil, errNoRange
		}
		all = ActiveRange(tick, spacing, &liquidity)
	}
	return NewV3(site, &price, tick, &liquidity, spacing, all)
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
	price, tick, liquidity := v3.State()
	all := v3.Ticks()
	w.Number("fee_ppm", int64(v3.site.FeePPM))
	w.Number("tick_spacing", int64(v3.Spacing()))
	w.Amount("sqrt_price_x96", &price)
	w.Number("tick", int64(tick))
	w.Amount("liquidity", &liquidity)
	w.Pairs("ticks", len(all), func(i int) (int32, uint256.Int) { return all[i].Index, all[i].Net })
}

func applyV3(p Pool, e Event) (Pool, error) {
	v3 := p.(*V3) //nolint:forcetypeassert // the kind says so
	switch e := e.(type) {
	case Swap:
		return v3.Swapped(&e.SqrtPriceX96, e.Tick, &e.Liquidity)
	case Range:
		net := e.Liquidity
		if net.BitLen() > 127 {
			return nil, fmt.Errorf("pool %s: liquidity of more than 127 bits", p.Site().ID)
		}
		if e.Burn {
			net.Neg(&net)
		}
		return v3.Provided(e.Lower, e.Upper, &net)
	}
	return nil, fmt.Errorf("pool %s: %T: %w", p.Site().ID, e, ErrEvent)
}
