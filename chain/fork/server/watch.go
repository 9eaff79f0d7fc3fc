package server

import (
	"sync"

	"github.com/ethereum/go-ethereum/common"
)

// watchers are all filters and subscriptions. Each has a cursor, the number of the newest block that it was told of, and walks the
// branch from there: so a slow client costs nothing but its own delay, and nothing is queued for it.
type watchers struct {
	mu  sync.Mutex
	all map[*watcher]bool
}

// mostSent is how many hashes are kept for one that watches what is sent.
const mostSent = 4096

// watcher is one filter or subscription.
type watcher struct {
	mu     sync.Mutex
	cursor uint64
	sends  bool // it watches what is sent
	sent   []common.Hash
	wake   chan struct{} // holds one element when there is something new
}

func newWatcher(cursor uint64, sends bool) *watcher {
	return &watcher{cursor: cursor, sends: sends, wake: make(chan struct{}, 1)}
}

func (w *watcher) poke() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// add takes one in, and reports whether there is room.
func (w *watchers) add(one *watcher, most int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all == nil {
		w.all = make(map[*watcher]bool)
	}
	if len(w.all) >= most {
		return false
	}
	w.all[one] = true
	return true
}

func (w *watchers) remove(one *watcher) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.all, one)
}

// moved says that the branch is another one, which has its blocks up to a number in common with the one before.
func (w *watchers) moved(shared uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for one := range w.all {
		one.mu.Lock()
		one.cursor = min(one.cursor, shared)
		one.mu.Unlock()
		one.poke()
	}
}

// sent says that a transaction was taken in.
func (w *watchers) sent(hash common.Hash) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for one := range w.all {
		if !one.sends {
			continue
		}
		one.mu.Lock()
		if len(one.sent) < mostSent {
			one.sent = append(one.sent, hash)
		}
		one.mu.Unlock()
		one.poke()
	}
}
