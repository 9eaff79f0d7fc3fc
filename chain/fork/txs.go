package fork

import (
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/core/types"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork/evm"
)

// ErrUnsigned says that a transaction has no signature, or none that names a sender.
var ErrUnsigned = errors.New("no sender can be told from the signature")

// ErrNoGas says that a transaction has no gas, so that no block could hold it. A Tx without gas is one whose limit is to be found.
var ErrNoGas = errors.New("a transaction without gas")

// ErrNoTx says that bytes are not a transaction of Ethereum.
var ErrNoTx = errors.New("not a signed transaction of Ethereum")

// TxOf is a signed transaction of any type, with the sender that its signature names. One of a type before EIP-1559 has its gas price
// in both caps. One from before EIP-155 is good on every chain: its ChainID is zero, for the caller to set.
func TxOf(tx *types.Transaction) (Tx, error) {
	if tx.Gas() == 0 {
		return Tx{}, ErrNoGas
	}
	var signer types.Signer = types.HomesteadSigner{}
	if tx.Protected() {
		signer = types.LatestSignerForChainID(tx.ChainId())
	}
	from, err := types.Sender(signer, tx)
	if err != nil {
		return Tx{}, fmt.Errorf("%w: %w", ErrUnsigned, err)
	}
	if !tx.ChainId().IsUint64() {
		return Tx{}, fmt.Errorf("chain %s: %w", tx.ChainId(), evm.ErrTooLarge)
	}
	msg, err := evm.MessageOf(tx, from)
	if err != nil {
		return Tx{}, err
	}
	nonce := tx.Nonce()
	t := Tx{
		Call: chain.Call{ChainID: tx.ChainId().Uint64(), From: from, To: tx.To(), Value: msg.Value, Data: tx.Data()},
		Gas:  tx.Gas(), GasFeeCap: &msg.FeeCap, GasTipCap: &msg.TipCap, Nonce: &nonce,
		AccessList: tx.AccessList(), Delegations: tx.SetCodeAuthorizations(), Blobs: tx.BlobHashes(),
	}
	if !tx.Protected() {
		t.ChainID = 0
	}
	if len(t.Blobs) > 0 {
		t.BlobFeeCap = &msg.BlobFeeCap
	}
	return t, nil
}

// ParseTx is TxOf of the bytes that eth_sendRawTransaction takes. What they carry besides, as the blobs themselves, is left out.
func ParseTx(raw []byte) (Tx, error) {
	var tx types.Transaction
	if err := tx.UnmarshalBinary(raw); err != nil {
		return Tx{}, fmt.Errorf("%w: %w", ErrNoTx, err)
	}
	return TxOf(&tx)
}
