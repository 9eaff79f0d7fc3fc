package fork

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
)

// mostBundled is how many transactions a bundle may have.
const mostBundled = 1000

// ParseBundle reads transactions that are to run one after the other: a JSON list, whose elements are signed transactions in hex, or
// objects as eth_sendTransaction takes them (from, to, value, data or input, gas, gasPrice or maxFeePerGas and maxPriorityFeePerGas,
// nonce, accessList, authorizationList; numbers in hex). A field that is not known is an error: it would be left out otherwise.
func ParseBundle(text []byte, chainID uint64) ([]Tx, error) {
	var elems []json.RawMessage
	if err := json.Unmarshal(text, &elems); err != nil {
		return nil, fmt.Errorf("a bundle is a JSON list of transactions: %w", err)
	}
	if len(elems) == 0 || len(elems) > mostBundled {
		return nil, fmt.Errorf("a bundle has 1 to %d transactions, not %d", mostBundled, len(elems))
	}
	txs := make([]Tx, len(elems))
	for i, raw := range elems {
		tx, err := parseElement(raw, chainID)
		if err != nil {
			return nil, fmt.Errorf("transaction %d of the bundle: %w", i+1, err)
		}
		txs[i] = tx
	}
	return txs, nil
}

func parseElement(raw json.RawMessage, chainID uint64) (Tx, error) {
	if !bytes.HasPrefix(bytes.TrimSpace(raw), []byte(`"`)) {
		return parseArguments(raw, chainID)
	}
	var signed hexutil.Bytes
	if err := json.Unmarshal(raw, &signed); err != nil {
		return Tx{}, fmt.Errorf("not a signed transaction in hex: %w", err)
	}
	return ParseTx(signed)
}

// arguments are those of eth_sendTransaction.
type arguments struct {
	From                 *common.Address              `json:"from"`
	To                   *common.Address              `json:"to"`
	Value                *hexutil.U256                `json:"value"`
	Data                 *hexutil.Bytes               `json:"data"`
	Input                *hexutil.Bytes               `json:"input"`
	Gas                  hexutil.Uint64               `json:"gas"`
	GasPrice             *hexutil.U256                `json:"gasPrice"`
	MaxFeePerGas         *hexutil.U256                `json:"maxFeePerGas"`
	MaxPriorityFeePerGas *hexutil.U256                `json:"maxPriorityFeePerGas"`
	Nonce                *hexutil.Uint64              `json:"nonce"`
	ChainID              *hexutil.U256                `json:"chainId"`
	Type                 *hexutil.Uint64              `json:"type"` // told by the other fields
	AccessList           types.AccessList             `json:"accessList"`
	AuthorizationList    []types.SetCodeAuthorization `json:"authorizationList"`
}

func parseArguments(raw json.RawMessage, chainID uint64) (Tx, error) {
	var a arguments
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil {
		return Tx{}, err
	}
	switch {
	case a.From == nil:
		return Tx{}, errors.New("it has no from")
	case a.Data != nil && a.Input != nil && !bytes.Equal(*a.Data, *a.Input):
		return Tx{}, errors.New("data and input differ")
	case a.GasPrice != nil && (a.MaxFeePerGas != nil || a.MaxPriorityFeePerGas != nil):
		return Tx{}, errors.New("it has both gasPrice and the fees of EIP-1559")
	case a.ChainID != nil && !(*uint256.Int)(a.ChainID).Eq(uint256.NewInt(chainID)):
		return Tx{}, fmt.Errorf("it is for chain %s, the fork is of chain %d", (*uint256.Int)(a.ChainID).Dec(), chainID)
	}
	tx := Tx{
		Call: chain.Call{ChainID: chainID, From: *a.From, To: a.To}, Gas: uint64(a.Gas), Nonce: (*uint64)(a.Nonce),
		GasFeeCap: (*uint256.Int)(a.MaxFeePerGas), GasTipCap: (*uint256.Int)(a.MaxPriorityFeePerGas),
		AccessList: a.AccessList, Delegations: a.AuthorizationList,
	}
	if a.GasPrice != nil {
		tx.GasFeeCap, tx.GasTipCap = (*uint256.Int)(a.GasPrice), (*uint256.Int)(a.GasPrice)
	}
	if a.Value != nil {
		tx.Value = uint256.Int(*a.Value)
	}
	switch {
	case a.Input != nil:
		tx.Data = *a.Input
	case a.Data != nil:
		tx.Data = *a.Data
	}
	return tx, nil
}
