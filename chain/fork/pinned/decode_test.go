package pinned

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/chain/fork/forktest"
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

func TestAHeaderIsWholeOrRefused(t *testing.T) {
	h, err := DecodeHeader(json.RawMessage(forktest.Header))
	if err != nil || h.era != Prague || h.Number != 5 || h.Time != 100 {
		t.Fatalf("%+v %v", h, err)
	}
	without := func(names ...string) json.RawMessage {
		m := map[string]json.RawMessage{}
		if err := json.Unmarshal([]byte(forktest.Header), &m); err != nil {
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
		if _, err := DecodeHeader(without(name)); err == nil {
			t.Errorf("a header without %s", name)
		}
	}
	if _, err := DecodeHeader(without("baseFeePerGas")); !errors.Is(err, ErrNotEthereum) {
		t.Errorf("no base fee: %v", err)
	}
	for want, raw := range map[Era]json.RawMessage{
		Paris:  without("withdrawalsRoot"),
		London: json.RawMessage(strings.Replace(forktest.Header, `"difficulty":"0x0"`, `"difficulty":"0x1"`, 1)),
	} {
		h, err := DecodeHeader(raw)
		if err != nil {
			t.Fatal(err)
		}
		for chainID, wantErr := range map[uint64]error{1: nil, 137: ErrNotEthereum} {
			r := &Remote{chainID: chainID, header: h}
			if err := r.settleRules(nil, nil, nil, nil); !errors.Is(err, wantErr) || err == nil && r.rules.Era != want {
				t.Errorf("%s on chain %d: %s %v", want, chainID, r.rules.Era, err)
			}
		}
	}
	for want, names := range map[Era][]string{
		Cancun: {"requestsHash"}, Shanghai: {"requestsHash", "excessBlobGas", "blobGasUsed"},
	} {
		if h, err := DecodeHeader(without(names...)); err != nil || h.era != want {
			t.Errorf("%s: %+v %v", want, h, err)
		}
	}
	if _, err := DecodeHeader(without("blobGasUsed")); err == nil {
		t.Error("a header with half of its blob fields")
	}
}

func configJSON(e Era, edit func(m map[string]any)) json.RawMessage {
	return forktest.Config(e.Precompiles(), func(m map[string]any) {
		system := map[string]string{}
		for name, since := range systemContracts {
			if e >= since {
				system[name] = common.Address{1}.Hex()
			}
		}
		m["systemContracts"] = system
		if edit != nil {
			edit(m)
		}
	})
}

func TestTheRemotesConfigurationIsKnownOrRefused(t *testing.T) {
	for _, e := range []Era{Shanghai, Cancun, Prague, Osaka} {
		if r, _, err := decodeConfig(configJSON(e, nil), 1, 100); err != nil || r.Era != e || r.Blobs.Target != 6 {
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
		if r, _, err := decodeConfig(configJSON(Osaka, edit), 1, 100); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
	var both map[string]json.RawMessage
	next := configJSON(Osaka, func(m map[string]any) { m["activationTime"] = 90 })
	if err := json.Unmarshal(configJSON(Prague, nil), &both); err != nil {
		t.Fatal(err)
	}
	both["next"] = json.RawMessage(next[len(`{"current":`) : len(next)-len(`,"last":null,"next":null}`)])
	b, err := json.Marshal(both)
	if err != nil {
		t.Fatal(err)
	}
	for time, want := range map[uint64]Era{89: Prague, 90: Osaka} {
		if r, _, err := decodeConfig(b, 1, time); err != nil || r.Era != want {
			t.Errorf("at %d: %+v %v", time, r, err)
		}
	}
}

func TestTheOverlayIsWhatWasWrittenLast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := NewLayer()
		accounts, slots := map[common.Address]Account{}, map[Slot]common.Hash{}
		wiped := map[common.Address]bool{}
		addr := rapid.Custom(func(t *rapid.T) common.Address { return common.Address{rapid.ByteRange(1, 5).Draw(t, "address")} })
		key := rapid.Custom(func(t *rapid.T) common.Hash { return common.Hash{rapid.ByteRange(1, 3).Draw(t, "key")} })
		for range rapid.IntRange(1, 30).Draw(t, "layers") {
			l := NewLayer()
			for range rapid.IntRange(0, 2).Draw(t, "wipes") {
				a := addr.Draw(t, "wiped")
				l.Wiped[a], wiped[a] = true, true
				for k := range slots {
					if k.Account == a {
						delete(slots, k)
					}
				}
			}
			for range rapid.IntRange(0, 4).Draw(t, "writes") {
				a, k := addr.Draw(t, "a"), key.Draw(t, "k")
				acc := Account{Nonce: rapid.Uint64().Draw(t, "nonce")}
				l.Accounts[a], accounts[a] = acc, acc
				v := common.Hash{rapid.Byte().Draw(t, "value")}
				l.Slots[Slot{a, k}], slots[Slot{a, k}] = v, v
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
			if want, known := accounts[a]; ok != known || have.Nonce != want.Nonce {
				t.Fatalf("account %s: %v %v, want %v %v", a, have, ok, want, known)
			}
			for c := byte(1); c <= 3; c++ {
				k := Slot{a, common.Hash{c}}
				have, ok := o.slot(k)
				want, known := slots[k]
				if have != want || ok != (known || wiped[a]) {
					t.Fatalf("slot %v: %s %v, want %s %v", k, have, ok, want, known)
				}
			}
		}
	})
}
