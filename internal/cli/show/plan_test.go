package show_test

import (
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/internal/cli/clitest"
	"github.com/keymaker-agent/keymaker/internal/cli/show"
)

func said[T any](v T) *intents.Sourced[T] { return &intents.Sourced[T]{V: v, From: intents.FromUser} }

func TestAPlanSaysEveryValueAndWhereItCameFrom(t *testing.T) {
	here := intents.Sourced[string]{V: "devnet", From: intents.FromUser}
	usdc, weth := said(clitest.USDC), said(clitest.WETH)
	for want, in := range map[string]intents.Intent{
		"swap 100 USDC to WETH on devnet": {
			Action: intents.Swap, Network: here, TokenIn: usdc, TokenOut: weth, Amount: said(intents.Quantity{Form: intents.Exact, Number: "100"}), Side: intents.In,
		},
		"swap 1 WETH for USDC on devnet": {
			Action: intents.Swap, Network: here, TokenIn: usdc, TokenOut: weth, Amount: said(intents.Quantity{Form: intents.Exact, Number: "1"}), Side: intents.Out,
		},
		"swap half USDC to WETH on devnet [default], slippage 0.50 % [default], at least 0.03": {
			Action: intents.Swap, Network: intents.Sourced[string]{V: "devnet", From: intents.FromDefault}, TokenIn: usdc, TokenOut: weth,
			Amount:      said(intents.Quantity{Form: intents.Exact, Number: "half"}),
			SlippageBps: &intents.Sourced[uint64]{V: 50, From: intents.FromDefault}, MinOut: said(intents.Quantity{Form: intents.Exact, Number: "0.03"}),
		},
		"transfer all but 0.1 USDC to friend " + clitest.Friend.Hex() + " [address book] on devnet": {
			Action: intents.Transfer, Network: here, TokenIn: usdc, Amount: said(intents.Quantity{Form: intents.AllBut, Number: "0.1"}),
			Recipient: &intents.Sourced[common.Address]{V: clitest.Friend, From: intents.FromBook},
		},
		"transfer 50 % of the output of step 1 WETH [from chain] to " + clitest.Pool.Hex() + " on devnet": {
			Action: intents.Transfer, Network: here, TokenIn: &intents.Sourced[chain.Token]{V: clitest.WETH, From: intents.FromChain}, AmountOf: 1,
			Amount: said(intents.Quantity{Form: intents.Share, Number: "50"}), Recipient: said(clitest.Pool),
		},
		"approve unlimited USDC for spender " + clitest.Pool.Hex() + " on devnet": {
			Action: intents.Approve, Network: here, TokenIn: usdc, Amount: said(intents.Quantity{Form: intents.All}), Recipient: said(clitest.Pool),
		},
		"revoke USDC from spender " + clitest.Pool.Hex() + " on devnet": {Action: intents.Revoke, Network: here, TokenIn: usdc, Recipient: said(clitest.Pool)},
		"bridge $50 of USDC with across on devnet to base": {
			Action: intents.Bridge, Network: here, Dest: said("base"), TokenIn: usdc, Amount: said(intents.Quantity{Form: intents.Dollars, Number: "50"}), Venue: said("across"),
		},
		"schedule USDC on devnet, limit, every:friday, when below 2500": {
			Action: intents.Schedule, Network: here, TokenIn: usdc,
			Timing: &intents.Timing{Kind: "limit", Every: said("every:friday"), Condition: "below", Trigger: said("2500")},
		},
		"lock 100 USDC for 730 days on devnet": {
			Action: intents.Lock, Network: here, TokenIn: usdc, Amount: said(intents.Quantity{Form: intents.Exact, Number: "100"}), Term: said[uint64](730 * 86_400),
		},
		"lock all USDC for 90 seconds on devnet": {
			Action: intents.Lock, Network: here, TokenIn: usdc, Amount: said(intents.Quantity{Form: intents.All}), Term: said[uint64](90),
		},
		"vote against proposal 3 on devnet": {Action: intents.Vote, Network: here, Proposal: said[uint64](3), Choice: said(intents.VoteAgainst)},
		"claim on devnet":                   {Action: intents.Claim, Network: here},
		"yield search on devnet":            {Action: intents.YieldSearch, Network: here},
	} {
		blocks := show.Plan(agent.Event{Plan: &intents.Plan{Intents: []intents.Intent{in}}}, clitest.Names())
		if got := strings.TrimSpace(blocks[0].Lines[0].Text); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
