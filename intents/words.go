package intents

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// wordKind tells what the lexer saw; what a word means is found by the passes of Read.
type wordKind uint8

const (
	letters wordKind = iota
	digits           // 1.5, 1,500
	sign             // one punctuation mark, symbol or emoji
	hexWord          // 0x…, or a long run that can only be meant as an address
	dotName          // vitalik.eth
)

// word is a piece of the text that no pass ever cuts.
type word struct {
	start, end int
	norm       string // NFKC, lower case
	kind       wordKind
	glued      bool   // nothing stands between it and the word before
	breaks     bool   // a line break stands before it
	own        bool   // the user's own words, not quoted or pasted
	taken      bool   // part of a span
	capitals   bool   // written in capitals
	post       string // in another language: what the word says of the one before it
}

var (
	nameAtom = pattern(`(?i)[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*\.(?:eth|cb\.id|lens|crypto|nft|wallet|xyz|bnb|sol)\b`)
	hexAtom  = pattern(`(?i)\b0x[0-9a-z]*(?:(?:\.{2,}|…)[0-9a-z]+)?|\b[0-9a-z]{26,}\b`)
)

// lex cuts text into words. Offsets are into the text as given; only the words themselves are normalised.
func lex(text string) []word {
	type atom struct {
		end  int
		kind wordKind
	}
	atoms := map[int]atom{}
	for _, m := range hexAtom().FindAllStringIndex(text, -1) {
		if looksLikeAddress(text[m[0]:m[1]]) {
			atoms[m[0]] = atom{m[1], hexWord}
		}
	}
	kana := sync.OnceValue(func() bool { return hasKana(text) })
	for _, m := range nameAtom().FindAllStringIndex(text, -1) {
		atoms[nameStart(text, m[0], m[1], kana)] = atom{m[1], dotName}
	}
	var words []word
	gap, broke := true, false
	add := func(start, end int, kind wordKind) {
		words = append(words, word{
			start: start, end: end, kind: kind, glued: !gap, breaks: broke, own: true,
			norm: plain(text[start:end]), capitals: kind == letters && capital(text[start:end]),
		})
		gap, broke = false, false
	}
	for i := 0; i < len(text); {
		if a, ok := atoms[i]; ok {
			add(i, a.end, a.kind)
			i = a.end
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch c := classOf(r); c {
		case spaceClass:
			gap, broke = true, broke || r == '\n' || r == '\r'
			i += size
		case hiddenClass:
			i += size
		case digitClass:
			end := numberEnd(text, i)
			add(i, end, digits)
			i = end
		case letterClass:
			end := letterEnd(text, i)
			for at := range atoms {
				if at > i && at < end {
					end = at
				}
			}
			for _, cut := range cuts(text, i, end, kana) {
				add(i, cut, letters)
				i = cut
			}
		default:
			if strings.ContainsRune("'’", r) && !gap && len(words) > 0 && words[len(words)-1].kind != letters {
				if end := suffixEnd(text, i, size); end > 0 {
					add(i, end, letters)
					i = end
					continue
				}
			}
			add(i, i+size, sign)
			i += size
		}
	}
	return words
}

// plain is how words are compared: NFKC, lower case, hidden characters dropped, one kind of apostrophe.
func plain(s string) string {
	if ascii(s) {
		return strings.ToLower(s)
	}
	s = strings.ToLower(norm.NFKC.String(s))
	return strings.Map(func(r rune) rune {
		if classOf(r) == hiddenClass {
			return -1
		}
		if strings.ContainsRune("’‘ʼ´", r) {
			return '\''
		}
		if r > unicode.MaxLatin1 && unicode.IsDigit(r) {
			return digitOf(r)
		}
		return r
	}, s)
}

// digitOf is the digit that a digit of another script stands for. The digits of a script follow each other.
func digitOf(r rune) rune {
	zero := r
	for n := 0; n < 9 && unicode.IsDigit(zero-1); n++ {
		zero--
	}
	return '0' + (r - zero)
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

type runeClass uint8

const (
	signClass runeClass = iota
	spaceClass
	letterClass
	digitClass
	hiddenClass
)

func classOf(r rune) runeClass {
	if r < utf8.RuneSelf {
		switch {
		case r >= '0' && r <= '9':
			return digitClass
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '_':
			return letterClass
		case r == ' ', r == '\t', r == '\n', r == '\r':
			return spaceClass
		case r < ' ', r == 0x7f:
			return hiddenClass
		}
		return signClass
	}
	switch {
	case unicode.IsSpace(r):
		return spaceClass
	case unicode.Is(unicode.Cf, r), unicode.IsControl(r), r == utf8.RuneError, unicode.Is(unicode.Variation_Selector, r):
		return hiddenClass
	case unicode.IsDigit(r):
		return digitClass
	case unicode.IsLetter(r), unicode.IsMark(r):
		return letterClass
	}
	return signClass
}

// numberEnd returns where the number that starts at i ends: digits, with marks between digits.
func numberEnd(text string, i int) int {
	end := i
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if classOf(r) == digitClass {
			i += size
			end = i
			continue
		}
		if !strings.ContainsRune(".,'’_", r) {
			break
		}
		next, _ := utf8.DecodeRuneInString(text[i+size:])
		if classOf(next) != digitClass {
			break
		}
		i += size
	}
	return end
}

// letterEnd returns where the word that starts at i ends: letters and digits, with an apostrophe or a dot between letters.
func letterEnd(text string, i int) int {
	end, last := i, rune(0)
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if c := classOf(r); c == letterClass || c == digitClass || c == hiddenClass {
			if letter := c == letterClass && !unicode.IsMark(r); last != 0 && (letter && parts(last, r) || c == digitClass && scriptGroup(last) >= east) {
				break
			} else if letter {
				last = r
			}
			i += size
			if c != hiddenClass {
				end = i
			}
			continue
		}
		if !strings.ContainsRune("'’ʼ", r) && (r != '.' || !dottedSymbol(text[end:])) {
			break
		}
		next, _ := utf8.DecodeRuneInString(text[i+size:])
		if classOf(next) != letterClass {
			break
		}
		i += size
	}
	return end
}

// dottedSymbol reports whether rest starts with the ".e" of a bridged token (USDC.e).
func dottedSymbol(rest string) bool {
	if len(rest) < 2 || (rest[1] != 'e' && rest[1] != 'E') {
		return false
	}
	if len(rest) == 2 {
		return true
	}
	r, _ := utf8.DecodeRuneInString(rest[2:])
	return classOf(r) != letterClass && classOf(r) != digitClass
}

// looksLikeAddress reports whether a run of characters can only be meant as an address or a hash.
func looksLikeAddress(s string) bool {
	low := strings.ToLower(s)
	if strings.HasPrefix(low, "0x") {
		return len(low) > 4
	}
	return strings.ContainsAny(low, "0123456789") && strings.ContainsAny(low, "abcdefghijklmnopqrstuvwxyz")
}

// The marks that Read may leave on a text.
const (
	MarkTooLong  = "too_long"
	MarkBidi     = "bidi"
	MarkHidden   = "zero_width"
	MarkControl  = "control"
	MarkMixed    = "mixed_script"
	MarkEncoding = "bad_encoding"
	MarkFollowUp = "answered" // not a fault: the text ends with the answer to a question
)

// marksOf lists what is wrong with the characters of text, sorted.
func marksOf(text string) []string {
	found := map[string]bool{}
	var scripts scriptSet
	var prev, last rune // last is the last letter
	for i, r := range text {
		switch {
		case r == utf8.RuneError:
			if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
				found[MarkEncoding] = true
			}
		case unicode.Is(unicode.Bidi_Control, r):
			found[MarkBidi] = true
		case r == '\u200d' && unicode.Is(unicode.So, prev), unicode.Is(unicode.Variation_Selector, r):
		case unicode.Is(unicode.Cf, r):
			found[MarkHidden] = true
		case unicode.IsControl(r) && !unicode.IsSpace(r):
			found[MarkControl] = true
		}
		if unicode.IsLetter(r) {
			if last != 0 && parts(last, r) {
				scripts = 0
			}
			last = r
			scripts |= scriptOf(r)
			if scripts&(scripts-1) != 0 {
				found[MarkMixed] = true
			}
		} else if classOf(r) != hiddenClass && !unicode.IsDigit(r) {
			scripts = 0
		}
		if !unicode.Is(unicode.Variation_Selector, r) && r != '\u200d' {
			prev = r
		}
	}
	marks := make([]string, 0, len(found))
	for m := range found {
		marks = append(marks, m)
	}
	slices.Sort(marks)
	return marks
}

// scriptSet has one bit for each script whose letters are mistaken for another's.
type scriptSet uint8

func scriptOf(r rune) scriptSet {
	switch {
	case unicode.Is(unicode.Latin, r):
		return 1
	case unicode.Is(unicode.Cyrillic, r):
		return 2
	case unicode.Is(unicode.Greek, r):
		return 4
	case unicode.Is(unicode.Armenian, r):
		return 8
	case unicode.Is(unicode.Cherokee, r):
		return 16
	}
	return 0
}

// pattern is a regular expression that is compiled when it is first used: no command that reads no sentence waits for it.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
