package show

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxRunes = 512 // of one sanitised text
	maxMarks = 2   // combining marks in a row
)

// Sanitize makes text from outside safe to print on one line. Control characters, escape sequences' starts, direction marks,
// zero-width and other invisible characters are dropped; line breaks and tabs become spaces; combining marks are thinned; and
// the length is capped.
func Sanitize(s string) string { return sanitize(s, maxRunes) }

// SanitizeTo is Sanitize with a cap of n runes.
func SanitizeTo(s string, n int) string { return sanitize(s, n) }

func sanitize(s string, limit int) string {
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

// Hidden reports whether s holds characters that Sanitize would drop, other than line breaks and tabs.
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
