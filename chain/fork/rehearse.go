package fork

import (
	"context"
	"errors"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// On a cold state each view would make a trip for each thing that it reads. So before the first read that is not known, the views that
// come next are rehearsed: each is run, on both sides, on what is known, up to the first read that is not; what they all lack is fetched
// in one trip, and again, until they come to their ends. A rehearsal only finds out what to read. Its answers count for nothing.

// mostRehearsals bounds the trips. What is still not known then is read when it is needed.
const mostRehearsals = 4

// prepare announces the views that come next.
func (q *inquiry) prepare(views []chain.Call) {
	if len(views) == 0 {
		return
	}
	q.view.Ahead(func(ctx context.Context) error { return q.rehearse(ctx, views[:min(len(views), mostQuestions)]) })
}

func (q *inquiry) rehearse(ctx context.Context, views []chain.Call) error {
	top := *q.layer // which may be kept later: whoever is put above a state is held by it
	sides := [...]rehearsal{{q: q, state: q.view.State}, {q: q, state: q.view.With(&top)}}
	for range mostRehearsals {
		var accounts []common.Address
		var slots []pinned.Slot
		var open []chain.Call
		for i := range views {
			whole := true
			for s := range sides {
				a, k, err := sides[s].run(ctx, &views[i])
				if err != nil {
					return err
				}
				accounts, slots = append(accounts, a...), append(slots, k...)
				whole = whole && len(a)+len(k) == 0
			}
			if !whole {
				open = append(open, views[i])
			}
		}
		for s := range sides {
			sides[s].end()
		}
		if len(open) == 0 {
			return nil
		}
		if err := q.view.Remote().Fetch(ctx, accounts, slots); err != nil {
			return err
		}
		views = open
	}
	return nil
}

// rehearsal is one side of the transactions, as far as it is known.
type rehearsal struct {
	q       *inquiry
	state   *pinned.State
	known   *pinned.Reckoning
	machine *evm.Machine
}

// run runs a view, and returns what it lacks. A machine that lacked something has stopped for good, so the next view takes another.
func (r *rehearsal) run(ctx context.Context, view *chain.Call) ([]common.Address, []pinned.Slot, error) {
	if r.machine == nil {
		r.known = r.state.Reckon()
		r.machine = evm.New(ctx, r.known, r.q.block, nil)
	}
	_, err := r.machine.Ask(r.q.asker, view.To, nil, view.Data, questionGas)
	if err == nil {
		return nil, nil, nil
	}
	r.end()
	if !errors.Is(err, pinned.ErrUnread) {
		return nil, nil, err
	}
	accounts, slots := r.known.Missed()
	return accounts, slots, nil
}

func (r *rehearsal) end() {
	if r.machine != nil {
		r.machine.Close()
		r.machine = nil
	}
}
