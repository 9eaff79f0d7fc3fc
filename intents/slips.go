package intents

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// Slip reports whether one word is another with one slip of the finger: two letters that change places, or a letter lost, doubled
// or hit beside. The words must differ, and begin alike: no one misses the first letter and goes on.
func Slip(wrong, right string) bool {
	if wrong == right || wrong == "" || right == "" || wrong[0] != right[0] {
		return false
	}
	short, long := wrong, right
	if len(short) > len(long) {
		short, long = long, short
	}
	at := 0
	for at < len(short) && short[at] == long[at] {
		at++
	}
	switch len(long) - len(short) {
	case 0:
		swapped := at+1 < len(long) && short[at] == long[at+1] && short[at+1] == long[at] && short[at+2:] == long[at+2:]
		return swapped || short[at+1:] == long[at+1:]
	case 1:
		return short[at:] == long[at+1:]
	}
	return false
}

// near returns the known symbols that an unknown one may be a slip of, sorted. A symbol of three letters has too many neighbours:
// only letters that changed places count there. A token is never changed for another in silence: what is near is asked about.
func (l *Lexicon) near(symbol string) []string {
	var found []string
	for known := range l.Tokens {
		if Slip(symbol, known) && (len(known) > 3 && len(symbol) > 3 || len(symbol) == len(known) && sameLetters(symbol, known) || len(symbol) == len(known)+1 && doubled(symbol)) {
			found = append(found, known)
		}
	}
	slices.Sort(found)
	return found
}

func sameLetters(a, b string) bool {
	for _, r := range a {
		if strings.Count(a, string(r)) != strings.Count(b, string(r)) {
			return false
		}
	}
	return true
}

// doubled reports whether two letters in a row are the same.
func doubled(s string) bool {
	for i := 1; i < len(s); i++ {
		if s[i] == s[i-1] {
			return true
		}
	}
	return false
}

// DeniesNearly reports whether a word says not to, or may be a slip of one that does.
func DeniesNearly(word string) bool { return deniesNearly(word, 0) }

// deniesNearly leaves out the denials that are shorter than a length: so many names are near "nor" and "no".
func deniesNearly(word string, length int) bool {
	for _, w := range denials() {
		if len(w) >= length && (word == w || Slip(word, w)) {
			return true
		}
	}
	return false
}

var denials = sync.OnceValue(func() []string {
	return slices.Sorted(maps.Keys(merged(negations, endings, words(`unless except without instead maybe perhaps wait sorry almost forget nevermind never`))))
})

func merged(sets ...map[string]bool) map[string]bool {
	all := map[string]bool{}
	for _, s := range sets {
		maps.Copy(all, s)
	}
	return all
}
