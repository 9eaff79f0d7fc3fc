package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/keymaker-agent/keymaker/chain/devnet/known"
)

// tool is one fork that is measured: how it is started, and what is asked of it.
type tool struct {
	name     string
	version  string
	ask      func(context.Context) (string, error) // for its version
	argv     func(remote string, block uint64, port int) []string
	without  string                               // method that its remote does not know
	home     string                               // folder that must hold its folder, where it looks upwards for its own files
	prepare  func(dir string) error               // before its start, in a folder of its own
	settle   func(context.Context, *client) error // after its start and before it is measured
	simulate bool                                 // it has eth_simulateV1
}

const (
	ours      = "keymaker"
	oursBare  = "keymaker-no-hints"
	anvil     = "anvil"
	anvilLean = "anvil-1-account"
	hardhat   = "hardhat"
)

// tools lists all, ours first.
func tools(at rivals, binary string) ([]tool, error) {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return nil, err
	}
	return []tool{
		keymakerAs(binary, ours, ""),
		keymakerAs(binary, oursBare, "eth_createAccessList"),
		anvilAs(at, anvil),
		anvilAs(at, anvilLean, "--accounts", "1"),
		{
			name: hardhat,
			ask:  func(context.Context) (string, error) { return versionIn(at.tools, "hardhat") },
			home: at.tools,
			argv: func(remote string, block uint64, port int) []string {
				return []string{
					at.nodeBin(), at.hardhat(), "node", "--hostname", "127.0.0.1", "--port", fmt.Sprint(port),
					"--fork", remote, "--fork-block-number", fmt.Sprint(block),
				}
			},
			prepare: hardhatProject,
			settle: func(ctx context.Context, c *client) error {
				return c.call(ctx, new(any), "hardhat_setLoggingEnabled", false)
			},
		},
	}, nil
}

// keymakerAs is ours, on a remote that may lack one method.
func keymakerAs(binary, name, without string) tool {
	return tool{
		name:    name,
		ask:     words(binary, "version"),
		without: without,
		argv: func(remote string, block uint64, port int) []string {
			return []string{binary, "fork", "--rpc", remote, "--block", fmt.Sprint(block), "--port", fmt.Sprint(port)}
		},
		simulate: true,
	}
}

func anvilAs(at rivals, name string, flags ...string) tool {
	return tool{
		name: name,
		ask:  func(context.Context) (string, error) { return versionIn(at.tools, "@foundry-rs/anvil-linux-amd64") },
		argv: func(remote string, block uint64, port int) []string {
			return append([]string{
				at.anvil(), "--fork-url", remote, "--fork-block-number", fmt.Sprint(block), "--port", fmt.Sprint(port),
				"--hardfork", "osaka", "--no-storage-caching", "--no-rate-limit", "--quiet",
			}, flags...)
		},
		simulate: true,
	}
}

// hardhatProject writes a project without contracts. Hardhat must be told since when a chain that it does not know has had
// which rules.
func hardhatProject(dir string) error {
	const config = `export default {
  chainDescriptors: { %d: { name: "devnet", chainType: "generic", hardforkHistory: { osaka: { blockNumber: 0 } } } },
  networks: { node: { type: "edr-simulated", chainId: %d, hardfork: "osaka" } },
};
`
	return errors.Join(
		os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"type":"module"}`), 0o600),
		os.WriteFile(filepath.Join(dir, "hardhat.config.js"), fmt.Appendf(nil, config, known.L1, known.L1), 0o600),
	)
}

// words asks a binary for the first line that it prints.
func words(argv ...string) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		out, err := exec.CommandContext(ctx, argv[0], argv[1:]...).Output()
		line, _, _ := strings.Cut(string(out), "\n")
		return line, err
	}
}

// versionIn reads the version of an installed npm package.
func versionIn(dir, name string) (string, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "node_modules", name, "package.json"))
	if err != nil {
		return "", err
	}
	var p struct{ Version string }
	return p.Version, json.Unmarshal(raw, &p)
}
