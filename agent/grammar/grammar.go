// Package grammar is the planner that needs no model: a hand-written grammar of how people talk to wallets.
//
// An order is cut into clauses; a clause is a verb and phrases; a phrase is a preposition and what it leads to. The verb's frame
// tells which role each phrase plays: what is paid, what is got, who receives, where. Phrases come in any order, also before the
// verb; a clause without a verb is read by its shape; a noun may stand for the verb (a swap of), and what the order is about may be
// said before it (I have 100 USDC, swap it). A question, a revocation and an approval have one span of a kind, and are read as bags
// of words; they may stand between orders. A word that is a slip of one known word counts as that word. The grammar never looks at
// what a span says, only at its kind and its place.
//
// Invariant: a sentence is covered wholly or not at all. Every word of a covered sentence is a verb, a preposition, a span, or
// a word that is known to change nothing; one word that is none of these, and the draft is empty.
package grammar

import (
	"context"
	"slices"
	"strings"

	"github.com/keymaker-agent/keymaker/intents"
)

// Planner drafts what the grammar covers. It has no state.
type Planner struct{}

// New returns the planner.
func New() *Planner { return &Planner{} }

// Name is how the planner is called in events and journals.
func (*Planner) Name() string { return "grammar" }

// Plan reads a sentence. An empty draft means that the grammar does not cover it.
func (*Planner) Plan(_ context.Context, r *intents.Reading) (intents.Draft, error) {
	if err := intents.Hostile(r); err != nil {
		return intents.Draft{}, err
	}
	items, ok := own(r)
	if !ok {
		return intents.Draft{}, nil
	}
	if d, ok := reward(items); ok { // before slips are mended: none orders anything
		return d, nil
	}
	items = mended(items)
	if len(items) == 0 || idle(items) {
		return intents.Draft{Steps: []intents.Step{{Action: intents.None}}}, nil
	}
	if d, ok := ask(items); ok {
		return d, nil
	}
	d := order(items)
	if len(d.Steps) > 1 && slices.ContainsFunc(d.Steps, spenderless) {
		return intents.Draft{}, nil
	}
	return d, nil
}

// spenderless reports whether a step approves a protocol and no address. Beside other steps it is not sure whether it is a wish
// of its own, or what one of them needs anyway.
func spenderless(s intents.Step) bool {
	return s.Action == intents.Approve && s.Recipient == ""
}

// item is a word or a span of the user's own words.
type item struct {
	word string
	span *intents.Span
	ends bool // a sentence ends before it
}

// kind is the span's kind, or nothing for a word.
func (t item) kind() intents.SpanKind {
	if t.span == nil {
		return ""
	}
	return t.span.Kind
}

// own returns the user's own words. A pasted block is left out and ends a sentence. Quoted or reported words are left out with
// the sentence that they stand in, where that orders nothing itself; in an order they make the order unclear.
func own(r *intents.Reading) ([]item, bool) {
	var items, sentence []item
	foreign, ends, retracted := false, false, false
	flush := func() bool {
		if foreign && !mentions(sentence) {
			return false
		}
		if !foreign {
			items = append(items, sentence...)
		}
		retracted = retracted || foreign && anyWord(sentence, retractions)
		sentence, foreign = nil, false
		return true
	}
	pieces := r.Pieces()
	for k, p := range pieces {
		stop := p.Word == "." || p.Word == "!" || p.Word == "?" || p.Word == ";"
		if (p.Break || ends) && !flush() {
			return nil, false
		}
		switch {
		case p.Foreign:
			block := strings.ContainsRune("<[{`|>", rune(r.Text[p.Start]))
			foreign, ends = foreign || !block, ends || block
			continue
		case pictorial(p.Word) || p.Word == "step" && k+1 < len(pieces) && numeral(pieces[k+1].Word):
			continue
		case numeral(p.Word) && lists(pieces, k): // 1) swap 2) send
			sentence = append(sentence, item{word: ";", ends: len(items)+len(sentence) > 0})
		default:
			sentence = append(sentence, item{p.Word, p.Span, ends || (p.Break && len(items)+len(sentence) > 0)})
		}
		ends = stop
	}
	ok := flush()
	return items, ok && !(retracted && len(items) > 0)
}

// numeral reports whether a word is the number of a list's item: any other number is a span.
func numeral(word string) bool { return word != "" && strings.Trim(word, "0123456789") == "" }

// lists reports whether the number at piece k numbers what follows: it opens a line or the text, or step or a bracket stands beside it.
func lists(pieces []intents.Piece, k int) bool {
	if k+2 >= len(pieces) {
		return false
	}
	next := pieces[k+1].Word
	return k == 0 || pieces[k].Break || pieces[k-1].Word == "step" || pieces[k-1].Word == "(" || next == ")" || next == "." || next == ":"
}

// mentions reports whether the words around a foreign stretch order nothing themselves.
func mentions(sentence []item) bool {
	for _, t := range sentence {
		if _, verb := intents.VerbFamily(t.word); verb || t.span != nil {
			return false
		}
	}
	return true
}

// retractions are words that, beside a foreign stretch, may take back or put off what other sentences order.
var retractions = set(`instead sorry oops wait forget unless undo until till after before when once if maybe perhaps kidding joking joke hold hang later tomorrow was were would
	ask first confirm scratch nevermind mind wrong mistake actually rather test unsure`)

// pictorial reports whether a word is an emoji or another sign that says nothing here.
func pictorial(word string) bool {
	for _, r := range word {
		return r > 0x2190 && r != '→' && r != '➡' && r < 0x3000 && (r < 0x2200 || r > 0x22ff) || r >= 0x1f000
	}
	return false
}
