package intents

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/ethereum/go-ethereum/common"
)

// maxText is the longest text that is read, in bytes. A longer one is marked and has no spans.
const maxText = 4096

// Reading is a sentence with its spans.
type Reading struct {
	Text  string   `json:"text"` // the user's bytes
	Spans []Span   `json:"spans"`
	Marks []string `json:"marks,omitempty"` // hidden characters, mixed scripts and the like that were found

	Answers []Answer `json:"answers,omitempty"` // what of Text answers questions

	words  []word
	tongue *tongue // nil: English
}

// Read finds the spans of a sentence. It never fails: what is wrong with the text stands in Marks and in the spans.
func Read(text string, lx *Lexicon) *Reading {
	if len(text) > maxText {
		return &Reading{Text: text, Marks: []string{MarkTooLong}}
	}
	r := &Reading{Text: text, Marks: marksOf(text)}
	p := &reader{text: text, lex: lx, ws: lex(text)}
	p.foreign()
	p.speak()
	p.addresses()
	p.ballots()
	p.shorthand()
	p.slippage()
	p.minimums()
	p.abroad()
	p.conditions()
	p.times()
	p.counts()
	p.amounts()
	p.venues()
	p.chains()
	p.tokens()
	p.names()
	p.abroadLater()
	r.Spans, r.words, r.tongue = p.numbered(), p.ownWords(), p.tongue
	return r
}

// values finds what is told by its own form: rates, bounds, levels, times, amounts, protocols. What takes more words goes first.
func (p *reader) values() {
	p.slippage()
	p.minimums()
	p.abroad()
	p.conditions()
	p.times()
	p.amounts()
	p.venues()
}

// Span returns the span of that id.
func (r *Reading) Span(id Ref) (Span, bool) {
	for _, s := range r.Spans {
		if s.ID == id && id != "" {
			return s, true
		}
	}
	return Span{}, false
}

// Piece is a word of the sentence, or a span in its place, or a stretch of foreign text. A sentence as pieces, with the ids
// for the spans, is all that a planner needs to see.
type Piece struct {
	Word       string // lower case, NFKC; a punctuation mark stands alone; empty for a span or foreign text
	Span       *Span
	Foreign    bool // quoted, pasted or reported: what it says is no order
	Break      bool // a line break stands before it
	Start, End int
}

// Pieces cuts the sentence into words, spans and foreign stretches, in the order of the text.
func (r *Reading) Pieces() []Piece { return r.cut(r.words) }

// Language is the key of the language that the sentence is read in (ISO 639-1); empty for English.
func (r *Reading) Language() string {
	if r.tongue == nil {
		return ""
	}
	return r.tongue.key
}

// Letters keeps the letters of a word, its apostrophes and its hyphens, in lower case. It reports how many are kept, and whether there
// was a digit, of which no planner is told.
func (p Piece) Letters() (kept string, n int, digits bool) {
	var b strings.Builder
	for _, r := range p.Word {
		switch {
		case unicode.IsNumber(r):
			return "", 0, true
		case unicode.IsLetter(r), unicode.IsMark(r):
			b.WriteRune(unicode.ToLower(r))
		case r == '\'', r == '’':
			b.WriteByte('\'')
		case r == '-':
			b.WriteByte('-')
		default:
			continue
		}
		n++
	}
	return b.String(), n, false
}

// Senses are the pieces with the words of other languages in the sense of English ones, as far as they are known.
func (r *Reading) Senses() []Piece { return r.cut(r.inSense()) }

func (r *Reading) cut(ws []word) []Piece {
	if ws == nil && len(r.Text) <= maxText {
		ws = lex(r.Text)
	}
	var pieces []Piece
	next := 0
	for _, w := range ws {
		for next < len(r.Spans) && r.Spans[next].End <= w.start {
			next++
		}
		if last := len(pieces) - 1; !w.own {
			if last >= 0 && pieces[last].Foreign {
				pieces[last].End = w.end
				continue
			}
			pieces = append(pieces, Piece{Foreign: true, Break: w.breaks, Start: w.start, End: w.end})
			continue
		}
		if next < len(r.Spans) && r.Spans[next].Start <= w.start {
			if s := &r.Spans[next]; s.Start == w.start {
				pieces = append(pieces, Piece{Span: s, Break: w.breaks, Start: s.Start, End: s.End})
			}
			continue
		}
		pieces = append(pieces, Piece{Word: w.norm, Break: w.breaks, Start: w.start, End: w.end})
	}
	return pieces
}

// reader holds the state of Read's passes. Each pass takes words that no earlier pass took.
type reader struct {
	text  string
	lex   *Lexicon
	ws    []word
	spans []Span
	rules []Family // of each word, the verb family that rules it

	counted     bool
	plainChains int // words that can only be a chain, once counted

	tongue *tongue // nil: English
	said   []word  // the user's own words, where ws is their sense
}

// take makes a span of the words from..to (exclusive).
func (p *reader) take(from, to int, s Span) {
	s.Start, s.End = p.ws[from].start, p.ws[to-1].end
	s.Text = p.text[s.Start:s.End]
	s.Eligible = true
	for i := from; i < to; i++ {
		s.Eligible = s.Eligible && p.ws[i].own
		p.ws[i].taken = true
	}
	p.spans = append(p.spans, s)
}

// numbered puts the spans into the order of the text and gives them their ids.
func (p *reader) numbered() []Span {
	slices.SortFunc(p.spans, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	count := map[string]int{}
	for i := range p.spans {
		letter := spanLetter[p.spans[i].Kind]
		count[letter]++
		p.spans[i].ID = Ref(fmt.Sprintf("%s%d", letter, count[letter]))
	}
	return p.spans
}

var spanLetter = map[SpanKind]string{
	AmountSpan: "A", TokenSpan: "T", ChainSpan: "C", AddressSpan: "R", NameSpan: "R", SlippageSpan: "S", MinOutSpan: "M",
	TimeSpan: "W", CondSpan: "G", VenueSpan: "V", HashSpan: "X",
	NumberSpan: "N", ChoiceSpan: "B",
}

// at returns the normal form of word i, or nothing where there is none or a span has it.
func (p *reader) at(i int) string {
	if i < 0 || i >= len(p.ws) || p.ws[i].taken {
		return ""
	}
	return p.ws[i].norm
}

// is reports whether word i is free and one of the given.
func (p *reader) is(i int, any map[string]bool) bool {
	w := p.at(i)
	return w != "" && any[w]
}

// phrase returns how many free words from i on spell the given phrase; none, if they don't.
func (p *reader) phrase(i int, phrase string) int {
	n := 0
	for w := range strings.FieldsSeq(phrase) {
		if p.at(i+n) != w {
			return 0
		}
		n++
	}
	return n
}

// longest returns the longest phrase of a table that the free words from i on spell, in at most five words. A hyphen between
// them counts as a space.
func longest[V any](p *reader, i int, table map[string]V) (V, int) {
	var best V
	bestEnd, joined := 0, ""
	for n := 0; n < 7; n++ {
		w := p.at(i + n)
		if w == "" || (n > 0 && p.ws[i+n].own != p.ws[i].own) {
			break
		}
		if w == "-" && n > 0 {
			continue
		}
		joined = strings.TrimSpace(joined + " " + w)
		v, ok := table[joined]
		if !ok {
			v, ok = table[strings.TrimSuffix(joined, "'s")]
		}
		if ok {
			best, bestEnd = v, n+1
		}
	}
	return best, bestEnd
}

// spanEndingAt returns the span whose last word is before word i, if there is one.
func (p *reader) spanEndingAt(i int) *Span {
	if i <= 0 || i > len(p.ws) || !p.ws[i-1].taken {
		return nil
	}
	for k := range p.spans {
		if p.spans[k].End == p.ws[i-1].end {
			return &p.spans[k]
		}
	}
	return nil
}

// addresses takes everything that starts like an address, right or wrong, and names with a dot.
func (p *reader) addresses() {
	for i, w := range p.ws {
		switch {
		case w.kind == dotName:
			p.take(i, i+1, Span{Kind: NameSpan, Value: w.norm})
		case w.kind == hexWord && len(w.norm) == 66 && isHex(w.norm[2:]) && strings.HasPrefix(w.norm, "0x"):
			p.take(i, i+1, Span{Kind: HashSpan, Value: w.norm})
		case w.kind == hexWord:
			a := readAddress(p.text[w.start:w.end])
			p.take(i, i+1, Span{Kind: AddressSpan, Address: &a})
		}
	}
}

// readAddress judges an address by its text alone.
func readAddress(s string) AddressWord {
	if len(s) != 42 || !strings.EqualFold(s[:2], "0x") {
		return AddressWord{Check: AddressBadLength}
	}
	digits := s[2:]
	if !isHex(digits) {
		return AddressWord{Check: AddressBadSum}
	}
	a := common.HexToAddress(s)
	if a.Hex()[2:] == digits {
		return AddressWord{Check: AddressOK, Value: a}
	}
	if strings.ToLower(digits) == digits || strings.ToUpper(digits) == digits {
		return AddressWord{Check: AddressNoChecksum, Value: a}
	}
	return AddressWord{Check: AddressBadSum}
}

func isHex(s string) bool { return s != "" && strings.Trim(s, "0123456789abcdefABCDEF") == "" }
