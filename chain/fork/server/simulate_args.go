package server

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork/evm"
)

// callArgs is a call as it is written in a request. What is left out gets the defaults of go-ethereum's.
type callArgs struct {
	From                 *common.Address              `json:"from"`
	To                   *common.Address              `json:"to"`
	Gas                  *hexutil.Uint64              `json:"gas"`
	GasPrice             *hexutil.Big                 `json:"gasPrice"`
	MaxFeePerGas         *hexutil.Big                 `json:"maxFeePerGas"`
	MaxPriorityFeePerGas *hexutil.Big                 `json:"maxPriorityFeePerGas"`
	Value                *hexutil.Big                 `json:"value"`
	Nonce                *hexutil.Uint64              `json:"nonce"`
	Data                 *hexutil.Bytes               `json:"data"`
	Input                *hexutil.Bytes               `json:"input"` // the newer name, which wins
	AccessList           *types.AccessList            `json:"accessList"`
	ChainID              *hexutil.Big                 `json:"chainId"`
	MaxFeePerBlobGas     *hexutil.Big                 `json:"maxFeePerBlobGas"`
	BlobVersionedHashes  []common.Hash                `json:"blobVersionedHashes"`
	AuthorizationList    []types.SetCodeAuthorization `json:"authorizationList"`
}

func (a *callArgs) from() (from common.Address) {
	if a.From != nil {
		from = *a.From
	}
	return from
}

func (a *callArgs) data() []byte {
	switch {
	case a.Input != nil:
		return *a.Input
	case a.Data != nil:
		return *a.Data
	}
	return nil
}

// call is what the remote is asked to foresee.
func (a *callArgs) call(chainID uint64) chain.Call {
	c := chain.Call{ChainID: chainID, From: a.from(), To: a.To, Data: a.data()}
	c.Value = word(a.Value)
	return c
}

// check refuses what is no transaction of any type, or of another chain.
func (a *callArgs) check(chainID uint64) error {
	switch {
	case a.GasPrice != nil && (a.MaxFeePerGas != nil || a.MaxPriorityFeePerGas != nil):
		return errors.New("both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified")
	case a.To == nil && a.BlobVersionedHashes != nil:
		return errors.New("blob transaction of type create")
	case a.To == nil && a.AuthorizationList != nil:
		return errors.New("EIP-7702 transaction cannot be used to create contract")
	case a.ChainID != nil && a.ChainID.ToInt().Cmp(new(big.Int).SetUint64(chainID)) != 0:
		return fmt.Errorf("chainId does not match node's (have=%v, want=%v)", a.ChainID.ToInt(), chainID)
	}
	return nil
}

// message is the call with a nonce and a gas limit. Fees that are not named are zero.
func (a *callArgs) message(nonce, gas uint64) evm.Message {
	m := evm.Message{
		From: a.from(), To: a.To, Nonce: nonce, Gas: gas, Data: a.data(), Value: word(a.Value), Blobs: a.BlobVersionedHashes,
		BlobFeeCap: word(a.MaxFeePerBlobGas), Delegations: a.AuthorizationList, FeeCap: word(a.MaxFeePerGas), TipCap: word(a.MaxPriorityFeePerGas),
		Unsigned: true,
	}
	if a.GasPrice != nil {
		m.FeeCap, m.TipCap = word(a.GasPrice), word(a.GasPrice)
	}
	if a.AccessList != nil {
		m.Access = *a.AccessList
	}
	return m
}

// transaction is the message as a transaction that nobody signed. Its type is the newest that its fields need, and EIP-1559's at
// least, unless it has a gas price.
func (a *callArgs) transaction(m *evm.Message, chainID uint64) *types.Transaction {
	id := new(big.Int).SetUint64(chainID)
	var access types.AccessList
	if a.AccessList != nil {
		access = *a.AccessList
	}
	switch {
	case a.GasPrice != nil && a.AccessList != nil:
		return types.NewTx(&types.AccessListTx{
			ChainID: id, Nonce: m.Nonce, GasPrice: m.FeeCap.ToBig(), Gas: m.Gas, To: m.To, Value: m.Value.ToBig(), Data: m.Data, AccessList: access,
		})
	case a.GasPrice != nil:
		return types.NewTx(&types.LegacyTx{Nonce: m.Nonce, GasPrice: m.FeeCap.ToBig(), Gas: m.Gas, To: m.To, Value: m.Value.ToBig(), Data: m.Data})
	case a.AuthorizationList != nil:
		return types.NewTx(&types.SetCodeTx{
			ChainID: uint256.NewInt(chainID), Nonce: m.Nonce, GasTipCap: &m.TipCap, GasFeeCap: &m.FeeCap, Gas: m.Gas, To: *m.To, Value: &m.Value,
			Data: m.Data, AccessList: access, AuthList: m.Delegations,
		})
	case a.BlobVersionedHashes != nil:
		return types.NewTx(&types.BlobTx{
			ChainID: uint256.NewInt(chainID), Nonce: m.Nonce, GasTipCap: &m.TipCap, GasFeeCap: &m.FeeCap, Gas: m.Gas, To: *m.To, Value: &m.Value,
			Data: m.Data, AccessList: access, BlobFeeCap: &m.BlobFeeCap, BlobHashes: m.Blobs,
		})
	}
	return types.NewTx(&types.DynamicFeeTx{
		ChainID: id, Nonce: m.Nonce, GasTipCap: m.TipCap.ToBig(), GasFeeCap: m.FeeCap.ToBig(), Gas: m.Gas, To: m.To, Value: m.Value.ToBig(),
		Data: m.Data, AccessList: access,
	})
}

// word is a number of a request, which has at most 256 bits by its type; zero where there is none.
func word(n *hexutil.Big) (w uint256.Int) {
	if n != nil {
		w.SetFromBig(n.ToInt())
	}
	return w
}
