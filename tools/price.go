package tools

import (
	"context"
	"fmt"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/router/swap"
)

// Price is what one whole token sells for.
type Price struct {
	Of    chain.Amount `json:"of"`
	Price chain.Amount `json:"price"`
}

func newPrice(routers Routers) Tool {
	return NewReader(own(intents.Price, "Show what one token sells for in USDC, by the network's own pools."),
		func(ctx context.Context, env Env, in intents.Intent) (Result, error) {
			return price(ctx, env, in, routers)
		})
}

func price(ctx context.Context, env Env, in intents.Intent, routers Routers) (Result, error) {
	of := in.TokenIn
	if of == nil {
		of = in.TokenOut
	}
	if of == nil {
		return Result{}, missing("the price of which token")
	}
	p := purse{env: env, routers: routers}
	against, err := p.against(in)
	if err != nil {
		return Result{}, err
	}
	one, err := chain.ParseAmount("1", of.V)
	if err != nil {
		return Result{}, err
	}
	if of.V.Same(against) {
		return priced(env, Price{one, one}, nil), nil
	}
	q, err := p.quote(ctx, p.order(of.V, against, swap.ExactIn, one))
	if err != nil {
		return Result{}, err
	}
	return priced(env, Price{one, q.Out}, q), nil
}

// against is the token that a price is told in: the one that the user named beside the first, else USDC.
func (p purse) against(in intents.Intent) (chain.Token, error) {
	if in.TokenIn != nil && in.TokenOut != nil {
		return in.TokenOut.V, nil
	}
	return p.dollar()
}

func priced(env Env, p Price, q *swap.Quote) Result {
	r := Result{
		Title: fmt.Sprintf("%s sells for %s on %s", p.Of, atLeast(p.Price), env.Network.Name),
		Lines: []Line{{p.Of.Token.Symbol, p.Price.String()}},
		Quote: q,
		Data:  p,
	}
	if q != nil {
		r.Lines = append(r.Lines, Line{"Route", route(q)})
	}
	return r
}
