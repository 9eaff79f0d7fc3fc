package config

import (
	"strings"
	"unicode"

	"github.com/ethereum/go-ethereum/common"
	"golang.org/x/text/unicode/norm"
)

// looks is what a name is read as at a glance: without case and accents, each letter as the plainest one that looks like it.
func looks(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(norm.NFKC.String(name))) {
		if unicode.Is(unicode.Mn, r) || strings.ContainsRune(".-_", r) {
			continue
		}
		if plain, ok := glyphs[r]; ok {
			r = plain
		}
		b.WriteRune(r)
	}
	return strings.NewReplacer("rn", "m", "vv", "w", "cl", "d").Replace(b.String())
}

// glyphs are letters and digits that are drawn like another letter: digits, then Cyrillic, Greek and Latin ones.
var glyphs = pairs(`0o 1l il |l 5s 2z 8b 6b 9g
	аa вb еe ёe кk мm нh оo рp сc тt уy хx іl їl јj ѕs ԁd һh ԛq ԝw ӏl ьb зz
	αa βb εe ηn ιl κk νv οo ρp τt υu χx γy ωw σo
	ıl łl øo đd ħh ɑa ɡg ſs`)

func pairs(list string) map[rune]rune {
	table := map[rune]rune{}
	for pair := range strings.FieldsSeq(list) {
		both := []rune(pair)
		table[both[0]] = both[1]
	}
	return table
}

// glance is how many hex digits at the two ends of an address people compare.
const glance = 7

// alike reports whether two addresses differ, and not where people look: at the beginning and the end.
func alike(a, b common.Address) bool {
	if a == b {
		return false
	}
	x, y := strings.ToLower(a.Hex()[2:]), strings.ToLower(b.Hex()[2:])
	front, back := 0, 0
	for front < len(x) && x[front] == y[front] {
		front++
	}
	for back < len(x) && x[len(x)-1-back] == y[len(y)-1-back] {
		back++
	}
	return front+back >= glance
}
