package usage

import (
	"bytes"
	"errors"
	"slices"
	"sync"

	"github.com/keymaker-agent/keymaker/refusal"
)

// ErrNoSegment is a segment that a ledger does not hold.
var ErrNoSegment = errors.New("the ledger does not hold this segment")

// Memory is a ledger in memory. The zero Memory holds nothing. It must not be written while it is read.
type Memory struct {
	segments []Segment
	held     map[Segment]bool
	lines    map[Segment][]byte // by the segment without its signature
	closings []Closing
}

// Add adds a segment with the lines of its entries, each with its line break; the lines are copied. What is there already is not
// added again. It has the form of Log.Into.
func (m *Memory) Add(s *Segment, lines []byte) error {
	said := s.unsigned()
	before, ok := m.lines[said]
	if ok && !bytes.Equal(before, lines) {
		return unlike(s)
	}
	if m.held[*s] {
		return nil
	}
	if m.held == nil {
		m.held, m.lines = map[Segment]bool{}, map[Segment][]byte{}
	}
	if !ok {
		m.lines[said] = bytes.Clone(lines)
	}
	m.held[*s] = true
	m.segments = append(m.segments, *s)
	return nil
}

// Close adds a closing line.
func (m *Memory) Close(c Closing) { m.closings = append(m.closings, c) }

// Segments are those that were added.
func (m *Memory) Segments() ([]Segment, error) { return slices.Clone(m.segments), nil }

// Closings are those that were added.
func (m *Memory) Closings() ([]Closing, error) { return slices.Clone(m.closings), nil }

// Lines are the lines of a segment that was added.
func (m *Memory) Lines(s *Segment, buf []byte) ([]byte, error) {
	lines, ok := m.lines[s.unsigned()]
	if !ok {
		return nil, ErrNoSegment
	}
	return append(buf[:0], lines...), nil
}

func (s *Segment) unsigned() Segment {
	said := *s
	said.Signature = [65]byte{}
	return said
}

// unlike refuses a segment that is there twice with other lines. One of the two is not what was signed, and which one would depend
// on the order in which they came.
func unlike(s *Segment) error {
	return refusal.New(refusal.LedgerBroken, "%s, are there twice and differ", s)
}

// merged is the union of ledgers.
type merged []Ledger

// Merge is the union of ledgers. What several of them hold counts once, and has to be the same in all of them.
func Merge(ledgers ...Ledger) Ledger { return merged(ledgers) }

func (m merged) Segments() (all []Segment, err error) {
	for _, l := range m {
		segments, err := l.Segments()
		if err != nil {
			return nil, err
		}
		all = append(all, segments...)
	}
	return all, nil
}

func (m merged) Closings() (all []Closing, err error) {
	for _, l := range m {
		closings, err := l.Closings()
		if err != nil {
			return nil, err
		}
		all = append(all, closings...)
	}
	return all, nil
}

// spares are buffers for second copies of lines.
var spares = sync.Pool{New: func() any { return new([]byte) }}

func (m merged) Lines(s *Segment, buf []byte) ([]byte, error) {
	spare := spares.Get().(*[]byte)
	defer spares.Put(spare)
	found := false
	for _, l := range m {
		to := &buf
		if found {
			to = spare
		}
		lines, err := l.Lines(s, *to)
		switch {
		case errors.Is(err, ErrNoSegment):
			continue
		case err != nil:
			return nil, err
		case found && !bytes.Equal(buf, lines):
			return nil, unlike(s)
		}
		*to, found = lines, true
	}
	if !found {
		return nil, ErrNoSegment
	}
	return buf, nil
}
