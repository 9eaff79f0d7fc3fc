package server

import (
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
)

// Codes of errors, as go-ethereum gives them. What has no code of its own is -32000.
const (
	codeRevert        = 3
	codeSyncTimeout   = 4
	codeInvalidParams = -32602
	codeNoMethod      = -32601
	codeLimit         = -38026
)

// fault is an error with a code and, where there is any, with data.
type fault struct {
	text string
	code int
	data any
}

func (f *fault) Error() string  { return f.text }
func (f *fault) ErrorCode() int { return f.code }
func (f *fault) ErrorData() any { return f.data }

func invalid(format string, args ...any) error {
	return &fault{text: fmt.Sprintf(format, args...), code: codeInvalidParams}
}

// errNoHeader and its kin are go-ethereum's words for what is not there.
var errNoHeader = errors.New("header not found")

// reverted is the error of a call that reverted, with what it returned.
func reverted(ret []byte) error {
	text := evm.ErrReverted.Error()
	if reason, err := abi.UnpackRevert(ret); err == nil {
		text += ": " + reason
	}
	return &fault{text: text, code: codeRevert, data: hexutil.Encode(ret)}
}

// remoteFault is what the remote answered, as it is passed on: its text, code and data, without what is known of the endpoint.
func remoteFault(err error) error {
	coded, ok := errors.AsType[rpc.Error](err)
	if !ok {
		return err
	}
	f := &fault{text: coded.Error(), code: coded.ErrorCode()}
	if d, ok := errors.AsType[rpc.DataError](err); ok {
		f.data = d.ErrorData()
	}
	return f
}

// funded refuses a message whose sender can't pay for gas, blobs and value.
func funded(msg *evm.Message, have *uint256.Int) error {
	cost, over := costOf(msg)
	if over {
		return fmt.Errorf("%w: address %s required balance exceeds 256 bits", evm.ErrFunds, msg.From.Hex())
	}
	if have.Lt(cost) {
		return fmt.Errorf("%w: balance %s, tx cost %s, overshot %s", evm.ErrFunds, have.Dec(), cost.Dec(), new(uint256.Int).Sub(cost, have).Dec())
	}
	return nil
}

// costOf is the most that a message may take from its sender, in wei.
func costOf(msg *evm.Message) (cost *uint256.Int, over bool) {
	cost, over = new(uint256.Int).MulOverflow(uint256.NewInt(msg.Gas), &msg.FeeCap)
	blobs, overBlobs := new(uint256.Int).MulOverflow(uint256.NewInt(uint64(len(msg.Blobs))*blobGas), &msg.BlobFeeCap)
	over = over || overBlobs
	for _, more := range []*uint256.Int{blobs, &msg.Value, &msg.Levy} {
		var o bool
		cost, o = cost.AddOverflow(cost, more)
		over = over || o
	}
	return cost, over
}
