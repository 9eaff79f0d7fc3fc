package fork

import (
	"errors"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/state"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/triedb"
)

// account is what the address holds after all that the machine ran.
func (m *machine) account(a common.Address) account {
	acc := account{nonce: m.db.GetNonce(a), balance: *m.db.GetBalance(a), code: m.db.GetCode(a), codeHash: m.db.GetCodeHash(a)}
	if len(acc.code) == 0 {
		acc.codeHash = types.EmptyCodeHash
	}
	return acc
}

// slot is what the slot holds after all that the machine ran.
func (m *machine) slot(k slotKey) common.Hash { return m.db.GetState(k.account, k.key) }

// read is a read of a machine's world. Code has no error result in go-ethereum, and an account that can't be read looks empty
// there: so the first error stops the machine, and every read after it fails at once.
func read[T any](m *machine, get func() (T, error)) (v T, err error) {
	if m.err != nil {
		return v, m.err
	}
	if v, err = get(); err != nil {
		m.fail(err)
	}
	return v, err
}

// reader hands a machine's world to go-ethereum.
type reader struct{ m *machine }

func (r reader) account(a common.Address) (account, error) {
	return read(r.m, func() (account, error) { return r.m.world.account(r.m.ctx, a) })
}

func (r reader) Account(a common.Address) (*types.StateAccount, error) {
	acc, err := r.account(a)
	if err != nil || acc.empty() {
		return nil, err
	}
	return &types.StateAccount{Nonce: acc.nonce, Balance: acc.balance.Clone(), Root: types.EmptyRootHash, CodeHash: acc.codeHash.Bytes()}, nil
}

func (r reader) Storage(a common.Address, key common.Hash) (common.Hash, error) {
	return read(r.m, func() (common.Hash, error) { return r.m.world.slot(r.m.ctx, a, key) })
}

func (r reader) Code(a common.Address, _ common.Hash) []byte {
	acc, _ := r.account(a)
	return acc.code
}

func (r reader) CodeSize(a common.Address, hash common.Hash) int { return len(r.Code(a, hash)) }
func (r reader) Has(a common.Address, hash common.Hash) bool     { return len(r.Code(a, hash)) > 0 }

// trieless is a state database without tries: nothing is ever committed and no root is ever computed.
type trieless struct{ m *machine }

var errTrieless = errors.New("the state has no trie")

func (trieless) Type() state.DatabaseType                     { return state.TypeMPT }
func (t trieless) Reader(common.Hash) (state.Reader, error)   { return reader(t), nil }
func (trieless) Iteratee(common.Hash) (state.Iteratee, error) { return nil, errTrieless }
func (trieless) OpenTrie(common.Hash) (state.Trie, error)     { return nil, errTrieless }
func (trieless) TrieDB() *triedb.Database                     { return nil }
func (trieless) Commit(*state.StateUpdate) error              { return errTrieless }

func (trieless) OpenStorageTrie(common.Hash, common.Address, common.Hash, state.Trie) (state.Trie, error) {
	return nil, errTrieless
}
