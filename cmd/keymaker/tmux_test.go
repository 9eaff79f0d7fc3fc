package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// pane is a program in a real terminal: tmux, on a socket of its own.
type pane struct {
	t      *testing.T
	socket string
	code   string // file that the program's exit code is written to: tmux may lose it
}

const paneConfig = `set -g remain-on-exit on
set -g default-terminal screen-256color
set -s escape-time 0
`

// newPane starts the program in a terminal of 80 columns and 24 lines.
func newPane(t *testing.T, h *house, args ...string) *pane {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Fatal("this test needs tmux; install it with: apt-get install tmux")
	}
	folder, err := os.MkdirTemp("", "pane") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	p := &pane{t, filepath.Join(folder, "socket"), filepath.Join(folder, "code")}
	t.Cleanup(func() {
		_ = exec.Command("tmux", "-S", p.socket, "kill-server").Run() // it may have ended by itself
		_ = os.RemoveAll(folder)
	})
	start := []string{"-S", p.socket, "-f", h.file("tmux.conf", paneConfig), "new-session", "-d", "-x", "80", "-y", "24", "-c", h.dir, "sh", "-c", `"$0" "$@"; echo $? > ` + p.code, h.program}
	cmd := exec.Command("tmux", append(start, args...)...)
	cmd.Env = h.env
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("tmux: %v\n%s", err, out)
	}
	return p
}

func (p *pane) tmux(args ...string) string {
	p.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-S", p.socket}, args...)...).CombinedOutput()
	if err != nil {
		p.t.Fatalf("tmux %v: %v\n%s", args, err, out)
	}
	return string(out)
}

func (p *pane) screen() string { return p.tmux("capture-pane", "-p") }

// sees waits until all words stand on the screen at once, and returns it.
func (p *pane) sees(words ...string) string {
	p.t.Helper()
	return p.until("sees "+strings.Join(words, ", "), func(screen string) bool {
		for _, w := range words {
			if !strings.Contains(screen, w) {
				return false
			}
		}
		return true
	})
}

func (p *pane) until(what string, met func(screen string) bool) string {
	p.t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		screen := p.screen()
		if met(screen) {
			return screen
		}
		if time.Now().After(end) {
			p.t.Fatalf("nobody %s; the screen is\n%s", what, screen)
		}
	}
}

// types sends text as keys.
func (p *pane) types(text string) { p.tmux("send-keys", "-l", text) }

// presses sends keys by name.
func (p *pane) presses(keys ...string) { p.tmux(append([]string{"send-keys"}, keys...)...) }

func (p *pane) resize(columns, lines int) {
	p.tmux("resize-window", "-x", strconv.Itoa(columns), "-y", strconv.Itoa(lines))
}

// ended waits for the end of the program, and returns its exit code.
func (p *pane) ended() string {
	p.t.Helper()
	code := ""
	p.until("sees the end", func(string) bool {
		written, _ := os.ReadFile(p.code)
		code = strings.TrimSpace(string(written))
		return code != ""
	})
	return code
}

func (p *pane) lacks(word string) {
	p.t.Helper()
	if screen := p.screen(); strings.Contains(screen, word) {
		p.t.Errorf("the screen has %q:\n%s", word, screen)
	}
}

// build makes the program as a user gets it.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "keymaker")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return program
}

func TestAPersonPaysAndIsRefusedInARealTerminal(t *testing.T) {
	h := newHouse(t, build(t))
	p := newPane(t, h)
	word := h.friend().Hex()[38:] // what signs, as the person could guess it

	p.sees("keymaker", "Devnet", "test money", "Nothing is signed until you approve")
	p.types("send 25 USDC to " + h.friend().Hex())
	p.sees("send 25 USDC")
	// Typed too early, all of it: it lands in the composer, and answers nothing.
	p.tmux("send-keys", "Enter", ";", "send-keys", "-l", word, ";", "send-keys", "Enter")
	p.sees("what the chain will do", "25 USDC", "policy: ask", "new_recipient", "APPROVAL WAITS: tab opens it", "> "+word)
	p.presses("PPage")
	p.sees("you  send 25 USDC", "plan", "by  grammar")
	p.presses("NPage", "Enter")
	p.sees("something waits for you")

	// Neither do keys that come while the approval appears.
	p.tmux("send-keys", "Tab", ";", "send-keys", "-l", word, ";", "send-keys", "Enter")
	t.Logf("the approval:\n%s", p.sees("SIGN on Devnet", "recipient", h.friend().Hex(), "type "+word+", recipient's last 4 characters, then enter: _"))

	p.presses("Enter")
	p.sees("that signs nothing")

	// A terminal that becomes too small takes the request away; it waits.
	p.resize(20, 24)
	p.sees("needs 60x16")
	p.types(word)
	p.presses("Enter")
	p.resize(80, 24)
	p.sees("APPROVAL WAITS", "> "+word)
	p.presses("Tab")
	p.sees("SIGN on Devnet", "then enter: _")
	p.lacks(word + word)

	p.types(word)
	p.sees("then enter: " + word + "_")
	p.presses("Enter")
	p.sees("unlock", "password: _")
	p.types(demoPassword)
	p.sees("password: " + strings.Repeat("*", len(demoPassword)) + "_")
	p.lacks(demoPassword)
	p.presses("Enter")
	p.sees("receipt", "mined", "balances after", "done")

	p.presses("C-u")
	p.sees("for example")
	p.types("approve unlimited USDC for " + h.friend().Hex())
	p.presses("Enter")
	p.sees("refused: unlimited_approval", "hint")

	p.presses("C-d")
	if code := p.ended(); code != "0" {
		t.Errorf("exit code %s", code)
	}
	if got := h.balance(h.friend()); got != "25" {
		t.Errorf("the friend has %s USDC", got)
	}
	if n := h.mined(); n != 1 {
		t.Errorf("%d transactions", n)
	}
}
