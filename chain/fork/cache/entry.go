package cache

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// format is the version of an entry's content. It goes into the digest, so an entry of another version is like a damaged one.
const format = 1

// entry is a part of what is known of a block, as it lies in the file. Code is kept apart, once for all blocks.
type entry struct {
	Accounts []entryAccount
	Slots    []entrySlot
	Hashes   []entryHash
}

type entryAccount struct {
	Address common.Address
	Nonce   uint64
	Balance *uint256.Int
	Code    common.Hash
}

type entrySlot struct {
	Account    common.Address
	Key, Value common.Hash
}

type entryHash struct {
	Number uint64
	Hash   common.Hash
}

// encode returns the same bytes for the same values, whatever the order of the maps is.
func encode(k *pinned.Known) ([]byte, error) {
	var e entry
	for a, acc := range k.Accounts {
		e.Accounts = append(e.Accounts, entryAccount{a, acc.Nonce, acc.Balance.Clone(), acc.CodeHash})
	}
	for s, v := range k.Slots {
		e.Slots = append(e.Slots, entrySlot{s.Account, s.Key, v})
	}
	for n, h := range k.Hashes {
		e.Hashes = append(e.Hashes, entryHash{n, h})
	}
	slices.SortFunc(e.Accounts, func(a, b entryAccount) int { return a.Address.Cmp(b.Address) })
	slices.SortFunc(e.Slots, func(a, b entrySlot) int {
		if c := a.Account.Cmp(b.Account); c != 0 {
			return c
		}
		return a.Key.Cmp(b.Key)
	})
	slices.SortFunc(e.Hashes, func(a, b entryHash) int { return cmp.Compare(a.Number, b.Number) })
	return rlp.EncodeToBytes(&e)
}

var errContradiction = errors.New("two entries of one block contradict each other")

// addTo puts the values of an entry to those that are known. Accounts whose code is not there are left out.
func (e *entry) addTo(k *pinned.Known, codes map[common.Hash][]byte) error {
	for _, a := range e.Accounts {
		acc := pinned.Account{Nonce: a.Nonce, Balance: *a.Balance, CodeHash: a.Code}
		if a.Code != types.EmptyCodeHash {
			code, ok := codes[a.Code]
			if !ok {
				continue
			}
			acc.Code = code
		}
		if old, ok := k.Accounts[a.Address]; ok && (old.Nonce != acc.Nonce || old.Balance != acc.Balance || old.CodeHash != acc.CodeHash) {
			return errContradiction
		}
		k.Accounts[a.Address] = acc
	}
	for _, s := range e.Slots {
		at := pinned.Slot{Account: s.Account, Key: s.Key}
		if old, ok := k.Slots[at]; ok && old != s.Value {
			return errContradiction
		}
		k.Slots[at] = s.Value
	}
	for _, h := range e.Hashes {
		if old, ok := k.Hashes[h.Number]; ok && old != h.Hash {
			return errContradiction
		}
		k.Hashes[h.Number] = h.Hash
	}
	return nil
}

// nameOf is a key as it lies in the file.
func nameOf(k pinned.Key) []byte {
	b := binary.BigEndian.AppendUint64(nil, k.ChainID)
	b = append(b, k.Genesis[:]...)
	return append(b, k.Block[:]...)
}

func digest(name, body []byte) []byte {
	h := sha256.New()
	h.Write([]byte{format})
	h.Write(name)
	h.Write(body)
	return h.Sum(nil)
}
