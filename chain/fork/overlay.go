package fork

import (
	"maps"

	"github.com/ethereum/go-ethereum/common"
)

// overlay is what kept transactions wrote, above the remote's state. It is never changed once it is made, so a snapshot is a
// pointer and any number of runs may read it. Layers below hold older writes; they are merged as their sizes grow, so that
// reading stays short and keeping stays cheap.
type overlay struct {
	accounts map[common.Address]account
	slots    map[slotKey]common.Hash
	wiped    map[common.Address]bool // destroyed: slots that are not in this layer or above are zero
	under    *overlay
}

func (o *overlay) size() int { return len(o.accounts) + len(o.slots) + len(o.wiped) }

// account returns what was written of an account.
func (o *overlay) account(a common.Address) (account, bool) {
	for ; o != nil; o = o.under {
		if acc, ok := o.accounts[a]; ok {
			return acc, true
		}
	}
	return account{}, false
}

// slot returns what was written to a slot.
func (o *overlay) slot(k slotKey) (common.Hash, bool) {
	for ; o != nil; o = o.under {
		if v, ok := o.slots[k]; ok {
			return v, true
		}
		if o.wiped[k.account] {
			return common.Hash{}, true
		}
	}
	return common.Hash{}, false
}

// with puts a layer on top.
func (o *overlay) with(top *overlay) *overlay {
	top.under = o
	for top.under != nil && top.under.size() <= 2*top.size() {
		top = top.under.merged(top)
	}
	return top
}

// merged is one layer in place of two.
func (o *overlay) merged(top *overlay) *overlay {
	m := &overlay{accounts: maps.Clone(o.accounts), slots: maps.Clone(o.slots), wiped: maps.Clone(o.wiped), under: o.under}
	maps.DeleteFunc(m.slots, func(k slotKey, _ common.Hash) bool { return top.wiped[k.account] })
	maps.Copy(m.accounts, top.accounts)
	maps.Copy(m.slots, top.slots)
	maps.Copy(m.wiped, top.wiped)
	return m
}

// newLayer is an empty layer.
func newLayer() *overlay {
	return &overlay{accounts: make(map[common.Address]account), slots: make(map[slotKey]common.Hash), wiped: make(map[common.Address]bool)}
}
