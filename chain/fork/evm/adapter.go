package evm

import (
	"cmp"
	"context"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/state"
	"github.com/ethereum/go-ethereum/core/tracing"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/triedb"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// Why a message fails, or can be in no block.
var (
	ErrReverted, ErrOutOfGas, ErrIntrinsicGas, ErrFloorGas            = vm.ErrExecutionReverted, vm.ErrOutOfGas, core.ErrIntrinsicGas, core.ErrFloorDataGas
	ErrNonceLow, ErrNonceHigh, ErrNonceMax, ErrNotEOA                 = core.ErrNonceTooLow, core.ErrNonceTooHigh, core.ErrNonceMax, core.ErrSenderNoEOA
	ErrFunds, ErrFundsValue, ErrFeeCapLow, ErrTipAboveCap             = core.ErrInsufficientFunds, core.ErrInsufficientFundsForTransfer, core.ErrFeeCapTooLow, core.ErrTipAboveFeeCap
	ErrBlockGas, ErrTxGas, ErrInitCode, ErrGasOverflow, ErrBlobFeeLow = core.ErrGasLimitReached, core.ErrGasLimitTooHigh, vm.ErrMaxInitCodeSizeExceeded, core.ErrGasUintOverflow, core.ErrBlobFeeCapTooLow
)

// Tracer is one of go-ethereum's tracers, as its registry makes them.
type Tracer = tracing.Hooks

// Machine runs messages one after the other on a world that it never writes to. It serves one goroutine.
type Machine struct {
	Block
	ctx    context.Context
	world  World
	rules  params.Rules
	db     *state.StateDB
	hooked vm.StateDB
	bare   *vm.EVM // reports nothing
	loud   *vm.EVM // reports to watch or to the tracer
	tracer *Tracer // nil: none
	watch  Watcher
	txs    int
	err    error // the first read that failed: nothing is known any more
}

// New is a machine for a block above a world. A tracer, if there is one, is told of calls and logs in the place of watchers.
func New(ctx context.Context, w World, b Block, tracer *Tracer) *Machine {
	m := &Machine{Block: b, ctx: ctx, world: w, tracer: tracer}
	m.db, _ = state.NewWithReader(types.EmptyRootHash, trieless{m}, reader{m}) // has no failing path
	block := vm.BlockContext{
		CanTransfer: core.CanTransfer, Transfer: core.Transfer, GetHash: m.blockHash,
		Coinbase: b.Coinbase, GasLimit: b.GasLimit, BlockNumber: new(big.Int).SetUint64(b.Number), Time: b.Time,
		Difficulty: b.Difficulty.ToBig(), BaseFee: b.BaseFee.ToBig(), BlobBaseFee: b.BlobFee.ToBig(),
	}
	if b.Difficulty.IsZero() {
		block.Random = &b.Random
	}
	calls, writes := m.hooks()
	m.hooked = state.NewHookedState(m.db, writes)
	m.bare = vm.NewEVM(block, m.db, b.Rules.config, vm.Config{NoBaseFee: b.Unpriced})
	m.loud = vm.NewEVM(block, m.hooked, b.Rules.config, vm.Config{NoBaseFee: b.Unpriced, Tracer: calls})
	m.rules = m.bare.GetRules()
	for _, evm := range []*vm.EVM{m.bare, m.loud} {
		evm.SetJumpDestCache(b.Rules.jumpDests)
		if b.Precompiled != nil {
			evm.SetPrecompiles(placed(m.rules, b.Precompiled))
		}
	}
	return m
}

// Close gives the machine's memory back.
func (m *Machine) Close() { m.bare.Release(); m.loud.Release() }

func (m *Machine) cancel() { m.bare.Cancel(); m.loud.Cancel() }

// Transact runs a message for good and reports to w. The tracer is shown tx, which stands for the message. An error means that no
// block could hold the message, or that a read failed: what the machine then holds means nothing.
func (m *Machine) Transact(msg Message, tx *types.Transaction, w Watcher) (Outcome, error) {
	m.watch, m.txs = w, m.txs+1
	id := common.BigToHash(big.NewInt(int64(m.txs)))
	m.db.SetTxContext(id, m.txs-1, uint32(m.txs))
	if !msg.Levy.IsZero() {
		m.hooked.SubBalance(msg.From, &msg.Levy, tracing.BalanceDecreaseGasBuy)
	}
	t := cmp.Or(m.tracer, new(Tracer))
	if t.OnTxStart != nil {
		t.OnTxStart(m.loud.GetVMContext(), tx, msg.From)
	}
	out, err := m.apply(m.loud, m.Time, msg)
	if err == nil {
		m.hooked.Finalise(m.rules)
	}
	if t.OnTxEnd != nil {
		t.OnTxEnd(&types.Receipt{GasUsed: out.Used}, err)
	}
	out.Logs = m.db.GetLogs(id, m.Number, common.Hash{}, m.Time)
	return out, cmp.Or(err, m.err)
}

// Try runs a message at a time, and takes everything back.
func (m *Machine) Try(msg Message, time uint64) (Outcome, error) {
	snapshot := m.db.Snapshot()
	defer m.db.RevertToSnapshot(snapshot)
	return m.apply(m.bare, time, msg)
}

func (m *Machine) apply(evm *vm.EVM, time uint64, msg Message) (Outcome, error) {
	var res *core.ExecutionResult
	var refused error
	evm.Context.Time = time
	raw := &core.Message{
		From: msg.From, To: msg.To, Nonce: msg.Nonce, Value: &msg.Value, GasLimit: msg.Gas, Data: msg.Data,
		GasPrice: msg.Price(&m.BaseFee), GasFeeCap: &msg.FeeCap, GasTipCap: &msg.TipCap, AccessList: msg.Access,
		BlobHashes: msg.Blobs, BlobGasFeeCap: msg.blobFeeCap(), SetCodeAuthorizations: msg.Delegations,
	}
	if msg.Unsigned {
		raw.SkipNonceCheck().SkipEOACheck().SkipGasLimitCapCheck().SkipExecutionGasCapCheck()
	}
	err := m.admitted(&msg, func() { res, refused = core.ApplyMessage(evm, raw, core.NewGasPool(msg.Gas)) })
	if err = cmp.Or(err, refused); err != nil {
		return Outcome{}, err
	}
	return Outcome{Used: res.UsedGas, Peak: res.MaxUsedGas, Return: res.ReturnData, Failure: res.Err}, nil
}

// Ask runs a call without fees, and takes everything back. Without a value the called code can't write.
func (m *Machine) Ask(from common.Address, to *common.Address, value *uint256.Int, data []byte, gas uint64) (out Outcome, err error) {
	snapshot := m.db.Snapshot()
	defer m.db.RevertToSnapshot(snapshot)
	m.bare.Context.Time = m.Time
	m.bare.SetTxContext(vm.TxContext{Origin: from, GasPrice: new(uint256.Int).AddUint64(&m.BaseFee, params.GWei)})
	m.db.Prepare(m.rules, from, m.Coinbase, to, nil, nil) // precompiled contracts are cold to it, which only costs gas
	err = m.guarded(func() {
		switch budget := vm.NewGasBudget(gas, 0); {
		case to == nil:
			out.Return, _, _, out.Failure = m.bare.Create(from, data, budget, cmp.Or(value, new(uint256.Int)))
		case value == nil:
			out.Return, _, out.Failure = m.bare.StaticCall(from, *to, data, budget)
		default:
			out.Return, _, out.Failure = m.bare.Call(from, *to, data, budget, value)
		}
	})
	return out, err
}

// Begin does what a block does before its first transaction: it stores the beacon chain's root (EIP-4788) and the hash of the
// parent (EIP-2935), where there are any.
func (m *Machine) Begin(parent common.Hash, beaconRoot *common.Hash, w Watcher) error {
	m.watch = w
	return m.guarded(func() {
		if beaconRoot != nil && m.rules.IsCancun {
			core.ProcessBeaconBlockRoot(*beaconRoot, m.loud, nil)
		}
		if m.rules.IsPrague {
			core.ProcessParentBlockHash(parent, m.loud, nil)
		}
	})
}

// End does what a block does after its last transaction: it pays withdrawals, and takes the requests to the beacon chain (EIP-7685).
func (m *Machine) End(logs []*types.Log, paid types.Withdrawals, w Watcher) (requests [][]byte, err error) {
	m.watch = w
	failed := m.guarded(func() {
		requests, _, err = core.PostExecution(m.ctx, m.Rules.config, m.loud.Context.BlockNumber, m.Time, logs, paid, m.loud, 0)
	})
	return requests, cmp.Or(failed, err)
}

// Account is what the address holds after all that the machine ran.
func (m *Machine) Account(a common.Address) pinned.Account {
	hash := cmp.Or(m.db.GetCodeHash(a), types.EmptyCodeHash)
	return pinned.Account{Nonce: m.db.GetNonce(a), Balance: *m.db.GetBalance(a), Code: m.db.GetCode(a), CodeHash: hash}
}

// Slot is what the slot holds after all that the machine ran.
func (m *Machine) Slot(k pinned.Slot) common.Hash { return m.db.GetState(k.Account, k.Key) }

// hooks tell the watcher what is called and what is written. The miner's fee is nobody's doing, so it moves no balance.
func (m *Machine) hooks() (calls, writes *tracing.Hooks) {
	writes = &tracing.Hooks{
		OnLog: func(l *types.Log) { m.watch.Log(l) },
		OnBalanceChange: func(a common.Address, _, _ *big.Int, reason tracing.BalanceChangeReason) {
			m.watch.Account(a)
			if reason != tracing.BalanceIncreaseRewardTransactionFee {
				m.watch.Balance(a)
			}
		},
		OnNonceChange: func(a common.Address, _, _ uint64) { m.watch.Account(a) },
		OnCodeChangeV2: func(a common.Address, _ common.Hash, _ []byte, _ common.Hash, _ []byte, reason tracing.CodeChangeReason) {
			m.watch.Account(a)
			if reason == tracing.CodeChangeSelfDestruct {
				m.watch.Destroyed(a)
			}
		},
		OnStorageChange: func(a common.Address, key, _, _ common.Hash) { m.watch.Slot(a, key) },
	}
	if m.tracer != nil {
		writes.OnLog = m.tracer.OnLog
		return m.tracer, writes
	}
	return &tracing.Hooks{
		OnEnter: func(_ int, typ byte, from, to common.Address, input []byte, gas uint64, value *big.Int) {
			m.watch.Enter(vm.OpCode(typ).String(), from, to, value, input, gas)
		},
		OnExit: func(_ int, output []byte, used uint64, err error, _ bool) { m.watch.Exit(output, used, err) },
	}, writes
}

// reader hands a machine's world to go-ethereum.
type reader struct{ m *Machine }

func (r reader) Account(a common.Address) (*types.StateAccount, error) {
	acc, err := r.m.account(a)
	if err != nil || acc.Empty() {
		return nil, err
	}
	return &types.StateAccount{Nonce: acc.Nonce, Balance: acc.Balance.Clone(), Root: types.EmptyRootHash, CodeHash: acc.CodeHash.Bytes()}, nil
}

func (r reader) Storage(a common.Address, key common.Hash) (common.Hash, error) {
	return r.m.slot(a, key)
}

func (r reader) Code(a common.Address, _ common.Hash) []byte {
	acc, _ := r.m.account(a)
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
