package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/google/go-cmp/cmp"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/internal/ledger/ledgertest"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

func TestMain(m *testing.M) {
	if os.Getenv(childPlace) != "" {
		os.Exit(report())
	}
	os.Exit(m.Run())
}

// The same tests run on both databases.
func TestOnSQLite(t *testing.T) {
	both(t, func(t testing.TB) string { return filepath.Join(t.TempDir(), "a folder?#%", "usage.db") })
}

func TestOnPostgreSQL(t *testing.T) {
	both(t, ledgertest.Start(t).Database)
}

func both(t *testing.T, fresh func(testing.TB) string) {
	for _, c := range []struct {
		says string
		test func(*testing.T, string)
	}{
		{"what is reported comes back as it was signed", comesBack},
		{"an entry counts as reported once, whatever was cut in between", once},
		{"entries are cut by epoch and into segments that are not too long", cutByEpoch},
		{"a late or early entry is refused by name and nothing is stored", refusedEntries},
		{"a key signs no second history on another database", oneHistory},
		{"what a reporter signed comes back as reported", comesHome},
		{"an entry that came too late is told, and signed nowhere", late},
		{"what is imported is exported to the same bytes, and twice is once", roundTrip},
		{"a bad import is refused by name and leaves the ledger as it was", badImports},
		{"a closing line of another ledger holds what is here against it", closingLines},
		{"an epoch is closed once, when it is over", closesOnce},
		{"nothing is changed or deleted", appendOnly},
		{"a settled epoch is recorded once nothing can be added to it", settledEpochs},
		{"a ledger keeps its calendar", keepsCalendar},
		{"a newer ledger is refused", newer},
		{"a snapshot stays as it is", snapshots},
		{"sixteen reporters that are killed again and again lose nothing and say nothing twice", killed},
		{"many programs of one reporter say everything once, on one chain", sameReporter},
		{"a closing fits, whatever comes in while it is made", closedMeanwhile},
		{"sixteen reporters of one program do not get into each other's way", sixteen},
	} {
		t.Run(c.says, func(t *testing.T) { c.test(t, fresh(t)) })
	}
}

// days is the calendar of the tests: a thousand seconds an epoch, from a second that is no round number on.
var days = usage.Calendar{Start: 1_707_393_601, Length: 1000}

// clock is a time that tests set.
type clock struct{ now emission.Time }

func (c *clock) Now() time.Time { return time.Unix(int64(c.now), 0) }

// at is a clock in the middle of an epoch.
func at(epoch uint64) *clock { return &clock{days.Start + emission.Time(1000*epoch+500)} }

func openAt(t testing.TB, place string, c *clock) *Ledger {
	t.Helper()
	l, err := Open(context.Background(), place, days, c.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// testKey is the n-th test key: 1, 2, 3 and so on as secp256k1 takes them.
func testKey(n uint64) *Key {
	b := uint256.NewInt(n).Bytes32()
	k, err := crypto.ToECDSA(b[:])
	if err != nil {
		panic(err)
	}
	return &Key{private: k}
}

// tool is the n-th entry of an epoch.
func tool(epoch uint64, n int) *usage.Entry {
	ref := sha256.Sum256(fmt.Append(nil, n))
	return &usage.Entry{
		Kind: usage.Tool, At: days.Start + emission.Time(1000*epoch) + emission.Time(n%1000), Ref: usage.Ref(ref[:16]), Name: []byte("swap"),
		Earner: common.HexToAddress("0xaa"), Other: common.HexToAddress("0xbb"), Chain: 1, Subject: ref, Amount: *uint256.NewInt(uint64(n)),
	}
}

func add(t testing.TB, l *Ledger, by *Key, entries ...*usage.Entry) int {
	t.Helper()
	n, err := l.Add(context.Background(), by.Address(), entries...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func cut(t testing.TB, l *Ledger, by *Key) []usage.Segment {
	t.Helper()
	segments, late, err := l.Cut(context.Background(), by)
	if err != nil || late != 0 {
		t.Fatalf("%d late, %v", late, err)
	}
	return segments
}

func snapshot(t testing.TB, l *Ledger) *Snapshot {
	t.Helper()
	s, err := l.Snapshot(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// exported is all that a ledger holds, as a file.
func exported(t testing.TB, l usage.Ledger) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := usage.Write(context.Background(), &b, l, usage.Range{To: 1 << 40}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func file(t testing.TB, text []byte) *usage.File {
	t.Helper()
	f, err := usage.Open(context.Background(), bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func comesBack(t *testing.T, place string) {
	l := openAt(t, place, at(0))
	by := testKey(1)
	if n := add(t, l, by, tool(0, 1), tool(0, 2)); n != 2 {
		t.Errorf("%d are new", n)
	}
	if got, err := snapshot(t, l).Segments(); err != nil || len(got) != 0 {
		t.Errorf("before it is signed: %v, %v", got, err)
	}
	segments := cut(t, l, by)
	if len(segments) != 1 || segments[0].Count != 2 || segments[0].Epoch != 0 || segments[0].Reporter != by.Address() {
		t.Fatalf("cut into %v", segments)
	}
	held := snapshot(t, l)
	got, err := usage.Check(held)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(segments, got); diff != "" {
		t.Error(diff)
	}
	if err := got[0].Verify(); err != nil {
		t.Error(err)
	}
	var r usage.Reader
	var amounts []uint64
	err = r.Walk(context.Background(), held, &got[0], usage.Ever, func(_ usage.ID, e *usage.Entry) error {
		amounts = append(amounts, e.Amount.Uint64())
		return nil
	})
	if err != nil || !cmp.Equal(amounts, []uint64{1, 2}) {
		t.Errorf("%v, %v", amounts, err)
	}
	other := got[0]
	other.Head[0]++
	for _, none := range []usage.Segment{other, {Reporter: testKey(2).Address()}} {
		if _, err := held.Lines(&none, nil); err == nil || !strings.Contains(err.Error(), usage.ErrNoSegment.Error()) {
			t.Errorf("lines of a segment that is not there: %v", err)
		}
	}
}

func once(t *testing.T, place string) {
	l := openAt(t, place, at(1))
	by := testKey(1)
	add(t, l, by, tool(1, 1))
	if n := add(t, l, by, tool(1, 1), tool(1, 2), tool(1, 2)); n != 1 {
		t.Errorf("%d are new", n)
	}
	cut(t, l, by)
	if n := add(t, l, by, tool(1, 1), tool(1, 2)); n != 0 {
		t.Errorf("after the cut %d are new", n)
	}
	if again := cut(t, l, by); len(again) != 0 {
		t.Errorf("cut again: %v", again)
	}
	if n := add(t, l, testKey(2), tool(1, 1)); n != 1 {
		t.Error("another reporter may say the same")
	}
	for ref, want := range map[*usage.Entry]bool{tool(1, 1): true, tool(1, 3): false} {
		if got, err := l.Has(context.Background(), by.Address(), usage.Tool, ref.Ref); got != want || err != nil {
			t.Errorf("Has %v, %v", got, err)
		}
	}
	if got, err := l.Has(context.Background(), by.Address(), usage.Front, tool(1, 1).Ref); got || err != nil {
		t.Errorf("Has of another kind %v, %v", got, err)
	}
}

func cutByEpoch(t *testing.T, place string) {
	now := at(2)
	l := openAt(t, place, now)
	by := testKey(1)
	var many []*usage.Entry
	for n := range usage.MostEntries + 3 {
		many = append(many, tool(2, n))
	}
	add(t, l, by, many...)
	add(t, l, by, tool(1, 1), tool(0, 1)) // later said, earlier in the chain
	segments := cut(t, l, by)
	type shape struct {
		epoch usage.Epoch
		first uint64
		count uint32
	}
	var got []shape
	for _, s := range segments {
		got = append(got, shape{s.Epoch, s.First, s.Count})
	}
	want := []shape{{0, 0, 1}, {1, 1, 1}, {2, 2, usage.MostEntries}, {2, 2 + usage.MostEntries, 3}}
	if !cmp.Equal(got, want, cmp.AllowUnexported(shape{})) {
		t.Fatalf("cut into %v", got)
	}
	now.now += 1000
	add(t, l, by, tool(3, 1))
	if more := cut(t, l, by); len(more) != 1 || more[0].Previous != segments[3].Head || more[0].Epoch != 3 {
		t.Errorf("the chain goes on with %v", more)
	}
	if _, err := usage.Check(snapshot(t, l)); err != nil {
		t.Error(err)
	}
	status, err := l.Status(context.Background())
	wants := []EpochStatus{
		{Epoch: 0, Segments: 1, Entries: 1, Reporters: 1},
		{Epoch: 1, Segments: 1, Entries: 1, Reporters: 1},
		{Epoch: 2, Segments: 2, Entries: usage.MostEntries + 3, Reporters: 1},
		{Epoch: 3, Segments: 1, Entries: 1, Reporters: 1},
	}
	if diff := cmp.Diff(wants, status); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

func refusedEntries(t *testing.T, place string) {
	l := openAt(t, place, at(5))
	by := testKey(1)
	add(t, l, by, tool(4, 1))
	cut(t, l, by)
	add(t, l, by, tool(5, 1))
	if _, err := l.CloseEpoch(context.Background(), 4); err != nil {
		t.Fatal(err)
	}
	spread := &usage.Entry{Kind: usage.Bond, At: days.Start + 5400, To: days.Start + 6001, Earner: common.HexToAddress("0xaa")}
	before := tool(0, 1)
	before.At = days.Start - 1
	huge := tool(5, 2)
	huge.Amount.SetAllOne()
	nobody := tool(5, 2)
	nobody.Earner = common.Address{}
	for _, c := range []struct {
		entry *usage.Entry
		want  refusal.Reason
	}{
		{tool(6, 1), refusal.FutureEpoch},
		{tool(4, 2), refusal.EpochClosed},
		{tool(3, 1), refusal.EpochClosed}, // the chain is in epoch 4
		{spread, refusal.WrongEpoch},
		{before, refusal.WrongEpoch},
		{huge, refusal.BadEntry},
		{nobody, refusal.BadEntry},
	} {
		if _, err := l.Add(context.Background(), by.Address(), tool(5, 9), c.entry); !refusal.Is(err, c.want) {
			t.Errorf("%v: %v", c.entry, err)
		}
	}
	if n := add(t, l, by, tool(5, 9)); n != 1 {
		t.Error("what stood beside a refused entry was stored")
	}
	if n := add(t, l, by, tool(4, 1)); n != 0 {
		t.Error("what was reported in time is new")
	}
	if n := add(t, l, testKey(2), tool(3, 1)); n != 1 {
		t.Error("another reporter's chain is not that far")
	}
}

// kept is a key in a file.
func kept(t testing.TB) *Key {
	t.Helper()
	k, err := MakeKey(filepath.Join(t.TempDir(), "reporter.key"))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func oneHistory(t *testing.T, place string) {
	l := openAt(t, place, at(1))
	by := kept(t)
	add(t, l, by, tool(0, 1))
	cut(t, l, by)
	other := openAt(t, filepath.Join(t.TempDir(), "other.db"), at(1))
	add(t, other, by, tool(0, 2))
	if _, _, err := other.Cut(context.Background(), by); !refusal.Is(err, refusal.LedgerForked) {
		t.Fatalf("on another database: %v", err)
	}
	old := exported(t, snapshot(t, l))
	add(t, l, by, tool(0, 3))
	cut(t, l, by)
	if _, err := other.Import(context.Background(), file(t, old)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := other.Cut(context.Background(), by); !refusal.Is(err, refusal.LedgerForked) {
		t.Errorf("on an old copy: %v", err)
	}
	if _, err := other.Import(context.Background(), file(t, exported(t, snapshot(t, l)))); err != nil {
		t.Fatal(err)
	}
	if got := cut(t, other, by); len(got) != 1 || got[0].First != 2 {
		t.Errorf("where everything is: %v", got)
	}
	if _, _, err := l.Cut(context.Background(), by); !refusal.Is(err, refusal.LedgerForked) {
		t.Errorf("on the first database, which is the old one now: %v", err)
	}

	// A program that ends between the two, signed and not stored, goes on.
	if err := by.signing(end{2, common.Hash(segmentsOf(t, l)[1].Head)}, end{9, common.Hash{9}}); err != nil {
		t.Fatal(err)
	}
	add(t, l, by, tool(0, 4))
	if got := cut(t, l, by); len(got) != 1 {
		t.Errorf("what was signed and not stored: %v", got)
	}
	if err := os.WriteFile(by.chain, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.Cut(context.Background(), by); !refusal.Is(err, refusal.KeyFile) {
		t.Errorf("a file that can't be read: %v", err)
	}
}

func segmentsOf(t testing.TB, l *Ledger) []usage.Segment {
	t.Helper()
	all, err := usage.Check(snapshot(t, l))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func comesHome(t *testing.T, place string) {
	first := openAt(t, filepath.Join(t.TempDir(), "first.db"), at(1))
	by := testKey(1)
	add(t, first, by, tool(0, 1), tool(1, 2), tool(1, 3))
	cut(t, first, by)
	l := openAt(t, place, at(1))
	add(t, l, by, tool(1, 3), tool(1, 4)) // told here before the old ledger came back
	if _, err := l.Import(context.Background(), file(t, exported(t, snapshot(t, first))), by.Address()); err != nil {
		t.Fatal(err)
	}
	if n := add(t, l, by, tool(0, 1), tool(1, 2), tool(1, 3), tool(1, 4)); n != 0 {
		t.Errorf("%d are new", n)
	}
	if got := cut(t, l, by); len(got) != 1 || got[0].Count != 1 || got[0].First != 3 {
		t.Errorf("signed: %v", got)
	}
}

func late(t *testing.T, place string) {
	l := openAt(t, place, at(1))
	by := testKey(1)
	add(t, l, by, tool(0, 1), tool(1, 1))
	if _, err := l.CloseEpoch(context.Background(), 0); err != nil {
		t.Fatal(err)
	}
	segments, late, err := l.Cut(context.Background(), by)
	if err != nil || late != 1 || len(segments) != 1 || segments[0].Epoch != 1 {
		t.Fatalf("%v, %d late, %v", segments, late, err)
	}
	status, err := l.Status(context.Background())
	want := []EpochStatus{{Epoch: 0, Open: 1, Closed: true}, {Epoch: 1, Segments: 1, Entries: 1, Reporters: 1}}
	if diff := cmp.Diff(want, status); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

// library is a ledger of three reporters and two epochs, as a file with its first epoch closed.
func library(t testing.TB) []byte {
	t.Helper()
	l := openAt(t, filepath.Join(t.TempDir(), "library.db"), at(1))
	for by := range uint64(3) {
		add(t, l, testKey(by+1), tool(0, int(by)), tool(0, 10), tool(1, int(by)))
		cut(t, l, testKey(by+1))
	}
	if _, err := l.CloseEpoch(context.Background(), 0); err != nil {
		t.Fatal(err)
	}
	return exported(t, snapshot(t, l))
}

func roundTrip(t *testing.T, place string) {
	l := openAt(t, place, at(1))
	text := library(t)
	got, err := l.Import(context.Background(), file(t, text))
	if want := (Imported{Segments: 6, Entries: 9, Closings: 1}); err != nil || got != want {
		t.Fatalf("%+v, %v", got, err)
	}
	if !bytes.Equal(exported(t, snapshot(t, l)), text) {
		t.Error("the export is another file")
	}
	again, err := l.Import(context.Background(), file(t, text))
	if want := (Imported{Known: 6}); err != nil || again != want {
		t.Errorf("again: %+v, %v", again, err)
	}
	if !bytes.Equal(exported(t, snapshot(t, l)), text) {
		t.Error("the second import changed something")
	}
}

func badImports(t *testing.T, place string) {
	now := at(1)
	l := openAt(t, place, now)
	by := testKey(1)
	add(t, l, by, tool(0, 1))
	cut(t, l, by)
	if _, err := l.CloseEpoch(context.Background(), 0); err != nil {
		t.Fatal(err)
	}
	was := exported(t, snapshot(t, l))

	made := func(key uint64, entries ...*usage.Entry) *usage.Memory {
		m := new(usage.Memory)
		log := usage.Log{Reporter: testKey(key).Address(), Calendar: days, Sign: testKey(key).sign, Into: m.Add}
		for _, e := range entries {
			if _, err := log.Add(e); err != nil {
				t.Fatal(err)
			}
		}
		if err := log.Cut(); err != nil {
			t.Fatal(err)
		}
		return m
	}
	good := made(7, tool(1, 1), tool(1, 2))
	text := string(exported(t, good))
	changed := func(old, new string) usage.Ledger {
		if !strings.Contains(text, old) {
			t.Fatalf("%s is not in the file", old)
		}
		return file(t, []byte(strings.Replace(text, old, new, 1)))
	}
	signed, _, _ := strings.Cut(strings.SplitAfter(text, `"signature":"0x`)[1], `"`)
	later := made(7, tool(0, 5), tool(1, 1))
	gap := new(usage.Memory)
	laterSegments, _ := later.Segments()
	for i := range laterSegments {
		if laterSegments[i].First > 0 {
			lines, err := later.Lines(&laterSegments[i], nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := gap.Add(&laterSegments[i], lines); err != nil {
				t.Fatal(err)
			}
		}
	}
	for says, c := range map[string]struct {
		from usage.Ledger
		want refusal.Reason
	}{
		"another signature":          {changed(signed, "11"+signed[2:]), refusal.BadSignature},
		"another reporter's":         {changed(fmt.Sprintf("%x", testKey(7).Address()), fmt.Sprintf("%x", testKey(8).Address())), refusal.BadSignature},
		"another amount":             {changed(`"burned":"2"`, `"burned":"3"`), refusal.LedgerBroken},
		"a negative amount":          {changed(`"burned":"2"`, `"burned":"-2"`), refusal.BadEntry},
		"a huge amount":              {changed(`"burned":"2"`, `"burned":"340282366920938463463374607431768211456"`), refusal.BadEntry},
		"another history":            {made(1, tool(1, 9)), refusal.LedgerForked},
		"another history, longer":    {made(1, tool(1, 9), tool(1, 10)), refusal.LedgerForked},
		"an epoch that is closed":    {made(7, tool(0, 3)), refusal.EpochClosed},
		"an epoch that will be":      {made(7, tool(1, 3), tool(2, 3)), refusal.FutureEpoch},
		"a chain without beginning":  {gap, refusal.LedgerBroken},
		"entries of another epoch":   {misplaced(t), refusal.WrongEpoch},
		"a good one beside a forked": {usage.Merge(good, made(1, tool(1, 9))), refusal.LedgerForked},
	} {
		if got, err := l.Import(context.Background(), c.from); !refusal.Is(err, c.want) || got != (Imported{}) {
			t.Errorf("%s: %+v, %v", says, got, err)
		}
		if !bytes.Equal(exported(t, snapshot(t, l)), was) {
			t.Fatalf("%s: the ledger is another one", says)
		}
	}
	if got, err := l.Import(context.Background(), good); err != nil || got.Segments != 1 {
		t.Errorf("the good one: %+v, %v", got, err)
	}
	if got, err := l.Import(context.Background(), file(t, was)); err != nil || got.Known != 1 {
		t.Errorf("what it held of a closed epoch: %+v, %v", got, err)
	}
}

// misplaced is a signed segment of epoch 1 with an entry of epoch 0.
func misplaced(t testing.TB) usage.Ledger {
	t.Helper()
	by := testKey(9)
	line, err := usage.AppendEntry(nil, tool(0, 1))
	if err != nil {
		t.Fatal(err)
	}
	s := usage.Segment{Reporter: by.Address(), Epoch: 1, Count: 1, Head: usage.Head{}.After(usage.ID(sha256.Sum256(line)))}
	if s.Signature, err = by.sign(s.Digest()); err != nil {
		t.Fatal(err)
	}
	s.Signature[64] += 27
	m := new(usage.Memory)
	if err := m.Add(&s, append(line, '\n')); err != nil {
		t.Fatal(err)
	}
	return m
}

func closingLines(t *testing.T, place string) {
	l := openAt(t, place, at(1))
	text := library(t)
	add(t, l, testKey(9), tool(0, 1))
	cut(t, l, testKey(9)) // epoch 0 has more here
	was := exported(t, snapshot(t, l))
	if _, err := l.Import(context.Background(), file(t, text)); !refusal.Is(err, refusal.LedgerIncomplete) {
		t.Errorf("a closing that leaves something out: %v", err)
	}
	if !bytes.Equal(exported(t, snapshot(t, l)), was) {
		t.Error("the ledger is another one")
	}
	early := new(usage.Memory)
	early.Close(usage.CloseEpoch(1, nil))
	if _, err := l.Import(context.Background(), early); !refusal.Is(err, refusal.FutureEpoch) {
		t.Errorf("a closing of an epoch that is not over: %v", err)
	}
}

func closesOnce(t *testing.T, place string) {
	now := at(1)
	l := openAt(t, place, now)
	add(t, l, testKey(1), tool(1, 1))
	cut(t, l, testKey(1))
	if _, err := l.CloseEpoch(context.Background(), 1); !refusal.Is(err, refusal.FutureEpoch) {
		t.Errorf("while it lasts: %v", err)
	}
	now.now = days.Start + 1999
	if _, err := l.CloseEpoch(context.Background(), 1); !refusal.Is(err, refusal.FutureEpoch) {
		t.Errorf("in its last second: %v", err)
	}
	now.now++
	segments, err := snapshot(t, l).Segments()
	if err != nil {
		t.Fatal(err)
	}
	first, err := l.CloseEpoch(context.Background(), 1)
	if err != nil || !first.New || first.Closing != usage.CloseEpoch(1, segments) || first.Segments != 1 {
		t.Fatalf("%+v, %v", first, err)
	}
	second, err := l.CloseEpoch(context.Background(), 1)
	if err != nil || second.New || second.Closing != first.Closing {
		t.Errorf("again: %+v, %v", second, err)
	}
	if empty, err := l.CloseEpoch(context.Background(), 0); err != nil || empty.Segments != 0 || empty.Root != usage.Root(0, nil) {
		t.Errorf("an epoch without anything: %+v, %v", empty, err)
	}
	if _, err := l.CloseEpoch(context.Background(), 1<<63); err == nil {
		t.Error("an epoch beyond all was closed")
	}
}

func appendOnly(t *testing.T, place string) {
	l := openAt(t, place, at(1))
	add(t, l, testKey(1), tool(0, 1))
	cut(t, l, testKey(1))
	c, err := l.CloseEpoch(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := l.Keep(context.Background(), Settled{Epoch: 0, Ledger: c.Root, State: []byte("x")}, 1, "claims.ndjson"); err != nil || !kept {
		t.Fatal(kept, err)
	}
	for table, column := range map[string]string{
		"calendar": "start", "entries": "epoch", "segments": "epoch", "placed": "first", "closings": "segments", "settled": "state", "claims": "file",
	} {
		statements := []string{"UPDATE %s SET %s = %s", "DELETE FROM %s WHERE %s = %s"}
		if l.d.name == lite.name {
			statements = append(statements, "INSERT OR REPLACE INTO %[1]s SELECT * FROM %[1]s WHERE %[2]s = %[2]s")
		} else {
			statements = append(statements, "TRUNCATE %[1]s CASCADE -- %[2]s")
		}
		for _, s := range statements {
			if _, err := l.db.Exec(fmt.Sprintf(s, table, column, column)); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s of %s: %v", s, table, err)
			}
		}
	}
}

func settledEpochs(t *testing.T, place string) {
	l := openAt(t, place, at(5))
	ctx := context.Background()
	rules := common.Hash{1}
	add(t, l, testKey(1), tool(0, 1), tool(2, 1))
	cut(t, l, testKey(1))
	s := Settled{Rules: rules, Epoch: 0, Ledger: common.Hash{2}, Claims: common.Hash{3}, State: []byte("state")}
	next := s
	next.Epoch, next.State = 3, []byte("later")
	keep := func(what string, s Settled, segments int, file string, want bool) {
		t.Helper()
		if kept, err := l.Keep(ctx, s, segments, file); err != nil || kept != want {
			t.Errorf("%s: recorded %v, %v", what, kept, err)
		}
	}
	closeAll := func(epochs ...usage.Epoch) {
		t.Helper()
		for _, e := range epochs {
			if _, err := l.CloseEpoch(ctx, e); err != nil {
				t.Fatal(err)
			}
		}
	}
	keep("an open epoch", s, 1, "", false)
	closeAll(0)
	keep("what another snapshot held", s, 0, "", false)
	keep("a closed epoch", s, 1, "", true)
	closeAll(3)
	keep("before it an open epoch that holds something", next, 2, "", false)
	closeAll(2)
	keep("before it an open epoch that holds nothing", next, 2, "/claims/3.ndjson", true)
	keep("the same again", next, 2, "/other/3.ndjson", true)
	if _, err := l.Add(ctx, testKey(2).Address(), tool(1, 1)); !refusal.Is(err, refusal.EpochClosed) {
		t.Errorf("an entry for an epoch before a settled one: %v", err)
	}
	other := next
	other.Claims[0]++
	if _, err := l.Keep(ctx, other, 2, ""); !refusal.Is(err, refusal.RootDiffers) {
		t.Errorf("another outcome: %v", err)
	}
	if got, err := l.SettledAt(ctx, rules, 3); err != nil || !cmp.Equal(got, &next) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := l.SettledBefore(ctx, rules, 3); err != nil || !cmp.Equal(got, &s) {
		t.Errorf("before 3: %+v, %v", got, err)
	}
	if got, err := l.SettledBefore(ctx, rules, 0); err != nil || got != nil {
		t.Errorf("before 0: %+v, %v", got, err)
	}
	if got, err := l.SettledAt(ctx, common.Hash{9}, 3); err != nil || got != nil {
		t.Errorf("by other rules: %+v, %v", got, err)
	}
	if got, err := l.Claims(ctx, rules, 3); err != nil || got != "/other/3.ndjson" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := l.Claims(ctx, rules, 0); err != nil || got != "" {
		t.Errorf("%q, %v", got, err)
	}
}

func keepsCalendar(t *testing.T, place string) {
	openAt(t, place, at(1))
	for _, other := range []usage.Calendar{{Start: days.Start, Length: 1001}, {Start: days.Start + 1, Length: 1000}} {
		if l, err := Open(context.Background(), place, other, at(1).Now); !refusal.Is(err, refusal.WrongEpoch) {
			t.Errorf("%+v: %v, %v", other, l, err)
		}
	}
	openAt(t, place, at(1))
}

func newer(t *testing.T, place string) {
	l := openAt(t, place, at(1))
	if _, err := l.db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, $2)", 999, true); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), place, days, at(1).Now); !refusal.Is(err, refusal.DatabaseNewer) {
		t.Errorf("Open = %v", err)
	}
}

func snapshots(t *testing.T, place string) {
	l := openAt(t, place, at(1))
	add(t, l, testKey(1), tool(0, 1))
	cut(t, l, testKey(1))
	s := snapshot(t, l)
	was := exported(t, s)
	add(t, l, testKey(1), tool(1, 1))
	cut(t, l, testKey(1))
	if _, err := l.CloseEpoch(context.Background(), 0); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(exported(t, s), was) {
		t.Error("the snapshot has changed")
	}
	if bytes.Equal(exported(t, snapshot(t, l)), was) {
		t.Error("a new snapshot is the old one")
	}
}

func TestTheFileIsForItsOwnerAndSafeAgainstPowerLoss(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "usage.db")
	l := openAt(t, path, at(0))
	for _, name := range []string{path, path + "-wal"} {
		stat, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if stat.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %#o", name, stat.Mode().Perm())
		}
	}
	for pragma, want := range map[string]string{"journal_mode": "wal", "foreign_keys": "1", "synchronous": "2", "busy_timeout": "60000"} {
		var got string
		if err := l.db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s = %s, %v, want %s", pragma, got, err, want)
		}
	}
}

func TestABusyOrDamagedLedgerIsRefusedByName(t *testing.T) {
	path := filepath.Join(t.TempDir(), "usage.db")
	l := openAt(t, path, at(0))
	lock, err := l.db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	other, err := open(context.Background(), path, days, at(0).Now, 20*time.Millisecond)
	if err == nil {
		_, err = other.Add(context.Background(), testKey(1).Address(), tool(0, 1))
		_ = other.Close()
	}
	if !refusal.Is(err, refusal.DatabaseBusy) {
		t.Errorf("beside another writer: %v", err)
	}
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	text := filepath.Join(t.TempDir(), "text.db")
	if err := os.WriteFile(text, bytes.Repeat([]byte("this is no database "), 100), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), text, days, at(0).Now); !refusal.Is(err, refusal.DatabaseBroken) {
		t.Errorf("a text: %v", err)
	}
}

func TestADatabaseThatDoesNotAnswerIsRefusedWithoutItsPassword(t *testing.T) {
	for _, dsn := range []string{
		"postgres://someone:hunter2@127.0.0.1:1/ledger?sslmode=disable", "postgres://127.0.0.1:1/ledger?user=someone&password=hunter2&sslmode=disable",
	} {
		_, err := Open(context.Background(), dsn, days, at(0).Now)
		if !refusal.Is(err, refusal.LedgerDown) || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%v", err)
		}
		if !HasPassword(dsn) || strings.Contains(Shown(dsn), "hunter2") {
			t.Errorf("%s is shown as %s", dsn, Shown(dsn))
		}
	}
	for _, open := range []string{"postgres://someone@127.0.0.1/ledger", "/some/where:secret@x.db"} {
		if HasPassword(open) || Shown(open) != open {
			t.Errorf("%s is shown as %s", open, Shown(open))
		}
	}
	if !HasPassword("postgres://%zz") {
		t.Error("what can't be read may hold a password")
	}
}

func TestAReportersKeyIsItsOwnersAndIsMadeOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "reporter.key")
	if _, err := OpenKey(path); !refusal.Is(err, refusal.NoReporter) {
		t.Errorf("before there is one: %v", err)
	}
	made, err := MakeKey(path)
	if err != nil {
		t.Fatal(err)
	}
	if stat, err := os.Stat(path); err != nil || stat.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", stat.Mode(), err)
	}
	if _, err := MakeKey(path); err == nil {
		t.Error("a second key took its place")
	}
	if got, err := OpenKey(path); err != nil || got.Address() != made.Address() {
		t.Errorf("%v, %v", got, err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".reporter-*")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenKey(path); !refusal.Is(err, refusal.KeyFile) {
		t.Errorf("others can read it: %v", err)
	}
	secret := strings.Repeat("7", 63)
	if err := os.WriteFile(path, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenKey(path); !refusal.Is(err, refusal.KeyFile) || strings.Contains(err.Error(), secret[:20]) {
		t.Errorf("no key: %v", err)
	}
}

var _ querier = (*sql.Tx)(nil)
