package store

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/google/go-cmp/cmp"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

var (
	account = common.HexToAddress("0x00000000000000000000000000000000000000aa")
	payee   = common.HexToAddress("0x00000000000000000000000000000000000000bb")
	usdc    = common.HexToAddress("0x00000000000000000000000000000000000000cc")

	serial atomic.Uint64
)

// sequence is a new one of a single transaction with that nonce, which lets out 10 units under a cap of 100.
func sequence(nonce uint64) *wallet.Sequence {
	now := time.Unix(1_800_000_000, 5)
	return &wallet.Sequence{
		Approval:   wallet.Approval{Digest: common.BigToHash(uint256.NewInt(serial.Add(1)).ToBig()), By: "test", At: now, Expires: now.Add(time.Minute)},
		Run:        "run",
		Origin:     "test",
		Title:      "Send 10 USDC",
		ChainID:    1,
		Genesis:    common.Hash{0x6e},
		Account:    account,
		At:         now,
		Day:        "2027-01-15",
		Spends:     []wallet.Spend{{Token: usdc, Amount: *uint256.NewInt(10), Cap: uint256.NewInt(100)}},
		Recipients: []common.Address{payee},
		Txs:        []*wallet.Tx{{Index: 0, Nonce: nonce, State: wallet.Reserved, Unsigned: []byte{2, 1}, Raw: []byte{}}},
	}
}

// reserve stores a sequence and takes it out of the way again.
func reserve(t testing.TB, s *Store, nonce uint64) {
	t.Helper()
	q := sequence(nonce)
	if err := s.Reserve(context.Background(), q); err != nil {
		t.Fatal(err)
	}
	if err := s.Move(context.Background(), q.Txs[0], wallet.Release, time.Now()); err != nil {
		t.Fatal(err)
	}
}

func TestAReservationComesBackAsItWasStored(t *testing.T) {
	s := fresh(t)
	ctx := context.Background()
	q := sequence(7)
	if err := s.Reserve(ctx, q); err != nil {
		t.Fatal(err)
	}
	t1 := q.Txs[0]
	t1.Raw, t1.Hash = []byte{2, 9, 9}, common.HexToHash("0x1234")
	for _, on := range []wallet.Event{wallet.Sign, wallet.Send} {
		if err := s.Move(ctx, t1, on, q.At); err != nil {
			t.Fatal(err)
		}
	}
	open, err := s.Open(ctx, 1)
	if err != nil || len(open) != 1 {
		t.Fatalf("Open = %v, %v", open, err)
	}
	want := *q
	want.Spends = []wallet.Spend{{Token: usdc, Amount: *uint256.NewInt(10)}} // the cap is the policy's of the day
	if diff := cmp.Diff(&want, open[0]); diff != "" {
		t.Error(diff)
	}
	t1.Receipt = &wallet.Receipt{Tx: t1.Hash, State: wallet.Mined, Block: 5, GasUsed: 21000, Fee: chain.NewAmount(uint256.NewInt(3), chain.Token{ChainID: 1, Symbol: "ETH", Decimals: 18})}
	if err := s.Move(ctx, t1, wallet.Include, q.At); err != nil {
		t.Fatal(err)
	}
	again := &wallet.Tx{ID: t1.ID}
	if err := s.Reload(ctx, again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(t1, again); diff != "" {
		t.Error(diff)
	}
	if open, err := s.Open(ctx, 1); err != nil || len(open) != 0 {
		t.Errorf("Open after the receipt = %v, %v", open, err)
	}
	events, err := s.q.TxEvents(ctx, t1.ID)
	if err != nil || len(events) != 4 || events[0].Event != "reserve" || events[3].State != "mined" {
		t.Errorf("events = %v, %v", events, err)
	}
}

func TestAnApprovalANonceAndABudgetAreTakenOnce(t *testing.T) {
	s := fresh(t)
	ctx := context.Background()
	first := sequence(1)
	if err := s.Reserve(ctx, first); err != nil {
		t.Fatal(err)
	}
	again := sequence(2)
	again.Approval.Digest = first.Approval.Digest
	if err := s.Reserve(ctx, again); !refusal.Is(err, refusal.ApprovalUsed) {
		t.Errorf("the same approval = %v", err)
	}
	if err := s.Reserve(ctx, sequence(1)); !refusal.Is(err, refusal.DigestMismatch) {
		t.Errorf("the same nonce = %v", err)
	}
	large := sequence(2)
	large.Spends[0].Amount.SetUint64(91)
	if err := s.Reserve(ctx, large); !refusal.Is(err, refusal.DayLimit) {
		t.Errorf("91 on top of 10 of 100 = %v", err)
	}
	large.Day = "2027-01-16"
	if err := s.Reserve(ctx, large); err != nil {
		t.Errorf("91 the next day = %v", err)
	}
	huge := sequence(3)
	huge.Spends[0].Amount.SetAllOne()
	if err := s.Reserve(ctx, huge); !refusal.Is(err, refusal.DayLimit) {
		t.Errorf("a sum beyond all numbers = %v", err)
	}
	if used, err := s.Used(ctx, first.Approval.Digest); !used || err != nil {
		t.Errorf("Used = %t, %v", used, err)
	}
	if used, err := s.Used(ctx, huge.Approval.Digest); used || err != nil {
		t.Errorf("Used of a refused one = %t, %v", used, err)
	}
}

func TestWhatWasNeverSentGivesItsNonceAndBudgetBack(t *testing.T) {
	s := fresh(t)
	ctx := context.Background()
	q := sequence(1)
	if err := s.Reserve(ctx, q); err != nil {
		t.Fatal(err)
	}
	spent := func() uint64 {
		t.Helper()
		all, err := s.Spent(ctx, 1, account, q.Day)
		if err != nil {
			t.Fatal(err)
		}
		n := all[usdc]
		return n.Uint64()
	}
	if spent() != 10 {
		t.Errorf("reserved: %d spent", spent())
	}
	if err := s.Move(ctx, q.Txs[0], wallet.Release, q.At); err != nil {
		t.Fatal(err)
	}
	if next, err := s.NextNonce(ctx, 1, account); spent() != 0 || next != 0 || err != nil {
		t.Errorf("released: %d spent, next nonce %d, %v", spent(), next, err)
	}
	if err := s.Reserve(ctx, sequence(1)); err != nil {
		t.Errorf("the nonce again = %v", err)
	}
}

func TestOnlyAMinedPaymentMakesARecipientKnown(t *testing.T) {
	s := fresh(t)
	ctx := context.Background()
	q := sequence(1)
	if err := s.Reserve(ctx, q); err != nil {
		t.Fatal(err)
	}
	for _, on := range []wallet.Event{wallet.Sign, wallet.Send, wallet.Include} {
		if seen, err := s.Seen(ctx, 1, account, q.Recipients); seen[payee] || err != nil {
			t.Errorf("%s: Seen = %v, %v", q.Txs[0].State, seen, err)
		}
		if err := s.Move(ctx, q.Txs[0], on, q.At); err != nil {
			t.Fatal(err)
		}
	}
	if seen, err := s.Seen(ctx, 1, account, q.Recipients); !seen[payee] || err != nil {
		t.Errorf("mined: Seen = %v, %v", seen, err)
	}
	if seen, err := s.Seen(ctx, 2, account, q.Recipients); seen[payee] || err != nil {
		t.Errorf("another chain: Seen = %v, %v", seen, err)
	}
}

func TestAMoveFromAStateThatIsNotStoredIsRefused(t *testing.T) {
	s := fresh(t)
	ctx := context.Background()
	q := sequence(1)
	if err := s.Reserve(ctx, q); err != nil {
		t.Fatal(err)
	}
	other := *q.Txs[0]
	if err := s.Move(ctx, &other, wallet.Release, q.At); err != nil {
		t.Fatal(err)
	}
	if err := s.Move(ctx, q.Txs[0], wallet.Sign, q.At); !errors.Is(err, wallet.ErrMoved) {
		t.Errorf("Move = %v", err)
	}
	if err := s.Move(ctx, &other, wallet.Send, q.At); err == nil {
		t.Error("a released transaction was sent")
	}
}

func TestTwoProcessesNeverPassTheDaysBudgetTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keymaker.db")
	stores := []*Store{openAt(t, path), openAt(t, path)}
	const tries = 20 // of 10 units each, from each process, under a cap of 100
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		won   []uint64
		other []error
	)
	for p, s := range stores {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range tries {
				q := sequence(uint64(p*tries + i))
				err := s.Reserve(context.Background(), q)
				mu.Lock()
				if err == nil {
					won = append(won, q.Txs[0].Nonce)
				} else if !refusal.Is(err, refusal.DayLimit) {
					other = append(other, err)
				}
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
	slices.Sort(won)
	if len(won) != 10 || len(slices.Compact(won)) != 10 || len(other) > 0 {
		t.Errorf("%d reservations of 10 fit under 100; errors %v", len(won), other)
	}
}

func BenchmarkReserve(b *testing.B) {
	s := fresh(b)
	for i := 0; b.Loop(); i++ {
		q := sequence(uint64(i))
		q.Spends[0].Cap = nil
		q.Day = "2027-01-15"
		if err := s.Reserve(context.Background(), q); err != nil {
			b.Fatal(err)
		}
		if err := s.Move(context.Background(), q.Txs[0], wallet.Release, q.At); err != nil {
			b.Fatal(err)
		}
	}
}
