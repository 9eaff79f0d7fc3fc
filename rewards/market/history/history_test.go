package history_test

import (
	"context"
	"encoding/hex"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/market"
	"github.com/keymaker-agent/keymaker/rewards/market/history"
)

// town is the first embedded chain, and who owns everything on it.
type town struct {
	testing.TB
	net    *devnet.Devnet
	node   *ethclient.Client
	client *chain.Client
	owner  devnet.Account
	at     map[known.Contract]common.Address
}

func newTown(tb testing.TB) *town {
	tb.Helper()
	d := devnettest.Start(tb)
	key := known.DeployerKey(known.L1)
	owner := devnet.Account{Address: crypto.PubkeyToAddress(key.PublicKey), Key: hex.EncodeToString(crypto.FromECDSA(key))}
	w := &town{tb, d, devnettest.Dial(tb, d, known.L1), nil, owner, d.Addresses(known.L1)}
	var err error
	if w.client, err = chain.Dial(tb.Context(), d.Networks()[0]); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(w.client.Close)
	for _, router := range []known.Contract{known.V2Router, known.V3Router} {
		for _, token := range []known.Contract{known.WETH, known.USDC} {
			w.send(token, "approve(address,uint256)", w.at[router], new(big.Int).Lsh(common.Big1, 255))
		}
	}
	return w
}

// pack encodes a call of words and one list of addresses, which is all that is needed here.
func pack(tb testing.TB, signature string, args ...any) []byte {
	tb.Helper()
	var of abi.Arguments
	inner := signature[strings.Index(signature, "(")+1 : len(signature)-1]
	inner = strings.TrimSuffix(strings.TrimPrefix(inner, "("), ")") // a tuple of words is packed as its words are
	for _, name := range strings.Split(inner, ",") {
		kind, err := abi.NewType(name, "", nil)
		if err != nil {
			tb.Fatal(err)
		}
		of = append(of, abi.Argument{Type: kind})
	}
	data, err := of.Pack(args...)
	if err != nil {
		tb.Fatal(err)
	}
	return append(crypto.Keccak256([]byte(signature))[:4], data...)
}

func (w *town) send(to known.Contract, signature string, args ...any) {
	w.Helper()
	address := w.at[to]
	receipt := devnettest.Send(w, w.net, w.owner, chain.Call{ChainID: known.L1, To: &address, Data: pack(w, signature, args...)})
	if receipt.Status != types.ReceiptStatusSuccessful {
		w.Fatalf("%s fails", signature)
	}
}

func (w *town) ask(to known.Contract, signature string, args ...any) common.Address {
	w.Helper()
	address := w.at[to]
	out, err := w.node.CallContract(w.Context(), ethereum.CallMsg{To: &address, Data: pack(w, signature, args...)}, nil)
	if err != nil {
		w.Fatal(err)
	}
	return common.BytesToAddress(out)
}

func (w *town) pools() map[history.Venue]common.Address {
	return map[history.Venue]common.Address{
		history.V2: w.ask(known.V2Factory, "getPair(address,address)", w.at[known.WETH], w.at[known.USDC]),
		history.V3: w.ask(known.V3Factory, "getPool(address,address,uint24)", w.at[known.WETH], w.at[known.USDC], big.NewInt(3000)),
	}
}

// trade swaps in both pools, through the routers.
func (w *town) trade(in, out known.Contract, amount *big.Int) {
	w.Helper()
	w.send(known.V2Router, "swapExactTokensForTokens(uint256,uint256,address[],address,uint256)",
		amount, common.Big0, []common.Address{w.at[in], w.at[out]}, w.owner.Address, big.NewInt(1<<40))
	w.send(known.V3Router, "exactInputSingle((address,address,uint24,address,uint256,uint256,uint160))",
		w.at[in], w.at[out], big.NewInt(3000), w.owner.Address, amount, common.Big0, common.Big0)
}

func (w *town) head() uint64 {
	w.Helper()
	n, err := w.node.BlockNumber(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return n
}

// days lets so many days pass, each with trades or none, and returns the range of blocks that holds them.
func (w *town) days(n int) (from, to uint64) {
	w.Helper()
	from = w.head()
	ether, dollar := big.NewInt(1e18), big.NewInt(1e6)
	for i := range n {
		switch i % 4 {
		case 0:
			w.trade(known.WETH, known.USDC, new(big.Int).Mul(ether, big.NewInt(int64(7+i))))
		case 1:
			w.trade(known.USDC, known.WETH, new(big.Int).Mul(dollar, big.NewInt(int64(90_000-1000*i))))
			w.trade(known.USDC, known.WETH, big.NewInt(1_234_567))
		case 2:
			w.trade(known.WETH, known.USDC, big.NewInt(1e15+int64(i)))
		}
		if err := w.net.AdjustTime(known.L1, 24*time.Hour); err != nil {
			w.Fatal(err)
		}
	}
	return from, w.head()
}

func (w *town) read(o history.Order) *history.History {
	w.Helper()
	h, err := history.Read(w.Context(), w.client, o, func(history.Progress) {})
	if err != nil {
		w.Fatal(err)
	}
	return h
}

// logged is the price of WETH at a time, as the pools' own logs tell it: the state that the package reads is not asked.
func (w *town) logged(venue history.Venue, pool common.Address, at uint64) *big.Float {
	w.Helper()
	logs, err := w.node.FilterLogs(w.Context(), ethereum.FilterQuery{FromBlock: common.Big1, Addresses: []common.Address{pool}})
	if err != nil {
		w.Fatal(err)
	}
	var price *big.Float
	for _, l := range logs {
		h, err := w.node.HeaderByNumber(w.Context(), new(big.Int).SetUint64(l.BlockNumber))
		if err != nil {
			w.Fatal(err)
		}
		if h.Time > at {
			break
		}
		float := func(i int) *big.Float {
			return new(big.Float).SetPrec(400).SetInt(new(big.Int).SetBytes(l.Data[32*i : 32*i+32]))
		}
		var raw *big.Float // token 1 for token 0, in their smallest units
		switch l.Topics[0] {
		case crypto.Keccak256Hash([]byte("Sync(uint112,uint112)")):
			raw = new(big.Float).Quo(float(1), float(0))
		case crypto.Keccak256Hash([]byte("Swap(address,address,int256,int256,uint160,uint128,int24)")):
			raw = new(big.Float).Mul(float(2), float(2))
			raw.SetMantExp(raw, -192)
		case crypto.Keccak256Hash([]byte("Initialize(uint160,int24)")):
			raw = new(big.Float).Mul(float(0), float(0))
			raw.SetMantExp(raw, -192)
		default:
			continue
		}
		if w.at[known.USDC].Cmp(w.at[known.WETH]) < 0 {
			raw.Quo(big.NewFloat(1).SetPrec(400), raw)
		}
		price = raw.Mul(raw, new(big.Float).SetInt64(1e12)) // 18 decimals against 6
	}
	if price == nil {
		w.Fatalf("no log of %s before %d", venue, at)
	}
	return price
}

func TestPricesOfEachDayAreThoseOfThePoolsOwnLogs(t *testing.T) {
	w := newTown(t)
	from, to := w.days(9)
	for venue, pool := range w.pools() {
		t.Run(string(venue), func(t *testing.T) {
			w := *w
			w.TB = t
			h := w.read(history.Order{Pool: pool, Of: w.at[known.WETH], From: from, To: to, Every: history.Day})
			if h.Venue != venue || h.Of != (history.Token{Address: w.at[known.WETH], Decimals: 18}) || h.In != (history.Token{Address: w.at[known.USDC], Decimals: 6}) {
				t.Fatalf("a %s pool of %+v in %+v", h.Venue, h.Of, h.In)
			}
			if len(h.Points) != 9 && len(h.Points) != 10 { // one more where the first block is just before midnight
				t.Fatalf("%d prices of nine days", len(h.Points))
			}
			different := map[string]bool{}
			for i, p := range h.Points {
				if p.Time%history.Day != 0 || i > 0 && p.Time != h.Points[i-1].Time+history.Day {
					t.Errorf("price %d is at %d", i, p.Time)
				}
				got, _ := new(big.Float).SetPrec(400).SetString(history.Decimal(p.Price))
				want := w.logged(venue, pool, p.Time)
				off := new(big.Float).Sub(got, want)
				if limit := new(big.Float).Mul(want, big.NewFloat(1e-19)); off.Abs(off).Cmp(limit) > 0 {
					t.Errorf("on day %d the price is %s, the logs say %s", i, got.Text('g', 25), want.Text('g', 25))
				}
				if v, _ := want.Float64(); v < 2500 || v > 3500 {
					t.Errorf("a WETH costs %v USDC", v)
				}
				different[history.Decimal(p.Price)] = true
			}
			if len(different) < 5 {
				t.Errorf("only %d prices differ", len(different))
			}
			other := w.read(history.Order{Pool: pool, Of: w.at[known.USDC], From: from, To: to, Every: history.Day})
			for i, p := range other.Points {
				if product := new(big.Rat).Mul(p.Price, h.Points[i].Price); product.Cmp(big.NewRat(1, 1)) != 0 {
					t.Errorf("the prices of both tokens multiply to %s", product)
				}
			}
		})
	}
}

// What is read is what a study takes: the day of the great trade is the event, and it is seen.
func TestAHistoryIsASeriesForAStudy(t *testing.T) {
	w := newTown(t)
	from, quiet := w.days(10)
	w.trade(known.WETH, known.USDC, new(big.Int).Mul(big.NewInt(1e18), big.NewInt(600)))
	_, to := w.days(3)
	h := w.read(history.Order{Pool: w.pools()[history.V2], Of: w.at[known.WETH], From: from, To: to, Every: history.Day})
	day := slices.IndexFunc(h.Points, func(p history.Point) bool { return p.Block > quiet })
	if day < 10 || len(h.Points) < day+2 {
		t.Fatalf("the trade is on day %d of %d", day, len(h.Points))
	}
	s, err := h.Series("pool")
	if err != nil {
		t.Fatal(err)
	}
	event := time.Unix(int64(h.Points[day].Time), 0).UTC()
	study, err := market.Measure(s, nil, market.Design{Event: event, Estimation: market.Window{From: -9, To: -2}, Window: market.Window{From: -1, To: 1}})
	if err != nil {
		t.Fatal(err)
	}
	before, _ := h.Points[day-1].Price.Float64()
	after, _ := h.Points[day].Price.Float64()
	if got, want := study.Days[1].Return, after/before-1; got > -0.3 || want > -0.3 || *study.Days[1].Abnormal.P > 1e-6 {
		t.Errorf("the return of the day is %v (simple: %v), p %v", got, want, *study.Days[1].Abnormal.P)
	}
	if !strings.HasPrefix(h.CSV(), "date,price\n"+time.Unix(int64(h.Points[0].Time), 0).UTC().Format(time.DateOnly)+",") {
		t.Errorf("it begins with %.40q", h.CSV())
	}
}

func TestWhatHasNoPriceIsRefusedByName(t *testing.T) {
	w := newTown(t)
	head := w.head()
	v2 := w.pools()[history.V2]
	logs, err := w.node.FilterLogs(t.Context(), ethereum.FilterQuery{FromBlock: common.Big1, Addresses: []common.Address{v2}})
	if err != nil || len(logs) == 0 {
		t.Fatalf("%d logs, %v", len(logs), err)
	}
	made := logs[0].BlockNumber
	for name, c := range map[string]struct {
		order history.Order
		why   refusal.Reason
		says  string
	}{
		"an account":             {history.Order{Pool: w.owner.Address, From: 1, To: head, Every: 60}, refusal.NoPool, "no two tokens"},
		"a token":                {history.Order{Pool: w.at[known.USDC], From: 1, To: head, Every: 60}, refusal.NoPool, "no two tokens"},
		"a router":               {history.Order{Pool: w.at[known.V2Router], From: 1, To: head, Every: 60}, refusal.NoPool, "no two tokens"},
		"another token":          {history.Order{Pool: v2, Of: w.at[known.DAI], From: 1, To: head, Every: 60}, refusal.NoPool, "not of " + w.at[known.DAI].Hex()},
		"before the pool":        {history.Order{Pool: v2, From: 1, To: made, Every: 5}, refusal.SeriesGap, "after block"},
		"a block to come":        {history.Order{Pool: v2, From: 1, To: head + 1000, Every: 60}, refusal.StatePruned, "has no block"},
		"a range the wrong way":  {history.Order{Pool: v2, From: head, To: 1, Every: 60}, refusal.Usage, "no two prices"},
		"no step":                {history.Order{Pool: v2, From: 1, To: head}, refusal.Usage, "no two prices"},
		"a step that is too big": {history.Order{Pool: v2, From: 1, To: head, Every: 1 << 40}, refusal.TooFewPrices, "does not hold two prices"},
	} {
		h, err := history.Read(t.Context(), w.client, c.order, func(history.Progress) {})
		if h != nil || !refusal.Is(err, c.why) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %s: …%s…", name, err, c.why, c.says)
		}
	}

	from, to := w.days(1)
	ctx, stop := context.WithCancel(t.Context())
	_, err = history.Read(ctx, w.client, history.Order{Pool: v2, From: from, To: to, Every: 3600}, func(history.Progress) { stop() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("stopped after the first trip: %v", err)
	}
}
