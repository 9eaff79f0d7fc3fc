package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/eth/tracers"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// debugAPI is served under debug_: go-ethereum's tracers on the runs of this process.
type debugAPI struct{ s *Server }

// tracedTx is the trace of one transaction of a block.
type tracedTx struct {
	TxHash common.Hash     `json:"txHash"`
	Result json.RawMessage `json:"result"`
}

// traceCallConfig is how a call is traced.
type traceCallConfig struct {
	traceConfig
	StateOverrides stateOverrides
	BlockOverrides blockOverrides
	TxIndex        *hexutil.Uint // run in the place of this transaction of the block, not after all
}

// tracing bounds one trace.
func (a *debugAPI) tracing(ctx context.Context, c *traceConfig) (bounded context.Context, stop context.CancelCauseFunc, done func(), err error) {
	if err := c.check(); err != nil {
		return nil, nil, nil, err
	}
	patience, err := c.patience(a.s.limits.Time)
	if err != nil {
		return nil, nil, nil, err
	}
	ctx, release, err := a.s.begin(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errTraceTime)
	ctx, stop = context.WithCancelCause(ctx)
	return ctx, stop, func() { stop(nil); cancel(); release() }, nil
}

var errTxNotFound = errors.New("transaction not found")

// TraceTransaction traces a transaction of a block. One of the remote is run here, after those before it in its block, on the state
// of the parent, which the remote must have: an archive does. Where that can't be, as in a block of older rules than are known here,
// the remote is asked for the trace.
func (a *debugAPI) TraceTransaction(ctx context.Context, hash common.Hash, w *written[traceConfig]) (json.RawMessage, error) {
	c := pointerTo(w)
	ctx, stop, done, err := a.tracing(ctx, c)
	if err != nil {
		return nil, err
	}
	defer done()
	r, index, err := a.find(ctx, hash)
	if errors.Is(err, errTxNotFound) || errors.Is(err, pinned.ErrReorged) {
		return nil, err
	}
	if err != nil {
		raw, failed := a.s.forward(ctx, "debug_traceTransaction", trimmed(hash, rawOf(w))...)
		if failed != nil {
			return nil, err
		}
		return raw, traced(raw)
	}
	results, err := r.run(ctx, index, index, c, stop)
	if err != nil {
		return nil, err
	}
	return results[0], nil
}

// find is a transaction with its block.
func (a *debugAPI) find(ctx context.Context, hash common.Hash) (*replay, int, error) {
	b := a.s.current()
	if l, i := a.s.mined(b, hash); l != nil {
		return b.again(l), i, nil
	}
	var answer *struct {
		BlockNumber *hexutil.Uint64 `json:"blockNumber"`
		BlockHash   *common.Hash    `json:"blockHash"`
	}
	if err := a.s.ask(ctx, &answer, "eth_getTransactionByHash", hash); err != nil {
		return nil, 0, err
	}
	if answer == nil || answer.BlockNumber == nil || answer.BlockHash == nil || uint64(*answer.BlockNumber) > b.pin.Number {
		return nil, 0, errTxNotFound
	}
	if uint64(*answer.BlockNumber) == b.pin.Number && *answer.BlockHash != b.pin.Hash {
		return nil, 0, pinned.ErrReorged
	}
	var raw json.RawMessage
	if err := a.s.ask(ctx, &raw, "eth_getBlockByHash", *answer.BlockHash, true); err != nil {
		return nil, 0, err
	}
	r, err := a.s.pastReplay(ctx, raw)
	if err != nil {
		return nil, 0, err
	}
	for i, tx := range r.txs {
		if tx.Hash() == hash {
			return r, i, nil
		}
	}
	return nil, 0, fmt.Errorf("the remote says that transaction %s is in block %d, and that block has it not", hash, r.env.Number)
}

// TraceBlockByNumber traces all transactions of a block.
func (a *debugAPI) TraceBlockByNumber(ctx context.Context, number rpc.BlockNumber, c *written[traceConfig]) (any, error) {
	return a.traceBlock(ctx, rpc.BlockNumberOrHashWithNumber(number), c)
}

// TraceBlockByHash traces all transactions of a block.
func (a *debugAPI) TraceBlockByHash(ctx context.Context, hash common.Hash, c *written[traceConfig]) (any, error) {
	return a.traceBlock(ctx, rpc.BlockNumberOrHashWithHash(hash, false), c)
}

// traceBlock traces a block above the pin. The remote is asked for the traces of an older one, and where it has no such method the
// block is run here.
func (a *debugAPI) traceBlock(ctx context.Context, which rpc.BlockNumberOrHash, w *written[traceConfig]) (any, error) {
	c := pointerTo(w)
	ctx, stop, done, err := a.tracing(ctx, c)
	if err != nil {
		return nil, err
	}
	defer done()
	p, err := a.placed(ctx, which)
	if err != nil {
		return nil, err
	}
	b := p.branch
	if b.local(p.number) == nil {
		method, named := "debug_traceBlockByNumber", any(hexutil.Uint64(p.number))
		if p.number == b.pin.Number {
			method, named = "debug_traceBlockByHash", b.pin.Hash
		}
		raw, err := a.s.forward(ctx, method, trimmed(named, rawOf(w))...)
		if err == nil {
			return raw, traced(raw)
		}
		if !unserved(err) {
			return nil, err
		}
	}
	r, err := a.s.replayAt(ctx, b, p.number)
	if err != nil {
		return nil, err
	}
	results, err := r.run(ctx, 0, len(r.txs)-1, c, stop)
	if err != nil {
		return nil, err
	}
	all := make([]tracedTx, len(results))
	for i, raw := range results {
		all[i] = tracedTx{r.txs[i].Hash(), raw}
	}
	return all, nil
}

// traced refuses an answer that is none.
func traced(raw json.RawMessage) error {
	if !json.Valid(raw) || bytes.Equal(raw, []byte("null")) {
		return errors.New("the remote answers with no trace")
	}
	return nil
}

// unserved reports whether a remote has no such method.
func unserved(err error) bool {
	coded, ok := errors.AsType[rpc.Error](err)
	return ok && coded.ErrorCode() == codeNoMethod
}

// TraceCall traces a call in a block, after its transactions or in the place of one of them.
func (a *debugAPI) TraceCall(ctx context.Context, args callArgs, at *rpc.BlockNumberOrHash, c *traceCallConfig) (json.RawMessage, error) {
	if c == nil {
		c = new(traceCallConfig)
	}
	ctx, stop, done, err := a.tracing(ctx, &c.traceConfig)
	if err != nil {
		return nil, err
	}
	defer done()
	p, err := a.placeOf(ctx, orLatest(at), c.TxIndex)
	if err != nil {
		return nil, err
	}
	call, err := a.s.prepare(ctx, p, &args, c.StateOverrides, c.BlockOverrides)
	if err != nil {
		return nil, err
	}
	t, err := c.tracer(new(tracers.Context), call.env.Rules)
	if err != nil {
		return nil, err
	}
	probe := newProbe(stop)
	m := call.machine(ctx, &probe.hooks)
	defer m.Close()
	return probe.trace(m, call.msg, args.transaction(&call.msg, p.branch.chainID), t)
}

// placed is a block that a request names, and that is no more likely to change.
func (a *debugAPI) placed(ctx context.Context, which rpc.BlockNumberOrHash) (*place, error) {
	hash, _ := which.Hash()
	number, numbered := which.Number()
	if numbered && number == rpc.PendingBlockNumber {
		return nil, errors.New("tracing on top of pending is not supported")
	}
	p, err := a.s.place(ctx, which)
	switch {
	case errors.Is(err, errNoHeader) && numbered:
		return nil, fmt.Errorf("block #%d not found", number)
	case errors.Is(err, errNoHash):
		return nil, fmt.Errorf("block %s not found", hash)
	}
	return p, err
}

// placeOf is where a call is traced: after a block, or in the place of one of its transactions.
func (a *debugAPI) placeOf(ctx context.Context, which rpc.BlockNumberOrHash, index *hexutil.Uint) (*place, error) {
	p, err := a.placed(ctx, which)
	if err != nil {
		return nil, err
	}
	if index == nil {
		return a.s.settled(ctx, p)
	}
	r, err := a.s.replayAt(ctx, p.branch, p.number)
	if err != nil {
		return nil, err
	}
	return r.until(ctx, int(min(*index, math.MaxInt32)))
}
