package server

import (
	"context"
	"errors"
	"math/big"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/chain/devnet/artifacts"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
	"github.com/keymaker-agent/keymaker/contracts"
)

// counted is a source that writes down what it is asked.
type counted struct {
	pinned.Source
	mu    sync.Mutex
	trips int
	calls []string
	down  bool // every read fails
}

var errDown = errors.New("the remote is down")

// ask writes calls down, and tells whether they can be answered.
func (c *counted) ask(methods ...string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trips++
	c.calls = append(c.calls, methods...)
	if c.down {
		return errDown
	}
	return nil
}

func (c *counted) turn(down bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.down = down
}

func (c *counted) Call(ctx context.Context, result any, method string, args ...any) error {
	if err := c.ask(method); err != nil {
		return err
	}
	return c.Source.Call(ctx, result, method, args...)
}

func (c *counted) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	methods := make([]string, len(elems))
	for i, e := range elems {
		methods[i] = e.Method
	}
	if err := c.ask(methods...); err != nil {
		return err
	}
	return c.Source.Batch(ctx, elems)
}

// market is a devnet on which an account may sell USDC for DAI.
type market struct {
	*devnet.Devnet
	url  string
	swap map[string]any
}

func newMarket(t testing.TB) *market {
	t.Helper()
	d := devnettest.Start(t)
	at, me := d.Addresses(known.L1), d.Accounts()[0]
	usdc := at[known.USDC]
	approve, err := contracts.Load(contracts.Token).ABI.Pack("approve", at[known.V2Router], big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	devnettest.Send(t, d, me, chain.Call{ChainID: known.L1, From: me.Address, To: &usdc, Value: *uint256.NewInt(0), Data: approve})
	set, err := artifacts.Load("")
	if err != nil {
		t.Fatal(err)
	}
	router, err := set.Artifact(artifacts.UniswapV2Router).Interface()
	if err != nil {
		t.Fatal(err)
	}
	data, err := router.Pack("swapExactTokensForTokens", big.NewInt(1_000_000), new(big.Int), []common.Address{usdc, at[known.DAI]}, me.Address, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	return &market{d, d.Networks()[0].RPC[0], map[string]any{"from": me.Address, "to": at[known.V2Router], "data": hexutil.Bytes(data)}}
}

func TestAColdSwapTakesFewTrips(t *testing.T) {
	m := newMarket(t)
	src := &counted{Source: source(t, m.url)}
	_, url := serve(t, src, Options{Reading: []pinned.Option{pinned.WithChain(func(uint64) pinned.Chain { return pinned.Chain{BlockTime: 1} })}})
	c := dialed(t, url)
	var out hexutil.Bytes
	if err := c.CallContext(t.Context(), &out, "eth_call", m.swap, "latest"); err != nil || len(out) == 0 {
		t.Fatal(err)
	}
	if src.trips > 4 || len(src.calls) > 35 {
		t.Fatalf("%d trips, %d calls: %v", src.trips, len(src.calls), src.calls)
	}
	was := src.trips
	for range 3 {
		if err := c.CallContext(t.Context(), &out, "eth_call", m.swap, "latest"); err != nil {
			t.Fatal(err)
		}
		var gas hexutil.Uint64
		if err := c.CallContext(t.Context(), &gas, "eth_estimateGas", m.swap); err != nil {
			t.Fatal(err)
		}
	}
	if src.trips != was {
		t.Fatalf("%d trips for what is known: %v", src.trips-was, src.calls[len(src.calls)-5:])
	}
	t.Logf("%d trips, %d calls", src.trips, len(src.calls))
}

// dialed is a client of a server.
func dialed(t testing.TB, url string) *rpc.Client {
	t.Helper()
	c, err := rpc.DialContext(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func BenchmarkAWarmSwapOverHTTP(b *testing.B) {
	m := newMarket(b)
	_, url := serve(b, source(b, m.url), Options{})
	c := dialed(b, url)
	for method, args := range map[string][]any{"eth_call": {m.swap, "latest"}, "eth_estimateGas": {m.swap}, "eth_blockNumber": nil} {
		b.Run(method, func(b *testing.B) {
			var out any
			for b.Loop() {
				if err := c.CallContext(b.Context(), &out, method, args...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
