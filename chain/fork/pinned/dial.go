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
	"cmp"
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

// Dial pins a block of src, in two trips, or three where the remote serves no eth_config or takes no hashes. It settles how state is
// asked for, that it is there, and what the rules of the next block are. It fails with ErrNotEthereum or ErrUnknownRules where those
// are others than are known here: the Remote that then comes with the error reads the state of the block all the same, and only its
// Rules mean nothing.
func Dial(ctx context.Context, src Source, at At, opts ...Option) (*Remote, error) {
	r := &Remote{src: src}
	for _, o := range opts {
		o(r)
	}
	if err := r.find(ctx, at); err != nil {
		return nil, err
	}
	r.recall()
	r.plain = ethereums[r.chainID]
	if r.told != nil {
		known := r.told(r.chainID)
		r.blockTime, r.plain = known.BlockTime, r.plain || known.Ethereum
	}
	return r, r.probe(ctx, at != (At{}))
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
	b.add("eth_chainId", func(raw json.RawMessage) (err error) { r.chainID, err = quantity64(raw); return })
	r.askGenesis(&b)
	b.add(method, func(raw json.RawMessage) (err error) {
		if isNull(raw) && at != (At{}) {
			return ErrNoBlock
		}
		if r.header, err = DecodeHeader(raw); err != nil {
			return err
		}
		if at.Hash != nil && r.header.Hash != *at.Hash || at.Hash == nil && at.Number != nil && r.header.Number != *at.Number {
			return errors.New("the remote answers with another block than the one that was asked for")
		}
		return nil
	}, args...)
	if err := b.run(ctx, r.src); !errors.Is(err, ErrNoBlock) {
		return diagnosed(err)
	}
	return at.missing(ctx, r.src)
}

// missing says why a remote does not have the named block.
func (at At) missing(ctx context.Context, src Source) error {
	var b batch
	var head uint64
	b.add("eth_blockNumber", func(raw json.RawMessage) (err error) { head, err = quantity64(raw); return })
	err := b.run(ctx, src)
	switch {
	case err != nil:
		return fmt.Errorf("%w; which is its newest can't be told: %w", ErrNoBlock, err)
	case at.Hash != nil:
		return fmt.Errorf("%w: %s; its newest is %d", ErrNoBlock, *at.Hash, head)
	case *at.Number > head:
		return fmt.Errorf("%w: %d is newer than its newest, %d", ErrNoBlock, *at.Number, head)
	}
	return fmt.Errorf("%w: it keeps no block as old as %d", ErrNoBlock, *at.Number)
}

// GasPriceOracle tells the fees of layer 1. It is at this address on every OP-stack chain.
var GasPriceOracle = common.HexToAddress("0x420000000000000000000000000000000000000F")

// arbSys is the address of a contract that every Arbitrum chain has, and that is not run by the EVM: all that shows of it is one invalid
// instruction. What calls it can't be run here.
var (
	arbSys     = common.HexToAddress("0x0000000000000000000000000000000000000064")
	arbSysCode = []byte{0xfe}
)

// answer is what came back for one element of a batch.
type answer struct {
	raw json.RawMessage
	err error
}

func (b *batch) note(into *answer, method string, args ...any) {
	b.try(method, func(raw json.RawMessage, err error) { *into = answer{raw, err} }, args...)
}

// probed is what the remote says of itself.
type probed struct {
	config, clz                answer
	balance, nonce, code       answer // of the miner, by the block's hash
	numbered, again            answer // its balance by the block's number, and the block of that number
	parent, oracle, arbitrator answer
}

// probe settles how state is asked for, whether it is there, what the rules are, and how long a block takes. The miner's account is what
// state is tried with, as every run reads it. Of an older block it is asked for by number too, in the same trip: a remote that takes a
// hash and answers from its newest block shows there.
func (r *Remote) probe(ctx context.Context, older bool) error {
	var p probed
	var b batch
	h := r.header
	number := hexutil.Uint64(h.Number)
	b.note(&p.config, "eth_config")
	b.note(&p.balance, "eth_getBalance", h.Miner, blockByHash(h.Hash))
	b.note(&p.nonce, "eth_getTransactionCount", h.Miner, blockByHash(h.Hash))
	b.note(&p.code, "eth_getCode", h.Miner, blockByHash(h.Hash))
	if !r.plain {
		b.note(&p.oracle, "eth_getCode", GasPriceOracle, number)
		b.note(&p.arbitrator, "eth_getCode", arbSys, number)
	}
	if h.Number > 0 && r.blockTime == 0 {
		b.note(&p.parent, "eth_getBlockByHash", h.Parent, false)
	}
	if older {
		b.note(&p.numbered, "eth_getBalance", h.Miner, number)
	}
	if err := b.run(ctx, r.src); err != nil {
		return fmt.Errorf("probe the remote: %w", err)
	}
	if err := r.probeAgain(ctx, &p, older); err != nil {
		return err
	}
	for _, step := range []func(context.Context, *probed) error{r.settleForm, r.settleKind, r.settlePace} {
		if err := step(ctx, &p); err != nil {
			return err
		}
	}
	return r.settleRules(p.config.err, p.config.raw, p.clz.err, p.clz.raw)
}

// probeAgain asks, in another trip, for what only some remotes make necessary. Whether the number still means the block comes last, as
// it has to be answered after what was read by number.
func (r *Remote) probeAgain(ctx context.Context, p *probed, older bool) error {
	var b batch
	number := hexutil.Uint64(r.header.Number)
	_, err := p.account()
	if err != nil && !older {
		b.note(&p.numbered, "eth_getBalance", r.header.Miner, number)
	}
	if r.header.era == Prague && !p.tells(r.chainID, r.header.Time+1) {
		b.note(&p.clz, "eth_call", map[string]any{"data": clzProbe}, number)
	}
	if err != nil || p.disagree() {
		b.note(&p.again, "eth_getBlockByNumber", number, false)
	}
	if len(b.elems) == 0 {
		return nil
	}
	if err := b.run(ctx, r.src); err != nil {
		return fmt.Errorf("probe the remote: %w", err)
	}
	return nil
}

// disagree reports whether the miner's balance is one by hash and another by number.
func (p *probed) disagree() bool {
	byHash, errHash := quantityOf(p.balance)
	numbered, errNumber := quantityOf(p.numbered)
	return errHash == nil && errNumber == nil && byHash != numbered
}

// tells reports whether the remote's own configuration settles the rules at a time, one way or the other.
func (p *probed) tells(chainID, time uint64) bool {
	if p.config.err != nil || isNull(p.config.raw) {
		return false
	}
	_, tells, err := decodeConfig(p.config.raw, chainID, time)
	return tells || err != nil
}

// account is the miner's, as read by the block's hash.
func (p *probed) account() (acc Account, err error) {
	var errs [3]error
	acc.Balance, errs[0] = quantityOf(p.balance)
	if errs[1] = p.nonce.err; errs[1] == nil {
		acc.Nonce, errs[1] = quantity64(p.nonce.raw)
	}
	code, err := blobOf(p.code)
	acc.SetCode(code)
	return acc, cmp.Or(errs[0], errs[1], err)
}

// settleForm finds out whether the remote takes hashes, and whether it has the state.
func (r *Remote) settleForm(ctx context.Context, p *probed) error {
	h := r.header
	acc, errHash := p.account()
	r.byHash = errHash == nil
	again, errAgain := headerOf(p.again)
	same := errAgain == nil && again.Hash == h.Hash
	switch _, errNumber := quantityOf(p.numbered); {
	case !r.byHash && errNumber != nil:
		return fmt.Errorf("eth_getBalance: read the state of block %d: %w", h.Number, r.explain(ctx, errNumber)) // which every remote understands
	case !r.byHash && !same:
		return fmt.Errorf("eth_getBlockByNumber: read block %d again: %w", h.Number, errors.Join(errAgain, ErrReorged))
	case r.byHash && same && p.disagree():
		return fmt.Errorf("eth_getBalance: the remote answers %s by hash and %s by number for one block", clip(p.balance.raw), clip(p.numbered.raw))
	case r.byHash:
		r.known.Accounts[h.Miner] = acc
	}
	return nil
}

// settleKind finds out what kind of chain it is.
func (r *Remote) settleKind(_ context.Context, p *probed) error {
	if r.plain {
		return nil
	}
	code, err := blobOf(p.oracle)
	if err != nil {
		return fmt.Errorf("eth_getCode: read the code of %s: %w", GasPriceOracle, diagnosed(err))
	}
	r.opStack = len(code) > 0
	own, err := blobOf(p.arbitrator)
	if err != nil {
		return fmt.Errorf("eth_getCode: read the code of %s: %w", arbSys, diagnosed(err))
	}
	r.arbitrum = bytes.Equal(own, arbSysCode)
	return nil
}

// settlePace finds out how long a block takes, unless that was said.
func (r *Remote) settlePace(_ context.Context, p *probed) error {
	h := r.header
	if r.blockTime > 0 {
		return nil
	}
	r.blockTime = 1
	if h.Number == 0 {
		return nil
	}
	parent, err := headerOf(p.parent)
	if err == nil && parent.Hash != h.Parent {
		err = errors.New("the remote answers with another block than the one that was asked for")
	}
	if err != nil {
		return fmt.Errorf("eth_getBlockByHash: read the parent of block %d: %w", h.Number, err)
	}
	if h.Time > parent.Time {
		r.blockTime = min(h.Time-parent.Time, 12)
	}
	return nil
}

// ethereum is the chain whose eras before Shanghai are known by their headers.
const ethereum = 1

// settleRules finds the rules of the block after the pinned one.
func (r *Remote) settleRules(configErr error, config json.RawMessage, probeErr error, probe json.RawMessage) (err error) {
	if r.arbitrum {
		return fmt.Errorf("%w: it has Arbitrum's own contracts", ErrNotEthereum)
	}
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
		if err == nil && tells && rules.Era < h.era {
			err = fmt.Errorf("eth_config: %w: it says %s, and the header is one of %s", ErrUnknownRules, rules.Era, h.era)
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

func blobOf(a answer) ([]byte, error) {
	if a.err != nil {
		return nil, a.err
	}
	return blob(a.raw, codeLimit)
}

func quantityOf(a answer) (uint256.Int, error) {
	if a.err != nil {
		return uint256.Int{}, a.err
	}
	return quantity(a.raw)
}

func headerOf(a answer) (*Header, error) {
	if a.err != nil {
		return nil, a.err
	}
	return DecodeHeader(a.raw)
}
