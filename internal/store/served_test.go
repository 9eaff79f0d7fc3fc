package store

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/google/go-cmp/cmp"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

// served takes a transaction of a step to the end that the events lead to, and returns its hash.
func served(t testing.TB, s *Store, run string, step int, gas uint64, events ...wallet.Event) common.Hash {
	t.Helper()
	ctx := context.Background()
	q := sequence(uint64(serial.Load()))
	q.Run, q.Spends = run, nil
	payload, err := json.Marshal(agent.Event{Schema: 1, Type: agent.Approved, Step: step, Text: q.Approval.Digest.Hex()})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Append(ctx, run, 10+step, string(agent.Approved), payload); err != nil {
		t.Fatal(err)
	}
	if err := s.Reserve(ctx, q); err != nil {
		t.Fatal(err)
	}
	tx := q.Txs[0]
	tx.Raw, tx.Hash = []byte{2}, q.Approval.Digest
	for _, on := range events {
		if on == wallet.Include {
			tx.Receipt = &wallet.Receipt{Tx: tx.Hash, State: wallet.Mined, Block: 7, GasUsed: gas}
		}
		if err := s.Move(ctx, tx, on, q.At); err != nil {
			t.Fatal(err)
		}
	}
	return tx.Hash
}

func TestWhoServedAMinedTransactionIsFoundByTheApprovedDigest(t *testing.T) {
	s := fresh(t)
	ctx := context.Background()
	addRun(t, s, "one")
	addRun(t, s, "two")
	for i, author := range []string{"keymaker", "someone"} {
		step := Step{Run: "one", Number: i + 1, Action: "swap", Tool: fmt.Sprintf("tool%d", i+1), Author: author, Version: "1"}
		if err := s.AddStep(ctx, step); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.AddStep(ctx, Step{Run: "two", Number: 1, Action: "swap", Tool: "tool1", Author: "keymaker", Version: "1"}); err != nil {
		t.Fatal(err)
	}
	first := served(t, s, "one", 2, 21_000, wallet.Sign, wallet.Send, wallet.Include)
	served(t, s, "one", 1, 21_000, wallet.Sign, wallet.Send)              // not mined yet
	served(t, s, "two", 1, 21_000, wallet.Sign, wallet.Send, wallet.Drop) // never

	var got []Served
	if err := s.Served(ctx, func(one Served) error { got = append(got, one); return nil }); err != nil {
		t.Fatal(err)
	}
	want := []Served{{
		Run: "one", Step: 2, Tool: "tool2", Author: "someone", Account: account, ChainID: 1, Genesis: common.Hash{0x6e}, Hash: first, Block: 7, GasUsed: 21_000,
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatWasServedIsReadInPages(t *testing.T) {
	s := fresh(t)
	addRun(t, s, "long")
	const n = 130
	for i := range n {
		if err := s.AddStep(context.Background(), Step{Run: "long", Number: i + 1, Action: "swap", Tool: "swap", Author: "keymaker", Version: "1"}); err != nil {
			t.Fatal(err)
		}
		served(t, s, "long", i+1, uint64(i), wallet.Sign, wallet.Send, wallet.Include)
	}
	seen := 0
	err := s.Served(context.Background(), func(one Served) error {
		seen++
		if one.Step != seen || one.GasUsed != uint64(seen-1) {
			t.Fatalf("number %d is step %d with %d gas", seen, one.Step, one.GasUsed)
		}
		addRun(t, s, fmt.Sprintf("beside%d", seen)) // the connection is free
		return nil
	})
	if err != nil || seen != n {
		t.Errorf("%d of %d, %v", seen, n, err)
	}
}

func TestAMinedTransactionWithoutAReceiptIsRefusedByName(t *testing.T) {
	s := fresh(t)
	addRun(t, s, "one")
	if err := s.AddStep(context.Background(), Step{Run: "one", Number: 1, Action: "swap", Tool: "swap", Author: "keymaker", Version: "1"}); err != nil {
		t.Fatal(err)
	}
	served(t, s, "one", 1, 1, wallet.Sign, wallet.Send, wallet.Include)
	if _, err := s.db.Exec("UPDATE transactions SET receipt = x''"); err != nil {
		t.Fatal(err)
	}
	if err := s.Served(context.Background(), func(Served) error { return nil }); !refusal.Is(err, refusal.DatabaseBroken) {
		t.Errorf("read as %v", err)
	}
}
