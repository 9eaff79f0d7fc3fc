package signatures

import (
	"encoding/binary"

	"github.com/ethereum/go-ethereum/common"
)

// read reads arguments that stand together, as those of a call or an error do.
func (s *signature) read(data []byte) (Named, bool) { return s.readLog(nil, data) }

// readLog reads arguments, the indexed ones of topics: there are as many of these as the signature has indexed arguments.
func (s *signature) readLog(topics []common.Hash, data []byte) (Named, bool) {
	named := Named{Name: s.name, Args: make([]Arg, len(s.params))}
	tail := 0
	for _, p := range s.params {
		if !p.indexed {
			tail += p.typ.words * word
		}
	}
	head := 0
	for i, p := range s.params {
		var value string
		var ok bool
		if p.indexed {
			value, ok = readTopic(p.typ, topics[0])
			topics = topics[1:]
		} else {
			d := decoder{data: data}
			tail, ok = d.element(p.typ, 0, head, tail)
			head += p.typ.words * word
			value = d.out.String()
		}
		if !ok {
			return Named{}, false
		}
		named.Args[i] = Arg{Name: p.name, Type: p.typ.name, Value: value}
	}
	return named, tail == len(data)
}

// readTopic reads an indexed argument. Of anything but one word, the topic is a hash.
func readTopic(t *typ, topic common.Hash) (string, bool) {
	switch t.class {
	case dynamicBytes, text, list, array, tuple:
		return "keccak256:" + topic.Hex(), true
	}
	d := decoder{data: topic[:]}
	_, ok := d.value(t, 0)
	return d.out.String(), ok
}

// decoder reads values where an encoder would have put them, and nowhere else. Every byte is read once, in order, but for heads,
// which are read before their tails: so offsets that point back, overlap or leave gaps are never followed.
type decoder struct {
	data []byte
	out  line
}

// element reads the value whose head is at head. If that is an offset from base, it must point to tail, the end of what was read.
// It returns the new end.
func (d *decoder) element(t *typ, base, head, tail int) (int, bool) {
	if !t.dynamic {
		_, ok := d.value(t, head)
		return tail, ok
	}
	offset, ok := d.length(head)
	if !ok || base+offset != tail {
		return 0, false
	}
	return d.value(t, tail)
}

// value reads a value in place and returns where it ends.
func (d *decoder) value(t *typ, at int) (int, bool) {
	switch t.class {
	case list:
		n, ok := d.length(at)
		if !ok {
			return 0, false
		}
		return d.sequence('[', ']', at+word, n, func(int) *typ { return t.elem }, t.elem.words*n)
	case array:
		return d.sequence('[', ']', at, t.size, func(int) *typ { return t.elem }, t.elem.words*t.size)
	case tuple:
		words := 0
		for _, f := range t.fields {
			words += f.words
		}
		return d.sequence('(', ')', at, len(t.fields), func(i int) *typ { return t.fields[i] }, words)
	case dynamicBytes, text:
		return d.bytes(t, at)
	}
	w, ok := d.word(at)
	if !ok || !d.scalar(t, w) {
		return 0, false
	}
	return at + word, true
}

// sequence reads n values that stand together: their heads, so many words, and then their tails in the same order.
func (d *decoder) sequence(open, closed byte, at, n int, of func(int) *typ, words int) (int, bool) {
	d.out.nest(open)
	head, tail := at, at+words*word
	for i := range n {
		if i > 0 {
			d.out.add(", ")
		}
		var ok bool
		if tail, ok = d.element(of(i), at, head, tail); !ok {
			return 0, false
		}
		head += of(i).words * word
	}
	d.out.unnest(closed)
	return tail, true
}

// bytes reads a length, so many bytes and the zeros that fill the last word.
func (d *decoder) bytes(t *typ, at int) (int, bool) {
	n, ok := d.length(at)
	if !ok || n > len(d.data)-at-word {
		return 0, false
	}
	from := at + word
	end := from + (n+word-1)/word*word
	if end > len(d.data) || !zero(d.data[from+n:end]) {
		return 0, false
	}
	if t.class == text {
		d.out.text(d.data[from : from+n])
	} else {
		d.out.hex(d.data[from : from+n])
	}
	return end, true
}

// scalar reads a value of one word. Bits that the type does not have must be what an encoder leaves there.
func (d *decoder) scalar(t *typ, w []byte) bool {
	switch t.class {
	case unsigned:
		if !zero(w[:word-t.size/8]) {
			return false
		}
		d.out.unsigned(w)
	case signed:
		sign, rest := w[word-t.size/8]&0x80, w[:word-t.size/8]
		if sign == 0 && !all(rest, 0) || sign != 0 && !all(rest, 0xff) {
			return false
		}
		d.out.signed(w)
	case boolean:
		if !zero(w[:word-1]) || w[word-1] > 1 {
			return false
		}
		d.out.bool(w[word-1] == 1)
	case address:
		if !zero(w[:word-common.AddressLength]) {
			return false
		}
		d.out.address(common.BytesToAddress(w))
	case fixedBytes:
		if !zero(w[t.size:]) {
			return false
		}
		d.out.hex(w[:t.size])
	}
	return true
}

func (d *decoder) word(at int) ([]byte, bool) {
	if at < 0 || at > len(d.data)-word {
		return nil, false
	}
	return d.data[at : at+word], true
}

// length reads a word as an offset or a length. None is longer than the data.
func (d *decoder) length(at int) (int, bool) {
	w, ok := d.word(at)
	if !ok || !zero(w[:word-8]) {
		return 0, false
	}
	n := binary.BigEndian.Uint64(w[word-8:])
	return int(n), n <= uint64(len(d.data))
}

func zero(b []byte) bool { return all(b, 0) }

func all(b []byte, want byte) bool {
	for _, c := range b {
		if c != want {
			return false
		}
	}
	return true
}
