package cache

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// role makes the test binary one of several processes.
const role = "KEYMAKER_CACHE_ROLE"

var roles = map[string]func(path string) error{
	"once":    func(path string) error { return writeManyBlocks("once", path) },
	"endless": func(path string) error { return writeManyBlocks("endless", path) },
}

func TestMain(m *testing.M) {
	if os.Getenv(role) != "" {
		if err := roles[os.Getenv(role)](os.Getenv(role + "_FILE")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func keyOf(n uint64) pinned.Key {
	return pinned.Key{ChainID: 1, Genesis: common.Hash{1}, Block: crypto.Keccak256Hash([]byte(strconv.FormatUint(n, 10)))}
}

// valueOf is what a block holds: everything follows from its number and a place, so whoever reads it knows whether it is right.
func valueOf(block, place uint64) pinned.Known {
	h := crypto.Keccak256Hash(fmt.Appendf(nil, "%d/%d", block, place))
	acc := pinned.Account{Nonce: place, Balance: *uint256.NewInt(block)}
	if place%3 > 0 { // some have code, and many the same
		acc.SetCode([]byte(strings.Repeat(fmt.Sprintf("code %d ", place%7), 100)))
	} else {
		acc.SetCode(nil)
	}
	return pinned.Known{
		Accounts: map[common.Address]pinned.Account{common.Address(h[:20]): acc},
		Slots:    map[pinned.Slot]common.Hash{{Account: common.Address(h[:20]), Key: h}: crypto.Keccak256Hash(h[:])},
		Hashes:   map[uint64]common.Hash{place: h},
	}
}

func all(block uint64, places uint64) pinned.Known {
	var k pinned.Known
	for p := range places {
		k.Add(valueOf(block, p))
	}
	return k
}

// wrong names the first value that is not the one that was stored.
func wrong(have, want pinned.Known) error {
	for a, acc := range have.Accounts {
		if w, ok := want.Accounts[a]; !ok || !reflect.DeepEqual(acc, w) {
			return fmt.Errorf("account %s: %+v, want %+v", a, acc, w)
		}
	}
	for s, v := range have.Slots {
		if w, ok := want.Slots[s]; !ok || v != w {
			return fmt.Errorf("slot %v: %s, want %s", s, v, w)
		}
	}
	for n, h := range have.Hashes {
		if w, ok := want.Hashes[n]; !ok || h != w {
			return fmt.Errorf("hash of %d: %s, want %s", n, h, w)
		}
	}
	return nil
}

func open(t rapid.TB, path string, most int64) *Cache {
	t.Helper()
	c, err := Open(path, most)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func shut(t rapid.TB, c *Cache) {
	t.Helper()
	if err := errors.Join(c.Err(), c.Close()); err != nil {
		t.Fatal(err)
	}
}

func wantWhole(t rapid.TB, c *Cache, block, places uint64) {
	t.Helper()
	have, want := c.Load(keyOf(block)), all(block, places)
	if err := wrong(have, want); err != nil || have.Size() != want.Size() {
		t.Fatalf("block %d: %d values of %d: %v", block, have.Size(), want.Size(), err)
	}
}

func TestWhatWasStoredIsThereInTheNextRun(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "state.db")
	c := open(t, path, Least)
	for block := range uint64(3) {
		for place := range uint64(20) {
			c.Store(keyOf(block), valueOf(block, place))
		}
	}
	shut(t, c)
	c = open(t, path, Least)
	for block := range uint64(3) {
		wantWhole(t, c, block, 20)
	}
	for name, key := range map[string]pinned.Key{
		"another block":   keyOf(7),
		"another chain":   {ChainID: 2, Genesis: keyOf(1).Genesis, Block: keyOf(1).Block},
		"another genesis": {ChainID: 1, Genesis: common.Hash{2}, Block: keyOf(1).Block},
	} {
		if have := c.Load(key); have.Size() != 0 {
			t.Errorf("%s: %d values", name, have.Size())
		}
	}
	shut(t, c)
	if c.Load(keyOf(1)).Size() != 0 {
		t.Error("a closed cache has values")
	}
	c.Store(keyOf(1), valueOf(1, 1))
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	for _, name := range files(t, path) {
		s, err := os.Stat(name)
		if err != nil || s.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, s.Mode(), err)
		}
	}
}

func TestCodeIsKeptOnceForAllBlocks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	c := open(t, path, Least)
	for block := range uint64(30) {
		c.Store(keyOf(block), all(block, 14))
		c.flush()
	}
	shut(t, c)
	f, err := openFile(path, 0, Least)
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	if n := number(t.Context(), f.reads, "SELECT count(*) FROM codes"); n.err != nil || n.n != 7 {
		t.Errorf("%d codes, want 7: %v", n.n, n.err)
	}
}

func TestTheBlocksThatWereUsedLongestAgoGoFirst(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	const most, blocks, places = Least, 120, 100
	c := open(t, path, most)
	for block := range uint64(blocks) {
		for sum := 0; ; sum++ { // a cache that is full for a moment takes it a little later
			c.Store(keyOf(block), all(block, places))
			c.flush()
			if c.Load(keyOf(block)).Size() > 0 {
				break
			}
			if sum > 3 {
				t.Fatalf("block %d is not kept: %v", block, c.Err())
			}
		}
		if size := sizeOf(t, path); size > most {
			t.Fatalf("after block %d: %d bytes of %d", block, size, most)
		}
		wantWhole(t, c, 0, places) // it is used all the time
		wantWhole(t, c, block, places)
	}
	kept, oldest := 0, uint64(0)
	for block := uint64(blocks) - 1; block > 0; block-- {
		if c.Load(keyOf(block)).Size() > 0 {
			kept++
			if oldest != 0 && oldest != block+1 {
				t.Errorf("block %d is kept, and the newer %d is not", block, block+1)
			}
			oldest = block
		}
	}
	if kept < 10 || kept == blocks-1 {
		t.Errorf("%d of %d blocks are kept", kept, blocks)
	}
	t.Logf("%d of %d blocks are kept in %d bytes of %d", kept+1, blocks, sizeOf(t, path), int64(most))
	shut(t, c)
	if size := sizeOf(t, path); size > most {
		t.Errorf("at the end %d bytes of %d", size, most)
	}
}

// files are all that a cache has on the disk.
func files(t rapid.TB, path string) []string {
	t.Helper()
	all, err := filepath.Glob(path + "*")
	if err != nil || len(all) == 0 {
		t.Fatal("no files", err)
	}
	return all
}

func sizeOf(t rapid.TB, path string) (sum int64) {
	t.Helper()
	for _, name := range files(t, path) {
		s, err := os.Stat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(name, "-shm") { // shared memory, 32 KiB
			sum += s.Size()
		}
	}
	return sum
}

func TestAHundredGoroutinesReadAndWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	c := open(t, path, 16<<20)
	var wg sync.WaitGroup
	for g := range uint64(100) {
		wg.Go(func() {
			block := g % 10
			for place := range uint64(10) {
				c.Store(keyOf(block), valueOf(block, place+g/10))
				if err := wrong(c.Load(keyOf(block)), all(block, 20)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if err := c.Err(); err != nil && !errors.Is(err, context.DeadlineExceeded) { // a slow disk is waited for so long, and no longer
		t.Error(err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	c = open(t, path, 16<<20)
	for block := range uint64(10) {
		wantWhole(t, c, block, 19)
	}
	shut(t, c)
}

// Other processes.

// writeManyBlocks is what the other process does: with the role "endless" until it is killed.
func writeManyBlocks(how, path string) error {
	c, err := Open(path, 16<<20)
	if err != nil {
		return err
	}
	fmt.Println("open")
	for block := uint64(0); how == "endless" || block < 20; block++ {
		for place := range uint64(30) {
			c.Store(keyOf(block%20), valueOf(block%20, place))
		}
		c.flush()
		if err := wrong(c.Load(keyOf(block%20)), all(block%20, 30)); err != nil {
			return err
		}
		if how == "endless" {
			fmt.Println(block)
		}
	}
	return errors.Join(c.Err(), c.Close())
}

func another(t testing.TB, how, path string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), role+"="+how, role+"_FILE="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewReader(out)
}

func TestTwoProcessesShareAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	var others []*exec.Cmd
	for range 2 {
		cmd, _ := another(t, "once", path)
		others = append(others, cmd)
	}
	c := open(t, path, 16<<20)
	for block := range uint64(20) {
		c.Store(keyOf(block), all(block, 30))
		if err := wrong(c.Load(keyOf(block)), all(block, 30)); err != nil {
			t.Error(err)
		}
	}
	for _, cmd := range others {
		if err := cmd.Wait(); err != nil {
			t.Errorf("another process: %v", err)
		}
	}
	shut(t, c)
	c = open(t, path, 16<<20)
	for block := range uint64(20) {
		wantWhole(t, c, block, 30)
	}
	shut(t, c)
}

func TestAProcessThatIsKilledWhileItWritesDamagesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	for try := range 8 {
		cmd, out := another(t, "endless", path)
		for range 2 + try {
			if _, err := out.ReadString('\n'); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Duration(try) * 700 * time.Microsecond) // anywhere in a write
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("it was not killed")
		}
		c := open(t, path, 16<<20)
		whole := 0
		for block := range uint64(20) {
			have := c.Load(keyOf(block))
			if err := wrong(have, all(block, 30)); err != nil {
				t.Fatal(err)
			}
			if have.Size() > 0 {
				whole++
			}
		}
		if whole == 0 {
			t.Errorf("try %d: what was on the disk before is gone", try)
		}
		c.Store(keyOf(100), valueOf(100, 1))
		shut(t, c)
	}
	if n := len(files(t, path)); n != 1 {
		t.Errorf("%d files: the cache was begun anew", n)
	}
}

// Damage.

func TestDamageIsNeverAWrongValue(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good.db")
	c := open(t, good, Least)
	for block := range uint64(4) {
		c.Store(keyOf(block), all(block, 30))
	}
	shut(t, c)
	bytes, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	n, whole, anew := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		path := filepath.Join(dir, strconv.Itoa(n)+".db")
		bad := append([]byte(nil), bytes...)
		for range rapid.IntRange(1, 20).Draw(t, "hits") {
			bad[rapid.IntRange(0, len(bad)-1).Draw(t, "at")] ^= rapid.ByteRange(1, 255).Draw(t, "flip")
		}
		if rapid.IntRange(0, 3).Draw(t, "cut") == 0 {
			bad = bad[:rapid.IntRange(0, len(bad)).Draw(t, "length")]
		}
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		c := open(t, path, Least)
		kept := 0
		for block := range uint64(4) {
			have, want := c.Load(keyOf(block)), all(block, 30)
			if err := wrong(have, want); err != nil {
				t.Fatal(err)
			}
			kept += have.Size()
			c.Store(keyOf(block), want)
			c.flush()
		}
		if kept == 4*90 {
			whole++
		}
		_ = c.Close() // a damaged file may say so
		for range 2 {
			c = open(t, path, Least)
			for block := range uint64(4) {
				have, want := c.Load(keyOf(block)), all(block, 30)
				if err := wrong(have, want); err != nil {
					t.Fatal(err)
				}
				c.Store(keyOf(block), want)
				c.flush()
			}
			_ = c.Close()
		}
		c = open(t, path, Least)
		defer c.Close()
		for block := range uint64(4) { // what was damaged has been dropped and kept again
			wantWhole(t, c, block, 30)
		}
		if c.file.generation > 0 {
			anew++
		}
	})
	t.Logf("%d damaged files: %d gave all, %d were begun anew, none gave a wrong value", n, whole, anew)
}

func TestAFileThatIsDamagedUnderTwoRunsIsLeftByBoth(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	a := open(t, path, Least)
	for block := range uint64(8) {
		a.Store(keyOf(block), all(block, 30))
		a.flush()
	}
	shut(t, a)
	a, b := open(t, path, Least), open(t, path, Least)
	bytes, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := pageSize; i < len(bytes); i++ {
		bytes[i] ^= 0x5a
	}
	if err := os.WriteFile(path, bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		for _, c := range []*Cache{a, b} {
			for block := range uint64(8) {
				if err := wrong(c.Load(keyOf(block)), all(block, 30)); err != nil {
					t.Fatal(err)
				}
				c.Store(keyOf(block), all(block, 30))
				c.flush()
			}
		}
	}
	if a.Err() == nil || b.Err() == nil {
		t.Errorf("no warning: %v, %v", a.Err(), b.Err())
	}
	_, _ = a.Close(), b.Close() // the damaged file may say so
	c := open(t, path, Least)
	for block := range uint64(8) {
		wantWhole(t, c, block, 30)
	}
	shut(t, c)
}

func TestWhatIsNoCacheIsReplacedOrRefused(t *testing.T) {
	dir := t.TempDir()
	for name, make := range map[string]func(path string) error{
		"a text":        func(path string) error { return os.WriteFile(path, []byte(strings.Repeat("hello ", 2000)), 0o644) },
		"a short text":  func(path string) error { return os.WriteFile(path, []byte("hello"), 0o644) },
		"an empty file": func(path string) error { return os.WriteFile(path, nil, 0o644) },
		"another version": func(path string) error {
			return statement(path, "PRAGMA user_version = 99")
		},
		"other tables": func(path string) error {
			return statement(path, "CREATE TABLE blocks (x); PRAGMA user_version = 1")
		},
		"above its bound": func(path string) error {
			return statement(path, "CREATE TABLE big (x); INSERT INTO big VALUES (zeroblob(5000000)); PRAGMA user_version = 1")
		},
	} {
		path := filepath.Join(dir, strings.ReplaceAll(name, " ", "-"))
		if err := make(path); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			c := open(t, path, Least)
			c.Load(keyOf(1))
			c.Store(keyOf(1), all(1, 5))
			if err := c.Close(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		c := open(t, path, Least)
		wantWhole(t, c, 1, 5)
		shut(t, c)
		for _, f := range files(t, path) {
			if s, err := os.Stat(f); err != nil || s.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v %v", name, s.Mode(), err)
			}
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"a folder": filepath.Join(dir, "folder"), "below a file": filepath.Join(dir, "an-empty-file", "x")} {
		if _, err := Open(path, Least); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Open(filepath.Join(dir, "small"), Least-1); err == nil {
		t.Error("a cache without room")
	}
}

func statement(path, sqlText string) error {
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		return err
	}
	_, err = db.Exec(sqlText)
	return errors.Join(err, db.Close())
}

func TestALockedFileIsAWarning(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	c := open(t, path, Least)
	c.Store(keyOf(1), all(1, 5))
	c.flush()
	db, err := sql.Open("sqlite3", "file:"+path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	wantWhole(t, c, 1, 5) // reads go on
	c.Store(keyOf(2), all(2, 5))
	c.flush()
	if c.Err() == nil {
		t.Error("no warning of a lock")
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	c.Store(keyOf(3), all(3, 5))
	c.flush()
	wantWhole(t, c, 3, 5)
	if have := c.Load(keyOf(2)); have.Size() != 0 {
		t.Error("kept under a lock")
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

func TestWhatDoesNotFitIsAWarning(t *testing.T) {
	c := open(t, filepath.Join(t.TempDir(), "state.db"), Least)
	big := pinned.Account{}
	big.SetCode(make([]byte, 400<<10))
	c.Store(keyOf(1), pinned.Known{Accounts: map[common.Address]pinned.Account{{1}: big}})
	if !errors.Is(c.Err(), ErrFull) {
		t.Error(c.Err())
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

func TestEntriesThatContradictEachOtherAreBothDropped(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	c := open(t, path, Least)
	slot := pinned.Slot{Account: common.Address{1}}
	for b := range byte(2) {
		c.Store(keyOf(1), pinned.Known{Slots: map[pinned.Slot]common.Hash{slot: {b}}})
		c.flush()
	}
	if have := c.Load(keyOf(1)); have.Size() != 0 {
		t.Errorf("%+v", have)
	}
	c.Store(keyOf(1), all(1, 3))
	c.flush()
	wantWhole(t, c, 1, 3)
	shut(t, c)
}
