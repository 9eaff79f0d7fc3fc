package keymaker

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/google/go-cmp/cmp"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/internal/ledger"
	"github.com/keymaker-agent/keymaker/internal/store"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
	"github.com/keymaker-agent/keymaker/wallet"
)

// node is what an endpoint of the embedded network says of the one transaction that the tests are about.
type node struct {
	genesis byte   // of the hash of block 0
	head    uint64 // newest block
	block   uint64 // of the receipt; zero: there is none
	hash    byte   // of the block that the receipt names
	gas     uint64
	status  uint64
	time    uint64
	baseFee string
}

func (n *node) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var q struct {
		ID     json.RawMessage
		Method string
		Params []json.RawMessage
	}
	_ = json.NewDecoder(r.Body).Decode(&q)
	result := "null"
	switch q.Method {
	case "eth_chainId":
		result = `"0x7a69"`
	case "eth_getBlockByNumber":
		number := n.head
		if _, err := fmt.Sscanf(string(q.Params[0]), `"0x%x"`, &number); err != nil {
			number = n.head // latest
		}
		hash := n.genesis
		if number > 0 {
			hash = byte(number)
		}
		result = fmt.Sprintf(`{"number":"0x%x","hash":"0x%064x","timestamp":"0x%x","baseFeePerGas":%q}`, number, hash, n.time, n.baseFee)
	case "eth_getTransactionReceipt":
		if n.block > 0 {
			result = fmt.Sprintf(`{"transactionHash":%s,"blockHash":"0x%064x","blockNumber":"0x%x","gasUsed":"0x%x","status":"0x%x"}`,
				q.Params[0], n.hash, n.block, n.gas, n.status)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":%s}`, q.ID, result)
}

// mined is a node that has the transaction as the journal has it.
func mined() *node {
	return &node{genesis: 1, head: 7, block: 7, hash: 7, gas: 21_000, status: 1, time: 1_707_400_000, baseFee: "0x3"}
}

// journaled is an agent whose journal has one step of one transaction: mined in block 7 with 21000 gas, on a chain that begins with a
// block of hash 1.
func journaled(t *testing.T, endpoint, rewards string) *Agent {
	t.Helper()
	home := t.TempDir()
	config := fmt.Sprintf("[networks.devnet]\nrpc = [%q]\n[rewards]\n%s", endpoint, rewards)
	if err := os.WriteFile(filepath.Join(home, "config.toml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := Open(Options{Home: home, Clock: func() time.Time { return time.Unix(1_707_500_000, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	ctx := t.Context()
	now := time.Unix(1_707_400_000, 0)
	approved, err := json.Marshal(agent.Event{Schema: 1, Type: agent.Approved, Step: 1, Text: common.Hash{5}.Hex()})
	if err != nil {
		t.Fatal(err)
	}
	tx := &wallet.Tx{State: wallet.Reserved, Unsigned: []byte{2}}
	for _, do := range []func() error{
		func() error { return a.store.StartRun(ctx, store.Run{ID: "run", FrontEnd: "test", Started: now}) },
		func() error {
			return a.store.AddStep(ctx, store.Step{Run: "run", Number: 1, Action: "swap", Tool: "swap", Author: "keymaker", Version: "1"})
		},
		func() error { return a.store.Append(ctx, "run", 1, string(agent.Approved), approved) },
		func() error {
			return a.store.Reserve(ctx, &wallet.Sequence{
				Approval: wallet.Approval{Digest: common.Hash{5}}, Run: "run", ChainID: 31337, Genesis: common.Hash{31: 1},
				Account: common.Address{9}, At: now, Txs: []*wallet.Tx{tx},
			})
		},
		func() error { return a.store.Move(ctx, tx, wallet.Sign, now) },
		func() error { return a.store.Move(ctx, tx, wallet.Send, now) },
		func() error {
			tx.Hash = common.Hash{6}
			tx.Receipt = &wallet.Receipt{Tx: tx.Hash, State: wallet.Mined, Block: 7, GasUsed: 21_000}
			return a.store.Move(ctx, tx, wallet.Include, now)
		},
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

const paysBoth = `authors = { keymaker = "0x00000000000000000000000000000000000000c1" }
front = "terminal"
subnet = "0x5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b"
`

func usageAt(t *testing.T, a *Agent) *ledger.Ledger {
	t.Helper()
	r := rules.Example()
	l, err := ledger.Open(t.Context(), filepath.Join(t.TempDir(), "usage.db"), Calendar(&r), a.options.Clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func TestWhatWasBurnedIsGasTimesTheBaseFeeOfTheBlock(t *testing.T) {
	server := httptest.NewServer(mined())
	defer server.Close()
	a := journaled(t, server.URL, paysBoth)
	l := usageAt(t, a)
	key, err := ledger.MakeKey(filepath.Join(t.TempDir(), "reporter.key"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []Fed{{Entries: 2}, {}} {
		if got, err := a.Feed(t.Context(), l, key.Address()); err != nil || got != want {
			t.Errorf("fed %+v, %v, want %+v", got, err, want)
		}
	}
	cut, _, err := l.Cut(t.Context(), key)
	if err != nil || len(cut) != 1 {
		t.Fatal(cut, err)
	}
	s, err := l.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	var r usage.Reader
	err = r.Walk(context.Background(), s, &cut[0], usage.Ever, func(_ usage.ID, e *usage.Entry) error {
		line, err := usage.AppendEntry(nil, e)
		lines = append(lines, strings.Replace(string(line), fmt.Sprintf("%x", e.Ref), "REF", 1))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	const tail = `"user":"0x0900000000000000000000000000000000000000","chain":31337,` +
		`"transaction":"0x0600000000000000000000000000000000000000000000000000000000000000","burned":"63000"}`
	want := []string{
		`{"kind":"tool","at":1707400000,"ref":"0xREF","tool":"swap","author":"0x00000000000000000000000000000000000000c1",` + tail,
		`{"kind":"front","at":1707400000,"ref":"0xREF","front":"terminal","subnet":"0x` + strings.Repeat("5b", 32) + `",` + tail,
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
}

func TestWhatTheChainDoesNotConfirmIsNotToldAndMayBeLater(t *testing.T) {
	for says, c := range map[string]struct {
		change func(*node)
		want   Fed
	}{
		"no receipt":                       {func(n *node) { n.block = 0 }, Fed{Gone: 1}},
		"a receipt of another block":       {func(n *node) { n.block, n.hash = 6, 6 }, Fed{Gone: 1}},
		"other gas than the journal has":   {func(n *node) { n.gas++ }, Fed{Gone: 1}},
		"a receipt of failure":             {func(n *node) { n.status = 0 }, Fed{Gone: 1}},
		"another chain of the same number": {func(n *node) { n.genesis = 2 }, Fed{Gone: 1}},
		"a block that was replaced":        {func(n *node) { n.hash = 8 }, Fed{Waiting: 1}},
		"a block that is not there yet":    {func(n *node) { n.head = 6 }, Fed{Waiting: 1}},
		"a time before the first epoch":    {func(n *node) { n.time = 7 }, Fed{Late: 2}},
		"a time that is still to come":     {func(n *node) { n.time = 1_800_000_000 }, Fed{Late: 2}},
		"a base fee beyond all numbers":    {func(n *node) { n.baseFee = "0x" + strings.Repeat("f", 64) }, Fed{Waiting: 1}},
		"more burned than a line can hold": {func(n *node) { n.baseFee = "0x" + strings.Repeat("f", 32) }, Fed{Unsaid: 2}},
	} {
		t.Run(says, func(t *testing.T) {
			n := mined()
			c.change(n)
			server := httptest.NewServer(n)
			defer server.Close()
			a := journaled(t, server.URL, paysBoth)
			l := usageAt(t, a)
			got, err := a.Feed(t.Context(), l, common.Address{1})
			if got != c.want || err != nil {
				t.Errorf("fed %+v, %v", got, err)
			}
			*n = *mined()
			if got, err := a.Feed(t.Context(), l, common.Address{1}); err != nil || got.Entries != 2 {
				t.Errorf("when the chain has it: %+v, %v", got, err)
			}
		})
	}
}

func TestANetworkThatDoesNotAnswerIsWaitedFor(t *testing.T) {
	server := httptest.NewServer(mined())
	a := journaled(t, server.URL, paysBoth)
	server.Close()
	if got, err := a.Feed(t.Context(), usageAt(t, a), common.Address{1}); err != nil || got != (Fed{Waiting: 1}) {
		t.Errorf("fed %+v, %v", got, err)
	}
}

func TestWhoIsNotPaidIsNotAskedFor(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer server.Close()
	a := journaled(t, server.URL, `authors = { somebody = "0x00000000000000000000000000000000000000c1" }`)
	if got, err := a.Feed(t.Context(), usageAt(t, a), common.Address{1}); err != nil || got != (Fed{}) || asked != 0 {
		t.Errorf("fed %+v, %v, %d questions", got, err, asked)
	}
}
