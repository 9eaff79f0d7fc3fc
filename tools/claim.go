package tools

import (
	"context"
	"fmt"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

func newClaim(claims Claims) Tool {
	return NewProposer(own(intents.Claim, "Claim what the rewards pay to the account."),
		func(ctx context.Context, env Env, in intents.Intent) (Result, error) {
			return claim(ctx, env, in, claims)
		})
}

// claim is one call that pays all that is due. Nothing leaves.
func claim(ctx context.Context, env Env, in intents.Intent, claims Claims) (Result, error) {
	p, err := env.payer(ctx)
	if err != nil {
		return Result{}, err
	}
	if err := p.pays(in); err != nil {
		return Result{}, err
	}
	if in.Amount != nil && in.Amount.V.Form != intents.All {
		return Result{}, refusal.New(refusal.NotUnderstood, "a part of the rewards").WithHint("a claim pays all that is due")
	}
	e, err := p.earnings(ctx, claims)
	if err != nil {
		return Result{}, err
	}
	due := e.due()
	if due.IsZero() {
		return Result{}, refusal.New(refusal.NothingToClaim, "%s were earned until epoch %d, and %s have been claimed", e.earned, e.epoch, e.claimed)
	}
	path := make([][32]byte, len(e.proof.Path))
	for i, h := range e.proof.Path {
		path[i] = h
	}
	data, err := distributors().TryPackClaim(p.Account, e.proof.Amount.ToBig(), path)
	if err != nil {
		return Result{}, fmt.Errorf("write the claim: %w", err)
	}
	return Result{
		Title: fmt.Sprintf("Claim %s on %s", due, env.Network.Name),
		Lines: []Line{
			{"Earned in all", e.earned.String()},
			{"Claimed before", e.claimed.String()},
			{"Claim now", due.String()},
			{"Settled until", fmt.Sprintf("epoch %d", e.epoch)},
		},
		Calls: []chain.Call{env.call(p.distributor, uint256.Int{}, data)},
		Bound: chain.Bound{In: []chain.Amount{due}},
	}, nil
}
