package tui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/internal/cli/clitest"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

// opened is a screen on which p is open, and the guard is too.
func opened(t *testing.T, p *wallet.Prepared) (*screen, <-chan answer) {
	t.Helper()
	s := newScreen(t, 80, 24)
	s.start()
	got := s.approve(p)
	s.press("tab")
	s.wait(quiet)
	return s, got
}

func TestARequestNeverTakesTheKeyboard(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.start()
	s.typed("and then ")
	got := s.approve(clitest.Swap())
	s.typed("yes, y")
	s.press("enter")
	s.wait(time.Second)
	s.typed("y")
	s.press("enter")
	s.silent(got)
	s.shows("something waits for you", "> and then yes, yy")
	s.press("tab")
	s.shows("SIGN on Devnet, test money")
	s.press("tab")
	s.shows("> and then yes, yy")
	s.silent(got)
}

func TestARequestRingsTheBell(t *testing.T) {
	s := newScreen(t, 80, 24)
	cmd := s.m.take(request{prepared: clitest.Swap(), answer: make(chan answer, 1)})
	if raw, ok := cmd().(tea.RawMsg); !ok || raw.Msg != "\a" {
		t.Errorf("got %#v", cmd())
	}
}

func TestKeysBeforeHalfASecondOfQuietSignNothing(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.start()
	got := s.approve(clitest.Swap())
	s.press("tab")
	for range 20 { // a hand that goes on typing keeps the screen shut
		s.wait(400 * time.Millisecond)
		s.press("y", "enter")
	}
	s.silent(got)
	s.shows("hands off the keys")
	s.wait(quiet)
	s.shows("type y, then enter, to sign: _")
	s.press("y", "enter")
	if a := s.answered(got); a.err != nil || a.approval != wallet.Approve(clitest.Swap(), "tui", s.now) {
		t.Errorf("got %+v", a)
	}
	s.shows("you signed", clitest.Digest.Hex())
}

func TestAScreenThatWasNotDrawnSignsNothing(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.start()
	got := s.approve(clitest.Swap())
	s.m.Update(press("tab"))
	s.now = s.now.Add(time.Minute / 2)
	s.m.Update(press("y"))
	s.m.Update(press("enter"))
	s.silent(got)
}

func TestEnterAloneNeverSigns(t *testing.T) {
	for _, p := range []*wallet.Prepared{clitest.Swap(), clitest.Transfer()} {
		s, got := opened(t, p)
		s.press("enter", "enter", "enter")
		s.silent(got)
		s.shows("that signs nothing")
	}
}

func TestTheWordSignsAndNothingElseDoes(t *testing.T) {
	warned := clitest.Swap()
	warned.Verdict.Decision = wallet.Ask
	for name, c := range map[string]struct {
		p     *wallet.Prepared
		typed string
		signs bool
	}{
		"y":                               {clitest.Swap(), "y", true},
		"Y":                               {clitest.Swap(), "Y", true},
		"yes":                             {clitest.Swap(), "yes", false},
		"n":                               {clitest.Swap(), "n", false},
		"y where the policy asks":         {clitest.Transfer(), "y", false},
		"the recipient's end":             {clitest.Transfer(), "79C8", true},
		"the recipient's end, small":      {clitest.Transfer(), "79c8", true},
		"the recipient's end, twice":      {clitest.Transfer(), "79c879c8", false},
		"the digest's end":                {warned, "ab12", true},
		"the digest's end for a transfer": {clitest.Transfer(), "ab12", false},
	} {
		s, got := opened(t, c.p)
		s.typed(c.typed)
		s.silent(got)
		s.press("enter")
		if !c.signs {
			s.silent(got)
			s.typed("")
			s.press("esc")
			if a := s.answered(got); !refusal.Is(a.err, refusal.Declined) {
				t.Errorf("%s: %+v", name, a)
			}
			continue
		}
		if a := s.answered(got); a.err != nil || a.approval.Digest != c.p.Digest {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func TestABackspaceCorrectsTheWord(t *testing.T) {
	s, got := opened(t, clitest.Transfer())
	s.typed("79x")
	s.press("backspace")
	s.typed("c8")
	s.press("enter")
	if a := s.answered(got); a.err != nil {
		t.Errorf("got %v", a.err)
	}
}

func TestEscAndCtrlCDecline(t *testing.T) {
	for _, k := range []string{"esc", "ctrl+c"} {
		s := newScreen(t, 80, 24)
		s.start()
		got := s.approve(clitest.Swap())
		s.press("tab", k)
		if a := s.answered(got); !refusal.Is(a.err, refusal.Declined) {
			t.Errorf("%s: %+v", k, a)
		}
		s.shows("you declined it")
	}
}

func TestMousePasteAndHeldKeysSignNothing(t *testing.T) {
	s, got := opened(t, clitest.Swap())
	s.send(tea.MouseClickMsg{X: 10, Y: 20, Button: tea.MouseLeft})
	s.send(tea.PasteMsg{Content: "y\n"})
	s.press("enter")
	s.wait(quiet)
	s.send(tea.KeyPressMsg{Code: 'y', Text: "y", IsRepeat: true})
	s.press("enter")
	s.silent(got)
}

func TestAFocusedWindowStartsTheGuardAgain(t *testing.T) {
	s, got := opened(t, clitest.Swap())
	s.press("y")
	s.send(tea.FocusMsg{})
	s.press("enter", "y", "enter")
	s.silent(got)
	s.wait(quiet)
	s.press("y", "enter")
	s.answered(got)
}

func TestResizingDuringApprovalClosesAndKeepsIt(t *testing.T) {
	s, got := opened(t, clitest.Swap())
	s.press("y")
	s.send(tea.WindowSizeMsg{Width: 20, Height: 24})
	s.shows("needs 60x16")
	s.wait(quiet)
	s.press("y", "enter", "tab", "y", "enter")
	s.silent(got)
	s.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	s.shows("APPROVAL WAITS")
	s.wait(quiet)
	s.press("enter")
	s.silent(got)
	s.press("tab")
	s.wait(quiet)
	s.press("y", "enter")
	s.answered(got)
}

func TestALongRequestIsReadToTheEndFirst(t *testing.T) {
	s := newScreen(t, 60, 16)
	s.start()
	got := s.approve(clitest.Swap())
	s.press("tab")
	s.wait(time.Second)
	s.shows("read to the end to sign", "more below")
	s.press("y", "enter")
	s.silent(got)
	for range 5 {
		s.press("pgdown")
	}
	s.wait(quiet)
	s.shows("type y", clitest.Digest.Hex()[:40])
	s.press("up", "y", "enter")
	s.answered(got)
}

func TestTheRawViewSignsNothing(t *testing.T) {
	s, got := opened(t, clitest.Swap())
	s.press("ctrl+r")
	s.shows("0x04e45aaf", "nonce 119")
	s.press("y", "enter")
	s.silent(got)
	s.press("ctrl+r", "y", "enter")
	s.answered(got)
}

func TestAnOldRequestExpires(t *testing.T) {
	s, got := opened(t, clitest.Swap())
	s.press("y")
	s.now = clitest.Start.Add(time.Minute)
	s.press("enter")
	if a := s.answered(got); !refusal.Is(a.err, refusal.ApprovalExpired) {
		t.Errorf("got %+v", a)
	}

	s = newScreen(t, 80, 24)
	s.start()
	got = s.approve(clitest.Swap())
	s.wait(2 * time.Minute)
	if a := s.answered(got); !refusal.Is(a.err, refusal.ApprovalExpired) {
		t.Errorf("waiting: got %+v", a)
	}
	s.shows("nobody approved it in time")
}

func TestADeniedRequestIsNotEvenShown(t *testing.T) {
	f := front{newMailbox(), func() time.Time { return clitest.Start }}
	if _, err := f.Approve(t.Context(), clitest.Forbidden()); !refusal.Is(err, refusal.UnlimitedApproval) {
		t.Errorf("got %v", err)
	}
	if mail := f.mail.take(); len(mail) > 0 {
		t.Errorf("mail: %v", mail)
	}
}

func TestARequestThatWasWithdrawnIsGone(t *testing.T) {
	s := newScreen(t, 80, 24)
	s.start()
	got := make(chan answer, 1)
	s.send(delivery{request{prepared: clitest.Swap(), answer: got}})
	s.press("tab")
	s.wait(quiet)
	s.send(delivery{withdrawn{got}})
	s.press("y", "enter")
	s.silent(got)
	if strings.Contains(s.text(), "SIGN on") || strings.Contains(s.text(), "WAITS") {
		t.Errorf("still there:\n%s", s.text())
	}
}

func TestAWrongTokenNameCanNotDrawOnTheScreen(t *testing.T) {
	p := clitest.Transfer()
	p.Title = "Send\x1b[2J\x1b[H 1 \u202eUSDC"
	p.Network.Name = "Dev\x1b]0;x\anet"
	s, _ := opened(t, p)
	for _, bad := range []string{"\x1b[2J", "\x1b[H", "\u202e", "\x1b]0"} {
		if strings.Contains(s.m.View().Content, bad) {
			t.Errorf("%q is on the screen", bad)
		}
	}
}

// However keys, waits and sizes follow each other: what is signed was open, whole and quiet before, and named by its word.
func TestNoSequenceOfKeysSignsWithoutTheWord(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newScreen(t, 80, 24)
		s.start()
		got := s.approve(clitest.Transfer())
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			switch k := rapid.SampledFrom([]string{"wait", "small", "large", "focus", "enter", "tab", "y", "7", "9", "c", "backspace", "ctrl+r", "pgdown", "paste"}).Draw(rt, "do"); k {
			case "wait":
				s.wait(rapid.SampledFrom([]time.Duration{time.Millisecond, quiet}).Draw(rt, "for"))
			case "small":
				s.send(tea.WindowSizeMsg{Width: 20, Height: 24})
			case "large":
				s.send(tea.WindowSizeMsg{Width: 80, Height: 24})
			case "focus":
				s.send(tea.FocusMsg{})
			case "paste":
				s.send(tea.PasteMsg{Content: "79c8\n"})
			default:
				s.press(k)
			}
		}
		select {
		case a := <-got:
			if a.err == nil {
				rt.Fatalf("signed: %+v", a)
			}
		default:
		}
	})
}
