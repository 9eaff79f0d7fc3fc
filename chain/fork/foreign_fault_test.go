package fork

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
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

// nthOf spoils the nth answer of a method.
type nthOf struct {
	Source
	method string
	nth    int
	spoil  func(*rpc.BatchElem)
}

func (s *nthOf) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	err := s.Source.Batch(ctx, elems)
	for i := range elems {
		if elems[i].Method != s.method {
			continue
		}
		if s.nth--; s.nth == -1 {
			s.spoil(&elems[i])
		}
	}
	return err
}

// firstCall changes the first call of the nth block.
func firstCall(block int, change func(call map[string]any)) func(*rpc.BatchElem) {
	return bent(func(v any) any {
		change(v.([]any)[block].(map[string]any)["calls"].([]any)[0].(map[string]any))
		return v
	})
}

func TestARemoteThatContradictsItselfIsNotBelieved(t *testing.T) {
	n := newFullNode(t, nil)
	here := newFork(t, n)
	transfer := withGas(here, []Tx{callTo(alice, tokenA, pack(selTransfer, bob[:], wei(250)))})
	lessGas := func(c map[string]any) { c["gasUsed"] = "0x5208" }
	t.Run("the transactions come to something else when questions are put behind them", func(t *testing.T) {
		src := &nthOf{Source: guise{Source: n, header: difficult}, method: "eth_simulateV1", nth: -1}
		f := newFork(t, src)
		src.nth, src.spoil = 2, firstCall(0, lessGas) // alone; before; after
		_, err := f.SimulateOnce(context.Background(), transfer)
		if !errors.Is(err, errAlters) || !refusal.Is(err, refusal.NoSimulation) {
			t.Fatalf("%v", err)
		}
	})
	t.Run("what was kept comes to something else", func(t *testing.T) {
		src := &nthOf{Source: guise{Source: n, header: difficult}, method: "eth_simulateV1", nth: -1}
		f := newFork(t, src)
		if _, err := f.Apply(context.Background(), transfer); err != nil {
			t.Fatal(err)
		}
		src.nth, src.spoil = 0, firstCall(0, lessGas)
		_, err := f.Balance(context.Background(), alice)
		if !errors.Is(err, errAlters) || !refusal.Is(err, refusal.NoSimulation) {
			t.Fatalf("%v", err)
		}
	})
	t.Run("a trace is of another run", func(t *testing.T) {
		for how, spoil := range map[string]func(*rpc.BatchElem){
			"another result": bent(func(v any) any { v.(map[string]any)["output"] = wordOf(7).Hex(); return v }),
			"another log": bent(func(v any) any {
				v.(map[string]any)["logs"].([]any)[0].(map[string]any)["data"] = wordOf(7).Hex()
				return v
			}),
			"one log less": bent(func(v any) any { delete(v.(map[string]any), "logs"); return v }),
			"it failed":    bent(func(v any) any { v.(map[string]any)["error"] = "out of gas"; return v }),
			"another call": bent(func(v any) any { v.(map[string]any)["to"] = bob.Hex(); return v }),
		} {
			f := newFork(t, &nthOf{Source: guise{Source: n, header: difficult}, method: "debug_traceCall", spoil: spoil})
			e, err := f.SimulateOnce(context.Background(), transfer)
			if err != nil || len(e.Unknown) != 2 {
				t.Errorf("%s: %v %v", how, err, e)
			}
		}
	})
	t.Run("other code is traced than runs", func(t *testing.T) {
		code := bent(func(v any) any {
			for _, a := range v.(map[string]any) {
				if acc := a.(map[string]any); acc["code"] != nil {
					acc["code"] = "0x00"
				}
			}
			return v
		})
		f := newFork(t, &nthOf{Source: guise{Source: n, header: difficult}, method: "debug_traceCall", nth: 2, spoil: code})
		coins := callTo(alice, weth, nil)
		coins.Value.SetUint64(5)
		if _, err := f.SimulateOnce(context.Background(), withGas(f, []Tx{coins})); !refusal.Is(err, refusal.NoSimulation) {
			t.Errorf("%v", err)
		}
	})
}
