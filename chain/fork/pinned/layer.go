package pinned

import (
	"maps"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"
)

// Account is what the state holds of an address, without its storage.
type Account struct {
	Nonce    uint64
	Balance  uint256.Int // wei
	Code     []byte
	CodeHash common.Hash // of the empty code where there is none
}

// Empty reports whether the account counts as not existing (EIP-161).
func (a Account) Empty() bool { return a.Nonce == 0 && a.Balance.IsZero() && len(a.Code) == 0 }

// SetCode sets the code and its hash.
func (a *Account) SetCode(code []byte) {
	a.Code, a.CodeHash = code, types.EmptyCodeHash
	if len(code) > 0 {
		a.CodeHash = crypto.Keccak256Hash(code)
	}
}

// Slot names one storage slot.
type Slot struct {
	Account common.Address
	Key     common.Hash
}

// Layer is what was written above the remote's state. It is never changed once a State stands on it, so a snapshot is a pointer
// and any number of runs may read it. Layers below hold older writes; they are merged as they become many, so that reading stays
// short and keeping stays cheap.
type Layer struct {
	Accounts map[common.Address]Account
	Slots    map[Slot]common.Hash
	Wiped    map[common.Address]bool // destroyed: slots that are not in this layer or above are zero
	rank     int                     // how often it was merged
	under    *Layer
}

// NewLayer is an empty layer.
func NewLayer() *Layer {
	return &Layer{Accounts: make(map[common.Address]Account), Slots: make(map[Slot]common.Hash), Wiped: make(map[common.Address]bool)}
}

// account returns what was written of an account.
func (l *Layer) account(a common.Address) (Account, bool) {
	for ; l != nil; l = l.under {
		if acc, ok := l.Accounts[a]; ok {
			return acc, true
		}
	}
	return Account{}, false
}

// slot returns what was written to a slot.
func (l *Layer) slot(k Slot) (common.Hash, bool) {
	for ; l != nil; l = l.under {
		if v, ok := l.Slots[k]; ok {
			return v, true
		}
		if l.Wiped[k.Account] {
			return common.Hash{}, true
		}
	}
	return common.Hash{}, false
}

// mergedAtOnce is how many layers of a rank become one of the next. The states of all blocks stay, so each rank holds once more what was
// written: the fewer ranks the less memory, and the more layers there are to read through.
const mergedAtOnce = 8

// with puts a layer on top, which nobody else may hold.
func (l *Layer) with(top *Layer) *Layer {
	top.under = l
	for {
		alike := []*Layer{top}
		for next := top.under; next != nil && next.rank == top.rank && len(alike) < mergedAtOnce; next = next.under {
			alike = append(alike, next)
		}
		if len(alike) < mergedAtOnce {
			return top
		}
		slices.Reverse(alike)
		top = alike[0].merged(alike[1:]...)
	}
}

// merged is one layer of the next rank in place of this one and those above it.
func (l *Layer) merged(above ...*Layer) *Layer {
	m := &Layer{Accounts: maps.Clone(l.Accounts), Slots: maps.Clone(l.Slots), Wiped: maps.Clone(l.Wiped), rank: l.rank + 1, under: l.under}
	for _, top := range above {
		if len(top.Wiped) > 0 {
			maps.DeleteFunc(m.Slots, func(k Slot, _ common.Hash) bool { return top.Wiped[k.Account] })
		}
		maps.Copy(m.Accounts, top.Accounts)
		maps.Copy(m.Slots, top.Slots)
		maps.Copy(m.Wiped, top.Wiped)
	}
	return m
}

// flat is all that stands above the remote, as one layer.
func (l *Layer) flat() *Layer {
	all := NewLayer()
	if l == nil {
		return all
	}
	if l.under != nil {
		all = l.under.flat()
	}
	flat := all.merged(l)
	flat.under = nil
	return flat
}
