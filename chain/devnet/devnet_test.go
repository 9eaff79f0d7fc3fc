package devnet_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"
	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/google/go-cmp/cmp"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/chain/devnet/artifacts"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/contracts"
)

// world is a devnet with one chain's contracts at hand.
type world struct {
	*testing.T
	d       *devnet.Devnet
	set     *artifacts.Set
	chainID uint64
	client  *ethclient.Client
	at      map[known.Contract]common.Address
	me      devnet.Account
}

func onChain(t *testing.T, d *devnet.Devnet, chainID uint64) *world {
	t.Helper()
	set, err := artifacts.Load("")
	if err != nil {
		t.Fatal(err)
	}
	return &world{t, d, set, chainID, devnettest.Dial(t, d, chainID), d.Addresses(chainID), d.Accounts()[0]}
}

func (w *world) abi(c known.Contract) abi.ABI {
	w.Helper()
	switch c {
	case known.USDC, known.DAI, known.WBTC, known.THIN:
		return contracts.Load(contracts.Token).ABI
	case known.USDT:
		return contracts.Load(contracts.SilentToken).ABI
	case known.FEE:
		return contracts.Load(contracts.FeeToken).ABI
	case known.MOON:
		return contracts.Load(contracts.VestedToken).ABI
	}
	parsed, err := w.set.Artifact(artifacts.Name(c)).Interface()
	if err != nil {
		w.Fatal(err)
	}
	return parsed
}

func (w *world) pack(c known.Contract, method string, args ...any) []byte {
	w.Helper()
	data, err := w.abi(c).Pack(method, args...)
	if err != nil {
		w.Fatal(err)
	}
	return data
}

// read calls a view and returns what it answers.
func (w *world) read(c known.Contract, method string, args ...any) []any {
	w.Helper()
	to := w.at[c]
	ret, err := w.client.CallContract(w.Context(), ethereum.CallMsg{From: w.me.Address, To: &to, Data: w.pack(c, method, args...)}, nil)
	if err != nil {
		w.Fatalf("%s of %s: %v", method, c, err)
	}
	out, err := w.abi(c).Unpack(method, ret)
	if err != nil {
		w.Fatalf("%s of %s: %v", method, c, err)
	}
	return out
}

func (w *world) balance(token known.Contract, of common.Address) *big.Int {
	w.Helper()
	return w.read(token, "balanceOf", of)[0].(*big.Int)
}

func (w *world) send(c known.Contract, value *big.Int, method string, args ...any) *types.Receipt {
	w.Helper()
	to := w.at[c]
	return devnettest.Send(w, w.d, w.me, chain.Call{
		ChainID: w.chainID, To: &to, Value: *uint256.MustFromBig(value), Data: w.pack(c, method, args...),
	})
}

func (w *world) must(r *types.Receipt) {
	w.Helper()
	if r.Status != types.ReceiptStatusSuccessful {
		w.Fatalf("transaction %s reverted", r.TxHash)
	}
}

func (w *world) mustRevert(r *types.Receipt) {
	w.Helper()
	if r.Status != types.ReceiptStatusFailed {
		w.Fatalf("transaction %s succeeded", r.TxHash)
	}
}

var (
	nothing = new(big.Int)
	never   = big.NewInt(1 << 62)
)

func ether(n int64) *big.Int { return new(big.Int).Mul(big.NewInt(n), big.NewInt(1e18)) }

// within reports whether got is at most bps hundredths of a percent below want, and not above it.
func within(got, want *big.Int, bps int64) bool {
	least := new(big.Int).Mul(want, big.NewInt(10_000-bps))
	return got.Cmp(want) <= 0 && new(big.Int).Mul(got, big.NewInt(10_000)).Cmp(least) >= 0
}

func TestADevnet(t *testing.T) {
	d := devnettest.Start(t)
	for _, chainID := range []uint64{known.L1, known.L2} {
		t.Run(fmt.Sprint(chainID), func(t *testing.T) {
			for _, story := range []struct {
				name string
				tell func(*world)
			}{
				{"answers null for an unknown receipt at once", unknownReceipt},
				{"holds what package known says", knownIsTrue},
				{"funds its accounts on both chains", accountsAreFunded},
				{"has every pool at its price", poolsExist},
				{"swaps on V2 what the router said it would", swapsOnV2},
				{"swaps on V3 what the quoter said it would", swapsOnV3},
				{"has a dollar whose allowance must be reset", silentToken},
				{"has a token that takes a fee", feeToken},
				{"has a token that can be bought and not be sold", honeypot},
				{"has a token whose price a small buy moves", thinToken},
				{"has a dollar that is spent by permit", permits},
				{"mints for owners only", mintingIsTheOwners},
				{"has permit2 and multicall3 where they always are", sameEverywhere},
				{"traces calls", traces},
				{"keeps old states", archive},
				{"seals on demand and moves its time", mineAndAdjust},
				{"takes many transactions of many senders", manySenders},
				{"does not spin on a transaction that no block takes", stuckTransaction},
			} {
				t.Run(story.name, func(t *testing.T) { story.tell(onChain(t, d, chainID)) })
			}
		})
	}
}

func unknownReceipt(w *world) {
	var receipt map[string]any
	if err := w.client.Client().CallContext(w.Context(), &receipt, "eth_getTransactionReceipt", common.Hash{1}); err != nil || receipt != nil {
		w.Fatalf("got %v, %v", receipt, err)
	}
}

func knownIsTrue(w *world) {
	id, err := w.client.ChainID(w.Context())
	if err != nil || id.Uint64() != w.chainID {
		w.Fatalf("chain id %s, %v", id, err)
	}
	urls := make([]string, 2)
	for i, n := range w.d.Networks() {
		urls[i] = n.RPC[0]
	}
	if diff := cmp.Diff(known.Networks(urls[0], urls[1]), w.d.Networks()); diff != "" {
		w.Error(diff)
	}
	elsewhere := known.Addresses(known.L1 + known.L2 - w.chainID)
	for name, address := range w.at {
		code, err := w.client.CodeAt(w.Context(), address, nil)
		if err != nil || len(code) == 0 {
			w.Errorf("%s at %s has no code, %v", name, address, err)
		}
		if address == known.Permit2 || address == known.Multicall3 {
			continue
		}
		if code, err = w.client.CodeAt(w.Context(), elsewhere[name], nil); err != nil || len(code) != 0 {
			w.Errorf("the other chain's %s has code here, %v", name, err)
		}
	}
	for _, s := range known.Specs() {
		got := known.Spec{
			Contract: s.Contract,
			Name:     w.read(s.Contract, "name")[0].(string),
			Symbol:   w.read(s.Contract, "symbol")[0].(string),
			Decimals: w.read(s.Contract, "decimals")[0].(uint8),
		}
		if got != s {
			w.Errorf("token is %v, known as %v", got, s)
		}
	}
	for _, c := range []struct {
		of     known.Contract
		method string
		want   known.Contract
	}{
		{known.V2Router, "factory", known.V2Factory},
		{known.V2Router, "WETH", known.WETH},
		{known.V3Router, "factoryV2", known.V2Factory},
		{known.V3Router, "factory", known.V3Factory},
		{known.V3Router, "WETH9", known.WETH},
		{known.V3Router, "positionManager", known.PositionManager},
		{known.V3Quoter, "factory", known.V3Factory},
		{known.PositionManager, "factory", known.V3Factory},
	} {
		if got := w.read(c.of, c.method)[0].(common.Address); got != w.at[c.want] {
			w.Errorf("%s of %s is %s, want %s", c.method, c.of, got, w.at[c.want])
		}
	}
}

func TestAddressesNeverChange(t *testing.T) {
	var text bytes.Buffer
	for i, a := range known.Accounts() {
		fmt.Fprintf(&text, "account %d %s %s\n", i, a.Address, a.Key)
	}
	for _, chainID := range []uint64{known.L1, known.L2} {
		at := known.Addresses(chainID)
		for _, c := range slices.Sorted(maps.Keys(at)) {
			fmt.Fprintf(&text, "%d %s %s\n", chainID, at[c], c)
		}
	}
	golden.RequireEqual(t, text.Bytes())
}

func accountsAreFunded(w *world) {
	accounts := w.d.Accounts()
	if len(accounts) != known.AccountCount {
		w.Fatalf("%d accounts", len(accounts))
	}
	for _, a := range accounts {
		got, err := w.client.BalanceAt(w.Context(), a.Address, big.NewInt(0))
		if err != nil || got.Cmp(ether(1_000)) != 0 {
			w.Errorf("%s has %s, %v", a.Address, got, err)
		}
	}
	for _, a := range accounts[:2] {
		for token, want := range map[known.Contract]string{
			known.USDC: "50000000000",
			known.USDT: "20000000000",
			known.DAI:  "30000000000000000000000",
			known.WBTC: "100000000",
			known.WETH: "20000000000000000000",
			known.MOON: "10000000000000000000000",
			known.THIN: "0",
		} {
			if got := w.balance(token, a.Address).String(); got != want {
				w.Errorf("%s has %s %s, want %s", a.Address, got, token, want)
			}
		}
	}
}

// poolsExist runs before the swaps that move the prices.
func poolsExist(w *world) {
	pool, err := w.set.Artifact(artifacts.UniswapV3Pool).Interface()
	if err != nil {
		w.Fatal(err)
	}
	for _, p := range devnet.Pools() {
		a, b := p.A, p.B
		if w.at[a].Cmp(w.at[b]) > 0 {
			a, b = b, a
		}
		if p.Fee == nil {
			if w.read(known.V2Factory, "getPair", w.at[a], w.at[b])[0] == (common.Address{}) {
				w.Errorf("no V2 pair of %s and %s", a, b)
			}
			continue
		}
		at := w.read(known.V3Factory, "getPool", w.at[a], w.at[b], p.Fee)[0].(common.Address)
		ret, err := w.client.CallContract(w.Context(), ethereum.CallMsg{To: &at, Data: pool.Methods["slot0"].ID}, nil)
		if err != nil {
			w.Fatalf("V3 pool of %s and %s at %s: %v", a, b, p.Fee, err)
		}
		slot0, err := pool.Unpack("slot0", ret)
		if err != nil {
			w.Fatalf("V3 pool of %s and %s at %s: %v", a, b, p.Fee, err)
		}
		if got := slot0[1].(*big.Int).Int64(); got != devnet.Tick(a, b) {
			w.Errorf("V3 pool of %s and %s at %s is at tick %d, want %d", a, b, p.Fee, got, devnet.Tick(a, b))
		}
	}
}

func swapsOnV2(w *world) {
	path := []common.Address{w.at[known.WETH], w.at[known.USDC]}
	want := w.read(known.V2Router, "getAmountsOut", ether(1), path)[0].([]*big.Int)[1]
	if !within(want, big.NewInt(3_000e6), 40) {
		w.Fatalf("an ether sells for %s", want)
	}
	before := w.balance(known.USDC, w.me.Address)
	w.must(w.send(known.V2Router, ether(1), "swapExactETHForTokens", want, path, w.me.Address, never))
	got := new(big.Int).Sub(w.balance(known.USDC, w.me.Address), before)
	if got.Cmp(want) != 0 {
		w.Errorf("got %s, quoted %s", got, want)
	}
}

func swapsOnV3(w *world) {
	in := big.NewInt(3_000e6)
	quoter, usdc, weth := w.at[known.V3Quoter], w.at[known.USDC], w.at[known.WETH]
	data := w.pack(known.V3Quoter, "quoteExactInputSingle", struct {
		TokenIn, TokenOut                common.Address
		AmountIn, Fee, SqrtPriceLimitX96 *big.Int
	}{usdc, weth, in, big.NewInt(500), nothing})
	ret, err := w.client.CallContract(w.Context(), ethereum.CallMsg{To: &quoter, Data: data}, nil)
	if err != nil {
		w.Fatal(err)
	}
	quoted, err := w.abi(known.V3Quoter).Unpack("quoteExactInputSingle", ret)
	if err != nil {
		w.Fatal(err)
	}
	want := quoted[0].(*big.Int)
	if !within(want, ether(1), 10) {
		w.Fatalf("3,000 dollars buy %s wei", want)
	}

	w.must(w.send(known.USDC, nothing, "approve", w.at[known.V3Router], in))
	before := w.balance(known.WETH, w.me.Address)
	w.must(w.send(known.V3Router, nothing, "exactInputSingle", struct {
		TokenIn, TokenOut                             common.Address
		Fee                                           *big.Int
		Recipient                                     common.Address
		AmountIn, AmountOutMinimum, SqrtPriceLimitX96 *big.Int
	}{usdc, weth, big.NewInt(500), w.me.Address, in, want, nothing}))
	got := new(big.Int).Sub(w.balance(known.WETH, w.me.Address), before)
	if got.Cmp(want) != 0 {
		w.Errorf("got %s, quoted %s", got, want)
	}
}

func silentToken(w *world) {
	spender := w.d.Accounts()[5].Address
	w.must(w.send(known.USDT, nothing, "approve", spender, big.NewInt(5)))
	w.mustRevert(w.send(known.USDT, nothing, "approve", spender, big.NewInt(7)))
	w.must(w.send(known.USDT, nothing, "approve", spender, nothing))
	w.must(w.send(known.USDT, nothing, "approve", spender, big.NewInt(7)))

	usdt := w.at[known.USDT]
	ret, err := w.client.CallContract(w.Context(), ethereum.CallMsg{
		From: w.me.Address, To: &usdt, Data: w.pack(known.USDT, "transfer", spender, big.NewInt(1)),
	}, nil)
	if err != nil || len(ret) != 0 {
		w.Errorf("transfer returned %x, %v", ret, err)
	}
}

func feeToken(w *world) {
	to := w.d.Accounts()[6].Address
	w.must(w.send(known.FEE, nothing, "transfer", to, big.NewInt(1_000)))
	if got := w.balance(known.FEE, to); got.Int64() != 990 {
		w.Errorf("of 1000 sent, %s arrived", got)
	}
	w.must(w.send(known.FEE, nothing, "approve", w.at[known.V2Router], ether(100)))
	path := []common.Address{w.at[known.FEE], w.at[known.WETH]}
	w.mustRevert(w.send(known.V2Router, nothing, "swapExactTokensForETH", ether(10), nothing, path, w.me.Address, never))
	w.must(w.send(known.V2Router, nothing, "swapExactTokensForETHSupportingFeeOnTransferTokens",
		ether(10), nothing, path, w.me.Address, never))
}

func honeypot(w *world) {
	path := []common.Address{w.at[known.WETH], w.at[known.MOON]}
	before := w.balance(known.MOON, w.me.Address)
	w.must(w.send(known.V2Router, ether(1), "swapExactETHForTokens", nothing, path, w.me.Address, never))
	bought := new(big.Int).Sub(w.balance(known.MOON, w.me.Address), before)
	if bought.Sign() <= 0 {
		w.Fatal("bought nothing")
	}
	slices.Reverse(path)
	w.must(w.send(known.MOON, nothing, "approve", w.at[known.V2Router], bought))
	w.mustRevert(w.send(known.V2Router, nothing, "swapExactTokensForETH", bought, nothing, path, w.me.Address, never))
	w.mustRevert(w.send(known.V2Router, nothing, "swapExactTokensForETH", big.NewInt(1_000_000), nothing, path, w.me.Address, never))
	w.must(w.send(known.MOON, nothing, "transfer", w.d.Accounts()[7].Address, bought)) // which is why it looks honest
}

func thinToken(w *world) {
	path := []common.Address{w.at[known.WETH], w.at[known.THIN]}
	out := w.read(known.V2Router, "getAmountsOut", ether(1), path)[0].([]*big.Int)[1]
	if atPrice := ether(3_000); within(out, atPrice, 4_000) {
		w.Errorf("an ether buys %s, which is less than 40 %% of impact", out)
	}
}

func sameEverywhere(w *world) {
	domain := w.read("Permit2", "DOMAIN_SEPARATOR")[0].([32]byte)
	typed := permit2Domain(w.T, w.chainID)
	if domain != typed {
		w.Errorf("permit2 signs for domain %x, want %x", domain, typed)
	}
	if got := w.read("Multicall3", "getChainId")[0].(*big.Int); got.Uint64() != w.chainID {
		w.Errorf("multicall3 is on chain %s", got)
	}
}

func traces(w *world) {
	var frame struct {
		Type  string
		Calls []struct{ To common.Address }
	}
	path := []common.Address{w.at[known.WETH], w.at[known.USDC]}
	call := map[string]any{
		"from": w.me.Address, "to": w.at[known.V2Router], "value": "0x1",
		"data": fmt.Sprintf("%#x", w.pack(known.V2Router, "swapExactETHForTokens", nothing, path, w.me.Address, never)),
	}
	if err := w.client.Client().CallContext(w.Context(), &frame, "debug_traceCall", call, "latest", map[string]string{"tracer": "callTracer"}); err != nil {
		w.Fatal(err)
	}
	if frame.Type != "CALL" || len(frame.Calls) == 0 {
		w.Errorf("traced %+v", frame)
	}
}

func archive(w *world) {
	to := w.d.Accounts()[9].Address
	was, err := w.client.BlockNumber(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	before, err := w.client.BalanceAt(w.Context(), to, nil)
	if err != nil {
		w.Fatal(err)
	}
	w.must(devnettest.Send(w, w.d, w.me, chain.Call{ChainID: w.chainID, To: &to, Value: *uint256.NewInt(1)}))
	if err := w.d.Mine(w.chainID, 200); err != nil {
		w.Fatal(err)
	}
	then, err := w.client.BalanceAt(w.Context(), to, new(big.Int).SetUint64(was))
	if err != nil || then.Cmp(before) != 0 {
		w.Errorf("balance at block %d is %s, was %s, %v", was, then, before, err)
	}
}

func mineAndAdjust(w *world) {
	before, err := w.client.HeaderByNumber(w.Context(), nil)
	if err != nil {
		w.Fatal(err)
	}
	if err := w.d.AdjustTime(w.chainID, time.Hour); err != nil {
		w.Fatal(err)
	}
	if err := w.d.Mine(w.chainID, 2); err != nil {
		w.Fatal(err)
	}
	after, err := w.client.HeaderByNumber(w.Context(), nil)
	if err != nil {
		w.Fatal(err)
	}
	if got := after.Number.Uint64() - before.Number.Uint64(); got != 3 {
		w.Errorf("%d blocks later", got)
	}
	if got := after.Time - before.Time; got < 3_602 {
		w.Errorf("%d seconds later", got)
	}
	if w.d.Mine(1, 1) == nil || w.d.AdjustTime(1, 1) == nil {
		w.Error("there is no chain 1")
	}
}

func manySenders(w *world) {
	to := common.Address{0xaa}
	for range 4 {
		var sent []*types.Transaction
		for _, from := range w.d.Accounts() {
			tx := devnettest.Sign(w, w.client, from, chain.Call{ChainID: w.chainID, To: &to, Value: *uint256.NewInt(1)})
			if err := w.client.SendTransaction(w.Context(), tx); err != nil {
				w.Fatal(err)
			}
			sent = append(sent, tx)
		}
		for _, tx := range sent {
			w.must(devnettest.Receipt(w, w.client, tx))
		}
	}
}
