package settlement

import (
	"crypto/sha256"
	"iter"
	"slices"
	"sort"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// State is what passes from one epoch to the next. It does not change once made, so any number of Books may begin with it.
type State struct {
	Rules  [sha256.Size]byte // hash of the rules that it was reckoned by
	Next   usage.Epoch       // the first epoch that is not settled
	Ledger [sha256.Size]byte // SHA-256(what it was before || root of the epoch), over all settled epochs; Settle keeps it
	Carry  [rules.Buckets]uint256.Int

	standing []Contribution // by commit
	earned   []Earned       // by account
}

// Contribution is a commit that was accepted and stands.
type Contribution struct {
	Commit   [20]byte
	Author   common.Address
	Class    string
	Weight   uint256.Int
	Accepted usage.Epoch
	Until    usage.Epoch // the first epoch in which it does not earn any more
	AtRisk   bool
	Risk     usage.Epoch // the epoch from which it is at risk, if it is

	ID  usage.ID // of the entries that had it accepted, the lowest
	Ref usage.Ref
	At  emission.Time
}

// Begin is the state before the first epoch: each bucket carries what was emitted before it.
func Begin(r *rules.Rules) (*State, error) {
	s := &State{Rules: r.Hash, Next: r.First}
	for b := range rules.Buckets {
		before, err := r.EmittedBefore(b, r.First)
		if err != nil {
			return nil, err
		}
		if err := fits(&before); err != nil {
			return nil, err
		}
		s.Carry[b] = before
	}
	return s, nil
}

// Accounts are all that have ever earned, by address, with what they earned so far in wei.
func (s *State) Accounts() iter.Seq2[common.Address, uint256.Int] { return each(s.earned) }

// Len is how many accounts have ever earned.
func (s *State) Len() int { return len(s.earned) }

// Wei is what an account has earned so far.
func (s *State) Wei(account common.Address) uint256.Int { return find(s.earned, account) }

// Contributions are those that stand, by commit.
func (s *State) Contributions() iter.Seq[Contribution] {
	return slices.Values(s.standing)
}

func each(earned []Earned) iter.Seq2[common.Address, uint256.Int] {
	return func(yield func(common.Address, uint256.Int) bool) {
		for i := range earned {
			if !yield(earned[i].Account, earned[i].Wei) {
				return
			}
		}
	}
}

func find(earned []Earned, account common.Address) (wei uint256.Int) {
	i, found := sort.Find(len(earned), func(i int) int { return account.Cmp(earned[i].Account) })
	if found {
		wei = earned[i].Wei
	}
	return wei
}

const mostBits = 192 // of what a bucket emits and carries: below it no sum of this package can leave 256 bits

func fits(wei *uint256.Int) error {
	if wei.BitLen() > mostBits {
		return refusal.New(refusal.BadRules, "a bucket pays or carries 2^%d wei or more", mostBits)
	}
	return nil
}
