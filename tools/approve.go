package tools

import (
	"context"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// unlimitedBits is from where on an allowance counts as unlimited, whatever its digits: no token has 2^128 units to spend.
const unlimitedBits = 128

func newApprove(routers Routers) Tool {
	return NewProposer(own(intents.Approve, "Let a spender move an exact amount of a token. Never without a limit."),
		func(ctx context.Context, env Env, in intents.Intent) (Result, error) {
			return approve(ctx, env, in, routers)
		})
}

func approve(ctx context.Context, env Env, in intents.Intent, routers Routers) (Result, error) {
	if in.TokenIn == nil {
		return Result{}, missing("which token")
	}
	token := in.TokenIn.V
	if token.Native() {
		return Result{}, noAllowances(token)
	}
	if in.Amount == nil && in.AmountOf == 0 {
		return Result{}, refusal.New(refusal.UnlimitedApproval, "an allowance of %s without an amount", token.Symbol)
	}
	if in.Amount != nil && in.Amount.V.Form == intents.All {
		return Result{}, refusal.New(refusal.UnlimitedApproval, "an allowance of all %s", token.Symbol)
	}
	if in.Recipient == nil {
		return Result{}, missing("who may spend it")
	}
	spender := in.Recipient.V
	if err := spends(env, spender); err != nil {
		return Result{}, err
	}
	amount, lines, err := purse{env: env, routers: routers}.amount(ctx, in, token)
	if err != nil {
		return Result{}, err
	}
	if amount.Raw.BitLen() > unlimitedBits {
		return Result{}, refusal.New(refusal.UnlimitedApproval, "an allowance of %s", amount)
	}
	now, err := env.allowance(ctx, token, spender)
	if err != nil {
		return Result{}, err
	}
	calls, err := env.approval(ctx, token, spender, now, amount)
	if err != nil {
		return Result{}, err
	}
	switch len(calls) {
	case 0:
		lines = append(lines, Line{"Nothing to do", "this is what is allowed already"})
	case 2:
		lines = append(lines, Line{"Reset", token.Symbol + " takes a new allowance only after the old one is set to zero"})
	}
	return Result{
		Title: fmt.Sprintf("Allow %s to spend %s on %s", spender, amount, env.Network.Name),
		Lines: append(lines, Line{"Spender", spender.Hex()}, Line{"Allowance now", now.String()}, Line{"Allowance then", amount.String()}),
		Calls: calls,
		Bound: chain.Bound{Spenders: []common.Address{spender}},
	}, nil
}

func spends(env Env, spender common.Address) error {
	if spender == (common.Address{}) || spender == env.Account {
		return refusal.New(refusal.BadAddress, "%s can't be a spender", spender).WithHint("name the contract that is to spend")
	}
	return nil
}

func (e Env) allowance(ctx context.Context, token chain.Token, spender common.Address) (chain.Amount, error) {
	raw, err := e.view(ctx, token.Address, chain.PackAllowance(e.Account, spender))
	if err != nil {
		return chain.Amount{}, unread(err, "allowance of "+token.Symbol)
	}
	return chain.NewAmount(&raw, token), nil
}

// approval is the calls that lead from one allowance to another: none where they are equal, two where the token, as USDT does,
// wants a zero between them. Which it is, the token says itself when it is asked on the state.
func (e Env) approval(ctx context.Context, token chain.Token, spender common.Address, now, then chain.Amount) ([]chain.Call, error) {
	if now.Raw.Eq(&then.Raw) {
		return nil, nil
	}
	set := e.call(token.Address, uint256.Int{}, chain.PackApprove(spender, &then.Raw))
	if now.IsZero() || then.IsZero() {
		return []chain.Call{set}, nil
	}
	_, err := e.State.CallContract(ctx, set)
	if err == nil {
		return []chain.Call{set}, nil
	}
	if reverted := new(chain.RevertError); !errors.As(err, &reverted) {
		return nil, unread(err, "answer of "+token.Symbol)
	}
	reset := e.call(token.Address, uint256.Int{}, chain.PackApprove(spender, new(uint256.Int)))
	return []chain.Call{reset, set}, nil
}
