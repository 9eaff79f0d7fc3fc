package server

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// dump is what a fork has above its pin, as it is kept in a file: JSON, in hexadecimal where it goes over JSON-RPC. It holds what was
// written alone, so it means something only on the same block of the same chain.
//
//	{"version": 1, "chain": 1, "pin": {"number": 22000000, "hash": "0x…"}, "accounts": {"0x…": {"nonce": 1, "balance": "0x…",
//	 "code": "0x…", "wiped": false, "storage": {"0x…": "0x…"}}}}
//
// Wiped says that slots of the account which are not named are zero, whatever the remote has there. An account of which only slots
// were written has no nonce, balance or code.
type dump struct {
	Version  int                            `json:"version"`
	Chain    uint64                         `json:"chain"`
	Pin      dumpPin                        `json:"pin"`
	Accounts map[common.Address]dumpAccount `json:"accounts"`
}

const dumpVersion = 1

type dumpPin struct {
	Number uint64      `json:"number"`
	Hash   common.Hash `json:"hash"`
}

type dumpAccount struct {
	Nonce   *uint64                     `json:"nonce,omitempty"`
	Balance *hexutil.U256               `json:"balance,omitempty"`
	Code    hexutil.Bytes               `json:"code,omitempty"`
	Wiped   bool                        `json:"wiped,omitempty"`
	Storage map[common.Hash]common.Hash `json:"storage,omitempty"`
}

// DumpState is what the fork has above its pin.
func (a *devAPI) DumpState() (hexutil.Bytes, error) {
	b := a.s.current()
	d := dump{Version: dumpVersion, Chain: b.chainID, Pin: dumpPin{b.pin.Number, b.pin.Hash}, Accounts: make(map[common.Address]dumpAccount)}
	top := b.state.Writes()
	for address, acc := range top.Accounts {
		balance := acc.Balance
		d.Accounts[address] = dumpAccount{Nonce: &acc.Nonce, Balance: (*hexutil.U256)(&balance), Code: acc.Code}
	}
	for address := range top.Wiped {
		acc := d.Accounts[address]
		acc.Wiped = true
		d.Accounts[address] = acc
	}
	for k, value := range top.Slots {
		acc := d.Accounts[k.Account]
		if acc.Storage == nil {
			acc.Storage = make(map[common.Hash]common.Hash)
		}
		acc.Storage[k.Key] = value
		d.Accounts[k.Account] = acc
	}
	return json.Marshal(d)
}

// LoadState puts what was dumped in the place of all that the fork has above its pin. The blocks stay as they are.
func (a *devAPI) LoadState(raw hexutil.Bytes) (bool, error) {
	var d dump
	strict := json.NewDecoder(bytes.NewReader(raw))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&d); err != nil {
		return false, invalid("not a state that was dumped here: %v", err)
	}
	if d.Version != dumpVersion {
		return false, invalid("the state has version %d, and this program reads version %d", d.Version, dumpVersion)
	}
	top, err := d.layer()
	if err != nil {
		return false, err
	}
	err = a.s.change(func(b *branch) (*branch, error) {
		if d.Chain != b.chainID || d.Pin != (dumpPin{b.pin.Number, b.pin.Hash}) {
			return nil, fmt.Errorf("the state is of chain %d above block %d (%s), and the fork stands on block %d (%s) of chain %d",
				d.Chain, d.Pin.Number, d.Pin.Hash, b.pin.Number, b.pin.Hash, b.chainID)
		}
		next := *b
		next.state = b.remote.State().With(top)
		return &next, nil
	})
	return err == nil, err
}

func (d *dump) layer() (*pinned.Layer, error) {
	top := pinned.NewLayer()
	for address, acc := range d.Accounts {
		if (acc.Nonce == nil) != (acc.Balance == nil) || acc.Nonce == nil && len(acc.Code) > 0 {
			return nil, invalid("account %s has a nonce without a balance, or the other way round", address)
		}
		if len(acc.Code) > mostCode {
			return nil, invalid("account %s has code of %d bytes: no chain allows more than %d", address, len(acc.Code), mostCode)
		}
		if acc.Nonce != nil {
			whole := pinned.Account{Nonce: *acc.Nonce, Balance: uint256.Int(*acc.Balance)}
			whole.SetCode(acc.Code)
			top.Accounts[address] = whole
		}
		if acc.Wiped {
			top.Wiped[address] = true
		}
		for key, value := range acc.Storage {
			top.Slots[pinned.Slot{Account: address, Key: key}] = value
		}
	}
	return top, nil
}
