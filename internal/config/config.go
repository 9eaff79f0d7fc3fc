// Package config reads what the user has set, and refuses what it does not understand.
//
// Layers, strongest first: flags, the environment (KEYMAKER_…), a project file, the user's own file, defaults. Keys are told
// by the structs below and by nothing else: the table in docs/configuration.md, the comments of a new file, the names in the
// environment and the check for unknown keys are all made from their tags.
//
// Invariant: a key that is not understood is a refusal that names it. A project file, which may come with somebody else's
// repository, can set only what moves no money: where a wallet, an endpoint or a limit is set, it is the user's own file.
package config

import (
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/tools"
)

// Config is what can be set. The tag doc is the text of the table and of the comments; project marks what a project file may set.
type Config struct {
	Network  string                    `koanf:"network" project:"yes" doc:"Network that counts where a request names none."`
	Money    string                    `koanf:"money" doc:"Symbol of the token that buy and sell are paid in where a request names none. Empty: ask."`
	Account  string                    `koanf:"account" doc:"Address of the account that acts. Empty: the only one of the wallet."`
	Policy   string                    `koanf:"policy" doc:"File that says what may be signed. Empty: the policy beside this file."`
	Model    Model                     `koanf:"model"`
	Learn    Learn                     `koanf:"learn"`
	Limits   Limits                    `koanf:"limits"`
	UI       UI                        `koanf:"ui"`
	Rewards  Rewards                   `koanf:"rewards"`
	Book     map[string]common.Address `koanf:"book" doc:"Address book: a name, and the address that it stands for."`
	Networks map[string]Network        `koanf:"networks" doc:"Networks of your own, and changes to the built-in ones, by key."`
	Tokens   []Token                   `koanf:"tokens" doc:"Tokens that the built-in list does not have."`
}

// Model is the language model that reads what the grammar does not.
type Model struct {
	Name        string        `koanf:"name" project:"yes" doc:"Model that reads what the grammar does not. Empty: none."`
	URL         string        `koanf:"url" doc:"Where Ollama answers."`
	Digest      string        `koanf:"digest" doc:"Digest that the model must have. Empty: any."`
	AllowRemote bool          `koanf:"allow_remote" doc:"Let the model run on another machine, which then reads your words."`
	NumCtx      int           `koanf:"num_ctx" doc:"Context window, in tokens."`
	Timeout     time.Duration `koanf:"timeout" doc:"How long the model may think about one sentence."`
}

// Or is the model with another name and digest, where they are given. A pin holds for the model that it was made for: naming
// that model again does not lift it.
func (m Model) Or(name, digest string) Model {
	if name != "" && name != m.Name {
		m.Name, m.Digest = name, ""
	}
	if digest != "" {
		m.Digest = digest
	}
	return m
}

// Learn is what is kept of the user's corrections, on this machine.
type Learn struct {
	Keep bool `koanf:"keep" doc:"Keep what you say of a reading in doubt, as ids and common words, and settle the same doubt with it."`
}

// Limits are the defaults that requests work within; the policy holds the last word.
type Limits struct {
	SlippageBps     uint64 `koanf:"slippage_bps" doc:"Hundredths of a percent between what a swap should bring and what it must bring at least."`
	PriceImpactBps  uint64 `koanf:"price_impact_bps" doc:"How far a swap may move the price of its pools, in hundredths of a percent."`
	DeadlineSeconds uint64 `koanf:"deadline_seconds" doc:"How long a swap may wait for its block."`
}

// UI is how things are shown.
type UI struct {
	Plain   bool `koanf:"plain" project:"yes" doc:"No full-screen terminal: plain lines, as for a screen reader."`
	NoColor bool `koanf:"no_color" project:"yes" doc:"No colours."`
}

// Rewards say where usage is kept, and who is paid for it.
type Rewards struct {
	Ledger  string                    `koanf:"ledger" doc:"Where the usage ledger is kept: a file, or a PostgreSQL (postgres://…). Empty: usage.db beside the journal."`
	Rules   string                    `koanf:"rules" doc:"File of the rules that usage is settled by. Empty: the example of docs/rewards.md."`
	Authors map[string]common.Address `koanf:"authors" doc:"Who is paid for the use of a tool: the name of its author, and the address."`
	Front   string                    `koanf:"front" doc:"Name of this front end in the ledger: small letters, digits and ._:/-. Empty: its use is not reported."`
	Subnet  string                    `koanf:"subnet" doc:"Builder subnet that the front end belongs to: 0x and 64 hex digits."`
}

// Reports says whether what is used here is reported to the ledger.
func (r Rewards) Reports() bool { return len(r.Authors) > 0 || r.Front != "" }

// Network adds a network, or changes a built-in one. What is empty stays as it is built in.
type Network struct {
	Name           string          `koanf:"name" doc:"Name that is shown."`
	ChainID        uint64          `koanf:"chain_id" doc:"Chain id. A built-in network keeps its own."`
	RPC            []string        `koanf:"rpc" doc:"Endpoints (http or https), tried in order."`
	NativeSymbol   string          `koanf:"native_symbol" doc:"Symbol of the network's own coin."`
	NativeDecimals uint8           `koanf:"native_decimals" doc:"Decimals of the network's own coin."`
	BlockTime      uint64          `koanf:"block_time" doc:"Seconds between two blocks."`
	Test           bool            `koanf:"test" doc:"A test network, whose coins are worth nothing."`
	Contracts      chain.Contracts `koanf:"contracts" doc:"Addresses of the protocols that are called there."`
}

// Token is a token of the user's own list.
type Token struct {
	Network  string         `koanf:"network" doc:"Key of the token's network."`
	Symbol   string         `koanf:"symbol" doc:"Symbol by which you name it."`
	Address  common.Address `koanf:"address" doc:"Address of its contract."`
	Decimals *uint8         `koanf:"decimals" doc:"Decimals of its amounts."`
}

// Default is the config of someone who set nothing: the embedded network, no model, tight limits.
func Default() Config {
	return Config{
		Network: "devnet",
		Money:   "USDC",
		Model: Model{
			URL:     "http://127.0.0.1:11434",
			NumCtx:  4096,
			Timeout: time.Minute,
		},
		Limits: Limits{
			SlippageBps:     50,
			PriceImpactBps:  300,
			DeadlineSeconds: 600,
		},
	}
}

// ToolLimits is the limits as tools take them.
func (c *Config) ToolLimits() tools.Limits {
	return tools.Limits{
		SlippageBps:    c.Limits.SlippageBps,
		MaxImpactBps:   c.Limits.PriceImpactBps,
		DeadlineSecond: c.Limits.DeadlineSeconds,
	}
}
