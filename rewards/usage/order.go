package usage

import (
	"bytes"
	"cmp"
	"slices"
	"sort"

	"github.com/keymaker-agent/keymaker/refusal"
)

// Check holds a ledger's segments against each other, and gives each of them once, by epoch, reporter and first entry. It refuses
// two histories of one reporter (ledger_forked), a chain that has a gap or does not begin at its first entry (ledger_broken), a
// chain whose epochs fall (wrong_epoch), and a closing line that does not fit (ledger_incomplete).
//
// Signatures are checked by Segment.Verify, and lines by Reader.Walk, which cost more and can be done side by side.
func Check(l Ledger) ([]Segment, error) {
	segments, err := l.Segments()
	if err != nil {
		return nil, err
	}
	if segments, err = unique(segments); err != nil {
		return nil, err
	}
	if err = linked(segments); err != nil {
		return nil, err
	}
	slices.SortFunc(segments, compareCanonical)
	closings, err := l.Closings()
	if err != nil {
		return nil, err
	}
	if err := fit(closings, segments); err != nil {
		return nil, err
	}
	return segments, nil
}

// Order gives each segment once, by epoch, reporter and first entry, without asking for whole chains: of a part of a ledger, such as
// a single epoch. It refuses two histories of one reporter (ledger_forked).
func Order(segments []Segment) ([]Segment, error) {
	segments, err := unique(slices.Clone(segments))
	slices.SortFunc(segments, compareCanonical)
	return segments, err
}

// unique gives each segment once, chain by chain, in the memory of what it is given.
func unique(segments []Segment) ([]Segment, error) {
	slices.SortFunc(segments, compareChained)
	for i := range segments {
		if err := segments[i].check(); err != nil {
			return nil, err
		}
	}
	kept := segments[:0]
	for i := range segments {
		s := &segments[i]
		if len(kept) == 0 || kept[len(kept)-1].Reporter != s.Reporter {
			kept = append(kept, *s)
			continue
		}
		last := &kept[len(kept)-1]
		switch {
		case *last == *s:
		case last.same(s):
			if err := bothSigned(last, s); err != nil {
				return nil, err
			}
		case s.First < last.end():
			return nil, forked(last, s)
		default:
			kept = append(kept, *s)
		}
	}
	return kept, nil
}

// bothSigned: a reporter can sign one segment in many ways, and the lowest signature is kept. Nobody else can, so a copy with a bad
// one must not be passed over.
func bothSigned(a, b *Segment) error {
	if err := a.Verify(); err != nil {
		return err
	}
	return b.Verify()
}

// forked refuses two segments that can't be of one history. Only where both are signed it is the reporter who wrote two of them.
func forked(a, b *Segment) error {
	if err := bothSigned(a, b); err != nil {
		return err
	}
	return refusal.New(refusal.LedgerForked, "%s, are of another history than %s", b, a)
}

// linked refuses chains that are not whole. The segments are those of unique.
func linked(segments []Segment) error {
	var before Segment
	for i := range segments {
		s := &segments[i]
		if s.Reporter != before.Reporter {
			before = Segment{Reporter: s.Reporter}
		}
		switch {
		case s.First != before.end():
			return refusal.New(refusal.LedgerBroken, "entries %d to %d of %s are missing", before.end(), s.First-1, s.Reporter)
		case s.Previous != before.Head && s.First == 0:
			return refusal.New(refusal.LedgerBroken, "%s, do not begin their chain at its beginning", s)
		case s.Previous != before.Head:
			return forked(&before, s)
		case s.Epoch < before.Epoch:
			return refusal.New(refusal.WrongEpoch, "%s, are after entries of epoch %d", s, before.Epoch)
		}
		before = *s
	}
	return nil
}

// ofEpoch is the part of segments in canonical order that is of one epoch.
func ofEpoch(segments []Segment, epoch Epoch) []Segment {
	from := sort.Search(len(segments), func(i int) bool { return segments[i].Epoch >= epoch })
	to := sort.Search(len(segments), func(i int) bool { return segments[i].Epoch > epoch })
	return segments[from:to]
}

// same reports whether two segments say the same, whatever their signatures.
func (s *Segment) same(t *Segment) bool {
	return s.unsigned() == t.unsigned()
}

// compareCanonical is the order of exports: by epoch, reporter, and place in the chain.
func compareCanonical(a, b Segment) int {
	if c := cmp.Compare(a.Epoch, b.Epoch); c != 0 {
		return c
	}
	return compareChained(a, b)
}

// compareChained puts each reporter's segments beside each other, along its chain, and copies of one segment too.
func compareChained(a, b Segment) int {
	if c := compareSaid(&a, &b); c != 0 {
		return c
	}
	return bytes.Compare(a.Signature[:], b.Signature[:])
}

// compareSaid is compareChained without the signatures.
func compareSaid(a, b *Segment) int {
	if c := a.Reporter.Cmp(b.Reporter); c != 0 {
		return c
	}
	if c := cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Count, b.Count), cmp.Compare(a.Epoch, b.Epoch)); c != 0 {
		return c
	}
	if c := bytes.Compare(a.Previous[:], b.Previous[:]); c != 0 {
		return c
	}
	return bytes.Compare(a.Head[:], b.Head[:])
}
