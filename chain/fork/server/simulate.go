package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// Limits of eth_simulateV1, as go-ethereum has them.
const (
	mostSimulatedBlocks = 256
	mostCallsOfBlock    = 5_000
	mostSimulatedCalls  = 10_000
	mostSimulatedGas    = 50_000_000 // of all calls together
	simulationPatience  = 5 * time.Second
	simulatedStep       = 12 // seconds between blocks that name no time
)

// simulateRequest is what eth_simulateV1 is asked for.
type simulateRequest struct {
	BlockStateCalls        []simulatedCalls
	TraceTransfers         bool // transfers of ether among the logs
	Validation             bool // calls are held to what a block holds transactions to, but for signatures
	ReturnFullTransactions bool
}

// simulatedCalls is one block of a request.
type simulatedCalls struct {
	Block blockOverrides
	State stateOverrides
	Calls []callArgs
}

// UnmarshalJSON refuses overrides that are not known: one that is spelt wrongly would be a simulation of something else.
func (c *simulatedCalls) UnmarshalJSON(raw []byte) error {
	var in struct {
		BlockOverrides json.RawMessage
		StateOverrides map[common.Address]json.RawMessage
		Calls          []callArgs
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	if in.BlockOverrides != nil {
		if err := onlyKeys(in.BlockOverrides, blockOverrideKeys, "block override"); err != nil {
			return err
		}
		if err := json.Unmarshal(in.BlockOverrides, &c.Block); err != nil {
			return err
		}
		if w := c.Block.Withdrawals; w != nil && slices.Contains(*w, nil) {
			return errors.New("a withdrawal is null")
		}
	}
	c.State = make(stateOverrides, len(in.StateOverrides))
	for a, raw := range in.StateOverrides {
		if err := onlyKeys(raw, accountOverrideKeys, "state override for "+a.Hex()); err != nil {
			return err
		}
		var o accountOverride
		if err := json.Unmarshal(raw, &o); err != nil {
			return err
		}
		c.State[a] = o
	}
	c.Calls = in.Calls
	return nil
}

// check holds a request to the limits.
func (r *simulateRequest) check() error {
	if len(r.BlockStateCalls) == 0 {
		return &fault{code: codeInvalidParams, text: "empty input"}
	}
	if len(r.BlockStateCalls) > mostSimulatedBlocks {
		return &fault{code: codeLimit, text: "too many blocks"}
	}
	sum := 0
	for i := range r.BlockStateCalls {
		n := len(r.BlockStateCalls[i].Calls)
		if n > mostCallsOfBlock {
			return &fault{code: codeLimit, text: fmt.Sprintf("too many calls in block: %d > %d", n, mostCallsOfBlock)}
		}
		if sum += n; sum > mostSimulatedCalls {
			return &fault{code: codeLimit, text: fmt.Sprintf("too many calls: %d > %d", sum, mostSimulatedCalls)}
		}
	}
	return nil
}

// simulation is one run of eth_simulateV1. Each block stands on the one before it, and nothing is kept.
type simulation struct {
	ground
	simulateRequest
	budget uint64                 // gas that is left
	hashes map[uint64]common.Hash // of the blocks that were simulated
	trie   *stateTrie             // nil: no state root is made, or none is known any more
}

// simulate runs a request that is within the limits. Above the first of several blocks calls can see the hash of another, which hangs on
// its state root: so there the roots are true ones.
func simulate(ctx context.Context, g ground, r simulateRequest) ([]*simulatedBlock, error) {
	blocks, err := r.chain(g.header)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, simulationPatience, &fault{code: codeInternal, text: fmt.Sprintf("execution aborted (timeout = %v)", simulationPatience)})
	defer cancel()
	s := &simulation{ground: g, simulateRequest: r, budget: mostSimulatedGas, hashes: make(map[uint64]common.Hash, len(blocks))}
	if g.roots || len(blocks) > 1 {
		s.trie = newStateTrie(g.state.Remote())
	}
	if err := s.foresee(ctx, blocks); err != nil {
		return nil, err
	}
	results := make([]*simulatedBlock, 0, len(blocks))
	for i := range blocks {
		made, err := s.block(ctx, &blocks[i])
		if err != nil {
			return nil, err
		}
		results = append(results, made)
	}
	return results, nil
}

// chain is the request with a number and a time for each block, and with empty blocks where numbers are left out.
func (r *simulateRequest) chain(base *pinned.Header) ([]simulatedCalls, error) {
	all := make([]simulatedCalls, 0, len(r.BlockStateCalls))
	number, now := base.Number, base.Time
	most := new(big.Int).SetUint64(base.Number + mostSimulatedBlocks)
	for _, b := range r.BlockStateCalls {
		want := number + 1
		if n := b.Block.Number; n != nil {
			if n.ToInt().Cmp(new(big.Int).SetUint64(number)) <= 0 {
				return nil, &fault{code: codeBlockNumber, text: fmt.Sprintf("block numbers must be in order: %d <= %d", n.ToInt(), number)}
			}
			if n.ToInt().Cmp(most) > 0 {
				return nil, &fault{code: codeLimit, text: "too many blocks"}
			}
			want = n.ToInt().Uint64()
		}
		if want > most.Uint64() {
			return nil, &fault{code: codeLimit, text: "too many blocks"}
		}
		for number+1 < want {
			number, now = number+1, now+simulatedStep
			all = append(all, at(simulatedCalls{}, number, now))
		}
		number = want
		if t := b.Block.Time; t != nil && uint64(*t) <= now {
			return nil, &fault{code: codeBlockTime, text: fmt.Sprintf("block timestamps must be in order: %d <= %d", uint64(*t), now)}
		} else if t != nil {
			now = uint64(*t)
		} else {
			now += simulatedStep
		}
		if now > math.MaxUint64-simulatedStep*(mostSimulatedBlocks+1) {
			return nil, &fault{code: codeBlockTime, text: fmt.Sprintf("block timestamp %d leaves no time for later blocks", now)}
		}
		all = append(all, at(b, number, now))
	}
	return all, nil
}

func at(b simulatedCalls, number, time uint64) simulatedCalls {
	b.Block.Number, b.Block.Time = (*hexutil.Big)(new(big.Int).SetUint64(number)), (*hexutil.Uint64)(&time)
	return b
}

// open is a simulated block while it is made.
type open struct {
	*simulatedBlock
	header *types.Header
	env    evm.Block
	logs   *logbook
	m      *evm.Machine
	gas    uint64 // that is left
	blobs  uint64
	all    []*types.Log // of the calls that succeeded
	txs    []*types.Transaction
	rcpts  []*types.Receipt
}

// block simulates one block, and stands on it from then on.
func (s *simulation) block(ctx context.Context, b *simulatedCalls) (*simulatedBlock, error) {
	o, err := s.open(b)
	if err != nil {
		return nil, err
	}
	over, err := b.State.on(ctx, s.state, s.rules.Era)
	if err != nil {
		return nil, err
	}
	o.env.Precompiled = over.precompiled
	o.m = evm.New(ctx, s.over(over.State, b.Calls, o.env.Coinbase), o.env, nil)
	defer o.m.Close()
	if err := o.m.Begin(s.ground.header.Hash, o.header.ParentBeaconRoot, o.logs); err != nil {
		return nil, err
	}
	for i := range b.Calls {
		o.logs.take()
		if err := s.call(o, &b.Calls[i]); err != nil {
			return nil, err
		}
	}
	layer, err := s.end(ctx, o, over.layer, b.Block.Withdrawals)
	if err != nil {
		return nil, err
	}
	s.state = over.State.With(layer)
	return o.simulatedBlock, nil
}

// open begins a block above the newest.
func (s *simulation) open(b *simulatedCalls) (*open, error) {
	parent, set := s.ground.header, &b.Block
	h := &types.Header{
		ParentHash: parent.Hash, UncleHash: types.EmptyUncleHash, Coinbase: parent.Miner, Difficulty: parent.Difficulty.ToBig(), Number: set.Number.ToInt(),
		GasLimit: parent.GasLimit, Time: uint64(*set.Time), BaseFee: new(big.Int), Root: noRoot,
	}
	env := evm.Block{
		Number: h.Number.Uint64(), Time: h.Time, Difficulty: parent.Difficulty, Rules: s.machine, Unpriced: !s.Validation,
		MaxBlobs: s.rules.MaxBlobs(),
	}
	switch {
	case set.Difficulty != nil && parent.Difficulty.IsZero():
		return nil, &fault{code: codeInvalidParams, text: fmt.Sprintf("block %d: difficulty override is not allowed after the merge", h.Number)}
	case set.Difficulty != nil:
		env.Difficulty, h.Difficulty = word(set.Difficulty), set.Difficulty.ToInt()
	}
	if set.GasLimit != nil {
		h.GasLimit = uint64(*set.GasLimit)
	}
	if set.FeeRecipient != nil {
		h.Coinbase = *set.FeeRecipient
	}
	if set.PrevRandao != nil {
		h.MixDigest = *set.PrevRandao
	}
	switch {
	case set.BaseFeePerGas != nil && set.BaseFeePerGas.ToInt().BitLen() > 128:
		return nil, &fault{code: codeInvalidParams, text: fmt.Sprintf("block %d: baseFeePerGas has more than 128 bits", h.Number)}
	case set.BaseFeePerGas != nil:
		env.BaseFee = word(set.BaseFeePerGas)
	case s.Validation:
		env.BaseFee = pinned.BaseFeeAfter(parent.BaseFee, parent.GasUsed, parent.GasLimit)
	}
	h.BaseFee = env.BaseFee.ToBig()
	env.GasLimit, env.Coinbase, env.Random = h.GasLimit, h.Coinbase, h.MixDigest
	if s.rules.Era >= pinned.Cancun {
		excess := s.rules.ExcessAfter(parent)
		env.BlobFee = s.rules.BlobFee(excess)
		h.ExcessBlobGas, h.BlobGasUsed, h.ParentBeaconRoot = &excess, new(uint64), new(common.Hash)
		if set.BeaconRoot != nil {
			h.ParentBeaconRoot = set.BeaconRoot
		}
	}
	if set.BlobBaseFee != nil {
		env.BlobFee = word(set.BlobBaseFee)
	}
	return &open{
		simulatedBlock: &simulatedBlock{full: s.ReturnFullTransactions}, header: h, env: env, gas: h.GasLimit,
		logs: &logbook{Writes: evm.NewWrites(), transfers: s.TraceTransfers},
	}, nil
}

// simulatedWorld is a state above blocks that were simulated.
type simulatedWorld struct {
	evm.World
	hashes map[uint64]common.Hash
}

func (w *simulatedWorld) BlockHash(ctx context.Context, number uint64) (common.Hash, error) {
	if h, ok := w.hashes[number]; ok {
		return h, nil
	}
	return w.World.BlockHash(ctx, number)
}

// over is a state as a machine reads it. What the calls will read is asked of the remote beforehand.
func (s *simulation) over(state *pinned.State, calls []callArgs, also common.Address) evm.World {
	w := s.world(state)
	expected := make([]chain.Call, 0, mostForeseen)
	for i := range calls[:min(len(calls), mostForeseen)] {
		expected = append(expected, calls[i].call(s.chainID))
	}
	if v, ok := w.(interface {
		Expect(calls []chain.Call, also ...common.Address)
	}); ok {
		v.Expect(expected, also)
	}
	return &simulatedWorld{w, s.hashes}
}

// call runs one call of a block.
func (s *simulation) call(o *open, c *callArgs) error {
	from := o.m.Account(c.from())
	nonce := from.Nonce
	if c.Nonce != nil {
		nonce = uint64(*c.Nonce)
	}
	gas := o.gas
	if c.Gas != nil {
		gas = uint64(*c.Gas)
	}
	if gas > o.gas {
		return &fault{code: codeBlockGas, text: fmt.Sprintf("block gas limit reached: remaining: %d, required: %d", o.gas, gas)}
	}
	capped := gas > s.budget
	gas = min(gas, s.budget)
	if err := c.check(s.chainID); err != nil {
		return err
	}
	if o.m.Err() != nil {
		return o.m.Err()
	}
	msg := c.message(nonce, gas)
	if !s.Validation && from.Nonce == math.MaxUint64 {
		return &fault{code: codeInternal, text: fmt.Sprintf("%v: address %s, nonce: %d", evm.ErrNonceMax, msg.From.Hex(), from.Nonce)}
	}
	if err := s.numbered(&msg, from.Nonce); err != nil {
		return refusedCall(err, gas)
	}
	tx := c.transaction(&msg, s.chainID)
	out, err := o.m.Transact(msg, tx, o.logs)
	switch {
	case o.m.Err() != nil:
		return o.m.Err()
	case err != nil:
		return refusedCall(err, gas)
	}
	o.gas -= out.Used
	s.budget -= min(out.Used, s.budget)
	o.add(tx, &msg, &out, capped)
	return nil
}

// numbered holds a call to its sender's nonce, which without validation may be any. No account can go beyond the last one (EIP-2681).
func (s *simulation) numbered(msg *evm.Message, next uint64) error {
	from := msg.From.Hex()
	switch {
	case s.Validation && msg.Nonce > next:
		return fmt.Errorf("%w: address %s, tx: %d state: %d", evm.ErrNonceHigh, from, msg.Nonce, next)
	case s.Validation && msg.Nonce < next:
		return fmt.Errorf("%w: address %s, tx: %d state: %d", evm.ErrNonceLow, from, msg.Nonce, next)
	case next == math.MaxUint64:
		return fmt.Errorf("%w: address %s, nonce: %d", evm.ErrNonceMax, from, next)
	}
	return nil
}

// add puts a call that ran into the block.
func (o *open) add(tx *types.Transaction, msg *evm.Message, out *evm.Outcome, capped bool) {
	logs := o.logs.take()
	for _, l := range logs {
		l.TxHash, l.TxIndex, l.Index = tx.Hash(), uint(len(o.txs)), uint(len(o.all))
		l.BlockNumber, l.BlockTimestamp = o.env.Number, o.env.Time
		o.all = append(o.all, l)
	}
	result := simulatedCall{Logs: logs, GasUsed: hexutil.Uint64(out.Used), MaxUsedGas: hexutil.Uint64(out.Peak), Error: failureOf(out, capped)}
	receipt := &types.Receipt{Type: tx.Type(), CumulativeGasUsed: o.header.GasLimit - o.gas, Logs: out.Logs}
	if out.Failure == nil {
		result.Status, receipt.Status, result.ReturnData = hexutil.Uint64(types.ReceiptStatusSuccessful), types.ReceiptStatusSuccessful, out.Return
	}
	receipt.Bloom = types.CreateBloom(receipt)
	o.Calls = append(o.Calls, result)
	o.txs, o.rcpts = append(o.txs, tx), append(o.rcpts, receipt)
	o.senders, o.prices = append(o.senders, msg.From), append(o.prices, msg.Price(&o.env.BaseFee).ToBig())
	o.blobs += uint64(len(msg.Blobs)) * blobGas
}

// end brings a block to its end, and returns what it wrote. Its header is real; its state root is zero where the remote's trie is not
// known.
func (s *simulation) end(ctx context.Context, o *open, set *pinned.Layer, paid *types.Withdrawals) (*pinned.Layer, error) {
	body := &types.Body{Transactions: o.txs}
	if s.rules.Era >= pinned.Shanghai {
		body.Withdrawals = types.Withdrawals{}
		if paid != nil {
			body.Withdrawals = *paid
		}
	}
	requests, err := o.m.End(o.all, body.Withdrawals, o.logs)
	switch {
	case o.m.Err() != nil:
		return nil, o.m.Err()
	case err != nil && len(o.m.Account(withdrawalQueue).Code) > 0:
		return nil, err
	case err != nil:
		requests = [][]byte{} // the chain has no contracts to make them
	}
	layer := o.logs.Layer(o.m)
	if o.m.Err() != nil {
		return nil, o.m.Err()
	}
	if err := s.root(ctx, o.header, set, layer); err != nil {
		return nil, err
	}
	h := o.header
	h.GasUsed = h.GasLimit - o.gas
	if h.BlobGasUsed != nil {
		*h.BlobGasUsed = o.blobs
	}
	if requests != nil {
		root := types.CalcRequestsHash(requests)
		h.RequestsHash = &root
	}
	o.simulatedBlock.Block = types.NewBlock(h, body, o.rcpts, new(listTrie))
	hash := o.Hash()
	for _, l := range o.all {
		l.BlockHash = hash
	}
	s.hashes[o.env.Number] = hash
	s.ground.header = parentOf(o.Header(), hash)
	return layer, nil
}

// root writes a block's layers into the trie, and its root into the header.
func (s *simulation) root(ctx context.Context, h *types.Header, set, written *pinned.Layer) error {
	return s.rooted(func(t *stateTrie) error {
		if set != nil {
			if err := t.write(ctx, set); err != nil {
				return err
			}
		}
		if err := t.write(ctx, written); err != nil {
			return err
		}
		h.Root = t.hash()
		return nil
	})
}
