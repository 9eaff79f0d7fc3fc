package fork

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
	"golang.org/x/sync/errgroup"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
)

// relay serves a node over HTTP. A fault may change what it says.
type relay struct {
	*geth
	other    *geth // where stale answers come from
	byNumber bool  // it does not know EIP-1898
	fault    fault

	mu    sync.Mutex
	trips [][]relayed
	key   string // of the call or the trip that fails
	hits  int
	last  string // the methods that were hit
}

// fault is one thing that goes wrong: with one answer, or with the trip that carries it.
type fault struct {
	nth    int // answer, or trip; a negative one is none
	onward bool
	once   bool
	answer func(r *relay, call relayed) []relayed // what stands in its place; calls have their method, answers have none
	trip   func(r *relay, w http.ResponseWriter, req *http.Request, calls []relayed)
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

func (c relayed) key() string { return fmt.Sprintf("%s%s", c.Method, c.Params) }

func keysOf(calls []relayed) string {
	var b strings.Builder
	for _, c := range calls {
		b.WriteString(c.key())
	}
	return b.String()
}

func methodsOf(calls []relayed) string {
	var b strings.Builder
	for _, c := range calls {
		b.WriteString(c.Method + " ")
	}
	return b.String()
}

func (r *relay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	list := body[0] == '['
	calls := make([]relayed, 1)
	if list {
		err = json.Unmarshal(body, &calls)
	} else {
		err = json.Unmarshal(body, &calls[0])
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	tripFails, answerFails := r.seen(calls)
	if tripFails {
		r.fault.trip(r, w, req, calls)
		return
	}
	var answers []relayed
	for i, c := range calls {
		if answerFails == i {
			answers = append(answers, r.fault.answer(r, c)...)
			continue
		}
		answers = append(answers, r.answer(req.Context(), r.geth, c))
	}
	w.Header().Set("Content-Type", "application/json")
	write(w, list, answers)
}

func write(w io.Writer, list bool, answers []relayed) {
	switch enc := json.NewEncoder(w); {
	case list && answers == nil:
		_, _ = io.WriteString(w, "[]")
	case list:
		_ = enc.Encode(answers) // the test sees what is missing
	case len(answers) > 0:
		_ = enc.Encode(answers[0])
	default:
		_, _ = io.WriteString(w, "{}")
	}
}

// seen counts, and says whether the trip fails, or which of its answers.
func (r *relay) seen(calls []relayed) (trip bool, answer int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := r.fault
	before := 0
	for _, t := range r.trips {
		before += len(t)
	}
	at := len(r.trips)
	r.trips = append(r.trips, calls)
	switch {
	case f.trip != nil && f.nth >= 0:
		if at == f.nth {
			r.key = keysOf(calls)
		}
		if at == f.nth || !f.once && at > f.nth && (f.onward || keysOf(calls) == r.key) {
			r.hits++
			r.last = methodsOf(calls)
			return true, -1
		}
	case f.answer != nil && f.nth >= 0:
		if at := f.nth - before; r.key == "" && at < len(calls) {
			r.key, r.last = calls[at].key(), calls[at].Method
			r.hits++
			return false, at
		}
		if i := slices.IndexFunc(calls, func(c relayed) bool { return c.key() == r.key }); i >= 0 && !f.once {
			r.hits++
			return false, i
		}
	}
	return false, -1
}

func (r *relay) answer(ctx context.Context, from *geth, c relayed) relayed {
	args := make([]any, len(c.Params))
	for i := range c.Params {
		args[i] = c.Params[i]
	}
	a := relayed{Version: "2.0", ID: c.ID}
	if r.byNumber && bytes.Contains(bytes.Join(toBytes(c.Params), nil), []byte(`"blockHash"`)) {
		a.Error = &relayedError{-32602, "invalid argument: cannot wrap an object"}
		return a
	}
	if err := from.rpc.CallContext(ctx, &a.Result, c.Method, args...); err != nil {
		a.Error = &relayedError{-32000, err.Error()}
		var coded rpc.Error
		if errors.As(err, &coded) {
			a.Error.Code = coded.ErrorCode()
		}
	}
	return a
}

func toBytes(raw []json.RawMessage) [][]byte {
	all := make([][]byte, len(raw))
	for i := range raw {
		all[i] = raw[i]
	}
	return all
}

// overHTTP is what two transactions on a relay end in.
func overHTTP(r *relay, opts ...chain.Option) (string, error) {
	server := httptest.NewServer(r)
	defer server.Close()
	ctx := context.Background()
	client, err := chain.Dial(ctx, chain.Network{Key: "test", ChainID: testChain, RPC: []string{server.URL}}, opts...)
	if err != nil {
		return "", err
	}
	defer client.Close()
	f, err := New(ctx, client, WithClock(atDawn), WithBlockTime(1))
	if err != nil {
		return "", err
	}
	e, err := f.Simulate(ctx, []Tx{callTo(alice, pool, wordOf(1000).Bytes()), callTo(bob, puller, pack([4]byte{}, tokenA[:], alice[:], wei(77)))})
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(e)
	return string(text), err
}

func status(code int, header ...string) func(*relay, http.ResponseWriter, *http.Request, []relayed) {
	return func(_ *relay, w http.ResponseWriter, _ *http.Request, _ []relayed) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		http.Error(w, "not now", code)
	}
}

func says(text string) func(*relay, http.ResponseWriter, *http.Request, []relayed) {
	return func(_ *relay, w http.ResponseWriter, _ *http.Request, _ []relayed) { _, _ = io.WriteString(w, text) }
}

func code(n int) func(*relay, relayed) []relayed {
	return func(_ *relay, c relayed) []relayed {
		return []relayed{{Version: "2.0", ID: c.ID, Error: &relayedError{n, "no"}}}
	}
}

func result(text string) func(*relay, relayed) []relayed {
	return func(_ *relay, c relayed) []relayed {
		return []relayed{{Version: "2.0", ID: c.ID, Result: json.RawMessage(text)}}
	}
}

// retold has the true answers of a trip, changed.
func retold(change func(w http.ResponseWriter, list bool, answers []relayed)) func(*relay, http.ResponseWriter, *http.Request, []relayed) {
	return func(r *relay, w http.ResponseWriter, req *http.Request, calls []relayed) {
		answers := make([]relayed, len(calls))
		for i, c := range calls {
			answers[i] = r.answer(req.Context(), r.geth, c)
		}
		change(w, len(calls) > 1, answers)
	}
}

// tripFaults are the ways in which all answers of a trip go wrong together.
var tripFaults = map[string]func(*relay, http.ResponseWriter, *http.Request, []relayed){
	"429":                    status(429),
	"429 with a short pause": status(429, "Retry-After", "0"),
	"429 with a long pause":  status(429, "Retry-After", "3600"),
	"500":                    status(500),
	"502":                    status(502),
	"503":                    status(503),
	"404":                    status(404),
	"no JSON":                says(`<html>`),
	"no answers":             says(`[]`),
	"an error without an id": says(`{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"no"}}`),
	"null for all":           says(`null`),
	"a list of nothing":      says(`[null,null]`),
	"a page of another type": status(200, "Content-Type", "text/html"),
	"oversized":              says(`[{"jsonrpc":"2.0","id":1,"result":"0x` + strings.Repeat("00", 200<<10) + `"}]`),
	"cut body": retold(func(w http.ResponseWriter, list bool, answers []relayed) {
		var b bytes.Buffer
		write(&b, list, answers)
		w.Header().Set("Content-Length", fmt.Sprint(b.Len()))
		_, _ = w.Write(b.Bytes()[:b.Len()/2]) // the client sees it
	}),
	"cut JSON": retold(func(w http.ResponseWriter, list bool, answers []relayed) {
		var b bytes.Buffer
		write(&b, list, answers)
		_, _ = w.Write(b.Bytes()[:b.Len()/2])
	}),
	"time-out": func(_ *relay, _ http.ResponseWriter, req *http.Request, _ []relayed) {
		select {
		case <-req.Context().Done():
		case <-time.After(5 * time.Second):
		}
	},
	"stale block": func(r *relay, w http.ResponseWriter, req *http.Request, calls []relayed) {
		answers := make([]relayed, len(calls))
		for i, c := range calls {
			answers[i] = r.answer(req.Context(), r.other, c)
		}
		write(w, len(calls) > 1, answers)
	},
}

// oftenEnough are the faults of single answers that are tried on a remote without EIP-1898, too.
var oftenEnough = []string{"-32005", "a JSON-RPC error", "null", "missing", "twice", "of another block"}

// fromThenOn are the faults of trips that stay for all trips that come after, too.
var fromThenOn = []string{"429", "503", "cut body", "time-out", "stale block"}

// harmless are changes of a trip that leave it true.
var harmless = map[string]func(*relay, http.ResponseWriter, *http.Request, []relayed){
	"out of order": retold(func(w http.ResponseWriter, list bool, answers []relayed) {
		slices.Reverse(answers)
		write(w, list, answers)
	}),
	"of another type": retold(func(w http.ResponseWriter, list bool, answers []relayed) {
		w.Header().Set("Content-Type", "text/plain; charset=latin1")
		write(w, list, answers)
	}),
	"with answers to nothing": retold(func(w http.ResponseWriter, list bool, answers []relayed) {
		write(w, list, append(answers, relayed{Version: "2.0", ID: json.RawMessage("424242"), Result: json.RawMessage(`"0x7"`)}))
	}),
}

// answerFaults are the ways in which one answer goes wrong within a good trip.
var answerFaults = map[string]func(*relay, relayed) []relayed{
	"-32005":           code(-32005),
	"-32007":           code(-32007),
	"a JSON-RPC error": code(-32000),
	"null":             result(`null`),
	"nothing":          func(_ *relay, c relayed) []relayed { return []relayed{{Version: "2.0", ID: c.ID}} },
	"an object":        result(`{"a":1}`),
	"missing":          func(*relay, relayed) []relayed { return nil },
	"under another id": func(r *relay, c relayed) []relayed {
		a := r.answer(context.Background(), r.geth, c)
		a.ID = json.RawMessage(`"x"`)
		return []relayed{a}
	},
	"twice": func(r *relay, c relayed) []relayed {
		a := r.answer(context.Background(), r.geth, c)
		b := a
		b.Result = json.RawMessage(`"0x7"`)
		return []relayed{b, a}
	},
	"too long": func(_ *relay, c relayed) []relayed { return result(`"0x`+strings.Repeat("7", 300<<10)+`"`)(nil, c) },
	"of another block": func(r *relay, c relayed) []relayed {
		if strings.HasPrefix(c.Method, "eth_getBlockBy") {
			a := r.answer(context.Background(), r.other, c)
			return []relayed{a}
		}
		return []relayed{{Version: "2.0", ID: c.ID, Error: &relayedError{-32000, "header not found"}}}
	},
}

// tally counts what became of the faults.
type tally struct {
	mu                            sync.Mutex
	answers, errors, right, wrong int
	madeUp                        map[string]int // right effects, by the methods that failed
}

// add judges one run: it ends in a named error that says what was asked, or in the effects that it should have.
func (y *tally) add(t testing.TB, what string, weight int, r *relay, have string, err error, truths ...string) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.answers += weight
	_, named := refusal.As(err)
	switch {
	case r.hits == 0:
		t.Errorf("%s: it did not come to that", what)
	case err != nil && !named:
		t.Errorf("%s: an error without a name: %v", what, err)
	case err != nil && !strings.Contains(err.Error(), "eth_") && !refusal.Is(err, refusal.WrongChain):
		t.Errorf("%s: an error that does not say what was asked: %v", what, err)
	case err != nil:
		y.errors += weight
	case slices.Contains(truths, have):
		y.right += weight
		if y.madeUp == nil {
			y.madeUp = make(map[string]int)
		}
		for _, m := range strings.Fields(r.last) {
			y.madeUp[m]++
		}
	default:
		y.wrong += weight
		t.Errorf("%s: other effects, and no error (hit: %s)", what, r.last)
	}
}

// required are methods whose answers nothing makes up for, once the block is pinned.
func required(methods string) bool {
	return !strings.Contains(methods, "eth_createAccessList") && !strings.Contains(methods, "eth_config") && !strings.Contains(methods, "eth_call ")
}

// bodyLimit is above every good answer here, and below every one that is too long.
const bodyLimit = 256 << 10

// patience is a client's: a fault that passes needs much of it, and one that stays, little.
func patience(total time.Duration) []chain.Option {
	return []chain.Option{chain.WithPatience(total, time.Millisecond), chain.WithTimeout(min(total, time.Second)), chain.WithBodyLimit(bodyLimit)}
}

const (
	patient   = 30 * time.Second
	impatient = 120 * time.Millisecond
)

func TestEveryAnswerOfAColdSimulationFailsInEveryWay(t *testing.T) {
	g := newGeth(t)
	other := newGethWith(t, types.GenesisAlloc{alice: {Balance: toBig(7e17)}})
	for _, form := range []struct {
		name     string
		byNumber bool
	}{{"by hash", false}, {"by number", true}} {
		t.Run(form.name, func(t *testing.T) {
			on := func(g *geth, f fault) *relay { return &relay{geth: g, other: other, byNumber: form.byNumber, fault: f} }
			good := on(g, fault{nth: -1})
			truth, err := overHTTP(good, patience(patient)...)
			if err != nil {
				t.Fatal(err)
			}
			elsewhere, err := overHTTP(on(other, fault{nth: -1}), patience(patient)...)
			if err != nil || elsewhere == truth {
				t.Fatal("the other node tells nothing else", err)
			}
			n := 0
			for _, trip := range good.trips {
				n += len(trip)
			}
			early := len(good.trips[0]) + len(good.trips[1]) + len(good.trips[2]) // until the block is pinned, reads make up for each other
			t.Logf("%d answers in %d trips", n, len(good.trips))
			all, passing, ways := new(tally), new(tally), len(tripFaults)+len(fromThenOn)
			var group errgroup.Group
			group.SetLimit(16)
			run := func(y *tally, what string, weight int, f fault, total time.Duration, truths ...string) {
				group.Go(func() error {
					r := on(g, f)
					have, err := overHTTP(r, patience(total)...)
					for ; r.hits == 0 && total < patient; total *= 2 { // a machine under load
						r = on(g, f)
						have, err = overHTTP(r, patience(total)...)
					}
					y.add(t, what, weight, r, have, err, truths...)
					if y == passing && err != nil {
						t.Errorf("%s: it went away, and yet: %v", what, err)
					}
					if settled := (f.trip != nil && f.nth > 2 || f.answer != nil && f.nth >= early); y == all && err == nil && settled && required(r.last) && have == truth && !strings.HasSuffix(what, "oversized") { // that is asked for in halves
						t.Errorf("%s: %s failed, and nothing is said", what, r.last)
					}
					return nil
				})
			}
			for how, spoil := range answerFaults {
				if form.byNumber && !slices.Contains(oftenEnough, how) {
					continue
				}
				ways++
				for nth := range n {
					run(all, fmt.Sprintf("answer %d is %s", nth, how), 1, fault{nth: nth, answer: spoil}, impatient, truth)
				}
			}
			for how, spoil := range tripFaults {
				for nth, calls := range good.trips {
					truths := []string{truth}
					if how == "stale block" {
						truths = append(truths, elsewhere) // all of it may come from there
					}
					run(all, fmt.Sprintf("trip %d is %s", nth, how), len(calls), fault{nth: nth, trip: spoil}, impatient, truths...)
					if slices.Contains(fromThenOn, how) {
						run(all, fmt.Sprintf("from trip %d on: %s", nth, how), len(calls), fault{nth: nth, onward: true, trip: spoil}, impatient, truths...)
					}
				}
			}
			for _, how := range []string{"429", "429 with a short pause", "500", "502", "503", "cut body", "cut JSON", "no answers", "time-out"} {
				for nth, calls := range good.trips {
					if len(calls) == 1 && how == "no answers" {
						continue // a list of none is no answer to a plain call
					}
					run(passing, fmt.Sprintf("trip %d is once %s", nth, how), len(calls), fault{nth: nth, once: true, trip: tripFaults[how]}, patient, truth)
				}
			}
			for how, change := range harmless {
				for nth, calls := range good.trips {
					run(passing, fmt.Sprintf("trip %d is %s", nth, how), len(calls), fault{nth: nth, onward: true, trip: change}, patient, truth)
				}
			}
			for _, how := range []string{"-32005", "-32007", "missing", "under another id"} {
				for nth := len(good.trips[0]); nth < n; nth++ {
					run(passing, fmt.Sprintf("answer %d is once %s", nth, how), 1, fault{nth: nth, once: true, answer: answerFaults[how]}, patient, truth)
				}
			}
			if err := group.Wait(); err != nil {
				t.Fatal(err)
			}
			t.Logf("for good: %d answers x %d ways = %d failed answers: %d named errors, %d right effects without them, %d wrong effects",
				n, ways, all.answers, all.errors, all.right, all.wrong)
			t.Logf("right effects without answers of %v", all.madeUp)
			t.Logf("for once, or harmless: %d answers: %d right effects, %d errors, %d wrong effects", passing.answers, passing.right, passing.errors, passing.wrong)
		})
	}
}
