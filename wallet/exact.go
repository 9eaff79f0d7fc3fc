package wallet

import (
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork"
)

// ForkTxs are the prepared transactions with the very fields that would be signed, for a fork to apply.
func (p *Prepared) ForkTxs() []fork.Tx {
	txs := make([]fork.Tx, len(p.Txs))
	for i, t := range p.Txs {
		nonce := t.Nonce()
		txs[i] = fork.Tx{
			Call: chain.Call{
				ChainID: p.Network.ChainID, From: p.Account, To: t.To(),
				Value: *uint256.MustFromBig(t.Value()), Data: t.Data(),
			},
			Gas:       t.Gas(),
			GasFeeCap: uint256.MustFromBig(t.GasFeeCap()),
			GasTipCap: uint256.MustFromBig(t.GasTipCap()),
			Nonce:     &nonce,
		}
	}
	return txs
}

// Refusal is the error of a verdict of Deny, by its first denying finding; nil for any other verdict.
func (v Verdict) Refusal() error {
	if v.Decision != Deny {
		return nil
	}
	return v.refuse()
}
