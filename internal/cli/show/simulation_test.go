package show_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/chain/signatures"
	"github.com/keymaker-agent/keymaker/internal/cli/clitest"
	"github.com/keymaker-agent/keymaker/internal/cli/show"
)

// traced is the swap's effects with a call tree and events, as a stranger's contract might make them.
func traced() *fork.Effects {
	e := clitest.Swap().Effects
	stranger := common.HexToAddress("0x00000000000000000000000000000000000000aa")
	input := hexutil.Bytes{0xde, 0xad, 0xbe, 0xef, 1}
	e.Txs = e.Txs[:1]
	tx := &e.Txs[0]
	tx.Calls = fork.Frame{
		Type: "CALL", From: clitest.Account, To: clitest.USDC.Address, Value: *uint256.NewInt(5), Input: input, Function: "transfer", GasUsed: 12_345,
		Calls: []fork.Frame{
			{Type: "STATICCALL", To: stranger, Input: input, GasUsed: 700},
			{Type: "DELEGATECALL", To: stranger, Input: input[:2], Value: *uint256.NewInt(5)},
			{Type: "CREATE2", To: clitest.Friend, Input: make([]byte, 300), GasUsed: 1_000_000},
			{Type: "CALL", To: stranger, Function: "evil\x1b[2J\u202e", Input: input, Failed: true},
			{Type: "CALL", To: clitest.Friend, Value: *uint256.NewInt(1e18)},
		},
	}
	tx.Logs = []fork.Log{
		{Address: clitest.USDC.Address, Topics: []common.Hash{{1}}, Event: &signatures.Named{Name: "Transfer", Args: []signatures.Arg{
			{Name: "from", Type: "address", Value: clitest.Account.Hex()}, {Name: "", Type: "string", Value: "two\nlines" + strings.Repeat("x", 200)},
		}}},
		{Address: stranger, Topics: []common.Hash{{2}}, Data: input},
		{Address: stranger, Data: input},
	}
	return e
}

func TestASimulationIsShownWithCallsAndEvents(t *testing.T) {
	golden.RequireEqual(t, text(show.Simulation(traced(), clitest.Swap().Network, clitest.Names()), 100))
}

func TestALongSimulationIsCutAndCounted(t *testing.T) {
	e := traced()
	tx := &e.Txs[0]
	for i := range 200 {
		tx.Calls.Calls = append(tx.Calls.Calls, fork.Frame{Type: "CALL", To: clitest.Friend, GasUsed: uint64(i)})
		tx.Logs = append(tx.Logs, fork.Log{Address: clitest.Friend})
	}
	shown := text(show.Simulation(e, clitest.Swap().Network, clitest.Names()), 100)
	for _, want := range []string{fmt.Sprintf("and %d more calls", 206-60), fmt.Sprintf("and %d more events", 203-60)} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not said:\n%s", want, shown)
		}
	}
}
