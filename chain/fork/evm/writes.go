package evm

import (
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// Writes is a Watcher that remembers what was written, over any number of transactions.
type Writes struct {
	Accounts map[common.Address]bool // something of it was written
	Balances map[common.Address]bool // its native balance moved, fees to the miner aside
	Killed   map[common.Address]bool
	Slots    map[pinned.Slot]bool
}

// NewWrites has seen nothing yet.
func NewWrites() *Writes {
	return &Writes{
		Accounts: make(map[common.Address]bool), Balances: make(map[common.Address]bool),
		Killed: make(map[common.Address]bool), Slots: make(map[pinned.Slot]bool),
	}
}

// What is called and logged is not remembered.
func (w *Writes) Enter(string, common.Address, common.Address, *big.Int, []byte, uint64) {}
func (w *Writes) Exit([]byte, uint64, error)                                             {}
func (w *Writes) Log(*types.Log)                                                         {}

func (w *Writes) Account(a common.Address)   { w.Accounts[a] = true }
func (w *Writes) Balance(a common.Address)   { w.Balances[a] = true }
func (w *Writes) Destroyed(a common.Address) { w.Killed[a] = true }
func (w *Writes) Slot(a common.Address, key common.Hash) {
	w.Slots[pinned.Slot{Account: a, Key: key}] = true
}

// Layer is what the transactions left behind, as read from the machine that ran them.
func (w *Writes) Layer(m *Machine) *pinned.Layer {
	l := pinned.NewLayer()
	for a := range w.Accounts {
		l.Accounts[a] = m.Account(a)
		if l.Accounts[a].Empty() {
			l.Wiped[a] = true
		}
	}
	for a := range w.Killed {
		l.Wiped[a] = true
	}
	for k := range w.Slots {
		l.Slots[k] = m.Slot(k)
	}
	return l
}
