package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/chain/fork"
)

func TestADryRunTellsWhatAHandMadeCallWouldDo(t *testing.T) {
	d := devnettest.Start(t)
	usdc, you, page := d.Addresses(known.L1)[known.USDC], d.Accounts()[0].Address, d.Accounts()[9].Address
	var out bytes.Buffer
	r, err := rehearse(t.Context(), &out, d)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(out.String())

	if len(r.signed.Allowances) != 1 {
		t.Fatalf("the approval changes the allowances %+v", r.signed.Allowances)
	}
	var all uint256.Int
	all.SetAllOne()
	want := fork.AllowanceChange{Owner: you, Spender: page, Asset: usdc, After: all}
	if got := r.signed.Allowances[0]; got != want {
		t.Errorf("the approval does %+v, not %+v", got, want)
	}
	for account, moved := range map[common.Address][2]uint64{you: {50_000_000_000, 0}, page: {0, 50_000_000_000}} {
		before, after, ok := change(r.robbed, account, usdc)
		if !ok || !before.Eq(uint256.NewInt(moved[0])) || !after.Eq(uint256.NewInt(moved[1])) {
			t.Errorf("the USDC of %s go from %s to %s", account, before.Dec(), after.Dec())
		}
	}
	notVested := hexutil.Encode(crypto.Keccak256([]byte("NotVested(address,uint256,uint256)"))[:4])
	if r.stuck.OK() || !strings.HasPrefix(r.stuck.Txs[0].Revert, notVested) {
		t.Errorf("the sale of a honeypot ends with %+v", r.stuck.Txs[0])
	}
	for _, told := range []string{"the page may move of you: 0 USDC → all USDC, without limit", "it reverts with the error \"" + notVested} {
		if !strings.Contains(out.String(), told) {
			t.Errorf("nothing is told of %q", told)
		}
	}
}

func TestADryRunLeavesTheChainAsItWas(t *testing.T) {
	d := devnettest.Start(t)
	client, err := chain.Dial(t.Context(), d.Networks()[0])
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	before, err := client.Header(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rehearse(t.Context(), new(bytes.Buffer), d); err != nil {
		t.Fatal(err)
	}
	after, err := client.Header(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if after != before {
		t.Errorf("the newest block was %+v and is %+v", before, after)
	}
}

func change(e *fork.Effects, account, asset common.Address) (before, after uint256.Int, ok bool) {
	for _, c := range e.Balances {
		if c.Account == account && c.Asset == asset {
			return c.Before, c.After, true
		}
	}
	return before, after, false
}
