package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
)

type devnetOptions struct {
	portL1, portL2 int
	artifacts      string
}

func newDevnetCmd(a *app) *cobra.Command {
	var o devnetOptions
	cmd := &cobra.Command{
		Use:   "devnet",
		Short: "Serve both embedded chains until Ctrl-C",
		Long: "Devnet runs two Ethereum chains in this process, with real Uniswap contracts, seeded pools, hostile tokens and\n" +
			"prefunded accounts whose keys are public. Everything is in memory and gone at the end.",
		Example: "  # both chains on their usual ports\n  keymaker devnet\n  # on free ports, described for a program\n  keymaker devnet --port-l1 0 --port-l2 0 --json",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runDevnet(cmd.Context(), a, o) },
	}
	cmd.Flags().IntVar(&o.portL1, "port-l1", known.PortL1, "loopback port of the first chain; 0 takes a free one")
	cmd.Flags().IntVar(&o.portL2, "port-l2", known.PortL2, "loopback port of the second chain; 0 takes a free one")
	cmd.Flags().StringVar(&o.artifacts, "artifacts", "", "folder of the contract artifacts (default: the user's cache)")
	return cmd
}

// devnetView is what devnet prints, for people and for programs.
type devnetView struct {
	Schema   int             `json:"schema"`
	Chains   []devnetChain   `json:"chains"`
	Accounts []known.Account `json:"accounts"`
	Tokens   []chain.Listing `json:"tokens"`
}

type devnetChain struct {
	Key       string                            `json:"key"`
	Name      string                            `json:"name"`
	ChainID   uint64                            `json:"chain_id"`
	URL       string                            `json:"url"`
	Contracts map[known.Contract]common.Address `json:"contracts"`
}

func runDevnet(ctx context.Context, a *app, o devnetOptions) error {
	fmt.Fprintln(a.streams.Err, "starting two chains and deploying the contracts …")
	d, err := devnet.Start(ctx, devnet.Options{PortL1: o.portL1, PortL2: o.portL2, Artifacts: o.artifacts})
	if err != nil {
		return err
	}
	if err := printDevnet(a, describeDevnet(d)); err != nil {
		return err
	}
	<-ctx.Done()
	fmt.Fprintln(a.streams.Err, "\nstopping")
	return d.Close()
}

func describeDevnet(d *devnet.Devnet) devnetView {
	v := devnetView{Schema: 1, Accounts: d.Accounts(), Tokens: d.Tokens()}
	for _, n := range d.Networks() {
		v.Chains = append(v.Chains, devnetChain{n.Key, n.Name, n.ChainID, n.RPC[0], d.Addresses(n.ChainID)})
	}
	return v
}

func printDevnet(a *app, v devnetView) error {
	if a.json {
		return json.NewEncoder(a.streams.Out).Encode(v)
	}
	w := a.streams.Out
	for _, c := range v.Chains {
		fmt.Fprintf(w, "%s · %s · chain id %d\n  %s\n", c.Key, c.Name, c.ChainID, c.URL)
		printContracts(w, c.Contracts)
	}
	fmt.Fprintln(w, "accounts (10,000 ETH each; the keys are public: never use them elsewhere)")
	for _, acc := range v.Accounts {
		fmt.Fprintf(w, "  %s  %s\n", acc.Address, acc.Key)
	}
	fmt.Fprintln(w, "Ctrl-C stops both chains")
	return nil
}

func printContracts(w io.Writer, all map[known.Contract]common.Address) {
	names := make([]known.Contract, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(w, "    %-28s %s\n", name, all[name])
	}
}
