// Package swap finds the best way to trade one token for another over the pools of a chain, and builds the calls for it.
//
// Pools are found by asking the factories, their state is read in one multicall on a pinned block, and quotes are integer
// maths that reproduces the contracts' rounding: what is quoted is what executes on the same state, to the wei.
//
// Invariant: a quote never has a minimum out of zero, and the calls built from it carry that minimum, the recipient and the
// deadline on chain, where no one but the contract can waive them.
package swap

import (
	"context"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
)

// Reader reads contracts at one state: a fork, or a client pinned to a block.
type Reader interface {
	CallContract(ctx context.Context, call chain.Call) ([]byte, error)
}

// Side tells which amount of an order is exact.
type Side string

// The two sides.
const (
	ExactIn  Side = "in"
	ExactOut Side = "out"
)

// Order is what is wanted: Amount is of In or of Out, by Side.
type Order struct {
	In, Out     chain.Token
	Side        Side
	Amount      chain.Amount
	SlippageBps uint64         // between the quote and the minimum (or maximum); basis points
	MinOut      *chain.Amount  // a floor of the user's own; the higher of both counts
	Account     common.Address // pays
	Recipient   common.Address // receives
	Deadline    uint64         // unix seconds, chain time
}

// Hop is one pool of a path.
type Hop struct {
	Pool     common.Address `json:"pool"`
	Venue    string         `json:"venue"`    // uniswap-v2, uniswap-v3
	FeePips  uint32         `json:"fee_pips"` // hundredths of a basis point
	TokenIn  chain.Token    `json:"token_in"`
	TokenOut chain.Token    `json:"token_out"`
	In       chain.Amount   `json:"amount_in"`
	Out      chain.Amount   `json:"amount_out"`
}

// Quote is what the venue offers on the state that was read, with the limits that hold on chain.
type Quote struct {
	Order     Order        `json:"-"`
	Side      Side         `json:"side"`
	In        chain.Amount `json:"amount_in"`
	Out       chain.Amount `json:"amount_out"`
	MaxIn     chain.Amount `json:"max_in"`  // equals In for exact-in
	MinOut    chain.Amount `json:"min_out"` // equals Out for exact-out
	Hops      []Hop        `json:"hops"`
	ImpactBps uint64       `json:"impact_bps"` // against the spot price of the same path, fees not counted; rounded up
	FeeBps    uint64       `json:"fee_bps"`    // pool fees of the path, rounded up
	Gas       uint64       `json:"gas"`        // estimate; the dry run tells the truth
	Pools     int          `json:"pools"`      // pools that were considered
}
