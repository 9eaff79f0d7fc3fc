// Package cli is the program's side of a terminal: streams, prompts, errors, exit codes, and the two front ends that need no
// screen.
//
// Data goes to Out, everything else to Err. Whether there is a person is decided here once: a prompt needs a terminal on In
// and on Err, and --no-input wins over both. Colours follow NO_COLOR, CLICOLOR_FORCE and TERM, and ACCESSIBLE asks for plain,
// append-only text; nothing else in the program reads these variables.
//
// Invariant: where there is nobody to ask, the answer is a refusal with a name, never a yes.
package cli

import (
	"bytes"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/colorprofile"
	"golang.org/x/term"
)

const defaultWidth = 80

// Streams are the three standard streams, and what is known of the terminals behind them.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer

	NoInput bool // --no-input: never ask

	env                   []string
	inTTY, outTTY, errTTY bool
	width                 int    // 0: ask the terminal
	tty                   string // the controlling terminal; empty: none
	lines                 lineReader
}

// System is the process's own streams.
func System() *Streams {
	return &Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		env:    os.Environ(),
		tty:    "/dev/tty",
		inTTY:  isTerminal(os.Stdin),
		outTTY: isTerminal(os.Stdout),
		errTTY: isTerminal(os.Stderr),
	}
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// Buffers is streams in memory, without a terminal or an environment.
func Buffers(in io.Reader) (s *Streams, out, err *bytes.Buffer) {
	out, err = &bytes.Buffer{}, &bytes.Buffer{}
	return &Streams{In: in, Out: out, Err: err}, out, err
}

// Terminal makes the streams count as a terminal of that width.
func (s *Streams) Terminal(width int) *Streams {
	s.inTTY, s.outTTY, s.errTTY, s.width = true, true, true, width
	return s
}

// Setenv sets a variable of the environment that the streams go by. The process's own is not changed.
func (s *Streams) Setenv(name, value string) {
	s.env = append(slices.Clone(s.env), name+"="+value)
}

func (s *Streams) getenv(name string) string {
	for _, kv := range slices.Backward(s.env) {
		if key, value, _ := strings.Cut(kv, "="); key == name {
			return value
		}
	}
	return ""
}

// Environ is the environment with NO_COLOR in the one spelling that every library reads.
func (s *Streams) Environ() []string {
	if s.getenv("NO_COLOR") == "" {
		return s.env
	}
	return append(slices.Clone(s.env), "NO_COLOR=1")
}

// Interactive reports whether there is somebody to ask.
func (s *Streams) Interactive() bool { return s.inTTY && s.errTTY && !s.NoInput }

// Screen reports whether a full-screen front end can run: terminals on both sides that can move a cursor, and a person who
// did not ask for plain text.
func (s *Streams) Screen() bool {
	return s.Interactive() && s.outTTY && s.getenv("TERM") != "dumb" && !s.Accessible()
}

// Accessible reports whether the person asked for text without pictures.
func (s *Streams) Accessible() bool { return truthy(s.getenv("ACCESSIBLE")) }

// Colors is what Out can show.
func (s *Streams) Colors() colorprofile.Profile {
	switch {
	case s.getenv("NO_COLOR") != "":
		return colorprofile.ASCII
	case truthy(s.getenv("CLICOLOR_FORCE")):
		return max(colorprofile.Env(s.env), colorprofile.ANSI)
	case !s.outTTY || s.getenv("TERM") == "dumb" || s.getenv("CLICOLOR") == "0":
		return colorprofile.NoTTY
	}
	return colorprofile.Env(s.env)
}

// Width is Out's width in columns; 0 where Out is no terminal, so that logs and pipes get whole lines.
func (s *Streams) Width() int {
	if s.width > 0 || !s.outTTY {
		return s.width
	}
	f, ok := s.Out.(*os.File)
	if !ok {
		return defaultWidth
	}
	w, _, err := term.GetSize(int(f.Fd()))
	if err != nil || w <= 0 {
		return defaultWidth
	}
	return w
}

func truthy(v string) bool {
	if v == "" {
		return false
	}
	b, err := strconv.ParseBool(v)
	return err != nil || b
}
