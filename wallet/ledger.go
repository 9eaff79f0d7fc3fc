package wallet

import (
	"context"
	"errors"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

// ErrMoved means that another process has moved the transaction meanwhile; what it stored counts.
var ErrMoved = errors.New("the transaction was moved by another process")

// Ledger is where the gate writes down what it is about to do. internal/store keeps one in SQLite. Every method that writes
// is one transaction: all of it is on disk when it returns nil, and none of it when it returns an error.
type Ledger interface {
	// Spent is what left the account that day, or may still leave, by token. A token that is absent was not spent.
	Spent(ctx context.Context, chainID uint64, account common.Address, day string) (map[common.Address]uint256.Int, error)
	// Seen tells for each of the addresses whether the account has paid it before, in a transaction that was mined.
	Seen(ctx context.Context, chainID uint64, account common.Address, who []common.Address) (map[common.Address]bool, error)
	// NextNonce is one more than the highest nonce that is reserved and not yet mined, or zero.
	NextNonce(ctx context.Context, chainID uint64, account common.Address) (uint64, error)
	// Used reports whether an approval of the digest was used.
	Used(ctx context.Context, digest common.Hash) (bool, error)
	// Reserve uses the approval up, takes the nonces and the day's budget, and stores the transactions, or refuses with
	// refusal.ApprovalUsed, refusal.DigestMismatch (a nonce is taken) or refusal.DayLimit. It fills in the ids.
	Reserve(ctx context.Context, s *Sequence) error
	// Open returns the sequences with a transaction whose outcome is not known, oldest first, with all their transactions.
	Open(ctx context.Context, chainID uint64) ([]*Sequence, error)
	// Move stores the transaction's new fields and the state that follows from its State and the event, and sets it. It
	// fails with ErrMoved where the stored state is not t.State.
	Move(ctx context.Context, t *Tx, on Event, at time.Time) error
	// Reload reads the transaction's stored state and fields.
	Reload(ctx context.Context, t *Tx) error
}

// Sequence is what one approval covers, as it is stored.
type Sequence struct {
	Approval   Approval
	Run        string
	Origin     string
	Title      string
	ChainID    uint64
	Genesis    common.Hash // the first block of the chain
	Account    common.Address
	At         time.Time
	Day        string // 2026-11-22, UTC
	Spends     []Spend
	Recipients []common.Address
	Txs        []*Tx
}

// Spend is the most of one token that a sequence lets out, and the cap of the day that it must fit under.
type Spend struct {
	Token  common.Address // zero: the chain's own coin
	Amount uint256.Int
	Cap    *uint256.Int // nil: no cap
}

// Tx is one stored transaction.
type Tx struct {
	ID       int64
	Index    int
	Nonce    uint64
	State    State
	Unsigned []byte // as types.Transaction marshals it
	Raw      []byte // signed; empty before Signed
	Hash     common.Hash
	Receipt  *Receipt
}

// dayOf is the day whose budget a moment belongs to.
func dayOf(t time.Time) string { return t.UTC().Format(time.DateOnly) }
