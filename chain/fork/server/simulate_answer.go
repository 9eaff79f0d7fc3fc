package server

import (
	"encoding/json"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// simulatedBlock is one block of an answer.
type simulatedBlock struct {
	*types.Block
	Calls   []simulatedCall
	senders []common.Address
	full    bool
}

// simulatedCall is what became of one call.
type simulatedCall struct {
	ReturnData hexutil.Bytes  `json:"returnData"`
	Logs       []*types.Log   `json:"logs"`
	GasUsed    hexutil.Uint64 `json:"gasUsed"`
	MaxUsedGas hexutil.Uint64 `json:"maxUsedGas"`
	Status     hexutil.Uint64 `json:"status"`
	Error      *callError     `json:"error,omitempty"`
}

// MarshalJSON writes the block as eth_getBlockByNumber does, with its calls.
func (b *simulatedBlock) MarshalJSON() ([]byte, error) {
	h := b.Header()
	fields := make(map[string]any)
	raw, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, err
	}
	for name, v := range fields {
		if v == nil {
			delete(fields, name) // of an era that this is not
		}
	}
	txs := make([]any, len(b.Transactions()))
	for i, tx := range b.Transactions() {
		txs[i] = tx.Hash()
		if b.full {
			if txs[i], err = b.transaction(i); err != nil {
				return nil, err
			}
		}
	}
	for i := range b.Calls {
		if b.Calls[i].Logs == nil {
			b.Calls[i].Logs = []*types.Log{}
		}
	}
	if b.Calls == nil {
		b.Calls = []simulatedCall{}
	}
	fields["size"], fields["transactions"], fields["uncles"], fields["calls"] = hexutil.Uint64(b.Size()), txs, []common.Hash{}, b.Calls
	if w := b.Withdrawals(); w != nil {
		fields["withdrawals"] = w
	}
	return json.Marshal(fields)
}

// transaction is a call as a transaction of the block. Nobody signed it, so its sender is told by the request alone.
func (b *simulatedBlock) transaction(i int) (map[string]any, error) {
	tx := b.Transactions()[i]
	raw, err := json.Marshal(tx)
	if err != nil {
		return nil, err
	}
	fields := make(map[string]any)
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, err
	}
	msg, err := evm.MessageOf(tx, b.senders[i])
	if err != nil {
		return nil, err
	}
	fields["from"], fields["gasPrice"] = b.senders[i], (*hexutil.Big)(msg.Price(uint256.MustFromBig(b.BaseFee())).ToBig())
	fields["blockHash"], fields["blockNumber"], fields["transactionIndex"] = b.Hash(), (*hexutil.Big)(b.Number()), hexutil.Uint64(i)
	fields["blockTimestamp"] = hexutil.Uint64(b.Time())
	return fields, nil
}

// parentOf is a simulated block as the next one sees it.
func parentOf(h *types.Header, hash common.Hash) *pinned.Header {
	p := &pinned.Header{
		Number: h.Number.Uint64(), Time: h.Time, GasLimit: h.GasLimit, GasUsed: h.GasUsed, Hash: hash, Parent: h.ParentHash, Miner: h.Coinbase,
		Random: h.MixDigest, Difficulty: *uint256.MustFromBig(h.Difficulty), BaseFee: *uint256.MustFromBig(h.BaseFee), BeaconRoot: h.ParentBeaconRoot,
	}
	if h.ExcessBlobGas != nil {
		p.ExcessBlobGas, p.BlobGasUsed = *h.ExcessBlobGas, *h.BlobGasUsed
	}
	return p
}
