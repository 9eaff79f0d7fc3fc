package fork

import (
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/signatures"
	"github.com/keymaker-agent/keymaker/internal/untrusted"
)

// reasonLimit is how much of a contract's own words is passed on, in bytes.
const reasonLimit = 256

var (
	errorSelector = [4]byte{0x08, 0xc3, 0x79, 0xa0} // Error(string)
	panicSelector = [4]byte{0x4e, 0x48, 0x7b, 0x71} // Panic(uint256)
)

// panics are the codes of Solidity.
var panics = map[uint64]string{
	0x00: "generic panic",
	0x01: "assertion failed",
	0x11: "arithmetic overflow or underflow",
	0x12: "division by zero",
	0x21: "value outside an enum",
	0x22: "broken storage byte array",
	0x31: "pop of an empty array",
	0x32: "array index out of bounds",
	0x41: "too much memory",
	0x51: "call of an uninitialised function",
}

// reasonOf says in words why a run failed. What a contract says is untrusted: it is cleaned and cut.
func reasonOf(out evm.Outcome) string {
	if !errors.Is(out.Failure, evm.ErrReverted) {
		return untrusted.Text(out.Failure.Error(), reasonLimit)
	}
	if reason, ok := decodeRevert(out.Return); ok {
		return reason
	}
	if len(out.Return) == 0 {
		return "no reason given"
	}
	if len(out.Return) > reasonLimit/2 {
		return hexutil.Encode(out.Return[:reasonLimit/2]) + "…"
	}
	return hexutil.Encode(out.Return)
}

func decodeRevert(data []byte) (string, bool) {
	if len(data) < 4 {
		return "", false
	}
	body := data[4:]
	switch [4]byte(data[:4]) {
	case errorSelector:
		offset, okOffset := small(body, 0)
		length, okLength := small(body, offset)
		if !okOffset || !okLength || offset+32+length > uint64(len(body)) {
			return "", false
		}
		return untrusted.Text(string(body[offset+32:offset+32+length]), reasonLimit), true
	case panicSelector:
		if len(body) < wordLength {
			return "", false
		}
		code, ok := small(body, 0)
		if meaning, known := panics[code]; ok && known {
			return fmt.Sprintf("panic 0x%02x: %s", code, meaning), true
		}
		return "panic " + new(uint256.Int).SetBytes(body[:32]).Hex(), true
	}
	if n, ok := customError(signatures.Known(), data); ok {
		return wordsOf(&n), true
	}
	return "", false
}
