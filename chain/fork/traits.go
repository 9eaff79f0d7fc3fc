package fork

import (
	"encoding/binary"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/lru"
)

// traits are the views that a code may answer, one bit each: those whose selector it holds. A code that answers without holding the
// selector is passed by, but for balances, which every contract is scouted for.
type traits uint32

// traitViews are the views that only some contracts have.
var traitViews = func() map[uint32]traits {
	all := make(map[uint32]traits)
	for _, view := range append(viewsOfControls(), selHasRole, selAllowance) {
		all[binary.BigEndian.Uint32(view[:])] = 1 << len(all)
	}
	return all
}()

func traitOf(view [4]byte) traits { return traitViews[binary.BigEndian.Uint32(view[:])] }

// codeTraits remembers what was found in a code, by its hash.
var codeTraits = lru.NewCache[common.Hash, traits](4096)

func traitsOf(hash common.Hash, code []byte) traits {
	if t, ok := codeTraits.Get(hash); ok {
		return t
	}
	var t traits
	var window uint32
	for i, b := range code {
		if window = window<<8 | uint32(b); i >= 3 {
			t |= traitViews[window]
		}
	}
	codeTraits.Add(hash, t)
	return t
}

// may reports whether a contract may answer a view: by its own code, or by code that it ran as its own.
func (q *inquiry) may(a common.Address, view [4]byte) bool {
	t, done := q.traits[a]
	if !done {
		codes := append([]common.Address{a}, sortedAddresses(q.interests.codes[a])...)
		for _, c := range codes {
			acc := q.after.Account(c)
			if to, delegated := delegate(acc.Code); delegated {
				acc = q.after.Account(to)
			}
			t |= traitsOf(acc.CodeHash, acc.Code)
		}
		q.traits[a] = t
	}
	return t&traitOf(view) != 0
}
