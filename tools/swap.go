package tools

import (
	"context"
	"fmt"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
)

func newSwap(routers Routers) Tool {
	return NewProposer(own(intents.Swap, "Swap one token for another over the network's own pools."),
		func(ctx context.Context, env Env, in intents.Intent) (Result, error) {
			if turn := coinTurn(env, in); turn != nil {
				return turn(ctx, env, in, routers)
			}
			return swapTokens(ctx, env, in, routers)
		})
}

// coinTurn is the wrap or unwrap that a swap between the native coin and its wrapped token is, or nil.
func coinTurn(env Env, in intents.Intent) func(context.Context, Env, intents.Intent, Routers) (Result, error) {
	at := env.Network.Contracts.WrappedNative
	if in.TokenIn == nil || in.TokenOut == nil || in.Recipient != nil || in.MinOut != nil || at == (common.Address{}) {
		return nil
	}
	switch from, to := in.TokenIn.V, in.TokenOut.V; {
	case from.Native() && to.Address == at:
		return wrap
	case from.Address == at && to.Native():
		return unwrap
	}
	return nil
}

func swapTokens(ctx context.Context, env Env, in intents.Intent, routers Routers) (Result, error) {
	p := purse{env, routers, gasSwap}
	q, lines, err := p.trade(ctx, in)
	if err != nil {
		return Result{}, err
	}
	if err := p.afford(ctx, q.MaxIn); err != nil {
		return Result{}, err
	}
	calls, err := routers(env.Network, env.Tokens).Calls(ctx, env.State, q)
	if err != nil {
		return Result{}, err
	}
	result := Result{
		Title: tradeTitle("Swap", env, q),
		Lines: lines,
		Quote: q,
		Calls: calls,
		Bound: chain.Bound{Out: []chain.Amount{q.MaxIn}, In: []chain.Amount{q.MinOut}, Spenders: spenders(calls)},
	}
	if in.Recipient != nil && in.Recipient.V != env.Account {
		result.Title = fmt.Sprintf("%s, to %s", result.Title, in.Recipient.V)
		result.Bound.Recipient = &in.Recipient.V
	}
	return result, nil
}

// spenders are those whom the calls approve.
func spenders(calls []chain.Call) []common.Address {
	var all []common.Address
	seen := make(map[common.Address]bool)
	for _, c := range calls {
		spender, amount, ok := chain.UnpackApprove(c.Data)
		if ok && !amount.IsZero() && !seen[spender] {
			seen[spender] = true
			all = append(all, spender)
		}
	}
	return all
}
