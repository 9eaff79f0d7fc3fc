package fork

import (
	"context"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

// world is the state that a machine reads. It serves one goroutine.
type world interface {
	account(ctx context.Context, a common.Address) (account, error)
	slot(ctx context.Context, a common.Address, key common.Hash) (common.Hash, error)
	blockHash(ctx context.Context, number uint64) (common.Hash, error)
}

// account is what the state holds of an address, without its storage.
type account struct {
	nonce    uint64
	balance  uint256.Int
	code     []byte
	codeHash common.Hash
}

// empty reports whether the account counts as not existing (EIP-161).
func (a account) empty() bool { return a.nonce == 0 && a.balance.IsZero() && len(a.code) == 0 }

// slotKey names one storage slot.
type slotKey struct {
	account common.Address
	key     common.Hash
}

// message is one transaction with the very fields that are to be signed.
type message struct {
	from   common.Address
	to     *common.Address
	nonce  uint64
	value  uint256.Int
	data   []byte
	gas    uint64
	feeCap uint256.Int
	tipCap uint256.Int
	levy   uint256.Int // wei that the chain takes besides gas
}

// outcome is what became of a message or a view. Failure is nil, errReverted, or another way in which the EVM gave up.
type outcome struct {
	used    uint64 // after refunds
	peak    uint64 // before refunds
	ret     []byte
	failure error
	logs    []Log
}

// watcher is told what a transaction does, also of what is reverted later.
type watcher interface {
	enter(kind string, from, to common.Address, value *big.Int, input []byte)
	exit(failed bool)
	account(a common.Address)
	balance(a common.Address)
	destroyed(a common.Address)
	slot(a common.Address, key common.Hash)
}
