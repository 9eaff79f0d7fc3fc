package main

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"

	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/chain/devnet/artifacts"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/contracts"
)

const (
	belowHead   = 310         // blocks; EDR keeps what it reads below the last 128
	swapGas     = 400_000     // limit of what is sent; a swap takes 160,000 at most
	swapDollars = 100_000_000 // of USDC, which has six decimals: a hundred
	patience    = 10 * time.Second
	pause       = 200 * time.Microsecond // between two questions for a receipt
)

// work is what every tool is given to do: a swap of USDC to DAI in one V2 pool, by an account that approved it.
type work struct {
	devnet *devnet.Devnet
	remote string
	block  uint64 // that is forked
	head   uint64
	call   map[string]any // the swap, as eth_call takes it
	answer string         // the remote's own
	key    *ecdsa.PrivateKey
	nonce  uint64 // of the sender, at the block
	router common.Address
	data   []byte
}

// startWork starts the remote, lets the sender approve, and buries the block of it.
func startWork(ctx context.Context) (*work, error) {
	if err := artifacts.Fetch(ctx, "", func(string) {}); err != nil {
		return nil, err
	}
	d, err := devnet.Start(ctx, devnet.Options{})
	if err != nil {
		return nil, err
	}
	w := &work{devnet: d, remote: d.Networks()[0].RPC[0]}
	if err := w.set(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return w, nil
}

func (w *work) close() error { return w.devnet.Close() }

func (w *work) set(ctx context.Context) error {
	at := w.devnet.Addresses(known.L1)
	me := w.devnet.Accounts()[0]
	var err error
	if w.key, err = crypto.HexToECDSA(me.Key); err != nil {
		return err
	}
	approve, err := contracts.Load(contracts.Token).ABI.Pack("approve", at[known.V2Router], big.NewInt(1<<62))
	if err != nil {
		return err
	}
	if w.router, w.data, err = swap(at, me.Address); err != nil {
		return err
	}
	w.call = map[string]any{"from": me.Address, "to": w.router, "data": hexutil.Bytes(w.data)}

	c := dial(w.remote)
	defer c.close()
	raw, err := w.sign(0, at[known.USDC], approve)
	if err != nil {
		return err
	}
	if err := c.deliver(ctx, raw); err != nil {
		return fmt.Errorf("approve: %w", err)
	}
	w.nonce = 1
	var block hexutil.Uint64
	if err := c.call(ctx, &block, "eth_blockNumber"); err != nil {
		return err
	}
	w.block, w.head = uint64(block), uint64(block)+belowHead
	if err := w.devnet.Mine(known.L1, belowHead); err != nil {
		return err
	}
	return c.call(ctx, &w.answer, "eth_call", w.call, block)
}

// swap is the call of the V2 router that sells USDC for DAI at any price.
func swap(at map[known.Contract]common.Address, to common.Address) (common.Address, []byte, error) {
	set, err := artifacts.Load("")
	if err != nil {
		return common.Address{}, nil, err
	}
	router, err := set.Artifact(artifacts.UniswapV2Router).Interface()
	if err != nil {
		return common.Address{}, nil, err
	}
	data, err := router.Pack("swapExactTokensForTokens", big.NewInt(swapDollars), new(big.Int),
		[]common.Address{at[known.USDC], at[known.DAI]}, to, big.NewInt(1<<62))
	return at[known.V2Router], data, err
}

// sign makes a raw transaction of the sender.
func (w *work) sign(nonce uint64, to common.Address, data []byte) (hexutil.Bytes, error) {
	id := new(big.Int).SetUint64(known.L1)
	tx, err := types.SignNewTx(w.key, types.LatestSignerForChainID(id), &types.DynamicFeeTx{
		ChainID:   id,
		Nonce:     nonce,
		GasTipCap: big.NewInt(params.GWei),
		GasFeeCap: big.NewInt(100 * params.GWei),
		Gas:       swapGas,
		To:        &to,
		Data:      data,
	})
	if err != nil {
		return nil, err
	}
	return tx.MarshalBinary()
}

// deliver sends a raw transaction and waits for a receipt that says success.
func (c *client) deliver(ctx context.Context, raw hexutil.Bytes) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var hash common.Hash
	if err := c.call(ctx, &hash, "eth_sendRawTransaction", raw); err != nil {
		return err
	}
	for {
		var receipt *struct{ Status hexutil.Uint64 }
		err := c.call(ctx, &receipt, "eth_getTransactionReceipt", hash)
		switch {
		case err != nil:
			return err
		case receipt == nil:
			time.Sleep(pause)
		case receipt.Status != hexutil.Uint64(types.ReceiptStatusSuccessful):
			return fmt.Errorf("transaction %s reverted", hash)
		default:
			return nil
		}
	}
}
