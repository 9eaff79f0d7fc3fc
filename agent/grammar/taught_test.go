package grammar_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/keymaker-agent/keymaker/agent/grammar"
	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/agent/own/corpus"
	"github.com/keymaker-agent/keymaker/intents"
)

// taught reads the sentences that the trained planner is taught with, those of them that the reader follows.
func taught(t testing.TB) []corpus.Example {
	t.Helper()
	files, err := filepath.Glob("../own/corpus/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sentences: %v", err)
	}
	lex := intents.DefaultLexicon()
	var all []corpus.Example
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := corpus.Read(f, filepath.Base(file))
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			if ex, err := l.Example(lex); err == nil { // what is badly marked fails the corpus's own test
				all = append(all, ex)
			}
		}
	}
	return all
}

// TestNoDraftMovesOtherThanTaught holds the grammar against sentences that were labelled by their meaning for the trained planner:
// what both read must be read alike wherever one of them would move something.
func TestNoDraftMovesOtherThanTaught(t *testing.T) {
	drafted, moving, wrong, other := 0, 0, 0, 0
	for _, ex := range taught(t) {
		d, err := grammar.New().Plan(context.Background(), ex.Reading)
		if err != nil || len(d.Steps) == 0 {
			continue
		}
		if q, err := intents.Accept(ex.Reading, d); err != nil || q != nil {
			continue
		}
		drafted++
		if d.Moves() {
			moving++
		}
		got, want := intents.Export(ex.Reading, d), intents.Export(ex.Reading, ex.Draft)
		if len(ex.Draft.Steps) > 0 && reflect.DeepEqual(got, want) {
			continue
		}
		if beyond(d, ex.Draft) {
			t.Logf("%s %q is outside what the planner is taught, and the grammar reads it: %s", ex.Line.Place, ex.Reading.Text, spelled(t, got))
			continue
		}
		if !d.Moves() {
			other++
			t.Logf("%s differs, and moves nothing: %q\n got %s\nwant %s %v", ex.Line.Place, ex.Reading.Text, spelled(t, got), spelled(t, want), ex.Draft.Missing)
			continue
		}
		wrong++
		t.Errorf("%s %q\n got %s\nwant %s %v", ex.Line.Place, ex.Reading.Text, spelled(t, got), spelled(t, want), ex.Draft.Missing)
	}
	if moving < 2000 {
		t.Errorf("only %d of what is drafted moves: the test tests little", moving)
	}
	t.Logf("%d right, %d drafted, %d of them move; %d move other than taught, %d others differ", drafted-wrong-other, drafted, moving, wrong, other)
}

// beyond reports whether a sentence was taught as a wish outside the planner's list, and the grammar reads an action that has no word there.
func beyond(read, taught intents.Draft) bool {
	outside := len(taught.Steps) == 1 && taught.Steps[0].Action == intents.Other
	return outside && !slices.ContainsFunc(read.Steps, func(s intents.Step) bool { return new(own.Planner).Expresses(s.Action) })
}

func spelled(t testing.TB, e intents.Exported) string {
	t.Helper()
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
