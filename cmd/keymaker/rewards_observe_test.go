package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/params"
	"github.com/holiman/uint256"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/contracts/bindings"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Scripts about what the chain says have a chain of their own, on which somebody founded a subnet and staked in epoch 3, which is over.
func TestObserveScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/observe",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("KEYMAKER_HOME", filepath.Join(env.WorkDir, "home"))
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("TERM", "dumb")
			d := devnettest.Start(t)
			if err := furnish(env, d); err != nil {
				return err
			}
			return newHamlet(t, d).furnish(env)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"field": field, "code": code, "person": person},
	})
}

// stuck is an endpoint that gives the logs of few blocks at once, and after some of them no more.
func stuck(t *testing.T, behind string) string {
	t.Helper()
	var asked atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if bytes.Contains(body, []byte("eth_getLogs")) {
			switch n := asked.Add(1); {
			case n > 15:
				<-r.Context().Done()
				return
			case n <= 12: // 10,000 blocks become two
				w.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(w, `{"jsonrpc":"2.0","id":`+idOf(body)+`,"error":{"code":-32602,"message":"too many blocks"}}`)
				return
			}
		}
		answer, err := http.Post(behind, "application/json", bytes.NewReader(body))
		if err != nil {
			http.Error(w, "down", http.StatusInternalServerError)
			return
		}
		defer answer.Body.Close()
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.Copy(w, answer.Body)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// idOf is the id of a call.
func idOf(body []byte) string {
	var ask struct{ ID json.RawMessage }
	_ = json.Unmarshal(body, &ask)
	return string(ask.ID)
}

func TestObservingIsStoppedAndLeavesNothing(t *testing.T) {
	h := newHouse(t, "keymaker")
	h.env = append(h.env, "TMPDIR="+h.dir+"/tmp")
	if err := os.Mkdir(h.dir+"/tmp", 0o700); err != nil {
		t.Fatal(err)
	}
	screen, code := h.stop(pressCtrlC, `block \d+ of \d+`, "rewards", "observe", "--epoch", "2", "--rpc", stuck(t, h.net.Networks()[0].RPC[0]))
	if code != 130 || !strings.Contains(screen, "interrupted") || strings.Contains(screen, `"kind"`) {
		t.Errorf("exit code %d:\n%s", code, screen)
	}
	if left, err := os.ReadDir(h.dir + "/tmp"); err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}

// hamlet is the first embedded chain, and what was burned on it for a transfer.
type hamlet struct {
	testing.TB
	net    *devnet.Devnet
	client *chain.Client
	start  emission.Time // of epoch 0
	tool   usage.Entry
}

func newHamlet(t testing.TB, d *devnet.Devnet) *hamlet {
	t.Helper()
	h := &hamlet{TB: t, net: d}
	var err error
	if h.client, err = chain.Dial(t.Context(), d.Networks()[0]); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.client.Close)
	at, founder := known.Rewards(known.L1), d.Accounts()[0]
	proof, err := known.Claims(known.L1).Proof(founder.Address)
	if err != nil {
		t.Fatal(err)
	}
	path := make([][32]byte, len(proof.Path))
	for i, p := range proof.Path {
		path[i] = p
	}
	wei := func(n int64) *big.Int { return new(big.Int).Mul(big.NewInt(n), big.NewInt(params.Ether)) }
	var subnet, provider common.Hash
	copy(subnet[:], founder.Address[:])
	copy(provider[12:], d.Accounts()[7].Address[:])
	stakes := bindings.NewStakes()
	h.send(at.Distributor, bindings.NewDistributor().PackClaim(founder.Address, proof.Amount.ToBig(), path))
	h.send(at.Key, bindings.NewKey().PackApprove(at.Subnets, wei(10)))
	h.send(at.Key, bindings.NewKey().PackApprove(at.Stakes, wei(500)))
	h.send(at.Subnets, bindings.NewSubnets().PackRegister(subnet, d.Accounts()[5].Address, big.NewInt(7)))
	h.send(at.Stakes, stakes.PackStake(subnet, wei(50), 0))
	h.send(at.Stakes, stakes.PackStake(provider, wei(30), 0))
	used := h.send(d.Accounts()[1].Address, nil)
	block, err := h.client.HeaderAt(t.Context(), used.BlockNumber.Uint64())
	if err != nil {
		t.Fatal(err)
	}
	h.tool = usage.Entry{
		Kind: usage.Tool, At: emission.Time(block.Time), Name: []byte("transfer"), Earner: author, Other: founder.Address,
		Chain: known.L1, Subject: used.TxHash,
	}
	h.tool.Amount.Mul(&block.BaseFee, uint256.NewInt(used.GasUsed))
	if err := d.AdjustTime(known.L1, 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	distributor := bindings.NewDistributor()
	out, err := h.client.CallContract(t.Context(), chain.Call{To: &at.Distributor, Data: distributor.PackStart()})
	if err != nil {
		t.Fatal(err)
	}
	start, err := distributor.UnpackStart(out)
	if err != nil {
		t.Fatal(err)
	}
	h.start = emission.Time(start)
	return h
}

func (h *hamlet) send(to common.Address, data []byte) *types.Receipt {
	h.Helper()
	r := devnettest.Send(h, h.net, h.net.Accounts()[0], chain.Call{ChainID: known.L1, To: &to, Data: data})
	if r.Status != types.ReceiptStatusSuccessful {
		h.Fatalf("a transaction to %s reverts", to)
	}
	return r
}

// furnish writes the example's rules with the chain's epochs, and somebody's ledger: a tool's use as it was, with a wei too much, on a
// chain that does not run, on one that nobody knows, and a stake that is made up.
func (h *hamlet) furnish(env *testscript.Env) error {
	example, err := os.ReadFile("../../rewards/rules/example.toml")
	if err != nil {
		return err
	}
	schedule, err := os.ReadFile("../../rewards/emission/morpheus.toml")
	if err != nil {
		return err
	}
	moved := strings.Replace(string(schedule), "2024-02-08T12:00:00Z", momentOf(h.start).UTC, 1)
	text := []byte(strings.Replace(string(example), `"morpheus"`, "'''\n"+moved+"'''", 1))
	r, err := rules.Read(text)
	if err != nil {
		return err
	}
	w := &writer{rules: r}
	more, idle, unknown := h.tool, h.tool, h.tool
	more.Amount.AddUint64(&more.Amount, 1)
	idle.Chain, unknown.Chain = 31338, 424242
	from := h.start + 3*86400
	madeUp := usage.Entry{Kind: usage.Stake, At: from, To: from + 1, Subnet: common.Hash{1}, Earner: author, Amount: *uint256.NewInt(1)}
	w.says(1, &h.tool, &more, &idle, &unknown, &madeUp)
	var b bytes.Buffer
	if err := usage.Write(context.Background(), &b, &w.ledger, usage.Range{To: 1 << 40}); err != nil {
		return err
	}
	return writeAll(env.WorkDir, map[string][]byte{"rules.toml": text, "example.toml": example, "tools.ndjson": b.Bytes()})
}

func writeAll(dir string, files map[string][]byte) error {
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			return err
		}
	}
	return nil
}
