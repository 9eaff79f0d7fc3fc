// Package tools is what the agent can do: each tool reads, or proposes calls; none can sign.
//
// A tool has a name, a description for people, and an effect class. The registry enforces the class: a tool that reads never
// gets to propose, a tool without a class is refused, and so is a second tool of the same name. Whatever a tool returns is
// data: it is shown, simulated and judged, and never reaches a planner.
//
// Invariant: nothing in this package, and nothing that it hands to a tool, holds a key or can lead to a signature.
package tools

import (
	"context"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/router/swap"
)

// Effect is the class of a tool. The zero Effect is refused.
type Effect uint8

// The classes.
const (
	Read    Effect = iota + 1 // answers from state
	Propose                   // may also return calls to be simulated, judged and approved
)

// State is the chain as a tool sees it: views only. In a dry run it includes what earlier steps did.
type State interface {
	swap.Reader
	Balance(ctx context.Context, account common.Address) (uint256.Int, error) // native coin, in wei
	Time() uint64                                                             // unix seconds of the block that comes next
}

// Env is all that a tool is given.
type Env struct {
	Network chain.Network
	Tokens  *chain.Registry
	State   State
	Account common.Address
	Limits  Limits
	FeeCap  uint256.Int    // wei per gas that a transaction would offer now; zero: not known
	Earlier []chain.Amount // what each earlier step of the plan brought to the account; zero where it brought nothing
}

// Limits are the user's defaults that tools work within.
type Limits struct {
	SlippageBps    uint64 // used where the user names none
	MaxImpactBps   uint64 // a quote above it is refused
	DeadlineSecond uint64 // seconds that a swap may wait to be mined
}

// Result is what a tool answers. Calls is empty for a read.
type Result struct {
	Title string       `json:"title"`           // one deterministic line: Swap 100 USDC for at least 0.0331 ETH
	Lines []Line       `json:"lines,omitempty"` // label and value, for people
	Quote *swap.Quote  `json:"quote,omitempty"`
	Calls []chain.Call `json:"calls,omitempty"`
	Bound chain.Bound  `json:"bound"`
	Data  any          `json:"data,omitempty"` // the same as Lines, typed, for programs
}

// Line is a label and a value. Both are shown as untrusted text.
type Line struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// Tool is one thing that the agent can do.
type Tool interface {
	Spec() Spec
	Run(ctx context.Context, env Env, in intents.Intent) (Result, error)
}

// Spec describes a tool.
type Spec struct {
	Name        string // unique; a third party's is server.tool
	Description string
	Author      string // who is paid for its use
	Version     string
	Effect      Effect
	Actions     []intents.Action // the intents that it serves
}
