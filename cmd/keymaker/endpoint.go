package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
	"github.com/keymaker-agent/keymaker/refusal"
)

// endpoint dials the remote of a fork, which is only ever read: the URL that was given, else the endpoints of the network in use. A
// chain that the config has no network for is named by its id.
func (k *opened) endpoint(ctx context.Context, url string) (*chain.Client, chain.Network, error) {
	n, err := k.Network()
	if url != "" {
		n, err = chain.Network{Key: "the endpoint", RPC: []string{url}}, nil
	}
	if err != nil {
		return nil, chain.Network{}, err
	}
	c, err := chain.Dial(ctx, n, chain.ReadOnly(), chain.WithPatience(10*time.Second, 250*time.Millisecond))
	if err != nil {
		return nil, chain.Network{}, err
	}
	id := c.Network().ChainID
	for _, known := range k.World().Networks {
		if known.ChainID == id {
			return c, known, nil
		}
	}
	name := fmt.Sprintf("chain %d", id)
	return c, chain.Network{
		Key: name, Name: name, ChainID: id, Real: true, Native: chain.Token{ChainID: id, Symbol: "ETH", Decimals: 18},
	}, nil
}

// blockFlag reads a block's number, in decimal or hex, or its hash. An empty word is the newest block.
func blockFlag(word string) (pinned.At, error) {
	if word == "" || word == "latest" {
		return pinned.At{}, nil
	}
	if n, err := strconv.ParseUint(word, 0, 64); err == nil && !strings.Contains(word, "_") {
		return pinned.At{Number: &n}, nil
	}
	if h, ok := hashWord(word); ok {
		return pinned.At{Hash: &h}, nil
	}
	return pinned.At{}, refusal.New(refusal.Usage, "--block %q is neither a block's number nor its hash", word).
		WithHint("a hash has 0x and 64 hex digits")
}

func hashWord(word string) (common.Hash, bool) {
	b := common.FromHex(word)
	return common.BytesToHash(b), len(b) == common.HashLength && len(word) == 2+2*common.HashLength
}
