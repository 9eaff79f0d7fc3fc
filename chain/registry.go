package chain

import "github.com/ethereum/go-ethereum/common"

// Listing is a token, and who says that this address is the token of that symbol.
type Listing struct {
	Token
	Source string `json:"source"` // builtin, config, devnet
}

// Registry resolves symbols and addresses to tokens. It is built once and only read.
type Registry struct {
	byAddress map[uint64]map[common.Address]Listing
	bySymbol  map[uint64]map[string][]Listing
}

// NewRegistry indexes listings. It fails on two listings of one address that disagree, on an empty symbol, and on a symbol
// that holds control, bidi or non-ASCII characters.
func NewRegistry(listings ...Listing) (*Registry, error) { panic("unwritten") }

// Symbol returns every token of that symbol on the chain, in upper or lower case. More than one means: ask.
func (r *Registry) Symbol(chainID uint64, symbol string) []Listing { panic("unwritten") }

// Address returns the listing of a token's address on the chain.
func (r *Registry) Address(chainID uint64, a common.Address) (Listing, bool) { panic("unwritten") }

// All returns the tokens of a chain, sorted by symbol.
func (r *Registry) All(chainID uint64) []Listing { panic("unwritten") }
