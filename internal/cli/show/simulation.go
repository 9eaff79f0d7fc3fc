package show

import (
	"fmt"
	"strings"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/chain/signatures"
	"github.com/keymaker-agent/keymaker/wallet"
)

// How much of a simulation is listed; the rest is counted. All of it is in --json.
const (
	mostCalls  = 60
	mostEvents = 60
)

// Simulation is all that a simulation tells, for those who asked for nothing else: the effects, seen from the sender of the first
// transaction, then each transaction's outcome, calls and events.
func Simulation(e *fork.Effects, network chain.Network, n Names) []Block {
	p := &wallet.Prepared{Proposal: wallet.Proposal{Network: network, Account: e.Txs[0].Calls.From}, Effects: e}
	n.self = "sender"
	blocks := []Block{Effects(p, n)}
	n = n.knowing(p)
	for i := range e.Txs {
		title := "transaction"
		if len(e.Txs) > 1 {
			title = fmt.Sprintf("transaction %d of %d", i+1, len(e.Txs))
		}
		blocks = append(blocks, outcome(title, &e.Txs[i], network, n), callTree(&e.Txs[i].Calls, network, n))
		if len(e.Txs[i].Logs) > 0 {
			blocks = append(blocks, events(e.Txs[i].Logs, network, n))
		}
	}
	return blocks
}

func outcome(title string, tx *fork.TxResult, network chain.Network, n Names) Block {
	b := Block{Title: title, Source: Chain}
	if tx.Success {
		b.tone(Good, "succeeds", fmt.Sprintf("with %s gas, sign with a limit of %s", group(fmt.Sprint(tx.GasUsed)), group(fmt.Sprint(tx.GasLimit))))
	} else {
		b.tone(Danger, "reverts", Sanitize(tx.Revert))
		b.add("gas", group(fmt.Sprint(tx.GasUsed)))
	}
	b.add("fee", Amount(chain.NewAmount(&tx.Fee, network.Native)))
	if !tx.L1Fee.IsZero() {
		b.add("of it", Amount(chain.NewAmount(&tx.L1Fee, network.Native))+" for data on layer 1")
	}
	return b
}

// callTree lists the calls, each indented below its caller.
func callTree(root *fork.Frame, network chain.Network, n Names) Block {
	b := Block{Title: "calls", Source: Chain}
	left := mostCalls
	var list func(f *fork.Frame, depth int)
	list = func(f *fork.Frame, depth int) {
		if left--; left >= 0 {
			b.tone(callTone(f), "", strings.Repeat("  ", depth)+callText(f, network, n))
		}
		for i := range f.Calls {
			list(&f.Calls[i], depth+1)
		}
	}
	list(root, 0)
	if left < 0 {
		b.tone(Muted, "", fmt.Sprintf("and %d more %s", -left, plural(-left, "call")))
	}
	return b
}

func callTone(f *fork.Frame) Tone {
	switch {
	case f.Failed:
		return Danger
	case f.Type == "STATICCALL":
		return Muted
	}
	return Normal
}

func callText(f *fork.Frame, network chain.Network, n Names) string {
	words := []string{strings.ToLower(f.Type), n.contract(network.ChainID, f.To)}
	if function := functionOf(f); function != "" {
		words = append(words, function)
	}
	if !f.Value.IsZero() && f.Type != "DELEGATECALL" {
		words = append(words, "with "+Amount(chain.NewAmount(&f.Value, network.Native)))
	}
	words = append(words, fmt.Sprintf("(%s gas)", group(fmt.Sprint(f.GasUsed))))
	if f.Failed {
		words = append(words, "FAILED")
	}
	return strings.Join(words, " ")
}

// functionOf names what is called: as far as its signature is known, else by its selector.
func functionOf(f *fork.Frame) string {
	switch {
	case strings.HasPrefix(f.Type, "CREATE"):
		return fmt.Sprintf("%d bytes of code", len(f.Input))
	case f.Function != "":
		return SanitizeTo(f.Function, 64)
	case len(f.Input) >= 4:
		return fmt.Sprintf("%#x", []byte(f.Input[:4]))
	case len(f.Input) > 0:
		return fmt.Sprintf("%#x", []byte(f.Input))
	}
	return ""
}

func events(logs []fork.Log, network chain.Network, n Names) Block {
	b := Block{Title: "events", Source: Chain}
	for i := range logs {
		if i == mostEvents {
			b.tone(Muted, "", fmt.Sprintf("and %d more %s", len(logs)-i, plural(len(logs)-i, "event")))
			break
		}
		b.add("", n.contract(network.ChainID, logs[i].Address)+" "+eventText(&logs[i], n))
	}
	return b
}

func eventText(l *fork.Log, n Names) string {
	switch {
	case l.Event != nil:
		return named(*l.Event, n)
	case len(l.Topics) > 0:
		return fmt.Sprintf("an event %s with %d bytes", l.Topics[0].Hex(), len(l.Data))
	}
	return fmt.Sprintf("an event without a name, with %d bytes", len(l.Data))
}

// named is a call, an event or an error in one line: its name, and its arguments with theirs.
func named(x signatures.Named, n Names) string {
	args := make([]string, len(x.Args))
	for i, a := range x.Args {
		value := SanitizeTo(a.Value, 80)
		if a.Type == "address" && common.IsHexAddress(a.Value) {
			value = n.Address(common.HexToAddress(a.Value))
		}
		args[i] = value
		if a.Name != "" {
			args[i] = SanitizeTo(a.Name, 40) + " " + value
		}
	}
	return SanitizeTo(x.Name, 64) + "(" + strings.Join(args, ", ") + ")"
}
