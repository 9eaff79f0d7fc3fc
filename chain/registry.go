package chain

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum/common"
)

// Errors of building a registry.
var (
	ErrBadSymbol = errors.New("a symbol must be 1 to 32 printable ASCII characters without spaces")
	ErrTwoTokens = errors.New("two listings of one address disagree")
)

const maxSymbol = 32

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
func NewRegistry(listings ...Listing) (*Registry, error) {
	r := &Registry{
		byAddress: make(map[uint64]map[common.Address]Listing),
		bySymbol:  make(map[uint64]map[string][]Listing),
	}
	for _, l := range listings {
		if err := r.add(l); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *Registry) add(l Listing) error {
	if !plainSymbol(l.Symbol) {
		return fmt.Errorf("token %s on chain %d: symbol %q: %w", l.Address, l.ChainID, l.Symbol, ErrBadSymbol)
	}
	if known, ok := r.byAddress[l.ChainID][l.Address]; ok {
		if known.Token != l.Token {
			return fmt.Errorf("token %s on chain %d: %w: %s with %d decimals (%s), %s with %d decimals (%s)", l.Address, l.ChainID,
				ErrTwoTokens, known.Symbol, known.Decimals, known.Source, l.Symbol, l.Decimals, l.Source)
		}
		return nil
	}
	if r.byAddress[l.ChainID] == nil {
		r.byAddress[l.ChainID] = make(map[common.Address]Listing)
		r.bySymbol[l.ChainID] = make(map[string][]Listing)
	}
	r.byAddress[l.ChainID][l.Address] = l
	symbol := strings.ToUpper(l.Symbol)
	r.bySymbol[l.ChainID][symbol] = append(r.bySymbol[l.ChainID][symbol], l)
	return nil
}

// plainSymbol keeps out what could pass for another symbol, or hide in a line of text.
func plainSymbol(s string) bool {
	if s == "" || len(s) > maxSymbol {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// Symbol returns every token of that symbol on the chain, in upper or lower case. More than one means: ask.
func (r *Registry) Symbol(chainID uint64, symbol string) []Listing {
	return slices.Clone(r.bySymbol[chainID][strings.ToUpper(symbol)])
}

// Address returns the listing of a token's address on the chain.
func (r *Registry) Address(chainID uint64, a common.Address) (Listing, bool) {
	l, ok := r.byAddress[chainID][a]
	return l, ok
}

// All returns the tokens of a chain, sorted by symbol.
func (r *Registry) All(chainID uint64) []Listing {
	all := make([]Listing, 0, len(r.byAddress[chainID]))
	for _, l := range r.byAddress[chainID] {
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b Listing) int {
		return cmp.Or(cmp.Compare(strings.ToUpper(a.Symbol), strings.ToUpper(b.Symbol)), a.Address.Cmp(b.Address))
	})
	return all
}
