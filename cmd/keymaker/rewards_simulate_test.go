package main

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/keymaker-agent/keymaker/internal/cli"
)

const growing = `schema = 1
name = "growing"
about = "one author"
rules = "weekly"
years = 100
seed = 1
tail = true
[market]
coin = "1"
asset = "1"
subnet = "0"
[[group]]
name = "authors"
does = "tools"
agents = 2000
use = "0.1"
`

func TestASimulationSaysHowFarItIsAndCanBeStopped(t *testing.T) {
	h := newHouse(t, "keymaker")
	screen, code := h.stop(pressCtrlC, `of 5215 epochs`, "rewards", "simulate", "--scenario", h.file("growing.toml", growing))
	if code != 130 || !strings.Contains(screen, "stopped after") {
		t.Errorf("it ended with %d:\n%s", code, screen)
	}
}

// With colours the charts are drawn in them; the words are the same, and no line is wider than the terminal.
func TestASimulationIsDrawnInColors(t *testing.T) {
	draw := func(env ...string) string {
		streams, out, _ := cli.Buffers(strings.NewReader(strings.Replace(growing, "2000", "2", 1)))
		streams.Terminal(80)
		for i := 0; i < len(env); i += 2 {
			streams.Setenv(env[i], env[i+1])
		}
		if code := run([]string{"rewards", "simulate", "--scenario", "-", "--years", "2"}, streams, nil); code != 0 {
			t.Fatalf("it ended with %d: %s", code, out)
		}
		return out.String()
	}
	colored, plain := draw("TERM", "xterm-256color", "COLORTERM", "truecolor"), draw("TERM", "xterm-256color", "NO_COLOR", "1")
	if !strings.Contains(colored, "\x1b[38;2;0;114;178m") || strings.Contains(plain, "\x1b[38") {
		t.Errorf("colours:\n%q\nnone:\n%q", colored, plain)
	}
	for _, line := range strings.Split(colored, "\n") {
		if ansi.StringWidth(line) > 80 {
			t.Errorf("%d columns: %q", ansi.StringWidth(line), line)
		}
	}
	for _, words := range []string{"Supply, million KEY", "minted", "At the end of each year", "authors"} {
		if !strings.Contains(ansi.Strip(colored), words) || !strings.Contains(ansi.Strip(plain), words) {
			t.Errorf("no %q", words)
		}
	}
}
