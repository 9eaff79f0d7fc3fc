package wallet_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/internal/store"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

var friend = common.HexToAddress("0x00000000000000000000000000000000000000f1")

// bench is a wallet, a network and a database that a test plays with. open is what a start of the program does.
type bench struct {
	net    *ledgerless
	clock  *stepClock
	keys   *wallet.Keys
	policy *wallet.Policy
	path   string
	hook   func(wallet.Point)
	conf   uint64
}

// One wallet for all tests.
var shared = sync.OnceValues(func() (*wallet.Keys, common.Address) {
	dir, err := filepath.Abs(filepath.Join(tempDir, "keys"))
	if err != nil {
		panic(err)
	}
	keys, err := wallet.OpenKeys(dir, wallet.Weak)
	if err != nil {
		panic(err)
	}
	account, err := keys.Create([]byte("password"))
	if err != nil {
		panic(err)
	}
	return keys, account.Address
})

func newBench(t testing.TB) *bench {
	t.Helper()
	keys, account := shared()
	policy := wallet.DefaultPolicy()
	policy.Tokens = []wallet.TokenLimit{{Chain: "devnet", Symbol: "ETH", Decimals: 18, PerTx: "2", PerDay: "5"}}
	return &bench{
		net:    newLedgerless(account),
		clock:  newClock(),
		keys:   keys,
		policy: policy,
		path:   filepath.Join(t.TempDir(), "keymaker.db"),
	}
}

func (b *bench) open(t testing.TB) (*wallet.Gate, *store.Store) {
	t.Helper()
	s, err := store.Open(context.Background(), b.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	g := wallet.NewGate(wallet.GateConfig{
		Keys: b.keys, Policy: b.policy, Store: s, Remote: b.net, Clock: b.clock, Hook: b.hook, Confirmations: b.conf,
	})
	return g, s
}

// pay proposes payments of one ETH, each its own transaction.
func (b *bench) pay(times int) wallet.Proposal {
	p := wallet.Proposal{
		Run: "run", Origin: "test", Title: "Send ETH", Network: b.net.Network(), Account: b.net.account,
		Bound: chain.Bound{Recipient: &friend},
	}
	var sum uint256.Int
	one := uint256.NewInt(1e18)
	for range times {
		p.Calls = append(p.Calls, chain.Call{ChainID: chainID, From: b.net.account, To: &friend, Value: *one})
		sum.Add(&sum, one)
	}
	p.Bound.Out = []chain.Amount{chain.NewAmount(&sum, ether)}
	return p
}

func (b *bench) prepare(t testing.TB, g *wallet.Gate, times int) *wallet.Prepared {
	t.Helper()
	p, err := g.PrepareOn(context.Background(), pinned{l: b.net}, b.pay(times))
	if err != nil {
		t.Fatal(err)
	}
	if p.Verdict.Decision == wallet.Deny {
		t.Fatalf("denied: %+v", p.Verdict.Findings)
	}
	return p
}

func (b *bench) yes(p *wallet.Prepared) wallet.Approval {
	return wallet.Approve(p, "test", b.clock.Now())
}

func right(context.Context, common.Address, int) ([]byte, error) { return []byte("password"), nil }

func TestAPaymentGoesFromProposalToReceipt(t *testing.T) {
	b := newBench(t)
	g, s := b.open(t)
	p := b.prepare(t, g, 2)
	if p.Verdict.Decision != wallet.Ask || p.Verdict.Findings[0].Reason != refusal.NewRecipient {
		t.Errorf("verdict = %+v", p.Verdict)
	}
	if len(p.Outflow) != 1 || p.Outflow[0].String() != "2 ETH" || p.MaxFee.IsZero() {
		t.Errorf("outflow %v, fee %v", p.Outflow, p.MaxFee)
	}
	var moves []string
	receipts, err := g.Execute(context.Background(), p, b.yes(p), right, func(u wallet.Update) {
		moves = append(moves, fmt.Sprintf("%d/%d %s", u.Index+1, u.Count, u.State))
	})
	if err != nil || len(receipts) != 2 {
		t.Fatalf("Execute = %v, %v", receipts, err)
	}
	want := []string{"1/2 reserved", "2/2 reserved", "1/2 signed", "2/2 signed", "1/2 broadcast", "1/2 mined", "2/2 broadcast", "2/2 mined"}
	if !slices.Equal(moves, want) {
		t.Errorf("moves = %v", moves)
	}
	if r := receipts[0]; r.State != wallet.Mined || r.Fee.String() != "0.000021 ETH" || r.Tx != b.net.mined[0].Hash() {
		t.Errorf("receipt = %+v", r)
	}
	for i, tx := range b.net.mined {
		if tx.Type() != types.DynamicFeeTxType || tx.Nonce() != uint64(i) || tx.Gas() != 21_000 || tx.GasFeeCap().Uint64() != 2e9+1e6 {
			t.Errorf("transaction %d: %+v", i, tx)
		}
	}
	if again := b.prepare(t, g, 1); again.Verdict.Decision != wallet.Allow {
		t.Errorf("the second payment: %+v", again.Verdict)
	}
	if open, err := s.Open(context.Background(), chainID); err != nil || len(open) > 0 {
		t.Errorf("open = %v, %v", open, err)
	}
}

func TestOnlyWhatWasApprovedIsSigned(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*bench, *wallet.Prepared, *wallet.Approval)
		want   refusal.Reason
	}{
		"nobody approved":      {func(_ *bench, _ *wallet.Prepared, a *wallet.Approval) { *a = wallet.Approval{} }, refusal.NeedsApproval},
		"no name":              {func(_ *bench, _ *wallet.Prepared, a *wallet.Approval) { a.By = "" }, refusal.NeedsApproval},
		"other digest":         {func(_ *bench, _ *wallet.Prepared, a *wallet.Approval) { a.Digest[0] ^= 1 }, refusal.DigestMismatch},
		"both digests":         {func(_ *bench, p *wallet.Prepared, a *wallet.Approval) { p.Digest[0] ^= 1; a.Digest = p.Digest }, refusal.DigestMismatch},
		"other bytes":          {changeTx(func(tx *types.DynamicFeeTx) { tx.Data = []byte{1} }), refusal.DigestMismatch},
		"other recipient":      {changeTx(func(tx *types.DynamicFeeTx) { tx.To = &common.Address{1} }), refusal.DigestMismatch},
		"other value":          {changeTx(func(tx *types.DynamicFeeTx) { tx.Value.SetUint64(7) }), refusal.DigestMismatch},
		"other nonce":          {changeTx(func(tx *types.DynamicFeeTx) { tx.Nonce++ }), refusal.DigestMismatch},
		"other gas":            {changeTx(func(tx *types.DynamicFeeTx) { tx.Gas++ }), refusal.DigestMismatch},
		"other fee":            {changeTx(func(tx *types.DynamicFeeTx) { tx.GasFeeCap.SetUint64(9e9) }), refusal.DigestMismatch},
		"one transaction more": {func(_ *bench, p *wallet.Prepared, _ *wallet.Approval) { p.Txs = append(p.Txs, p.Txs[0]) }, refusal.DigestMismatch},
		"one transaction less": {func(_ *bench, p *wallet.Prepared, _ *wallet.Approval) { p.Txs = p.Txs[:1] }, refusal.DigestMismatch},
		"other account":        {func(_ *bench, p *wallet.Prepared, _ *wallet.Approval) { p.Account = friend }, refusal.DigestMismatch},
		"more may leave":       {func(_ *bench, p *wallet.Prepared, _ *wallet.Approval) { p.Bound.Out = nil }, refusal.DigestMismatch},
		"longer": {func(b *bench, p *wallet.Prepared, a *wallet.Approval) {
			p.Expires = p.Expires.Add(time.Hour)
			a.Expires = p.Expires
		}, refusal.DigestMismatch},
		"the approval alone longer": {func(_ *bench, _ *wallet.Prepared, a *wallet.Approval) { a.Expires = a.Expires.Add(time.Hour) }, refusal.DigestMismatch},
		"too late":                  {func(b *bench, _ *wallet.Prepared, _ *wallet.Approval) { b.clock.add(2 * time.Minute) }, refusal.ApprovalExpired},
		"the nonce was used since":  {func(b *bench, _ *wallet.Prepared, _ *wallet.Approval) { b.net.foreign() }, refusal.DigestMismatch},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			g, s := b.open(t)
			p := b.prepare(t, g, 2)
			a := b.yes(p)
			before := len(b.net.mined)
			c.change(b, p, &a)
			asked := 0
			_, err := g.Execute(context.Background(), p, a, func(ctx context.Context, who common.Address, n int) ([]byte, error) {
				asked++
				return right(ctx, who, n)
			}, nil)
			if !refusal.Is(err, c.want) {
				t.Errorf("Execute = %v, want %s", err, c.want)
			}
			if asked > 0 {
				t.Error("the password was asked for in vain")
			}
			if len(b.net.sent) > 0 || len(b.net.mined) > before+1 {
				t.Error("something was sent")
			}
			if open, err := s.Open(context.Background(), chainID); err != nil || len(open) > 0 {
				t.Errorf("open = %v, %v", open, err)
			}
		})
	}
}

func changeTx(change func(*types.DynamicFeeTx)) func(*bench, *wallet.Prepared, *wallet.Approval) {
	return func(_ *bench, p *wallet.Prepared, _ *wallet.Approval) {
		old := p.Txs[0]
		tx := &types.DynamicFeeTx{
			ChainID: old.ChainId(), Nonce: old.Nonce(), GasTipCap: old.GasTipCap(), GasFeeCap: old.GasFeeCap(), Gas: old.Gas(),
			To: old.To(), Value: old.Value(), Data: old.Data(),
		}
		change(tx)
		p.Txs[0] = types.NewTx(tx)
	}
}

func TestAVerdictThatWasChangedAfterwardsDoesNotCount(t *testing.T) {
	b := newBench(t)
	b.policy.Recipients.Deny = []common.Address{friend}
	g, _ := b.open(t)
	p, err := g.PrepareOn(context.Background(), pinned{l: b.net}, b.pay(1))
	if err != nil || p.Verdict.Decision != wallet.Deny {
		t.Fatalf("Prepare = %+v, %v", p, err)
	}
	p.Verdict = wallet.Verdict{Decision: wallet.Allow}
	if _, err := g.Execute(context.Background(), p, b.yes(p), right, nil); !refusal.Is(err, refusal.RecipientDenied) {
		t.Errorf("Execute = %v", err)
	}
}

func TestAnotherGateDoesNotTakeWhatItDidNotPrepare(t *testing.T) {
	b := newBench(t)
	g, _ := b.open(t)
	other, _ := b.open(t)
	p := b.prepare(t, g, 1)
	if _, err := other.Execute(context.Background(), p, b.yes(p), right, nil); !refusal.Is(err, refusal.DigestMismatch) {
		t.Errorf("Execute = %v", err)
	}
}

func TestAnApprovalIsUsedOnce(t *testing.T) {
	b := newBench(t)
	g, _ := b.open(t)
	p := b.prepare(t, g, 1)
	if _, err := g.Execute(context.Background(), p, b.yes(p), right, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Execute(context.Background(), p, b.yes(p), right, nil); !refusal.Is(err, refusal.ApprovalUsed) {
		t.Errorf("a second Execute = %v", err)
	}
	if len(b.net.mined) != 1 {
		t.Errorf("%d mined", len(b.net.mined))
	}
}

func TestADryRunIsJudgedAsTheLiveRunWillBe(t *testing.T) {
	var verdicts [2][]wallet.Verdict
	for i, dry := range []bool{false, true} {
		b := newBench(t)
		b.policy.Tokens[0].PerDay = "3"
		g, _ := b.open(t)
		for step := range uint64(2) {
			on := pinned{l: b.net}
			if dry {
				on.ahead = 2 * step
			}
			p, err := g.PrepareOn(context.Background(), on, b.pay(2))
			if err != nil {
				t.Fatal(err)
			}
			verdicts[i] = append(verdicts[i], p.Verdict)
			if dry || p.Verdict.Decision == wallet.Deny {
				continue
			}
			if _, err := g.Execute(context.Background(), p, b.yes(p), right, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !reflect.DeepEqual(verdicts[0], verdicts[1]) {
		t.Errorf("live %+v\ndry %+v", verdicts[0], verdicts[1])
	}
	if got := verdicts[1][1]; got.Decision != wallet.Deny || got.Findings[0].Reason != refusal.DayLimit {
		t.Errorf("two and two of three: %+v", got)
	}
}

func TestADryRunThatFailsIsNeverSigned(t *testing.T) {
	b := newBench(t)
	g, _ := b.open(t)
	proposal := b.pay(1)
	proposal.Calls[0].Data = []byte{1}
	p, err := g.PrepareOn(context.Background(), pinned{l: b.net}, proposal)
	if err != nil || p.Verdict.Decision != wallet.Deny || len(p.Txs) > 0 {
		t.Fatalf("Prepare = %+v, %v", p, err)
	}
	if _, err := g.Execute(context.Background(), p, b.yes(p), right, nil); !refusal.Is(err, refusal.Reverted) {
		t.Errorf("Execute = %v", err)
	}
}

func TestThreeWrongPasswordsLockAndNothingIsReserved(t *testing.T) {
	b := newBench(t)
	g, s := b.open(t)
	p := b.prepare(t, g, 1)
	var attempts []int
	_, err := g.Execute(context.Background(), p, b.yes(p), func(_ context.Context, _ common.Address, n int) ([]byte, error) {
		attempts = append(attempts, n)
		return []byte("wrong"), nil
	}, nil)
	if !refusal.Is(err, refusal.Locked) || !slices.Equal(attempts, []int{1, 2, 3}) {
		t.Errorf("Execute = %v after %v", err, attempts)
	}
	if used, err := s.Used(context.Background(), p.Digest); used || err != nil {
		t.Errorf("Used = %t, %v", used, err)
	}
	third := func(ctx context.Context, who common.Address, n int) ([]byte, error) {
		if n < 3 {
			return []byte("wrong"), nil
		}
		return right(ctx, who, n)
	}
	if _, err := g.Execute(context.Background(), p, b.yes(p), third, nil); err != nil {
		t.Errorf("right at the third try = %v", err)
	}
}

func TestAPasswordTypedTooLateSignsNothing(t *testing.T) {
	b := newBench(t)
	g, _ := b.open(t)
	p := b.prepare(t, g, 1)
	_, err := g.Execute(context.Background(), p, b.yes(p), func(ctx context.Context, who common.Address, n int) ([]byte, error) {
		b.clock.add(time.Hour)
		return right(ctx, who, n)
	}, nil)
	if !refusal.Is(err, refusal.ApprovalExpired) || len(b.net.sent) > 0 {
		t.Errorf("Execute = %v, sent %v", err, b.net.sent)
	}
}

func TestAWatchedAccountIsRefusedBeforeThePasswordIsAsked(t *testing.T) {
	b := newBench(t)
	dir := filepath.Join(t.TempDir(), "keys")
	keys, err := wallet.OpenKeys(dir, wallet.Weak)
	if err != nil {
		t.Fatal(err)
	}
	if err := keys.Watch(b.net.account, "cold"); err != nil {
		t.Fatal(err)
	}
	b.keys = keys
	g, _ := b.open(t)
	p := b.prepare(t, g, 1)
	if _, err := g.Execute(context.Background(), p, b.yes(p), nil, nil); !refusal.Is(err, refusal.WatchOnly) {
		t.Errorf("Execute = %v", err)
	}
}

func TestAFailureReleasesTheRest(t *testing.T) {
	b := newBench(t)
	g, s := b.open(t)
	b.net.failing[0] = true
	p := b.prepare(t, g, 2)
	receipts, err := g.Execute(context.Background(), p, b.yes(p), right, nil)
	if !refusal.Is(err, refusal.TxFailed) || len(receipts) != 1 || receipts[0].State != wallet.Failed {
		t.Errorf("Execute = %v, %v", receipts, err)
	}
	if len(b.net.mined) != 1 || len(b.net.sent[1]) > 0 {
		t.Errorf("the second transaction was sent all the same: %v", b.net.sent)
	}
	spent, err := s.Spent(context.Background(), chainID, b.net.account, b.clock.Now().UTC().Format(time.DateOnly))
	if err != nil || len(spent) > 0 {
		t.Errorf("spent = %v, %v", spent, err)
	}
}

func TestTheNodesRefusalIsToldAndGivesTheNonceBack(t *testing.T) {
	b := newBench(t)
	g, s := b.open(t)
	b.net.onSend = func(*types.Transaction) error { return refusal.New(refusal.TxRejected, "insufficient funds for gas") }
	p := b.prepare(t, g, 2)
	if _, err := g.Execute(context.Background(), p, b.yes(p), right, nil); !refusal.Is(err, refusal.TxRejected) {
		t.Errorf("Execute = %v", err)
	}
	if next, err := s.NextNonce(context.Background(), chainID, b.net.account); next != 0 || err != nil {
		t.Errorf("next nonce %d, %v", next, err)
	}
}

func TestAnAnswerThatIsLostDoesNotSendTwice(t *testing.T) {
	b := newBench(t)
	g, _ := b.open(t)
	b.net.lost = errors.New("timeout")
	p := b.prepare(t, g, 2)
	receipts, err := g.Execute(context.Background(), p, b.yes(p), right, nil)
	if err != nil || len(receipts) != 2 {
		t.Errorf("Execute = %v, %v", receipts, err)
	}
	if n, twice := b.net.onlyOnce(); n != 2 || len(twice) > 0 {
		t.Errorf("%d mined, twice %v", n, twice)
	}
}

func TestARejectionOfBytesThatTheNodeHasIsNone(t *testing.T) {
	b := newBench(t)
	g, _ := b.open(t)
	b.net.manual = true
	b.net.onSend = func(tx *types.Transaction) error { // another process was faster with the same bytes
		b.net.pool[tx.Nonce()] = tx
		return refusal.New(refusal.TxRejected, "already known")
	}
	b.clock.onSleep = func(int) { b.net.mine() }
	p := b.prepare(t, g, 1)
	if receipts, err := g.Execute(context.Background(), p, b.yes(p), right, nil); err != nil || len(receipts) != 1 {
		t.Errorf("Execute = %v, %v", receipts, err)
	}
}

func TestASendThatGotLostIsRepeatedWithTheSameBytes(t *testing.T) {
	b := newBench(t)
	g, _ := b.open(t)
	tries := 0
	b.net.onSend = func(*types.Transaction) error {
		if tries++; tries <= 2 {
			return errors.New("connection reset")
		}
		return nil
	}
	p := b.prepare(t, g, 1)
	if _, err := g.Execute(context.Background(), p, b.yes(p), right, nil); err != nil {
		t.Errorf("Execute = %v", err)
	}
	if n, twice := b.net.onlyOnce(); n != 1 || len(twice) > 0 || tries != 3 {
		t.Errorf("%d mined, twice %v, %d sends", n, twice, tries)
	}
}

func TestANonceUsedByAnotherProgramIsSeen(t *testing.T) {
	b := newBench(t)
	b.net.manual = true
	g, _ := b.open(t)
	p := b.prepare(t, g, 2)
	b.clock.onSleep = func(n int) {
		if n == 3 {
			b.net.foreign()
		}
	}
	var last wallet.State
	_, err := g.Execute(context.Background(), p, b.yes(p), right, func(u wallet.Update) {
		if u.Index == 0 {
			last = u.State
		}
	})
	if !refusal.Is(err, refusal.TxRejected) || last != wallet.Dropped {
		t.Errorf("Execute = %v, the transaction is %s", err, last)
	}
	if len(b.net.sent[1]) > 0 {
		t.Error("the sequence went on")
	}
}

func TestASlowReceiptIsNoForeignNonce(t *testing.T) {
	b := newBench(t)
	g, _ := b.open(t)
	b.net.blind = 20
	p := b.prepare(t, g, 1)
	if receipts, err := g.Execute(context.Background(), p, b.yes(p), right, nil); err != nil || len(receipts) != 1 {
		t.Errorf("Execute = %v, %v", receipts, err)
	}
}

func TestWithoutAReceiptInTimeItIsUnconfirmedAndTheNextStartFindsIt(t *testing.T) {
	b := newBench(t)
	b.net.manual = true
	g, s := b.open(t)
	p := b.prepare(t, g, 1)
	if _, err := g.Execute(context.Background(), p, b.yes(p), right, nil); !refusal.Is(err, refusal.Unconfirmed) {
		t.Fatalf("Execute = %v", err)
	}
	if _, err := g.PrepareOn(context.Background(), pinned{l: b.net}, b.pay(1)); !refusal.Is(err, refusal.NoSimulation) {
		t.Errorf("Prepare beside an open transaction = %v", err)
	}
	s.Close()
	b.net.mine()
	g, _ = b.open(t)
	receipts, err := g.Resume(context.Background(), nil, nil)
	if err != nil || len(receipts) != 1 || receipts[0].State != wallet.Mined {
		t.Errorf("Resume = %v, %v", receipts, err)
	}
	if receipts, err := g.Resume(context.Background(), nil, nil); err != nil || len(receipts) > 0 {
		t.Errorf("a second Resume = %v, %v", receipts, err)
	}
	if n, twice := b.net.onlyOnce(); n != 1 || len(twice) > 0 {
		t.Errorf("%d mined, twice %v", n, twice)
	}
}

func TestAReorgPutsItBackAndTheSameBytesAreSentAgain(t *testing.T) {
	b := newBench(t)
	b.conf = 3
	g, _ := b.open(t)
	p := b.prepare(t, g, 1)
	b.clock.onSleep = func(n int) {
		if n == 1 {
			b.net.reorg()
		}
		b.net.mine()
	}
	var states []wallet.State
	receipts, err := g.Execute(context.Background(), p, b.yes(p), right, func(u wallet.Update) { states = append(states, u.State) })
	if err != nil || len(receipts) != 1 {
		t.Errorf("Execute = %v, %v", receipts, err)
	}
	want := []wallet.State{wallet.Reserved, wallet.Signed, wallet.Broadcast, wallet.Mined, wallet.Reorged, wallet.Mined}
	if !slices.Equal(states, want) {
		t.Errorf("states = %v", states)
	}
	if n, twice := b.net.onlyOnce(); n != 1 || len(twice) > 0 {
		t.Errorf("%d mined, twice %v", n, twice)
	}
}

func TestAnInterruptSendsNothingMore(t *testing.T) {
	b := newBench(t)
	b.net.manual = true
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	b.clock.onSleep = func(n int) {
		if n == 2 {
			cancel()
		}
	}
	g, s := b.open(t)
	p := b.prepare(t, g, 2)
	if _, err := g.Execute(ctx, p, b.yes(p), right, nil); !refusal.Is(err, refusal.Interrupted) {
		t.Errorf("Execute = %v", err)
	}
	open, err := s.Open(context.Background(), chainID)
	if err != nil || len(open) != 1 || open[0].Txs[0].State != wallet.Broadcast || open[0].Txs[1].State != wallet.Released {
		t.Fatalf("open = %+v, %v", open, err)
	}
	b.net.mine()
	if receipts, err := g.Resume(context.Background(), right, nil); len(receipts) != 1 || err != nil {
		t.Errorf("Resume = %v, %v", receipts, err)
	}
	if len(b.net.mined) != 1 {
		t.Errorf("%d mined", len(b.net.mined))
	}
}

func TestTwoGatesOnOneDatabaseNeverPassTheBudget(t *testing.T) {
	b := newBench(t)
	b.policy.Recipients.Unknown = wallet.ChooseAllow
	var gates []*wallet.Gate
	for range 2 {
		g, _ := b.open(t)
		gates = append(gates, g)
	}
	var wg sync.WaitGroup
	for _, g := range gates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 6 { // twelve payments of one, and the day takes five
				p, err := g.PrepareOn(context.Background(), pinned{l: b.net}, b.pay(1))
				if err != nil {
					continue
				}
				_, _ = g.Execute(context.Background(), p, b.yes(p), right, nil)
			}
		}()
	}
	wg.Wait()
	for range 6 { // what lost a race for a nonce may try again
		p, err := gates[0].PrepareOn(context.Background(), pinned{l: b.net}, b.pay(1))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = gates[0].Execute(context.Background(), p, b.yes(p), right, nil)
	}
	if n, twice := b.net.onlyOnce(); n != 5 || len(twice) > 0 {
		t.Errorf("%d mined of 5, twice %v", n, twice)
	}
}

func BenchmarkSendToReceipt(b *testing.B) {
	x := newBench(b)
	x.policy.Tokens[0].PerDay = "1000000"
	g, _ := x.open(b)
	for b.Loop() {
		p := x.prepare(b, g, 1)
		if _, err := g.Execute(context.Background(), p, x.yes(p), right, nil); err != nil {
			b.Fatal(err)
		}
	}
}
