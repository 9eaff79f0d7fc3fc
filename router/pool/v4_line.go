package pool

import (
	"fmt"

	"github.com/keymaker-agent/keymaker/router/pool/line"
)

// readV4 reads the fields of kind uniswap-v4: fee_ppm (of the liquidity), protocol_fee_zero_for_one and protocol_fee_one_for_zero (parts
// per million), hooks (an address), and those of readGround. No field may be missing: a hook that nobody names could take it all.
func readV4(site Site, _ []uint8, l *line.Line) (Pool, error) {
	site.FeePPM = uint32(l.Number("fee_ppm", 0, dynamicFee)) //nolint:gosec // in range
	protocol := ProtocolFee{
		uint32(l.Number("protocol_fee_zero_for_one", 0, maxProtocolFee)), //nolint:gosec // in range
		uint32(l.Number("protocol_fee_one_for_zero", 0, maxProtocolFee)), //nolint:gosec // in range
	}
	hooks := l.Address("hooks")
	g, err := readGround(l)
	if err != nil {
		return nil, err
	}
	return NewV4(site, hooks, protocol, &g.price, g.tick, &g.liquidity, g.spacing, g.ticks)
}

func writeV4(p Pool, w *line.Writer) {
	v4 := p.(*V4) //nolint:forcetypeassert // the kind says so
	w.Number("fee_ppm", int64(v4.site.FeePPM))
	w.Number("protocol_fee_zero_for_one", int64(v4.protocol[0]))
	w.Number("protocol_fee_one_for_zero", int64(v4.protocol[1]))
	w.Text("hooks", line.Lower(v4.hooks))
	writeGround(&v4.spot, w)
}

func applyV4(p Pool, e Event) (Pool, error) {
	v4 := p.(*V4) //nolint:forcetypeassert // the kind says so
	switch e := e.(type) {
	case Swap:
		return v4.Swapped(&e.SqrtPriceX96, e.Tick, &e.Liquidity)
	case Range:
		net, err := e.net()
		if err != nil {
			return nil, fmt.Errorf("pool %s: %w", p.Site().ID, err)
		}
		return v4.Provided(e.Lower, e.Upper, &net)
	}
	return nil, fmt.Errorf("pool %s: %T: %w", p.Site().ID, e, ErrEvent)
}
