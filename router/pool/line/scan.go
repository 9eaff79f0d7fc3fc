package line

import (
	"errors"
	"fmt"
	"unicode/utf8"
)

// scanner goes once over a text and says where its values are. Every byte is looked at, so what it passes is JSON without floats.
type scanner struct {
	text []byte
	at   int
}

var (
	errCut   = errors.New("ends in the middle")
	errDepth = fmt.Errorf("nests lists deeper than %d", maxDepth)
)

func (s *scanner) object(fields []field) ([]field, error) {
	if s.space(); s.peek() != '{' {
		return fields, errors.New("is no JSON object")
	}
	s.at++
	s.space()
	if s.peek() == '}' {
		s.at++
		return fields, s.end()
	}
	for {
		f, err := s.member()
		if err != nil {
			return fields, err
		}
		for i := range fields {
			if string(fields[i].name) == string(f.name) {
				return fields, fmt.Errorf("%s stands twice", quote(f.name))
			}
		}
		if len(fields) == MaxFields {
			return fields, fmt.Errorf("has more than %d fields", MaxFields)
		}
		fields = append(fields, f)
		s.space()
		switch s.next() {
		case ',':
			s.space()
		case '}':
			return fields, s.end()
		default:
			return fields, s.odd()
		}
	}
}

// member scans a name, which has nothing to unescape, and its value.
func (s *scanner) member() (field, error) {
	start := s.at
	if err := s.str(); err != nil {
		return field{}, err
	}
	name, ok := plain(s.text[start:s.at])
	if !ok {
		return field{}, errors.New("has a field whose name is escaped")
	}
	if s.space(); s.next() != ':' {
		return field{}, s.odd()
	}
	s.space()
	start = s.at
	if err := s.value(0); err != nil {
		return field{}, err
	}
	return field{name: name, value: s.text[start:s.at]}, nil
}

func (s *scanner) value(depth int) error {
	switch c := s.peek(); {
	case c == '"':
		return s.str()
	case c == '[':
		return s.list(depth)
	case c == '-' || c >= '0' && c <= '9':
		return s.number()
	case c == '{':
		return errors.New("has an object in it")
	}
	for _, word := range [...]string{"null", "true", "false"} {
		if len(s.text)-s.at >= len(word) && string(s.text[s.at:s.at+len(word)]) == word {
			s.at += len(word)
			return nil
		}
	}
	s.at++
	return s.odd()
}

func (s *scanner) list(depth int) error {
	if depth == maxDepth {
		return errDepth
	}
	s.at++
	if s.space(); s.peek() == ']' {
		s.at++
		return nil
	}
	for {
		if err := s.value(depth + 1); err != nil {
			return err
		}
		s.space()
		switch s.next() {
		case ',':
			s.space()
		case ']':
			return nil
		default:
			return s.odd()
		}
	}
}

func (s *scanner) str() error {
	if s.next() != '"' {
		return s.odd()
	}
	ascii := true
	for start := s.at; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case c == '"':
			if !ascii && !utf8.Valid(s.text[start:s.at]) {
				return errors.New("has a string that is no UTF-8")
			}
			s.at++
			return nil
		case c == '\\':
			if err := s.escape(); err != nil {
				return err
			}
		case c < ' ':
			return errors.New("has a control character in a string")
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return errCut
}

// escape leaves the scanner at the last byte of the escape.
func (s *scanner) escape() error {
	s.at++
	switch s.peek() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return nil
	case 'u':
		for range 4 {
			s.at++
			if nibble(s.peek()) > 15 {
				return errors.New("has a broken escape in a string")
			}
		}
		return nil
	}
	return errors.New("has a broken escape in a string")
}

func (s *scanner) number() error {
	if s.peek() == '-' {
		s.at++
	}
	start := s.at
	for c := s.peek(); c >= '0' && c <= '9'; c = s.peek() {
		s.at++
	}
	switch digits := s.text[start:s.at]; {
	case len(digits) == 0:
		return s.odd()
	case len(digits) > 1 && digits[0] == '0':
		return errors.New("has a number with a leading zero")
	}
	if c := s.peek(); c == '.' || c == 'e' || c == 'E' {
		return errors.New("has a number that is not whole")
	}
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

func (s *scanner) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func (s *scanner) next() byte {
	c := s.peek()
	s.at++
	return c
}

// odd says what is wrong about the byte that was passed last.
func (s *scanner) odd() error {
	if s.at > len(s.text) {
		return errCut
	}
	return fmt.Errorf("has %s where JSON has something else", quote(s.text[s.at-1:s.at]))
}

func (s *scanner) end() error {
	if s.space(); s.at < len(s.text) {
		return errors.New("goes on after its object")
	}
	return nil
}

// step finds the next element of a scanned list from at on: its bytes and where to go on, or nil at the end.
func step(list []byte, at int) (element []byte, next int) {
	s := scanner{text: list, at: at}
	if s.space(); s.peek() == ',' {
		s.at++
		s.space()
	}
	if s.peek() == ']' || s.at >= len(list) {
		return nil, s.at
	}
	start := s.at
	if s.value(0) != nil { // can't be: it was scanned before
		return nil, len(list)
	}
	return list[start:s.at], s.at
}
