package tools

import (
	"context"
	"fmt"
	"strings"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/router/swap"
)

func newQuote(routers Routers) Tool {
	return NewReader(own(intents.QuoteOnly, "Show what a swap would give now, without doing it."),
		func(ctx context.Context, env Env, in intents.Intent) (Result, error) {
			q, lines, err := purse{env, routers, gasSwap}.trade(ctx, in)
			if err != nil {
				return Result{}, err
			}
			return Result{Title: tradeTitle("Quote: swap", env, q), Lines: lines, Quote: q}, nil
		})
}

// trade is the quote for an intent with two tokens and an amount of one of them.
func (p purse) trade(ctx context.Context, in intents.Intent) (*swap.Quote, []Line, error) {
	if in.TokenIn == nil || in.TokenOut == nil {
		return nil, nil, missing("which two tokens")
	}
	from, to := in.TokenIn.V, in.TokenOut.V
	if from.Same(to) {
		return nil, nil, refusal.New(refusal.NotUnderstood, "a swap of %s for itself", from.Symbol).WithHint("name two different tokens")
	}
	for _, t := range []chain.Token{from, to} {
		if err := p.env.decimalsHold(ctx, t); err != nil {
			return nil, nil, err
		}
	}
	side, measured := swap.ExactIn, from
	if in.Side == intents.Out {
		side, measured = swap.ExactOut, to
		if in.Amount == nil || !absolute(in.Amount.V) {
			return nil, nil, refusal.New(refusal.NotUnderstood, "an amount of %s to get that is not a number", to.Symbol).WithHint("name the amount, as in: buy 0.5 %s", to.Symbol)
		}
	}
	amount, lines, err := p.amount(ctx, in, measured)
	if err != nil {
		return nil, nil, err
	}
	o := p.order(from, to, side, amount)
	if in.SlippageBps != nil {
		o.SlippageBps = in.SlippageBps.V
	}
	if o.SlippageBps >= 10_000 {
		return nil, nil, refusal.New(refusal.Slippage, "a slippage of %s accepts any price", percent(o.SlippageBps))
	}
	if in.Recipient != nil && in.Recipient.V != p.env.Account {
		if err := p.env.receives(in.Recipient.V, to); err != nil {
			return nil, nil, err
		}
		o.Recipient = in.Recipient.V
	}
	if in.MinOut != nil && !absolute(in.MinOut.V) {
		return nil, nil, refusal.New(refusal.NotUnderstood, "a least amount of %s that is not a number", to.Symbol)
	}
	if in.MinOut != nil {
		floor, floorLines, err := p.resolve(ctx, in.MinOut.V, 0, to)
		if err != nil {
			return nil, nil, err
		}
		o.MinOut, lines = &floor, append(lines, floorLines...)
	}
	q, err := p.quote(ctx, o)
	if err != nil {
		return nil, nil, err
	}
	if q.MinOut.IsZero() || !q.MaxIn.Token.Same(from) || !q.MinOut.Token.Same(to) {
		return nil, nil, refusal.New(refusal.NoRoute, "the quote for %s to %s has no limits", from.Symbol, to.Symbol)
	}
	return q, lines, nil
}

// absolute says that a quantity does not depend on what the account holds.
func absolute(q intents.Quantity) bool { return q.Form == intents.Exact || q.Form == intents.Dollars }

func tradeTitle(verb string, env Env, q *swap.Quote) string {
	if q.Side == swap.ExactOut {
		return fmt.Sprintf("%s at most %s for %s on %s", verb, atMost(q.MaxIn), q.Out, env.Network.Name)
	}
	return fmt.Sprintf("%s %s for at least %s on %s", verb, q.In, atLeast(q.MinOut), env.Network.Name)
}

// tradeLines is a quote in words, for readers that get text alone.
func tradeLines(q *swap.Quote) []Line {
	lines := []Line{
		{"Pay", q.In.String()},
		{"Get", q.Out.String()},
	}
	if q.Side == swap.ExactOut {
		lines = append(lines, Line{"At most", q.MaxIn.String()})
	} else {
		lines = append(lines, Line{"At least", q.MinOut.String()})
	}
	return append(lines,
		Line{"Route", route(q)},
		Line{"Price impact", percent(q.ImpactBps)},
		Line{"Pool fees", percent(q.FeeBps)},
	)
}

// route writes a path: USDC → WETH (uniswap-v3 0.05 %) → DAI (uniswap-v2 0.3 %).
func route(q *swap.Quote) string {
	if len(q.Hops) == 0 {
		return "none"
	}
	var b strings.Builder
	b.WriteString(q.Hops[0].TokenIn.Symbol)
	for _, h := range q.Hops {
		fee := chain.Amount{Token: chain.Token{Decimals: 4}}
		fee.Raw.SetUint64(uint64(h.FeePips))
		fmt.Fprintf(&b, " → %s (%s %s %%)", h.TokenOut.Symbol, h.Venue, fee.Decimal())
	}
	return b.String()
}
