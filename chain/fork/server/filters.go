package server

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/rpc"
)

// filterAge is how long a filter lives that nobody asks about.
const filterAge = 5 * time.Minute

var (
	errNoFilter    = errors.New("filter not found")
	errManyFilters = &fault{text: "too many filters and subscriptions: end some", code: codeLimit}
)

// filter is one that a client installed and asks about.
type filter struct {
	*watcher
	kind     filterKind
	criteria criteria
	asked    time.Time
}

type filterKind int

const (
	ofBlocks filterKind = iota
	ofLogs
	ofSent
)

// filters are those that are installed, by their names.
type filters struct {
	mu  sync.Mutex
	all map[rpc.ID]*filter
}

// install takes a filter in, and lets those go that nobody asked about for long.
func (s *Server) install(kind filterKind, c criteria) (rpc.ID, error) {
	f := &filter{watcher: newWatcher(s.current().head(), kind == ofSent), kind: kind, criteria: c, asked: time.Now()}
	s.filters.mu.Lock()
	defer s.filters.mu.Unlock()
	for id, old := range s.filters.all {
		if time.Since(old.asked) > filterAge {
			delete(s.filters.all, id)
			s.watch.remove(old.watcher)
		}
	}
	if !s.watch.add(f.watcher, s.limits.Filters) {
		return "", errManyFilters
	}
	if s.filters.all == nil {
		s.filters.all = make(map[rpc.ID]*filter)
	}
	id := rpc.NewID()
	s.filters.all[id] = f
	return id, nil
}

func (s *Server) filter(id rpc.ID) (*filter, error) {
	s.filters.mu.Lock()
	defer s.filters.mu.Unlock()
	f := s.filters.all[id]
	if f == nil || time.Since(f.asked) > filterAge {
		return nil, errNoFilter
	}
	f.asked = time.Now()
	return f, nil
}

// NewFilter installs one of logs.
func (a *ethAPI) NewFilter(c criteria) (rpc.ID, error) { return a.s.install(ofLogs, c) }

// NewBlockFilter installs one of blocks.
func (a *ethAPI) NewBlockFilter() (rpc.ID, error) { return a.s.install(ofBlocks, criteria{}) }

// NewPendingTransactionFilter installs one of transactions that are sent.
func (a *ethAPI) NewPendingTransactionFilter() (rpc.ID, error) {
	return a.s.install(ofSent, criteria{})
}

// UninstallFilter ends a filter, and tells whether there was one.
func (a *ethAPI) UninstallFilter(id rpc.ID) bool {
	a.s.filters.mu.Lock()
	defer a.s.filters.mu.Unlock()
	f := a.s.filters.all[id]
	if f == nil {
		return false
	}
	delete(a.s.filters.all, id)
	a.s.watch.remove(f.watcher)
	return true
}

// GetFilterChanges is what came since the last time.
func (a *ethAPI) GetFilterChanges(id rpc.ID) (any, error) {
	f, err := a.s.filter(id)
	if err != nil {
		return nil, err
	}
	if f.kind == ofSent {
		return f.takeSent(), nil
	}
	changes := make([]any, 0)
	for _, l := range f.takeBlocks(a.s.current()) {
		if f.kind == ofBlocks {
			changes = append(changes, l.hash)
		} else if f.criteria.within(l.number()) {
			changes = append(changes, l.logs(&f.criteria)...)
		}
	}
	return changes, nil
}

// GetFilterLogs are all logs that a filter wants, old and new.
func (a *ethAPI) GetFilterLogs(ctx context.Context, id rpc.ID) (any, error) {
	f, err := a.s.filter(id)
	if err != nil || f.kind != ofLogs {
		return nil, errNoFilter
	}
	return a.s.logs(ctx, &f.criteria)
}

// within reports whether the numbers that criteria name, if they do, have a block among them.
func (c *criteria) within(n uint64) bool {
	return (c.From == nil || *c.From < 0 || n >= uint64(*c.From)) && (c.To == nil || *c.To < 0 || n <= uint64(*c.To))
}

// takeBlocks are the blocks above the cursor, which moves over them.
func (w *watcher) takeBlocks(b *branch) []*block {
	w.mu.Lock()
	defer w.mu.Unlock()
	from := max(w.cursor, b.pin.Number) - b.pin.Number
	w.cursor = b.head()
	if from >= uint64(len(b.blocks)) {
		return nil
	}
	return b.blocks[from:]
}

func (w *watcher) takeSent() []common.Hash {
	w.mu.Lock()
	defer w.mu.Unlock()
	sent := w.sent
	w.sent = nil
	if sent == nil {
		sent = []common.Hash{}
	}
	return sent
}

// subscribe tells a client of what comes, until it leaves, ends the subscription, or the server is closed.
func (s *Server) subscribe(ctx context.Context, sends bool, tell func(w *watcher, say func(any) error) error) (*rpc.Subscription, error) {
	notifier, ok := rpc.NotifierFromContext(ctx)
	if !ok {
		return nil, rpc.ErrNotificationsUnsupported
	}
	w := newWatcher(s.current().head(), sends)
	if !s.watch.add(w, s.limits.Filters) {
		return nil, errManyFilters
	}
	sub := notifier.CreateSubscription()
	go func() {
		defer s.watch.remove(w)
		for {
			select {
			case <-w.wake:
				if tell(w, func(v any) error { return notifier.Notify(sub.ID, v) }) != nil {
					return
				}
			case <-sub.Err():
				return
			case <-s.ended:
				return
			}
		}
	}()
	return sub, nil
}

// NewHeads tells of each new block.
func (a *ethAPI) NewHeads(ctx context.Context) (*rpc.Subscription, error) {
	return a.s.subscribe(ctx, false, func(w *watcher, say func(any) error) error {
		for _, l := range w.takeBlocks(a.s.current()) {
			if err := say(headerObject(l.header, l.hash)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Logs tells of each new log that is wanted.
func (a *ethAPI) Logs(ctx context.Context, c criteria) (*rpc.Subscription, error) {
	return a.s.subscribe(ctx, false, func(w *watcher, say func(any) error) error {
		for _, l := range w.takeBlocks(a.s.current()) {
			for _, one := range l.logs(&c) {
				if err := say(one); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// NewPendingTransactions tells of each transaction that is sent: of its hash, or of all of it.
func (a *ethAPI) NewPendingTransactions(ctx context.Context, full *bool) (*rpc.Subscription, error) {
	return a.s.subscribe(ctx, true, func(w *watcher, say func(any) error) error {
		for _, hash := range w.takeSent() {
			said := any(hash)
			if full != nil && *full {
				tx, err := a.GetTransactionByHash(ctx, hash)
				if err != nil || tx == nil {
					continue
				}
				said = tx
			}
			if err := say(said); err != nil {
				return err
			}
		}
		return nil
	})
}
