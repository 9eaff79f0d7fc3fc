// Package cache keeps on disk what was read of pinned blocks, so that a later run on the same block reads it from there.
//
// A block is named by chain, genesis and hash, so what was read of it never changes. The file is SQLite's in WAL mode: several
// processes may share it, and one that is killed half-way leaves what was there before. Writes wait in memory and go to the disk in
// the background; Close sends the rest. The file has a bound: the blocks that were used longest ago go first.
//
// Invariant: what Load returns is what was stored for that very block, or nothing. Each entry carries a digest over the name of its
// block and its content, and code is held against its hash. What is damaged is dropped, to be read again; a file that is
// damaged as a whole is left, and another one is begun. Nothing here fails a run: Err tells what went wrong.
package cache

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// Least is the smallest bound that a cache can have, in bytes.
const Least = 4 << 20

const (
	gather      = 50 * time.Millisecond // that writes wait for others
	loadTime    = 2 * time.Second       // that a run waits for the disk at most
	loadMost    = 64 << 20              // bytes of one block that are taken into memory
	perValue    = 128                   // bytes that a value takes in memory and in the file, about, without code
	pendingPart = 16                    // of the bound is what may wait, and what one transaction may write
)

// Cache is an open cache. It is safe for use by many goroutines, and its file by many processes.
type Cache struct {
	path string
	most int64

	opened sync.RWMutex // held for writing while another file is begun
	file   *file

	mu      sync.Mutex
	pending map[pinned.Key]*pinned.Known // an empty one: it was used
	rotten  []rotten
	waiting int64 // bytes in pending
	err     error
	closed  bool

	wake    chan struct{}
	closing chan struct{}
	done    chan struct{}
}

// rotten names an entry that is to be dropped.
type rotten struct {
	from string // the statement that drops it
	id   any
}

// ErrFull says that more was read than could be written meanwhile, or than the bound allows: it is not kept.
var ErrFull = errors.New("the cache is full: what was read is not kept")

// Open opens the cache at a path, and makes it (0600) where there is none. It takes at most so many bytes of the disk. A file that is
// damaged, of another version or above the bound is replaced. Who gets an error goes on without a cache.
func Open(path string, maxBytes int64) (*Cache, error) {
	if maxBytes < Least {
		return nil, fmt.Errorf("a cache of %d bytes is too small: give it %d at least", maxBytes, Least)
	}
	f, err := openNewest(path, maxBytes)
	if err != nil {
		return nil, fmt.Errorf("open the cache %s: %w", path, err)
	}
	c := &Cache{
		path: path, most: maxBytes, file: f, pending: make(map[pinned.Key]*pinned.Known),
		wake: make(chan struct{}, 1), closing: make(chan struct{}), done: make(chan struct{}),
	}
	go c.write()
	return c, nil
}

// Err is the first thing that went wrong since the cache was opened, or nil. It is a warning: what could not be kept is read again.
func (c *Cache) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

func (c *Cache) warn(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = err
	}
}

// Load returns what is kept of a block.
func (c *Cache) Load(key pinned.Key) pinned.Known {
	ctx, cancel := context.WithTimeout(context.Background(), loadTime)
	defer cancel()
	c.opened.RLock()
	f := c.file
	known, bad, err := pinned.Known{}, []rotten(nil), error(nil)
	if f != nil {
		known, bad, err = f.load(ctx, key)
	}
	c.opened.RUnlock()
	if err != nil {
		c.failed(f, fmt.Errorf("read the cache: %w", err))
		return pinned.Known{}
	}
	if known.Size() == 0 && len(bad) == 0 {
		return known
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.rotten = append(c.rotten, bad...)
		if c.pending[key] == nil {
			c.pending[key] = new(pinned.Known)
		}
		c.wakeUp()
	}
	return known
}

// Store keeps what was read of a block. It does not wait for the disk.
func (c *Cache) Store(key pinned.Key, known pinned.Known) {
	size := int64(0)
	for _, acc := range known.Accounts {
		size += int64(len(acc.Code))
	}
	size += int64(known.Size()) * perValue
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || size == 0 {
		return
	}
	if c.waiting+size > c.most/pendingPart {
		if c.err == nil {
			c.err = ErrFull
		}
		return
	}
	c.waiting += size
	if c.pending[key] == nil {
		c.pending[key] = new(pinned.Known)
	}
	c.pending[key].Add(known)
	c.wakeUp()
}

func (c *Cache) wakeUp() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// write is the goroutine that writes.
func (c *Cache) write() {
	defer close(c.done)
	for {
		select {
		case <-c.wake:
		case <-c.closing:
			c.flush()
			return
		}
		select {
		case <-time.After(gather):
		case <-c.closing:
		}
		c.flush()
	}
}

func (c *Cache) flush() {
	c.mu.Lock()
	pending, bad := c.pending, c.rotten
	c.pending, c.rotten, c.waiting = make(map[pinned.Key]*pinned.Known), nil, 0
	c.mu.Unlock()
	c.opened.RLock()
	f, err := c.file, error(nil)
	if f != nil && len(pending)+len(bad) > 0 {
		err = f.store(pending, bad)
	}
	c.opened.RUnlock()
	if err != nil {
		c.failed(f, fmt.Errorf("write the cache: %w", err))
	}
}

// failed remembers what went wrong with a file, and begins another one if it is damaged.
func (c *Cache) failed(f *file, err error) {
	c.warn(err)
	if !damaged(err) {
		return
	}
	c.opened.Lock()
	defer c.opened.Unlock()
	if c.file != f {
		return // somebody else noticed first
	}
	_ = f.close() // there is nothing in it to lose
	c.file, err = openAfter(c.path, c.most, f.generation)
	if err != nil {
		c.warn(fmt.Errorf("begin the cache anew: %w", err))
	}
}

// Close writes what waits, and closes the file.
func (c *Cache) Close() error {
	c.mu.Lock()
	if !c.closed {
		close(c.closing)
	}
	c.closed = true
	c.mu.Unlock()
	<-c.done
	c.opened.Lock()
	defer c.opened.Unlock()
	if c.file == nil {
		return nil
	}
	f := c.file
	c.file = nil
	return f.close()
}

var _ pinned.Cache = (*Cache)(nil)
