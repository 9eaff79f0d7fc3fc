package pool

import (
	"errors"
	"fmt"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/router/pool/line"
)

// Kind is what a snapshot and the events after it must know of a kind of pools.
type Kind struct {
	// Read makes a pool of the fields of a line that are the kind's own, the fee among them, and the decimals of its tokens. What may
	// not be is refused.
	Read func(site Site, decimals []uint8, l *line.Line) (Pool, error)
	// Write writes those fields of a pool of the kind.
	Write func(p Pool, w *line.Writer)
	// Apply is the pool after an event. It is nil where the kind has no events that say all.
	Apply func(p Pool, e Event) (Pool, error)
}

// kinds names every kind there is. Each stands in a file of its own.
var kinds = map[string]Kind{
	"uniswap-v2":        {readV2, writeV2, applyV2},
	"uniswap-v3":        {readV3, writeV3, applyV3},
	"uniswap-v4":        {readV4, writeV4, applyV4},
	"balancer-weighted": {readWeighted, writeWeighted, nil},
	"balancer-stable":   {readAmplified, writeAmplified, nil},
	"curve-stable":      {readStableSwap, writeStableSwap, nil},
	"curve-tricrypto":   {readTricrypto, writeTricrypto, nil},
	"solidly-volatile":  {readVolatile, writeSolidly, applySolidly},
	"solidly-stable":    {readStablePair, writeSolidly, applySolidly},
}

// Event is what a pool's contract logged: Sync, Swap or Range.
type Event interface{ event() }

// Sync says what the reserves of a pair are now.
type Sync struct{ Reserve0, Reserve1 uint256.Int }

// Swap says where the price of a pool with ticks is now.
type Swap struct {
	SqrtPriceX96, Liquidity uint256.Int
	Tick                    int32
}

// Range says that liquidity was put into a range of ticks (Mint), or taken out of it (Burn).
type Range struct {
	Lower, Upper int32 // ticks
	Liquidity    uint256.Int
	Burn         bool
}

func (Sync) event()  {}
func (Swap) event()  {}
func (Range) event() {}

// ErrEvent means that an event is none of the kind of pool it is said of.
var ErrEvent = errors.New("an event that pools of this kind do not have")

// KindOf finds a kind by its name.
func KindOf(name string) (Kind, bool) {
	k, ok := kinds[name]
	return k, ok
}

// MaxTokens is how many tokens a pool may hold.
const MaxTokens = 8

// maxFeePPM is the highest fee: a pool that keeps everything makes no trade.
const maxFeePPM = 999_999

var errEmpty = errors.New("is zero, so nothing can be traded")

// readFee reads the fee in parts per million.
func readFee(site *Site, l *line.Line) {
	site.FeePPM = uint32(l.Number("fee_ppm", 0, maxFeePPM)) //nolint:gosec // below 2^20
}

// finer is a fee of a contract that counts in more than millionths, in parts of unit, as a site has it: rounded up to a whole one.
func finer(fee, unit uint64) (ppm uint32) {
	part := unit / whole
	return uint32(min((fee+part-1)/part, maxFeePPM)) //nolint:gosec // below 2^20
}

// readFineFee reads such a fee: under the name fee, in parts of unit, or in parts per million where there is no such field.
func readFineFee(l *line.Line, unit uint64) (fee uint64) {
	if !l.Has("fee") {
		return uint64(l.Number("fee_ppm", 0, maxFeePPM)) * (unit / whole) //nolint:gosec // not negative
	}
	if fee = l.Count("fee"); fee >= unit {
		l.Fail("fee", fmt.Errorf("is not less than %d", unit))
	}
	if ppm := int64(finer(fee, unit)); l.Has("fee_ppm") {
		l.Number("fee_ppm", ppm, ppm)
	}
	return fee
}

// writeFineFee writes what readFineFee reads.
func writeFineFee(site *Site, w *line.Writer, fee, unit uint64) {
	w.Number("fee_ppm", int64(site.FeePPM))
	if part := unit / whole; fee%part != 0 {
		w.Amount("fee", uint256.NewInt(fee))
	}
}

// readAmounts reads one amount for each token, none of them zero.
func readAmounts(site *Site, l *line.Line, name string, bits int) []uint256.Int {
	return readFull(l, name, len(site.Tokens), bits)
}

// readFull reads this many amounts, none of them zero.
func readFull(l *line.Line, name string, n, bits int) []uint256.Int {
	all := l.Amounts(name, n, n, bits)
	for i := range all {
		if all[i].IsZero() {
			l.Fail(name, fmt.Errorf("element %d %w", i+1, errEmpty))
			return nil
		}
	}
	return all
}

// readCount reads a whole number from 1 to most, plain or as a string.
func readCount(l *line.Line, name string, most uint64) uint64 {
	x := l.Count(name)
	if x == 0 || x > most {
		l.Fail(name, fmt.Errorf("is no whole number from 1 to %d", most))
	}
	return x
}
