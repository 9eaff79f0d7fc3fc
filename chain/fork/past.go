package fork

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
	"github.com/keymaker-agent/keymaker/chain/signatures"
	"github.com/keymaker-agent/keymaker/refusal"
)

// Why what a transaction did can't be told.
var (
	ErrUnknownTx    = errors.New("the remote knows no such transaction")
	ErrPending      = errors.New("the transaction is in no block yet")
	ErrBeforeLondon = errors.New("the block is older than London (EIP-1559)")
	ErrForeignTx    = errors.New("the block holds a transaction of a type that Ethereum does not have")
)

// Past tells what a transaction did that a block holds: it is run again where it was, behind the block's earlier transactions, on the
// state that the block's parent left. Where the gas, the outcome or the logs are not those of the remote's receipt, Unknown says so.
// There is one pass, and nothing is found: what happened did happen.
//
// It is refused (refusal.NoSimulation) with ErrUnknownTx, ErrPending, ErrBeforeLondon or ErrForeignTx in the error where that is why,
// and with pinned.ErrPruned where the remote keeps no state of the parent.
func Past(ctx context.Context, src Source, hash common.Hash, opts ...Option) (*Effects, error) {
	s := settings{now: time.Now, book: signatures.Known()}
	for _, o := range opts {
		o(&s)
	}
	p, err := findPast(ctx, src, hash)
	if err != nil {
		return nil, untellable(hash, err)
	}
	s.at = pinned.At{Hash: &p.header.Parent}
	remote, err := pinned.Dial(ctx, src, s.at, pinned.WithCache(s.cache))
	if err != nil {
		return nil, untellable(hash, fmt.Errorf("block %d, the parent: %w", p.header.Number-1, err))
	}
	f := on(remote, s)
	if f.rules, err = remote.RulesOf(ctx, p.header); err != nil {
		return nil, untellable(hash, err)
	}
	h, err := f.behind(ctx, p)
	if err != nil {
		return nil, untellable(hash, err)
	}
	done, err := f.run(ctx, h, p.txs[p.index:], nil)
	if err != nil {
		return nil, err
	}
	p.compare(done.effects)
	return f.named(done.effects), nil
}

// replay is a transaction in its block.
type replay struct {
	header  *pinned.Header
	txs     []Tx // of the block, as far as the one that is asked for
	index   int  // of that one
	receipt receipt
}

// receipt is what the remote says became of a transaction.
type receipt struct {
	Block   *common.Hash    `json:"blockHash"`
	Index   *hexutil.Uint64 `json:"transactionIndex"`
	Status  *hexutil.Uint64 `json:"status"`
	GasUsed *hexutil.Uint64 `json:"gasUsed"`
	Logs    []struct {
		Address common.Address `json:"address"`
		Topics  []common.Hash  `json:"topics"`
		Data    hexutil.Bytes  `json:"data"`
	} `json:"logs"`
}

// findPast reads a transaction, its receipt, and its block with what is before it, in two trips.
func findPast(ctx context.Context, src Source, hash common.Hash) (*replay, error) {
	var tx, answer, chainID, block json.RawMessage
	elems := []rpc.BatchElem{
		{Method: "eth_getTransactionByHash", Args: []any{hash}, Result: &tx},
		{Method: "eth_getTransactionReceipt", Args: []any{hash}, Result: &answer},
		{Method: "eth_chainId", Result: &chainID},
	}
	if err := pinned.Batch(ctx, src, elems); err != nil {
		return nil, err
	}
	var place *struct {
		Block *common.Hash `json:"blockHash"`
	}
	if err := json.Unmarshal(tx, &place); err != nil {
		return nil, fmt.Errorf("eth_getTransactionByHash: %w", err)
	}
	switch {
	case place == nil:
		return nil, ErrUnknownTx
	case place.Block == nil:
		return nil, ErrPending
	}
	p := new(replay)
	if err := json.Unmarshal(answer, &p.receipt); err != nil {
		return nil, fmt.Errorf("eth_getTransactionReceipt: %w", err)
	}
	if r := p.receipt; r.Block == nil || *r.Block != *place.Block || r.Index == nil || r.Status == nil || r.GasUsed == nil {
		return nil, errors.New("the remote's receipt of the transaction is not whole, or of another block")
	}
	var id hexutil.Uint64
	if err := json.Unmarshal(chainID, &id); err != nil {
		return nil, fmt.Errorf("eth_chainId: %w", err)
	}
	elems = []rpc.BatchElem{{Method: "eth_getBlockByHash", Args: []any{*place.Block, true}, Result: &block}}
	if err := pinned.Batch(ctx, src, elems); err != nil {
		return nil, err
	}
	return p, p.readBlock(block, *place.Block, hash, uint64(id))
}

func (p *replay) readBlock(raw json.RawMessage, is, hash common.Hash, chainID uint64) (err error) {
	var body *struct {
		BaseFee      *hexutil.Big      `json:"baseFeePerGas"`
		Transactions []json.RawMessage `json:"transactions"`
	}
	if err := json.Unmarshal(raw, &body); err != nil || body == nil {
		return errors.Join(errors.New("the remote has no block with the transaction"), err)
	}
	if body.BaseFee == nil {
		return ErrBeforeLondon
	}
	if p.header, err = pinned.DecodeHeader(raw); err != nil {
		return err
	}
	p.index = int(*p.receipt.Index)
	if p.header.Hash != is || p.header.Number == 0 || uint64(*p.receipt.Index) >= uint64(len(body.Transactions)) {
		return errors.New("the remote's block is not the one that holds the transaction")
	}
	for i, raw := range body.Transactions[:p.index+1] {
		tx, err := decodeTx(raw, chainID)
		if err != nil {
			return fmt.Errorf("transaction %d of block %d: %w", i, p.header.Number, err)
		}
		if i == p.index && tx.hash != hash {
			return errors.New("the remote's block has another transaction in its place")
		}
		p.txs = append(p.txs, tx.Tx)
	}
	return nil
}

// placed is a transaction of a block.
type placed struct {
	Tx
	hash common.Hash
}

func decodeTx(raw json.RawMessage, chainID uint64) (placed, error) {
	var kind struct {
		Type hexutil.Uint64 `json:"type"`
		From common.Address `json:"from"`
	}
	if err := json.Unmarshal(raw, &kind); err != nil {
		return placed{}, err
	}
	if kind.Type > types.SetCodeTxType {
		return placed{}, fmt.Errorf("%w: %#x", ErrForeignTx, uint64(kind.Type))
	}
	var tx types.Transaction
	if err := json.Unmarshal(raw, &tx); err != nil {
		return placed{}, err
	}
	t, err := TxOf(&tx)
	if err != nil {
		return placed{}, err
	}
	if t.From != kind.From {
		return placed{}, fmt.Errorf("the remote says that %s sent it, and the signature that %s did", kind.From, t.From)
	}
	if t.ChainID == 0 {
		t.ChainID = chainID
	}
	return placed{t, tx.Hash()}, nil
}

// expected is how many transactions are asked about at once before they are run.
const expected = 64

// behind is the state that the last transaction of p found: that of the parent, with what the block did before.
func (f *Fork) behind(ctx context.Context, p *replay) (*head, error) {
	b := p.block(f)
	view := f.remote.State().View()
	m := evm.New(ctx, view, b, nil)
	defer m.Close()
	writes := evm.NewWrites()
	if err := m.Begin(p.header.Parent, p.header.BeaconRoot, writes); err != nil {
		return nil, err
	}
	for i := range p.txs[:p.index] {
		if i%expected == 0 {
			view.Expect(callsOf(p.txs[i:min(i+expected, len(p.txs))]), b.Coinbase)
		}
		msg, err := (&running{fork: f, machine: m}).message(&p.txs[i])
		if err == nil {
			_, err = m.Transact(msg, nil, writes)
		}
		if err != nil {
			return nil, fmt.Errorf("transaction %d of block %d, which comes before it, can't be run: %w", i, b.Number, err)
		}
	}
	layer := writes.Layer(m)
	return &head{state: f.remote.State().With(layer), block: b}, m.Err()
}

// block is the very block that holds the transaction. It held as many blobs as it held.
func (p *replay) block(f *Fork) evm.Block {
	h := p.header
	return evm.Block{
		Number: h.Number, Time: h.Time, GasLimit: h.GasLimit, Coinbase: h.Miner, Random: h.Random, Difficulty: h.Difficulty,
		BaseFee: h.BaseFee, BlobFee: f.rules.BlobFee(h.ExcessBlobGas), MaxBlobs: math.MaxInt, Rules: evm.RulesOf(f.pin.ChainID, f.rules.Era),
	}
}

// compare lists what the remote's receipt says otherwise.
func (p *replay) compare(e *Effects) {
	have, said := &e.Txs[0], &p.receipt
	differs := func(format string, args ...any) { e.Unknown = append(e.Unknown, fmt.Sprintf(format, args...)) }
	if have.Success != (*said.Status == 1) {
		differs("why the transaction did not end as its receipt says: here it %s", map[bool]string{true: "succeeds", false: "fails"}[have.Success])
	}
	if have.GasUsed != uint64(*said.GasUsed) {
		differs("why the transaction used %d gas by its receipt, and uses %d here", uint64(*said.GasUsed), have.GasUsed)
	}
	same := len(have.Logs) == len(said.Logs)
	for i := 0; same && i < len(have.Logs); i++ {
		x, y := &have.Logs[i], &said.Logs[i]
		same = x.Address == y.Address && slices.Equal(x.Topics, y.Topics) && bytes.Equal(x.Data, y.Data)
	}
	if !same {
		differs("why the logs of the transaction are not those of its receipt")
	}
	slices.Sort(e.Unknown)
}

// untellable is the refusal for what a transaction did.
func untellable(hash common.Hash, err error) error {
	refused := func(format string, args ...any) *refusal.Error {
		return refusal.New(refusal.NoSimulation, "what transaction %s did can't be told: "+format, append([]any{hash}, args...)...).Because(err)
	}
	switch {
	case errors.Is(err, ErrUnknownTx):
		return refused("the rpc endpoint knows no such transaction").WithHint("check the hash, and that the endpoint is of the same network")
	case errors.Is(err, ErrPending):
		return refused("it is in no block yet").WithHint("wait until it is mined, or simulate it on the newest block")
	case errors.Is(err, ErrBeforeLondon):
		return refused("its block is older than London").WithHint("older rules are not known here")
	case errors.Is(err, ErrForeignTx):
		return refused("its block holds what Ethereum does not know").WithHint("blocks of rollups can't be run again here")
	case errors.Is(err, pinned.ErrPruned):
		return refused("the rpc endpoint keeps no state of the block before").WithHint("use the endpoint of an archive node")
	}
	if r := diagnosed(err); r != nil {
		return r
	}
	if e, ok := refusal.As(err); ok {
		return e
	}
	return refused("it can't be run again")
}
