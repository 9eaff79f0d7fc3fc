package line

import (
	"encoding/json"
	"strconv"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

// Writer builds one line. Names stand in the order in which they are written.
type Writer struct{ text []byte }

// Begin starts a line of this type, in place of what was there.
func (w *Writer) Begin(kind string) {
	w.text = append(w.text[:0], `{"type":`...)
	w.quoted(kind)
}

// End closes the line and gives it, with its newline. It holds until Begin.
func (w *Writer) End() []byte {
	w.text = append(w.text, '}', '\n')
	return w.text
}

// Text writes a string.
func (w *Writer) Text(name, s string) {
	w.name(name)
	w.quoted(s)
}

// Number writes a whole number.
func (w *Writer) Number(name string, n int64) {
	w.name(name)
	w.text = strconv.AppendInt(w.text, n, 10)
}

// Flag writes true or false.
func (w *Writer) Flag(name string, yes bool) {
	w.name(name)
	w.text = strconv.AppendBool(w.text, yes)
}

// Null writes null.
func (w *Writer) Null(name string) {
	w.name(name)
	w.text = append(w.text, "null"...)
}

// Amount writes a decimal string.
func (w *Writer) Amount(name string, x *uint256.Int) {
	w.name(name)
	w.amount(x)
}

// Amounts writes a list of decimal strings.
func (w *Writer) Amounts(name string, all []uint256.Int) {
	w.list(name, len(all), func(i int) { w.amount(&all[i]) })
}

// Addresses writes a list of addresses, in lower case.
func (w *Writer) Addresses(name string, all []common.Address) {
	w.list(name, len(all), func(i int) { w.quoted(Lower(all[i])) })
}

// Pairs writes a list of n pairs of whole numbers, the second, whose sign is extended to the word, as a string.
func (w *Writer) Pairs(name string, n int, pair func(i int) (first int32, second uint256.Int)) {
	w.list(name, n, func(i int) {
		first, second := pair(i)
		w.text = append(w.text, '[')
		w.text = strconv.AppendInt(w.text, int64(first), 10)
		w.text = append(w.text, ',', '"')
		if second.Sign() < 0 {
			w.text = append(w.text, '-')
			second.Neg(&second)
		}
		w.text = append(w.text, second.Dec()...)
		w.text = append(w.text, '"', ']')
	})
}

// Lower is an address as snapshots write it: in lower case.
func Lower(a common.Address) string {
	const digits = "0123456789abcdef"
	text := make([]byte, 2, 2+2*len(a))
	text[0], text[1] = '0', 'x'
	for _, b := range a {
		text = append(text, digits[b>>4], digits[b&15])
	}
	return string(text)
}

func (w *Writer) list(name string, n int, element func(i int)) {
	w.name(name)
	w.text = append(w.text, '[')
	for i := range n {
		if i > 0 {
			w.text = append(w.text, ',')
		}
		element(i)
	}
	w.text = append(w.text, ']')
}

func (w *Writer) amount(x *uint256.Int) {
	w.text = append(w.text, '"')
	w.text = append(w.text, x.Dec()...)
	w.text = append(w.text, '"')
}

func (w *Writer) name(name string) {
	w.text = append(w.text, ',')
	w.quoted(name)
	w.text = append(w.text, ':')
}

func (w *Writer) quoted(s string) {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always has a JSON
	}
	w.text = append(w.text, text...)
}
