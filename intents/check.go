package intents

import (
	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
)

// Check holds a draft against the reading that it was made from. A question comes back where something is missing or was left
// over; an error is a refusal (ungrounded, bad_address, hostile_text, not_an_order). Neither means: accepted.
func Check(r *Reading, d Draft) (*Question, error) { panic("unwritten") }

// Fill reads the answer to a question into the one gap that the question names, and returns the reading and the draft with
// it. Other words of the answer change nothing.
func Fill(r *Reading, d Draft, q Question, answer string, lex *Lexicon) (*Reading, Draft, error) {
	panic("unwritten")
}

// World is what words are looked up in.
type World struct {
	Networks []chain.Network
	Default  string // key of the network that counts where none is named
	Tokens   *chain.Registry
	Book     map[string]common.Address // label -> address
}

// Resolve turns a checked draft into a plan. It asks where a word has two meanings, and refuses (unknown_token,
// unknown_recipient, unknown_chain) where it has none.
func Resolve(r *Reading, d Draft, w World) (*Plan, *Question, error) { panic("unwritten") }
