package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/term"

	"github.com/keymaker-agent/keymaker/refusal"
)

const (
	maxLine     = 64 << 10
	maxPassword = 4 << 10
)

var errLongLine = errors.New("the line is too long")

// lineReader reads lines on demand. A read that its asker gave up on stays under way, and its line is thrown away, so that
// what was typed for one question never answers the next.
type lineReader struct {
	mu      sync.Mutex
	in      *bufio.Reader
	stale   int
	results chan line
}

type line struct {
	text string
	err  error
}

func (l *lineReader) read(ctx context.Context, in io.Reader) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.in == nil {
		l.in, l.results = bufio.NewReaderSize(in, maxLine), make(chan line, 1)
	}
	for ; l.stale > 0; l.stale-- {
		select {
		case got := <-l.results:
			if got.err != nil {
				return "", got.err
			}
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	go func() {
		text, err := l.in.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			err = errLongLine
		case errors.Is(err, io.EOF) && len(text) > 0:
			err = nil
		}
		l.results <- line{strings.TrimRight(string(text), "\r\n"), err}
	}()
	select {
	case got := <-l.results:
		return got.text, got.err
	case <-ctx.Done():
		l.stale++
		return "", ctx.Err()
	}
}

// Line prints the prompt to Err and reads one line from In.
func (s *Streams) Line(ctx context.Context, prompt string) (string, error) {
	fmt.Fprint(s.Err, prompt)
	text, err := s.lines.read(ctx, s.In)
	if err != nil {
		fmt.Fprintln(s.Err)
	}
	return text, err
}

// Secret asks for a password on the controlling terminal, so that pipes stay clean, and shows nothing of it. The terminal is
// silent before the prompt appears: who answers at once is not seen either.
func (s *Streams) Secret(ctx context.Context, prompt string) (text []byte, err error) {
	tty, done, err := s.terminal()
	if err != nil {
		return nil, err
	}
	defer done()
	fd := int(tty.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return nil, fmt.Errorf("read the terminal's state: %w", err)
	}
	if err := hush(fd); err != nil {
		return nil, fmt.Errorf("silence the terminal: %w", err)
	}
	defer func() { err = errors.Join(err, term.Restore(fd, before)) }()
	fmt.Fprint(tty, prompt)
	defer fmt.Fprintln(tty)

	type secret struct {
		text []byte
		err  error
	}
	got := make(chan secret, 1)
	go func() {
		text, err := readSecret(tty)
		got <- secret{text, err}
	}()
	select {
	case x := <-got:
		return x.text, x.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// readSecret reads one line, byte by byte, into memory that never moves.
func readSecret(r io.Reader) ([]byte, error) {
	text := make([]byte, 0, maxPassword)
	for {
		n, err := r.Read(text[len(text) : len(text)+1])
		text = text[:len(text)+n]
		switch {
		case n == 1 && text[len(text)-1] == '\n':
			return text[:len(text)-1], nil
		case errors.Is(err, io.EOF) && len(text) > 0:
			return text, nil
		case err != nil:
			return nil, err
		case len(text) == maxPassword:
			clear(text)
			return nil, errLongLine
		}
	}
}

// terminal opens the controlling terminal, or takes In where it is one.
func (s *Streams) terminal() (tty *os.File, done func(), err error) {
	if tty, err := os.OpenFile(s.tty, os.O_RDWR, 0); err == nil {
		return tty, func() { tty.Close() }, nil
	}
	if in, ok := s.In.(*os.File); ok && isTerminal(in) {
		return in, func() {}, nil
	}
	return nil, nil, refusal.New(refusal.Locked, "there is no terminal to ask for the password").
		WithHint("run it in a terminal, or name a file with --password-file")
}

// PasswordFile reads a password from the first line of a file that nobody else can read.
func PasswordFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, refusal.New(refusal.KeyFile, "the password file %s can't be opened", path).Because(err).
			WithHint("name a file that holds the password in its first line, and that only you can read")
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, refusal.New(refusal.KeyFile, "the password file %s can't be read", path).Because(err)
	}
	if !info.Mode().IsRegular() {
		return nil, refusal.New(refusal.KeyFile, "%s is not a regular file", path)
	}
	if others := info.Mode().Perm() & 0o077; others != 0 && runtime.GOOS != "windows" {
		return nil, refusal.New(refusal.KeyFile, "others can read %s (mode %04o)", path, info.Mode().Perm()).
			WithHint("chmod 600 %s", path)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxPassword+1))
	if err != nil {
		return nil, refusal.New(refusal.KeyFile, "the password file %s can't be read", path).Because(err)
	}
	if len(text) > maxPassword {
		return nil, refusal.New(refusal.KeyFile, "%s is too large for a password file", path)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return []byte(strings.TrimSuffix(first, "\r")), nil
}
