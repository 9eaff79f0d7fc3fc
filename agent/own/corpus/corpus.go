// Package corpus reads the sentences that the own planner is taught with: lines of JSON that a person can write.
//
//	{"say":"trade [a 100] [i usdc] for some [o eth] on [c base]","do":"swap"}
//
// A mark [slot text] says which slot the span in it fills: a amount, i token in, o token out, r recipient or spender, c chain,
// d destination chain, s slippage, m minimum out, e every, t trigger, v venue. A number before the slot is the step (1 where there
// is none); a mark may fill several slots: [1i,2i dai]. "do" names the steps in the order of doing, with commas between them. After a
// step's action may stand: the kind of a schedule, "out" where the amount is of what is got, and <1 where the step takes what step 1
// made: all of it, or the share that it marks. "none" orders nothing, "other" is a wish outside the list, "ask" is an unclear one.
//
// Invariant: an example's draft points at spans that the reader finds in the sentence. A line whose marks it does not find is an
// error with its place, and teaches nothing.
package corpus

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/intents"
)

// Line is one line of a file.
type Line struct {
	Say string `json:"say"`
	Do  string `json:"do"`

	Place string `json:"-"` // file:line
}

// maxLine bounds a line, in bytes.
const maxLine = 64 << 10

// Read reads the lines of a file. The error names the first line that is no JSON of the shape.
func Read(in io.Reader, file string) ([]Line, error) {
	var lines []Line
	scan := bufio.NewScanner(in)
	scan.Buffer(nil, maxLine)
	for n := 1; scan.Scan(); n++ {
		if strings.TrimSpace(scan.Text()) == "" {
			continue
		}
		l := Line{Place: fmt.Sprintf("%s:%d", file, n)}
		d := json.NewDecoder(strings.NewReader(scan.Text()))
		d.DisallowUnknownFields()
		if err := d.Decode(&l); err != nil {
			return nil, fmt.Errorf("%s: read a line with say and do: %w", l.Place, err)
		}
		lines = append(lines, l)
	}
	return lines, scan.Err()
}

// Example is a sentence with what it means.
type Example struct {
	Line    Line
	Reading *intents.Reading
	Draft   intents.Draft // without steps: asks what is wanted
}

// ErrUnread marks a line that is well written, but whose spans the reader does not find.
var ErrUnread = errors.New("the reader does not find it")

var mark = regexp.MustCompile(`\[((?:[1-9]?[aiorcdsmetv])(?:,[1-9]?[aiorcdsmetv])*) ([^\[\]]+)\]`)

// fill is one slot that a mark fills.
type fill struct {
	step       int
	sign       byte
	start, end int
	text       string
}

// Example reads the sentence of a line and points its draft at the spans.
func (l Line) Example(lex *intents.Lexicon) (Example, error) {
	text, fills := unmark(l.Say)
	ex := Example{Line: l, Reading: intents.Read(text, lex)}
	steps, err := l.steps()
	if err != nil {
		return ex, err
	}
	if len(steps) == 0 && len(fills) > 0 {
		return ex, fmt.Errorf("%s: a line that asks what is wanted has no marks", l.Place)
	}
	for _, f := range fills {
		if f.step > len(steps) {
			return ex, fmt.Errorf("%s: %q is of step %d, and there are %d", l.Place, f.text, f.step, len(steps))
		}
		span, err := spanAt(ex.Reading, f)
		if err != nil {
			return ex, fmt.Errorf("%s: %w", l.Place, err)
		}
		if !own.Put(&steps[f.step-1], f.sign, span.ID) {
			return ex, fmt.Errorf("%s: %q fills a slot that is taken, or of another kind", l.Place, f.text)
		}
	}
	for i := range steps {
		own.Settle(ex.Reading, steps, i)
	}
	if len(steps) == 0 {
		ex.Draft = intents.Draft{Missing: []string{"action"}}
		return ex, nil
	}
	ex.Draft = intents.Draft{Steps: steps}
	return ex, l.holds(ex)
}

// holds reports what the checker has against the draft; a question about a missing slot is no fault.
func (l Line) holds(ex Example) error {
	if a := ex.Draft.Steps[0].Action; a == intents.None || a == intents.Other {
		return nil
	}
	q, err := intents.Check(ex.Reading, ex.Draft)
	if err != nil {
		return fmt.Errorf("%s: %w", l.Place, err)
	}
	if q != nil && slices.Contains(q.Missing, "action") {
		return fmt.Errorf("%s: %w: %s", l.Place, ErrUnread, q.Text)
	}
	return nil
}

// unmark takes the marks out of a sentence and says where their texts stand in it.
func unmark(say string) (string, []fill) {
	var text strings.Builder
	var fills []fill
	from := 0
	for _, m := range mark.FindAllStringSubmatchIndex(say, -1) {
		text.WriteString(say[from:m[0]])
		start := text.Len()
		text.WriteString(say[m[4]:m[5]])
		for one := range strings.SplitSeq(say[m[2]:m[3]], ",") {
			f := fill{step: 1, sign: one[len(one)-1], start: start, end: text.Len(), text: say[m[4]:m[5]]}
			if len(one) == 2 {
				f.step = int(one[0] - '0')
			}
			fills = append(fills, f)
		}
		from = m[1]
	}
	text.WriteString(say[from:])
	return text.String(), fills
}

// steps reads "do". None of them means: ask what is wanted.
func (l Line) steps() ([]intents.Step, error) {
	if l.Do == own.Ask {
		return nil, nil
	}
	var steps []intents.Step
	for said := range strings.SplitSeq(l.Do, ",") {
		words := strings.Fields(said)
		if len(words) == 0 || words[0] == own.Ask || !slices.Contains(own.Actions, words[0]) {
			return nil, fmt.Errorf("%s: %q begins with no action", l.Place, said)
		}
		s := intents.Step{Action: intents.Action(words[0])}
		for _, w := range words[1:] {
			earlier, output := strings.CutPrefix(w, "<")
			k, err := strconv.Atoi(earlier)
			switch {
			case slices.Contains(own.Kinds, w):
				s.Kind = w
			case w == "out":
				s.Side = intents.Out
			case output && err == nil && k >= 1 && k <= len(steps):
				s.TokenIn = intents.OutputOf(k)
			default:
				return nil, fmt.Errorf("%s: %q says nothing of a step", l.Place, w)
			}
		}
		steps = append(steps, s)
	}
	return steps, nil
}

// kindsOf tells which spans a slot takes.
var kindsOf = map[byte][]intents.SpanKind{
	'a': {intents.AmountSpan}, 'i': {intents.TokenSpan, intents.AddressSpan}, 'o': {intents.TokenSpan, intents.AddressSpan},
	'r': {intents.AddressSpan, intents.NameSpan}, 'c': {intents.ChainSpan}, 'd': {intents.ChainSpan}, 's': {intents.SlippageSpan},
	'm': {intents.MinOutSpan}, 'e': {intents.TimeSpan}, 't': {intents.CondSpan, intents.TimeSpan}, 'v': {intents.VenueSpan},
}

// spanAt returns the one span of the slot's kinds that the mark touches.
func spanAt(r *intents.Reading, f fill) (intents.Span, error) {
	var found []intents.Span
	for _, s := range r.Spans {
		if s.Start < f.end && s.End > f.start && s.Eligible && slices.Contains(kindsOf[f.sign], s.Kind) {
			found = append(found, s)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return intents.Span{}, fmt.Errorf("%w: no %v at %q", ErrUnread, kindsOf[f.sign], f.text)
	}
	return intents.Span{}, fmt.Errorf("the mark of %q holds more than one span", f.text)
}
