package chain

import (
	_ "embed"
	"encoding/json"
)

// SourceBuiltin is the Source of the listings that are compiled in.
const SourceBuiltin = "builtin"

// Addresses of routers and factories are those of the npm package @uniswap/sdk-core 7.19.4, QuoterV2 of Uniswap's deployment
// lists; Permit2 and Multicall3 stand at one address on every chain.
//
//go:embed networks.json
var networksJSON []byte

// Addresses and decimals are those of the npm package @uniswap/default-token-list 22.21.0, but for stETH and wstETH (Lido) and
// MOR (Morpheus), which it does not have.
//
//go:embed tokens.json
var tokensJSON []byte

// builtin is a network as its file has it. Network itself keeps its endpoints out of JSON.
type builtin struct {
	Network
	RPC []string `json:"rpc"`
}

// Networks returns the public networks that are built in, each with public endpoints.
func Networks() []Network {
	var files []builtin
	mustRead(networksJSON, &files)
	networks := make([]Network, len(files))
	for i, f := range files {
		networks[i] = f.Network
		networks[i].RPC = f.RPC
		networks[i].Native.ChainID = f.ChainID
	}
	return networks
}

// Tokens returns the tokens of the public networks that are built in, native coins first.
func Tokens() []Listing {
	var tokens []Token
	mustRead(tokensJSON, &tokens)
	var listings []Listing
	for _, n := range Networks() {
		listings = append(listings, Listing{Token: n.Native, Source: SourceBuiltin})
	}
	for _, t := range tokens {
		listings = append(listings, Listing{Token: t, Source: SourceBuiltin})
	}
	return listings
}

// mustRead reads a file that is compiled in and held by a test.
func mustRead(file []byte, into any) {
	if err := json.Unmarshal(file, into); err != nil {
		panic(err)
	}
}
