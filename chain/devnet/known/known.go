// Package known tells what stands where on the embedded chains, without linking a node.
//
// The embedded chains are made anew at every start, but always by the same accounts in the same order, so addresses are a
// matter of arithmetic: the n-th contract of a deployer stands where its nonce n puts it. The two chains have two deployers,
// so that an address of the one is nothing on the other, as it is with most tokens of real chains.
//
// Invariant: what this package says, a started devnet holds; a test of package devnet compares the two.
//
// Every key here is public. Whatever is sent to these accounts on a real chain is lost.
package known

import (
	"crypto/ecdsa"
	"encoding/hex"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/keymaker-agent/keymaker/chain"
)

// The chain ids.
const (
	L1 uint64 = 31337
	L2 uint64 = 31338
)

// The ports on which keymaker devnet serves the chains, unless it is told others.
const (
	PortL1 = 8645
	PortL2 = 8646
)

// Source is what the listings of this package give as theirs.
const Source = "devnet"

// Contract names a contract that a deployer makes on each chain.
type Contract string

// The contracts.
const (
	WETH            Contract = "WETH9"
	V2Factory       Contract = "UniswapV2Factory"
	V2Router        Contract = "UniswapV2Router02"
	V3Factory       Contract = "UniswapV3Factory"
	PositionManager Contract = "NonfungiblePositionManager"
	V3Router        Contract = "SwapRouter02"
	V3Quoter        Contract = "QuoterV2"
	USDC            Contract = "USDC"
	USDT            Contract = "USDT"
	DAI             Contract = "DAI"
	WBTC            Contract = "WBTC"
	FEE             Contract = "FEE"
	MOON            Contract = "MOON"
	THIN            Contract = "THIN"
)

// Deployed lists the contracts in the order of their making: the place in the list is the deployer's nonce.
func Deployed() []Contract { return append(Market(), rewarding()...) }

// Market lists the tokens and what trades them, which come first.
func Market() []Contract {
	return []Contract{
		WETH, V2Factory, V2Router, V3Factory, PositionManager, V3Router, V3Quoter,
		USDC, USDT, DAI, WBTC, FEE, MOON, THIN,
	}
}

// Permit2 and Multicall3 stand where they stand on every chain.
var (
	Permit2    = common.HexToAddress("0x000000000022D473030F116dDEE9F6B43aC78BA3")
	Multicall3 = common.HexToAddress("0xcA11bde05977b3631167028862bE2a173976CA11")
)

// Account is a prefunded account with its public key to everything.
type Account struct {
	Address common.Address `json:"address"`
	Key     string         `json:"key"` // private key, hex without 0x
}

// AccountCount is how many accounts are prefunded on each chain.
const AccountCount = 10

// Accounts lists the prefunded accounts. They are the same on both chains; the first two hold tokens, too.
func Accounts() []Account {
	accounts := make([]Account, AccountCount)
	for i := range accounts {
		key := KeyOf(fmt.Sprintf("account %d", i))
		accounts[i] = Account{crypto.PubkeyToAddress(key.PublicKey), hex.EncodeToString(crypto.FromECDSA(key))}
	}
	return accounts
}

// KeyOf is the private key of a role on the embedded chains: the hash of a sentence that everybody can read here.
func KeyOf(role string) *ecdsa.PrivateKey {
	key, err := crypto.ToECDSA(crypto.Keccak256([]byte("keymaker devnet " + role)))
	if err != nil {
		panic(fmt.Sprintf("known: key of %s: %v", role, err))
	}
	return key
}

// DeployerKey is the key of the account that makes everything on a chain, owns the tokens and provides the liquidity.
func DeployerKey(chainID uint64) *ecdsa.PrivateKey { return KeyOf(fmt.Sprintf("deployer %d", chainID)) }

// Deployer is the account of DeployerKey.
func Deployer(chainID uint64) common.Address {
	return crypto.PubkeyToAddress(DeployerKey(chainID).PublicKey)
}

// Addresses tells where each contract stands on a chain, those with the same address everywhere included.
func Addresses(chainID uint64) map[Contract]common.Address {
	deployer := Deployer(chainID)
	at := map[Contract]common.Address{"Permit2": Permit2, "Multicall3": Multicall3}
	for nonce, c := range Deployed() {
		at[c] = crypto.CreateAddress(deployer, uint64(nonce))
	}
	return at
}

// Networks describes the two chains, served at these endpoints.
func Networks(rpcL1, rpcL2 string) []chain.Network {
	return []chain.Network{
		network("devnet", "Devnet", L1, rpcL1),
		network("devnet-l2", "Devnet L2", L2, rpcL2),
	}
}

func network(key, name string, chainID uint64, rpc string) chain.Network {
	at := Addresses(chainID)
	return chain.Network{
		Key:       key,
		Name:      name,
		ChainID:   chainID,
		RPC:       []string{rpc},
		Native:    chain.Token{ChainID: chainID, Symbol: "ETH", Decimals: 18},
		BlockTime: 1,
		Embedded:  true,
		Contracts: chain.Contracts{
			WrappedNative: at[WETH],
			V2Factory:     at[V2Factory],
			V2Router:      at[V2Router],
			V3Factory:     at[V3Factory],
			V3Router:      at[V3Router],
			V3Quoter:      at[V3Quoter],
			Permit2:       Permit2,
			Multicall3:    Multicall3,
			Distributor:   at[Distributor],
			Stakes:        at[Stakes],
			Governance:    at[Governance],
		},
	}
}

// Tokens lists the tokens of both chains, and KEY, which is in no pool.
func Tokens() []chain.Listing {
	var all []chain.Listing
	for _, chainID := range []uint64{L1, L2} {
		at := Addresses(chainID)
		for _, s := range Specs() {
			t := chain.Token{ChainID: chainID, Address: at[s.Contract], Symbol: s.Symbol, Decimals: s.Decimals}
			all = append(all, chain.Listing{Token: t, Source: Source})
		}
		all = append(all, chain.Listing{Token: keyOf(chainID), Source: Source})
	}
	return all
}

// Spec describes a token before it has an address.
type Spec struct {
	Contract Contract
	Name     string
	Symbol   string
	Decimals uint8
}

// Specs lists the tokens that each chain trades.
func Specs() []Spec {
	return []Spec{
		{WETH, "Wrapped Ether", "WETH", 18},
		{USDC, "USD Coin", "USDC", 6},
		{USDT, "Tether USD", "USDT", 6}, // returns nothing, and an allowance must be reset before it changes
		{DAI, "Dai Stablecoin", "DAI", 18},
		{WBTC, "Wrapped BTC", "WBTC", 8},
		{FEE, "Fee on Transfer", "FEE", 18}, // 1 % of each transfer stays with its owner
		{MOON, "Moon", "MOON", 18},          // a honeypot: it can be bought and never be sold
		{THIN, "Thin", "THIN", 18},          // honest, and nearly without liquidity
	}
}
