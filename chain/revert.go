package chain

import (
	"errors"
	"strings"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
)

// RevertError says that a contract call failed. Reason is the contract's own, untrusted text: Error(string) or Panic(uint256)
// in words, else the data in hex, or empty.
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

// asRevert makes a RevertError of a JSON-RPC error that says so, and returns any other error as it is.
func asRevert(err error) error {
	var answer rpc.Error
	if !errors.As(err, &answer) {
		return err
	}
	const revertCode = 3 // geth's, and all who follow it
	if answer.ErrorCode() != revertCode && !strings.Contains(strings.ToLower(answer.Error()), "revert") {
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
