package agent

import (
	"context"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/tools"
	"github.com/keymaker-agent/keymaker/wallet"
)

// outcome is what a step left behind, as read from the chain or the fork after it.
type outcome struct {
	balances []chain.Amount // of every token that the step was to move
	received chain.Amount   // what came in of the token that the step was to bring; zero Amount where none was
}

// measure reads the balances after a step. Fee is the wei that was paid for gas: what came in of the native coin is counted
// before it.
func measure(ctx context.Context, state tools.State, p *wallet.Prepared, fee *uint256.Int) (outcome, error) {
	var o outcome
	for _, t := range touched(p) {
		after, err := (tools.Env{Network: p.Network, State: state}).Holding(ctx, p.Account, t)
		if err != nil {
			return outcome{}, err
		}
		o.balances = append(o.balances, after)
	}
	if r := p.Bound.Recipient; len(p.Bound.In) == 0 || r != nil && *r != p.Account {
		return o, nil
	}
	want := p.Bound.In[0].Token
	for _, after := range o.balances {
		if after.Token.Same(want) {
			o.received = gained(after, before(p.Effects, p.Account, after), fee)
		}
	}
	return o, nil
}

// touched lists the tokens of a proposal's bound, each once, and the native coin, which pays for gas.
func touched(p *wallet.Prepared) []chain.Token {
	all := []chain.Token{p.Network.Native}
	for _, a := range append(append([]chain.Amount(nil), p.Bound.Out...), p.Bound.In...) {
		known := false
		for _, t := range all {
			known = known || t.Same(a.Token)
		}
		if !known {
			all = append(all, a.Token)
		}
	}
	return all
}

// before is the account's balance on the pinned block; an asset without a change has the balance that it has after.
func before(e *fork.Effects, account common.Address, after chain.Amount) uint256.Int {
	for _, c := range e.Balances {
		if c.Account == account && c.Asset == after.Token.Address && (c.Kind == fork.ERC20 || c.Kind == fork.Native) {
			return c.Before
		}
	}
	return after.Raw
}

func gained(after chain.Amount, before uint256.Int, fee *uint256.Int) chain.Amount {
	total := after.Raw
	if after.Token.Native() {
		total.Add(&total, fee)
	}
	if total.Lt(&before) {
		return chain.Amount{Token: after.Token}
	}
	total.Sub(&total, &before)
	return chain.NewAmount(&total, after.Token)
}
