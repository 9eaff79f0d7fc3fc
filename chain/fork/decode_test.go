package fork

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/rpc"
	"pgregory.net/rapid"
)

func TestQuantitiesAreReadStrictly(t *testing.T) {
	for _, c := range []struct {
		in   string
		want string
		ok   bool
	}{
		{`"0x0"`, "0", true},
		{`"0x00ff"`, "255", true},
		{`"0x` + strings.Repeat("f", 64) + `"`, "115792089237316195423570985008687907853269984665640564039457584007913129639935", true},
		{`"0x` + strings.Repeat("f", 65) + `"`, "", false},
		{`"0x"`, "", false},
		{`"0X1"`, "", false},
		{`"1"`, "", false},
		{`"0x-1"`, "", false},
		{`"0xg"`, "", false},
		{`1`, "", false},
		{`null`, "", false},
		{` null `, "", false},
		{``, "", false},
		{`["0x1"]`, "", false},
	} {
		n, err := quantity(json.RawMessage(c.in))
		if (err == nil) != c.ok || c.ok && n.Dec() != c.want {
			t.Errorf("%s: %s, %v", c.in, n.Dec(), err)
		}
	}
}

const goodHeader = `{"number":"0x5","hash":"0x0000000000000000000000000000000000000000000000000000000000000001",
"parentHash":"0x0000000000000000000000000000000000000000000000000000000000000002","timestamp":"0x64","gasLimit":"0x1c9c380","gasUsed":"0x0",
"baseFeePerGas":"0x7","miner":"0x0000000000000000000000000000000000000000","difficulty":"0x0",
"withdrawalsRoot":"0x00","excessBlobGas":"0x0","blobGasUsed":"0x0","requestsHash":"0x00"}`

func TestAHeaderIsWholeOrRefused(t *testing.T) {
	h, err := decodeHeader(json.RawMessage(goodHeader))
	if err != nil || h.era != prague || h.number != 5 || h.time != 100 {
		t.Fatalf("%+v %v", h, err)
	}
	without := func(names ...string) json.RawMessage {
		m := map[string]json.RawMessage{}
		if err := json.Unmarshal([]byte(goodHeader), &m); err != nil {
			t.Fatal(err)
		}
		for _, n := range names {
			delete(m, n)
		}
		b, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, name := range []string{"number", "hash", "parentHash", "timestamp", "gasLimit", "gasUsed", "miner", "difficulty"} {
		if _, err := decodeHeader(without(name)); err == nil {
			t.Errorf("a header without %s", name)
		}
	}
	for name, raw := range map[string]json.RawMessage{
		"no base fee":    without("baseFeePerGas"),
		"no withdrawals": without("withdrawalsRoot"),
		"difficulty":     json.RawMessage(strings.Replace(goodHeader, `"difficulty":"0x0"`, `"difficulty":"0x1"`, 1)),
	} {
		if _, err := decodeHeader(raw); !errors.Is(err, errNotEthereum) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for want, names := range map[era][]string{
		cancun: {"requestsHash"}, shanghai: {"requestsHash", "excessBlobGas", "blobGasUsed"},
	} {
		if h, err := decodeHeader(without(names...)); err != nil || h.era != want {
			t.Errorf("%s: %+v %v", want, h, err)
		}
	}
	if _, err := decodeHeader(without("blobGasUsed")); err == nil {
		t.Error("a header with half of its blob fields")
	}
}

func configJSON(e era, edit func(m map[string]any)) json.RawMessage {
	m := map[string]any{"activationTime": 0, "chainId": "0x1", "blobSchedule": map[string]any{"target": 6, "max": 9, "baseFeeUpdateFraction": 5007716}}
	precompiles, system := map[string]string{}, map[string]string{}
	for _, a := range precompilesOf(e) {
		precompiles["P"+a.Hex()] = a.Hex()
	}
	for name, since := range systemContracts {
		if e >= since {
			system[name] = common.Address{1}.Hex()
		}
	}
	m["precompiles"], m["systemContracts"] = precompiles, system
	if edit != nil {
		edit(m)
	}
	b, err := json.Marshal(map[string]any{"current": m, "next": nil, "last": nil})
	if err != nil {
		panic(err)
	}
	return b
}

func TestTheRemotesConfigurationIsKnownOrRefused(t *testing.T) {
	for _, e := range []era{cancun, prague, osaka} {
		if r, err := decodeConfig(configJSON(e, nil), 1, 100); err != nil || r.era != e || r.blobs.Target != 6 {
			t.Errorf("%s: %+v %v", e, r, err)
		}
	}
	for name, edit := range map[string]func(map[string]any){
		"a newer system contract": func(m map[string]any) {
			m["systemContracts"].(map[string]string)["BUILDER_EXIT_CONTRACT_ADDRESS"] = "0x01"
		},
		"one precompile more": func(m map[string]any) { m["precompiles"].(map[string]string)["X"] = common.Address{9}.Hex() },
		"one precompile less": func(m map[string]any) { delete(m["precompiles"].(map[string]string), "P"+common.Address{19: 5}.Hex()) },
		"another chain":       func(m map[string]any) { m["chainId"] = "0x2" },
		"no chain":            func(m map[string]any) { delete(m, "chainId") },
		"a fraction of zero":  func(m map[string]any) { m["blobSchedule"] = map[string]any{"target": 1, "max": 2} },
	} {
		if r, err := decodeConfig(configJSON(osaka, edit), 1, 100); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
	var both map[string]json.RawMessage
	next := configJSON(osaka, func(m map[string]any) { m["activationTime"] = 90 })
	if err := json.Unmarshal(configJSON(prague, nil), &both); err != nil {
		t.Fatal(err)
	}
	both["next"] = json.RawMessage(next[len(`{"current":`) : len(next)-len(`,"last":null,"next":null}`)])
	b, err := json.Marshal(both)
	if err != nil {
		t.Fatal(err)
	}
	for time, want := range map[uint64]era{89: prague, 90: osaka} {
		if r, err := decodeConfig(b, 1, time); err != nil || r.era != want {
			t.Errorf("at %d: %+v %v", time, r, err)
		}
	}
}

func TestReasonsOfRevertsAreReadAndCleaned(t *testing.T) {
	text := func(s string) []byte {
		return append(pack(errorSelector, wei(32), wei(uint64(len(s)))), common.RightPadBytes([]byte(s), (len(s)+31)/32*32)...)
	}
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"text", text("too little"), "too little"},
		{"control characters", text("a\x1b[31m\nb\u202ec\u200d"), "a[31mbc"},
		{"broken UTF-8", text("a\xff\xfeb"), "ab"},
		{"a long text", text(strings.Repeat("x", 1000)), strings.Repeat("x", reasonLimit) + "…"},
		{"overflow", pack(panicSelector, wei(0x11)), "panic 0x11: arithmetic overflow or underflow"},
		{"another panic", pack(panicSelector, wei(0x99)), "panic 0x99"},
		{"a custom error", []byte{1, 2, 3, 4}, "0x01020304"},
		{"nothing", nil, "no reason given"},
		{"a cut text", text("too little")[:70], "0x" + common.Bytes2Hex(text("too little")[:70])},
		{"a far offset", pack(errorSelector, common.Hash{0xff}.Bytes(), wei(1)), "0x" + common.Bytes2Hex(pack(errorSelector, common.Hash{0xff}.Bytes(), wei(1)))},
	} {
		if got := reasonOf(outcome{failure: errReverted, ret: c.data}); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzReason(f *testing.F) {
	f.Add(pack(errorSelector, wei(32), wei(3), common.RightPadBytes([]byte("abc"), 32)))
	f.Add(pack(panicSelector, wei(0x12)))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		s := reasonOf(outcome{failure: errReverted, ret: data})
		if s == "" && len(data) < 4 || len(s) > 2*reasonLimit {
			t.Fatalf("%q", s)
		}
		for _, r := range s {
			if unicode.IsControl(r) {
				t.Fatalf("%q", s)
			}
		}
	})
}

func FuzzLogsAndCalls(f *testing.F) {
	f.Add(topicTransferBatch[:], at(alice).Bytes(), at(bob).Bytes(), at(pool).Bytes(), common.FromHex("0x20"), byte(4))
	f.Add(topicTransfer[:], at(alice).Bytes(), at(bob).Bytes(), wordOf(1).Bytes(), []byte{}, byte(3))
	f.Add([]byte{}, []byte{}, []byte{}, []byte{}, pack(selector("transferFrom((address,address,uint160,address)[])"), wei(32), wei(1<<40)), byte(0))
	f.Fuzz(func(_ *testing.T, a, b, c, d, data []byte, topics byte) {
		x := newInterests()
		l := &Log{Data: data}
		for i, topic := range [][]byte{a, b, c, d} {
			if i < int(topics) {
				l.Topics = append(l.Topics, common.BytesToHash(topic))
			}
		}
		x.log(l)
		walk(&Frame{Type: "CALL", Input: data, Calls: []Frame{{Type: "DELEGATECALL", Input: data}}}, common.Address{}, common.Address{}, x.frame)
	})
}

// told answers every call of a batch with the same bytes, or with the good answer.
type told struct {
	answer []byte
	method string
}

func (s told) Call(context.Context, any, string, ...any) error { return errors.New("unused") }

func (s told) Batch(_ context.Context, elems []rpc.BatchElem) error {
	for i := range elems {
		answer := map[string]string{
			"eth_chainId": `"0x1"`, "eth_getBlockByNumber": goodHeader, "eth_getBlockByHash": goodHeader,
			"eth_getBalance": `"0xde0b6b3a7640000"`, "eth_getTransactionCount": `"0x0"`, "eth_getCode": `"0x"`,
			"eth_getStorageAt": `"0x0000000000000000000000000000000000000000000000000000000000000000"`,
			"eth_config":       string(configJSON(osaka, nil)), "eth_call": `"0x"`, "eth_createAccessList": `{"accessList":[]}`,
		}[elems[i].Method]
		if elems[i].Method == s.method || s.method == "" {
			answer = string(s.answer)
		}
		*elems[i].Result.(*json.RawMessage) = json.RawMessage(answer)
	}
	return nil
}

func FuzzSourceAnswers(f *testing.F) {
	methods := []string{
		"", "eth_chainId", "eth_getBlockByNumber", "eth_getBlockByHash", "eth_getBalance", "eth_getTransactionCount", "eth_getCode",
		"eth_getStorageAt", "eth_config", "eth_call", "eth_createAccessList",
	}
	for i, seed := range []string{
		`null`, goodHeader, `"0x1"`, `"0x"`, `"0x6001600055"`, string(configJSON(prague, nil)),
		`{"accessList":[{"address":"0x0000000000000000000000000000000000000001","storageKeys":["0x0000000000000000000000000000000000000000000000000000000000000001"]}]}`,
	} {
		f.Add(byte(i), []byte(seed))
	}
	f.Fuzz(func(t *testing.T, method byte, answer []byte) {
		fork, err := New(context.Background(), told{answer, methods[int(method)%len(methods)]}, WithClock(atDawn))
		if err != nil {
			return
		}
		tx := callTo(alice, bob, []byte{1})
		tx.ChainID, tx.Gas = fork.Pin().ChainID, 200_000
		tx.Value.SetUint64(5)
		e, err := fork.Simulate(context.Background(), []Tx{tx})
		if err != nil {
			return
		}
		if c, found := e.balance(bob, Native, common.Address{}); e.OK() && (!found && alice != bob) && c.After.IsZero() && e.Txs[0].Calls.Value.IsZero() {
			t.Fatalf("a transfer without effect: %s", asJSON(t, e))
		}
	})
}

func TestTheOverlayIsWhatWasWrittenLast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := newLayer()
		accounts, slots := map[common.Address]account{}, map[slotKey]common.Hash{}
		wiped := map[common.Address]bool{}
		addr := rapid.Custom(func(t *rapid.T) common.Address { return common.Address{rapid.ByteRange(1, 5).Draw(t, "address")} })
		key := rapid.Custom(func(t *rapid.T) common.Hash { return common.Hash{rapid.ByteRange(1, 3).Draw(t, "key")} })
		for range rapid.IntRange(1, 30).Draw(t, "layers") {
			l := newLayer()
			for range rapid.IntRange(0, 2).Draw(t, "wipes") {
				a := addr.Draw(t, "wiped")
				l.wiped[a], wiped[a] = true, true
				for k := range slots {
					if k.account == a {
						delete(slots, k)
					}
				}
			}
			for range rapid.IntRange(0, 4).Draw(t, "writes") {
				a, k := addr.Draw(t, "a"), key.Draw(t, "k")
				acc := account{nonce: rapid.Uint64().Draw(t, "nonce")}
				l.accounts[a], accounts[a] = acc, acc
				v := common.Hash{rapid.Byte().Draw(t, "value")}
				l.slots[slotKey{a, k}], slots[slotKey{a, k}] = v, v
			}
			o = o.with(l)
		}
		depth := 0
		for x := o; x != nil; x = x.under {
			depth++
		}
		if depth > 12 {
			t.Fatalf("%d layers", depth)
		}
		for b := byte(1); b <= 5; b++ {
			a := common.Address{b}
			have, ok := o.account(a)
			if want, known := accounts[a]; ok != known || have.nonce != want.nonce {
				t.Fatalf("account %s: %v %v, want %v %v", a, have, ok, want, known)
			}
			for c := byte(1); c <= 3; c++ {
				k := slotKey{a, common.Hash{c}}
				have, ok := o.slot(k)
				want, known := slots[k]
				if have != want || ok != (known || wiped[a]) {
					t.Fatalf("slot %v: %s %v, want %s %v", k, have, ok, want, known)
				}
			}
		}
	})
}
