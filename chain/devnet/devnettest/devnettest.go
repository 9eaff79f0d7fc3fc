// Package devnettest starts embedded chains for tests, and sends what a test wants to have happened on them.
package devnettest

import (
	"context"
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/params"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/chain/devnet/artifacts"
)

const (
	sendGas  = 3_000_000 // limit of what Send sends; not estimated, so that a call may fail on chain
	patience = 20 * time.Second
)

// Start starts a devnet on free ports, and stops it after the test. It fetches the artifacts first if they are not there.
func Start(tb testing.TB) *devnet.Devnet {
	tb.Helper()
	if err := artifacts.Fetch(tb.Context(), "", func(string) {}); err != nil {
		tb.Fatal(err)
	}
	d, err := devnet.Start(tb.Context(), devnet.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := d.Close(); err != nil {
			tb.Error(err)
		}
	})
	return d
}

// Dial connects to a chain of the devnet as any client would.
func Dial(tb testing.TB, d *devnet.Devnet, chainID uint64) *ethclient.Client {
	tb.Helper()
	for _, n := range d.Networks() {
		if n.ChainID != chainID {
			continue
		}
		client, err := ethclient.DialContext(tb.Context(), n.RPC[0])
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(client.Close)
		return client
	}
	tb.Fatalf("devnet has no chain %d", chainID)
	return nil
}

// Send signs one call with the account's key, sends it and waits for its receipt, whether it succeeded or not. From of the
// call is ignored.
func Send(tb testing.TB, d *devnet.Devnet, from devnet.Account, call chain.Call) *types.Receipt {
	tb.Helper()
	client := Dial(tb, d, call.ChainID)
	tx := Sign(tb, client, from, call)
	if err := client.SendTransaction(tb.Context(), tx); err != nil {
		tb.Fatal(err)
	}
	return Receipt(tb, client, tx)
}

// Sign signs one call with the account's next nonce.
func Sign(tb testing.TB, client *ethclient.Client, from devnet.Account, call chain.Call) *types.Transaction {
	tb.Helper()
	key, err := crypto.HexToECDSA(from.Key)
	if err != nil {
		tb.Fatal(err)
	}
	nonce, err := client.PendingNonceAt(tb.Context(), from.Address)
	if err != nil {
		tb.Fatal(err)
	}
	id := new(big.Int).SetUint64(call.ChainID)
	tx, err := types.SignNewTx(key, types.LatestSignerForChainID(id), &types.DynamicFeeTx{
		ChainID:   id,
		Nonce:     nonce,
		GasTipCap: big.NewInt(params.GWei),
		GasFeeCap: big.NewInt(20 * params.GWei),
		Gas:       sendGas,
		To:        call.To,
		Value:     call.Value.ToBig(),
		Data:      call.Data,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return tx
}

// Receipt waits for the receipt of a transaction that was sent.
func Receipt(tb testing.TB, client *ethclient.Client, tx *types.Transaction) *types.Receipt {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), patience)
	defer cancel()
	for {
		receipt, err := client.TransactionReceipt(ctx, tx.Hash())
		if err == nil {
			return receipt
		}
		if !errors.Is(err, ethereum.NotFound) {
			tb.Fatalf("receipt of %s: %v", tx.Hash(), err)
		}
		time.Sleep(time.Millisecond)
	}
}
