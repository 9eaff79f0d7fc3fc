package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Imported is what an import brought.
type Imported struct {
	Segments int    // that were new
	Entries  uint64 // of these
	Known    int    // segments that were there already
	Closings int    // that were new
}

// Import adds the segments of another ledger, each of which has to continue a chain that this one holds or brings, and its closings:
// all of it or, where anything is wrong, nothing. It refuses what a reader of the ledger would (bad_signature, bad_entry,
// wrong_epoch, ledger_broken, ledger_forked, ledger_incomplete), segments of an epoch that has not begun (future_epoch) or is closed
// (epoch_closed), and closings of an epoch that is not over. What is there already is passed over, so an import can be repeated.
//
// Own are reporters of this machine, whose entries come back as reported: they are told no second time.
func (l *Ledger) Import(ctx context.Context, from usage.Ledger, own ...common.Address) (Imported, error) {
	i := importer{ledger: l, from: from, own: own}
	segments, err := from.Segments()
	if err != nil {
		return Imported{}, err
	}
	if segments, err = usage.Order(segments); err != nil {
		return Imported{}, err
	}
	slices.SortFunc(segments, func(a, b usage.Segment) int {
		return cmp.Or(a.Reporter.Cmp(b.Reporter), cmp.Compare(a.First, b.First))
	})
	said, err := from.Closings()
	if err != nil {
		return Imported{}, err
	}
	err = l.write(ctx, func(tx *sql.Tx) error {
		i.tx, i.tails, i.done = tx, map[common.Address]usage.Segment{}, Imported{}
		for n := range segments {
			if err := i.segment(ctx, &segments[n]); err != nil {
				return err
			}
		}
		for n := range said {
			if err := i.closing(ctx, &said[n]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Imported{}, err
	}
	return i.done, nil
}

// importer is one Import under way.
type importer struct {
	ledger *Ledger
	from   usage.Ledger
	own    []common.Address
	tx     *sql.Tx
	tails  map[common.Address]usage.Segment
	reader usage.Reader
	lines  []byte
	done   Imported
}

func (i *importer) segment(ctx context.Context, s *usage.Segment) error {
	if err := i.check(ctx, s); err != nil {
		return err
	}
	last, known := i.tails[s.Reporter]
	if !known {
		var err error
		if last, err = tail(ctx, i.tx, s.Reporter); err != nil {
			return err
		}
	}
	end := last.First + uint64(last.Count)
	if s.First < end {
		return i.same(ctx, s)
	}
	switch {
	case s.First > end:
		return refusal.New(refusal.LedgerBroken, "entries %d to %d of %s are missing", end, s.First-1, s.Reporter)
	case s.Previous != last.Head && s.First == 0:
		return refusal.New(refusal.LedgerBroken, "%s, do not begin their chain at its beginning", s)
	case s.Previous != last.Head:
		return refusal.New(refusal.LedgerForked, "%s, do not continue %s", s, &last)
	case s.Epoch < last.Epoch:
		return refusal.New(refusal.WrongEpoch, "%s, are after entries of epoch %d", s, last.Epoch)
	}
	if err := i.ledger.takes(ctx, i.tx, s.Epoch); err != nil {
		return err
	}
	if err := put(ctx, i.tx, s, i.lines); err != nil {
		return err
	}
	if slices.Contains(i.own, s.Reporter) {
		if err := i.adopt(ctx, s); err != nil {
			return err
		}
	}
	i.tails[s.Reporter] = *s
	i.done.Segments++
	i.done.Entries += uint64(s.Count)
	return nil
}

// check reads a segment and holds it against its head, its signature and its epoch.
func (i *importer) check(ctx context.Context, s *usage.Segment) (err error) {
	if err := s.Verify(); err != nil {
		return err
	}
	span, err := i.ledger.days.Span(s.Epoch)
	if err != nil {
		return err
	}
	if i.lines, err = i.from.Lines(s, i.lines[:0]); err != nil {
		return fmt.Errorf("read %s: %w", s, err)
	}
	return i.reader.Walk(ctx, these(i.lines), s, span, func(usage.ID, *usage.Entry) error { return nil })
}

// adopt stores the entries of an own segment as reported, and as signed.
func (i *importer) adopt(ctx context.Context, s *usage.Segment) error {
	return i.reader.Walk(ctx, these(i.lines), s, usage.Ever, func(id usage.ID, e *usage.Entry) error {
		const find = "SELECT seq FROM entries WHERE reporter = $1 AND id = $2"
		var seq int64
		err := i.tx.QueryRowContext(ctx, find, s.Reporter[:], id[:]).Scan(&seq)
		if errors.Is(err, sql.ErrNoRows) {
			if err := say(ctx, i.tx, s.Reporter, id, s.Epoch, e); err != nil {
				return err
			}
			err = i.tx.QueryRowContext(ctx, find, s.Reporter[:], id[:]).Scan(&seq)
		}
		if err != nil {
			return err
		}
		var placed bool // a reporter may have signed an entry twice
		if err := i.tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM placed WHERE seq = $1)", seq).Scan(&placed); err != nil || placed {
			return err
		}
		return place(ctx, i.tx, seq, s)
	})
}

// these are lines that were read already, so that what is checked is what is stored.
type these []byte

func (t these) Segments() ([]usage.Segment, error) { return nil, nil }
func (t these) Closings() ([]usage.Closing, error) { return nil, nil }
func (t these) Lines(_ *usage.Segment, buf []byte) ([]byte, error) {
	return append(buf[:0], t...), nil
}

// same passes over a segment that is there already, and refuses another one in its place.
func (i *importer) same(ctx context.Context, s *usage.Segment) error {
	there, err := segments(ctx, i.tx, "SELECT "+heads+" FROM segments WHERE reporter = $1 AND first = $2", s.Reporter[:], int64(s.First))
	if err != nil {
		return err
	}
	if len(there) == 0 || there[0].Digest() != s.Digest() {
		return refusal.New(refusal.LedgerForked, "%s, are not those of this ledger", s)
	}
	i.done.Known++
	return nil
}

func (i *importer) closing(ctx context.Context, c *usage.Closing) error {
	is, err := i.ledger.close(ctx, i.tx, c.Epoch)
	if err != nil {
		return err
	}
	if is.Closing != *c {
		return refusal.New(refusal.LedgerIncomplete, "epoch %d was closed with %d segments and the root %s, and here it has %d and %s",
			c.Epoch, c.Segments, c.Root, is.Segments, is.Root)
	}
	if is.New {
		i.done.Closings++
	}
	return nil
}
