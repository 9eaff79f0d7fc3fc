package main

import (
	"bytes"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/keymaker-agent/keymaker/wallet"
)

const (
	ctrlC = "\x03"
	ctrlD = "\x04"
)

// interrupt stops the program.
type interrupt func(cmd *exec.Cmd, tty io.Writer)

func pressCtrlC(_ *exec.Cmd, tty io.Writer) { _, _ = io.WriteString(tty, ctrlC) }

func terminate(cmd *exec.Cmd, _ io.Writer) { _ = cmd.Process.Signal(syscall.SIGTERM) }

// stop runs the program in a terminal, answers its prompts, and interrupts it once something is on the screen; from then on
// nobody answers. It returns the screen and the exit code.
func (h *house) stop(by interrupt, pattern string, args ...string) (screen string, code int) {
	h.t.Helper()
	when := regexp.MustCompile(pattern)
	stopped := false
	screen, code = h.attend(func(cmd *exec.Cmd, p *typist, all []byte) {
		switch {
		case stopped:
		case when.Match(all):
			stopped = true
			by(cmd, p.tty)
		default:
			p.answer()
		}
	}, args...)
	if !stopped {
		h.t.Errorf("the screen never showed %s:\n%s", pattern, screen)
	}
	return screen, code
}

// converse runs the program in a terminal, types each line once its prompt stands there, and answers what is asked between.
func (h *house) converse(prompt string, lines []string, args ...string) (screen string, code int) {
	h.t.Helper()
	return h.attend(func(_ *exec.Cmd, p *typist, _ []byte) {
		if len(lines) > 0 && bytes.HasSuffix(p.seen.Bytes(), []byte(prompt)) {
			p.seen.Reset()
			_, _ = io.WriteString(p.tty, lines[0])
			lines = lines[1:]
			return
		}
		p.answer()
	}, args...)
}

// attend runs the program in a terminal, and calls react whenever something new is on the screen.
func (h *house) attend(react func(cmd *exec.Cmd, p *typist, all []byte), args ...string) (screen string, code int) {
	h.t.Helper()
	cmd := h.command(args...)
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 100})
	if err != nil {
		h.t.Fatal(err)
	}
	defer tty.Close()
	stuck := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
	defer stuck.Stop()
	p := &typist{password: demoPassword, tty: tty}
	var all []byte
	buf := make([]byte, 4096)
	for err == nil {
		var n int
		n, err = tty.Read(buf)
		if n == 0 {
			continue
		}
		all = append(all, buf[:n]...)
		p.seen.Write(buf[:n])
		react(cmd, p, all)
	}
	_ = cmd.Wait() // the exit code says it
	screen = strings.ReplaceAll(string(all), "\r\n", "\n")
	for _, trace := range []string{"goroutine ", "panic:", ".go:"} {
		if strings.Contains(screen, trace) {
			h.t.Errorf("a stack trace:\n%s", screen)
		}
	}
	return screen, cmd.ProcessState.ExitCode()
}

// stages are where a run can be stopped, with the exit codes that are right there. What was done when the interrupt came is
// done; what was sent may have been mined meanwhile.
var stages = []struct {
	name, at string
	codes    []int
}{
	{"plan", `plan\r\n`, []int{130}},
	{"calls", `Send  [0-9]`, []int{130}},
	{"effects", `what the chain will do`, []int{130}},
	{"verdict", `policy: `, []int{130}},
	{"approval", `or no: $`, []int{130}},
	{"password", `password of .*: $`, []int{130}},
	{"approved", `approved\r\n`, []int{130}},
	{"reserved", `1 of 1  reserved`, []int{0, 7, 130}},
	{"signed", `1 of 1  signed `, []int{0, 7, 130}},
	{"broadcast", `1 of 1  broadcast`, []int{0, 7, 130}},
	{"mined", `1 of 1  mined`, []int{0, 130}},
	{"receipt", `receipt\r\n`, []int{0, 130}},
}

func TestAnInterruptAtEveryStageLosesNothingAndRepeatsNothing(t *testing.T) {
	h := newHouse(t, "keymaker")
	for i, stage := range stages {
		t.Run(stage.name, func(t *testing.T) { h.of(t).isStopped(pressCtrlC, i+1, stage.at, stage.codes) })
	}
	t.Run("terminated", func(t *testing.T) { h.of(t).isStopped(terminate, 100, `1 of 1  broadcast`, []int{0, 7, 130}) })
}

// isStopped interrupts a payment of so many USDC, and sees it come to an end.
func (h *house) isStopped(by interrupt, amount int, pattern string, codes []int) {
	h.t.Helper()
	screen, code := h.stop(by, pattern, "run", fmt.Sprintf("send %d USDC to %s", amount, h.friend().Hex()))
	if !slices.Contains(codes, code) {
		h.t.Errorf("exit code %d, want one of %v:\n%s", code, codes, screen)
	}
	if code == 130 && !strings.Contains(screen, "interrupted") {
		h.t.Errorf("nothing says that it was interrupted:\n%s", screen)
	}
	h.comesToAnEnd()
}

// comesToAnEnd resumes what is open, and holds the journal against the chain: every payment has its receipt, and every receipt
// its payment.
func (h *house) comesToAnEnd() {
	h.t.Helper()
	if screen, code := h.converse("", nil, "resume"); code != 0 {
		h.t.Errorf("resume ended with %d:\n%s", code, screen)
	}
	confirmed := 0
	for _, e := range h.history() {
		if e.Outcome == "" {
			h.t.Errorf("%q has no end", e.Words)
		}
		for _, sent := range e.Sent {
			var amount int
			if _, err := fmt.Sscanf(sent.Title, "Send %d USDC", &amount); err != nil {
				h.t.Errorf("%q: %v", sent.Title, err)
			}
			switch sent.State {
			case wallet.Mined:
				confirmed += amount
			case wallet.Released:
			default:
				h.t.Errorf("%s is left %s", sent.Title, sent.State)
			}
		}
	}
	if paid := h.balance(h.friend()); paid != strconv.Itoa(confirmed) {
		h.t.Errorf("the friend has %s USDC, and the receipts say %d", paid, confirmed)
	}
}

func TestAnInterruptBetweenTwoTransactionsSendsNoMore(t *testing.T) {
	h := newHouse(t, "keymaker")
	screen, code := h.stop(pressCtrlC, `1 of 2  broadcast`, "run", "swap 10 USDC to DAI")
	if code != 130 && code != 7 {
		t.Errorf("exit code %d:\n%s", code, screen)
	}
	if screen, code := h.converse("", nil, "resume"); code != 0 {
		t.Errorf("resume ended with %d:\n%s", code, screen)
	}
	if n := h.mined(); n != 1 {
		t.Errorf("%d transactions were mined, want the first alone", n)
	}
}

func TestAPlainConversationGoesOnUntilTheInputEnds(t *testing.T) {
	h := newHouse(t, "keymaker")
	pay := "send 1 USDC to " + h.friend().Hex() + "\n"
	screen, code := h.converse("keymaker> ", []string{pay, "\n", "approve unlimited USDC for " + h.friend().Hex() + "\n", pay, ctrlD}, "--plain")
	if code != 0 {
		t.Errorf("exit code %d", code)
	}
	if strings.Count(screen, "\ndone\n") != 2 || strings.Contains(screen, demoPassword) || !strings.Contains(screen, "refused: unlimited_approval") {
		t.Errorf("the screen is\n%s", screen)
	}
	if got := h.balance(h.friend()); got != "2" {
		t.Errorf("the friend has %s USDC", got)
	}
	if screen, code := h.stop(pressCtrlC, `keymaker> $`, "--plain"); code != 130 {
		t.Errorf("ctrl+c at the prompt ended with %d:\n%s", code, screen)
	}
}

func TestADryConversationKeepsWhatItDidToItself(t *testing.T) {
	h := newHouse(t, "keymaker")
	more := "send 25 WETH to " + h.friend().Hex() + "\n"
	screen, code := h.converse("keymaker> ", []string{more, "wrap 9 ETH\n", more, ctrlD}, "--plain", "--dry-run")
	if code != 0 {
		t.Errorf("exit code %d", code)
	}
	if strings.Count(screen, "refused: insufficient_funds") != 1 || strings.Count(screen, "nothing was signed") < 2 {
		t.Errorf("the screen is\n%s", screen)
	}
	if n := h.mined(); n != 0 {
		t.Errorf("%d transactions were mined", n)
	}
}
