// Package tree makes the Merkle tree of claims: who may have been paid how much in all, under one root that a contract on chain
// pays against.
//
// A claim is cumulative: an account and the sum of all that it has earned so far, in wei. So a newer root replaces an older one,
// and an account has one claim. The tree is the complete binary tree of @openzeppelin/merkle-tree: the leaves, sorted by their
// hashes, fill it from its end, and a node is the hash of its two children in the order of their values. Nothing but the claims
// decides it.
//
// Invariant: the same set of claims under the same layout has the same root, the same proofs and the same lines of output,
// whatever the order of the claims and however many goroutines hash them. A set with a claim that no contract could pay, or with
// two claims of one account, has no tree.
package tree

import (
	"errors"
	"fmt"
	"sort"

	"github.com/ethereum/go-ethereum/common"
)

// ErrNoClaim says that the tree has no claim of an address.
var ErrNoClaim = errors.New("no claim of this address in the tree")

// Tree is a set of claims and every node above it. It does not change, so any number of goroutines may read it.
type Tree struct {
	layout  Layout
	workers int
	claims  Claims
	ranked  []uint32 // the claims by address
	place   []uint32 // in nodes, of the leaf of each of ranked
	// nodes holds the root at 1 and the children of i at 2i and 2i+1, so the leaves are the second half. The library numbers
	// the same tree from 0.
	nodes []common.Hash
}

const mostWorkers = 64 // each has a buffer of its own

// Build makes the tree of the claims with this many goroutines, but at least 1 and at most 64.
func Build(layout Layout, claims *Claims, workers int) (*Tree, error) {
	if layout >= layouts {
		return nil, fmt.Errorf("%w: %d", ErrLayout, layout)
	}
	if claims.n == 0 {
		return nil, ErrNoClaims
	}
	t := &Tree{layout: layout, workers: min(max(workers, 1), mostWorkers), claims: *claims}
	if err := t.rank(); err != nil {
		return nil, err
	}
	t.nodes = make([]common.Hash, 2*claims.n)
	t.hashLeaves()
	t.hashNodes()
	return t, nil
}

// rank sorts the claims by address.
func (t *Tree) rank() error {
	t.ranked = upTo(t.claims.n)
	sortParallel(t.workers, t.ranked,
		func(i uint32) byte { return t.claims.at(i).Account[0] },
		func(a, b uint32) int { return t.claims.at(a).Account.Cmp(t.claims.at(b).Account) })
	for i := 1; i < t.claims.n; i++ {
		if account := t.claim(i).Account; account == t.claim(i-1).Account {
			return fmt.Errorf("%w: %s", ErrDuplicate, account)
		}
	}
	return nil
}

// claim is the claim of this rank.
func (t *Tree) claim(rank int) *Claim { return t.claims.at(t.ranked[rank]) }

// hashLeaves hashes the claims into the first half of the nodes, which is free until hashNodes, and puts them from there into the
// second half, the least at the end.
func (t *Tree) hashLeaves() {
	n := t.claims.n
	unsorted := t.nodes[:n]
	spread(t.workers, n, func(from, to int) {
		h := newHasher()
		for i := from; i < to; i++ {
			unsorted[i] = h.leaf(t.layout, uint64(i), t.claim(i))
		}
	})
	order := upTo(n)
	sortParallel(t.workers, order,
		func(i uint32) byte { return unsorted[i][0] },
		func(a, b uint32) int { return unsorted[a].Cmp(unsorted[b]) })
	t.place = make([]uint32, n)
	for i, rank := range order {
		at := 2*n - 1 - i
		t.nodes[at], t.place[rank] = unsorted[rank], uint32(at)
	}
}

// hashNodes hashes what is above the leaves, one level after the other from below.
func (t *Tree) hashNodes() {
	end := t.claims.n // of the nodes that have children
	t.nodes[0] = common.Hash{}
	for level := highestPower(end - 1); level > 0; level /= 2 {
		spread(t.workers, end-level, func(from, to int) {
			h := newHasher()
			for i := level + from; i < level+to; i++ {
				t.nodes[i] = h.pair(&t.nodes[2*i], &t.nodes[2*i+1])
			}
		})
		end = level
	}
}

// Root is what the contract on chain is given.
func (t *Tree) Root() common.Hash { return t.nodes[1] }

// Len is how many claims the tree has.
func (t *Tree) Len() int { return t.claims.n }

// Proof proves the claim of an account, or fails with ErrNoClaim.
func (t *Tree) Proof(account common.Address) (Proof, error) {
	rank, found := sort.Find(t.claims.n, func(i int) int { return account.Cmp(t.claim(i).Account) })
	if !found {
		return Proof{}, fmt.Errorf("%w: %s", ErrNoClaim, account)
	}
	p := Proof{Index: uint64(rank), Claim: *t.claim(rank)}
	for at := t.place[rank]; at > 1; at /= 2 {
		p.Path = append(p.Path, t.nodes[at^1])
	}
	return p, nil
}

// Proof shows that a claim is under a root.
type Proof struct {
	Index uint64 // of the claim among all by address; only Distributor hashes it
	Claim
	Path []common.Hash // the siblings from the leaf to the root
}

// Verify reports whether the proof leads to the root.
func (p *Proof) Verify(layout Layout, root common.Hash) bool {
	if layout >= layouts {
		return false
	}
	h := newHasher()
	node := h.leaf(layout, p.Index, &p.Claim)
	for i := range p.Path {
		node = h.pair(&node, &p.Path[i])
	}
	return node == root
}
