package conformance

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestATallyIsOneLine(t *testing.T) {
	tally := NewTally("some suite", map[string]string{"b": "known", "c": "not so"})
	tally.Count("a", nil)
	tally.Count("b", errors.New("differs"))
	tally.Count("c", nil)
	tally.Count("d", errors.New("differs"))
	tally.LeaveOut("too big")
	tally.LeaveOut("too big")
	const want = "some suite: 1 passed, 1 failed, 1 excepted (b), 1 excepted but passed (c), 2 left out (2: too big)"
	if got := tally.String(); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if tally.Total() != 4 {
		t.Errorf("total %d", tally.Total())
	}
}

// witness notes what a test would have failed with.
type witness struct {
	testing.TB
	said []string
}

func (w *witness) Helper()                        {}
func (w *witness) Errorf(format string, a ...any) { w.said = append(w.said, fmt.Sprintf(format, a...)) }

func TestFailuresStaleExceptionsAndEmptyRunsAreLoud(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		says string
	}{
		{"passes", nil, ""},
		{"excepted", errors.New("x"), ""},
		{"fails", errors.New("differs"), "fails: differs"},
		{"excepted", nil, "no longer true: known"},
		{"", nil, "not one case"},
	} {
		tally := NewTally("some suite", map[string]string{"excepted": "known"})
		if c.name != "" {
			tally.Count(c.name, c.err)
		}
		w := new(witness)
		tally.Require(w)
		said := strings.Join(w.said, "\n")
		if (c.says == "") != (said == "") || !strings.Contains(said, c.says) {
			t.Errorf("%s %v: said %q, want %q", c.name, c.err, said, c.says)
		}
	}
}

func TestManyFailuresAreCountedAndNotAllTold(t *testing.T) {
	tally := NewTally("some suite", nil)
	for i := range 50 {
		tally.Count(fmt.Sprint(i), errors.New("differs"))
	}
	w := new(witness)
	tally.Require(w)
	if len(w.said) != 21 || !strings.Contains(w.said[20], "30 more") {
		t.Errorf("%d lines, the last %q", len(w.said), w.said[len(w.said)-1])
	}
}
