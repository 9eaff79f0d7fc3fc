package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/keymaker-agent/keymaker/internal/ledger/ledgertest"
)

// program is this test binary as the program: testscript gives it that name.
func program(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "keymaker")
	if err := os.Symlink(self, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// An import and a settlement that are killed twenty times at random points leave a ledger from which they are repeated, with the root
// that comes out where nobody is killed.
func TestAKilledImportOrSettlementIsRepeatedToTheSameRoot(t *testing.T) {
	const kills = 20
	dir := t.TempDir()
	lines := filepath.Join(dir, "usage.ndjson")
	w := newWriter()
	w.many(20_000)
	if err := os.WriteFile(lines, w.text(0, 5), 0o600); err != nil {
		t.Fatal(err)
	}
	keymaker := program(t)
	run := func(home string, args ...string) *exec.Cmd {
		cmd := exec.Command(keymaker, append(args, "--home", home)...)
		cmd.Env = append(os.Environ(), "HOME="+dir)
		return cmd
	}
	output := func(home string, args ...string) []byte {
		t.Helper()
		out, err := run(home, args...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return out
	}
	rules, err := filepath.Abs("testdata/usage.toml")
	if err != nil {
		t.Fatal(err)
	}
	settle := []string{"rewards", "settle", "--params", rules}
	want := output(filepath.Join(dir, "file"), slices.Concat(settle, []string{"--ledger", lines, "--epoch", "4", "--json"})...)
	for name, place := range map[string]string{"SQLite": filepath.Join(dir, "usage.db"), "PostgreSQL": ledgertest.Start(t).Database(t)} {
		t.Run(name, func(t *testing.T) {
			home := filepath.Join(dir, name)
			steps := [][]string{
				{"rewards", "ledger", "import", lines, "--ledger", place},
				slices.Concat(settle, []string{"--ledger", place, "--epoch", "2", "--claims", filepath.Join(dir, name+"2.ndjson")}),
				slices.Concat(settle, []string{"--ledger", place, "--epoch", "4", "--claims", filepath.Join(dir, name+"4.ndjson"), "--json"}),
			}
			random := rand.New(rand.NewPCG(1, 2))
			var last []byte
			for i, args := range steps {
				begun := time.Now()
				output(filepath.Join(dir, "probe"), append(args[:len(args):len(args)], "--ledger", filepath.Join(dir, name+"probe.db"))...)
				took := time.Since(begun)
				n := kills / len(steps)
				if i == 0 {
					n += kills % len(steps)
				}
				for range n {
					cmd := run(home, args...)
					if err := cmd.Start(); err != nil {
						t.Fatal(err)
					}
					time.Sleep(time.Duration(random.Int64N(int64(took))))
					_ = cmd.Process.Kill()
					_ = cmd.Wait()
				}
				last = output(home, args...)
			}
			if !bytes.Equal(last, want) {
				t.Errorf("the settlement says %.300s, want %.300s", last, want)
			}
			if export := output(home, "rewards", "ledger", "export", "--ledger", place); !bytes.Equal(export, w.text(0, 5)) {
				t.Error("the ledger is not what was imported")
			}
			claims, err := os.ReadFile(filepath.Join(dir, name+"4.ndjson"))
			if err != nil || bytes.Count(claims, []byte("\n")) != 97 {
				t.Errorf("%d lines of claims, %v", bytes.Count(claims, []byte("\n")), err)
			}
		})
	}
}
