package sqlite

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"
)

func TestAFileOfAnyNameIsMadeForItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "a #1 50% sure?.db")
	if err := MakeFile(path, "the test"); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", Source(path, time.Second))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var mode string
	if err := db.QueryRow("PRAGMA journal_mode").Scan(&mode); err != nil || mode != "wal" {
		t.Errorf("%q, %v", mode, err)
	}
	if _, err := db.Exec("CREATE TABLE t (x)"); err != nil {
		t.Fatal(err)
	}
	f, err := os.Stat(path)
	if err != nil || f.Mode().Perm() != 0o600 || f.Size() == 0 && !exists(path+"-wal") {
		t.Errorf("%v, %v", f, err)
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func TestAFolderThatCannotBeMadeIsToldByName(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := MakeFile(filepath.Join(file, "x.db"), "the test"); err == nil || err.Error()[:22] != "make the folder of the" {
		t.Errorf("got %v", err)
	}
}
