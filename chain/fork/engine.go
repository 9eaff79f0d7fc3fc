package fork

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/refusal"
)

// Fork is the state of one pinned block, with an overlay of what was kept on it. It is safe for use by many goroutines.
type Fork struct {
	pin       Pin
	remote    *remote
	env       env // of the first block above the pin
	era       era
	layer2    bool // the chain also takes a fee for data on its layer 1, which its own contract tells
	blockTime uint64

	applying  sync.Mutex // held while a new head is made
	mu        sync.RWMutex
	head      *head
	snapshots []*head
}

// head is the end of the fork: what was kept, and the block that comes next. It is never changed once it is made.
type head struct {
	over    *overlay
	number  uint64
	time    uint64
	baseFee uint256.Int
	hashes  []common.Hash // of the blocks kept above the pin
}

// settings are what Options change.
type settings struct {
	now       func() time.Time
	blockTime uint64
}

// Option changes how a Fork sees time.
type Option func(*settings)

// WithClock sets the clock that is asked once, by New: the next block is never older than it says.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.now = now } }

// WithBlockTime sets the seconds between blocks. Without it they are those between the pinned block and its parent, but at
// least one and at most twelve.
func WithBlockTime(seconds uint64) Option { return func(s *settings) { s.blockTime = seconds } }

// New pins the newest block of src. It fails with refusal.RPCDown where the state can't be read, and with
// refusal.NoSimulation on a chain whose rules are not known.
func New(ctx context.Context, src Source, opts ...Option) (*Fork, error) {
	s := settings{now: time.Now}
	for _, o := range opts {
		o(&s)
	}
	d, err := dial(ctx, src)
	if errors.Is(err, errUnknownRules) || errors.Is(err, errNotEthereum) {
		return nil, refusal.New(refusal.NoSimulation, "this chain can't be run here").Because(err)
	}
	if err != nil {
		return nil, refusal.New(refusal.RPCDown, "no block to stand on").Because(err)
	}
	return d.fork(s), nil
}

// dialled is what New learns of a remote, in two trips.
type dialled struct {
	src     Source
	chainID uint64
	header  *header
	parent  uint64 // time of the parent, zero for the first block
	rules   rules
	byHash  bool
	layer2  bool // an OP-stack chain
}

func dial(ctx context.Context, src Source) (*dialled, error) {
	d := &dialled{src: src}
	var b batch
	b.add("eth_chainId", func(raw json.RawMessage) (err error) { d.chainID, err = quantity64(raw); return })
	b.add("eth_getBlockByNumber", func(raw json.RawMessage) (err error) { d.header, err = decodeHeader(raw); return }, "latest", false)
	if err := b.run(ctx, src); err != nil {
		return nil, err
	}
	return d, d.probe(ctx)
}

// probe settles in one trip how state is asked for, whether it is there, what the rules are, and how long a block takes.
func (d *dialled) probe(ctx context.Context) error {
	var config, clz, byHash, byNumber, again, parent, oracle json.RawMessage
	number := hexutil.Uint64(d.header.number)
	elems := []rpc.BatchElem{
		{Method: "eth_config", Result: &config},
		{Method: "eth_call", Args: []any{map[string]any{"data": clzProbe}, number}, Result: &clz},
		{Method: "eth_getBalance", Args: []any{d.header.miner, blockByHash(d.header.hash)}, Result: &byHash},
		{Method: "eth_getBalance", Args: []any{d.header.miner, number}, Result: &byNumber},
		{Method: "eth_getBlockByNumber", Args: []any{number, false}, Result: &again},
		{Method: "eth_getBlockByHash", Args: []any{d.header.parent, false}, Result: &parent},
		{Method: "eth_getCode", Args: []any{gasPriceOracle, number}, Result: &oracle},
	}
	if err := d.src.Batch(ctx, elems); err != nil {
		return fmt.Errorf("probe the remote: %w", err)
	}
	balance, errHash := quantityOf(elems[2].Error, byHash)
	numbered, errNumber := quantityOf(elems[3].Error, byNumber)
	switch d.byHash = errHash == nil; {
	case errHash != nil && errNumber != nil:
		return fmt.Errorf("read the state of block %d: %w", d.header.number, errHash)
	case errHash != nil:
		if h, err := headerOf(elems[4].Error, again); err != nil || h.hash != d.header.hash {
			return fmt.Errorf("read block %d again: %w", d.header.number, errors.Join(err, errReorged))
		}
	case errNumber == nil && balance != numbered:
		if h, err := headerOf(elems[4].Error, again); err == nil && h.hash == d.header.hash {
			return fmt.Errorf("the remote answers %s by hash and %s by number for one block", balance.Dec(), numbered.Dec())
		}
	}
	code, err := blobOf(elems[6].Error, oracle)
	if err != nil {
		return fmt.Errorf("read the code of %s: %w", gasPriceOracle, err)
	}
	d.layer2 = len(code) > 0
	if d.header.number > 0 {
		p, err := headerOf(elems[5].Error, parent)
		if err != nil {
			return fmt.Errorf("read the parent of block %d: %w", d.header.number, err)
		}
		d.parent = p.time
	}
	return d.settleRules(elems[0].Error, config, elems[1].Error, clz)
}

// settleRules takes the remote's own word for its rules, else what its header shows; else it refuses to guess.
func (d *dialled) settleRules(configErr error, config json.RawMessage, probeErr error, probe json.RawMessage) (err error) {
	if configErr == nil && !isNull(config) {
		d.rules, err = decodeConfig(config, d.chainID, d.header.time+1)
		return err
	}
	d.rules.era = d.header.era
	if d.header.era != prague {
		return nil
	}
	if probeErr != nil {
		return fmt.Errorf("%w: it serves no eth_config, and refuses the probe: %w", errUnknownRules, probeErr)
	}
	d.rules.era, err = decodeProbe(probe)
	return err
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

func headerOf(err error, raw json.RawMessage) (*header, error) {
	if err != nil {
		return nil, err
	}
	return decodeHeader(raw)
}

func (d *dialled) fork(s settings) *Fork {
	h := d.header
	if s.blockTime == 0 {
		s.blockTime = 1
		if d.parent > 0 && h.time > d.parent {
			s.blockTime = min(h.time-d.parent, 12)
		}
	}
	next := &head{
		over:   newLayer(),
		number: h.number + 1,
		time:   max(h.time+s.blockTime, uint64(max(s.now().Unix(), 0))),
	}
	next.baseFee = baseFeeAfter(h.baseFee, h.gasUsed, h.gasLimit)
	if d.rules.era >= prague {
		next.over.slots[historySlot(h.number)] = h.hash
	}
	f := &Fork{
		pin:    Pin{ChainID: d.chainID, Number: h.number, Hash: h.hash, Time: h.time, BaseFee: h.baseFee},
		remote: newRemote(d.src, h, d.byHash),
		env: env{
			gasLimit: h.gasLimit, coinbase: h.miner,
			config: configOf(d.chainID, d.rules.era), jumpDests: new(jumpDests),
		},
		era:       d.rules.era,
		layer2:    d.layer2,
		blockTime: s.blockTime,
		head:      next,
	}
	if d.rules.era >= cancun {
		f.env.blobFee = blobFeeAfter(d.rules, h)
	}
	if f.env.coinbase == (common.Address{}) {
		f.env.coinbase = common.Address(f.derive("coinbase", 0).Bytes()[:common.AddressLength])
	}
	return f
}

// derive makes a value that looks random and is the same for every run on this pin.
func (f *Fork) derive(what string, number uint64) common.Hash {
	return crypto.Keccak256Hash([]byte("keymaker fork"), f.pin.Hash[:], []byte(what), binary.BigEndian.AppendUint64(nil, number))
}

// current is the head as it is now.
func (f *Fork) current() *head {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.head
}

// stage is a scene on a head, and the block that runs on it.
func (f *Fork) stage(h *head) (*scene, env) {
	e := f.env
	e.number, e.time, e.baseFee = h.number, h.time, h.baseFee
	e.random = f.derive("prevrandao", h.number)
	return &scene{head: h, remote: f.remote}, e
}

// Pin is the block that the fork stands on.
func (f *Fork) Pin() Pin { return f.pin }

// Time is the time of the block that comes next, in unix seconds.
func (f *Fork) Time() uint64 { return f.current().time }

// Simulate runs the transactions one after the other in the next block, and keeps nothing. A transaction that reverts is a
// result, not an error; those after it are still run. An error means that nothing is known: refusal.Balance where the sender
// can't pay for gas and value, else refusal.NoSimulation.
func (f *Fork) Simulate(ctx context.Context, txs []Tx) (*Effects, error) {
	effects, _, err := f.run(ctx, f.current(), txs)
	return effects, err
}

// Apply is Simulate that keeps the new state, if every transaction succeeded; else it keeps nothing. What is kept is a block:
// the next one has the next number, time and base fee.
func (f *Fork) Apply(ctx context.Context, txs []Tx) (*Effects, error) {
	f.applying.Lock()
	defer f.applying.Unlock()
	h := f.current()
	effects, top, err := f.run(ctx, h, txs)
	if err != nil || !effects.OK() {
		return effects, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.head = f.after(h, top, effects)
	return effects, nil
}

// after is the head above a block of these effects.
func (f *Fork) after(h *head, top *overlay, effects *Effects) *head {
	var used uint64
	for i := range effects.Txs {
		used += effects.Txs[i].GasUsed
	}
	hash := f.derive("block", h.number)
	if f.era >= prague {
		top.slots[historySlot(h.number)] = hash
	}
	return &head{
		over:    h.over.with(top),
		number:  h.number + 1,
		time:    h.time + f.blockTime,
		baseFee: baseFeeAfter(h.baseFee, min(used, f.env.gasLimit), f.env.gasLimit),
		hashes:  append(h.hashes[:len(h.hashes):len(h.hashes)], hash),
	}
}

// Balance is the account's native balance in wei.
func (f *Fork) Balance(ctx context.Context, a common.Address) (uint256.Int, error) {
	acc, err := f.account(ctx, a)
	return acc.balance, err
}

// Nonce is the account's next nonce on this state.
func (f *Fork) Nonce(ctx context.Context, a common.Address) (uint64, error) {
	acc, err := f.account(ctx, a)
	return acc.nonce, err
}

// Code is the code at an address.
func (f *Fork) Code(ctx context.Context, a common.Address) ([]byte, error) {
	acc, err := f.account(ctx, a)
	return bytes.Clone(acc.code), err
}

func (f *Fork) account(ctx context.Context, a common.Address) (account, error) {
	s, _ := f.stage(f.current())
	acc, err := s.account(ctx, a)
	if err != nil {
		return account{}, unknown("read account "+a.Hex(), err)
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

// unknown is the refusal for what could not be run.
func unknown(what string, err error) error {
	if e, ok := refusal.As(err); ok && e.Reason != refusal.RPCDown {
		return err
	}
	return refusal.New(refusal.NoSimulation, "%s", what).Because(err)
}
