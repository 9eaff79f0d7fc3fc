package tui

import (
	"context"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/internal/cli/clitest"
	"github.com/keymaker-agent/keymaker/wallet"
)

// script is a runner that a test wrote.
type script func(ctx context.Context, text string, front agent.Front) error

func (s script) Run(ctx context.Context, text string, front agent.Front) error {
	return s(ctx, text, front)
}

// screen drives the model by hand, on a clock of its own, and draws after every message as the program does.
type screen struct {
	t   testing.TB
	m   *model
	now time.Time
}

func newScreen(t testing.TB, width, height int) *screen {
	t.Helper()
	s := &screen{t: t, now: clitest.Start}
	streams, _, _ := cli.Buffers(strings.NewReader(""))
	s.m = newModel(t.Context(), Options{
		Runner:  script(func(context.Context, string, agent.Front) error { return nil }),
		Network: clitest.Network, Account: clitest.Account, Names: clitest.Names(), Streams: streams, Version: "v1",
		Now: func() time.Time { return s.now },
	})
	s.send(tea.WindowSizeMsg{Width: width, Height: height})
	return s
}

func (s *screen) send(m tea.Msg) tea.Cmd {
	_, cmd := s.m.Update(m)
	s.m.View()
	return cmd
}

func (s *screen) wait(d time.Duration) {
	s.now = s.now.Add(d)
	s.send(beatMsg{})
}

func (s *screen) press(keys ...string) {
	for _, k := range keys {
		s.send(press(k))
	}
}

func press(name string) tea.KeyPressMsg {
	if mod, letter, ok := strings.Cut(name, "+"); ok && mod == "ctrl" {
		return tea.KeyPressMsg{Code: rune(letter[0]), Mod: tea.ModCtrl}
	}
	if code, ok := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "backspace": tea.KeyBackspace,
		"up": tea.KeyUp, "down": tea.KeyDown, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
	}[name]; ok {
		return tea.KeyPressMsg{Code: code}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

func (s *screen) typed(text string) {
	for _, r := range text {
		s.press(string(r))
	}
}

// start runs the sentence as if the runner had begun, without one.
func (s *screen) start() {
	s.typed(clitest.Sentence)
	s.press("enter")
}

func (s *screen) events(events ...agent.Event) {
	var d delivery
	for _, e := range events {
		d = append(d, happened{e})
	}
	s.send(d)
}

// approve delivers a request and returns where its answer goes.
func (s *screen) approve(p *wallet.Prepared) <-chan answer {
	got := make(chan answer, 1)
	s.send(delivery{request{prepared: p, answer: got}})
	return got
}

func (s *screen) ask(q intents.Question) <-chan answer {
	got := make(chan answer, 1)
	s.send(delivery{request{question: &q, answer: got}})
	return got
}

func (s *screen) unlock(attempt int) <-chan answer {
	got := make(chan answer, 1)
	s.send(delivery{request{account: clitest.Account, attempt: attempt, answer: got}})
	return got
}

func (s *screen) text() string { return ansi.Strip(s.m.View().Content) }

func (s *screen) shows(want ...string) {
	s.t.Helper()
	text := s.text()
	for _, w := range want {
		if !strings.Contains(text, w) {
			s.t.Errorf("no %q on\n%s", w, text)
		}
	}
}

// answered returns the answer, or fails where there is none.
func (s *screen) answered(got <-chan answer) answer {
	s.t.Helper()
	select {
	case a := <-got:
		return a
	default:
		s.t.Fatalf("no answer; the screen is\n%s", s.text())
		return answer{}
	}
}

func (s *screen) silent(got <-chan answer) {
	s.t.Helper()
	select {
	case a := <-got:
		s.t.Fatalf("answered: %+v", a)
	default:
	}
}
