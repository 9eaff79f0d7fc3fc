// Package pinned is the state of one block of a remote chain, read over JSON-RPC, and what was written above it.
//
// A block is pinned by its hash (EIP-1898) where the remote takes that form; else by its number, and every trip carries the proof
// that the number still means the same block. What was read once is kept. Reads go out in batches, and what a run is expected to
// read is asked of the remote beforehand (eth_createAccessList), so that a cold run makes few trips.
//
// Invariant: an answer is what the remote says of that very block, or it is an error. What is null, cut, of another length or of
// another block is never taken for an empty account. What runs above is a State: it never changes, so any number of runs may read it.
package pinned

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/holiman/uint256"
)

// At names a block: by its hash, else by its number. The zero At is the newest block.
type At struct {
	Number *uint64
	Hash   *common.Hash
}

// ErrNoBlock says that the remote does not have the block that was named.
var ErrNoBlock = errors.New("the remote has no such block")

// Dial pins a block of src, in two trips. It settles how state is asked for, that it is there, and what the rules of the next block
// are. It fails with ErrNotEthereum or ErrUnknownRules where those are others than are known here: the Remote that then comes with the
// error reads the state of the block all the same, and only its Rules mean nothing.
func Dial(ctx context.Context, src Source, at At, opts ...Option) (*Remote, error) {
	r := &Remote{src: src}
	for _, o := range opts {
		o(r)
	}
	if err := r.find(ctx, at); err != nil {
		return nil, err
	}
	r.recall()
	return r, r.probe(ctx)
}

// find reads the header of the block that is named.
func (r *Remote) find(ctx context.Context, at At) error {
	method, args := "eth_getBlockByNumber", []any{"latest", false}
	switch {
	case at.Hash != nil:
		method, args = "eth_getBlockByHash", []any{*at.Hash, false}
	case at.Number != nil:
		args = []any{hexutil.Uint64(*at.Number), false}
	}
	var b batch
	var head uint64
	b.add("eth_chainId", func(raw json.RawMessage) (err error) { r.chainID, err = quantity64(raw); return })
	if at != (At{}) {
		b.add("eth_blockNumber", func(raw json.RawMessage) (err error) { head, err = quantity64(raw); return })
	}
	r.askGenesis(&b)
	b.add(method, func(raw json.RawMessage) (err error) {
		if isNull(raw) && at != (At{}) {
			return at.missing(head)
		}
		if r.header, err = DecodeHeader(raw); err != nil {
			return err
		}
		if at.Hash != nil && r.header.Hash != *at.Hash || at.Hash == nil && at.Number != nil && r.header.Number != *at.Number {
			return errors.New("the remote answers with another block than the one that was asked for")
		}
		return nil
	}, args...)
	return diagnosed(b.run(ctx, r.src))
}

// missing says why a remote whose newest block is head does not have the named one.
func (at At) missing(head uint64) error {
	switch {
	case at.Hash != nil:
		return fmt.Errorf("%w: %s; its newest is %d", ErrNoBlock, *at.Hash, head)
	case *at.Number > head:
		return fmt.Errorf("%w: %d is newer than its newest, %d", ErrNoBlock, *at.Number, head)
	}
	return fmt.Errorf("%w: it keeps no block as old as %d", ErrNoBlock, *at.Number)
}

// gasPriceOracle is at this address on every OP-stack chain.
var gasPriceOracle = common.HexToAddress("0x420000000000000000000000000000000000000F")

// arbSys is the address of a contract that every Arbitrum chain has, and that is not run by the EVM: all that shows of it is one invalid
// instruction. What calls it can't be run here.
var (
	arbSys     = common.HexToAddress("0x0000000000000000000000000000000000000064")
	arbSysCode = []byte{0xfe}
)

// probe settles in one trip how state is asked for, whether it is there, what the rules are, and how long a block takes.
func (r *Remote) probe(ctx context.Context) error {
	var config, clz, byHash, byNumber, again, parent, oracle, sys json.RawMessage
	h := r.header
	number := hexutil.Uint64(h.Number)
	elems := []rpc.BatchElem{
		{Method: "eth_config", Result: &config},
		{Method: "eth_call", Args: []any{map[string]any{"data": clzProbe}, number}, Result: &clz},
		{Method: "eth_getBalance", Args: []any{h.Miner, blockByHash(h.Hash)}, Result: &byHash},
		{Method: "eth_getBalance", Args: []any{h.Miner, number}, Result: &byNumber},
		{Method: "eth_getBlockByNumber", Args: []any{number, false}, Result: &again},
		{Method: "eth_getBlockByHash", Args: []any{h.Parent, false}, Result: &parent},
		{Method: "eth_getCode", Args: []any{gasPriceOracle, number}, Result: &oracle},
		{Method: "eth_getCode", Args: []any{arbSys, number}, Result: &sys},
	}
	if err := r.src.Batch(ctx, elems); err != nil {
		return fmt.Errorf("probe the remote (%s): %w", (&batch{elems: elems}).methods(), err)
	}
	balance, errHash := quantityOf(elems[2].Error, byHash)
	numbered, errNumber := quantityOf(elems[3].Error, byNumber)
	switch r.byHash = errHash == nil; {
	case errHash != nil && errNumber != nil:
		return fmt.Errorf("eth_getBalance: read the state of block %d: %w", h.Number, r.explain(ctx, errNumber)) // which every remote understands
	case errHash != nil:
		if a, err := headerOf(elems[4].Error, again); err != nil || a.Hash != h.Hash {
			return fmt.Errorf("eth_getBlockByNumber: read block %d again: %w", h.Number, errors.Join(err, ErrReorged))
		}
	case errNumber == nil && balance != numbered:
		if a, err := headerOf(elems[4].Error, again); err == nil && a.Hash == h.Hash {
			return fmt.Errorf("eth_getBalance: the remote answers %s by hash and %s by number for one block", balance.Dec(), numbered.Dec())
		}
	}
	code, err := blobOf(elems[6].Error, oracle)
	if err != nil {
		return fmt.Errorf("eth_getCode: read the code of %s: %w", gasPriceOracle, diagnosed(err))
	}
	r.opStack = len(code) > 0
	own, err := blobOf(elems[7].Error, sys)
	if err != nil {
		return fmt.Errorf("eth_getCode: read the code of %s: %w", arbSys, diagnosed(err))
	}
	r.blockTime = 1
	if h.Number > 0 {
		p, err := headerOf(elems[5].Error, parent)
		if err == nil && p.Hash != h.Parent {
			err = errors.New("the remote answers with another block than the one that was asked for")
		}
		if err != nil {
			return fmt.Errorf("eth_getBlockByHash: read the parent of block %d: %w", h.Number, err)
		}
		if h.Time > p.Time {
			r.blockTime = min(h.Time-p.Time, 12)
		}
	}
	if bytes.Equal(own, arbSysCode) {
		return fmt.Errorf("%w: it has Arbitrum's own contracts", ErrNotEthereum)
	}
	return r.settleRules(elems[0].Error, config, elems[1].Error, clz)
}

// ethereum is the chain whose eras before Shanghai are known by their headers.
const ethereum = 1

// settleRules finds the rules of the block after the pinned one.
func (r *Remote) settleRules(configErr error, config json.RawMessage, probeErr error, probe json.RawMessage) (err error) {
	r.rules, err = rulesOf(r.chainID, r.header, r.header.Time+1, configErr, config, probeErr, probe)
	return err
}

// RulesOf are those that a block of the chain ran by, in one trip.
func (r *Remote) RulesOf(ctx context.Context, h *Header) (Rules, error) {
	var config, clz json.RawMessage
	elems := []rpc.BatchElem{
		{Method: "eth_config", Result: &config},
		{Method: "eth_call", Args: []any{map[string]any{"data": clzProbe}, hexutil.Uint64(h.Number)}, Result: &clz},
	}
	if err := r.src.Batch(ctx, elems); err != nil {
		return Rules{}, fmt.Errorf("ask for the rules of block %d: %w", h.Number, err)
	}
	return rulesOf(r.chainID, h, h.Time, elems[0].Error, config, elems[1].Error, clz)
}

// rulesOf takes the remote's own word for the rules at a time, else what the header shows; else it refuses to guess.
func rulesOf(chainID uint64, h *Header, time uint64, configErr error, config json.RawMessage, probeErr error, probe json.RawMessage) (Rules, error) {
	if h.foreign && chainID != ethereum {
		return Rules{}, ErrNotEthereum
	}
	if configErr == nil && !isNull(config) {
		rules, tells, err := decodeConfig(config, chainID, time)
		if rules.Era == Shanghai {
			rules.Era = min(rules.Era, h.era)
		}
		if err != nil || tells {
			return rules, err
		}
	}
	if h.era != Prague {
		return Rules{Era: h.era}, nil
	}
	if probeErr != nil {
		return Rules{}, fmt.Errorf("%w: it serves no eth_config, and refuses the probe: %w", ErrUntoldRules, probeErr)
	}
	era, err := decodeProbe(probe)
	return Rules{Era: era}, err
}

func blobOf(err error, raw json.RawMessage) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	return blob(raw, codeLimit)
}

func quantityOf(err error, raw json.RawMessage) (uint256.Int, error) {
	if err != nil {
		return uint256.Int{}, err
	}
	return quantity(raw)
}

func headerOf(err error, raw json.RawMessage) (*Header, error) {
	if err != nil {
		return nil, err
	}
	return DecodeHeader(raw)
}
