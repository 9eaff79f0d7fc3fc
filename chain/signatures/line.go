package signatures

import (
	"encoding/hex"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/internal/untrusted"
)

// maxText is how many characters of a value are shown.
const maxText = 512

// line is the text of one value. What does not fit any more costs nothing: it is not even put into words.
type line struct {
	b     strings.Builder
	chars int
	depth int // inside of how many brackets
	cut   bool
}

func (l *line) String() string {
	if l.cut {
		return l.b.String() + "…"
	}
	return l.b.String()
}

// add appends a piece, as much of it as leaves room for the sign that something is missing.
func (l *line) add(s string) {
	if l.cut {
		return
	}
	n := utf8.RuneCountInString(s)
	if room := maxText - 1 - l.chars; n > room {
		s = string([]rune(s)[:room])
		n = room
		l.cut = true
	}
	l.b.WriteString(s)
	l.chars += n
}

func (l *line) nest(open byte)     { l.add(string(open)); l.depth++ }
func (l *line) unnest(closed byte) { l.add(string(closed)); l.depth-- }

func (l *line) unsigned(w []byte) {
	if !l.cut {
		l.add(new(big.Int).SetBytes(w).String())
	}
}

// signed adds a word as a number in two's complement.
func (l *line) signed(w []byte) {
	if l.cut {
		return
	}
	n := new(big.Int).SetBytes(w)
	if n.Bit(8*word-1) == 1 {
		n.Sub(n, new(big.Int).Lsh(common.Big1, 8*word))
	}
	l.add(n.String())
}

func (l *line) bool(b bool) { l.add(strconv.FormatBool(b)) }

func (l *line) address(a common.Address) {
	if !l.cut {
		l.add(a.Hex())
	}
}

func (l *line) hex(b []byte) {
	if !l.cut {
		l.add("0x" + hex.EncodeToString(b[:min(len(b), maxText)]))
	}
}

// text adds a contract's own words. Among others they are quoted, or they could look like further values.
func (l *line) text(b []byte) {
	if l.cut {
		return
	}
	const enough = 4 * maxText // bytes, if all of it can be seen
	s := untrusted.Text(string(b[:min(len(b), enough)]), maxText)
	if l.depth > 0 {
		s = strconv.Quote(s)
	}
	l.add(s)
	l.cut = l.cut || len(b) > enough
}
