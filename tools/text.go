package tools

import (
	"fmt"
	"strings"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/internal/untrusted"
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

// plain is text as it may be shown, at most so many characters and an ellipsis of it.
func plain(s string, limit int) string { return untrusted.Text(s, limit+1) }

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
