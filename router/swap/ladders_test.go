package swap_test

import (
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/router/swap"
	"github.com/keymaker-agent/keymaker/router/swap/ticks"
)

// Random positions over each other, minted into real pools, must be quoted as QuoterV2 does.
func TestRandomLaddersAreQuotedAsTheContractQuotesThem(t *testing.T) {
	b := newBench(t)
	r := rand.New(rand.NewPCG(5, 6))
	manager := known.Addresses(b.network.ChainID)[known.PositionManager]
	only := b.network
	only.Contracts.V2Factory = common.Address{}
	registry, err := chain.NewRegistry()
	must(t, err)
	x := swap.New(only, registry) // paths go through wrapped native or nothing
	for _, symbol := range []string{"DAI", "THIN", "MOON"} {
		token := b.token(symbol)
		b.must(b.send(chain.Call{ChainID: b.network.ChainID, To: &token.Address, Data: chain.PackApprove(manager, new(uint256.Int).SetAllOne())}))
	}
	checked := 0
	for _, tier := range []struct {
		fee     uint32
		spacing int64
	}{{100, 1}, {500, 10}, {3000, 60}, {10000, 200}} {
		fee, spacing := tier.fee, tier.spacing
		for i, pair := range [][2]string{{"DAI", "THIN"}, {"DAI", "MOON"}, {"THIN", "MOON"}} {
			t0, t1 := b.token(pair[0]).Address, b.token(pair[1]).Address
			if t0.Cmp(t1) > 0 {
				t0, t1 = t1, t0
			}
			tick := (r.Int64N(40_000) - 20_000) / spacing * spacing
			price, err := ticks.Ratio(int32(tick))
			must(t, err)
			b.must(b.send(b.manage("createAndInitializePoolIfNecessary", t0, t1, new(big.Int).SetUint64(uint64(fee)), price.ToBig())))
			for range 12 {
				lower := tick + (r.Int64N(400)-200)*spacing
				upper := lower + (1+r.Int64N(300))*spacing
				amount := new(big.Int).Mul(big.NewInt(1+r.Int64N(1e6)), big.NewInt(1e12))
				b.must(b.send(b.manage("mint", mintParams{
					t0, t1, new(big.Int).SetUint64(uint64(fee)), big.NewInt(lower), big.NewInt(upper), amount, amount,
					new(big.Int), new(big.Int), b.account, big.NewInt(never),
				})))
			}
			for range 12 {
				in, out := pair[i%2], pair[1-i%2]
				side := swap.ExactIn
				if r.IntN(2) == 0 {
					in, out = out, in
				}
				if r.IntN(2) == 0 {
					side = swap.ExactOut
				}
				o := b.order(in, out, side, "1")
				worth := new(big.Int).Exp(big.NewInt(10), big.NewInt(r.Int64N(20)), nil)
				o.Amount.Raw = *uint256.MustFromBig(worth.Mul(worth, big.NewInt(1+r.Int64N(99))))
				q, err := x.Quote(t.Context(), b.client, o)
				want := b.onChain("uniswap-v3", fee, side, o.In.Address, o.Out.Address, o.Amount.Raw.ToBig())
				if refusal.Is(err, refusal.NoRoute) {
					continue // the pool runs dry, of which QuoterV2 says how much it could still give
				}
				must(t, err)
				b.agreesWithTheChain(q)
				if len(q.Hops) == 1 && q.Hops[0].FeePips == fee && want != nil {
					checked++
				}
			}
		}
	}
	if checked < 40 {
		t.Errorf("only %d quotes were made in the pools of their turn", checked)
	}
}

const managerABI = `[
	{"type":"function","name":"createAndInitializePoolIfNecessary","inputs":[{"type":"address"},{"type":"address"},{"type":"uint24"},{"type":"uint160"}]},
	{"type":"function","name":"mint","inputs":[{"name":"p","type":"tuple","components":[
		{"name":"token0","type":"address"},{"name":"token1","type":"address"},{"name":"fee","type":"uint24"},
		{"name":"tickLower","type":"int24"},{"name":"tickUpper","type":"int24"},
		{"name":"amount0Desired","type":"uint256"},{"name":"amount1Desired","type":"uint256"},
		{"name":"amount0Min","type":"uint256"},{"name":"amount1Min","type":"uint256"},
		{"name":"recipient","type":"address"},{"name":"deadline","type":"uint256"}]}]}
]`

type mintParams struct {
	Token0, Token1                 common.Address
	Fee, TickLower, TickUpper      *big.Int
	Amount0Desired, Amount1Desired *big.Int
	Amount0Min, Amount1Min         *big.Int
	Recipient                      common.Address
	Deadline                       *big.Int
}

// manage is a call of the position manager.
func (b *bench) manage(method string, args ...any) chain.Call {
	b.Helper()
	parsed, err := abi.JSON(strings.NewReader(managerABI))
	must(b, err)
	data, err := parsed.Pack(method, args...)
	must(b, err)
	to := known.Addresses(b.network.ChainID)[known.PositionManager]
	return chain.Call{ChainID: b.network.ChainID, To: &to, Data: data}
}

func (b *bench) must(r *types.Receipt) {
	b.Helper()
	if r.Status != types.ReceiptStatusSuccessful {
		b.Fatalf("%s reverted", r.TxHash)
	}
}
