package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Add stores entries of a reporter, all of them or none, and tells how many were new. When it returns they are on the disk and count as
// reported; the next Cut signs them. An entry that the reporter has reported already is passed over. It refuses entries that no
// line can hold (bad_entry), that lie in no epoch with their whole length (wrong_epoch), and whose epoch has not begun
// (future_epoch) or takes nothing more (epoch_closed): it is closed, or the reporter's chain is beyond it.
func (l *Ledger) Add(ctx context.Context, reporter common.Address, entries ...*usage.Entry) (added int, err error) {
	err = l.write(ctx, func(tx *sql.Tx) error {
		added = 0
		last, err := tail(ctx, tx, reporter)
		if err != nil {
			return err
		}
		for _, e := range entries {
			is, err := l.add(ctx, tx, &last, e)
			if err != nil {
				return err
			}
			if is {
				added++
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

func (l *Ledger) add(ctx context.Context, tx *sql.Tx, last *usage.Segment, e *usage.Entry) (bool, error) {
	line, err := usage.AppendEntry(nil, e)
	if err != nil {
		return false, err
	}
	id := usage.ID(sha256.Sum256(line))
	var known bool
	err = tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM entries WHERE reporter = $1 AND id = $2)", last.Reporter[:], id[:]).Scan(&known)
	if err != nil || known {
		return false, err
	}
	epoch, err := l.days.Epoch(e.At)
	if err != nil {
		return false, err
	}
	span, err := l.days.Span(epoch)
	if err != nil {
		return false, err
	}
	if e.To > span.To {
		return false, refusal.New(refusal.WrongEpoch, "a %s from %d to %d is in more than one epoch", e.Kind, e.At, e.To).
			WithHint("cut it at the ends of epochs")
	}
	if err := l.takes(ctx, tx, epoch); err != nil {
		return false, err
	}
	if epoch < last.Epoch {
		return false, refusal.New(refusal.EpochClosed, "the chain of %s is in epoch %d, and a %s in epoch %d", last.Reporter, last.Epoch, e.Kind, epoch)
	}
	return true, say(ctx, tx, last.Reporter, id, epoch, e)
}

// say stores an entry as reported.
func say(ctx context.Context, tx *sql.Tx, reporter common.Address, id usage.ID, epoch usage.Epoch, e *usage.Entry) error {
	line, err := usage.AppendEntry(nil, e)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO entries (reporter, id, epoch, kind, ref, line) VALUES ($1, $2, $3, $4, $5, $6)",
		reporter[:], id[:], int64(epoch), e.Kind.String(), e.Ref[:], append(line, '\n'))
	if err != nil {
		return fmt.Errorf("store an entry: %w", err)
	}
	return nil
}

// place says which segment an entry is in.
func place(ctx context.Context, tx *sql.Tx, seq int64, s *usage.Segment) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO placed (seq, reporter, first) VALUES ($1, $2, $3)", seq, s.Reporter[:], int64(s.First))
	if err != nil {
		return fmt.Errorf("store the place of an entry: %w", err)
	}
	return nil
}

// Has reports whether a reporter has reported an entry of this kind and ref.
func (l *Ledger) Has(ctx context.Context, reporter common.Address, kind usage.Kind, ref usage.Ref) (bool, error) {
	var yes bool
	err := l.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM entries WHERE reporter = $1 AND kind = $2 AND ref = $3)",
		reporter[:], kind.String(), ref[:]).Scan(&yes)
	return yes, l.told(err)
}

// Cut puts what a reporter has said since the last time into signed segments, and tells which. Entries of an epoch that was closed in
// the meantime can't be told any more: they stay where they are, and are counted as late. It refuses to go on from a ledger that does
// not hold what the key has signed before (ledger_forked).
func (l *Ledger) Cut(ctx context.Context, by *Key) (cut []usage.Segment, late int, err error) {
	err = l.write(ctx, func(tx *sql.Tx) error {
		last, err := tail(ctx, tx, by.Address())
		if err != nil {
			return err
		}
		c := cutter{ledger: l, tx: tx, shut: map[usage.Epoch]bool{}}
		c.log = usage.Log{Reporter: last.Reporter, Calendar: l.days, Sign: by.sign, Into: func(s *usage.Segment, lines []byte) error {
			return c.into(ctx, s, lines)
		}}
		c.log.After(&last)
		if err := by.follows(ctx, tx); err != nil {
			return err
		}
		err = c.run(ctx, last.Epoch)
		cut, late = c.cut, c.late
		if err != nil || len(cut) == 0 {
			return err
		}
		return by.signing(endOf(&last), endOf(&cut[len(cut)-1]))
	})
	if err != nil {
		return nil, 0, err
	}
	if len(cut) == 0 {
		return nil, late, nil
	}
	return cut, late, by.signed(endOf(&cut[len(cut)-1]))
}

// cutter is one Cut under way.
type cutter struct {
	ledger *Ledger
	tx     *sql.Tx
	log    usage.Log
	shut   map[usage.Epoch]bool // whether an epoch is closed
	placed []int64              // entries of the segment that is not cut yet
	cut    []usage.Segment
	late   int
}

const page = usage.MostEntries // entries that are read at a time

func (c *cutter) run(ctx context.Context, from usage.Epoch) error {
	for at := (waiting{epoch: from}); ; {
		list, err := waitingEntries(ctx, c.tx, c.log.Reporter, at)
		if err != nil {
			return fmt.Errorf("read what was reported: %w", err)
		}
		for _, w := range list {
			if err := c.take(ctx, w); err != nil {
				return err
			}
		}
		if len(list) < page {
			return c.log.Cut()
		}
		at = list[page-1]
	}
}

func (c *cutter) take(ctx context.Context, w waiting) (err error) {
	shut, asked := c.shut[w.epoch]
	if !asked {
		if shut, err = closed(ctx, c.tx, w.epoch); err != nil {
			return err
		}
		c.shut[w.epoch] = shut
	}
	if shut {
		c.late++
		return nil
	}
	var e usage.Entry
	if err := usage.ReadEntry(bytes.TrimSuffix(w.line, []byte{'\n'}), &e); err != nil {
		return refusal.New(refusal.DatabaseBroken, "an entry can't be read").Because(err)
	}
	if _, err := c.log.Add(&e); err != nil {
		return err
	}
	c.placed = append(c.placed, w.seq) // after Add, which may have cut what was before
	return nil
}

func (c *cutter) into(ctx context.Context, s *usage.Segment, lines []byte) error {
	if err := put(ctx, c.tx, s, lines); err != nil {
		return err
	}
	for _, seq := range c.placed {
		if err := place(ctx, c.tx, seq, s); err != nil {
			return err
		}
	}
	c.cut, c.placed = append(c.cut, *s), c.placed[:0]
	return nil
}

// waiting is an entry that was said and not signed.
type waiting struct {
	epoch usage.Epoch
	seq   int64
	line  []byte
}

// waitingEntries are the next ones of a reporter after a place, by epoch and in the order in which they were said.
func waitingEntries(ctx context.Context, q querier, reporter common.Address, after waiting) (all []waiting, err error) {
	err = each(ctx, q, func(rows *sql.Rows) error {
		var w waiting
		var epoch int64
		if err := rows.Scan(&epoch, &w.seq, &w.line); err != nil {
			return err
		}
		w.epoch = usage.Epoch(epoch)
		all = append(all, w)
		return nil
	}, `SELECT epoch, seq, line FROM entries WHERE reporter = $1 AND (epoch, seq) > ($2, $3)
		AND NOT EXISTS (SELECT 1 FROM placed WHERE placed.seq = entries.seq) ORDER BY epoch, seq LIMIT $4`,
		reporter[:], int64(after.epoch), after.seq, page)
	return all, err
}
