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

func newBalance() Tool {
	return NewReader(own(intents.Balance, "Show what the account holds: one token, or all that the registry knows."), balance)
}

func balance(ctx context.Context, env Env, in intents.Intent) (Result, error) {
	account := env.Account
	if in.Recipient != nil {
		account = in.Recipient.V
	}
	if account == (common.Address{}) {
		return Result{}, noAccount()
	}
	var held []chain.Amount
	var unknown []chain.Token
	var err error
	if in.TokenIn != nil {
		var one chain.Amount
		one, err = env.Holding(ctx, account, in.TokenIn.V)
		held = []chain.Amount{one}
	} else {
		held, unknown, err = env.portfolio(ctx, account)
	}
	if err != nil {
		return Result{}, err
	}
	lines := make([]Line, 0, len(held)+len(unknown))
	for _, a := range held {
		lines = append(lines, Line{a.Token.Symbol, a.Decimal()})
	}
	for _, t := range unknown {
		lines = append(lines, Line{t.Symbol, "can't be read"})
	}
	return Result{Title: fmt.Sprintf("Balance of %s on %s", account, env.Network.Name), Lines: lines, Data: held}, nil
}

// portfolio is the native coin, and every listed token of which the account holds some. A token that does not answer as a token
// is returned apart, so that it is said.
func (e Env) portfolio(ctx context.Context, account common.Address) (held []chain.Amount, unknown []chain.Token, err error) {
	native, err := e.Holding(ctx, account, e.Network.Native)
	if err != nil {
		return nil, nil, err
	}
	held = []chain.Amount{native}
	listed := e.listed()
	views := make([]chain.View, len(listed))
	for i, t := range listed {
		views[i] = chain.View{Target: t.Address, AllowFailure: true, CallData: chain.PackBalanceOf(account)}
	}
	answers, err := e.views(ctx, views)
	if err != nil {
		return nil, nil, unread(err, "balances")
	}
	for i, t := range listed {
		raw, err := chain.UnpackUint(answers[i].ReturnData)
		switch {
		case !answers[i].Success || err != nil:
			unknown = append(unknown, t)
		case !raw.IsZero():
			held = append(held, chain.NewAmount(&raw, t))
		}
	}
	return held, unknown, nil
}

// listed is the registry's tokens of the network, without the native coin.
func (e Env) listed() []chain.Token {
	var tokens []chain.Token
	for _, l := range e.Tokens.All(e.Network.ChainID) {
		if !l.Native() {
			tokens = append(tokens, l.Token)
		}
	}
	return tokens
}

// views makes many reads in one where the network has a multicall, else one by one.
func (e Env) views(ctx context.Context, views []chain.View) ([]chain.ViewResult, error) {
	multicall := e.Network.Contracts.Multicall3
	if len(views) == 0 {
		return nil, nil
	}
	if multicall != (common.Address{}) {
		ret, err := e.State.CallContract(ctx, e.call(multicall, uint256.Int{}, chain.PackAggregate3(views)))
		if err != nil {
			return nil, err
		}
		return chain.UnpackAggregate3(ret, len(views))
	}
	results := make([]chain.ViewResult, len(views))
	for i, v := range views {
		ret, err := e.State.CallContract(ctx, e.call(v.Target, uint256.Int{}, v.CallData))
		if _, named := refusal.As(err); named || ctx.Err() != nil {
			return nil, err
		}
		results[i] = chain.ViewResult{Success: err == nil, ReturnData: ret}
	}
	return results, nil
}
