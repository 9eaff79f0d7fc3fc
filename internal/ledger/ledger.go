// Package ledger keeps a usage ledger (rewards/usage) in a database: SQLite in a file, or PostgreSQL.
//
// What a reporter has to say goes through two stages. An entry is stored first, in no order that matters; when it is stored it
// counts as reported, and a program that is killed after that has lost nothing. Later the entries of each epoch are cut into a
// segment, signed, and only then are part of the ledger that others read. Segments of others come in by import.
//
// Invariant: the tables only ever grow; triggers of the database itself refuse everything else. There is one writer at a time, and
// each change is one transaction: the ledger is as it was before or as it is after, whatever is wrong with what came in and whenever
// the program is killed. To a closed epoch nothing is added, and no epoch is in it that has not begun.
package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// busyTimeout is how long a writer waits for another one: as long as a large import takes.
const busyTimeout = time.Minute

// Ledger is an open usage ledger. It is safe for use by many goroutines, and the database by many programs.
type Ledger struct {
	db    *sql.DB
	d     dialect
	place string
	days  usage.Calendar
	now   func() time.Time
}

// Open opens the ledger at a place, which is a file or a DSN (postgres://…), makes it where there is none, and brings it to this
// program's version. A ledger that was begun under another calendar is refused as wrong_epoch. Other refusals are database_newer, database_busy, database_broken and ledger_down.
func Open(ctx context.Context, place string, days usage.Calendar, now func() time.Time) (*Ledger, error) {
	return open(ctx, place, days, now, busyTimeout)
}

func open(ctx context.Context, place string, days usage.Calendar, now func() time.Time, busy time.Duration) (*Ledger, error) {
	l := &Ledger{place: place, days: days, now: now}
	var err error
	if l.db, l.d, err = connect(place, busy); err != nil {
		return nil, refusal.New(refusal.LedgerDown, "the usage ledger %s can't be opened", Shown(place)).Because(err)
	}
	err = l.d.migrate(ctx, l.db)
	if err == nil {
		err = l.keepCalendar(ctx)
	}
	if err != nil {
		return nil, errors.Join(l.told(err), l.db.Close())
	}
	return l, nil
}

// keepCalendar writes the calendar of a new ledger, and holds the calendar in use against that of an old one.
func (l *Ledger) keepCalendar(ctx context.Context) error {
	begun, err := calendar(ctx, l.db)
	if errors.Is(err, sql.ErrNoRows) {
		err = l.write(ctx, func(tx *sql.Tx) error {
			begun, err = calendar(ctx, tx) // another program may have been first
			if !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			begun = l.days
			_, err = tx.ExecContext(ctx, "INSERT INTO calendar (one, start, length) VALUES (1, $1, $2)", int64(begun.Start), int64(begun.Length))
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("read the ledger's calendar: %w", err)
	}
	if begun != l.days {
		return refusal.New(refusal.WrongEpoch, "%s was begun with epochs of %d seconds from %d on, and these rules have %d from %d on",
			Shown(l.place), begun.Length, begun.Start, l.days.Length, l.days.Start).
			WithHint("use the rules that the ledger was begun with, or another ledger")
	}
	return nil
}

func calendar(ctx context.Context, q querier) (usage.Calendar, error) {
	var start, length int64
	err := q.QueryRowContext(ctx, "SELECT start, length FROM calendar").Scan(&start, &length)
	return usage.Calendar{Start: emission.Time(start), Length: emission.Seconds(length)}, err
}

// querier is a database or a transaction of it.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Now is the epoch that holds the present.
func (l *Ledger) Now() (usage.Epoch, error) {
	return l.days.Epoch(emission.Time(max(l.now().Unix(), 0)))
}

// Close ends the connections.
func (l *Ledger) Close() error { return l.db.Close() }

// write runs do in a transaction that is the only one that writes.
func (l *Ledger) write(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return l.told(err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if l.d.lock != "" {
		if _, err := tx.ExecContext(ctx, l.d.lock); err != nil {
			return l.told(err)
		}
	}
	if err := do(tx); err != nil {
		return l.told(err)
	}
	return l.told(tx.Commit())
}

// each calls read for each row of a query.
func each(ctx context.Context, q querier, read func(*sql.Rows) error, query string, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := read(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
