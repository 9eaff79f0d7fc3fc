package server

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// branch is the fork at one moment: the pinned block, the blocks above it, and what waits. It is never changed once it is made, so
// a request reads one branch from its beginning to its end, a snapshot is a pointer, and any number of requests run side by side.
type branch struct {
	*trunk
	blocks []*block      // above the pin, oldest first
	line   *line         // that they are the beginning of
	state  *pinned.State // after the newest block, with what was set by hand since
	pool   []*transaction
	next   wishes
}

// trunk is what all branches of a fork stand on.
type trunk struct {
	remote  *pinned.Remote
	pin     *pinned.Header
	rules   *evm.Rules
	chainID uint64
	signer  types.Signer
	root    evm.Block // the pinned block, as a call in it sees it
	secret  common.Hash
	born    int64 // seconds between the host's clock and the fork's at the beginning
}

// line is the longest run of blocks that grew out of one another: who stands at its end appends to it and copies nothing. It is held by
// making.
type line struct{ blocks []*block }

// wishes are what was asked for of the blocks to come.
type wishes struct {
	shift    int64                   // seconds between the host's clock and the fork's
	time     *uint64                 // of the next block only
	interval uint64                  // seconds from block to block; zero: the clock's
	baseFee  *uint256.Int            // of the next block only
	random   *common.Hash            // of the next block only
	coinbase *common.Address         // of all that come
	gasLimit uint64                  // of all that come; zero: the parent's
	manual   bool                    // transactions wait until a block is asked for
	anybody  bool                    // everybody is impersonated
	actors   map[common.Address]bool // who is impersonated; never changed once it is here
}

// block is one above the pin.
type block struct {
	header   *types.Header
	hash     common.Hash
	size     uint64
	env      evm.Block     // what its transactions saw
	before   *pinned.State // what its first transaction ran on, before the system's own calls
	after    *pinned.State
	txs      []*transaction
	receipts []*types.Receipt
}

func (b *block) number() uint64 { return b.env.Number }

// transaction is one that was sent to the fork. A forged one is signed by nobody: its signature names the sender, so that equal
// transactions of two senders have two hashes.
type transaction struct {
	*types.Transaction
	from   common.Address
	forged bool
}

// message is the transaction as the machine runs it. Where nobody signed, the sender may be a contract; that its nonce is the next
// one is held where blocks are made.
func (t *transaction) message() (evm.Message, error) {
	m, err := evm.MessageOf(t.Transaction, t.from)
	m.Unsigned = t.forged
	return m, err
}

// noRoot stands for a state root. There is none: the remote's trie is not here, and without it no root above the pin can be known.
var noRoot common.Hash

// extra marks blocks that no chain has.
var extra = []byte("keymaker fork")

// head is the number of the newest block.
func (b *branch) head() uint64 { return b.pin.Number + uint64(len(b.blocks)) }

// local is the block of a number above the pin, nil if there is none.
func (b *branch) local(number uint64) *block {
	if number <= b.pin.Number || number > b.head() {
		return nil
	}
	return b.blocks[number-b.pin.Number-1]
}

// hashOf is the hash of a block at or above the pin.
func (b *branch) hashOf(number uint64) common.Hash {
	if l := b.local(number); l != nil {
		return l.hash
	}
	return b.pin.Hash
}

// env is what a call in a block at or above the pin sees.
func (b *branch) env(number uint64) evm.Block {
	if l := b.local(number); l != nil {
		return l.env
	}
	return b.root
}

// stateAt is the state after a block at or above the pin; of the newest, with what was set by hand since.
func (b *branch) stateAt(number uint64) *pinned.State {
	switch l := b.local(number); {
	case number == b.head():
		return b.state
	case l != nil:
		return l.after
	}
	return b.remote.State()
}

// world is a state with the hashes of the blocks of its branch. A *pinned.View alone knows those up to the pin.
type world struct {
	*pinned.View
	branch *branch
}

// over is a state of this branch as a machine reads it.
func (b *branch) over(s *pinned.State) *world { return &world{s.View(), b} }

// BlockHash is the hash of a block of the branch.
func (w *world) BlockHash(ctx context.Context, number uint64) (common.Hash, error) {
	switch l := w.branch.local(number); {
	case l != nil:
		return l.hash, nil
	case number > w.branch.pin.Number:
		return common.Hash{}, fmt.Errorf("there is no block %d yet", number)
	}
	return w.View.BlockHash(ctx, number)
}

// grow is what the next block starts from, at a time of the host's clock.
func (b *branch) grow(now int64) evm.Block {
	number := b.head()
	parent := b.env(number)
	used, excess := b.pin.GasUsed, b.remote.Rules().ExcessAfter(b.pin)
	if l := b.local(number); l != nil {
		used, excess = l.header.GasUsed, b.excessAfter(l)
	}
	e := parent
	e.Number, e.Time = number+1, max(parent.Time+1, uint64(max(now+b.next.shift, 0)))
	if b.next.interval > 0 {
		e.Time = parent.Time + b.next.interval
	}
	e.BaseFee = pinned.BaseFeeAfter(parent.BaseFee, min(used, parent.GasLimit), parent.GasLimit)
	e.BlobFee = b.remote.Rules().BlobFee(excess)
	e.Random = b.derive("prevrandao", b.pin.Random, e.Number)
	return b.next.onto(e)
}

// onto puts what was asked for into a block.
func (w wishes) onto(e evm.Block) evm.Block {
	if w.time != nil {
		e.Time = *w.time
	}
	if w.baseFee != nil {
		e.BaseFee = *w.baseFee
	}
	if w.random != nil {
		e.Random = *w.random
	}
	if w.coinbase != nil {
		e.Coinbase = *w.coinbase
	}
	if w.gasLimit > 0 {
		e.GasLimit = w.gasLimit
	}
	return e
}

// excess is the excess blob gas of the block that comes next.
func (b *branch) excess() uint64 {
	if l := b.local(b.head()); l != nil {
		return b.excessAfter(l)
	}
	return b.remote.Rules().ExcessAfter(b.pin)
}

func (b *branch) excessAfter(l *block) uint64 {
	h := &pinned.Header{BaseFee: l.env.BaseFee}
	if l.header.ExcessBlobGas != nil {
		h.ExcessBlobGas, h.BlobGasUsed = *l.header.ExcessBlobGas, *l.header.BlobGasUsed
	}
	return b.remote.Rules().ExcessAfter(h)
}

// derive makes a field of a block that looks random, as the pinned block's does; where that one's is constant it stays. Who knows the
// pin alone can't tell it, and so no contract can tell the fork from its chain by it.
func (t *trunk) derive(what string, have common.Hash, number uint64) common.Hash {
	if pinned.Constant(have) {
		return have
	}
	return crypto.Keccak256Hash(t.secret[:], t.pin.Hash[:], []byte(what), binary.BigEndian.AppendUint64(nil, number))
}

// pinBlock is the pinned block, as a call in it sees it.
func pinBlock(r *pinned.Remote, rules *evm.Rules) evm.Block {
	h := r.Header()
	return evm.Block{
		Number: h.Number, Time: h.Time, GasLimit: h.GasLimit, BaseFee: h.BaseFee, BlobFee: r.Rules().BlobFee(h.ExcessBlobGas),
		Coinbase: h.Miner, Random: h.Random, Difficulty: h.Difficulty, Rules: rules, MaxBlobs: r.Rules().MaxBlobs(),
	}
}

// blobGas is what one blob takes of a block's blob gas (EIP-4844).
const blobGas = 1 << 17

// Why a transaction can't be in the block that is made now. It may be in a later one.
var (
	errBlockFull = errors.New("the block has no room for it")
	errGap       = errors.New("transactions of lower nonces are missing")
)

// seal makes the next block of these transactions, in their order. Those that it can't hold are left out, each with its reason. An
// error means that a read failed: then there is no block.
func (b *branch) seal(ctx context.Context, env evm.Block, txs []*transaction) (*block, map[*transaction]error, error) {
	refused := make(map[*transaction]error)
	for {
		left := maps.Clone(refused)
		made, dirty, err := b.trySeal(ctx, env, txs, left)
		if err != nil {
			return nil, nil, err
		}
		if dirty == nil {
			return made, left, nil
		}
		refused[dirty] = left[dirty]
		txs = slices.DeleteFunc(slices.Clone(txs), func(t *transaction) bool { return t == dirty })
	}
}

// trySeal makes a block. Where the machine refuses a transaction it may have taken the fee before: then the block can't be used, and
// is to be made without that transaction.
func (b *branch) trySeal(ctx context.Context, env evm.Block, txs []*transaction, left map[*transaction]error) (*block, *transaction, error) {
	w := b.over(b.state)
	w.Expect(callsOf(txs), env.Coinbase, beaconRoots, history)
	parent := b.hashOf(b.head())
	beacon := b.beaconRoot(env.Number)
	begun, err := b.begun(ctx, w, env, parent, beacon)
	if err != nil {
		return nil, nil, err
	}
	w.State = b.state.With(begun)
	m := evm.New(ctx, w, env, nil)
	defer m.Close()
	writes := evm.NewWrites()
	if err := m.Begin(parent, beacon, writes); err != nil {
		return nil, nil, err
	}
	made := &block{env: env, before: b.state}
	var used, blobs uint64
	for _, tx := range txs {
		msg, err := tx.message()
		if err == nil {
			err = b.fits(m, &msg, used, blobs)
		}
		if m.Err() != nil {
			return nil, nil, m.Err()
		}
		if err != nil {
			left[tx] = err
			continue
		}
		out, err := m.Transact(msg, tx.Transaction, writes)
		if m.Err() != nil {
			return nil, nil, m.Err()
		}
		if err != nil {
			left[tx] = err
			return nil, tx, nil
		}
		used += out.Used
		blobs += uint64(len(msg.Blobs)) * blobGas
		made.txs = append(made.txs, tx)
		made.receipts = append(made.receipts, receiptOf(tx, &msg, &env, out, used))
	}
	layer := writes.Layer(m)
	for k, v := range begun.Slots {
		if _, written := layer.Slots[k]; !written {
			layer.Slots[k] = v
		}
	}
	made.after = b.state.With(layer) // not above the state that the block began on, which would be kept with it
	b.finish(made, parent, beacon, used, blobs)
	return made, nil, m.Err()
}

// fits tells why the block that is being made can't hold a message now. What changes nothing in the state is found out here, so that
// the machine refuses only what could be in no block at all.
func (b *branch) fits(m *evm.Machine, msg *evm.Message, used, blobs uint64) error {
	switch from := m.Account(msg.From); {
	case msg.Nonce < from.Nonce:
		return fmt.Errorf("%w: next nonce %d, tx nonce %d", evm.ErrNonceLow, from.Nonce, msg.Nonce)
	case msg.Nonce > from.Nonce:
		return errGap
	case msg.Gas > m.GasLimit-min(used, m.GasLimit):
		return errBlockFull
	case blobs+uint64(len(msg.Blobs))*blobGas > uint64(b.remote.Rules().MaxBlobs())*blobGas:
		return errBlockFull
	default:
		return funded(msg, &from.Balance)
	}
}

// The contracts that the system calls at the beginning of a block.
var (
	beaconRoots = common.HexToAddress("0x000F3df6D732807Ef1319fB7B8bB8522d0Beac02") // EIP-4788
	history     = common.HexToAddress("0x0000F90827F1C53a10cb7A02335B175320002935") // EIP-2935
)

// begun are the slots that the system is about to write. Who runs on them asks the remote for no old values.
func (b *branch) begun(ctx context.Context, w *world, env evm.Block, parent common.Hash, beacon *common.Hash) (*pinned.Layer, error) {
	top := pinned.NewLayer()
	if beacon != nil {
		acc, err := w.Account(ctx, beaconRoots)
		if err != nil {
			return nil, err
		}
		if stamp, root := pinned.BeaconSlots(env.Time); len(acc.Code) > 0 {
			top.Slots[stamp], top.Slots[root] = wordOf(env.Time), *beacon
		}
	}
	if b.remote.Rules().Era >= pinned.Prague {
		acc, err := w.Account(ctx, history)
		if err != nil {
			return nil, err
		}
		if len(acc.Code) > 0 {
			top.Slots[pinned.HistorySlot(env.Number-1)] = parent
		}
	}
	return top, nil
}

func wordOf(n uint64) common.Hash { return common.BigToHash(new(big.Int).SetUint64(n)) }

// beaconRoot is what a block has for the root of the beacon chain, nil before Cancun. No beacon chain has it.
func (b *branch) beaconRoot(number uint64) *common.Hash {
	if b.remote.Rules().Era < pinned.Cancun {
		return nil
	}
	var root common.Hash
	if b.pin.BeaconRoot != nil {
		root = b.derive("beacon root", *b.pin.BeaconRoot, number)
	}
	return &root
}

// finish writes the header, and tells the receipts where they are.
func (b *branch) finish(made *block, parent common.Hash, beacon *common.Hash, used, blobs uint64) {
	e, era := &made.env, b.remote.Rules().Era
	h := &types.Header{
		ParentHash: parent, UncleHash: types.EmptyUncleHash, Coinbase: e.Coinbase, Root: noRoot, Difficulty: e.Difficulty.ToBig(),
		Number: new(big.Int).SetUint64(e.Number), GasLimit: e.GasLimit, GasUsed: used, Time: e.Time, Extra: extra, MixDigest: e.Random,
		BaseFee: e.BaseFee.ToBig(), ParentBeaconRoot: beacon,
	}
	txs := make(types.Transactions, len(made.txs))
	for i, tx := range made.txs {
		txs[i] = tx.Transaction
	}
	h.TxHash = listRoot(txs)
	h.ReceiptHash = listRoot(types.Receipts(made.receipts))
	for _, r := range made.receipts {
		for i, word := range r.Bloom {
			h.Bloom[i] |= word
		}
	}
	if era >= pinned.Shanghai {
		h.WithdrawalsHash = &types.EmptyWithdrawalsHash
	}
	if era >= pinned.Cancun {
		excess := b.excess()
		h.BlobGasUsed, h.ExcessBlobGas = &blobs, &excess
	}
	if era >= pinned.Prague {
		h.RequestsHash = &types.EmptyRequestsHash
	}
	made.header, made.hash = h, h.Hash()
	body := types.Body{Transactions: txs}
	if era >= pinned.Shanghai {
		body.Withdrawals = []*types.Withdrawal{}
	}
	made.size = types.NewBlockWithHeader(h).WithBody(body).Size()
	index := uint(0)
	for i, r := range made.receipts {
		r.BlockHash, r.BlockNumber, r.TransactionIndex = made.hash, h.Number, uint(i)
		for _, l := range r.Logs {
			l.BlockHash, l.BlockNumber, l.BlockTimestamp = made.hash, e.Number, e.Time
			l.TxHash, l.TxIndex, l.Index = r.TxHash, uint(i), index
			index++
		}
	}
}

func receiptOf(tx *transaction, msg *evm.Message, e *evm.Block, out evm.Outcome, used uint64) *types.Receipt {
	r := &types.Receipt{
		Type: tx.Type(), Status: types.ReceiptStatusSuccessful, CumulativeGasUsed: used, GasUsed: out.Used, TxHash: tx.Hash(), Logs: out.Logs,
		EffectiveGasPrice: msg.Price(&e.BaseFee).ToBig(),
	}
	if out.Failure != nil {
		r.Status = types.ReceiptStatusFailed
	}
	if msg.To == nil {
		r.ContractAddress = crypto.CreateAddress(msg.From, msg.Nonce)
	}
	if len(msg.Blobs) > 0 {
		r.BlobGasUsed, r.BlobGasPrice = uint64(len(msg.Blobs))*blobGas, e.BlobFee.ToBig()
	}
	r.Bloom = types.CreateBloom(r)
	return r
}

// with is the branch after a block.
func (b *branch) with(made *block) *branch {
	next := *b
	if b.line == nil || len(b.line.blocks) != len(b.blocks) {
		next.line = &line{slices.Clip(b.blocks)}
	}
	next.line.blocks = append(next.line.blocks, made)
	next.blocks = next.line.blocks
	next.state = made.after
	next.next.time, next.next.baseFee, next.next.random = nil, nil, nil
	mined := make(map[common.Hash]bool, len(made.txs))
	for _, tx := range made.txs {
		mined[tx.Hash()] = true
	}
	next.pool = slices.DeleteFunc(slices.Clone(b.pool), func(t *transaction) bool { return mined[t.Hash()] })
	return &next
}

// set is the branch with something written by hand.
func (b *branch) set(top *pinned.Layer) *branch {
	next := *b
	next.state = b.state.With(top)
	return &next
}

// wish is the branch with other wishes.
func (b *branch) wish(change func(*wishes)) *branch {
	next := *b
	change(&next.next)
	return &next
}

// callsOf is what the remote is asked to foresee the reads of.
func callsOf(txs []*transaction) []chain.Call {
	calls := make([]chain.Call, 0, len(txs))
	for _, tx := range txs[:min(len(txs), mostForeseen)] {
		var value uint256.Int
		value.SetFromBig(tx.Value())
		calls = append(calls, chain.Call{From: tx.from, To: tx.To(), Value: value, Data: tx.Data()})
	}
	return calls
}

// mostForeseen is how many calls of one run the remote is asked about beforehand.
const mostForeseen = 16
