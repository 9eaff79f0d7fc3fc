package settlement

import (
	"hash/maphash"
	"math/bits"
)

// rows are sums by key. Their order is that in which keys were first seen, so nothing may be decided by it.
//
// There are millions of them, so the table that finds them has 8 bytes for a slot: the place of a row, and 32 bits of its key's hash,
// which tell most other keys apart without a look at the row, and are enough to place it again when the table grows. The hash has a
// random seed, so that nobody can choose keys that crowd in one place.
type rows[K comparable, V any] struct {
	slots []slot
	pages [][]row[K, V] // all but the last are full, so that growing copies little
	n     int
}

type row[K comparable, V any] struct {
	key K
	sum V
}

// slot is where a row is, plus one, and the upper bits of its hash. The zero slot is free.
type slot struct{ place, hash uint32 }

const (
	pageLen    = 1 << 12
	leastSlots = 16
)

var tableSeed = maphash.MakeSeed()

func hashOf[K comparable](key K) uint32 { return uint32(maphash.Comparable(tableSeed, key) >> 32) }

// index is the place of a key, which is made where there is none.
func (r *rows[K, V]) index(key K) uint32 {
	if (r.n+1)*4 > len(r.slots)*3 {
		r.grow()
	}
	hash := hashOf(key)
	at := r.look(key, hash)
	if found := r.slots[at].place; found > 0 {
		return found - 1
	}
	if r.n%pageLen == 0 {
		size := pageLen
		if r.n == 0 {
			size = 0 // most books are small
		}
		r.pages = append(r.pages, make([]row[K, V], 0, size))
	}
	last := &r.pages[len(r.pages)-1]
	*last = append(*last, row[K, V]{key: key})
	r.n++
	r.slots[at] = slot{uint32(r.n), hash}
	return uint32(r.n - 1)
}

// look is the slot of a key, or the free one where it belongs.
func (r *rows[K, V]) look(key K, hash uint32) uint32 {
	at := r.home(hash)
	for {
		s := r.slots[at]
		if s.place == 0 || s.hash == hash && r.row(int(s.place-1)).key == key {
			return at
		}
		at = r.after(at)
	}
}

func (r *rows[K, V]) home(hash uint32) uint32 {
	at, _ := bits.Mul32(hash, uint32(len(r.slots)))
	return at
}

func (r *rows[K, V]) after(at uint32) uint32 {
	if at++; at == uint32(len(r.slots)) {
		return 0
	}
	return at
}

func (r *rows[K, V]) grow() {
	old := r.slots
	r.slots = make([]slot, max(2*len(old), leastSlots))
	for _, s := range old {
		if s.place == 0 {
			continue
		}
		at := r.home(s.hash)
		for r.slots[at].place > 0 {
			at = r.after(at)
		}
		r.slots[at] = s
	}
}

// row is that at a place. It is only valid until the next index.
func (r *rows[K, V]) row(i int) *row[K, V] { return &r.pages[i/pageLen][i%pageLen] }

// sum is that of a key, from nothing on. It is only valid until the next one.
func (r *rows[K, V]) sum(key K) *V { return &r.row(int(r.index(key))).sum }

// find is the sum of a key, or nil.
func (r *rows[K, V]) find(key K) *V {
	at, known := r.place(key)
	if !known {
		return nil
	}
	return &r.row(int(at)).sum
}

// place is where the row of a key is, if there is one.
func (r *rows[K, V]) place(key K) (at uint32, known bool) {
	if r.n == 0 {
		return 0, false
	}
	s := r.slots[r.look(key, hashOf(key))]
	return s.place - 1, s.place > 0
}
