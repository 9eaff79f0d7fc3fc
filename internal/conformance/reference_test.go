package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/state"
	"github.com/ethereum/go-ethereum/core/tracing"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/eth/tracers"
	_ "github.com/ethereum/go-ethereum/eth/tracers/native" // the tracers that the fixtures are about
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/ethereum/go-ethereum/triedb"
	"github.com/holiman/uint256"
)

// reference is the plainest engine there can be: go-ethereum's EVM on a reader that asks the remote for each thing. The suites
// are tried on it, so that what they say of our own engine is not the harness's doing.
type reference struct {
	ctx    context.Context
	remote *rpc.Client
	pin    map[string]common.Hash
	evm    *vm.EVM
	db     *state.StateDB
	rules  params.Rules
	err    error

	accounts  map[common.Address]bool
	slots     map[common.Address]map[common.Hash]bool
	destroyed map[common.Address]bool
	known     map[common.Address]*types.StateAccount
	codes     map[common.Address][]byte

	peek types.GenesisAlloc // not nil: the accounts that exist, also those that are empty
}

type peeking struct{}

// peek lets a run see which empty accounts exist, as plain reads can't.
func peek(ctx context.Context) context.Context { return context.WithValue(ctx, peeking{}, true) }

var errNoTrie = errors.New("there is no trie")

func newReference(
	ctx context.Context, r Remote, remote *rpc.Client, config *params.ChainConfig, block vm.BlockContext, tracer *tracing.Hooks,
) *reference {
	e := &reference{
		ctx: ctx, remote: remote, pin: map[string]common.Hash{"blockHash": r.Hash}, accounts: map[common.Address]bool{},
		slots: map[common.Address]map[common.Hash]bool{}, destroyed: map[common.Address]bool{},
		known: map[common.Address]*types.StateAccount{}, codes: map[common.Address][]byte{},
	}
	if ctx.Value(peeking{}) != nil {
		e.peek = r.Alloc
	}
	block.CanTransfer, block.Transfer = core.CanTransfer, core.Transfer
	block.GetHash = func(n uint64) common.Hash {
		var b struct {
			Hash common.Hash `json:"hash"`
		}
		e.ask(&b, "eth_getBlockByNumber", hexutil.Uint64(n), false)
		return b.Hash
	}
	e.db, _ = state.NewWithReader(types.EmptyRootHash, e, e)
	hooks := tracer
	if hooks == nil {
		hooks = e.hooks()
	}
	e.evm = vm.NewEVM(block, state.NewHookedState(e.db, hooks), config, vm.Config{Tracer: hooks})
	e.rules = e.evm.GetRules()
	return e
}

func (e *reference) ask(into any, method string, args ...any) {
	if err := e.remote.CallContext(e.ctx, into, method, args...); err != nil && e.err == nil {
		e.err = err
		e.evm.Cancel()
	}
}

func (e *reference) Account(a common.Address) (*types.StateAccount, error) {
	if known, ok := e.known[a]; ok {
		return known, e.err
	}
	var balance hexutil.Big
	var nonce hexutil.Uint64
	e.ask(&balance, "eth_getBalance", a, e.pin)
	e.ask(&nonce, "eth_getTransactionCount", a, e.pin)
	code := e.Code(a, common.Hash{})
	_, exists := e.peek[a]
	if balance.ToInt().Sign() == 0 && nonce == 0 && len(code) == 0 && !exists {
		e.known[a] = nil
		return nil, e.err
	}
	e.known[a] = &types.StateAccount{
		Nonce: uint64(nonce), Balance: uint256.MustFromBig(balance.ToInt()), Root: types.EmptyRootHash, CodeHash: crypto.Keccak256(code),
	}
	return e.known[a], e.err
}

func (e *reference) Storage(a common.Address, key common.Hash) (v common.Hash, err error) {
	e.ask(&v, "eth_getStorageAt", a, key, e.pin)
	return v, e.err
}

func (e *reference) Code(a common.Address, _ common.Hash) []byte {
	if code, ok := e.codes[a]; ok {
		return code
	}
	var code hexutil.Bytes
	e.ask(&code, "eth_getCode", a, e.pin)
	e.codes[a] = code
	return code
}

func (e *reference) CodeSize(a common.Address, h common.Hash) int { return len(e.Code(a, h)) }
func (e *reference) Has(a common.Address, h common.Hash) bool     { return len(e.Code(a, h)) > 0 }
func (e *reference) Type() state.DatabaseType                     { return state.TypeMPT }
func (e *reference) Reader(common.Hash) (state.Reader, error)     { return e, nil }
func (*reference) Iteratee(common.Hash) (state.Iteratee, error)   { return nil, errNoTrie }
func (*reference) OpenTrie(common.Hash) (state.Trie, error)       { return nil, errNoTrie }
func (*reference) TrieDB() *triedb.Database                       { return nil }
func (*reference) Commit(*state.StateUpdate) error                { return errNoTrie }
func (*reference) OpenStorageTrie(common.Hash, common.Address, common.Hash, state.Trie) (state.Trie, error) {
	return nil, errNoTrie
}

func (e *reference) hooks() *tracing.Hooks {
	return &tracing.Hooks{
		OnBalanceChange: func(a common.Address, _, _ *big.Int, _ tracing.BalanceChangeReason) { e.accounts[a] = true },
		OnNonceChange:   func(a common.Address, _, _ uint64) { e.accounts[a] = true },
		OnCodeChangeV2: func(a common.Address, _ common.Hash, _ []byte, _ common.Hash, _ []byte, reason tracing.CodeChangeReason) {
			e.accounts[a] = true
			if reason == tracing.CodeChangeSelfDestruct {
				e.destroyed[a] = true
			}
		},
		OnStorageChange: func(a common.Address, key, _, _ common.Hash) {
			if e.slots[a] == nil {
				e.slots[a] = map[common.Hash]bool{}
			}
			e.slots[a][key] = true
		},
	}
}

// apply runs a message for good. The first error is of the run, the second says that no block may hold the message.
func (e *reference) apply(msg *core.Message, gas uint64) (res *core.ExecutionResult, refused error) {
	e.db.SetTxContext(common.Hash{}, 0, 0)
	snapshot := e.db.Snapshot()
	res, refused = core.ApplyMessage(e.evm, msg, core.NewGasPool(gas))
	if refused != nil {
		e.db.RevertToSnapshot(snapshot)
		return nil, refused
	}
	e.db.Finalise(e.rules)
	return res, nil
}

func (e *reference) changes() Changes {
	c := NewChanges()
	for a := range e.destroyed {
		c.Destroyed[a] = true
	}
	for a := range e.accounts {
		c.Balance[a], c.Nonce[a], c.Code[a] = *e.db.GetBalance(a), e.db.GetNonce(a), e.db.GetCode(a)
	}
	for a, keys := range e.slots {
		for k := range keys {
			c.SetSlot(a, k, e.db.GetState(a, k))
		}
	}
	return c
}

func runState(ctx context.Context, c *StateCase, remote *rpc.Client) (StateOutcome, error) {
	b := c.Block
	if len(c.Tx.BlobHashes) > b.MaxBlobs {
		return StateOutcome{Refused: errors.New("more blobs than a block may hold")}, nil
	}
	e := newReference(ctx, c.Remote(), remote, c.Config, vm.BlockContext{
		Coinbase: b.Coinbase, GasLimit: b.GasLimit, BlockNumber: new(big.Int).SetUint64(b.Number), Time: b.Time, Difficulty: new(big.Int),
		BaseFee: b.BaseFee.ToBig(), BlobBaseFee: b.BlobBaseFee.ToBig(), Random: &b.Random,
	}, nil)
	_, refused := e.apply(c.message(), b.GasLimit)
	return StateOutcome{Refused: refused, Changes: e.changes(), Logs: e.db.Logs()}, e.err
}

func (c *StateCase) message() *core.Message {
	t := c.Tx
	msg := &core.Message{
		From: t.From, To: t.To, Nonce: t.Nonce, Value: &t.Value, GasLimit: t.Gas, GasPrice: &t.GasPrice, GasFeeCap: &t.FeeCap, GasTipCap: &t.TipCap,
		Data: t.Data, AccessList: t.AccessList, SetCodeAuthorizations: t.Authorizations,
	}
	if t.Type == types.BlobTxType {
		msg.BlobHashes, msg.BlobGasFeeCap = t.BlobHashes, &t.BlobFeeCap
	}
	return msg
}

func runBlock(ctx context.Context, b *Block, remote *rpc.Client) ([]Receipt, error) {
	h := b.Header
	e := newReference(ctx, b.Remote(), remote, b.Config, vm.BlockContext{
		Coinbase: h.Coinbase, GasLimit: h.GasLimit, BlockNumber: h.Number, Time: h.Time, Difficulty: new(big.Int),
		BaseFee: h.BaseFee, BlobBaseFee: b.BlobBaseFee.ToBig(), Random: &h.MixDigest,
	}, nil)
	if h.ParentBeaconRoot != nil {
		core.ProcessBeaconBlockRoot(*h.ParentBeaconRoot, e.evm, nil)
	}
	signer := types.MakeSigner(b.Config, h.Number, h.Time)
	var receipts []Receipt
	for _, tx := range b.Transactions {
		msg, err := core.TransactionToMessage(tx, signer, h.BaseFee)
		if err != nil {
			return nil, err
		}
		before := len(e.db.Logs())
		res, refused := e.apply(msg, h.GasLimit)
		if err := errors.Join(e.err, refused); err != nil {
			return nil, err
		}
		receipts = append(receipts, Receipt{Failed: res.Failed(), GasUsed: res.UsedGas, Logs: e.db.Logs()[before:]})
	}
	return receipts, e.err
}

func runFixture(ctx context.Context, f *Fixture, remote *rpc.Client) (json.RawMessage, error) {
	tracer, err := tracers.DefaultDirectory.New(f.Tracer, new(tracers.Context), f.TracerConfig, f.Config)
	if err != nil {
		return nil, err
	}
	b := f.Block
	e := newReference(ctx, f.Remote(), remote, f.Config, vm.BlockContext{
		Coinbase: b.Coinbase, GasLimit: b.GasLimit, BlockNumber: new(big.Int).SetUint64(b.Number), Time: b.Time, Difficulty: b.Difficulty,
		BaseFee: b.BaseFee, BlobBaseFee: b.BlobBaseFee, Random: b.Random,
	}, tracer.Hooks)
	msg, err := core.TransactionToMessage(f.Tx, types.MakeSigner(f.Config, e.evm.Context.BlockNumber, b.Time), b.BaseFee)
	if err != nil {
		return nil, err
	}
	tracer.OnTxStart(e.evm.GetVMContext(), f.Tx, f.From)
	res, err := core.ApplyMessage(e.evm, msg, nil)
	if err := errors.Join(e.err, err); err != nil {
		return nil, err
	}
	tracer.OnTxEnd(&types.Receipt{GasUsed: res.UsedGas}, nil)
	return tracer.GetResult()
}
