package settlement

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/tree"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

func signer(i int) usage.Sign {
	k := key(i)
	return func(digest common.Hash) ([65]byte, error) {
		s, err := crypto.Sign(digest[:], k)
		if err != nil {
			return [65]byte{}, err
		}
		return [65]byte(s), nil
	}
}

// log writes the facts of the reporters into a ledger, in segments of random lengths.
func (w *world) log(t testing.TB) *usage.Memory {
	t.Helper()
	ledger := new(usage.Memory)
	for i := range reporters {
		log := &usage.Log{
			Reporter: person(i), Sign: signer(i), Into: ledger.Add,
			Calendar: usage.Calendar{Start: w.rules.Start, Length: w.rules.Length},
		}
		for _, facts := range w.facts {
			for _, f := range facts {
				if f.reporter != log.Reporter {
					continue
				}
				if _, err := log.Add(&f.Entry); err != nil {
					t.Fatal(err)
				}
				if w.of(8) {
					check(t, log.Cut())
				}
			}
		}
		check(t, log.Cut())
	}
	return ledger
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) last() usage.Epoch { return w.rules.First + usage.Epoch(len(w.facts)) - 1 }

func worldOf(t testing.TB, seed uint64, epochs, entries int) *world {
	t.Helper()
	w := &world{made: newMade(seed)}
	w.rules = w.made.rules(t)
	for e := range epochs {
		w.facts = append(w.facts, w.made.facts(t, w.rules, w.rules.First+usage.Epoch(e), entries))
	}
	return w
}

// mixed hands out a ledger's segments in another order, some of them twice.
type mixed struct {
	usage.Ledger
	random *rand.Rand
}

func (m mixed) Segments() ([]usage.Segment, error) {
	all, err := m.Ledger.Segments()
	for range len(all) / 3 {
		all = append(all, all[m.random.IntN(len(all))])
	}
	m.random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all, err
}

// split puts the segments of a ledger into several, some into two of them.
func split(t testing.TB, ledger usage.Ledger, random *rand.Rand) usage.Ledger {
	t.Helper()
	segments, err := ledger.Segments()
	check(t, err)
	pieces := []*usage.Memory{{}, {}, {}}
	for i := range segments {
		lines, err := ledger.Lines(&segments[i], nil)
		check(t, err)
		for range 1 + random.IntN(2) {
			check(t, pieces[random.IntN(3)].Add(&segments[i], lines))
		}
	}
	return usage.Merge(pieces[0], pieces[1], pieces[2])
}

func settled(t testing.TB, ledger usage.Ledger, r *rules.Rules, last usage.Epoch, o Options) *Result {
	t.Helper()
	result, err := Settle(t.Context(), ledger, r, last, o)
	check(t, err)
	return result
}

func rootOf(t testing.TB, r *Result) common.Hash {
	t.Helper()
	made, err := tree.Build(tree.Standard, r.Claims, 2)
	check(t, err)
	return made.Root()
}

func TestNeitherOrderNorCopiesNorGoroutinesChangeTheRootOrTheState(t *testing.T) {
	w := worldOf(t, 7, 3, 300)
	ledger := w.log(t)
	one := settled(t, ledger, w.rules, w.last(), Options{Workers: 1})
	root, state := rootOf(t, one), bytesOf(t, one.State)
	random := rand.New(rand.NewPCG(7, 3))
	for i := range 100 {
		var l usage.Ledger = mixed{ledger, random}
		if i%4 == 0 {
			l = mixed{split(t, ledger, random), random}
		}
		o := Options{Workers: []int{1, 2, 4}[i%3], IDs: []uint64{0, 50, 7}[i%3]}
		other := settled(t, l, w.rules, w.last(), o)
		if rootOf(t, other) != root || !bytes.Equal(bytesOf(t, other.State), state) {
			t.Fatalf("shuffle %d with %+v has another root or state", i, o)
		}
	}
}

func TestALedgerIsSettledAsItsFactsAre(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt, t)
		state := begin(t, w.rules)
		var last *Allotment
		for _, facts := range w.facts {
			last, state = bookOf(t, w.rules, state, facts)
		}
		got := settled(t, w.log(t), w.rules, w.last(), Options{Workers: 2, IDs: []uint64{0, 9}[w.IntN(2)]})
		state.Ledger = got.State.Ledger // books know no ledger
		if !bytes.Equal(bytesOf(t, got.State), bytesOf(t, state)) {
			rt.Fatal("another state")
		}
		for e, facts := range w.facts {
			b, err := New(w.rules, &State{Next: w.rules.First + usage.Epoch(e)})
			check(t, err)
			listed := slices.DeleteFunc(slices.Clone(facts), func(f fact) bool { return !b.Listed(f.reporter, &f.Entry) })
			of := got.Epochs[e]
			if of.Entries != uint64(len(facts)) || of.Copies != uint64(len(listed)-len(firsts(b, facts))) {
				rt.Fatalf("epoch %d has %d entries, %d of them copies", of.Epoch, of.Entries, of.Copies)
			}
		}
		if len(got.Epochs) != len(w.facts) || got.Epochs[len(w.facts)-1].Parts != last.Parts || !slices.Equal(got.Last.earned, last.earned) {
			rt.Fatal("another allotment")
		}
		if got.Claims.Len() != state.Len() {
			rt.Fatalf("%d claims of %d accounts", got.Claims.Len(), state.Len())
		}
	})
}

func TestASettlementGoesOnFromAnyState(t *testing.T) {
	w := worldOf(t, 11, 4, 150)
	ledger := w.log(t)
	whole := settled(t, ledger, w.rules, w.last(), Options{})
	for e := w.rules.First; e < w.last(); e++ {
		first := settled(t, ledger, w.rules, e, Options{})
		kept, err := ReadState(bytes.NewReader(bytesOf(t, first.State)))
		check(t, err)
		rest := settled(t, ledger, w.rules, w.last(), Options{From: kept})
		if rest.State.Hash() != whole.State.Hash() || len(rest.Epochs) != int(w.last()-e) {
			t.Errorf("from epoch %d on the state is another", e+1)
		}
	}
}

func TestAStateOfAnotherLedgerOrOfOtherRulesIsRefused(t *testing.T) {
	w := worldOf(t, 11, 3, 40)
	ledger := w.log(t)
	first := settled(t, ledger, w.rules, w.rules.First, Options{}).State
	for name, change := range map[string]func(*State){
		"other rules":   func(s *State) { s.Rules[3]++ },
		"other ledger":  func(s *State) { s.Ledger[3]++ },
		"a later epoch": func(s *State) { s.Next = w.last() + 1 },
		"another epoch": func(s *State) { s.Next++ },
		"an earlier one than the first": func(s *State) {
			s.Next = w.rules.First - 1
		},
	} {
		from := *first
		change(&from)
		if _, err := Settle(t.Context(), ledger, w.rules, w.last(), Options{From: &from}); !refusal.Is(err, refusal.BadState) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEpochsThatAreNotSettledAreRefused(t *testing.T) {
	w := worldOf(t, 3, 1, 10)
	w.rules.First = 1
	for _, e := range []usage.Epoch{0, ^usage.Epoch(0)} {
		if _, err := Settle(t.Context(), new(usage.Memory), w.rules, e, Options{}); !refusal.Is(err, refusal.NoEpoch) {
			t.Errorf("epoch %d: %v", e, err)
		}
	}
	w.rules.Versions[0].From = 2
	w.rules.Versions = w.rules.Versions[:1]
	if _, err := Settle(t.Context(), new(usage.Memory), w.rules, 1, Options{}); !refusal.Is(err, refusal.BadRules) {
		t.Errorf("without rules: %v", err)
	}
}

func TestAnEmptyLedgerCarriesAll(t *testing.T) {
	w := worldOf(t, 3, 1, 0)
	got := settled(t, new(usage.Memory), w.rules, w.rules.First+3, Options{Workers: 4})
	if got.Claims.Len() != 0 || got.Last.Len() != 0 || len(got.Epochs) != 4 {
		t.Errorf("%d claims in %d epochs", got.Claims.Len(), len(got.Epochs))
	}
}

// changed is a ledger with other segments or lines.
type changed struct {
	usage.Ledger
	segments func([]usage.Segment) []usage.Segment
	lines    func(s *usage.Segment, lines []byte) []byte
}

func (c changed) Segments() ([]usage.Segment, error) {
	all, err := c.Ledger.Segments()
	if c.segments != nil {
		all = c.segments(all)
	}
	return all, err
}

func (c changed) Lines(s *usage.Segment, buf []byte) ([]byte, error) {
	lines, err := c.Ledger.Lines(s, buf)
	if c.lines != nil {
		lines = c.lines(s, lines)
	}
	return lines, err
}

func TestALedgerWithAnythingWrongIsRefusedByItsName(t *testing.T) {
	w := worldOf(t, 5, 2, 120)
	ledger := w.log(t)
	for name, c := range map[string]struct {
		want   refusal.Reason
		ledger changed
	}{
		"a segment is missing": {refusal.LedgerBroken, changed{segments: func(s []usage.Segment) []usage.Segment { return s[1:] }}},
		"a signature is not the reporter's": {refusal.BadSignature, changed{segments: func(s []usage.Segment) []usage.Segment {
			s[len(s)/2].Signature[5] ^= 1
			return s
		}}},
		"two histories": {refusal.LedgerForked, changed{segments: func(s []usage.Segment) []usage.Segment {
			other := s[len(s)/2]
			other.Head[0] ^= 1
			for i := range reporters {
				if person(i) == other.Reporter {
					signature, err := signer(i)(other.Digest())
					check(t, err)
					signature[64] += 27
					other.Signature = signature
				}
			}
			return append(s, other)
		}}},
		"another epoch is claimed": {refusal.WrongEpoch, changed{segments: func(s []usage.Segment) []usage.Segment {
			s[0].Epoch += 1000
			return s
		}}},
		"a line was changed": {refusal.LedgerBroken, changed{lines: func(s *usage.Segment, l []byte) []byte {
			return bytes.Replace(l, []byte(`"chain":99`), []byte(`"chain":10`), 1)
		}}},
		"a line is not one": {refusal.BadEntry, changed{lines: func(s *usage.Segment, l []byte) []byte {
			return bytes.Replace(l, []byte(`"chain":99`), []byte(`"chain":xx`), 1)
		}}},
	} {
		t.Run(name, func(t *testing.T) {
			c.ledger.Ledger = ledger
			for _, workers := range []int{1, 4} {
				_, err := Settle(t.Context(), c.ledger, w.rules, w.last(), Options{Workers: workers})
				if !refusal.Is(err, c.want) {
					t.Errorf("with %d goroutines: %v, want %s", workers, err, c.want)
				}
			}
		})
	}
}

func TestTheFirstOfSeveralFaultsIsNamedHoweverManyGoroutinesLook(t *testing.T) {
	w := worldOf(t, 5, 1, 400)
	wrong := changed{Ledger: w.log(t), lines: func(s *usage.Segment, l []byte) []byte { return l[:len(l)-1] }}
	_, want := Settle(t.Context(), wrong, w.rules, w.last(), Options{Workers: 1})
	for range 30 {
		if _, err := Settle(t.Context(), wrong, w.rules, w.last(), Options{Workers: 8}); err == nil || err.Error() != want.Error() {
			t.Fatalf("%v, want %v", err, want)
		}
	}
}

func TestEntriesOfAnotherEpochAreRefused(t *testing.T) {
	w := worldOf(t, 5, 2, 50)
	ledger := w.log(t)
	w.rules.Start += emission.Time(w.rules.Length) // the ledger was written by another calendar
	if _, err := Settle(t.Context(), ledger, w.rules, w.last(), Options{}); !refusal.Is(err, refusal.WrongEpoch) {
		t.Error(err)
	}
}

func TestASettlementStopsWithItsContext(t *testing.T) {
	w := worldOf(t, 5, 3, 200)
	ctx, stop := context.WithCancel(t.Context())
	stopping := changed{Ledger: w.log(t), lines: func(s *usage.Segment, l []byte) []byte {
		if s.Epoch > w.rules.First {
			stop()
		}
		return l
	}}
	if _, err := Settle(ctx, stopping, w.rules, w.last(), Options{Workers: 2}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestProgressRisesToAllEntries(t *testing.T) {
	w := worldOf(t, 5, 3, 200)
	var all []Progress
	settled(t, w.log(t), w.rules, w.last(), Options{Workers: 4, Progress: func(p Progress) { all = append(all, p) }})
	for i, p := range all {
		if p.Total != 600 || p.Last != w.last() || i > 0 && p.Done < all[i-1].Done {
			t.Errorf("%+v", p)
		}
	}
	if end := all[len(all)-1]; end.Done != 600 || end.Epoch != w.last() {
		t.Errorf("the last is %+v", end)
	}
}

func TestACopyThatDoesNotCountHidesNoneThatDoes(t *testing.T) {
	w := worldOf(t, 1, 1, 0)
	w.rules.Versions = w.rules.Versions[:1]
	v := &w.rules.Versions[0]
	v.Reporters = map[usage.Kind][]common.Address{usage.Payout: {person(2)}}
	_, to, err := w.rules.Bounds(w.rules.First)
	check(t, err)
	payout := usage.Entry{Kind: usage.Payout, At: to - 1, Earner: person(7), Amount: wei("1")}
	for i := range reporters {
		w.facts[0] = append(w.facts[0], fact{reporter: person(i), id: idOf(t, &payout), Entry: payout})
	}
	got := settled(t, w.log(t), w.rules, w.last(), Options{})
	if wei := got.State.Wei(person(7)); wei.Dec() != "1" {
		t.Errorf("the listed reporter's copy paid %s", &wei)
	}
}
