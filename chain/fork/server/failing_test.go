package server

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
	"github.com/keymaker-agent/keymaker/internal/conformance"
	"github.com/keymaker-agent/keymaker/internal/conformance/recorded"
)

// broken is a remote whose answer to one trip, counted from zero, is spoilt.
type broken struct {
	pinned.Source
	trips, at atomic.Int64
	spoil     func(elems []rpc.BatchElem) error
}

func (b *broken) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	if err := b.Source.Batch(ctx, elems); err != nil || b.trips.Add(1)-1 != b.at.Load() {
		return err
	}
	return b.spoil(elems)
}

func (b *broken) Call(ctx context.Context, result any, method string, args ...any) error {
	if err := b.Source.Call(ctx, result, method, args...); err != nil || b.trips.Add(1)-1 != b.at.Load() {
		return err
	}
	e := []rpc.BatchElem{{Method: method, Args: args, Result: result}}
	return errors.Join(b.spoil(e), e[0].Error)
}

// spoils are the ways in which a remote fails.
var spoils = map[string]func([]rpc.BatchElem) error{
	"the trip fails": func([]rpc.BatchElem) error { return errors.New("429 too many requests") },
	"the last answer is an error": func(elems []rpc.BatchElem) error {
		elems[len(elems)-1].Error = errors.New("a line that broke")
		return nil
	},
	"the first answer is an error": func(elems []rpc.BatchElem) error {
		elems[0].Error = errors.New("a line that broke")
		return nil
	},
	"the answers are null": func(elems []rpc.BatchElem) error {
		for i := range elems {
			if raw, ok := elems[i].Result.(*json.RawMessage); ok {
				*raw = json.RawMessage("null")
			} else {
				elems[i].Error = errors.New("null")
			}
		}
		return nil
	},
	"the answers are cut": func(elems []rpc.BatchElem) error {
		for i := range elems {
			if raw, ok := elems[i].Result.(*json.RawMessage); ok {
				*raw = (*raw)[:len(*raw)/2]
			} else {
				elems[i].Error = errors.New("unexpected end of JSON input")
			}
		}
		return nil
	},
}

// Whichever answer of a remote is spoilt, and in whichever way: what a cold request gets is an error or the right answer, and once the
// remote is well again it is the right answer.
func TestNoSpoiltAnswerBecomesAWrongResult(t *testing.T) {
	suite := conformance.OpenExecutionAPIs(t)
	node := recorded.Start(t, suite)
	p := &pair{node: node.Client}
	blocks := p.past(t)
	var hash common.Hash
	for _, b := range blocks {
		if len(b.Transactions) > 1 {
			hash = b.Transactions[1]
			break
		}
	}
	deposit := common.HexToAddress("0x0000000000000000000000000000000000031ec7") // a contract of that chain
	call := map[string]any{"from": common.HexToAddress("0xc0"), "to": deposit, "input": "0xa9059cbb", "gas": "0x30000"}
	requests := map[string]struct {
		method string
		args   []any
	}{
		"a simulation with roots": {"eth_simulateV1", []any{map[string]any{"blockStateCalls": []any{map[string]any{"calls": []any{call}}}}, "latest"}},
		"a simulation": {"eth_simulateV1", []any{map[string]any{"blockStateCalls": []any{
			map[string]any{"stateOverrides": map[string]any{common.HexToAddress("0xc0").Hex(): map[string]any{"balance": "0x5"}}, "calls": []any{call}}, map[string]any{"calls": []any{call}},
		}}, "latest"}},
		"an older simulation":       {"eth_simulateV1", []any{map[string]any{"blockStateCalls": []any{map[string]any{"calls": []any{call}}}}, blocks[3].Number}},
		"a traced call":             {"debug_traceCall", []any{call, "latest", traces["prestateTracer, diff"]}},
		"a transaction of the past": {"debug_traceTransaction", []any{hash, traces["callTracer, logs"]}},
		"a block of the past":       {"debug_traceBlockByNumber", []any{hexutil.Uint64(blocks[2].Number), traces["callTracer"]}},
		"a block that is forwarded": {"debug_traceBlockByNumber", []any{hexutil.Uint64(blocks[2].Number), traces["callTracer"]}},
	}
	for name, r := range requests {
		src := pinned.Source(source(t, node.URL))
		if name != "a block that is forwarded" {
			src = &traceless{src}
		}
		t.Run(name, func(t *testing.T) {
			run := func(at int64, spoil func([]rpc.BatchElem) error) (trips int64, got, again json.RawMessage, first error) {
				remote := &broken{Source: src, spoil: spoil}
				remote.at.Store(-1)
				_, url := serve(t, remote, Options{StateRoots: strings.HasSuffix(name, "with roots")})
				client := dialed(t, url)
				remote.trips.Store(0)
				remote.at.Store(at)
				first = client.CallContext(t.Context(), &got, r.method, r.args...)
				trips = remote.trips.Load()
				remote.at.Store(-1)
				if err := client.CallContext(t.Context(), &again, r.method, r.args...); err != nil {
					t.Fatalf("once the remote is well: %v", err)
				}
				return trips, got, again, first
			}
			trips, want, _, err := run(-1, nil)
			if err != nil || trips == 0 {
				t.Fatalf("%d trips, %v", trips, err)
			}
			refused, right := 0, 0
			for how, spoil := range spoils {
				for at := range trips {
					_, got, again, err := run(at, spoil)
					if d := conformance.Exact(&conformance.Conversation{}, want, again); d != nil {
						t.Errorf("trip %d, %s: later %v", at, how, d)
					}
					if err != nil {
						refused++
						continue
					}
					right++
					if d := conformance.Exact(&conformance.Conversation{}, want, got); d != nil {
						t.Errorf("trip %d, %s: %v", at, how, d)
					}
				}
			}
			t.Logf("%d trips: %d errors, %d right answers", trips, refused, right)
			if refused == 0 {
				t.Error("nothing was refused, so nothing was spoilt")
			}
		})
	}
}
