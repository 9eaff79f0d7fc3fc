package fork

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
	"github.com/keymaker-agent/keymaker/chain/signatures"
	"github.com/keymaker-agent/keymaker/refusal"
)

// Fork is the state of one pinned block, with what was kept on it. It is safe for use by many goroutines.
type Fork struct {
	pin       Pin
	remote    *pinned.Remote
	rules     pinned.Rules
	blockTime uint64
	constant  bool // the chain has no randomness
	book      *signatures.Book
	engine    engine

	applying  sync.Mutex // held while a new head is made
	mu        sync.RWMutex
	head      *head
	snapshots []*head
}

// engine runs what a Fork is asked for: the Fork itself, or the remote where the chain's EVM is not Ethereum's.
type engine interface {
	run(ctx context.Context, h *head, txs []Tx, before *pass) (pass, error)
	after(h *head, p pass) *head
	elsewhere(h *head)
	view(ctx context.Context, h *head, call chain.Call) ([]byte, error)
	account(ctx context.Context, h *head, a common.Address) (pinned.Account, error)
}

// head is the end of the fork: the state with what was kept, and the block that comes next. It is never changed once it is made.
type head struct {
	state *pinned.State
	block evm.Block
	far   *far // what the remote has to be told; nil where it runs nothing

	once         sync.Once
	later, apart *head // where the other passes run
}

// settings are what Options change.
type settings struct {
	now       func() time.Time
	blockTime uint64
	at        pinned.At
	book      *signatures.Book
	cache     pinned.Cache
}

// Option changes how a Fork sees time, or which block it stands on.
type Option func(*settings)

// WithClock sets the clock that is asked once, by New: the next block is never older than it says.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.now = now } }

// WithBlockTime sets the seconds between blocks. Without it they are those between the pinned block and its parent, but at
// least one and at most twelve.
func WithBlockTime(seconds uint64) Option { return func(s *settings) { s.blockTime = seconds } }

// WithBlock pins a block other than the newest. The block above it then follows at the chain's own pace, whatever the clock says.
func WithBlock(at pinned.At) Option { return func(s *settings) { s.at = at } }

// WithSignatures sets the names that logs, errors and calls are given. Without it they are signatures.Known.
func WithSignatures(b *signatures.Book) Option { return func(s *settings) { s.book = b } }

// WithCache keeps what is read of the pinned block between runs.
func WithCache(c pinned.Cache) Option { return func(s *settings) { s.cache = c } }

// New pins a block of src, the newest unless WithBlock says otherwise. It fails with refusal.RPCDown where the state can't be read,
// and with refusal.NoSimulation on a chain
// that can be run neither here nor, by eth_simulateV1, there.
func New(ctx context.Context, src Source, opts ...Option) (*Fork, error) {
	s := settings{now: time.Now, book: signatures.Known()}
	for _, o := range opts {
		o(&s)
	}
	remote, err := pinned.Dial(ctx, src, s.at, pinned.WithCache(s.cache), pinned.WithChain(func(uint64) pinned.Chain { return pinned.Chain{BlockTime: s.blockTime} }))
	if foreign := errors.Is(err, pinned.ErrNotEthereum) || errors.Is(err, pinned.ErrUnknownRules) && !errors.Is(err, pinned.ErrUntoldRules); foreign && remote != nil {
		return abroadOn(ctx, remote, s, err)
	}
	if err != nil {
		return nil, Unpinned(err)
	}
	return on(remote, s), nil
}

func on(remote *pinned.Remote, s settings) *Fork {
	h := remote.Header()
	f := &Fork{
		pin:       Pin{ChainID: remote.ChainID(), Number: h.Number, Hash: h.Hash, Time: h.Time, BaseFee: h.BaseFee},
		remote:    remote,
		rules:     remote.Rules(),
		blockTime: s.blockTime,
		book:      s.book,
	}
	if f.blockTime == 0 {
		f.blockTime = remote.BlockTime()
	}
	b := evm.Block{
		Number: h.Number + 1, Time: h.Time + f.blockTime, GasLimit: h.GasLimit, Coinbase: h.Miner,
		BaseFee: pinned.BaseFeeAfter(h.BaseFee, h.GasUsed, h.GasLimit), BlobFee: f.rules.BlobFee(f.rules.ExcessAfter(h)),
		MaxBlobs: f.rules.MaxBlobs(), Difficulty: h.Difficulty, Rules: evm.RulesOf(f.pin.ChainID, f.rules.Era), Random: f.derive("prevrandao", h.Number+1),
	}
	if s.at == (pinned.At{}) {
		b.Time = max(b.Time, uint64(max(s.now().Unix(), 0)))
	}
	f.constant = pinned.Constant(h.Random)
	if f.constant {
		b.Random = h.Random
	}
	f.head, f.engine = &head{state: f.begun(remote.State(), b), block: b}, f
	return f
}

// begun is the state with what the chain writes before a block's first transaction.
func (f *Fork) begun(s *pinned.State, b evm.Block) *pinned.State {
	l := pinned.NewLayer()
	f.begin(l, b)
	if len(l.Slots) == 0 {
		return s
	}
	return s.With(l)
}

// begin writes the hash of the parent (EIP-2935), and the beacon chain's root for the block's time (EIP-4788).
func (f *Fork) begin(l *pinned.Layer, b evm.Block) {
	if f.rules.Era >= pinned.Prague {
		l.Slots[pinned.HistorySlot(b.Number-1)] = f.hashOf(b.Number - 1)
	}
	root := f.remote.Header().BeaconRoot
	if f.rules.Era < pinned.Cancun || root == nil {
		return
	}
	next := *root
	if !pinned.Constant(next) {
		next = f.derive("beacon root", b.Number)
	}
	stamp, place := pinned.BeaconSlots(b.Time)
	l.Slots[stamp], l.Slots[place] = common.BigToHash(new(big.Int).SetUint64(b.Time)), next
}

// secret goes into all that is derived: who knows the pin must not be able to tell what a simulation will make of it.
var secret = sync.OnceValue(func() (b [32]byte) {
	_, _ = rand.Read(b[:]) // never fails
	return b
})

// derive makes a value that looks random, and is the same for every run on this pin in this process.
func (f *Fork) derive(what string, number uint64) common.Hash {
	salt := secret()
	return crypto.Keccak256Hash(salt[:], f.pin.Hash[:], []byte(what), binary.BigEndian.AppendUint64(nil, number))
}

// hashOf is the hash of the pinned block or of one above it.
func (f *Fork) hashOf(number uint64) common.Hash {
	if number == f.pin.Number {
		return f.pin.Hash
	}
	return f.derive("block", number)
}

// current is the head as it is now.
func (f *Fork) current() *head {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.head
}

// untouched reports whether nothing was kept.
func (f *Fork) untouched(h *head) bool { return h.state.Number() == f.pin.Number }

// Pin is the block that the fork stands on.
func (f *Fork) Pin() Pin { return f.pin }

// Time is the time of the block that comes next, in unix seconds.
func (f *Fork) Time() uint64 { return f.current().block.Time }

// Simulate runs the transactions one after the other in the next block, and keeps nothing. A transaction that reverts is a
// result, not an error; those after it are still run. An error means that nothing is known: refusal.Balance where the sender
// can't pay for gas and value, else refusal.NoSimulation.
//
// They are run three times: in the next block, whose effects these are, in one half a minute later, and there under another miner.
// What they did otherwise is in Findings.
func (f *Fork) Simulate(ctx context.Context, txs []Tx) (*Effects, error) {
	p, err := f.passes(ctx, f.current(), txs)
	return f.named(p.effects), err
}

// SimulateOnce is Simulate in the next block alone. It finds nothing, so it is for what is only looked at on the way.
func (f *Fork) SimulateOnce(ctx context.Context, txs []Tx) (*Effects, error) {
	p, err := f.engine.run(ctx, f.current(), txs, nil)
	return f.named(p.effects), err
}

// Apply is Simulate that keeps the new state, if every transaction succeeded; else it keeps nothing. What is kept is a block:
// the next one has the next number, time and base fee.
func (f *Fork) Apply(ctx context.Context, txs []Tx) (*Effects, error) {
	f.applying.Lock()
	defer f.applying.Unlock()
	h := f.current()
	p, err := f.passes(ctx, h, txs)
	if err != nil || !p.effects.OK() {
		return f.named(p.effects), err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.head = f.engine.after(h, p)
	return f.named(p.effects), nil
}

// after is the head above a block of what a pass ran.
func (f *Fork) after(h *head, p pass) *head {
	next := f.nextBlock(h, p)
	return &head{state: f.begun(h.state.With(p.layer), next).Sealed(f.hashOf(h.block.Number)), block: next}
}

// nextBlock is the block that follows one of what a pass ran.
func (f *Fork) nextBlock(h *head, p pass) evm.Block {
	var used uint64
	for i := range p.results {
		used += p.results[i].GasUsed
	}
	next := h.block
	next.Number++
	next.Time += f.blockTime
	next.BaseFee = pinned.BaseFeeAfter(h.block.BaseFee, min(used, h.block.GasLimit), h.block.GasLimit)
	if !f.constant {
		next.Random = f.derive("prevrandao", next.Number)
	}
	return next
}

// Balance is the account's native balance in wei.
func (f *Fork) Balance(ctx context.Context, a common.Address) (uint256.Int, error) {
	acc, err := f.engine.account(ctx, f.current(), a)
	return acc.Balance, err
}

// Nonce is the account's next nonce on this state.
func (f *Fork) Nonce(ctx context.Context, a common.Address) (uint64, error) {
	acc, err := f.engine.account(ctx, f.current(), a)
	return acc.Nonce, err
}

// Code is the code at an address.
func (f *Fork) Code(ctx context.Context, a common.Address) ([]byte, error) {
	acc, err := f.engine.account(ctx, f.current(), a)
	return bytes.Clone(acc.Code), err
}

func (f *Fork) account(ctx context.Context, h *head, a common.Address) (pinned.Account, error) {
	acc, err := h.state.View().Account(ctx, a)
	if err != nil {
		return pinned.Account{}, unknown("read account "+a.Hex(), err)
	}
	return acc, nil
}

// Snapshot remembers the overlay; Revert goes back to it.
func (f *Fork) Snapshot() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.snapshots = append(f.snapshots, f.head)
	return len(f.snapshots) - 1
}

// Revert drops everything that was kept after the snapshot was taken, and the snapshots taken since. The snapshot itself stays.
func (f *Fork) Revert(snapshot int) error {
	f.applying.Lock()
	defer f.applying.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	if snapshot < 0 || snapshot >= len(f.snapshots) {
		return fmt.Errorf("no snapshot %d", snapshot)
	}
	f.head = f.snapshots[snapshot]
	f.snapshots = f.snapshots[:snapshot+1]
	return nil
}

// Unpinned is the refusal for a block that could not be pinned.
func Unpinned(err error) error {
	if r := diagnosed(err); r != nil {
		return r
	}
	if e, ok := refusal.As(err); ok {
		return refusal.New(refusal.RPCDown, "no block to stand on: %s", e.Detail).WithHint("%s", e.Hint).Because(err)
	}
	return refusal.New(refusal.RPCDown, "no block to stand on").Because(err)
}

// unknown is the refusal for what could not be run.
func unknown(what string, err error) error {
	if r := diagnosed(err); r != nil {
		return r
	}
	if e, ok := refusal.As(err); ok && e.Reason != refusal.RPCDown {
		return err
	}
	return refusal.New(refusal.NoSimulation, "%s", what).Because(err)
}

// diagnosed is the refusal for what is known to be wrong with a remote, or nil.
func diagnosed(err error) error {
	refused := func(what, hint string) error {
		return refusal.New(refusal.NoSimulation, "%s", what).WithHint("%s", hint).Because(err)
	}
	switch {
	case errors.Is(err, pinned.ErrUnknownRules), errors.Is(err, pinned.ErrNotEthereum):
		return refusal.New(refusal.NoSimulation, "this chain can't be run here").Because(err)
	case errors.Is(err, pinned.ErrNoBlock):
		return refused("there is no such block", "name one that the rpc endpoint has, or none for the newest")
	case errors.Is(err, pinned.ErrPruned):
		return refused("the rpc endpoint keeps no state of that block", "use a newer block, or the endpoint of an archive node")
	case errors.Is(err, pinned.ErrNoMethod):
		return refused("the rpc endpoint does not serve all that a dry run reads", "use another endpoint of this network")
	case errors.Is(err, pinned.ErrOtherChain):
		return refusal.New(refusal.WrongChain, "the rpc endpoint serves another chain than it did").Because(err)
	case errors.Is(err, pinned.ErrReorged):
		return refused("the block is no longer part of the chain", "start again: there is a newer block in its place")
	}
	return nil
}
