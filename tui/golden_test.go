package tui

import (
	"bytes"
	"fmt"
	"image/color"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/internal/cli/clitest"
)

var sizes = []struct{ width, height int }{{80, 24}, {120, 40}, {60, 16}, {40, 12}, {20, 10}}

// scenes are the screens of a session, each made from an empty one.
var scenes = []struct {
	name string
	make func(*screen)
}{
	{"empty", func(*screen) {}},
	{"running", func(s *screen) {
		s.start()
		s.events(clitest.Before()[:3]...)
		s.events(agent.Event{Type: agent.Progressed, Text: "reading 12 pools"})
		s.wait(3 * time.Second)
	}},
	{"waiting", func(s *screen) {
		s.start()
		s.events(clitest.Before()...)
		s.approve(clitest.Swap())
		s.typed("and then")
	}},
	{"approval", func(s *screen) {
		s.start()
		s.approve(clitest.Swap())
		s.press("tab")
		s.wait(time.Second)
		s.typed("y")
	}},
	{"approval of a transfer", func(s *screen) {
		s.start()
		s.approve(clitest.Transfer())
		s.press("tab")
		s.wait(100 * time.Millisecond)
	}},
	{"approval of real money", func(s *screen) {
		p := clitest.Transfer()
		p.Network.Name, p.Network.Real = "Ethereum", true
		s.m.Network = p.Network
		s.start()
		s.approve(p)
		s.press("tab")
		s.wait(time.Second)
	}},
	{"raw", func(s *screen) {
		s.start()
		s.approve(clitest.Swap())
		s.press("tab")
		s.wait(time.Second)
		s.press("ctrl+r")
	}},
	{"question", func(s *screen) {
		s.start()
		q := intents.Question{Text: "which USDC do you mean?", Options: []string{"USDC", "USDC.e"}}
		s.events(agent.Event{Type: agent.Asked, Question: &q})
		s.ask(q)
		s.wait(time.Second)
		s.typed("2")
	}},
	{"password", func(s *screen) {
		s.start()
		s.unlock(2)
		s.wait(time.Second)
		s.typed("hunter2")
	}},
	{"done", func(s *screen) {
		s.start()
		s.events(append(clitest.Before(), clitest.After()...)...)
		s.send(delivery{ended{}})
	}},
	{"refused", func(s *screen) {
		s.start()
		s.events(agent.Event{Type: agent.Refused, Refusal: &agent.Refusal{Reason: "unlimited_approval", Detail: "an allowance of USDC without a limit", Hint: "approve the exact amount you need"}})
		s.send(delivery{ended{}})
	}},
	{"help", func(s *screen) { s.press("?") }},
}

func TestScreensLookRight(t *testing.T) {
	for _, scene := range scenes {
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%s/%dx%d", scene.name, size.width, size.height), func(t *testing.T) {
				s := newScreen(t, max(size.width, minWidth), max(size.height, minHeight))
				scene.make(s)
				if s.m.width != size.width || s.m.height != size.height {
					s.send(tea.WindowSizeMsg{Width: size.width, Height: size.height})
				}
				content := s.m.View().Content
				fits(t, content, size.width, size.height)
				golden.RequireEqual(t, ansi.Strip(content)+"\n")
			})
		}
	}
}

// fits checks that nothing is drawn outside the screen.
func fits(t *testing.T, content string, width, height int) {
	t.Helper()
	lines := strings.Split(content, "\n")
	if len(lines) > height {
		t.Errorf("%d lines on a screen of %d", len(lines), height)
	}
	for _, l := range lines {
		if w := ansi.StringWidth(l); w > width {
			t.Errorf("%d columns on a screen of %d: %q", w, width, ansi.Strip(l))
		}
	}
}

func TestColoursFollowTheBackgroundAndTheProfile(t *testing.T) {
	for name, c := range map[string]struct {
		background color.Color
		profile    colorprofile.Profile
	}{
		"dark":     {color.Black, colorprofile.TrueColor},
		"light":    {color.White, colorprofile.TrueColor},
		"no color": {color.Black, colorprofile.ASCII},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScreen(t, 80, 24)
			s.send(tea.BackgroundColorMsg{Color: c.background})
			scene := scenes[5]
			scene.make(s)
			var b bytes.Buffer
			w := colorprofile.Writer{Forward: &b, Profile: c.profile}
			if _, err := w.WriteString(s.m.View().Content + "\n"); err != nil {
				t.Fatal(err)
			}
			if c.profile == colorprofile.ASCII && strings.Contains(b.String(), "38;") {
				t.Error("a colour is left")
			}
			golden.RequireEqual(t, b.String())
		})
	}
}
