package fork

import (
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"
)

// What contracts are given and give back is words, behind a selector. Whatever is read of them may be cut short or made up by who wrote
// the contract: so each read says whether there was such a word.

// wordLength is in bytes.
const wordLength = 32

// selector is what a call of a function begins with.
func selector(signature string) [4]byte { return [4]byte(crypto.Keccak256([]byte(signature))) }

// topic is what an event of a signature has as its first topic.
func topic(signature string) common.Hash { return crypto.Keccak256Hash([]byte(signature)) }

// pack puts arguments behind a selector, each of at most a word and padded to one.
func pack(selector [4]byte, args ...[]byte) []byte {
	b := make([]byte, 4+wordLength*len(args))
	copy(b, selector[:])
	for i, a := range args {
		copy(b[4+wordLength*(i+1)-len(a):], a)
	}
	return b
}

// wordAt reads word i.
func wordAt(b []byte, i int) (common.Hash, bool) {
	if i < 0 || i >= len(b)/wordLength {
		return common.Hash{}, false
	}
	return common.Hash(b[wordLength*i : wordLength*(i+1)]), true
}

// addressAt reads the address in word i. A word that is more than an address is none.
func addressAt(b []byte, i int) (common.Address, bool) {
	w, ok := wordAt(b, i)
	return common.BytesToAddress(w[:]), ok && [12]byte(w[:12]) == [12]byte{}
}

// numberAt reads the number in word i.
func numberAt(b []byte, i int) (uint256.Int, bool) {
	w, ok := wordAt(b, i)
	return *new(uint256.Int).SetBytes(w[:]), ok
}

// small reads a word at an offset as a number that can be a length.
func small(b []byte, at uint64) (uint64, bool) {
	if at > 1<<30 || at+32 > uint64(len(b)) {
		return 0, false
	}
	n := new(uint256.Int).SetBytes(b[at : at+32])
	return n.Uint64(), n.IsUint64() && n.Uint64() < 1<<30
}

// mostListed is how many entries of a list in a log are looked at.
const mostListed = 256

// listAt reads the list of numbers whose offset stands in word i.
func listAt(b []byte, i int) []uint256.Int {
	w, ok := wordAt(b, i)
	offset := new(uint256.Int).SetBytes(w[:])
	if !ok || !offset.IsUint64() || offset.Uint64() > uint64(len(b)) {
		return nil
	}
	b = b[offset.Uint64():]
	n, ok := numberAt(b, 0)
	if !ok || !n.IsUint64() {
		return nil
	}
	var list []uint256.Int
	for j := range int(min(n.Uint64(), mostListed)) {
		v, ok := numberAt(b, j+1)
		if !ok {
			break
		}
		list = append(list, v)
	}
	return list
}
