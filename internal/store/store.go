// Package store keeps what must not be forgotten in one SQLite file: what the gate is about to do, what became of it, and the
// journal of every run, which also says who served it.
//
// The file is in WAL mode with synchronous FULL: what a method stored is on the disk when it returns. Write transactions are
// immediate, so they wait for each other instead of failing half-way; there is one connection, and one writer at a time.
//
// Invariant: a state changes together with its event, in one transaction, and events are never changed or deleted: triggers
// of the database itself refuse it.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"

	"github.com/keymaker-agent/keymaker/internal/sqlite"
	"github.com/keymaker-agent/keymaker/internal/store/rows"
	"github.com/keymaker-agent/keymaker/refusal"
)

//go:generate go run github.com/sqlc-dev/sqlc/cmd/sqlc@v1.31.1 generate

//go:embed migrations/*.sql
var migrations embed.FS

const busyTimeout = 5 * time.Second

// Store is the open database. It is safe for use by many goroutines, and the file by many processes.
type Store struct {
	db   *sql.DB
	q    *rows.Queries
	path string
	now  func() time.Time
}

// Open opens the file, makes it (0600) where there is none, and brings it to this program's version. It refuses with
// refusal.DatabaseNewer, refusal.DatabaseBusy or refusal.DatabaseBroken.
func Open(ctx context.Context, path string) (*Store, error) {
	return open(ctx, path, busyTimeout)
}

func open(ctx context.Context, path string, busy time.Duration) (*Store, error) {
	if err := sqlite.MakeFile(path, "the database"); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite3", sqlite.Source(path, busy))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	s := &Store{db: db, q: rows.New(db), path: path, now: time.Now}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(s.told(err), db.Close())
	}
	return s, nil
}

func (s *Store) provider() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, s.db, files, goose.WithDisableGlobalRegistry(true))
}

const migrateTries = 5 // two processes may both be the first to open a file

func (s *Store) migrate(ctx context.Context) error {
	p, err := s.provider()
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	for try := 1; ; try++ {
		err := s.up(ctx, p)
		if err == nil || try == migrateTries || refusal.Is(err, refusal.DatabaseNewer) || ctx.Err() != nil {
			return err
		}
		var known sqlite3.Error
		if errors.As(err, &known) && known.Code != sqlite3.ErrError && known.Code != sqlite3.ErrConstraint {
			return err
		}
	}
}

func (s *Store) up(ctx context.Context, p *goose.Provider) error {
	got, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the version of %s: %w", s.path, err)
	}
	if got > want {
		return refusal.New(refusal.DatabaseNewer, "%s has version %d, this program knows %d", s.path, got, want)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("bring %s to version %d: %w", s.path, want, err)
	}
	return nil
}

// Version is the version of the database.
func (s *Store) Version(ctx context.Context) (int64, error) {
	p, err := s.provider()
	if err != nil {
		return 0, err
	}
	v, err := p.GetDBVersion(ctx)
	return v, s.told(err)
}

// Check reads the whole file, and refuses (refusal.DatabaseBroken) what is damaged.
func (s *Store) Check(ctx context.Context) error {
	var answer string
	if err := s.db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&answer); err != nil {
		return s.told(err)
	}
	if answer != "ok" {
		return refusal.New(refusal.DatabaseBroken, "%s: %s", s.path, answer)
	}
	return nil
}

// Close ends the connection.
func (s *Store) Close() error { return s.db.Close() }

// write runs do in one immediate transaction.
func (s *Store) write(ctx context.Context, do func(*rows.Queries) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return s.told(err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if err := do(s.q.WithTx(tx)); err != nil {
		return s.told(err)
	}
	return s.told(tx.Commit())
}

// told gives the refusals of the database their names, and leaves every other error as it is.
func (s *Store) told(err error) error {
	var known sqlite3.Error
	if !errors.As(err, &known) {
		return err
	}
	switch known.Code {
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return refusal.New(refusal.DatabaseBusy, "%s is in use", s.path).Because(err)
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return refusal.New(refusal.DatabaseBroken, "%s can't be read", s.path).Because(err)
	}
	return err
}
