package usage_test

import (
	"math"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/google/go-cmp/cmp"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

func wei(text string) uint256.Int { return *uint256.MustFromDecimal(text) }

var (
	someone = common.HexToAddress("0xaa")
	other   = common.HexToAddress("0xbb")
	asset   = common.HexToAddress("0xe1")
	hash    = common.HexToHash("0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20")
	commit  = common.HexToHash("0x0102030405060708090a0b0c0d0e0f1011121314000000000000000000000000")
	ref     = usage.Ref{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
)

const (
	day = 1_707_393_600
	end = day + 86_400
)

// oneOfEach has an entry of each kind, by kind.
var oneOfEach = []usage.Entry{
	{Kind: usage.Tool, At: day, Ref: ref, Name: []byte("swap"), Earner: someone, Other: other, Chain: 1, Subject: hash, Amount: wei("2100000000000000")},
	{Kind: usage.Front, At: day, Ref: ref, Name: []byte("web/1.0"), Subnet: hash, Other: other, Chain: 8453, Subject: hash, Amount: wei("0")},
	{Kind: usage.Work, At: day, Ref: ref, Place: []byte("keymaker-agent/keymaker"), Subject: commit, Earner: someone, Other: other, Name: []byte("fix"), Amount: wei("100")},
	{Kind: usage.Risk, At: day, Ref: ref, Subject: commit, Other: other, Flag: true},
	{Kind: usage.Receipt, At: day, Ref: ref, Name: []byte("qwen3:0.6b"), Earner: someone, Other: other, Input: 1200, Output: 1<<53 - 1, PriceIn: wei("1000000000000000000"), PriceOut: wei("10000000000000000000"), Fee: wei("340282366920938463463374607431768211455")},
	{Kind: usage.Audit, At: day, Ref: ref, Name: []byte("qwen3:0.6b"), Earner: someone, Other: other},
	{Kind: usage.Bond, At: day, To: end, Ref: ref, Earner: someone, Amount: wei("1000000000000000000")},
	{Kind: usage.Subnet, At: day, To: end, Ref: ref, Subnet: hash, Earner: someone, Fee: wei("1000000000000000000000000")},
	{Kind: usage.Stake, At: day, To: end, Ref: ref, Subnet: hash, Earner: someone, Amount: wei("5")},
	{Kind: usage.Yield, At: day, Ref: ref, Asset: asset, Amount: wei("12345"), Decimals: 6, PriceIn: wei("10000000000000000001")},
	{Kind: usage.Deposit, At: day, To: end, Ref: ref, Asset: asset, Earner: someone, Amount: wei("100000000000000000000"), LockFrom: day, LockTo: end},
	{Kind: usage.Payout, At: day, Ref: ref, Proposal: 7, Earner: someone, Amount: wei("18446744073709551616")},
}

// linesOfEach are the same as docs/rewards.md says that they are written.
var linesOfEach = []string{
	`{"kind":"tool","at":1707393600,"ref":"0x000102030405060708090a0b0c0d0e0f","tool":"swap","author":"0x00000000000000000000000000000000000000aa","user":"0x00000000000000000000000000000000000000bb","chain":1,"transaction":"0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20","burned":"2100000000000000"}`,
	`{"kind":"front","at":1707393600,"ref":"0x000102030405060708090a0b0c0d0e0f","front":"web/1.0","subnet":"0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20","user":"0x00000000000000000000000000000000000000bb","chain":8453,"transaction":"0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20","burned":"0"}`,
	`{"kind":"work","at":1707393600,"ref":"0x000102030405060708090a0b0c0d0e0f","repository":"keymaker-agent/keymaker","commit":"0x0102030405060708090a0b0c0d0e0f1011121314","author":"0x00000000000000000000000000000000000000aa","maintainer":"0x00000000000000000000000000000000000000bb","class":"fix","weight":"100"}`,
	`{"kind":"risk","at":1707393600,"ref":"0x000102030405060708090a0b0c0d0e0f","commit":"0x0102030405060708090a0b0c0d0e0f1011121314","maintainer":"0x00000000000000000000000000000000000000bb","at_risk":1}`,
	`{"kind":"receipt","at":1707393600,"ref":"0x000102030405060708090a0b0c0d0e0f","model":"qwen3:0.6b","provider":"0x00000000000000000000000000000000000000aa","consumer":"0x00000000000000000000000000000000000000bb","input":1200,"output":9007199254740991,"price_in":"1000000000000000000","price_out":"10000000000000000000","fee":"340282366920938463463374607431768211455"}`,
	`{"kind":"audit","at":1707393600,"ref":"0x000102030405060708090a0b0c0d0e0f","model":"qwen3:0.6b","provider":"0x00000000000000000000000000000000000000aa","auditor":"0x00000000000000000000000000000000000000bb","passed":0}`,
	`{"kind":"bond","from":1707393600,"to":1707480000,"ref":"0x000102030405060708090a0b0c0d0e0f","provider":"0x00000000000000000000000000000000000000aa","amount":"1000000000000000000"}`,
	`{"kind":"subnet","from":1707393600,"to":1707480000,"ref":"0x000102030405060708090a0b0c0d0e0f","subnet":"0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20","treasury":"0x00000000000000000000000000000000000000aa","fee":"1000000000000000000000000"}`,
	`{"kind":"stake","from":1707393600,"to":1707480000,"ref":"0x000102030405060708090a0b0c0d0e0f","subnet":"0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20","staker":"0x00000000000000000000000000000000000000aa","amount":"5"}`,
	`{"kind":"yield","at":1707393600,"ref":"0x000102030405060708090a0b0c0d0e0f","asset":"0x00000000000000000000000000000000000000e1","gain":"12345","decimals":6,"price":"10000000000000000001"}`,
	`{"kind":"deposit","from":1707393600,"to":1707480000,"ref":"0x000102030405060708090a0b0c0d0e0f","asset":"0x00000000000000000000000000000000000000e1","member":"0x00000000000000000000000000000000000000aa","amount":"100000000000000000000","lock_from":1707393600,"lock_to":1707480000,"referrer":"0x0000000000000000000000000000000000000000"}`,
	`{"kind":"payout","at":1707393600,"ref":"0x000102030405060708090a0b0c0d0e0f","proposal":7,"to":"0x00000000000000000000000000000000000000aa","amount":"18446744073709551616"}`,
}

func TestEachKindIsWrittenAsSpecifiedAndReadBack(t *testing.T) {
	for i, e := range oneOfEach {
		if usage.Kind(i) != e.Kind {
			t.Fatalf("the table has %s at %d", e.Kind, i)
		}
		line, err := usage.AppendEntry(nil, &e)
		if err != nil {
			t.Fatal(err)
		}
		if string(line) != linesOfEach[i] {
			t.Errorf("%s is written\n%s, want\n%s", e.Kind, line, linesOfEach[i])
		}
		var read usage.Entry
		if err := usage.ReadEntry([]byte(linesOfEach[i]), &read); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(e, read); d != "" {
			t.Errorf("%s is read back as something else (-want +got):\n%s", e.Kind, d)
		}
	}
	if usage.Kind(len(oneOfEach)).String() != "unknown" {
		t.Error("a kind has no example")
	}
}
var _ = math.MaxInt64
var _ = refusal.BadEntry
