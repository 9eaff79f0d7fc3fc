// Package line reads one line of NDJSON strictly, and writes one, without reflection and almost without memory of its own.
//
// Strictly means: one object, names that stand once, no floats, no leading zeros, and in the end no name that nobody asked for (Done).
// Amounts are decimal strings, since readers of other languages would round numbers. The first mistake stays (Err), so that a reader
// asks for all it needs and looks once.
//
// Invariant: what is asked for is either what the line says, wholly, or the zero value with Err set.
package line

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
	"unsafe"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

// MaxFields is how many names a line may have, and maxDepth how deep lists may nest.
const (
	MaxFields = 64
	maxDepth  = 4
)

// Line is one object. The zero Line is empty; Parse fills it, and may do so again.
type Line struct {
	fields []field
	err    error
}

// field is a name and the bytes of its value, which are well-formed JSON.
type field struct {
	name, value []byte
	asked       bool
}

// Parse takes the object that text is. It keeps text, which must not change while the Line is read; what is got from the Line does not.
func (l *Line) Parse(text []byte) error {
	l.fields, l.err = l.fields[:0], nil
	s := scanner{text: text}
	l.fields, l.err = s.object(l.fields)
	return l.err
}

// Err is the first mistake that was met.
func (l *Line) Err() error { return l.err }

// Fail notes a mistake in what was asked for, if there was none before.
func (l *Line) Fail(name string, why error) {
	if l.err == nil {
		l.err = fmt.Errorf("%s: %w", name, why)
	}
}

// Done is Err, or a mistake where the line says something that nobody asked for.
func (l *Line) Done() error {
	if l.err != nil {
		return l.err
	}
	for i := range l.fields {
		if !l.fields[i].asked {
			return fmt.Errorf("%s is no field of this kind of line", quote(l.fields[i].name))
		}
	}
	return nil
}

// Has says whether there is such a name, and that it is not null.
func (l *Line) Has(name string) bool {
	f := l.find(name)
	if f == nil {
		return false
	}
	f.asked = true
	return string(f.value) != "null"
}

// Text reads a string of at most limit bytes.
func (l *Line) Text(name string, limit int) string {
	s, err := text(l.value(name), limit)
	if err != nil {
		l.Fail(name, err)
		return ""
	}
	return s
}

// Bytes reads a plain string without a copy: it holds only while the text that was parsed does.
func (l *Line) Bytes(name string, limit int) []byte {
	v := l.value(name)
	if v == nil {
		return nil
	}
	s, ok := plain(v)
	if !ok || len(s) > limit {
		l.Fail(name, errors.New("is no short, plain string"))
		return nil
	}
	return s
}

// Number reads a whole number from low to high.
func (l *Line) Number(name string, low, high int64) int64 {
	v := l.value(name)
	if v == nil {
		return 0
	}
	n, ok := number(v)
	if !ok || n < low || n > high {
		l.Fail(name, fmt.Errorf("is no whole number from %d to %d", low, high))
		return 0
	}
	return n
}

// Count reads a whole number that is not negative and has at most 18 digits, plain or as a string.
func (l *Line) Count(name string) uint64 {
	v := l.value(name)
	if v == nil {
		return 0
	}
	n, ok := number(unquoted(v))
	if !ok || n < 0 {
		l.Fail(name, errors.New("is no whole number of up to 18 digits"))
		return 0
	}
	return uint64(n)
}

// Flag reads true or false.
func (l *Line) Flag(name string) bool {
	switch v := l.value(name); {
	case v == nil:
		return false
	case string(v) == "true":
		return true
	case string(v) != "false":
		l.Fail(name, errors.New("is neither true nor false"))
	}
	return false
}

// Amount reads a decimal string that fits into bits bits.
func (l *Line) Amount(name string, bits int) uint256.Int {
	v := l.value(name)
	if v == nil {
		return uint256.Int{}
	}
	x, err := amount(v, bits)
	if err != nil {
		l.Fail(name, err)
	}
	return x
}

// Amounts reads a list of least to most decimal strings that fit into bits bits each.
func (l *Line) Amounts(name string, least, most, bits int) []uint256.Int {
	return list(l, name, least, most, func(v []byte) (uint256.Int, error) { return amount(v, bits) })
}

// Address reads an address: 0x and forty hexadecimal digits, of any case.
func (l *Line) Address(name string) common.Address {
	v := l.value(name)
	if v == nil {
		return common.Address{}
	}
	a, err := address(v)
	if err != nil {
		l.Fail(name, err)
	}
	return a
}

// Addresses reads a list of least to most addresses.
func (l *Line) Addresses(name string, least, most int) []common.Address {
	return list(l, name, least, most, address)
}

// Each calls read with every element of a list, as JSON. It stops at the first that read refuses.
func (l *Line) Each(name string, read func(element []byte) error) {
	v := l.value(name)
	if v == nil {
		return
	}
	if v[0] != '[' {
		l.Fail(name, errList)
		return
	}
	for at, i := 1, 0; ; i++ {
		element, next := step(v, at)
		if element == nil {
			return
		}
		if err := read(element); err != nil {
			l.Fail(name, fmt.Errorf("element %d %w", i+1, err))
			return
		}
		at = next
	}
}

// Pair reads an element of Each that is a list of two whole numbers, plain or as strings: the first fits into 32 bits, and the second
// into 128 with its sign, which is extended to the word.
func Pair(element []byte) (first int32, second uint256.Int, err error) {
	if element[0] != '[' {
		return 0, second, errPair
	}
	a, next := step(element, 1)
	b, end := step(element, next)
	if a == nil || b == nil {
		return 0, second, errPair
	}
	if more, _ := step(element, end); more != nil {
		return 0, second, errPair
	}
	n, ok := number(unquoted(a))
	if !ok || n != int64(int32(n)) { //nolint:gosec // that is the question
		return 0, second, errors.New("has a first number that is not whole, or beyond 32 bits")
	}
	digits := unquoted(b)
	negative := digits[0] == '-'
	if negative {
		digits = digits[1:]
	}
	second, ok = decimal(digits)
	if !ok || second.BitLen() > 127 || negative && second.IsZero() {
		return 0, second, errors.New("has a second that is no whole number of 127 bits and a sign")
	}
	if negative {
		second.Neg(&second)
	}
	return int32(n), second, nil //nolint:gosec // looked at above
}

var (
	errList = errors.New("is no list")
	errPair = errors.New("is no pair of whole numbers")
)

func (l *Line) find(name string) *field {
	for i := range l.fields {
		if string(l.fields[i].name) == name {
			return &l.fields[i]
		}
	}
	return nil
}

func (l *Line) value(name string) []byte {
	if l.err != nil {
		return nil
	}
	f := l.find(name)
	if f == nil {
		l.err = fmt.Errorf("%s is missing", name)
		return nil
	}
	f.asked = true
	return f.value
}

func list[T any](l *Line, name string, least, most int, read func([]byte) (T, error)) []T {
	v := l.value(name)
	if v == nil {
		return nil
	}
	if v[0] != '[' {
		l.Fail(name, errList)
		return nil
	}
	all := make([]T, 0, min(max(least, 2), most))
	for at := 1; ; {
		element, next := step(v, at)
		if element == nil {
			break
		}
		if len(all) == most {
			l.Fail(name, fmt.Errorf("has more than %d elements", most))
			return nil
		}
		x, err := read(element)
		if err != nil {
			l.Fail(name, fmt.Errorf("element %d %w", len(all)+1, err))
			return nil
		}
		all, at = append(all, x), next
	}
	if len(all) < least {
		l.Fail(name, fmt.Errorf("has fewer than %d elements", least))
		return nil
	}
	return all
}

// plain takes the quotes off a string that has nothing to unescape.
func plain(v []byte) ([]byte, bool) {
	if v[0] != '"' || bytes.IndexByte(v, '\\') >= 0 {
		return nil, false
	}
	return v[1 : len(v)-1], true
}

func unquoted(v []byte) []byte {
	if s, ok := plain(v); ok && len(s) > 0 {
		return s
	}
	return v
}

func text(v []byte, limit int) (string, error) {
	if v == nil {
		return "", nil
	}
	if s, ok := plain(v); ok {
		if len(s) > limit {
			return "", fmt.Errorf("has more than %d bytes", limit)
		}
		return string(s), nil
	}
	var s string
	if v[0] != '"' {
		return "", errors.New("is no string")
	}
	if err := json.Unmarshal(v, &s); err != nil {
		return "", errors.New("is a broken string")
	}
	if len(s) > limit {
		return "", fmt.Errorf("has more than %d bytes", limit)
	}
	return s, nil
}

// number reads the JSON number of a scanned value, which has no leading zero.
func number(v []byte) (int64, bool) {
	digits, sign := v, int64(1)
	if digits[0] == '-' {
		digits, sign = digits[1:], -1
	}
	if len(digits) == 0 || len(digits) > 18 || digits[0] == '0' && (len(digits) > 1 || sign < 0) {
		return 0, false
	}
	var n int64
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return sign * n, true
}

func amount(v []byte, bits int) (uint256.Int, error) {
	s, ok := plain(v)
	if !ok {
		return uint256.Int{}, errors.New("is no decimal string")
	}
	x, ok := decimal(s)
	if !ok {
		return uint256.Int{}, errors.New("is no whole decimal number")
	}
	if x.BitLen() > bits {
		return uint256.Int{}, fmt.Errorf("does not fit into %d bits", bits)
	}
	return x, nil
}

// maxDigits is how many digits 2^256-1 has.
const maxDigits = 78

func decimal(s []byte) (uint256.Int, bool) {
	var x uint256.Int
	if len(s) == 0 || len(s) > maxDigits || s[0] == '0' && len(s) > 1 {
		return x, false
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return x, false
		}
	}
	if len(s) <= 19 { // fits into 64 bits
		var n uint64
		for _, c := range s {
			n = n*10 + uint64(c-'0')
		}
		x.SetUint64(n)
		return x, true
	}
	err := x.SetFromDecimal(unsafe.String(&s[0], len(s))) //nolint:gosec // it is only looked at
	return x, err == nil
}

func address(v []byte) (common.Address, error) {
	var a common.Address
	s, ok := plain(v)
	if !ok || len(s) != 2+2*len(a) || s[0] != '0' || s[1] != 'x' {
		return a, errAddress
	}
	for i := range a {
		high, low := nibble(s[2+2*i]), nibble(s[3+2*i])
		if high > 15 || low > 15 {
			return common.Address{}, errAddress
		}
		a[i] = high<<4 | low
	}
	return a, nil
}

var errAddress = errors.New("is no address: 0x and forty hexadecimal digits")

func nibble(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 16
}

// quote shows the start of what stands in a line, as one printable word.
func quote(b []byte) string {
	const shown = 32
	if len(b) > shown {
		b = b[:shown]
	}
	for len(b) > 0 && !utf8.Valid(b) {
		b = b[:len(b)-1]
	}
	return fmt.Sprintf("%+q", b)
}
