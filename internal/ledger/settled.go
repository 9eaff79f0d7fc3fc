package ledger

import (
	"bytes"
	"context"
	"database/sql"
	"errors"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Settled is what a closed epoch came to by one file of rules.
type Settled struct {
	Rules  common.Hash // SHA-256 of the file
	Epoch  usage.Epoch
	Ledger common.Hash // of all settled epochs, as the state has it
	Claims common.Hash // root of all claims until its end
	State  []byte      // what passes to the next epoch
}

// Keep records what an epoch came to, so that the next ones go on from there, and the file that holds the claims (empty: none was
// written). What was settled has to be all of the ledger until then, which segments counts: Keep records nothing, and reports false,
// where something came in since, or where an epoch until then that holds anything is not closed. After it, nothing is added to these epochs. An
// epoch that is recorded with another outcome is refused as root_differs.
func (l *Ledger) Keep(ctx context.Context, s Settled, segments int, file string) (kept bool, err error) {
	err = l.write(ctx, func(tx *sql.Tx) error {
		if kept, err = keep(ctx, tx, &s, segments); err != nil || !kept || file == "" {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO claims (rules, epoch, file) VALUES ($1, $2, $3)", s.Rules[:], int64(s.Epoch), file)
		return err
	})
	return kept && err == nil, err
}

func keep(ctx context.Context, tx *sql.Tx, s *Settled, segments int) (bool, error) {
	there, err := settledAt(ctx, tx, s.Rules, s.Epoch)
	if err == nil {
		if there.Claims != s.Claims || there.Ledger != s.Ledger || !bytes.Equal(there.State, s.State) {
			return false, refusal.New(refusal.RootDiffers, "epoch %d was recorded with the claims' root %s, and now it is %s", s.Epoch, there.Claims, s.Claims).
				WithHint("the program that recorded it reckoned otherwise: settle into another ledger, and compare them")
		}
		return true, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
	whole, err := complete(ctx, tx, s.Epoch, segments)
	if err != nil || !whole {
		return false, err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO settled (rules, epoch, ledger_root, claims_root, state) VALUES ($1, $2, $3, $4, $5)",
		s.Rules[:], int64(s.Epoch), s.Ledger[:], s.Claims[:], s.State)
	return err == nil, err
}

// complete reports whether the ledger holds all of an epoch and of those before it, and so many segments.
func complete(ctx context.Context, tx *sql.Tx, epoch usage.Epoch, segments int) (bool, error) {
	n, err := number(uint64(epoch))
	if err != nil {
		return false, err
	}
	var held int
	var last, open bool
	err = tx.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM segments WHERE epoch <= $1), EXISTS (SELECT 1 FROM closings WHERE epoch = $1),
		EXISTS (SELECT 1 FROM segments WHERE epoch <= $1 AND NOT EXISTS (SELECT 1 FROM closings WHERE closings.epoch = segments.epoch))`, n).
		Scan(&held, &last, &open)
	return held == segments && last && !open, err
}

// SettledBefore is the last epoch before one that is recorded for these rules, or nil where there is none.
func (l *Ledger) SettledBefore(ctx context.Context, rules common.Hash, epoch usage.Epoch) (*Settled, error) {
	n, err := number(uint64(epoch))
	if err != nil {
		return nil, err
	}
	return l.settledAs(settledWhere(ctx, l.db, "rules = $1 AND epoch < $2", rules, n))
}

// SettledAt is what is recorded of an epoch for these rules, or nil where nothing is.
func (l *Ledger) SettledAt(ctx context.Context, rules common.Hash, epoch usage.Epoch) (*Settled, error) {
	return l.settledAs(settledAt(ctx, l.db, rules, epoch))
}

func (l *Ledger) settledAs(s *Settled, err error) (*Settled, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return s, l.told(err)
}

func settledAt(ctx context.Context, q querier, rules common.Hash, epoch usage.Epoch) (*Settled, error) {
	n, err := number(uint64(epoch))
	if err != nil {
		return nil, err
	}
	return settledWhere(ctx, q, "rules = $1 AND epoch = $2", rules, n)
}

func settledWhere(ctx context.Context, q querier, where string, rules common.Hash, epoch int64) (*Settled, error) {
	s := Settled{Rules: rules}
	var at int64
	var ledger, claims []byte
	err := q.QueryRowContext(ctx, "SELECT epoch, ledger_root, claims_root, state FROM settled WHERE "+where+" ORDER BY epoch DESC LIMIT 1",
		rules[:], epoch).Scan(&at, &ledger, &claims, &s.State)
	if err != nil {
		return nil, err
	}
	s.Epoch, s.Ledger, s.Claims = usage.Epoch(at), common.BytesToHash(ledger), common.BytesToHash(claims)
	return &s, nil
}

// Claims is the newest file that holds the claims of an epoch with their proofs, or empty where none was written.
func (l *Ledger) Claims(ctx context.Context, rules common.Hash, epoch usage.Epoch) (file string, err error) {
	n, err := number(uint64(epoch))
	if err != nil {
		return "", err
	}
	err = l.db.QueryRowContext(ctx, "SELECT file FROM claims WHERE rules = $1 AND epoch = $2 ORDER BY seq DESC LIMIT 1", rules[:], n).Scan(&file)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return file, l.told(err)
}
