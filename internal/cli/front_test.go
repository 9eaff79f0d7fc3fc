package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/internal/cli/clitest"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

func atStart() time.Time { return clitest.Start }

// plain is a front on a terminal where input was typed.
func plain(input string) (*cli.Plain, *bytes.Buffer, *bytes.Buffer) {
	s, out, err := cli.Buffers(strings.NewReader(input))
	s.Terminal(80)
	return &cli.Plain{Streams: s, Names: clitest.Names(), Now: atStart}, out, err
}

func TestAPlainRunIsOneText(t *testing.T) {
	f, out, prompts := plain("ab12\n")
	for _, e := range clitest.Before() {
		f.Event(e)
	}
	if _, err := f.Approve(t.Context(), clitest.Swap()); err != nil {
		t.Fatal(err)
	}
	for _, e := range clitest.After() {
		f.Event(e)
	}
	golden.RequireEqual(t, out.String()+"-- prompts --\n"+prompts.String())
}

func TestPlainTextHasNoEscapeSequence(t *testing.T) {
	f, out, _ := plain("")
	f.Streams.Setenv("CLICOLOR_FORCE", "1")
	for _, e := range append(clitest.Before(), clitest.After()...) {
		f.Event(e)
	}
	if strings.ContainsRune(out.String(), '\x1b') {
		t.Error("an escape sequence is in the text")
	}
}

func TestOnlyTheWordOfTheDigestSigns(t *testing.T) {
	for name, c := range map[string]struct {
		typed string
		want  refusal.Reason // empty: signed
	}{
		"the word":               {"ab12\n", ""},
		"upper case":             {"AB12\n", ""},
		"spaces around":          {"  ab12 \n", ""},
		"wrong, then right":      {"ab13\n\nab12\n", ""},
		"no":                     {"no\n", refusal.Declined},
		"enter, enter, enter":    {"\n\n\n", refusal.Declined},
		"y":                      {"y\nyes\ny\n", refusal.Declined},
		"right after three":      {"1\n2\n3\nab12\n", refusal.Declined},
		"closed":                 {"", refusal.Declined},
		"the recipient's letter": {"79c8\n79C8\n\n", refusal.Declined},
	} {
		f, _, _ := plain(c.typed)
		p := clitest.Transfer()
		a, err := f.Approve(t.Context(), p)
		switch {
		case c.want != "" && (!refusal.Is(err, c.want) || a != (wallet.Approval{})):
			t.Errorf("%s: %+v, %v", name, a, err)
		case c.want == "" && (err != nil || a != wallet.Approve(p, "terminal", clitest.Start)):
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
}

func TestWhatNoConsentHelpsIsNotAskedFor(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*wallet.Prepared)
		want   refusal.Reason
	}{
		"denied": {func(p *wallet.Prepared) { *p = *clitest.Forbidden() }, refusal.UnlimitedApproval},
		"a deny among others": {func(p *wallet.Prepared) {
			p.Verdict = wallet.Verdict{Decision: wallet.Ask, Findings: []wallet.Finding{{Decision: wallet.Deny, Reason: refusal.DayLimit}}}
		}, refusal.DayLimit},
		"denied without a reason": {func(p *wallet.Prepared) { p.Verdict = wallet.Verdict{} }, refusal.EffectsUnknown},
		"an unknown decision":     {func(p *wallet.Prepared) { p.Verdict.Decision = 9 }, refusal.EffectsUnknown},
		"no simulation":           {func(p *wallet.Prepared) { p.Effects = nil }, refusal.NoSimulation},
		"a revert":                {func(p *wallet.Prepared) { p.Effects.Txs[1].Success = false }, refusal.Reverted},
		"expired":                 {func(p *wallet.Prepared) { p.Expires = clitest.Start }, refusal.ApprovalExpired},
	} {
		p := clitest.Swap()
		c.change(p)
		f, _, prompts := plain("ab12\n")
		f.Approver = func(context.Context, *wallet.Prepared) (wallet.Approval, error) {
			t.Errorf("%s: the approver was asked", name)
			return wallet.Approval{}, nil
		}
		if _, err := f.Approve(t.Context(), p); !refusal.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if prompts.Len() > 0 {
			t.Errorf("%s: was asked for: %s", name, prompts)
		}
		if _, err := cli.ConsentFor(p, clitest.Start); !refusal.Is(err, c.want) {
			t.Errorf("%s on a screen: %v", name, err)
		}
	}
}

func TestAScreensWordFollowsTheVerdict(t *testing.T) {
	warned := clitest.Swap()
	warned.Verdict.Decision = wallet.Ask
	for want, p := range map[string]*wallet.Prepared{"y": clitest.Swap(), "79C8": clitest.Transfer(), "ab12": warned} {
		c, err := cli.ConsentFor(p, clitest.Start)
		if err != nil || c.Word != want {
			t.Errorf("%q, %v; want %q", c.Word, err, want)
		}
	}
}

func TestAnApprovalThatCameTooLateIsNone(t *testing.T) {
	f, _, _ := plain("ab12\n")
	calls := 0
	f.Now = func() time.Time {
		calls++
		if calls <= 3 {
			return clitest.Start
		}
		return clitest.Start.Add(time.Hour)
	}
	if _, err := f.Approve(t.Context(), clitest.Swap()); !refusal.Is(err, refusal.ApprovalExpired) {
		t.Errorf("got %v", err)
	}
}

func TestWithoutAPersonNothingIsAnswered(t *testing.T) {
	s, _, _ := cli.Buffers(strings.NewReader("ab12\nyes\n"))
	noInput, _, _ := plain("ab12\nyes\n")
	noInput.Streams.NoInput = true
	for name, f := range map[string]agent.Front{
		"pipes":      &cli.Plain{Streams: s, Names: clitest.Names(), Now: atStart},
		"--no-input": noInput,
		"--json":     &cli.JSON{Out: io.Discard},
	} {
		if _, err := f.Ask(t.Context(), intents.Question{Text: "which?"}); !refusal.Is(err, refusal.NeedsAnswer) {
			t.Errorf("%s: question: %v", name, err)
		}
		if _, err := f.Approve(t.Context(), clitest.Swap()); !refusal.Is(err, refusal.NeedsApproval) {
			t.Errorf("%s: approval: %v", name, err)
		}
		if _, err := f.Password(t.Context(), clitest.Account, 1); !refusal.Is(err, refusal.Locked) {
			t.Errorf("%s: password: %v", name, err)
		}
	}
}

func TestAnswersAreOptionsWhereThereAreOptions(t *testing.T) {
	options := intents.Question{Text: "which USDC?", Options: []string{"USDC", "USDC.e"}}
	for name, c := range map[string]struct {
		q           intents.Question
		typed, want string
		refused     bool
	}{
		"free":          {intents.Question{Text: "how much?"}, " 100 \n", "100", false},
		"number":        {options, "2\n", "USDC.e", false},
		"word":          {options, "usdc\n", "USDC", false},
		"second try":    {options, "DAI\n1\n", "USDC", false},
		"never":         {options, "0\n3\nno\n", "", true},
		"empty":         {intents.Question{Text: "how much?"}, "\n\n\n", "", true},
		"closed":        {options, "", "", true},
		"no line break": {options, "1", "USDC", false},
	} {
		f, _, _ := plain(c.typed)
		got, err := f.Ask(t.Context(), c.q)
		if got != c.want || refusal.Is(err, refusal.NeedsAnswer) != c.refused {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestALineTypedForAStoppedQuestionAnswersNoOther(t *testing.T) {
	in, keyboard := io.Pipe()
	s, _, _ := cli.Buffers(in)
	f := &cli.Plain{Streams: s.Terminal(80), Now: atStart}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := f.Ask(ctx, intents.Question{Text: "first?"}); !refusal.Is(err, refusal.Interrupted) {
		t.Fatalf("got %v", err)
	}
	go keyboard.Write([]byte("for the first\nfor the second\n"))
	got, err := f.Ask(t.Context(), intents.Question{Text: "second?"})
	if err != nil || got != "for the second" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestAnEndlessLineIsAnError(t *testing.T) {
	f, _, _ := plain(strings.Repeat("a", 1<<20))
	if _, err := f.Ask(t.Context(), intents.Question{Text: "?"}); !refusal.Is(err, refusal.NeedsAnswer) {
		t.Errorf("got %v", err)
	}
}

func TestAPasswordFileIsTriedOnce(t *testing.T) {
	f := &cli.JSON{Out: io.Discard, PasswordFile: "none"}
	if _, err := f.Password(t.Context(), clitest.Account, 1); !refusal.Is(err, refusal.KeyFile) {
		t.Errorf("got %v", err)
	}
	if _, err := f.Password(t.Context(), clitest.Account, 2); !refusal.Is(err, refusal.Locked) {
		t.Errorf("got %v", err)
	}
}

func TestJSONIsOneEventALine(t *testing.T) {
	var b bytes.Buffer
	f := &cli.JSON{Out: &b}
	for _, e := range append(clitest.Before(), clitest.After()...) {
		f.Event(e)
	}
	golden.RequireEqual(t, b.String())
	for line := range strings.Lines(b.String()) {
		var e agent.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Schema != 1 {
			t.Errorf("%v: %s", err, line)
		}
		if strings.Contains(line, "127.0.0.1") {
			t.Errorf("an endpoint is in %s", line)
		}
	}
}

func TestARefusalQuotesNoTokenOfAnEndpoint(t *testing.T) {
	e := agent.Event{Type: agent.Refused, Refusal: &agent.Refusal{Reason: refusal.RPCDown, Detail: `Post "https://rpc.example/v3/0123456789abcdef0123": refused`}}
	var b bytes.Buffer
	(&cli.JSON{Out: &b}).Event(e)
	f, out, _ := plain("")
	f.Event(e)
	for name, text := range map[string]string{"json": b.String(), "plain": out.String()} {
		if strings.Contains(text, "0123456789abcdef") || !strings.Contains(text, "rpc.example") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestWhereNobodyReadsTheEventsNothingIsApproved(t *testing.T) {
	f := &cli.JSON{Out: brokenPipe{}, Grant: func(context.Context, *wallet.Prepared) (wallet.Approval, error) {
		return wallet.Approval{By: "program"}, nil
	}}
	if a, err := f.Approve(t.Context(), clitest.Swap()); err != nil || a.By != "program" {
		t.Fatalf("%+v, %v", a, err)
	}
	f.Event(clitest.Before()[0])
	if _, err := f.Approve(t.Context(), clitest.Swap()); !refusal.Is(err, refusal.NeedsApproval) || f.Err() == nil {
		t.Errorf("got %v", err)
	}
}
