package cache_test

import (
	"context"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/chain/devnet/artifacts"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/chain/fork/cache"
	"github.com/keymaker-agent/keymaker/contracts"
)

// counted counts what goes to the remote.
type counted struct {
	fork.Source
	trips, calls int
}

func (c *counted) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	c.trips++
	c.calls += len(elems)
	return c.Source.Batch(ctx, elems)
}

// swap is a swap of a hundred USDC for DAI in Uniswap V2, which was approved, on an embedded chain over HTTP.
func swap(b *testing.B) (*devnet.Devnet, *chain.Client, []fork.Tx) {
	b.Helper()
	d := devnettest.Start(b)
	n := d.Networks()[0]
	client, err := chain.Dial(b.Context(), n)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(client.Close)
	set, err := artifacts.Load("")
	if err != nil {
		b.Fatal(err)
	}
	router, err := set.Artifact(artifacts.UniswapV2Router).Interface()
	if err != nil {
		b.Fatal(err)
	}
	at, me := d.Addresses(known.L1), d.Accounts()[0].Address
	approve, err := contracts.Load(contracts.Token).ABI.Pack("approve", at[known.V2Router], big.NewInt(1<<62))
	if err != nil {
		b.Fatal(err)
	}
	sell, err := router.Pack("swapExactTokensForTokens", big.NewInt(100_000_000), new(big.Int),
		[]common.Address{at[known.USDC], at[known.DAI]}, me, big.NewInt(1<<62))
	if err != nil {
		b.Fatal(err)
	}
	usdc, v2 := at[known.USDC], at[known.V2Router]
	devnettest.Send(b, d, d.Accounts()[0], chain.Call{ChainID: n.ChainID, From: me, To: &usdc, Data: approve})
	return d, client, []fork.Tx{
		{Call: chain.Call{ChainID: n.ChainID, From: me, To: &v2, Data: sell}, Gas: 400_000},
	}
}

// run is what a new process does: open the cache, pin a block, run, close. An empty path stands for no cache.
func run(b *testing.B, src fork.Source, path string, txs []fork.Tx) {
	b.Helper()
	var opts []fork.Option
	var c *cache.Cache
	if path != "" {
		var err error
		if c, err = cache.Open(path, 256<<20); err != nil {
			b.Fatal(err)
		}
		opts = append(opts, fork.WithCache(c))
	}
	f, err := fork.New(b.Context(), src, opts...)
	if err != nil {
		b.Fatal(err)
	}
	e, err := f.Simulate(b.Context(), txs)
	if err != nil || !e.OK() {
		b.Fatal(e, err)
	}
	if c == nil {
		return
	}
	if err := errors.Join(c.Err(), c.Close()); err != nil {
		b.Fatal(err)
	}
}

// A V2 swap from nothing to its effects: without a cache, with an empty one, and with one that knows the block.
func BenchmarkColdSwap(b *testing.B) {
	_, client, txs := swap(b)
	dir := b.TempDir()
	warm, n := filepath.Join(dir, "warm.db"), 0
	run(b, client, warm, txs)
	for _, way := range []struct {
		name string
		path func() string
	}{
		{"no cache", func() string { return "" }},
		{"empty cache", func() string { n++; return filepath.Join(dir, strconv.Itoa(n)) }},
		{"warm cache", func() string { return warm }},
	} {
		b.Run(way.name, func(b *testing.B) {
			src := &counted{Source: client}
			runs := 0
			for b.Loop() {
				run(b, src, way.path(), txs)
				runs++
			}
			b.ReportMetric(float64(src.trips)/float64(runs), "trips/op")
			b.ReportMetric(float64(src.calls)/float64(runs), "calls/op")
		})
	}
}

// How the file grows with simulations of one swap, each on a block of its own.
func BenchmarkFileGrowth(b *testing.B) {
	d, client, txs := swap(b)
	path := filepath.Join(b.TempDir(), "state.db")
	run(b, client, path, txs)
	first := size(b, path)
	runs := int64(0)
	for b.Loop() {
		if err := d.Mine(known.L1, 1); err != nil {
			b.Fatal(err)
		}
		run(b, client, path, txs)
		runs++
	}
	b.ReportMetric(float64(first), "bytes/first")
	b.ReportMetric(float64(size(b, path)-first)/float64(runs), "bytes/op")
}

func size(b *testing.B, path string) int64 {
	b.Helper()
	s, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	return s.Size()
}
