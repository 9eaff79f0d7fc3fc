// Package intents turns words into a typed plan, and lets nothing into the plan that the user did not say.
//
// Read finds the spans of a sentence: amounts, tokens, chains, addresses, names. A planner sees only their ids and writes a
// Draft that points at them. Check holds the draft against the reading: each reference exists and is of the right kind, each
// money-relevant span is used once or asked about. Resolve looks the words up in the registry and the address book and
// notes, for every value, where it came from. Fill reads the answer to a question into the draft that it was asked about, and Revise
// a change to the request before; both leave a reading and a draft that are checked like any other.
//
// Invariant: an address, a number, a token or a chain of an accepted plan is one that the user wrote, that the user put into
// the address book, or that the registry gives for a word that the user wrote. A planner can't add one, whatever it answers.
package intents

import (
	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
)

// Action is what one step does.
type Action string

// The actions. Those that Moves reports false for change nothing on any chain.
const (
	Swap        Action = "swap"
	Bridge      Action = "bridge"
	Transfer    Action = "transfer"
	Approve     Action = "approve"
	Revoke      Action = "revoke"
	Wrap        Action = "wrap"
	Unwrap      Action = "unwrap"
	Stake       Action = "stake"
	Lend        Action = "lend"
	Withdraw    Action = "withdraw"
	Borrow      Action = "borrow"
	Repay       Action = "repay"
	Schedule    Action = "schedule"
	Alert       Action = "alert"
	Balance     Action = "balance"
	Price       Action = "price"
	QuoteOnly   Action = "quote"
	RiskCheck   Action = "risk_check"
	YieldSearch Action = "yield_search"
	TxStatus    Action = "tx_status"
	Claim       Action = "claim"  // take what the rewards pay
	Earned      Action = "earned" // look up what they pay
	Lock        Action = "lock"   // put the rewards' token away for a time
	Vote        Action = "vote"
	None        Action = "none"  // chat, a report, a joke, a negation
	Other       Action = "other" // a wallet wish outside the list
)

// SpanKind tells what a span is.
type SpanKind string

// The kinds, with the letter that their refs start with.
const (
	AmountSpan   SpanKind = "amount"   // A
	TokenSpan    SpanKind = "token"    // T
	ChainSpan    SpanKind = "chain"    // C
	AddressSpan  SpanKind = "address"  // R, as are names: both may be a recipient or a spender
	NameSpan     SpanKind = "name"     // R: an ENS name, or a label of the address book
	SlippageSpan SpanKind = "slippage" // S
	MinOutSpan   SpanKind = "min_out"  // M
	TimeSpan     SpanKind = "time"     // W
	CondSpan     SpanKind = "cond"     // G: a condition or trigger
	VenueSpan    SpanKind = "venue"    // V: a protocol
	HashSpan     SpanKind = "hash"     // X: 32 bytes, such as a transaction's hash; no slot takes it
	NumberSpan   SpanKind = "number"   // N: the number of a proposal that is voted on
	ChoiceSpan   SpanKind = "choice"   // B: how a vote is cast; read only where one is cast
)

// Ref points at a span of this sentence (A1, T2, R1), or at an earlier step's output (out:1). The empty Ref points at nothing.
type Ref string

// Span is a piece of the user's text.
type Span struct {
	ID       Ref      `json:"id"`
	Kind     SpanKind `json:"kind"`
	Text     string   `json:"text"`  // as written
	Start    int      `json:"start"` // byte offsets into Reading.Text
	End      int      `json:"end"`
	Eligible bool     `json:"eligible"` // false inside quotes, code and pasted blocks: can't be part of an order

	Quantity *Quantity    `json:"quantity,omitempty"` // amount, min_out
	Symbol   string       `json:"symbol,omitempty"`   // token, upper case; empty where the token is written as an address
	Known    bool         `json:"known,omitempty"`    // token: the lexicon has the symbol
	Near     []string     `json:"near,omitempty"`     // token: the known symbols that an unknown one may be a slip of
	Chain    string       `json:"chain,omitempty"`    // chain key
	Address  *AddressWord `json:"address,omitempty"`  // address
	Bps      uint64       `json:"bps,omitempty"`      // slippage
	Venue    string       `json:"venue,omitempty"`    // venue: key of the protocol
	Value    string       `json:"value,omitempty"`    // normalised text of a name, a hash, a time (every:friday, time:tomorrow 9am, span:6 hours), a cond (below:2500, above:gas:10), a number, or a choice (for, against, abstain)
}

// QuantityForm tells how an amount was said.
type QuantityForm string

// The forms.
const (
	Exact   QuantityForm = "exact"   // 1.5
	Share   QuantityForm = "share"   // half, 25 %
	All     QuantityForm = "all"     // all, max, everything
	AllBut  QuantityForm = "all_but" // all but 0.1
	Dollars QuantityForm = "usd"     // $50 worth
)

// Quantity is an amount as said, before its token gives it a unit. Number is a plain decimal string without sign, exponent
// or separators; it is percent for Share and empty for All.
type Quantity struct {
	Form   QuantityForm `json:"form"`
	Number string       `json:"number,omitempty"`
}

// AddressCheck tells what is known of an address from its text alone.
type AddressCheck string

// The checks, named as they are exported.
const (
	AddressOK         AddressCheck = "ok"             // EIP-55 checksum right
	AddressNoChecksum AddressCheck = "ok_no_checksum" // all lower or all upper case
	AddressBadSum     AddressCheck = "bad_checksum"
	AddressBadLength  AddressCheck = "bad_length"
)

// AddressWord is an address as written.
type AddressWord struct {
	Check AddressCheck   `json:"check"`
	Value common.Address `json:"value"` // zero unless Check is one of the ok ones
}

// Side tells which side of a trade the amount is of.
type Side string

// The sides.
const (
	In  Side = "in"
	Out Side = "out"
)

// Step is one wish of a draft: an action, and refs for its slots. It is all that a planner may write.
type Step struct {
	Action    Action `json:"action"`
	TokenIn   Ref    `json:"token_in,omitempty"`
	TokenOut  Ref    `json:"token_out,omitempty"`
	Amount    Ref    `json:"amount,omitempty"`
	Side      Side   `json:"amount_side,omitempty"`
	Chain     Ref    `json:"chain,omitempty"`
	DestChain Ref    `json:"dest_chain,omitempty"`
	Recipient Ref    `json:"recipient,omitempty"` // for approve and revoke: the spender
	Slippage  Ref    `json:"slippage,omitempty"`
	MinOut    Ref    `json:"min_out,omitempty"`
	Kind      string `json:"kind,omitempty"`      // schedule: dca, limit, stop, twap, recurring, once
	Every     Ref    `json:"every,omitempty"`     // schedule
	Condition string `json:"condition,omitempty"` // below, above
	Trigger   Ref    `json:"trigger,omitempty"`
	Venue     Ref    `json:"venue,omitempty"`
	Against   Ref    `json:"against,omitempty"`  // borrow: the token that is named as collateral
	Term      Ref    `json:"term,omitempty"`     // lock: for how long
	Proposal  Ref    `json:"proposal,omitempty"` // vote
	Choice    Ref    `json:"choice,omitempty"`   // vote
}

// Draft is a planner's reading of a sentence. An empty Draft means: this planner does not cover it.
type Draft struct {
	Steps   []Step   `json:"steps"`
	Missing []string `json:"missing,omitempty"` // slots to ask for, or "action": then nothing is drafted
	Why     []string `json:"why,omitempty"`     // the words that led there, for --explain
	Unsure  bool     `json:"unsure,omitempty"`  // the planner would rather have the user asked
}

// Provenance says where a value of a plan came from.
type Provenance string

// The provenances, strongest first.
const (
	FromUser     Provenance = "user"     // the words of this request, or the answer to its question
	FromBook     Provenance = "book"     // the user's address book
	FromRegistry Provenance = "registry" // the token or network registry, for a word of the user's
	FromChain    Provenance = "chain"    // the account's own balance, or the output of an earlier step
	FromDefault  Provenance = "default"  // a named default of the config, shown to the user
)

// Sourced is a value, and where it came from.
type Sourced[T any] struct {
	V    T          `json:"value"`
	From Provenance `json:"from"`
	Ref  Ref        `json:"ref,omitempty"`
}

// Intent is one step of an accepted plan: references resolved, every value with its provenance. Nil means: not said.
type Intent struct {
	Action      Action                   `json:"action"`
	Network     Sourced[string]          `json:"network"`        // key of a chain.Network
	Dest        *Sourced[string]         `json:"dest,omitempty"` // bridge: key of the network that it goes to
	TokenIn     *Sourced[chain.Token]    `json:"token_in,omitempty"`
	TokenOut    *Sourced[chain.Token]    `json:"token_out,omitempty"`
	Amount      *Sourced[Quantity]       `json:"amount,omitempty"`
	AmountOf    int                      `json:"amount_of,omitempty"` // 1-based step whose output Amount is a share of
	Side        Side                     `json:"amount_side,omitempty"`
	Recipient   *Sourced[common.Address] `json:"recipient,omitempty"` // for approve and revoke: the spender
	SlippageBps *Sourced[uint64]         `json:"slippage_bps,omitempty"`
	MinOut      *Sourced[Quantity]       `json:"min_out,omitempty"`
	Venue       *Sourced[string]         `json:"venue,omitempty"`   // key of a protocol
	Against     *Sourced[chain.Token]    `json:"against,omitempty"` // borrow: the collateral that was named; what counts is what the protocol holds
	Timing      *Timing                  `json:"timing,omitempty"`
	Term        *Sourced[uint64]         `json:"term_seconds,omitempty"` // lock: how long
	Proposal    *Sourced[uint64]         `json:"proposal,omitempty"`     // vote: its number
	Choice      *Sourced[Choice]         `json:"choice,omitempty"`       // vote
}

// Choice is how a vote is cast.
type Choice string

// The choices.
const (
	VoteFor     Choice = "for"
	VoteAgainst Choice = "against"
	VoteAbstain Choice = "abstain"
)

// Timing is when a step is wanted, as said. Keymaker shows it; what runs it is another room's.
type Timing struct {
	Kind      string           `json:"kind,omitempty"`
	Every     *Sourced[string] `json:"every,omitempty"`
	Condition string           `json:"condition,omitempty"`
	Trigger   *Sourced[string] `json:"trigger,omitempty"`
}

// Plan is what was understood and accepted: ordered intents, every value grounded.
type Plan struct {
	Text    string   `json:"text"`
	Intents []Intent `json:"intents"`
}

// Question is asked instead of guessing. Missing names the slots (or "action", or "confirm"); Options, where given, are the
// only answers that count.
type Question struct {
	Text    string   `json:"text"`
	Step    int      `json:"step,omitempty"` // 1-based; 0 where it is about the whole sentence
	Missing []string `json:"missing"`
	Options []string `json:"options,omitempty"`
}
