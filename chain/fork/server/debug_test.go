package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
	"github.com/keymaker-agent/keymaker/internal/conformance"
	"github.com/keymaker-agent/keymaker/internal/conformance/recorded"
)

// traces are the ways in which each transaction is traced.
var traces = map[string]any{
	"struct logger":            map[string]any{},
	"struct logger, all of it": map[string]any{"enableMemory": true, "enableReturnData": true},
	"struct logger, little":    map[string]any{"disableStack": true, "disableStorage": true, "limit": 500},
	"callTracer":               map[string]any{"tracer": "callTracer"},
	"callTracer, top":          map[string]any{"tracer": "callTracer", "tracerConfig": map[string]any{"onlyTopCall": true}},
	"callTracer, logs":         map[string]any{"tracer": "callTracer", "tracerConfig": map[string]any{"withLog": true}},
	"prestateTracer":           map[string]any{"tracer": "prestateTracer"},
	"prestateTracer, empty":    map[string]any{"tracer": "prestateTracer", "tracerConfig": map[string]any{"includeEmpty": true}},
	"prestateTracer, diff":     map[string]any{"tracer": "prestateTracer", "tracerConfig": map[string]any{"diffMode": true}},
	"prestateTracer, bare":     map[string]any{"tracer": "prestateTracer", "tracerConfig": map[string]any{"disableCode": true, "disableStorage": true}},
	"4byteTracer":              map[string]any{"tracer": "4byteTracer"},
	"flatCallTracer":           map[string]any{"tracer": "flatCallTracer"},
	"muxTracer":                map[string]any{"tracer": "muxTracer", "tracerConfig": map[string]any{"callTracer": map[string]any{"withLog": true}, "4byteTracer": nil}},
	"noopTracer":               map[string]any{"tracer": "noopTracer"},
	"erc7562Tracer":            map[string]any{"tracer": "erc7562Tracer"},
}

// pair is a node and a fork of it.
type pair struct{ node, fork *rpc.Client }

func newPair(t *testing.T) *pair {
	t.Helper()
	node := recorded.Start(t, conformance.OpenExecutionAPIs(t))
	_, url := serve(t, &traceless{source(t, node.URL)}, Options{StateRoots: true})
	return &pair{node.Client, dialed(t, url)}
}

// traceless is a remote that makes no traces, so that those of a fork are its own.
type traceless struct{ pinned.Source }

func (s *traceless) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	return batchWithout(ctx, s.Source, elems, func(method string) bool { return strings.HasPrefix(method, "debug_") })
}

// batchWithout is Batch of a remote that does not serve some methods.
func batchWithout(ctx context.Context, src pinned.Source, elems []rpc.BatchElem, lacks func(method string) bool) error {
	if err := src.Batch(ctx, elems); err != nil {
		return err
	}
	for i := range elems {
		if lacks(elems[i].Method) {
			elems[i].Error = &fault{code: codeNoMethod, text: "there is no method " + elems[i].Method}
		}
	}
	return nil
}

// same asks both, and fails where their answers differ.
func (p *pair) same(t *testing.T, what, method string, args ...any) {
	t.Helper()
	var want, got json.RawMessage
	wantErr := p.node.CallContext(t.Context(), &want, method, args...)
	gotErr := p.fork.CallContext(t.Context(), &got, method, args...)
	if w, g := worded(wantErr), worded(gotErr); w != g {
		t.Errorf("%s: %s, want %s", what, g, w)
		return
	}
	if wantErr != nil {
		return
	}
	if err := conformance.Exact(&conformance.Conversation{}, want, got); err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

// worded is an error with its code and data.
func worded(err error) string {
	var coded rpc.Error
	if !errors.As(err, &coded) {
		return fmt.Sprint(err)
	}
	var data any
	if d, ok := errors.AsType[rpc.DataError](err); ok {
		data = d.ErrorData()
	}
	return fmt.Sprintf("%d %s %v", coded.ErrorCode(), err, data)
}

type pastBlock struct {
	Number          hexutil.Uint64 `json:"number"`
	Hash            common.Hash    `json:"hash"`
	Transactions    []common.Hash  `json:"transactions"`
	WithdrawalsRoot *common.Hash   `json:"withdrawalsRoot"`
}

// past yields the blocks of the node whose parents a fork can stand on, newest first.
func (p *pair) past(t *testing.T) (blocks []pastBlock) {
	t.Helper()
	for which := any("latest"); ; {
		var b pastBlock
		if err := p.node.CallContext(t.Context(), &b, "eth_getBlockByNumber", which, false); err != nil {
			t.Fatal(err)
		}
		if b.WithdrawalsRoot == nil {
			return blocks[:len(blocks)-1]
		}
		blocks = append(blocks, b)
		which = b.Number - 1
	}
}

// A fork runs the remote's past again, transaction by transaction, and says what the node itself says of it.
func TestTracesOfThePastAreTheNodesOwn(t *testing.T) {
	p := newPair(t)
	runs := 0
	for _, b := range p.past(t) {
		for i, hash := range b.Transactions {
			for name, config := range traces {
				runs++
				p.same(t, fmt.Sprintf("block %d, transaction %d, %s", b.Number, i, name), "debug_traceTransaction", hash, config)
			}
		}
	}
	t.Logf("%d traces", runs)
	if runs == 0 {
		t.Fatal("the recorded chain has no transaction to trace")
	}
}

func TestTracesOfCallsAreTheNodesOwn(t *testing.T) {
	p := newPair(t)
	blocks := p.past(t)
	from, to := common.HexToAddress("0xc0"), common.HexToAddress("0xc2")
	// Logs the block's number, the base fee and the hash of the block before, and calls the hash function at 2.
	code := "0x4360005248602052600143034060405260606000a0602060806020600060025afa60a06000f3"
	over := map[string]any{
		to.Hex(): map[string]any{"code": code, "balance": "0x5"}, from.Hex(): map[string]any{"balance": "0xffffffffffff"},
	}
	call := map[string]any{"from": from, "to": to, "value": "0x1", "gas": "0x30000"}
	for name, config := range traces {
		full := map[string]any{"stateOverrides": over}
		for k, v := range config.(map[string]any) {
			full[k] = v
		}
		p.same(t, name, "debug_traceCall", call, "latest", full)
		p.same(t, name+", past", "debug_traceCall", call, blocks[3].Number, full)
		full["blockOverrides"] = map[string]any{"number": blocks[0].Number + 1, "time": "0xffff", "baseFeePerGas": "0x7"}
		p.same(t, name+", next block", "debug_traceCall", call, "latest", full)
		delete(full, "blockOverrides")
		for _, b := range blocks {
			if len(b.Transactions) > 1 {
				full["txIndex"] = "0x1"
				p.same(t, name+", in the midst of a block", "debug_traceCall", call, b.Hash, full)
				break
			}
		}
	}
	hashes := map[string]any{to.Hex(): map[string]any{"code": "0x60014303406000526002430340602052600443034060405260606000f3"}}
	p.same(t, "hashes below a number that is set", "eth_call", call, "latest", map[string]any{to.Hex(): hashes[to.Hex()], from.Hex(): over[from.Hex()]}, map[string]any{"number": blocks[0].Number + 3})
	p.same(t, "a moved contract", "debug_traceCall", map[string]any{"from": from, "to": to, "input": "0x1234"}, "latest", map[string]any{
		"tracer":         "callTracer",
		"stateOverrides": map[string]any{common.HexToAddress("0x2").Hex(): map[string]any{"movePrecompileToAddress": to}},
	})
	p.same(t, "no such block", "debug_traceCall", call, hexutil.Uint64(1<<40), map[string]any{})
}

// A block below the pin is run here where the remote makes no traces.
func TestTracesOfPastBlocksAreTheNodesOwn(t *testing.T) {
	p := newPair(t)
	for _, b := range p.past(t) {
		p.same(t, fmt.Sprintf("%d by number", b.Number), "debug_traceBlockByNumber", b.Number, traces["callTracer, logs"])
		p.same(t, fmt.Sprintf("%d by hash", b.Number), "debug_traceBlockByHash", b.Hash, traces["prestateTracer, diff"])
	}
	p.same(t, "no such number", "debug_traceBlockByNumber", hexutil.Uint64(1000), map[string]any{})
	p.same(t, "no such hash", "debug_traceBlockByHash", common.Hash{1}, map[string]any{})
}

// The remote is asked for what can't be run here: the recorded chain has blocks of all ages.
func TestTheRecordedTracesComeOut(t *testing.T) {
	suite := conformance.OpenExecutionAPIs(t)
	tally := suite.Replay(t.Context(), serveFork(t, recorded.Start(t, suite).URL, Options{}), conformance.Exact, func(c *conformance.Conversation) string {
		if !strings.HasPrefix(c.Method, "debug_trace") {
			return "no trace"
		}
		return ""
	})
	t.Log(tally)
	tally.Require(t)
}

func TestWhatIsNoTraceIsRefusedByName(t *testing.T) {
	p := newPair(t)
	call := map[string]any{"to": common.HexToAddress("0xc2")}
	for name, c := range map[string]struct {
		config any
		want   string
	}{
		"JavaScript":          {map[string]any{"tracer": "{result: function(){}}"}, "JavaScript is not run here"},
		"JavaScript in a mux": {map[string]any{"tracer": "muxTracer", "tracerConfig": map[string]any{"{}": nil}}, "JavaScript is not run here"},
		"a mux of nothing":    {map[string]any{"tracer": "muxTracer", "tracerConfig": []int{1}}, "muxTracer"},
		"muxes within muxes":  {map[string]any{"tracer": "muxTracer", "tracerConfig": json.RawMessage(strings.Repeat(`{"muxTracer":`, 9) + "{}" + strings.Repeat("}", 9))}, "deep"},
		"a bad time":          {map[string]any{"timeout": "soon"}, "timeout"},
		"no time":             {map[string]any{"timeout": "-1s"}, "timeout"},
		"other rules":         {map[string]any{"overrides": map[string]any{"chainId": 1}}, "overrides"},
		"too little time":     {map[string]any{"timeout": "1ns"}, "execution timeout"},
	} {
		err := p.fork.CallContext(t.Context(), new(json.RawMessage), "debug_traceCall", call, "latest", c.config)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	err := p.fork.CallContext(t.Context(), new(json.RawMessage), "debug_traceTransaction", common.Hash{1})
	if err == nil || err.Error() != errTxNotFound.Error() {
		t.Errorf("no such transaction: %v", err)
	}
}

// What is traced above the pin is what its receipts tell, and a block's traces are those of its transactions.
func TestTracesAboveThePinAgreeWithTheReceipts(t *testing.T) {
	p := newPair(t)
	ask := func(result any, method string, args ...any) {
		t.Helper()
		if err := p.fork.CallContext(t.Context(), result, method, args...); err != nil {
			t.Fatalf("%s: %v", method, err)
		}
	}
	from, to := common.HexToAddress("0xc0"), common.HexToAddress("0xc2")
	ask(nil, "anvil_setBalance", from, "0xffffffffffffffffff")
	// Logs its count of calls, and reverts each third of them.
	ask(nil, "anvil_setCode", to, "0x60005460010180600055600052600360005106601b576000"+"6000fd5b60206000a000")
	ask(nil, "anvil_impersonateAccount", from)
	ask(nil, "evm_setAutomine", false)
	for n := range 4 {
		ask(new(common.Hash), "eth_sendTransaction", map[string]any{"from": from, "to": to, "gas": "0x30000", "nonce": hexutil.Uint64(n), "maxFeePerGas": "0x77359400", "maxPriorityFeePerGas": "0x1"})
	}
	ask(nil, "anvil_mine", "0x1")
	var all []struct {
		TxHash common.Hash     `json:"txHash"`
		Result json.RawMessage `json:"result"`
	}
	logs := map[string]any{"tracer": "callTracer", "tracerConfig": map[string]any{"withLog": true}}
	ask(&all, "debug_traceBlockByNumber", "latest", logs)
	if len(all) != 4 {
		t.Fatalf("%d traces of 4 transactions", len(all))
	}
	failed := 0
	for i, traced := range all {
		var receipt struct {
			GasUsed hexutil.Uint64 `json:"gasUsed"`
			Status  hexutil.Uint64 `json:"status"`
			Logs    []struct {
				Data     hexutil.Bytes  `json:"data"`
				LogIndex hexutil.Uint64 `json:"logIndex"`
			} `json:"logs"`
		}
		ask(&receipt, "eth_getTransactionReceipt", traced.TxHash)
		var frame struct {
			GasUsed hexutil.Uint64 `json:"gasUsed"`
			Error   string         `json:"error"`
			Logs    []struct {
				Data  hexutil.Bytes  `json:"data"`
				Index hexutil.Uint64 `json:"index"`
			} `json:"logs"`
		}
		if err := json.Unmarshal(traced.Result, &frame); err != nil {
			t.Fatal(err)
		}
		if frame.GasUsed != receipt.GasUsed || (frame.Error == "") != (receipt.Status == 1) || len(frame.Logs) != len(receipt.Logs) {
			t.Errorf("transaction %d: %s, and the receipt says %+v", i, traced.Result, receipt)
			continue
		}
		for j, l := range receipt.Logs {
			if f := frame.Logs[j]; f.Index != l.LogIndex || f.Data.String() != l.Data.String() {
				t.Errorf("transaction %d: log %+v, and the receipt says %+v", i, f, l)
			}
		}
		if receipt.Status == 0 {
			failed++
		}
		var alone json.RawMessage
		ask(&alone, "debug_traceTransaction", traced.TxHash, logs)
		if err := conformance.Exact(&conformance.Conversation{}, traced.Result, alone); err != nil {
			t.Errorf("transaction %d alone: %v", i, err)
		}
	}
	if failed == 0 || failed == len(all) {
		t.Errorf("%d of %d transactions failed, which tries too little", failed, len(all))
	}
	// In the place of the third transaction the count is two, so the call makes it three.
	var state map[common.Address]struct{ Storage map[common.Hash]common.Hash }
	ask(&state, "debug_traceCall", map[string]any{"from": from, "to": to, "gas": "0x30000"}, "latest", map[string]any{"txIndex": "0x2", "tracer": "prestateTracer"})
	if got := state[to].Storage[common.Hash{}]; got != common.BigToHash(common.Big2) {
		t.Errorf("in the place of the third transaction the count is %s", got)
	}
}

func TestATraceThatGrowsTooLargeIsRefused(t *testing.T) {
	p := newPair(t)
	to := common.HexToAddress("0xc2")
	// Calls an empty account with 128 KiB, again and again.
	code := "0x5b600060006202000060006000" + "61dead5af150600056"
	for name, config := range map[string]map[string]any{
		"calls": {"tracer": "callTracer"}, "calls, flat": {"tracer": "flatCallTracer"}, "steps": {}, "steps with their memory": {"enableMemory": true},
	} {
		config["stateOverrides"], config["timeout"] = map[string]any{to.Hex(): map[string]any{"code": code}}, "30s"
		err := p.fork.CallContext(t.Context(), new(json.RawMessage), "debug_traceCall", map[string]any{"to": to, "gas": "0x989680"}, "latest", config)
		if err == nil || err.Error() != errTraceSize.Error() {
			t.Errorf("%s: %.200v", name, err)
		}
	}
}
