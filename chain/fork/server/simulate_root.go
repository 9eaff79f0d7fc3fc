package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// stateTrie is the trie of the pinned state, as far as the remote proved it, with what was written since. It costs a trip for each
// layer that touches something new.
type stateTrie struct {
	remote   *pinned.Remote
	accounts *provenTrie
	storage  map[common.Address]*provenTrie
	seen     map[pinned.Slot]bool // also an account, by the slot that noSlot makes
}

func newStateTrie(r *pinned.Remote) *stateTrie {
	return &stateTrie{remote: r, storage: make(map[common.Address]*provenTrie), seen: make(map[pinned.Slot]bool)}
}

// hash is the state root.
func (t *stateTrie) hash() common.Hash { return t.accounts.hash() }

// begin has the proofs of what will be needed read in one trip, and writes what stands above the pin.
func (t *stateTrie) begin(ctx context.Context, s *pinned.State, slots map[common.Address][]common.Hash) error {
	if err := t.prove(ctx, slots); err != nil || s.Untouched() {
		return err
	}
	return t.write(ctx, s.Writes())
}

// write puts a layer into the trie. An account that it leaves empty is taken out (EIP-161).
func (t *stateTrie) write(ctx context.Context, l *pinned.Layer) error {
	slots := make(map[common.Address][]common.Hash)
	for a := range l.Accounts {
		slots[a] = nil
	}
	for a := range l.Wiped {
		slots[a] = nil
	}
	for k := range l.Slots {
		slots[k.Account] = append(slots[k.Account], k.Key)
	}
	if err := t.prove(ctx, slots); err != nil {
		return err
	}
	for a, keys := range slots {
		if err := t.writeAccount(a, keys, l); err != nil {
			return fmt.Errorf("write %s: %w", a, err)
		}
	}
	return nil
}

func (t *stateTrie) writeAccount(a common.Address, keys []common.Hash, l *pinned.Layer) error {
	before, err := t.account(a)
	if err != nil {
		return err
	}
	if l.Wiped[a] {
		t.storage[a] = newProvenTrie(types.EmptyRootHash)
	}
	storage := t.storage[a]
	for _, key := range keys {
		value := []byte(nil)
		if v := l.Slots[pinned.Slot{Account: a, Key: key}]; v != (common.Hash{}) {
			value = encodeBytes(bytes.TrimLeft(v[:], "\x00"))
		}
		if err := storage.set(key[:], value); err != nil {
			return err
		}
	}
	after := before
	if acc, ok := l.Accounts[a]; ok {
		after.Nonce, after.Balance, after.CodeHash = acc.Nonce, acc.Balance.Clone(), acc.CodeHash.Bytes()
		if acc.Empty() {
			return t.accounts.set(a[:], nil)
		}
	}
	after.Root = storage.hash()
	encoded, err := rlp.EncodeToBytes(&after)
	if err != nil {
		return err
	}
	return t.accounts.set(a[:], encoded)
}

// account is what the trie holds of an address.
func (t *stateTrie) account(a common.Address) (acc types.StateAccount, err error) {
	raw, err := t.accounts.get(a[:])
	if err != nil || raw == nil {
		return *types.NewEmptyStateAccount(), err
	}
	return acc, rlp.DecodeBytes(raw, &acc)
}

// noSlot stands for an account itself. No proof is asked for of it.
var noSlot = crypto.Keccak256Hash([]byte("no slot"))

// mostProofKeys is how many slots go into one eth_getProof.
const mostProofKeys = 512

// prove asks the remote for the proofs of what was not proven yet, in one batch.
func (t *stateTrie) prove(ctx context.Context, slots map[common.Address][]common.Hash) error {
	var elems []rpc.BatchElem
	for _, a := range slices.SortedFunc(maps.Keys(slots), common.Address.Cmp) {
		keys := slices.DeleteFunc(slices.Clone(slots[a]), func(k common.Hash) bool { return t.seen[pinned.Slot{Account: a, Key: k}] })
		if len(keys) == 0 && t.seen[pinned.Slot{Account: a, Key: noSlot}] {
			continue
		}
		for first := true; first || len(keys) > 0; first = false {
			n := min(len(keys), mostProofKeys)
			elems = append(elems, rpc.BatchElem{
				Method: "eth_getProof", Args: []any{a, append([]common.Hash{}, keys[:n]...), t.remote.Block()}, Result: new(json.RawMessage),
			})
			for _, k := range keys[:n] {
				t.seen[pinned.Slot{Account: a, Key: k}] = true
			}
			keys = keys[n:]
		}
		t.seen[pinned.Slot{Account: a, Key: noSlot}] = true
	}
	if len(elems) == 0 {
		return nil
	}
	if err := onThePin(ctx, t.remote, elems); err != nil {
		return err
	}
	for i := range elems {
		err := elems[i].Error
		if err == nil {
			err = t.learn(elems[i].Args[0].(common.Address), *elems[i].Result.(*json.RawMessage))
		}
		if err != nil {
			return fmt.Errorf("eth_getProof: %w", err)
		}
	}
	return nil
}

// learn takes in the proof of an account and some of its slots. The root of the first proof is the pinned state's; a proof under
// another root shows nothing.
func (t *stateTrie) learn(a common.Address, raw json.RawMessage) error {
	var answer struct {
		AccountProof []hexutil.Bytes `json:"accountProof"`
		StorageProof []struct {
			Proof []hexutil.Bytes `json:"proof"`
		} `json:"storageProof"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return err
	}
	if len(answer.AccountProof) == 0 {
		return errors.New("the proof is empty")
	}
	if t.accounts == nil {
		t.accounts = newProvenTrie(crypto.Keccak256Hash(answer.AccountProof[0]))
	}
	t.accounts.learn(bytesOf(answer.AccountProof))
	if t.storage[a] == nil {
		acc, err := t.account(a)
		if err != nil {
			return err
		}
		t.storage[a] = newProvenTrie(acc.Root)
	}
	for _, s := range answer.StorageProof {
		t.storage[a].learn(bytesOf(s.Proof))
	}
	return nil
}

func bytesOf(in []hexutil.Bytes) [][]byte {
	out := make([][]byte, len(in))
	for i := range in {
		out[i] = in[i]
	}
	return out
}

func encodeBytes(b []byte) []byte {
	encoded, _ := rlp.EncodeToBytes(b) // bytes can always be encoded
	return encoded
}
