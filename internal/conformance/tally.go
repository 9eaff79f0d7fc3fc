package conformance

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"
)

// Tally counts the cases of one run of a suite.
//
//	tally := conformance.NewTally("some suite", map[string]string{"some/case": "why it can't pass"})
//	tally.Count(name, err)              // err is nil where the case passed
//	tally.LeaveOut("why not run")       // a case that makes no sense here
//	t.Log(tally)
//	tally.Require(t)
type Tally struct {
	Suite    string
	Passed   int
	Failed   map[string]error  // by name
	Excepted map[string]string // failed, as the table of exceptions says: name to reason
	Stale    map[string]string // passed, though the table says that they can't: name to reason
	Left     map[string]int    // not run: reason to number

	exceptions map[string]string
}

// NewTally returns a tally of a suite with its table of exceptions: the name of a case to the reason why it fails.
func NewTally(suite string, exceptions map[string]string) *Tally {
	return &Tally{
		Suite: suite, Failed: map[string]error{}, Excepted: map[string]string{}, Stale: map[string]string{}, Left: map[string]int{},
		exceptions: exceptions,
	}
}

// Count adds a case that was run. A nil error is a pass.
func (t *Tally) Count(name string, err error) {
	reason, excepted := t.exceptions[name]
	switch {
	case err == nil && excepted:
		t.Stale[name] = reason
	case err == nil:
		t.Passed++
	case excepted:
		t.Excepted[name] = reason
	default:
		t.Failed[name] = err
	}
}

// LeaveOut adds a case that was not run.
func (t *Tally) LeaveOut(reason string) { t.Left[reason]++ }

// Total is the number of cases that were run.
func (t *Tally) Total() int { return t.Passed + len(t.Failed) + len(t.Excepted) + len(t.Stale) }

// loaded yields the cases of a suite. One that can't be loaded, or the end of ctx, is a failure and the end.
func loaded[T any](ctx context.Context, t *Tally, cases iter.Seq2[T, error]) iter.Seq[T] {
	return func(yield func(T) bool) {
		for c, err := range cases {
			if err = cmp.Or(err, ctx.Err()); err != nil {
				t.Count("loading", err)
				return
			}
			if !yield(c) {
				return
			}
		}
	}
}

// String is the tally in one line.
func (t *Tally) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d passed, %d failed", t.Suite, t.Passed, len(t.Failed))
	named := func(what string, m map[string]string) {
		if len(m) > 0 {
			fmt.Fprintf(&b, ", %d %s (%s)", len(m), what, strings.Join(slices.Sorted(maps.Keys(m)), ", "))
		}
	}
	named("excepted", t.Excepted)
	named("excepted but passed", t.Stale)
	left, reasons := 0, make([]string, 0, len(t.Left))
	for _, reason := range slices.Sorted(maps.Keys(t.Left)) {
		left += t.Left[reason]
		reasons = append(reasons, fmt.Sprintf("%d: %s", t.Left[reason], reason))
	}
	if left > 0 {
		fmt.Fprintf(&b, ", %d left out (%s)", left, strings.Join(reasons, "; "))
	}
	return b.String()
}

// Require fails the test for each case that failed, for each exception that passed, and for a suite that ran nothing.
func (t *Tally) Require(tb testing.TB) {
	tb.Helper()
	if t.Total() == 0 {
		tb.Errorf("%s: not one case was run", t.Suite)
	}
	const most = 20 // texts; the number is in the tally
	for i, name := range slices.Sorted(maps.Keys(t.Failed)) {
		if i == most {
			tb.Errorf("... and %d more", len(t.Failed)-most)
			break
		}
		tb.Errorf("%s: %v", name, t.Failed[name])
	}
	for _, name := range slices.Sorted(maps.Keys(t.Stale)) {
		tb.Errorf("%s passed, so this exception is no longer true: %s", name, t.Stale[name])
	}
}
