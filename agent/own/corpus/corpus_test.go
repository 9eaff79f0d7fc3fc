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
func all(t testing.TB) []Line {
	t.Helper()
	files, err := filepath.Glob("*.jsonl")
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
	files := []string{"../../../intents/testdata/sentences.jsonl"}
	if dir, ok := shared.Dir(t); ok {
		files = append(files, filepath.Join(dir, "intents", "dev.jsonl"))
	} else {
		t.Log("the measuring set beside the repository is absent: only its own test sentences are compared")
	}
	held := map[string]string{}
	var grams []map[string]bool
	var texts []string
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			var s struct{ ID, Text string }
			if err := json.Unmarshal([]byte(line), &s); err != nil {
				t.Fatal(err)
			}
			held[plain(s.Text)] = s.ID
			grams, texts = append(grams, trigrams(plain(s.Text))), append(texts, s.ID)
		}
	}
	for _, l := range all(t) {
		text, _ := unmark(l.Say)
		said := plain(text)
		if id, same := held[said]; same {
			t.Errorf("%s is %s", l.Place, id)
			continue
		}
		own := trigrams(said)
		for i, g := range grams {
			if near(own, g) {
				t.Errorf("%s is nearly %s", l.Place, texts[i])
			}
		}
	}
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

// near reports whether two sentences share four fifths of their trigrams.
func near(a, b map[string]bool) bool {
	if 5*min(len(a), len(b)) < 4*max(len(a), len(b)) {
		return false
	}
	shared := 0
	for g := range a {
		if b[g] {
			shared++
		}
	}
	return 5*shared >= 4*(len(a)+len(b)-shared)
}
