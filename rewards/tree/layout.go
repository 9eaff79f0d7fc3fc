package tree

import (
	"encoding/binary"
	"errors"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// ErrLayout says that there is no such layout.
var ErrLayout = errors.New("unknown layout of leaves")

// Layout says how a claim becomes a leaf. The tree above the leaves is the same.
type Layout uint8

const (
	// Standard is the leaf of @openzeppelin/merkle-tree's StandardMerkleTree for (address, uint256): the hash of the hash of both
	// as 32-byte words.
	Standard Layout = iota

	// Distributor is the leaf that Uniswap's MerkleDistributor pays: one hash of index (32 bytes), account (20) and amount (32).
	// The index is the claim's place by address. That contract pays each index once, so it knows no cumulative claims.
	Distributor

	layouts
)

// hasher hashes without allocating. It belongs to one goroutine.
type hasher struct {
	state crypto.KeccakState
	in    [84]byte // as long as the longest leaf
	out   common.Hash
}

func newHasher() *hasher { return &hasher{state: crypto.NewKeccakState()} }

func (h *hasher) leaf(layout Layout, index uint64, c *Claim) common.Hash {
	clear(h.in[:])
	if layout == Distributor {
		binary.BigEndian.PutUint64(h.in[24:], index)
		copy(h.in[32:], c.Account[:])
		c.Amount.PutUint256(h.in[52:])
		return h.sum(84)
	}
	copy(h.in[12:], c.Account[:])
	c.Amount.PutUint256(h.in[32:])
	once := h.sum(64)
	copy(h.in[:], once[:])
	return h.sum(32)
}

// pair hashes two nodes in the order of their values, so that a proof need not say which side it is on.
func (h *hasher) pair(a, b *common.Hash) common.Hash {
	if a.Cmp(*b) > 0 {
		a, b = b, a
	}
	copy(h.in[:32], a[:])
	copy(h.in[32:], b[:])
	return h.sum(64)
}

// sum hashes the first n bytes of in.
func (h *hasher) sum(n int) common.Hash {
	h.state.Reset()
	_, _ = h.state.Write(h.in[:n]) // a hash takes and gives everything
	_, _ = h.state.Read(h.out[:])
	return h.out
}
