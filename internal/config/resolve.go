package config

import (
	"maps"
	"net/url"
	"slices"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/refusal"
)

// Source is what the config's own listings give as theirs.
const Source = "config"

// Resolve puts the config's networks and tokens on top of the built-in and the embedded ones.
func (c *Config) Resolve() ([]chain.Network, *chain.Registry, error) {
	networks := append(known.Networks(loopback(known.PortL1), loopback(known.PortL2)), chain.Networks()...)
	for _, key := range slices.Sorted(maps.Keys(c.Networks)) {
		var err error
		if networks, err = overlay(networks, key, c.Networks[key]); err != nil {
			return nil, nil, err
		}
	}
	if !slices.ContainsFunc(networks, func(n chain.Network) bool { return n.Key == c.Network }) {
		return nil, nil, refusal.New(refusal.UnknownChain, "network is %q, and there is no such network", c.Network).
			WithHint("the networks are: %s", keysList(networks))
	}
	registry, err := c.registry(networks)
	return networks, registry, err
}

func (c *Config) registry(networks []chain.Network) (*chain.Registry, error) {
	listings := append(known.Tokens(), chain.Tokens()...)
	for _, n := range networks {
		if _, own := c.Networks[n.Key]; own || n.Embedded {
			listings = append(listings, chain.Listing{Token: n.Native, Source: sourceOf(n)})
		}
	}
	for _, t := range c.Tokens {
		at := slices.IndexFunc(networks, func(n chain.Network) bool { return n.Key == t.Network })
		if at < 0 {
			return nil, refusal.New(refusal.ConfigInvalid, "token %s is on network %q, and there is no such network", t.Symbol, t.Network).
				WithHint("the networks are: %s", keysList(networks))
		}
		token := chain.Token{ChainID: networks[at].ChainID, Address: t.Address, Symbol: t.Symbol, Decimals: *t.Decimals}
		listings = append(listings, chain.Listing{Token: token, Source: Source})
	}
	r, err := chain.NewRegistry(listings...)
	if err != nil {
		return nil, refusal.New(refusal.ConfigInvalid, "the tokens contradict one another").Because(err).
			WithHint("correct the entry under [[tokens]] of your config")
	}
	return r, nil
}

func sourceOf(n chain.Network) string {
	if n.Embedded {
		return known.Source
	}
	return Source
}

// overlay changes the network of that key, or adds it.
func overlay(networks []chain.Network, key string, own Network) ([]chain.Network, error) {
	for i := range networks {
		if networks[i].Key == key {
			changed, err := change(networks[i], own)
			networks[i] = changed
			return networks, err
		}
		if networks[i].ChainID == own.ChainID {
			return nil, invalid("networks.%s.chain_id is %d, which is %s", key, own.ChainID, networks[i].Key).
				WithHint("change the network %s instead of adding another", networks[i].Key)
		}
	}
	if own.ChainID == 0 {
		return nil, invalid("networks.%s has no chain_id", key)
	}
	if len(own.RPC) == 0 {
		return nil, invalid("networks.%s has no rpc", key)
	}
	n := chain.Network{
		Key: key, Name: key, ChainID: own.ChainID, BlockTime: 12, Real: !own.Test,
		Native: chain.Token{ChainID: own.ChainID, Symbol: "ETH", Decimals: 18},
	}
	n, err := change(n, own)
	return append(networks, n), err
}

func change(n chain.Network, own Network) (chain.Network, error) {
	if own.ChainID != 0 && own.ChainID != n.ChainID {
		return n, invalid("networks.%s.chain_id is %d, and the built-in network has %d", n.Key, own.ChainID, n.ChainID)
	}
	if own.Test && n.Real {
		return n, invalid("networks.%s.test is set, and its coins have value", n.Key)
	}
	if own.Name != "" {
		n.Name = own.Name
	}
	if len(own.RPC) > 0 {
		n.RPC = own.RPC
	}
	if own.NativeSymbol != "" {
		n.Native.Symbol = own.NativeSymbol
	}
	if own.NativeDecimals != 0 {
		n.Native.Decimals = own.NativeDecimals
	}
	if own.BlockTime != 0 {
		n.BlockTime = own.BlockTime
	}
	for _, c := range []struct{ from, to *common.Address }{
		{&own.Contracts.WrappedNative, &n.Contracts.WrappedNative},
		{&own.Contracts.V2Factory, &n.Contracts.V2Factory},
		{&own.Contracts.V2Router, &n.Contracts.V2Router},
		{&own.Contracts.V3Factory, &n.Contracts.V3Factory},
		{&own.Contracts.V3Router, &n.Contracts.V3Router},
		{&own.Contracts.V3Quoter, &n.Contracts.V3Quoter},
		{&own.Contracts.Permit2, &n.Contracts.Permit2},
		{&own.Contracts.Multicall3, &n.Contracts.Multicall3},
		{&own.Contracts.Distributor, &n.Contracts.Distributor},
		{&own.Contracts.Stakes, &n.Contracts.Stakes},
		{&own.Contracts.Governance, &n.Contracts.Governance},
	} {
		if *c.from != (common.Address{}) {
			*c.to = *c.from
		}
	}
	return n, nil
}

func loopback(port int) string {
	return (&url.URL{Scheme: "http", Host: hostPort(port)}).String()
}
