package usage

import (
	"bufio"
	"context"
	"io"
	"slices"
)

// Range is the epochs From until just before To. Those before Closed are closed: nothing will be added to them.
type Range struct{ From, To, Closed Epoch }

// Write writes what a ledger holds of the epochs, in canonical order: by epoch, reporter and first entry, and after each epoch that
// is closed, in the range or in the ledger, its closing line. Two ledgers of equal content are written to the same bytes. It
// refuses what Order and Reader.Walk refuse, and closing lines that do not fit; signatures and times it writes as they are. After an
// error, what is written is not a ledger.
func Write(ctx context.Context, w io.Writer, l Ledger, r Range) error {
	segments, err := l.Segments()
	if err != nil {
		return err
	}
	segments = slices.DeleteFunc(segments, func(s Segment) bool { return s.Epoch < r.From || s.Epoch >= r.To })
	if segments, err = Order(segments); err != nil {
		return err
	}
	closings, err := closingsOf(l, segments, r)
	if err != nil {
		return err
	}
	out := writer{to: bufio.NewWriterSize(w, indexBuffer), closings: closings}
	for i := range segments {
		if err := out.segment(ctx, l, &segments[i]); err != nil {
			return err
		}
	}
	if err := out.closeBefore(r.To); err != nil {
		return err
	}
	return out.to.Flush()
}

// writer writes lines.
type writer struct {
	to       *bufio.Writer
	closings []Closing // that are not yet written, by epoch
	read     Reader
	line     []byte
}

func (w *writer) segment(ctx context.Context, l Ledger, s *Segment) error {
	if err := w.closeBefore(s.Epoch); err != nil {
		return err
	}
	if err := w.read.Walk(ctx, l, s, Ever, func(ID, *Entry) error { return nil }); err != nil {
		return err
	}
	w.line = append(AppendSegment(w.line[:0], s), '\n')
	if _, err := w.to.Write(w.line); err != nil {
		return err
	}
	_, err := w.to.Write(w.read.lines)
	return err
}

func (w *writer) closeBefore(epoch Epoch) error {
	for len(w.closings) > 0 && w.closings[0].Epoch < epoch {
		w.line = append(AppendClosing(w.line[:0], &w.closings[0]), '\n')
		if _, err := w.to.Write(w.line); err != nil {
			return err
		}
		w.closings = w.closings[1:]
	}
	return nil
}

// closingsOf are the closing lines of the range by epoch: of its epochs before Closed that have segments, and those of the ledger.
func closingsOf(l Ledger, segments []Segment, r Range) ([]Closing, error) {
	all, err := l.Closings()
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(c Closing) bool { return c.Epoch < r.From || c.Epoch >= r.To })
	if err := fit(all, segments); err != nil {
		return nil, err
	}
	for i := range segments {
		if epoch := segments[i].Epoch; epoch < r.Closed && (i == 0 || segments[i-1].Epoch != epoch) {
			all = append(all, CloseEpoch(epoch, ofEpoch(segments, epoch)))
		}
	}
	slices.SortFunc(all, compareClosings)
	return slices.Compact(all), nil
}
