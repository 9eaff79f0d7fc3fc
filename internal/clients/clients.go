// Package clients tries a JSON-RPC server with the programs that others use to speak to a chain: viem, ethers and cast, exactly
// as their makers publish them.
//
// A server may give the answers that its author expects and still be of no use to a client, which asks in its own order, reads
// fields that nobody thought of, and decides by the code and the data of an error. So the clients do here what people do with
// them: read, send, deploy, watch, simulate, and be refused.
//
// Invariant: the names of the checks stand here, and the scripts report each by its name. A check that did not report has
// failed, as has a script that ended early, so nothing is left out silently.
package clients

import (
	"bufio"
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/keymaker-agent/keymaker/contracts"
)

// Target is a server to try, and an account to try it with.
type Target struct {
	ChainID uint64 `json:"chainID"`
	HTTP    string `json:"http"`
	WS      string `json:"ws,omitempty"` // empty where the server has no websocket
	Key     string `json:"key"`          // hex without 0x, of an account with ten ether, one transaction or more, and no code
	Dev     bool   `json:"-"`            // the server has the development methods of anvil and hardhat
}

const (
	checkPatience = 15 * time.Second // for one check of a script
	patience      = 2 * time.Minute  // for one script
)

//go:embed scripts/*.mjs
var scripts embed.FS

// Check tries the server with every client, one after the other, as they use the same account. Each check is a subtest. A target
// with the development methods has its clock set forward and is reset to where it began.
func Check(t *testing.T, target Target) {
	t.Helper()
	installed, err := Fetch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range suites {
		if s.needs(target) {
			t.Run(s.name, func(t *testing.T) { s.run(t, installed, target) })
		}
	}
	t.Run("cast", func(t *testing.T) { checkCast(t, installed, target) })
}

// line is what a script prints about one check.
type line struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

func (s suite) run(t *testing.T, installed string, target Target) {
	lines, err := execute(t, installed, s.name, target, checkPatience)
	if err != nil {
		t.Errorf("%s.mjs ended early: %v", s.name, err)
	}
	faults, strange := s.judge(lines)
	for _, name := range s.checks {
		t.Run(name, func(t *testing.T) {
			if fault := faults[name]; fault != "" {
				t.Error(fault)
			}
		})
	}
	for _, fault := range strange {
		t.Error(fault)
	}
}

// execute runs a script beside the installed clients and returns what it reported, also where it ended early.
func execute(t testing.TB, installed, script string, target Target, each time.Duration) ([]line, error) {
	t.Helper()
	c := contracts.Load(contracts.Counter)
	input, err := json.Marshal(map[string]any{
		"target":   target,
		"patience": each.Milliseconds(),
		"counter":  map[string]any{"abi": c.JSON, "creation": hexutil.Bytes(c.Creation)},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", filepath.Join(lay(t, installed), script+".mjs"))
	var said bytes.Buffer
	cmd.Stdin, cmd.Stderr, cmd.WaitDelay = bytes.NewReader(input), &said, time.Second
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, said.Bytes())
	}
	var lines []line
	for scan := bufio.NewScanner(bytes.NewReader(out)); scan.Scan(); {
		var l line
		if json.Unmarshal(scan.Bytes(), &l) != nil || l.Name == "" {
			t.Errorf("%s.mjs prints what is no report: %s", script, scan.Bytes())
			continue
		}
		lines = append(lines, l)
	}
	return lines, err
}

// lay puts the scripts in a folder from which they find the installed clients.
func lay(t testing.TB, installed string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, scripts); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(installed, "node_modules"), filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "scripts")
}
