// Package pool is what a pool pays: the trade of each kind of pool in plain integers, as its contract rounds.
//
// A kind is one file: it reads its state from a snapshot's line, says what comes out for what goes in, and the state after it. The
// table of kinds names it, and adding one touches nothing else.
//
// Invariant: Out and In give what the contract would, to the wei, or an error; they never give more. A Pool does not change: a trade
// gives another one. A Curve says the same in floats, as a guide for a search; no amount is ever made from it.
package pool

import (
	"errors"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

// Why a pool can't make a trade. What fails with ErrLiquidity fails for every larger amount too, and what fails with ErrDust for every
// smaller one.
var (
	ErrLiquidity = errors.New("more than the pool can trade")
	ErrDust      = errors.New("so little that nothing comes out")
)

// Site is what never changes about a pool.
type Site struct {
	ID     string           // of the snapshot: an address, or a pool's id where many pools share a contract
	Kind   string           // uniswap-v2, …
	Venue  string           // whose pool it is: uniswap-v2, sushiswap, …
	Tokens []common.Address // two or more, in the pool's order
	FeePPM uint32           // of the input, parts per million
}

// Pool is the state of one pool. Tokens are named by their places in Site.Tokens. Amounts are of the smallest unit.
type Pool interface {
	Site() *Site
	// Out is what is paid for exactly this amount of token in, and the pool after it. It fails with ErrLiquidity or ErrDust.
	Out(in, out int, amount *uint256.Int) (paid uint256.Int, after Pool, err error)
	// In is the least that has to be paid for exactly this amount of token out, and the pool after it.
	In(in, out int, amount *uint256.Int) (asked uint256.Int, after Pool, err error)
	// Gas is what a trade of this amount uses within the pool, in units of gas.
	Gas(in, out int, amount *uint256.Int) uint64
	// Curve is the trade in floats.
	Curve(in, out int) Curve
}

// Curve is what a pool pays in one direction, in floats: smallest units in, smallest units out, after fees. It is concave.
type Curve interface {
	// Out is what is paid for this much in; for more than the pool can take, what it pays at most.
	Out(in float64) float64
	// Rate is the marginal rate, out for in, after this much.
	Rate(in float64) float64
	// Until is how much goes in until the marginal rate has fallen to this one, and what is paid for it; nothing where it is lower
	// from the start.
	Until(rate float64) (in, out float64)
}
