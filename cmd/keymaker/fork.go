package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"

	"github.com/ethereum/go-ethereum/common"
	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
	"github.com/keymaker-agent/keymaker/chain/fork/server"
	"github.com/keymaker-agent/keymaker/refusal"
)

type forkOptions struct {
	rpc, block, host string
	port             int
	chainID          uint64
	origins          []string
	stateRoots       bool
	cache            bool
}

// forkPort is where clients look for a node.
const forkPort = 8545

func newForkCmd(a *app) *cobra.Command {
	var o forkOptions
	cmd := &cobra.Command{
		Use:   "fork",
		Short: "Serve a fork of a chain to any client until Ctrl-C",
		Long: "Fork stands on one block of a chain and serves it over JSON-RPC, by HTTP and websocket: wallets, ethers, viem and cast\n" +
			"can read it, send to it, trace it, and change it with the methods of anvil and Hardhat. What they send stays here: the\n" +
			"endpoint is only read. Everything is in memory and gone at the end.",
		Example: "  # the newest block of the network in use\n  keymaker fork\n" +
			"  # a block of any endpoint, on a port of its own\n  keymaker fork --rpc http://127.0.0.1:8545 --block 12 --port 9000",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runFork(cmd.Context(), a, o) },
	}
	cmd.Flags().StringVar(&o.rpc, "rpc", "", "endpoint to stand on (default: the network in use)")
	cmd.Flags().StringVar(&o.block, "block", "", "number or hash of the block to stand on (default: the newest)")
	cmd.Flags().IntVar(&o.port, "port", forkPort, "port to serve on; 0 takes a free one")
	cmd.Flags().StringVar(&o.host, "host", "127.0.0.1", "address to serve on; another than loopback lets other machines in")
	cmd.Flags().Uint64Var(&o.chainID, "chain-id", 0, "chain id to serve (default: the chain's own)")
	cmd.Flags().StringSliceVar(&o.origins, "origin", nil, "page that may ask from a browser, such as https://example.org; repeat for more")
	cmd.Flags().BoolVar(&o.stateRoots, "state-roots", false, "true state root and hash also where eth_simulateV1 has one block alone, in a trip or two more")
	cmd.Flags().BoolVar(&o.cache, "cache", false, "keep what is read of the block on the disk, for the next run on it")
	return cmd
}

// forkView is what fork prints when it serves.
type forkView struct {
	Schema  int         `json:"schema"`
	URL     string      `json:"url"`
	WS      string      `json:"ws"`
	Network string      `json:"network"`
	ChainID uint64      `json:"chain_id"`
	Block   uint64      `json:"block"`
	Hash    common.Hash `json:"hash"`
	ByHash  bool        `json:"by_hash"` // state is asked for by the block's hash, not by its number
}

func runFork(ctx context.Context, a *app, o forkOptions) error {
	at, err := blockFlag(o.block)
	if err != nil {
		return err
	}
	c, err := a.endpoint(ctx, o.rpc)
	if err != nil {
		return err
	}
	defer c.Close()
	l, err := listen(ctx, o.host, o.port)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(o.host); ip != nil && !ip.IsLoopback() {
		fmt.Fprintf(a.streams.Err, "warning: other machines can reach %s and change this fork\n", o.host)
	}
	reading := []pinned.Option{pinned.WithChain(c.known)}
	if o.cache {
		if kept := a.openCache(); kept != nil {
			defer a.closeCache(kept)
			reading = append(reading, pinned.WithCache(kept))
		}
	}
	s, err := server.New(ctx, c, server.Options{At: at, ChainID: o.chainID, Origins: o.origins, Reading: reading, StateRoots: o.stateRoots})
	if err != nil {
		return errors.Join(fork.Unpinned(err), l.Close())
	}
	defer s.Close()
	if err := printFork(a, describeFork(s, c.network(s.Remote().ChainID()), l.Addr().String())); err != nil {
		return errors.Join(err, l.Close())
	}
	if err := s.Serve(ctx, l); err != nil && ctx.Err() == nil {
		return err
	}
	fmt.Fprintln(a.streams.Err, "\nstopping")
	return nil
}

func listen(ctx context.Context, host string, port int) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, refusal.New(refusal.Usage, "port %d is in use", port).WithHint("choose another with --port, or 0 for a free one")
	}
	if err != nil {
		return nil, refusal.New(refusal.Usage, "nothing can be served on %s", net.JoinHostPort(host, strconv.Itoa(port))).Because(err)
	}
	return l, nil
}

func describeFork(s *server.Server, n chain.Network, address string) forkView {
	r := s.Remote()
	h := r.Header()
	return forkView{1, "http://" + address, "ws://" + address, n.Name, s.ChainID(), h.Number, h.Hash, r.ByHash()}
}

func printFork(a *app, v forkView) error {
	if a.json {
		return json.NewEncoder(a.streams.Out).Encode(v)
	}
	by := "by its hash"
	if !v.ByHash {
		by = "by its number, with a proof on each trip: the endpoint does not take hashes"
	}
	_, err := fmt.Fprintf(a.streams.Out, "%s · chain id %d · block %d\n  %s\n  state is read %s\n  %s\n  %s\nCtrl-C stops it\n",
		v.Network, v.ChainID, v.Block, v.Hash, by, v.URL, v.WS)
	return err
}
