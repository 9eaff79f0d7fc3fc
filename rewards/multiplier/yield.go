package multiplier

import (
	"fmt"

	"github.com/holiman/uint256"
)

// Yield is the worth of what one asset earned: its gain, as if it had 18 decimals, times its price. Prices need one scale among
// the assets that are compared, and nothing else. It fails with ErrTooLarge.
func Yield(gain *uint256.Int, decimals uint8, price *uint256.Int) (uint256.Int, error) {
	const common = 18
	var y uint256.Int
	if decimals > 77 { // 10^78 has more than 256 bits
		return y, fmt.Errorf("an asset of %d decimals: %w", decimals, ErrTooLarge)
	}
	if decimals >= common {
		y.Div(gain, power(10, uint64(decimals-common)))
	} else if _, over := y.MulOverflow(gain, power(10, uint64(common-decimals))); over {
		return y, fmt.Errorf("a gain of %s: %w", gain.Dec(), ErrTooLarge)
	}
	if _, over := y.MulOverflow(&y, price); over {
		return y, fmt.Errorf("a yield of %s at %s: %w", gain.Dec(), price.Dec(), ErrTooLarge)
	}
	return y, nil
}

// Split shares a reward by yield: floor(yield * reward / all yields) each. Where nothing was earned, all of it is undistributed. It
// fails with ErrTooLarge. (Distributor.sol; proposal MRC52.)
func Split(reward *uint256.Int, yields []uint256.Int) (shares []uint256.Int, undistributed uint256.Int, err error) {
	var all uint256.Int
	for i := range yields {
		if _, over := all.AddOverflow(&all, &yields[i]); over {
			return nil, uint256.Int{}, fmt.Errorf("the sum of yields: %w", ErrTooLarge)
		}
	}
	shares = make([]uint256.Int, len(yields))
	if all.IsZero() {
		return shares, *reward, nil
	}
	for i := range yields {
		shares[i].MulDivOverflow(&yields[i], reward, &all) // a part of the reward
	}
	return shares, uint256.Int{}, nil
}
