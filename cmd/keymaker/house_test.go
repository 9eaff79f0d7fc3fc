package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/internal/store"
	"github.com/keymaker-agent/keymaker/wallet"
)

// house is what one person has: chains, a home with the first prefunded account in it, and a program.
type house struct {
	t       *testing.T
	program string
	dir     string
	net     *devnet.Devnet
	env     []string
}

// newHouse furnishes a house. Program is the keymaker that lives in it: a file, or a name to look up.
func newHouse(t *testing.T, program string) *house {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, program: path, dir: t.TempDir(), net: devnettest.Start(t)}
	h.env = append(os.Environ(), "KEYMAKER_HOME="+filepath.Join(h.dir, "home"), "HOME="+h.dir, "XDG_CACHE_HOME="+cacheOf(t))
	key := h.file("key", h.net.Accounts()[0].Key)
	networks := h.net.Networks()
	h.does("init", "--network", "devnet", "--rpc", "devnet="+networks[0].RPC[0], "--rpc", "devnet-l2="+networks[1].RPC[0],
		"--import", key, "--throwaway", "--password-file", h.file("password", demoPassword))
	return h
}

// of is the house for a subtest.
func (h *house) of(t *testing.T) *house {
	again := *h
	again.t = t
	return &again
}

func (h *house) file(name, text string) string {
	h.t.Helper()
	path := filepath.Join(h.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		h.t.Fatal(err)
	}
	return path
}

// command is a run of the program, not started yet.
func (h *house) command(args ...string) *exec.Cmd {
	cmd := exec.Command(h.program, args...)
	cmd.Dir, cmd.Env = h.dir, h.env
	return cmd
}

// does runs the program without a terminal, and returns what it prints. It must end in 0.
func (h *house) does(args ...string) []byte {
	h.t.Helper()
	out, err := h.command(args...).Output()
	if err != nil {
		h.t.Fatalf("keymaker %v: %v\n%s", args, err, out)
	}
	return out
}

func (h *house) friend() common.Address { return h.net.Accounts()[5].Address }

// history is the journal, newest first.
func (h *house) history() []store.Entry {
	h.t.Helper()
	var all []store.Entry
	for _, line := range bytes.Split(bytes.TrimSpace(h.does("history", "--json", "--limit", "100")), []byte("\n")) {
		var e store.Entry
		if err := json.Unmarshal(line, &e); err != nil {
			h.t.Fatalf("%v: %s", err, line)
		}
		all = append(all, e)
	}
	return all
}

// mined counts the transactions of the journal that have a receipt, and fails where one is still open.
func (h *house) mined() int {
	h.t.Helper()
	n := 0
	for _, e := range h.history() {
		for _, sent := range e.Sent {
			if sent.State.Open() {
				h.t.Errorf("%s is left %s", sent.Title, sent.State)
			}
			if sent.State == wallet.Mined {
				n++
			}
		}
	}
	return n
}

// balance is an account's USDC.
func (h *house) balance(account common.Address) string {
	h.t.Helper()
	for _, line := range bytes.Split(h.does("balance", "USDC", "--account", account.Hex(), "--json"), []byte("\n")) {
		var e agent.Event
		if err := json.Unmarshal(line, &e); err == nil && e.Type == agent.Resulted {
			return e.Result.Lines[0].Value
		}
	}
	h.t.Fatal("there is no balance")
	return ""
}
