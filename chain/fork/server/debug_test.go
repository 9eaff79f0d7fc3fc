package server

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"

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
	client, err := rpc.Dial(serveFork(t, node.URL, Options{}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return &pair{node.Client, client}
}

// same asks both, and fails where their answers differ.
func (p *pair) same(t *testing.T, what, method string, args ...any) {
	t.Helper()
	var want, got json.RawMessage
	wantErr := p.node.CallContext(t.Context(), &want, method, args...)
	gotErr := p.fork.CallContext(t.Context(), &got, method, args...)
	if fmt.Sprint(wantErr) != fmt.Sprint(gotErr) {
		t.Errorf("%s: %v, want %v", what, gotErr, wantErr)
		return
	}
	if wantErr != nil {
		return
	}
	if err := conformance.Exact(&conformance.Conversation{}, want, got); err != nil {
		t.Errorf("%s: %v", what, err)
	}
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
	p.same(t, "a moved contract", "debug_traceCall", map[string]any{"from": from, "to": to, "input": "0x1234"}, "latest", map[string]any{
		"tracer":         "callTracer",
		"stateOverrides": map[string]any{common.HexToAddress("0x2").Hex(): map[string]any{"movePrecompileToAddress": to}},
	})
	p.same(t, "no such block", "debug_traceCall", call, hexutil.Uint64(1<<40), map[string]any{})
}

func TestTracesOfBlocksBelowThePinAreTheRemotesOwn(t *testing.T) {
	p := newPair(t)
	for _, b := range p.past(t)[:5] {
		p.same(t, "by number", "debug_traceBlockByNumber", b.Number, traces["callTracer"])
		p.same(t, "by hash", "debug_traceBlockByHash", b.Hash, traces["prestateTracer, diff"])
	}
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
