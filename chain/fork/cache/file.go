package cache

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/mattn/go-sqlite3"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// version is that of the tables.
const version = 1

const schema = `
CREATE TABLE blocks (id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE, used INTEGER NOT NULL);
CREATE INDEX blocks_used ON blocks (used);
CREATE TABLE entries (id INTEGER PRIMARY KEY, block INTEGER NOT NULL, digest BLOB NOT NULL, body BLOB NOT NULL, UNIQUE (block, digest));
CREATE TABLE codes (hash BLOB PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE uses (block INTEGER NOT NULL, code BLOB NOT NULL, PRIMARY KEY (block, code)) WITHOUT ROWID;
CREATE INDEX uses_code ON uses (code);
PRAGMA user_version = 1;
`

const (
	dropEntry = "DELETE FROM entries WHERE id = ?"
	dropCode  = "DELETE FROM codes WHERE hash = ?"
	dropBlock = "DELETE FROM entries WHERE block = (SELECT id FROM blocks WHERE name = ?)"
)

const (
	pageSize  = 4096
	readBusy  = 250 * time.Millisecond // that a run waits for another process
	writeBusy = 2 * time.Second        // that the background and Close wait
)

// file is one SQLite file. It is never repaired: other processes may have it open, and SQLite's own side files go by its name, so a
// damaged one is left and one of the next generation is begun, under another name.
type file struct {
	generation    int
	most          int64
	reads, writes *sql.DB
}

// unfit says that a file can't be used as it is, though it may not be damaged.
type unfit string

func (e unfit) Error() string { return string(e) }

// damaged reports whether a file is to be given up.
func damaged(err error) bool {
	if _, ok := errors.AsType[unfit](err); ok {
		return true
	}
	known, ok := errors.AsType[sqlite3.Error](err)
	if !ok {
		return false
	}
	switch known.Code {
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB, sqlite3.ErrFormat, sqlite3.ErrError, sqlite3.ErrSchema, sqlite3.ErrMismatch, sqlite3.ErrConstraint:
		return true // all statements are known to be right, so an error in one is the file's
	}
	return false
}

func fileName(path string, generation int) string {
	if generation == 0 {
		return path
	}
	return path + "." + strconv.Itoa(generation)
}

// generations are those of the files that are there.
func generations(path string) ([]int, error) {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	var all []int
	for _, e := range entries {
		rest, ok := strings.CutPrefix(e.Name(), filepath.Base(path))
		if !ok {
			continue
		}
		if rest == "" {
			all = append(all, 0)
		} else if n, err := strconv.Atoi(strings.TrimPrefix(rest, ".")); err == nil && n > 0 && rest == "."+strconv.Itoa(n) {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return all, nil
}

// openNewest opens the newest file that is there, or the one after it.
func openNewest(path string, most int64) (*file, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	all, err := generations(path)
	if err != nil {
		return nil, err
	}
	newest := 0
	if len(all) > 0 {
		newest = all[len(all)-1]
	}
	f, err := openFile(path, newest, most)
	if damaged(err) {
		return openAfter(path, most, newest)
	}
	return f, err
}

// openAfter begins the file after one that is damaged, and removes those before it. Who still has one of them open keeps it
// until it closes it: the names are not used again.
func openAfter(path string, most int64, generation int) (*file, error) {
	f, err := openFile(path, generation+1, most)
	if err != nil {
		return nil, err
	}
	all, err := generations(path)
	for _, g := range all {
		if g <= generation {
			for _, side := range []string{"", "-wal", "-shm"} {
				if gone := os.Remove(fileName(path, g) + side); gone != nil && !errors.Is(gone, os.ErrNotExist) {
					err = errors.Join(err, gone)
				}
			}
		}
	}
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

func openFile(path string, generation int, most int64) (*file, error) {
	path = fileName(path, generation)
	if err := makeFile(path); err != nil {
		return nil, err
	}
	f := &file{generation: generation, most: most}
	var err error
	if f.writes, err = sql.Open("sqlite3", f.dsn(path, writeBusy)); err != nil {
		return nil, err
	}
	f.writes.SetMaxOpenConns(1)
	if f.reads, err = sql.Open("sqlite3", f.dsn(path, readBusy)); err != nil {
		return nil, errors.Join(err, f.writes.Close())
	}
	f.reads.SetMaxOpenConns(4)
	if err := f.prepare(); err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

// makeFile sees to it that only the owner can read the file; SQLite gives its side files the same mode.
func makeFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Close())
}

func (f *file) dsn(path string, busy time.Duration) string {
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	return fmt.Sprintf("file:%s?_journal_mode=WAL&_synchronous=NORMAL&_txlock=immediate&_busy_timeout=%d", escaped, busy.Milliseconds())
}

// pages is how many pages the file itself may have. The rest of the bound is the write-ahead log's.
func (f *file) pages() int64 { return f.most / 2 / pageSize }

// prepare makes the tables of a new file, and holds an old one against this version and the bound.
func (f *file) prepare() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*writeBusy)
	defer cancel()
	v := number(ctx, f.reads, "PRAGMA user_version")
	if v.err == nil && v.n == 0 {
		v = f.create(ctx)
	}
	if v.err != nil {
		return v.err
	}
	if v.n != version {
		return unfit(fmt.Sprintf("it has version %d, this program knows %d", v.n, version))
	}
	size, pages := number(ctx, f.writes, "PRAGMA page_size"), number(ctx, f.writes, "PRAGMA page_count")
	if err := errors.Join(size.err, pages.err); err != nil {
		return err
	}
	if size.n != pageSize || pages.n > f.pages() {
		return unfit("it is above its bound")
	}
	for _, pragma := range []string{
		fmt.Sprintf("PRAGMA max_page_count = %d", f.pages()), "PRAGMA cell_size_check = ON", "PRAGMA trusted_schema = OFF",
		fmt.Sprintf("PRAGMA wal_autocheckpoint = %d", f.most/pendingPart/pageSize),
	} {
		if _, err := f.writes.ExecContext(ctx, pragma); err != nil {
			return err
		}
	}
	return nil
}

// create makes the tables, unless another process did so meanwhile.
func (f *file) create(ctx context.Context) counted {
	tx, err := f.writes.BeginTx(ctx, nil)
	if err != nil {
		return counted{err: err}
	}
	defer tx.Rollback()
	if v := number(ctx, tx, "PRAGMA user_version"); v.err != nil || v.n != 0 {
		return v
	}
	if _, err := tx.ExecContext(ctx, schema); err != nil {
		return counted{err: err}
	}
	return counted{n: version, err: tx.Commit()}
}

type counted struct {
	n   int64
	err error
}

func number(ctx context.Context, from interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}, query string,
) (c counted) {
	c.err = from.QueryRowContext(ctx, query).Scan(&c.n)
	return c
}

func (f *file) close() error { return errors.Join(f.reads.Close(), f.writes.Close()) }

// load reads what is kept of a block, and names what of it is damaged.
func (f *file) load(ctx context.Context, key pinned.Key) (known pinned.Known, bad []rotten, err error) {
	known.Add(pinned.Known{})
	name := nameOf(key)
	var block int64
	err = f.reads.QueryRowContext(ctx, "SELECT id FROM blocks WHERE name = ?", name).Scan(&block)
	if errors.Is(err, sql.ErrNoRows) {
		return known, nil, nil
	}
	if err != nil {
		return known, nil, err
	}
	room := int64(loadMost)
	codes := make(map[common.Hash][]byte)
	err = f.each(ctx, &room, "SELECT c.hash, c.hash, c.body FROM uses u JOIN codes c ON c.hash = u.code WHERE u.block = ?", block,
		func(id any, hash, body []byte) {
			if crypto.Keccak256Hash(body) != common.BytesToHash(hash) {
				bad = append(bad, rotten{dropCode, id})
				return
			}
			codes[common.BytesToHash(hash)] = body
		})
	if err != nil {
		return known, nil, err
	}
	contradiction := error(nil)
	err = f.each(ctx, &room, "SELECT id, digest, body FROM entries WHERE block = ? ORDER BY id", block, func(id any, sum, body []byte) {
		var e entry
		if !bytes.Equal(sum, digest(name, body)) || rlp.DecodeBytes(body, &e) != nil {
			bad = append(bad, rotten{dropEntry, id})
			return
		}
		contradiction = errors.Join(contradiction, e.addTo(&known, codes))
	})
	if contradiction != nil {
		return pinned.Known{}, []rotten{{dropBlock, name}}, err
	}
	return known, bad, err
}

// each reads rows until there is no more room.
func (f *file) each(ctx context.Context, room *int64, query string, block int64, row func(id any, sum, body []byte)) error {
	rows, err := f.reads.QueryContext(ctx, query, block)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() && *room > 0 {
		var id any
		var sum, body []byte
		if err := rows.Scan(&id, &sum, &body); err != nil {
			return unfit(err.Error()) // values of other types
		}
		*room -= int64(len(body)) + perValue
		row(id, sum, body)
	}
	return rows.Err()
}

// store writes what waits, in one transaction, and makes room for it first.
func (f *file) store(pending map[pinned.Key]*pinned.Known, bad []rotten) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*writeBusy)
	defer cancel()
	tx, err := f.writes.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, b := range bad {
		if _, err := tx.ExecContext(ctx, b.from, b.id); err != nil {
			return err
		}
	}
	need := int64(8)
	for _, k := range pending {
		need += 4 + int64(k.Size())*perValue/pageSize
		for _, acc := range k.Accounts {
			need += int64(len(acc.Code))/(pageSize-16) + 2
		}
	}
	if err := evict(ctx, tx, f.pages()-need); err != nil {
		return err
	}
	for key, known := range pending {
		if err := put(ctx, tx, key, known); err != nil {
			return fmt.Errorf("block %s: %w", key.Block, err)
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	var busy, log, done int64
	return f.writes.QueryRowContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &log, &done)
}

// put writes what is known of one block.
func put(ctx context.Context, tx *sql.Tx, key pinned.Key, known *pinned.Known) error {
	name := nameOf(key)
	const next = "(SELECT coalesce(max(used), 0) + 1 FROM blocks)"
	if known.Size() == 0 {
		_, err := tx.ExecContext(ctx, "UPDATE blocks SET used = "+next+" WHERE name = ?", name)
		return err
	}
	var block int64
	err := tx.QueryRowContext(ctx, "INSERT INTO blocks (name, used) VALUES (?, "+next+") ON CONFLICT (name) DO UPDATE SET used = excluded.used RETURNING id", name).
		Scan(&block)
	if err != nil {
		return err
	}
	body, err := encode(known)
	if err != nil {
		return err
	}
	for _, acc := range known.Accounts {
		if len(acc.Code) == 0 {
			continue
		}
		if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO codes (hash, body) VALUES (?, ?)", acc.CodeHash[:], acc.Code); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO uses (block, code) VALUES (?, ?)", block, acc.CodeHash[:]); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, "INSERT OR IGNORE INTO entries (block, digest, body) VALUES (?, ?, ?)", block, digest(name, body), body)
	return err
}

// evict drops the blocks that were used longest ago until so few pages are in use.
func evict(ctx context.Context, tx *sql.Tx, pages int64) error {
	for {
		all, free := number(ctx, tx, "PRAGMA page_count"), number(ctx, tx, "PRAGMA freelist_count")
		if err := errors.Join(all.err, free.err); err != nil {
			return err
		}
		if all.n-free.n <= pages {
			return nil
		}
		var block int64
		err := tx.QueryRowContext(ctx, "SELECT id FROM blocks ORDER BY used LIMIT 1").Scan(&block)
		if errors.Is(err, sql.ErrNoRows) {
			return unfit("it is full of nothing")
		}
		if err != nil {
			return err
		}
		for _, statement := range []string{
			"DELETE FROM codes WHERE hash IN (SELECT code FROM uses WHERE block = ?1) AND NOT EXISTS (SELECT 1 FROM uses WHERE code = codes.hash AND block <> ?1)",
			"DELETE FROM uses WHERE block = ?1", "DELETE FROM entries WHERE block = ?1", "DELETE FROM blocks WHERE id = ?1",
		} {
			if _, err := tx.ExecContext(ctx, statement, block); err != nil {
				return err
			}
		}
	}
}
