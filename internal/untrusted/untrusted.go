// Package untrusted makes text that comes from outside fit to be shown: names of tokens, revert reasons, words of a server, results
// of a tool, and what a user pasted.
//
// Invariant: what comes out is one line of characters that are seen as what they are. Control, bidi, zero-width and other invisible
// characters are gone, line breaks and tabs are spaces, combining marks are thinned, and the length has a cap.
package untrusted

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks is how many combining marks may stand on one character.
const maxMarks = 2

// Text is s as it may be shown, at most limit characters of it.
func Text(s string, limit int) string {
	var b strings.Builder
	kept, marks := 0, 0
	for _, r := range s {
		r, ok := visible(r)
		if !ok {
			continue
		}
		if unicode.Is(unicode.M, r) {
			marks++
		} else {
			marks = 0
		}
		if marks > maxMarks {
			continue
		}
		if kept == limit {
			return shorten(b.String())
		}
		b.WriteRune(r)
		kept++
	}
	return b.String()
}

// shorten replaces the last rune by an ellipsis.
func shorten(s string) string {
	_, size := utf8.DecodeLastRuneInString(s)
	return s[:len(s)-size] + "…"
}

// Hidden reports whether s holds characters that Text would drop, other than line breaks and tabs.
func Hidden(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		_, ok := visible(r)
		return !ok
	})
}

// visible returns what r is shown as, and whether it is shown at all.
func visible(r rune) (rune, bool) {
	switch {
	case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029' || r == '\u0085':
		return ' ', true
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs):
		return 0, false
	case unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
		return 0, false
	case r == '\u2800': // blank Braille pattern
		return 0, false
	case unicode.Is(unicode.Zs, r):
		return ' ', true
	case !unicode.IsGraphic(r):
		return '\uFFFD', true
	}
	return r, true
}
