package evm

import (
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/state"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/triedb"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// reader hands a machine's world to go-ethereum.
type reader struct{ m *Machine }

func (r reader) account(a common.Address) (pinned.Account, error) {
	return read(r.m, func() (pinned.Account, error) { return r.m.world.Account(r.m.ctx, a) })
}

func (r reader) Account(a common.Address) (*types.StateAccount, error) {
	acc, err := r.account(a)
	if err != nil || acc.Empty() {
		return nil, err
	}
	return &types.StateAccount{Nonce: acc.Nonce, Balance: acc.Balance.Clone(), Root: types.EmptyRootHash, CodeHash: acc.CodeHash.Bytes()}, nil
}

func (r reader) Storage(a common.Address, key common.Hash) (common.Hash, error) {
	return read(r.m, func() (common.Hash, error) { return r.m.world.Slot(r.m.ctx, a, key) })
}

func (r reader) Code(a common.Address, _ common.Hash) []byte {
	acc, _ := r.account(a)
	return acc.Code
}

func (r reader) CodeSize(a common.Address, hash common.Hash) int { return len(r.Code(a, hash)) }
func (r reader) Has(a common.Address, hash common.Hash) bool     { return len(r.Code(a, hash)) > 0 }

// trieless is a state database without tries: nothing is ever committed and no root is ever computed.
type trieless struct{ m *Machine }

func (trieless) Type() state.DatabaseType                     { return state.TypeMPT }
func (t trieless) Reader(common.Hash) (state.Reader, error)   { return reader(t), nil }
func (trieless) Iteratee(common.Hash) (state.Iteratee, error) { return nil, errTrieless }
func (trieless) OpenTrie(common.Hash) (state.Trie, error)     { return nil, errTrieless }
func (trieless) TrieDB() *triedb.Database                     { return nil }
func (trieless) Commit(*state.StateUpdate) error              { return errTrieless }

func (trieless) OpenStorageTrie(common.Hash, common.Address, common.Hash, state.Trie) (state.Trie, error) {
	return nil, errTrieless
}

// Rules are those that blocks run by, with the analysis of the code that ran. They are made once and shared by machines.
type Rules struct {
	config    *params.ChainConfig
	jumpDests vm.JumpDestCache
}

// Config is the configuration that go-ethereum's tracers ask for.
func (r *Rules) Config() *params.ChainConfig { return r.config }

// RulesOf are the rules of an era, in force since ever.
func RulesOf(chainID uint64, e pinned.Era) *Rules {
	c := *params.MergedTestChainConfig
	c.ChainID = new(big.Int).SetUint64(chainID)
	c.AmsterdamTime, c.BogotaTime, c.UBTTime = nil, nil, nil
	for start, time := range map[pinned.Era]**uint64{
		pinned.Shanghai: &c.ShanghaiTime, pinned.Cancun: &c.CancunTime, pinned.Prague: &c.PragueTime, pinned.Osaka: &c.OsakaTime,
	} {
		if e < start {
			*time = nil
		}
	}
	return &Rules{&c, core.NewJumpDestCache()}
}

// placed are the precompiled contracts at other addresses than their own.
func placed(r params.Rules, at map[common.Address]common.Address) vm.PrecompiledContracts {
	own, all := vm.ActivePrecompiledContracts(r), make(vm.PrecompiledContracts, len(at))
	for a, contract := range at {
		all[a] = own[contract]
	}
	return all
}
