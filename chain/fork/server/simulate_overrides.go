package server

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// blockOverrides are the fields of a block that a request sets.
type blockOverrides struct {
	Number        *hexutil.Big
	Difficulty    *hexutil.Big
	Time          *hexutil.Uint64
	GasLimit      *hexutil.Uint64
	FeeRecipient  *common.Address
	PrevRandao    *common.Hash
	BaseFeePerGas *hexutil.Big
	BlobBaseFee   *hexutil.Big
	BeaconRoot    *common.Hash
	Withdrawals   *types.Withdrawals
}

var blockOverrideKeys = []string{
	"number", "difficulty", "time", "gasLimit", "feeRecipient", "prevRandao", "baseFeePerGas", "blobBaseFee", "beaconRoot", "withdrawals",
}

// accountOverride is what a request sets of an account. State is all of its storage, StateDiff single slots of it.
type accountOverride struct {
	Nonce     *hexutil.Uint64             `json:"nonce"`
	Code      *hexutil.Bytes              `json:"code"`
	Balance   *hexutil.Big                `json:"balance"`
	State     map[common.Hash]common.Hash `json:"state"`
	StateDiff map[common.Hash]common.Hash `json:"stateDiff"`
	MoveTo    *common.Address             `json:"movePrecompileToAddress"`
}

var accountOverrideKeys = []string{"nonce", "code", "balance", "state", "stateDiff", "movePrecompileToAddress"}

// stateOverrides are the accounts that a request sets.
type stateOverrides map[common.Address]accountOverride

// onlyKeys refuses an object with a key that is none of those known, or with two that are the same but for their case.
func onlyKeys(raw json.RawMessage, known []string, what string) error {
	var keys map[string]json.RawMessage
	if json.Unmarshal(raw, &keys) != nil {
		return nil // the decoder says it better
	}
	seen := make(map[int]string, len(keys))
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		at := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, key) })
		if at < 0 {
			return fmt.Errorf("unknown field %q in %s", key, what)
		}
		if first, twice := seen[at]; twice {
			return fmt.Errorf("keys %q and %q in %s name the same field", first, key, what)
		}
		seen[at] = key
	}
	return nil
}

// overridden is a state with overrides on it.
type overridden struct {
	*pinned.State
	layer       *pinned.Layer                     // what was set; nil: nothing
	precompiled map[common.Address]common.Address // as evm.Block has it; nil: nothing moved
}

// mostOverridden bounds the accounts that a request can have us read.
const mostOverridden = 4096

// on lays the overrides on a state. A precompiled contract that is overridden is one no more, and may be moved to another address.
func (o stateOverrides) on(ctx context.Context, s *pinned.State, era pinned.Era) (overridden, error) {
	if len(o) == 0 {
		return overridden{State: s}, nil
	}
	if len(o) > mostOverridden {
		return overridden{}, &fault{code: codeLimit, text: fmt.Sprintf("too many overridden accounts: %d > %d", len(o), mostOverridden)}
	}
	addresses := slices.SortedFunc(maps.Keys(o), common.Address.Cmp)
	precompiled, err := o.move(addresses, era)
	if err != nil {
		return overridden{}, err
	}
	if err := s.Remote().Fetch(ctx, addresses, nil); err != nil {
		return overridden{}, err
	}
	view, layer := s.View(), pinned.NewLayer()
	for _, a := range addresses {
		override := o[a]
		if override.empty() {
			continue
		}
		account, err := view.Account(ctx, a)
		if err != nil {
			return overridden{}, err
		}
		if layer.Accounts[a], err = override.account(account); err != nil {
			return overridden{}, fmt.Errorf("account %s %w", a.Hex(), err)
		}
		slots := override.StateDiff
		if override.State != nil {
			slots, layer.Wiped[a] = override.State, true
		}
		for key, value := range slots {
			layer.Slots[pinned.Slot{Account: a, Key: key}] = value
		}
	}
	return overridden{s.With(layer), layer, precompiled}, nil
}

// empty reports whether the override leaves the account as it is.
func (o *accountOverride) empty() bool {
	return o.Nonce == nil && o.Code == nil && o.Balance == nil && o.State == nil && o.StateDiff == nil
}

// account is the account as the override leaves it, storage aside.
func (o *accountOverride) account(a pinned.Account) (pinned.Account, error) {
	if o.State != nil && o.StateDiff != nil {
		return a, fmt.Errorf("has both 'state' and 'stateDiff'")
	}
	if o.Nonce != nil {
		a.Nonce = uint64(*o.Nonce)
	}
	if o.Code != nil {
		a.SetCode(*o.Code)
	}
	if o.Balance != nil {
		a.Balance = word(o.Balance)
	}
	return a, nil
}

// move says where the precompiled contracts answer; nil: at their own addresses. The account that one moves to keeps what it has.
func (o stateOverrides) move(addresses []common.Address, era pinned.Era) (map[common.Address]common.Address, error) {
	at := make(map[common.Address]common.Address)
	for _, a := range era.Precompiles() {
		at[a] = a
	}
	own := len(at)
	moved := false
	for _, a := range addresses {
		to := o[a].MoveTo
		contract, is := at[a]
		switch {
		case to == nil && !is:
			continue
		case !is:
			return nil, fmt.Errorf("account %s is not a precompile", a.Hex())
		case to != nil:
			if _, also := o[*to]; also {
				return nil, fmt.Errorf("account %s is already overridden", to.Hex())
			}
			at[*to] = contract
		}
		delete(at, a)
		moved = true
	}
	if !moved && len(at) == own {
		return nil, nil
	}
	return at, nil
}
