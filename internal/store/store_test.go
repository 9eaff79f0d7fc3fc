package store

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

func openAt(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func fresh(t testing.TB) *Store { return openAt(t, filepath.Join(t.TempDir(), "keymaker.db")) }

func TestTheDatabaseIsForItsOwnerAndSafeAgainstPowerLoss(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a folder?#%", "keymaker.db")
	s := openAt(t, path)
	for _, name := range []string{path, path + "-wal"} {
		stat, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if stat.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %#o", name, stat.Mode().Perm())
		}
	}
	for pragma, want := range map[string]string{"journal_mode": "wal", "foreign_keys": "1", "synchronous": "2", "busy_timeout": "5000"} {
		var got string
		if err := s.db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s = %s, %v, want %s", pragma, got, err, want)
		}
	}
	if v, err := s.Version(context.Background()); v < 1 || err != nil {
		t.Errorf("Version = %d, %v", v, err)
	}
	if err := s.Check(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keymaker.db")
	s := openAt(t, path)
	if _, err := s.db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)"); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if _, err := Open(context.Background(), path); !refusal.Is(err, refusal.DatabaseNewer) {
		t.Fatalf("Open = %v", err)
	}
}

func TestABusyDatabaseIsRefusedByName(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keymaker.db")
	s := openAt(t, path)
	lock, err := s.db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Rollback() //nolint:errcheck // the test is over
	other, err := open(context.Background(), path, 50*time.Millisecond)
	if err == nil {
		defer other.Close()
		err = other.StartRun(context.Background(), Run{ID: "r", Started: time.Now()})
	}
	if !refusal.Is(err, refusal.DatabaseBusy) {
		t.Fatalf("a write beside another = %v", err)
	}
}

func TestADamagedDatabaseIsRefusedByName(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("this is no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), text); !refusal.Is(err, refusal.DatabaseBroken) {
		t.Errorf("Open of a text = %v", err)
	}

	path := filepath.Join(dir, "keymaker.db")
	s := openAt(t, path)
	for i := range 200 {
		addRun(t, s, strings.Repeat("r", 100+i))
	}
	s.Close()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 8192; i < len(content); i += 3 {
		content[i] ^= 0xff
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err = Open(context.Background(), path)
	if err == nil {
		defer s.Close()
		err = s.Check(context.Background())
	}
	if !refusal.Is(err, refusal.DatabaseBroken) {
		t.Errorf("a database with flipped bits = %v", err)
	}
}

func TestTwoProcessesMayOpenANewFileAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keymaker.db")
	results := make(chan error, 8)
	for range cap(results) {
		go func() {
			s, err := Open(context.Background(), path)
			if err == nil {
				err = s.Close()
			}
			results <- err
		}()
	}
	for range cap(results) {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

func TestWhatIsWrittenStays(t *testing.T) {
	s := fresh(t)
	ctx := context.Background()
	addRun(t, s, "run")
	if err := s.Append(ctx, "run", 1, "started", []byte(`{"a":1}`)); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(ctx, "run", 1, "started", []byte(`{}`)); err == nil {
		t.Error("one number was used twice")
	}
	if err := s.Append(ctx, "nobody", 1, "started", []byte(`{}`)); err == nil {
		t.Error("an event without a run was stored")
	}
	for _, q := range []string{
		"UPDATE journal SET kind = 'x'", "DELETE FROM journal", "UPDATE tx_events SET event = 'x'", "DELETE FROM tx_events",
		"INSERT OR REPLACE INTO journal SELECT run, seq, 'x', payload, at FROM journal",
		"INSERT OR REPLACE INTO tx_events SELECT id, transaction_id, 'x', state, at FROM tx_events",
	} {
		reserve(t, s, 0)
		if _, err := s.db.Exec(q); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", q, err)
		}
	}
	events, err := s.Events(ctx, "run")
	if err != nil || len(events) != 1 || string(events[0].Payload) != `{"a":1}` || events[0].Kind != "started" {
		t.Errorf("Events = %v, %v", events, err)
	}
}

func TestTheHistorySaysWhoServedARun(t *testing.T) {
	s := fresh(t)
	ctx := context.Background()
	start := time.Unix(1_800_000_000, 0)
	for i, id := range []string{"first", "second"} {
		r := Run{ID: id, Session: "sitting", FrontEnd: "plain", Network: "devnet", Words: "swap 1 ETH to USDC", Started: start.Add(time.Duration(i) * time.Second)}
		if err := s.StartRun(ctx, r); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.AddStep(ctx, Step{Run: "second", Number: 1, Action: "swap", Tool: "swap", Author: "keymaker", Version: "1"}); err != nil {
		t.Fatal(err)
	}
	for _, on := range []StepEvent{agent.StepQuote, agent.StepSimulate, agent.StepApprove, agent.StepSign, agent.StepSend, agent.StepConfirm} {
		if _, err := s.MoveStep(ctx, "second", 1, on); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.MoveStep(ctx, "second", 1, agent.StepApprove); err == nil {
		t.Error("a confirmed step was approved again")
	}
	finish := Finish{Planner: "ollama:qwen@abc", ModelDigest: "abc", Provider: "home", Outcome: "done", Ended: start.Add(time.Minute)}
	if err := s.FinishRun(ctx, "second", finish); err != nil {
		t.Fatal(err)
	}
	if err := s.FinishRun(ctx, "second", finish); err == nil {
		t.Error("a run was finished twice")
	}
	all, err := s.History(ctx, 10)
	if err != nil || len(all) != 2 {
		t.Fatalf("History = %v, %v", all, err)
	}
	got := all[0]
	if got.ID != "second" || got.Planner != "ollama:qwen@abc" || got.Provider != "home" || !got.Ended.Equal(finish.Ended) {
		t.Errorf("entry = %+v", got)
	}
	if len(got.Steps) != 1 || got.Steps[0].Author != "keymaker" || got.Steps[0].State != agent.StepConfirmed {
		t.Errorf("steps = %+v", got.Steps)
	}
	if all[1].Outcome != "" || !all[1].Ended.IsZero() {
		t.Errorf("a run that never ended = %+v", all[1])
	}
	if one, err := s.History(ctx, 1); err != nil || len(one) != 1 {
		t.Errorf("History(1) = %v, %v", one, err)
	}
}

func TestEveryStateOfAStepAndOfATransactionIsReachableAndCanEnd(t *testing.T) {
	if got := agent.Steps.Unreachable(agent.StepProposed); len(got) > 0 {
		t.Errorf("steps: unreachable %v", got)
	}
	if got := agent.Steps.Stuck(); len(got) > 0 {
		t.Errorf("steps: stuck %v", got)
	}
	if got := wallet.Transactions.Unreachable(wallet.Reserved); len(got) > 0 {
		t.Errorf("transactions: unreachable %v", got)
	}
	if got := wallet.Transactions.Stuck(); len(got) > 0 {
		t.Errorf("transactions: stuck %v", got)
	}
}

func addRun(t testing.TB, s *Store, id string) {
	t.Helper()
	if err := s.StartRun(context.Background(), Run{ID: id, FrontEnd: "test", Started: time.Unix(1, 0)}); err != nil {
		t.Fatal(err)
	}
}

// The states that the queries name are those that the wallet calls open.
func TestTheQueriesAndTheWalletAgreeOnWhatIsOpen(t *testing.T) {
	s := fresh(t)
	for _, state := range wallet.Transactions.States() {
		seq := sequence(1)
		if err := s.Reserve(context.Background(), seq); err != nil {
			t.Fatal(err)
		}
		if _, err := s.db.Exec("UPDATE transactions SET state = ? WHERE id = ?", string(state), seq.Txs[0].ID); err != nil {
			t.Fatal(err)
		}
		open, err := s.Open(context.Background(), 1)
		if err != nil {
			t.Fatal(err)
		}
		next, err := s.NextNonce(context.Background(), 1, account)
		if err != nil {
			t.Fatal(err)
		}
		if (len(open) == 1) != state.Open() || (next == 2) != state.Open() {
			t.Errorf("%s: %d open sequences, next nonce %d", state, len(open), next)
		}
		if _, err := s.db.Exec("UPDATE transactions SET state = 'released'"); err != nil {
			t.Fatal(err)
		}
	}
}
