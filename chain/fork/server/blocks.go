package server

import (
	"context"
	"encoding/json"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
)

// object is an answer with its fields by name.
type object = map[string]any

// headerObject is a header as clients get it.
func headerObject(h *types.Header, hash common.Hash) object {
	o := object{
		"number": (*hexutil.Big)(h.Number), "hash": hash, "parentHash": h.ParentHash, "nonce": h.Nonce, "mixHash": h.MixDigest,
		"sha3Uncles": h.UncleHash, "logsBloom": h.Bloom, "stateRoot": h.Root, "miner": h.Coinbase, "difficulty": (*hexutil.Big)(h.Difficulty),
		"extraData": hexutil.Bytes(h.Extra), "gasLimit": hexutil.Uint64(h.GasLimit), "gasUsed": hexutil.Uint64(h.GasUsed),
		"timestamp": hexutil.Uint64(h.Time), "transactionsRoot": h.TxHash, "receiptsRoot": h.ReceiptHash, "baseFeePerGas": (*hexutil.Big)(h.BaseFee),
	}
	if h.WithdrawalsHash != nil {
		o["withdrawalsRoot"] = h.WithdrawalsHash
	}
	if h.ExcessBlobGas != nil {
		o["blobGasUsed"], o["excessBlobGas"] = hexutil.Uint64(*h.BlobGasUsed), hexutil.Uint64(*h.ExcessBlobGas)
	}
	if h.ParentBeaconRoot != nil {
		o["parentBeaconBlockRoot"] = h.ParentBeaconRoot
	}
	if h.RequestsHash != nil {
		o["requestsHash"] = h.RequestsHash
	}
	return o
}

// object is the block as clients get it, with its transactions or with their hashes.
func (b *block) object(full bool) object {
	o := headerObject(b.header, b.hash)
	txs := make([]any, len(b.txs))
	for i, tx := range b.txs {
		txs[i] = tx.Hash()
		if full {
			txs[i] = b.transaction(i)
		}
	}
	o["size"], o["transactions"], o["uncles"] = hexutil.Uint64(b.size), txs, []common.Hash{}
	if b.header.WithdrawalsHash != nil {
		o["withdrawals"] = []any{}
	}
	return o
}

// transaction is one of the block's, as clients get it.
func (b *block) transaction(i int) object {
	o := b.txs[i].object()
	o["blockHash"], o["blockNumber"], o["blockTimestamp"] = b.hash, (*hexutil.Big)(b.header.Number), hexutil.Uint64(b.header.Time)
	o["transactionIndex"], o["gasPrice"] = hexutil.Uint64(i), (*hexutil.Big)(b.receipts[i].EffectiveGasPrice)
	return o
}

// object is a transaction that is in no block, as clients get it.
func (t *transaction) object() object {
	v, r, s := t.RawSignatureValues()
	o := object{
		"blockHash": nil, "blockNumber": nil, "blockTimestamp": nil, "transactionIndex": nil, "type": hexutil.Uint64(t.Type()), "from": t.from,
		"gas": hexutil.Uint64(t.Gas()), "gasPrice": (*hexutil.Big)(t.GasPrice()), "hash": t.Hash(), "input": hexutil.Bytes(t.Data()),
		"nonce": hexutil.Uint64(t.Nonce()), "to": t.To(), "value": (*hexutil.Big)(t.Value()),
		"v": (*hexutil.Big)(v), "r": (*hexutil.Big)(r), "s": (*hexutil.Big)(s),
	}
	if id := t.ChainId(); t.Type() != types.LegacyTxType || id.Sign() != 0 {
		o["chainId"] = (*hexutil.Big)(id)
	}
	if t.Type() == types.LegacyTxType {
		return o
	}
	o["accessList"], o["yParity"] = t.AccessList(), hexutil.Uint64(v.Sign())
	if t.AccessList() == nil {
		o["accessList"] = types.AccessList{}
	}
	if t.Type() == types.AccessListTxType {
		return o
	}
	o["maxFeePerGas"], o["maxPriorityFeePerGas"] = (*hexutil.Big)(t.GasFeeCap()), (*hexutil.Big)(t.GasTipCap())
	switch t.Type() {
	case types.BlobTxType:
		o["maxFeePerBlobGas"], o["blobVersionedHashes"] = (*hexutil.Big)(t.BlobGasFeeCap()), t.BlobHashes()
	case types.SetCodeTxType:
		o["authorizationList"] = t.SetCodeAuthorizations()
	}
	return o
}

// receipt is one of the block's, as clients get it.
func (b *block) receipt(i int) object {
	r, tx := b.receipts[i], b.txs[i]
	o := object{
		"blockHash": b.hash, "blockNumber": hexutil.Uint64(b.number()), "transactionHash": r.TxHash, "transactionIndex": hexutil.Uint64(i),
		"from": tx.from, "to": tx.To(), "gasUsed": hexutil.Uint64(r.GasUsed), "cumulativeGasUsed": hexutil.Uint64(r.CumulativeGasUsed),
		"contractAddress": nil, "logs": r.Logs, "logsBloom": r.Bloom, "type": hexutil.Uint(tx.Type()), "status": hexutil.Uint(r.Status),
		"effectiveGasPrice": (*hexutil.Big)(r.EffectiveGasPrice),
	}
	if r.Logs == nil {
		o["logs"] = []*types.Log{}
	}
	if r.ContractAddress != (common.Address{}) {
		o["contractAddress"] = r.ContractAddress
	}
	if tx.Type() == types.BlobTxType {
		o["blobGasUsed"], o["blobGasPrice"] = hexutil.Uint64(r.BlobGasUsed), (*hexutil.Big)(r.BlobGasPrice)
	}
	return o
}

// found is where the block is that a request names: here, below or at the pin, or nowhere.
type found struct {
	local *block
	below bool
	n     uint64
}

// find finds a block by its number or tag.
func (s *Server) find(ctx context.Context, number rpc.BlockNumber) (found, error) {
	b := s.current()
	if number == rpc.PendingBlockNumber {
		made, _, err := b.seal(ctx, b.grow(s.now()), b.order())
		return found{local: made}, err
	}
	n, err := s.resolve(ctx, b, number)
	if err != nil || n > b.head() {
		return found{}, err
	}
	return found{local: b.local(n), below: n <= b.pin.Number, n: n}, nil
}

// byNumber answers with what the block of a number has, from here or from the remote. Null stands for a block that is not there.
func (a *ethAPI) byNumber(ctx context.Context, method string, number rpc.BlockNumber, here func(*block) any, also ...any) (any, error) {
	f, err := a.s.find(ctx, number)
	switch {
	case err != nil:
		return nil, err
	case f.local != nil:
		return here(f.local), nil
	case f.below:
		return a.s.kept(ctx, method, append([]any{hexutil.Uint64(f.n)}, also...)...)
	}
	return nil, nil
}

// byHash answers with what the block of a hash has. The remote's answer counts only where its block is not above the pin: there the
// fork is another chain.
func (a *ethAPI) byHash(ctx context.Context, method string, hash common.Hash, here func(*block) any, also ...any) (any, error) {
	b := a.s.current()
	if l := a.s.blockOf(b, hash); l != nil {
		return here(l), nil
	}
	if hash != b.pin.Hash {
		raw, err := a.s.kept(ctx, "eth_getBlockByHash", hash, false)
		if err != nil {
			return nil, err
		}
		if n, ok := numberOf(raw); !ok || n > b.pin.Number {
			return nil, nil
		}
	}
	return a.s.kept(ctx, method, append([]any{hash}, also...)...)
}

// GetBlockByNumber is a block, with its transactions or their hashes.
func (a *ethAPI) GetBlockByNumber(ctx context.Context, number rpc.BlockNumber, full bool) (any, error) {
	return a.byNumber(ctx, "eth_getBlockByNumber", number, func(b *block) any {
		o := b.object(full)
		if number == rpc.PendingBlockNumber {
			o["hash"], o["nonce"], o["miner"] = nil, nil, nil
		}
		return o
	}, full)
}

// GetBlockByHash is a block, with its transactions or their hashes.
func (a *ethAPI) GetBlockByHash(ctx context.Context, hash common.Hash, full bool) (any, error) {
	return a.byHash(ctx, "eth_getBlockByHash", hash, func(b *block) any { return b.object(full) }, full)
}

// GetHeaderByNumber is a block's header.
func (a *ethAPI) GetHeaderByNumber(ctx context.Context, number rpc.BlockNumber) (any, error) {
	return a.byNumber(ctx, "eth_getHeaderByNumber", number, func(b *block) any { return headerObject(b.header, b.hash) })
}

// GetHeaderByHash is a block's header.
func (a *ethAPI) GetHeaderByHash(ctx context.Context, hash common.Hash) (any, error) {
	return a.byHash(ctx, "eth_getHeaderByHash", hash, func(b *block) any { return headerObject(b.header, b.hash) })
}

func countTxs(b *block) any { return hexutil.Uint(len(b.txs)) }

func noUncles(*block) any { return hexutil.Uint(0) }

func noUncle(*block) any { return nil }

// GetBlockTransactionCountByNumber is how many transactions a block has.
func (a *ethAPI) GetBlockTransactionCountByNumber(ctx context.Context, number rpc.BlockNumber) (any, error) {
	return a.byNumber(ctx, "eth_getBlockTransactionCountByNumber", number, countTxs)
}

// GetBlockTransactionCountByHash is how many transactions a block has.
func (a *ethAPI) GetBlockTransactionCountByHash(ctx context.Context, hash common.Hash) (any, error) {
	return a.byHash(ctx, "eth_getBlockTransactionCountByHash", hash, countTxs)
}

// GetUncleCountByBlockNumber is how many uncles a block has: none, above the pin.
func (a *ethAPI) GetUncleCountByBlockNumber(ctx context.Context, number rpc.BlockNumber) (any, error) {
	return a.byNumber(ctx, "eth_getUncleCountByBlockNumber", number, noUncles)
}

// GetUncleCountByBlockHash is how many uncles a block has: none, above the pin.
func (a *ethAPI) GetUncleCountByBlockHash(ctx context.Context, hash common.Hash) (any, error) {
	return a.byHash(ctx, "eth_getUncleCountByBlockHash", hash, noUncles)
}

// GetUncleByBlockNumberAndIndex is an uncle: there is none above the pin.
func (a *ethAPI) GetUncleByBlockNumberAndIndex(ctx context.Context, number rpc.BlockNumber, i hexutil.Uint) (any, error) {
	return a.byNumber(ctx, "eth_getUncleByBlockNumberAndIndex", number, noUncle, i)
}

// GetUncleByBlockHashAndIndex is an uncle: there is none above the pin.
func (a *ethAPI) GetUncleByBlockHashAndIndex(ctx context.Context, hash common.Hash, i hexutil.Uint) (any, error) {
	return a.byHash(ctx, "eth_getUncleByBlockHashAndIndex", hash, noUncle, i)
}

// txAt is a transaction of a block, null if it has not so many.
func txAt(i hexutil.Uint) func(*block) any {
	return func(b *block) any {
		if int(i) >= len(b.txs) {
			return nil
		}
		return b.transaction(int(i))
	}
}

func rawTxAt(i hexutil.Uint) func(*block) any {
	return func(b *block) any {
		if int(i) >= len(b.txs) {
			return hexutil.Bytes(nil)
		}
		return encoded(b.txs[i])
	}
}

// encoded is a transaction as it is signed and sent.
func encoded(t *transaction) any {
	raw, err := t.MarshalBinary()
	if err != nil {
		return nil
	}
	return hexutil.Bytes(raw)
}

// GetTransactionByBlockNumberAndIndex is a transaction by its place.
func (a *ethAPI) GetTransactionByBlockNumberAndIndex(ctx context.Context, number rpc.BlockNumber, i hexutil.Uint) (any, error) {
	return a.byNumber(ctx, "eth_getTransactionByBlockNumberAndIndex", number, txAt(i), i)
}

// GetTransactionByBlockHashAndIndex is a transaction by its place.
func (a *ethAPI) GetTransactionByBlockHashAndIndex(ctx context.Context, hash common.Hash, i hexutil.Uint) (any, error) {
	return a.byHash(ctx, "eth_getTransactionByBlockHashAndIndex", hash, txAt(i), i)
}

// GetRawTransactionByBlockNumberAndIndex is an encoded transaction by its place.
func (a *ethAPI) GetRawTransactionByBlockNumberAndIndex(ctx context.Context, number rpc.BlockNumber, i hexutil.Uint) (any, error) {
	return a.byNumber(ctx, "eth_getRawTransactionByBlockNumberAndIndex", number, rawTxAt(i), i)
}

// GetRawTransactionByBlockHashAndIndex is an encoded transaction by its place.
func (a *ethAPI) GetRawTransactionByBlockHashAndIndex(ctx context.Context, hash common.Hash, i hexutil.Uint) (any, error) {
	return a.byHash(ctx, "eth_getRawTransactionByBlockHashAndIndex", hash, rawTxAt(i), i)
}

// byTx answers with something of a transaction: of one here, or of one of the remote's that is in a block up to the pin.
func (a *ethAPI) byTx(ctx context.Context, method string, hash common.Hash, here func(*block, int) any, waits func(*transaction) any) (any, error) {
	b := a.s.current()
	if l, i := a.s.mined(b, hash); l != nil {
		return here(l, i), nil
	}
	if tx := b.waiting(hash); tx != nil {
		return waits(tx), nil
	}
	raw, err := a.s.kept(ctx, method, hash)
	if err != nil {
		return nil, err
	}
	if n, ok := blockNumberOf(raw); !ok || n > b.pin.Number {
		return nil, nil
	}
	return raw, nil
}

// blockNumberOf is the number in an answer that is a transaction, a receipt or a log.
func blockNumberOf(raw json.RawMessage) (uint64, bool) {
	var answer *struct {
		Number *hexutil.Big `json:"blockNumber"`
	}
	if json.Unmarshal(raw, &answer) != nil || answer == nil || answer.Number == nil || !(*big.Int)(answer.Number).IsUint64() {
		return 0, false
	}
	return (*big.Int)(answer.Number).Uint64(), true
}

// GetTransactionByHash is a transaction, in a block or waiting.
func (a *ethAPI) GetTransactionByHash(ctx context.Context, hash common.Hash) (any, error) {
	return a.byTx(ctx, "eth_getTransactionByHash", hash, func(b *block, i int) any { return b.transaction(i) }, func(t *transaction) any { return t.object() })
}

// GetRawTransactionByHash is an encoded transaction, in a block or waiting.
func (a *ethAPI) GetRawTransactionByHash(ctx context.Context, hash common.Hash) (any, error) {
	b := a.s.current()
	if l, i := a.s.mined(b, hash); l != nil {
		return encoded(l.txs[i]), nil
	}
	if tx := b.waiting(hash); tx != nil {
		return encoded(tx), nil
	}
	if known, err := a.GetTransactionByHash(ctx, hash); err != nil || known == nil {
		return nil, err
	}
	return a.s.kept(ctx, "eth_getRawTransactionByHash", hash)
}

// GetTransactionReceipt is the receipt of a transaction that is in a block.
func (a *ethAPI) GetTransactionReceipt(ctx context.Context, hash common.Hash) (any, error) {
	return a.byTx(ctx, "eth_getTransactionReceipt", hash, func(b *block, i int) any { return b.receipt(i) }, func(*transaction) any { return nil })
}

func (b *block) allReceipts() any {
	all := make([]object, len(b.receipts))
	for i := range b.receipts {
		all[i] = b.receipt(i)
	}
	return all
}

// GetBlockReceipts are the receipts of a block.
func (a *ethAPI) GetBlockReceipts(ctx context.Context, at rpc.BlockNumberOrHash) (any, error) {
	if hash, ok := at.Hash(); ok {
		return a.byHash(ctx, "eth_getBlockReceipts", hash, (*block).allReceipts)
	}
	number, _ := at.Number()
	return a.byNumber(ctx, "eth_getBlockReceipts", number, (*block).allReceipts)
}
