package clients

import "fmt"

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
		"simulate calls and what they move",
		"find a transaction by its place",
		"send and wait in one request",
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
	{"viem_socket", websocket, []string{
		"connect",
		"send and wait",
		"watch blocks by subscription",
		"watch events by subscription",
		"watch what is pending by subscription",
		"end a subscription",
		"a revert with a custom error",
	}},
	{"ethers_socket", websocket, []string{
		"connect",
		"send and wait",
		"watch blocks by subscription",
		"watch events by subscription",
		"watch what is pending by subscription",
		"a revert with a custom error",
		"end every subscription",
	}},
	{"ethers_dev", development, []string{
		"send as anybody",
		"go back to a snapshot",
	}},
	{"viem_dev", development, inModes("anvil", "hardhat")},
}

// inModes names the checks of the development methods, which viem calls under the names of either program.
func inModes(modes ...string) []string {
	var names []string
	for _, mode := range modes {
		for _, name := range []string{
			"set a balance",
			"set code",
			"set storage",
			"set a nonce",
			"send as anybody",
			"send as a contract",
			"send as everybody",
			"mine",
			"set the time forward",
			"set the time of the next block",
			"go back to a snapshot",
			"keep the state and load it",
			"watch a block that was mined by hand",
			"reset",
		} {
			names = append(names, mode+": "+name)
		}
	}
	return names
}

// judge tells what is wrong with each check, nothing where it held, and what is wrong with the report beyond them.
func (s suite) judge(lines []line) (faults map[string]string, strange []string) {
	faults = make(map[string]string, len(s.checks))
	for _, name := range s.checks {
		faults[name] = "the script did not report this check"
	}
	seen := make(map[string]bool, len(lines))
	for _, l := range lines {
		if _, known := faults[l.Name]; !known || seen[l.Name] {
			strange = append(strange, fmt.Sprintf("%s.mjs reports %q twice, or it is in no list of checks", s.name, l.Name))
			continue
		}
		seen[l.Name] = true
		switch {
		case l.OK:
			delete(faults, l.Name)
		default:
			faults[l.Name] = "failed: " + l.Detail
		}
	}
	return faults, strange
}
