package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/internal/cli/clitest"
	"github.com/keymaker-agent/keymaker/refusal"
)

func TestEveryReasonHasAnExitCodeOfTheDesign(t *testing.T) {
	codes := []int{1, 2, 3, 4, 5, 6, 7, 130}
	for _, r := range refusal.Reasons() {
		if c := cli.ExitCode(refusal.New(r, "x")); !slices.Contains(codes, c) {
			t.Errorf("%s exits with %d", r, c)
		}
	}
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{errors.New("x"), 1},
		{fmt.Errorf("dial: %w", refusal.New(refusal.RPCDown, "x")), 1},
		{refusal.New(refusal.Usage, "x"), 2},
		{refusal.New(refusal.Declined, "x"), 3},
		{refusal.New(refusal.Locked, "x"), 4},
		{refusal.New(refusal.NeedsApproval, "x"), 5},
		{refusal.New(refusal.Reverted, "x"), 6},
		{refusal.New(refusal.Unconfirmed, "x"), 7},
		{refusal.New(refusal.Interrupted, "x"), 130},
		{fmt.Errorf("read: %w", context.Canceled), 130},
		{refusal.New(refusal.Unconfirmed, "x").Because(context.Canceled), 7},
	} {
		if got := cli.ExitCode(c.err); got != c.want {
			t.Errorf("%v exits with %d, want %d", c.err, got, c.want)
		}
	}
}

func TestErrorsSayWhatAndWhatToDo(t *testing.T) {
	var b bytes.Buffer
	cli.PrintError(&b, fmt.Errorf("run: %w", refusal.New(refusal.RPCDown, "devnet does not answer\x1b[2J").Because(errors.New(`Post "https://user:pw@rpc.example/v2/0123456789abcdef0123?key=s3cret": refused`))))
	want := `keymaker: devnet does not answer[2J
cause: Post "https://[redacted]@rpc.example/v2/[redacted]?[redacted]": refused
hint: check the network's rpc in your config with: keymaker doctor
`
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}

	b.Reset()
	cli.PrintError(&b, errors.New("disk full"))
	if b.String() != "keymaker: disk full\n" {
		t.Errorf("got %q", b.String())
	}

	b.Reset()
	cli.PrintErrorJSON(&b, refusal.New(refusal.NoRoute, "no pool"))
	var line struct {
		Schema int
		Error  cli.Fault
	}
	if err := json.Unmarshal(b.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if line.Schema != 1 || line.Error != (cli.Fault{Reason: "no_route", Detail: "no pool", Hint: line.Error.Hint, ExitCode: 1}) {
		t.Errorf("got %+v", line)
	}
	if f := cli.Explain(errors.New("disk full")); f.Reason != "failed" || f.ExitCode != 1 {
		t.Errorf("got %+v", f)
	}
	if f := cli.Explain(context.Canceled); f.Reason != "interrupted" || f.ExitCode != 130 || f.Hint == "" {
		t.Errorf("got %+v", f)
	}
}

func TestHashesStayInErrorsForPeople(t *testing.T) {
	f := cli.Explain(refusal.New(refusal.Unconfirmed, "%s has no receipt", clitest.Hash.Hex()))
	if !strings.Contains(f.Detail, clitest.Hash.Hex()) {
		t.Errorf("got %s", f.Detail)
	}
}

const key = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"

func TestLogsHoldNoSecret(t *testing.T) {
	var b bytes.Buffer
	log := slog.New(cli.Redacting(slog.NewJSONHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug})))
	log = log.With("rpc", "https://eth.example/v3/0123456789abcdef0123456789abcdef").WithGroup("g").With("mnemonic", "test test test junk")
	log.Info("imported 0x"+key,
		"bare", key, "upper", "0X"+strings.ToUpper(key), "password", "hunter2", "api_key", 1234567,
		"err", fmt.Errorf("dial wss://u:hunter2@x.example/?token=hunter2"), "raw", []byte("hunter2"),
		slog.Group("deep", "passphrase", "hunter2", "list", []string{key}),
		"hash", clitest.Hash, "account", clitest.Account, "n", 7)
	got := b.String()
	for _, leak := range []string{key, strings.ToUpper(key), "hunter2", "1234567", "0123456789abcdef0123456789abcdef\"", "junk"} {
		if strings.Contains(got, leak) {
			t.Errorf("%q leaks in %s", leak, got)
		}
	}
	for _, want := range []string{clitest.Hash.Hex(), clitest.Account.Hex(), "eth.example", `"n":7`} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in %s", want, got)
		}
	}
}

func FuzzRedact(f *testing.F) {
	for _, s := range []string{key, "0x" + key, "0" + key, "k" + key + "0", "https://a:b@c/d?e=f#g", "http://[::1]:80/x", "https://%zz", "postgres://u:p@h/db"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := cli.Redact(s + " " + key + " https://user:hunter2@host.example/?k=hunter2 ")
		if strings.Contains(got, key) || strings.Contains(got, "hunter2@") || strings.Contains(got, "k=hunter2") {
			t.Fatalf("%q leaks: %q", s, got)
		}
	})
}

func TestColoursFollowTheEnvironment(t *testing.T) {
	for name, c := range map[string]struct {
		env  []string
		tty  bool
		want colorprofile.Profile
	}{
		"a pipe":                 {nil, false, colorprofile.NoTTY},
		"a pipe that is forced":  {[]string{"CLICOLOR_FORCE", "1"}, false, colorprofile.ANSI},
		"forced off is not on":   {[]string{"CLICOLOR_FORCE", "0"}, false, colorprofile.NoTTY},
		"a dumb terminal":        {[]string{"TERM", "dumb"}, true, colorprofile.NoTTY},
		"a terminal":             {[]string{"TERM", "xterm-256color"}, true, colorprofile.ANSI256},
		"no colour":              {[]string{"TERM", "xterm-256color", "NO_COLOR", "1"}, true, colorprofile.ASCII},
		"no colour by any value": {[]string{"TERM", "xterm-256color", "NO_COLOR", "please"}, true, colorprofile.ASCII},
		"no colour beats forced": {[]string{"CLICOLOR_FORCE", "1", "NO_COLOR", "1"}, true, colorprofile.ASCII},
	} {
		s, _, _ := cli.Buffers(strings.NewReader(""))
		if c.tty {
			s.Terminal(80)
		}
		for i := 0; i < len(c.env); i += 2 {
			s.Setenv(c.env[i], c.env[i+1])
		}
		if got := s.Colors(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if slices.Contains(c.env, "NO_COLOR") && !slices.Contains(s.Environ(), "NO_COLOR=1") {
			t.Errorf("%s: libraries don't hear of it", name)
		}
	}
}

func TestOnlyAnAblePersonsTerminalGetsAScreen(t *testing.T) {
	for name, c := range map[string]struct {
		setup               func(*cli.Streams)
		interactive, screen bool
	}{
		"pipes":       {func(*cli.Streams) {}, false, false},
		"a terminal":  {func(s *cli.Streams) { s.Terminal(80) }, true, true},
		"no input":    {func(s *cli.Streams) { s.Terminal(80).NoInput = true }, false, false},
		"dumb":        {func(s *cli.Streams) { s.Terminal(80).Setenv("TERM", "dumb") }, true, false},
		"accessible":  {func(s *cli.Streams) { s.Terminal(80).Setenv("ACCESSIBLE", "1") }, true, false},
		"accessible0": {func(s *cli.Streams) { s.Terminal(80).Setenv("ACCESSIBLE", "0") }, true, true},
	} {
		s, _, _ := cli.Buffers(strings.NewReader(""))
		c.setup(s)
		if s.Interactive() != c.interactive || s.Screen() != c.screen {
			t.Errorf("%s: interactive %t, screen %t", name, s.Interactive(), s.Screen())
		}
	}
}

func TestPasswordFilesAreTheOwnersAlone(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, c := range map[string]struct{ path, want string }{
		"first line":  {write("a", "s3cret\nsecond\n", 0o600), "s3cret"},
		"windows end": {write("b", "s3cret\r\n", 0o400), "s3cret"},
		"spaces stay": {write("c", " s3 cret ", 0o600), " s3 cret "},
	} {
		if got, err := cli.PasswordFile(c.path); err != nil || string(got) != c.want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for name, path := range map[string]string{
		"group reads": write("d", "x", 0o640),
		"all read":    write("e", "x", 0o604),
		"a folder":    dir,
		"absent":      filepath.Join(dir, "none"),
		"too large":   write("f", strings.Repeat("x", 5000), 0o600),
	} {
		if _, err := cli.PasswordFile(path); !refusal.Is(err, refusal.KeyFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
