package fork

import (
	"bytes"
	"context"
	"math/big"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/google/go-cmp/cmp"

	"github.com/keymaker-agent/keymaker/chain/signatures"
	"github.com/keymaker-agent/keymaker/contracts"
)

func TestEachWayToFailHasItsWords(t *testing.T) {
	s := newStage(t, nil)
	failing, router := s.deploy(contracts.Failing), s.deploy(contracts.FailingRouter)
	known := "ERC20InsufficientBalance(sender=" + alice.Hex() + ", balance=5, needed=7)"
	nobody := contracts.Load(contracts.Failing).ABI.Errors["NobodyKnowsThis"]
	for name, c := range map[string]struct {
		method string
		args   []any
		words  string
		named  string
	}{
		"a known error":        {"known", []any{alice, big.NewInt(5), big.NewInt(7)}, known, "ERC20InsufficientBalance"},
		"an error of no list":  {"unknown", []any{big.NewInt(1), "x", []common.Address{}}, hexutil.Encode(nobody.ID[:4]), ""},
		"words":                {"words", []any{"not today"}, "not today", ""},
		"words of a trickster": {"words", []any{"fine\x1b[2J\u202e"}, "fine", ""},
		"many words":           {"long", []any{big.NewInt(5000)}, strings.Repeat("a", 100), ""},
		"a panic":              {"panic", []any{big.NewInt(0x11)}, "panic 0x11: arithmetic overflow or underflow", ""},
		"another panic":        {"panic", []any{big.NewInt(0x99)}, "panic 0x99", ""},
		"nothing":              {"empty", nil, "no reason given", ""},
		"bytes":                {"raw", []any{[]byte{1, 2, 3}}, "0x010203", ""},
		"half a known error":   {"raw", []any{hexutil.MustDecode("0xe450d38c0000")}, "0xe450d38c0000", ""},
		"no instruction":       {"invalid", nil, "invalid opcode", ""},
	} {
		t.Run(name, func(t *testing.T) {
			for from, tx := range map[string]Tx{
				"itself":   s.call(alice, failing, contracts.Failing, c.method, c.args...),
				"a router": s.call(alice, router, contracts.FailingRouter, "bubble", failing, s.input(contracts.Failing, c.method, c.args...)),
			} {
				e := s.simulated(tx)
				res := e.Txs[0]
				if c.method == "invalid" && from == "a router" {
					continue // nothing comes out
				}
				if res.Success || !strings.HasPrefix(res.Revert, c.words) || len(res.Revert) > errorLimit || strings.ContainsAny(res.Revert, "\x1b\u202e") {
					t.Fatalf("%s: %q", from, res.Revert)
				}
				if (res.Error == nil) != (c.named == "") || res.Error != nil && res.Error.Name != c.named {
					t.Fatalf("%s: %+v", from, res.Error)
				}
			}
		})
	}
	caught := s.simulated(s.call(alice, router, contracts.FailingRouter, "swallow", failing, s.input(contracts.Failing, "empty")))
	if frames := caught.Txs[0].Calls.Calls; !caught.OK() || len(frames) != 1 || !frames[0].Failed {
		t.Fatal("a failure that is swallowed is not in the tree")
	}
}

func TestTheUsersOwnSignaturesGiveNames(t *testing.T) {
	s := newStage(t, nil)
	failing := s.deploy(contracts.Failing)
	book, err := signatures.Known().With(contracts.Load(contracts.Failing).JSON)
	if err != nil {
		t.Fatal(err)
	}
	f, err := New(context.Background(), s, WithClock(atDawn), WithSignatures(book))
	if err != nil {
		t.Fatal(err)
	}
	tx := s.call(alice, failing, contracts.Failing, "unknown", big.NewInt(12), "why not", []common.Address{bob})
	tx.Gas = stageGas
	e := simulate(t, f, tx)
	if e.Txs[0].Revert != "NobodyKnowsThis(number=12, words=why not, accounts=["+bob.Hex()+"])" {
		t.Fatalf("%q", e.Txs[0].Revert)
	}
	if e.Txs[0].Calls.Function != "unknown" {
		t.Fatalf("%q", e.Txs[0].Calls.Function)
	}
}

func TestLogsAndCallsHaveTheNamesOfStandards(t *testing.T) {
	f := newFork(t, newGeth(t))
	e := simulate(t, f, callTo(alice, tokenA, pack(selTransfer, bob[:], wei(250))))
	ok(t, e)
	want := &signatures.Named{Name: "Transfer", Args: []signatures.Arg{
		{Name: "from", Type: "address", Value: alice.Hex()},
		{Name: "to", Type: "address", Value: bob.Hex()},
		{Name: "value", Type: "uint256", Value: "250"},
	}}
	if d := cmp.Diff(want, e.Txs[0].Logs[0].Event); d != "" {
		t.Fatal(d)
	}
	if e.Txs[0].Calls.Function != "transfer" {
		t.Fatalf("%q", e.Txs[0].Calls.Function)
	}
	deposit := callTo(alice, weth, nil)
	deposit.Value.SetUint64(1)
	if e := simulate(t, f, deposit); e.Txs[0].Calls.Function != "" {
		t.Fatalf("a call without input is named %q", e.Txs[0].Calls.Function)
	}
}

func TestNamesAreGivenToTheFirstOfManyOnly(t *testing.T) {
	res := TxResult{Success: true, Logs: make([]Log, mostNamedLogs+1)}
	for i := range res.Logs {
		res.Logs[i] = Log{Topics: []common.Hash{topicTransfer, at(alice), at(bob)}, Data: wordOf(1).Bytes()}
	}
	res.Calls.Calls = make([]Frame, mostNamedFrames)
	for i := range res.Calls.Calls {
		res.Calls.Calls[i].Input = pack(selTransfer, bob[:], wei(1))
	}
	res.name(signatures.Known())
	if res.Logs[mostNamedLogs-1].Event == nil || res.Logs[mostNamedLogs].Event != nil {
		t.Fatal("logs")
	}
	if res.Calls.Calls[mostNamedFrames-2].Function == "" || res.Calls.Calls[mostNamedFrames-1].Function != "" {
		t.Fatal("frames")
	}
	large := TxResult{Return: append([]byte{0xe4, 0x50, 0xd3, 0x8c}, bytes.Repeat([]byte{0}, mostNamedBytes)...)}
	if large.name(signatures.Known()); large.Error != nil {
		t.Fatal("an error of any size is named")
	}
}
