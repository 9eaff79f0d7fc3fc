// Package show puts what happened into words: blocks of labelled lines that every front end prints in its own way.
//
// Nothing here knows of colours, keys or terminals. A Tone says what a line means, and the words of the line say it too, so
// that a front without colours loses nothing. Amounts are exact and carry their unit; addresses and hashes are whole, because
// people copy them.
//
// Invariant: every text that comes from outside this program (token names, revert texts, results of tools, answers of models)
// has been through Sanitize before it stands in a block, and a block holds either words or facts of the chain, never both.
package show

import (
	"strings"

	"charm.land/lipgloss/v2"
)

// Tone is what a line means.
type Tone uint8

// The tones.
const (
	Normal Tone = iota
	Muted
	Strong
	Good
	Warn
	Danger
)

// Source says where the lines of a block come from.
type Source uint8

// The sources.
const (
	Words Source = iota // the user, a planner or a tool said so
	Chain               // read from state, or simulated on it
)

// Line is a label and a text beside it. An empty label stands for a line of text of its own.
type Line struct {
	Label string
	Text  string
	Tone  Tone
}

// Block is a titled group of lines.
type Block struct {
	Title  string
	Source Source
	Tone   Tone
	Lines  []Line
}

func (b *Block) add(label, text string) { b.tone(Normal, label, text) }

func (b *Block) tone(t Tone, label, text string) {
	b.Lines = append(b.Lines, Line{Label: label, Text: text, Tone: t})
}

// Wrapping tells how long lines are broken.
type Wrapping uint8

// The wrappings.
const (
	BreakWords Wrapping = iota // also inside a word that is longer than the line
	KeepWords                  // an address or a hash stays whole, even where it sticks out
)

// narrow is how few columns no text is broken into.
const narrow = 14

// Wrapped returns the block's lines broken to width columns, labels padded to one column width. A continued line has an empty
// label. A width of zero or less breaks nothing.
func (b Block) Wrapped(width int, w Wrapping) []Line {
	labels := 0
	for _, l := range b.Lines {
		labels = max(labels, lipgloss.Width(l.Label))
	}
	var out []Line
	for _, l := range b.Lines {
		room, label := width, ""
		switch {
		case labels > 0 && width > 0 && width-labels-2 < narrow: // the label above the text instead of beside it
			if l.Label != "" {
				out = append(out, Line{Label: l.Label, Tone: l.Tone})
			}
			label, room = "  ", width-2
		case labels > 0:
			label = pad(l.Label, labels) + "  "
			room -= labels + 2
		}
		for _, text := range fold(l.Text, room, width, w) {
			out = append(out, Line{Label: label, Text: text, Tone: l.Tone})
			label = strings.Repeat(" ", lipgloss.Width(label))
		}
	}
	return out
}

// Text is the block as plain lines: the title, and the lines indented by two columns.
func (b Block) Text(width int, w Wrapping) []string {
	var out []string
	indent := ""
	if b.Title != "" {
		out = append(out, b.Title)
		indent = "  "
	}
	for _, l := range b.Wrapped(width-len(indent), w) {
		out = append(out, strings.TrimRight(indent+l.Label+l.Text, " "))
	}
	return out
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-lipgloss.Width(s)))
}

// fold breaks text at spaces into pieces of at most room columns. Runs of spaces inside a line are kept, since they align.
func fold(text string, room, width int, w Wrapping) []string {
	if width <= 0 || lipgloss.Width(text) <= room {
		return []string{text}
	}
	room = max(room, 8)
	var out []string
	line := ""
	for _, word := range strings.SplitAfter(text, " ") {
		if line != "" && lipgloss.Width(line+strings.TrimRight(word, " ")) > room {
			out = append(out, strings.TrimRight(line, " "))
			line = ""
		}
		for w == BreakWords && lipgloss.Width(strings.TrimRight(word, " ")) > room {
			head := cut(word, room)
			out = append(out, head)
			word = word[len(head):]
		}
		line += word
	}
	if strings.TrimSpace(line) != "" || len(out) == 0 {
		out = append(out, strings.TrimRight(line, " "))
	}
	return out
}

// cut returns the longest head of s that fits into room columns, and at least one rune.
func cut(s string, room int) string {
	used := 0
	for i, r := range s {
		used += lipgloss.Width(string(r))
		if used > room && i > 0 {
			return s[:i]
		}
	}
	return s
}
