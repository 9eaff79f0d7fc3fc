package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"time"

	"github.com/creack/pty"
)

// typist sits before a pseudo-terminal: it copies what the program prints, and types what its prompts ask for, each once. It
// knows no word that is not on the screen but the password.
type typist struct {
	out      io.Writer
	password string
	pause    time.Duration  // before each answer: a reader should see the prompt
	declines bool           // answers no where a signature is asked for
	means    *regexp.Regexp // what a reading has to look like to be confirmed; nil: nothing is
	asked    string         // answers any other question
	eager    string         // typed before anything is asked
	columns  uint16         // of the terminal; zero: 100

	tty  *os.File
	seen bytes.Buffer // since the last answer
}

var (
	askedToSign     = regexp.MustCompile(`type ([0-9a-fA-F]{4}) \([^)]*\), or no: $`)
	askedToUnlock   = regexp.MustCompile(`password of 0x[0-9a-fA-F]{40}[^:]*: $`)
	askedForMeaning = regexp.MustCompile(`answer: $`)
)

// run starts the program in a terminal of its own and waits for its end, whose error it returns.
func (t *typist) run(cmd *exec.Cmd) error {
	columns := t.columns
	if columns == 0 {
		columns = 100
	}
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: columns})
	if err != nil {
		return fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	defer tty.Close()
	t.tty = tty
	if t.eager != "" {
		_, _ = io.WriteString(tty, t.eager)
	}
	t.follow()
	return cmd.Wait()
}

// follow ends when the program does: reading its terminal then fails.
func (t *typist) follow() {
	buf := make([]byte, 4096)
	for {
		n, err := t.tty.Read(buf)
		if n > 0 {
			_, _ = t.out.Write(bytes.ReplaceAll(buf[:n], []byte("\r\n"), []byte("\n")))
			t.seen.Write(buf[:n])
			t.answer()
		}
		if err != nil {
			return
		}
	}
}

func (t *typist) answer() {
	screen := t.seen.Bytes()
	switch {
	case askedToSign.Match(screen) && t.declines:
		t.send("no")
	case askedToSign.Match(screen):
		t.send(string(askedToSign.FindSubmatch(screen)[1]))
	case askedToUnlock.Match(screen):
		t.send(t.password)
	case askedForMeaning.Match(screen):
		t.send(t.meaning(screen))
	}
}

func (t *typist) send(text string) {
	time.Sleep(t.pause)
	t.seen.Reset()
	_, _ = io.WriteString(t.tty, text+"\n")
}

// meaning confirms a reading that is the right one, and answers other questions.
func (t *typist) meaning(screen []byte) string {
	if !bytes.Contains(screen, []byte("I read this as")) {
		return t.asked
	}
	if t.means != nil && t.means.Match(bytes.Join(bytes.Fields(screen), []byte(" "))) {
		return "yes"
	}
	return "no"
}
