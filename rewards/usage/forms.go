package usage

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/bits"
	"strconv"

	"github.com/holiman/uint256"
)

const (
	mostTime   = 1 << 40 // and all below are exact in programs that read numbers as floats of 64 bits
	mostCount  = 1 << 53
	longName   = 64
	amountBits = 128
	mostShown  = 100 // bytes of what is refused
)

// says is what a form is, for whoever wrote something else.
var says = [...]string{
	formTime:    "unix seconds, a number below 2^40",
	formRef:     `"0x" and 32 lower-case hex digits`,
	formAddress: `"0x" and 40 lower-case hex digits, not all zero`,
	formNobody:  `"0x" and 40 lower-case hex digits`,
	formCommit:  `"0x" and 40 lower-case hex digits`,
	formHash:    `"0x" and 64 lower-case hex digits`,
	formName:    "a string of 1 to 64 of a-z 0-9 . _ : / -",
	formCount:   "a number below 2^53",
	formAmount:  "a string of decimal digits without leading zeros, below 2^128",
	formFlag:    "0 or 1",
}

func (f form) quoted() bool {
	switch f {
	case formTime, formCount, formFlag:
		return false
	default:
		return true
	}
}

func (f form) hex() bool {
	switch f {
	case formRef, formAddress, formNobody, formCommit, formHash:
		return true
	default:
		return false
	}
}

// rest is what is still to be read of a line. Each of its methods takes what it reads, and reports whether that was there.
type rest []byte

func (r *rest) word(w string) bool {
	if len(*r) < len(w) || string((*r)[:len(w)]) != w {
		return false
	}
	*r = (*r)[len(w):]
	return true
}

// number reads one below limit, which is at most mostCount, without leading zeros.
func (r *rest) number(limit uint64) (n uint64, ok bool) {
	text, at := *r, 0
	for ; at < len(text); at++ {
		d := text[at] - '0'
		if d > 9 {
			break
		}
		if n = 10*n + uint64(d); n >= limit {
			return 0, false
		}
	}
	if at == 0 || text[0] == '0' && at > 1 {
		return 0, false
	}
	*r = text[at:]
	return n, true
}

// hex reads lower-case digits until to is full.
func (r *rest) hex(to []byte) bool {
	text := *r
	if len(text) < 2*len(to) {
		return false
	}
	var bad byte
	for i := range to {
		high, low := nibbles[text[2*i]], nibbles[text[2*i+1]]
		bad |= high | low
		to[i] = high<<4 | low&0xf
	}
	if bad > 0xf {
		return false
	}
	*r = text[2*len(to):]
	return true
}

// nibbles are the values of lower-case hex digits, and 0xf0 for everything else.
var nibbles = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xf0
	}
	for i, c := range []byte("0123456789abcdef") {
		t[c] = byte(i)
	}
	return t
}()

const (
	wordDigits = 19 // that a uint64 holds whatever they are
	wordTen    = 10_000_000_000_000_000_000
	mostDigits = 39 // of 2^128-1
)

// amount reads decimal digits without leading zeros, below 2^128.
func (r *rest) amount(to *uint256.Int) bool {
	text, at := *r, 0
	var high, low uint64
	for at < len(text) && at <= mostDigits {
		var part uint64
		scale, from := uint64(1), at
		for at < len(text) && at-from < wordDigits {
			d := text[at] - '0'
			if d > 9 {
				break
			}
			part, scale = 10*part+uint64(d), 10*scale
			at++
		}
		if at == from {
			break
		}
		over, carried := bits.Mul64(high, scale)
		up, down := bits.Mul64(low, scale)
		down, carry := bits.Add64(down, part, 0)
		high, carry = bits.Add64(carried, up, carry)
		if low = down; over != 0 || carry != 0 {
			return false
		}
	}
	if at == 0 || at > mostDigits || text[0] == '0' && at > 1 {
		return false
	}
	*to = uint256.Int{low, high}
	*r = text[at:]
	return true
}

// name reads up to the quote that ends it.
func (r *rest) name(to *[]byte) bool {
	text, at := *r, 0
	for at < len(text) && at <= longName && nameBytes[text[at]] {
		at++
	}
	if at == 0 || at > longName {
		return false
	}
	*to, *r = text[:at:at], text[at:]
	return true
}

var nameBytes = func() (t [256]bool) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyz0123456789._:/-") {
		t[c] = true
	}
	return t
}()

func isName(name []byte) bool {
	read := rest(name)
	return read.name(&name) && len(read) == 0
}

func appendNumber(dst []byte, n uint64) []byte { return strconv.AppendUint(dst, n, 10) }

func appendHex(dst, b []byte) []byte { return hex.AppendEncode(dst, b) }

// appendAmount writes one that is below 2^128.
func appendAmount(dst []byte, a *uint256.Int) []byte {
	var parts [3]uint64 // the lowest first
	high, low, n := a[1], a[0], 0
	for high != 0 {
		over := high % wordTen
		low, parts[n] = bits.Div64(over, low, wordTen)
		high /= wordTen
		n++
	}
	if low >= wordTen {
		low, parts[n] = low/wordTen, low%wordTen
		n++
	}
	dst = appendNumber(dst, low)
	for n--; n >= 0; n-- {
		at := len(dst)
		dst = append(dst, "0000000000000000000"...)
		for p, i := parts[n], at+wordDigits-1; p != 0; i-- {
			dst[i] = byte('0' + p%10)
			p /= 10
		}
	}
	return dst
}

// shown is the beginning of what somebody else wrote, in quotes.
func shown(text []byte) string {
	if text = bytes.TrimRight(text, "\r\n"); len(text) > mostShown {
		return fmt.Sprintf("%q…", text[:mostShown])
	}
	return fmt.Sprintf("%q", text)
}
