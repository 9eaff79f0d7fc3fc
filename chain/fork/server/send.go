package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"
)

// SendRawTransaction takes a signed transaction in.
func (a *ethAPI) SendRawTransaction(ctx context.Context, raw hexutil.Bytes) (common.Hash, error) {
	tx, err := a.s.current().parse(raw)
	if err != nil {
		return common.Hash{}, err
	}
	return tx.Hash(), a.s.send(ctx, tx)
}

// syncPatience is how long eth_sendRawTransactionSync waits where nobody says otherwise; the request's own limit ends it in any case.
const syncPatience = 20 * time.Second

// SendRawTransactionSync takes a signed transaction in and waits for its receipt (EIP-7966).
func (a *ethAPI) SendRawTransactionSync(ctx context.Context, raw hexutil.Bytes, milliseconds *uint64) (any, error) {
	patience := syncPatience
	if milliseconds != nil && *milliseconds > 0 {
		patience = time.Duration(min(*milliseconds, uint64(a.s.limits.Time.Milliseconds()))) * time.Millisecond
	}
	w := newWatcher(a.s.current().head(), false)
	if !a.s.watch.add(w, a.s.limits.Filters) {
		return nil, errManyFilters
	}
	defer a.s.watch.remove(w)
	hash, err := a.SendRawTransaction(ctx, raw)
	if err != nil {
		return nil, err
	}
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for {
		if l, i := a.s.mined(a.s.current(), hash); l != nil {
			return l.receipt(i), nil
		}
		select {
		case <-w.wake:
		case <-timeout.C:
			text := fmt.Sprintf("The transaction was added to the transaction pool but wasn't processed in %v", patience)
			return nil, &fault{text: text, code: codeSyncTimeout, data: hash.Hex()}
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-a.s.ended:
			return nil, errClosed
		}
	}
}

var errClosed = errors.New("the server is closed")

// SendTransaction takes a transaction in that nobody signed, of a sender that is impersonated.
func (a *ethAPI) SendTransaction(ctx context.Context, args callArgs) (hash common.Hash, err error) {
	err = a.s.sendAs(ctx, func(ctx context.Context, b *branch) (*transaction, error) {
		tx, err := a.s.complete(ctx, b, args)
		if err == nil {
			hash = tx.Hash()
		}
		return tx, err
	})
	return hash, err
}

// complete fills in what a transaction leaves out, and forges its signature.
func (s *Server) complete(ctx context.Context, b *branch, args callArgs) (*transaction, error) {
	from := args.from()
	if !b.next.anybody && !b.next.actors[from] {
		return nil, fmt.Errorf("unknown account: %s is not impersonated, so its transactions have to be signed (or see anvil_impersonateAccount)", from.Hex())
	}
	if args.Data != nil && args.Input != nil && !bytes.Equal(*args.Data, *args.Input) {
		return nil, errors.New(`both "data" and "input" are set and not equal. Please use "input" to pass transaction call data`)
	}
	if args.To == nil && len(args.data()) == 0 {
		return nil, errors.New("contract creation without any data provided")
	}
	if err := args.check(b.chainID); err != nil {
		return nil, err
	}
	env := b.grow(s.now())
	if err := b.feesFor(&args, &env.BaseFee, &env.BlobFee); err != nil {
		return nil, err
	}
	acc, err := b.state.View().Account(ctx, from)
	if err != nil {
		return nil, err
	}
	nonce := b.nonceAfter(from, acc.Nonce)
	if args.Nonce != nil {
		nonce = uint64(*args.Nonce)
	}
	gas, err := s.gasFor(ctx, b, &args)
	if err != nil {
		return nil, err
	}
	msg := args.message(nonce, gas)
	return forge(args.transaction(&msg, b.chainID), from)
}

// gasFor is the gas limit that a transaction asks for, else an estimate.
func (s *Server) gasFor(ctx context.Context, b *branch, args *callArgs) (uint64, error) {
	if args.Gas != nil {
		return uint64(*args.Gas), nil
	}
	p, err := b.at(b.head())
	if err != nil {
		return 0, err
	}
	c, err := s.prepare(ctx, p, args, nil, blockOverrides{})
	if err != nil {
		return 0, err
	}
	c.env = b.grow(s.now())
	c.env.Unpriced = true
	return s.estimate(ctx, c, nil)
}

// forge puts the sender in the place of a signature, so that equal transactions of two senders have two hashes. It is no signature of
// the sender's: no chain takes it for one.
func forge(tx *types.Transaction, from common.Address) (*transaction, error) {
	r, s := new(big.Int).SetBytes(from[:]), big.NewInt(1)
	id := tx.ChainId()
	var data types.TxData
	switch tx.Type() {
	case types.LegacyTxType:
		data = &types.LegacyTx{
			Nonce: tx.Nonce(), GasPrice: tx.GasPrice(), Gas: tx.Gas(), To: tx.To(), Value: tx.Value(), Data: tx.Data(), V: big.NewInt(27), R: r, S: s,
		}
	case types.AccessListTxType:
		data = &types.AccessListTx{
			ChainID: id, Nonce: tx.Nonce(), GasPrice: tx.GasPrice(), Gas: tx.Gas(), To: tx.To(), Value: tx.Value(), Data: tx.Data(),
			AccessList: tx.AccessList(), V: new(big.Int), R: r, S: s,
		}
	case types.DynamicFeeTxType:
		data = &types.DynamicFeeTx{
			ChainID: id, Nonce: tx.Nonce(), GasTipCap: tx.GasTipCap(), GasFeeCap: tx.GasFeeCap(), Gas: tx.Gas(), To: tx.To(), Value: tx.Value(),
			Data: tx.Data(), AccessList: tx.AccessList(), V: new(big.Int), R: r, S: s,
		}
	case types.BlobTxType:
		data = &types.BlobTx{
			ChainID: uint256.MustFromBig(id), Nonce: tx.Nonce(), GasTipCap: uint256.MustFromBig(tx.GasTipCap()), GasFeeCap: uint256.MustFromBig(tx.GasFeeCap()),
			Gas: tx.Gas(), To: *tx.To(), Value: uint256.MustFromBig(tx.Value()), Data: tx.Data(), AccessList: tx.AccessList(),
			BlobFeeCap: uint256.MustFromBig(tx.BlobGasFeeCap()), BlobHashes: tx.BlobHashes(),
			V: new(uint256.Int), R: uint256.MustFromBig(r), S: uint256.MustFromBig(s),
		}
	case types.SetCodeTxType:
		data = &types.SetCodeTx{
			ChainID: uint256.MustFromBig(id), Nonce: tx.Nonce(), GasTipCap: uint256.MustFromBig(tx.GasTipCap()), GasFeeCap: uint256.MustFromBig(tx.GasFeeCap()),
			Gas: tx.Gas(), To: *tx.To(), Value: uint256.MustFromBig(tx.Value()), Data: tx.Data(), AccessList: tx.AccessList(),
			AuthList: tx.SetCodeAuthorizations(), V: new(uint256.Int), R: uint256.MustFromBig(r), S: uint256.MustFromBig(s),
		}
	default:
		return nil, errType
	}
	return &transaction{Transaction: types.NewTx(data), from: from, forged: true}, nil
}
