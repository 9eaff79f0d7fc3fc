package wallet

import (
	"context"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain/fork"
)

// PasswordFunc asks for the account's password; attempt counts from 1. It is refusal.Locked where there is nobody to ask.
type PasswordFunc func(ctx context.Context, account common.Address, attempt int) ([]byte, error)

// Update is a transaction's new state, for people who watch.
type Update struct {
	Index int         `json:"index"` // in the sequence, from 0
	Count int         `json:"count"`
	Hash  common.Hash `json:"hash"`
	State State       `json:"state"`
}

// Clock is time as the gate needs it.
type Clock interface {
	Now() time.Time
	Sleep(ctx context.Context, d time.Duration) error
}

// Point is a place in the life of a sequence where a test may kill the program.
type Point string

// The points, in order. Each one but Sent comes right after something was stored.
const (
	AtReserved  Point = "reserved"
	AtSigned    Point = "signed"
	AtBroadcast Point = "broadcast" // stored as broadcast, not sent yet
	AtSent      Point = "sent"
	AtMined     Point = "mined"
)

// GateConfig is what a gate works with.
type GateConfig struct {
	Keys          *Keys
	Policy        *Policy
	Store         Ledger
	Remote        Remote
	Clock         Clock         // nil: the machine's
	ApprovalTTL   time.Duration // zero: as the policy says; never longer than that
	Confirmations uint64        // blocks a receipt must be deep; zero and one: mined is enough
	PollEvery     time.Duration // zero: one second
	ConfirmWithin time.Duration // zero: two minutes; after that a sequence is refusal.Unconfirmed, and Resume goes on
	Hook          func(Point)   // for tests
}

// Gate is the only way to a signature.
type Gate struct{ c GateConfig }

// NewGate makes the gate of one network.
func NewGate(c GateConfig) *Gate { panic("unwritten") }

// Prepare gives the proposal its nonces, gas limits and fee caps, runs exactly that on f, and judges the effects. Where the
// dry run fails, or the policy denies, what comes back carries the verdict and can't be executed.
func (g *Gate) Prepare(ctx context.Context, f *fork.Fork, p Proposal) (*Prepared, error) {
	panic("unwritten")
}

// Execute signs and sends what was approved, in order, and waits for the receipts. It stops at the first failure and releases
// what comes after. An error with receipts is the outcome of those; refusal.Unconfirmed means that it was sent.
func (g *Gate) Execute(ctx context.Context, p *Prepared, a Approval, password PasswordFunc, moved func(Update)) ([]Receipt, error) {
	panic("unwritten")
}

// Resume brings to an end what an earlier run of the program left open on this network. What was signed and may be in a
// pool is sent again, the same bytes; what was not signed is signed only with a password and while its approval holds, else
// it is released.
func (g *Gate) Resume(ctx context.Context, password PasswordFunc, moved func(Update)) ([]Receipt, error) {
	panic("unwritten")
}
