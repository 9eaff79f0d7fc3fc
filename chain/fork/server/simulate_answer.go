package server

import (
	"encoding/json"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// simulatedBlock is one block of an answer.
type simulatedBlock struct {
	*types.Block
	Calls   []simulatedCall
	senders []common.Address
	prices  []*big.Int // wei per gas, as each call paid it
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
	o := headerObject(b.Header(), b.Hash())
	txs := make([]any, len(b.Transactions()))
	for i, tx := range b.Transactions() {
		txs[i] = tx.Hash()
		if b.full {
			txs[i] = b.transaction(i)
		}
	}
	calls := make([]simulatedCall, len(b.Calls))
	for i, c := range b.Calls {
		if c.Logs == nil {
			c.Logs = []*types.Log{}
		}
		calls[i] = c
	}
	o["size"], o["transactions"], o["uncles"], o["calls"] = hexutil.Uint64(b.Size()), txs, []common.Hash{}, calls
	if w := b.Withdrawals(); w != nil {
		o["withdrawals"] = w
	}
	return json.Marshal(o)
}

// transaction is a call as a transaction of the block. Nobody signed it, so its sender is told by the request alone.
func (b *simulatedBlock) transaction(i int) object {
	tx := b.Transactions()[i]
	o := (&transaction{Transaction: tx, from: b.senders[i], forged: true}).object()
	o["blockHash"], o["blockNumber"], o["blockTimestamp"] = b.Hash(), (*hexutil.Big)(b.Number()), hexutil.Uint64(b.Time())
	o["transactionIndex"], o["gasPrice"] = hexutil.Uint64(i), (*hexutil.Big)(b.prices[i])
	return o
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
