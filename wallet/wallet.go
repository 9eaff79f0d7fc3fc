// Package wallet keeps keys, judges what would be signed, and is the only way to a signature.
//
// A request goes through one gate: its exact transactions are run on a fork, the policy judges the effects, the user approves
// a digest of what will be signed, and only that is signed. Everything is stored before it happens: the reservation of the
// nonce and of the day's budget, the signed bytes, the sending; so a restart at any point resumes and never repeats.
//
// Invariant: an approval covers one digest, expires, and is used once. If a byte changes, it is asked for again.
package wallet

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/refusal"
)

// Decision is what the policy says of a request. The zero Decision is Deny.
type Decision uint8

// The decisions; the strictest of all findings counts.
const (
	Deny Decision = iota
	Ask
	Allow
)

var decisions = [...]string{Deny: "deny", Ask: "ask", Allow: "allow"}

// MarshalText gives programs the word.
func (d Decision) MarshalText() ([]byte, error) {
	if int(d) >= len(decisions) {
		return nil, fmt.Errorf("no decision has the number %d", d)
	}
	return []byte(decisions[d]), nil
}

// UnmarshalText reads the word.
func (d *Decision) UnmarshalText(text []byte) error {
	i := slices.Index(decisions[:], string(text))
	if i < 0 {
		return fmt.Errorf("no decision is called %q", text)
	}
	*d = Decision(i)
	return nil
}

// Finding is one reason for a verdict.
type Finding struct {
	Decision Decision       `json:"decision"`
	Reason   refusal.Reason `json:"reason"`
	Detail   string         `json:"detail"`
	Hint     string         `json:"hint,omitempty"`
}

// Verdict is the policy's judgement of effects. Allow means: nothing speaks against it; a person still approves.
type Verdict struct {
	Decision Decision  `json:"decision"`
	Findings []Finding `json:"findings"`
}

// Proposal is what a tool wants done, before it has nonces and fees.
type Proposal struct {
	Run       string         `json:"run"`    // the agent's run that asks
	Origin    string         `json:"origin"` // tui, plain, json, example: who asked
	Title     string         `json:"title"`  // one deterministic line
	Network   chain.Network  `json:"network"`
	Account   common.Address `json:"account"`
	Calls     []chain.Call   `json:"calls"` // in order; each becomes one transaction
	Bound     chain.Bound    `json:"bound"`
	ImpactBps *uint64        `json:"impact_bps,omitempty"` // price impact of the quote; a trade without it is denied
}

// clone copies everything that the proposal points at.
func (p Proposal) clone() Proposal {
	p.Calls = slices.Clone(p.Calls)
	for i := range p.Calls {
		c := &p.Calls[i]
		c.Data = slices.Clone(c.Data)
		c.To = copied(c.To)
	}
	p.Bound.Out, p.Bound.In = slices.Clone(p.Bound.Out), slices.Clone(p.Bound.In)
	p.Bound.Spenders = slices.Clone(p.Bound.Spenders)
	p.Bound.Recipient, p.ImpactBps = copied(p.Bound.Recipient), copied(p.ImpactBps)
	return p
}

func copied[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// Prepared is a proposal with everything that will be signed: nonces, gas, fee caps; the effects of exactly that on a pinned
// block; and the verdict.
type Prepared struct {
	Proposal
	Txs     []*types.Transaction `json:"-"` // unsigned, type 2; none where the dry run fails
	Effects *fork.Effects        `json:"effects"`
	Verdict Verdict              `json:"verdict"`
	MaxFee  chain.Amount         `json:"max_fee"` // gas limits times fee caps, and twice the fees for data on layer 1
	Outflow []chain.Amount       `json:"outflow"` // what leaves the account by the simulation, fee not counted
	Digest  common.Hash          `json:"digest"`
	Genesis common.Hash          `json:"-"` // the first block of the chain
	Expires time.Time            `json:"expires"`
}

// Approval is a person's consent to one digest. Only an Approver makes one.
type Approval struct {
	Digest  common.Hash `json:"digest"`
	By      string      `json:"by"` // tui, terminal, program
	At      time.Time   `json:"at"`
	Expires time.Time   `json:"expires"`
}

// Approve is the consent of by to what p says will be signed, given now.
func Approve(p *Prepared, by string, now time.Time) Approval {
	return Approval{Digest: p.Digest, By: by, At: now, Expires: p.Expires}
}

// Receipt is the outcome of one transaction.
type Receipt struct {
	Tx      common.Hash  `json:"tx"`
	State   State        `json:"state"`
	Block   uint64       `json:"block"`
	GasUsed uint64       `json:"gas_used"`
	Fee     chain.Amount `json:"fee"`
}

// Remote is the network as the lifecycle needs it. *chain.Client is one.
type Remote interface {
	fork.Source
	Network() chain.Network
	Header(ctx context.Context) (chain.Head, error)
	Nonce(ctx context.Context, account common.Address) (uint64, error)
	Tip(ctx context.Context) (uint256.Int, error)
	Receipt(ctx context.Context, tx common.Hash) (*types.Receipt, error)
	Send(ctx context.Context, raw []byte) error
}

var _ Remote = (*chain.Client)(nil)
