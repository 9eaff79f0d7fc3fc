package pool

import (
	"errors"
	"math"
	"math/big"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/internal/shared"
)

// onChain is a pool as it was at a block, of whichever kind.
type onChain struct {
	Reserves0 *big.Int `json:"reserves_token0"`
	Reserves1 *big.Int `json:"reserves_token1"`
	Scalars   struct {
		Fee       uint32
		Spacing   int32    `json:"tick_spacing"`
		Price     *big.Int `json:"sqrt_price_x96"`
		Tick      int32
		Liquidity *big.Int
		Protocol0 uint32 `json:"protocol_fee_zero_for_one"`
		Protocol1 uint32 `json:"protocol_fee_one_for_zero"`
	}
	Token0, Token1 struct{ Symbol string }
	Ticks          map[string][]*big.Int `json:"tick_data"`
}

// answer is what a contract answered, or that it reverted.
type answer struct {
	Value    *big.Int
	Reverted bool
}

func (c onChain) ticks(t *testing.T) []Tick {
	t.Helper()
	var all []Tick
	for index, nets := range c.Ticks {
		i, err := strconv.ParseInt(index, 10, 32)
		must(t, err)
		all = append(all, Tick{Index: int32(i), Net: *extended(nets[1])})
	}
	slices.SortFunc(all, func(a, b Tick) int { return int(a.Index - b.Index) })
	return all
}

// parity is one pool and the answers that its contract, or a quoter, gave for it.
type parity struct {
	pool, answers string
	first         string // the symbol of token0, where the pool's file has none
	make          func(t *testing.T, c onChain) (Pool, error)
	least         int // answers that have to be there
}

func withTicks(t *testing.T, c onChain) (Pool, error) {
	t.Helper()
	s := c.Scalars
	return NewV3(
		pairSite("uniswap-v3", s.Fee), uint256.MustFromBig(s.Price), s.Tick, uint256.MustFromBig(s.Liquidity), s.Spacing, c.ticks(t),
	)
}

var parities = map[string]parity{
	"a V2 pair with a fee of 0.25 %": {
		pool:    "chain__chain_data__8453__pancakeswap_v2_weth_usdbc_block_46875151.json",
		answers: "golden__pancakeswap__test_pancakeswap_v2_onchain_parity__test_pancakeswap_v2_router_get_amounts_out.json",
		make: func(_ *testing.T, c onChain) (Pool, error) {
			return NewV2(pairSite("uniswap-v2", 2500), uint256.MustFromBig(c.Reserves0), uint256.MustFromBig(c.Reserves1))
		},
		least: 20,
	},
	"a V3 pool": {
		pool:    "chain__chain_data__1__uniswap_v3_wbtc_weth_block_24407242.json",
		answers: "golden__uniswap__v3__test_uniswap_v3_onchain_parity__test_cached_calculations_v3_wbtc_weth.json",
		make:    withTicks, least: 60,
	},
	"a V3 pool of another factory": {
		pool:    "chain__chain_data__8453__aerodrome_v3_cbeth_weth_block_46875151.json",
		answers: "golden__aerodrome__test_aerodrome_v3_onchain_parity__test_aerodrome_v3_cbeth_weth_quote.json",
		first:   "cbETH", make: withTicks, least: 20,
	},
	"a V4 pool": {
		pool:    "chain__chain_data__1__uniswap_v4_eth_usdc_block_24407242.json",
		answers: "golden__uniswap__v4__test_uniswap_v4_onchain_parity__test_cached_calculations_v4_eth_usdc.json",
		make: func(t *testing.T, c onChain) (Pool, error) {
			t.Helper()
			s := c.Scalars
			return NewV4(
				pairSite("uniswap-v4", s.Fee), common.Address{}, ProtocolFee{s.Protocol0, s.Protocol1},
				uint256.MustFromBig(s.Price), s.Tick, uint256.MustFromBig(s.Liquidity), s.Spacing, c.ticks(t),
			)
		},
		least: 60,
	},
}

// What contracts of the main networks answered at one block. Without that data the same contracts on a chain of our own stand in for it:
// see the tests of real pools.
func TestPoolsOfMainNetworksPayWhatTheirContractsAnswered(t *testing.T) {
	dir, ok := shared.Dir(t)
	if !ok {
		t.Logf("%s is not there: only contracts on a chain of our own were asked", shared.Variable)
		return
	}
	for name, c := range parities {
		t.Run(name, func(t *testing.T) {
			var state onChain
			readJSON(t, filepath.Join(dir, "routing", "parity", c.pool), &state)
			if c.first == "" {
				c.first = state.Token0.Symbol
			}
			p, err := c.make(t, state)
			must(t, err)
			var golden struct{ Entries map[string]answer }
			readJSON(t, filepath.Join(dir, "routing", "parity", c.answers), &golden)
			exact, dry := 0, 0
			for key, want := range golden.Entries {
				parts := strings.Split(key, "|")
				method, pair, last := parts[1], parts[2], parts[len(parts)-1]
				in := 1
				if strings.HasPrefix(pair, c.first+"->") {
					in = 0
				}
				amount, over := uint256.FromBig(bigOf(t, last))
				if over {
					t.Fatalf("%s: no amount", key)
				}
				trade := p.Out
				if strings.Contains(method, "Output") {
					trade = p.In
				}
				got, _, err := trade(in, 1-in, amount)
				switch {
				case errors.Is(err, ErrLiquidity):
					dry++
					wantDry(t, key, p, in, want, len(state.Ticks))
				case want.Reverted || want.Value.Cmp(got.ToBig()) != 0 || (err != nil) != got.IsZero():
					t.Errorf("%s: %s, %v, want %+v", key, got.Dec(), err, want)
				default:
					exact++
				}
			}
			if exact+dry < c.least || exact < c.least/2 {
				t.Errorf("only %d answers to the wei, and %d of a dry pool", exact, dry)
			}
			t.Logf("%d answers to the wei, %d of a dry pool", exact, dry)
		})
	}
}

// wantDry holds that the contract reverted, or traded only what there is: the most that the curve says, or the most that anything costs,
// but for what is rounded at each tick.
func wantDry(t *testing.T, key string, p Pool, in int, want answer, stops int) {
	t.Helper()
	if want.Reverted {
		return
	}
	most, paid := p.Curve(in, 1-in).Until(0)
	got, _ := new(big.Float).SetInt(want.Value).Float64()
	if math.Abs(got-paid) > paid*1e-9+float64(stops) && math.Abs(got-most) > most*1e-9+float64(stops) {
		t.Errorf("%s: a dry pool, but the contract answered %v", key, want)
	}
}

func bigOf(t *testing.T, decimal string) *big.Int {
	t.Helper()
	n, ok := new(big.Int).SetString(decimal, 10)
	if !ok {
		t.Fatalf("%q is no number", decimal)
	}
	return n
}
