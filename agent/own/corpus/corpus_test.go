package corpus

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/internal/shared"
)

// all reads every line that is taught.
func all(t testing.TB) []Line { return linesOf(t, "*.jsonl") }

func linesOf(t testing.TB, pattern string) []Line {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no sentences: %v", err)
	}
	var lines []Line
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		more, err := Read(bytes.NewReader(data), f)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, more...)
	}
	return lines
}

func TestEveryLineIsWellMarked(t *testing.T) {
	lex := intents.DefaultLexicon()
	unread := 0
	lines := all(t)
	for _, l := range lines {
		ex, err := l.Example(lex)
		if errors.Is(err, ErrUnread) {
			unread++
			continue
		}
		if err != nil {
			t.Errorf("%v\n%s", err, l.Say)
			continue
		}
		back, err := own.Draft(ex.Reading, own.Answer(ex.Draft))
		if err != nil || !bytes.Equal(spell(back), spell(ex.Draft)) {
			t.Errorf("%s: %v is read back as %s, %v", l.Place, own.Answer(ex.Draft), spell(back), err)
		}
	}
	if unread*20 > len(lines) {
		t.Errorf("the reader follows all but %d of %d lines: a word that it should know is missing", unread, len(lines))
	}
}

func spell(d intents.Draft) []byte {
	text, err := json.Marshal(d)
	if err != nil {
		panic(err)
	}
	return text
}

func TestAFifthOfTheLinesMustBeRefusedOrAsked(t *testing.T) {
	refused := 0
	lines := all(t)
	for _, l := range lines {
		if l.Do == "none" || l.Do == "other" || l.Do == own.Ask {
			refused++
		}
	}
	if refused*5 < len(lines) {
		t.Errorf("%d of %d", refused, len(lines))
	}
}

// TestNothingThatMeasuresIsTaught holds the sentences that planners are measured with out of the teaching: none of them may be
// nearly one that is taught.
func TestNothingThatMeasuresIsTaught(t *testing.T) {
	measuring := index{}
	for _, s := range measured(t) {
		measuring.add(s)
	}
	for _, l := range all(t) {
		text, _ := unmark(l.Say)
		if id := measuring.near(plain(text)); id != "" {
			t.Errorf("%s is nearly %s", l.Place, id)
		}
	}
}

type sentence struct{ ID, Text string }

// measured reads every sentence that planners are measured with.
func measured(t *testing.T) []sentence {
	t.Helper()
	files := []string{"../../../intents/testdata/sentences.jsonl"}
	if dir, ok := shared.Dir(t); ok {
		files = append(files, filepath.Join(dir, "intents", "dev.jsonl"))
	} else {
		t.Log("the measuring set beside the repository is absent: only the repository's own are compared")
	}
	var found []sentence
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			var s sentence
			if err := json.Unmarshal([]byte(line), &s); err != nil {
				t.Fatal(err)
			}
			found = append(found, s)
		}
	}
	for _, l := range linesOf(t, "../heldout/*.jsonl") {
		text, _ := unmark(l.Say)
		found = append(found, sentence{l.Place, text})
	}
	return found
}

// index finds sentences by the trigrams that they share.
type index struct {
	with  map[string][]int
	sizes []int
	ids   []string
}

func (x *index) add(s sentence) {
	if x.with == nil {
		x.with = map[string][]int{}
	}
	grams := trigrams(plain(s.Text))
	for g := range grams {
		x.with[g] = append(x.with[g], len(x.ids))
	}
	x.sizes, x.ids = append(x.sizes, len(grams)), append(x.ids, s.ID)
}

// near returns a sentence that shares four fifths of all trigrams of the two.
func (x *index) near(said string) string {
	grams := trigrams(said)
	shared := map[int]int{}
	for g := range grams {
		for _, n := range x.with[g] {
			shared[n]++
		}
	}
	for n, both := range shared {
		if 5*both >= 4*(len(grams)+x.sizes[n]-both) {
			return x.ids[n]
		}
	}
	return ""
}

// plain keeps letters and digits in lower case, and one space between words.
func plain(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' }), " ")
}

func trigrams(s string) map[string]bool {
	runes := []rune("  " + s + "  ")
	set := map[string]bool{}
	for i := range len(runes) - 2 {
		set[string(runes[i:i+3])] = true
	}
	return set
}
