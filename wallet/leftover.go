package wallet

import (
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
)

// remind adds to the refusal of a sequence that ended half-way what its first half left behind: an allowance that was given for
// what did not happen.
func (s *Sequence) remind(err error) error {
	refused, ok := refusal.As(err)
	if !ok || slices.ContainsFunc(s.Txs, func(t *Tx) bool { return t.State.Open() }) {
		return err
	}
	for token, spender := range s.granted() {
		_ = refused.WithHint("%s has an allowance of the token %s that was not used; take it back with: keymaker approve 0 %s %s; %s",
			spender, token, token, spender, refused.Hint)
	}
	return err
}

// granted are the allowances that the mined transactions gave, by token.
func (s *Sequence) granted() map[common.Address]common.Address {
	all := map[common.Address]common.Address{}
	for _, t := range s.Txs {
		var tx types.Transaction
		if t.State != Mined || tx.UnmarshalBinary(t.Unsigned) != nil || tx.To() == nil {
			continue
		}
		spender, amount, ok := chain.UnpackApprove(tx.Data())
		if ok && !amount.IsZero() {
			all[*tx.To()] = spender
		}
	}
	return all
}
