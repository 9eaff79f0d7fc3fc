package tools

import (
	"context"
	"fmt"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

func newWrap(routers Routers) Tool {
	return NewProposer(own(intents.Wrap, "Wrap the native coin into its token."),
		func(ctx context.Context, env Env, in intents.Intent) (Result, error) {
			return wrap(ctx, env, in, routers)
		})
}

func wrap(ctx context.Context, env Env, in intents.Intent, routers Routers) (Result, error) {
	native := env.Network.Native
	wrapped, err := env.wrapped()
	if err != nil {
		return Result{}, err
	}
	if in.TokenIn != nil && !in.TokenIn.V.Same(native) {
		return Result{}, refusal.New(refusal.NotUnderstood, "%s is not the native coin", in.TokenIn.V.Symbol).WithHint("only %s can be wrapped on %s", native.Symbol, env.Network.Name)
	}
	p := purse{env, routers, gasWrap}
	amount, lines, err := p.amount(ctx, in, native)
	if err != nil {
		return Result{}, err
	}
	if err := p.afford(ctx, amount); err != nil {
		return Result{}, err
	}
	return Result{
		Title: fmt.Sprintf("Wrap %s on %s", amount, env.Network.Name),
		Lines: append(lines, Line{"Pay", amount.String()}, Line{"Get", chain.NewAmount(&amount.Raw, wrapped).String()}),
		Calls: []chain.Call{env.call(wrapped.Address, amount.Raw, chain.PackDeposit())},
		Bound: chain.Bound{Out: []chain.Amount{amount}, In: []chain.Amount{chain.NewAmount(&amount.Raw, wrapped)}},
	}, nil
}
