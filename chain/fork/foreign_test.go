package fork

import (
	"context"
	"encoding/json"
	"maps"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
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
	"github.com/holiman/uint256"

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
	return newFullNodeOf(t, more, func(*params.ChainConfig) {})
}

// newFullNodeOf is one with other rules.
func newFullNodeOf(t testing.TB, more types.GenesisAlloc, edit func(*params.ChainConfig)) fullNode {
	t.Helper()
	alloc := genesisAlloc(t)
	maps.Copy(alloc, more)
	maps.Copy(alloc, core.SystemContractAllocs())
	config := *params.AllDevChainProtocolChanges
	config.BogotaTime, config.AmsterdamTime = nil, nil
	edit(&config)
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

func TestWhatARemoteDoesNotTellIsInWords(t *testing.T) {
	n := newFullNode(t, nil)
	here := newFork(t, n)
	for name, c := range map[string]struct {
		lacks []string
		words int
	}{
		"no traces":        {[]string{"debug_traceCall"}, 2},
		"no calls":         {[]string{"callTracer"}, 2},
		"no writes":        {[]string{"prestateTracer"}, 1},
		"nothing but runs": {[]string{"debug_traceCall", "eth_createAccessList", "eth_estimateGas"}, 2},
	} {
		there := newFork(t, guise{Source: n, header: difficult, lacks: c.lacks})
		for what, txs := range voyages(here) {
			t.Run(name+"/"+what, func(t *testing.T) {
				txs := withGas(here, txs)
				want, have := simulate(t, here, txs...), simulate(t, there, txs...)
				if len(have.Unknown) < c.words {
					t.Fatalf("unknown: %q", have.Unknown)
				}
				for i := range want.Txs {
					x, y := &want.Txs[i], &have.Txs[i]
					if x.Success != y.Success || x.GasUsed != y.GasUsed || x.Fee != y.Fee || x.Revert != y.Revert || asJSON(t, x.Logs) != asJSON(t, y.Logs) {
						t.Errorf("transaction %d: %s, not %s", i+1, asJSON(t, y), asJSON(t, x))
					}
				}
				told := asJSON(t, want.Balances)
				for _, b := range have.Balances {
					if !strings.Contains(told, strings.TrimSpace(asJSON(t, []BalanceChange{b})[2:len(asJSON(t, []BalanceChange{b}))-2])) {
						t.Errorf("a balance that did not change: %s", asJSON(t, b))
					}
				}
				for _, a := range have.Allowances {
					wantAllowance(t, want, a)
				}
				for _, a := range have.Controls {
					if !slices.Contains(want.Controls, a) {
						t.Errorf("a control that did not change: %+v", a)
					}
				}
			})
		}
	}
}

func TestLogsAreEnoughForWhatTheyName(t *testing.T) {
	n := newFullNode(t, nil)
	there := newFork(t, guise{Source: n, header: oldHeader, lacks: []string{"debug_traceCall"}})
	value := callTo(alice, fool, at(bob).Bytes())
	value.Value.SetUint64(77)
	e := simulate(t, there, exact(there, callTo(alice, pool, wordOf(1000).Bytes()), 400_000), exact(there, value, 100_000))
	wantBalance(t, e, alice, ERC20, tokenA, 1_000_000, 999_000)
	wantBalance(t, e, alice, ERC20, tokenB, 1_000_000, 1_001_000)
	if b, _ := e.balance(bob, Native, common.Address{}); b.After.Uint64()-b.Before.Uint64() != 77 {
		t.Errorf("coins inside: %s", asJSON(t, e.Balances))
	}
}

func TestLimitsFromAbroadHoldWhenTheChainMovesOn(t *testing.T) {
	n := newFullNode(t, nil)
	here, there := newFork(t, n), newFork(t, guise{Source: n, header: difficult})
	for name, tx := range map[string]Tx{
		"coins":                     callTo(alice, bob, nil),
		"a transfer":                callTo(alice, tokenA, pack(selTransfer, bob[:], wei(250))),
		"another second costs more": callTo(alice, clock, nil),
		"gas that is only held":     callTo(alice, hoarder, nil),
		"much held back in a call":  callTo(alice, fool, at(hoarder).Bytes()),
		"a failure that is caught":  callTo(alice, catcher, at(hoarder).Bytes()),
	} {
		t.Run(name, func(t *testing.T) {
			e := simulate(t, there, tx)
			ok(t, e)
			limit := e.Txs[0].GasLimit
			if name == "coins" && limit != 21_000 {
				t.Errorf("the limit is %d", limit)
			}
			want := simulate(t, here, tx).Txs[0].GasLimit
			if limit*10 > want*14 {
				t.Errorf("the limit is %d, and %d is enough", limit, want)
			}
			for _, late := range []uint64{0, 1, 29, 30} {
				later := *here.current()
				moved := &head{state: later.state, block: later.block}
				moved.block.Time += late
				signed := exact(here, tx, limit)
				p, err := here.run(context.Background(), moved, []Tx{signed}, nil)
				if err != nil || !p.effects.OK() {
					t.Fatalf("%d s later: %v", late, err)
				}
				if root := p.results[0].Calls; len(root.Calls) > 0 && root.Calls[0].Failed {
					t.Errorf("%d s later: the limit of %d is too little for the inner call", late, limit)
				}
			}
		})
	}
	e := simulate(t, there, callTo(alice, clock, nil), callTo(alice, clock, nil), callTo(alice, tokenA, pack(selTransfer, bob[:], wei(9_000_000))))
	if e.Txs[1].GasUsed > e.Txs[0].GasUsed || e.Txs[1].GasLimit < e.Txs[1].GasUsed || e.Txs[2].Success || e.Txs[2].Revert != "too little" {
		t.Errorf("a sequence without limits: %s", asJSON(t, e.Txs))
	}
}

func TestWhoCannotPayAbroadIsRefusedByName(t *testing.T) {
	n := newFullNode(t, nil)
	f := newFork(t, guise{Source: n, header: difficult})
	much := callTo(alice, bob, nil)
	much.Value.SetFromBig(ether(200))
	twice := callTo(alice, bob, nil)
	twice.Value.SetFromBig(ether(60))
	for name, txs := range map[string][]Tx{
		"no money for gas":               {callTo(pauper, tokenA, pack(selTransfer, bob[:], wei(0)))},
		"no money for value":             {much},
		"no money for the second":        {twice, twice},
		"no money for the second as set": withGas(f, []Tx{twice, twice}),
	} {
		if _, err := f.Simulate(context.Background(), txs); !refusal.Is(err, refusal.Balance) {
			t.Errorf("%s: %v", name, err)
		}
	}
	nonce := uint64(17)
	for name, tx := range map[string]Tx{
		"another chain":  {Call: chain.Call{ChainID: 1, From: alice, To: &bob}},
		"wrong nonce":    {Call: callTo(alice, bob, nil).Call, Nonce: &nonce},
		"fee under base": {Call: callTo(alice, bob, nil).Call, GasFeeCap: ptr(num(1))},
		"sender is code": callTo(pool, bob, nil),
		"too little gas": {Call: callTo(alice, bob, nil).Call, Gas: 20_000},
		"blobs":          {Call: callTo(alice, bob, nil).Call, Blobs: []common.Hash{{1}}},
	} {
		if _, err := f.Simulate(context.Background(), []Tx{tx}); err == nil {
			t.Errorf("%s: simulated", name)
		} else if _, named := refusal.As(err); !named {
			t.Errorf("%s: an error without a name: %v", name, err)
		}
	}
}

func TestARemoteThatRefusesSimulationsIsRefusedByName(t *testing.T) {
	n := newFullNode(t, nil)
	for name, c := range map[string]struct {
		spoil func(*rpc.BatchElem)
		words string
	}{
		"refuses":  {func(e *rpc.BatchElem) { e.Error = rpcError{-32603} }, "refuses eth_simulateV1"},
		"nonsense": {raw(`{"a":1}`), "does not answer eth_simulateV1"},
		"no code":  {lastCall(func(c map[string]any) { c["returnData"] = "0x" }), "does not answer eth_simulateV1"},
	} {
		src := &spoilt{Source: guise{Source: n, header: difficult}, method: "eth_simulateV1", spoil: c.spoil}
		_, err := New(context.Background(), src)
		if e, named := refusal.As(err); !named || e.Reason != refusal.NoSimulation || !strings.Contains(e.Detail, c.words) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// spoilt spoils all answers of a method.
type spoilt struct {
	Source
	method string
	spoil  func(*rpc.BatchElem)
}

func (s *spoilt) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	err := s.Source.Batch(ctx, elems)
	for i := range elems {
		if elems[i].Method == s.method {
			s.spoil(&elems[i])
		}
	}
	return err
}

func TestArbitrumIsKnownByItsOwnContract(t *testing.T) {
	for code, foreign := range map[string]bool{"\xfe": true, "\x00": false} {
		n := newFullNode(t, types.GenesisAlloc{common.BytesToAddress([]byte{0x64}): {Code: []byte(code), Balance: toBig(0)}})
		f := newFork(t, n)
		if _, abroad := f.engine.(*abroad); abroad != foreign {
			t.Errorf("code %x: run by the remote: %v", code, abroad)
		}
	}
}

func TestAPinByNumberIsProvenAbroadToo(t *testing.T) {
	n := newFullNode(t, nil)
	here, there := newFork(t, n), newFork(t, byNumberOnly{guise{Source: n, header: difficult}})
	txs := withGas(here, []Tx{callTo(alice, pool, wordOf(1000).Bytes())})
	if d := cmp.Diff(asJSON(t, levelled(simulate(t, here, txs...))), asJSON(t, levelled(simulate(t, there, txs...)))); d != "" {
		t.Fatal(d)
	}
	wantView(t, there, tokenA, pack(selBalanceOf, alice[:]), 1_000_000)
	there.remote.Header().Hash = common.Hash{1}
	if _, err := there.Simulate(context.Background(), txs); !refusal.Is(err, refusal.NoSimulation) {
		t.Fatal(err)
	}
}

func TestTripsOfASimulationAbroad(t *testing.T) {
	c := counting(guise{Source: newFullNode(t, nil), header: difficult})
	f := newFork(t, c)
	t.Logf("New: %d trips, %d calls", c.trips, c.calls)
	c.reset()
	tx := withGas(f, []Tx{callTo(alice, pool, wordOf(1000).Bytes())})
	if _, err := f.SimulateOnce(context.Background(), tx); err != nil {
		t.Fatal(err)
	}
	t.Logf("a swap: %d trips, %d calls: %v", c.trips, c.calls, c.methods)
	if c.trips > 6 {
		t.Errorf("one pass makes %d trips", c.trips)
	}
}

func TestWhatLooksForTheSimulatorIsFoundAbroadToo(t *testing.T) {
	p := newPlay(t)
	for name, header := range map[string]func(map[string]any){"no withdrawals": oldHeader, "a difficulty": difficult} {
		f := newFork(t, guise{Source: p, header: header})
		b := f.current().block
		random, coinbase := b.Random.Big(), b.Coinbase.Big()
		for _, c := range []struct {
			method    string
			low, high *big.Int
			want      []FindingName
		}{
			{"byCoinbase", coinbase, coinbase, []FindingName{LooksForSimulator}},
			{"byRandomness", random, random, []FindingName{LooksForSimulator}},
			{"byTime", toBig(b.Time), toBig(b.Time), []FindingName{ChangesWithTime}},
			{"byBaseFee", new(big.Int), new(big.Int), nil},
			{"byTime", big.NewInt(1), everything, nil},
		} {
			if c.method == "byRandomness" && name == "a difficulty" {
				continue // such a chain has no randomness
			}
			for _, reversed := range []bool{false, true} {
				tx := p.look(t, c.method, c.low, c.high, reversed)
				tx.Gas = 200_000 // enough for either way
				if e := simulate(t, f, tx); !slices.Equal(names(e), c.want) {
					t.Errorf("%s, %s: found %v, want %v: %s", name, c.method, names(e), c.want, asJSON(t, e.Findings))
				}
			}
		}
	}
}

// fixedMiner is a remote that takes no other miner and no other randomness in a simulation.
type fixedMiner struct{ Source }

func (s fixedMiner) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	for i := range elems {
		if elems[i].Method != "eth_simulateV1" {
			continue
		}
		args := maps.Clone(elems[i].Args[0].(map[string]any))
		blocks := slices.Clone(args["blockStateCalls"].([]wireBlock))
		for j := range blocks {
			blocks[j].Env.Miner, blocks[j].Env.Random = nil, nil
		}
		args["blockStateCalls"] = blocks
		elems[i].Args = append([]any{args}, elems[i].Args[1:]...)
	}
	return s.Source.Batch(ctx, elems)
}

func TestAMinerThatNoBlockHasIsInWords(t *testing.T) {
	n := newFullNode(t, nil)
	otherMiner := func(h map[string]any) { difficult(h); h["miner"] = bob.Hex() }
	for name, c := range map[string]struct {
		header func(map[string]any)
		words  string
	}{
		"another miner":    {otherMiner, "miner"},
		"another random":   {oldHeader, "randomness"},
		"as the chain has": {difficult, ""},
	} {
		e := simulate(t, newFork(t, fixedMiner{guise{Source: n, header: c.header}}), callTo(alice, bob, nil))
		if told := strings.Join(e.Unknown, ", "); (c.words == "") != (told == "") || !strings.Contains(told, c.words) {
			t.Errorf("%s: unknown: %q", name, e.Unknown)
		}
	}
}

func TestWhatIsKeptWithoutTracesIsReplayedToo(t *testing.T) {
	ctx := context.Background()
	n := newFullNode(t, nil)
	f := newFork(t, guise{Source: n, header: difficult, lacks: []string{"debug_traceCall"}})
	for i := range uint64(2) {
		e, err := f.Apply(ctx, []Tx{callTo(alice, tokenA, pack(selTransfer, bob[:], wei(100)))})
		if err != nil || !e.OK() || len(e.Unknown) == 0 {
			t.Fatalf("%v %s", err, asJSON(t, e))
		}
		wantBalance(t, e, alice, ERC20, tokenA, 1_000_000-100*i, 999_900-100*i)
	}
	if nonce, err := f.Nonce(ctx, alice); err != nil || nonce != 2 {
		t.Errorf("nonce %d, %v", nonce, err)
	}
	if nonce, err := f.Nonce(ctx, pool); !refusal.Is(err, refusal.NoSimulation) {
		t.Errorf("the nonce of a contract that nobody knows is %d: %v", nonce, err)
	}
	wantView(t, f, tokenA, pack(selBalanceOf, alice[:]), 999_800)
	if _, err := f.CallContract(ctx, callTo(alice, tokenA, pack(selTransfer, bob[:], wei(9_000_000))).Call); err == nil || !strings.Contains(err.Error(), "too little") {
		t.Errorf("a view that reverts: %v", err)
	}
}

func TestManyRunsAbroadAtOnceAgree(t *testing.T) {
	f := newFork(t, guise{Source: newFullNode(t, nil), header: difficult})
	txs := withGas(f, []Tx{callTo(alice, pool, wordOf(1000).Bytes())})
	want := asJSON(t, simulate(t, f, txs...))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if e, err := f.Simulate(context.Background(), txs); err != nil || asJSON(t, e) != want {
				t.Errorf("other effects: %v", err)
			}
		})
	}
	all.Wait()
	for range 4 {
		all.Go(func() {
			if _, err := f.Apply(context.Background(), []Tx{callTo(alice, tokenA, pack(selTransfer, bob[:], wei(10)))}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	wantView(t, f, tokenA, pack(selBalanceOf, alice[:]), 999_960)
}

func TestCodeThatComesAndGoesIsToldAlikeHereAndAbroad(t *testing.T) {
	bomb := common.HexToAddress("0xb0b")
	alloc := types.GenesisAlloc{bomb: {
		Code: asm(t, "CALLER SELFDESTRUCT"), Nonce: 1, Balance: toBig(55), Storage: map[common.Hash]common.Hash{{}: wordOf(9)},
	}}
	for name, n := range map[string]fullNode{"as it was": newFullNodeOf(t, alloc, shanghai), "as it is": newFullNode(t, alloc)} {
		here, there := newFork(t, n), newFork(t, guise{Source: n, header: difficult})
		delegation, err := types.SignSetCode(keyOf(t, bob), types.SetCodeAuthorization{ChainID: *uint256.NewInt(testChain), Address: puller})
		if err != nil {
			t.Fatal(err)
		}
		sequences := map[string][]Tx{
			"a contract goes":          {callTo(alice, bomb, nil)},
			"and is asked again":       {callTo(alice, bomb, nil), callTo(bob, bomb, nil)},
			"one that comes and goes":  {{Call: chain.Call{ChainID: testChain, From: alice, Data: asm(t, "CALLER SELFDESTRUCT")}}},
			"a creation that fails":    {{Call: chain.Call{ChainID: testChain, From: alice, Data: asm(t, "0 0 REVERT")}}},
			"an account is delegated":  {{Call: callTo(alice, bob, nil).Call, Delegations: []types.SetCodeAuthorization{delegation}}},
			"two contracts, one after": {{Call: chain.Call{ChainID: testChain, From: alice, Data: deployer(t, asm(t, "STOP"))}}, callTo(alice, bomb, nil)},
		}
		if name == "as it was" {
			delete(sequences, "an account is delegated")
		}
		for what, txs := range sequences {
			t.Run(name+"/"+what, func(t *testing.T) {
				txs := withGas(here, txs)
				want, have := levelled(simulate(t, here, txs...)), levelled(simulate(t, there, txs...))
				if d := cmp.Diff(asJSON(t, want), asJSON(t, have)); d != "" {
					t.Fatal(d)
				}
			})
		}
		gone := withGas(here, sequences["a contract goes"])
		for _, f := range []*Fork{here, there} {
			if _, err := f.Apply(context.Background(), gone); err != nil {
				t.Fatal(err)
			}
		}
		again := withGas(here, sequences["and is asked again"])
		if d := cmp.Diff(asJSON(t, withoutFees(simulate(t, here, again...))), asJSON(t, withoutFees(simulate(t, there, again...)))); d != "" {
			t.Errorf("%s, after it is gone: %s", name, d)
		}
	}
}
