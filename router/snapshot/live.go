package snapshot

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/router/pool"
)

// Why a block can't be applied, or gone back to. Nothing changed then.
var (
	ErrParent  = errors.New("the block does not follow the newest one; go back to its parent first")
	ErrBlock   = errors.New("no state of that block is kept")
	ErrNoPool  = errors.New("no pool of that id")
	errNoHash  = errors.New("a block without a hash")
	errNumber  = errors.New("the block's number is not one more than the newest")
	errNoEvent = errors.New("an event that says nothing")
)

// Block names a block and the one it follows.
type Block struct {
	Number       uint64
	Hash, Parent common.Hash
}

// Event is what the contract of a pool logged.
type Event struct {
	Pool string // id
	What pool.Event
}

// Next is the State after a block: each pool as the block's events, in order, leave it. Events of pools that are not in the Market fail
// with ErrNoPool, so that none is lost unseen. It does not look at what the block follows; Live does.
func (s *State) Next(block Block, events []Event) (*State, error) {
	changed := make(map[int]pool.Pool, len(events))
	for i, e := range events {
		if err := s.apply(changed, e); err != nil {
			return nil, fmt.Errorf("event %d of block %d: %w", i+1, block.Number, err)
		}
	}
	next := s.with(changed)
	next.Block, next.Hash = block.Number, block.Hash
	return next, nil
}

func (s *State) apply(changed map[int]pool.Pool, e Event) error {
	number, ok := s.PoolOf(e.Pool)
	if !ok {
		return fmt.Errorf("%+q: %w", e.Pool, ErrNoPool)
	}
	if e.What == nil {
		return errNoEvent
	}
	p, ok := changed[number]
	if !ok {
		p = s.Pool(number)
	}
	kind, _ := pool.KindOf(p.Site().Kind)
	if kind.Apply == nil {
		return fmt.Errorf("pool %s: %T: %w", e.Pool, e.What, pool.ErrEvent)
	}
	after, err := kind.Apply(p, e.What)
	if err != nil {
		return err
	}
	changed[number] = after
	return nil
}

// Live is the newest State while blocks come in. State may be called by any number of readers, and waits for nobody; the other methods
// go one after the other.
type Live struct {
	now  atomic.Pointer[State]
	mu   sync.Mutex
	kept []*State // the newest last
	keep int
}

// NewLive begins with a State, and keeps as many of the newest ones as keep says, at least one.
func NewLive(first *State, keep int) *Live {
	l := &Live{kept: []*State{first}, keep: max(1, keep)}
	l.now.Store(first)
	return l
}

// State is the newest one, whole. It stays as it is while later blocks come in.
func (l *Live) State() *State { return l.now.Load() }

// Apply takes a block that follows the newest one. It fails with ErrParent where it does not.
func (l *Live) Apply(block Block, events []Event) (*State, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	newest := l.kept[len(l.kept)-1]
	switch {
	case block.Hash == common.Hash{}:
		return nil, errNoHash
	case newest.Hash != common.Hash{} && block.Parent != newest.Hash:
		return nil, fmt.Errorf("block %s after %s, not %s: %w", block.Hash, block.Parent, newest.Hash, ErrParent)
	case newest.Block != 0 && block.Number != newest.Block+1:
		return nil, fmt.Errorf("block %d after %d: %w", block.Number, newest.Block, errNumber)
	}
	next, err := newest.Next(block, events)
	if err != nil {
		return nil, err
	}
	if len(l.kept) == l.keep {
		copy(l.kept, l.kept[1:])
		l.kept = l.kept[:len(l.kept)-1]
	}
	l.kept = append(l.kept, next)
	l.now.Store(next)
	return next, nil
}

// Return goes back to the State of a block that is kept, as after a reorganisation, and forgets those after it. It fails with ErrBlock
// where none of that hash is kept; then the market must be read again.
func (l *Live) Return(to common.Hash) (*State, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := len(l.kept) - 1; i >= 0; i-- {
		if l.kept[i].Hash != to {
			continue
		}
		clear(l.kept[i+1:])
		l.kept = l.kept[:i+1]
		l.now.Store(l.kept[i])
		return l.kept[i], nil
	}
	return nil, fmt.Errorf("%s: %w", to, ErrBlock)
}
