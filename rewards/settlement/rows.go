package settlement

// rows are sums by key. Their order is that in which keys were first seen, so nothing may be decided by it.
type rows[K comparable, V any] struct {
	at    map[K]uint32
	pages [][]row[K, V] // all but the last are full, so that growing copies little
	n     int
}

type row[K comparable, V any] struct {
	key K
	sum V
}

const pageLen = 1 << 12

// index is the place of a key, which is made where there is none.
func (r *rows[K, V]) index(key K) uint32 {
	i, found := r.at[key]
	if found {
		return i
	}
	if r.at == nil {
		r.at = map[K]uint32{}
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
	i = uint32(r.n)
	r.at[key] = i
	r.n++
	return i
}

// row is that at a place. It is only valid until the next index.
func (r *rows[K, V]) row(i int) *row[K, V] { return &r.pages[i/pageLen][i%pageLen] }

// sum is that of a key, from nothing on. It is only valid until the next one.
func (r *rows[K, V]) sum(key K) *V { return &r.row(int(r.index(key))).sum }

// find is the sum of a key, or nil.
func (r *rows[K, V]) find(key K) *V {
	i, found := r.at[key]
	if !found {
		return nil
	}
	return &r.row(int(i)).sum
}
