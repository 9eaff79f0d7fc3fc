package llama

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
)

// The types of metadata, as the GGUF specification numbers them.
const (
	kindUint8 = iota
	kindInt8
	kindUint16
	kindInt16
	kindUint32
	kindInt32
	kindFloat32
	kindBool
	kindString
	kindArray
	kindUint64
	kindInt64
	kindFloat64
)

// widths are the bytes of one value of the types that have a fixed length.
var widths = map[uint32]uint64{
	kindUint8: 1, kindInt8: 1, kindUint16: 2, kindInt16: 2, kindUint32: 4, kindInt32: 4, kindFloat32: 4, kindBool: 1,
	kindUint64: 8, kindInt64: 8, kindFloat64: 8,
}

const (
	magic            = "GGUF"
	version          = 3
	defaultAlignment = 32
	maxAlignment     = 1 << 16
	maxDimensions    = 4
)

// file is a GGUF taken apart. Metadata of types that no model here needs has the value nil.
type file struct {
	metadata map[string]any // uint32, float32, bool, string, []string, []float32 or []int32
	tensors  map[string]tensor
}

// tensor is as it lies in the file: shape[0] is the length of a row.
type tensor struct {
	kind  uint32
	shape []uint64
	data  []byte
}

// parse takes a GGUF apart. All lengths in it are held against the bytes that are there before anything is made of them.
func parse(b []byte) (file, error) {
	if len(b) > Largest {
		return file{}, fmt.Errorf("%w: %d bytes, at most %d are read", ErrTooLarge, len(b), Largest)
	}
	r := &reader{b: b}
	if !bytes.Equal(r.take(uint64(len(magic))), []byte(magic)) {
		return file{}, fmt.Errorf("%w: it doesn't start with %s", ErrBroken, magic)
	}
	if v := r.uint32(); r.err == nil && v != version {
		return file{}, fmt.Errorf("%w: GGUF version %d, version %d is read", ErrUnsupported, v, version)
	}
	tensors, pairs := r.uint64(), r.uint64()
	f := file{metadata: map[string]any{}, tensors: map[string]tensor{}}
	for i := uint64(0); i < pairs && r.err == nil; i++ {
		r.pair(f.metadata)
	}
	alignment := uint64(defaultAlignment)
	if v, ok := f.metadata["general.alignment"]; ok && r.err == nil {
		n, ok := v.(uint32)
		if !ok || n < 8 || n > maxAlignment || bits.OnesCount32(n) != 1 {
			return file{}, fmt.Errorf("%w: general.alignment is no power of two from 8 to %d", ErrBroken, maxAlignment)
		}
		alignment = uint64(n)
	}
	r.tensors(f.tensors, tensors, alignment)
	return f, r.err
}

// reader reads forward and remembers the first thing that was wrong; from there on all it reads is zero.
type reader struct {
	b   []byte
	at  int
	err error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: %s", ErrBroken, fmt.Sprintf(format, args...))
	}
}

func (r *reader) left() uint64 { return uint64(len(r.b) - r.at) }

// take returns the next n bytes, or nil.
func (r *reader) take(n uint64) []byte {
	if r.err == nil && n > r.left() {
		r.fail("it ends at byte %d, where %d more are announced", len(r.b), n)
	}
	if r.err != nil {
		return nil
	}
	b := r.b[r.at:][:n]
	r.at += int(n)
	return b
}

func (r *reader) uint32() uint32 {
	if b := r.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (r *reader) uint64() uint64 {
	if b := r.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (r *reader) string() string { return string(r.take(r.uint64())) }

func (r *reader) pair(into map[string]any) {
	key := r.string()
	if _, twice := into[key]; twice {
		r.fail("%.64q is there twice", key)
	}
	v := r.value(key, r.uint32())
	if r.err == nil {
		into[key] = v
	}
}

func (r *reader) value(key string, kind uint32) any {
	switch kind {
	case kindUint32:
		return r.uint32()
	case kindFloat32:
		return math.Float32frombits(r.uint32())
	case kindBool:
		b := r.take(1)
		if b != nil && b[0] > 1 {
			r.fail("%.64q is neither true nor false", key)
		}
		return b != nil && b[0] == 1
	case kindString:
		return r.string()
	case kindArray:
		return r.array(key)
	}
	width, ok := widths[kind]
	if !ok {
		r.fail("%.64q has the unknown type %d", key, kind)
	}
	r.take(width)
	return nil
}

func (r *reader) array(key string) any {
	kind, n := r.uint32(), r.uint64()
	width, fixed := widths[kind]
	if !fixed && kind != kindString {
		r.fail("%.64q is an array of the type %d", key, kind)
	}
	if !fixed {
		width = 8 // a string has at least its length
	}
	if n > r.left()/width {
		r.fail("%.64q is longer than the file", key)
	}
	if r.err != nil {
		return nil
	}
	switch kind {
	case kindString:
		all := make([]string, n)
		for i := range all {
			all[i] = r.string()
		}
		return all
	case kindFloat32:
		all := make([]float32, n)
		for i := range all {
			all[i] = math.Float32frombits(r.uint32())
		}
		return all
	case kindInt32:
		all := make([]int32, n)
		for i := range all {
			all[i] = int32(r.uint32())
		}
		return all
	}
	r.take(n * width)
	return nil
}

// tensors reads the list of tensors and cuts their bytes out. They follow one another in the order of the list, each on a
// multiple of the alignment, and nothing follows the last but padding.
func (r *reader) tensors(into map[string]tensor, count, alignment uint64) {
	type place struct {
		name string
		tensor
		offset, size uint64
	}
	var places []place
	for i := uint64(0); i < count && r.err == nil; i++ {
		p := place{name: r.string()}
		dimensions := r.uint32()
		if dimensions == 0 || dimensions > maxDimensions {
			r.fail("tensor %.64q has %d dimensions", p.name, dimensions)
			return
		}
		for range dimensions {
			p.shape = append(p.shape, r.uint64())
		}
		p.kind, p.offset = r.uint32(), r.uint64()
		if r.err != nil {
			return
		}
		size, err := p.bytes()
		if err != nil {
			r.err = fmt.Errorf("tensor %.64q: %w", p.name, err)
			return
		}
		p.size = size
		places = append(places, p)
	}
	r.pad(alignment)
	start := r.at
	for _, p := range places {
		r.pad(alignment)
		if _, twice := into[p.name]; twice {
			r.fail("tensor %.64q is there twice", p.name)
		}
		if uint64(r.at-start) != p.offset {
			r.fail("tensor %.64q doesn't start where the one before it ends", p.name)
		}
		p.data = r.take(p.size)
		into[p.name] = p.tensor
	}
	if r.left() >= alignment {
		r.fail("%d bytes follow the last tensor", r.left())
	}
}

// pad skips to a multiple of the alignment, or to the end.
func (r *reader) pad(alignment uint64) {
	at := uint64(r.at)
	r.take(min((at+alignment-1)/alignment*alignment-at, r.left()))
}
