package server

import (
	"bytes"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
)

// listRoot is the root of a list's trie, as a header names its transactions and receipts.
func listRoot(l types.DerivableList) common.Hash { return types.DeriveSha(l, new(listTrie)) }

// listTrie is the trie of one list: a Merkle Patricia trie that is built once, of keys none of which begins another.
type listTrie struct{ leaves []leaf }

type leaf struct{ path, value []byte } // the path in nibbles

// Reset forgets everything.
func (t *listTrie) Reset() { t.leaves = nil }

// Update adds a leaf.
func (t *listTrie) Update(key, value []byte) error {
	path := make([]byte, 0, 2*len(key))
	for _, b := range key {
		path = append(path, b>>4, b&15)
	}
	t.leaves = append(t.leaves, leaf{path, bytes.Clone(value)})
	return nil
}

// Hash is the root.
func (t *listTrie) Hash() common.Hash {
	if len(t.leaves) == 0 {
		return types.EmptyRootHash
	}
	slices.SortFunc(t.leaves, func(a, b leaf) int { return bytes.Compare(a.path, b.path) })
	return crypto.Keccak256Hash(node(t.leaves, 0))
}

// node encodes the trie of sorted leaves whose paths are alike up to a depth.
func node(leaves []leaf, depth int) []byte {
	first, last := leaves[0].path[depth:], leaves[len(leaves)-1].path[depth:]
	if len(leaves) == 1 {
		return encode([]any{compact(first, 0x20), leaves[0].value})
	}
	shared := 0
	for first[shared] == last[shared] {
		shared++
	}
	if shared > 0 {
		return encode([]any{compact(first[:shared], 0), reference(node(leaves, depth+shared))})
	}
	children := make([]any, 17)
	for i := range children {
		children[i] = []byte{}
	}
	for len(leaves) > 0 {
		nibble := leaves[0].path[depth]
		n := slices.IndexFunc(leaves, func(l leaf) bool { return l.path[depth] != nibble })
		if n < 0 {
			n = len(leaves)
		}
		children[nibble] = reference(node(leaves[:n], depth+1))
		leaves = leaves[n:]
	}
	return encode(children)
}

// reference is how a node is named in the one above: by itself where it is short, else by its hash.
func reference(encoded []byte) any {
	if len(encoded) < common.HashLength {
		return rlp.RawValue(encoded)
	}
	return crypto.Keccak256(encoded)
}

// compact packs nibbles, with the flag of what they lead to and whether they are odd.
func compact(nibbles []byte, flag byte) []byte {
	if len(nibbles)%2 == 1 {
		flag |= 0x10 | nibbles[0]
		nibbles = nibbles[1:]
	}
	packed := []byte{flag}
	for i := 0; i < len(nibbles); i += 2 {
		packed = append(packed, nibbles[i]<<4|nibbles[i+1])
	}
	return packed
}

func encode(v []any) []byte {
	b, _ := rlp.EncodeToBytes(v) // lists and bytes can always be encoded
	return b
}
