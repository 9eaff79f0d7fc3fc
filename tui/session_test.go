package tui

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/internal/cli/clitest"
	"github.com/keymaker-agent/keymaker/refusal"
)

func TestOneRunAtATime(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.start()
	s.typed("another")
	s.press("enter")
	s.shows("one run at a time", "> another")
	s.send(delivery{ended{}})
	if s.send(press("enter")) == nil {
		t.Error("the next run did not start")
	}
}

func TestANoticeGivesWayToARequestThatWaits(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.start()
	s.typed("another")
	s.press("enter")
	s.approve(clitest.Swap())
	s.shows("APPROVAL WAITS: tab opens it")
}

func TestAQuestionOpensItselfOnlyWhereNothingIsBeingTyped(t *testing.T) {
	q := intents.Question{Text: "how much?"}
	s := newScreen(t, 80, 24)
	s.start()
	got := s.ask(q)
	s.wait(quiet)
	s.typed("100")
	s.press("backspace", "enter")
	if a := s.answered(got); a.text != "10" || a.err != nil {
		t.Errorf("got %+v", a)
	}

	s = newScreen(t, 80, 24)
	s.start()
	s.typed("and then 5")
	got = s.ask(q)
	s.press("enter")
	s.silent(got)
	s.typed("0")
	s.shows("QUESTION WAITS", "> and then 50")
	s.press("tab")
	s.wait(quiet)
	s.typed("100")
	s.press("enter")
	if a := s.answered(got); a.text != "100" {
		t.Errorf("got %+v", a)
	}
	s.shows("> and then 50")
}

func TestAnAnswerIsOneOfTheOptions(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.start()
	got := s.ask(intents.Question{Text: "which?", Options: []string{"USDC", "USDC.e"}})
	s.wait(quiet)
	s.typed("3")
	s.press("enter")
	s.silent(got)
	s.shows("type one of the options")
	s.typed("2")
	s.press("enter")
	if a := s.answered(got); a.text != "USDC.e" {
		t.Errorf("got %+v", a)
	}

	got = s.ask(intents.Question{Text: "which?"})
	s.press("esc")
	if a := s.answered(got); !refusal.Is(a.err, refusal.Declined) {
		t.Errorf("got %+v", a)
	}
}

func TestAPasswordIsMaskedWipedAndNeverInTheComposer(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.start()
	got := s.unlock(1)
	buffer := s.m.password.entry.text[:0:maxEntry]
	s.wait(quiet)
	s.typed("hunter")
	s.send(tea.PasteMsg{Content: "2é\n"})
	s.shows("********_")
	if strings.Contains(s.text(), "hunter") {
		t.Error("the password is on the screen")
	}
	s.press("backspace", "enter")
	if a := s.answered(got); string(a.secret) != "hunter2" {
		t.Errorf("got %q", a.secret)
	}
	if left := bytes.Trim(buffer[:maxEntry], "\x00"); len(left) > 0 {
		t.Errorf("%q is left in memory", left)
	}
	s.shows("working")

	got = s.unlock(2)
	s.shows("try 2 of 3")
	s.press("esc")
	if a := s.answered(got); !refusal.Is(a.err, refusal.Declined) {
		t.Errorf("got %+v", a)
	}
}

func TestKeysOfTheSentenceDoNotLandInThePassword(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.start()
	got := s.unlock(1)
	s.typed("swap")
	s.press("enter")
	s.silent(got)
	s.shows("hands off the keys")
}

func TestAPasteIsOneLineOfVisibleCharacters(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.send(tea.PasteMsg{Content: "send 1 ETH\nto \u202efriend\u200b"})
	s.shows("> send 1 ETH to friend", "hidden characters were taken out")
	s.send(tea.PasteMsg{Content: strings.Repeat("x", 1<<20)})
	if n := s.m.composer.Length(); n > maxSentence {
		t.Errorf("%d characters", n)
	}
}

func TestStatesOfOneTransactionTakeOneCard(t *testing.T) {
	s := newScreen(t, 120, 40)
	s.start()
	s.events(clitest.After()...)
	if n := strings.Count(s.text(), "1 of 1"); n != 1 {
		t.Errorf("%d cards\n%s", n, s.text())
	}
	s.shows("1 of 1  mined", "receipt", "balances after")
}

func TestAnErrorIsSaidOnce(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.start()
	s.events(agent.Event{Type: agent.Refused, Refusal: &agent.Refusal{Reason: refusal.NoRoute, Detail: "no pool"}})
	s.send(delivery{ended{refusal.New(refusal.NoRoute, "no pool")}})
	if n := strings.Count(s.text(), "no pool"); n != 1 {
		t.Errorf("said %d times", n)
	}
	s.start()
	s.send(delivery{ended{errors.New("disk full")}})
	s.shows("refused: failed", "disk full")
}

func TestEscStopsTheRunAndKeepsTheText(t *testing.T) {
	s := newScreen(t, 80, 24)
	var ctx context.Context
	s.m.Runner = script(func(c context.Context, _ string, _ agent.Front) error { ctx = c; return nil })
	s.typed("x")
	s.m.send()()
	s.typed("next")
	s.press("esc")
	if ctx.Err() == nil {
		t.Error("the run goes on")
	}
	s.shows("stopping", "> next")
}

func TestCtrlCTwiceQuitsAndAnotherKeyBetweenDoesNot(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.press("ctrl+c")
	s.shows("ctrl+c again quits")
	s.press("x", "ctrl+c")
	if s.m.quitting {
		t.Error("quit after one")
	}
	s.press("ctrl+c")
	if !s.m.quitting {
		t.Error("did not quit")
	}
}

func TestCtrlDQuitsOnlyFromAnEmptyComposer(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.typed("x")
	s.press("ctrl+d")
	if s.m.quitting {
		t.Error("quit with text")
	}
	s.press("backspace", "ctrl+d")
	if !s.m.quitting {
		t.Error("did not quit")
	}
}

func TestWhatIsCopiedIsWhole(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.press("ctrl+y")
	s.shows("copied " + clitest.Account.Hex())
	s.events(clitest.After()[1])
	s.press("ctrl+y")
	s.shows("copied " + clitest.Hash.Hex())
}

func TestHelpShowsEveryKeyAndGivesTheQuestionMarkBack(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.press("?")
	for _, g := range s.m.keys.all() {
		for _, k := range g {
			s.shows(k.Help().Desc)
		}
	}
	s.press("esc")
	s.typed("is ETH up?")
	s.shows("> is ETH up?")
}

func TestTheTranscriptScrollsAndFollows(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.start()
	for range 5 {
		s.events(clitest.Before()...)
	}
	s.press("pgup")
	top := s.text()
	s.events(clitest.After()[0])
	if strings.Contains(s.text(), "approved") || !strings.Contains(top, "considered") {
		t.Error("new lines moved what is being read")
	}
	for range 20 {
		s.send(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	}
	s.shows("approved")
}

func TestRealMoneyIsSaidInTheHeader(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.m.Network.Real = true
	s.shows("REAL MONEY")
	s.m.DryRun = true
	s.shows("DRY RUN")
}

func TestLeavingSaysWhatIsOpen(t *testing.T) {
	s := newScreen(t, 80, 24)
	streams, _, said := cli.Buffers(strings.NewReader(""))
	if err := s.m.farewell(streams, nil); err != nil || said.Len() > 0 {
		t.Errorf("%v, %q", err, said)
	}
	if err := s.m.farewell(streams, tea.ErrInterrupted); !refusal.Is(err, refusal.Interrupted) {
		t.Errorf("got %v", err)
	}
	s.start()
	s.events(clitest.After()[:3]...)
	s.approve(clitest.Swap())
	s.press("ctrl+d")
	err := s.m.farewell(streams, nil)
	if !refusal.Is(err, refusal.Unconfirmed) || cli.ExitCode(err) != 7 {
		t.Errorf("got %v", err)
	}
	for _, want := range []string{"was not signed", clitest.Hash.Hex()} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("no %q in %s", want, said)
		}
	}
}

func TestAStoppedRunMayStillSayWhatItSent(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.m.Runner = script(func(ctx context.Context, _ string, f agent.Front) error {
		<-ctx.Done()
		f.Event(clitest.After()[2])
		return ctx.Err()
	})
	s.typed("x")
	cmd := s.m.send()
	go cmd()
	s.press("ctrl+c", "ctrl+c")
	s.m.waitForRunner()
	if !s.m.open[clitest.Hash] {
		t.Error("what was sent is forgotten")
	}
}

func TestRunEndsWithTheProcess(t *testing.T) {
	for name, c := range map[string]struct {
		in   io.Reader
		stop bool
		want int
	}{
		"ctrl+c twice": {strings.NewReader("\x03\x03"), false, 0},
		"stopped":      {neverRead{}, true, 130},
	} {
		streams, _, _ := cli.Buffers(c.in)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		if c.stop {
			cancel()
		}
		err := Run(ctx, Options{Runner: script(nil), Network: clitest.Network, Streams: streams})
		cancel()
		if got := cli.ExitCode(err); got != c.want {
			t.Errorf("%s: exit %d, %v", name, got, err)
		}
	}
}

type neverRead struct{}

func (neverRead) Read([]byte) (int, error) { select {} }

func TestTheMailboxKeepsOrderAndNeverWaits(t *testing.T) {
	b := newMailbox()
	for i := range 10_000 {
		b.put(i)
	}
	got := b.next().(delivery)
	for i := range got {
		if got[i] != i {
			t.Fatalf("message %d is %v", i, got[i])
		}
	}
	if len(got) != 10_000 {
		t.Fatalf("%d messages", len(got))
	}
	b.close()
	if b.next() != nil {
		t.Error("a closed mailbox gave mail")
	}
}

func TestAFrontGivesUpWhenTheRunIsStopped(t *testing.T) {
	f := front{newMailbox(), func() time.Time { return clitest.Start }}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := f.Approve(ctx, clitest.Swap()); !refusal.Is(err, refusal.Interrupted) {
		t.Errorf("got %v", err)
	}
	if _, err := f.Ask(ctx, intents.Question{}); !refusal.Is(err, refusal.Interrupted) {
		t.Errorf("got %v", err)
	}
	if _, err := f.Password(ctx, clitest.Account, 1); !refusal.Is(err, refusal.Interrupted) {
		t.Errorf("got %v", err)
	}
}
