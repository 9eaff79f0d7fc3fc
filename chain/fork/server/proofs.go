package server

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
)

// provenTrie is a part of a trie: the nodes that proofs showed, and the hashes of the others. What is read or written has to be proven;
// then the root is the one that the whole trie would have. All keys are hashes, so none begins another and no branch has a value.
type provenTrie struct {
	root  trieNode
	nodes map[common.Hash][]byte
}

// trieNode is nil (nothing), an unseen, a *leafNode, a *pathNode or a *branchNode. A node never changes once it is in a trie, so how
// the one above names it is worked out once.
type trieNode any

type (
	unseen   common.Hash
	leafNode struct {
		path, value []byte // paths in nibbles
		name        any
	}
	pathNode struct {
		path []byte
		next trieNode // an unseen or a *branchNode
		name any
	}
	branchNode struct {
		next [16]trieNode
		name any
	}
)

// errUnproven says that a node is needed that no proof showed: where a slot is cleared, the trie may close up over one beside it.
var errUnproven = errors.New("the proofs don't show enough of the trie")

// newProvenTrie is a trie of this root, of which nothing is seen yet.
func newProvenTrie(root common.Hash) *provenTrie {
	t := &provenTrie{nodes: make(map[common.Hash][]byte)}
	if root != types.EmptyRootHash {
		t.root = unseen(root)
	}
	return t
}

// learn takes in the nodes of a proof.
func (t *provenTrie) learn(nodes [][]byte) {
	for _, n := range nodes {
		t.nodes[crypto.Keccak256Hash(n)] = n
	}
}

// hash is the root.
func (t *provenTrie) hash() common.Hash {
	switch n := t.root.(type) {
	case nil:
		return types.EmptyRootHash
	case unseen:
		return common.Hash(n)
	}
	return crypto.Keccak256Hash(encodeNode(t.root))
}

// get is the value of a key, nil if it has none.
func (t *provenTrie) get(key []byte) ([]byte, error) {
	path := nibblesOf(crypto.Keccak256(key))
	at := t.root
	for {
		var err error
		if at, err = t.see(at); err != nil {
			return nil, err
		}
		switch n := at.(type) {
		case nil:
			return nil, nil
		case *leafNode:
			if bytes.Equal(n.path, path) {
				return n.value, nil
			}
			return nil, nil
		case *pathNode:
			rest, ok := bytes.CutPrefix(path, n.path)
			if !ok {
				return nil, nil
			}
			at, path = n.next, rest
		case *branchNode:
			if len(path) == 0 {
				return nil, errUnproven
			}
			at, path = n.next[path[0]], path[1:]
		}
	}
}

// set gives a key a value; nil takes it out.
func (t *provenTrie) set(key, value []byte) (err error) {
	path := nibblesOf(crypto.Keccak256(key))
	if value == nil {
		t.root, err = t.without(t.root, path)
		return err
	}
	t.root, err = t.with(t.root, path, value)
	return err
}

func (t *provenTrie) with(at trieNode, path, value []byte) (trieNode, error) {
	at, err := t.see(at)
	if err != nil {
		return nil, err
	}
	switch n := at.(type) {
	case *leafNode:
		if bytes.Equal(n.path, path) {
			return &leafNode{path: path, value: value}, nil
		}
		k := alike(n.path, path)
		var b branchNode
		b.next[n.path[k]], b.next[path[k]] = &leafNode{path: n.path[k+1:], value: n.value}, &leafNode{path: path[k+1:], value: value}
		return below(path[:k], &b), nil
	case *pathNode:
		k := alike(n.path, path)
		if k == len(n.path) {
			next, err := t.with(n.next, path[k:], value)
			return &pathNode{path: n.path, next: next}, err
		}
		var b branchNode
		b.next[n.path[k]], b.next[path[k]] = below(n.path[k+1:], n.next), &leafNode{path: path[k+1:], value: value}
		return below(path[:k], &b), nil
	case *branchNode:
		b := branchNode{next: n.next}
		b.next[path[0]], err = t.with(n.next[path[0]], path[1:], value)
		return &b, err
	}
	return &leafNode{path: path, value: value}, nil
}

func (t *provenTrie) without(at trieNode, path []byte) (trieNode, error) {
	at, err := t.see(at)
	if err != nil {
		return nil, err
	}
	switch n := at.(type) {
	case *leafNode:
		if bytes.Equal(n.path, path) {
			return nil, nil
		}
	case *pathNode:
		rest, ok := bytes.CutPrefix(path, n.path)
		if !ok {
			return n, nil
		}
		next, err := t.without(n.next, rest)
		return below(n.path, next), err
	case *branchNode:
		b := branchNode{next: n.next}
		if b.next[path[0]], err = t.without(n.next[path[0]], path[1:]); err != nil {
			return nil, err
		}
		left, last := 0, 0
		for i, child := range b.next {
			if child != nil {
				left, last = left+1, i
			}
		}
		if left > 1 {
			return &b, nil
		}
		only, err := t.see(b.next[last])
		return below([]byte{byte(last)}, only), err
	}
	return at, nil
}

// below is a node with a path before it, which joins one that the node has itself.
func below(path []byte, n trieNode) trieNode {
	if len(path) == 0 {
		return n
	}
	switch n := n.(type) {
	case nil:
		return nil
	case *leafNode:
		return &leafNode{path: slices.Concat(path, n.path), value: n.value}
	case *pathNode:
		return &pathNode{path: slices.Concat(path, n.path), next: n.next}
	}
	return &pathNode{path: path, next: n}
}

// see is a node itself in the place of its hash.
func (t *provenTrie) see(n trieNode) (trieNode, error) {
	hash, ok := n.(unseen)
	if !ok {
		return n, nil
	}
	raw, ok := t.nodes[common.Hash(hash)]
	if !ok {
		return nil, errUnproven
	}
	return decodeNode(raw)
}

func decodeNode(raw []byte) (trieNode, error) {
	var items []rlp.RawValue
	if err := rlp.DecodeBytes(raw, &items); err != nil {
		return nil, fmt.Errorf("a proof has a node that is none: %w", err)
	}
	switch len(items) {
	case 2:
		var packed []byte
		if err := rlp.DecodeBytes(items[0], &packed); err != nil || len(packed) == 0 {
			return nil, errors.New("a proof has a node without a path")
		}
		path := nibblesOf(packed)[2:]
		if packed[0]&0x10 != 0 {
			path = nibblesOf(packed)[1:]
		}
		if packed[0]&0x20 == 0 {
			next, err := decodeReference(items[1])
			return &pathNode{path: path, next: next}, err
		}
		var value []byte
		err := rlp.DecodeBytes(items[1], &value)
		return &leafNode{path: path, value: value}, err
	case 17:
		var b branchNode
		for i := range b.next {
			var err error
			if b.next[i], err = decodeReference(items[i]); err != nil {
				return nil, err
			}
		}
		return &b, nil
	}
	return nil, fmt.Errorf("a proof has a node of %d parts", len(items))
}

// decodeReference reads a node as the one above it names it: by itself, by its hash, or as nothing.
func decodeReference(raw rlp.RawValue) (trieNode, error) {
	kind, content, _, err := rlp.Split(raw)
	switch {
	case err != nil:
		return nil, err
	case kind == rlp.List:
		return decodeNode(raw)
	case len(content) == 0:
		return nil, nil
	case len(content) != common.HashLength:
		return nil, errors.New("a proof names a node by what is no hash")
	}
	return unseen(content), nil
}

func encodeNode(n trieNode) []byte {
	switch n := n.(type) {
	case *leafNode:
		return encode([]any{compact(n.path, 0x20), n.value})
	case *pathNode:
		return encode([]any{compact(n.path, 0), referenceOf(n.next)})
	case *branchNode:
		items := make([]any, 17)
		for i, child := range n.next {
			items[i] = referenceOf(child)
		}
		items[16] = []byte{}
		return encode(items)
	}
	return nil
}

// referenceOf is how the node above names a node.
func referenceOf(n trieNode) any {
	var name *any
	switch n := n.(type) {
	case nil:
		return []byte{}
	case unseen:
		return n[:]
	case *leafNode:
		name = &n.name
	case *pathNode:
		name = &n.name
	case *branchNode:
		name = &n.name
	}
	if *name == nil {
		*name = reference(encodeNode(n))
	}
	return *name
}

func nibblesOf(key []byte) []byte {
	path := make([]byte, 0, 2*len(key))
	for _, b := range key {
		path = append(path, b>>4, b&15)
	}
	return path
}

// alike is how many nibbles two paths begin with in common.
func alike(a, b []byte) int {
	k := 0
	for k < min(len(a), len(b)) && a[k] == b[k] {
		k++
	}
	return k
}
