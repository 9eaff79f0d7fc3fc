package swap_test

import (
	"context"
	"crypto/ecdsa"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/chain/devnet/artifacts"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/router/swap"
)

// never is a deadline that no test reaches.
const never = 1 << 40

// bench is the first embedded chain, with an account that is rich in everything.
type bench struct {
	testing.TB
	network chain.Network
	tokens  *chain.Registry
	client  *chain.Client
	router  *swap.Router
	key     *ecdsa.PrivateKey
	account common.Address
}

func newBench(t testing.TB) *bench {
	t.Helper()
	ctx := context.Background()
	must(t, artifacts.Fetch(ctx, "", func(string) {}))
	d, err := devnet.Start(ctx, devnet.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, d.Close()) })
	n := d.Networks()[0]
	tokens, err := chain.NewRegistry(d.Tokens()...)
	must(t, err)
	client, err := chain.Dial(ctx, n, chain.WithRate(1_000_000, 1_000_000))
	must(t, err)
	t.Cleanup(client.Close)
	key := known.DeployerKey(n.ChainID)
	return &bench{
		TB: t, network: n, tokens: tokens, client: client, router: swap.New(n, tokens),
		key: key, account: crypto.PubkeyToAddress(key.PublicKey),
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (b *bench) token(symbol string) chain.Token {
	b.Helper()
	if symbol == b.network.Native.Symbol {
		return b.network.Native
	}
	found := b.tokens.Symbol(b.network.ChainID, symbol)
	if len(found) != 1 {
		b.Fatalf("%d tokens are %s", len(found), symbol)
	}
	return found[0].Token
}

func (b *bench) amount(decimal, symbol string) chain.Amount {
	b.Helper()
	a, err := chain.ParseAmount(decimal, b.token(symbol))
	must(b, err)
	return a
}

func (b *bench) order(in, out string, side swap.Side, amount string) swap.Order {
	b.Helper()
	exact := in
	if side == swap.ExactOut {
		exact = out
	}
	return swap.Order{
		In: b.token(in), Out: b.token(out), Side: side, Amount: b.amount(amount, exact), SlippageBps: 50,
		Account: b.account, Recipient: b.account, Deadline: never,
	}
}

// send puts a call on the chain and returns its receipt.
func (b *bench) send(c chain.Call) *types.Receipt {
	b.Helper()
	ctx := context.Background()
	nonce, err := b.client.Nonce(ctx, b.account)
	must(b, err)
	tx := types.MustSignNewTx(b.key, types.LatestSignerForChainID(new(big.Int).SetUint64(c.ChainID)), &types.DynamicFeeTx{
		ChainID: new(big.Int).SetUint64(c.ChainID), Nonce: nonce, To: c.To, Value: c.Value.ToBig(), Data: c.Data,
		Gas: 10_000_000, GasFeeCap: big.NewInt(100e9), GasTipCap: big.NewInt(1e9),
	})
	raw, err := tx.MarshalBinary()
	must(b, err)
	must(b, b.client.Send(ctx, raw))
	for range 2000 {
		receipt, err := b.client.Receipt(ctx, tx.Hash())
		must(b, err)
		if receipt != nil && b.head() >= receipt.BlockNumber.Uint64() {
			return receipt
		}
		time.Sleep(time.Millisecond)
	}
	b.Fatalf("no receipt of %s", tx.Hash())
	return nil
}

// head is the newest block's number. A node answers for a receipt a moment before its newest state holds it.
func (b *bench) head() uint64 {
	b.Helper()
	h, err := b.client.Header(context.Background())
	must(b, err)
	return h.Number
}

func (b *bench) balance(t chain.Token, account common.Address) *big.Int {
	b.Helper()
	if t.Native() {
		wei, err := b.client.Balance(context.Background(), account)
		must(b, err)
		return wei.ToBig()
	}
	raw, err := b.client.CallContract(context.Background(), chain.Call{To: &t.Address, Data: chain.PackBalanceOf(account)})
	must(b, err)
	return new(big.Int).SetBytes(raw)
}

// execute sends what a quote builds and returns what the account paid, what the recipient got, and the gas of the swap itself.
func (b *bench) execute(q *swap.Quote) (paid, got *big.Int, gas uint64) {
	b.Helper()
	calls, err := b.router.Calls(context.Background(), b.client, q)
	must(b, err)
	in, out := b.balance(q.Order.In, b.account), b.balance(q.Order.Out, q.Order.Recipient)
	fees := new(big.Int)
	for i, c := range calls {
		receipt := b.send(c)
		if receipt.Status != types.ReceiptStatusSuccessful {
			b.Fatalf("call %d of %d reverted: %+v", i+1, len(calls), q)
		}
		gas = receipt.GasUsed
		fees.Add(fees, new(big.Int).Mul(new(big.Int).SetUint64(gas), receipt.EffectiveGasPrice))
	}
	paid = in.Sub(in, b.balance(q.Order.In, b.account))
	if q.Order.In.Native() {
		paid.Sub(paid, fees)
	}
	return paid, out.Sub(b.balance(q.Order.Out, q.Order.Recipient), out), gas
}

var honest = []string{"ETH", "WETH", "USDC", "USDT", "DAI", "WBTC", "THIN"}

// cents is what a token is about worth, for orders of a sensible size.
var cents = map[string]int64{"ETH": 3_000_00, "WETH": 3_000_00, "WBTC": 60_000_00, "USDC": 100, "USDT": 100, "DAI": 100, "THIN": 100}

// draw makes an order of between a cent and a few million dollars.
func (b *bench) draw(r *rand.Rand) swap.Order {
	for {
		in, out := honest[r.IntN(len(honest))], honest[r.IntN(len(honest))]
		if in == out || (strings.HasSuffix(in, "ETH") && strings.HasSuffix(out, "ETH")) {
			continue
		}
		o := b.order(in, out, swap.ExactIn, "1")
		exact := in
		if r.IntN(2) == 0 {
			o, exact = b.order(in, out, swap.ExactOut, "1"), out
		}
		// 10^0 to 10^8 cents, and odd digits at the end
		worth := new(big.Int).Exp(big.NewInt(10), big.NewInt(r.Int64N(9)), nil)
		worth.Mul(worth, big.NewInt(1+r.Int64N(9)))
		worth.Mul(worth, o.Amount.Raw.ToBig()).Div(worth, big.NewInt(cents[exact]))
		worth.Add(worth, big.NewInt(r.Int64N(1000)))
		o.Amount.Raw = *uint256.MustFromBig(worth)
		o.Recipient = common.BigToAddress(new(big.Int).SetUint64(r.Uint64() + 1<<32))
		return o
	}
}

func TestWhatWasQuotedIsWhatExecutes(t *testing.T) {
	b := newBench(t)
	r := rand.New(rand.NewPCG(1, 2))
	executed, refused, kinds := 0, 0, map[string]int{}
	for executed < 160 {
		o := b.draw(r)
		q, err := b.router.Quote(t.Context(), b.client, o)
		if refusal.Is(err, refusal.NoRoute) {
			refused++
			if refused > 100 {
				t.Fatalf("too many orders without a route, the last: %v", err)
			}
			continue
		}
		must(t, err)
		b.agreesWithTheChain(q)
		paid, got, gas := b.execute(q)
		if paid.Cmp(q.In.Raw.ToBig()) != 0 || got.Cmp(q.Out.Raw.ToBig()) != 0 {
			t.Fatalf("order %+v\nquote %+v\npaid %s, got %s", o, q, paid, got)
		}
		if off := new(big.Rat).SetFrac64(int64(q.Gas)-int64(gas), int64(gas)); off.Abs(off).Cmp(big.NewRat(3, 10)) > 0 {
			t.Errorf("gas %d, estimated %d: %+v", gas, q.Gas, q.Hops)
		}
		executed++
		kind := string(o.Side)
		for _, h := range q.Hops {
			kind += " " + strings.TrimPrefix(h.Venue, "uniswap-")
		}
		kinds[kind]++
		t.Logf("%-24s gas %d, estimated %d: %s for %s", kind, gas, q.Gas, q.In, q.Out)
	}
	t.Log(kinds)
}

const quoterABI = `[
	{"type":"function","name":"quoteExactInputSingle","inputs":[{"name":"p","type":"tuple","components":[
		{"name":"tokenIn","type":"address"},{"name":"tokenOut","type":"address"},{"name":"amount","type":"uint256"},
		{"name":"fee","type":"uint24"},{"name":"sqrtPriceLimitX96","type":"uint160"}]}],"outputs":[{"type":"uint256"}]},
	{"type":"function","name":"quoteExactOutputSingle","inputs":[{"name":"p","type":"tuple","components":[
		{"name":"tokenIn","type":"address"},{"name":"tokenOut","type":"address"},{"name":"amount","type":"uint256"},
		{"name":"fee","type":"uint24"},{"name":"sqrtPriceLimitX96","type":"uint160"}]}],"outputs":[{"type":"uint256"}]},
	{"type":"function","name":"getAmountsOut","inputs":[{"type":"uint256"},{"type":"address[]"}],"outputs":[{"type":"uint256[]"}]},
	{"type":"function","name":"getAmountsIn","inputs":[{"type":"uint256"},{"type":"address[]"}],"outputs":[{"type":"uint256[]"}]}
]`

type quoterParams struct {
	TokenIn, TokenOut common.Address
	Amount            *big.Int
	Fee               *big.Int
	SqrtPriceLimitX96 *big.Int
}

var quoters = func() abi.ABI {
	parsed, err := abi.JSON(strings.NewReader(quoterABI))
	if err != nil {
		panic(err)
	}
	return parsed
}()

// onChain asks the venue's own contracts for the other side of a trade. It returns nil where they revert.
func (b *bench) onChain(venue string, fee uint32, side swap.Side, in, out common.Address, amount *big.Int) *big.Int {
	b.Helper()
	to, method, at := b.network.Contracts.V2Router, "getAmountsOut", 3
	args := []any{amount, []common.Address{in, out}}
	if side == swap.ExactOut {
		method, at = "getAmountsIn", 2
	}
	if venue == "uniswap-v3" {
		to, method, at = b.network.Contracts.V3Quoter, "quoteExactInputSingle", 0
		if side == swap.ExactOut {
			method = "quoteExactOutputSingle"
		}
		args = []any{quoterParams{in, out, amount, new(big.Int).SetUint64(uint64(fee)), new(big.Int)}}
	}
	data, err := quoters.Pack(method, args...)
	must(b, err)
	raw, err := b.client.CallContract(context.Background(), chain.Call{To: &to, Data: data})
	if err != nil || len(raw) < 32*(at+1) {
		return nil
	}
	return new(big.Int).SetBytes(raw[32*at : 32*at+32])
}

// agreesWithTheChain compares every hop with QuoterV2, or with what Router02 computes.
func (b *bench) agreesWithTheChain(q *swap.Quote) {
	b.Helper()
	for _, h := range q.Hops {
		amount, want := h.In, h.Out
		if q.Side == swap.ExactOut {
			amount, want = h.Out, h.In
		}
		got := b.onChain(h.Venue, h.FeePips, q.Side, h.TokenIn.Address, h.TokenOut.Address, amount.Raw.ToBig())
		if got == nil || got.Cmp(want.Raw.ToBig()) != 0 {
			b.Fatalf("hop %+v: the chain says %v", h, got)
		}
	}
}

func TestTheBestPathIsTheBestOfAllThatTheContractsQuote(t *testing.T) {
	b := newBench(t)
	r := rand.New(rand.NewPCG(3, 4))
	edges := b.edges()
	for range 25 {
		o := b.draw(r)
		q, err := b.router.Quote(t.Context(), b.client, o)
		best := b.exhaustive(edges, o)
		if refusal.Is(err, refusal.NoRoute) {
			if best != nil {
				t.Fatalf("%+v: no route, but %s is possible", o, best)
			}
			continue
		}
		must(t, err)
		got := q.Out
		if o.Side == swap.ExactOut {
			got = q.In
		}
		if best == nil || got.Raw.ToBig().Cmp(best) != 0 {
			t.Fatalf("%+v: quoted %s by %+v, best is %v", o, got, q.Hops, best)
		}
	}
}

// edge is one pool in one direction, as the test knows the embedded chain.
type edge struct {
	venue   string
	fee     uint32
	in, out common.Address
}

func (b *bench) edges() []edge {
	getPair, getPool := crypto.Keccak256([]byte("getPair(address,address)"))[:4], crypto.Keccak256([]byte("getPool(address,address,uint24)"))[:4]
	exists := func(factory common.Address, data []byte) bool {
		raw, err := b.client.CallContract(context.Background(), chain.Call{To: &factory, Data: data})
		must(b, err)
		return common.BytesToAddress(raw) != common.Address{}
	}
	word := func(a []byte) []byte { return common.LeftPadBytes(a, 32) }
	var edges []edge
	all := b.tokens.All(b.network.ChainID)
	for _, in := range all {
		for _, out := range all {
			if in.Same(out.Token) {
				continue
			}
			args := append(word(in.Address[:]), word(out.Address[:])...)
			if exists(b.network.Contracts.V2Factory, append(getPair, args...)) {
				edges = append(edges, edge{"uniswap-v2", 3000, in.Address, out.Address})
			}
			for _, fee := range []uint32{100, 500, 3000, 10000} {
				if exists(b.network.Contracts.V3Factory, append(getPool, append(args, word(big.NewInt(int64(fee)).Bytes())...)...)) {
					edges = append(edges, edge{"uniswap-v3", fee, in.Address, out.Address})
				}
			}
		}
	}
	return edges
}

// exhaustive tries every path of up to three hops on the chain itself; nil where none works. Exact-out paths stay on one venue.
func (b *bench) exhaustive(edges []edge, o swap.Order) *big.Int {
	wrapped := func(t chain.Token) common.Address {
		if t.Native() {
			return b.network.Contracts.WrappedNative
		}
		return t.Address
	}
	from, goal := wrapped(o.In), wrapped(o.Out)
	if o.Side == swap.ExactOut {
		from, goal = goal, from
	}
	var best *big.Int
	var walk func(at common.Address, amount *big.Int, seen []common.Address, venue string)
	walk = func(at common.Address, amount *big.Int, seen []common.Address, venue string) {
		if at == goal {
			if better := best == nil || (amount.Cmp(best) > 0) == (o.Side == swap.ExactIn); better {
				best = amount
			}
			return
		}
		if len(seen) == 3 {
			return
		}
		for _, e := range edges {
			near, far := e.in, e.out
			if o.Side == swap.ExactOut {
				near, far = far, near
			}
			revisits := false
			for _, s := range append(seen, at) {
				revisits = revisits || s == far
			}
			mixed := o.Side == swap.ExactOut && venue != "" && e.venue != venue
			if near != at || revisits || mixed || (len(seen) == 2 && far != goal) {
				continue
			}
			if next := b.onChain(e.venue, e.fee, o.Side, e.in, e.out, amount); next != nil && next.Sign() > 0 {
				walk(far, next, append(append([]common.Address{}, seen...), at), e.venue)
			}
		}
	}
	walk(from, o.Amount.Raw.ToBig(), nil, "")
	return best
}

func TestAForkQuotesLikeTheChain(t *testing.T) {
	b := newBench(t)
	f, err := fork.New(t.Context(), b.client)
	must(t, err)
	for _, o := range []swap.Order{
		b.order("ETH", "USDC", swap.ExactIn, "10"), b.order("DAI", "WBTC", swap.ExactIn, "250000"),
		b.order("USDT", "THIN", swap.ExactOut, "100"),
	} {
		here, err := b.router.Quote(t.Context(), b.client, o)
		must(t, err)
		there, err := b.router.Quote(t.Context(), f, o)
		must(t, err)
		if here.In != there.In || here.Out != there.Out || len(here.Hops) != len(there.Hops) {
			t.Errorf("chain %+v\nfork  %+v", here, there)
		}
	}
}

func TestATokenThatResetsAllowancesIsResetFirst(t *testing.T) {
	b := newBench(t)
	o := b.order("USDT", "USDC", swap.ExactIn, "1000")
	q, err := b.router.Quote(t.Context(), b.client, o)
	must(t, err)
	calls, err := b.router.Calls(t.Context(), b.client, q)
	must(t, err)
	if len(calls) != 2 {
		t.Fatalf("%d calls, want an approval and a swap", len(calls))
	}
	spender, exact, ok := chain.UnpackApprove(calls[0].Data)
	if !ok || *calls[1].To != spender || exact != o.Amount.Raw {
		t.Fatalf("approval of %s for %s, swap at %s", exact.Dec(), spender, calls[1].To)
	}

	small := calls[0]
	small.Data = chain.PackApprove(spender, uint256.NewInt(7))
	b.send(small)
	calls, err = b.router.Calls(t.Context(), b.client, q)
	must(t, err)
	if _, none, _ := chain.UnpackApprove(calls[0].Data); len(calls) != 3 || !none.IsZero() {
		t.Fatalf("%d calls, want a reset, an approval and a swap", len(calls))
	}
	b.execute(q)

	enough := small
	enough.Data = chain.PackApprove(spender, &o.Amount.Raw)
	b.send(enough)
	calls, err = b.router.Calls(t.Context(), b.client, q)
	must(t, err)
	if len(calls) != 1 {
		t.Fatalf("%d calls, want the swap alone", len(calls))
	}
}

func TestAnExpiredDeadlineReverts(t *testing.T) {
	b := newBench(t)
	for _, in := range []string{"USDC", "THIN"} {
		o := b.order("ETH", in, swap.ExactIn, "0.01")
		o.Deadline = 1
		q, err := b.router.Quote(t.Context(), b.client, o)
		must(t, err)
		calls, err := b.router.Calls(t.Context(), b.client, q)
		must(t, err)
		if receipt := b.send(calls[0]); receipt.Status == types.ReceiptStatusSuccessful {
			t.Errorf("a swap to %s went through after its deadline", in)
		}
	}
}

func TestAMovedPriceStopsAtTheMinimum(t *testing.T) {
	b := newBench(t)
	o := b.order("ETH", "THIN", swap.ExactIn, "0.05")
	q, err := b.router.Quote(t.Context(), b.client, o)
	must(t, err)
	calls, err := b.router.Calls(t.Context(), b.client, q)
	must(t, err)
	before, err := b.router.Quote(t.Context(), b.client, b.order("ETH", "THIN", swap.ExactIn, "0.2"))
	must(t, err)
	b.execute(before)
	if receipt := b.send(calls[0]); receipt.Status == types.ReceiptStatusSuccessful {
		t.Error("a swap below its minimum went through")
	}
}

func TestATokenThatTakesAFeeGivesTheMinimumOrReverts(t *testing.T) {
	b := newBench(t)
	holder := known.Accounts()[0]
	key, err := crypto.HexToECDSA(holder.Key)
	must(t, err)
	b.key, b.account = key, holder.Address // the deployer owns the token, and owners pay no fee
	for _, c := range []struct {
		in, out, amount string
		slippage        uint64
		ok              bool
	}{
		{"ETH", "FEE", "0.1", 50, false},
		{"ETH", "FEE", "0.1", 300, true},
		{"FEE", "WETH", "100", 50, false},
		{"FEE", "WETH", "100", 300, true},
		{"FEE", "ETH", "100", 300, true},
	} {
		o := b.order(c.in, c.out, swap.ExactIn, c.amount)
		o.SlippageBps, o.Recipient = c.slippage, common.Address{18: 1, 19: byte(c.slippage)}
		q, err := b.router.Quote(t.Context(), b.client, o)
		must(t, err)
		calls, err := b.router.Calls(t.Context(), b.client, q)
		must(t, err)
		before := b.balance(o.Out, o.Recipient)
		var status uint64
		for _, call := range calls {
			status = b.send(call).Status
		}
		got := new(big.Int).Sub(b.balance(o.Out, o.Recipient), before)
		if ok := status == types.ReceiptStatusSuccessful; ok != c.ok {
			t.Errorf("%s for %s with %d bps: went through is %v", c.in, c.out, c.slippage, ok)
		}
		if c.ok && (got.Cmp(q.MinOut.Raw.ToBig()) < 0 || got.Cmp(q.Out.Raw.ToBig()) >= 0) {
			t.Errorf("%s for %s: got %s of %s, at least %s", c.in, c.out, got, q.Out.Raw.Dec(), q.MinOut.Raw.Dec())
		}
	}
}

func BenchmarkQuote(b *testing.B) {
	bench := newBench(b)
	f, err := fork.New(b.Context(), bench.client)
	must(b, err)
	for _, reader := range []struct {
		name string
		swap.Reader
	}{{"client", bench.client}, {"fork", f}} {
		for _, o := range []struct{ name, in, out, amount string }{
			{"one-hop", "ETH", "USDC", "1"}, {"two-hops", "DAI", "WBTC", "10000"}, {"large", "ETH", "DAI", "500"},
		} {
			b.Run(reader.name+"/"+o.name, func(b *testing.B) {
				order := bench.order(o.in, o.out, swap.ExactIn, o.amount)
				for b.Loop() {
					_, err := bench.router.Quote(b.Context(), reader, order)
					must(b, err)
				}
			})
		}
	}
}
