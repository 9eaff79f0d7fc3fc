package fork

import (
	"cmp"
	"context"
	"errors"
	"math/big"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
	"github.com/keymaker-agent/keymaker/refusal"
)

// turncoat is a Source that is another one from some time on.
type turncoat struct {
	then, now Source
	turned    *atomic.Bool
}

func (s turncoat) Call(ctx context.Context, result any, method string, args ...any) error {
	if s.turned.Load() {
		return s.now.Call(ctx, result, method, args...)
	}
	return s.then.Call(ctx, result, method, args...)
}

func (s turncoat) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	if s.turned.Load() {
		return s.now.Batch(ctx, elems)
	}
	return s.then.Batch(ctx, elems)
}

func TestErrorsSayWhatIsWrongWithTheRemoteAndWhatToDo(t *testing.T) {
	g := newGeth(t)
	failing := func(method, text string, code int) Source {
		return edited{g, method, func(e *rpc.BatchElem) { e.Error = coded{text, code} }}
	}
	far, nowhere, first := uint64(1_000_000), common.Hash{7}, uint64(1)
	otherChain := newGethOf(t, nil, func(c *params.ChainConfig) { c.ChainID = big.NewInt(7) })
	otherPast := newGethWith(t, types.GenesisAlloc{{1: 1}: {Balance: big.NewInt(1)}})
	for _, c := range []struct {
		name   string
		src    Source
		at     pinned.At
		later  Source // once the fork stands
		want   error
		reason refusal.Reason
		detail string
		hint   string
	}{
		{name: "pruned", src: failing("eth_getBalance", "missing trie node 12 (path )", -32000), want: pinned.ErrPruned, hint: "archive"},
		{name: "pruned, in other words", src: failing("eth_getBalance", "historical state 0xab is not available", -32000), want: pinned.ErrPruned, hint: "archive"},
		{name: "pruned meanwhile", src: g, later: failing("eth_getStorageAt", "not available due to pruning", -32000), want: pinned.ErrPruned, hint: "archive"},
		{name: "without state", src: failing("eth_getBalance", "does not exist", -32601), want: pinned.ErrNoMethod, hint: "another endpoint"},
		{name: "without code", src: failing("eth_getCode", "does not exist", -32601), want: pinned.ErrNoMethod, hint: "another endpoint"},
		{name: "without storage", src: g, later: failing("eth_getStorageAt", "unsupported", -32601), want: pinned.ErrNoMethod, hint: "another endpoint"},
		{name: "without a chain id", src: failing("eth_chainId", "unsupported", -32601), want: pinned.ErrNoMethod, hint: "another endpoint"},
		{name: "newer than the head", src: g, at: pinned.At{Number: &far}, want: pinned.ErrNoBlock, detail: "1000000 is newer than its newest, 2"},
		{name: "no such hash", src: g, at: pinned.At{Hash: &nowhere}, want: pinned.ErrNoBlock, detail: "its newest is 2"},
		{name: "too old", src: edited{g, "eth_getBlockByNumber", raw("null")}, at: pinned.At{Number: &first}, want: pinned.ErrNoBlock, detail: "as old as 1"},
		{name: "another chain", src: g, later: otherChain, want: pinned.ErrOtherChain, reason: refusal.WrongChain, detail: "7, not 1337"},
		{
			name: "another chain, by number", src: byNumberOnly{g}, later: byNumberOnly{otherChain},
			want: pinned.ErrOtherChain, reason: refusal.WrongChain, detail: "7, not 1337",
		},
		{name: "another past", src: g, later: otherPast, want: pinned.ErrReorged, hint: "start again"},
		{name: "another past, by number", src: byNumberOnly{g}, later: byNumberOnly{otherPast}, want: pinned.ErrReorged, hint: "start again"},
	} {
		t.Run(c.name, func(t *testing.T) {
			turned := new(atomic.Bool)
			f, err := New(context.Background(), turncoat{c.src, c.later, turned}, WithClock(atDawn), WithBlock(c.at))
			if c.later != nil {
				if err != nil {
					t.Fatal(err)
				}
				turned.Store(true)
				_, err = f.Simulate(context.Background(), []Tx{callTo(alice, pool, wordOf(1000).Bytes())})
			}
			e, named := refusal.As(err)
			if !named || !errors.Is(err, c.want) {
				t.Fatalf("%v", err)
			}
			if want := cmp.Or(c.reason, refusal.NoSimulation); e.Reason != want {
				t.Errorf("the reason is %s, not %s", e.Reason, want)
			}
			if !strings.Contains(err.Error(), c.detail) || !strings.Contains(e.Hint, c.hint) || e.Hint == "" {
				t.Errorf("%v; %s", err, e.Hint)
			}
		})
	}
}

func TestAnEndpointThatIsNotThereIsNamed(t *testing.T) {
	server := httptest.NewServer(&relay{geth: newGeth(t)})
	defer server.Close()
	ctx := context.Background()
	client, err := chain.Dial(ctx, chain.Network{Key: "test", ChainID: testChain, RPC: []string{server.URL}},
		chain.WithPatience(50*time.Millisecond, time.Millisecond), chain.WithTimeout(50*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	f, err := New(ctx, client)
	if err != nil {
		t.Fatal(err)
	}
	server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	_, fresh := New(ctx, client)
	_, standing := f.Simulate(ctx, []Tx{callTo(alice, pool, wordOf(1000).Bytes())})
	for when, err := range map[string]error{"before": fresh, "meanwhile": standing} {
		if e, named := refusal.As(err); !named || !strings.Contains(err.Error(), host) || e.Hint == "" {
			t.Errorf("%s: %v", when, err)
		}
	}
	if !refusal.Is(fresh, refusal.RPCDown) {
		t.Error(fresh)
	}
}
