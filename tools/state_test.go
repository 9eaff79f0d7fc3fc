package tools

import (
	"bytes"
	"context"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/router/swap"
)

const testChain = 7

var (
	me      = common.HexToAddress("0x00000000000000000000000000000000000000Aa")
	friend  = common.HexToAddress("0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045")
	venue   = common.HexToAddress("0x00000000000000000000000000000000000000bB")
	permit2 = common.HexToAddress("0x000000000022D473030F116dDEE9F6B43aC78BA3")

	ether = chain.Token{ChainID: testChain, Symbol: "ETH", Decimals: 18}
	weth  = token(1, "WETH", 18)
	usdc  = token(2, "USDC", 6)
	usdt  = token(3, "USDT", 6)
	dead  = token(4, "DEAD", 18) // answers nothing
)

func token(at byte, symbol string, decimals uint8) chain.Token {
	return chain.Token{ChainID: testChain, Address: common.Address{0xee, at}, Symbol: symbol, Decimals: decimals}
}

// ledger is a State whose contracts are tables.
type ledger struct {
	native  map[common.Address]uint256.Int
	held    map[common.Address]map[common.Address]uint256.Int // token, holder
	allowed map[[2]common.Address]uint256.Int                 // token, spender; of me
	permits map[[2]common.Address]uint256.Int
	broken  error // of every contract call

	decimals map[common.Address]uint64
}

func newLedger() *ledger {
	return &ledger{
		native:  map[common.Address]uint256.Int{me: *units("2", ether)},
		held:    map[common.Address]map[common.Address]uint256.Int{weth.Address: {me: *units("3", weth)}, usdc.Address: {me: *units("1000", usdc)}, usdt.Address: {}},
		allowed: map[[2]common.Address]uint256.Int{},
		permits: map[[2]common.Address]uint256.Int{},

		decimals: map[common.Address]uint64{weth.Address: 18, usdc.Address: 6, usdt.Address: 6},
	}
}

func units(s string, t chain.Token) *uint256.Int {
	a, err := chain.ParseAmount(s, t)
	if err != nil {
		panic(err)
	}
	return &a.Raw
}

func amount(s string, t chain.Token) chain.Amount { return chain.NewAmount(units(s, t), t) }

func (l *ledger) Time() uint64 { return 1000 }

func (l *ledger) Balance(_ context.Context, a common.Address) (uint256.Int, error) {
	return l.native[a], l.broken
}

var errReverted = &chain.RevertError{}

func (l *ledger) CallContract(_ context.Context, c chain.Call) ([]byte, error) {
	if l.broken != nil {
		return nil, l.broken
	}
	word := func(i int) common.Address { return common.BytesToAddress(c.Data[4+32*i : 36+32*i]) }
	is := func(packed []byte) bool { return bytes.Equal(packed[:4], c.Data[:4]) }
	number := func(n uint256.Int) []byte { b := n.Bytes32(); return b[:] }
	holders, isToken := l.held[*c.To]
	switch {
	case isToken && is(chain.PackBalanceOf(me)):
		return number(holders[word(0)]), nil
	case isToken && is(chain.PackDecimals()):
		return number(*uint256.NewInt(l.decimals[*c.To])), nil
	case isToken && is(chain.PackAllowance(me, me)):
		return number(l.allowed[[2]common.Address{*c.To, word(1)}]), nil
	case isToken && is(chain.PackApprove(me, new(uint256.Int))):
		spender, then, _ := chain.UnpackApprove(c.Data)
		now := l.allowed[[2]common.Address{*c.To, spender}]
		if *c.To == usdt.Address && !now.IsZero() && !then.IsZero() {
			return nil, errReverted
		}
		return nil, nil
	case *c.To == permit2:
		return append(number(l.permits[[2]common.Address{word(1), word(2)}]), make([]byte, 64)...), nil
	case *c.To == multicall:
		return l.aggregate(c)
	}
	return nil, nil
}

var multicall = common.HexToAddress("0xcA11bde05977b3631167028862bE2a173976CA11")

// aggregate runs a multicall by unpacking it as the contract does.
func (l *ledger) aggregate(c chain.Call) ([]byte, error) {
	views := abi.Arguments{{Type: tuples("target", "address", "allowFailure", "bool", "callData", "bytes")}}
	results := abi.Arguments{{Type: tuples("success", "bool", "returnData", "bytes")}}
	values, err := views.Unpack(c.Data[4:])
	if err != nil {
		return nil, err
	}
	asked := *abi.ConvertType(values[0], new([]chain.View)).(*[]chain.View)
	answers := make([]chain.ViewResult, len(asked))
	for i, v := range asked {
		ret, err := l.CallContract(context.Background(), chain.Call{To: &v.Target, Data: v.CallData})
		answers[i] = chain.ViewResult{Success: err == nil, ReturnData: ret}
	}
	return results.Pack(answers)
}

func tuples(fields ...string) abi.Type {
	var parts []abi.ArgumentMarshaling
	for i := 0; i < len(fields); i += 2 {
		parts = append(parts, abi.ArgumentMarshaling{Name: fields[i], Type: fields[i+1]})
	}
	t, err := abi.NewType("tuple[]", "", parts)
	if err != nil {
		panic(err)
	}
	return t
}

// market is a Router where ETH and WETH cost 3000 USDC or USDT, without fees.
type market struct {
	impact uint64
	orders []swap.Order
}

func (m *market) routers(chain.Network, *chain.Registry) Router { return m }

func (m *market) Quote(_ context.Context, _ swap.Reader, o swap.Order) (*swap.Quote, error) {
	m.orders = append(m.orders, o)
	worth := func(t chain.Token) uint64 { // of one whole token, in dollars
		if t.Decimals == 18 {
			return 3000
		}
		return 1
	}
	turn := func(a chain.Amount, to chain.Token) chain.Amount {
		num := new(uint256.Int).Mul(uint256.NewInt(worth(a.Token)), units("1", to))
		den := new(uint256.Int).Mul(uint256.NewInt(worth(to)), units("1", a.Token))
		out, err := a.MulDiv(num, den)
		if err != nil {
			panic(err)
		}
		return chain.NewAmount(&out.Raw, to)
	}
	if o.In.Same(dead) || o.Out.Same(dead) {
		return nil, refusal.New(refusal.NoRoute, "no pool of %s", dead.Symbol)
	}
	q := &swap.Quote{Order: o, Side: o.Side, ImpactBps: m.impact, FeeBps: 30, Pools: 1}
	bps := func(a chain.Amount, n uint64) chain.Amount {
		out, err := a.MulDiv(uint256.NewInt(n), uint256.NewInt(10_000))
		if err != nil {
			panic(err)
		}
		return out
	}
	if o.Side == swap.ExactIn {
		q.In, q.Out = o.Amount, turn(o.Amount, o.Out)
		q.MaxIn, q.MinOut = q.In, bps(q.Out, 10_000-o.SlippageBps)
		if o.MinOut != nil && q.MinOut.Raw.Lt(&o.MinOut.Raw) {
			q.MinOut = *o.MinOut
		}
	} else {
		q.In, q.Out = turn(o.Amount, o.In), o.Amount
		q.MaxIn, q.MinOut = bps(q.In, 10_000+o.SlippageBps), q.Out
	}
	q.Hops = []swap.Hop{{Pool: venue, Venue: "uniswap-v3", FeePips: 500, TokenIn: o.In, TokenOut: o.Out, In: q.In, Out: q.Out}}
	return q, nil
}

func (m *market) Calls(_ context.Context, _ swap.Reader, q *swap.Quote) ([]chain.Call, error) {
	c := chain.Call{ChainID: testChain, From: q.Order.Account, To: &venue, Data: []byte("swap")}
	if q.Order.In.Native() {
		c.Value = q.MaxIn.Raw
		return []chain.Call{c}, nil
	}
	at := q.Order.In.Address
	approve := chain.Call{ChainID: testChain, From: q.Order.Account, To: &at, Data: chain.PackApprove(venue, &q.MaxIn.Raw)}
	return []chain.Call{approve, c}, nil
}

// bench is a registry with everything that it needs around it.
type bench struct {
	*Registry
	env    Env
	ledger *ledger
	market *market
}

func newBench(t testing.TB) *bench {
	t.Helper()
	var listings []chain.Listing
	for _, tok := range []chain.Token{ether, weth, usdc, usdt, dead} {
		listings = append(listings, chain.Listing{Token: tok, Source: "test"})
	}
	tokens, err := chain.NewRegistry(listings...)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{ledger: newLedger(), market: &market{impact: 5}}
	b.Registry = New(b.market.routers, NoClaims{})
	b.env = Env{
		Network: chain.Network{
			Key: "devnet", Name: "Devnet", ChainID: testChain, Native: ether,
			Contracts: chain.Contracts{WrappedNative: weth.Address, Permit2: permit2, Multicall3: multicall},
		},
		Tokens: tokens, State: b.ledger, Account: me,
		Limits: Limits{SlippageBps: 50, MaxImpactBps: 300, DeadlineSecond: 600},
		FeeCap: *uint256.NewInt(2_000_000_000),
	}
	return b
}

func (b *bench) run(t testing.TB, in intents.Intent) (Result, error) {
	t.Helper()
	tool, err := b.For(in.Action)
	if err != nil {
		return Result{}, err
	}
	return b.Run(t.Context(), tool.Spec().Name, b.env, in)
}

func said[T any](v T) *intents.Sourced[T] { return &intents.Sourced[T]{V: v, From: intents.FromUser} }

func quantityOf(form intents.QuantityForm, number string) *intents.Sourced[intents.Quantity] {
	return said(intents.Quantity{Form: form, Number: number})
}

func number(n string) *intents.Sourced[intents.Quantity] { return quantityOf(intents.Exact, n) }
