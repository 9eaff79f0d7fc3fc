// Package agent takes one sentence through the whole way: read, plan, check, quote, simulate, judge, approve, sign, confirm.
//
// It is one loop with one stream of events. The terminal UI, the plain terminal and --json are front ends of that stream; a
// dry run is the same loop whose last step applies the calls to the fork instead of signing them.
//
// Invariant: a planner sees the user's words with their spans replaced by ids, and nothing else. No result of a tool, no name
// or text from a chain, and no error text ever gets into a planner's prompt.
package agent

import (
	"context"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/tools"
	"github.com/keymaker-agent/keymaker/wallet"
)

// Planner reads a sentence. A draft without steps and without Missing means: not covered, ask the next planner. An error is a
// refusal (model_failed, model_remote, …), never a half draft.
type Planner interface {
	Name() string // grammar, ollama:NAME@DIGEST
	Plan(ctx context.Context, r *intents.Reading) (intents.Draft, error)
}

// Pinned is a planner whose model is known by its digest, and by who runs it.
type Pinned interface {
	Digest() string
	Provider() string // empty: this machine
}

// EventType names an event.
type EventType string

// The events of a run, in the order in which they may come. A run ends with exactly one of Done and Refused.
const (
	Started    EventType = "started"
	Planned    EventType = "planned"   // Draft, Plan, Planner
	Asked      EventType = "asked"     // Question; the answer comes through Front.Ask
	Answered   EventType = "answered"  // Text
	Quoted     EventType = "quoted"    // Result with a route
	Resulted   EventType = "result"    // Result of a read
	Simulated  EventType = "simulated" // Prepared: effects and verdict
	Approved   EventType = "approved"  // Digest
	Applied    EventType = "applied"   // dry run: the effects were applied to the fork
	TxMoved    EventType = "tx"        // Tx: state of one transaction
	Confirmed  EventType = "confirmed" // Receipts of the step
	Progressed EventType = "progress"  // Text: long work goes on; may be dropped
	Refused    EventType = "refused"   // Refusal
	Done       EventType = "done"
)

// Event is one thing that happened in a run. It is the feed of the TUI, a line of --json, and a row of the journal.
type Event struct {
	Schema   int               `json:"schema"` // 1
	Seq      int               `json:"seq"`
	Time     time.Time         `json:"time"`
	Run      string            `json:"run"`
	Type     EventType         `json:"type"`
	Step     int               `json:"step,omitempty"` // 1-based
	Text     string            `json:"text,omitempty"`
	DryRun   bool              `json:"dry_run,omitempty"`
	Planner  string            `json:"planner,omitempty"`
	Draft    *intents.Draft    `json:"draft,omitempty"`
	Plan     *intents.Plan     `json:"plan,omitempty"`
	Question *intents.Question `json:"question,omitempty"`
	Result   *tools.Result     `json:"result,omitempty"`
	Prepared *wallet.Prepared  `json:"prepared,omitempty"`
	Effects  *fork.Effects     `json:"effects,omitempty"`
	Tx       *TxUpdate         `json:"tx,omitempty"`
	Receipts []wallet.Receipt  `json:"receipts,omitempty"`
	Balances []chain.Amount    `json:"balances,omitempty"` // of the account after the step, by token
	Refusal  *Refusal          `json:"refusal,omitempty"`
}

// TxUpdate is a transaction's new state.
type TxUpdate = wallet.Update

// Refusal is a refusal.Error in an event.
type Refusal struct {
	Reason refusal.Reason `json:"reason"`
	Detail string         `json:"detail"`
	Hint   string         `json:"hint"`
}

// Front is a front end. Its methods are called one at a time.
type Front interface {
	// Event shows what happened. It must not block.
	Event(Event)
	// Ask puts a question to the user. An error ends the run; where there is nobody to ask it is refusal.NeedsAnswer.
	Ask(ctx context.Context, q intents.Question) (string, error)
	// Approve shows what would be signed and returns the consent. It is refusal.Declined for a no, and refusal.NeedsApproval
	// where there is nobody to ask.
	Approve(ctx context.Context, p *wallet.Prepared) (wallet.Approval, error)
	// Password asks for the account's password; attempt counts from 1. It is refusal.Locked where there is nobody to ask.
	Password(ctx context.Context, account common.Address, attempt int) ([]byte, error)
}
