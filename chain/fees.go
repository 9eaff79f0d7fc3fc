package chain

import (
	"context"
	"slices"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/holiman/uint256"
)

// Floors of the priority fee, in wei per gas.
const (
	minTip     = 1_000_000     // 0.001 gwei: below it, geth keeps a transaction in its pool and never mines it
	minSlowTip = 1_000_000_000 // 1 gwei, where blocks come as seldom as on Ethereum and are full now and then
	slowBlock  = 12            // seconds
)

// Tip suggests a priority fee, in wei per gas, from eth_feeHistory: the median of what the middle transaction of each of the
// last five blocks paid. Where those blocks say nothing, the endpoint's own suggestion counts. It is never below the floor.
func (c *Client) Tip(ctx context.Context) (uint256.Int, error) {
	var history struct {
		Reward [][]hexutil.U256 `json:"reward"`
	}
	if err := c.Call(ctx, &history, "eth_feeHistory", hexutil.Uint64(5), "latest", []int{50}); err != nil && !answered(err) {
		return uint256.Int{}, err
	}
	var paid []uint256.Int
	for _, block := range history.Reward {
		for _, tip := range block {
			if v := uint256.Int(tip); !v.IsZero() {
				paid = append(paid, v)
			}
		}
	}
	if len(paid) > 0 {
		slices.SortFunc(paid, func(a, b uint256.Int) int { return a.Cmp(&b) })
		return c.floored(paid[len(paid)/2]), nil
	}
	var own hexutil.U256
	if err := c.Call(ctx, &own, "eth_maxPriorityFeePerGas"); err != nil && !answered(err) {
		return uint256.Int{}, err
	}
	return c.floored(uint256.Int(own)), nil
}

func (c *Client) floored(tip uint256.Int) uint256.Int {
	floor := uint256.NewInt(minTip)
	if c.network.BlockTime >= slowBlock {
		floor = uint256.NewInt(minSlowTip)
	}
	if tip.Lt(floor) {
		return *floor
	}
	return tip
}
