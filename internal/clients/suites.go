package clients

// suite is one script and the checks that it must report.
type suite struct {
	name   string // of the script
	needs  func(Target) bool
	checks []string
}

func always(Target) bool { return true }

func websocket(to Target) bool { return to.WS != "" }

func development(to Target) bool { return to.Dev }

// suites are in the order in which they run: those that change more of the server than their own account come last.
var suites = []suite{
	{"viem", always, []string{
		"connect",
		"read a block by tag, number and hash",
		"read a balance and a nonce",
		"read the fees",
		"send ether with EIP-1559 fees",
		"send a legacy transaction",
		"send what was signed before",
		"deploy a contract",
		"read code and storage",
		"call a contract",
		"write to a contract and find its log",
		"estimate the gas of a call",
		"make an access list and send it",
		"batch requests",
		"read many values in one call without a contract for it",
		"number quick transactions",
		"watch events by polling",
		"watch blocks by polling",
		"filters by hand",
		"simulate a write",
		"a revert with a reason",
		"a revert with a custom error",
		"a revert with a panic",
		"an estimate of a call that reverts",
		"a transaction that reverts on chain",
		"refusals that the client knows by name",
		"a call with changed state",
		"simulate calls",
		"simulate blocks",
		"delegate an account with EIP-7702",
	}},
	{"ethers", always, []string{
		"connect",
		"read a block by tag, number and hash",
		"read a balance and a nonce",
		"read the fees",
		"send ether with EIP-1559 fees",
		"send a legacy transaction",
		"send what was signed before",
		"deploy a contract",
		"read code and storage",
		"call a contract",
		"write to a contract and find its log",
		"estimate the gas of a call",
		"send an access list",
		"batch requests",
		"number quick transactions",
		"watch events by polling",
		"watch blocks by polling",
		"simulate a write",
		"a revert with a reason",
		"a revert with a custom error",
		"a revert with a panic",
		"an estimate of a call that reverts",
		"a transaction that reverts on chain",
		"refusals that the client knows by name",
		"ask for what is not there",
		"delegate an account with EIP-7702",
	}},
}
