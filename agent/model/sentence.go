package model

import (
	"strings"
	"unicode/utf8"

	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

const (
	maxSentence = 400 // runes that a model is given
	maxWord     = 24  // runes of one word
	maxSpans    = 32
)

// The words that stand for what a model has no business to see. The user's own words are in lower case, so none can be forged.
const (
	quoteWord  = "QUOTE" // quoted, pasted or reported text
	numberWord = "NUM"   // a word with digits that is no span
	longWord   = "WORD"
)

// sentence is what a model may see of a reading, and the spans that it may choose from.
type sentence struct {
	text   string
	spans  map[intents.Ref]intents.Span
	order  []intents.Ref
	joints int // words that may join two wishes
	pieces []intents.Piece
	shown  map[intents.Ref]intents.Ref // what the model is told that a span is called; nil: its own id
}

// delexicalise replaces each span by its id. It refuses a reading that hides something, or that is too long to be a wish.
func delexicalise(r *intents.Reading) (*sentence, error) {
	for _, mark := range r.Marks {
		if mark != intents.MarkFollowUp {
			return nil, refusal.New(refusal.HostileText, "the text is marked %s", mark)
		}
	}
	s := &sentence{spans: map[intents.Ref]intents.Span{}, pieces: r.Pieces()}
	for _, p := range s.pieces {
		if p.Span != nil && p.Span.Eligible && !p.Foreign {
			s.spans[p.Span.ID] = *p.Span
			s.order = append(s.order, p.Span.ID)
		}
		if joints[p.Word] {
			s.joints++
		}
	}
	s.text = s.spell()
	if utf8.RuneCountInString(s.text) > maxSentence || len(s.order) > maxSpans {
		return nil, refusal.New(refusal.HostileText, "the text is too long for a wish").WithHint("say it shorter")
	}
	return s, nil
}

// spell writes the sentence as the model sees it.
func (s *sentence) spell() string {
	var text strings.Builder
	for _, p := range s.pieces {
		word := s.word(p)
		if word == "" {
			continue
		}
		if text.Len() > 0 && !strings.Contains(",.;:?!", word) {
			text.WriteByte(' ')
		}
		text.WriteString(word)
	}
	return text.String()
}

func (s *sentence) word(p intents.Piece) string {
	switch {
	case p.Foreign, p.Span != nil && !p.Span.Eligible:
		return quoteWord
	case p.Span == nil:
		return bare(p)
	}
	if as, ok := s.shown[p.Span.ID]; ok {
		return string(as)
	}
	return string(p.Span.ID)
}

// joints are the words and marks that may stand between two wishes.
var joints = map[string]bool{
	",": true, ";": true, ".": true, "and": true, "then": true, "after": true, "afterwards": true, "plus": true, "also": true, "next": true,
	"finally": true, "und": true, "dann": true, "et": true, "puis": true, "y": true, "luego": true, "e": true, "poi": true,
}

// bare keeps the letters of a word, and of the signs those that a sentence is made of.
func bare(p intents.Piece) string {
	if len(p.Word) == 1 && strings.Contains(",.;:?!%&+/-", p.Word) {
		return p.Word
	}
	kept, n, digits := p.Letters()
	switch {
	case digits:
		return numberWord
	case n > maxWord:
		return longWord
	}
	return kept
}

// of lists the refs of the given kinds in the order of the text.
func (s *sentence) of(kinds ...intents.SpanKind) []intents.Ref {
	var found []intents.Ref
	for _, ref := range s.order {
		for _, k := range kinds {
			if s.spans[ref].Kind == k {
				found = append(found, ref)
			}
		}
	}
	return found
}
