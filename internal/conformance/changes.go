package conformance

import (
	"errors"
	"fmt"
	"maps"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/holiman/uint256"
)

// Changes is what a transaction left behind: values after it, not differences. An account or slot that is not named is as it was.
//
//	changes.Balance[address] = balance
//	changes.SetSlot(address, key, value)
//	root, err := changes.Root(pre)
type Changes struct {
	Destroyed map[common.Address]bool // gone with code and storage, before what the other maps say of the account
	Balance   map[common.Address]uint256.Int
	Nonce     map[common.Address]uint64
	Code      map[common.Address][]byte
	Storage   map[common.Address]map[common.Hash]common.Hash
}

// NewChanges returns changes without any.
func NewChanges() Changes {
	return Changes{
		Destroyed: map[common.Address]bool{}, Balance: map[common.Address]uint256.Int{}, Nonce: map[common.Address]uint64{},
		Code: map[common.Address][]byte{}, Storage: map[common.Address]map[common.Hash]common.Hash{},
	}
}

// SetSlot notes a slot's value.
func (c Changes) SetSlot(account common.Address, key, value common.Hash) {
	if c.Storage[account] == nil {
		c.Storage[account] = map[common.Hash]common.Hash{}
	}
	c.Storage[account][key] = value
}

// touched are the accounts that the changes name.
func (c Changes) touched() map[common.Address]bool {
	all := maps.Clone(c.Destroyed)
	if all == nil {
		all = map[common.Address]bool{}
	}
	add := func(a common.Address) { all[a] = true }
	for a := range c.Balance {
		add(a)
	}
	for a := range c.Nonce {
		add(a)
	}
	for a := range c.Code {
		add(a)
	}
	for a := range c.Storage {
		add(a)
	}
	return all
}

// Apply is the state after the changes. An account that they leave empty is gone (EIP-161); pre stays as it is.
func (c Changes) Apply(pre types.GenesisAlloc) types.GenesisAlloc {
	post := maps.Clone(pre)
	if post == nil {
		post = types.GenesisAlloc{}
	}
	for a := range c.touched() {
		account := post[a]
		if c.Destroyed[a] {
			account = types.Account{}
		}
		if balance, ok := c.Balance[a]; ok {
			account.Balance = balance.ToBig()
		}
		if account.Balance == nil {
			account.Balance = new(big.Int)
		}
		if nonce, ok := c.Nonce[a]; ok {
			account.Nonce = nonce
		}
		if code, ok := c.Code[a]; ok {
			account.Code = code
		}
		account.Storage = maps.Clone(account.Storage)
		if account.Storage == nil {
			account.Storage = map[common.Hash]common.Hash{}
		}
		maps.Copy(account.Storage, c.Storage[a])
		maps.DeleteFunc(account.Storage, func(_, v common.Hash) bool { return v == common.Hash{} })
		if account.Balance.Sign() == 0 && account.Nonce == 0 && len(account.Code) == 0 {
			delete(post, a)
			continue
		}
		post[a] = account
	}
	return post
}

// Root is the state root after the changes.
func (c Changes) Root(pre types.GenesisAlloc) (common.Hash, error) { return RootOf(c.Apply(pre)) }

// RootOf is the state root of an allocation.
func RootOf(alloc types.GenesisAlloc) (common.Hash, error) {
	for a, account := range alloc {
		if account.Balance != nil && (account.Balance.Sign() < 0 || account.Balance.BitLen() > 256) {
			return common.Hash{}, fmt.Errorf("account %s has a balance that no account can have: %s", a, account.Balance)
		}
	}
	return (&core.Genesis{Config: new(params.ChainConfig), Alloc: alloc}).ToBlock().Root(), nil
}

// LogsHash is the hash of logs as ethereum/tests states it: of address, topics and data.
func LogsHash(logs []*types.Log) (common.Hash, error) {
	for _, l := range logs {
		if l == nil {
			return common.Hash{}, errors.New("a log is missing")
		}
	}
	if logs == nil {
		logs = []*types.Log{}
	}
	encoded, err := rlp.EncodeToBytes(logs)
	if err != nil {
		return common.Hash{}, err
	}
	return crypto.Keccak256Hash(encoded), nil
}
