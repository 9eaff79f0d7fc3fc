package usage_test

import (
	"crypto/sha256"
	"errors"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

func add(t testing.TB, l *usage.Log, e *usage.Entry) {
	t.Helper()
	if _, err := l.Add(e); err != nil {
		t.Fatal(err)
	}
}

func cut(t testing.TB, l *usage.Log) {
	t.Helper()
	if err := l.Cut(); err != nil {
		t.Fatal(err)
	}
}

func segmentsOf(t testing.TB, l usage.Ledger) []usage.Segment {
	t.Helper()
	segments, err := usage.Check(l)
	if err != nil {
		t.Fatal(err)
	}
	return segments
}

func TestALogCutsWhereTheEpochChangesAndWhereASegmentIsFull(t *testing.T) {
	var m usage.Memory
	l := logOf(1, &m)
	for i := range usage.MostEntries + 1 {
		add(t, l, tool(2, i))
	}
	add(t, l, tool(5, 0))
	cut(t, l)
	cut(t, l)
	got := segmentsOf(t, &m)
	want := []struct {
		epoch usage.Epoch
		first uint64
		count uint32
	}{{2, 0, usage.MostEntries}, {2, usage.MostEntries, 1}, {5, usage.MostEntries + 1, 1}}
	if len(got) != len(want) {
		t.Fatalf("%d segments, want %d", len(got), len(want))
	}
	for i, w := range want {
		if s := &got[i]; s.Epoch != w.epoch || s.First != w.first || s.Count != w.count || s.Reporter != reporter(1) {
			t.Errorf("segment %d is %s", i, s)
		}
	}
	if _, ids, err := accept(t.Context(), &m); err != nil || len(ids) != usage.MostEntries+2 {
		t.Errorf("%d entries, %v", len(ids), err)
	}
}

func TestTheHeadIsThatOfTheSpecification(t *testing.T) {
	var m usage.Memory
	l := logOf(1, &m)
	var head [32]byte
	for i := range 3 {
		e := tool(0, i)
		line, err := usage.AppendEntry(nil, e)
		if err != nil {
			t.Fatal(err)
		}
		want := sha256.Sum256(line)
		id, err := l.Add(e)
		if err != nil || id != want {
			t.Fatalf("id %x, %v, want %x", id, err, want)
		}
		head = sha256.Sum256(append(head[:], want[:]...))
	}
	cut(t, l)
	if s := segmentsOf(t, &m)[0]; s.Head != head || s.Previous != (usage.Head{}) {
		t.Errorf("from %x to %x, want to %x", s.Previous, s.Head, head)
	}
}

func TestALogGoesOnAfterItsLastSegment(t *testing.T) {
	var whole, parts usage.Memory
	one := logOf(1, &whole)
	for i := range 20 {
		add(t, one, tool(usage.Epoch(i/4), i))
		if i%2 == 1 {
			cut(t, one)
		}
	}
	var last *usage.Segment
	for i := 0; i < 20; i += 2 {
		next := logOf(1, &parts)
		if last != nil {
			next.After(last)
		}
		add(t, next, tool(usage.Epoch(i/4), i))
		add(t, next, tool(usage.Epoch(i/4), i+1))
		cut(t, next)
		segments := segmentsOf(t, &parts)
		last = &segments[len(segments)-1]
	}
	if string(export(t, &whole)) != string(export(t, &parts)) {
		t.Error("a log that was taken up again wrote another ledger")
	}
}

func TestALogRefusesWhatDoesNotBelongWhereItIsAndAddsNothing(t *testing.T) {
	var m usage.Memory
	l := logOf(1, &m)
	add(t, l, tool(3, 0))
	begin := days.Start + 4*emission.Time(days.Length)
	for _, c := range []struct {
		what   string
		entry  usage.Entry
		reason refusal.Reason
	}{
		{"an earlier epoch", *tool(2, 1), refusal.EpochClosed},
		{"before the first epoch", usage.Entry{Kind: usage.Risk, At: days.Start - 1, Other: someone}, refusal.WrongEpoch},
		{"over the end of an epoch", usage.Entry{Kind: usage.Bond, At: begin - 1, To: begin + 1, Earner: someone}, refusal.WrongEpoch},
		{"of a later epoch, and out of its form", usage.Entry{Kind: usage.Bond, At: begin, To: begin + 1}, refusal.BadEntry},
		{"an unknown kind", usage.Entry{Kind: 99, At: begin}, refusal.BadEntry},
		{"a time of 2^40", usage.Entry{Kind: usage.Risk, At: 1 << 40, Other: someone}, refusal.BadEntry},
		{"a time of 2^64-1", usage.Entry{Kind: usage.Risk, At: emission.Never, Other: someone}, refusal.NoEpoch},
	} {
		if _, err := l.Add(&c.entry); !refusal.Is(err, c.reason) {
			t.Errorf("%s: %v, want %s", c.what, err, c.reason)
		}
	}
	add(t, l, &usage.Entry{Kind: usage.Bond, At: begin - 1, To: begin, Earner: someone})
	cut(t, l)
	if got := segmentsOf(t, &m); len(got) != 1 || got[0].Count != 2 || got[0].Epoch != 3 {
		t.Errorf("what was refused left a trace: %v", got)
	}
}

func TestWhatCouldNotBeSignedOrStoredIsCutLater(t *testing.T) {
	var m usage.Memory
	locked, full := errors.New("locked"), errors.New("full")
	l := logOf(1, &m)
	good, store := l.Sign, l.Into
	for i := range usage.MostEntries {
		add(t, l, tool(0, i))
	}
	l.Sign = func(common.Hash) ([65]byte, error) { return [65]byte{}, locked }
	if err := l.Cut(); !errors.Is(err, locked) {
		t.Fatal(err)
	}
	if _, err := l.Add(tool(0, usage.MostEntries)); !errors.Is(err, locked) {
		t.Fatalf("an entry was added to a full segment: %v", err)
	}
	l.Sign = signer(2)
	if err := l.Cut(); !refusal.Is(err, refusal.BadSignature) {
		t.Fatalf("another's signature: %v", err)
	}
	l.Sign, l.Into = good, func(*usage.Segment, []byte) error { return full }
	if _, err := l.Add(tool(1, 0)); !errors.Is(err, full) {
		t.Fatal(err)
	}
	l.Into = store
	add(t, l, tool(1, 0))
	cut(t, l)
	if _, ids, err := accept(t.Context(), &m); err != nil || len(ids) != usage.MostEntries+1 {
		t.Errorf("%d entries, %v", len(ids), err)
	}
}
