package settlement

import (
	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Book holds the sums of one epoch. Entries may be counted in any order, with the same result. It belongs to one goroutine: others
// count in a Branch, which is merged.
type Book struct {
	rules   *rules.Rules
	version *rules.Version
	before  *State
}

// New is an empty book of the epoch before.Next. It fails with refusals no_epoch and bad_rules.
func New(r *rules.Rules, before *State) (*Book, error) {
	return &Book{rules: r, version: r.At(before.Next), before: before}, nil
}

// Branch is an empty book of the same epoch, for another goroutine.
func (b *Book) Branch() *Book { return &Book{rules: b.rules, version: b.version, before: b.before} }

// Listed reports whether entries of a kind count if this reporter has them.
func (b *Book) Listed(reporter common.Address, kind usage.Kind) bool { return true }

// Count adds an entry of the epoch, and says why not where it does not count. What can be told only when all entries are there is
// left to Close. The caller counts each id once.
func (b *Book) Count(reporter common.Address, id usage.ID, e *usage.Entry) Why { return Counts }

// Merge adds the sums of a Branch, which may not be used any more.
func (b *Book) Merge(branch *Book) {}

// Close divides the budgets of the epoch by what was counted, and makes the state after it. The book may not be used any more.
func (b *Book) Close() (*Allotment, *State, error) {
	after := *b.before
	after.Next++
	return &Allotment{Epoch: b.before.Next}, &after, nil
}
