package chain

import (
	"context"
	"errors"
	"math/big"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
)

// receiptJSON holds the fields that every EVM chain has. Rollups add others and know more transaction types, so nothing else is
// looked at.
type receiptJSON struct {
	Type      hexutil.Uint64  `json:"type"`
	Status    *hexutil.Uint64 `json:"status"`
	Tx        common.Hash     `json:"transactionHash"`
	Index     hexutil.Uint64  `json:"transactionIndex"`
	BlockHash *common.Hash    `json:"blockHash"`
	Block     *hexutil.Big    `json:"blockNumber"`
	GasUsed   *hexutil.Uint64 `json:"gasUsed"`
	GasTotal  hexutil.Uint64  `json:"cumulativeGasUsed"`
	GasPrice  *hexutil.Big    `json:"effectiveGasPrice"`
	Contract  *common.Address `json:"contractAddress"`
	Logs      []logJSON       `json:"logs"`
}

type logJSON struct {
	Address common.Address `json:"address"`
	Topics  []common.Hash  `json:"topics"`
	Data    hexutil.Bytes  `json:"data"`
	Index   hexutil.Uint64 `json:"logIndex"`
}

// Receipt returns the receipt of a transaction, or nil where there is none yet.
func (c *Client) Receipt(ctx context.Context, tx common.Hash) (*types.Receipt, error) {
	var j *receiptJSON
	err := c.Call(ctx, &j, "eth_getTransactionReceipt", tx)
	if notIndexedYet(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if j == nil || j.Block == nil || j.BlockHash == nil {
		return nil, nil
	}
	if j.Tx != tx {
		return nil, c.nonsense("the receipt of another transaction")
	}
	if j.Status == nil || j.GasUsed == nil {
		return nil, c.nonsense("a receipt without status or gas")
	}
	return j.receipt(), nil
}

// notIndexedYet knows what geth says of a transaction of its newest blocks, for a moment.
func notIndexedYet(err error) bool {
	var answer rpc.Error
	return errors.As(err, &answer) && strings.Contains(answer.Error(), "transaction indexing is in progress")
}

func (j *receiptJSON) receipt() *types.Receipt {
	r := &types.Receipt{
		Type:              uint8(j.Type),
		Status:            uint64(*j.Status),
		CumulativeGasUsed: uint64(j.GasTotal),
		TxHash:            j.Tx,
		GasUsed:           uint64(*j.GasUsed),
		EffectiveGasPrice: new(big.Int),
		BlockHash:         *j.BlockHash,
		BlockNumber:       (*big.Int)(j.Block),
		TransactionIndex:  uint(j.Index),
	}
	if j.GasPrice != nil {
		r.EffectiveGasPrice = (*big.Int)(j.GasPrice)
	}
	if j.Contract != nil {
		r.ContractAddress = *j.Contract
	}
	for _, l := range j.Logs {
		r.Logs = append(r.Logs, &types.Log{
			Address: l.Address, Topics: l.Topics, Data: l.Data, Index: uint(l.Index),
			TxHash: j.Tx, TxIndex: uint(j.Index), BlockHash: *j.BlockHash, BlockNumber: r.BlockNumber.Uint64(),
		})
	}
	return r
}
