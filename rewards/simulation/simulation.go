// Package simulation plays years of rewards: groups of made-up agents contribute, serve, stake, deposit and try to pay themselves, and
// the real settlement (rewards/settlement) pays them, epoch by epoch, from the real emission schedule (rewards/emission).
//
// What agents do becomes entries of the usage ledger, as they would stand there but for the signatures; what they are paid goes into
// books, out of which they sell, stake, bond, lock and burn. There is no price: the scenario says what a chain's coin and the capital
// pool's asset cost in the token, for all the years, and whoever buys tokens can only buy what others sold. So the simulation says who
// is paid what by which rules, and what that concentrates; it does not say what a token will be worth.
//
// Invariant: after every epoch, to the wei and else the run ends with ErrBooks,
//
//	emitted = paid + carried              by bucket, but for the stakers' fee, which moves from community to protection
//	paid = minted = held + market + burned
//
// A scenario and its seed decide everything: each group draws from its own PCG stream for each epoch, so that the result depends on
// neither the machine nor the number of its cores, and a group that is added changes no other group's luck.
package simulation

import (
	"context"
	"errors"
	"fmt"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// ErrBooks is a sum that does not balance. It is never expected.
var ErrBooks = errors.New("the books do not balance")

const (
	day       = 86400 // seconds
	year      = 365   // days
	quarters  = 4     // of a year; a period ends with the first epoch that reaches the end of one
	tailDays  = 5833  // of an epoch of the tail, which is the length of the schedule
	hundreds  = 100
	perMyriad = 10_000
)

// tailShares are those of the buckets in the tail; see emission's morpheus.toml.
var tailShares = []uint64{rules.Capital: 24, rules.Code: 24, rules.Community: 24, rules.Compute: 24, rules.Protection: 4}

// Result is what came of a scenario.
type Result struct {
	Scenario *Scenario
	Epochs   uint64
	Entries  uint64   // of the ledger
	Periods  []Period // of a quarter of a year or of an epoch, whichever is longer, in order
	Tails    []Tail
	Dealings []Dealing // what those who paid themselves made of it
}

// Period is the state at the end of a period. Amounts are in wei, and all but the last three lines' are sums since the beginning.
type Period struct {
	Day   uint64        // since the start of epoch 0
	Until emission.Time // the first second after it
	Epoch usage.Epoch   // the last one in it

	Emitted [rules.Buckets]uint256.Int
	Paid    [rules.Buckets]uint256.Int // out of the bucket, to accounts
	Minted  uint256.Int                // all that was paid: every agent claims at once
	Burned  uint256.Int
	Earned  []uint256.Int // by group

	Carried [rules.Buckets]uint256.Int // emitted and not paid
	Supply  uint256.Int                // minted less burned
	Locked  uint256.Int                // by time
	Bound   uint256.Int                // staked, or bonded by providers
	Market  uint256.Int                // sold, and not bought again
	Held    []uint256.Int              // by group: free, locked and bound

	Agents        uint64 // that have joined until now, less those that left and sold everything
	Concentration Concentration
}

// Circulating is the supply less what is locked or bound.
func (p *Period) Circulating() (wei uint256.Int) {
	wei.Sub(&p.Supply, &p.Locked)
	return *wei.Sub(&wei, &p.Bound)
}

// Tail is an epoch of the tail, in wei.
type Tail struct {
	From        emission.Time
	Burned      uint256.Int // in the tail's epoch before it
	Circulating uint256.Int // when it was decided, at the start of the settlement epoch that it begins in
	Budget      uint256.Int
}

// Run plays a scenario. progress, if not nil, is told how many of how many epochs are done. Run fails with ErrBooks, and with
// interrupted where the context ends.
func Run(ctx context.Context, s *Scenario, progress func(done, all uint64)) (*Result, error) {
	w, err := newWorld(s)
	if err != nil {
		return nil, err
	}
	length := uint64(s.Rules.Length)
	r := &Result{Scenario: s, Epochs: (s.Years*year*day + length - 1) / length}
	quarter := uint64(0)
	for n := range r.Epochs {
		if ctx.Err() != nil {
			return nil, refusal.New(refusal.Interrupted, "stopped after %d of %d epochs", n, r.Epochs).Because(ctx.Err())
		}
		if err := w.epoch(); err != nil {
			return nil, fmt.Errorf("epoch %d: %w", n, err)
		}
		if now := (n + 1) * length * quarters / (year * day); now > quarter {
			quarter = now
			r.Periods = append(r.Periods, w.period())
		}
		if progress != nil {
			progress(n+1, r.Epochs)
		}
	}
	r.Entries, r.Tails, r.Dealings = w.entries, w.tails, w.dealings()
	return r, nil
}
