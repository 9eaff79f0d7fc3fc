package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
)

func TestTheProgramSignsWhatItsRuleAllowsAndNothingElse(t *testing.T) {
	d := devnettest.Start(t)
	before := look(t, d)
	var out bytes.Buffer
	if err := embed(t.Context(), &out, d, t.TempDir()); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	t.Log(out.String())
	after := look(t, d)

	if after.nonce != before.nonce+1 {
		t.Errorf("%d transactions were sent, one was to be", after.nonce-before.nonce)
	}
	spent := new(uint256.Int).Sub(&before.ether, &after.ether)
	half, most := uint256.MustFromDecimal("500000000000000000"), uint256.MustFromDecimal("510000000000000000")
	if spent.Lt(half) || spent.Gt(most) {
		t.Errorf("%s wei are gone, half an ether and a fee were to be", spent.Dec())
	}
	if gained := new(uint256.Int).Sub(&after.usdc, &before.usdc); gained.Lt(uint256.NewInt(1_400_000_000)) || gained.Gt(uint256.NewInt(1_500_000_000)) {
		t.Errorf("half an ether of 3,000 dollars brought %s units of USDC", gained.Dec())
	}
	if after.dai != before.dai {
		t.Errorf("DAI went from %s to %s", before.dai.Dec(), after.dai.Dec())
	}
	if !after.allowed.IsZero() {
		t.Errorf("the stranger may spend %s", after.allowed.Dec())
	}
}

func TestEverySentenceIsToldItsOutcomeByName(t *testing.T) {
	d := devnettest.Start(t)
	var out bytes.Buffer
	if err := embed(t.Context(), &out, d, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	for sentence, want := range map[string]string{
		"swap 0.5 ETH to USDC":   "receipt    mined in block",
		"swap 2 ETH to DAI":      "refused    declined",
		"approve unlimited USDC": "refused    unlimited_approval",
	} {
		_, told, _ := strings.Cut(out.String(), "> "+sentence)
		told, _, _ = strings.Cut(told, "\n> ")
		if !strings.Contains(told, want) {
			t.Errorf("%q does not tell %q:\n%s", sentence, want, told)
		}
	}
}

// standing is what an account has and has let go of.
type standing struct {
	nonce                     uint64
	ether, usdc, dai, allowed uint256.Int
}

func look(t *testing.T, d *devnet.Devnet) standing {
	t.Helper()
	client, err := chain.Dial(t.Context(), d.Networks()[0])
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	account, at := d.Accounts()[0].Address, d.Addresses(known.L1)
	var s standing
	if s.nonce, err = client.Nonce(t.Context(), account); err != nil {
		t.Fatal(err)
	}
	if s.ether, err = client.Balance(t.Context(), account); err != nil {
		t.Fatal(err)
	}
	view := func(to common.Address, data []byte) uint256.Int {
		ret, err := client.CallContract(t.Context(), chain.Call{ChainID: known.L1, To: &to, Data: data})
		if err != nil {
			t.Fatal(err)
		}
		n, err := chain.UnpackUint(ret)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	s.usdc = view(at[known.USDC], chain.PackBalanceOf(account))
	s.dai = view(at[known.DAI], chain.PackBalanceOf(account))
	s.allowed = view(at[known.USDC], chain.PackAllowance(account, d.Accounts()[9].Address))
	return s
}
