package server

import (
	"errors"
	"fmt"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/rawdb"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethdb/memorydb"
	"github.com/ethereum/go-ethereum/trie"
	"github.com/ethereum/go-ethereum/trie/trienode"
	"github.com/ethereum/go-ethereum/triedb"
	"pgregory.net/rapid"
)

// Whatever is written into the proven part of a trie, its root is the one that the whole trie has. Only a key that is taken out may
// need more than the proofs show.
func TestTheProvenPartOfATrieHasTheRootOfTheWhole(t *testing.T) {
	unproven := 0
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.SliceOfN(rapid.Byte(), 1, 40)
		key := rapid.Custom(func(t *rapid.T) []byte { return fmt.Append(nil, rapid.IntRange(0, 300).Draw(t, "key")) })
		whole, db := filled(t, rapid.SliceOfN(key, 0, 120).Draw(t, "keys"), value)
		part := newProvenTrie(whole.Hash())
		touched := rapid.SliceOfN(key, 1, 20).Draw(t, "touched")
		for _, k := range touched {
			part.learn(proofOf(t, whole, k))
		}
		for i, k := range touched {
			before, err := part.get(k)
			if err != nil {
				t.Fatalf("read %s: %v", k, err)
			}
			if want := db.get(k); string(before) != string(want) {
				t.Fatalf("%s is %x, want %x", k, before, want)
			}
			var v []byte
			if rapid.Bool().Draw(t, "sets") {
				v = value.Draw(t, "value")
			}
			err = part.set(k, v)
			if errors.Is(err, errUnproven) && v == nil {
				unproven++
				return
			}
			if err != nil {
				t.Fatalf("write %d: %v", i, err)
			}
			db.set(t, whole, k, v)
			if part.hash() != whole.Hash() {
				t.Fatalf("after %d writes the root is %s, want %s", i+1, part.hash(), whole.Hash())
			}
		}
	})
	t.Logf("%d runs ended at what no proof showed", unproven)
}

func TestWhatIsNoProofShowsNothing(t *testing.T) {
	root := crypto.Keccak256Hash([]byte("a root"))
	for name, node := range map[string][]byte{
		"not a list": {0x83, 1, 2, 3}, "nothing": {}, "a list of three": {0xc3, 1, 2, 3}, "no path": {0xc2, 0x80, 1}, "cut short": {0xf8, 0xff, 1},
		"a list in the place of a path": {0xc3, 0xc1, 1, 2}, "a short hash": encode([]any{compact([]byte{1}, 0), []byte{1, 2, 3}}),
	} {
		p := newProvenTrie(crypto.Keccak256Hash(node))
		p.learn([][]byte{node})
		if _, err := p.get([]byte("key")); err == nil {
			t.Errorf("%s is taken for a node", name)
		}
		if err := p.set([]byte("key"), []byte{1}); err == nil {
			t.Errorf("%s is written to", name)
		}
	}
	p := newProvenTrie(root)
	if _, err := p.get([]byte("key")); !errors.Is(err, errUnproven) {
		t.Errorf("a trie that nobody proved says %v", err)
	}
	if p.hash() != root || newProvenTrie(types.EmptyRootHash).hash() != types.EmptyRootHash {
		t.Error("a trie that nobody wrote to has another root")
	}
}

// holding is what a trie holds, by its keys.
type holding map[string][]byte

func (p holding) get(k []byte) []byte { return p[string(k)] }

func (p holding) set(t *rapid.T, whole *trie.Trie, k, v []byte) {
	hashed := crypto.Keccak256(k)
	var err error
	if delete(p, string(k)); v == nil {
		err = whole.Delete(hashed)
	} else {
		p[string(k)] = v
		err = whole.Update(hashed, v)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// filled is a whole trie that was written to its database, so that nothing of it is in memory.
func filled(t *rapid.T, keys [][]byte, value *rapid.Generator[[]byte]) (*trie.Trie, holding) {
	db, held := triedb.NewDatabase(rawdb.NewMemoryDatabase(), nil), holding{}
	tr := trie.NewEmpty(db)
	for _, k := range keys {
		held.set(t, tr, k, value.Draw(t, "value"))
	}
	root, nodes := tr.Commit(false)
	if nodes != nil {
		if err := db.Update(root, types.EmptyRootHash, 0, trienode.NewWithNodeSet(nodes), triedb.NewStateSet()); err != nil {
			t.Fatal(err)
		}
	}
	tr, err := trie.New(trie.TrieID(root), db)
	if err != nil {
		t.Fatal(err)
	}
	return tr, held
}

func proofOf(t *rapid.T, whole *trie.Trie, key []byte) (nodes [][]byte) {
	db := memorydb.New()
	if err := whole.Prove(crypto.Keccak256(key), db); err != nil {
		t.Fatal(err)
	}
	for it := db.NewIterator(nil, nil); it.Next(); {
		nodes = append(nodes, common.CopyBytes(it.Value()))
	}
	return nodes
}
