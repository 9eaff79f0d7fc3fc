package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"math/big"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/holiman/uint256"
)

// Whatever of a right outcome is changed, the judge says so.
func TestTheJudgeOfStatesMissesNoChange(t *testing.T) {
	mutations := map[string]func(c *StateCase, out *StateOutcome) bool{ // false: there is nothing of the kind to change
		"balance": func(c *StateCase, out *StateOutcome) bool {
			b := out.Changes.Balance[c.Tx.From]
			out.Changes.Balance[c.Tx.From] = *b.AddUint64(&b, 1)
			return true
		},
		"nonce": func(c *StateCase, out *StateOutcome) bool { out.Changes.Nonce[c.Tx.From]++; return true },
		"code": func(c *StateCase, out *StateOutcome) bool {
			out.Changes.Code[own.contract] = []byte{0xfe}
			return true
		},
		"slot": func(c *StateCase, out *StateOutcome) bool {
			out.Changes.SetSlot(own.contract, common.Hash{31: 77}, common.Hash{31: 1})
			return true
		},
		"lost slots": func(c *StateCase, out *StateOutcome) bool {
			had := len(out.Changes.Storage[own.contract]) > 0 && c.Name == "own/store and log/"+c.Fork+"/d0g0v0"
			delete(out.Changes.Storage, own.contract)
			return had
		},
		"destroyed": func(c *StateCase, out *StateOutcome) bool { out.Changes.Destroyed[own.contract] = true; return true },
		"one log more": func(_ *StateCase, out *StateOutcome) bool {
			out.Logs = append(out.Logs, &types.Log{})
			return true
		},
		"one log less": func(_ *StateCase, out *StateOutcome) bool {
			if len(out.Logs) == 0 {
				return false
			}
			out.Logs = out.Logs[1:]
			return true
		},
		"other data": func(_ *StateCase, out *StateOutcome) bool {
			if len(out.Logs) == 0 {
				return false
			}
			out.Logs[0].Data = []byte{1}
			return true
		},
		"no log at all": func(_ *StateCase, out *StateOutcome) bool { out.Logs = append(out.Logs, nil); return true },
		"refused":       func(_ *StateCase, out *StateOutcome) bool { out.Refused = errors.New("no"); return true },
	}
	tried := map[string]int{}
	for c, err := range ownStateCases() {
		if err != nil {
			t.Fatal(err)
		}
		for name, mutate := range mutations {
			out := outcomeOf(t, c)
			if err := c.Judge(out); err != nil {
				t.Fatalf("%s: %v", c.Name, err)
			}
			if c.Want.Exception != "" {
				if out.Refused = nil; c.Judge(out) == nil {
					t.Errorf("%s: not refused, and nobody says so", c.Name)
				}
				continue
			}
			if !mutate(c, &out) {
				continue
			}
			tried[name]++
			if c.Judge(out) == nil {
				t.Errorf("%s: %s is changed, and nobody says so", c.Name, name)
			}
		}
	}
	for name := range mutations {
		if tried[name] == 0 {
			t.Errorf("%s was never changed", name)
		}
	}
}

func outcomeOf(t *testing.T, c *StateCase) StateOutcome {
	t.Helper()
	server := c.Remote().Server()
	defer server.Stop()
	client := rpc.DialInProc(server)
	defer client.Close()
	out, err := runState(t.Context(), c, client)
	if err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
	return out
}

func TestARunThatFailsIsNoRefusal(t *testing.T) {
	tally := new(StateTests).Run(t.Context(), func(context.Context, *StateCase, *rpc.Client) (StateOutcome, error) {
		return StateOutcome{Refused: errors.New("refused")}, errors.New("the remote is gone")
	})
	if tally.Passed != 0 || len(tally.Failed) == 0 {
		t.Error(tally)
	}
}

func TestAnEndedContextIsAFailure(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tally := range []*Tally{
		new(StateTests).Run(ctx, runState), new(Blocks).Run(ctx, runBlock), OpenFixtures(t).Run(ctx, runFixture),
	} {
		if tally.Passed != 0 || tally.Failed["loading"] == nil {
			t.Error(tally)
		}
	}
}

// a case in the format of ethereum/tests, as its text.
func stateText(t testing.TB) string {
	t.Helper()
	c := ownStates[0].plain("Cancun")
	raw, err := json.Marshal(map[string]any{"some": c.asFile()})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestCasesAreReadFromAFolder(t *testing.T) {
	dir := t.TempDir()
	text := stateText(t)
	writeFile(t, filepath.Join(dir, "GeneralStateTests", "stSome", "some.json"), text)
	writeFile(t, filepath.Join(dir, "GeneralStateTests", "stSome", "old.json"), strings.Replace(text, `"Cancun"`, `"London"`, 1))
	writeFile(t, filepath.Join(dir, "GeneralStateTests", "README.md"), "not a test")
	t.Setenv(StateTestsVariable, dir)
	var names []string
	for c, err := range OpenStateTests(t).Cases() {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, c.Name)
		if c.Tx.Value != *uint256.NewInt(3) || c.Tx.From != own.sender || c.Block.MaxBlobs != 6 || c.Block.BlobBaseFee != *uint256.NewInt(1) {
			t.Errorf("%+v", c)
		}
	}
	if len(names) != 1 || names[0] != "stSome/some/Cancun/d0g0v0" {
		t.Error(names)
	}
}

func TestAMalformedCaseIsNamed(t *testing.T) {
	text := stateText(t)
	for _, c := range []struct{ old, new, says string }{
		{`"data":0`, `"data":1`, "out of range"},
		{`"value":0`, `"value":-1`, "out of range"},
		{`"currentNumber":"0x5"`, `"currentNumber":"0x0"`, "no parent"},
		{`"currentRandom":"9",`, ``, "before the merge"},
		{`"value":["0x3"]`, `"value":["0x:bigint 0x10000000000000000000000000000000000000000000000000000000000000000"]`, "not a transaction"},
		{`"nonce":"0x1","sender"`, `"nonce":"0x10000000000000000","sender"`, "not a transaction"},
		{`"data":["0x"]`, `"data":["0x0"]`, "odd length"},
		{`{`, `[`, "some.json"},
		{`"to":"0x`, `"to":"1x`, "hex"},
	} {
		changed := strings.Replace(text, c.old, c.new, 1)
		if changed == text {
			t.Fatalf("%s is not in the case", c.old)
		}
		err := errors.New("no case at all")
		for _, err = range casesOf("stSome/some.json", []byte(changed)) {
			continue
		}
		check(t, err, c.says, c.new)
	}
}

func TestATransactionThatIsMeantToBeNoneIsLeftOut(t *testing.T) {
	text := strings.Replace(stateText(t), `"value":["0x3"]`, `"value":["0x1`+strings.Repeat("0", 64)+`"]`, 1)
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "stSome", "some.json"), strings.Replace(text, `"expectException":""`, `"expectException":"too much"`, 1))
	t.Setenv(StateTestsVariable, dir)
	tally := OpenStateTests(t).Run(t.Context(), runState)
	if tally.Total() != 0 || len(tally.Left) != 1 {
		t.Error(tally)
	}
}

func TestPricesAreThoseOfTheBlock(t *testing.T) {
	for _, c := range []struct {
		old, new           string
		price, cap, tip, n uint64
	}{
		{``, ``, 11, 11, 11, types.LegacyTxType},
		{`"gasPrice":"0xb"`, `"maxFeePerGas":"0x64","maxPriorityFeePerGas":"0x2"`, 9, 100, 2, types.DynamicFeeTxType},
		{`"gasPrice":"0xb"`, `"maxFeePerGas":"0x8","maxPriorityFeePerGas":"0x2"`, 8, 8, 2, types.DynamicFeeTxType},
		{`"gasPrice":"0xb"`, `"maxFeePerGas":"0x64"`, 100, 100, 100, types.DynamicFeeTxType},
		{`"gasPrice":"0xb"`, `"gasPrice":"0xb","accessLists":[[]]`, 11, 11, 11, types.AccessListTxType},
		{`"gasPrice":"0xb"`, `"maxFeePerGas":"0x64","maxPriorityFeePerGas":"0x2","maxFeePerBlobGas":"0x1"`, 9, 100, 2, types.BlobTxType},
	} {
		for got, err := range casesOf("stSome/some.json", []byte(strings.Replace(stateText(t), c.old, c.new, 1))) {
			if err != nil {
				t.Fatal(err)
			}
			x := got.Tx
			if !x.GasPrice.Eq(uint256.NewInt(c.price)) || !x.FeeCap.Eq(uint256.NewInt(c.cap)) || !x.TipCap.Eq(uint256.NewInt(c.tip)) || uint64(x.Type) != c.n {
				t.Errorf("%s: price %s, cap %s, tip %s, type %d", c.new, &x.GasPrice, &x.FeeCap, &x.TipCap, x.Type)
			}
		}
	}
}

func TestChangesAreLaidOnAStateThatStaysAsItIs(t *testing.T) {
	a, b, gone, fresh := common.Address{1}, common.Address{2}, common.Address{3}, common.Address{4}
	one, two := common.Hash{31: 1}, common.Hash{31: 2}
	pre := types.GenesisAlloc{
		a:    {Balance: big.NewInt(5), Nonce: 1, Storage: map[common.Hash]common.Hash{one: one, two: two}},
		b:    {Balance: big.NewInt(5)},
		gone: {Balance: big.NewInt(5), Code: []byte{1}, Storage: map[common.Hash]common.Hash{one: one}},
	}
	before, err := RootOf(pre)
	if err != nil {
		t.Fatal(err)
	}
	c := NewChanges()
	c.Nonce[a] = 2
	c.SetSlot(a, one, common.Hash{})
	c.SetSlot(a, two, one)
	c.Balance[b] = uint256.Int{}
	c.Destroyed[gone] = true
	c.Balance[fresh], c.Code[fresh] = *uint256.NewInt(9), []byte{2}
	post := c.Apply(pre)
	want := types.GenesisAlloc{
		a:     {Balance: big.NewInt(5), Nonce: 2, Storage: map[common.Hash]common.Hash{two: one}},
		fresh: {Balance: big.NewInt(9), Code: []byte{2}},
	}
	got, gerr := RootOf(post)
	wanted, werr := RootOf(want)
	if err := errors.Join(gerr, werr); err != nil || got != wanted || len(post) != 2 {
		t.Errorf("%s, want %s: %v (%v)", got, wanted, post, err)
	}
	if after, _ := RootOf(pre); after != before || len(pre[a].Storage) != 2 {
		t.Error("the state before was changed")
	}
	c.Balance[gone] = *uint256.NewInt(3)
	if back := c.Apply(pre)[gone]; back.Balance.Uint64() != 3 || len(back.Code) != 0 || len(back.Storage) != 0 {
		t.Errorf("an account that came back has what it had: %+v", back)
	}
	if untouched := (Changes{}).Apply(pre); !maps.EqualFunc(untouched, pre, func(x, y types.Account) bool { return x.Nonce == y.Nonce }) {
		t.Error("no changes change something")
	}
	if _, err := RootOf(types.GenesisAlloc{a: {Balance: new(big.Int).Lsh(common.Big1, 256)}}); err == nil {
		t.Error("a balance of 257 bits has a root")
	}
}
