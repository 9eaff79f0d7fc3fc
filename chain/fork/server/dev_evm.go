package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/holiman/uint256"
)

// word256 is a number with 256 bits.
type word256 struct{ uint256.Int }

// evmAPI is served under evm_, and with devAPI under anvil_ and hardhat_.
type evmAPI struct{ s *Server }

func (a *evmAPI) wish(how func(*wishes)) error {
	return a.s.change(func(b *branch) (*branch, error) { return b.wish(how), nil })
}

// makeBlocks makes blocks, the first of them of all that waits.
func (a *evmAPI) makeBlocks(ctx context.Context, count, interval uint64) error {
	return a.s.change(func(b *branch) (*branch, error) {
		ctx, done, err := a.s.begin(ctx)
		if err != nil {
			return nil, err
		}
		defer done()
		if count > uint64(max(a.s.limits.Blocks-len(b.blocks), 0)) {
			return nil, errManyBlocks
		}
		for i := range count {
			if i > 0 && interval > 0 {
				time := b.env(b.head()).Time + interval
				b = b.wish(func(w *wishes) { w.time = &time })
			}
			if b, err = a.s.mine(ctx, b, 1); err != nil {
				return nil, err
			}
		}
		return b, nil
	})
}

// mineArgs is a time, or an object with one.
type mineArgs struct {
	Timestamp *quantity `json:"timestamp"`
}

// UnmarshalJSON reads either form.
func (m *mineArgs) UnmarshalJSON(raw []byte) error {
	type plain mineArgs
	if len(raw) > 0 && raw[0] == '{' {
		return json.Unmarshal(raw, (*plain)(m))
	}
	m.Timestamp = new(quantity)
	return m.Timestamp.UnmarshalJSON(raw)
}

// evmMineAPI has evm_mine, whose argument is another than anvil_mine's.
type evmMineAPI struct{ *evmAPI }

// Mine makes a block, at a time if one is given.
func (a *evmMineAPI) Mine(ctx context.Context, args *mineArgs) (string, error) {
	if args != nil && args.Timestamp != nil {
		if err := a.SetNextBlockTimestamp(*args.Timestamp); err != nil {
			return "", err
		}
	}
	return "0x0", a.makeBlocks(ctx, 1, 0)
}

// SetBlockGasLimit sets the gas limit of the blocks to come.
func (a *evmAPI) SetBlockGasLimit(gas quantity) (bool, error) {
	n, err := gas.below("gas limit", mostGas)
	if err != nil {
		return false, err
	}
	if n < leastGas {
		return false, invalid("a gas limit of %d holds no transaction", n)
	}
	return true, a.wish(func(w *wishes) { w.gasLimit = n })
}

// IncreaseTime moves the fork's clock forward, and answers with how far it is from the host's in all. Many quick blocks are ahead of
// the clock, as each is a second later than the one before: then it goes on from the newest.
func (a *evmAPI) IncreaseTime(seconds quantity) (shift int64, err error) {
	n, err := seconds.below("seconds", mostTime)
	if err != nil {
		return 0, err
	}
	err = a.s.change(func(b *branch) (*branch, error) {
		now := a.s.now()
		shift = max(b.next.shift, int64(b.env(b.head()).Time)-now) + int64(n)
		if now+shift > mostTime {
			return nil, invalid("no block can be that late")
		}
		return b.wish(func(w *wishes) { w.shift = shift }), nil
	})
	return shift, err
}

// SetTime sets the fork's clock, and answers with how far it is from the host's.
func (a *evmAPI) SetTime(at quantity) (shift int64, err error) {
	n, err := at.below("time", mostTime)
	if err != nil {
		return 0, err
	}
	shift = int64(n) - a.s.now()
	return shift, a.wish(func(w *wishes) { w.shift = shift })
}

// SetNextBlockTimestamp sets the time of the next block. The clock goes on from there.
func (a *evmAPI) SetNextBlockTimestamp(at quantity) error {
	n, err := at.below("time", mostTime)
	if err != nil {
		return err
	}
	return a.s.change(func(b *branch) (*branch, error) {
		if last := b.env(b.head()).Time; n <= last {
			return nil, invalid("timestamp %d is not after the newest block's, which is %d", n, last)
		}
		return b.wish(func(w *wishes) { w.time, w.shift = &n, int64(n)-a.s.now() }), nil
	})
}

// SetAutomine makes each transaction a block at once, or lets them wait until blocks are asked for. What waits when it is turned on is
// put into a block.
func (a *evmAPI) SetAutomine(ctx context.Context, on bool) error {
	return a.s.change(func(b *branch) (*branch, error) {
		b = b.wish(func(w *wishes) { w.manual = !on })
		if !on || len(b.pool) == 0 {
			return b, nil
		}
		ctx, done, err := a.s.begin(ctx)
		if err != nil {
			return nil, err
		}
		defer done()
		return a.s.mine(ctx, b, 1)
	})
}

// SetIntervalMining makes a block each so many milliseconds, as Hardhat counts; zero ends it. Transactions then wait for it.
func (a *evmAPI) SetIntervalMining(milliseconds quantity) error {
	return a.beatEvery(milliseconds, time.Millisecond)
}

// anvilAPI has what anvil counts otherwise than Hardhat.
type anvilAPI struct{ a *evmAPI }

// SetIntervalMining makes a block each so many seconds, as anvil counts; zero ends it.
func (a *anvilAPI) SetIntervalMining(seconds quantity) error {
	return a.a.beatEvery(seconds, time.Second)
}

func (a *evmAPI) beatEvery(n quantity, unit time.Duration) error {
	every, err := n.below("interval", uint64(24*time.Hour/unit))
	if err != nil {
		return err
	}
	pace := time.Duration(every) * unit
	if every > 0 && pace < leastBeat {
		return invalid("an interval of %v is shorter than %v", pace, leastBeat)
	}
	return a.s.change(func(b *branch) (*branch, error) {
		a.s.beat.stop()
		if every > 0 {
			a.s.beat.start(a.s, pace)
		}
		return b.wish(func(w *wishes) { w.manual = every > 0 }), nil
	})
}

// leastBeat is the shortest time between blocks that are made by the clock.
const leastBeat = 10 * time.Millisecond

// beat makes blocks by the clock.
type beat struct {
	mu  sync.Mutex
	end chan struct{}
}

func (h *beat) stop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.end != nil {
		close(h.end)
		h.end = nil
	}
}

func (h *beat) start(s *Server, pace time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	end := make(chan struct{})
	h.end = end
	go func() {
		tick := time.NewTicker(pace)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				// A block that can't be made now, because a read failed, is made at the next tick.
				_ = (&evmAPI{s}).makeBlocks(context.Background(), 1, 0)
			case <-end:
				return
			case <-s.ended:
				return
			}
		}
	}()
}

// snapshot is a branch that is remembered.
type snapshot struct {
	id     uint64
	branch *branch
}

// Snapshot remembers the fork as it is, and answers with a name to go back to it by.
func (a *evmAPI) Snapshot() (hexutil.Uint64, error) {
	a.s.making.Lock()
	defer a.s.making.Unlock()
	if len(a.s.saved) >= a.s.limits.Snapshots {
		return 0, fmt.Errorf("%d snapshots are remembered, which is the most: revert to an older one", len(a.s.saved))
	}
	a.s.snapshots++
	a.s.saved = append(a.s.saved, snapshot{a.s.snapshots, a.s.current()})
	return hexutil.Uint64(a.s.snapshots), nil
}

var errNoSnapshot = errors.New("no such snapshot")

// Revert goes back to a snapshot, which ends it and those taken since. It answers false where there is no such snapshot.
func (a *evmAPI) Revert(id quantity) (bool, error) {
	n, err := id.below("snapshot", math.MaxUint64)
	if err != nil {
		return false, err
	}
	err = a.s.change(func(*branch) (*branch, error) {
		for i, old := range a.s.saved {
			if old.id == n {
				a.s.saved = a.s.saved[:i]
				return old.branch, nil
			}
		}
		return nil, errNoSnapshot
	})
	if errors.Is(err, errNoSnapshot) {
		return false, nil
	}
	return err == nil, err
}
