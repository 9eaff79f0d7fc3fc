package swap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
)

var testNet = chain.Network{
	Key: "test", Name: "Test", ChainID: 7, Native: chain.Token{ChainID: 7, Symbol: "ETH", Decimals: 18},
	Contracts: chain.Contracts{
		WrappedNative: tokenA, V2Factory: common.Address{0xf2}, V2Router: common.Address{0xe2},
		V3Factory: common.Address{0xf3}, V3Router: common.Address{0xe3}, Multicall3: common.Address{0xca},
	},
}

func testToken(symbol string, at byte) chain.Token {
	return chain.Token{ChainID: 7, Address: common.Address{19: at}, Symbol: symbol, Decimals: 18}
}

var (
	weth = testToken("WETH", 0xa)
	beta = testToken("BETA", 0xb)
	cent = testToken("CENT", 0xc)
	dust = testToken("DUST", 0xd)
)

func testRegistry(t interface{ Fatal(...any) }) *chain.Registry {
	var listings []chain.Listing
	for _, token := range []chain.Token{weth, beta, cent, dust} {
		listings = append(listings, chain.Listing{Token: token, Source: "test"})
	}
	r, err := chain.NewRegistry(listings...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// paper is a chain on paper: factories, pools and routers that answer like the real ones.
type paper struct {
	network chain.Network
	pairs   map[pair]*v2Pool
	ladders map[common.Address]ladder
	pools   map[pair]map[uint32]common.Address
	trips   int
	allowed uint256.Int
	answers func(q query) (answer, bool) // first word, where it has one
}

var aggregate3 = func() abi.Method {
	parsed, err := abi.JSON(strings.NewReader(`[{"type":"function","name":"aggregate3","inputs":[{"name":"calls","type":"tuple[]","components":[
		{"name":"target","type":"address"},{"name":"allowFailure","type":"bool"},{"name":"callData","type":"bytes"}]}],
		"outputs":[{"name":"results","type":"tuple[]","components":[{"name":"success","type":"bool"},{"name":"returnData","type":"bytes"}]}]}]`))
	if err != nil {
		panic(err)
	}
	return parsed.Methods["aggregate3"]
}()

func (p *paper) CallContract(_ context.Context, c chain.Call) ([]byte, error) {
	p.trips++
	if *c.To != p.network.Contracts.Multicall3 {
		got := p.answer(query{*c.To, c.Data})
		if got == nil {
			return nil, &chain.RevertError{}
		}
		return got, nil
	}
	args, err := aggregate3.Inputs.Unpack(c.Data[4:])
	if err != nil {
		return nil, err
	}
	var in struct{ Calls []chain.View }
	if err := aggregate3.Inputs.Copy(&in, args); err != nil {
		return nil, err
	}
	out := make([]chain.ViewResult, len(in.Calls))
	for i, v := range in.Calls {
		got := p.answer(query{v.Target, v.CallData})
		out[i] = chain.ViewResult{Success: got != nil, ReturnData: got}
	}
	return aggregate3.Outputs.Pack(out)
}

func (p *paper) answer(q query) answer {
	if p.answers != nil {
		if got, ok := p.answers(q); ok {
			return got
		}
	}
	c, args := p.network.Contracts, answer(q.data[4:])
	switch s := selector(q.data[:4]); {
	case q.to == c.V2Router && s == selFactory, q.to == c.V3Router && s == selFactoryV2:
		return encode(address(c.V2Factory))
	case q.to == c.V3Router && s == selFactory:
		return encode(address(c.V3Factory))
	case s == selWETH, s == selWETH9:
		return encode(address(c.WrappedNative))
	case s == selectorOf("allowance(address,address)"):
		return encode(number(&p.allowed))
	case s == selGetPair:
		a, _ := args.address(0)
		b, _ := args.address(1)
		if pool := p.pairs[pairOf(a, b)]; pool != nil {
			return encode(address(pool.site.pool))
		}
		return encode(small(0))
	case s == selGetPool:
		a, _ := args.address(0)
		b, _ := args.address(1)
		fee, _ := args.number(2, 24)
		return encode(address(p.pools[pairOf(a, b)][uint32(fee.Uint64())]))
	}
	if l, ok := p.ladders[q.to]; ok {
		return l.answer(q)
	}
	for _, pool := range p.pairs {
		if pool.site.pool == q.to {
			switch selector(q.data[:4]) {
			case selToken0:
				return encode(address(pool.token0))
			case selToken1:
				return encode(address(pool.token1))
			case selGetReserves:
				return encode(number(&pool.reserve0), number(&pool.reserve1), small(1))
			}
		}
	}
	return nil
}

func newPaper() *paper {
	return &paper{
		network: testNet, pairs: map[pair]*v2Pool{}, ladders: map[common.Address]ladder{}, pools: map[pair]map[uint32]common.Address{},
	}
}

func (p *paper) addV2(a, b chain.Token, reserveA, reserveB uint64) {
	at := pairOf(a.Address, b.Address)
	if a.Address != at.token0 {
		reserveA, reserveB = reserveB, reserveA
	}
	p.pairs[at] = &v2Pool{
		site:     site{pool: common.Address{2, byte(len(p.pairs))}, token0: at.token0, token1: at.token1, feePips: v2Fee},
		reserve0: *uint256.NewInt(reserveA), reserve1: *uint256.NewInt(reserveB),
	}
}

func (p *paper) addV3(at pair, l ladder) {
	if p.pools[at][l.bare.feePips] != (common.Address{}) {
		return
	}
	l.bare.site.pool = common.Address{3, byte(len(p.ladders))}
	l.bare.token0, l.bare.token1 = at.token0, at.token1
	if p.pools[at] == nil {
		p.pools[at] = map[uint32]common.Address{}
	}
	p.pools[at][l.bare.feePips] = l.bare.site.pool
	p.ladders[l.bare.site.pool] = l
}

func order(in, out chain.Token, side Side, amount uint64) Order {
	exact := in
	if side == ExactOut {
		exact = out
	}
	return Order{
		In: in, Out: out, Side: side, Amount: chain.NewAmount(uint256.NewInt(amount), exact), SlippageBps: 50,
		Account: common.Address{1, 1}, Recipient: common.Address{1, 2}, Deadline: 99,
	}
}

// What is read lazily must give what reading everything gives.
func TestALazilyReadMarketGivesTheBestOfAllPaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPaper()
		m := &market{tokens: []common.Address{beta.Address, cent.Address, weth.Address, dust.Address}, pools: map[pair][]Pool{}}
		for _, at := range pairsOf(m.tokens) {
			if rapid.Bool().Draw(t, "has v2") {
				v2 := drawV2(t)
				p.addV2(chain.Token{Address: at.token0}, chain.Token{Address: at.token1}, 0, 0)
				p.pairs[at].reserve0, p.pairs[at].reserve1 = v2.reserve0, v2.reserve1
				m.pools[at] = append(m.pools[at], p.pairs[at])
			}
			for range rapid.IntRange(0, 2).Draw(t, "v3 pools") {
				p.addV3(at, drawLadder(t))
			}
			for _, fee := range v3Fees {
				if l, ok := p.ladders[p.pools[at][fee]]; ok {
					m.pools[at] = append(m.pools[at], l.whole())
				}
			}
		}
		side := rapid.SampledFrom([]Side{ExactIn, ExactOut}).Draw(t, "side")
		o := order(beta, cent, side, 1)
		o.Amount.Raw = drawAmount(t, "amount", 100)
		s := &search{side: side, from: beta.Address, to: cent.Address, amount: o.Amount.Raw, lanes: [][]string{{v2Venue, v3Venue}}}
		if side == ExactOut {
			s.from, s.to, s.lanes = s.to, s.from, [][]string{{v2Venue}, {v3Venue}}
		}
		var all []*node
		for _, lane := range s.lanes {
			all = append(all, everyPath(s, m, lane)...)
		}

		q, err := New(testNet, testRegistry(t)).Quote(t.Context(), p, o)
		if len(all) == 0 {
			if !refusal.Is(err, refusal.NoRoute) {
				t.Fatalf("no path works, but the answer is %+v, %v", q, err)
			}
			return
		}
		best := slices.MinFunc(all, s.compare)
		if err != nil {
			t.Fatalf("%v, but %s is possible", err, best.amount.Dec())
		}
		got, last := q.Out.Raw, q.Hops[len(q.Hops)-1].Pool
		if side == ExactOut {
			got, last = q.In.Raw, q.Hops[0].Pool
		}
		if got != best.amount || last != best.pool.Address() {
			t.Fatalf("quoted %s by %+v, best is %s at last by %s", got.Dec(), q.Hops, best.amount.Dec(), best.pool.Address())
		}
	})
}

func TestOrdersThatMakeNoSenseAreRefusedBeforeAnythingIsRead(t *testing.T) {
	elsewhere := beta
	elsewhere.ChainID = 8
	good := order(beta, cent, ExactIn, 100)
	change := func(f func(*Order)) Order {
		o := good
		f(&o)
		return o
	}
	for _, c := range []struct {
		name  string
		order Order
		want  refusal.Reason
	}{
		{"nothing", change(func(o *Order) { o.Amount.Raw.Clear() }), refusal.Usage},
		{"no side", change(func(o *Order) { o.Side = "" }), refusal.Usage},
		{"the same token", order(beta, beta, ExactIn, 1), refusal.Usage},
		{"a wrap", order(testNet.Native, weth, ExactIn, 1), refusal.Usage},
		{"an unwrap", order(weth, testNet.Native, ExactOut, 1), refusal.Usage},
		{"another chain", order(elsewhere, cent, ExactIn, 1), refusal.Usage},
		{"an amount of the other token", change(func(o *Order) { o.Amount.Token = cent }), refusal.Usage},
		{"a minimum of the other token", change(func(o *Order) { o.MinOut = &o.Amount }), refusal.Usage},
		{"all of it as slippage", change(func(o *Order) { o.SlippageBps = 10_000 }), refusal.Slippage},
		{"nobody pays", change(func(o *Order) { o.Account = common.Address{} }), refusal.Usage},
		{"nobody receives", change(func(o *Order) { o.Recipient = common.Address{} }), refusal.Usage},
		{"the router's word for its caller receives", change(func(o *Order) { o.Recipient = common.Address{19: 1} }), refusal.Usage},
		{"the router's word for itself receives", change(func(o *Order) { o.Recipient = common.Address{19: 2} }), refusal.Usage},
		{"no deadline", change(func(o *Order) { o.Deadline = 0 }), refusal.Usage},
	} {
		p := newPaper()
		_, err := New(testNet, testRegistry(t)).Quote(t.Context(), p, c.order)
		if !refusal.Is(err, c.want) || p.trips != 0 {
			t.Errorf("%s: %v after %d reads", c.name, err, p.trips)
		}
	}
}

func TestLimitsFollowSlippageAndTheUsersFloor(t *testing.T) {
	floor := func(n uint64) *chain.Amount {
		a := chain.NewAmount(uint256.NewInt(n), cent)
		return &a
	}
	for _, c := range []struct {
		name     string
		side     Side
		amount   uint64
		slippage uint64
		floor    *chain.Amount
		in, out  uint64 // most, least
		refused  refusal.Reason
	}{
		{"the minimum is rounded down", ExactIn, 1000, 50, nil, 1000, 991, ""}, // 996 out, 991.02 less slippage
		{"no slippage at all", ExactIn, 1000, 0, nil, 1000, 996, ""},
		{"a higher floor wins", ExactIn, 1000, 50, floor(995), 1000, 995, ""},
		{"a lower floor does not", ExactIn, 1000, 50, floor(3), 1000, 991, ""},
		{"a floor above the quote", ExactIn, 1000, 50, floor(997), 0, 0, refusal.NoRoute},
		{"never nothing", ExactIn, 2, 9_999, nil, 2, 1, ""},
		{"too little to give anything", ExactIn, 1, 50, nil, 0, 0, refusal.NoRoute},
		{"the maximum is rounded down", ExactOut, 1000, 50, nil, 1009, 1000, ""}, // 1005 in, 1010.0 with slippage
		{"a floor above the exact amount", ExactOut, 1000, 50, floor(1001), 0, 0, refusal.Usage},
		{"more than there is", ExactOut, 1_000_000_000, 50, nil, 0, 0, refusal.NoRoute},
	} {
		p := newPaper()
		p.addV2(beta, cent, 1_000_000_000, 1_000_000_000)
		o := order(beta, cent, c.side, c.amount)
		o.SlippageBps, o.MinOut = c.slippage, c.floor
		q, err := New(testNet, testRegistry(t)).Quote(t.Context(), p, o)
		if c.refused != "" {
			if !refusal.Is(err, c.refused) {
				t.Errorf("%s: %+v, %v", c.name, q, err)
			}
			continue
		}
		if err != nil || q.MaxIn.Raw.Uint64() != c.in || q.MinOut.Raw.Uint64() != c.out {
			t.Errorf("%s: at most %s in, at least %s out, %v", c.name, q.MaxIn.Raw.Dec(), q.MinOut.Raw.Dec(), err)
		}
	}
}

func TestImpactLeavesOutFeesAndIsRoundedUp(t *testing.T) {
	p := newPaper()
	p.addV2(beta, cent, 1_000_000_000, 2_000_000_000)
	for _, c := range []struct{ amount, impact uint64 }{
		{10_000, 1},           // a tenth of a basis point
		{10_000_000, 99},      // 1 % of the pool, less the fee: 0.987 %
		{1_000_000_000, 4993}, // as much as is there: 49.92 %
	} {
		q, err := New(testNet, testRegistry(t)).Quote(t.Context(), p, order(beta, cent, ExactIn, c.amount))
		if err != nil || q.ImpactBps != c.impact || q.FeeBps != 30 {
			t.Errorf("%d: impact %d, fee %d, %v", c.amount, q.ImpactBps, q.FeeBps, err)
		}
	}
}

func TestPlacesAreRememberedAndStateIsNot(t *testing.T) {
	p := newPaper()
	p.addV2(beta, cent, 1_000_000, 1_000_000)
	x := New(testNet, testRegistry(t))
	first, err := x.Quote(t.Context(), p, order(beta, cent, ExactIn, 1000))
	if err != nil {
		t.Fatal(err)
	}
	cold := p.trips
	p.pairs[pairOf(beta.Address, cent.Address)].reserve1 = *uint256.NewInt(2_000_000)
	second, err := x.Quote(t.Context(), p, order(beta, cent, ExactIn, 1000))
	if err != nil || !second.Out.Raw.Gt(&first.Out.Raw) {
		t.Fatalf("%s, then %s: %v", first.Out, second.Out, err)
	}
	if warm := p.trips - cold; warm >= cold {
		t.Errorf("%d reads, then %d", cold, warm)
	}
	p.addV2(beta, dust, 1_000_000, 1_000_000)
	if q, err := x.Quote(t.Context(), p, order(beta, dust, ExactIn, 1000)); err != nil || len(q.Hops) != 1 {
		t.Errorf("a pool that was made later is not found: %v", err)
	}
}

func TestManyMayAskOneRouterAtOnce(t *testing.T) {
	x := New(testNet, testRegistry(t))
	var group errgroup.Group
	for i := range 8 {
		group.Go(func() error {
			p := newPaper()
			p.addV2(beta, cent, 1_000_000, 1_000_000+uint64(i))
			o := order(beta, cent, ExactIn, 1000)
			q, err := x.Quote(t.Context(), p, o)
			if err != nil {
				return err
			}
			_, err = x.Calls(t.Context(), p, q)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
}

func TestANetworkWithoutMulticallIsAskedSingly(t *testing.T) {
	p := newPaper()
	p.network.Contracts.Multicall3 = common.Address{}
	p.addV2(beta, cent, 1_000_000, 1_000_000)
	q, err := New(p.network, testRegistry(t)).Quote(t.Context(), p, order(beta, cent, ExactIn, 1000))
	if err != nil || q.Out.Raw.Uint64() != 996 {
		t.Fatalf("%+v, %v", q, err)
	}
}

type broken struct{ err error }

func (b broken) CallContract(context.Context, chain.Call) ([]byte, error) { return []byte{1}, b.err }

func TestAReaderThatFailsIsARefusalAndNotAMissingPool(t *testing.T) {
	single := testNet
	single.Contracts.Multicall3 = common.Address{}
	down := refusal.New(refusal.RPCDown, "away")
	for _, c := range []struct {
		name    string
		network chain.Network
		reader  Reader
	}{
		{"nonsense", testNet, broken{}},
		{"an error", testNet, broken{errors.New("boom")}},
		{"down", testNet, broken{down}},
		{"an error, asked singly", single, broken{errors.New("boom")}},
		{"down, asked singly", single, broken{fmt.Errorf("read: %w", down)}},
	} {
		_, err := New(c.network, testRegistry(t)).Quote(t.Context(), c.reader, order(beta, cent, ExactIn, 1000))
		if !refusal.Is(err, refusal.RPCDown) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestAPoolThatIsNotWhatTheFactorySaidIsLeftOut(t *testing.T) {
	good := func() *paper {
		p := newPaper()
		p.addV2(beta, cent, 1_000_000, 1_000_000)
		return p
	}
	for _, c := range []struct {
		name string
		ask  selector
		lie  answer
	}{
		{"another token0", selToken0, encode(address(dust.Address))},
		{"a token that is no address", selToken1, encode(number(most))},
		{"an empty answer", selGetReserves, answer{}},
		{"half an answer", selGetReserves, make(answer, 63)},
		{"reserves that do not fit", selGetReserves, encode(number(most), number(most))},
		{"no reserves", selGetReserves, encode(small(0), small(0))},
	} {
		p := good()
		p.answers = func(q query) (answer, bool) { return c.lie, bytes.Equal(q.data[:4], c.ask[:]) }
		_, err := New(testNet, testRegistry(t)).Quote(t.Context(), p, order(beta, cent, ExactIn, 1000))
		if !refusal.Is(err, refusal.NoRoute) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestARouterOfAnotherFactoryIsNotUsed(t *testing.T) {
	p := newPaper()
	p.addV2(beta, cent, 1_000_000, 1_000_000)
	p.answers = func(q query) (answer, bool) {
		return encode(address(common.Address{1})), bytes.Equal(q.data[:4], selFactory[:]) && q.to == testNet.Contracts.V2Router
	}
	q, err := New(testNet, testRegistry(t)).Quote(t.Context(), p, order(beta, cent, ExactIn, 1000))
	if err != nil {
		t.Fatal(err)
	}
	calls, err := New(testNet, testRegistry(t)).Calls(t.Context(), p, q)
	if err != nil || *calls[len(calls)-1].To != testNet.Contracts.V3Router {
		t.Fatalf("%+v, %v", calls, err)
	}
}

// FuzzQuoteOnAHostileChain answers every read with bytes of the fuzzer's choice. A quote is then an error, or it keeps its word.
func FuzzQuoteOnAHostileChain(f *testing.F) {
	f.Add([]byte{}, uint64(1))
	f.Add(encode(address(common.Address{1}), small(1000), small(1)), uint64(1000))
	f.Add(encode(number(q96), signed(0), number(q96), signed(-1)), uint64(7))
	f.Fuzz(func(t *testing.T, b []byte, amount uint64) {
		single := testNet
		single.Contracts.Multicall3 = common.Address{}
		p := newPaper()
		p.network = single
		turn := 0
		p.answers = func(q query) (answer, bool) {
			if q.to == single.Contracts.V2Router || q.to == single.Contracts.V3Router {
				return nil, false
			}
			turn++
			from := turn * 7 % (len(b) + 1)
			return b[from:], true
		}
		for _, side := range []Side{ExactIn, ExactOut} {
			q, err := New(single, testRegistry(t)).Quote(t.Context(), p, order(beta, cent, side, amount))
			if err == nil && (q.MinOut.IsZero() || q.MaxIn.IsZero() || q.MinOut.Raw.Gt(&q.Out.Raw) || q.MaxIn.Raw.Lt(&q.In.Raw)) {
				t.Fatalf("%+v", q)
			}
		}
	})
}
