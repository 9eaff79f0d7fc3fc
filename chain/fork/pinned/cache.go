package pinned

import (
	"encoding/json"
	"maps"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
)

// Key names a block for good. Chain ids are taken twice by development chains, and their first blocks' hashes by no others.
type Key struct {
	ChainID uint64
	Genesis common.Hash
	Block   common.Hash
}

// Known is what was read of a block.
type Known struct {
	Accounts map[common.Address]Account
	Slots    map[Slot]common.Hash
	Hashes   map[uint64]common.Hash // of older blocks
}

// Size is how many values are known.
func (k Known) Size() int { return len(k.Accounts) + len(k.Slots) + len(k.Hashes) }

// Add takes over what other knows.
func (k *Known) Add(other Known) {
	k.make()
	maps.Copy(k.Accounts, other.Accounts)
	maps.Copy(k.Slots, other.Slots)
	maps.Copy(k.Hashes, other.Hashes)
}

func (k *Known) make() {
	if k.Accounts == nil {
		k.Accounts = make(map[common.Address]Account)
	}
	if k.Slots == nil {
		k.Slots = make(map[Slot]common.Hash)
	}
	if k.Hashes == nil {
		k.Hashes = make(map[uint64]common.Hash)
	}
}

// Cache keeps between runs what was read of blocks. It gives back what was stored or nothing: what it can't do it leaves, so that no
// run fails for it. The maps are not shared with it.
type Cache interface {
	Load(Key) Known
	Store(Key, Known)
}

// Option changes what a Remote stands on.
type Option func(*Remote)

// WithCache keeps what is read in a cache. Dial then asks for the genesis block, too: where the remote does not have it, nothing is kept.
func WithCache(c Cache) Option { return func(r *Remote) { r.cache = c } }

// Chain is what is known of a chain beforehand, so that the remote is not asked for it.
type Chain struct {
	BlockTime uint64 // seconds; zero: the pinned block's parent tells
	Ethereum  bool   // it is neither of the OP stack nor of Arbitrum
}

// WithChain tells what is known of chains.
func WithChain(of func(chainID uint64) Chain) Option { return func(r *Remote) { r.told = of } }

// ethereums are Ethereum and its test networks.
var ethereums = map[uint64]bool{ethereum: true, 11155111: true, 17000: true, 560048: true}

// askGenesis adds to the first trip what a cache needs to know.
func (r *Remote) askGenesis(b *batch) {
	if r.cache == nil {
		return
	}
	b.try("eth_getBlockByNumber", func(raw json.RawMessage, err error) {
		var genesis struct {
			Number *hexutil.Uint64 `json:"number"`
			Hash   *common.Hash    `json:"hash"`
		}
		if err != nil || json.Unmarshal(raw, &genesis) != nil || genesis.Hash == nil || genesis.Number == nil || *genesis.Number != 0 {
			r.cache = nil
			return
		}
		r.genesis = *genesis.Hash
	}, hexutil.Uint64(0), false)
}

func (r *Remote) key() Key { return Key{ChainID: r.chainID, Genesis: r.genesis, Block: r.header.Hash} }

// recall begins with what is kept of the pinned block. The header's own word on hashes comes first.
func (r *Remote) recall() {
	r.known.make()
	if r.cache != nil {
		r.known.Add(r.cache.Load(r.key()))
	}
	r.known.Hashes[r.header.Number] = r.header.Hash
	if r.header.Number > 0 {
		r.known.Hashes[r.header.Number-1] = r.header.Parent
	}
}

// learn keeps what was read.
func (r *Remote) learn(k Known) {
	r.mu.Lock()
	r.known.Add(k)
	r.mu.Unlock()
	if r.cache != nil {
		r.cache.Store(r.key(), k)
	}
}
