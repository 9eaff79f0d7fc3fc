package intents_test

import (
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
)

type chainToken = chain.Token

const (
	usdc    = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"
	fooOne  = "0x1111111111111111111111111111111111111111"
	fooTwo  = "0x2222222222222222222222222222222222222222"
	wrapper = "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"
)

// world has two networks, a token on both, two tokens of one symbol, and a book of two.
func world(t testing.TB) intents.World {
	t.Helper()
	listing := func(id uint64, address, symbol string, decimals uint8) chain.Listing {
		return chain.Listing{Token: chain.Token{ChainID: id, Address: common.HexToAddress(address), Symbol: symbol, Decimals: decimals}, Source: "builtin"}
	}
	tokens, err := chain.NewRegistry(
		listing(1, usdc, "USDC", 6), listing(1, wrapper, "WETH", 18), listing(1, "0x6B175474E89094C44Da98b954EedeAC495271d0F", "DAI", 18),
		listing(1, fooOne, "FOO", 18), listing(1, fooTwo, "FOO", 18),
		listing(8453, "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913", "USDC", 6),
	)
	if err != nil {
		t.Fatal(err)
	}
	network := func(key string, id uint64) chain.Network {
		return chain.Network{Key: key, Name: key, ChainID: id, Native: chain.Token{ChainID: id, Symbol: "ETH", Decimals: 18}}
	}
	main := network("ethereum", 1)
	main.Contracts.WrappedNative = common.HexToAddress(wrapper)
	return intents.World{
		Networks: []chain.Network{main, network("base", 8453)}, Default: "ethereum", Tokens: tokens,
		Book: map[string]common.Address{"bob": common.HexToAddress(fooOne), "Cold Wallet": common.HexToAddress(fooTwo)},
	}
}
