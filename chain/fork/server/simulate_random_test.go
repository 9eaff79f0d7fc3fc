package server

import (
	"encoding/json"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/keymaker-agent/keymaker/chain/devnet/artifacts"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/contracts"
	"github.com/keymaker-agent/keymaker/internal/conformance"
)

// trader makes random calls to exchanges and tokens, most of which can succeed.
type trader struct {
	*rand.Rand
	t        testing.TB
	at       map[known.Contract]common.Address
	people   []common.Address
	token    abi.ABI
	v2, v3   *abi.ABI
	wrapping *abi.ABI
}

func newTrader(t testing.TB, m *market) *trader {
	t.Helper()
	set, err := artifacts.Load("")
	if err != nil {
		t.Fatal(err)
	}
	read := func(n artifacts.Name) *abi.ABI {
		a, err := set.Artifact(n).Interface()
		if err != nil {
			t.Fatal(err)
		}
		return &a
	}
	r := &trader{
		Rand: rand.New(rand.NewPCG(1, 2)), t: t, at: m.Addresses(known.L1), token: contracts.Load(contracts.Token).ABI,
		v2: read(artifacts.UniswapV2Router), v3: read(artifacts.SwapRouter02), wrapping: read(artifacts.WETH9),
	}
	for _, a := range m.Accounts()[:4] {
		r.people = append(r.people, a.Address)
	}
	return r
}

func (r *trader) pack(a *abi.ABI, method string, args ...any) hexutil.Bytes {
	r.t.Helper()
	data, err := a.Pack(method, args...)
	if err != nil {
		r.t.Fatal(err)
	}
	return data
}

func pick[T any](r *rand.Rand, all ...T) T { return all[r.IntN(len(all))] }

// call is a random call of somebody.
func (r *trader) call() map[string]any {
	from, other := pick(r.Rand, r.people...), pick(r.Rand, r.people...)
	coins := []known.Contract{known.USDC, known.USDT, known.DAI, known.WBTC, known.FEE, known.MOON, known.THIN, known.WETH}
	coin, sold, bought := r.at[pick(r.Rand, coins...)], r.at[pick(r.Rand, coins...)], r.at[pick(r.Rand, coins...)]
	amount := big.NewInt(r.Int64N(1 << r.IntN(40)))
	spender, late := r.at[pick(r.Rand, known.V2Router, known.V3Router)], big.NewInt(1<<62)
	c := map[string]any{"from": from, "gas": hexutil.Uint64(200_000 + r.IntN(400_000))}
	to, data, value := coin, hexutil.Bytes(nil), new(big.Int)
	switch r.IntN(9) {
	case 0:
		data = r.pack(&r.token, "transfer", other, amount)
	case 1, 2:
		data = r.pack(&r.token, "approve", pick(r.Rand, spender, other), pick(r.Rand, amount, late))
	case 3:
		data = r.pack(&r.token, "transferFrom", other, from, amount)
	case 4:
		to, data, value = r.at[known.WETH], r.pack(r.wrapping, "deposit"), amount
	case 5:
		to, data = r.at[known.WETH], r.pack(r.wrapping, "withdraw", amount)
	case 6:
		to, data = r.at[known.V2Router], r.pack(r.v2, "swapExactTokensForTokens", amount, new(big.Int), pick(r.Rand,
			[]common.Address{sold, bought}, []common.Address{sold, r.at[known.WETH], bought}), other, late)
	case 7:
		to, value = r.at[known.V2Router], amount
		data = r.pack(r.v2, "swapExactETHForTokens", new(big.Int), []common.Address{r.at[known.WETH], bought}, other, late)
	case 8:
		to = r.at[known.V3Router]
		data = r.pack(r.v3, "exactInputSingle", struct {
			TokenIn, TokenOut          common.Address
			Fee                        *big.Int
			Recipient                  common.Address
			AmountIn, AmountOutMinimum *big.Int
			SqrtPriceLimitX96          *big.Int
		}{sold, bought, big.NewInt(pick(r.Rand, int64(500), 3000, 10000)), other, amount, new(big.Int), new(big.Int)})
	}
	c["to"], c["input"], c["value"] = to, data, (*hexutil.Big)(value)
	return c
}

// Random trades, blocks of them, come out of a fork as they come out of the node: gas, logs, returned data, hashes and state roots.
func TestRandomTradesComeOutAsTheNodeHasThem(t *testing.T) {
	const requests, blocks, calls = 30, 3, 8
	m := newMarket(t)
	_, url := serve(t, source(t, m.url), Options{StateRoots: true})
	node, fork, r := dialed(t, m.url), dialed(t, url), newTrader(t, m)
	counts := map[bool]int{}
	for n := range requests {
		var all []any
		for range blocks {
			var some []any
			for range calls {
				some = append(some, r.call())
			}
			all = append(all, map[string]any{"calls": some})
		}
		request := map[string]any{"blockStateCalls": all, "traceTransfers": n%2 == 0, "returnFullTransactions": n%3 == 0}
		var want, got json.RawMessage
		if err := node.CallContext(t.Context(), &want, "eth_simulateV1", request, "latest"); err != nil {
			t.Fatal(err)
		}
		if err := fork.CallContext(t.Context(), &got, "eth_simulateV1", request, "latest"); err != nil {
			t.Fatal(err)
		}
		if err := conformance.Exact(&conformance.Conversation{}, want, got); err != nil {
			t.Errorf("request %d: %v", n, err)
		}
		var done []struct{ Calls []simulatedCall }
		if err := json.Unmarshal(got, &done); err != nil {
			t.Fatal(err)
		}
		for _, b := range done {
			for _, c := range b.Calls {
				counts[uint64(c.Status) == types.ReceiptStatusSuccessful]++
			}
		}
	}
	t.Logf("%d calls succeeded, %d failed", counts[true], counts[false])
	if counts[true] < 100 || counts[false] < 100 {
		t.Error("too few of either kind to show anything")
	}
}
