package pinned

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
	"golang.org/x/sync/singleflight"

	"github.com/keymaker-agent/keymaker/chain"
)

// Source is the remote: reads only. *chain.Client is one.
type Source interface {
	Call(ctx context.Context, result any, method string, args ...any) error
	Batch(ctx context.Context, elems []rpc.BatchElem) error
}

// Remote is the state of one block of a Source. What was read once is kept: a block that is named by its hash never changes. It
// is safe for use by many goroutines; equal reads at the same time go out once.
type Remote struct {
	src       Source
	chainID   uint64
	header    *Header
	rules     Rules
	blockTime uint64 // seconds; zero until it is known
	told      func(chainID uint64) Chain
	plain     bool // known to be neither of the OP stack nor of Arbitrum
	opStack   bool
	arbitrum  bool
	byHash    bool        // the remote takes EIP-1898's form; else reads go by number, and each trip proves that the block is still there
	unhinted  atomic.Bool // the remote makes no access lists

	cache   Cache // nil: none
	genesis common.Hash

	flights singleflight.Group
	mu      sync.RWMutex
	known   Known
}

// ChainID is the chain that the remote serves.
func (r *Remote) ChainID() uint64 { return r.chainID }

// Header is the pinned block.
func (r *Remote) Header() *Header { return r.header }

// Rules are those of the block after the pinned one.
func (r *Remote) Rules() Rules { return r.rules }

// BlockTime is the seconds between the pinned block and its parent, but at least one and at most twelve; or what WithChain says.
func (r *Remote) BlockTime() uint64 { return r.blockTime }

// OPStack reports whether the chain is one of the OP stack, which takes a fee for data on its layer 1.
func (r *Remote) OPStack() bool { return r.opStack }

// ByHash reports whether the remote is asked for the pinned block by its hash (EIP-1898), not by its number.
func (r *Remote) ByHash() bool { return r.byHash }

// Source is what is asked.
func (r *Remote) Source() Source { return r.src }

// ErrReorged says that the pinned block was replaced by another one.
var ErrReorged = errors.New("the pinned block is no longer part of the chain: start again at a newer block")

// Block is the pinned block, as a parameter of a read.
func (r *Remote) Block() any {
	if r.byHash {
		return blockByHash(r.header.Hash)
	}
	return hexutil.Uint64(r.header.Number)
}

func blockByHash(h common.Hash) any { return map[string]common.Hash{"blockHash": h} }

func (r *Remote) cachedAccount(a common.Address) (Account, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	acc, ok := r.known.Accounts[a]
	return acc, ok
}

func (r *Remote) cachedSlot(k Slot) (common.Hash, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	v, ok := r.known.Slots[k]
	return v, ok
}

// once runs a read that others may wait for. Who waits ends with its own context, and reads again if the reader's context ended first.
func (r *Remote) once(ctx context.Context, key string, read func() error) error {
	for ctx.Err() == nil {
		flight := r.flights.DoChan(key, func() (any, error) {
			err := read()
			return ctx.Err() != nil, err
		})
		select {
		case <-ctx.Done():
		case landed := <-flight:
			if cut := landed.Val.(bool); landed.Err == nil || !cut {
				return landed.Err
			}
		}
	}
	return context.Cause(ctx)
}

func (r *Remote) account(ctx context.Context, a common.Address) (Account, error) {
	if acc, ok := r.cachedAccount(a); ok {
		return acc, nil
	}
	err := r.once(ctx, string(a[:]), func() error { return r.Fetch(ctx, []common.Address{a}, nil) })
	acc, _ := r.cachedAccount(a)
	return acc, err
}

func (r *Remote) slot(ctx context.Context, k Slot) (common.Hash, error) {
	if v, ok := r.cachedSlot(k); ok {
		return v, nil
	}
	err := r.once(ctx, string(k.Account[:])+string(k.Key[:]), func() error { return r.Fetch(ctx, nil, []Slot{k}) })
	v, _ := r.cachedSlot(k)
	return v, err
}

// Fetch reads all that is not known yet in one batch. Nothing is kept of a batch in which one read failed.
func (r *Remote) Fetch(ctx context.Context, accounts []common.Address, slots []Slot) error {
	accounts, slots = r.missing(accounts, slots)
	if len(accounts)+len(slots) == 0 {
		return nil
	}
	var b batch
	got := Known{Accounts: make(map[common.Address]Account, len(accounts)), Slots: make(map[Slot]common.Hash, len(slots))}
	for _, a := range accounts {
		var acc Account
		b.add("eth_getBalance", func(raw json.RawMessage) (err error) { acc.Balance, err = quantity(raw); return }, a, r.Block())
		b.add("eth_getTransactionCount", func(raw json.RawMessage) (err error) { acc.Nonce, err = quantity64(raw); return }, a, r.Block())
		b.add("eth_getCode", func(raw json.RawMessage) error {
			code, err := blob(raw, codeLimit)
			acc.SetCode(code)
			got.Accounts[a] = acc
			return err
		}, a, r.Block())
		r.prove(&b)
	}
	for i, k := range slots {
		b.add("eth_getStorageAt", func(raw json.RawMessage) (err error) { got.Slots[k], err = word(raw); return }, k.Account, k.Key, r.Block())
		if (i+1)%5 == 0 {
			r.prove(&b)
		}
	}
	r.prove(&b)
	if err := b.run(ctx, r.src); err != nil {
		return r.explain(ctx, err)
	}
	r.learn(got)
	return nil
}

// missing drops what is known, and what is asked for twice.
func (r *Remote) missing(accounts []common.Address, slots []Slot) (a []common.Address, s []Slot) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	seen := make(map[common.Address]bool, len(accounts))
	for _, x := range accounts {
		if _, known := r.known.Accounts[x]; !known && !seen[x] {
			seen[x] = true
			a = append(a, x)
		}
	}
	seenSlots := make(map[Slot]bool, len(slots))
	for _, k := range slots {
		if _, known := r.known.Slots[k]; !known && !seenSlots[k] {
			seenSlots[k] = true
			s = append(s, k)
		}
	}
	return a, s
}

// prove adds to a batch of reads by number the proof that the number still means the pinned block. It comes after
// every five reads, so that each part of six has one where a Source sends parts, and last, as it has to be answered after all else.
func (r *Remote) prove(b *batch) {
	if n := len(b.elems); !r.byHash && b.elems[n-1].Method != pinMethod {
		r.addPin(b)
	}
}

const pinMethod = "eth_getBlockByNumber"

func (r *Remote) addPin(b *batch) {
	b.add(pinMethod, func(raw json.RawMessage) error {
		h, err := DecodeHeader(raw)
		if err == nil && h.Hash != r.header.Hash {
			err = ErrReorged
		}
		return err
	}, hexutil.Uint64(r.header.Number), false)
}

// blockHash is the hash of an older block. It is asked for by number, together with the proof that the pin is on that chain.
func (r *Remote) blockHash(ctx context.Context, number uint64) (common.Hash, error) {
	r.mu.RLock()
	hash, ok := r.known.Hashes[number]
	r.mu.RUnlock()
	if ok {
		return hash, nil
	}
	var b batch
	b.add("eth_getBlockByNumber", func(raw json.RawMessage) error {
		n, h, err := decodeName(raw)
		if err != nil {
			return err
		}
		if n != number {
			return fmt.Errorf("asked for block %d, got %d", number, n)
		}
		hash = h
		return nil
	}, hexutil.Uint64(number), false)
	r.addPin(&b)
	if err := b.run(ctx, r.src); err != nil {
		return common.Hash{}, r.explain(ctx, err)
	}
	r.learn(Known{Hashes: map[uint64]common.Hash{number: hash}})
	return hash, nil
}

// Bounds of a hint, so that neither a remote nor a contract can make us wait or read without end.
const (
	mostHintedAccounts = 256
	mostHintedSlots    = 2048
	hintGas            = 10_000_000
	hintPatience       = 3 * time.Second
)

// hint asks the remote what the calls will read, and reads that in one batch. It is a hint only: a remote that refuses, fails or
// lies costs time, and what it misses is read when it is needed.
func (r *Remote) hint(ctx context.Context, calls []chain.Call, also []common.Address) error {
	accounts, slots := slices.Clone(also), []Slot(nil)
	elems := make([]rpc.BatchElem, len(calls))
	answers := make([]json.RawMessage, len(calls))
	for i, c := range calls {
		accounts = append(accounts, c.From)
		if c.To != nil {
			accounts = append(accounts, *c.To)
		}
		args := map[string]any{"from": c.From, "to": c.To, "value": (*hexutil.Big)(c.Value.ToBig()), "data": hexutil.Bytes(c.Data), "gas": hexutil.Uint64(hintGas)}
		elems[i] = rpc.BatchElem{Method: "eth_createAccessList", Args: []any{args, r.Block()}, Result: &answers[i]}
	}
	short, cancel := context.WithTimeout(ctx, hintPatience)
	defer cancel()
	if len(calls) > 0 && !r.unhinted.Load() && r.src.Batch(short, elems) == nil {
		for i := range elems {
			a, s := decodeAccessList(elems[i].Error, answers[i])
			accounts, slots = append(accounts, a...), append(slots, s...)
			r.unhinted.CompareAndSwap(false, notServed(elems[i].Error))
		}
	}
	return r.Fetch(ctx, accounts[:min(len(accounts), mostHintedAccounts)], slots[:min(len(slots), mostHintedSlots)])
}

func decodeAccessList(err error, raw json.RawMessage) (accounts []common.Address, slots []Slot) {
	var answer struct {
		AccessList []struct {
			Address     common.Address `json:"address"`
			StorageKeys []common.Hash  `json:"storageKeys"`
		} `json:"accessList"`
	}
	if err != nil || json.Unmarshal(raw, &answer) != nil {
		return nil, nil
	}
	for _, e := range answer.AccessList {
		accounts = append(accounts, e.Address)
		for _, k := range e.StorageKeys {
			slots = append(slots, Slot{e.Address, k})
		}
	}
	return accounts, slots
}

// notServed reports whether the remote has no such method.
func notServed(err error) bool {
	var coded rpc.Error
	return errors.As(err, &coded) && coded.ErrorCode() == -32601
}

// batch is a list of reads, each with what decodes its answer.
type batch struct {
	elems  []rpc.BatchElem
	decode []func(json.RawMessage, error) error
}

// add asks for what must be answered well.
func (b *batch) add(method string, decode func(json.RawMessage) error, args ...any) {
	b.ask(method, func(raw json.RawMessage, err error) error {
		if err != nil {
			return err
		}
		return decode(raw)
	}, args...)
}

// try asks for what may be missed.
func (b *batch) try(method string, decode func(json.RawMessage, error), args ...any) {
	b.ask(method, func(raw json.RawMessage, err error) error { decode(raw, err); return nil }, args...)
}

func (b *batch) ask(method string, decode func(json.RawMessage, error) error, args ...any) {
	b.elems = append(b.elems, rpc.BatchElem{Method: method, Args: args, Result: new(json.RawMessage)})
	b.decode = append(b.decode, decode)
}

// run sends the batch and decodes the answers. The first bad one is the error.
func (b *batch) run(ctx context.Context, src Source) error {
	if err := src.Batch(ctx, b.elems); err != nil {
		return fmt.Errorf("read %d values (%s): %w", len(b.elems), b.methods(), err)
	}
	for i := range b.elems {
		e := &b.elems[i]
		if err := b.decode[i](*e.Result.(*json.RawMessage), e.Error); err != nil {
			return fmt.Errorf("%s %v: %w", e.Method, e.Args, err)
		}
	}
	return nil
}

// methods names what is asked for, each once.
func (b *batch) methods() string {
	var names []string
	for i := range b.elems {
		if m := b.elems[i].Method; !slices.Contains(names, m) {
			names = append(names, m)
		}
	}
	return strings.Join(names, ", ")
}

// Batch makes reads that all have to be answered. The first error says which was not, and what is wrong with the remote, if that shows.
func Batch(ctx context.Context, src Source, elems []rpc.BatchElem) error {
	if err := src.Batch(ctx, elems); err != nil {
		return fmt.Errorf("read %d values: %w", len(elems), err)
	}
	for i := range elems {
		if e := &elems[i]; e.Error != nil {
			return fmt.Errorf("%s %v: %w", e.Method, e.Args, diagnosed(e.Error))
		}
	}
	return nil
}
