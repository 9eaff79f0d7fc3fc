package server

import (
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
)

// The codes of eth_simulateV1's errors, as go-ethereum has them.
const (
	codeNonceLow     = -38010
	codeNonceHigh    = -38011
	codeFeeCapLow    = -38012
	codeIntrinsicGas = -38013
	codeFunds        = -38014
	codeBlockGas     = -38015
	codeBlockNumber  = -38020
	codeBlockTime    = -38021
	codeNotEOA       = -38024
	codeInitCode     = -38025
	codeInternal     = -32603
	codeExecution    = -32015
)

// callRefusals are the codes for what no block could hold.
var callRefusals = []struct {
	err  error
	code int
}{
	{evm.ErrNonceHigh, codeNonceHigh},
	{evm.ErrNonceLow, codeNonceLow},
	{evm.ErrNotEOA, codeNotEOA},
	{evm.ErrTipAboveCap, codeInvalidParams},
	{evm.ErrFeeCapLow, codeFeeCapLow},
	{evm.ErrFunds, codeFunds},
	{evm.ErrIntrinsicGas, codeIntrinsicGas},
	{evm.ErrFundsValue, codeFunds},
	{evm.ErrInitCode, codeInitCode},
}

// refusedCall is the error for a call with so much gas that no block could hold.
func refusedCall(err error, gas uint64) error {
	text := fmt.Sprintf("err: %v (supplied gas %d)", err, gas)
	for _, r := range callRefusals {
		if errors.Is(err, r.err) {
			return &fault{code: r.code, text: text}
		}
	}
	return &fault{code: codeInternal, text: text}
}

// callError is why a call failed in the EVM.
type callError struct {
	Message string `json:"message"`
	Code    int    `json:"code"`
	Data    string `json:"data,omitempty"`
}

// failureOf is what a call's error says; capped tells that the call had less gas than it asked for.
func failureOf(out *evm.Outcome, capped bool) *callError {
	switch {
	case out.Failure == nil:
		return nil
	case errors.Is(out.Failure, evm.ErrReverted):
		e := &callError{Message: evm.ErrReverted.Error(), Code: codeRevert, Data: hexutil.Encode(out.Return)}
		if reason, err := abi.UnpackRevert(out.Return); err == nil {
			e.Message += ": " + reason
		}
		return e
	}
	e := &callError{Message: out.Failure.Error(), Code: codeExecution}
	if capped {
		e.Message += " (gas limit was capped by the RPC server's global gas cap)"
	}
	return e
}
