package usage_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/ethereum/go-ethereum/common"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// small is a ledger of three reporters and the epochs 0 to 2. Each tells tools' steps of its own, and the first two the same bond.
func small(t testing.TB) *usage.Memory {
	t.Helper()
	var m usage.Memory
	for n := uint64(1); n <= 3; n++ {
		l := logOf(n, &m)
		for epoch := range usage.Epoch(3) {
			if n == 3 && epoch == 1 {
				continue
			}
			add(t, l, tool(epoch, 10*int(n)))
			if n < 3 {
				at := tool(epoch, 500).At
				add(t, l, &usage.Entry{Kind: usage.Bond, At: at, To: at + 100, Ref: ref, Earner: someone, Amount: wei("1000")})
			}
			cut(t, l)
		}
	}
	return &m
}

// content is what accept makes of a ledger.
type content struct {
	roots map[usage.Epoch]common.Hash
	ids   map[usage.ID]usage.Epoch
}

func contentOf(ctx context.Context, l usage.Ledger) (c content, err error) {
	c.roots, c.ids, err = accept(ctx, l)
	return c, err
}

func (c content) is(d content) bool { return maps.Equal(c.roots, d.roots) && maps.Equal(c.ids, d.ids) }

func TestAnExportHoldsTheLedgerAndIsItsOwnExport(t *testing.T) {
	m := small(t)
	want, err := contentOf(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if len(want.roots) != 3 || len(want.ids) != 11 {
		t.Fatalf("%d epochs, %d entries", len(want.roots), len(want.ids))
	}
	text := export(t, m)
	f := openIt(t, text)
	got, err := contentOf(t.Context(), f)
	if err != nil || !got.is(want) {
		t.Fatalf("the export holds something else: %v", err)
	}
	if !bytes.Equal(export(t, f), text) {
		t.Error("the export of the export is another one")
	}
	closings, err := f.Closings()
	if err != nil || len(closings) != 3 {
		t.Errorf("%d closing lines, %v", len(closings), err)
	}
}

// Every byte of an exported ledger counts: a bit of each is turned, and each ledger with one is refused.
func TestASingleBitThatIsTurnedIsFound(t *testing.T) {
	text := export(t, small(t))
	reasons := map[refusal.Reason]int{}
	for i := range text {
		spoilt := bytes.Clone(text)
		spoilt[i] ^= 1 << (i % 8)
		reasons[refused(t, spoilt, "byte %d", i)]++
	}
	t.Log(reasons)
}

// Whatever is put in the place of a byte.
func TestASingleByteThatIsChangedIsFound(t *testing.T) {
	text := export(t, small(t))
	rapid.Check(t, func(t *rapid.T) {
		i := rapid.IntRange(0, len(text)-1).Draw(t, "place")
		spoilt := bytes.Clone(text)
		spoilt[i] += rapid.ByteRange(1, 255).Draw(t, "change")
		refused(t, spoilt, "byte %d", i)
	})
}

// A ledger that is cut anywhere is refused, but between two of its parts. What is left there is a ledger of its own with fewer
// segments, and none of the epochs that it has lost something of is closed in it.
func TestALedgerThatIsCutIsRefusedOrClosesNothingThatItLost(t *testing.T) {
	text := export(t, small(t))
	whole, err := contentOf(t.Context(), openIt(t, text))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[int]bool{}
	for at, line := range lines(text) {
		parts[at] = bytes.HasPrefix(line, []byte(`{"segment"`)) || bytes.HasPrefix(line, []byte(`{"close"`))
	}
	shorter := 0
	for n := range text {
		if !parts[n] {
			if reason := refused(t, text[:n], "cut after %d bytes", n); reason != refusal.LedgerBroken {
				t.Errorf("cut after %d bytes: %s", n, reason)
			}
			continue
		}
		f := openIt(t, text[:n])
		left, err := contentOf(t.Context(), f)
		if err != nil {
			t.Fatalf("cut after %d bytes: %v", n, err)
		}
		closings, err := f.Closings()
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range closings {
			if c.Root != whole.roots[c.Epoch] {
				t.Errorf("cut after %d bytes: epoch %d is closed and not whole", n, c.Epoch)
			}
		}
		if len(left.ids) < len(whole.ids) {
			shorter++
		}
	}
	if shorter == 0 {
		t.Error("no cut was between two parts")
	}
}

// lines are the lines of a file by where they begin.
func lines(file []byte) map[int][]byte {
	all, at := map[int][]byte{}, 0
	for line := range bytes.Lines(file) {
		all[at] = line
		at += len(line)
	}
	return all
}

// refused is why a file is refused, on whichever of the ways that lead to a settlement.
func refused(t interface {
	Helper()
	Fatalf(string, ...any)
}, file []byte, what string, args ...any,
) refusal.Reason {
	t.Helper()
	f, err := open(context.Background(), file)
	if err == nil {
		_, err = contentOf(context.Background(), f)
	}
	r, ok := refusal.As(err)
	if !ok {
		t.Fatalf("%s: %v, want a refusal", fmt.Sprintf(what, args...), err)
	}
	return r.Reason
}

func TestTheUnionOfLedgersDoesNotHangOnHowTheyAreJoined(t *testing.T) {
	whole := small(t)
	segments := segmentsOf(t, whole)
	want, text := export(t, whole), export
	rapid.Check(t, func(rt *rapid.T) {
		draw := func(name string) *usage.Memory {
			var m usage.Memory
			for i := range segments {
				if rapid.Bool().Draw(rt, fmt.Sprint(name, i)) {
					give(t, &m, whole, &segments[i])
				}
			}
			return &m
		}
		a, b, c := draw("a"), draw("b"), draw("c")
		same := func(what string, l, m usage.Ledger) {
			if !bytes.Equal(text(t, l), text(t, m)) {
				rt.Fatalf("%s", what)
			}
		}
		same("a+b is not b+a", usage.Merge(a, b), usage.Merge(b, a))
		same("(a+b)+c is not a+(b+c)", usage.Merge(usage.Merge(a, b), c), usage.Merge(a, usage.Merge(b, c)))
		same("a+a is not a", usage.Merge(a, a), a)
		same("a+nothing is not a", usage.Merge(a, usage.Merge()), a)
		if !bytes.Equal(text(t, usage.Merge(a, whole, b)), want) {
			rt.Fatal("what is part of a ledger adds something to it")
		}
		same("two files behind each other are not their union", openIt(t, append(unclosed(t, b), unclosed(t, a)...)), usage.Merge(a, b))
	})
}

// unclosed is a ledger as a file without closing lines.
func unclosed(t testing.TB, l usage.Ledger) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := usage.Write(t.Context(), &b, l, usage.Range{To: 1 << 40}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// give copies a segment from one ledger to another.
func give(t testing.TB, to *usage.Memory, from usage.Ledger, s *usage.Segment) {
	t.Helper()
	lines, err := from.Lines(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := to.Add(s, lines); err != nil {
		t.Fatal(err)
	}
}

// altered is a ledger with other lines.
type altered struct {
	usage.Ledger
	lines func([]byte) []byte
}

func (a altered) Lines(s *usage.Segment, buf []byte) ([]byte, error) {
	lines, err := a.Ledger.Lines(s, buf)
	if err != nil {
		return nil, err
	}
	return a.lines(lines), nil
}

func TestTwoCopiesOfASegmentWithOtherLinesAreRefusedInEitherOrder(t *testing.T) {
	m := small(t)
	s := &segmentsOf(t, m)[0]
	bad := altered{m, func(lines []byte) []byte { return bytes.Replace(lines, []byte("swap"), []byte("swop"), 1) }}
	for _, l := range []usage.Ledger{usage.Merge(m, bad), usage.Merge(bad, m)} {
		if _, err := l.Lines(s, nil); !refusal.Is(err, refusal.LedgerBroken) {
			t.Errorf("merged: %v", err)
		}
	}
	good, err := m.Lines(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := bad.Lines(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Add(s, wrong); !refusal.Is(err, refusal.LedgerBroken) {
		t.Errorf("in memory: %v", err)
	}
	head := append(usage.AppendSegment(nil, s), '\n')
	one, two := append(bytes.Clone(head), good...), append(bytes.Clone(head), wrong...)
	for _, file := range [][]byte{append(bytes.Clone(one), two...), append(bytes.Clone(two), one...)} {
		if _, err := open(t.Context(), file); !refusal.Is(err, refusal.LedgerBroken) {
			t.Errorf("in a file: %v", err)
		}
	}
	f := openIt(t, append(bytes.Clone(one), one...))
	if segments, err := f.Segments(); err != nil || len(segments) != 1 {
		t.Errorf("a copy counts: %d, %v", len(segments), err)
	}
}

func TestLinesThatAreNotThoseThatWereSignedAreNotSeen(t *testing.T) {
	m := small(t)
	s := &segmentsOf(t, m)[0]
	for _, c := range []struct {
		what   string
		change func([]byte) []byte
		reason refusal.Reason
	}{
		{"another name", func(b []byte) []byte { return bytes.Replace(b, []byte("swap"), []byte("swop"), 1) }, refusal.LedgerBroken},
		{"a broken entry", func(b []byte) []byte { return bytes.Replace(b, []byte(`"chain":1`), []byte(`"chain":01`), 1) }, refusal.BadEntry},
		{"a line too few", func(b []byte) []byte { return b[:bytes.IndexByte(b, '\n')+1] }, refusal.LedgerBroken},
		{"a line too much", func(b []byte) []byte { return append(b, b[:bytes.IndexByte(b, '\n')+1]...) }, refusal.LedgerBroken},
		{"an end too much", func(b []byte) []byte { return append(b, '\n') }, refusal.LedgerBroken},
		{"no last line break", func(b []byte) []byte { return b[:len(b)-1] }, refusal.LedgerBroken},
		{"nothing", func([]byte) []byte { return nil }, refusal.LedgerBroken},
		{"two lines swapped", func(b []byte) []byte {
			n := bytes.IndexByte(b, '\n') + 1
			return append(bytes.Clone(b[n:]), b[:n]...)
		}, refusal.LedgerBroken},
	} {
		var r usage.Reader
		err := r.Walk(t.Context(), altered{m, c.change}, s, usage.Ever, func(usage.ID, *usage.Entry) error {
			t.Errorf("%s: an entry was seen", c.what)
			return nil
		})
		if !refusal.Is(err, c.reason) {
			t.Errorf("%s: %v, want %s", c.what, err, c.reason)
		}
	}
}

// signLines puts lines, whatever they are, under a segment of the first reporter.
func signLines(t testing.TB, epoch usage.Epoch, lines ...string) (usage.Ledger, *usage.Segment) {
	t.Helper()
	s := usage.Segment{Reporter: reporter(1), Epoch: epoch, Count: uint32(len(lines))}
	for _, line := range lines {
		s.Head = s.Head.After(sha256.Sum256([]byte(line)))
	}
	sign(&s)
	var m usage.Memory
	if err := m.Add(&s, []byte(strings.Join(lines, "\n")+"\n")); err != nil {
		t.Fatal(err)
	}
	return &m, &s
}

func TestWhatAReporterSignsIsStillHeldAgainstTheForms(t *testing.T) {
	good := func(e *usage.Entry) string {
		line, err := usage.AppendEntry(nil, e)
		if err != nil {
			t.Fatal(err)
		}
		return string(line)
	}
	last := tool(2, 999)
	early, late := *tool(2, 0), *last
	early.At--
	late.At++
	over := usage.Entry{Kind: usage.Bond, At: last.At, To: last.At + 2, Earner: someone}
	fits := over
	fits.To--
	for _, c := range []struct {
		what, line string
		reason     refusal.Reason
	}{
		{"a space", strings.Replace(good(last), ":", ": ", 1), refusal.BadEntry},
		{"a negative amount", strings.Replace(good(last), `"burned":"`, `"burned":"-`, 1), refusal.BadEntry},
		{"an unknown kind", strings.Replace(good(last), "tool", "bribe", 1), refusal.BadEntry},
		{"an empty line", "", refusal.BadEntry},
		{"a second before the epoch", good(&early), refusal.WrongEpoch},
		{"a second after the epoch", good(&late), refusal.WrongEpoch},
		{"a second over the end", good(&over), refusal.WrongEpoch},
		{"the first second", good(tool(2, 0)), ""},
		{"the last second", good(last), ""},
		{"up to the end", good(&fits), ""},
	} {
		l, s := signLines(t, 2, good(last), c.line)
		if err := s.Verify(); err != nil {
			t.Fatal(err)
		}
		span, err := days.Span(2)
		if err != nil {
			t.Fatal(err)
		}
		var r usage.Reader
		err = r.Walk(t.Context(), l, s, span, func(usage.ID, *usage.Entry) error { return nil })
		if c.reason == "" {
			if err != nil {
				t.Errorf("%s: %v", c.what, err)
			}
			continue
		}
		if !refusal.Is(err, c.reason) {
			t.Errorf("%s: %v, want %s", c.what, err, c.reason)
			continue
		}
		for _, part := range []string{"entry 1 of ", reporter(1).Hex(), "epoch 2"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %v does not say %s", c.what, err, part)
			}
		}
	}
}

func TestAWalkStopsWhenItIsTold(t *testing.T) {
	m := small(t)
	s := &segmentsOf(t, m)[0]
	var r usage.Reader
	stop := errors.New("enough")
	if err := r.Walk(t.Context(), m, s, usage.Ever, func(usage.ID, *usage.Entry) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Walk(ctx, m, s, usage.Ever, func(usage.ID, *usage.Entry) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	text := export(t, m)
	if _, err := open(ctx, text); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := usage.Spool(ctx, bytes.NewReader(text), t.TempDir()); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := usage.Write(ctx, io.Discard, m, usage.Range{To: 9}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestASegmentThatALedgerDoesNotHoldIsAnError(t *testing.T) {
	m := small(t)
	s := segmentsOf(t, m)[0]
	s.Head[3] ^= 1
	for what, l := range map[string]usage.Ledger{"memory": m, "file": openIt(t, export(t, m)), "union": usage.Merge(m, m), "nothing": usage.Merge()} {
		if _, err := l.Lines(&s, nil); !errors.Is(err, usage.ErrNoSegment) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestAFileThatIsNoLedgerIsRefused(t *testing.T) {
	m := small(t)
	text := string(export(t, m))
	head, rest, _ := strings.Cut(text, "\n")
	entry, _, _ := strings.Cut(rest, "\n")
	for _, c := range []struct {
		what, file string
		reason     refusal.Reason
	}{
		{"an empty line", "\n", refusal.BadSegment},
		{"an empty line at the end", text + "\n", refusal.BadSegment},
		{"text", "to whom it may concern\n", refusal.BadSegment},
		{"NUL", "\x00\x00\x00\x00\n", refusal.BadSegment},
		{"CRLF", strings.ReplaceAll(text, "\n", "\r\n"), refusal.BadSegment},
		{"an entry outside of segments", entry + "\n" + text, refusal.LedgerBroken},
		{"a segment without its entries", head + "\n" + text, refusal.LedgerBroken},
		{"a closing line in a segment", head + "\n" + closingLine + "\n", refusal.LedgerBroken},
		{"a head line alone", head + "\n", refusal.LedgerBroken},
		{"a head line without its end", head, refusal.LedgerBroken},
		{"a head line of ten million bytes", head[:20] + strings.Repeat("0", 10_000_000) + head[20:] + "\n", refusal.BadSegment},
		{"an entry of ten million bytes", head + "\n" + entry[:60] + strings.Repeat("0", 10_000_000) + entry[60:] + "\n", refusal.BadEntry},
		{"an entry of 2,000 bytes", head + "\n" + entry[:60] + strings.Repeat("0", 2000) + entry[60:] + "\n", refusal.BadEntry},
		{"a spoilt closing line", strings.Replace(text, `{"close":1`, `{"close":2`, 1), refusal.BadSegment},
	} {
		_, err := open(t.Context(), []byte(c.file))
		if !refusal.Is(err, c.reason) {
			t.Errorf("%s: %v, want %s", c.what, err, c.reason)
			continue
		}
		if !strings.Contains(err.Error(), "line ") || len(err.Error()) > 600 {
			t.Errorf("%s: %v does not say where", c.what, err)
		}
	}
	if _, err := open(t.Context(), []byte(head+"\n"+entry+"\n"+text)); err == nil || !strings.Contains(err.Error(), "1 of them are missing") {
		t.Errorf("a segment that has lost its last entry: %v", err)
	}
	if c, err := contentOf(t.Context(), openIt(t, nil)); err != nil || len(c.ids) != 0 {
		t.Errorf("an empty ledger: %v", err)
	}
}

// failing is a file that can be read up to a place.
type failing struct {
	io.ReaderAt
	from int64
	err  error
}

func (f failing) ReadAt(p []byte, at int64) (int, error) {
	if at+int64(len(p)) > f.from {
		return 0, f.err
	}
	return f.ReaderAt.ReadAt(p, at)
}

func TestAFileThatCanNotBeReadIsAnError(t *testing.T) {
	text, broken := export(t, small(t)), errors.New("broken disk")
	if _, err := usage.Open(t.Context(), failing{bytes.NewReader(text), 0, broken}, int64(len(text))); !errors.Is(err, broken) {
		t.Error(err)
	}
	// A file that has shrunk since it was opened.
	shrunk := &shrinking{text}
	f, err := usage.Open(t.Context(), shrunk, int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	shrunk.text = text[:len(text)/2]
	if _, err := contentOf(t.Context(), f); err == nil {
		t.Error("the half that is missing was not missed")
	}
	if _, err := usage.Spool(t.Context(), iotest.ErrReader(broken), t.TempDir()); !errors.Is(err, broken) {
		t.Error(err)
	}
	if _, err := usage.Spool(t.Context(), bytes.NewReader(text), t.TempDir()+"/none"); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

type shrinking struct{ text []byte }

func (s *shrinking) ReadAt(p []byte, at int64) (int, error) {
	return bytes.NewReader(s.text).ReadAt(p, at)
}

func TestAStreamIsReadFromAFileThatGoesAway(t *testing.T) {
	dir, m := t.TempDir(), small(t)
	text := export(t, m)
	s, err := usage.Spool(t.Context(), iotest.OneByteReader(bytes.NewReader(text)), dir)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(export(t, s), text) {
		t.Error("it is another ledger")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := usage.Spool(t.Context(), bytes.NewReader(text[:100]), dir); !refusal.Is(err, refusal.LedgerBroken) {
		t.Error(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("%v stays, %v", left, err)
	}
}

func TestAnExportOfSomeEpochsClosesThoseThatAreOver(t *testing.T) {
	m := small(t)
	var parts bytes.Buffer
	for epoch := range usage.Epoch(3) {
		if err := usage.Write(t.Context(), &parts, m, usage.Range{From: epoch, To: epoch + 1, Closed: 3}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(parts.Bytes(), export(t, m)) {
		t.Error("the epochs one by one are not the ledger")
	}
	var running bytes.Buffer
	if err := usage.Write(t.Context(), &running, m, usage.Range{To: 3, Closed: 2}); err != nil {
		t.Fatal(err)
	}
	closings, err := openIt(t, running.Bytes()).Closings()
	if err != nil || len(closings) != 2 || closings[0].Epoch != 0 || closings[1].Epoch != 1 {
		t.Errorf("%v, %v", closings, err)
	}
	m.Close(usage.CloseEpoch(7, nil)) // the ledger says itself that there is nothing
	var again bytes.Buffer
	if err := usage.Write(t.Context(), &again, m, usage.Range{To: 9, Closed: 2}); err != nil {
		t.Fatal(err)
	}
	if closings, err = openIt(t, again.Bytes()).Closings(); err != nil || len(closings) != 3 || closings[2].Epoch != 7 || closings[2].Segments != 0 {
		t.Errorf("%v, %v", closings, err)
	}
	m.Close(usage.Closing{Epoch: 1, Segments: 9})
	if err := usage.Write(t.Context(), io.Discard, m, usage.Range{To: 3}); !refusal.Is(err, refusal.LedgerIncomplete) {
		t.Errorf("a closing line that does not fit: %v", err)
	}
}

func TestAnExportRefusesLinesThatAreNotTheSegments(t *testing.T) {
	bad := altered{small(t), func(b []byte) []byte { return bytes.Replace(b, []byte("swap"), []byte("swop"), 1) }}
	if err := usage.Write(t.Context(), io.Discard, bad, usage.Range{To: 9}); !refusal.Is(err, refusal.LedgerBroken) {
		t.Error(err)
	}
}

func TestAnExportThatCanNotBeWrittenIsAnError(t *testing.T) {
	full := errors.New("disk full")
	r, w := io.Pipe()
	r.CloseWithError(full)
	if err := usage.Write(t.Context(), w, small(t), usage.Range{To: 9, Closed: 9}); !errors.Is(err, full) {
		t.Error(err)
	}
}

// faulty is a ledger of which one part can't be read.
type faulty struct {
	usage.Ledger
	segments, closings, lines error
}

func (b faulty) Segments() ([]usage.Segment, error) {
	if b.segments != nil {
		return nil, b.segments
	}
	return b.Ledger.Segments()
}

func (b faulty) Closings() ([]usage.Closing, error) {
	if b.closings != nil {
		return nil, b.closings
	}
	return b.Ledger.Closings()
}

func (b faulty) Lines(s *usage.Segment, buf []byte) ([]byte, error) {
	if b.lines != nil {
		return nil, b.lines
	}
	return b.Ledger.Lines(s, buf)
}

func TestALedgerThatCanNotBeReadIsAnErrorAndNotAnEmptyOne(t *testing.T) {
	m, disk := small(t), errors.New("broken disk")
	for what, l := range map[string]usage.Ledger{
		"segments": faulty{m, disk, nil, nil}, "closing lines": faulty{m, nil, disk, nil}, "lines": faulty{m, nil, nil, disk},
	} {
		for _, l := range []usage.Ledger{l, usage.Merge(m, l), usage.Merge(l, m)} {
			if _, err := contentOf(t.Context(), l); !errors.Is(err, disk) {
				t.Errorf("%s: settled: %v", what, err)
			}
			if err := usage.Write(t.Context(), io.Discard, l, usage.Range{To: 9, Closed: 9}); !errors.Is(err, disk) {
				t.Errorf("%s: exported: %v", what, err)
			}
		}
	}
}

func TestTwoSignaturesOfASegmentAreOneSegmentInEveryLedger(t *testing.T) {
	m := small(t)
	want := export(t, m)
	s := segmentsOf(t, m)[0]
	for n := uint64(1); n <= 3; n++ {
		if reporter(n) == s.Reporter {
			s.Signature = secondSignature(t, n, s.Digest())
		}
	}
	if err := s.Verify(); err != nil {
		t.Fatal(err)
	}
	give(t, m, m, &s)
	give(t, m, m, &s)
	if segments, err := m.Segments(); err != nil || len(segments) != 9 {
		t.Fatalf("%d segments, %v", len(segments), err)
	}
	joined := openIt(t, append(bytes.Clone(want), export(t, m)...))
	if got := export(t, joined); len(got) != len(want) || !bytes.Equal(got, export(t, m)) {
		t.Error("the copies do not count once")
	}
}

func TestSeveralReadersMayReadALedgerAtOnce(t *testing.T) {
	m := small(t)
	text := export(t, m)
	l := usage.Merge(openIt(t, text), m, openIt(t, text))
	segments := segmentsOf(t, l)
	var all sync.WaitGroup
	var seen atomic.Int64
	for range 4 {
		all.Go(func() {
			var r usage.Reader
			for i := range segments {
				err := r.Walk(t.Context(), l, &segments[i], usage.Ever, func(usage.ID, *usage.Entry) error {
					seen.Add(1)
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if seen.Load() != 4*14 { // 11 different ones, of which three are there twice
		t.Errorf("%d entries", seen.Load())
	}
}

func FuzzAFileIsRefusedOrHoldsWhatItsExportHolds(f *testing.F) {
	text := export(f, small(f))
	f.Add(text)
	f.Add(append(bytes.Clone(text), text...))
	for at, line := range lines(text) {
		f.Add(text[:at])
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		l, err := open(t.Context(), file)
		if err == nil {
			_, err = contentOf(t.Context(), l)
		}
		if err != nil {
			if _, ok := refusal.As(err); !ok {
				t.Fatalf("no refusal: %v", err)
			}
			return
		}
		want, err := contentOf(t.Context(), l)
		if err != nil {
			t.Fatal(err)
		}
		again, err := contentOf(t.Context(), openIt(t, export(t, l)))
		if err != nil || !again.is(want) {
			t.Fatalf("the export holds something else: %v", err)
		}
	})
}
