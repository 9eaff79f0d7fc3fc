package swap

import (
	"errors"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"
)

// errAnswer means that a contract's answer is not what its ABI says. Answers are foreign bytes: every read of them is bounded.
var errAnswer = errors.New("odd answer")

const wordSize = 32

// selector is the first four bytes of a call.
type selector [4]byte

func selectorOf(signature string) selector {
	return selector(crypto.Keccak256([]byte(signature))[:4])
}

// value is one ABI value: a word in place, or a body that the head points to.
type value struct {
	word    [wordSize]byte
	body    []byte
	dynamic bool
}

func number(x *uint256.Int) value { return value{word: x.Bytes32()} }
func small(x uint64) value        { return number(uint256.NewInt(x)) }
func address(a common.Address) value {
	return value{word: [wordSize]byte(common.LeftPadBytes(a[:], wordSize))}
}
func tuple(fields ...value) value        { return value{dynamic: true, body: encode(fields...)} }
func call(s selector, v ...value) []byte { return append(s[:], encode(v...)...) }

func signed(x int32) value {
	word := uint256.NewInt(uint64(max(x, -x)))
	if x < 0 {
		word.Neg(word)
	}
	return number(word)
}

func list(elements ...value) value {
	length := small(uint64(len(elements)))
	return value{dynamic: true, body: append(length.word[:], encode(elements...)...)}
}

func blob(b []byte) value {
	length := small(uint64(len(b)))
	body := append(length.word[:], b...)
	return value{dynamic: true, body: append(body, make([]byte, -len(b)&(wordSize-1))...)}
}

// encode lays values out as the head and tail of one ABI tuple.
func encode(values ...value) []byte {
	size := wordSize * len(values)
	for _, v := range values {
		size += len(v.body)
	}
	out := make([]byte, 0, size)
	tail := wordSize * len(values)
	for _, v := range values {
		if v.dynamic {
			v.word = small(uint64(tail)).word
			tail += len(v.body)
		}
		out = append(out, v.word[:]...)
	}
	for _, v := range values {
		out = append(out, v.body...)
	}
	return out
}

// answer is what a contract returned.
type answer []byte

// number reads the i-th word as an unsigned number of at most bits bits.
func (a answer) number(i, bits int) (uint256.Int, error) {
	var x uint256.Int
	if i < 0 || len(a)/wordSize <= i {
		return x, errAnswer
	}
	x.SetBytes32(a[i*wordSize:])
	if x.BitLen() > bits {
		return x, errAnswer
	}
	return x, nil
}

// signed reads the i-th word as a number of at most bits bits with its sign, extended to the whole word.
func (a answer) signed(i, bits int) (uint256.Int, error) {
	x, err := a.number(i, 256)
	if err != nil {
		return x, err
	}
	low := x
	low.ExtendSign(&low, uint256.NewInt(uint64(bits/8-1)))
	if !low.Eq(&x) {
		return x, errAnswer
	}
	return x, nil
}

// tick reads the i-th word as an int24.
func (a answer) tick(i int) (int32, error) {
	x, err := a.signed(i, 24)
	return int32(uint32(x.Uint64())), err //nolint:gosec // 24 bits with their sign extended
}

// address reads the i-th word as an address. The zero address is an answer too: there is none.
func (a answer) address(i int) (common.Address, error) {
	x, err := a.number(i, 160)
	return common.Address(x.Bytes20()), err
}
