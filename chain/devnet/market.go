package devnet

import (
	"math/big"
	"sort"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain/devnet/known"
)

// cents is what one whole token costs. Every pool starts at the price that follows from these.
var cents = map[known.Contract]int64{
	known.WETH: 3_000_00,
	known.WBTC: 60_000_00,
	known.USDC: 1_00,
	known.USDT: 1_00,
	known.DAI:  1_00,
	known.FEE:  1_00,
	known.MOON: 1,
	known.THIN: 1_00,
}

const mintedDollars = 100_000_000 // of each token, to the deployer

// funds is what each of the first two accounts holds, by value.
var funds = []struct {
	token   known.Contract
	dollars int64
}{
	{known.WETH, 60_000},
	{known.USDC, 50_000},
	{known.USDT, 20_000},
	{known.DAI, 30_000},
	{known.WBTC, 60_000},
	{known.FEE, 10_000},
	{known.MOON, 100},
}

// v2Pools is the dollars on each side of the V2 pairs.
var v2Pools = []struct {
	a, b    known.Contract
	dollars int64
}{
	{known.WETH, known.USDC, 6_000_000},
	{known.WETH, known.DAI, 3_000_000},
	{known.WETH, known.WBTC, 3_000_000},
	{known.WETH, known.USDT, 1_500_000},
	{known.USDC, known.DAI, 2_000_000},
	{known.USDC, known.USDT, 2_000_000},
	{known.WETH, known.FEE, 300_000},
	{known.WETH, known.MOON, 150_000},
	{known.WETH, known.THIN, 3_000},
}

// position is liquidity of V3 around the starting price: width ticks to either side, or everywhere where width is zero. A
// tick is a hundredth of a percent.
type position struct {
	width   int64
	dollars int64 // on each side
}

// v3Pools is the positions of the V3 pools.
var v3Pools = []struct {
	a, b      known.Contract
	fee       int64 // millionths
	positions []position
}{
	{known.WETH, known.USDC, 500, []position{{0, 1_000_000}, {2_000, 2_000_000}, {500, 1_000_000}}},
	{known.WETH, known.USDC, 3_000, []position{{0, 1_000_000}, {4_000, 1_500_000}}},
	{known.WETH, known.USDC, 10_000, []position{{0, 50_000}}},
	{known.WETH, known.DAI, 500, []position{{0, 300_000}}},
	{known.WETH, known.DAI, 3_000, []position{{0, 500_000}, {3_000, 1_000_000}}},
	{known.WETH, known.USDT, 500, []position{{0, 500_000}, {1_000, 1_000_000}}},
	{known.WETH, known.USDT, 3_000, []position{{0, 800_000}}},
	{known.WETH, known.WBTC, 500, []position{{0, 500_000}, {1_000, 1_000_000}}},
	{known.WETH, known.WBTC, 3_000, []position{{0, 1_500_000}}},
	{known.USDC, known.DAI, 100, []position{{0, 50_000}, {50, 3_000_000}}},
	{known.USDC, known.DAI, 500, []position{{0, 200_000}}},
	{known.USDC, known.USDT, 100, []position{{0, 50_000}, {50, 3_000_000}}},
	{known.USDC, known.USDT, 500, []position{{0, 300_000}}},
	{known.WETH, known.THIN, 10_000, []position{{0, 2_000}}},
}

// spacings is the distance of usable ticks by fee. The fee of one hundredth of a percent is switched on by the factory's
// owner, as it was on the real networks.
var spacings = map[int64]int64{100: 1, 500: 10, 3_000: 60, 10_000: 200}

func (w *author) fillPools() {
	for _, p := range v2Pools {
		w.call(known.V2Router, "addLiquidity", w.at[p.a], w.at[p.b], worth(p.a, p.dollars), worth(p.b, p.dollars),
			common.Big0, common.Big0, w.deployer, never)
	}
	w.call(known.V3Factory, "enableFeeAmount", big.NewInt(100), big.NewInt(spacings[100]))
	for _, p := range v3Pools {
		t0, t1 := w.sorted(p.a, p.b)
		price := sqrtPrice(t0, t1)
		w.call(known.PositionManager, "createAndInitializePoolIfNecessary", w.at[t0], w.at[t1], big.NewInt(p.fee), price)
		for _, at := range p.positions {
			lower, upper := ticks(price, at.width, spacings[p.fee])
			w.call(known.PositionManager, "mint", mintParams{
				Token0: w.at[t0], Token1: w.at[t1], Fee: big.NewInt(p.fee),
				TickLower: big.NewInt(lower), TickUpper: big.NewInt(upper),
				Amount0Desired: worth(t0, at.dollars), Amount1Desired: worth(t1, at.dollars),
				Amount0Min: common.Big0, Amount1Min: common.Big0,
				Recipient: w.deployer, Deadline: never,
			})
		}
	}
}

// mintParams is the argument of the position manager's mint.
type mintParams struct {
	Token0, Token1                 common.Address
	Fee, TickLower, TickUpper      *big.Int
	Amount0Desired, Amount1Desired *big.Int
	Amount0Min, Amount1Min         *big.Int
	Recipient                      common.Address
	Deadline                       *big.Int
}

// worth is how many of a token's smallest units cost so many dollars.
func worth(token known.Contract, dollars int64) *big.Int {
	raw := new(big.Int).Mul(big.NewInt(dollars*100), unit(token))
	return raw.Div(raw, big.NewInt(cents[token]))
}

func unit(token known.Contract) *big.Int { return tenTo(int64(specOf(token).Decimals)) }

// sqrtPrice is the square root of the smallest units of t1 that one smallest unit of t0 costs, with 96 fractional bits.
func sqrtPrice(t0, t1 known.Contract) *big.Int {
	num := new(big.Int).Mul(big.NewInt(cents[t0]), unit(t1))
	den := new(big.Int).Mul(big.NewInt(cents[t1]), unit(t0))
	num.Lsh(num, 192).Div(num, den)
	return num.Sqrt(num)
}

const maxTick = 887_272

// ticks is a range around a price, on usable ticks.
func ticks(sqrtPriceX96 *big.Int, width, spacing int64) (lower, upper int64) {
	if width == 0 {
		end := maxTick / spacing * spacing
		return -end, end
	}
	middle := tickOf(sqrtPriceX96)
	down := func(tick int64) int64 { return tick - ((tick%spacing)+spacing)%spacing }
	return down(middle - width), down(middle+width) + spacing
}

// tickOf is the greatest tick whose price is not above the given one.
func tickOf(sqrtPriceX96 *big.Int) int64 {
	price := new(big.Int).Mul(sqrtPriceX96, sqrtPriceX96) // 192 fractional bits
	above := sort.Search(2*maxTick+1, func(i int) bool { return priceAt(int64(i)-maxTick).Cmp(price) > 0 })
	return int64(above) - maxTick - 1
}

const powerBits = 256 // fractional bits of powers; ample for the 192 that are compared

// priceAt is 1.0001 to the power of tick, with 192 fractional bits.
func priceAt(tick int64) *big.Int {
	power := new(big.Int).Lsh(common.Big1, powerBits)
	square := new(big.Int).Div(new(big.Int).Mul(power, big.NewInt(10_001)), big.NewInt(10_000))
	for n := max(tick, -tick); n > 0; n >>= 1 {
		if n&1 == 1 {
			power.Rsh(power.Mul(power, square), powerBits)
		}
		square.Rsh(new(big.Int).Mul(square, square), powerBits)
	}
	if tick < 0 {
		one := new(big.Int).Lsh(common.Big1, 192+powerBits)
		return one.Div(one, power)
	}
	return power.Rsh(power, powerBits-192)
}
