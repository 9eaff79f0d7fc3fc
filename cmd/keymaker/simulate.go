package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/internal/cli/show"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

type simulateOptions struct {
	from, to, value, data string
}

func newSimulateCmd(a *app) *cobra.Command {
	var o simulateOptions
	cmd := &cobra.Command{
		Use:   "simulate",
		Short: "Run a call on a fork of the network and show what it would change",
		Long:  "Simulate needs no key: any address can be the sender. Nothing is signed and nothing is sent.",
		Example: "  # a plain transfer of one ether\n  keymaker simulate --to 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --value 1\n" +
			"  # any call, from any account\n  keymaker simulate --from 0x7099… --to 0xA0b8… --data 0xa9059cbb… --json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runSimulate(cmd.Context(), a, o) },
	}
	cmd.Flags().StringVar(&o.from, "from", "", "sender (default: the wallet's account)")
	cmd.Flags().StringVar(&o.to, "to", "", "called contract or recipient; empty creates a contract from --data")
	cmd.Flags().StringVar(&o.value, "value", "0", "native coin to send, in whole coins")
	cmd.Flags().StringVar(&o.data, "data", "0x", "calldata, in hex")
	return cmd
}

type simulateView struct {
	Schema  int           `json:"schema"`
	Effects *fork.Effects `json:"effects"`
}

func runSimulate(ctx context.Context, a *app, o simulateOptions) (err error) {
	k, err := a.open(modelOptions{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.Close()) }()
	n, err := k.Network()
	if err != nil {
		return err
	}
	call, err := o.call(n, k.Account())
	if err != nil {
		return err
	}
	f, err := k.Fork(ctx, n)
	if err != nil {
		return err
	}
	effects, err := f.Simulate(ctx, []fork.Tx{{Call: call}})
	if err != nil {
		return err
	}
	if a.json {
		err = json.NewEncoder(a.streams.Out).Encode(simulateView{1, effects})
	} else {
		printEffects(k, n, call, effects)
	}
	if err == nil && !effects.OK() {
		return refusal.New(refusal.Reverted, "the call reverts: %s", effects.Txs[0].Revert)
	}
	return err
}

func (o simulateOptions) call(n chain.Network, account common.Address) (chain.Call, error) {
	value, err := chain.ParseAmount(o.value, n.Native)
	if err != nil {
		return chain.Call{}, refusal.New(refusal.Usage, "--value %q is no amount of %s", o.value, n.Native.Symbol).Because(err)
	}
	data, err := hexutil.Decode(o.data)
	if err != nil {
		return chain.Call{}, refusal.New(refusal.Usage, "--data is no hex").Because(err)
	}
	call := chain.Call{ChainID: n.ChainID, From: account, Value: value.Raw, Data: data}
	if o.from != "" {
		if call.From, err = address("--from", o.from); err != nil {
			return chain.Call{}, err
		}
	}
	if call.From == (common.Address{}) {
		return chain.Call{}, refusal.New(refusal.Usage, "there is no account to call from").WithHint("name one with --from")
	}
	if o.to == "" {
		return call, nil
	}
	to, err := address("--to", o.to)
	call.To = &to
	return call, err
}

func address(flag, word string) (common.Address, error) {
	if !common.IsHexAddress(word) {
		return common.Address{}, refusal.New(refusal.BadAddress, "%s %q is no address", flag, word)
	}
	return common.HexToAddress(word), nil
}

func printEffects(k *opened, n chain.Network, call chain.Call, effects *fork.Effects) {
	block := show.Effects(&wallet.Prepared{
		Proposal: wallet.Proposal{Network: n, Account: call.From, Calls: []chain.Call{call}},
		Effects:  effects,
	}, k.names())
	for _, line := range block.Text(k.app.streams.Width(), show.KeepWords) {
		fmt.Fprintln(k.app.streams.Out, line)
	}
}
