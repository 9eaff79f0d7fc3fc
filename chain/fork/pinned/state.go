package pinned

import (
	"context"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
)

// State is the remote's state with all that was kept on it. It is never changed once it is made, and is safe for use by many
// goroutines; what is put above it is another State.
type State struct {
	remote *Remote
	over   *Layer
	hashes []common.Hash // of the blocks kept above the pin
}

// State is the remote's own state, with nothing above it.
func (r *Remote) State() *State { return &State{remote: r} }

// Remote is what the state stands on.
func (s *State) Remote() *Remote { return s.remote }

// With is the state with a layer on top, within one block. The layer may not be changed any more.
func (s *State) With(top *Layer) *State {
	return &State{remote: s.remote, over: s.over.with(top), hashes: s.hashes}
}

// Sealed is the state after blocks of these hashes have ended.
func (s *State) Sealed(hashes ...common.Hash) *State {
	return &State{remote: s.remote, over: s.over, hashes: append(slices.Clip(s.hashes), hashes...)}
}

// Number is the number of the newest block that the state knows.
func (s *State) Number() uint64 { return s.remote.header.Number + uint64(len(s.hashes)) }

// Untouched reports whether the state is the remote's own.
func (s *State) Untouched() bool { return s.over == nil && len(s.hashes) == 0 }

// Writes is all that stands above the remote, in one layer of its own.
func (s *State) Writes() *Layer { return s.over.flat() }

// View reads a state. On the first read that is not known, the remote is asked once what the expected calls will read: so a warm
// run makes no trip, and a cold one makes few. It serves one goroutine.
type View struct {
	*State
	calls []chain.Call     // expected, nil once they were hinted at
	also  []common.Address // read in the same batch
}

// View begins to read a state.
func (s *State) View() *View { return &View{State: s} }

// Expect names the calls that come next, and accounts to read along with them.
func (v *View) Expect(calls []chain.Call, also ...common.Address) { v.calls, v.also = calls, also }

func (v *View) hint(ctx context.Context) error {
	if v.calls == nil {
		return nil
	}
	calls, also := v.calls, v.also
	v.calls, v.also = nil, nil
	return v.remote.hint(ctx, calls, also)
}

// Account reads what the state holds of an address.
func (v *View) Account(ctx context.Context, a common.Address) (Account, error) {
	if acc, ok := v.over.account(a); ok {
		return acc, nil
	}
	if acc, ok := v.remote.cachedAccount(a); ok {
		return acc, nil
	}
	if err := v.hint(ctx); err != nil {
		return Account{}, err
	}
	return v.remote.account(ctx, a)
}

// Slot reads one storage slot.
func (v *View) Slot(ctx context.Context, a common.Address, key common.Hash) (common.Hash, error) {
	k := Slot{a, key}
	if value, ok := v.over.slot(k); ok {
		return value, nil
	}
	if value, ok := v.remote.cachedSlot(k); ok {
		return value, nil
	}
	if err := v.hint(ctx); err != nil {
		return common.Hash{}, err
	}
	return v.remote.slot(ctx, k)
}

// BlockHash is the hash of a block at or below Number.
func (v *View) BlockHash(ctx context.Context, number uint64) (common.Hash, error) {
	if number > v.Number() {
		return common.Hash{}, fmt.Errorf("there is no block %d yet", number)
	}
	if pin := v.remote.header.Number; number > pin {
		return v.hashes[number-pin-1], nil
	}
	return v.remote.blockHash(ctx, number)
}
