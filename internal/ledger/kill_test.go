package ledger

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// The environment of a program that reports: where, and which of the test keys it reports for.
const (
	childPlace = "LEDGER_PLACE"
	childFirst = "LEDGER_FIRST"
)

const (
	reporters  = 16
	perProgram = 4
	perKey     = 12 // entries of one reporter
	kills      = 20
)

// said are the entries of the n-th reporter. Every second one is said by all of them.
func said(n uint64) []*usage.Entry {
	var all []*usage.Entry
	for i := range perKey {
		if i%2 == 0 {
			all = append(all, tool(uint64(i/6), i))
		} else {
			all = append(all, tool(uint64(i/6), 100*int(n)+i))
		}
	}
	return all
}

// reportAll says all that a reporter has to say, one after the other, and signs it.
func reportAll(l *Ledger, n uint64, told func(n uint64, entries int)) error {
	by := testKey(n)
	for i, e := range said(n) {
		if _, err := l.Add(context.Background(), by.Address(), e); err != nil {
			return err
		}
		told(n, i+1)
	}
	_, _, err := l.Cut(context.Background(), by)
	return err
}

// reportSome does so for several reporters at once.
func reportSome(l *Ledger, first uint64, told func(uint64, int)) error {
	var all sync.WaitGroup
	errs := make([]error, perProgram)
	for i := range errs {
		all.Go(func() { errs[i] = reportAll(l, first+uint64(i), told) })
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// report is the program that is killed. It prints a line for each entry that counts as reported.
func report() int {
	first, err := strconv.ParseUint(os.Getenv(childFirst), 10, 64)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	l, err := Open(context.Background(), os.Getenv(childPlace), days, at(3).Now)
	if err == nil {
		err = reportSome(l, first, func(n uint64, entries int) { fmt.Println(n, entries) })
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// wholeRoots are the roots of a ledger in which everybody has said everything.
func wholeRoots(t *testing.T) [2]any {
	m := new(usage.Memory)
	for n := range uint64(reporters) {
		log := usage.Log{Reporter: testKey(n + 1).Address(), Calendar: days, Sign: testKey(n + 1).sign, Into: m.Add}
		for _, e := range said(n + 1) {
			if _, err := log.Add(e); err != nil {
				t.Fatal(err)
			}
		}
		if err := log.Cut(); err != nil {
			t.Fatal(err)
		}
	}
	return roots(t, m)
}

func roots(t *testing.T, l usage.Ledger) [2]any {
	t.Helper()
	segments, err := usage.Check(l)
	if err != nil {
		t.Fatal(err)
	}
	return [2]any{usage.Root(0, segments), usage.Root(1, segments)}
}

func sixteen(t *testing.T, place string) {
	l := openAt(t, place, at(3))
	var all sync.WaitGroup
	for first := uint64(1); first <= reporters; first += perProgram {
		all.Go(func() {
			if err := reportSome(l, first, func(uint64, int) {}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got, want := roots(t, snapshot(t, l)), wholeRoots(t); got != want {
		t.Errorf("the roots are %v, want %v", got, want)
	}
}

// killed runs four programs of four reporters each at once. They are killed twenty times in all, each after a random number of
// entries, and started again.
func killed(t *testing.T, place string) {
	l := openAt(t, place, at(3))
	var all sync.WaitGroup
	for first := uint64(1); first <= reporters; first += perProgram {
		random := rand.New(rand.NewPCG(first, 1))
		all.Go(func() {
			for range kills / (reporters / perProgram) {
				runUntil(t, l, place, first, random.IntN(perProgram*perKey))
			}
			runUntil(t, l, place, first, -1)
		})
	}
	all.Wait()
	if t.Failed() {
		return
	}
	if got, want := roots(t, snapshot(t, l)), wholeRoots(t); got != want {
		t.Errorf("the roots are %v, want %v", got, want)
	}
}

// runUntil runs the program, kills it after so many entries (below zero: never), and looks for everything that counted as reported.
func runUntil(t *testing.T, l *Ledger, place string, first uint64, entries int) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childPlace+"="+place, childFirst+"="+strconv.FormatUint(first, 10))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Error(err)
		return
	}
	counted := map[uint64]int{}
	lines := bufio.NewScanner(out)
	for seen := 0; seen != entries && lines.Scan(); seen++ {
		var n uint64
		var i int
		if _, err := fmt.Sscan(lines.Text(), &n, &i); err != nil {
			t.Errorf("%q: %v", lines.Text(), err)
		}
		counted[n] = i
	}
	if entries >= 0 {
		_ = cmd.Process.Kill()
	}
	if err := cmd.Wait(); err != nil && entries < 0 {
		t.Errorf("%v: %s", err, &stderr)
	}
	for n, i := range counted {
		for _, e := range said(n)[:i] {
			if has, err := l.Has(context.Background(), testKey(n).Address(), e.Kind, e.Ref); err != nil || !has {
				t.Errorf("an entry of reporter %d that counted is lost: %v", n, err)
			}
		}
	}
}
