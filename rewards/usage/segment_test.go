package usage_test

import (
	"math/big"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/math"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/signer/core/apitypes"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// typed is a segment as go-ethereum's reading of EIP-712 takes it.
func typed(s *usage.Segment) apitypes.TypedData {
	number := func(n uint64) *math.HexOrDecimal256 { return (*math.HexOrDecimal256)(new(big.Int).SetUint64(n)) }
	return apitypes.TypedData{
		PrimaryType: "Segment",
		Domain:      apitypes.TypedDataDomain{Name: "Keymaker usage ledger", Version: "1"},
		Types: apitypes.Types{
			"EIP712Domain": {{Name: "name", Type: "string"}, {Name: "version", Type: "string"}},
			"Segment": {
				{Name: "reporter", Type: "address"},
				{Name: "epoch", Type: "uint64"},
				{Name: "first", Type: "uint64"},
				{Name: "count", Type: "uint32"},
				{Name: "previous", Type: "bytes32"},
				{Name: "head", Type: "bytes32"},
			},
		},
		Message: apitypes.TypedDataMessage{
			"reporter": s.Reporter.Hex(), "epoch": number(uint64(s.Epoch)), "first": number(s.First), "count": number(uint64(s.Count)),
			"previous": s.Previous[:], "head": s.Head[:],
		},
	}
}

func TestTheDigestIsTheOneThatEIP712Says(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hash := func(what string) [32]byte { return [32]byte(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, what)) }
		s := usage.Segment{
			Reporter: common.Address(rapid.SliceOfN(rapid.Byte(), 20, 20).Draw(t, "reporter")),
			Epoch:    usage.Epoch(rapid.Uint64().Draw(t, "epoch")), First: rapid.Uint64().Draw(t, "first"), Count: rapid.Uint32().Draw(t, "count"),
			Previous: hash("previous"), Head: hash("head"),
		}
		want, _, err := apitypes.TypedDataAndHash(typed(&s))
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Digest(); got != common.BytesToHash(want) {
			t.Fatalf("digest %s, want %x", got, want)
		}
	})
}

// signed is a segment of the first reporter with its signature.
func signed(t *testing.T) *usage.Segment {
	t.Helper()
	var m usage.Memory
	l := logOf(1, &m)
	if _, err := l.Add(tool(3, 1)); err != nil {
		t.Fatal(err)
	}
	if err := l.Cut(); err != nil {
		t.Fatal(err)
	}
	segments, err := m.Segments()
	if err != nil {
		t.Fatal(err)
	}
	return &segments[0]
}

func TestAnythingElseThanTheReportersSignatureIsRefused(t *testing.T) {
	order := crypto.S256().Params().N
	for _, c := range []struct {
		what  string
		spoil func(*usage.Segment)
	}{
		{"another reporter", func(s *usage.Segment) { s.Reporter = reporter(2) }},
		{"another epoch", func(s *usage.Segment) { s.Epoch++ }},
		{"another place", func(s *usage.Segment) { s.First++ }},
		{"another count", func(s *usage.Segment) { s.Count++ }},
		{"another previous head", func(s *usage.Segment) { s.Previous[31] ^= 1 }},
		{"another head", func(s *usage.Segment) { s.Head[0] ^= 1 }},
		{"the other y", func(s *usage.Segment) { s.Signature[64] ^= 27 ^ 28 }},
		{"v of 0", func(s *usage.Segment) { s.Signature[64] -= 27 }},
		{"v of 29", func(s *usage.Segment) { s.Signature[64] = 29 }},
		{"v of 255", func(s *usage.Segment) { s.Signature[64] = 255 }},
		{"no signature", func(s *usage.Segment) { s.Signature = [65]byte{64: 27} }},
		{"r of nothing", func(s *usage.Segment) { clear(s.Signature[:32]) }},
		{"s of nothing", func(s *usage.Segment) { clear(s.Signature[32:64]) }},
		{"r of the order", func(s *usage.Segment) { order.FillBytes(s.Signature[:32]) }},
		{"all bits", func(s *usage.Segment) {
			for i := range 64 {
				s.Signature[i] = 0xff
			}
		}},
		{"s in the upper half", func(s *usage.Segment) {
			n := new(big.Int).SetBytes(s.Signature[32:64])
			n.Sub(order, n).FillBytes(s.Signature[32:64])
			s.Signature[64] ^= 27 ^ 28
			flipped := s.Signature
			flipped[64] -= 27
			key, err := crypto.SigToPub(s.Digest().Bytes(), flipped[:])
			if err != nil || crypto.PubkeyToAddress(*key) != s.Reporter {
				t.Fatal("the case is none: the signature is not the reporter's")
			}
		}},
	} {
		s := signed(t)
		if err := s.Verify(); err != nil {
			t.Fatal(err)
		}
		c.spoil(s)
		err := s.Verify()
		if !refusal.Is(err, refusal.BadSignature) {
			t.Errorf("%s: %v", c.what, err)
		}
		if strings.HasPrefix(c.what, "v of") && !strings.Contains(err.Error(), "must be 27 or 28") {
			t.Errorf("%s: %v", c.what, err) // the library takes 29 and 30, of points that hardly any signature has
		}
	}
}

func TestHalfOfTheOrderIsStillTheLowerHalf(t *testing.T) {
	s := signed(t)
	half := new(big.Int).Rsh(crypto.S256().Params().N, 1)
	half.FillBytes(s.Signature[32:64])
	if err := s.Verify(); err == nil || strings.Contains(err.Error(), "upper half") {
		t.Errorf("(n-1)/2: %v", err)
	}
	half.Add(half, big.NewInt(1)).FillBytes(s.Signature[32:64])
	if err := s.Verify(); err == nil || !strings.Contains(err.Error(), "upper half") {
		t.Errorf("(n+1)/2: %v", err)
	}
}

func TestTheDigestOfAHeadLineIsTheOneThatViemComputes(t *testing.T) {
	var s usage.Segment
	if err := usage.ReadSegment([]byte(headLine), &s); err != nil {
		t.Fatal(err)
	}
	const want = "0x2227c8beaff2b4daec908b2ae19515def2be749ad1f27b047f3b2c2bf420cf5d" // hashTypedData of viem 2.57.20
	if got := s.Digest().Hex(); got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
}
