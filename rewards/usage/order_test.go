package usage_test

import (
	"crypto/sha256"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// listed is a ledger of segments and closings alone.
type listed struct {
	segments []usage.Segment
	closings []usage.Closing
}

func (l listed) Segments() ([]usage.Segment, error) {
	return append([]usage.Segment{}, l.segments...), nil
}

func (l listed) Closings() ([]usage.Closing, error) {
	return append([]usage.Closing{}, l.closings...), nil
}
func (l listed) Lines(*usage.Segment, []byte) ([]byte, error) { return nil, usage.ErrNoSegment }
func (l listed) with(more ...usage.Segment) listed {
	return listed{append(l.all(), more...), l.closings}
}

func (l listed) without(i int) listed {
	all := l.all()
	return listed{append(all[:i], all[i+1:]...), l.closings}
}
func (l listed) all() []usage.Segment { return append([]usage.Segment{}, l.segments...) }
func (l listed) closed(c ...usage.Closing) listed {
	return listed{l.segments, append(l.closings[:0:0], c...)}
}

func (l listed) changed(i int, change func(s *usage.Segment)) listed {
	all := l.all()
	change(&all[i])
	sign(&all[i])
	return listed{all, l.closings}
}

// sign signs a segment for the first reporter, whatever it says.
func sign(s *usage.Segment) {
	signature, err := signer(1)(s.Digest())
	if err != nil {
		panic(err)
	}
	s.Signature = signature
	s.Signature[64] += 27
}

// chain is a reporter's four segments: of the epochs 2, 2, 3 and 5, with two entries each.
func chain(t testing.TB, n uint64) listed {
	t.Helper()
	var m usage.Memory
	l := logOf(n, &m)
	for i, epoch := range []usage.Epoch{2, 2, 3, 5} {
		add(t, l, tool(epoch, 10*int(n)+2*i))
		add(t, l, tool(epoch, 10*int(n)+2*i+1))
		cut(t, l)
	}
	return listed{segments: segmentsOf(t, &m)}
}

func TestChainsThatAreNotWholeAreRefused(t *testing.T) {
	good := chain(t, 1)
	if _, err := usage.Check(good); err != nil {
		t.Fatal(err)
	}
	later := good.segments[1] // ends where the second ends, and is of another history
	later.Head[0] ^= 1
	sign(&later)
	long := good.segments[0]
	long.Count++
	sign(&long)
	unsigned := later
	unsigned.Signature[7] ^= 1
	overlapping := good.segments[1]
	overlapping.First--
	sign(&overlapping)
	low, high := good.segments[0], good.segments[0] // the same with signatures that are nobody's, and sort before and after the right one
	low.Signature[0], high.Signature[0] = 0, 255
	root := usage.Root(2, good.segments)
	for _, c := range []struct {
		what   string
		ledger usage.Ledger
		reason refusal.Reason
	}{
		{"no first segment", good.without(0), refusal.LedgerBroken},
		{"no second segment", good.without(1), refusal.LedgerBroken},
		{"a second history in one place", good.with(later), refusal.LedgerForked},
		{"a longer segment in one place", good.with(long), refusal.LedgerForked},
		{"an overlap of one entry", good.with(overlapping), refusal.LedgerForked},
		{"a segment of another history that nobody signed", good.with(unsigned), refusal.BadSignature},
		{"a copy that nobody signed", good.with(low), refusal.BadSignature},
		{"another copy that nobody signed", good.with(high), refusal.BadSignature},
		{"a segment on another head", good.changed(2, func(s *usage.Segment) { s.Previous[0] ^= 1 }), refusal.LedgerForked},
		{"a first segment on a head", good.changed(0, func(s *usage.Segment) { s.Previous[0] ^= 1 }), refusal.LedgerBroken},
		{"an epoch that falls", good.changed(2, func(s *usage.Segment) { s.Epoch = 1 }), refusal.WrongEpoch},
		{"no entries", good.changed(3, func(s *usage.Segment) { s.Count = 0 }), refusal.BadSegment},
		{"too many entries", good.changed(3, func(s *usage.Segment) { s.Count = usage.MostEntries + 1 }), refusal.BadSegment},
		{"an epoch of 2^53", good.changed(3, func(s *usage.Segment) { s.Epoch = 1 << 53 }), refusal.BadSegment},
		{"an end that wraps around", good.changed(3, func(s *usage.Segment) { s.First = 1<<64 - 1 }), refusal.BadSegment},
		{"a closing of more segments", good.closed(usage.Closing{Epoch: 2, Segments: 3, Root: root}), refusal.LedgerIncomplete},
		{"a closing of fewer segments", good.closed(usage.Closing{Epoch: 2, Segments: 1, Root: root}), refusal.LedgerIncomplete},
		{"a closing of other segments", good.closed(usage.Closing{Epoch: 2, Segments: 2, Root: common.Hash{1}}), refusal.LedgerIncomplete},
		{"a closing of an epoch without any", good.closed(usage.Closing{Epoch: 4, Segments: 1, Root: root}), refusal.LedgerIncomplete},
		{"a good and a bad closing", good.closed(usage.Closing{Epoch: 2, Segments: 2, Root: root}, usage.Closing{Epoch: 2, Segments: 2}), refusal.LedgerIncomplete},
	} {
		if _, err := usage.Check(c.ledger); !refusal.Is(err, c.reason) {
			t.Errorf("%s: %v, want %s", c.what, err, c.reason)
		}
	}
	twice := usage.CloseEpoch(2, good.segments)
	if _, err := usage.Check(good.closed(twice, twice, usage.CloseEpoch(4, good.segments), usage.CloseEpoch(5, good.segments))); err != nil {
		t.Errorf("closings that fit: %v", err)
	}
}

func TestOneReporterCanNotSpoilAnothersChain(t *testing.T) {
	both := chain(t, 1).with(chain(t, 2).segments...)
	got := segmentsOf(t, both)
	if len(got) != 8 {
		t.Fatalf("%d segments", len(got))
	}
	for i := 1; i < len(got); i++ {
		a, b := &got[i-1], &got[i]
		if a.Epoch > b.Epoch || a.Epoch == b.Epoch && a.Reporter.Cmp(b.Reporter) > 0 || a.Epoch == b.Epoch && a.Reporter == b.Reporter && a.First >= b.First {
			t.Errorf("%s stands before %s", a, b)
		}
	}
}

func TestASegmentThatIsSignedInTwoWaysCountsOnce(t *testing.T) {
	good := chain(t, 1)
	resigned := good.segments[1]
	resigned.Signature = secondSignature(t, 1, resigned.Digest())
	if err := resigned.Verify(); err != nil || resigned.Signature == good.segments[1].Signature {
		t.Fatalf("the case is none: %v", err)
	}
	one, two := segmentsOf(t, good.with(resigned)), segmentsOf(t, listed{segments: append([]usage.Segment{resigned}, good.segments...)})
	for i := range good.segments {
		if len(one) != 4 || one[i] != two[i] {
			t.Fatal("which signature is kept hangs on the order")
		}
	}
	if usage.Root(2, good.with(resigned).segments) != usage.Root(2, good.segments) {
		t.Error("the root of an epoch hangs on how often a segment is signed")
	}
}

// Whatever order segments come in, and however often: the same segments in the same order, and the same roots.
func TestNeitherOrderNorCopiesOfSegmentsCount(t *testing.T) {
	var all []usage.Segment
	for n := uint64(1); n <= 3; n++ {
		all = append(all, chain(t, n).segments...)
	}
	want := segmentsOf(t, listed{segments: all})
	rapid.Check(t, func(t *rapid.T) {
		given := append(append([]usage.Segment{}, all...), rapid.SliceOf(rapid.SampledFrom(all)).Draw(t, "copies")...)
		given = rapid.Permutation(given).Draw(t, "order")
		got, err := usage.Check(listed{segments: given})
		if err != nil {
			t.Fatal(err)
		}
		ordered, err := usage.Order(given)
		if err != nil || len(got) != len(want) || len(ordered) != len(want) {
			t.Fatalf("%d and %d segments, %v", len(got), len(ordered), err)
		}
		for i := range want {
			if got[i] != want[i] || ordered[i] != want[i] {
				t.Fatalf("segment %d is %s", i, &got[i])
			}
		}
		for epoch := range usage.Epoch(7) {
			if usage.Root(epoch, given) != usage.Root(epoch, want) {
				t.Fatalf("the root of epoch %d is another one", epoch)
			}
		}
	})
}

func TestAPartOfALedgerIsOrderedWithoutWholeChains(t *testing.T) {
	part := chain(t, 1).without(0).without(1)
	got, err := usage.Order(part.segments)
	if err != nil || len(got) != 2 {
		t.Fatalf("%d segments, %v", len(got), err)
	}
	if _, err := usage.Check(part); !refusal.Is(err, refusal.LedgerBroken) {
		t.Errorf("%v", err)
	}
}

// The root as the specification says it, from digests that are hashed by hand.
func TestTheRootIsThatOfTheSpecification(t *testing.T) {
	l := chain(t, 1)
	a, b := l.segments[0].Digest(), l.segments[1].Digest()
	if a.Cmp(b) > 0 {
		a, b = b, a
	}
	want := sha256.Sum256(append(append([]byte{0, 0, 0, 0, 0, 0, 0, 2}, a[:]...), b[:]...))
	if got := usage.Root(2, l.segments); got != want {
		t.Errorf("root %s, want %x", got, want)
	}
	if got, want := usage.Root(9, l.segments), sha256.Sum256([]byte{0, 0, 0, 0, 0, 0, 0, 9}); got != want {
		t.Errorf("root of nothing %s, want %x", got, want)
	}
}

// secondSignature signs a digest with another nonce than the one that libraries choose: r = k*G, s = (z + r*d)/k.
func secondSignature(t testing.TB, n uint64, digest common.Hash) (signature [65]byte) {
	t.Helper()
	k, d, curve := big.NewInt(12345), key(n).D, crypto.S256()
	order := curve.Params().N
	x, y := curve.ScalarBaseMult(k.Bytes())
	s := new(big.Int).Mul(x, d)
	s.Add(s, new(big.Int).SetBytes(digest[:]))
	s.Mul(s, new(big.Int).ModInverse(k, order)).Mod(s, order)
	odd := y.Bit(0)
	if s.Cmp(new(big.Int).Rsh(order, 1)) > 0 {
		s.Sub(order, s)
		odd ^= 1
	}
	x.FillBytes(signature[:32])
	s.FillBytes(signature[32:64])
	signature[64] = byte(27 + odd)
	return signature
}
