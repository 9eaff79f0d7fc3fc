package wallet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
)

// signAll signs what is reserved, and stores each signature before anything is sent. Signatures are deterministic, so two
// processes that sign the same transaction store the same bytes.
func (g *Gate) signAll(ctx context.Context, s *Sequence, key *Key, watch func(*Tx)) error {
	for _, t := range s.Txs {
		if t.State != Reserved {
			continue
		}
		var plain types.Transaction
		if err := plain.UnmarshalBinary(t.Unsigned); err != nil {
			return fmt.Errorf("decode the stored transaction: %w", err)
		}
		signed, err := key.sign(&plain, s.ChainID)
		if err != nil {
			return fmt.Errorf("sign: %w", err)
		}
		if t.Raw, err = signed.MarshalBinary(); err != nil {
			return fmt.Errorf("encode the signed transaction: %w", err)
		}
		t.Hash = signed.Hash()
		if err := g.move(ctx, t, Sign, watch); err != nil {
			return err
		}
		g.c.Hook(AtSigned)
	}
	return nil
}

// finish takes the signed transactions to their receipts, one after the other. After one that fails, the rest is released.
func (g *Gate) finish(ctx context.Context, s *Sequence, watch func(*Tx)) ([]Receipt, error) {
	var receipts []Receipt
	for _, t := range s.Txs {
		err := g.settle(ctx, s, t, watch)
		if t.Receipt != nil && t.settled() {
			receipts = append(receipts, *t.Receipt)
		}
		if err == nil {
			continue
		}
		if !t.State.Open() {
			err = errors.Join(err, g.release(ctx, s, watch))
		}
		return receipts, err
	}
	return receipts, nil
}

// settle takes one signed transaction to its receipt.
func (g *Gate) settle(ctx context.Context, s *Sequence, t *Tx, watch func(*Tx)) error {
	if t.State == Signed {
		if err := g.move(ctx, t, Send, watch); err != nil {
			return err
		}
		g.c.Hook(AtBroadcast)
		if err := g.sendFirst(ctx, t, watch); err != nil {
			return err
		}
	}
	if t.pending() {
		if err := g.await(ctx, s, t, watch); err != nil {
			return err
		}
	}
	return t.outcome(s)
}

// outcome is the refusal that a state stands for; Mined stands for none.
func (t *Tx) outcome(s *Sequence) error {
	switch t.State {
	case Mined:
		return nil
	case Failed:
		return refusal.New(refusal.TxFailed, "transaction %d of %d, %s", t.Index+1, len(s.Txs), t.Hash)
	case Dropped:
		return refusal.New(refusal.TxRejected, "nonce %d of %s was used by a transaction that is not in this wallet", t.Nonce, s.Account)
	case Released:
		return expiredRefusal(s.Title, s.Approval.Expires)
	}
	return refusal.New(refusal.Unconfirmed, "transaction %d of %d, %s, is %s", t.Index+1, len(s.Txs), t.Hash, t.State)
}

// sendFirst hands over bytes that no node has seen. Only here does a rejection mean that the transaction is nowhere, and
// only if the node does not know it after all: another process may have sent the same bytes.
func (g *Gate) sendFirst(ctx context.Context, t *Tx, watch func(*Tx)) error {
	sent := g.c.Remote.Send(ctx, t.Raw)
	g.c.Hook(AtSent)
	if !refusal.Is(sent, refusal.TxRejected) {
		return nil // in the pool, or perhaps in the pool: the receipt will tell
	}
	ctx = context.WithoutCancel(ctx) // an interrupt may be why it was not sent
	if known, err := g.known(ctx, t); err != nil || known {
		return nil
	}
	if err := g.move(ctx, t, Reject, watch); err != nil {
		return err
	}
	if t.State != Released {
		return nil // another process knows better
	}
	return sent
}

const (
	resendEvery = 5                // polls
	foreignFor  = 15 * time.Second // so long every poll shows the nonce used and no trace of our transaction; endpoints lag behind themselves
)

// await polls until the transaction has a receipt that is deep enough. Meanwhile it sends the same bytes again where the node
// has lost them, and sees it where something else has used the nonce.
func (g *Gate) await(ctx context.Context, s *Sequence, t *Tx, watch func(*Tx)) error {
	end := g.c.Clock.Now().Add(g.c.ConfirmWithin)
	var foreign time.Time // since when the nonce looks used by something else; zero: it does not
	var lastErr error
	for poll := 0; ; poll++ {
		done, err := g.look(ctx, t, watch)
		if err == nil && t.pending() {
			foreign, err = g.chase(ctx, s, t, poll, foreign)
		}
		if err != nil {
			lastErr, foreign = err, time.Time{}
		}
		if !foreign.IsZero() && g.c.Clock.Now().Sub(foreign) >= foreignFor {
			return g.move(ctx, t, Drop, watch)
		}
		if done || !t.pending() && !t.settled() {
			return nil
		}
		if !g.c.Clock.Now().Before(end) {
			late := refusal.New(refusal.Unconfirmed, "%s has no receipt of the wanted depth after %s", t.Hash, g.c.ConfirmWithin)
			return late.Because(lastErr)
		}
		if err := g.c.Clock.Sleep(ctx, g.c.PollEvery); err != nil {
			return err
		}
	}
}

func (t *Tx) pending() bool { return t.State == Broadcast || t.State == Reorged }

func (t *Tx) settled() bool { return t.State == Mined || t.State == Failed }

// look reads the receipt and stores what it says. done means: the receipt is deep enough.
func (g *Gate) look(ctx context.Context, t *Tx, watch func(*Tx)) (done bool, err error) {
	got, err := g.c.Remote.Receipt(ctx, t.Hash)
	if err != nil {
		return false, err
	}
	if t.settled() && (got == nil || got.BlockNumber.Uint64() != t.Receipt.Block) {
		t.Receipt = nil
		if err := g.move(ctx, t, Reorg, watch); err != nil {
			return false, err
		}
	}
	if got == nil {
		return false, nil
	}
	if t.pending() {
		event := Include
		if got.Status != types.ReceiptStatusSuccessful {
			event = Revert
		}
		if t.Receipt, err = g.receipt(got, event); err != nil {
			return false, err
		}
		if err := g.move(ctx, t, event, watch); err != nil {
			return false, err
		}
		g.c.Hook(AtMined)
	}
	return g.deep(ctx, got.BlockNumber.Uint64())
}

// deep reports whether the newest block is so far above the receipt's as is wanted. One confirmation is asked for too: a node
// may serve a receipt a moment before its newest state, on which what comes next is read, holds it.
func (g *Gate) deep(ctx context.Context, block uint64) (bool, error) {
	head, err := g.c.Remote.Header(ctx)
	if err != nil {
		return false, err
	}
	return head.Number+1 >= block+max(g.c.Confirmations, 1), nil
}

// chase looks after a transaction without a receipt: it tells since when another one seems to have used its nonce, and sends it
// again where the node does not know it.
func (g *Gate) chase(ctx context.Context, s *Sequence, t *Tx, poll int, foreign time.Time) (time.Time, error) {
	var no time.Time
	known, err := g.known(ctx, t)
	if err != nil || known {
		return no, err
	}
	var mined hexutil.Uint64
	if err := g.c.Remote.Call(ctx, &mined, "eth_getTransactionCount", s.Account, "latest"); err != nil {
		return no, err
	}
	if uint64(mined) > t.Nonce {
		if foreign.IsZero() {
			foreign = g.c.Clock.Now()
		}
		return foreign, nil
	}
	if poll%resendEvery > 0 {
		return no, nil
	}
	genesis, err := g.genesis(ctx)
	if err != nil {
		return no, err
	}
	if genesis != s.Genesis {
		return no, otherChain(s, genesis)
	}
	return no, g.c.Remote.Send(ctx, t.Raw)
}

// known reports whether the node has the transaction, in its pool or in a block.
func (g *Gate) known(ctx context.Context, t *Tx) (bool, error) {
	var answer json.RawMessage
	if err := g.c.Remote.Call(ctx, &answer, "eth_getTransactionByHash", t.Hash); err != nil {
		return false, err
	}
	return len(answer) > 0 && string(answer) != "null", nil
}

func (g *Gate) receipt(r *types.Receipt, event Event) (*Receipt, error) {
	var price, fee uint256.Int
	if r.EffectiveGasPrice == nil || price.SetFromBig(r.EffectiveGasPrice) {
		return nil, refusal.New(refusal.RPCDown, "the receipt of %s has no price", r.TxHash)
	}
	if _, over := fee.MulOverflow(uint256.NewInt(r.GasUsed), &price); over {
		return nil, refusal.New(refusal.RPCDown, "the receipt of %s has a fee beyond all numbers", r.TxHash)
	}
	end := Mined
	if event == Revert {
		end = Failed
	}
	return &Receipt{
		Tx:      r.TxHash,
		State:   end,
		Block:   r.BlockNumber.Uint64(),
		GasUsed: r.GasUsed,
		Fee:     chain.NewAmount(&fee, g.c.Remote.Network().Native),
	}, nil
}

// release gives back what was never sent.
func (g *Gate) release(ctx context.Context, s *Sequence, watch func(*Tx)) error {
	for _, t := range s.Txs {
		if t.State != Reserved && t.State != Signed {
			continue
		}
		if err := g.move(ctx, t, Release, watch); err != nil {
			return err
		}
	}
	return nil
}

// move stores the event. Where another process was faster, what it stored counts, and t shows it.
func (g *Gate) move(ctx context.Context, t *Tx, on Event, watch func(*Tx)) error {
	err := g.c.Store.Move(ctx, t, on, g.c.Clock.Now())
	if errors.Is(err, ErrMoved) {
		err = g.c.Store.Reload(ctx, t)
	}
	if err != nil {
		return err
	}
	watch(t)
	return nil
}
