package swap

import (
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

const (
	v2Venue = "uniswap-v2"
	v2Fee   = 3000 // pips, the same for every pair
	v2Gas   = 64_000
)

var (
	selGetPair     = selectorOf("getPair(address,address)")
	selGetReserves = selectorOf("getReserves()")

	n997  = uint256.NewInt(997)
	n1000 = uint256.NewInt(1000)
	one   = uint256.NewInt(1)
)

// v2Kind finds and reads pairs of a Uniswap V2 factory.
type v2Kind struct{ factory common.Address }

func (k v2Kind) find(token0, token1 common.Address) []query {
	return []query{{k.factory, call(selGetPair, address(token0), address(token1))}}
}

func (k v2Kind) site(_ int, token0, token1 common.Address, a answer) (site, bool) {
	pair, err := a.address(0)
	if err != nil || pair == (common.Address{}) {
		return site{}, false
	}
	return site{pool: pair, token0: token0, token1: token1, feePips: v2Fee}, true
}

func (k v2Kind) identity(s site) []query {
	return []query{{s.pool, call(selToken0)}, {s.pool, call(selToken1)}}
}

func (k v2Kind) check(s site, answers []answer) (site, error) { return s, checkTokens(s, answers) }

func (k v2Kind) state(s site) []query { return []query{{s.pool, call(selGetReserves)}} }

func (k v2Kind) pool(s site, answers []answer) (Pool, error) {
	reserve0, err := answers[0].number(0, 112)
	if err != nil {
		return nil, err
	}
	reserve1, err := answers[0].number(1, 112)
	if err != nil {
		return nil, err
	}
	if reserve0.IsZero() || reserve1.IsZero() {
		return nil, errLiquidity
	}
	return &v2Pool{site: s, reserve0: reserve0, reserve1: reserve1}, nil
}

// v2Pool is a constant-product pair with a fee of 0.3 %.
type v2Pool struct {
	site
	reserve0, reserve1 uint256.Int // at most 112 bits each, never zero
}

func (p *v2Pool) Address() common.Address { return p.site.pool }
func (p *v2Pool) Venue() string           { return v2Venue }
func (p *v2Pool) FeePips() uint32         { return v2Fee }

func (p *v2Pool) reserves(in common.Address) (reserveIn, reserveOut *uint256.Int) {
	if in == p.token0 {
		return &p.reserve0, &p.reserve1
	}
	return &p.reserve1, &p.reserve0
}

// Out is UniswapV2Library.getAmountOut, with the pair's own limits: something must come out, and the new reserve must fit
// 112 bits.
func (p *v2Pool) Out(in, _ common.Address, amount *uint256.Int) (Fill, error) {
	reserveIn, reserveOut := p.reserves(in)
	if !v2Fits(reserveIn, amount) {
		return Fill{}, errLiquidity
	}
	var kept, den, out uint256.Int
	kept.Mul(amount, n997)
	den.Mul(reserveIn, n1000)
	den.Add(&den, &kept)
	out.Mul(&kept, reserveOut)
	out.Div(&out, &den)
	if out.IsZero() {
		return Fill{}, errDust
	}
	return Fill{Amount: out, Gas: v2Gas}, nil
}

// In is UniswapV2Library.getAmountIn, with the pair's own limits.
func (p *v2Pool) In(in, _ common.Address, amount *uint256.Int) (Fill, error) {
	reserveIn, reserveOut := p.reserves(in)
	if amount.IsZero() || !amount.Lt(reserveOut) {
		return Fill{}, errLiquidity
	}
	var num, den uint256.Int
	num.Mul(reserveIn, amount)
	num.Mul(&num, n1000)
	den.Sub(reserveOut, amount)
	den.Mul(&den, n997)
	num.Div(&num, &den)
	num.Add(&num, one)
	if !v2Fits(reserveIn, &num) {
		return Fill{}, errLiquidity
	}
	return Fill{Amount: num, Gas: v2Gas}, nil
}

func (p *v2Pool) Spot(in, _ common.Address) *big.Rat {
	reserveIn, reserveOut := p.reserves(in)
	return new(big.Rat).SetFrac(reserveOut.ToBig(), reserveIn.ToBig())
}

func v2Fits(reserve, amount *uint256.Int) bool {
	var sum uint256.Int
	_, over := sum.AddOverflow(reserve, amount)
	return !over && sum.BitLen() <= 112
}
