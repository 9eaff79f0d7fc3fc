package pinned

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain/fork/forktest"
)

// scripted answers by method, and where there is one by method and block: h for a hash, n for a number. It writes trips down.
type scripted struct {
	answers map[string]string // one that begins with ! is an error
	trips   [][]string
}

func (s *scripted) Call(context.Context, any, string, ...any) error { return errors.New("unused") }

func (s *scripted) Batch(_ context.Context, elems []rpc.BatchElem) error {
	var trip []string
	for i := range elems {
		e := &elems[i]
		name := e.Method
		if n := len(e.Args); n == 2 && strings.HasPrefix(name, "eth_get") && !strings.HasPrefix(name, "eth_getBlock") {
			if _, byHash := e.Args[1].(map[string]common.Hash); byHash {
				name += " h"
			} else {
				name += " n"
			}
		}
		trip = append(trip, name)
		answer, ok := s.answers[name]
		if !ok {
			if answer, ok = s.answers[e.Method]; !ok {
				answer = goodAnswers[e.Method]
			}
		}
		if words, failed := strings.CutPrefix(answer, "!"); failed {
			e.Error = errors.New(words)
			continue
		}
		*e.Result.(*json.RawMessage) = json.RawMessage(answer)
	}
	s.trips = append(s.trips, trip)
	return nil
}

func headerWith(t *testing.T, header string, edit map[string]string) string {
	t.Helper()
	m := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(header), &m); err != nil {
		t.Fatal(err)
	}
	for k, v := range edit {
		if m[k] = json.RawMessage(v); v == "" {
			delete(m, k)
		}
	}
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestEachRemoteIsPinnedInItsOwnWay(t *testing.T) {
	five, zero := uint64(5), uint64(0)
	other := headerWith(t, forktest.Header, map[string]string{"hash": `"0x` + strings.Repeat("77", 32) + `"`})
	shanghai := headerWith(t, forktest.Header, map[string]string{"requestsHash": "", "excessBlobGas": "", "blobGasUsed": "", "parentBeaconBlockRoot": ""})
	genesis := headerWith(t, forktest.Header, map[string]string{"number": `"0x0"`})
	later := string(configJSON(Osaka, func(m map[string]any) { m["activationTime"] = 1 << 40 }))
	arbitrum := map[string]string{"eth_getCode n": `"0xfe"`}
	refused := map[string]string{"eth_getBalance h": "!no hashes"}
	with := func(m map[string]string, more ...string) map[string]string {
		m = maps.Clone(m)
		for i := 0; i < len(more); i += 2 {
			m[more[i]] = more[i+1]
		}
		return m
	}
	none := map[string]string{}
	for _, c := range []struct {
		name     string
		at       At
		answers  map[string]string
		trips    int
		byNumber bool
		era      Era
		fails    error
		says     string
	}{
		{name: "all is served", trips: 2, era: Osaka},
		{name: "an older block", at: At{Number: &five}, trips: 2, era: Osaka},
		{name: "no eth_config", answers: with(none, "eth_config", "!the method does not exist"), trips: 3, era: Osaka},
		{name: "eth_config is null", answers: with(none, "eth_config", "null"), trips: 3, era: Osaka},
		{name: "eth_config has nothing current", answers: with(none, "eth_config", `{"current":null,"next":null}`), trips: 3, era: Osaka},
		{name: "eth_config is empty", answers: with(none, "eth_config", `{}`), trips: 2, says: "not a configuration"},
		{name: "eth_config of a later time", answers: with(none, "eth_config", later), trips: 3, era: Osaka},
		{
			name: "before Osaka", answers: with(none, "eth_config", later, "eth_call", `"0x`+strings.Repeat("00", 31)+`02"`), trips: 3, era: Prague,
		},
		{name: "neither eth_config nor probe", answers: with(none, "eth_config", "null", "eth_call", "!no"), trips: 3, fails: ErrUntoldRules},
		{name: "no hashes", answers: refused, trips: 3, byNumber: true, era: Osaka},
		{name: "no hashes for code", answers: with(none, "eth_getCode h", "!no hashes"), trips: 3, byNumber: true, era: Osaka},
		{name: "no hashes, an older block", at: At{Number: &five}, answers: refused, trips: 3, byNumber: true, era: Osaka},
		{name: "no hashes, and replaced", answers: refused, says: "no longer part of the chain", fails: ErrReorged, trips: 3},
		{name: "no state", answers: with(refused, "eth_getBalance n", "!missing trie node"), trips: 4, says: "missing trie node"},
		{
			name: "hashes are not heard", at: At{Number: &five}, answers: with(none, "eth_getBalance h", `"0x1"`), trips: 3, says: "answers \"0x1\" by hash",
		},
		{name: "replaced meanwhile", at: At{Number: &five}, answers: with(none, "eth_getBalance h", `"0x1"`), trips: 3, era: Osaka},
		{name: "Arbitrum", answers: with(arbitrum, "eth_chainId", `"0xa4b1"`, "eth_config", "null"), trips: 3, fails: ErrNotEthereum},
		{name: "the genesis block", at: At{Number: &zero}, answers: with(none, "eth_getBlockByNumber", genesis), trips: 2, era: Osaka},
		{name: "another block than asked for", at: At{Number: &zero}, trips: 1, says: "another block"},
		{name: "no such block", at: At{Number: &five}, answers: with(none, "eth_getBlockByNumber", "null"), trips: 2, fails: ErrNoBlock, says: "as old as 5"},
		{
			name: "Shanghai with its nine precompiled contracts", trips: 2, era: Shanghai,
			answers: with(none, "eth_getBlockByNumber", shanghai, "eth_config", string(configJSON(Shanghai, nil))),
		},
		{name: "Shanghai without eth_config", trips: 2, era: Shanghai, answers: with(none, "eth_getBlockByNumber", shanghai, "eth_config", "null")},
		{
			name: "a header that is newer than its rules", trips: 2, fails: ErrUnknownRules, says: "it says shanghai, and the header is one of prague",
			answers: with(none, "eth_config", string(configJSON(Shanghai, nil))),
		},
		{name: "another parent", answers: with(none, "eth_getBlockByHash", other), trips: 2, says: "another block"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &scripted{answers: c.answers}
			src := Source(s)
			if strings.Contains(c.name, "replaced") {
				src = &replaced{scripted: s, by: other}
			}
			r, err := Dial(t.Context(), src, c.at)
			if wrong := c.fails != nil || c.says != ""; (err != nil) != wrong || !errors.Is(err, c.fails) && c.fails != nil || wrong && !strings.Contains(err.Error(), c.says) {
				t.Errorf("error is %v", err)
			}
			if err == nil && (r.ByHash() == c.byNumber || r.Rules().Era != c.era) {
				t.Errorf("by hash: %v, rules of %s", r.ByHash(), r.Rules().Era)
			}
			if len(s.trips) != c.trips {
				t.Errorf("%d trips: %v", len(s.trips), s.trips)
			}
			for i, trip := range s.trips {
				if at := slices.Index(trip, pinMethod); i > 0 && at >= 0 && at != len(trip)-1 {
					t.Errorf("what proves the number is not answered last: %v", trip)
				}
			}
		})
	}
}

// replaced has another block under the number once it was asked twice.
type replaced struct {
	*scripted
	by string
}

func (r *replaced) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	if len(r.trips) == 1 {
		r.answers = maps.Clone(r.answers)
		r.answers["eth_getBlockByNumber"] = r.by
	}
	return r.scripted.Batch(ctx, elems)
}

// held is a source whose reads wait until they are let go, or their context ends.
type held struct {
	*scripted
	mu    sync.Mutex
	began int
	free  chan struct{}
}

func (h *held) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	h.mu.Lock()
	h.began++
	h.mu.Unlock()
	select {
	case <-h.free:
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.scripted.Batch(ctx, elems)
	case <-ctx.Done():
		return fmt.Errorf("read: %w", context.Cause(ctx))
	}
}

func TestWhoWaitsForAReaderIsNotEndedByIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := &held{scripted: &scripted{}, free: make(chan struct{})}
		close(src.free)
		r, err := Dial(t.Context(), src, At{})
		if err != nil {
			t.Fatal(err)
		}
		src.free, src.began = make(chan struct{}), 0
		a, gone := common.Address{1}, errors.New("out of patience")
		read := func(ctx context.Context) chan error {
			done := make(chan error, 1)
			go func() { _, err := r.account(ctx, a); done <- err }()
			synctest.Wait()
			return done
		}
		first, endFirst := context.WithCancelCause(t.Context())
		second, endSecond := context.WithCancelCause(t.Context())
		one, two := read(first), read(second)
		var others []chan error
		for range 5 {
			others = append(others, read(t.Context()))
		}
		endSecond(gone)
		if err := <-two; !errors.Is(err, gone) {
			t.Errorf("who ends while waiting: %v", err)
		}
		endFirst(gone)
		if err := <-one; !errors.Is(err, gone) {
			t.Errorf("the reader: %v", err)
		}
		synctest.Wait()
		close(src.free)
		for _, o := range others {
			if err := <-o; err != nil {
				t.Errorf("who waited for it: %v", err)
			}
		}
		if src.began != 2 {
			t.Errorf("%d reads went out", src.began)
		}
	})
}

func TestWhatIsKnownOfAChainIsNotAskedFor(t *testing.T) {
	for _, c := range []struct {
		name  string
		id    string
		known Chain
		asked []string // of the parent, and of other chains' contracts
	}{
		{name: "Ethereum", id: "0x1", asked: []string{"eth_getBlockByHash"}},
		{name: "a strange chain", id: "0x539", asked: []string{"eth_getCode n", "eth_getCode n", "eth_getBlockByHash"}},
		{name: "its pace is known", id: "0x539", known: Chain{BlockTime: 7}, asked: []string{"eth_getCode n", "eth_getCode n"}},
		{name: "all is known", id: "0x539", known: Chain{BlockTime: 7, Ethereum: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &scripted{answers: map[string]string{"eth_chainId": fmt.Sprintf("%q", c.id), "eth_config": "null"}}
			r, err := Dial(t.Context(), s, At{}, WithChain(func(uint64) Chain { return c.known }))
			if err != nil {
				t.Fatal(err)
			}
			if c.known.BlockTime > 0 && r.BlockTime() != c.known.BlockTime {
				t.Errorf("a block takes %d seconds", r.BlockTime())
			}
			asked := slices.DeleteFunc(slices.Clone(s.trips[1]), func(m string) bool { return m != "eth_getCode n" && m != "eth_getBlockByHash" })
			if !slices.Equal(asked, c.asked) {
				t.Errorf("asked for %v, want %v", asked, c.asked)
			}
		})
	}
}
