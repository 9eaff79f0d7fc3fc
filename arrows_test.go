package keymaker

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/keymaker-agent/keymaker/"

// rooms says what each room may import of this module, besides itself and what lies below it in the same folder.
// docs/architecture.md gives the reasons.
var rooms = map[string][]string{
	"refusal":            {},
	"chain":              {"refusal"},
	"chain/fork":         {"internal/untrusted", "refusal", "chain", "chain/signatures"},
	"chain/fork/server":  {"internal/untrusted", "refusal", "chain", "chain/fork/evm", "chain/fork/pinned"},
	"chain/fork/cache":   {"chain/fork/pinned"},
	"chain/signatures":   {"internal/untrusted"},
	"chain/devnet":       {"refusal", "chain", "contracts", "contracts/bindings", "contracts/deploy", "rewards/tree"},
	"contracts":          {},
	"router/swap":        {"refusal", "chain"},
	"router/pool":        {"router/swap/ticks"},
	"router/snapshot":    {"refusal", "router/pool", "router/pool/line"},
	"router/solve":       {"router/pool"},
	"rewards":            {"refusal", "chain"},
	"rewards/observe":    {"refusal", "chain", "contracts/bindings", "rewards/emission", "rewards/usage"},
	"intents":            {"refusal", "chain"},
	"intents/score":      {"intents"},
	"tools":              {"internal/untrusted", "refusal", "chain", "intents", "router/swap", "contracts/bindings", "rewards/tree"},
	"wallet":             {"refusal", "chain", "chain/fork", "internal/fsm"},
	"agent":              {"refusal", "chain", "chain/fork", "intents", "tools", "router/swap", "wallet", "internal/fsm"},
	"agent/grammar":      {"refusal", "intents"},
	"agent/model":        {"refusal", "intents", "agent/ollama"},
	"agent/ollama":       {"internal/untrusted", "refusal"},
	"agent/own":          {"refusal", "intents", "agent/ollama"},
	"agent/own/llama":    {},
	"agent/own/learn":    {"refusal", "intents", "agent/own"},
	"tui":                {"internal/cli/show", "refusal", "chain", "chain/fork", "intents", "tools", "wallet", "agent", "internal/cli"},
	"internal/clients":   {"contracts", "internal/npm"},
	"internal/fsm":       {},
	"internal/hostile":   {"refusal", "chain", "intents", "agent"}, // only tests import it
	"internal/ledger":    {"internal/sqlite", "refusal", "rewards/emission", "rewards/usage"},
	"internal/npm":       {},
	"internal/sqlite":    {},
	"internal/untrusted": {},
	"internal/store":     {"internal/sqlite", "refusal", "chain", "wallet", "agent", "agent/own/learn", "internal/fsm"},
	"internal/config":    {"refusal", "chain", "chain/devnet/known", "tools"},
	"internal/cli":       {"internal/untrusted", "refusal", "chain", "chain/signatures", "chain/fork", "intents", "tools", "router/swap", "wallet", "agent"},

	"rewards/tree/reference": {"internal/npm"}, // only tests and bench import it
}

type listed struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

func TestImportsPointDownTheTable(t *testing.T) {
	for _, p := range list(t, "./...") {
		path := strings.TrimPrefix(p.ImportPath, module)
		room, allowed := roomOf(path)
		if room == "" {
			continue
		}
		for _, imported := range p.Imports {
			own, ok := strings.CutPrefix(imported, module)
			if ok && !within(own, room) && !anyWithin(own, allowed) {
				t.Errorf("%s imports %s, which room %s may not use", path, own, room)
			}
		}
	}
}

func TestEveryRoomIsInTheTable(t *testing.T) {
	for _, p := range list(t, "./...") {
		path := strings.TrimPrefix(p.ImportPath, module)
		switch {
		case p.ImportPath+"/" == module, within(path, "cmd"), within(path, "bench"), within(path, "examples"), within(path, "internal/shared"),
			within(path, "internal/conformance"):
			continue
		}
		if room, _ := roomOf(path); room == "" {
			t.Errorf("%s is in no room; add it to the table and to docs/architecture.md", path)
		}
	}
}

func TestOnlyTheBinaryLinksAGethNode(t *testing.T) {
	for _, p := range list(t, "./...") {
		path := strings.TrimPrefix(p.ImportPath, module)
		if within(path, "chain/devnet") || within(path, "cmd") || within(path, "bench") || within(path, "examples") ||
			within(path, "chain/fork/server") || within(path, "internal/conformance/recorded") {
			continue
		}
		for _, dep := range p.Deps {
			switch dep {
			case "github.com/ethereum/go-ethereum/node", "github.com/ethereum/go-ethereum/eth", "github.com/ethereum/go-ethereum/p2p":
				t.Errorf("%s links %s", path, dep)
			}
		}
	}
}

// roomOf finds the deepest room that holds a package.
func roomOf(path string) (string, []string) {
	for p := path; p != ""; p = parent(p) {
		if allowed, ok := rooms[p]; ok {
			return p, allowed
		}
	}
	return "", nil
}

func parent(path string) string {
	i := strings.LastIndex(path, "/")
	if i < 0 {
		return ""
	}
	return path[:i]
}

func within(path, room string) bool { return path == room || strings.HasPrefix(path, room+"/") }

func anyWithin(path string, allowed []string) bool {
	for _, a := range allowed {
		if path == a {
			return true
		}
	}
	return false
}

func list(t *testing.T, pattern string) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", pattern).Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}
