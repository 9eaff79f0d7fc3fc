package chain

import (
	"errors"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
)

// RevertError says that a contract was called and failed, which is an answer: any other error of a call means that nothing is
// known. Reason is the contract's own, untrusted text: Error(string) or Panic(uint256) in words, else the data in hex, or empty.
type RevertError struct {
	Reason string
	Data   []byte
}

func (e *RevertError) Error() string {
	if e.Reason == "" {
		return "execution reverted"
	}
	return "execution reverted: " + e.Reason
}

// DecodeRevert puts what a failed call returned into words.
func DecodeRevert(data []byte) string {
	if reason, err := abi.UnpackRevert(data); err == nil {
		return reason
	}
	if len(data) == 0 {
		return ""
	}
	return hexutil.Encode(data)
}

// failures are the words of nodes for a contract that gave up.
var failures = []string{"revert", "invalid opcode", "bad instruction", "invalid jump"}

// AsRevert makes a RevertError of a JSON-RPC error that says so, and returns any other error as it is.
func AsRevert(err error) error {
	var answer rpc.Error
	if !errors.As(err, &answer) {
		return err
	}
	const revertCode = 3 // geth's, and all who follow it
	words := strings.ToLower(answer.Error())
	if answer.ErrorCode() != revertCode && !slices.ContainsFunc(failures, func(f string) bool { return strings.Contains(words, f) }) {
		return err
	}
	var detailed rpc.DataError
	if !errors.As(err, &detailed) {
		return &RevertError{}
	}
	hex, _ := detailed.ErrorData().(string)
	data, decodeErr := hexutil.Decode(hex)
	if decodeErr != nil {
		return &RevertError{}
	}
	return &RevertError{Reason: DecodeRevert(data), Data: data}
}
