package signatures

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/keymaker-agent/keymaker/internal/untrusted"
)

type kind string

const (
	event    kind = "event"
	failure  kind = "error"
	function kind = "function"
)

// maxIndexed is how many topics a log has besides that of its name.
const maxIndexed = 3

type param struct {
	name    string
	typ     *typ
	indexed bool
}

// signature is one event, error or function.
type signature struct {
	kind   kind
	name   string
	params []param
	hash   common.Hash
}

func newSignature(k kind, name string, params []param) (*signature, error) {
	if !isIdentifier(name) {
		return nil, fmt.Errorf("no name of an %s: %s", k, shown(name))
	}
	if len(params) > maxFields {
		return nil, fmt.Errorf("%s %s has %d arguments, the limit is %d", k, name, len(params), maxFields)
	}
	s := &signature{kind: k, name: name, params: params}
	if s.indexed() > maxIndexed {
		return nil, fmt.Errorf("event %s has %d indexed arguments, the limit is %d", name, s.indexed(), maxIndexed)
	}
	if s.indexed() > 0 && k != event {
		return nil, fmt.Errorf("%s %s has an indexed argument, as only events have", k, name)
	}
	s.hash = crypto.Keccak256Hash([]byte(s.canonical()))
	return s, nil
}

func (s *signature) canonical() string {
	types := make([]string, len(s.params))
	for i, p := range s.params {
		types[i] = p.typ.name
	}
	return s.name + "(" + strings.Join(types, ",") + ")"
}

func (s *signature) selector() selector { return selector(s.hash[:]) }

func (s *signature) indexed() int {
	n := 0
	for _, p := range s.params {
		if p.indexed {
			n++
		}
	}
	return n
}

// parseLine reads a signature as people write it: event Transfer(address indexed from, address indexed to, uint256 value).
// A struct is written out: (address token, uint256 amount)[] details.
func parseLine(line string) (*signature, error) {
	first, rest, _ := strings.Cut(line, " ")
	k := kind(first)
	if k != event && k != failure && k != function {
		return nil, fmt.Errorf("want event, error or function, have %s", shown(first))
	}
	open := strings.IndexByte(rest, '(')
	if open < 0 {
		return nil, fmt.Errorf("no arguments: %s", shown(line))
	}
	p := parser{rest: rest[open:]}
	params, err := p.params(0)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", shown(line), err)
	}
	if p.rest != "" {
		return nil, fmt.Errorf("after the arguments: %s", shown(p.rest))
	}
	return newSignature(k, rest[:open], params)
}

type parser struct{ rest string }

func (p *parser) take(c byte) bool {
	if p.rest == "" || p.rest[0] != c {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

// until takes what stands before the first of the stops.
func (p *parser) until(stops string) string {
	end := strings.IndexAny(p.rest, stops)
	if end < 0 {
		end = len(p.rest)
	}
	taken := p.rest[:end]
	p.rest = p.rest[end:]
	return taken
}

func (p *parser) params(depth int) ([]param, error) {
	if depth > maxDepth {
		return nil, errors.New("tuples are nested too deep")
	}
	if !p.take('(') {
		return nil, errors.New("want (")
	}
	var params []param
	if p.take(')') {
		return params, nil
	}
	for {
		one, err := p.param(depth)
		if err != nil {
			return nil, err
		}
		params = append(params, one)
		if p.take(')') {
			return params, nil
		}
		if !p.take(',') {
			return nil, errors.New("want , or ) after an argument")
		}
		p.rest = strings.TrimLeft(p.rest, " ")
	}
}

func (p *parser) param(depth int) (param, error) {
	base, err := p.base(depth)
	if err != nil {
		return param{}, err
	}
	t, err := dimensions(base, p.until(" ,)"))
	if err != nil {
		return param{}, err
	}
	one := param{typ: t}
	for _, w := range strings.Fields(p.until(",)")) {
		switch {
		case w == "indexed" && !one.indexed && one.name == "":
			one.indexed = true
		case one.name == "" && isIdentifier(w):
			one.name = w
		default:
			return param{}, fmt.Errorf("no name of an argument: %s", shown(w))
		}
	}
	return one, nil
}

func (p *parser) base(depth int) (*typ, error) {
	if !strings.HasPrefix(p.rest, "(") {
		return elementary(p.until(" ,()["))
	}
	fields, err := p.params(depth + 1)
	if err != nil {
		return nil, err
	}
	types := make([]*typ, len(fields))
	for i, f := range fields {
		types[i] = f.typ
	}
	return tupleOf(types)
}

func isIdentifier(s string) bool {
	if s == "" || len(s) > maxName || s[0] >= '0' && s[0] <= '9' {
		return false
	}
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '_' && c != '$' {
			return false
		}
	}
	return true
}

// shown is a piece of a foreign file as an error may quote it.
func shown(s string) string {
	const limit = 80
	return `"` + untrusted.Text(s, limit) + `"`
}
