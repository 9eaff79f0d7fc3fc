package tools

import (
	"context"
	"fmt"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

func newUnwrap(routers Routers) Tool {
	return NewProposer(own(intents.Unwrap, "Turn the wrapped native coin back into the coin."),
		func(ctx context.Context, env Env, in intents.Intent) (Result, error) {
			return unwrap(ctx, env, in, routers)
		})
}

func unwrap(ctx context.Context, env Env, in intents.Intent, routers Routers) (Result, error) {
	native := env.Network.Native
	wrapped, err := env.wrapped()
	if err != nil {
		return Result{}, err
	}
	if in.TokenIn != nil && !in.TokenIn.V.Same(wrapped) && !in.TokenIn.V.Same(native) {
		return Result{}, refusal.New(refusal.NotUnderstood, "%s is not the wrapped %s", in.TokenIn.V.Symbol, native.Symbol).
			WithHint("only %s can be unwrapped on %s", wrapped.Symbol, env.Network.Name)
	}
	p := purse{env, routers, gasWrap}
	amount, lines, err := p.amount(ctx, in, wrapped)
	if err != nil {
		return Result{}, err
	}
	if err := p.afford(ctx, amount); err != nil {
		return Result{}, err
	}
	return Result{
		Title: fmt.Sprintf("Unwrap %s on %s", amount, env.Network.Name),
		Lines: append(lines, Line{"Pay", amount.String()}, Line{"Get", chain.NewAmount(&amount.Raw, native).String()}),
		Calls: []chain.Call{env.call(wrapped.Address, uint256.Int{}, chain.PackWithdraw(&amount.Raw))},
		Bound: chain.Bound{Out: []chain.Amount{amount}, In: []chain.Amount{chain.NewAmount(&amount.Raw, native)}},
	}, nil
}
