// Package history reads what the price in a pool was, at times past, out of the state of the chain itself.
//
// The contract of a pool keeps its price as integers. What one whole token 0 costs in whole tokens 1 is
//
//	Uniswap V2    reserve1 / reserve0          * 10^(decimals0 - decimals1)
//	Uniswap V3    (sqrtPriceX96 / 2^96)^2      * 10^(decimals0 - decimals1)
//
// and stays that ratio of integers until it is written. The price at a time is the one after the last block that is not later: a pool's
// price stands from one block to the next, so there is a price at every time, and none is filled in. Prices are read at even times, as
// a study needs them: each midnight (UTC) in a range of blocks, or each multiple of another step.
//
// Invariant: every price is the contract's answer at one block, and all blocks are ancestors of the last one, which is still there at
// the end. A time without a price, because the pool was not made yet, was empty, or the endpoint dropped the state, is a refusal.
//
// A spot price is what the last trade left. One large trade moves it for a block, so take a deep pool, and doubt a single day.
package history

import (
	"context"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/market"
)

// Day is the usual step, in seconds.
const Day = 24 * 60 * 60

// Most is how many prices are read at once. No read needs more than a few thousand: ten years of days.
const Most = 4096

// Reader is a chain.Client.
type Reader interface {
	Batch(ctx context.Context, elems []rpc.BatchElem) error
}

// Order says what is read.
type Order struct {
	Pool  common.Address
	Of    common.Address // the token whose price it is; zero: the pool's token 0
	From  uint64         // first block
	To    uint64         // last block
	Every uint64         // seconds between prices, above zero
}

// Venue says what kind of pool it is.
type Venue string

// The venues.
const (
	V2 Venue = "uniswap-v2"
	V3 Venue = "uniswap-v3"
)

// Token is one of the two of a pool.
type Token struct {
	Address  common.Address
	Decimals uint8
}

// History is prices of whole tokens Of in whole tokens In, oldest first, a step apart.
type History struct {
	Venue  Venue
	Of, In Token
	Points []Point
}

// Point is a price at a time, and the block after which it was the price.
type Point struct {
	Time  uint64 // unix seconds
	Block uint64
	Price *big.Rat
}

// Progress is how many of the prices' blocks are found, and how many prices are read, of how many.
type Progress struct{ Found, Read, Of int }

// Read reads the history, and tells how far it is after each trip. It is refused with Usage, NoPool, TooFewPrices, SeriesGap, StatePruned
// or RPCDown, and stops when ctx ends. For each price it reads one answer of the pool and some headers of blocks: at most three times the
// bits of the range's length.
func Read(ctx context.Context, r Reader, o Order, progress func(Progress)) (*History, error) {
	if o.Every == 0 || o.From >= o.To {
		return nil, refusal.New(refusal.Usage, "block %d to block %d, every %d seconds, holds no two prices", o.From, o.To, o.Every)
	}
	ends, err := headers(ctx, r, o.From, o.To)
	if err != nil {
		return nil, err
	}
	times, err := grid(ends[0].time, ends[1].time, o.Every)
	if err != nil {
		return nil, err
	}
	p, err := identify(ctx, r, o)
	if err != nil {
		return nil, err
	}
	blocks, err := locate(ctx, r, ends, times, func(found int) { progress(Progress{found, 0, len(times)}) })
	if err != nil {
		return nil, err
	}
	h := &History{Venue: p.venue, Of: p.tokens[0], In: p.tokens[1]}
	if p.inverse {
		h.Of, h.In = h.In, h.Of
	}
	for len(h.Points) < len(times) {
		n := len(h.Points)
		end := min(n+pricesATrip, len(times))
		points, err := p.prices(ctx, r, times[n:end], blocks[n:end])
		if err != nil {
			return nil, err
		}
		h.Points = append(h.Points, points...)
		progress(Progress{len(times), len(h.Points), len(times)})
	}
	again, err := headers(ctx, r, o.To)
	if err != nil {
		return nil, err
	}
	if again[0].hash != ends[1].hash {
		return nil, refusal.New(refusal.RPCDown, "block %d was replaced by another while the pool was read", o.To).WithHint("read it again")
	}
	return h, nil
}

// grid is the multiples of a step from one time to another, both in it.
func grid(from, to, every uint64) ([]uint64, error) {
	first := from / every
	if from%every != 0 {
		first++
	}
	last := to / every
	switch {
	case last < first || last-first < 1:
		return nil, refusal.New(refusal.TooFewPrices, "the blocks are from %s to %s, which does not hold two prices a step of %d seconds apart",
			clock(from), clock(to), every).WithHint("take a longer range of blocks, or a shorter step with --every")
	case last-first >= Most:
		return nil, refusal.New(refusal.Usage, "%d prices lie between the blocks; %d are read at most", last-first+1, Most).
			WithHint("take a shorter range of blocks, or a longer step with --every")
	}
	var times []uint64
	for n := first; n <= last; n++ {
		times = append(times, n*every)
	}
	return times, nil
}

// Series is the prices for a study.
func (h *History) Series(name string) (market.Series, error) {
	return market.Parse(name, []byte(h.CSV()))
}

// CSV is what market.Parse reads: dates where all times are midnights, unix seconds else.
func (h *History) CSV() string {
	daily := !slices.ContainsFunc(h.Points, func(p Point) bool { return p.Time%Day != 0 })
	var b strings.Builder
	b.WriteString("date,price\n")
	for _, p := range h.Points {
		stamp := strconv.FormatUint(p.Time, 10)
		if daily {
			stamp = time.Unix(int64(p.Time), 0).UTC().Format(time.DateOnly)
		}
		b.WriteString(stamp + "," + Decimal(p.Price) + "\n")
	}
	return b.String()
}

const digits = 20 // that are written of a price: more than a float holds

// Decimal writes a ratio above zero with 20 digits, or all of those before the point where they are more, and no zeros at its end.
func Decimal(price *big.Rat) string {
	one, ten := big.NewRat(1, 1), big.NewRat(10, 1)
	after := digits - len(new(big.Int).Quo(price.Num(), price.Denom()).String())
	for scaled := new(big.Rat).Set(price); scaled.Cmp(one) < 0; scaled.Mul(scaled, ten) {
		after++ // zeros after the point are no digits
	}
	text := price.FloatString(max(after, 0))
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}
