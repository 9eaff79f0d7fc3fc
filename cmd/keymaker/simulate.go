package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
	"github.com/keymaker-agent/keymaker/chain/signatures"
	"github.com/keymaker-agent/keymaker/internal/cli/show"
	"github.com/keymaker-agent/keymaker/refusal"
)

type simulateOptions struct {
	subject, bundle       string // a hash or a signed transaction; a file
	from, to, value, data string
	rpc, block            string
	abis                  []string
	cache                 bool
}

func newSimulateCmd(a *app) *cobra.Command {
	var o simulateOptions
	cmd := &cobra.Command{
		Use:   "simulate [HASH|SIGNED]",
		Short: "Run transactions on a fork and show what they would change, or what a past one did",
		Long: "Simulate needs no key: any address can be the sender. Nothing is signed and nothing is sent. It runs a call that the\n" +
			"flags describe, a signed transaction (hex), a bundle of transactions from a file, or once more a past transaction that\n" +
			"HASH names, in the block where it was.",
		Example: "  # a plain transfer of one ether\n  keymaker simulate --to 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --value 1\n" +
			"  # any call, from any account\n  keymaker simulate --from 0x7099… --to 0xA0b8… --data 0xa9059cbb… --json\n" +
			"  # what did this do?\n  keymaker simulate 0x5c50… --rpc http://127.0.0.1:8545\n" +
			"  # one after the other: a JSON list of signed transactions, or of objects as eth_sendTransaction takes them\n  keymaker simulate --bundle txs.json",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.subject = args[0]
			}
			return runSimulate(cmd.Context(), a, o)
		},
	}
	cmd.Flags().StringVar(&o.bundle, "bundle", "", "file with a JSON list of transactions; - is standard input")
	cmd.Flags().StringVar(&o.from, "from", "", "sender (default: the wallet's account)")
	cmd.Flags().StringVar(&o.to, "to", "", "called contract or recipient; empty creates a contract from --data")
	cmd.Flags().StringVar(&o.value, "value", "0", "native coin to send, in whole coins")
	cmd.Flags().StringVar(&o.data, "data", "0x", "calldata, in hex")
	cmd.Flags().StringVar(&o.rpc, "rpc", "", "endpoint to stand on (default: the network in use)")
	cmd.Flags().StringVar(&o.block, "block", "", "number or hash of the block to stand on (default: the newest)")
	cmd.Flags().StringArrayVar(&o.abis, "abi", nil, "file with a contract's ABI, whose names count first; repeat for more")
	cmd.Flags().BoolVar(&o.cache, "cache", false, "keep what is read of the block on the disk, for the next run on it")
	for _, flag := range []string{"from", "to", "value", "data"} {
		cmd.MarkFlagsMutuallyExclusive("bundle", flag)
	}
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
	at, err := blockFlag(o.block)
	if err != nil {
		return err
	}
	book, err := o.signatures(a.streams.In)
	if err != nil {
		return err
	}
	c, err := a.endpoint(ctx, o.rpc)
	if err != nil {
		return err
	}
	defer c.Close()
	id, err := c.ChainID(ctx)
	if err != nil {
		return err
	}
	n := c.network(id)
	how := []fork.Option{fork.WithSignatures(book)}
	if o.cache {
		if kept := a.openCache(); kept != nil {
			defer a.closeCache(kept)
			how = append(how, fork.WithCache(kept))
		}
	}
	effects, err := o.simulate(ctx, k, c.Client, n, at, how)
	if err != nil {
		return err
	}
	if a.json {
		err = json.NewEncoder(a.streams.Out).Encode(simulateView{1, effects})
	} else {
		printSimulation(k, n, effects)
	}
	if failed := slices.IndexFunc(effects.Txs, func(tx fork.TxResult) bool { return !tx.Success }); err == nil && failed >= 0 {
		return refusal.New(refusal.Reverted, "transaction %d reverts: %s", failed+1, effects.Txs[failed].Revert)
	}
	return err
}

// simulate runs what the options name.
func (o simulateOptions) simulate(ctx context.Context, k *opened, c *chain.Client, n chain.Network, at pinned.At, how []fork.Option) (*fork.Effects, error) {
	if o.subject != "" && o.bundle != "" {
		return nil, refusal.New(refusal.Usage, "either a transaction or a bundle is simulated, not both")
	}
	if hash, ok := hashWord(o.subject); ok {
		return fork.Past(ctx, c, hash, how...)
	}
	txs, err := o.transactions(k, n)
	if err != nil {
		return nil, err
	}
	f, err := fork.New(ctx, c, append(how, fork.WithBlock(at), fork.WithBlockTime(n.BlockTime))...)
	if err != nil {
		return nil, err
	}
	return f.Simulate(ctx, txs)
}

func (o simulateOptions) transactions(k *opened, n chain.Network) ([]fork.Tx, error) {
	switch {
	case o.subject != "":
		raw, err := hexutil.Decode(o.subject)
		if err != nil {
			return nil, refusal.New(refusal.Usage, "%q is neither a transaction's hash nor a signed transaction", o.subject).
				WithHint("a hash has 0x and 64 hex digits; a signed transaction is longer").Because(err)
		}
		tx, err := fork.ParseTx(raw)
		if err != nil {
			return nil, refusal.New(refusal.Usage, "%v", err)
		}
		return []fork.Tx{tx}, nil
	case o.bundle != "":
		text, err := readFile(k.app.streams.In, o.bundle)
		if err != nil {
			return nil, err
		}
		txs, err := fork.ParseBundle(text, n.ChainID)
		if err != nil {
			return nil, refusal.New(refusal.Usage, "%v", err)
		}
		return txs, nil
	}
	call, err := o.call(n, k.Account())
	return []fork.Tx{{Call: call}}, err
}

// signatures are the names that are known, with those of the user's own ABIs.
func (o simulateOptions) signatures(stdin io.Reader) (*signatures.Book, error) {
	book := signatures.Known()
	for _, file := range o.abis {
		text, err := readFile(stdin, file)
		if err != nil {
			return nil, err
		}
		if book, err = book.With(text); err != nil {
			return nil, refusal.New(refusal.Usage, "%s is no ABI", file).Because(err)
		}
	}
	return book, nil
}

// largestFile is the most bytes that a file of transactions or an ABI may have.
const largestFile = 32 << 20

// readFile reads a file, or standard input where it is named -.
func readFile(stdin io.Reader, name string) ([]byte, error) {
	in := stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, refusal.New(refusal.Usage, "%v", err)
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, largestFile+1))
	if err == nil && len(text) > largestFile {
		err = fmt.Errorf("more than %d bytes", largestFile)
	}
	if err != nil {
		return nil, refusal.New(refusal.Usage, "%s can't be read", name).Because(err)
	}
	return text, nil
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

func printSimulation(k *opened, n chain.Network, effects *fork.Effects) {
	for i, block := range show.Simulation(effects, n, k.names()) {
		if i > 0 {
			fmt.Fprintln(k.app.streams.Out)
		}
		for _, line := range block.Text(k.app.streams.Width(), show.KeepWords) {
			fmt.Fprintln(k.app.streams.Out, line)
		}
	}
}
