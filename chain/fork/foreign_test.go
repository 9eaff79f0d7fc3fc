package fork

import (
	"context"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/eth"
	"github.com/ethereum/go-ethereum/eth/ethconfig"
	"github.com/ethereum/go-ethereum/eth/tracers"
	_ "github.com/ethereum/go-ethereum/eth/tracers/native" // callTracer and prestateTracer
	"github.com/ethereum/go-ethereum/node"
	"github.com/ethereum/go-ethereum/p2p"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/google/go-cmp/cmp"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
)

// fullNode is a real node with its tracers, at its genesis.
type fullNode struct{ client *rpc.Client }

func (n fullNode) Call(ctx context.Context, result any, method string, args ...any) error {
	return n.client.CallContext(ctx, result, method, args...)
}

func (n fullNode) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	return n.client.BatchCallContext(ctx, elems)
}

func newFullNode(t testing.TB, more types.GenesisAlloc) fullNode {
	t.Helper()
	alloc := genesisAlloc(t)
	maps.Copy(alloc, more)
	maps.Copy(alloc, core.SystemContractAllocs())
	config := *params.AllDevChainProtocolChanges
	config.BogotaTime, config.AmsterdamTime = nil, nil
	stack, err := node.New(&node.Config{P2P: p2p.Config{NoDiscovery: true, NoDial: true}})
	if err != nil {
		t.Fatal(err)
	}
	c := ethconfig.Defaults
	c.Genesis = &core.Genesis{Config: &config, GasLimit: 45_000_000, Alloc: alloc, Mixhash: common.Hash{1}}
	c.NetworkId = testChain
	backend, err := eth.New(stack, &c)
	if err != nil {
		t.Fatal(err)
	}
	stack.RegisterAPIs(tracers.APIs(backend.APIBackend))
	if err := stack.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stack.Close(); err != nil {
			t.Error(err)
		}
	})
	client := stack.Attach()
	t.Cleanup(client.Close)
	return fullNode{client}
}

// guise makes a chain look like one whose EVM is not Ethereum's, with an endpoint that lacks methods.
type guise struct {
	Source
	lacks  []string // methods, or tracers
	header func(map[string]any)
}

// oldHeader is one that Ethereum stopped to write with Shanghai.
func oldHeader(h map[string]any) { delete(h, "withdrawalsRoot") }

// difficult is a header as Arbitrum and Polygon write it.
func difficult(h map[string]any) { h["difficulty"] = "0x1" }

func (g guise) missing(e *rpc.BatchElem) bool {
	if slices.Contains(g.lacks, e.Method) {
		return true
	}
	if e.Method == "debug_traceCall" {
		config := e.Args[2].(map[string]any)
		return slices.Contains(g.lacks, config["tracer"].(string))
	}
	return false
}

func (g guise) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	err := g.Source.Batch(ctx, elems)
	for i := range elems {
		e := &elems[i]
		if g.missing(e) {
			e.Error = rpcError{-32601}
			*e.Result.(*json.RawMessage) = nil
		}
		if !strings.HasPrefix(e.Method, "eth_getBlockBy") || e.Error != nil {
			continue
		}
		raw := e.Result.(*json.RawMessage)
		var header map[string]any
		if json.Unmarshal(*raw, &header) == nil && header != nil {
			g.header(header)
			*raw, _ = json.Marshal(header)
		}
	}
	return err
}

// levelled drops what is named as different between both engines: gas of the root frame, which a tracer tells with what the transaction
// costs by itself, and where a contract was to be created in vain.
func levelled(e *Effects) *Effects {
	for i := range e.Txs {
		e.Txs[i].Calls.Gas, e.Txs[i].Calls.GasUsed = 0, 0
		dropFailedCreations(&e.Txs[i].Calls)
	}
	return e
}

func dropFailedCreations(f *Frame) {
	if f.Failed && strings.HasPrefix(f.Type, "CREATE") {
		f.To = common.Address{}
	}
	for i := range f.Calls {
		dropFailedCreations(&f.Calls[i])
	}
}

// voyages are sequences whose effects both engines have to tell alike.
func voyages(f *Fork) map[string][]Tx {
	value := func(tx Tx, n uint64) Tx { tx.Value.SetUint64(n); return tx }
	return map[string][]Tx{
		"a transfer":                    {callTo(alice, tokenA, pack(selTransfer, bob[:], wei(250)))},
		"coins":                         {value(callTo(alice, bob, nil), 1e18)},
		"coins to oneself":              {value(callTo(alice, alice, nil), 1e18)},
		"coins through another":         {value(callTo(alice, fool, at(bob).Bytes()), 77)},
		"an approval":                   {callTo(alice, tokenB, pack(selApprove, puller[:], wei(40)))},
		"a silent allowance":            {callTo(bob, puller, pack([4]byte{}, tokenA[:], alice[:], wei(77)))},
		"a swap":                        {callTo(alice, pool, wordOf(1000).Bytes())},
		"a deposit":                     {value(callTo(alice, weth, nil), 12345)},
		"a revert":                      {callTo(alice, tokenA, pack(selTransfer, bob[:], wei(9_000_000)))},
		"out of gas":                    {callTo(alice, looper, nil)},
		"a multicall":                   {callTo(alice, tokenB, append([]byte{0xac, 0x96, 0x50, 0xd8}, pack(selApprove, puller[:], wei(40))...))},
		"an NFT":                        {callTo(alice, nft, pack(selTransferFrom, alice[:], bob[:], wei(7)))},
		"an NFT's approval":             {callTo(alice, nft, pack(selApprove, bob[:], wei(8)))},
		"an operator":                   {callTo(alice, nft, pack(selector("setApprovalForAll(address,bool)"), bob[:], wei(1)))},
		"a new owner":                   {callTo(alice, throne, nil)},
		"a new implementation":          {callTo(alice, throne, at(bob).Bytes())},
		"a token that moves in silence": {callTo(alice, thief, []byte{1, 2, 3, 4})},
		"a token that answers nothing":  {callTo(alice, liar, []byte{1, 2, 3, 4})},
		"a failure that is caught":      {callTo(alice, catcher, append(at(tokenA).Bytes(), pack(selTransfer, bob[:], wei(1_000_000))...))},
		"a creation":                    {{Call: chain.Call{ChainID: testChain, From: alice, Data: append([]byte{0x60, 1, 0x60, 0, 0x53, 0x60, 1, 0x60, 0, 0xf3}, 0)}}},
		"Permit2":                       {callTo(alice, permit2, pack(selector("approve(address,address,uint160,uint48)"), tokenA[:], puller[:], wei(90), wei(f.Time()+60)))},
		"a sequence": {
			callTo(alice, tokenB, pack(selApprove, puller[:], wei(100))), callTo(bob, puller, pack([4]byte{}, tokenB[:], alice[:], wei(60))),
			value(callTo(alice, weth, nil), 5),
		},
		"a sequence that fails": {
			callTo(alice, tokenA, pack(selTransfer, bob[:], wei(1_000_000))), callTo(alice, tokenA, pack(selTransfer, bob[:], wei(1))),
			callTo(bob, tokenA, pack(selTransfer, alice[:], wei(1_500_000))),
		},
	}
}

// withGas sets what is to be signed, as both engines have their own way to find a limit.
func withGas(f *Fork, txs []Tx) []Tx {
	same := make([]Tx, len(txs))
	for i := range txs {
		same[i] = exact(f, txs[i], 400_000)
	}
	return same
}

func TestARemoteThatRunsItselfTellsTheSameEffects(t *testing.T) {
	n := newFullNode(t, nil)
	here := newFork(t, n)
	for name, header := range map[string]func(map[string]any){"no withdrawals": oldHeader, "a difficulty": difficult} {
		there := newFork(t, guise{Source: n, header: header})
		if _, abroad := there.engine.(*abroad); !abroad {
			t.Fatal("it runs here")
		}
		for what, txs := range voyages(here) {
			t.Run(name+"/"+what, func(t *testing.T) {
				txs := withGas(here, txs)
				want, have := levelled(simulate(t, here, txs...)), levelled(simulate(t, there, txs...))
				if d := cmp.Diff(asJSON(t, want), asJSON(t, have)); d != "" {
					t.Fatal(d)
				}
			})
		}
	}
}

func TestRandomSequencesAreToldAlikeHereAndThere(t *testing.T) {
	n := newFullNode(t, nil)
	here, there := newFork(t, n), newFork(t, guise{Source: n, header: difficult})
	r := rand.New(rand.NewPCG(5, 6))
	for i := range 25 {
		txs := make([]Tx, 1+r.IntN(3))
		for j := range txs {
			txs[j] = exact(here, randomTx(r), 400_000)
		}
		want, have := levelled(simulate(t, here, txs...)), levelled(simulate(t, there, txs...))
		if d := cmp.Diff(asJSON(t, want), asJSON(t, have)); d != "" {
			t.Fatalf("%d: %s\n%s", i, asJSON(t, txs), d)
		}
	}
}

func TestWhatIsKeptThereIsSeenByAllThatFollows(t *testing.T) {
	ctx := context.Background()
	n := newFullNode(t, nil)
	here, there := newFork(t, n), newFork(t, guise{Source: n, header: oldHeader})
	value := callTo(alice, weth, nil)
	value.Value.SetUint64(12345)
	first := there.Snapshot()
	for _, txs := range [][]Tx{
		{callTo(alice, tokenB, pack(selApprove, puller[:], wei(100)))},
		{value, callTo(alice, throne, nil)},
		{callTo(bob, puller, pack([4]byte{}, tokenB[:], alice[:], wei(60)))},
		{callTo(alice, clock, nil)},
	} {
		txs = withGas(here, txs)
		want, err := here.Apply(ctx, txs)
		if err != nil {
			t.Fatal(err)
		}
		have, err := there.Apply(ctx, txs)
		if err != nil {
			t.Fatal(err)
		}
		ok(t, have)
		// The base fee of the next block follows the gas that questions use too.
		if d := cmp.Diff(asJSON(t, withoutFees(want)), asJSON(t, withoutFees(have))); d != "" {
			t.Fatal(d)
		}
	}
	if here.Time() != there.Time() {
		t.Fatalf("%d here, %d there", here.Time(), there.Time())
	}
	for _, who := range []common.Address{alice, bob, weth, puller} {
		want, err := here.Nonce(ctx, who)
		if err != nil {
			t.Fatal(err)
		}
		if have, err := there.Nonce(ctx, who); err != nil || have != want {
			t.Errorf("nonce %d here, %d there: %v", want, have, err)
		}
		code, err := there.Code(ctx, who)
		if err != nil {
			t.Fatal(err)
		}
		if want, _ := here.Code(ctx, who); string(code) != string(want) {
			t.Errorf("other code of %s", who)
		}
	}
	if b, err := there.Balance(ctx, weth); err != nil || b != num(12345) {
		t.Errorf("the deposit is not there: %s, %v", b.Dec(), err)
	}
	wantView(t, there, tokenB, pack(selBalanceOf, alice[:]), 999_940)
	if err := there.Revert(first); err != nil {
		t.Fatal(err)
	}
	wantView(t, there, tokenB, pack(selBalanceOf, alice[:]), 1_000_000)
	if nonce, err := there.Nonce(ctx, alice); err != nil || nonce != 0 {
		t.Errorf("nonce %d, %v", nonce, err)
	}
}

// withoutFees are the effects but for what gas costs.
func withoutFees(e *Effects) *Effects {
	e = levelled(e)
	e.Balances = slices.DeleteFunc(e.Balances, func(c BalanceChange) bool { return c.Kind == Native && (c.Account == alice || c.Account == bob) })
	for i := range e.Txs {
		e.Txs[i].Fee.Clear()
	}
	return e
}

func TestAChainThatNobodyRunsIsRefusedByName(t *testing.T) {
	n := newFullNode(t, nil)
	_, err := New(context.Background(), guise{Source: n, header: difficult, lacks: []string{"eth_simulateV1"}})
	e, named := refusal.As(err)
	if !named || e.Reason != refusal.NoSimulation || !strings.Contains(e.Detail, "eth_simulateV1") || !strings.Contains(e.Hint, "eth_simulateV1") {
		t.Fatalf("%v", err)
	}
}
