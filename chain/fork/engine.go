package fork

import (
	"context"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
)

// Fork is the state of one pinned block, with an overlay of what was kept on it. It is safe for use by many goroutines.
type Fork struct{}

// New pins the newest block of src. It fails with refusal.RPCDown where the state can't be read.
func New(ctx context.Context, src Source) (*Fork, error) { panic("unwritten") }

// Pin is the block that the fork stands on.
func (f *Fork) Pin() Pin { panic("unwritten") }

// Time is the time of the block that comes next, in unix seconds.
func (f *Fork) Time() uint64 { panic("unwritten") }

// Simulate runs the transactions one after the other and keeps nothing. A transaction that reverts is a result, not an error;
// those after it are still run. An error (refusal.NoSimulation) means that nothing is known.
func (f *Fork) Simulate(ctx context.Context, txs []Tx) (*Effects, error) { panic("unwritten") }

// Apply is Simulate that keeps the new state, if every transaction succeeded; else it keeps nothing.
func (f *Fork) Apply(ctx context.Context, txs []Tx) (*Effects, error) { panic("unwritten") }

// CallContract runs a view on the state with its overlay. A revert is an error that carries the decoded reason.
func (f *Fork) CallContract(ctx context.Context, call chain.Call) ([]byte, error) { panic("unwritten") }

// Balance is the account's native balance in wei.
func (f *Fork) Balance(ctx context.Context, account common.Address) (uint256.Int, error) {
	panic("unwritten")
}

// Nonce is the account's next nonce on this state.
func (f *Fork) Nonce(ctx context.Context, account common.Address) (uint64, error) { panic("unwritten") }

// Code is the code at an address.
func (f *Fork) Code(ctx context.Context, account common.Address) ([]byte, error) { panic("unwritten") }

// Snapshot remembers the overlay; Revert goes back to it.
func (f *Fork) Snapshot() int { panic("unwritten") }

// Revert drops everything that was kept after the snapshot was taken.
func (f *Fork) Revert(snapshot int) error { panic("unwritten") }
