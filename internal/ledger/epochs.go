package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Closed is an epoch that is closed.
type Closed struct {
	usage.Closing
	New bool // it was not closed before
}

// CloseEpoch says that the ledger holds all of an epoch; nothing is added to it after that. An epoch that is closed stays as it is, and
// one that is not over is refused (future_epoch).
func (l *Ledger) CloseEpoch(ctx context.Context, epoch usage.Epoch) (c Closed, err error) {
	err = l.write(ctx, func(tx *sql.Tx) (err error) {
		c, err = l.close(ctx, tx, epoch)
		return err
	})
	return c, err
}

func (l *Ledger) close(ctx context.Context, tx *sql.Tx, epoch usage.Epoch) (Closed, error) {
	span, err := l.days.Span(epoch)
	if err != nil {
		return Closed{}, err
	}
	if now := emission.Time(max(l.now().Unix(), 0)); now < span.To {
		return Closed{}, refusal.New(refusal.FutureEpoch, "epoch %d is not over: it ends at %d, and now it is %d", epoch, span.To, now)
	}
	n, err := number(uint64(epoch))
	if err != nil {
		return Closed{}, err
	}
	c := Closed{Closing: usage.Closing{Epoch: epoch}}
	var count int64
	var root []byte
	err = tx.QueryRowContext(ctx, "SELECT segments, root FROM closings WHERE epoch = $1", n).Scan(&count, &root)
	if err == nil {
		c.Segments, c.Root = uint64(count), common.BytesToHash(root)
		return c, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return Closed{}, err
	}
	all, err := segments(ctx, tx, "SELECT "+heads+" FROM segments WHERE epoch = $1", n)
	if err != nil {
		return Closed{}, err
	}
	c.Closing, c.New = usage.CloseEpoch(epoch, all), true
	_, err = tx.ExecContext(ctx, "INSERT INTO closings (epoch, segments, root) VALUES ($1, $2, $3)", n, int64(c.Segments), c.Root[:])
	if err != nil {
		return Closed{}, fmt.Errorf("store a closing: %w", err)
	}
	return c, nil
}

// EpochStatus is what the ledger holds of an epoch.
type EpochStatus struct {
	Epoch     usage.Epoch
	Segments  uint64
	Entries   uint64
	Reporters uint64
	Open      uint64 // entries that were reported here and are in no segment
	Closed    bool
	Settled   bool // by some rules
}

// Status is what the ledger holds, by epoch.
func (l *Ledger) Status(ctx context.Context) (all []EpochStatus, err error) {
	const query = `
SELECT epoch, CAST(SUM(segments) AS BIGINT), CAST(SUM(entries) AS BIGINT), CAST(SUM(reporters) AS BIGINT), CAST(SUM(open) AS BIGINT),
       EXISTS (SELECT 1 FROM closings WHERE closings.epoch = parts.epoch), EXISTS (SELECT 1 FROM settled WHERE settled.epoch = parts.epoch)
FROM (
    SELECT epoch, COUNT(*) AS segments, SUM(count) AS entries, COUNT(DISTINCT reporter) AS reporters, 0 AS open FROM segments GROUP BY epoch
    UNION ALL
    SELECT epoch, 0, 0, 0, COUNT(*) FROM entries WHERE NOT EXISTS (SELECT 1 FROM placed WHERE placed.seq = entries.seq) GROUP BY epoch
    UNION ALL
    SELECT epoch, 0, 0, 0, 0 FROM closings
) AS parts GROUP BY epoch ORDER BY epoch`
	err = each(ctx, l.db, func(rows *sql.Rows) error {
		var s EpochStatus
		var epoch, segments, entries, reporters, open int64
		if err := rows.Scan(&epoch, &segments, &entries, &reporters, &open, &s.Closed, &s.Settled); err != nil {
			return err
		}
		s.Epoch, s.Segments, s.Entries = usage.Epoch(epoch), uint64(segments), uint64(entries)
		s.Reporters, s.Open = uint64(reporters), uint64(open)
		all = append(all, s)
		return nil
	}, query)
	return all, l.told(err)
}
