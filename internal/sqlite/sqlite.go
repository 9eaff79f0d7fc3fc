// Package sqlite says how this program keeps a SQLite file: readable by its owner alone, in WAL mode with synchronous FULL, so that
// what a transaction stored is on the disk when it is committed, with write transactions that wait for each other from their beginning
// on instead of failing half-way.
package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// MakeFile makes the file and its folder where there are none, and sees to it that only the owner can read the file; SQLite gives its
// side files the same mode. what names the database in errors.
func MakeFile(path, what string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make the folder of %s: %w", what, err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("open %s: %w", what, err)
	}
	if err := errors.Join(f.Chmod(0o600), f.Close()); err != nil {
		return fmt.Errorf("close %s to others: %w", what, err)
	}
	return nil
}

// Source is the data source name of a file for the driver sqlite3. busy is how long a transaction waits for another one.
func Source(path string, busy time.Duration) string {
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	return fmt.Sprintf("file:%s?_journal_mode=WAL&_foreign_keys=on&_busy_timeout=%d&_synchronous=FULL&_txlock=immediate",
		escaped, busy.Milliseconds())
}
