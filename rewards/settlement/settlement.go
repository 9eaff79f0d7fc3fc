// Package settlement reckons who earned what: a pure function of a usage ledger, a file of rules and an epoch's number.
//
// Epochs are settled in order; between them passes a State. Of each bucket of the emission, with what it carries from before,
//
//	released = carried / carry      budget = emission of the epoch + released      carried' = carried - released + budget - paid
//
// the budget is divided among the parts of the bucket by their shares, and each part among its earners by weight, by largest
// remainder: each gets floor(budget * weight / all weights), and the wei that are left go to the largest remainders, among equal ones
// to the lower address. Then bounds cut what an earner gets; what is cut is carried, never shared among the others. So somebody who
// pays itself gets no more for being alone.
//
// A Book holds the sums of one epoch and takes entries in any order, so that many goroutines may each fill one and merge them. Settle
// takes all epochs of a ledger in turn; Explain says of one account which entries its claim comes from, line by line.
//
// Invariant: what was emitted is paid or carried, to the wei. The result depends on the set of entries, the rules and the epoch alone:
// not on the order of segments, on which of several reporters an entry came from, on how many goroutines counted, nor on maps.
//
// docs/rewards.md specifies every number here.
package settlement

import (
	"iter"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Allotment is what one epoch pays, in wei.
type Allotment struct {
	Epoch   usage.Epoch
	Buckets [rules.Buckets]Bucket
	Parts   [rules.Parts]Part

	earned []Earned
}

// Bucket is what became of a bucket in an epoch, in wei: Carry = Carried - Released + Budget - Paid, less Fees in community and with Fees in protection.
type Bucket struct {
	Carried  uint256.Int // from the epochs before
	Emission uint256.Int
	Released uint256.Int // of what was carried
	Budget   uint256.Int // Emission + Released
	Paid     uint256.Int // to accounts
	Fees     uint256.Int // of stakers: community gives it, protection receives it
	Carry    uint256.Int // to the next epoch
}

// Part is what became of a part of a bucket in an epoch.
type Part struct {
	Budget uint256.Int // wei
	Weight uint256.Int // of all earners, in the part's own unit; of yields, the worth of all; of payouts, all wei that were voted for
	Paid   uint256.Int // wei
}

// Earned is what an account earned, in wei.
type Earned struct {
	Account common.Address
	Wei     uint256.Int
}

// Accounts are the accounts that the epoch pays, by address, with what it pays them in wei.
func (a *Allotment) Accounts() iter.Seq2[common.Address, uint256.Int] { return each(a.earned) }

// Len is how many accounts the epoch pays.
func (a *Allotment) Len() int { return len(a.earned) }

// Wei is what the epoch pays an account.
func (a *Allotment) Wei(account common.Address) uint256.Int { return find(a.earned, account) }
