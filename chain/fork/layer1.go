package fork

import (
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// An OP-stack chain takes a fee for the data of a transaction on its layer 1, before it runs and on top of its gas. What it is,
// the chain's own contract says for the bytes of the transaction; it follows the fees of layer 1, so it is another one in each
// block. Since Isthmus a chain may take an operator's fee too. No chain here does; where one begins to, it is not known.
//
// See https://specs.optimism.io/protocol/exec-engine.html#l1-cost-fees-l1-fee-vault

var (
	selL1Fee       = selector("getL1Fee(bytes)")
	selOperatorFee = selector("getOperatorFee(uint256)")
)

// levy is what the chain takes for a message besides its gas. What the chain does not tell is noted.
func (r *running) levy(msg *evm.Message) (uint256.Int, error) {
	if !r.fork.remote.OPStack() {
		return uint256.Int{}, nil
	}
	text, err := encoded(msg, r.fork.pin.ChainID)
	if err != nil {
		return uint256.Int{}, err
	}
	fee, told, err := r.oracle(msg.From, l1FeeOf(text))
	if err != nil {
		return uint256.Int{}, err
	}
	gas := uint256.NewInt(msg.Gas).Bytes()
	operators, asked, err := r.oracle(msg.From, pack(selOperatorFee, gas))
	r.untold = r.untold || !told || asked && !operators.IsZero()
	return fee, err
}

// oracle asks the chain's own contract for one number.
func (r *running) oracle(from common.Address, question []byte) (n uint256.Int, told bool, err error) {
	out, err := r.machine.Ask(from, &pinned.GasPriceOracle, nil, question, viewGas)
	if err != nil {
		return n, false, err
	}
	n, told = reply{words: out.Return, failure: out.Failure}.number()
	return n, told, nil
}

// l1FeeOf is getL1Fee for the bytes of an unsigned transaction.
func l1FeeOf(text []byte) []byte {
	padded := (len(text) + wordLength - 1) / wordLength * wordLength
	question := pack(selL1Fee, []byte{wordLength}, uint256.NewInt(uint64(len(text))).Bytes())
	return append(question, common.RightPadBytes(text, padded)...)
}

// encoded is the message as an unsigned transaction: of EIP-1559, or of EIP-7702 where it delegates. Blobs are of layer 1 alone.
func encoded(msg *evm.Message, chainID uint64) ([]byte, error) {
	var to []byte
	if msg.To != nil {
		to = msg.To[:]
	}
	kind, access := byte(types.DynamicFeeTxType), msg.Access
	if access == nil {
		access = types.AccessList{}
	}
	fields := []any{chainID, msg.Nonce, &msg.TipCap, &msg.FeeCap, msg.Gas, to, &msg.Value, msg.Data, access}
	if msg.Delegations != nil {
		kind, fields = types.SetCodeTxType, append(fields, msg.Delegations)
	}
	text, err := rlp.EncodeToBytes(fields)
	if err != nil {
		return nil, fmt.Errorf("encode the transaction: %w", err)
	}
	return append([]byte{kind}, text...), nil
}

// layer1 are the reads to expect for the fees of calls on such a chain.
func (f *Fork) layer1(calls []chain.Call) []chain.Call {
	if !f.remote.OPStack() {
		return nil
	}
	return []chain.Call{
		{ChainID: f.pin.ChainID, From: calls[0].From, To: &pinned.GasPriceOracle, Data: l1FeeOf(calls[0].Data)},
		{ChainID: f.pin.ChainID, From: calls[0].From, To: &pinned.GasPriceOracle, Data: pack(selOperatorFee, []byte{1})},
	}
}
