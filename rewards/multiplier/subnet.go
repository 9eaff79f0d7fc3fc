package multiplier

import (
	"fmt"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/emission"
)

const (
	slice      = 86400 // seconds
	mostSlices = 100_000
)

// SubnetRate is how much a staker of builder subnets earns for each token staked from one time to another, in units of 1e-25, where
// staked is what all of them have staked. While that is more than what was ever paid since start, they share the emission. While
// it is less, they share it with tokens that nobody staked: day by day, a token earns the day's emission over all emission until
// then, and the rest stays where it is. (BuilderSubnets.sol.) It fails with ErrTooLarge.
func SubnetRate(c emission.Curve, start, from, to emission.Time, staked *uint256.Int) (rate uint256.Int, err error) {
	from, to = max(from, start), min(to, c.End())
	if from >= to {
		return rate, nil
	}
	ever := c.Between(start, to)
	if staked.Gt(&ever) {
		paid := c.Between(from, to)
		err = grow(&rate, &paid, staked)
		return rate, err
	}
	if uint64(to-from)/slice >= mostSlices {
		return rate, fmt.Errorf("more than %d days at once: %w", mostSlices, ErrTooLarge)
	}
	for from < to {
		until := from + min(slice, to-from)
		paid, ever := c.Between(from, until), c.Between(start, until)
		if err := grow(&rate, &paid, &ever); err != nil {
			return rate, err
		}
		from = until
	}
	return rate, nil
}

// grow adds floor(reward * 1e25 / weight) to a rate; nothing where there is no weight.
func grow(rate, reward, weight *uint256.Int) error {
	if weight.IsZero() {
		return nil
	}
	var more, sum uint256.Int
	_, over := more.MulDivOverflow(reward, One(), weight)
	_, over2 := sum.AddOverflow(rate, &more)
	if over || over2 {
		return fmt.Errorf("%s over a weight of %s: %w", reward.Dec(), weight.Dec(), ErrTooLarge)
	}
	*rate = sum
	return nil
}

// Fees takes the protocol's and the subnet's fee from a claim, each a part of One, rounded up. What is left is the staker's: where
// the fees are more than the claim, that is nothing, and the subnet gets what the protocol left.
func Fees(claim, protocol, subnet *uint256.Int) (toProtocol, toSubnet, toStaker uint256.Int) {
	toStaker = *claim
	take := func(fee *uint256.Int) uint256.Int {
		var part uint256.Int
		if _, over := part.MulDivOverflow(claim, fee, One()); over {
			part.SetAllOne()
		}
		if rest := new(uint256.Int).MulMod(claim, fee, One()); !rest.IsZero() && part.Lt(claim) {
			part.AddUint64(&part, 1)
		}
		if part.Gt(&toStaker) {
			part = toStaker
		}
		toStaker.Sub(&toStaker, &part)
		return part
	}
	toProtocol = take(protocol)
	toSubnet = take(subnet)
	return toProtocol, toSubnet, toStaker
}
