package tui

import (
	"fmt"

	"charm.land/bubbles/v2/viewport"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/internal/cli/show"
)

// transcript is what happened, as cards that are drawn once for a width.
type transcript struct {
	cards []card
	view  viewport.Model
	width int
	style styles
}

type card struct {
	key    string // a later card with the same key takes its place; empty: none does
	blocks []show.Block
	lines  []string
}

func newTranscript(s styles) transcript {
	v := viewport.New()
	v.FillHeight = true
	v.KeyMap = viewport.KeyMap{}
	return transcript{view: v, style: s}
}

// resize lays the transcript out anew where the width changed.
func (t *transcript) resize(width, height int) {
	follow := t.view.AtBottom()
	t.view.SetHeight(height)
	if width != t.width {
		t.width = width
		t.view.SetWidth(width)
		t.redraw()
	}
	if follow {
		t.view.GotoBottom()
	}
}

func (t *transcript) restyle(s styles) {
	t.style = s
	t.redraw()
}

func (t *transcript) redraw() {
	for i := range t.cards {
		t.cards[i].lines = t.draw(t.cards[i].blocks)
	}
	t.refresh()
}

func (t *transcript) draw(blocks []show.Block) []string {
	if t.width == 0 {
		return nil
	}
	var lines []string
	for _, b := range blocks {
		lines = append(lines, t.style.block(b, t.width)...)
	}
	return lines
}

// add appends a card, or puts it in the place of the one with its key.
func (t *transcript) add(key string, blocks ...show.Block) {
	if len(blocks) == 0 {
		return
	}
	c := card{key: key, blocks: blocks, lines: t.draw(blocks)}
	for i := len(t.cards) - 1; key != "" && i >= 0; i-- {
		if t.cards[i].key == key {
			t.cards[i] = c
			return
		}
	}
	t.cards = append(t.cards, c)
}

// refresh shows the cards, and follows the end if the end was in view.
func (t *transcript) refresh() {
	follow := t.view.AtBottom()
	var lines []string
	for _, c := range t.cards {
		lines = append(lines, c.lines...)
	}
	t.view.SetContentLines(lines)
	if follow {
		t.view.GotoBottom()
	}
}

// slot is the key of an event's card: states of one transaction take each other's place, everything else is kept.
func slot(e agent.Event) string {
	if e.Type == agent.TxMoved && e.Tx != nil {
		return fmt.Sprintf("tx/%s/%d/%d", e.Run, e.Step, e.Tx.Index)
	}
	return ""
}

// settle gives the card with that key its last content, and keeps it.
func (t *transcript) settle(key string, b show.Block) {
	t.add(key, b)
	for i := range t.cards {
		if t.cards[i].key == key {
			t.cards[i].key = ""
		}
	}
}
