package fork_test

import (
	"crypto/ecdsa"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// The arguments of calls, as they are written down: tuple and list nest, []byte and string are of any length, all else is one word.
type (
	tuple []any
	list  []any
)

// input is a call of a function, by its signature.
func input(signature string, args ...any) []byte {
	return slices.Concat(crypto.Keccak256([]byte(signature))[:4], encode(args))
}

// encode is the ABI's encoding of values that stand side by side.
func encode(values []any) []byte {
	var head, tail []byte
	width := 0
	for _, v := range values {
		width += widthOf(v)
	}
	for _, v := range values {
		if !dynamic(v) {
			head = append(head, body(v)...)
			continue
		}
		head = append(head, word(width+len(tail))...)
		tail = append(tail, body(v)...)
	}
	return append(head, tail...)
}

func dynamic(v any) bool {
	switch v := v.(type) {
	case []byte, string, list:
		return true
	case tuple:
		return slices.ContainsFunc(v, dynamic)
	}
	return false
}

func widthOf(v any) int {
	fields, is := v.(tuple)
	if !is || dynamic(v) {
		return 32
	}
	sum := 0
	for _, f := range fields {
		sum += widthOf(f)
	}
	return sum
}

func body(v any) []byte {
	switch v := v.(type) {
	case tuple:
		return encode(v)
	case list:
		return append(word(len(v)), encode(v)...)
	case []byte:
		return slices.Concat(word(len(v)), v, make([]byte, (32-len(v)%32)%32))
	case string:
		return body([]byte(v))
	}
	return word(v)
}

// word is 32 bytes. A negative number is in two's complement.
func word(v any) []byte {
	switch v := v.(type) {
	case common.Address:
		return common.LeftPadBytes(v[:], 32)
	case common.Hash:
		return v[:]
	case bool:
		if v {
			return word(1)
		}
		return word(0)
	case int:
		return word(big.NewInt(int64(v)))
	case uint64:
		return word(new(big.Int).SetUint64(v))
	case *big.Int:
		n := v
		if v.Sign() < 0 {
			n = new(big.Int).Add(v, new(big.Int).Lsh(common.Big1, 256))
		}
		return n.FillBytes(make([]byte, 32))
	}
	panic("no such argument")
}

func hashOf(parts ...any) common.Hash { return crypto.Keccak256Hash(encode(parts)) }

func typeHash(s string) common.Hash { return crypto.Keccak256Hash([]byte(s)) }

// sign signs a struct of a domain (EIP-712) and returns r, s and v.
func sign(key *ecdsa.PrivateKey, domain []byte, content common.Hash) (r, s common.Hash, v int) {
	sig, err := crypto.Sign(crypto.Keccak256([]byte("\x19\x01"), domain, content[:]), key)
	if err != nil {
		panic(err)
	}
	return common.Hash(sig[:32]), common.Hash(sig[32:64]), int(sig[64]) + 27
}
