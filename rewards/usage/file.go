package usage

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"

	"github.com/keymaker-agent/keymaker/refusal"
)

// MostSegments is how many segments a File may have, and how many closing lines. It needs some 200 bytes of memory for each.
const MostSegments = 1 << 21

const indexBuffer = 1 << 20 // bytes that are read at a time

// File is a ledger in a file, of which it keeps the segments and where their lines are.
type File struct {
	in       io.ReaderAt
	places   []place // by compareChained
	closings []Closing
}

// place is where the lines of a segment are.
type place struct {
	Segment
	from   int64
	length int
}

// Open finds the segments of a ledger, in one pass over size bytes. It refuses head and closing lines that are not canonical
// (bad_segment), a segment that has fewer lines than it says or whose end is cut off (ledger_broken), and one that is there twice
// with different lines (ledger_broken). The entries themselves are read by Reader.Walk.
func Open(ctx context.Context, in io.ReaderAt, size int64) (*File, error) {
	f := &File{in: in}
	p := pass{in: bufio.NewReaderSize(io.NewSectionReader(in, 0, size), int(min(max(size, LongestEntry), indexBuffer)))}
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		line, err := p.next(longestHead, refusal.BadSegment)
		if errors.Is(err, io.EOF) {
			return f, f.sort()
		}
		if err != nil {
			return nil, err
		}
		if err := f.add(&p, line); err != nil {
			return nil, fmt.Errorf("line %d: %w", p.line, err)
		}
	}
}

func (f *File) add(p *pass, line []byte) error {
	switch {
	case bytes.HasPrefix(line, []byte(`{"close":`)):
		var c Closing
		if err := ReadClosing(line, &c); err != nil {
			return err
		}
		if len(f.closings) == MostSegments {
			return refusal.New(refusal.LedgerTooLarge, "more than %d closing lines", MostSegments)
		}
		f.closings = append(f.closings, c)
		return nil
	case bytes.HasPrefix(line, []byte(`{"kind":`)):
		return refusal.New(refusal.LedgerBroken, "entry without the head line of its segment: %s", shown(line))
	}
	if len(f.places) == MostSegments {
		return refusal.New(refusal.LedgerTooLarge, "more than %d segments", MostSegments)
	}
	var at place
	if err := ReadSegment(line, &at.Segment); err != nil {
		return err
	}
	at.from = p.at
	for i := range at.Count {
		line, err := p.next(LongestEntry, refusal.BadEntry)
		if errors.Is(err, io.EOF) || err == nil && isHead(line) {
			return refusal.New(refusal.LedgerBroken, "%s: %d of them are missing", &at.Segment, at.Count-i)
		}
		if err != nil {
			return err
		}
	}
	at.length = int(p.at - at.from)
	f.places = append(f.places, at)
	return nil
}

func isHead(line []byte) bool {
	return bytes.HasPrefix(line, []byte(`{"segment":`)) || bytes.HasPrefix(line, []byte(`{"close":`))
}

// pass is one over the lines of a file.
type pass struct {
	in   *bufio.Reader
	at   int64 // where the next line begins
	line int   // how many were read
}

// next is the next line without its line break, valid until the one after it is read, or io.EOF.
func (p *pass) next(longest int, reason refusal.Reason) ([]byte, error) {
	line, err := p.in.ReadSlice('\n')
	p.line++
	p.at += int64(len(line))
	switch {
	case errors.Is(err, io.EOF) && len(line) == 0:
		return nil, io.EOF
	case errors.Is(err, io.EOF):
		return nil, refusal.New(refusal.LedgerBroken, "line %d is cut off: %s", p.line, shown(line))
	case errors.Is(err, bufio.ErrBufferFull) || len(line) > longest:
		return nil, refusal.New(reason, "line %d is longer than %d bytes: %s", p.line, longest, shown(line))
	case err != nil:
		return nil, fmt.Errorf("read line %d: %w", p.line, err)
	}
	return line[:len(line)-1], nil
}

// sort makes Lines find segments, and drops copies of them.
func (f *File) sort() error {
	slices.SortFunc(f.places, func(a, b place) int { return compareChained(a.Segment, b.Segment) })
	var first, second []byte
	for i := 1; i < len(f.places); i++ {
		a, b := &f.places[i-1], &f.places[i]
		if !a.same(&b.Segment) {
			continue
		}
		var err error
		if first, err = f.read(a, first); err != nil {
			return err
		}
		if second, err = f.read(b, second); err != nil {
			return err
		}
		if !bytes.Equal(first, second) {
			return unlike(&a.Segment)
		}
	}
	f.places = slices.CompactFunc(f.places, func(a, b place) bool { return a.Segment == b.Segment })
	return nil
}

func (f *File) read(p *place, buf []byte) ([]byte, error) {
	buf = slices.Grow(buf[:0], p.length)[:p.length]
	if _, err := f.in.ReadAt(buf, p.from); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: %w", &p.Segment, err)
	}
	return buf, nil
}

// Segments are those of the file, each once.
func (f *File) Segments() ([]Segment, error) {
	all := make([]Segment, len(f.places))
	for i := range f.places {
		all[i] = f.places[i].Segment
	}
	return all, nil
}

// Closings are those of the file.
func (f *File) Closings() ([]Closing, error) { return slices.Clone(f.closings), nil }

// Lines are read from the file.
func (f *File) Lines(s *Segment, buf []byte) ([]byte, error) {
	i := sort.Search(len(f.places), func(i int) bool { return compareSaid(&f.places[i].Segment, s) >= 0 })
	if i == len(f.places) || !f.places[i].same(s) {
		return nil, ErrNoSegment
	}
	return f.read(&f.places[i], buf)
}
