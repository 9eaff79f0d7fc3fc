package settlement

import (
	"context"

	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/tree"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Options are how a ledger is settled. They do not change the result.
type Options struct {
	Workers  int            // goroutines that count, at least 1
	Progress func(Progress) // is called now and then, never twice at once; or nil
	From     *State         // to go on from, where the epochs before are settled; or nil
}

// Progress is how far a settlement has come.
type Progress struct {
	Epoch       usage.Epoch // that is being settled
	Last        usage.Epoch // that will be
	Done, Total uint64      // entries of all these epochs
}

// Settled is what a settled epoch came to.
type Settled struct {
	Epoch    usage.Epoch
	Segments int
	Root     [32]byte // of the ledger's segments of the epoch
	Buckets  [rules.Buckets]Bucket
	Parts    [rules.Parts]Part
}

// Result is a ledger settled.
type Result struct {
	Epochs []Settled    // in order
	Last   *Allotment   // of the last epoch
	State  *State       // after it
	Claims *tree.Claims // what each account has earned so far, in wei, by address
}

// Settle reckons what the accounts have earned until the end of an epoch. It checks every segment of the ledger until then, and takes
// what is there of an epoch as all of it, unless a closing line says otherwise.
func Settle(ctx context.Context, ledger usage.Ledger, r *rules.Rules, epoch usage.Epoch, o Options) (*Result, error) {
	return nil, nil
}
