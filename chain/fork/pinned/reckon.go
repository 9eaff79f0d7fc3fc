package pinned

import (
	"context"
	"errors"

	"github.com/ethereum/go-ethereum/common"
)

// ErrUnread says that a value is not known yet.
var ErrUnread = errors.New("not read yet")

// Reckoning reads what is known of a state, and asks nobody. It fails with ErrUnread for the rest, and remembers what that was.
type Reckoning struct {
	*State
	accounts []common.Address
	slots    []Slot
}

// Reckon begins to read what is known of a state.
func (s *State) Reckon() *Reckoning { return &Reckoning{State: s} }

// Missed are the values that were not known.
func (r *Reckoning) Missed() (accounts []common.Address, slots []Slot) { return r.accounts, r.slots }

// Account is what the state holds of an address, if that is known.
func (r *Reckoning) Account(_ context.Context, a common.Address) (Account, error) {
	acc, ok := r.knownAccount(a)
	if !ok {
		r.accounts = append(r.accounts, a)
		return Account{}, ErrUnread
	}
	return acc, nil
}

// Slot is what a slot holds, if that is known.
func (r *Reckoning) Slot(_ context.Context, a common.Address, key common.Hash) (common.Hash, error) {
	k := Slot{a, key}
	value, ok := r.knownSlot(k)
	if !ok {
		r.slots = append(r.slots, k)
		return common.Hash{}, ErrUnread
	}
	return value, nil
}

// BlockHash is not among what is read together: it is asked for by itself.
func (*Reckoning) BlockHash(context.Context, uint64) (common.Hash, error) {
	return common.Hash{}, ErrUnread
}
