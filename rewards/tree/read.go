package tree

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

// Errors of lines. Each comes with the number of its line.
var (
	ErrLine     = errors.New(`not a claim; write {"address":"0x…","amount":"…"}`)
	ErrCut      = errors.New("the input ends within a claim; is it whole?")
	ErrLongLine = errors.New("line too long for a claim")
	ErrAddress  = errors.New("not an address; write 0x and 40 hex digits")
	ErrChecksum = errors.New("address with a wrong checksum; copy it again")
	ErrAmount   = errors.New("not an amount; write whole wei as decimal digits")
	ErrNegative = errors.New("negative amount")
	ErrOverflow = errors.New("amount above 2^256-1")
)

const (
	longestLine = 64 << 10 // in bytes
	mostDigits  = 78       // of 2^256-1
	mostShown   = 100      // bytes of what is refused
)

// Read reads claims, one JSON object a line, with the address and the amount in wei as strings. It refuses what else an object
// may hold, as a field that is not read may be one that somebody counts on.
func Read(r io.Reader) (*Claims, error) {
	in := bufio.NewReaderSize(r, longestLine)
	claims := new(Claims)
	for line := 1; ; line++ {
		text, err := in.ReadSlice('\n')
		switch {
		case errors.Is(err, io.EOF) && len(text) == 0:
			return claims, nil
		case errors.Is(err, bufio.ErrBufferFull):
			return nil, fmt.Errorf("line %d: %w: more than %d bytes", line, ErrLongLine, longestLine)
		case err != nil && !errors.Is(err, io.EOF):
			return nil, fmt.Errorf("read line %d: %w", line, err)
		}
		c, wrong := parse(text)
		if errors.Is(wrong, ErrCut) && err == nil { // the line ended, not the input
			wrong = fmt.Errorf("%w: %s", ErrLine, shown(text))
		}
		if wrong == nil {
			wrong = claims.Add(c)
		}
		if wrong != nil {
			return nil, fmt.Errorf("line %d: %w", line, wrong)
		}
	}
}

// parse reads one line, and fails with ErrCut where more had to follow. It takes the JSON objects of two strings without escapes,
// which neither an address nor an amount needs.
func parse(text []byte) (Claim, error) {
	s := scanner{text: text}
	var address, amount []byte
	opens := byte('{')
	for range 2 {
		name, value, err := s.field(opens)
		switch {
		case err != nil:
			return Claim{}, err
		case string(name) == "address" && address == nil:
			address = value
		case string(name) == "amount" && amount == nil:
			amount = value
		default:
			return Claim{}, fmt.Errorf("%w: unexpected field %s", ErrLine, shown(name))
		}
		opens = ','
	}
	if err := s.expect('}'); err != nil {
		return Claim{}, err
	}
	if s.space(); s.at < len(text) {
		return Claim{}, fmt.Errorf("%w: %s after it", ErrLine, shown(text[s.at:]))
	}
	var c Claim
	var err error
	if c.Account, err = parseAddress(address); err != nil {
		return Claim{}, err
	}
	if err = parseAmount(&c.Amount, amount); err != nil {
		return Claim{}, err
	}
	return c, nil
}

type scanner struct {
	text []byte
	at   int
}

// field reads opens, a name, a colon and a value.
func (s *scanner) field(opens byte) (name, value []byte, err error) {
	if err = s.expect(opens); err != nil {
		return nil, nil, err
	}
	if name, err = s.str(); err != nil {
		return nil, nil, err
	}
	if err = s.expect(':'); err != nil {
		return nil, nil, err
	}
	value, err = s.str()
	return name, value, err
}

func (s *scanner) str() ([]byte, error) {
	if err := s.expect('"'); err != nil {
		return nil, err
	}
	n := bytes.IndexByte(s.text[s.at:], '"')
	if n < 0 {
		return nil, ErrCut
	}
	found := s.text[s.at : s.at+n : s.at+n]
	s.at += n + 1
	return found, nil
}

func (s *scanner) expect(c byte) error {
	s.space()
	if s.at == len(s.text) {
		return ErrCut
	}
	if s.text[s.at] != c {
		return fmt.Errorf("%w: want %q before %s", ErrLine, c, shown(s.text[s.at:]))
	}
	s.at++
	return nil
}

func (s *scanner) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return
		}
	}
}

// parseAddress takes lower or upper case as they are, and mixed case only with the checksum of EIP-55.
func parseAddress(text []byte) (a common.Address, err error) {
	if len(text) != 42 || text[0] != '0' || text[1] != 'x' {
		return a, fmt.Errorf("%w: %s", ErrAddress, shown(text))
	}
	digits := text[2:]
	if _, err := hex.Decode(a[:], digits); err != nil {
		return common.Address{}, fmt.Errorf("%w: %s", ErrAddress, shown(text))
	}
	if bytes.ContainsAny(digits, "abcdef") && bytes.ContainsAny(digits, "ABCDEF") && a.Hex() != string(text) {
		return common.Address{}, fmt.Errorf("%w: %s", ErrChecksum, text)
	}
	return a, nil
}

func parseAmount(to *uint256.Int, text []byte) error {
	digits, negative := bytes.CutPrefix(text, []byte("-"))
	if len(digits) == 0 || len(digits) > 1 && digits[0] == '0' {
		return fmt.Errorf("%w: %s", ErrAmount, shown(text))
	}
	for _, d := range digits {
		if d < '0' || d > '9' {
			return fmt.Errorf("%w: %s", ErrAmount, shown(text))
		}
	}
	switch {
	case negative:
		return fmt.Errorf("%w: %s", ErrNegative, shown(text))
	case len(digits) > mostDigits || to.SetFromDecimal(string(digits)) != nil:
		return fmt.Errorf("%w: %s", ErrOverflow, shown(text))
	}
	return nil
}

// shown is the beginning of what somebody else wrote, in quotes.
func shown(text []byte) string {
	if text = bytes.TrimRight(text, "\r\n"); len(text) > mostShown {
		return fmt.Sprintf("%q…", text[:mostShown])
	}
	return fmt.Sprintf("%q", text)
}
