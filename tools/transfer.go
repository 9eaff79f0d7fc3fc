package tools

import (
	"context"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

func newTransfer(routers Routers) Tool {
	return NewProposer(own(intents.Transfer, "Send the native coin or a token to an address."),
		func(ctx context.Context, env Env, in intents.Intent) (Result, error) {
			return transfer(ctx, env, in, routers)
		})
}

func transfer(ctx context.Context, env Env, in intents.Intent, routers Routers) (Result, error) {
	if in.TokenIn == nil {
		return Result{}, missing("which token")
	}
	if in.Recipient == nil {
		return Result{}, missing("to whom")
	}
	token, to := in.TokenIn.V, in.Recipient.V
	if err := env.receives(to, token); err != nil {
		return Result{}, err
	}
	p := purse{env, routers, gasTransfer}
	amount, lines, err := p.amount(ctx, in, token)
	if err != nil {
		return Result{}, err
	}
	if err := p.afford(ctx, amount); err != nil {
		return Result{}, err
	}
	c := env.call(token.Address, uint256.Int{}, chain.PackTransfer(to, &amount.Raw))
	if token.Native() {
		c = env.call(to, amount.Raw, nil)
	}
	return Result{
		Title: fmt.Sprintf("Send %s to %s on %s", amount, to, env.Network.Name),
		Lines: append(lines, Line{"Send", amount.String()}, Line{"To", to.Hex()}),
		Calls: []chain.Call{c},
		Bound: chain.Bound{Out: []chain.Amount{amount}, Recipient: &to},
	}, nil
}

// receives refuses recipients from which nothing comes back: nobody, the account itself, and the contracts that the network's
// registry knows as tokens or venues.
func (e Env) receives(to common.Address, token chain.Token) error {
	if to == (common.Address{}) {
		return refusal.New(refusal.BadAddress, "the zero address: what is sent there is lost")
	}
	if to == e.Account {
		return refusal.New(refusal.BadAddress, "%s is the account itself", to).WithHint("name another recipient")
	}
	if _, listed := e.Tokens.Address(e.Network.ChainID, to); listed || to == token.Address {
		return refusal.New(refusal.BadAddress, "%s is the contract of a token: what is sent there is lost", to).
			WithHint("name the person's address, not the token's")
	}
	c := e.Network.Contracts
	for _, venue := range []common.Address{c.WrappedNative, c.V2Factory, c.V2Router, c.V3Factory, c.V3Router, c.V3Quoter, c.Permit2, c.Multicall3, c.Distributor, c.Stakes, c.Governance} {
		if to == venue {
			return refusal.New(refusal.BadAddress, "%s is a contract that keeps nothing for you: what is sent there is lost", to).
				WithHint("name the person's address")
		}
	}
	return nil
}
