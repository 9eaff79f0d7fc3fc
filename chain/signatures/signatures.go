// Package signatures puts names to what contracts say: a log, a revert, the input of a call.
//
// A contract says a topic or a selector and some bytes; what they mean stands in signatures that are known beforehand, ours in
// known.txt and the user's own from an ABI file. A name is a claim about bytes of a stranger, so it is given only where the bytes
// are exactly what an encoder makes of that signature: each offset where it has to be, each padding zero, nothing left over. This
// is the same as decoding and encoding again to the same bytes, takes time in proportion to the bytes, and no memory but for the
// text. Anything else has no name here, and is shown as it is.
//
// A name helps people to read and proves nothing: any contract may log any topic, and mean by it what it likes. Nothing may be
// decided on a name.
//
// Invariant: whatever the bytes, a lookup ends, and what it returns is at most one line of maxText characters for each argument.
package signatures

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/ethereum/go-ethereum/common"
)

// Arg is one decoded argument. Value is text for people and for --json: numbers in decimal, addresses as EIP-55 has them, bytes in
// hex, lists in brackets, a string as it may be shown. An indexed argument that is no single word was hashed by the contract, and
// its value is that hash after 'keccak256:'.
type Arg struct {
	Name  string `json:"name"` // empty where the signature gives none
	Type  string `json:"type"`
	Value string `json:"value"`
}

// Named is an event, an error or a function with its arguments.
type Named struct {
	Name string `json:"name"`
	Args []Arg  `json:"args"`
}

type selector [4]byte

// shape is what tells events apart: an ERC-20 and an ERC-721 Transfer have one topic, and other indexed arguments.
type shape struct {
	topic   common.Hash
	indexed int
}

// Book is a set of signatures. It never changes, so it may be shared.
type Book struct {
	events    map[shape]*signature
	errors    map[selector][]*signature
	functions map[selector][]*signature
}

//go:embed known.txt
var knownLines string

// Known returns the signatures of public standards and protocols that come with the program.
func Known() *Book { return known() }

var known = sync.OnceValue(func() *Book {
	b := newBook()
	for i, line := range strings.Split(knownLines, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		s, err := parseLine(line)
		if err != nil {
			panic(fmt.Sprintf("signatures: known.txt:%d: %v", i+1, err))
		}
		b.add(s)
	}
	return b
})

func newBook() *Book {
	return &Book{
		events:    make(map[shape]*signature),
		errors:    make(map[selector][]*signature),
		functions: make(map[selector][]*signature),
	}
}

func (b *Book) clone() *Book {
	return &Book{events: maps.Clone(b.events), errors: maps.Clone(b.errors), functions: maps.Clone(b.functions)}
}

// add puts a signature into a book that nobody else has yet. What has the same encoding is replaced: the later one wins.
func (b *Book) add(s *signature) {
	switch s.kind {
	case event:
		b.events[shape{s.hash, s.indexed()}] = s
	case failure:
		b.errors[s.selector()] = replaced(b.errors[s.selector()], s)
	case function:
		b.functions[s.selector()] = replaced(b.functions[s.selector()], s)
	}
}

// replaced is a new list: the old one may belong to another book too.
func replaced(list []*signature, s *signature) []*signature {
	out := slices.DeleteFunc(slices.Clone(list), func(old *signature) bool { return old.hash == s.hash })
	return append(out, s)
}

// Event names a log. The signature is the one of the first topic with as many indexed arguments as there are further topics.
func (b *Book) Event(topics []common.Hash, data []byte) (Named, bool) {
	if len(topics) == 0 {
		return Named{}, false
	}
	s, ok := b.events[shape{topics[0], len(topics) - 1}]
	if !ok {
		return Named{}, false
	}
	return s.readLog(topics[1:], data)
}

// Error names what a reverted call returned.
func (b *Book) Error(data []byte) (Named, bool) { return only(b.errors, data) }

// Call names the input of a call.
func (b *Book) Call(input []byte) (Named, bool) { return only(b.functions, input) }

// only reads data by the one signature that fits. Selectors are four bytes, so others can have the same one; where two fit, it is
// not known which of them was meant.
func only(book map[selector][]*signature, data []byte) (Named, bool) {
	if len(data) < len(selector{}) {
		return Named{}, false
	}
	var found Named
	fits := 0
	for _, s := range book[selector(data)] {
		if named, ok := s.read(data[len(selector{}):]); ok {
			found = named
			fits++
		}
	}
	if fits != 1 {
		return Named{}, false
	}
	return found, true
}
