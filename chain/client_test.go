package chain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/refusal"
)

// request is one JSON-RPC request as a test server sees it.
type request struct {
	ID     json.RawMessage   `json:"id"`
	Method string            `json:"method"`
	Params []json.RawMessage `json:"params"`
}

// wire is a transport without a network: requests go to a function, so time can be faked. It answers eth_chainId itself.
type wire struct {
	mu     sync.Mutex
	trips  [][]request
	answer func(trip int, calls []request) (status int, header http.Header, body string)
}

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	var calls []request
	if bytes.HasPrefix(body, []byte("[")) {
		err = json.Unmarshal(body, &calls)
	} else {
		calls = make([]request, 1)
		err = json.Unmarshal(body, &calls[0])
	}
	if err != nil {
		return nil, err
	}
	if calls[0].Method == "eth_chainId" {
		return respond(200, nil, ok(calls[0], `"0x1"`)), nil
	}
	w.mu.Lock()
	w.trips = append(w.trips, calls)
	trip := len(w.trips)
	w.mu.Unlock()
	status, header, text := w.answer(trip, calls)
	if status == 0 {
		return nil, errors.New("connection reset by peer")
	}
	return respond(status, header, text), nil
}

func respond(status int, header http.Header, body string) *http.Response {
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: header, Body: io.NopCloser(strings.NewReader(body))}
}

func ok(r request, result string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":%s}`, r.ID, result)
}

func fail(r request, code int, message string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":{"code":%d,"message":%q}}`, r.ID, code, message)
}

var mainnet = Network{Key: "test", Name: "Test", ChainID: 1, RPC: []string{"http://user:password@node.example/v3/secret-token"}, BlockTime: 12}

func dialWire(t testing.TB, w *wire, opts ...Option) *Client {
	t.Helper()
	c, err := Dial(t.Context(), mainnet, append([]Option{WithTransport(w)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestBusyEndpointsAreAskedAgain(t *testing.T) {
	cases := []struct {
		name   string
		answer func(r request) (int, http.Header, string)
	}{
		{"429", func(request) (int, http.Header, string) { return 429, nil, "slow down" }},
		{"429 with an error body", func(r request) (int, http.Header, string) { return 429, nil, fail(r, -32000, "slow down") }},
		{"500", func(request) (int, http.Header, string) { return 500, nil, "oops" }},
		{"503 with an error body", func(r request) (int, http.Header, string) { return 503, nil, fail(r, -32603, "upstream") }},
		{"connection reset", func(request) (int, http.Header, string) { return 0, nil, "" }},
		{"cut JSON", func(r request) (int, http.Header, string) { return 200, nil, ok(r, `"0x7`)[:20] }},
		{"-32005 inside 200", func(r request) (int, http.Header, string) { return 200, nil, fail(r, -32005, "limit exceeded") }},
		{"-32007 inside 200", func(r request) (int, http.Header, string) {
			return 200, nil, fail(r, -32007, "50/second request limit")
		}},
		{"-32016 inside 200", func(r request) (int, http.Header, string) { return 200, nil, fail(r, -32016, "over rate limit") }},
		{"-32005 inside 400", func(r request) (int, http.Header, string) { return 400, nil, fail(r, -32005, "limit exceeded") }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{answer: func(trip int, calls []request) (int, http.Header, string) {
					if trip < 3 {
						return c.answer(calls[0])
					}
					return 200, nil, ok(calls[0], `"0x2a"`)
				}}
				n, err := dialWire(t, w).Nonce(t.Context(), common.Address{1})
				if err != nil || n != 42 || len(w.trips) != 3 {
					t.Errorf("nonce %d after %d trips: %v", n, len(w.trips), err)
				}
			})
		})
	}
}

func TestPatienceEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(int, []request) (int, http.Header, string) { return 503, nil, "" }}
		c := dialWire(t, w, WithPatience(10*time.Second, 100*time.Millisecond))
		start := time.Now()
		_, err := c.Nonce(t.Context(), common.Address{1})
		if !refusal.Is(err, refusal.RPCDown) || !strings.Contains(err.Error(), "http status 503") {
			t.Errorf("error is %v", err)
		}
		if took := time.Since(start); took > 10*time.Second || len(w.trips) < 4 {
			t.Errorf("%d trips in %s", len(w.trips), took)
		}
	})
}

func TestRetryAfterIsObeyed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(trip int, calls []request) (int, http.Header, string) {
			if trip == 1 {
				return 429, http.Header{"Retry-After": {"7"}}, ""
			}
			return 200, nil, ok(calls[0], `"0x1"`)
		}}
		c := dialWire(t, w)
		start := time.Now()
		if _, err := c.Nonce(t.Context(), common.Address{1}); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != 7*time.Second {
			t.Errorf("took %s", took)
		}
	})
}

func TestRetryAfterBeyondPatienceIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(int, []request) (int, http.Header, string) {
			return 429, http.Header{"Retry-After": {"3600"}}, ""
		}}
		c := dialWire(t, w)
		start := time.Now()
		_, err := c.Nonce(t.Context(), common.Address{1})
		if !refusal.Is(err, refusal.RPCDown) || !strings.Contains(err.Error(), "1h0m0s") || time.Since(start) > time.Second {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
	})
}

func TestAnswersAreNotAskedForAgain(t *testing.T) {
	cases := []struct {
		name, body string
		status     int
		refused    bool
		says       string
	}{
		{"JSON-RPC error", `{"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"no such method"}}`, 200, false, "no such method"},
		{"JSON-RPC error under 400", `{"jsonrpc":"2.0","id":2,"error":{"code":-32602,"message":"bad params"}}`, 400, false, "bad params"},
		{"JSON-RPC error under 500", `{"jsonrpc":"2.0","id":2,"error":{"code":-32000,"message":"missing trie node"}}`, 500, false, "missing trie node"},
		{"404", "not here", 404, true, "http status 404"},
		{"redirect", "", 302, true, "http status 302"},
		{"a web page", "<html>log in</html>", 200, true, "invalid character"},
		{"another type", `{"jsonrpc":"2.0","id":2,"result":{"a":1}}`, 200, true, "cannot unmarshal"},
		{"null", `{"jsonrpc":"2.0","id":2,"result":null}`, 200, true, "cannot unmarshal"},
		{"nothing", `{"jsonrpc":"2.0","id":2}`, 200, true, "no result"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{answer: func(int, []request) (int, http.Header, string) {
					return c.status, http.Header{"Location": {"http://elsewhere.example"}}, c.body
				}}
				_, err := dialWire(t, w).Nonce(t.Context(), common.Address{1})
				if len(w.trips) != 1 {
					t.Errorf("%d trips", len(w.trips))
				}
				if err == nil || refusal.Is(err, refusal.RPCDown) != c.refused || !strings.Contains(err.Error(), c.says) {
					t.Errorf("error is %v", err)
				}
			})
		})
	}
}

func TestErrorsNeverHoldTheSecretsOfAURL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for status := range 2 {
			w := &wire{answer: func(int, []request) (int, http.Header, string) { return status * 404, nil, "" }}
			c := dialWire(t, w, WithPatience(time.Second, time.Second))
			_, err := c.Nonce(t.Context(), common.Address{1})
			if err == nil || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "password") || !strings.Contains(err.Error(), "node.example") {
				t.Errorf("error is %v", err)
			}
			if err := c.Send(t.Context(), []byte{1}); err == nil || strings.Contains(err.Error(), "secret") {
				t.Errorf("error is %v", err)
			}
		}
	})
}

func TestCancelledReadsEndAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(int, []request) (int, http.Header, string) { return 503, nil, "" }}
		c := dialWire(t, w)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		start := time.Now()
		_, err := c.Nonce(ctx, common.Address{1})
		if !errors.Is(err, context.DeadlineExceeded) || refusal.Is(err, refusal.RPCDown) || time.Since(start) != 50*time.Millisecond {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
	})
}

func TestBatchesAreSplitAndPutTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(_ int, calls []request) (int, http.Header, string) { return 200, nil, echo(calls, nil) }}
		c := dialWire(t, w, WithBatchSize(10))
		elems, results := nonces(25)
		if err := c.Batch(t.Context(), elems); err != nil {
			t.Fatal(err)
		}
		var sizes []int
		for _, trip := range w.trips {
			sizes = append(sizes, len(trip))
		}
		if fmt.Sprint(sizes) != "[10 10 5]" {
			t.Errorf("trips of %v", sizes)
		}
		for i := range elems {
			if elems[i].Error != nil || uint64(results[i]) != uint64(i) {
				t.Errorf("element %d: %d, %v", i, results[i], elems[i].Error)
			}
		}
		if err := c.Batch(t.Context(), nil); err != nil {
			t.Errorf("an empty batch gives %v", err)
		}
	})
}

// echo answers each call with its only parameter, but leaves out what skip says, or answers it with its text.
func echo(calls []request, skip func(r request) (string, bool)) string {
	var answers []string
	for _, r := range calls {
		if skip != nil {
			if text, skipped := skip(r); skipped {
				if text != "" {
					answers = append(answers, text)
				}
				continue
			}
		}
		answers = append(answers, ok(r, string(r.Params[0])))
	}
	return "[" + strings.Join(answers, ",") + "]"
}

func nonces(n int) ([]rpc.BatchElem, []hexutil.Uint64) {
	results := make([]hexutil.Uint64, n)
	elems := make([]rpc.BatchElem, n)
	for i := range elems {
		elems[i] = rpc.BatchElem{Method: "eth_getStorageAt", Args: []any{hexutil.Uint64(i)}, Result: &results[i]}
	}
	return elems, results
}

func TestOnlyBusyElementsOfABatchAreAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(trip int, calls []request) (int, http.Header, string) {
			return 200, nil, echo(calls, func(r request) (string, bool) {
				switch {
				case string(r.Params[0]) == `"0x3"`:
					return fail(r, -32000, "no such thing"), true
				case trip == 1 && string(r.Params[0]) == `"0x1"`:
					return fail(r, -32005, "limit exceeded"), true
				case trip == 1 && string(r.Params[0]) == `"0x2"`:
					return "", true
				}
				return "", false
			})
		}}
		elems, results := nonces(5)
		if err := dialWire(t, w).Batch(t.Context(), elems); err != nil {
			t.Fatal(err)
		}
		if len(w.trips) != 2 || len(w.trips[1]) != 3 { // the last element goes along
			t.Errorf("trips are %v", w.trips)
		}
		for i := range elems {
			if (elems[i].Error != nil) != (i == 3) || (i != 3 && int(results[i]) != i) {
				t.Errorf("element %d: %d, %v", i, results[i], elems[i].Error)
			}
		}
	})
}

func TestABatchAnsweredByOneErrorIsUnderstood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(trip int, calls []request) (int, http.Header, string) {
			if trip == 1 {
				return 200, nil, `{"jsonrpc":"2.0","id":null,"error":{"code":-32005,"message":"too many requests"}}`
			}
			return 200, nil, echo(calls, nil)
		}}
		elems, _ := nonces(3)
		if err := dialWire(t, w).Batch(t.Context(), elems); err != nil || len(w.trips) != 2 {
			t.Errorf("%d trips: %v", len(w.trips), err)
		}
		w.answer = func(int, []request) (int, http.Header, string) {
			return 200, nil, `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"batch too large"}}`
		}
		if err := dialWire(t, w).Batch(t.Context(), elems); err != nil {
			t.Errorf("error is %v", err)
		}
		for i := range elems {
			if err := elems[i].Error; err == nil || !strings.Contains(err.Error(), "batch too large") {
				t.Errorf("element %d: error is %v", i, err)
			}
		}
	})
}

func TestRateCountsEveryCallOfABatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(_ int, calls []request) (int, http.Header, string) { return 200, nil, echo(calls, nil) }}
		c := dialWire(t, w, WithRate(10, 5))
		elems, _ := nonces(35)
		start := time.Now()
		if err := c.Batch(t.Context(), elems); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took < 3*time.Second || took > 3200*time.Millisecond {
			t.Errorf("35 calls at 10 a second took %s", took)
		}
	})
}

func TestARateThatIsSlowerThanPatienceIsNotTheEndpointsFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(trip int, calls []request) (int, http.Header, string) {
			time.Sleep(100 * time.Millisecond)
			if trip == 1 {
				return 503, nil, ""
			}
			return 200, nil, echo(calls, nil)
		}}
		c := dialWire(t, w, WithRate(2, 0), WithPatience(5*time.Second, time.Millisecond))
		elems, results := numbered(4)
		began := time.Now()
		if err := c.Batch(t.Context(), elems); err != nil {
			t.Fatal(err)
		}
		wantNumbers(t, elems, results)
		if took := time.Since(began); took < 3*time.Second {
			t.Errorf("eight calls at two a second took %s", took)
		}
		elems, results = numbered(50)
		if err := c.Batch(t.Context(), elems); err != nil {
			t.Fatal(err)
		}
		wantNumbers(t, elems, results)
		ctx, cancel := context.WithCancelCause(t.Context())
		gone := errors.New("gone")
		time.AfterFunc(time.Second, func() { cancel(gone) })
		if err := c.Batch(ctx, elems); !errors.Is(err, gone) {
			t.Errorf("ended while it waited for the rate: %v", err)
		}
	})
}

func TestDialTakesTheFirstEndpointThatAnswers(t *testing.T) {
	down := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }))
	defer down.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	up := serve(t, func(r request) string { return ok(r, `"0x1"`) })
	n := Network{Key: "test", ChainID: 1, RPC: []string{gone.URL, down.URL, up, "http://127.0.0.1:1"}}
	c, err := Dial(t.Context(), n, WithPatience(20*time.Millisecond, 5*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	n.RPC = n.RPC[:2]
	if _, err := Dial(t.Context(), n, WithPatience(20*time.Millisecond, 5*time.Millisecond)); !refusal.Is(err, refusal.RPCDown) || !strings.Contains(err.Error(), "none of the 2") {
		t.Errorf("two dead endpoints give %v", err)
	}
	for _, endpoint := range []string{"ws://127.0.0.1:1", "/tmp/geth.ipc", "http://", "::"} {
		n.RPC = []string{endpoint}
		if _, err := Dial(t.Context(), n); !refusal.Is(err, refusal.RPCDown) || strings.Contains(err.Error(), "geth.ipc") {
			t.Errorf("%q gives %v", endpoint, err)
		}
	}
	n.RPC = nil
	if _, err := Dial(t.Context(), n); !refusal.Is(err, refusal.RPCDown) {
		t.Errorf("no endpoint gives %v", err)
	}
}

// serve starts a server that answers single calls.
func serve(t testing.TB, answer func(r request) string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		var r request
		if err := json.NewDecoder(req.Body).Decode(&r); err != nil {
			t.Errorf("request: %v", err)
		}
		_, _ = io.WriteString(w, answer(r))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestAnotherChainIsRefusedWithBothIds(t *testing.T) {
	liar := serve(t, func(r request) string { return ok(r, `"0x2105"`) })
	up := serve(t, func(r request) string { return ok(r, `"0x1"`) })
	n := Network{Key: "ethereum", ChainID: 1, RPC: []string{liar + "/v3/secret-token", up}}
	_, err := Dial(t.Context(), n)
	if !refusal.Is(err, refusal.WrongChain) || !strings.Contains(err.Error(), "8453") || !strings.Contains(err.Error(), "ethereum is chain 1") {
		t.Errorf("error is %v", err)
	}
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("error is %v", err)
	}
}

func TestAnEndpointThatDoesNotTellItsChainIsRefused(t *testing.T) {
	mute := serve(t, func(r request) string { return fail(r, -32601, "no such method") })
	_, err := Dial(t.Context(), Network{Key: "test", ChainID: 1, RPC: []string{mute}})
	if !refusal.Is(err, refusal.RPCDown) || !strings.Contains(err.Error(), "eth_chainId: no such method") {
		t.Errorf("error is %v", err)
	}
}

func TestBodiesOverARealConnection(t *testing.T) {
	cases := []struct {
		name    string
		answer  func(w http.ResponseWriter)
		refused bool
		says    string
	}{
		{"cut", func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"jsonrpc":"2.0"`)
		}, true, "unexpected EOF"},
		{"oversized", func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, `{"jsonrpc":"2.0","id":2,"result":"`+strings.Repeat("0", 5000)+`"}`)
		}, true, "too large"},
		{"slow", func(w http.ResponseWriter) {
			w.(http.Flusher).Flush()
			time.Sleep(300 * time.Millisecond)
		}, true, "deadline exceeded"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				var r request
				_ = json.NewDecoder(req.Body).Decode(&r)
				if r.Method == "eth_chainId" {
					_, _ = io.WriteString(w, ok(r, `"0x1"`))
					return
				}
				c.answer(w)
			}))
			defer s.Close()
			n := Network{Key: "test", ChainID: 1, RPC: []string{s.URL}}
			client, err := Dial(t.Context(), n, WithBodyLimit(1000), WithTimeout(100*time.Millisecond), WithPatience(150*time.Millisecond, 10*time.Millisecond))
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			_, err = client.Nonce(t.Context(), common.Address{1})
			if refusal.Is(err, refusal.RPCDown) != c.refused || err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error is %v", err)
			}
		})
	}
}
