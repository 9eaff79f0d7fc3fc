package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/accounts/abi/bind"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/contracts/bindings"
	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/rewards/rules"
)

// proposer is the devnet's deployer, who may propose roots to the distributor.
type proposer struct {
	*testing.T
	client *ethclient.Client
}

func (p proposer) send(to common.Address, data []byte) {
	p.Helper()
	ctx := p.Context()
	key := known.DeployerKey(known.L1)
	from := known.Deployer(known.L1)
	nonce, err := p.client.PendingNonceAt(ctx, from)
	if err != nil {
		p.Fatal(err)
	}
	gas, err := p.client.EstimateGas(ctx, ethereum.CallMsg{From: from, To: &to, Data: data})
	if err != nil {
		p.Fatal(err)
	}
	tx, err := types.SignNewTx(key, types.LatestSignerForChainID(new(big.Int).SetUint64(known.L1)), &types.DynamicFeeTx{
		ChainID: new(big.Int).SetUint64(known.L1), Nonce: nonce, To: &to, Data: data, Gas: 2 * gas, GasFeeCap: big.NewInt(100e9), GasTipCap: big.NewInt(1e9),
	})
	if err == nil {
		err = p.client.SendTransaction(ctx, tx)
	}
	if err != nil {
		p.Fatal(err)
	}
	if receipt, err := bind.WaitMined(ctx, p.client, tx); err != nil || receipt.Status != types.ReceiptStatusSuccessful {
		p.Fatalf("%v, %v", receipt, err)
	}
}

// rulesFrom are the example's, with the epochs of a distributor, and with all of the code's bucket for tools.
func rulesFrom(t *testing.T, start uint64) string {
	t.Helper()
	schedule, err := os.ReadFile("../../rewards/emission/morpheus.toml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../rewards/rules/example.toml")
	if err != nil {
		t.Fatal(err)
	}
	var own strings.Builder
	for line := range strings.Lines(string(schedule)) {
		if strings.HasPrefix(line, "start") {
			line = "start = " + time.Unix(int64(start), 0).UTC().Format(time.RFC3339) + "\n"
		}
		own.WriteString(line)
	}
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		switch {
		case strings.HasPrefix(line, "schedule"):
			line = "schedule = '''\n" + own.String() + "'''\n"
		case strings.HasPrefix(line, "tool "):
			line = "tool = [\"0x7e5f4552091a69125d5dfcb7b8c2659029395bdf\"]\n" // the first of the writer's reporters
		case strings.HasPrefix(line, "code "):
			line = "code = { works = 0, tools = 10000 }\n"
		case strings.HasPrefix(line, "most   = 2500"):
			line = "most = 10000\n"
		}
		b.WriteString(line)
	}
	return b.String()
}

func TestARootOnTheChainIsHeldAgainstTheLedger(t *testing.T) {
	d, err := devnet.Start(context.Background(), devnet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	home := t.TempDir()
	config := fmt.Sprintf("[networks.devnet]\nrpc = [%q]\n", d.Networks()[0].RPC[0])
	file := func(name, text string) string {
		path := filepath.Join(home, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	file("config.toml", config)
	keymaker := func(args ...string) (code int, out, failed string) {
		streams, stdout, stderr := cli.Buffers(strings.NewReader(""))
		code = run(append(args, "--home", home), streams, nil)
		return code, stdout.String(), stderr.String()
	}
	client, err := ethclient.Dial(d.Networks()[0].RPC[0])
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	at, abi := known.Rewards(known.L1), bindings.NewDistributor()
	answer, err := client.CallContract(t.Context(), ethereum.CallMsg{To: &at.Distributor, Data: abi.PackStart()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	start, err := abi.UnpackStart(answer)
	if err != nil {
		t.Fatal(err)
	}
	params := file("rules.toml", rulesFrom(t, start))

	// An author's tool burned so much in epoch 1 that it is paid all of its budget, which is more than the root of epoch 0 pays.
	ledger := func(name string, to common.Address) string {
		w := newWriter()
		if w.rules, err = rules.Read([]byte(rulesFrom(t, start))); err != nil {
			t.Fatal(err)
		}
		use := w.tool(1, to, user, 0)
		use.Amount = *uint256.MustFromDecimal("10000000000000000000000")
		w.says(1, use)
		return file(name, string(w.text(0, 0)))
	}
	good, bad := ledger("good.ndjson", author), ledger("bad.ndjson", other)
	code, out, failed := keymaker("rewards", "settle", "--ledger", good, "--params", params, "--json")
	var v settleView
	if err := json.Unmarshal([]byte(out), &v); code != 0 || err != nil || v.Epoch != 1 {
		t.Fatalf("%d %s %s %v", code, out, failed, err)
	}
	total, _ := new(big.Int).SetString(v.Claims.Total, 10)
	p := proposer{t, client}
	p.send(at.Emission, bindings.NewEmission().PackMint())
	p.send(at.Key, bindings.NewKey().PackApprove(at.Distributor, new(big.Int).Mul(big.NewInt(300), big.NewInt(1e18))))
	p.send(at.Distributor, abi.PackPropose(1, v.Claims.Root, v.Ledger.Root, total))

	for _, c := range []struct {
		says   string
		args   []string
		code   int
		out    string
		failed string
	}{
		{"the ledger that was settled", []string{"--ledger", good, "--params", params}, 0, "claims root  equal", ""},
		{"with its sums", []string{"--ledger", good, "--params", params, "--epoch", "1", "--json"}, 0, `"equal":true,"compared":[{"what":"claims root"`, ""},
		{"and with the rules that were voted for", []string{"--ledger", good, "--params", params}, 0, "governance says 0x", ""},
		{"another ledger", []string{"--ledger", bad, "--params", params}, 5, "claims root  differs", "root_differs|is not what its ledger comes to"},
		{"an epoch with the root of others", []string{"--ledger", good, "--params", params, "--epoch", "0"}, 5, "the distributor's root 0 says 0x", "is not what"},
		{"an epoch without a root", []string{"--ledger", good, "--params", params, "--epoch", "2"}, 2, "", "the distributor has no root of epoch 2"},
		{"other rules", []string{"--ledger", good, "--epoch", "1"}, 2, "", "the distributor has epochs of"},
		{"another network", []string{"--ledger", good, "--params", params, "--network", "ethereum"}, 2, "", "no distributor of Ethereum is known"},
	} {
		code, out, failed := keymaker(append([]string{"rewards", "verify"}, c.args...)...)
		matches := c.failed == ""
		for _, text := range strings.Split(c.failed, "|") {
			matches = matches || strings.Contains(failed, text)
		}
		if code != c.code || !strings.Contains(out, c.out) || !matches {
			t.Errorf("%s: exit code %d\n%s%s", c.says, code, out, failed)
		}
	}

	// Whichever is accepted first is paid, so a right one that is proposed after it hides no false one.
	p.send(at.Distributor, abi.PackPropose(1, common.HexToHash("0xfa15e"), v.Ledger.Root, total))
	p.send(at.Distributor, abi.PackPropose(1, v.Claims.Root, v.Ledger.Root, total))
	for _, asked := range [][]string{nil, {"--json"}} {
		code, out, _ = keymaker(append([]string{"rewards", "verify", "--ledger", good, "--params", params, "--epoch", "1"}, asked...)...)
		if code != 5 || strings.Count(out, "the distributor's root 2") != 1 || strings.Count(out, "fa15e") != 1 || strings.Contains(out, "root 1 ") {
			t.Errorf("%s: exit code %d\n%s", asked, code, out)
		}
	}
}
