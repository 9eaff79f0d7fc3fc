package ledger

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver pgx
	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"

	"github.com/keymaker-agent/keymaker/internal/sqlite"
	"github.com/keymaker-agent/keymaker/refusal"
)

//go:embed migrations
var migrations embed.FS

// dialect is all that SQLite and PostgreSQL are told apart by. Statements are the same text for both.
type dialect struct {
	driver string
	name   string // of the folder of migrations
	goose  goose.Dialect
	conns  int

	// lock makes a transaction the only one that writes. SQLite's are so from the beginning.
	lock string

	// guard keeps programs apart that open the same new database at once. SQLite's migrations are tried again instead.
	guard, release string
}

var lite = dialect{driver: "sqlite3", name: "sqlite", goose: goose.DialectSQLite3, conns: 1}

// The locks are numbers of the whole database: "keymaker" in ASCII, and the next one.
var postgres = dialect{
	driver: "pgx", name: "postgres", goose: goose.DialectPostgres, conns: 4,
	lock:  "SELECT pg_advisory_xact_lock(7738725045398889842)",
	guard: "SELECT pg_advisory_lock(7738725045398889843)", release: "SELECT pg_advisory_unlock(7738725045398889843)",
}

// IsDSN reports whether a place is a PostgreSQL, and not a file.
func IsDSN(place string) bool {
	return strings.HasPrefix(place, "postgres://") || strings.HasPrefix(place, "postgresql://")
}

// Shown is a place as it may be shown: without a password.
func Shown(place string) string {
	if !IsDSN(place) {
		return place
	}
	u, err := url.Parse(place)
	if err != nil {
		return "postgres://…"
	}
	q := u.Query()
	if q.Has("password") {
		q.Set("password", "xxxxx")
		u.RawQuery = q.Encode()
	}
	return u.Redacted()
}

// HasPassword reports whether a place is a DSN with a password in it, or one that can't be read, which may have one.
func HasPassword(place string) bool {
	if !IsDSN(place) {
		return false
	}
	u, err := url.Parse(place)
	if err != nil {
		return true
	}
	_, set := u.User.Password()
	return set || u.Query().Has("password")
}

func connect(place string, busy time.Duration) (*sql.DB, dialect, error) {
	d, source := lite, sqlite.Source(place, busy)
	if IsDSN(place) {
		d, source = postgres, place
	} else if err := sqlite.MakeFile(place, "the usage ledger"); err != nil {
		return nil, d, err
	}
	db, err := sql.Open(d.driver, source)
	if err != nil {
		return nil, d, err
	}
	db.SetMaxOpenConns(d.conns)
	return db, d, nil
}

func (d dialect) provider(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations/"+d.name)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(d.goose, db, files, goose.WithDisableGlobalRegistry(true))
}

const migrateTries = 5 // two programs may both be the first to open a file

func (d dialect) migrate(ctx context.Context, db *sql.DB) error {
	p, err := d.provider(db)
	if err != nil {
		return err
	}
	if d.guard != "" {
		guard, err := db.Conn(ctx)
		if err != nil {
			return err
		}
		defer guard.Close()
		if _, err := guard.ExecContext(ctx, d.guard); err != nil {
			return err
		}
		defer guard.ExecContext(context.WithoutCancel(ctx), d.release) //nolint:errcheck // a connection that is lost holds no lock
	}
	for try := 1; ; try++ {
		err := up(ctx, p)
		if err == nil || try == migrateTries || refusal.Is(err, refusal.DatabaseNewer) || ctx.Err() != nil {
			return err
		}
		var known sqlite3.Error
		if !errors.As(err, &known) || known.Code != sqlite3.ErrError && known.Code != sqlite3.ErrConstraint {
			return err
		}
	}
}

func up(ctx context.Context, p *goose.Provider) error {
	got, want, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if got > want {
		return refusal.New(refusal.DatabaseNewer, "the usage ledger has version %d, this program knows %d", got, want)
	}
	if got == want {
		return nil
	}
	_, err = p.Up(ctx)
	return err
}

// told gives the refusals of the databases their names, and leaves every other error as it is.
func (l *Ledger) told(err error) error {
	if _, named := refusal.As(err); named {
		return err
	}
	shown := Shown(l.place)
	if known, ok := errors.AsType[sqlite3.Error](err); ok {
		switch known.Code {
		case sqlite3.ErrBusy, sqlite3.ErrLocked:
			return refusal.New(refusal.DatabaseBusy, "%s is in use", shown).Because(err)
		case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
			return refusal.New(refusal.DatabaseBroken, "%s can't be read", shown).Because(err).
				WithHint("put the file aside and import the ledger again: rewards ledger import FILE; what was not exported is fed from the journal again")
		}
		return err
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok { // its text holds no password
		return refusal.New(refusal.LedgerDown, "%s does not answer", shown).Because(err)
	}
	return err
}
