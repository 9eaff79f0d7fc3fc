package chain

import (
	"bytes"
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

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/refusal"
)

// capped is an endpoint that takes so many calls in one trip, and says no in its own way. It answers a call with its parameter.
type capped struct {
	most   int
	refuse func(w http.ResponseWriter, calls []request)

	mu                      sync.Mutex
	trips, calls, refusedAt int
}

func (c *capped) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	var calls []request
	if !bytes.HasPrefix(body, []byte("[")) {
		var r request
		if err := json.Unmarshal(body, &r); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		c.count(1, false)
		if r.Method == "eth_chainId" {
			_, _ = io.WriteString(w, ok(r, `"0x1"`))
			return
		}
		_, _ = io.WriteString(w, ok(r, string(r.Params[0])))
		return
	}
	if err := json.Unmarshal(body, &calls); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.count(len(calls), len(calls) > c.most)
	if len(calls) > c.most {
		c.refuse(w, calls)
		return
	}
	_, _ = io.WriteString(w, echo(calls, nil))
}

func (c *capped) count(calls int, refused bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trips++
	c.calls += calls
	if refused {
		c.refusedAt++
	}
}

// take returns what was counted, and counts anew.
func (c *capped) take() (trips, calls, refused int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	trips, calls, refused = c.trips, c.calls, c.refusedAt
	c.trips, c.calls, c.refusedAt = 0, 0, 0
	return trips, calls, refused
}

func lone(status, code int, message string) func(http.ResponseWriter, []request) {
	return func(w http.ResponseWriter, _ []request) {
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"jsonrpc":"2.0","id":null,"error":{"code":%d,"message":%q}}`, code, message)
	}
}

// noes are the ways in which endpoints refuse a batch for its size.
var noes = map[string]func(http.ResponseWriter, []request){
	"-32600":              lone(200, -32600, "batch too large"),
	"-32600 under 400":    lone(400, -32600, "invalid request"),
	"-32005":              lone(200, -32005, "batch size limit exceeded"),
	"-32000 under 500":    lone(500, -32000, "Batch of more than 10 requests are not allowed"),
	"a code of their own": lone(200, 31, "Batch is limited"),
	"413":                 func(w http.ResponseWriter, _ []request) { http.Error(w, "too large", http.StatusRequestEntityTooLarge) },
	"one error in a list": func(w http.ResponseWriter, calls []request) {
		_, _ = io.WriteString(w, "["+fail(calls[0], -32600, "batch too large")+"]")
	},
	"answers left away": func(w http.ResponseWriter, calls []request) {
		answers := make([]string, len(calls))
		for i, r := range calls {
			if answers[i] = ok(r, string(r.Params[0])); i >= len(calls)/2 {
				answers[i] = fail(r, -32003, "response too large")
			}
		}
		_, _ = io.WriteString(w, "["+strings.Join(answers, ",")+"]")
	},
}

func dialCapped(t testing.TB, c *capped, opts ...Option) *Client {
	t.Helper()
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	client, err := Dial(t.Context(), Network{Key: "test", ChainID: 1, RPC: []string{server.URL}}, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	c.take()
	return client
}

// numbered are reads that the endpoint answers with their own place.
func numbered(n int) ([]rpc.BatchElem, []hexutil.Uint64) {
	elems, results := nonces(n)
	for i := range elems {
		elems[i].Method = "eth_getBalance"
	}
	return elems, results
}

func wantNumbers(t rapid.TB, elems []rpc.BatchElem, results []hexutil.Uint64) {
	t.Helper()
	for i := range elems {
		if elems[i].Error != nil || int(results[i]) != i {
			t.Fatalf("element %d: %d, %v", i, results[i], elems[i].Error)
		}
	}
}

func TestAnEndpointsLimitOnBatchesIsLearnedOnce(t *testing.T) {
	for how, refuse := range noes {
		for most, want := range map[int]struct{ refusals, size int }{1: {6, 1}, 10: {4, 6}, 50: {1, 50}, 100: {0, 100}} {
			t.Run(fmt.Sprintf("%s above %d", how, most), func(t *testing.T) {
				server := &capped{most: most, refuse: refuse}
				client := dialCapped(t, server)
				elems, results := numbered(250)
				if err := client.Batch(t.Context(), elems); err != nil {
					t.Fatal(err)
				}
				wantNumbers(t, elems, results)
				trips, calls, refused := server.take()
				full := (250 + want.size - 1) / want.size
				if refused != want.refusals || trips != full+refused {
					t.Errorf("first: %d trips, %d of them refused; %d are needed, and %d to learn", trips, refused, full, want.refusals)
				}
				clear(results)
				if err := client.Batch(t.Context(), elems); err != nil {
					t.Fatal(err)
				}
				wantNumbers(t, elems, results)
				again, sent, refused := server.take()
				if refused != 0 || again != full || sent != 250 {
					t.Errorf("then: %d trips with %d calls, %d refused", again, sent, refused)
				}
				t.Logf("250 reads: first %d trips with %d calls, then %d with %d", trips, calls, again, sent)
			})
		}
	}
}

func TestManyBatchesLearnTheLimitTogether(t *testing.T) {
	server := &capped{most: 10, refuse: noes["-32600"]}
	client := dialCapped(t, server)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			elems, results := numbered(90)
			if err := client.Batch(t.Context(), elems); err != nil {
				t.Error(err)
				return
			}
			for i := range elems {
				if elems[i].Error != nil || int(results[i]) != i {
					t.Errorf("element %d: %d, %v", i, results[i], elems[i].Error)
				}
			}
		})
	}
	wg.Wait()
	if size := client.batchSize.Load(); size < 5 || size > 10 {
		t.Errorf("trips of %d calls, where ten are taken", size)
	}
}

func TestARefusalOfOneCallIsNotTakenForALimit(t *testing.T) {
	server := &capped{most: 2, refuse: func(w http.ResponseWriter, calls []request) {
		_, _ = io.WriteString(w, echo(calls, func(r request) (string, bool) {
			return fail(r, -32600, "no such batch"), string(r.Params[0]) == `"0x2"`
		}))
	}}
	client := dialCapped(t, server)
	elems, _ := numbered(5)
	if err := client.Batch(t.Context(), elems); err != nil {
		t.Fatal(err)
	}
	if trips, _, _ := server.take(); trips != 1 || elems[2].Error == nil || client.batchSize.Load() != 100 {
		t.Errorf("%d trips, trips of %d from now on: %v", trips, client.batchSize.Load(), elems[2].Error)
	}
}

func TestAnAnswerThatIsTooLongIsAskedForInHalves(t *testing.T) {
	client := dialCapped(t, &capped{most: 100}, WithBodyLimit(1000))
	elems, results := numbered(64)
	if err := client.Batch(t.Context(), elems); err != nil {
		t.Fatal(err)
	}
	wantNumbers(t, elems, results)
	elems[0].Args[0] = strings.Repeat("7", 2000)
	if err := client.Batch(t.Context(), elems); !refusal.Is(err, refusal.RPCDown) || !errors.Is(err, ErrBodyTooLarge) {
		t.Errorf("one answer that is too long: %v", err)
	}
}

func TestTheLastElementIsNeverAnsweredBeforeAnother(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(r, "elements")
		size := rapid.IntRange(1, 12).Draw(r, "size")
		busy := rapid.SliceOfN(rapid.IntRange(0, n-1), 0, 6).Draw(r, "busy")
		answered := make([]int, n) // the trip that answered, last
		w := &wire{answer: func(trip int, calls []request) (int, http.Header, string) {
			texts := make([]string, len(calls))
			for i, call := range calls {
				var at hexutil.Uint64
				if err := json.Unmarshal(call.Params[0], &at); err != nil {
					r.Fatal(err)
				}
				texts[i] = ok(call, string(call.Params[0]))
				for b, place := range busy {
					if place == int(at) {
						busy[b] = -1
						texts[i] = fail(call, -32005, "limit exceeded")
						break
					}
				}
				answered[at] = trip
			}
			if len(calls) == 1 {
				return 200, nil, texts[0]
			}
			return 200, nil, "[" + strings.Join(texts, ",") + "]"
		}}
		c, err := Dial(t.Context(), mainnet, WithTransport(w), WithBatchSize(size), WithPatience(time.Minute, time.Microsecond))
		if err != nil {
			r.Fatal(err)
		}
		defer c.Close()
		elems, results := numbered(n)
		if err := c.Batch(t.Context(), elems); err != nil {
			r.Fatal(err)
		}
		wantNumbers(t, elems, results)
		for i, trip := range answered {
			if trip > answered[n-1] {
				r.Fatalf("element %d was answered in trip %d, the last in trip %d", i, trip, answered[n-1])
			}
		}
	})
}

func TestAnswersInAnyOrderAreTakenAndTwoToOneCallAreNot(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(answers []string, calls []request) []string
		says string
	}{
		{"in reverse", func(a []string, _ []request) []string {
			return []string{a[2], a[1], a[0]}
		}, ""},
		{"with an answer to nothing", func(a []string, _ []request) []string {
			return append(a, `{"jsonrpc":"2.0","id":999999,"result":"0x7"}`, `null`)
		}, ""},
		{"twice the same", func(a []string, _ []request) []string { return append(a, a[1]) }, "two answers"},
		{"twice, otherwise", func(a []string, calls []request) []string { return append(a, ok(calls[1], `"0x7"`)) }, "two answers"},
		{"one in the place of another", func(a []string, calls []request) []string {
			return []string{a[0], a[1], ok(calls[1], `"0x7"`)}
		}, "two answers"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &wire{answer: func(_ int, calls []request) (int, http.Header, string) {
				var answers []string
				for _, r := range calls {
					answers = append(answers, ok(r, string(r.Params[0])))
				}
				return 200, nil, "[" + strings.Join(c.edit(answers, calls), ",") + "]"
			}}
			elems, results := numbered(3)
			err := dialWire(t, w).Batch(t.Context(), elems)
			if c.says == "" {
				if err != nil {
					t.Fatal(err)
				}
				wantNumbers(t, elems, results)
				return
			}
			if !refusal.Is(err, refusal.RPCDown) || !strings.Contains(err.Error(), c.says) || len(w.trips) != 1 {
				t.Errorf("%d trips: %v", len(w.trips), err)
			}
		})
	}
}

func TestAnAnswerToAnotherCallIsNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wrong := 1 << 30
		w := &wire{answer: func(trip int, calls []request) (int, http.Header, string) {
			if trip <= wrong {
				calls[0].ID = json.RawMessage("424242")
			}
			return 200, nil, ok(calls[0], `"0x0"`)
		}}
		c := dialWire(t, w)
		elems, results := numbered(1)
		if err := c.Batch(t.Context(), elems); !refusal.Is(err, refusal.RPCDown) || !errors.Is(err, errAnotherCall) {
			t.Errorf("error is %v", err)
		}
		wrong = len(w.trips) + 1
		if err := c.Batch(t.Context(), elems); err != nil {
			t.Fatal(err)
		}
		wantNumbers(t, elems, results)
	})
}
