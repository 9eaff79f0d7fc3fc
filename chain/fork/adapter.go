package fork

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
	"github.com/holiman/uint256"
)

// The adapter files are the only ones that touch go-ethereum's core, state, vm, tracing and params: each of its versions
// changes signatures there. What they offer is a machine, which runs messages on a world.

// env is the block that messages run in.
type env struct {
	number, time, gasLimit uint64
	baseFee, blobFee       uint256.Int
	coinbase               common.Address
	random                 common.Hash
	config                 *params.ChainConfig
	jumpDests              *jumpDests
}

var errReverted, errIntrinsicGas, errFloorGas = vm.ErrExecutionReverted, core.ErrIntrinsicGas, core.ErrFloorDataGas

// machine runs messages one after the other on a world that it never writes to. It serves one goroutine.
type machine struct {
	ctx    context.Context
	world  world
	env    env
	rules  params.Rules
	db     *state.StateDB
	hooked vm.StateDB
	bare   *vm.EVM // reports nothing
	loud   *vm.EVM // reports to watch
	watch  watcher
	txs    int
	err    error // the first read that failed: nothing is known any more
}

func newMachine(ctx context.Context, w world, e env) *machine {
	m := &machine{ctx: ctx, world: w, env: e}
	blockHash := func(n uint64) common.Hash {
		h, _ := read(m, func() (common.Hash, error) { return w.blockHash(ctx, n) })
		return h
	}
	m.db, _ = state.NewWithReader(types.EmptyRootHash, trieless{m}, reader{m}) // has no failing path
	block := vm.BlockContext{
		CanTransfer: core.CanTransfer, Transfer: core.Transfer, GetHash: blockHash,
		Coinbase: e.coinbase, GasLimit: e.gasLimit, BlockNumber: new(big.Int).SetUint64(e.number), Time: e.time,
		Difficulty: new(big.Int), BaseFee: e.baseFee.ToBig(), BlobBaseFee: e.blobFee.ToBig(), Random: &e.random,
	}
	hooks := m.hooks()
	m.hooked = state.NewHookedState(m.db, hooks)
	m.bare = vm.NewEVM(block, m.db, e.config, vm.Config{})
	m.loud = vm.NewEVM(block, m.hooked, e.config, vm.Config{Tracer: hooks})
	m.bare.SetJumpDestCache(e.jumpDests)
	m.loud.SetJumpDestCache(e.jumpDests)
	m.rules = m.bare.GetRules()
	return m
}

// close gives the machine's memory back.
func (m *machine) close() {
	m.bare.Release()
	m.loud.Release()
}

// fail stops the run at the first read that failed.
func (m *machine) fail(err error) {
	m.err = cmp.Or(m.err, err)
	m.cancel()
}

func (m *machine) cancel() {
	m.bare.Cancel()
	m.loud.Cancel()
}

// transact runs a message for good and reports to w. An error means that no block could hold the message, or that a read failed.
func (m *machine) transact(msg message, w watcher) (outcome, error) {
	m.watch, m.txs = w, m.txs+1
	id := common.BigToHash(big.NewInt(int64(m.txs)))
	m.db.SetTxContext(id, m.txs, uint32(m.txs))
	m.hooked.SubBalance(msg.from, &msg.levy, tracing.BalanceDecreaseGasBuy)
	out, err := m.apply(m.loud, m.env.time, msg)
	if err != nil {
		return outcome{}, err
	}
	for _, l := range m.db.GetLogs(id, m.env.number, common.Hash{}, m.env.time) {
		out.logs = append(out.logs, Log{Address: l.Address, Topics: l.Topics, Data: l.Data})
	}
	m.hooked.Finalise(m.rules)
	return out, m.err
}

// try runs a message at a time, and takes everything back.
func (m *machine) try(msg message, time uint64) (outcome, error) {
	snapshot := m.db.Snapshot()
	defer m.db.RevertToSnapshot(snapshot)
	return m.apply(m.bare, time, msg)
}

func (m *machine) apply(evm *vm.EVM, time uint64, msg message) (outcome, error) {
	var res *core.ExecutionResult
	var refused error
	evm.Context.Time = time
	err := m.guarded(func() {
		res, refused = core.ApplyMessage(evm, &core.Message{
			From: msg.from, To: msg.to, Nonce: msg.nonce, Value: &msg.value, GasLimit: msg.gas, Data: msg.data,
			GasPrice: msg.price(&m.env.baseFee), GasFeeCap: &msg.feeCap, GasTipCap: &msg.tipCap,
		}, core.NewGasPool(msg.gas))
	})
	if err = cmp.Or(err, refused); err != nil {
		return outcome{}, err
	}
	return outcome{used: res.UsedGas, peak: res.MaxUsedGas, ret: res.ReturnData, failure: res.Err}, nil
}

// ask runs a call without fees, and takes everything back. Without a value the called code can't write.
func (m *machine) ask(from common.Address, to *common.Address, value *uint256.Int, data []byte, gas uint64) (out outcome, err error) {
	snapshot := m.db.Snapshot()
	defer m.db.RevertToSnapshot(snapshot)
	m.bare.Context.Time = m.env.time
	m.bare.SetTxContext(vm.TxContext{Origin: from, GasPrice: new(uint256.Int).AddUint64(&m.env.baseFee, params.GWei)})
	m.db.Prepare(m.rules, from, m.env.coinbase, to, vm.ActivePrecompiles(m.rules), nil)
	err = m.guarded(func() {
		switch budget := vm.NewGasBudget(gas, 0); {
		case to == nil:
			out.ret, _, _, out.failure = m.bare.Create(from, data, budget, value)
		case value == nil:
			out.ret, _, out.failure = m.bare.StaticCall(from, *to, data, budget)
		default:
			out.ret, _, out.failure = m.bare.Call(from, *to, data, budget, value)
		}
	})
	return out, err
}

// guarded runs the EVM until its context ends. A run that was stopped looks like one that succeeded, so only a nil error means
// that it came to its end.
func (m *machine) guarded(run func()) error {
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

// hooks tell the watcher what happens. The miner's fee is nobody's doing, so it is left out.
func (m *machine) hooks() *tracing.Hooks {
	return &tracing.Hooks{
		OnEnter: func(_ int, typ byte, from, to common.Address, input []byte, _ uint64, value *big.Int) {
			m.watch.enter(vm.OpCode(typ).String(), from, to, value, input)
		},
		OnExit: func(_ int, _ []byte, _ uint64, _ error, reverted bool) { m.watch.exit(reverted) },
		OnBalanceChange: func(a common.Address, _, _ *big.Int, reason tracing.BalanceChangeReason) {
			m.watch.account(a)
			if reason != tracing.BalanceIncreaseRewardTransactionFee {
				m.watch.balance(a)
			}
		},
		OnNonceChange: func(a common.Address, _, _ uint64) { m.watch.account(a) },
		OnCodeChangeV2: func(a common.Address, _ common.Hash, _ []byte, _ common.Hash, _ []byte, reason tracing.CodeChangeReason) {
			m.watch.account(a)
			if reason == tracing.CodeChangeSelfDestruct {
				m.watch.destroyed(a)
			}
		},
		OnStorageChange: func(a common.Address, key, _, _ common.Hash) { m.watch.slot(a, key) },
	}
}
