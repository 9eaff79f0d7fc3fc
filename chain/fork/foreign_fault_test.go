package fork

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/refusal"
)

// bent changes an answer by a change of its JSON.
func bent(change func(any) any) func(*rpc.BatchElem) {
	return func(e *rpc.BatchElem) {
		into, is := e.Result.(*json.RawMessage)
		var v any
		if !is || json.Unmarshal(*into, &v) != nil {
			return
		}
		*into, _ = json.Marshal(change(v))
	}
}

// lastBlock changes the last block of an answer to eth_simulateV1.
func lastBlock(change func(block map[string]any)) func(*rpc.BatchElem) {
	return bent(func(v any) any {
		if blocks, ok := v.([]any); ok && len(blocks) > 0 {
			if b, ok := blocks[len(blocks)-1].(map[string]any); ok {
				change(b)
			}
		}
		return v
	})
}

// lastCall changes the last call of the last block.
func lastCall(change func(call map[string]any)) func(*rpc.BatchElem) {
	return lastBlock(func(b map[string]any) {
		calls := b["calls"].([]any)
		change(calls[len(calls)-1].(map[string]any))
	})
}

// bends are the ways in which an answer of eth_simulateV1 is wrong inside.
var bends = map[string]func(*rpc.BatchElem){
	"no blocks":     bent(func(any) any { return []any{} }),
	"a block more":  bent(func(v any) any { return append(v.([]any), v.([]any)[0]) }),
	"a null block":  bent(func(any) any { return []any{nil} }),
	"another time":  lastBlock(func(b map[string]any) { b["timestamp"] = "0x777" }),
	"another block": lastBlock(func(b map[string]any) { b["number"] = "0x77" }),
	"no base fee":   lastBlock(func(b map[string]any) { delete(b, "baseFeePerGas") }),
	"a call less":   lastBlock(func(b map[string]any) { b["calls"] = b["calls"].([]any)[1:] }),
	"a call more":   lastBlock(func(b map[string]any) { b["calls"] = append(b["calls"].([]any), b["calls"].([]any)[0]) }),
	"a null call":   lastBlock(func(b map[string]any) { b["calls"].([]any)[0] = nil }),
	"no calls":      lastBlock(func(b map[string]any) { delete(b, "calls") }),
	"no status":     lastCall(func(c map[string]any) { delete(c, "status") }),
	"status 2":      lastCall(func(c map[string]any) { c["status"] = "0x2" }),
	"failed":        lastCall(func(c map[string]any) { c["status"] = "0x0" }),
	"no gas":        lastCall(func(c map[string]any) { delete(c, "gasUsed") }),
	"too much gas":  lastCall(func(c map[string]any) { c["gasUsed"] = "0xffffffffff" }),
	"no logs":       lastCall(func(c map[string]any) { c["logs"] = nil }),
	"a null log":    lastCall(func(c map[string]any) { c["logs"] = []any{nil} }),
	"no data":       lastCall(func(c map[string]any) { delete(c, "returnData") }),
	"cut data": lastCall(func(c map[string]any) {
		data := c["returnData"].(string)
		c["returnData"] = data[:len(data)/4*2]
	}),
	"an error of words": lastCall(func(c map[string]any) { c["error"], c["status"] = "reverted", "0x0" }),
}

// traceBends are the ways in which an answer of a tracer is wrong inside.
var traceBends = map[string]func(*rpc.BatchElem){
	"null":          raw(`null`),
	"a list":        raw(`[]`),
	"a string":      raw(`"0x"`),
	"a null inside": bent(func(v any) any { return inside(v, nil) }),
	"a number":      bent(func(v any) any { return inside(v, 7) }),
	"a word":        bent(func(v any) any { return inside(v, "zz") }),
}

// inside replaces what every key of an object stands for.
func inside(v, by any) any {
	m, is := v.(map[string]any)
	if !is {
		return v
	}
	for k := range m {
		m[k] = by
	}
	return m
}

func TestOneFailedAnswerFromAbroadIsNeverAWrongEffect(t *testing.T) {
	n := newFullNode(t, nil)
	here := newFork(t, n)
	txs := withGas(here, []Tx{callTo(alice, pool, wordOf(1000).Bytes()), callTo(bob, puller, pack([4]byte{}, tokenA[:], alice[:], wei(77)))})
	run := func(src Source) (*Effects, error) {
		f, err := New(context.Background(), src, WithClock(atDawn), WithBlockTime(1))
		if err != nil {
			return nil, err
		}
		if _, err := f.Apply(context.Background(), txs[:1]); err != nil {
			return nil, err
		}
		return f.SimulateOnce(context.Background(), txs[1:])
	}
	src := guise{Source: n, header: difficult}
	all := counting(src)
	e, err := run(all)
	if err != nil {
		t.Fatal(err)
	}
	ok(t, e)
	truth, failed := asJSON(t, e), 0
	try := func(nth int, how string, spoil func(*rpc.BatchElem), strict bool) {
		b := &broken{Source: src, nth: nth, spoil: spoil}
		have, err := run(b)
		if err != nil {
			failed++
			if _, named := refusal.As(err); !named {
				t.Errorf("answer %d (%s) is %s: an error without a name: %v", nth, b.hit, how, err)
			}
			return
		}
		if asJSON(t, have) != truth && len(have.Unknown) == 0 && !plausible(b.hit, how) {
			t.Errorf("answer %d (%s) is %s: other effects, and no word of it", nth, b.hit, how)
		}
		if strict && !mayBeMissed[b.hit] && b.hit != "debug_traceCall" && !plausible(b.hit, how) && !b.probing() {
			t.Errorf("answer %d (%s) is %s: no error", nth, b.hit, how)
		}
	}
	methods := recording{Source: src}
	if _, err := run(&methods); err != nil {
		t.Fatal(err)
	}
	for nth, method := range methods.seen {
		for how, spoil := range spoilers {
			try(nth, how, spoil, true)
		}
		switch method {
		case "eth_simulateV1":
			for how, spoil := range bends {
				try(nth, how, spoil, true)
			}
		case "debug_traceCall":
			for how, spoil := range traceBends {
				try(nth, how, spoil, false)
			}
		}
	}
	t.Logf("%d answers in %d trips: %d named errors, 0 wrong effects", all.calls, all.trips, failed)
}

// recording notes which methods are asked for.
type recording struct {
	Source
	seen []string
}

func (r *recording) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	for i := range elems {
		r.seen = append(r.seen, elems[i].Method)
	}
	return r.Source.Batch(ctx, elems)
}

func FuzzAnswersOfASimulation(f *testing.F) {
	good := `[{"number":"0x1","timestamp":"0x5","baseFeePerGas":"0x7","calls":[{"status":"0x1","gasUsed":"0x5208","returnData":"0x","logs":[` +
		`{"address":"0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee","topics":["` + topicTransfer.Hex() + `","` + at(alice).Hex() + `","` + at(bob).Hex() +
		`"],"data":"` + wordOf(5).Hex() + `"}]}]}]`
	f.Add([]byte(good))
	f.Add([]byte(strings.Replace(good, `"0x1","gasUsed"`, `"0x0","error":{"code":3,"message":"no","data":"0x"},"gasUsed"`, 1)))
	f.Add([]byte(`[null]`))
	asked := []wireBlock{{Env: wireEnv{Time: 5}, Calls: []wireCall{{Gas: 30_000}}}}
	if all, err := decodeMined([]byte(good), asked, 0); err != nil || len(all[0].calls[0].moves) != 1 {
		f.Fatal("the good answer is not read", err)
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		all, err := decodeMined(answer, asked, 0)
		if err != nil {
			return
		}
		if len(all) != 1 || len(all[0].calls) != 1 || all[0].calls[0].out.Used > 30_000 {
			t.Fatalf("%s: %+v", answer, all)
		}
	})
}

func FuzzTraces(f *testing.F) {
	f.Add([]byte(`{"type":"CALL","from":"`+alice.Hex()+`","to":"`+bob.Hex()+`","gas":"0x1","gasUsed":"0x1","input":"0x","calls":[]}`),
		[]byte(`{"`+alice.Hex()+`":{"balance":"0x5","nonce":1,"storage":{}}}`), []byte(`{"pre":{},"post":{"`+alice.Hex()+`":{"nonce":2}}}`))
	f.Add([]byte(`{}`), []byte(`{}`), []byte(`{"pre":{"`+alice.Hex()+`":{}},"post":{}}`))
	f.Add([]byte(`null`), []byte(`null`), []byte(`null`))
	f.Fuzz(func(t *testing.T, frames, all, diff []byte) {
		root, _, _, err := decodeFrames(frames)
		if err == nil && root.Type == "" {
			t.Fatalf("%s: a frame without a type", frames)
		}
		s := newStory()
		if s.tell(all, diff) != nil {
			return
		}
		for a := range s.wrote.Accounts {
			if _, known := s.before[a]; !known {
				t.Fatalf("%s: %s was written, and was nothing before", diff, a)
			}
		}
		for k := range s.wrote.Slots {
			if _, known := s.was[k]; !known {
				t.Fatalf("%s: %s was written, and was nothing before", diff, k.Key)
			}
		}
		_ = overrides(s, newStory())
	})
}

func FuzzProbes(f *testing.F) {
	asks := []question{{about: aView, to: alice, data: "1234"}, {about: aAccount, to: bob}, {about: theCode, to: bob}, {about: theBlock}}
	f.Add(bytes.Repeat([]byte{0}, 96+128+96+96))
	f.Add(bytes.Repeat([]byte{0xff}, 500))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		if all, err := decodeRecords(b, asks); err == nil && len(all) != len(asks) {
			t.Fatalf("%d records", len(all))
		}
	})
}
