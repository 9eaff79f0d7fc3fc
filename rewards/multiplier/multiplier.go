// Package multiplier answers one question: which part of a pool's emission is whose?
//
// Deposits earn by weight. A deposit weighs its virtual amount, floor(deposit * multiplier), and a multiplier is
//
//	lock + referral - 1     in units of 1e-25 (One)
//
// with 1.01 for whoever was referred by somebody, else 1, and for whoever locks the claims from a to b the "power factor"
//
//	16.61327546 * (tanh(2*x(b)) - tanh(2*x(a)))   within [1, 10.7],   x(t) = (t - CurveStart) / (CurveEnd - CurveStart)
//
// of the Morpheus proposals MRC38, 39 and 42 (MorpheusAIs/SmartContracts:contracts/libs/LockMultiplierMath.sol). It falls with the
// calendar: the same length, locked later, weighs less. See Lock for how it is rounded.
//
// A Pool shares what accrues by one growing rate, floor(reward * 1e25 / all virtual deposits), as DepositPool.sol does: nobody is
// looped over, and each member settles by the rate's growth since last time. Split shares a reward among pools of several assets
// by the yield of each; SubnetRate and Fees are the stakers' side of builder subnets.
//
// Invariant: every division rounds down, fees up, so that the members of a pool never have more than what accrued; what rounding
// leaves is nobody's, as on the contracts.
package multiplier

import (
	"errors"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/emission"
)

// CurveStart and CurveEnd are the ends of the lock curve: 2024-07-25 and 2040-01-26, both 12:00 UTC.
const (
	CurveStart emission.Time = 1721908800
	CurveEnd   emission.Time = 2211192000
)

// ErrTooLarge is an amount, or a number of steps, above what can be reckoned.
var ErrTooLarge = errors.New("too large")

// One is the multiplier 1: rates and multipliers are in units of 1e-25.
func One() *uint256.Int { return &uint256.Int{0x161401484a000000, 0x84595, 0, 0} }

var (
	unit     = uint256.NewInt(1e18)                                     // the curve is reckoned in units of 1e-18
	toOne    = uint256.NewInt(1e7)                                      // from 1e-18 to 1e-25
	powerMax = uint256.NewInt(16_613_275_460_000_000_000)               // 16.61327546
	least    = unit                                                     // 1
	most     = uint256.NewInt(10_700_000_000_000_000_000)               // 10.7
	referred = new(uint256.Int).Mul(uint256.NewInt(101), power(10, 23)) // 1.01
)

func power(base, exponent uint64) *uint256.Int {
	return new(uint256.Int).Exp(uint256.NewInt(base), uint256.NewInt(exponent))
}

// Lock is the power factor of claims locked from start to end. Times are moved into the curve; a lock that is empty or reversed
// there is worth One.
//
// It rounds as the contract does: x, each tanh, and their difference times 16.61327546 are cut after 18 digits. The contract's
// tanh is itself off by some 1e-18, as its exponential has that many digits; this one is the true value, cut. So the two agree to
// a few 1e-17 and not to the last digit.
func Lock(start, end emission.Time) uint256.Int {
	start, end = max(start, CurveStart), min(end, CurveEnd)
	if start >= end {
		return *One()
	}
	upper, lower := tanh2(curve(end)), tanh2(curve(start))
	var m uint256.Int
	m.Sub(&upper, &lower)
	m.Mul(&m, powerMax)
	m.Div(&m, unit)
	switch {
	case m.Gt(most):
		m = *most
	case m.Lt(least):
		m = *least
	}
	return *m.Mul(&m, toOne)
}

// curve is x(t) in units of 1e-18, for a time within the curve.
func curve(t emission.Time) *uint256.Int {
	x := uint256.NewInt(uint64(t - CurveStart))
	x.Mul(x, unit)
	return x.Div(x, uint256.NewInt(uint64(CurveEnd-CurveStart)))
}

// Referral is 1.01 for whoever was referred, and One for others.
func Referral(byAnyone bool) uint256.Int {
	if byAnyone {
		return *referred
	}
	return *One()
}

// Total is lock + referral - 1.
func Total(lock, referral uint256.Int) uint256.Int {
	lock.Add(&lock, &referral)
	return *lock.Sub(&lock, One())
}
