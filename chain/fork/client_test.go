package fork

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
)

// relay serves a node over HTTP. Each request may be answered by something else first.
type relay struct {
	*geth
	first func(n int64, w http.ResponseWriter) bool
	count atomic.Int64
}

type relayed struct {
	Version string            `json:"jsonrpc"`
	ID      json.RawMessage   `json:"id"`
	Method  string            `json:"method,omitempty"`
	Params  []json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage   `json:"result,omitempty"`
	Error   *relayedError     `json:"error,omitempty"`
}

type relayedError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (r *relay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if r.first != nil && r.first(r.count.Add(1)-1, w) {
		return
	}
	var answer any
	if body[0] == '[' {
		var calls []relayed
		err = json.Unmarshal(body, &calls)
		for i := range calls {
			r.answer(req.Context(), &calls[i])
		}
		answer = calls
	} else {
		var call relayed
		err = json.Unmarshal(body, &call)
		r.answer(req.Context(), &call)
		answer = call
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer) // the test sees what is missing
}

func (r *relay) answer(ctx context.Context, c *relayed) {
	args := make([]any, len(c.Params))
	for i := range c.Params {
		args[i] = c.Params[i]
	}
	if err := r.rpc.CallContext(ctx, &c.Result, c.Method, args...); err != nil {
		c.Error = &relayedError{-32000, err.Error()}
		var coded rpc.Error
		if errors.As(err, &coded) {
			c.Error.Code = coded.ErrorCode()
		}
	}
	c.Method, c.Params = "", nil
}

// overHTTP makes a fork through the client that the program uses, and runs a swap.
func overHTTP(t *testing.T, g *geth, first func(int64, http.ResponseWriter) bool) (effects string, requests int64, err error) {
	t.Helper()
	r := &relay{geth: g, first: first}
	server := httptest.NewServer(r)
	defer server.Close()
	ctx := context.Background()
	client, err := chain.Dial(ctx, chain.Network{Key: "test", ChainID: testChain, RPC: []string{server.URL}},
		chain.WithPatience(150*time.Millisecond, time.Millisecond), chain.WithTimeout(100*time.Millisecond))
	if err != nil {
		return "", r.count.Load(), err
	}
	defer client.Close()
	f, err := New(ctx, client, WithClock(atDawn), WithBlockTime(1))
	if err != nil {
		return "", r.count.Load(), err
	}
	e, err := f.Simulate(ctx, []Tx{callTo(alice, pool, wordOf(1000).Bytes())})
	if err != nil {
		return "", r.count.Load(), err
	}
	ok(t, e)
	return asJSON(t, e), r.count.Load(), nil
}

func TestAnEndpointThatFailsForGoodIsAnErrorAtEachRequest(t *testing.T) {
	g := newGeth(t)
	none := func(int64, http.ResponseWriter) bool { return false }
	truth, requests, err := overHTTP(t, g, none)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d requests", requests)
	for name, fail := range map[string]func(w http.ResponseWriter){
		"429": func(w http.ResponseWriter) { http.Error(w, "slow down", http.StatusTooManyRequests) },
		"503": func(w http.ResponseWriter) { http.Error(w, "later", http.StatusServiceUnavailable) },
		"cut body": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte(`[{"jsonrpc":"2.0","id":1,"res`)) // the client sees it
		},
		"no JSON": func(w http.ResponseWriter) { _, _ = w.Write([]byte(`<html>`)) },
		"no answers": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`[]`))
		},
		"silence": func(http.ResponseWriter) { time.Sleep(200 * time.Millisecond) },
	} {
		t.Run(name, func(t *testing.T) {
			for from := range requests {
				have, _, err := overHTTP(t, g, func(n int64, w http.ResponseWriter) bool {
					if n >= from {
						fail(w)
					}
					return n >= from
				})
				if err == nil {
					t.Errorf("from request %d on: no error; same effects: %v", from, have == truth)
				} else if _, named := refusal.As(err); !named {
					t.Errorf("from request %d on: an error without a name: %v", from, err)
				}
			}
		})
	}
	t.Run("once only", func(t *testing.T) {
		for at := range requests {
			have, _, err := overHTTP(t, g, func(n int64, w http.ResponseWriter) bool {
				if n == at {
					http.Error(w, "slow down", http.StatusTooManyRequests)
				}
				return n == at
			})
			if err != nil || have != truth {
				t.Errorf("request %d: %v", at, err)
			}
		}
	})
}
