package server

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto/kzg4844"

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

const (
	mostTxBytes  = 128 << 10 // of a transaction, blobs aside, as nodes take in
	mostInitCode = 49_152    // EIP-3860
	mostTxGas    = 1 << 24   // EIP-7825, since Osaka
)

// eraOf is the era that brought a type of transaction.
var eraOf = map[uint8]pinned.Era{
	types.LegacyTxType: pinned.London, types.AccessListTxType: pinned.London, types.DynamicFeeTxType: pinned.London,
	types.BlobTxType: pinned.Cancun, types.SetCodeTxType: pinned.Prague,
}

// parse reads a signed transaction. One without a chain id (from before EIP-155) is taken, though nodes refuse it by default: the
// deployers that are at the same address on every chain came about by such. Blobs are held against their hashes and let go: no block has them.
func (b *branch) parse(raw []byte) (*transaction, error) {
	tx := new(types.Transaction)
	if err := tx.UnmarshalBinary(raw); err != nil {
		return nil, err
	}
	if era, known := eraOf[tx.Type()]; !known || b.remote.Rules().Era < era {
		return nil, fmt.Errorf("%w: type %d rejected", errType, tx.Type())
	}
	from, err := types.Sender(b.signer, tx)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errSender, err)
	}
	if tx.Type() == types.BlobTxType {
		if err := checkBlobs(tx); err != nil {
			return nil, err
		}
		tx = tx.WithoutBlobTxSidecar()
	}
	return &transaction{Transaction: tx, from: from}, nil
}

// checkBlobs holds the blobs of a transaction against its hashes and their proofs.
func checkBlobs(tx *types.Transaction) error {
	sidecar := tx.BlobTxSidecar()
	if sidecar == nil {
		return errNoSidecar
	}
	if err := sidecar.ValidateBlobCommitmentHashes(tx.BlobHashes()); err != nil {
		return err
	}
	if sidecar.Version == types.BlobSidecarVersion1 {
		if len(sidecar.Proofs) != len(sidecar.Commitments)*kzg4844.CellProofsPerBlob {
			return fmt.Errorf("invalid number of %d blob proofs", len(sidecar.Proofs))
		}
		return kzg4844.VerifyCellProofs(sidecar.Blobs, sidecar.Commitments, sidecar.Proofs)
	}
	if len(sidecar.Proofs) != len(sidecar.Blobs) {
		return fmt.Errorf("invalid number of %d blob proofs compared to %d blobs", len(sidecar.Proofs), len(sidecar.Blobs))
	}
	for i := range sidecar.Blobs {
		if err := kzg4844.VerifyBlobProof(&sidecar.Blobs[i], sidecar.Commitments[i], sidecar.Proofs[i]); err != nil {
			return fmt.Errorf("invalid blob %d: %w", i, err)
		}
	}
	return nil
}

// admit refuses what can be in no block, with go-ethereum's words. It returns the nonce that the sender's next transaction has.
func (s *Server) admit(ctx context.Context, b *branch, tx *transaction) (nonce uint64, err error) {
	if err := b.wellFormed(tx); err != nil {
		return 0, err
	}
	msg, err := tx.message()
	if err != nil {
		return 0, err
	}
	if l, _ := s.mined(b, tx.Hash()); l != nil || b.waiting(tx.Hash()) != nil {
		return 0, errKnown
	}
	w := b.over(b.state)
	w.Expect(callsOf([]*transaction{tx}), b.coinbase(), beaconRoots, history)
	acc, err := w.Account(ctx, tx.from)
	if err != nil {
		return 0, err
	}
	if tx.Nonce() < acc.Nonce {
		return 0, fmt.Errorf("%w: next nonce %d, tx nonce %d", evm.ErrNonceLow, acc.Nonce, tx.Nonce())
	}
	return acc.Nonce, funded(&msg, &acc.Balance)
}

// coinbase is who gets the tips of the next block.
func (b *branch) coinbase() common.Address { return b.grow(0).Coinbase }

// wellFormed refuses what no state could make right.
func (b *branch) wellFormed(tx *transaction) error {
	limit := b.grow(0).GasLimit
	osaka := b.remote.Rules().Era >= pinned.Osaka
	blobs := len(tx.BlobHashes())
	switch {
	case tx.Size() > mostTxBytes:
		return fmt.Errorf("%w: transaction size %d, limit %d", errOversized, tx.Size(), mostTxBytes)
	case tx.To() == nil && len(tx.Data()) > mostInitCode && b.remote.Rules().Era >= pinned.Shanghai:
		return fmt.Errorf("%w: code size %d, limit %d", evm.ErrInitCode, len(tx.Data()), mostInitCode)
	case osaka && tx.Gas() > mostTxGas:
		return fmt.Errorf("%w (cap: %d, tx: %d)", evm.ErrTxGas, mostTxGas, tx.Gas())
	case tx.Gas() > limit:
		return errGasLimit
	case tx.GasFeeCapIntCmp(tx.GasTipCap()) < 0:
		return evm.ErrTipAboveCap
	case tx.Nonce()+1 < tx.Nonce():
		return evm.ErrNonceMax
	case blobs > b.remote.Rules().MaxBlobs():
		return fmt.Errorf("%w: blob count %d, limit %d", errBlobLimit, blobs, b.remote.Rules().MaxBlobs())
	case tx.Type() == types.BlobTxType && blobs == 0:
		return errors.New("blobless blob transaction")
	case tx.Type() == types.SetCodeTxType && len(tx.SetCodeAuthorizations()) == 0:
		return errors.New("set code tx must have at least one authorization tuple")
	}
	return nil
}

// possible tries a transaction that has to wait, so that one that is refused whatever its nonce does not wait at all.
func (s *Server) possible(ctx context.Context, b *branch, tx *transaction) error {
	msg, err := tx.message()
	if err != nil {
		return err
	}
	msg.Unsigned = true // its nonce may be a later one
	env := b.grow(s.now())
	env.BaseFee.Clear() // fees change from block to block
	env.BlobFee.Clear()
	w := b.over(b.state)
	w.Expect(callsOf([]*transaction{tx}))
	m := evm.New(ctx, w, env, nil)
	defer m.Close()
	_, err = m.Try(msg, env.Time)
	return err
}

// tenthMore is what a replacement has to offer.
func tenthMore(n *big.Int) *big.Int {
	more := new(big.Int).Mul(n, big.NewInt(110))
	return more.Div(more, big.NewInt(100))
}
