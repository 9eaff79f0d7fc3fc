//go:build unix

// Package ledgertest starts a real PostgreSQL for tests: a cluster of its own in a temporary folder, which only a socket in that
// folder leads to, and which ends with the test.
package ledgertest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
)

// Server is a running PostgreSQL.
type Server struct {
	dir   string
	count int
}

// Start starts a server that ends with the test. Where PostgreSQL is not installed the test fails, and says what installs it.
func Start(t testing.TB) *Server {
	t.Helper()
	dir, err := os.MkdirTemp("", "keymaker-pg-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	as, err := owner(dir)
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	initdb := exec.Command(program(t, "initdb"), "-D", data, "-U", "keymaker", "--auth=trust", "--no-sync", "--locale=C", "-E", "UTF8")
	initdb.Dir, initdb.SysProcAttr = dir, &syscall.SysProcAttr{Credential: as}
	if out, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	// Tests kill clients, never this server, so what it wrote need not survive a power cut.
	serve := exec.Command(program(t, "postgres"), "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=200")
	var log bytes.Buffer
	serve.Dir, serve.Stdout, serve.Stderr = dir, &log, &log
	serve.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	endWithParent(serve.SysProcAttr)
	ended := start(t, serve)
	t.Cleanup(func() {
		_ = serve.Process.Signal(syscall.SIGINT) // fast shutdown
		<-ended
	})
	s := &Server{dir: dir}
	s.wait(t, ended, &log)
	return s
}

// start keeps the thread that the server is a child of for as long as it runs: the kernel tells it of the death of that thread.
func start(t testing.TB, cmd *exec.Cmd) <-chan struct{} {
	t.Helper()
	started, ended := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
		}
		close(ended)
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	return ended
}

func (s *Server) wait(t testing.TB, ended <-chan struct{}, log *bytes.Buffer) {
	t.Helper()
	db, err := sql.Open("pgx", s.dsn("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for until := time.Now().Add(30 * time.Second); ; {
		if err = db.PingContext(context.Background()); err == nil {
			return
		}
		select {
		case <-ended:
			t.Fatalf("postgres ended: %s", log)
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(until) {
			t.Fatalf("postgres does not answer: %v", err)
		}
	}
}

// Database makes an empty database, and returns where it is.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	db, err := sql.Open("pgx", s.dsn("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s.count++
	name := fmt.Sprintf("ledger%d", s.count)
	if _, err := db.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	return s.dsn(name)
}

func (s *Server) dsn(database string) string {
	return fmt.Sprintf("postgres://keymaker@/%s?host=%s&sslmode=disable", database, url.QueryEscape(s.dir))
}

// program finds a program of PostgreSQL's: on the PATH, else where Debian puts it, the newest first.
func program(t testing.TB, name string) string {
	t.Helper()
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	slices.SortFunc(found, func(a, b string) int { return len(b) - len(a) }) // 15 before 9.6
	if len(found) == 0 {
		t.Fatalf("%s is missing; the ledger is tried on a real PostgreSQL: apt-get install postgresql", name)
	}
	return found[0]
}

// owner gives the folder to whom the server may run as, since PostgreSQL refuses to run as root.
func owner(dir string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		who, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, err
	}
	uid, err1 := strconv.ParseUint(who.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(who.Gid, 10, 32)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, os.Chown(dir, int(uid), int(gid))
}
