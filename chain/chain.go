// Package chain holds what every room needs to speak of a chain: networks, tokens, amounts, calls, and a client that reads.
//
// Invariant: a quantity of money is an Amount, an integer of the smallest unit beside its token; it is never a float, and
// arithmetic that would mix tokens, wrap, or lose a digit is an error.
package chain

import (
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/holiman/uint256"
)

// Token is one asset on one chain. The zero address stands for the chain's native coin. Token is comparable, but two copies
// of one token may differ in Symbol when they come from different lists: compare with Same.
type Token struct {
	ChainID  uint64         `json:"chain_id"`
	Address  common.Address `json:"address"`
	Symbol   string         `json:"symbol"`
	Decimals uint8          `json:"decimals"`
}

// Native reports whether the token is the chain's own coin.
func (t Token) Native() bool { return t.ChainID != 0 && t.Address == common.Address{} }

// Same reports whether both are the same asset: equal chain and address.
func (t Token) Same(o Token) bool { return t.ChainID == o.ChainID && t.Address == o.Address }

// Call is one message from an account to a contract or another account: what a tool builds, the fork runs, and the wallet
// signs as one transaction.
type Call struct {
	ChainID uint64          `json:"chain_id"`
	From    common.Address  `json:"from"`
	To      *common.Address `json:"to"`    // nil creates a contract
	Value   uint256.Int     `json:"value"` // wei
	Data    hexutil.Bytes   `json:"data"`
}

// Bound is the most that a tool's calls are declared to do to the account. The gate refuses effects outside it. What is paid
// for gas comes on top of Out.
type Bound struct {
	Out       []Amount         `json:"out"`       // at most this leaves, by token
	In        []Amount         `json:"in"`        // at least this arrives at the recipient, or else at the account, by token
	Spenders  []common.Address `json:"spenders"`  // who may end with an allowance
	Recipient *common.Address  `json:"recipient"` // who receives what leaves, where that is named by the user
}

// Contracts are the addresses of the protocols that Keymaker calls on a network. A zero address means: not there.
type Contracts struct {
	WrappedNative common.Address `koanf:"wrapped_native" json:"wrapped_native" doc:"Contract that wraps the coin, as WETH9 does."`
	V2Factory     common.Address `koanf:"v2_factory" json:"v2_factory" doc:"Uniswap V2 factory."`
	V2Router      common.Address `koanf:"v2_router" json:"v2_router" doc:"Uniswap V2 Router02."`
	V3Factory     common.Address `koanf:"v3_factory" json:"v3_factory" doc:"Uniswap V3 factory."`
	V3Router      common.Address `koanf:"v3_router" json:"v3_router" doc:"Uniswap SwapRouter02."`
	V3Quoter      common.Address `koanf:"v3_quoter" json:"v3_quoter" doc:"Uniswap QuoterV2."`
	Permit2       common.Address `koanf:"permit2" json:"permit2" doc:"Uniswap Permit2."`
	Multicall3    common.Address `koanf:"multicall3" json:"multicall3" doc:"Multicall3."`
	Distributor   common.Address `koanf:"distributor" json:"distributor,omitzero" doc:"Contract that pays the rewards' claims."`
	Stakes        common.Address `koanf:"stakes" json:"stakes,omitzero" doc:"Contract that KEY is staked and locked in."`
	Governance    common.Address `koanf:"governance" json:"governance,omitzero" doc:"Contract that KEY votes in."`
}

// Network is one chain that Keymaker may use.
type Network struct {
	Key       string    `json:"key"`  // as users write it: ethereum, base, devnet, devnet-l2
	Name      string    `json:"name"` // as shown
	ChainID   uint64    `json:"chain_id"`
	RPC       []string  `json:"-"` // endpoints, tried in order; never logged, they may carry tokens
	Native    Token     `json:"native"`
	BlockTime uint64    `json:"block_time"` // seconds
	Real      bool      `json:"real"`       // money of value: shown in another colour and word
	Embedded  bool      `json:"embedded"`   // served by keymaker devnet
	Contracts Contracts `json:"contracts"`
}
