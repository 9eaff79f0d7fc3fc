package history

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/refusal"
)

// head is what is needed of a block.
type head struct {
	number, time uint64
	hash         common.Hash
}

// latest is the last second of the year 9999: a block that claims more is nonsense.
const latest = 253402300799

// headers reads blocks by their numbers.
func headers(ctx context.Context, r Reader, numbers ...uint64) ([]head, error) {
	type answer struct {
		Number *hexutil.Uint64 `json:"number"`
		Hash   *common.Hash    `json:"hash"`
		Time   *hexutil.Uint64 `json:"timestamp"`
	}
	answers := make([]*answer, len(numbers))
	elems := make([]rpc.BatchElem, len(numbers))
	for i, n := range numbers {
		elems[i] = rpc.BatchElem{Method: "eth_getBlockByNumber", Args: []any{hexutil.Uint64(n), false}, Result: &answers[i]}
	}
	if err := r.Batch(ctx, elems); err != nil {
		return nil, err
	}
	all := make([]head, len(numbers))
	for i, a := range answers {
		switch {
		case elems[i].Error != nil:
			return nil, refusal.New(refusal.StatePruned, "the endpoint does not give block %d", numbers[i]).Because(elems[i].Error)
		case a == nil:
			return nil, refusal.New(refusal.StatePruned, "the endpoint has no block %d", numbers[i]).
				WithHint("name a block that is there; of an old one, use the endpoint of an archive node")
		case a.Number == nil || a.Hash == nil || a.Time == nil || uint64(*a.Number) != numbers[i] || uint64(*a.Time) > latest:
			return nil, refusal.New(refusal.RPCDown, "the endpoint answers nonsense: block %d without its number, hash or time", numbers[i])
		}
		all[i] = head{numbers[i], uint64(*a.Time), *a.Hash}
	}
	return all, nil
}

// locate finds for each time the last block of the range that is not later. The range is known by its ends, and each round asks, for all
// times at once, for a block between the nearest two that are known.
func locate(ctx context.Context, r Reader, known []head, times []uint64, progress func(found int)) ([]uint64, error) {
	found := make([]uint64, len(times))
	for round := 1; ; round++ {
		var ask []uint64
		for i, t := range times {
			after, _ := slices.BinarySearchFunc(known, t, func(h head, t uint64) int {
				if h.time <= t {
					return -1
				}
				return 1
			})
			found[i] = known[after-1].number // the first block is not later than any time
			if after == len(known) || known[after].number == found[i]+1 {
				continue
			}
			ask = append(ask, between(known[after-1], known[after], t, round%3 == 0))
		}
		progress(len(times) - len(ask))
		if len(ask) == 0 {
			return found, nil
		}
		slices.Sort(ask)
		more, err := headers(ctx, r, slices.Compact(ask)...)
		if err != nil {
			return nil, err
		}
		known = append(known, more...)
		slices.SortFunc(known, func(a, b head) int { return cmp.Compare(a.number, b.number) })
		for i := 1; i < len(known); i++ {
			if known[i].time < known[i-1].time {
				return nil, refusal.New(refusal.RPCDown, "the endpoint answers nonsense: block %d is earlier than block %d", known[i].number, known[i-1].number)
			}
		}
	}
}

// between is a block between two that are not neighbours: where it would be if blocks came evenly, or the middle. The middle in each third
// round bounds the rounds by three times the bits of the range, whatever the blocks' times are.
func between(low, high head, t uint64, middle bool) uint64 {
	count := high.number - low.number
	if middle {
		return low.number + count/2
	}
	hi, lo := bits.Mul64(t-low.time, count) // t is before the later one, so that the quotient is below count
	step, _ := bits.Div64(hi, lo, high.time-low.time)
	return low.number + min(max(step, 1), count-1)
}

func clock(seconds uint64) string { return time.Unix(int64(seconds), 0).UTC().Format(time.RFC3339) }
