package fork_test

import (
	"context"
	"maps"
	"math/big"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/chain/fork"
)

// toll counts what goes to a remote.
type toll struct {
	fork.Source
	mu      sync.Mutex
	trips   int
	methods map[string]int
}

func (c *toll) count(methods ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trips++
	for _, m := range methods {
		c.methods[m]++
	}
}

func (c *toll) Call(ctx context.Context, result any, method string, args ...any) error {
	c.count(method)
	return c.Source.Call(ctx, result, method, args...)
}

func (c *toll) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	methods := make([]string, len(elems))
	for i := range elems {
		methods[i] = elems[i].Method
	}
	c.count(methods...)
	return c.Source.Batch(ctx, elems)
}

func (c *toll) calls() (n int) {
	for _, of := range c.methods {
		n += of
	}
	return n
}

// From nothing: two trips pin a block, two read what the swap reads, and one what the views of its effects read besides. The other
// passes add nothing.
func TestAColdSwapOfARealPairWithAllItsEffectsIsFiveTrips(t *testing.T) {
	client, at := devnetClient(t), known.Addresses(known.L1)
	for name, c := range map[string]struct {
		tx    fork.Tx
		calls int
	}{
		"a token for a token": {v2Swap(at[known.DAI], at[known.WETH], big.NewInt(1e18)), 39},
		"the coin for a token": {calling(at[known.V2Router], 1e15, "swapExactETHForTokens(uint256,address[],address,uint256)",
			0, 4*32, trader, farOff, 2, at[known.WETH], at[known.DAI]), 39},
	} {
		var costs []int
		for _, simulate := range []func(*fork.Fork, context.Context, []fork.Tx) (*fork.Effects, error){(*fork.Fork).SimulateOnce, (*fork.Fork).Simulate} {
			remote := &toll{Source: client, methods: make(map[string]int)}
			f, err := fork.New(t.Context(), remote)
			if err != nil {
				t.Fatal(err)
			}
			e, err := simulate(f, t.Context(), []fork.Tx{c.tx})
			if err != nil || !e.OK() || len(e.Unknown) > 0 || len(e.Balances) < 4 {
				t.Fatalf("%s: %v %+v", name, err, e)
			}
			t.Logf("%s: %d trips, %d calls: %v", name, remote.trips, remote.calls(), maps.Clone(remote.methods))
			if remote.trips > 5 || remote.calls() > c.calls {
				t.Errorf("%s: %d trips, %d calls: %v", name, remote.trips, remote.calls(), remote.methods)
			}
			costs = append(costs, remote.trips, remote.calls())
		}
		if costs[0] != costs[2] || costs[1] != costs[3] {
			t.Errorf("%s: one pass takes %d trips and %d calls, all take %d and %d", name, costs[0], costs[1], costs[2], costs[3])
		}
	}
}
