package swap

import (
	"errors"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
)

// Why a pool can't make a trade. What fails with errLiquidity fails for every larger amount too, and what fails with errDust
// for every smaller one.
var (
	errLiquidity = errors.New("more than the pool can trade")
	errDust      = errors.New("so little that nothing comes out")
)

// Pool is the state of one pool at one block. It never changes: what is read later makes another Pool.
type Pool interface {
	Address() common.Address
	Venue() string
	FeePips() uint32 // of the input, hundredths of a basis point
	// Out is what the pool pays for exactly amount of token in, and In what it asks for exactly amount of token out, both as
	// the contract would compute them. Both rise with amount. The tokens are the pool's own two. They fail with errLiquidity or
	// errDust.
	Out(in, out common.Address, amount *uint256.Int) (Fill, error)
	In(in, out common.Address, amount *uint256.Int) (Fill, error)
	// Spot is how much of token out one unit of token in is worth, before fee and impact.
	Spot(in, out common.Address) *big.Rat
}

// Fill is the other side of a trade with one pool.
type Fill struct {
	Amount uint256.Int
	Gas    uint64
	// Partial means that the trade leaves the state that was read. Amount is then a bound: the trade can't get better than it.
	Partial bool
}

// partial is a Pool whose state is read piece by piece. grow lists the reads that extend it for trades from in to out, and
// makes the extended pool from their answers.
type partial interface {
	Pool
	grow(in, out common.Address) ([]query, func([]answer) (Pool, error))
}

// site is where a pool is, with what never changes about it.
type site struct {
	pool    common.Address
	token0  common.Address // below token1
	token1  common.Address
	feePips uint32
	spacing int32 // between usable ticks, where the kind has ticks
}

// kind is one kind of pool on one network: how to find such pools, and how to read one. A kind is one file; it is named in
// kindsOf and nowhere else.
type kind interface {
	// find lists the reads that ask for pools of a pair; site tells from the answer to the i-th whether there is one.
	find(token0, token1 common.Address) []query
	site(i int, token0, token1 common.Address, a answer) (site, bool)
	// identity lists the reads that prove a site to be what the factory said; check judges and completes it.
	identity(s site) []query
	check(s site, answers []answer) (site, error)
	// state lists the reads of what changes from block to block; pool makes the pool from their answers.
	state(s site) []query
	pool(s site, answers []answer) (Pool, error)
}

// kindsOf lists the kinds of pools that a network has.
func kindsOf(c chain.Contracts) []kind {
	var kinds []kind
	if c.V2Factory != (common.Address{}) {
		kinds = append(kinds, v2Kind{factory: c.V2Factory})
	}
	if c.V3Factory != (common.Address{}) {
		kinds = append(kinds, v3Kind{factory: c.V3Factory})
	}
	return kinds
}

var (
	selToken0 = selectorOf("token0()")
	selToken1 = selectorOf("token1()")
)

// checkTokens proves that the first two answers are the site's tokens.
func checkTokens(s site, answers []answer) error {
	token0, err := answers[0].address(0)
	if err != nil {
		return err
	}
	token1, err := answers[1].address(0)
	if err != nil {
		return err
	}
	if token0 != s.token0 || token1 != s.token1 {
		return errAnswer
	}
	return nil
}
