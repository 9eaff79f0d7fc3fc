package chain

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/refusal"
)

// FuzzBodies: whatever bytes an endpoint sends, a read ends in an answer or in an error, and a batch has one or the other for each call.
func FuzzBodies(f *testing.F) {
	for _, seed := range []string{
		``, `null`, `[]`, `{}`, `[null]`, `[{}]`, `{"jsonrpc":"2.0","id":1,"result":"0x1"}`, `[{"jsonrpc":"2.0","id":2,"result":"0x1"},{"jsonrpc":"2.0","id":3,"result":null}]`,
		`{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"batch too large"}}`, `[{"id":2,"error":{"code":-32003,"message":"response too large"}}]`,
		`[{"id":2,"error":{"code":-32005}},{"id":2,"result":"0x1"}]`, `<html>`, "\xff", `{"error":{"code":-32005,"message":"batch"}}`,
	} {
		for _, status := range []int{200, 400, 413, 429, 503} {
			f.Add(status, []byte(seed))
		}
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 200 || status > 599 {
			return
		}
		w := &wire{answer: func(int, []request) (int, http.Header, string) { return status, nil, string(body) }}
		c, err := Dial(context.Background(), mainnet, WithTransport(w), WithBodyLimit(1<<20))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.patience, c.firstWait = 2*time.Millisecond, time.Millisecond
		const unset = "unset"
		elems := make([]rpc.BatchElem, 5)
		for i := range elems {
			answer := json.RawMessage(unset)
			elems[i] = rpc.BatchElem{Method: "eth_getBalance", Result: &answer}
		}
		if err := c.Batch(context.Background(), elems); err == nil {
			for i := range elems {
				if elems[i].Error == nil && string(*elems[i].Result.(*json.RawMessage)) == unset {
					t.Fatalf("call %d has neither an answer nor an error", i)
				}
			}
		} else if _, named := refusal.As(err); !named && !answered(err) {
			t.Fatalf("an error without a name: %v", err)
		}
		answer := json.RawMessage(unset)
		if err := c.Call(context.Background(), &answer, "eth_getBalance"); err == nil && string(answer) == unset {
			t.Fatal("a call has neither an answer nor an error")
		}
	})
}
