// Package clitest holds one swap on a test network as its run would tell it, so that all front ends are tested with the same
// events.
package clitest

import (
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/internal/cli/show"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/router/swap"
	"github.com/keymaker-agent/keymaker/tools"
	"github.com/keymaker-agent/keymaker/wallet"
)

// The cast.
var (
	Account = common.HexToAddress("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266")
	Friend  = common.HexToAddress("0x70997970c51812dc3a010c7d01b50e0d17dc79c8")
	Router  = common.HexToAddress("0x68b3465833fb72a70ecdf485e0e4c7bd8665fc45")
	Pool    = common.HexToAddress("0x88e6a0c2ddd26feeb64f039a2c41296fcb3f5640")
	Hash    = common.HexToHash("0x2d1f0c9f3b6f4b0f6a1f1b8d7a5f0c2f4e6d8b9a7c5e3f1d0b2a4c6e8f0a1b2c")
	Digest  = common.HexToHash("0x9f3c2b1a0d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6ab12")

	ETH  = chain.Token{ChainID: 31337, Symbol: "ETH", Decimals: 18}
	USDC = chain.Token{ChainID: 31337, Address: common.HexToAddress("0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48"), Symbol: "USDC", Decimals: 6}
	WETH = chain.Token{ChainID: 31337, Address: common.HexToAddress("0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2"), Symbol: "WETH", Decimals: 18}

	Network = chain.Network{
		Key: "devnet", Name: "Devnet", ChainID: 31337, Native: ETH, BlockTime: 1, Embedded: true,
		RPC:       []string{"http://127.0.0.1:8545/v3/0123456789abcdef0123456789abcdef"},
		Contracts: chain.Contracts{V3Router: Router, WrappedNative: WETH.Address},
	}
)

// Names knows the cast's tokens.
func Names() show.Names {
	tokens, err := chain.NewRegistry(chain.Listing{Token: USDC, Source: "devnet"}, chain.Listing{Token: WETH, Source: "devnet"})
	if err != nil {
		panic(err)
	}
	return show.NewNames(tokens, map[string]common.Address{"friend": Friend}, Network)
}

// Start is when the run begins.
var Start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// Sentence is what the user typed.
const Sentence = "swap 100 USDC to WETH"

// Amount reads a decimal amount of t.
func Amount(decimal string, t chain.Token) chain.Amount {
	a, err := chain.ParseAmount(decimal, t)
	if err != nil {
		panic(err)
	}
	return a
}

// Swap is the request of the run: an exact approval, and a swap whose verdict is allow. It expires a minute after Start.
func Swap() *wallet.Prepared {
	value := func(s string, t chain.Token) uint256.Int { return Amount(s, t).Raw }
	fee := value("0.0021", ETH)
	p := &wallet.Prepared{
		Proposal: wallet.Proposal{
			Run: "7f3a", Origin: "tui", Title: "Swap 100 USDC for at least 0.0331 WETH", Network: Network, Account: Account,
			Bound: chain.Bound{Out: []chain.Amount{Amount("100", USDC)}, In: []chain.Amount{Amount("0.0331", WETH)}},
		},
		Effects: &fork.Effects{
			Pin: fork.Pin{ChainID: 31337, Number: 21840112},
			Txs: []fork.TxResult{{Success: true, GasUsed: 46_000}, {Success: true, GasUsed: 128_411, Fee: fee}},
			Balances: []fork.BalanceChange{
				{Account: Account, Kind: fork.Native, Before: value("10", ETH), After: value("9.9979", ETH)},
				{Account: Account, Kind: fork.ERC20, Asset: USDC.Address, Before: value("2500", USDC), After: value("2400", USDC)},
				{Account: Account, Kind: fork.ERC20, Asset: WETH.Address, After: value("0.033268412345678901", WETH)},
				{Account: Pool, Kind: fork.ERC20, Asset: USDC.Address, Before: value("1000000", USDC), After: value("1000100", USDC)},
				{Account: Pool, Kind: fork.ERC20, Asset: WETH.Address, Before: value("400", WETH), After: value("399.966731587654321099", WETH)},
			},
		},
		Verdict: wallet.Verdict{Decision: wallet.Allow},
		MaxFee:  Amount("0.0042", ETH),
		Outflow: []chain.Amount{Amount("100", USDC)},
		Digest:  Digest,
		Expires: Start.Add(time.Minute),
	}
	for nonce := range uint64(2) {
		p.Txs = append(p.Txs, types.NewTx(&types.DynamicFeeTx{
			ChainID: uint256.NewInt(31337).ToBig(), Nonce: 118 + nonce, Gas: 200_000, To: &Router,
			GasFeeCap: uint256.NewInt(3e9).ToBig(), GasTipCap: uint256.NewInt(1e9).ToBig(), Data: []byte{0x04, 0xe4, 0x5a, 0xaf},
		}))
	}
	return p
}

// Transfer is a request that the policy asks about, because nothing was ever sent to the recipient.
func Transfer() *wallet.Prepared {
	p := Swap()
	p.Title = "Send 100 USDC to " + Friend.Hex()
	p.Bound = chain.Bound{Out: []chain.Amount{Amount("100", USDC)}, Recipient: &Friend}
	p.Effects.Txs = p.Effects.Txs[1:]
	p.Effects.Balances = []fork.BalanceChange{
		p.Effects.Balances[0], p.Effects.Balances[1],
		{Account: Friend, Kind: fork.ERC20, Asset: USDC.Address, After: Amount("100", USDC).Raw},
	}
	p.Txs = p.Txs[:1]
	p.Verdict = wallet.Verdict{Decision: wallet.Ask, Findings: []wallet.Finding{
		{Decision: wallet.Ask, Reason: refusal.NewRecipient, Detail: "nothing was ever sent to " + Friend.Hex(), Hint: "add the recipient to the policy or to your book"},
	}}
	return p
}

// Forbidden is a request that the policy denies: an allowance without a limit.
func Forbidden() *wallet.Prepared {
	p := Swap()
	p.Title = "Approve USDC without a limit"
	p.Effects.Balances = p.Effects.Balances[:1]
	grant := fork.AllowanceChange{Owner: Account, Spender: Router, Asset: USDC.Address}
	grant.After.SetAllOne()
	p.Effects.Allowances = []fork.AllowanceChange{grant}
	p.Verdict = wallet.Verdict{Decision: wallet.Deny, Findings: []wallet.Finding{
		{Decision: wallet.Deny, Reason: refusal.UnlimitedApproval, Detail: "an allowance of USDC without a limit for " + Router.Hex(), Hint: "approve the exact amount you need"},
	}}
	return p
}

// Quote is the route of the run.
func Quote() *swap.Quote {
	return &swap.Quote{
		Side: swap.ExactIn, In: Amount("100", USDC), MaxIn: Amount("100", USDC),
		Out: Amount("0.033268412345678901", WETH), MinOut: Amount("0.0331", WETH),
		Hops: []swap.Hop{{
			Pool: Pool, Venue: "uniswap-v3", FeePips: 500, TokenIn: USDC, TokenOut: WETH,
			In: Amount("100", USDC), Out: Amount("0.033268412345678901", WETH),
		}},
		ImpactBps: 1, FeeBps: 5, Gas: 140_000, Pools: 5,
	}
}

// Before is what the run says before it asks for approval.
func Before() []agent.Event {
	p := Swap()
	return numbered(0, []agent.Event{
		{Type: agent.Started, Text: Sentence},
		{Type: agent.Planned, Planner: "grammar", Plan: &intents.Plan{Text: Sentence, Intents: []intents.Intent{{
			Action: intents.Swap, Network: intents.Sourced[string]{V: "devnet", From: intents.FromDefault},
			TokenIn:     &intents.Sourced[chain.Token]{V: USDC, From: intents.FromRegistry, Ref: "T1"},
			TokenOut:    &intents.Sourced[chain.Token]{V: WETH, From: intents.FromRegistry, Ref: "T2"},
			Amount:      &intents.Sourced[intents.Quantity]{V: intents.Quantity{Form: intents.Exact, Number: "100"}, From: intents.FromUser, Ref: "A1"},
			SlippageBps: &intents.Sourced[uint64]{V: 50, From: intents.FromDefault},
		}}}},
		{Type: agent.Quoted, Step: 1, Result: &tools.Result{Title: p.Title, Quote: Quote()}},
		{Type: agent.Simulated, Step: 1, Prepared: p, Effects: p.Effects},
	})
}

// After is what the run says once it was approved.
func After() []agent.Event {
	tx := func(s wallet.State) *agent.TxUpdate { return &agent.TxUpdate{Index: 0, Count: 1, Hash: Hash, State: s} }
	return numbered(5, []agent.Event{
		{Type: agent.Approved, Step: 1},
		{Type: agent.TxMoved, Step: 1, Tx: tx(wallet.Signed)},
		{Type: agent.TxMoved, Step: 1, Tx: tx(wallet.Broadcast)},
		{Type: agent.TxMoved, Step: 1, Tx: tx(wallet.Mined)},
		{
			Type: agent.Confirmed, Step: 1,
			Receipts: []wallet.Receipt{{Tx: Hash, State: wallet.Mined, Block: 21840113, GasUsed: 128_411, Fee: Amount("0.0021", ETH)}},
			Balances: []chain.Amount{Amount("9.9979", ETH), Amount("2400", USDC), Amount("0.033268412345678901", WETH)},
		},
		{Type: agent.Done},
	})
}

func numbered(from int, events []agent.Event) []agent.Event {
	for i := range events {
		events[i].Schema, events[i].Seq, events[i].Run = 1, from+i+1, "7f3a"
		events[i].Time = Start.Add(time.Duration(from+i) * time.Second)
	}
	return events
}
