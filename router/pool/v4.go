package pool

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

const (
	v4Gas     = 62_000
	v4TickGas = 20_000 // nearly twice as much the first time

	dynamicFee = 0x800000 // in the place of the fee: the hook sets it
	// hooksOfSwaps are the bits of a hook's address that let it take part in swaps: before, after, and with amounts of its own (Hooks.sol of
	// v4-core). The pool manager calls a hook for nothing else than its address says.
	hooksOfSwaps = 1<<7 | 1<<6 | 1<<3 | 1<<2

	maxProtocolFee = 1000 // parts per million, in each direction
)

// Why a pool of the pool manager is refused.
var (
	ErrHooks      = errors.New("its hook takes part in swaps, so that what it pays can't be reckoned")
	ErrDynamicFee = errors.New("its fee is set by a hook, so that what it pays can't be reckoned")

	errProtocolFee = fmt.Errorf("a protocol fee of more than %d parts per million", maxProtocolFee)
)

// V4 is a pool in Uniswap's pool manager: one with ticks, whose protocol fee comes on top of that of the liquidity.
type V4 struct {
	site     *Site
	spot     spot
	hooks    common.Address
	protocol ProtocolFee
	fees     [2]uint32 // of the input by its token, parts per million
}

// ProtocolFee is what the protocol keeps of the input by its token, parts per million.
type ProtocolFee [2]uint32

// NewV4 is a pool with the fee of its liquidity in the site; for the rest see NewV3. A currency that is the zero address is the
// chain's own. It fails with ErrHooks or ErrDynamicFee where what the pool pays is decided elsewhere.
func NewV4(
	site Site, hooks common.Address, protocol ProtocolFee, price *uint256.Int, tick int32, liquidity *uint256.Int, spacing int32, all []Tick,
) (*V4, error) {
	switch {
	case site.FeePPM == dynamicFee:
		return nil, fmt.Errorf("pool %s: %w", site.ID, ErrDynamicFee)
	case hooks[common.AddressLength-1]&hooksOfSwaps != 0:
		return nil, fmt.Errorf("pool %s: %w", site.ID, ErrHooks)
	case protocol[0] > maxProtocolFee || protocol[1] > maxProtocolFee:
		return nil, fmt.Errorf("pool %s: %w", site.ID, errProtocolFee)
	}
	if err := checkPair(&site); err != nil {
		return nil, err
	}
	if bytes.Compare(site.Tokens[0][:], site.Tokens[1][:]) > 0 {
		return nil, fmt.Errorf("pool %s: its tokens are not in order", site.ID)
	}
	s, err := newSpot(price, tick, liquidity, spacing, all)
	if err != nil {
		return nil, fmt.Errorf("pool %s: %w", site.ID, err)
	}
	p := &V4{site: &site, spot: s, hooks: hooks, protocol: protocol}
	for in, share := range protocol {
		p.fees[in] = share + site.FeePPM - uint32(uint64(share)*uint64(site.FeePPM)/whole) //nolint:gosec // below whole
	}
	return p, nil
}

func (p *V4) with(s spot, err error) (*V4, error) {
	if err != nil {
		return nil, fmt.Errorf("pool %s: %w", p.site.ID, err)
	}
	after := *p
	after.spot = s
	return &after, nil
}

// Site is what never changes about the pool.
func (p *V4) Site() *Site { return p.site }

// State is the price (the square root of token1 per token0, Q64.96), its tick (one less where a swap downwards ended on a tick and
// crossed it), and the liquidity in force.
func (p *V4) State() (price uint256.Int, tick int32, liquidity uint256.Int) {
	return p.spot.price, p.spot.tick, *p.spot.liquidity()
}

// Swapped is the pool after a swap, as its event tells it. It fails where the liquidity is not what the ticks say: then an event is
// missing.
func (p *V4) Swapped(price *uint256.Int, tick int32, liquidity *uint256.Int) (*V4, error) {
	return p.with(p.spot.swapped(price, tick, liquidity))
}

// Provided is the pool after liquidity (an int128, with its sign extended to the word) was added between two ticks.
func (p *V4) Provided(lower, upper int32, liquidity *uint256.Int) (*V4, error) {
	return p.with(p.spot.provided(lower, upper, liquidity))
}

// Out is what PoolManager.swap pays for exactly this amount. Both have to fit an int128.
func (p *V4) Out(in, _ int, amount *uint256.Int) (paid uint256.Int, after Pool, err error) {
	if amount.BitLen() > 127 {
		return paid, nil, ErrLiquidity
	}
	paid, s, err := p.spot.in(in == 0, *amount, p.fees[in])
	return p.traded(paid, s, err)
}

// In is what PoolManager.swap asks for exactly this amount. Both have to fit an int128.
func (p *V4) In(in, _ int, amount *uint256.Int) (asked uint256.Int, after Pool, err error) {
	if amount.BitLen() > 127 {
		return asked, nil, ErrLiquidity
	}
	asked, s, err := p.spot.out(in == 0, *amount, p.fees[in])
	return p.traded(asked, s, err)
}

func (p *V4) traded(other uint256.Int, s spot, err error) (uint256.Int, Pool, error) {
	switch {
	case err != nil:
		return other, nil, err
	case other.BitLen() > 127:
		return other, nil, ErrLiquidity
	}
	after := *p
	after.spot = s
	return other, &after, nil
}

// Gas is what the pool manager's own code uses; an estimate that grows with the ticks that are crossed.
func (p *V4) Gas(in, _ int, amount *uint256.Int) uint64 {
	return v4Gas + p.spot.gas(in == 0, amount, p.fees[in], v4TickGas)
}

// Curve is the trade in floats.
func (p *V4) Curve(in, _ int) Curve { return p.spot.curve(in == 0, p.fees[in]) }
