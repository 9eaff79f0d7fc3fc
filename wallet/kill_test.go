package wallet_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/internal/store"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

// killed is what a hook throws in place of a SIGKILL: nothing after it runs but deferred calls.
type killed struct{}

// run executes do until the hook kills it. It reports whether it was killed.
func run(do func()) (dead bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(killed); !ok {
				panic(r)
			}
			dead = true
		}
	}()
	do()
	return false
}

// Killed at every place where something was stored or sent, first once, then again and again while it resumes, a sequence
// ends with each of its transactions mined exactly once.
func TestKilledAnywhereItResumesAndNeverRepeats(t *testing.T) {
	const perRun = 2*4 + 1 // points of a sequence of two
	for at := 1; at <= perRun; at++ {
		t.Run(fmt.Sprint("point ", at), func(t *testing.T) { chaos(t, []int{at}) })
	}
	rapid.Check(t, func(r *rapid.T) {
		chaos(t, rapid.SliceOfN(rapid.IntRange(1, perRun), 1, 6).Draw(r, "kills"))
	})
}

// chaos kills the n-th time that something was stored or sent, for each n of kills one life of the program.
func chaos(t *testing.T, kills []int) {
	t.Helper()
	b := newBench(t)
	count, limit := 0, 0
	b.hook = func(wallet.Point) {
		if count++; count == limit {
			panic(killed{})
		}
	}
	ctx := context.Background()
	var receipts []wallet.Receipt
	for life := 0; life <= len(kills); life++ {
		count, limit = 0, 0
		if life < len(kills) {
			limit = kills[life]
		}
		g, s := b.open(t)
		var err error
		dead := run(func() {
			if life == 0 {
				p := b.prepare(t, g, 2)
				_, err = g.Execute(ctx, p, b.yes(p), right, nil)
				return
			}
			receipts, err = g.Resume(ctx, right, nil)
		})
		s.Close()
		if !dead && err != nil {
			t.Fatalf("life %d: %v", life, err)
		}
	}
	n, twice := b.net.onlyOnce()
	if n != 2 || len(twice) > 0 {
		t.Fatalf("killed at %v: %d mined, twice %v, last receipts %v", kills, n, twice, receipts)
	}
	g, s := b.open(t)
	defer s.Close()
	if rest, err := g.Resume(ctx, right, nil); err != nil || len(rest) > 0 {
		t.Fatalf("killed at %v: something was left: %v, %v", kills, rest, err)
	}
}

func TestAfterTheApprovalExpiredARestartSendsNothingNew(t *testing.T) {
	for at, want := range map[wallet.Point]int{wallet.AtReserved: 0, wallet.AtSigned: 0, wallet.AtBroadcast: 1, wallet.AtSent: 1, wallet.AtMined: 1} {
		t.Run(string(at), func(t *testing.T) {
			b := newBench(t)
			b.hook = func(p wallet.Point) {
				if p == at {
					panic(killed{})
				}
			}
			g, s := b.open(t)
			if !run(func() {
				p := b.prepare(t, g, 2)
				_, _ = g.Execute(context.Background(), p, b.yes(p), right, nil)
			}) {
				t.Fatal("not killed")
			}
			s.Close()
			b.hook = nil
			b.clock.add(time.Hour)
			g, s = b.open(t)
			if _, err := g.Resume(context.Background(), right, nil); !refusal.Is(err, refusal.ApprovalExpired) {
				t.Errorf("Resume = %v", err)
			}
			if n, _ := b.net.onlyOnce(); n != want {
				t.Errorf("%d mined, want %d", n, want)
			}
			if open, err := s.Open(context.Background(), chainID); err != nil || len(open) > 0 {
				t.Errorf("open = %v, %v", open, err)
			}
			if next, err := s.NextNonce(context.Background(), chainID, b.net.account); next != 0 || err != nil {
				t.Errorf("next nonce %d, %v", next, err)
			}
		})
	}
}

func TestWhatIsOpenOnAnEmbeddedChainThatStartedAgainIsNeverSentThere(t *testing.T) {
	for _, at := range wallet.Points() {
		t.Run(string(at), func(t *testing.T) {
			b := newBench(t)
			b.hook = func(p wallet.Point) {
				if p == at {
					panic(killed{})
				}
			}
			b.net.manual = true
			if at == wallet.AtMined {
				b.net.manual = false
			}
			g, s := b.open(t)
			run(func() {
				p := b.prepare(t, g, 2)
				_, _ = g.Execute(context.Background(), p, b.yes(p), right, nil)
			})
			s.Close()
			b.hook = nil
			b.net = newLedgerless(b.net.account)
			b.net.genesis = common.Hash{0x6f}
			g, s = b.open(t)
			if _, err := g.Resume(context.Background(), right, nil); !refusal.Is(err, refusal.WrongChain) {
				t.Errorf("Resume = %v", err)
			}
			if _, err := g.Resume(context.Background(), right, nil); err != nil {
				t.Errorf("a second Resume = %v", err)
			}
			if len(b.net.sent) > 0 {
				t.Error("something was sent to another chain")
			}
			if open, err := s.Open(context.Background(), chainID); err != nil || len(open) > 0 {
				t.Errorf("open = %v, %v", open, err)
			}
			p := b.prepare(t, g, 1)
			if _, err := g.Execute(context.Background(), p, b.yes(p), right, nil); err != nil {
				t.Errorf("a new request = %v", err)
			}
		})
	}
}

func TestWhatIsOpenOnARealChainWaitsForIt(t *testing.T) {
	b := newBench(t)
	b.hook = func(p wallet.Point) {
		if p == wallet.AtBroadcast {
			panic(killed{})
		}
	}
	g, s := b.open(t)
	run(func() {
		p := b.prepare(t, g, 1)
		_, _ = g.Execute(context.Background(), p, b.yes(p), right, nil)
	})
	s.Close()
	b.hook = nil
	mine := b.net
	b.net = newLedgerless(mine.account)
	b.net.genesis, b.net.real = common.Hash{0x6f}, true
	g, s = b.open(t)
	if _, err := g.Resume(context.Background(), right, nil); !refusal.Is(err, refusal.WrongChain) || len(b.net.sent) > 0 {
		t.Errorf("Resume elsewhere = %v, %d sent", err, len(b.net.sent))
	}
	s.Close()
	b.net = mine
	g, _ = b.open(t)
	if receipts, err := g.Resume(context.Background(), right, nil); err != nil || len(receipts) != 1 {
		t.Errorf("Resume at home = %v, %v", receipts, err)
	}
}

func TestAChainThatIsReplacedWhileTheApprovalIsGivenGetsNoSignature(t *testing.T) {
	b := newBench(t)
	g, _ := b.open(t)
	p := b.prepare(t, g, 1)
	b.net.genesis = common.Hash{0x6f}
	if _, err := g.Execute(context.Background(), p, b.yes(p), right, nil); !refusal.Is(err, refusal.WrongChain) || len(b.net.sent) > 0 {
		t.Errorf("Execute = %v, %d sent", err, len(b.net.sent))
	}
}

func TestWithoutAPasswordARestartWaitsWithWhatIsNotSigned(t *testing.T) {
	b := newBench(t)
	b.hook = func(p wallet.Point) {
		if p == wallet.AtSigned {
			panic(killed{})
		}
	}
	g, s := b.open(t)
	run(func() {
		p := b.prepare(t, g, 2)
		_, _ = g.Execute(context.Background(), p, b.yes(p), right, nil)
	})
	s.Close()
	b.hook = nil
	g, _ = b.open(t)
	if _, err := g.Resume(context.Background(), nil, nil); !refusal.Is(err, refusal.Locked) {
		t.Errorf("Resume without a password = %v", err)
	}
	if len(b.net.sent) > 0 {
		t.Error("half of a sequence was sent")
	}
	if receipts, err := g.Resume(context.Background(), right, nil); err != nil || len(receipts) != 2 {
		t.Errorf("Resume = %v, %v", receipts, err)
	}
}

func TestStoredBytesThatWereChangedAreNotSigned(t *testing.T) {
	b := newBench(t)
	b.hook = func(p wallet.Point) {
		if p == wallet.AtReserved {
			panic(killed{})
		}
	}
	g, s := b.open(t)
	run(func() {
		p := b.prepare(t, g, 1)
		_, _ = g.Execute(context.Background(), p, b.yes(p), right, nil)
	})
	b.hook = nil
	s.Close()
	s, err := store.Open(context.Background(), b.path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	g = wallet.NewGate(wallet.GateConfig{Keys: b.keys, Policy: b.policy, Store: tampered{s}, Remote: b.net, Clock: b.clock})
	if _, err := g.Resume(context.Background(), right, nil); !refusal.Is(err, refusal.DigestMismatch) || len(b.net.sent) > 0 {
		t.Errorf("Resume = %v, sent %v", err, b.net.sent)
	}
}

// tampered is a ledger whose file somebody has edited.
type tampered struct{ *store.Store }

func (x tampered) Open(ctx context.Context, id uint64) ([]*wallet.Sequence, error) {
	all, err := x.Store.Open(ctx, id)
	for _, s := range all {
		tx := new(types.Transaction)
		if err := tx.UnmarshalBinary(s.Txs[0].Unsigned); err != nil {
			return nil, err
		}
		evil := types.NewTx(&types.DynamicFeeTx{
			ChainID: tx.ChainId(), Nonce: tx.Nonce(), GasTipCap: tx.GasTipCap(), GasFeeCap: tx.GasFeeCap(), Gas: tx.Gas(),
			To: &common.Address{0xff}, Value: tx.Value(),
		})
		if s.Txs[0].Unsigned, err = evil.MarshalBinary(); err != nil {
			return nil, err
		}
	}
	return all, err
}
