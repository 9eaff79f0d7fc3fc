package usage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/keymaker-agent/keymaker/refusal"
)

// Reader reads segments, and keeps its memory from one to the next: at most MostEntries lines of LongestEntry bytes. The zero
// Reader is ready; each goroutine has its own.
type Reader struct {
	lines []byte
	ends  []int // of each line in lines, where its line break is
	ids   []ID
	entry Entry
}

// Walk reads the lines of a segment and calls do with each entry and its id. Before the first call it holds all of them against
// the head that the reporter signed (ledger_broken), so nothing that was changed on the way is seen. It refuses an entry that is
// not canonical (bad_entry), or that does not lie within the epoch's seconds (wrong_epoch), with its reporter, epoch and place; so
// after an error, what do was called with does not count. An error of do ends the walk and is returned as it is.
//
// The entry is valid until do returns. Walk does not check the signature: see Segment.Verify.
func (r *Reader) Walk(ctx context.Context, l Ledger, s *Segment, within Span, do func(ID, *Entry) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := r.load(l, s); err != nil {
		return err
	}
	from := 0
	for i, end := range r.ends {
		if err := r.entry.read(r.lines[from:end]); err != nil {
			return at(s, i, refusal.BadEntry, err)
		}
		if !within.holds(&r.entry) {
			return at(s, i, refusal.WrongEpoch, outside(within, &r.entry))
		}
		if err := do(r.ids[i], &r.entry); err != nil {
			return err
		}
		from = end + 1
	}
	return nil
}

// load reads the lines of a segment and finds the id of each, and that they lead from its previous head to its head.
func (r *Reader) load(l Ledger, s *Segment) (err error) {
	if err := s.check(); err != nil {
		return err
	}
	if r.lines, err = l.Lines(s, r.lines[:0]); err != nil {
		return fmt.Errorf("read %s: %w", s, err)
	}
	r.ends, r.ids = r.ends[:0], r.ids[:0]
	head := s.Previous
	for from := 0; from < len(r.lines); {
		n := bytes.IndexByte(r.lines[from:], '\n')
		if n < 0 || len(r.ends) == int(s.Count) {
			break
		}
		id := ID(sha256.Sum256(r.lines[from : from+n]))
		head = head.After(id)
		r.ids, r.ends = append(r.ids, id), append(r.ends, from+n)
		from += n + 1
	}
	if len(r.ends) == int(s.Count) && r.ends[len(r.ends)-1]+1 == len(r.lines) && head == s.Head {
		return nil
	}
	return r.wrong(s)
}

// wrong says what is wrong with lines that do not lead to the segment's head: the first that is not canonical, if one is not.
func (r *Reader) wrong(s *Segment) error {
	from := 0
	for i, end := range r.ends {
		if err := r.entry.read(r.lines[from:end]); err != nil {
			return at(s, i, refusal.BadEntry, err)
		}
		from = end + 1
	}
	if len(r.ends) != int(s.Count) || from != len(r.lines) {
		return refusal.New(refusal.LedgerBroken, "%s: its lines are not %d whole ones", s, s.Count)
	}
	return refusal.New(refusal.LedgerBroken, "%s: its lines are not those that were signed", s)
}

// at is an error with the entry that it is of.
func at(s *Segment, i int, reason refusal.Reason, err error) error {
	return refusal.New(reason, "entry %d of %s, epoch %d: %s", s.First+uint64(i), s.Reporter, s.Epoch, err)
}

func outside(within Span, e *Entry) error {
	if e.Kind.lasts() {
		return fmt.Errorf("%s from %d to %d is not within the seconds %d to %d", e.Kind, e.At, e.To, within.From, within.To)
	}
	return fmt.Errorf("%s at %d is not within the seconds %d to %d", e.Kind, e.At, within.From, within.To)
}
