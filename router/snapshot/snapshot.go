// Package snapshot is the pools of a market as of one block: read from a file, changed by the events of later blocks, gone back on when
// the chain does.
//
// A file is NDJSON, plain or gzip. Its first line is {"type":"snapshot","version":1,"chain_id":…,"block":…,"note":…}; lines of type
// token (address, symbol, decimals) and pool (id, kind, venue, tokens, fee_ppm, and the fields of its kind) follow, each token before
// its pools. Amounts are decimal strings of the smallest unit. A line that says anything else, or anything twice, is refused with its
// number, and nothing of the file is taken. Only pools of kinds that nobody knows are counted and left out.
//
// Which pools there are, their tokens and who holds what (Market) never changes. A State is the pools of one block; the next State
// shares with it the Market and every page of pools that no event of the block touched. Live points at the newest one.
//
// Invariant: a State never changes, so whoever holds one sees one block, whole, for as long as he likes.
package snapshot

import (
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/router/pool"
)

// Token is a token of the market. Symbols repeat, and are what somebody wrote into a contract: only the address says which it is.
type Token struct {
	Address  common.Address
	Symbol   string
	Decimals uint8
}

// Place is where a token stands in a pool.
type Place struct {
	Pool  int32 // of the State
	Index int32 // of the token, in the pool's order
}

// Market is the tokens and which pools hold them. Tokens and pools are named by numbers from 0 on, in the order of the file.
type Market struct {
	Chain uint64 // id
	Note  string
	// Unknown is how many pools were left out since nobody knows their kind, by kind, and NotAllowed how many since they hold a token
	// that was not to be taken. Unknown must not be changed.
	Unknown    map[string]int
	NotAllowed int

	tokens  []Token
	byToken map[common.Address]int32
	byID    map[string]int32

	// The tokens of pool p, in its order, are held[heldFrom[p]:heldFrom[p+1]]; the places of token t are places[placesFrom[t]:
	// placesFrom[t+1]], by pool.
	held       []int32
	heldFrom   []int32
	places     []Place
	placesFrom []int32
}

// State is a Market's pools after one block.
type State struct {
	*Market
	Block uint64      // number; 0 where the file names none
	Hash  common.Hash // of the block; zero where it is not known
	pages []*page
}

// page is how many pools are copied when one of them changes.
type page [pageSize]pool.Pool

const (
	pageBits = 5
	pageSize = 1 << pageBits
)

// Pools is how many pools there are.
func (m *Market) Pools() int { return len(m.heldFrom) - 1 }

// Tokens is all tokens, by number. It must not be changed.
func (m *Market) Tokens() []Token { return m.tokens }

// Token finds a token's number.
func (m *Market) Token(address common.Address) (number int, ok bool) {
	n, ok := m.byToken[address]
	return int(n), ok
}

// PoolOf finds a pool's number by its id, in upper case or lower.
func (m *Market) PoolOf(id string) (number int, ok bool) {
	n, ok := m.byID[idKey(id)]
	return int(n), ok
}

// idKey is an id as it is looked up: an address is the same however it is written.
func idKey(id string) string { return strings.ToLower(id) }

// Places is where a token can be traded, by pool. It must not be changed.
func (m *Market) Places(token int) []Place {
	return m.places[m.placesFrom[token]:m.placesFrom[token+1]]
}

// Held is the numbers of a pool's tokens, in its order. It must not be changed.
func (m *Market) Held(number int) []int32 {
	return m.held[m.heldFrom[number]:m.heldFrom[number+1]]
}

// Pool is a pool as of the State's block.
func (s *State) Pool(number int) pool.Pool { return s.pages[number>>pageBits][number&(pageSize-1)] }

// with is a State with some pools in place of others.
func (s *State) with(changed map[int]pool.Pool) *State {
	next := *s
	next.pages = slices.Clone(s.pages)
	for number, p := range changed {
		at := number >> pageBits
		if next.pages[at] == s.pages[at] {
			own := *s.pages[at]
			next.pages[at] = &own
		}
		next.pages[at][number&(pageSize-1)] = p
	}
	return &next
}

// settle fills the places from what pools hold.
func (m *Market) settle() {
	m.placesFrom = make([]int32, len(m.tokens)+1)
	for _, t := range m.held {
		m.placesFrom[t+1]++
	}
	for t := range m.tokens {
		m.placesFrom[t+1] += m.placesFrom[t]
	}
	m.places = make([]Place, len(m.held))
	next := slices.Clone(m.placesFrom)
	for p := range m.Pools() {
		for i, t := range m.Held(p) {
			m.places[next[t]] = Place{Pool: int32(p), Index: int32(i)} //nolint:gosec // below maxPools
			next[t]++
		}
	}
}
