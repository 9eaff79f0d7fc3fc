package tui

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/internal/cli/show"
	"github.com/keymaker-agent/keymaker/refusal"
)

// entry is a line to type in a dialog. A masked entry shows one sign per character.
type entry struct {
	text   []byte
	masked bool
	guard  guard
}

const maxEntry = 1024

// press edits the line, and reports enter.
func (e *entry) press(k tea.KeyPressMsg, keys keyMap) (submitted bool) {
	switch {
	case key.Matches(k, keys.Submit):
		return len(e.text) > 0
	case k.String() == "backspace":
		_, size := utf8.DecodeLastRune(e.text)
		e.cut(len(e.text) - size)
	case k.String() == "ctrl+u":
		e.cut(0)
	default:
		e.insert(k.Text)
	}
	return false
}

func (e *entry) insert(text string) {
	if len(e.text)+len(text) <= maxEntry {
		e.text = append(e.text, text...)
	}
}

// cut keeps the first n bytes and wipes the others.
func (e *entry) cut(n int) {
	clear(e.text[n:])
	e.text = e.text[:n]
}

func (e *entry) shown() string {
	if e.masked {
		return strings.Repeat("*", utf8.RuneCount(e.text)) + "_"
	}
	return string(e.text) + "_"
}

// question is the line that answers a question.
type question struct {
	q     intents.Question
	shown bool
	entry entry
	note  string
}

func (d *question) press(k tea.KeyPressMsg, keys keyMap, now time.Time) (answer, bool) {
	if key.Matches(k, keys.Cancel) {
		return answer{err: refusal.New(refusal.Declined, "you gave no answer")}, true
	}
	if !d.entry.guard.admit(now) || !d.entry.press(k, keys) {
		return answer{}, false
	}
	text, ok := cli.Choose(d.q, string(d.entry.text))
	if !ok {
		d.entry.cut(0)
		d.note = "type one of the options, or its number"
		return answer{}, false
	}
	return answer{text: text}, true
}

func (d *question) view(s styles, now time.Time, width int) string {
	d.entry.guard.drawn(now)
	if d.note != "" && len(d.entry.text) == 0 {
		return s.warn.Render(fit(d.note+": _", width))
	}
	return s.you.Render("answer: ") + fit(d.entry.shown(), width-len("answer: "))
}

// password is the line that unlocks an account.
type password struct {
	r     request
	entry entry
}

func (d *password) press(k tea.KeyPressMsg, keys keyMap, now time.Time) (answer, bool) {
	if key.Matches(k, keys.Cancel) {
		d.entry.cut(0)
		return answer{err: refusal.New(refusal.Declined, "you gave no password")}, true
	}
	if !d.entry.guard.admit(now) || !d.entry.press(k, keys) {
		return answer{}, false
	}
	secret := append([]byte(nil), d.entry.text...)
	d.entry.cut(0)
	return answer{secret: secret}, true
}

func (d *password) view(s styles, now time.Time, width int) []string {
	d.entry.guard.drawn(now)
	b := show.Block{Title: "unlock", Tone: show.Strong, Lines: []show.Line{{Label: "account", Text: d.r.account.Hex()}}}
	if d.r.attempt > 1 {
		b.Lines = append(b.Lines, show.Line{Label: "wrong", Text: fmt.Sprintf("try %d of 3", d.r.attempt), Tone: show.Danger})
	}
	prompt := s.strong.Render("password: ") + fit(d.entry.shown(), width-len("password: "))
	if !d.entry.guard.ready(now) {
		prompt = s.muted.Render("hands off the keys for a moment")
	}
	return append(s.block(b, width), "", prompt)
}
