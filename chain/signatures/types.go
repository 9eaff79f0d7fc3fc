package signatures

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

type class uint8

const (
	unsigned class = iota
	signed
	boolean
	address
	fixedBytes
	dynamicBytes
	text
	list  // T[]
	array // T[n]
	tuple
)

// The limits keep a signature smaller than anything that a compiler would accept.
const (
	maxDepth  = 8
	maxFields = 64
	maxWords  = 1 << 12 // the head of a type, so also the length of T[n]
	maxName   = 128
)

const word = 32

// typ is a type as the contract ABI has it.
// See https://docs.soliditylang.org/en/v0.8.30/abi-spec.html#types
type typ struct {
	name    string // canonical, as it is hashed
	class   class
	size    int    // bits of a number, bytes of fixedBytes, length of an array
	elem    *typ   // of a list or an array
	fields  []*typ // of a tuple
	dynamic bool   // the head is an offset
	words   int    // length of the head
	depth   int
}

func simple(name string, c class, size int) *typ {
	return &typ{name: name, class: c, size: size, words: 1}
}

// elementary returns the type of a name without brackets.
func elementary(name string) (*typ, error) {
	switch name {
	case "address":
		return simple(name, address, 20), nil
	case "bool":
		return simple(name, boolean, 1), nil
	case "function": // an address and a selector
		return simple(name, fixedBytes, 24), nil
	case "uint", "int":
		return elementary(name + "256")
	case "bytes", "string":
		c := dynamicBytes
		if name == "string" {
			c = text
		}
		return &typ{name: name, class: c, dynamic: true, words: 1}, nil
	}
	base := strings.TrimRight(name, "0123456789")
	size, err := strconv.Atoi(name[len(base):])
	canonical := err == nil && base+strconv.Itoa(size) == name
	switch {
	case canonical && base == "uint" && size > 0 && size <= 256 && size%8 == 0:
		return simple(name, unsigned, size), nil
	case canonical && base == "int" && size > 0 && size <= 256 && size%8 == 0:
		return simple(name, signed, size), nil
	case canonical && base == "bytes" && size > 0 && size <= word:
		return simple(name, fixedBytes, size), nil
	}
	return nil, fmt.Errorf("unknown type %s", shown(name))
}

func tupleOf(fields []*typ) (*typ, error) {
	if len(fields) == 0 {
		return nil, errors.New("a tuple without fields")
	}
	if len(fields) > maxFields {
		return nil, fmt.Errorf("a tuple of %d fields, the limit is %d", len(fields), maxFields)
	}
	t := &typ{class: tuple, fields: fields}
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
		t.dynamic = t.dynamic || f.dynamic
		t.words += f.words
		t.depth = max(t.depth, f.depth+1)
	}
	t.name = "(" + strings.Join(names, ",") + ")"
	return t.limited()
}

// dimension returns elem[] or, with a size above zero, elem[size].
func dimension(elem *typ, size int) (*typ, error) {
	if size == 0 {
		t := &typ{name: elem.name + "[]", class: list, elem: elem, dynamic: true, words: 1, depth: elem.depth + 1}
		return t.limited()
	}
	if size > maxWords {
		return nil, fmt.Errorf("an array of %d, the limit is %d", size, maxWords)
	}
	t := &typ{
		name: fmt.Sprintf("%s[%d]", elem.name, size), class: array, elem: elem, size: size,
		dynamic: elem.dynamic, words: elem.words * size, depth: elem.depth + 1,
	}
	return t.limited()
}

// limited settles the head of a dynamic type and refuses what is larger or deeper than any real type.
func (t *typ) limited() (*typ, error) {
	if t.words > maxWords {
		return nil, fmt.Errorf("type %s is larger than %d words", shown(t.name), maxWords)
	}
	if t.depth > maxDepth {
		return nil, fmt.Errorf("type %s is nested deeper than %d", shown(t.name), maxDepth)
	}
	if t.dynamic {
		t.words = 1
	}
	return t, nil
}

// dimensions applies brackets such as [][3] to a type.
func dimensions(t *typ, brackets string) (*typ, error) {
	for brackets != "" {
		inner, rest, ok := strings.Cut(brackets, "]")
		digits, opened := strings.CutPrefix(inner, "[")
		if !ok || !opened {
			return nil, fmt.Errorf("no array: %s", shown(brackets))
		}
		size := 0
		if digits != "" {
			n, err := strconv.Atoi(digits)
			if err != nil || n < 1 || strconv.Itoa(n) != digits {
				return nil, fmt.Errorf("no length of an array: %s", shown(digits))
			}
			size = n
		}
		var err error
		if t, err = dimension(t, size); err != nil {
			return nil, err
		}
		brackets = rest
	}
	return t, nil
}
