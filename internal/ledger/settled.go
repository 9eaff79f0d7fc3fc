package ledger

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Settled is what a closed epoch came to by one file of rules.
type Settled struct {
	Rules  common.Hash // SHA-256 of the file
	Epoch  usage.Epoch
	Ledger common.Hash // root of the epoch
	Claims common.Hash // root of all claims until its end
	State  []byte      // what passes to the next epoch
}

// Keep records what epochs came to, so that the next ones go on from there, and the file that holds the claims of the last one (empty:
// none was written). Only closed epochs can be recorded; one that is recorded with another outcome is refused as root_differs.
func (l *Ledger) Keep(ctx context.Context, file string, settled ...Settled) error {
	return l.write(ctx, func(tx *sql.Tx) error {
		for i := range settled {
			if err := keep(ctx, tx, &settled[i]); err != nil {
				return err
			}
		}
		if file == "" || len(settled) == 0 {
			return nil
		}
		last := &settled[len(settled)-1]
		_, err := tx.ExecContext(ctx, "INSERT INTO claims (rules, epoch, file) VALUES ($1, $2, $3)", last.Rules[:], int64(last.Epoch), file)
		return err
	})
}

func keep(ctx context.Context, tx *sql.Tx, s *Settled) error {
	there, err := settledAt(ctx, tx, s.Rules, s.Epoch)
	if err == nil {
		if there.Claims != s.Claims || there.Ledger != s.Ledger || !bytes.Equal(there.State, s.State) {
			return refusal.New(refusal.RootDiffers, "epoch %d was recorded with the claims' root %s, and now it is %s", s.Epoch, there.Claims, s.Claims).
				WithHint("the program that recorded it reckoned otherwise: settle into another ledger, and compare them")
		}
		return nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	is, err := closed(ctx, tx, s.Epoch)
	if err != nil {
		return err
	}
	if !is {
		return fmt.Errorf("epoch %d is not closed, so its outcome may change", s.Epoch)
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO settled (rules, epoch, ledger_root, claims_root, state) VALUES ($1, $2, $3, $4, $5)",
		s.Rules[:], int64(s.Epoch), s.Ledger[:], s.Claims[:], s.State)
	return err
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
