package fork

import (
	"context"
	"crypto/ecdsa"
	"encoding/json"
	"maps"
	"math/big"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/eth/ethconfig"
	"github.com/ethereum/go-ethereum/ethclient/simulated"
	"github.com/ethereum/go-ethereum/node"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain"
)

const testChain = 1337

// geth is a real node in the process, as remote.
type geth struct {
	*simulated.Backend
	rpc *rpc.Client
}

func newGeth(t testing.TB) *geth { return newGethWith(t, nil) }

// newGethWith is a node with more contracts.
func newGethWith(t testing.TB, more types.GenesisAlloc) *geth {
	return newGethOf(t, more, func(*params.ChainConfig) {})
}

// shanghai are the rules under which contracts could still be destroyed.
func shanghai(c *params.ChainConfig) { c.CancunTime, c.PragueTime, c.OsakaTime = nil, nil, nil }

// newGethOf is a node with more contracts and older rules.
func newGethOf(t testing.TB, more types.GenesisAlloc, edit func(*params.ChainConfig)) *geth {
	t.Helper()
	alloc := genesisAlloc(t)
	maps.Copy(alloc, more)
	config := *params.AllDevChainProtocolChanges
	config.BogotaTime, config.AmsterdamTime = nil, nil
	edit(&config)
	socket := filepath.Join(t.TempDir(), "geth.ipc")
	backend := simulated.NewBackend(alloc, func(n *node.Config, c *ethconfig.Config) {
		n.IPCPath, n.AllowUnprotectedTxs, c.Genesis.Config = socket, true, &config
	})
	t.Cleanup(func() {
		if err := backend.Close(); err != nil {
			t.Error(err)
		}
	})
	backend.Commit()
	backend.Commit()
	client, err := rpc.Dial(socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return &geth{backend, client}
}

func (g *geth) Call(ctx context.Context, result any, method string, args ...any) error {
	return g.rpc.CallContext(ctx, result, method, args...)
}

func (g *geth) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	return g.rpc.BatchCallContext(ctx, elems)
}

// counter counts what goes to a Source.
type counter struct {
	Source
	mu           sync.Mutex
	trips, calls int
	methods      map[string]int
}

func counting(s Source) *counter { return &counter{Source: s, methods: make(map[string]int)} }

func (c *counter) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	c.mu.Lock()
	c.trips++
	c.calls += len(elems)
	for _, e := range elems {
		c.methods[e.Method]++
	}
	c.mu.Unlock()
	return c.Source.Batch(ctx, elems)
}

func (c *counter) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trips, c.calls = 0, 0
	clear(c.methods)
}

// atDawn is a clock that is always behind the chain.
func atDawn() time.Time { return time.Unix(0, 0) }

func newFork(t testing.TB, src Source) *Fork {
	t.Helper()
	f, err := New(context.Background(), src, WithClock(atDawn), WithBlockTime(1))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func callTo(from, to common.Address, data []byte) Tx {
	return Tx{Call: chain.Call{ChainID: testChain, From: from, To: &to, Data: data}}
}

func simulate(t testing.TB, f *Fork, txs ...Tx) *Effects {
	t.Helper()
	e, err := f.Simulate(context.Background(), txs)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// ok fails the test unless every transaction succeeded and all could be told.
func ok(t testing.TB, e *Effects) {
	t.Helper()
	for i := range e.Txs {
		if !e.Txs[i].Success {
			t.Fatalf("transaction %d: %s", i, e.Txs[i].Revert)
		}
	}
	if len(e.Unknown) > 0 {
		t.Fatalf("unknown: %q", e.Unknown)
	}
}

// balance returns the change of an account's holding, and whether there is one.
func (e *Effects) balance(a common.Address, kind AssetKind, asset common.Address) (BalanceChange, bool) {
	for _, c := range e.Balances {
		if c.Account == a && c.Kind == kind && c.Asset == asset {
			return c, true
		}
	}
	return BalanceChange{}, false
}

func wantBalance(t testing.TB, e *Effects, a common.Address, kind AssetKind, asset common.Address, before, after uint64) {
	t.Helper()
	c, found := e.balance(a, kind, asset)
	if !found || c.Before != num(before) || c.After != num(after) {
		t.Fatalf("%s of %s in %s: want %d -> %d, have %v -> %v\n%s", kind, a, asset, before, after, c.Before, c.After, asJSON(t, e.Balances))
	}
}

func wantAllowance(t testing.TB, e *Effects, want AllowanceChange) {
	t.Helper()
	for _, c := range e.Allowances {
		if c == want {
			return
		}
	}
	t.Fatalf("want %+v\nhave %s", want, asJSON(t, e.Allowances))
}

func toBig(n uint64) *big.Int { return new(big.Int).SetUint64(n) }

// golist is what this package links, tests aside.
func golist(t testing.TB) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// send mines a transaction alone in a block.
func (g *geth) send(t testing.TB, f *Fork, tx Tx) minedReceipt {
	t.Helper()
	ctx := context.Background()
	nonce, err := f.Nonce(ctx, tx.From)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := types.SignNewTx(keyOf(t, tx.From), types.LatestSignerForChainID(toBig(testChain)), &types.DynamicFeeTx{
		ChainID: toBig(testChain), Nonce: nonce, To: tx.To, Value: tx.Value.ToBig(), Data: tx.Data, Gas: tx.Gas,
		GasFeeCap: tx.GasFeeCap.ToBig(), GasTipCap: tx.GasTipCap.ToBig(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Client().SendTransaction(ctx, signed); err != nil {
		t.Fatal(err)
	}
	g.Commit()
	var receipt *minedReceipt
	if err := g.Call(ctx, &receipt, "eth_getTransactionReceipt", signed.Hash()); err != nil || receipt == nil {
		t.Fatal("no receipt", err)
	}
	return *receipt
}

// keyOf is the key of alice or bob.
func keyOf(t testing.TB, a common.Address) *ecdsa.PrivateKey {
	t.Helper()
	for _, seed := range []string{"alice", "bob"} {
		if key := testKey(seed); crypto.PubkeyToAddress(key.PublicKey) == a {
			return key
		}
	}
	t.Fatalf("no key of %s", a)
	return nil
}

func testKey(seed string) *ecdsa.PrivateKey {
	key, err := crypto.ToECDSA(crypto.Keccak256([]byte(seed)))
	if err != nil {
		panic(err)
	}
	return key
}
