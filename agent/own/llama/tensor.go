package llama

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
)

// The types of tensors that are read, as ggml numbers them.
const (
	tensorF32  = 0
	tensorF16  = 1
	tensorQ8_0 = 8
)

// A block of Q8_0 is a scale in half precision and thirty-two signed bytes that it multiplies.
const (
	q8Block = 32
	q8Bytes = 2 + q8Block
)

// bytes is the length that a tensor of this type and shape has in the file.
func (t tensor) bytes() (uint64, error) {
	n := uint64(1)
	for _, d := range t.shape {
		high, low := bits.Mul64(n, d)
		if d == 0 || high != 0 || low > Largest {
			return 0, fmt.Errorf("%w: no file of at most %d bytes holds the shape %d", ErrBroken, Largest, t.shape)
		}
		n = low
	}
	switch t.kind {
	case tensorF32:
		return 4 * n, nil
	case tensorF16:
		return 2 * n, nil
	case tensorQ8_0:
		if t.shape[0]%q8Block != 0 {
			return 0, fmt.Errorf("%w: rows of Q8_0 are multiples of %d, these are %d", ErrBroken, q8Block, t.shape[0])
		}
		return n / q8Block * q8Bytes, nil
	}
	return 0, fmt.Errorf("%w: its type is %d; F32 (0), F16 (1) and Q8_0 (8) are read", ErrUnsupported, t.kind)
}

// floats are the tensor's numbers in the order of the file. One that is not finite is refused.
func (t tensor) floats() ([]float32, error) {
	var all []float32
	switch t.kind {
	case tensorF32:
		all = make([]float32, len(t.data)/4)
		for i := range all {
			all[i] = math.Float32frombits(binary.LittleEndian.Uint32(t.data[4*i:]))
		}
	case tensorF16:
		all = make([]float32, len(t.data)/2)
		for i := range all {
			all[i] = half(binary.LittleEndian.Uint16(t.data[2*i:]))
		}
	case tensorQ8_0:
		all = make([]float32, len(t.data)/q8Bytes*q8Block)
		for i := range len(t.data) / q8Bytes {
			block := t.data[i*q8Bytes:][:q8Bytes]
			scale := half(binary.LittleEndian.Uint16(block))
			for j, q := range block[2:] {
				all[i*q8Block+j] = scale * float32(int8(q))
			}
		}
	}
	for i, v := range all {
		if !finite(v) {
			return nil, fmt.Errorf("%w: number %d is %v", ErrBroken, i, v)
		}
	}
	return all, nil
}

func finite(v float32) bool { return v-v == 0 }

// half widens a number of half precision (IEEE 754 binary16).
func half(h uint16) float32 {
	sign := uint32(h>>15) << 31
	exponent, fraction := uint32(h>>10)&31, uint32(h)&1023
	switch exponent {
	case 0: // below the smallest normal number: fraction times 2 to the -24
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)*0x1p-24))
	case 31:
		return math.Float32frombits(sign | 255<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}
