package signatures

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// maxFile is the largest ABI file that is read. That of the largest contract is a tenth of it.
const maxFile = 4 << 20

type abiEntry struct {
	Type      string     `json:"type"`
	Name      string     `json:"name"`
	Inputs    []abiInput `json:"inputs"`
	Anonymous bool       `json:"anonymous"`
}

type abiInput struct {
	Name       string     `json:"name"`
	Type       string     `json:"type"`
	Components []abiInput `json:"components"`
	Indexed    bool       `json:"indexed"`
}

// With returns a book that also has the signatures of an ABI file: a JSON list as compilers write it, or an object with such a
// list under 'abi'. Where both have a signature, the names of the file's arguments are used.
func (b *Book) With(abiJSON []byte) (*Book, error) {
	if len(abiJSON) > maxFile {
		return nil, fmt.Errorf("an ABI file of %d bytes: the limit is %d", len(abiJSON), maxFile)
	}
	entries, err := entriesOf(abiJSON)
	if err != nil {
		return nil, fmt.Errorf("read the ABI file: %w", err)
	}
	out, own := b.clone(), newBook()
	for i, e := range entries {
		k := kind(e.Type)
		if k != event && k != failure && k != function || e.Anonymous {
			continue // constructors have no selector, anonymous events no topic
		}
		s, err := e.signature(k)
		if err != nil {
			return nil, fmt.Errorf("read the ABI file: entry %d: %w", i+1, err)
		}
		if twin := own.events[shape{s.hash, s.indexed()}]; k == event && twin != nil && !sameIndexed(twin, s) {
			return nil, fmt.Errorf("read the ABI file: entry %d: event %s is there twice, with other arguments indexed", i+1, s.name)
		}
		own.add(s)
		out.add(s)
	}
	return out, nil
}

func entriesOf(abiJSON []byte) ([]abiEntry, error) {
	raw := json.RawMessage(bytes.TrimSpace(abiJSON))
	if bytes.HasPrefix(raw, []byte("{")) {
		var artifact struct {
			ABI json.RawMessage `json:"abi"`
		}
		if err := json.Unmarshal(raw, &artifact); err != nil {
			return nil, err
		}
		if len(artifact.ABI) == 0 {
			return nil, errors.New("an object without 'abi': give the list of entries itself")
		}
		raw = artifact.ABI
	}
	if !bytes.HasPrefix(raw, []byte("[")) {
		return nil, errors.New("it is no JSON list of entries")
	}
	var entries []abiEntry
	if err := json.Unmarshal(raw, &entries); err != nil {
		return nil, err
	}
	return entries, nil
}

func (e abiEntry) signature(k kind) (*signature, error) {
	params := make([]param, len(e.Inputs))
	for i, in := range e.Inputs {
		t, err := in.typ(0)
		if err != nil {
			return nil, fmt.Errorf("argument %d of %s: %w", i+1, shown(e.Name), err)
		}
		if in.Name != "" && !isIdentifier(in.Name) {
			return nil, fmt.Errorf("argument %d of %s: no name of an argument: %s", i+1, shown(e.Name), shown(in.Name))
		}
		params[i] = param{name: in.Name, typ: t, indexed: in.Indexed}
	}
	return newSignature(k, e.Name, params)
}

func (in abiInput) typ(depth int) (*typ, error) {
	if depth > maxDepth {
		return nil, errors.New("tuples are nested too deep")
	}
	base, brackets := in.Type, ""
	if i := strings.IndexByte(in.Type, '['); i >= 0 {
		base, brackets = in.Type[:i], in.Type[i:]
	}
	if base != "tuple" {
		t, err := elementary(base)
		if err != nil {
			return nil, err
		}
		return dimensions(t, brackets)
	}
	fields := make([]*typ, len(in.Components))
	for i, c := range in.Components {
		t, err := c.typ(depth + 1)
		if err != nil {
			return nil, err
		}
		fields[i] = t
	}
	t, err := tupleOf(fields)
	if err != nil {
		return nil, err
	}
	return dimensions(t, brackets)
}

func sameIndexed(a, b *signature) bool {
	for i := range a.params {
		if a.params[i].indexed != b.params[i].indexed {
			return false
		}
	}
	return true
}
