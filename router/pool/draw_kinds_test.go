package pool

import (
	"math"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"
)

// A kind as it is drawn, and what its contract's own rounding may do.
type drawnKind struct {
	draw func(*rapid.T) (Pool, []uint8) // and the decimals of its tokens
	// wobble is by how much its iterations may be off, in parts of 1e18 of a token; 0 where there is no iteration.
	wobble float64
	// bent is where the fee depends on the trade, so that the curve is not concave.
	bent bool
	// apart is where the curve is a difference of two large numbers, so that its rate has few digits.
	apart bool
}

// digits is how exact a curve is.
func (k drawnKind) digits() float64 {
	if k.apart {
		return 1e-5
	}
	return 1e-9
}

var drawnKinds = map[string]drawnKind{
	"balancer-weighted":        {draw: drawWeighted, wobble: 0},
	"balancer-stable":          {draw: drawAmplified, wobble: 2 * ampUnit}, // it rounds before it multiplies by the amplification's unit
	"curve-stable":             {draw: drawStableSwap, wobble: 8},
	"curve-stable with shares": {draw: drawShares, wobble: 64, apart: true},
	"curve-tricrypto":          {draw: drawTricrypto, wobble: 1e6, bent: true},
	"solidly-volatile":         {draw: drawVolatile},
	"solidly-stable":           {draw: drawStablePair, wobble: 8},
}

func drawSite(t *rapid.T, kind string, n int) (Site, []uint8) {
	site, decimals := Site{ID: "0x01", Kind: kind, Venue: "drawn"}, make([]uint8, n)
	for i := range n {
		site.Tokens = append(site.Tokens, common.BigToAddress(uint256.NewInt(uint64(i+1)).ToBig()))
		decimals[i] = rapid.SampledFrom([]uint8{6, 8, 18}).Draw(t, "decimals")
	}
	return site, decimals
}

// drawWhole draws whole tokens, from hundreds to a hundred million, in smallest units.
func drawWhole(t *rapid.T, decimals uint8, from, to float64, name string) uint256.Int {
	return fromFloat(math.Pow(10, float64(decimals)+rapid.Float64Range(from, to).Draw(t, name)))
}

func drawBalances(t *rapid.T, decimals []uint8) []uint256.Int {
	all := make([]uint256.Int, len(decimals))
	for i, d := range decimals {
		all[i] = drawWhole(t, d, 2, 8, "balance")
	}
	return all
}

// drawLevel draws balances of about equal worth.
func drawLevel(t *rapid.T, decimals []uint8) []uint256.Int {
	all := make([]uint256.Int, len(decimals))
	level := rapid.Float64Range(3, 7).Draw(t, "level")
	for i, d := range decimals {
		all[i] = drawWhole(t, d, level-0.7, level+0.7, "balance")
	}
	return all
}

func made[P Pool](t *rapid.T, p P, err error) Pool {
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func drawWeighted(t *rapid.T) (Pool, []uint8) {
	site, decimals := drawSite(t, "balancer-weighted", rapid.IntRange(2, 4).Draw(t, "tokens"))
	left, of := uint64(unit18), make([]uint256.Int, len(decimals))
	for i := range of {
		share := left / uint64(len(of)-i)
		if i < len(of)-1 {
			share = rapid.Uint64Range(unit18/20, share*3/2).Draw(t, "weight")
		}
		of[i], left = word(share), left-share
	}
	fee := rapid.Uint64Range(0, unit18/20).Draw(t, "fee")
	p, err := NewWeighted(site, drawBalances(t, decimals), of, fee, decimals, rapid.Bool().Draw(t, "short"))
	return made(t, p, err), decimals
}

// drawRates draws rates of between half a unit and two.
func drawRates(t *rapid.T, decimals []uint8) []uint256.Int {
	all := make([]uint256.Int, len(decimals))
	for i, d := range decimals {
		all[i].Exp(uint256.NewInt(10), uint256.NewInt(uint64(18-d)))
		all[i].Mul(&all[i], uint256.NewInt(rapid.SampledFrom([]uint64{unit18, unit18, unit18 / 2, 1_226_470_562_881_593_452}).Draw(t, "rate")))
	}
	return all
}

func drawAmplified(t *rapid.T) (Pool, []uint8) {
	site, decimals := drawSite(t, "balancer-stable", rapid.IntRange(2, 4).Draw(t, "tokens"))
	amp, fee := rapid.Uint64Range(ampUnit, 5000*ampUnit).Draw(t, "amp"), rapid.Uint64Range(0, unit18/20).Draw(t, "fee")
	p, err := NewAmplified(site, drawLevel(t, decimals), drawRates(t, decimals), amp, fee, rapid.Bool().Draw(t, "rounds up"))
	return made(t, p, err), decimals
}

func drawStableSwap(t *rapid.T) (Pool, []uint8) {
	site, decimals := drawSite(t, "curve-stable", rapid.IntRange(2, 4).Draw(t, "tokens"))
	units := rapid.SampledFrom([]uint64{1, maxCurveUnits}).Draw(t, "units")
	amp, fee := units*rapid.Uint64Range(1, 5000).Draw(t, "amp"), rapid.Uint64Range(0, curveUnit/20).Draw(t, "fee")
	admin, supply := rapid.Uint64Range(0, curveUnit).Draw(t, "admin fee"), new(uint256.Int)
	p, err := NewStableSwap(site, drawLevel(t, decimals), drawRates(t, decimals), amp, units, fee, admin, supply)
	return made(t, p, err), decimals
}

// drawShares is a pool whose own shares can be traded.
func drawShares(t *rapid.T) (Pool, []uint8) {
	plain, decimals := drawStableSwap(t)
	p := plain.(*StableSwap)
	p.site.Tokens = append(p.site.Tokens, common.Address{1})
	var c checked
	p.supply = c.mulDiv(p.shape.invariant(&c, p.shape.worth(&c, p.balances)), word(rapid.Uint64Range(unit18/2, unit18).Draw(t, "supply")), e18)
	return p, append(decimals, 18)
}

func drawTricrypto(t *rapid.T) (Pool, []uint8) {
	site, decimals := drawSite(t, "curve-tricrypto", rapid.IntRange(2, 3).Draw(t, "tokens"))
	n := len(decimals)
	scale := make([]uint256.Int, n-1)
	level := rapid.Float64Range(4, 7).Draw(t, "level")
	balances := make([]uint256.Int, n)
	for i, d := range decimals {
		price := 0.0
		if i > 0 {
			price = rapid.Float64Range(-1, 4).Draw(t, "price")
			scale[i-1] = fromFloat(math.Pow(10, 18+price))
		}
		balances[i] = drawWhole(t, d, level-price-0.4, level-price+0.4, "balance")
	}
	terms := CryptoTerms{
		Amp: 27 * rapid.Uint64Range(10, 2000).Draw(t, "amp"), AmpUnit: 1, Gamma: rapid.Uint64Range(minGamma*1000, maxGamma/10).Draw(t, "gamma"),
		MidFee: rapid.Uint64Range(0, curveUnit/1000).Draw(t, "mid fee"), FeeGamma: rapid.Uint64Range(unit18/10000, unit18/10).Draw(t, "fee gamma"),
	}
	terms.OutFee = terms.MidFee + rapid.Uint64Range(0, curveUnit/200).Draw(t, "out fee")
	p, err := NewTricrypto(site, balances, scale, &e18, decimals, terms)
	made(t, p, err)
	var c checked
	if p.d = p.shape.invariant(&c, p.shape.worth(&c, balances)); c.reverted {
		t.Skip("no D for these balances")
	}
	return p, decimals
}

func drawVolatile(t *rapid.T) (Pool, []uint8) {
	site, decimals := drawSite(t, "solidly-volatile", 2)
	site.FeePPM = 100 * uint32(rapid.IntRange(0, 300).Draw(t, "fee"))
	all := drawBalances(t, decimals)
	p, err := NewVolatile(site, &all[0], &all[1])
	return made(t, p, err), decimals
}

func drawStablePair(t *rapid.T) (Pool, []uint8) {
	site, decimals := drawSite(t, "solidly-stable", 2)
	site.FeePPM = 100 * uint32(rapid.IntRange(0, 300).Draw(t, "fee"))
	all := drawLevel(t, decimals)
	p, err := NewStablePair(site, &all[0], &all[1], [2]uint8(decimals))
	return made(t, p, err), decimals
}

// eachKind checks a law on a pool of each kind, for a trade of some size.
func eachKind(t *testing.T, law func(t *rapid.T, k drawnKind, d drawnTrade)) {
	t.Helper()
	for name, k := range drawnKinds {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				p, decimals := k.draw(t)
				n := len(decimals)
				in := rapid.IntRange(0, n-1).Draw(t, "in")
				out := (in + rapid.IntRange(1, n-1).Draw(t, "out")) % n
				law(t, k, drawnTrade{Pool: p, in: in, out: out, decimals: decimals})
			})
		})
	}
}

// drawnTrade is a pool, and which of its tokens goes in and out.
type drawnTrade struct {
	Pool
	in, out  int
	decimals []uint8
}

// amount draws how much goes in: from dust to more than there is.
func (d drawnTrade) amount(t *rapid.T, name string) uint256.Int {
	return drawWhole(t, d.decimals[d.in], -float64(d.decimals[d.in]), 8, name)
}

// slack is by how much rounding may change what comes out, in smallest units: a few of its own, a few of what goes in, and what the
// contract's iterations may be off on either side.
func (d drawnTrade) slack(k drawnKind) float64 {
	rate := d.Curve(d.in, d.out).Rate(0)
	unitIn, unitOut := math.Pow(10, float64(d.decimals[d.in])-18), math.Pow(10, float64(d.decimals[d.out])-18)
	slack := 3 + 3*rate + 4*k.wobble*(unitOut+unitIn*rate)
	if p, ok := d.Pool.(*StableSwap); ok && d.out == len(p.balances) {
		for i := range p.balances { // what is charged is rounded in the units of each coin
			slack += 3 * d.Curve(i, d.out).Rate(0)
		}
	}
	return slack
}

// kept is what the powers of a weighted pool keep back of its balance, at most, in smallest units.
func (d drawnTrade) kept() float64 {
	if p, ok := d.Pool.(*Weighted); ok {
		return p.balances[d.out].Float64() * 2e-13
	}
	return 0
}
