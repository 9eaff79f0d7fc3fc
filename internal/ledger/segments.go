package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Snapshot is what the ledger held at one moment. It stays as it is while others write.
type Snapshot struct {
	ctx      context.Context
	ledger   *Ledger
	segments []usage.Segment
	closings []usage.Closing
}

var _ usage.Ledger = (*Snapshot)(nil)

// Snapshot reads what is in the ledger now: the heads of its segments, some 200 bytes each. Lines are read when they are asked for,
// until ctx ends.
func (l *Ledger) Snapshot(ctx context.Context) (*Snapshot, error) {
	s := &Snapshot{ctx: ctx, ledger: l}
	err := l.write(ctx, func(tx *sql.Tx) (err error) { // nobody writes between the two
		if s.segments, err = segments(ctx, tx, "SELECT "+heads+" FROM segments"); err != nil {
			return fmt.Errorf("read the segments: %w", err)
		}
		s.closings, err = closings(ctx, tx)
		return err
	})
	return s, err
}

// Segments are those of the snapshot.
func (s *Snapshot) Segments() ([]usage.Segment, error) {
	return append([]usage.Segment(nil), s.segments...), nil
}

// Closings are those of the snapshot.
func (s *Snapshot) Closings() ([]usage.Closing, error) {
	return append([]usage.Closing(nil), s.closings...), nil
}

// Lines are read from the database.
func (s *Snapshot) Lines(of *usage.Segment, buf []byte) ([]byte, error) {
	var head []byte
	var lines sql.RawBytes
	rows, err := s.ledger.db.QueryContext(s.ctx, "SELECT head, body FROM segments WHERE reporter = $1 AND first = $2", of.Reporter[:], int64(of.First))
	if err != nil {
		return nil, s.ledger.told(err)
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, errors.Join(s.ledger.told(rows.Err()), usage.ErrNoSegment)
	}
	if err := rows.Scan(&head, &lines); err != nil {
		return nil, err
	}
	if usage.Head(head) != of.Head {
		return nil, usage.ErrNoSegment
	}
	return append(buf[:0], lines...), s.ledger.told(rows.Err())
}

// heads are the columns that segments reads.
const heads = "reporter, first, count, epoch, previous, head, signature"

func segments(ctx context.Context, q querier, query string, args ...any) (all []usage.Segment, err error) {
	err = each(ctx, q, func(rows *sql.Rows) error {
		var s usage.Segment
		var reporter, previous, head, signature sql.RawBytes
		var first, count, epoch int64
		if err := rows.Scan(&reporter, &first, &count, &epoch, &previous, &head, &signature); err != nil {
			return err
		}
		whole := copy(s.Reporter[:], reporter) + copy(s.Previous[:], previous) + copy(s.Head[:], head) + copy(s.Signature[:], signature)
		if whole != len(s.Reporter)+len(s.Previous)+len(s.Head)+len(s.Signature) || count < 1 || count > usage.MostEntries {
			return refusal.New(refusal.DatabaseBroken, "segment %d of %s can't be read", first, s.Reporter)
		}
		s.First, s.Count, s.Epoch = uint64(first), uint32(count), usage.Epoch(epoch)
		all = append(all, s)
		return nil
	}, query, args...)
	return all, err
}

func closings(ctx context.Context, q querier) (all []usage.Closing, err error) {
	err = each(ctx, q, func(rows *sql.Rows) error {
		var epoch, count int64
		var root []byte
		if err := rows.Scan(&epoch, &count, &root); err != nil {
			return err
		}
		all = append(all, usage.Closing{Epoch: usage.Epoch(epoch), Segments: uint64(count), Root: common.BytesToHash(root)})
		return nil
	}, "SELECT epoch, segments, root FROM closings ORDER BY epoch")
	return all, err
}

// tail is the last segment of a reporter's chain. The zero segment, but for its reporter, is before the first one.
func tail(ctx context.Context, q querier, reporter common.Address) (usage.Segment, error) {
	last, err := segments(ctx, q, "SELECT "+heads+" FROM segments WHERE reporter = $1 ORDER BY first DESC LIMIT 1", reporter[:])
	if err != nil || len(last) == 0 {
		return usage.Segment{Reporter: reporter}, err
	}
	return last[0], nil
}

// closed reports whether nothing is added to an epoch any more: it was closed, or it or a later one was settled.
func closed(ctx context.Context, q querier, epoch usage.Epoch) (bool, error) {
	n, err := number(uint64(epoch))
	if err != nil {
		return false, err
	}
	var yes bool
	err = q.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM closings WHERE epoch = $1) OR EXISTS (SELECT 1 FROM settled WHERE epoch >= $1)", n).Scan(&yes)
	return yes, err
}

// put stores a segment that continues its reporter's chain. Its epoch has begun and is open.
func put(ctx context.Context, tx *sql.Tx, s *usage.Segment, lines []byte) error {
	first, err := number(s.First)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO segments ("+heads+", body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		s.Reporter[:], first, int64(s.Count), int64(s.Epoch), s.Previous[:], s.Head[:], s.Signature[:], lines)
	if err != nil {
		return fmt.Errorf("store %s: %w", s, err)
	}
	return nil
}

// takes refuses an epoch that has not begun (future_epoch), and one that is closed (epoch_closed).
func (l *Ledger) takes(ctx context.Context, q querier, epoch usage.Epoch) error {
	now, err := l.Now()
	if err != nil {
		return err
	}
	if epoch > now {
		return refusal.New(refusal.FutureEpoch, "epoch %d has not begun; now it is epoch %d", epoch, now).
			WithHint("see that this machine's clock is right; what is said of the future is not taken")
	}
	is, err := closed(ctx, q, epoch)
	if err == nil && is {
		err = refusal.New(refusal.EpochClosed, "epoch %d is closed", epoch)
	}
	return err
}

// number refuses what the integers of the databases can't hold.
func number(n uint64) (int64, error) {
	if n > math.MaxInt64 {
		return 0, fmt.Errorf("%d does not fit the database", n)
	}
	return int64(n), nil
}
