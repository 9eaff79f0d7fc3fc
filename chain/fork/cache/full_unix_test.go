//go:build unix

package cache

import (
	"errors"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
)

func init() { roles["full"] = writeUntilFull }

// writeUntilFull is what the other process does on a disk that takes so many bytes of one file, and no more.
func writeUntilFull(path string) error {
	c, err := Open(path, 16<<20)
	if err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ)
	const limit = 300 << 10
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
		return err
	}
	for block := range uint64(60) {
		c.Store(keyOf(block), all(block, 30))
		c.flush()
		if err := wrong(c.Load(keyOf(block)), all(block, 30)); err != nil {
			return err
		}
	}
	if c.Err() == nil {
		return errors.New("no warning of a full disk")
	}
	_ = c.Close() // it says that the disk is full
	return nil
}

func TestAFullDiskIsAWarning(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	cmd, _ := another(t, "full", path)
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	c := open(t, path, 16<<20)
	kept := 0
	for block := range uint64(60) {
		have := c.Load(keyOf(block))
		if err := wrong(have, all(block, 30)); err != nil {
			t.Fatal(err)
		}
		kept += have.Size()
		c.Store(keyOf(block), all(block, 30))
		c.flush()
		wantWhole(t, c, block, 30)
	}
	if kept == 0 {
		t.Error("what was kept before the disk was full is gone")
	}
	shut(t, c)
}
