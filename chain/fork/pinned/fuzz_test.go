package pinned

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork/forktest"
)

// told answers one method, or every one, with the same bytes, and the others well.
type told struct {
	method string
	answer []byte
	nth    int // of the answers to the method; a negative one stands for all

	seen int
}

func (s *told) Call(context.Context, any, string, ...any) error { return errors.New("unused") }

func (s *told) Batch(_ context.Context, elems []rpc.BatchElem) error {
	for i := range elems {
		answer := goodAnswers[elems[i].Method]
		if elems[i].Method == s.method || s.method == "" {
			if s.nth < 0 || s.seen == s.nth {
				answer = string(s.answer)
			}
			s.seen++
		}
		*elems[i].Result.(*json.RawMessage) = json.RawMessage(answer)
	}
	return nil
}

var goodAnswers = map[string]string{
	"eth_chainId": `"0x1"`, "eth_blockNumber": `"0x5"`, "eth_getBlockByNumber": forktest.Header, "eth_getBlockByHash": forktest.Parent,
	"eth_getBalance": `"0xde0b6b3a7640000"`, "eth_getTransactionCount": `"0x7"`, "eth_getCode": `"0x6001"`,
	"eth_getStorageAt": `"0x` + strings.Repeat("01", 32) + `"`, "eth_call": `"0x` + strings.Repeat("00", 31) + `01"`,
	"eth_config":           string(forktest.Config(Osaka.Precompiles(), nil)),
	"eth_createAccessList": `{"accessList":[{"address":"0x` + strings.Repeat("12", 20) + `","storageKeys":["0x` + strings.Repeat("34", 32) + `"]}]}`,
}

func addSeeds(f *testing.F) {
	f.Helper()
	for _, seed := range goodAnswers {
		f.Add(-1, []byte(seed))
		f.Add(1, []byte(seed[:len(seed)/2]))
	}
	for _, seed := range []string{``, `null`, `{}`, `[]`, `"0x"`, `"0x0"`, `{"accessList":[{"storageKeys":[null]}]}`, `{"hash":null}`, "\xff\xfe", `{"current":{"precompiles":{}}}`} {
		f.Add(0, []byte(seed))
	}
}

func dialTold(s *told, opts ...Option) (*Remote, error) {
	return Dial(context.Background(), s, At{}, opts...)
}

// FuzzDial: whatever a remote says, a pin is whole or refused.
func FuzzDial(f *testing.F) {
	addSeeds(f)
	methods := []string{"", "eth_chainId", "eth_getBlockByNumber", "eth_getBlockByHash", "eth_getBalance", "eth_getCode", "eth_config", "eth_call"}
	f.Fuzz(func(t *testing.T, nth int, answer []byte) {
		for _, m := range methods {
			r, err := dialTold(&told{method: m, answer: answer, nth: nth % 4}, WithCache(nothing{}))
			if err != nil {
				continue
			}
			h := r.Header()
			if h.GasLimit == 0 || h.GasUsed > h.GasLimit || r.BlockTime() < 1 || r.BlockTime() > 12 || r.Rules().Era > Osaka {
				t.Fatalf("%s: %+v %+v", m, h, r)
			}
			if b := r.Rules().BlobFee(r.Rules().ExcessAfter(h)); b.BitLen() > 200 {
				t.Fatalf("%s: a blob fee of %s", m, b.Dec())
			}
		}
	})
}

// nothing is a cache that keeps nothing.
type nothing struct{}

func (nothing) Load(Key) Known   { return Known{} }
func (nothing) Store(Key, Known) {}

// FuzzHeader: a header is whole or refused, and reading it again gives the same.
func FuzzHeader(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, _ int, answer []byte) {
		h, err := DecodeHeader(answer)
		if err != nil {
			return
		}
		again, err := DecodeHeader(answer)
		if err != nil || h.Hash != again.Hash || h.BaseFee != again.BaseFee || h.era != again.era {
			t.Fatalf("%+v, then %+v %v", h, again, err)
		}
	})
}

// FuzzReads: an account, a slot and a hash are what the answer says, or an error; and nothing is known of what failed.
func FuzzReads(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, nth int, answer []byte) {
		ctx := context.Background()
		for _, m := range []string{"eth_getBalance", "eth_getTransactionCount", "eth_getCode", "eth_getStorageAt", "eth_getBlockByNumber"} {
			src := &told{method: m, answer: answer, nth: 1 << 30}
			r, err := dialTold(src)
			if err != nil {
				t.Fatal(err)
			}
			r.byHash = nth&1 == 0
			src.nth, src.seen = nth>>1&3, 0
			a, k := common.Address{1}, Slot{common.Address{2}, common.Hash{3}}
			if acc, err := r.account(ctx, a); err != nil {
				if _, known := r.cachedAccount(a); known {
					t.Fatalf("%s: an account is known after %v", m, err)
				}
			} else if len(acc.Code) > codeLimit || acc.CodeHash == (common.Hash{}) {
				t.Fatalf("%s: %d bytes of code under %s", m, len(acc.Code), acc.CodeHash)
			}
			if _, err := r.slot(ctx, k); err != nil {
				if _, known := r.cachedSlot(k); known {
					t.Fatalf("%s: a slot is known after %v", m, err)
				}
			}
			if _, err := r.blockHash(ctx, 2); err == nil && m != "eth_getBlockByNumber" {
				t.Fatal("the header of block 5 is taken for that of block 2")
			}
		}
	})
}

// FuzzHint: an access list makes a bounded number of reads, whatever it says.
func FuzzHint(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, nth int, answer []byte) {
		src := &told{method: "eth_createAccessList", answer: answer, nth: -1}
		r, err := dialTold(src)
		if err != nil {
			t.Fatal(err)
		}
		r.byHash = nth&1 == 0
		to := common.Address{2}
		calls := make([]chain.Call, 1+nth&3)
		for i := range calls {
			calls[i] = chain.Call{From: common.Address{byte(i)}, To: &to}
		}
		if err := r.hint(context.Background(), calls, []common.Address{{9}}); err != nil {
			t.Fatalf("a hint is no reason to fail: %v", err)
		}
		if _, known := r.cachedAccount(to); !known || len(r.known.Accounts) > mostHintedAccounts || len(r.known.Slots) > mostHintedSlots {
			t.Fatalf("%d accounts, %d slots", len(r.known.Accounts), len(r.known.Slots))
		}
	})
}
