package tui

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/teatest/v2"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/internal/cli/clitest"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

// clock is a time that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// session runs the program with a runner that goes the whole way of a swap.
type session struct {
	t *testing.T
	*teatest.TestModel
	model    *model
	clock    *clock
	sentence chan string
	outcome  chan error
	approved chan wallet.Approval
	secret   chan []byte
}

func newSession(t *testing.T) *session {
	t.Helper()
	s := &session{
		t: t, clock: &clock{now: clitest.Start},
		sentence: make(chan string, 1), outcome: make(chan error, 1), approved: make(chan wallet.Approval, 1), secret: make(chan []byte, 1),
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	s.model = newModel(ctx, Options{
		Runner: script(s.run), Network: clitest.Network, Account: clitest.Account, Names: clitest.Names(), Version: "v1", Now: s.clock.Now,
	})
	t.Cleanup(s.model.mail.close)
	s.TestModel = teatest.NewTestModel(t, s.model, teatest.WithInitialTermSize(80, 40))
	return s
}

func (s *session) run(ctx context.Context, text string, front agent.Front) (err error) {
	defer func() { s.outcome <- err }()
	s.sentence <- text
	for _, e := range clitest.Before() {
		front.Event(e)
	}
	a, err := front.Approve(ctx, clitest.Swap())
	if err != nil {
		return err
	}
	s.approved <- a
	secret, err := front.Password(ctx, clitest.Account, 1)
	if err != nil {
		return err
	}
	s.secret <- secret
	for _, e := range clitest.After() {
		front.Event(e)
	}
	return nil
}

// sees waits until the words have been drawn since the last call. Words are single, because a terminal draws only what
// changed.
func (s *session) sees(words ...string) {
	s.t.Helper()
	teatest.WaitFor(s.t, s.Output(), func(out []byte) bool {
		for _, w := range words {
			if !bytes.Contains(out, []byte(w)) {
				return false
			}
		}
		return true
	}, teatest.WithDuration(10*time.Second), teatest.WithCheckInterval(5*time.Millisecond))
}

func (s *session) press(keys ...string) {
	for _, k := range keys {
		s.Send(press(k))
	}
}

// open opens the request and lets the keyboard be quiet.
func (s *session) open() {
	s.press("tab")
	s.sees("SIGN", "hands")
	s.clock.forward(time.Second)
}

// ends waits for the end of the program and of the run, and returns the run's error.
func (s *session) ends() error {
	s.t.Helper()
	s.WaitFinished(s.t, teatest.WithFinalTimeout(10*time.Second))
	select {
	case err := <-s.outcome:
		return err
	case <-time.After(10 * time.Second):
		s.t.Fatal("the run goes on")
		return nil
	}
}

func TestASentenceGoesTheWholeWay(t *testing.T) {
	s := newSession(t)
	s.Type(clitest.Sentence)
	s.press("enter")
	s.sees("plan", "route", "considered", "chain", "policy:", "WAITS")
	if got := <-s.sentence; got != clitest.Sentence {
		t.Errorf("the runner got %q", got)
	}

	s.Type("y")
	s.press("enter")
	s.sees("something")
	s.open()
	s.press("enter")
	s.sees("signs nothing")
	select {
	case a := <-s.approved:
		t.Fatalf("signed: %+v", a)
	default:
	}
	s.press("y", "enter")
	if a := <-s.approved; a.Digest != clitest.Digest || a.By != "tui" {
		t.Errorf("got %+v", a)
	}

	s.sees("unlock", "hands")
	s.clock.forward(time.Second)
	s.Type("hunter2")
	s.press("enter")
	if got := <-s.secret; string(got) != "hunter2" {
		t.Errorf("got %q", got)
	}
	s.sees("mined", "receipt", "balances", "done")
	s.press("backspace", "ctrl+d")
	if err := s.ends(); err != nil {
		t.Errorf("got %v", err)
	}
	out, err := io.ReadAll(s.FinalOutput(t))
	if err != nil || bytes.Contains(out, []byte("hunter2")) {
		t.Errorf("the password was drawn, %v", err)
	}
}

func TestEscDeclinesInTheProgram(t *testing.T) {
	s := newSession(t)
	s.Type(clitest.Sentence)
	s.press("enter")
	s.sees("WAITS")
	s.open()
	s.press("esc")
	s.sees("declined")
	s.press("ctrl+d")
	if err := s.ends(); !refusal.Is(err, refusal.Declined) {
		t.Errorf("got %v", err)
	}
}

func TestATinyTerminalKeepsTheRequestClosed(t *testing.T) {
	s := newSession(t)
	s.Type(clitest.Sentence)
	s.press("enter")
	s.sees("WAITS")
	s.open()
	s.press("y")
	s.Send(tea.WindowSizeMsg{Width: 20, Height: 10})
	s.sees("60x16")
	s.press("y", "enter")
	s.Send(tea.WindowSizeMsg{Width: 80, Height: 24})
	s.sees("WAITS")
	s.open()
	s.press("y", "enter")
	<-s.approved
	s.press("ctrl+c", "ctrl+d")
	if err := s.ends(); !refusal.Is(err, refusal.Declined) {
		t.Errorf("got %v", err)
	}
}

func TestCtrlCEndsEveryStageAndSignsNothing(t *testing.T) {
	stages := []struct {
		name  string
		reach func(*session)
	}{
		{"waiting", func(s *session) { s.sees("WAITS") }},
		{"typing while it waits", func(s *session) { s.sees("WAITS"); s.Type("abc") }},
		{"open", func(s *session) { s.sees("WAITS"); s.open() }},
		{"the word typed", func(s *session) { s.sees("WAITS"); s.open(); s.press("y") }},
		{"tiny", func(s *session) { s.sees("WAITS"); s.open(); s.Send(tea.WindowSizeMsg{Width: 20, Height: 5}) }},
	}
	for _, stage := range stages {
		t.Run(stage.name, func(t *testing.T) {
			s := newSession(t)
			s.Type(clitest.Sentence)
			s.press("enter")
			stage.reach(s)
			s.press("ctrl+c", "ctrl+c", "ctrl+c")
			err := s.ends()
			if !refusal.Is(err, refusal.Declined) && !refusal.Is(err, refusal.Interrupted) {
				t.Errorf("got %v", err)
			}
			select {
			case a := <-s.approved:
				t.Errorf("signed: %+v", a)
			default:
			}
		})
	}
}

func TestCtrlCAtThePasswordSendsNothing(t *testing.T) {
	s := newSession(t)
	s.Type(clitest.Sentence)
	s.press("enter")
	s.sees("WAITS")
	s.open()
	s.press("y", "enter")
	<-s.approved
	s.sees("unlock")
	s.press("ctrl+c", "ctrl+c", "ctrl+c")
	if err := s.ends(); !refusal.Is(err, refusal.Declined) {
		t.Errorf("got %v", err)
	}
	if len(s.secret) > 0 || len(s.model.open) > 0 {
		t.Error("something was sent")
	}
}

func TestCtrlCBeforeAnythingQuits(t *testing.T) {
	s := newSession(t)
	s.Type("half a sentence")
	s.press("ctrl+c", "ctrl+c")
	s.WaitFinished(t, teatest.WithFinalTimeout(10*time.Second))
	select {
	case text := <-s.sentence:
		t.Errorf("ran %q", text)
	default:
	}
}

func TestAPastedSentenceWaitsForEnter(t *testing.T) {
	s := newSession(t)
	s.Send(tea.PasteMsg{Content: clitest.Sentence + "\n"})
	s.sees("swap")
	select {
	case <-s.sentence:
		t.Fatal("a paste started a run")
	default:
	}
	s.press("enter")
	if got := <-s.sentence; got != clitest.Sentence {
		t.Errorf("ran %q", got)
	}
	s.sees("WAITS")
	s.press("esc", "ctrl+d")
	if err := s.ends(); !refusal.Is(err, refusal.Interrupted) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkFirstFrame(b *testing.B) {
	for b.Loop() {
		m := newModel(context.Background(), Options{Network: clitest.Network, Account: clitest.Account, Names: clitest.Names(), Version: "v1"})
		m.Init()
		m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
		if m.View().Content == "" {
			b.Fatal("nothing was drawn")
		}
	}
}

// full is a screen with at least that many lines of transcript.
func full(b *testing.B, lines int) *screen {
	s := newScreen(b, 80, 24)
	for s.m.transcript.view.TotalLineCount() < lines {
		s.events(clitest.Before()...)
	}
	return s
}

func BenchmarkViewOf500Lines(b *testing.B) {
	s := full(b, 500)
	for b.Loop() {
		s.m.View()
	}
}

func BenchmarkEventAfter500Lines(b *testing.B) {
	s := full(b, 500)
	event := delivery{happened{clitest.After()[1]}}
	for b.Loop() {
		s.m.Update(event)
		s.m.View()
	}
}

func BenchmarkResizeOf500Lines(b *testing.B) {
	s := full(b, 500)
	for i := 0; b.Loop(); i++ {
		s.m.Update(tea.WindowSizeMsg{Width: 80 + i%2, Height: 24})
		s.m.View()
	}
}

func BenchmarkApprovalView(b *testing.B) {
	s := newScreen(b, 80, 40)
	s.approve(clitest.Transfer())
	s.press("tab")
	for b.Loop() {
		s.m.View()
	}
}
