package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"sync"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/eth/tracers"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// replay is a block whose transactions are run once more, on the state before it.
type replay struct {
	branch *branch       // that it was made on
	before *pinned.State // that its first transaction met
	env    evm.Block
	hash   common.Hash
	parent common.Hash
	beacon *common.Hash
	txs    []*transaction
}

// again is a block above the pin.
func (b *branch) again(l *block) *replay {
	return &replay{branch: b, before: l.before, env: l.env, hash: l.hash, parent: l.header.ParentHash, beacon: l.header.ParentBeaconRoot, txs: l.txs}
}

// machine is one at the beginning of the block.
func (r *replay) machine(ctx context.Context, tracer *evm.Tracer, w evm.Watcher) (*evm.Machine, error) {
	world := r.branch.over(r.before)
	world.Expect(callsOf(r.txs), r.env.Coinbase, beaconRoots, history)
	m := evm.New(ctx, world, r.env, tracer)
	if err := m.Begin(r.parent, r.beacon, w); err != nil {
		m.Close()
		return nil, err
	}
	return m, nil
}

var errGenesis = errors.New("genesis is not traceable")

// replayAt is a block of this branch or, at and below the pin, of the remote.
func (s *Server) replayAt(ctx context.Context, b *branch, number uint64) (*replay, error) {
	if l := b.local(number); l != nil {
		return b.again(l), nil
	}
	if number > b.head() {
		return nil, fmt.Errorf("block #%d not found", number)
	}
	method, which := "eth_getBlockByNumber", any(hexutil.Uint64(number))
	if number == b.pin.Number {
		method, which = "eth_getBlockByHash", b.pin.Hash
	}
	var raw json.RawMessage
	if err := s.ask(ctx, &raw, method, which, true); err != nil {
		return nil, err
	}
	return s.pastReplay(ctx, raw)
}

// pastReplay is a block of the remote, run here on the state of its parent. So the remote must have that state: an archive has, and
// other nodes have it of the newest blocks only.
func (s *Server) pastReplay(ctx context.Context, raw json.RawMessage) (*replay, error) {
	h, err := pinned.DecodeHeader(raw)
	if err != nil {
		return nil, fmt.Errorf("read the block to run again: %w", err)
	}
	if h.Number == 0 {
		return nil, errGenesis
	}
	if r := s.pasts.get(h.Hash); r != nil {
		return r, nil
	}
	txs, err := decodeTransactions(raw)
	if err != nil {
		return nil, fmt.Errorf("run block %d again: %w", h.Number, err)
	}
	before, err := s.stand(ctx, pinned.At{Hash: &h.Parent})
	if err != nil {
		return nil, fmt.Errorf("stand on the parent of block %d, whose state an archive has: %w", h.Number, err)
	}
	rules, blobFee, err := s.rulesAt(ctx, before.remote, h)
	if err != nil {
		return nil, fmt.Errorf("tell the rules of block %d: %w", h.Number, err)
	}
	r := &replay{
		branch: before, before: before.state,
		env: evm.Block{
			Number: h.Number, Time: h.Time, GasLimit: h.GasLimit, BaseFee: h.BaseFee, BlobFee: blobFee, Coinbase: h.Miner,
			Random: h.Random, Difficulty: h.Difficulty, Rules: evm.RulesOf(before.remote.ChainID(), rules.Era), MaxBlobs: math.MaxInt, // it held what it held
		},
		hash: h.Hash, parent: h.Parent, beacon: h.BeaconRoot, txs: txs,
	}
	s.pasts.put(r)
	return r, nil
}

// mostPasts is how many blocks of the past are remembered, with what was read of the state before them.
const mostPasts = 8

// pasts are the blocks of the past that were run again last.
type pasts struct {
	mu   sync.Mutex
	last []*replay // newest first
}

func (p *pasts) get(hash common.Hash) *replay {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.last {
		if r.hash == hash {
			return r
		}
	}
	return nil
}

func (p *pasts) put(r *replay) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = append([]*replay{r}, p.last[:min(len(p.last), mostPasts-1)]...)
}

// rulesAt are those of a block of the past: its parent may have had others. Of the blob fee only the remote can tell how the chain priced
// it then.
func (s *Server) rulesAt(ctx context.Context, remote *pinned.Remote, h *pinned.Header) (pinned.Rules, uint256.Int, error) {
	rules, err := remote.RulesOf(ctx, h)
	if err != nil {
		return rules, uint256.Int{}, err
	}
	if h.ExcessBlobGas == 0 {
		return rules, rules.BlobFee(0), nil
	}
	var fees struct {
		Blob []*hexutil.Big `json:"baseFeePerBlobGas"`
	}
	if err := s.ask(ctx, &fees, "eth_feeHistory", hexutil.Uint64(1), hexutil.Uint64(h.Number), []float64{}); err != nil {
		return rules, uint256.Int{}, fmt.Errorf("read the blob fee: %w", err)
	}
	if len(fees.Blob) == 0 || fees.Blob[0] == nil {
		return rules, uint256.Int{}, errors.New("read the blob fee: the answer has none")
	}
	return rules, word(fees.Blob[0]), nil
}

// decodeTransactions reads those of a block. One of a type that Ethereum does not have can't be run here.
func decodeTransactions(raw json.RawMessage) ([]*transaction, error) {
	var answer struct {
		Transactions []json.RawMessage `json:"transactions"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, err
	}
	all := make([]*transaction, len(answer.Transactions))
	for i, raw := range answer.Transactions {
		tx := new(types.Transaction)
		var stated struct {
			Hash common.Hash `json:"hash"`
		}
		if err := errors.Join(json.Unmarshal(raw, tx), json.Unmarshal(raw, &stated)); err != nil {
			return nil, fmt.Errorf("transaction %d is none of Ethereum's: %w", i, err)
		}
		if tx.Hash() != stated.Hash {
			return nil, fmt.Errorf("transaction %d hashes to %s, and the remote says %s", i, tx.Hash(), stated.Hash)
		}
		from, err := types.Sender(types.LatestSignerForChainID(tx.ChainId()), tx)
		if err != nil {
			return nil, fmt.Errorf("transaction %d: %w", i, err)
		}
		all[i] = &transaction{Transaction: tx, from: from}
	}
	return all, nil
}

// run runs the block's transactions up to last, and hands each of them, from first on, to a trace.
func (r *replay) run(ctx context.Context, first, last int, c *traceConfig, stop context.CancelCauseFunc) ([]json.RawMessage, error) {
	p := newProbe(stop)
	m, err := r.machine(ctx, &p.hooks, evm.NewWrites())
	if err != nil {
		return nil, err
	}
	defer m.Close()
	var results []json.RawMessage
	sum := 0
	for i := 0; i <= last; i++ {
		msg, err := r.txs[i].message()
		if err != nil {
			return nil, err
		}
		if i < first {
			if _, err := m.Transact(msg, r.txs[i].Transaction, evm.NewWrites()); err != nil {
				return nil, fmt.Errorf("run transaction %d again: %w", i, err)
			}
			continue
		}
		t, err := c.tracer(&tracers.Context{
			BlockHash: r.hash, BlockNumber: new(big.Int).SetUint64(r.env.Number), TxIndex: i, TxHash: r.txs[i].Hash(),
		}, r.env.Rules)
		if err != nil {
			return nil, err
		}
		raw, err := p.trace(m, msg, r.txs[i].Transaction, t)
		if err != nil {
			return nil, err
		}
		if sum += len(raw); sum > mostTrace {
			return nil, errTraceSize
		}
		results = append(results, raw)
	}
	return results, nil
}

// until is the place that a transaction of the block met, with those before it run.
func (r *replay) until(ctx context.Context, index int) (*place, error) {
	if index < 0 || index >= len(r.txs) {
		return nil, fmt.Errorf("transaction index %d out of range for block %s", index, r.hash)
	}
	writes := evm.NewWrites()
	m, err := r.machine(ctx, nil, writes)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	for i, tx := range r.txs[:index] {
		msg, err := tx.message()
		if err != nil {
			return nil, err
		}
		if _, err := m.Transact(msg, tx.Transaction, writes); err != nil {
			return nil, fmt.Errorf("run transaction %d again: %w", i, err)
		}
	}
	state := r.before.With(writes.Layer(m))
	return &place{branch: r.branch, number: r.env.Number, env: r.env, state: state}, m.Err()
}
