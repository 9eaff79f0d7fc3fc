// Package evm runs messages on a state, with go-ethereum's EVM and state transition.
//
// The adapter is the only file of the dry run that touches go-ethereum's core, state, vm, tracing and params: each of its versions
// changes signatures there. It stays under 300 lines, and canary tests sing as long as go-ethereum behaves as it thinks.
//
// Invariant: the first read that fails stops the machine. go-ethereum has no error result for code, and takes an account that
// can't be read for an empty one: so after a failed read every result is an error, never an outcome.
package evm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// World is the state that a machine reads. It serves one goroutine. A *pinned.View is one.
type World interface {
	Account(ctx context.Context, a common.Address) (pinned.Account, error)
	Slot(ctx context.Context, a common.Address, key common.Hash) (common.Hash, error)
	BlockHash(ctx context.Context, number uint64) (common.Hash, error)
}

// Block is the block that messages run in.
type Block struct {
	Number, Time, GasLimit uint64
	BaseFee, BlobFee       uint256.Int // wei per gas, and per blob gas
	Coinbase               common.Address
	Random                 common.Hash // PREVRANDAO, since the merge
	Difficulty             uint256.Int // before the merge
	Rules                  *Rules
	Precompiled            map[common.Address]common.Address // from an address to the precompiled contract that answers there; nil: each at its own
	MaxBlobs               int                               // that it may hold: a message with more is in no block
	Unpriced               bool                              // a message without fees pays none, as in eth_call
}

// Message is one transaction with the very fields that are to be signed. One of a type before EIP-1559 has its gas price in both
// FeeCap and TipCap.
type Message struct {
	From        common.Address
	To          *common.Address // nil creates a contract
	Nonce       uint64
	Value       uint256.Int // wei
	Data        []byte
	Gas         uint64
	FeeCap      uint256.Int // wei per gas
	TipCap      uint256.Int // wei per gas
	Access      types.AccessList
	Blobs       []common.Hash
	BlobFeeCap  uint256.Int // wei per blob gas
	Delegations []types.SetCodeAuthorization
	Levy        uint256.Int // wei that the chain takes besides gas
	Unsigned    bool        // nobody signed it: neither nonce, nor whether the sender has code, nor the most gas of a transaction counts
}

// MessageOf is a transaction as a message of its sender. It fails where a fee or the value has more than 256 bits.
func MessageOf(tx *types.Transaction, from common.Address) (Message, error) {
	m := Message{
		From: from, To: tx.To(), Nonce: tx.Nonce(), Data: tx.Data(), Gas: tx.Gas(), Access: tx.AccessList(),
		Blobs: tx.BlobHashes(), Delegations: tx.SetCodeAuthorizations(),
	}
	fields := map[*uint256.Int]*big.Int{&m.Value: tx.Value(), &m.FeeCap: tx.GasFeeCap(), &m.TipCap: tx.GasTipCap(), &m.BlobFeeCap: tx.BlobGasFeeCap()}
	for into, n := range fields {
		if n != nil && into.SetFromBig(n) {
			return Message{}, ErrTooLarge
		}
	}
	return m, nil
}

// Price is what a unit of gas costs the sender at a base fee, in wei.
func (m *Message) Price(baseFee *uint256.Int) *uint256.Int {
	p, over := new(uint256.Int).AddOverflow(baseFee, &m.TipCap)
	if over || p.Gt(&m.FeeCap) {
		return m.FeeCap.Clone()
	}
	return p
}

// blobGas is what one blob takes of the blob gas (EIP-4844).
const blobGas = 1 << 17

// BlobGas is the blob gas that the message takes.
func (m *Message) BlobGas() uint64 { return uint64(len(m.Blobs)) * blobGas }

// blobFeeCap is none where there are no blobs: blocks before Cancun hold no message with such a cap.
func (m *Message) blobFeeCap() *uint256.Int {
	if m.Blobs == nil {
		return nil
	}
	return &m.BlobFeeCap
}

// BlobCost is what the sender pays for the blobs of a message, in wei.
func (b *Block) BlobCost(m *Message) (wei uint256.Int) {
	wei.Mul(uint256.NewInt(m.BlobGas()), &b.BlobFee)
	return wei
}

// Outcome is what became of a message or a view. Failure is nil, ErrReverted, or another way in which the EVM gave up.
type Outcome struct {
	Used    uint64 // after refunds
	Peak    uint64 // before refunds
	Return  []byte
	Failure error
	Logs    []*types.Log // without the block's hash and the transaction's
}

// Watcher is told what a transaction does, also of what is reverted later.
type Watcher interface {
	Enter(kind string, from, to common.Address, value *big.Int, input []byte, gas uint64)
	Exit(output []byte, used uint64, err error)
	Log(l *types.Log)
	Account(a common.Address) // something of it was written
	Balance(a common.Address) // its native balance moved, fees to the miner aside
	Destroyed(a common.Address)
	Slot(a common.Address, key common.Hash)
}

// Why a machine gives up.
var (
	ErrTooLarge = errors.New("a fee or a value has more than 256 bits")
	ErrBlobs    = errors.New("more blobs than the block can hold")
	errTrieless = errors.New("the state has no trie")
)

// Err is the first read that failed.
func (m *Machine) Err() error { return m.err }

// fail stops the run at the first read that failed.
func (m *Machine) fail(err error) {
	m.err = cmp.Or(m.err, err)
	m.cancel()
}

// admitted runs a message that the block has room for.
func (m *Machine) admitted(msg *Message, run func()) error {
	if n := len(msg.Blobs); n > m.MaxBlobs {
		return fmt.Errorf("%w: %d of %d", ErrBlobs, n, m.MaxBlobs)
	}
	return m.guarded(run)
}

// guarded runs the EVM until its context ends. A run that was stopped looks like one that succeeded, so only a nil error means
// that it came to its end.
func (m *Machine) guarded(run func()) error {
	if err := cmp.Or(m.err, context.Cause(m.ctx)); err != nil {
		return err
	}
	unwatch := context.AfterFunc(m.ctx, m.cancel)
	run()
	if !unwatch() {
		m.fail(context.Cause(m.ctx))
	}
	return m.err
}

// read is a read of a machine's world. Code has no error result in go-ethereum, and an account that can't be read looks empty
// there: so the first error stops the machine, and every read after it fails at once.
func read[T any](m *Machine, get func() (T, error)) (v T, err error) {
	if m.err != nil {
		return v, m.err
	}
	if v, err = get(); err != nil {
		m.fail(err)
	}
	return v, err
}

func (m *Machine) account(a common.Address) (pinned.Account, error) {
	return read(m, func() (pinned.Account, error) { return m.world.Account(m.ctx, a) })
}

func (m *Machine) slot(a common.Address, key common.Hash) (common.Hash, error) {
	return read(m, func() (common.Hash, error) { return m.world.Slot(m.ctx, a, key) })
}

func (m *Machine) blockHash(n uint64) common.Hash {
	h, _ := read(m, func() (common.Hash, error) { return m.world.BlockHash(m.ctx, n) })
	return h
}
