package usage_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"fmt"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// days is the calendar of the tests: a thousand seconds an epoch, from a second that is no round number on.
var days = usage.Calendar{Start: 1_707_393_601, Length: 1000}

// keys are test keys, the same on each run: 1, 2, 3 and so on as secp256k1 takes them.
func key(n uint64) *ecdsa.PrivateKey {
	b := uint256.NewInt(n).Bytes32()
	k, err := crypto.ToECDSA(b[:])
	if err != nil {
		panic(err)
	}
	return k
}

func reporter(n uint64) common.Address { return crypto.PubkeyToAddress(key(n).PublicKey) }

func signer(n uint64) usage.Sign {
	k := key(n)
	return func(digest common.Hash) ([65]byte, error) {
		s, err := crypto.Sign(digest[:], k)
		if err != nil {
			return [65]byte{}, err
		}
		return [65]byte(s), nil
	}
}

// logOf is a log of the n-th reporter into a ledger.
func logOf(n uint64, m *usage.Memory) *usage.Log {
	return &usage.Log{Reporter: reporter(n), Calendar: days, Sign: signer(n), Into: m.Add}
}

// tool is an entry of an epoch, the n-th.
func tool(epoch usage.Epoch, n int) *usage.Entry {
	return &usage.Entry{
		Kind: usage.Tool, At: days.Start + emission.Time(epoch)*emission.Time(days.Length) + emission.Time(n%1000),
		Ref: usage.Ref(crypto.Keccak256(fmt.Append(nil, n))[:16]), Name: []byte("swap"),
		Earner: reporter(77), Other: reporter(78), Chain: 1, Subject: crypto.Keccak256Hash(fmt.Append(nil, "tx", n)),
		Amount: *uint256.NewInt(uint64(n) * 1_000_000_007),
	}
}

// export is a ledger as a file, with all of its epochs closed.
func export(t testing.TB, l usage.Ledger) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := usage.Write(t.Context(), &b, l, usage.Range{To: 1 << 40, Closed: 1 << 40}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(ctx context.Context, file []byte) (*usage.File, error) {
	return usage.Open(ctx, bytes.NewReader(file), int64(len(file)))
}

// accept does all that is done before a ledger is reckoned from, and gives what each epoch holds.
func accept(ctx context.Context, l usage.Ledger) (map[usage.Epoch]common.Hash, map[usage.ID]usage.Epoch, error) {
	segments, err := usage.Check(l)
	if err != nil {
		return nil, nil, err
	}
	var r usage.Reader
	roots, ids := map[usage.Epoch]common.Hash{}, map[usage.ID]usage.Epoch{}
	for i := range segments {
		s := &segments[i]
		span, err := days.Span(s.Epoch)
		if err != nil {
			return nil, nil, err
		}
		err = r.Walk(ctx, l, s, span, func(id usage.ID, _ *usage.Entry) error {
			ids[id] = s.Epoch
			return nil
		})
		if err != nil {
			return nil, nil, err
		}
		roots[s.Epoch] = usage.Root(s.Epoch, segments)
	}
	for i := range segments {
		if err := segments[i].Verify(); err != nil {
			return nil, nil, err
		}
	}
	return roots, ids, nil
}

func openIt(t testing.TB, file []byte) *usage.File {
	t.Helper()
	f, err := open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
