package wallet

import "github.com/keymaker-agent/keymaker/internal/fsm"

// State is a transaction's place in its life.
type State string

// The states. A transaction is sent only after Broadcast is stored, so one that never got there never left this machine.
const (
	Reserved  State = "reserved"  // the nonce and the day's budget are taken, the unsigned bytes are stored
	Signed    State = "signed"    // the signed bytes are stored
	Broadcast State = "broadcast" // may be in the network's pool
	Mined     State = "mined"     // has a receipt of success
	Failed    State = "failed"    // has a receipt of failure
	Replaced  State = "replaced"  // another transaction of ours with this nonce was mined
	Dropped   State = "dropped"   // the nonce was used by a transaction that is not ours, or its embedded chain is gone
	Reorged   State = "reorged"   // had a receipt, and its block is gone
	Released  State = "released"  // never in any pool; nonce and budget are free again
)

// Event moves a transaction from one state to the next.
type Event string

// The events.
const (
	Sign    Event = "sign"
	Send    Event = "send"
	Include Event = "include" // a receipt says success
	Revert  Event = "revert"  // a receipt says failure
	Replace Event = "replace"
	Drop    Event = "drop"
	Reorg   Event = "reorg"
	Reject  Event = "reject" // the node refused the bytes at first sight
	Release Event = "release"
)

// Transactions is the life of a transaction.
var Transactions = fsm.Table[State, Event]{
	{From: Reserved, On: Sign}:     Signed,
	{From: Reserved, On: Release}:  Released, // the approval expired, or an earlier transaction of the sequence failed
	{From: Signed, On: Send}:       Broadcast,
	{From: Signed, On: Release}:    Released,
	{From: Broadcast, On: Include}: Mined,
	{From: Broadcast, On: Revert}:  Failed,
	{From: Broadcast, On: Replace}: Replaced,
	{From: Broadcast, On: Drop}:    Dropped,
	{From: Broadcast, On: Reject}:  Released,
	{From: Mined, On: Reorg}:       Reorged,
	{From: Failed, On: Reorg}:      Reorged,
	{From: Reorged, On: Include}:   Mined,
	{From: Reorged, On: Revert}:    Failed,
	{From: Reorged, On: Replace}:   Replaced,
	{From: Reorged, On: Drop}:      Dropped,
}

// Open reports whether the nonce of a transaction in this state is still taken by it and its outcome is not known.
func (s State) Open() bool {
	return s == Reserved || s == Signed || s == Broadcast || s == Reorged
}
