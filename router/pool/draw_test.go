package pool

import (
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/router/swap/ticks"
)

// pairSite is a site of two tokens with that fee.
func pairSite(kind string, fee uint32) Site {
	return Site{ID: kind, Kind: kind, Venue: kind, Tokens: []common.Address{{19: 1}, {19: 2}}, FeePPM: fee}
}

// drawBits draws a number of at most that many bits, small ones as often as large ones. It is never zero.
func drawBits(t *rapid.T, most int, name string) uint256.Int {
	bits := rapid.IntRange(1, most).Draw(t, name+" bits")
	limbs := rapid.SliceOfN(rapid.Uint64(), 4, 4).Draw(t, name)
	x := uint256.Int{limbs[0], limbs[1], limbs[2], limbs[3]}
	top := new(uint256.Int).Lsh(one, uint(bits-1)) // rapid likes small numbers
	x.And(&x, new(uint256.Int).Sub(top, one))
	return *x.Or(&x, top)
}

func drawFee(t *rapid.T) uint32 {
	return rapid.OneOf(rapid.SampledFrom([]uint32{0, 100, 500, 2500, 3000, 10000}), rapid.Uint32Range(0, 999_999)).Draw(t, "fee")
}

func drawV2(t *rapid.T) *V2 {
	r0, r1 := drawBits(t, 112, "reserve0"), drawBits(t, 112, "reserve1")
	p, err := NewV2(pairSite("uniswap-v2", drawFee(t)), &r0, &r1)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// terrain is a pool with ticks as plain values.
type terrain struct {
	price     uint256.Int
	tick      int32
	liquidity uint256.Int
	spacing   int32
	ticks     []Tick
}

// drawTerrain draws positions over each other, and a price that may lie among them, on a tick, in a gap or outside.
func drawTerrain(t *rapid.T) terrain {
	spacing := rapid.SampledFrom([]int32{1, 10, 60, 200}).Draw(t, "spacing")
	middle := rapid.Int32Range(-300_000, 300_000).Draw(t, "middle") / spacing
	w := terrain{spacing: spacing}
	for range rapid.IntRange(1, 8).Draw(t, "positions") {
		lower := middle + rapid.Int32Range(-400, 300).Draw(t, "lower")
		upper := lower + rapid.Int32Range(1, 700).Draw(t, "width")
		depth := drawBits(t, 90, "depth")
		depth.AddUint64(&depth, 1<<40)
		w.ticks = provide(w.ticks, lower*spacing, upper*spacing, &depth)
	}
	w.tick = middle*spacing + rapid.Int32Range(-50*spacing, 50*spacing).Draw(t, "tick")
	low, _ := ticks.Ratio(w.tick)
	high, _ := ticks.Ratio(w.tick + 1)
	within := new(uint256.Int).Sub(&high, &low)
	within.Mul(within, uint256.NewInt(uint64(rapid.Uint16().Draw(t, "within"))))
	w.price.Add(&low, within.Rsh(within, 16))
	for _, tick := range w.ticks {
		if tick.Index <= w.tick {
			w.liquidity.Add(&w.liquidity, &tick.Net)
		}
	}
	return w
}

// pool is the terrain as a pool of that fee.
func (w terrain) pool(t rapid.TB, fee uint32) *V3 {
	p, err := NewV3(pairSite("uniswap-v3", fee), &w.price, w.tick, &w.liquidity, w.spacing, w.ticks)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func drawV3(t *rapid.T) *V3 { return drawTerrain(t).pool(t, drawFee(t)) }

func drawV4(t *rapid.T) *V4 {
	w := drawTerrain(t)
	share := rapid.Uint32Range(0, maxProtocolFee)
	protocol := ProtocolFee{share.Draw(t, "protocol fee down"), share.Draw(t, "protocol fee up")}
	p, err := NewV4(pairSite("uniswap-v4", drawFee(t)), common.Address{}, protocol, &w.price, w.tick, &w.liquidity, w.spacing, w.ticks)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// drawIn draws an amount to pay: of any size, or of that of the pool.
func drawIn(t *rapid.T, p Pool, in int, name string) uint256.Int {
	most, _ := p.Curve(in, 1-in).Until(0)
	if pair, ok := p.(*V2); ok {
		most = pair.reserves[in].Float64()
	}
	if most < 1 || rapid.Bool().Draw(t, name+" of any size") {
		return drawBits(t, 110, name)
	}
	return floored(1 + most*rapid.Float64Range(0, 1.1).Draw(t, name+" of the pool"))
}

// floored is a float as an amount.
func floored(x float64) uint256.Int {
	n, _ := big.NewFloat(x).Int(nil)
	return *uint256.MustFromBig(n)
}

func number(decimal string) *uint256.Int { return uint256.MustFromDecimal(decimal) }
