package tools

import (
	"context"
	"errors"
	"fmt"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/router/swap"
)

// Gas that is left in the account when all of the native coin is to be moved: generous, because what is left over stays with
// the user, and what is short makes the transaction fail.
const (
	gasTransfer = 100_000
	gasWrap     = 120_000
	gasSwap     = 600_000
	gasLeast    = 21_000 // what any transaction costs
)

// purse turns what was said of a quantity into an amount of one token.
type purse struct {
	env     Env
	routers Routers
	gas     uint64 // that the step itself may use
}

// amount resolves the quantity of an intent that is spent from, or measured by, the account. Lines say how.
func (p purse) amount(ctx context.Context, in intents.Intent, t chain.Token) (chain.Amount, []Line, error) {
	said := in.Amount
	if said == nil && in.AmountOf == 0 {
		return chain.Amount{}, nil, missing("how much " + t.Symbol)
	}
	q := intents.Quantity{Form: intents.All}
	if said != nil {
		q = said.V
	}
	if err := p.env.decimalsHold(ctx, t); err != nil {
		return chain.Amount{}, nil, err
	}
	a, lines, err := p.resolve(ctx, q, in.AmountOf, t)
	if err != nil {
		return chain.Amount{}, nil, err
	}
	if a.IsZero() {
		return chain.Amount{}, nil, refusal.New(refusal.NotUnderstood, "the amount comes to 0 %s", t.Symbol).WithHint("name an amount above zero")
	}
	return a, lines, nil
}

// decimalsHold compares a listing with the contract: a wrong number there would move a thousand times what was said. A contract
// without decimals(), which the standard allows, is taken as listed.
func (e Env) decimalsHold(ctx context.Context, t chain.Token) error {
	if t.Native() {
		return nil
	}
	stated, err := e.view(ctx, t.Address, chain.PackDecimals())
	if _, named := refusal.As(err); named || ctx.Err() != nil {
		return err
	}
	if err != nil || stated.Eq(uint256.NewInt(uint64(t.Decimals))) {
		return nil
	}
	return refusal.New(refusal.ConfigInvalid, "%s is listed with %d decimals, and its contract states %s", t.Symbol, t.Decimals, stated.Dec()).
		WithHint("correct the decimals under [[tokens]] of your config")
}

func (p purse) resolve(ctx context.Context, q intents.Quantity, step int, t chain.Token) (chain.Amount, []Line, error) {
	switch q.Form {
	case intents.Exact:
		a, err := exact(q.Number, t)
		return a, nil, err
	case intents.Dollars:
		return p.dollars(ctx, q.Number, t)
	case intents.Share, intents.All, intents.AllBut:
		return p.part(ctx, q, step, t)
	}
	return chain.Amount{}, nil, refusal.New(refusal.NotUnderstood, "a quantity of the form %q", q.Form)
}

func exact(number string, t chain.Token) (chain.Amount, error) {
	a, err := chain.ParseAmount(number, t)
	if errors.Is(err, chain.ErrTooFine) {
		return chain.Amount{}, refusal.New(refusal.NotUnderstood, "%s has only %d digits after the dot, and %s has more", t.Symbol, t.Decimals, number).
			WithHint("name the amount with at most %d digits after the dot", t.Decimals)
	}
	if err != nil {
		return chain.Amount{}, refusal.New(refusal.NotUnderstood, "%q is not an amount of %s", number, t.Symbol).Because(err)
	}
	return a, nil
}

// part is a share of what the account holds, or of what an earlier step brought.
func (p purse) part(ctx context.Context, q intents.Quantity, step int, t chain.Token) (chain.Amount, []Line, error) {
	whole, err := p.whole(ctx, step, t)
	if err != nil {
		return chain.Amount{}, nil, err
	}
	of := "the account's " + whole.String()
	if step > 0 {
		of = fmt.Sprintf("the %s of step %d", whole, step)
	}
	switch {
	case q.Form == intents.AllBut:
		keep, err := exact(q.Number, t)
		if err != nil {
			return chain.Amount{}, nil, err
		}
		a, err := whole.Sub(keep)
		if err != nil {
			return chain.Amount{}, nil, refusal.New(refusal.Balance, "%s are to stay, and there are %s", keep, whole)
		}
		return a, []Line{{"Amount", fmt.Sprintf("%s: all but %s of %s", a, keep, of)}}, nil
	case q.Form == intents.All || q.Number == "100":
		return p.all(ctx, whole, of)
	}
	a, err := percentOf(whole, q.Number)
	if err != nil {
		return chain.Amount{}, nil, err
	}
	return a, []Line{{"Amount", fmt.Sprintf("%s: %s %% of %s", a, q.Number, of)}}, nil
}

func (p purse) whole(ctx context.Context, step int, t chain.Token) (chain.Amount, error) {
	if step == 0 {
		return p.env.Holding(ctx, p.env.Account, t)
	}
	if step < 0 || step > len(p.env.Earlier) || p.env.Earlier[step-1].IsZero() {
		return chain.Amount{}, refusal.New(refusal.Balance, "step %d brought nothing", step)
	}
	brought := p.env.Earlier[step-1]
	if !brought.Token.Same(t) {
		return chain.Amount{}, refusal.New(refusal.NotUnderstood, "step %d brought %s, not %s", step, brought.Token.Symbol, t.Symbol)
	}
	return brought, nil
}

// all is everything, less what the native coin has to leave for gas.
func (p purse) all(ctx context.Context, whole chain.Amount, of string) (chain.Amount, []Line, error) {
	if !whole.Token.Native() {
		return whole, []Line{{"Amount", fmt.Sprintf("%s: all of %s", whole, of)}}, nil
	}
	reserve, err := p.fee(p.gas)
	if err != nil {
		return chain.Amount{}, nil, err
	}
	held, err := p.env.Holding(ctx, p.env.Account, whole.Token)
	if err != nil {
		return chain.Amount{}, nil, err
	}
	most, err := held.Sub(reserve)
	if err != nil {
		return chain.Amount{}, nil, refusal.New(refusal.Balance, "the account holds %s, and %s are kept for the network fee", held, reserve)
	}
	if whole.Raw.Lt(&most.Raw) {
		return whole, []Line{{"Amount", fmt.Sprintf("%s: all of %s", whole, of)}}, nil
	}
	return most, []Line{{"Amount", fmt.Sprintf("%s: all of %s, less %s kept for the network fee", most, of, reserve)}}, nil
}

// fee is what so much gas costs at most, in the native coin.
func (p purse) fee(gas uint64) (chain.Amount, error) {
	if p.env.FeeCap.IsZero() {
		return chain.Amount{}, refusal.New(refusal.RPCDown, "the network fee of %s is not known", p.env.Network.Name)
	}
	one := chain.NewAmount(&p.env.FeeCap, p.env.Network.Native)
	return one.MulDiv(uint256.NewInt(gas), uint256.NewInt(1))
}

// percentOf is number percent of whole, rounded down.
func percentOf(whole chain.Amount, number string) (chain.Amount, error) {
	hundred := uint256.MustFromDecimal("100000000000000000000")
	share, err := chain.ParseAmount(number, chain.Token{Decimals: 18})
	if err != nil || share.Raw.Gt(hundred) {
		return chain.Amount{}, refusal.New(refusal.NotUnderstood, "%s %% is not a share", number).WithHint("a share lies between 0 and 100 %%")
	}
	return whole.MulDiv(&share.Raw, hundred)
}

// dollars is the amount of t that sells for so many USDC: the only price that is used, because it can be had.
func (p purse) dollars(ctx context.Context, number string, t chain.Token) (chain.Amount, []Line, error) {
	usdc, err := p.dollar()
	if err != nil {
		return chain.Amount{}, nil, err
	}
	worth, err := exact(number, usdc)
	if err != nil || worth.IsZero() || t.Same(usdc) {
		return worth, nil, err
	}
	quote, err := p.quote(ctx, p.order(t, usdc, swap.ExactOut, worth))
	if err != nil {
		return chain.Amount{}, nil, err
	}
	return quote.In, []Line{{"Amount", fmt.Sprintf("%s: what sells for %s", quote.In, worth)}}, nil
}

// dollar is the registry's USDC.
func (p purse) dollar() (chain.Token, error) {
	listed := p.env.Tokens.Symbol(p.env.Network.ChainID, "USDC")
	if len(listed) != 1 {
		return chain.Token{}, refusal.New(refusal.NoRoute, "there is no dollar price on %s: %d tokens are listed as USDC", p.env.Network.Name, len(listed)).
			WithHint("name the amount in the token itself")
	}
	return listed[0].Token, nil
}

func (p purse) order(in, out chain.Token, side swap.Side, a chain.Amount) swap.Order {
	return swap.Order{
		In: in, Out: out, Side: side, Amount: a,
		SlippageBps: p.env.Limits.SlippageBps,
		Account:     p.env.Account,
		Recipient:   p.env.Account,
		Deadline:    p.env.State.Time() + p.env.Limits.DeadlineSecond,
	}
}

// quote asks the router, and refuses an answer that moves the price more than the limit.
func (p purse) quote(ctx context.Context, o swap.Order) (*swap.Quote, error) {
	q, err := p.routers(p.env.Network, p.env.Tokens).Quote(ctx, p.env.State, o)
	if err != nil {
		return nil, err
	}
	if q.ImpactBps > p.env.Limits.MaxImpactBps {
		return nil, refusal.New(refusal.PriceImpact, "%s for %s moves the price by %s, and the limit is %s",
			q.In, q.Out, percent(q.ImpactBps), percent(p.env.Limits.MaxImpactBps)).
			WithHint("try a smaller amount, or raise limits.price_impact_bps in your config")
	}
	return q, nil
}

// afford refuses what the account can't pay: more than it holds, or a native coin that leaves nothing for the network fee.
func (p purse) afford(ctx context.Context, a chain.Amount) error {
	held, err := p.env.Holding(ctx, p.env.Account, a.Token)
	if err != nil {
		return err
	}
	if held.Raw.Lt(&a.Raw) {
		return refusal.New(refusal.Balance, "%s are needed, and the account holds %s on %s", a, held, p.env.Network.Name)
	}
	if !a.Token.Native() || p.env.FeeCap.IsZero() {
		return nil
	}
	least, err := p.fee(gasLeast)
	if err != nil {
		return err
	}
	total, err := a.Add(least)
	if err != nil || held.Raw.Lt(&total.Raw) {
		return refusal.New(refusal.Balance, "%s and at least %s for the network fee are needed, and the account holds %s on %s", a, least, held, p.env.Network.Name)
	}
	return nil
}
