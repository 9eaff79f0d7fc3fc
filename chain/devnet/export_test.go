package devnet

import (
	"math/big"

	"github.com/keymaker-agent/keymaker/chain/devnet/known"
)

// Pool is a row of the market's tables, as the tests outside see it. A pool of V2 has no fee.
type Pool struct {
	A, B known.Contract
	Fee  *big.Int
}

// Pools lists both tables.
func Pools() []Pool {
	var all []Pool
	for _, p := range v2Pools {
		all = append(all, Pool{A: p.a, B: p.b})
	}
	for _, p := range v3Pools {
		all = append(all, Pool{p.a, p.b, big.NewInt(p.fee)})
	}
	return all
}

// Tick is where the pool of two tokens starts, if the first of them is its token0.
func Tick(t0, t1 known.Contract) int64 { return tickOf(sqrtPrice(t0, t1)) }
