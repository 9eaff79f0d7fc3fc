package main

import (
	"slices"
	"testing"
	"time"
)

// answers types an answer after the question has been read: what is typed too early counts for nothing.
func answers(p *pane, text string) {
	p.t.Helper()
	time.Sleep(600 * time.Millisecond)
	p.types(text)
	p.sees("answer: " + text + "_")
	p.presses("Enter")
}

func TestAPersonChangesARequestInARealTerminal(t *testing.T) {
	h := newHouse(t, build(t))
	p := newPane(t, h, "--dry-run")
	p.sees("Nothing is signed until you approve")
	p.types("send 25 USDC to " + h.friend().Hex())
	p.presses("Enter")
	p.sees("nothing was signed or sent", "done")

	p.types("make it 30")
	p.presses("Enter")
	p.sees("I read this as: transfer 30 USDC (kept) to", "(kept)", "comes on top of it", "1  yes", "answer: _")
	answers(p, "the cheaper one")
	p.sees("type one of the options")
	answers(p, "yep")
	p.sees("USDC  49,945", "done")

	p.types("same again")
	p.presses("Enter")
	p.sees("I read this as: transfer 30 (kept) USDC (kept)", "answer: _")
	answers(p, "never mind")
	p.sees("refused: declined", "you took it back")
	p.presses("C-d")
	if code := p.ended(); code != "0" {
		t.Errorf("exit code %s", code)
	}
	if n := h.mined(); n != 0 {
		t.Errorf("%d transactions", n)
	}
	var words []string
	for _, e := range h.history() {
		words = append(words, e.Words)
	}
	if want := []string{"same again", "make it 30", "send 25 USDC to " + h.friend().Hex()}; !slices.Equal(words, want) {
		t.Errorf("the journal has %q, want %q", words, want)
	}
}
