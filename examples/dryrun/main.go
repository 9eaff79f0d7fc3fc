// Dryrun answers what a call would do before anybody signs it: here one made by hand, as a web page might ask for.
//
// The fork reads the newest block of the network, runs the calls on it in this process, and lists what changes, as read from
// state before and after. No key is needed, any address can be a sender, and nothing is sent.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/chain/fork"
)

func main() {
	log.SetFlags(0)
	if err := start(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// start runs the example on embedded chains.
func start(ctx context.Context, w io.Writer) (err error) {
	d, err := devnet.Start(ctx, devnet.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	_, err = rehearse(ctx, w, d)
	return err
}

// rehearsal is what the dry runs showed.
type rehearsal struct{ signed, robbed, stuck *fork.Effects }

// rehearse runs an approval that a page asks for, then what its spender could do with it, then the sale of a token that can't
// be sold. Calldata is spelled out: a selector, and arguments of 32 bytes.
func rehearse(ctx context.Context, w io.Writer, d *devnet.Devnet) (r rehearsal, err error) {
	network, at := d.Networks()[0], d.Addresses(known.L1)
	client, err := chain.Dial(ctx, network)
	if err != nil {
		return r, err
	}
	defer client.Close()
	f, err := fork.New(ctx, client)
	if err != nil {
		return r, err
	}
	tokens, err := chain.NewRegistry(d.Tokens()...)
	if err != nil {
		return r, err
	}
	you, page := d.Accounts()[0].Address, d.Accounts()[9].Address
	show := teller{w, network, tokens, map[common.Address]string{you: "you", page: "the page"}}

	approve := call(you, at[known.USDC], "095ea7b3", word(page), strings.Repeat("f", 64))
	if r.signed, err = f.Apply(ctx, []fork.Tx{{Call: approve}}); err != nil {
		return r, err
	}
	show.effects("You sign the approval that the page asks for", r.signed)

	take := call(page, at[known.USDC], "23b872dd", word(you), word(page), number(50_000_000_000))
	if r.robbed, err = f.Simulate(ctx, []fork.Tx{{Call: take}}); err != nil {
		return r, err
	}
	show.effects("After that, the page can do this without asking", r.robbed)

	found, err := f.CallContract(ctx, call(you, at[known.V2Factory], "e6a43905", word(at[known.MOON]), word(at[known.WETH])))
	if err != nil {
		return r, err
	}
	pool := common.BytesToAddress(found)
	sell := call(you, at[known.MOON], "a9059cbb", word(pool), number(1))
	if r.stuck, err = f.Simulate(ctx, []fork.Tx{{Call: sell}}); err != nil {
		return r, err
	}
	show.effects("You sell the smallest piece of a MOON", r.stuck)
	return r, nil
}

// call is a message on the first devnet with calldata in hex.
func call(from, to common.Address, selector string, words ...string) chain.Call {
	return chain.Call{ChainID: known.L1, From: from, To: &to, Data: hexutil.MustDecode("0x" + selector + strings.Join(words, ""))}
}

func word(a common.Address) string { return fmt.Sprintf("%064x", a[:]) }

func number(n uint64) string { return fmt.Sprintf("%064x", n) }

// teller tells effects with names for addresses.
type teller struct {
	w       io.Writer
	network chain.Network
	tokens  *chain.Registry
	people  map[common.Address]string
}

func (t teller) effects(title string, e *fork.Effects) {
	fmt.Fprintf(t.w, "\n%s\n", title)
	for _, tx := range e.Txs {
		if !tx.Success { // an error of the contract's own is known by its first four bytes
			fmt.Fprintf(t.w, "  it reverts with the error %.10q\n", tx.Revert)
		}
	}
	for _, c := range e.Allowances {
		fmt.Fprintf(t.w, "  %s may move of %s: %s → %s\n", t.name(c.Spender), t.name(c.Owner), t.amount(c.Asset, c.Before), t.amount(c.Asset, c.After))
	}
	for _, c := range e.Balances {
		fmt.Fprintf(t.w, "  %s: %s → %s\n", t.name(c.Account), t.amount(c.Asset, c.Before), t.amount(c.Asset, c.After))
	}
	for _, u := range e.Unknown {
		fmt.Fprintf(t.w, "  not known: %q\n", u)
	}
}

func (t teller) name(a common.Address) string {
	if name, ok := t.people[a]; ok {
		return name
	}
	return a.Hex()
}

// amount tells a quantity in its token; more than any token has is no quantity but a blank cheque.
func (t teller) amount(asset common.Address, raw uint256.Int) string {
	token := t.network.Native
	if l, ok := t.tokens.Address(t.network.ChainID, asset); ok {
		token = l.Token
	}
	if raw.BitLen() > 128 {
		return "all " + token.Symbol + ", without limit"
	}
	return chain.NewAmount(&raw, token).String()
}
