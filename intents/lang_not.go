package intents

import (
	"strings"
	"sync"
)

// deniedAbroad are the words that say not in one of the tongues and mean nothing else in English: whatever language a text is
// taken for, it orders nothing with one of these.
var deniedAbroad = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for _, t := range tongues {
		for w := range t.read().negative {
			if len(w) > 3 || !ascii(w) {
				set[w] = true
			}
		}
	}
	for w := range negations {
		delete(set, w)
	}
	return set
})

// denies reports whether a piece says not to: in English, in the language of the text, or in any where it means nothing else.
func (r *Reading) denies(pieces []Piece, i int) bool {
	w := pieces[i].Word
	if negations[w] {
		return r.tongue != portuguese || w != "no" || i+1 >= len(pieces) || pieces[i+1].Span == nil || pieces[i+1].Span.Kind != ChainSpan && pieces[i+1].Span.Kind != VenueSpan
	}
	if r.tongue != nil && r.tongue.negates(w) {
		return true
	}
	return !ascii(w) && deniedAbroad()[fold(w)] || deniedAbroad()[w]
}

// negates reports whether one word says not, in the tongue of the text.
func (t *tongue) negates(w string) bool {
	said := fold(w)
	if t.read().negative[said] {
		return true
	}
	switch t {
	case turkish:
		return turkishNot(said)
	case korean:
		return strings.Contains(w, "지마") || strings.Contains(w, "지말") || strings.Contains(w, "않") || strings.HasSuffix(w, "지는마")
	}
	return false
}

// turkishNot reports whether a word is a verb of the tables with the ending of a negation: gönderme, satmayın.
func turkishNot(w string) bool {
	for _, mark := range []string{"ma", "me", "mi", "mu"} {
		for at := strings.Index(w, mark); at > 0; {
			stem, rest := w[:at], w[at+2:]
			if s, verb := turkish.read().senses[stem]; verb && (rest == "" || strings.HasPrefix(rest, "y") || strings.HasPrefix(rest, "s") || strings.HasPrefix(rest, "z")) {
				if _, family := VerbFamily(strings.Fields(s)[0]); family && !(mark == "mi" || mark == "mu") || strings.HasPrefix(rest, "yor") {
					return true
				}
			}
			n := strings.Index(w[at+2:], mark)
			if n < 0 {
				break
			}
			at += 2 + n
		}
	}
	return false
}
