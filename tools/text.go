package tools

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
)

// The most that a tool may say.
const (
	maxTitle = 240
	maxLabel = 60
	maxValue = 600
	maxLines = 100
)

// clean makes a result fit to be shown: no control, bidi or zero-width characters, one line each, and bounded.
func clean(r Result) Result {
	r.Title = plain(r.Title, maxTitle)
	lines := make([]Line, 0, min(len(r.Lines), maxLines))
	for _, l := range r.Lines[:min(len(r.Lines), maxLines)] {
		lines = append(lines, Line{plain(l.Label, maxLabel), plain(l.Value, maxValue)})
	}
	r.Lines = lines
	return r
}

// plain drops what could hide or reorder text, and cuts it to so many characters.
func plain(s string, limit int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	var b strings.Builder
	n := 0
	for _, c := range s {
		if unicode.IsSpace(c) {
			c = ' '
		}
		if hidden(c) {
			continue
		}
		if n == limit {
			return b.String() + "…"
		}
		b.WriteRune(c)
		n++
	}
	return b.String()
}

// hidden is true of characters that are not seen as what they are: controls, all of Unicode's format characters (bidi marks and
// zero-width ones among them), private use, variation selectors, and the fillers that look like spaces.
func hidden(c rune) bool {
	return unicode.IsControl(c) || unicode.In(c, unicode.Cf, unicode.Co, unicode.Variation_Selector) ||
		strings.ContainsRune("\u034f\u115f\u1160\u3164\uffa0", c)
}

// percent writes basis points: 31 is 0.31 %.
func percent(bps uint64) string {
	return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%d.%02d", bps/100, bps%100), "0"), ".") + " %"
}

// atLeast writes a lower bound shortly: six significant digits, rounded down.
func atLeast(a chain.Amount) string {
	a.Raw.Sub(&a.Raw, tail(a))
	return a.String()
}

// atMost writes an upper bound shortly: six significant digits, rounded up.
func atMost(a chain.Amount) string {
	rest := tail(a)
	if rest.IsZero() {
		return a.String()
	}
	up := a
	up.Raw.Sub(&up.Raw, rest)
	if _, over := up.Raw.AddOverflow(&up.Raw, unit(a)); over {
		return a.String()
	}
	return up.String()
}

// tail is what is behind the sixth significant digit of a.
func tail(a chain.Amount) *uint256.Int { return new(uint256.Int).Mod(&a.Raw, unit(a)) }

// unit is the worth of the sixth significant digit of a.
func unit(a chain.Amount) *uint256.Int {
	const significant = 6
	digits := len(a.Raw.Dec())
	return new(uint256.Int).Exp(uint256.NewInt(10), uint256.NewInt(uint64(max(digits-significant, 0))))
}
