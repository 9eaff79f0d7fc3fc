package devnet

import (
	"context"
	"errors"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/eth"
	"github.com/ethereum/go-ethereum/rpc"
)

// receiptReader is the part of geth's own service that answers eth_getTransactionReceipt.
type receiptReader interface {
	GetTransactionReceipt(ctx context.Context, hash common.Hash) (map[string]any, error)
}

// receipts answers eth_getTransactionReceipt in the place of geth's own service, which tells a receipt some microseconds
// before the block that holds it becomes the latest one. Whoever then read a balance would get the one of before.
type receipts struct {
	geth receiptReader
	bc   *core.BlockChain
}

// GetTransactionReceipt is null until the latest block is the transaction's own or a later one.
func (r *receipts) GetTransactionReceipt(ctx context.Context, hash common.Hash) (map[string]any, error) {
	receipt, err := r.geth.GetTransactionReceipt(ctx, hash)
	if err != nil || receipt == nil {
		return nil, err
	}
	block, ok := receipt["blockHash"].(common.Hash)
	if !ok {
		return nil, errors.New("receipt without a block hash")
	}
	header := r.bc.GetHeaderByHash(block)
	if header == nil || header.Number.Cmp(r.bc.CurrentBlock().Number) > 0 {
		return nil, nil
	}
	return receipt, nil
}

// receiptsAPI must be registered after geth's own services, because the later of two methods of one name counts.
func receiptsAPI(backend *eth.Ethereum) (rpc.API, error) {
	for _, api := range backend.APIs() {
		if geth, ok := api.Service.(receiptReader); ok {
			return rpc.API{Namespace: "eth", Service: &receipts{geth, backend.BlockChain()}}, nil
		}
	}
	return rpc.API{}, errors.New("geth has no service for receipts")
}
