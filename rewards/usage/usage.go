// Package usage is the ledger of what was used and by whom: an append-only, signed, public record that rewards are reckoned from.
//
// An entry is one line of canonical JSON (see Kinds); its id is the SHA-256 of that line. Each reporter strings its entries on a
// chain, head = SHA-256(head before || id), cuts the chain into segments of at most MostEntries, all of one epoch, and signs each
// (EIP-712). So a ledger is a set of segments: many reporters' sets are merged by union, and what counts does not depend on the
// order in which anything arrived.
//
// Invariant: an id counts once, however many segments hold it. A ledger in which one segment does not continue its reporter's chain,
// one line is not canonical, or one signature is not the reporter's, is refused as a whole, with the name of what is wrong.
//
// docs/rewards.md specifies the lines to the byte.
package usage

import (
	"crypto/sha256"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/emission"
)

// MostEntries is how many entries a segment may have.
const MostEntries = 4096

// ID names an entry by its content: the SHA-256 of its line without the line break.
type ID [sha256.Size]byte

// Head is the end of a reporter's chain. The zero Head is before the first entry.
type Head [sha256.Size]byte

// After is the head when the entry of this id is added.
func (h Head) After(id ID) Head {
	var both [2 * sha256.Size]byte
	copy(both[:], h[:])
	copy(both[sha256.Size:], id[:])
	return sha256.Sum256(both[:])
}

// Ref tells events apart that are otherwise alike, and points back to what happened: a run's step, a receipt, a log.
type Ref [16]byte

// Epoch counts settlement periods from zero. The rules say how long one is.
type Epoch uint64

// Segment is a signed piece of one reporter's chain.
type Segment struct {
	Reporter  common.Address
	Epoch     Epoch
	First     uint64 // place of its first entry in the reporter's chain, from 0
	Count     uint32 // of entries, 1 to MostEntries
	Previous  Head
	Head      Head
	Signature [65]byte // EIP-712, r || s || v with v 27 or 28 and s in the lower half
}

// Kind says what an entry tells. Which fields it has is in the table of kinds.
type Kind uint8

// The kinds.
const (
	Tool    Kind = iota // a tool served a step that was mined
	Front               // a front end of a subnet served it
	Work                // a maintainer accepts a contribution to the code
	Risk                // a maintainer says that an accepted contribution is at risk, or is no more
	Receipt             // a provider served a model's answer
	Audit               // a provider was audited
	Bond                // a provider's bond, while it stood
	Subnet              // a builder subnet's treasury and fee, while they stood
	Stake               // a stake in a subnet, while it stood
	Yield               // what an asset of the capital pool earned
	Deposit             // a deposit in the capital pool, while it stood
	Payout              // a payment out of the protection fund that was voted for
	kinds
)

// Entry is one event. Only the fields of its kind count; the others are zero.
type Entry struct {
	Kind Kind
	At   emission.Time // when; of a kind that has a length, its first second
	To   emission.Time // the first second after it; for events without a length, zero
	Ref  Ref

	Earner common.Address // author, treasury, provider, staker, member, receiver
	Other  common.Address // user, consumer, auditor, maintainer, referrer (zero: none)
	Asset  common.Address // of yields and deposits

	Subject common.Hash // transaction; a commit in its first 20 bytes
	Subnet  common.Hash
	Name    []byte // tool, front, model, class; valid until the next entry is read
	Place   []byte // repository; valid as long

	Chain    uint64
	Amount   uint256.Int // wei: burned, bond, stake, deposit, payout; weight of work; gain of a yield
	Fee      uint256.Int // receipt: wei of the token burned; subnet: part of the staker's, in units of 1e-25
	PriceIn  uint256.Int // receipt: wei per million tokens read; yield: the asset's price
	PriceOut uint256.Int // receipt: wei per million tokens written
	Input    uint64      // tokens read
	Output   uint64      // tokens written
	Decimals uint64      // of a yield's gain
	Proposal uint64
	LockFrom emission.Time
	LockTo   emission.Time
	Flag     bool // audit: passed; risk: at risk
}

// Ledger is where segments come from. What it hands out is as stored; readers check it (Check, Segment.Verify, Reader.Walk). Its
// methods may be called from several goroutines at once, and what they return is the caller's.
type Ledger interface {
	// Segments are the segments of the ledger, in no order. One may be there more than once.
	Segments() ([]Segment, error)
	// Closings are the closing lines of the ledger, in no order.
	Closings() ([]Closing, error)
	// Lines are the lines of a segment's entries, each with its line break. buf may be reused for them. It fails with ErrNoSegment.
	Lines(s *Segment, buf []byte) ([]byte, error)
}
