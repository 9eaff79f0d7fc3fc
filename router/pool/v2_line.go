package pool

import (
	"fmt"

	"github.com/keymaker-agent/keymaker/router/pool/line"
)

// readV2 reads the fields of kind uniswap-v2: fee_ppm and reserves.
func readV2(site Site, _ []uint8, l *line.Line) (Pool, error) {
	readFee(&site, l)
	reserves := readAmounts(&site, l, "reserves", 112)
	if err := l.Err(); err != nil {
		return nil, err
	}
	return NewV2(site, &reserves[0], &reserves[1])
}

func writeV2(p Pool, w *line.Writer) {
	pair := p.(*V2) //nolint:forcetypeassert // the kind says so
	w.Number("fee_ppm", int64(pair.site.FeePPM))
	w.Amounts("reserves", pair.reserves[:])
}

func applyV2(p Pool, e Event) (Pool, error) {
	sync, ok := e.(Sync)
	if !ok {
		return nil, fmt.Errorf("pool %s: %T: %w", p.Site().ID, e, ErrEvent)
	}
	return p.(*V2).Traded(&sync.Reserve0, &sync.Reserve1) //nolint:forcetypeassert // the kind says so
}
