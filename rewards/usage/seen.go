package usage

import (
	"encoding/binary"
	"math/bits"
	"sync"

	"github.com/ethereum/go-ethereum/common"
)

const (
	seenShards = 256
	leastSlots = 64 // of a shard
	fullFifths = 4  // of five slots may be taken
)

// Seen finds the entries that other entries repeat, in bounded memory: 16 bytes of an id in a table that is at most four fifths
// full, so 20 to 24 bytes for each id that is expected.
//
// 127 bits of an id are held. That two of ten million different ids agree in them has a chance below 2^-81; whoever wants it has
// to search 2^63 ids for two of its own, of which one then counts no more, and 2^103 for one of somebody else's. Ids can be made to
// crowd in one place of a table whose order is known; so it is mixed with a key that nobody knows before the last of the ids:
// the root of the epoch.
//
// What is more than fits is looked at in passes: each is over all entries again, and takes only ids of its own part.
type Seen struct {
	key    [2]uint64
	passes uint64
	pass   uint64
	slots  int // of a shard, to begin with
	shards [seenShards]shard
}

type shard struct {
	sync.Mutex
	slots [][2]uint64 // zero is none
	taken int
	_     [24]byte // so that two shards do not share a line of the cache
}

// NewSeen makes room for entries, of which no more than most are held at a time. The key is the root of the epoch.
func NewSeen(key common.Hash, entries, most uint64) *Seen {
	most = max(most, 1)
	passes := max(entries/most, 1)
	if entries > passes*most {
		passes++
	}
	s := &Seen{passes: passes}
	s.key[0], s.key[1] = binary.LittleEndian.Uint64(key[:8]), binary.LittleEndian.Uint64(key[8:16])
	each := entries / passes / seenShards
	s.slots = max(int(each+each/16)*5/fullFifths, leastSlots)
	return s
}

// Passes is how many passes over all entries it takes until every id was asked for.
func (s *Seen) Passes() int { return int(s.passes) }

// Begin forgets all ids and begins a pass, counted from 0. Nobody may ask in the meantime.
func (s *Seen) Begin(pass int) {
	s.pass = uint64(pass)
	for i := range s.shards {
		s.shards[i].taken = 0
		clear(s.shards[i].slots)
	}
}

// First reports whether an id is of this pass and was not asked for before. Of several goroutines that ask for one at once, one is
// the first. Ask only for entries that count, so that one that does not count hides none that does.
func (s *Seen) First(id ID) bool {
	a, b := binary.LittleEndian.Uint64(id[:8]), binary.LittleEndian.Uint64(id[8:16])|1
	place := mix(a^s.key[0], b^s.key[1])
	pass, place := bits.Mul64(place, s.passes)
	if pass != s.pass {
		return false
	}
	at, place := bits.Mul64(place, seenShards)
	sh := &s.shards[at]
	sh.Lock()
	defer sh.Unlock()
	if sh.slots == nil {
		sh.slots = make([][2]uint64, s.slots)
	}
	if (sh.taken+1)*5 > len(sh.slots)*fullFifths {
		s.grow(sh)
	}
	if !sh.put([2]uint64{a, b}, place) {
		return false
	}
	sh.taken++
	return true
}

// put takes the first free slot from place on, and reports false where the id is in one before it.
func (sh *shard) put(id [2]uint64, place uint64) bool {
	i, _ := bits.Mul64(place, uint64(len(sh.slots)))
	for sh.slots[i] != [2]uint64{} {
		if sh.slots[i] == id {
			return false
		}
		if i++; i == uint64(len(sh.slots)) {
			i = 0
		}
	}
	sh.slots[i] = id
	return true
}

func (s *Seen) grow(sh *shard) {
	old := sh.slots
	sh.slots = make([][2]uint64, len(old)+len(old)/2)
	for _, id := range old {
		if id == [2]uint64{} {
			continue
		}
		_, place := bits.Mul64(mix(id[0]^s.key[0], id[1]^s.key[1]), s.passes)
		_, place = bits.Mul64(place, seenShards)
		sh.put(id, place)
	}
}

// mix folds a product of 128 bits, twice, so that each bit of the result hangs on all bits of both.
func mix(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	high, low = bits.Mul64(high^low^0x9e3779b97f4a7c15, 0xd6e8feb86659fd93)
	return high ^ low
}
