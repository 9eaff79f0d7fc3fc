package pinned

import (
	"context"
	"fmt"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
)

// State is the remote's state with all that was kept on it. It is never changed once it is made, and is safe for use by many
// goroutines; what is put above it is another State.
type State struct {
	remote *Remote
	over   *Layer
	top    *seal // of the newest block kept above the pin; nil: none
}

// seal is the hash of a block that has ended. Each stands on the one before, so that keeping a block copies none. Who looks back walks;
// the EVM asks for the last 256 only.
type seal struct {
	number uint64
	hash   common.Hash
	under  *seal
}

// State is the remote's own state, with nothing above it.
func (r *Remote) State() *State { return &State{remote: r} }

// Remote is what the state stands on.
func (s *State) Remote() *Remote { return s.remote }

// With is the state with a layer on top, within one block. The layer may not be changed any more.
func (s *State) With(top *Layer) *State {
	return &State{remote: s.remote, over: s.over.with(top), top: s.top}
}

// Sealed is the state after blocks of these hashes have ended.
func (s *State) Sealed(hashes ...common.Hash) *State {
	above := &State{remote: s.remote, over: s.over, top: s.top}
	for _, h := range hashes {
		above.top = &seal{number: above.Number() + 1, hash: h, under: above.top}
	}
	return above
}

// Number is the number of the newest block that the state knows.
func (s *State) Number() uint64 {
	if s.top == nil {
		return s.remote.header.Number
	}
	return s.top.number
}

// Untouched reports whether the state is the remote's own.
func (s *State) Untouched() bool { return s.over == nil && s.top == nil }

// Writes is all that stands above the remote, in one layer of its own.
func (s *State) Writes() *Layer { return s.over.flat() }

// View reads a state. Before the first read that is not known, it reads what was announced: so a warm run makes no trip, and a cold one
// makes few. It serves one goroutine.
type View struct {
	*State
	ahead func(context.Context) error // reads what was announced; nil once it did
}

// View begins to read a state.
func (s *State) View() *View { return &View{State: s} }

// Expect names the calls that come next, and accounts to read along with them. The remote is asked what the calls will read.
func (v *View) Expect(calls []chain.Call, also ...common.Address) {
	v.Ahead(func(ctx context.Context) error { return v.remote.hint(ctx, calls, also) })
}

// Ahead says what to do, once, before the next read that is not known, in place of what was said before.
func (v *View) Ahead(read func(context.Context) error) { v.ahead = read }

func (v *View) readAhead(ctx context.Context) error {
	if v.ahead == nil {
		return nil
	}
	read := v.ahead
	v.ahead = nil
	return read(ctx)
}

// Account reads what the state holds of an address.
func (v *View) Account(ctx context.Context, a common.Address) (Account, error) {
	if acc, ok := v.knownAccount(a); ok {
		return acc, nil
	}
	if err := v.readAhead(ctx); err != nil {
		return Account{}, err
	}
	return v.remote.account(ctx, a)
}

// Slot reads one storage slot.
func (v *View) Slot(ctx context.Context, a common.Address, key common.Hash) (common.Hash, error) {
	k := Slot{a, key}
	if value, ok := v.knownSlot(k); ok {
		return value, nil
	}
	if err := v.readAhead(ctx); err != nil {
		return common.Hash{}, err
	}
	return v.remote.slot(ctx, k)
}

func (s *State) knownAccount(a common.Address) (Account, bool) {
	if acc, ok := s.over.account(a); ok {
		return acc, true
	}
	return s.remote.cachedAccount(a)
}

func (s *State) knownSlot(k Slot) (common.Hash, bool) {
	if value, ok := s.over.slot(k); ok {
		return value, true
	}
	return s.remote.cachedSlot(k)
}

// BlockHash is the hash of a block at or below Number.
func (v *View) BlockHash(ctx context.Context, number uint64) (common.Hash, error) {
	if number > v.Number() {
		return common.Hash{}, fmt.Errorf("there is no block %d yet", number)
	}
	for s := v.top; s != nil && number <= s.number; s = s.under {
		if s.number == number {
			return s.hash, nil
		}
	}
	return v.remote.blockHash(ctx, number)
}
