package wallet_test

import (
	"context"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

// changing is a state during whose simulation something happens.
type changing struct {
	pinned
	meanwhile func()
}

func (c changing) Simulate(ctx context.Context, txs []fork.Tx) (*fork.Effects, error) {
	e, err := c.pinned.Simulate(ctx, txs)
	c.meanwhile()
	return e, err
}

func TestWhatAProposerChangesAfterwardsIsNotSigned(t *testing.T) {
	b := newBench(t)
	g, _ := b.open(t)
	proposal, thief := b.pay(1), common.Address{0xee}
	to := friend
	proposal.Calls[0].To, proposal.Bound.Recipient = &to, &to
	p, err := g.PrepareOn(context.Background(), changing{pinned{l: b.net}, func() { to, proposal.Calls[0].Data = thief, []byte{1} }}, proposal)
	if err != nil {
		t.Fatal(err)
	}
	if tx := p.Txs[0]; *tx.To() != friend || len(tx.Data()) > 0 || *p.Bound.Recipient != friend {
		t.Errorf("simulated was a payment to %s, and signed would be %x to %s", friend, tx.Data(), tx.To())
	}
}

func TestWhatWasPreparedOnADryRunsStateIsNotSigned(t *testing.T) {
	b := newBench(t)
	g, _ := b.open(t)
	p, err := g.PrepareOn(context.Background(), pinned{l: b.net, ahead: 1}, b.pay(1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Execute(context.Background(), p, b.yes(p), right, nil); !refusal.Is(err, refusal.NoSimulation) || len(b.net.sent) > 0 {
		t.Errorf("Execute = %v, %d sent", err, len(b.net.sent))
	}
}

func TestAReceiptCountsOnceTheNewestStateHoldsIt(t *testing.T) {
	b := newBench(t)
	b.net.behind = 3
	g, _ := b.open(t)
	p := b.prepare(t, g, 1)
	receipts, err := g.Execute(context.Background(), p, b.yes(p), right, nil)
	if err != nil || len(receipts) != 1 {
		t.Fatalf("Execute = %v, %v", receipts, err)
	}
	if head, err := b.net.Header(context.Background()); err != nil || head.Number < receipts[0].Block {
		t.Errorf("it returned at block %d, the receipt is of block %d", head.Number, receipts[0].Block)
	}
}

func TestAnEndpointThatLagsBehindItselfIsNoForeignNonce(t *testing.T) {
	b := newBench(t)
	b.net.blind, b.net.hidden = 10, 10
	g, _ := b.open(t)
	p := b.prepare(t, g, 1)
	receipts, err := g.Execute(context.Background(), p, b.yes(p), right, nil)
	if err != nil || len(receipts) != 1 || receipts[0].State != wallet.Mined {
		t.Errorf("Execute = %v, %v", receipts, err)
	}
}

func TestTheFeeForDataOnLayer1CountsTwiceAgainstTheCap(t *testing.T) {
	b := newBench(t)
	g, _ := b.open(t)
	without := b.prepare(t, g, 2)
	b.net.levy = 24e15
	with := b.prepare(t, g, 2)
	if more, err := with.MaxFee.Sub(without.MaxFee); err != nil || more.String() != "0.096 ETH" {
		t.Errorf("two transactions may cost %s more, %v", more, err)
	}
	b.net.levy = 25e15 // twice that is the cap, and gas comes on top
	p, err := g.PrepareOn(context.Background(), pinned{l: b.net}, b.pay(1))
	if err != nil || p.Verdict.Decision != wallet.Deny || p.Verdict.Findings[0].Reason != refusal.FeeCap {
		t.Errorf("Prepare = %+v, %v", p.Verdict, err)
	}
}
