package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/keymaker-agent/keymaker"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork/cache"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
	"github.com/keymaker-agent/keymaker/refusal"
)

// endpoint dials the remote of a fork, which is only ever read: the URL that was given, else the endpoints of the network in use.
func (a *app) endpoint(ctx context.Context, url string) (*remote, error) {
	networks, inUse, err := keymaker.Networks(keymaker.Options{Home: a.home, Config: a.overrides(), Log: a.log()})
	if err != nil {
		return nil, err
	}
	n := keymaker.Endpoint(url)
	if url == "" {
		at := slices.IndexFunc(networks, func(n chain.Network) bool { return n.Key == inUse })
		if at < 0 {
			return nil, refusal.New(refusal.UnknownChain, "the config has no network %q", inUse)
		}
		n = networks[at]
	}
	c, err := keymaker.Dial(ctx, n, chain.ReadOnly())
	if err != nil {
		return nil, err
	}
	return &remote{c, networks}, nil
}

// remote is the endpoint that a fork stands on, and the networks that it may be one of.
type remote struct {
	*chain.Client
	networks []chain.Network
}

// network is the network of a chain. One that the config does not have is named by the chain's id.
func (r *remote) network(id uint64) chain.Network {
	for _, n := range r.networks {
		if n.ChainID == id {
			return n
		}
	}
	name := fmt.Sprintf("chain %d", id)
	return chain.Network{Key: name, Name: name, ChainID: id, Real: true, Native: chain.Token{ChainID: id, Symbol: "ETH", Decimals: 18}}
}

// known is what the config tells of a chain.
func (r *remote) known(id uint64) pinned.Chain {
	n := r.network(id)
	return pinned.Chain{BlockTime: n.BlockTime, Ethereum: n.Embedded}
}

// mostCached is how many bytes of the disk the state of blocks may take.
const mostCached = 256 << 20

// openCache opens the cache of blocks' state, or says why nothing is kept, which stops nothing.
func (a *app) openCache() *cache.Cache {
	paths, err := a.paths()
	if err == nil {
		err = os.MkdirAll(paths.CacheDir, 0o700)
	}
	var c *cache.Cache
	if err == nil {
		c, err = cache.Open(filepath.Join(paths.CacheDir, "blocks.db"), mostCached)
	}
	if err != nil {
		fmt.Fprintf(a.streams.Err, "warning: nothing is kept between runs: %v\n", err)
		return nil
	}
	return c
}

func (a *app) closeCache(c *cache.Cache) {
	if err := errors.Join(c.Err(), c.Close()); err != nil {
		fmt.Fprintf(a.streams.Err, "warning: not all was kept between runs: %v\n", err)
	}
}

// blockFlag reads a block's number, in decimal or hex, or its hash. An empty word is the newest block.
func blockFlag(word string) (pinned.At, error) {
	if word == "" || word == "latest" {
		return pinned.At{}, nil
	}
	for _, read := range []func(string) (uint64, error){decimal, hexutil.DecodeUint64} {
		if n, err := read(word); err == nil {
			return pinned.At{Number: &n}, nil
		}
	}
	if h, ok := hashWord(word); ok {
		return pinned.At{Hash: &h}, nil
	}
	return pinned.At{}, refusal.New(refusal.Usage, "--block %q is neither a block's number nor its hash", word).
		WithHint("a hash has 0x and 64 hex digits")
}

func decimal(word string) (uint64, error) { return strconv.ParseUint(word, 10, 64) }

func hashWord(word string) (common.Hash, bool) {
	b := common.FromHex(word)
	return common.BytesToHash(b), len(b) == common.HashLength && len(word) == 2+2*common.HashLength
}
