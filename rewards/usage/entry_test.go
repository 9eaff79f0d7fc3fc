package usage_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/google/go-cmp/cmp"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
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

// drawEntry is any entry of a kind that can be written: each field of the kind is drawn, the others are zero.
func drawEntry(t *rapid.T) usage.Entry {
	bytesOf := func(n int, what string) []byte { return rapid.SliceOfN(rapid.Byte(), n, n).Draw(t, what) }
	address := func(what string) common.Address {
		a := common.Address(bytesOf(20, what))
		if a == (common.Address{}) {
			a[19] = 1
		}
		return a
	}
	name := func(what string) []byte { return []byte(rapid.StringMatching(`[a-z0-9._:/-]{1,64}`).Draw(t, what)) }
	amount := func(what string) uint256.Int {
		bits := rapid.IntRange(0, 128).Draw(t, what+" bits")
		a := new(uint256.Int).SetBytes(bytesOf(16, what))
		return *a.Rsh(a, uint(128-bits))
	}
	count := func(what string) uint64 { return rapid.Uint64Range(0, 1<<53-1).Draw(t, what) }
	moment := func(what string) emission.Time { return emission.Time(rapid.Uint64Range(0, 1<<40-2).Draw(t, what)) }
	e := usage.Entry{Kind: usage.Kind(rapid.IntRange(0, len(oneOfEach)-1).Draw(t, "kind")), At: moment("at"), Ref: usage.Ref(bytesOf(16, "ref"))}
	until := func() { e.To = emission.Time(rapid.Uint64Range(uint64(e.At)+1, 1<<40-1).Draw(t, "to")) }
	switch e.Kind {
	case usage.Tool:
		e.Name, e.Earner, e.Other, e.Chain, e.Subject, e.Amount = name("tool"), address("author"), address("user"), count("chain"), common.Hash(bytesOf(32, "tx")), amount("burned")
	case usage.Front:
		e.Name, e.Subnet, e.Other, e.Chain, e.Subject, e.Amount = name("front"), common.Hash(bytesOf(32, "subnet")), address("user"), count("chain"), common.Hash(bytesOf(32, "tx")), amount("burned")
	case usage.Work:
		e.Place, e.Earner, e.Other, e.Name, e.Amount = name("repository"), address("author"), address("maintainer"), name("class"), amount("weight")
		copy(e.Subject[:], bytesOf(20, "commit"))
	case usage.Risk:
		e.Other, e.Flag = address("maintainer"), rapid.Bool().Draw(t, "at risk")
		copy(e.Subject[:], bytesOf(20, "commit"))
	case usage.Receipt:
		e.Name, e.Earner, e.Other, e.Input, e.Output = name("model"), address("provider"), address("consumer"), count("input"), count("output")
		e.PriceIn, e.PriceOut, e.Fee = amount("price in"), amount("price out"), amount("fee")
	case usage.Audit:
		e.Name, e.Earner, e.Other, e.Flag = name("model"), address("provider"), address("auditor"), rapid.Bool().Draw(t, "passed")
	case usage.Bond:
		e.Earner, e.Amount = address("provider"), amount("bond")
		until()
	case usage.Subnet:
		e.Subnet, e.Earner, e.Fee = common.Hash(bytesOf(32, "subnet")), address("treasury"), amount("fee")
		until()
	case usage.Stake:
		e.Subnet, e.Earner, e.Amount = common.Hash(bytesOf(32, "subnet")), address("staker"), amount("stake")
		until()
	case usage.Yield:
		e.Asset, e.Amount, e.Decimals, e.PriceIn = address("asset"), amount("gain"), count("decimals"), amount("price")
	case usage.Deposit:
		e.Asset, e.Earner, e.Amount, e.LockFrom, e.LockTo = address("asset"), address("member"), amount("deposit"), moment("lock from"), moment("lock to")
		e.Other = common.Address(bytesOf(20, "referrer"))
		until()
	case usage.Payout:
		e.Proposal, e.Earner, e.Amount = count("proposal"), address("receiver"), amount("payout")
	}
	return e
}

func TestWhateverIsWrittenIsReadBackToTheField(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEntry(t)
		line, err := usage.AppendEntry([]byte("before"), &e)
		if err != nil {
			t.Fatal(err)
		}
		line = line[len("before"):]
		if len(line) >= usage.LongestEntry {
			t.Fatalf("a line of %d bytes", len(line))
		}
		var loose map[string]any
		if err := json.Unmarshal(line, &loose); err != nil || loose["kind"] != e.Kind.String() {
			t.Fatalf("%s is no JSON of a %s: %v", line, e.Kind, err)
		}
		read := usage.Entry{Chain: 9, Name: []byte("left over"), Fee: wei("9"), LockTo: 9}
		if err := usage.ReadEntry(line, &read); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(e, read); d != "" {
			t.Fatalf("read back as something else (-want +got):\n%s", d)
		}
	})
}

// The decimal digits of amounts, held against those of math/big.
func TestAmountsAreWrittenAsTheirDigits(t *testing.T) {
	check := func(t interface{ Fatalf(string, ...any) }, a *uint256.Int) {
		line, err := usage.AppendEntry(nil, &usage.Entry{Kind: usage.Payout, Earner: someone, Amount: *a})
		if want := `"amount":"` + a.ToBig().String() + `"}`; err != nil || !bytes.HasSuffix(line, []byte(want)) {
			t.Fatalf("%s, %v, want %s", line, err, want)
		}
		var read usage.Entry
		if err := usage.ReadEntry(line, &read); err != nil || read.Amount != *a {
			t.Fatalf("%s is read as %s, %v", line, read.Amount.Dec(), err)
		}
	}
	power := uint256.NewInt(1)
	for range 39 { // 10^38 is the last below 2^128
		less := new(uint256.Int).SubUint64(power, 1)
		check(t, power)
		check(t, less)
		power.Mul(power, uint256.NewInt(10))
	}
	for bits := range uint(129) {
		power.Lsh(uint256.NewInt(1), bits)
		power.SubUint64(power, 1)
		check(t, power)
	}
	rapid.Check(t, func(t *rapid.T) {
		a := new(uint256.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 16).Draw(t, "amount"))
		check(t, a)
	})
}

func TestAnEntryWithAFieldOutOfItsFormIsNotWritten(t *testing.T) {
	for _, c := range []struct {
		what  string
		kind  usage.Kind
		spoil func(*usage.Entry)
	}{
		{"an unknown kind", usage.Tool, func(e *usage.Entry) { e.Kind = usage.Kind(len(oneOfEach)) }},
		{"a time of 2^40", usage.Tool, func(e *usage.Entry) { e.At = 1 << 40 }},
		{"a count of 2^53", usage.Tool, func(e *usage.Entry) { e.Chain = 1 << 53 }},
		{"an amount of 2^128", usage.Tool, func(e *usage.Entry) { e.Amount = *new(uint256.Int).Lsh(uint256.NewInt(1), 128) }},
		{"a negative amount", usage.Tool, func(e *usage.Entry) { e.Amount = *new(uint256.Int).Neg(uint256.NewInt(1)) }},
		{"no name", usage.Tool, func(e *usage.Entry) { e.Name = nil }},
		{"a name with a quote", usage.Tool, func(e *usage.Entry) { e.Name = []byte(`a","b":"c`) }},
		{"a name with a line break", usage.Tool, func(e *usage.Entry) { e.Name = []byte("a\n") }},
		{"a long name", usage.Tool, func(e *usage.Entry) { e.Name = bytes.Repeat([]byte("a"), 65) }},
		{"nobody", usage.Tool, func(e *usage.Entry) { e.Earner = common.Address{} }},
		{"a commit of 32 bytes", usage.Risk, func(e *usage.Entry) { e.Subject = hash }},
		{"no length", usage.Bond, func(e *usage.Entry) { e.To = e.At }},
		{"a reversed length", usage.Stake, func(e *usage.Entry) { e.To = e.At - 1 }},
	} {
		e := oneOfEach[c.kind]
		c.spoil(&e)
		got, err := usage.AppendEntry([]byte("before"), &e)
		if !refusal.Is(err, refusal.BadEntry) || string(got) != "before" {
			t.Errorf("%s: %s, %v", c.what, got, err)
		}
	}
}

func TestReadingAnEntryAllocatesNothing(t *testing.T) {
	for _, text := range linesOfEach {
		line := []byte(text)
		var e usage.Entry
		if n := testing.AllocsPerRun(20, func() {
			if err := usage.ReadEntry(line, &e); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", e.Kind, n)
		}
	}
}

func FuzzWhatIsReadAsAnEntryIsWrittenBackToTheByte(f *testing.F) {
	for _, line := range linesOfEach {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		var e usage.Entry
		if err := usage.ReadEntry(line, &e); err != nil {
			if !refusal.Is(err, refusal.BadEntry) {
				t.Fatal(err)
			}
			return
		}
		again, err := usage.AppendEntry(nil, &e)
		if err != nil || !bytes.Equal(again, line) {
			t.Fatalf("%s is written as %s, %v", line, again, err)
		}
	})
}

func FuzzWhatIsReadAsASegmentIsWrittenBackToTheByte(f *testing.F) {
	f.Add([]byte(headLine))
	f.Fuzz(func(t *testing.T, line []byte) {
		var s usage.Segment
		if err := usage.ReadSegment(line, &s); err != nil {
			if !refusal.Is(err, refusal.BadSegment) {
				t.Fatal(err)
			}
			return
		}
		if again := usage.AppendSegment(nil, &s); !bytes.Equal(again, line) {
			t.Fatalf("%s is written as %s", line, again)
		}
		if err := s.Verify(); err != nil && !refusal.Is(err, refusal.BadSignature) {
			t.Fatal(err)
		}
	})
}

func FuzzWhatIsReadAsAClosingIsWrittenBackToTheByte(f *testing.F) {
	f.Add([]byte(closingLine))
	f.Fuzz(func(t *testing.T, line []byte) {
		var c usage.Closing
		if err := usage.ReadClosing(line, &c); err != nil {
			if !refusal.Is(err, refusal.BadSegment) {
				t.Fatal(err)
			}
			return
		}
		if again := usage.AppendClosing(nil, &c); !bytes.Equal(again, line) {
			t.Fatalf("%s is written as %s", line, again)
		}
	})
}
