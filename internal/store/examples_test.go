package store

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/keymaker-agent/keymaker/agent/own/learn"
	"github.com/keymaker-agent/keymaker/refusal"
)

func keep(t testing.TB, s *Store, e learn.Example) {
	t.Helper()
	if err := s.KeepExample(context.Background(), e); err != nil {
		t.Fatal(err)
	}
}

func TestExamplesAreKeptWholeAndFoundByTheirPromptAlone(t *testing.T) {
	s := fresh(t)
	one := learn.Example{At: time.Unix(7, 9).UTC(), Prompt: "move A1 T1 to R1 >", Answer: []string{"transfer", "a1"}, Planner: "own", Meant: true}
	two := learn.Example{At: time.Unix(8, 0).UTC(), Prompt: "move A1 T1 to C1 >", Answer: []string{"bridge", "a1"}, Planner: "ollama:x@0"}
	keep(t, s, one)
	keep(t, s, two)
	one.ID, two.ID = 1, 2
	all, err := s.Examples(context.Background())
	if err != nil || !reflect.DeepEqual(all, []learn.Example{one, two}) {
		t.Errorf("all: %+v, %v", all, err)
	}
	found, err := s.ExamplesOf(context.Background(), two.Prompt)
	if err != nil || !reflect.DeepEqual(found, []learn.Example{two}) {
		t.Errorf("of one prompt: %+v, %v", found, err)
	}
	if found, err := s.ExamplesOf(context.Background(), "move A1 T1 to _1 >"); err != nil || len(found) > 0 {
		t.Errorf("of another prompt: %+v, %v", found, err)
	}
}

func TestWhatIsForgottenIsInNoFileAnyMore(t *testing.T) {
	dir := t.TempDir()
	s := openAt(t, filepath.Join(dir, "keymaker.db"))
	for _, prompt := range []string{"wishone A1 >", "wishtwo A1 >", "wishthree A1 >"} {
		keep(t, s, learn.Example{At: time.Unix(1, 0), Prompt: prompt, Answer: []string{"balance"}, Meant: true})
	}
	if !inAFile(t, dir, "wishone") {
		t.Fatal("an example is not found where it is: the test would show nothing")
	}
	if ok, err := s.ForgetExample(context.Background(), 1); !ok || err != nil {
		t.Fatalf("%v, %v", ok, err)
	}
	if inAFile(t, dir, "wishone") || !inAFile(t, dir, "wishtwo") {
		t.Error("the forgotten one is there, or another is not")
	}
	if ok, err := s.ForgetExample(context.Background(), 1); ok || err != nil {
		t.Errorf("forgotten twice: %v, %v", ok, err)
	}
	if n, err := s.ForgetExamples(context.Background()); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if inAFile(t, dir, "wishtwo") || inAFile(t, dir, "wishthree") {
		t.Error("all were forgotten, and one is there")
	}
}

func inAFile(t testing.TB, dir, text string) bool {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte(text)) {
			return true
		}
	}
	return false
}

func TestTheOldestExamplesMakeRoomForNewOnes(t *testing.T) {
	s := fresh(t)
	const fill = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO examples (at, prompt, answer, planner, meant) SELECT i, 'p', '["none"]', '', 1 FROM n`
	if _, err := s.db.Exec(fill, maxExamples); err != nil {
		t.Fatal(err)
	}
	keep(t, s, learn.Example{At: time.Unix(1, 0), Prompt: "new >"})
	all, err := s.Examples(context.Background())
	if err != nil || len(all) != maxExamples || all[0].ID != 2 || all[maxExamples-1].Prompt != "new >" {
		t.Errorf("%d are kept, the oldest is %d, %v", len(all), all[0].ID, err)
	}
}

func TestABrokenExampleIsRefusedByName(t *testing.T) {
	s := fresh(t)
	if _, err := s.db.Exec(`INSERT INTO examples (at, prompt, answer, planner, meant) VALUES (1, 'p', '[', '', 1)`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ExamplesOf(context.Background(), "p"); !refusal.Is(err, refusal.DatabaseBroken) {
		t.Errorf("read as %v", err)
	}
}
