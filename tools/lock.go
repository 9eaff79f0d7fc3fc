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

func newLock(routers Routers) Tool {
	return NewProposer(own(intents.Lock, "Stake KEY and lock the whole stake for a time, for votes."),
		func(ctx context.Context, env Env, in intents.Intent) (Result, error) {
			if in.Term == nil {
				return Result{}, missing("for how long")
			}
			return putAway(ctx, env, in, routers)
		})
}

func newStake(routers Routers) Tool {
	return NewProposer(own(intents.Stake, "Stake KEY without a new lock."),
		func(ctx context.Context, env Env, in intents.Intent) (Result, error) {
			return putAway(ctx, env, in, routers)
		})
}

// rewardToken refuses what is staked elsewhere: other tokens, and at other protocols.
func rewardToken(in intents.Intent) error {
	if in.TokenIn == nil {
		return missing("which token")
	}
	if in.TokenIn.V.Symbol != intents.RewardToken || in.Venue != nil || in.TokenOut != nil || in.Recipient != nil {
		return refusal.New(refusal.NotYet, "there is no tool for %s but for %s", in.Action, intents.RewardToken)
	}
	return nil
}

// putAway stakes an amount, and where a term was said locks the whole stake for it. Exactly the amount is allowed and taken.
func putAway(ctx context.Context, env Env, in intents.Intent, routers Routers) (Result, error) {
	if err := rewardToken(in); err != nil {
		return Result{}, err
	}
	p, err := env.payer(ctx)
	if err != nil {
		return Result{}, err
	}
	if err := p.pays(in); err != nil {
		return Result{}, err
	}
	at, err := p.position(ctx)
	if err != nil {
		return Result{}, err
	}
	asked, until, err := p.end(ctx, in, at)
	if err != nil {
		return Result{}, err
	}
	money := purse{env: env, routers: routers}
	amount, lines, err := money.amount(ctx, in, p.key)
	if err != nil {
		return Result{}, err
	}
	if err := money.afford(ctx, amount); err != nil {
		return Result{}, err
	}
	calls, err := p.stakeCalls(ctx, amount, asked)
	if err != nil {
		return Result{}, err
	}
	title := fmt.Sprintf("Stake %s on %s", amount, env.Network.Name)
	if asked > 0 {
		title = fmt.Sprintf("Lock %s until %s on %s", amount, date(until), env.Network.Name)
	}
	whole, err := at.amount.Add(amount)
	if err != nil {
		return Result{}, err
	}
	lines = append(lines, Line{"Pay", amount.String()}, Line{"Staked then", whole.String()})
	if until > env.State.Time() {
		lines = append(lines, Line{"Locked until", date(until) + ", all of it"})
	}
	if p.locked(at) {
		lines = append(lines, Line{"Locked before", fmt.Sprintf("%s until %s", at.amount, date(at.until))})
	}
	return Result{
		Title: title, Lines: lines, Calls: calls,
		Bound: chain.Bound{Out: []chain.Amount{amount}, Spenders: []common.Address{p.stakes}},
	}, nil
}

// end is the second that a lock is asked until, and the one that it then ends at: a lock ends at a whole week. Without a term, asked is 0
// and the lock stays as it is.
func (p payer) end(ctx context.Context, in intents.Intent, at position) (asked, until uint64, err error) {
	if in.Term == nil {
		return 0, at.until, nil
	}
	week, err := look(ctx, p.Env, p.stakes, stakings().PackWEEK(), stakings().UnpackWEEK, "week of the locks")
	if err != nil {
		return 0, 0, err
	}
	most, err := look(ctx, p.Env, p.stakes, stakings().PackMOSTLOCK(), stakings().UnpackMOSTLOCK, "longest lock")
	if err != nil {
		return 0, 0, err
	}
	if in.Term.V > most || week == 0 {
		return 0, 0, refusal.New(refusal.LockTooLong, "%d days, and at most %d are taken", in.Term.V/86_400, most/86_400)
	}
	asked = p.State.Time() + in.Term.V
	until = (asked + week - 1) / week * week
	if until < at.until {
		return 0, 0, refusal.New(refusal.LockShorter, "it would end at %s, and what is staked is locked until %s", date(until), date(at.until))
	}
	return asked, until, nil
}

// stakeCalls are the exact allowance, where it is not there, and the stake.
func (p payer) stakeCalls(ctx context.Context, amount chain.Amount, asked uint64) ([]chain.Call, error) {
	now, err := p.allowance(ctx, p.key, p.stakes)
	if err != nil {
		return nil, err
	}
	calls, err := p.approval(ctx, p.key, p.stakes, now, amount)
	if err != nil {
		return nil, err
	}
	data, err := stakings().TryPackStake(plainStake, amount.Raw.ToBig(), asked)
	if err != nil {
		return nil, fmt.Errorf("write the stake: %w", err)
	}
	return append(calls, p.call(p.stakes, uint256.Int{}, data)), nil
}

func newWithdraw() Tool {
	return NewProposer(own(intents.Withdraw, "Take staked KEY back once its lock is over."), withdraw)
}

func withdraw(ctx context.Context, env Env, in intents.Intent) (Result, error) {
	if err := rewardToken(in); err != nil {
		return Result{}, err
	}
	p, err := env.payer(ctx)
	if err != nil {
		return Result{}, err
	}
	if err := p.pays(in); err != nil {
		return Result{}, err
	}
	at, err := p.position(ctx)
	if err != nil {
		return Result{}, err
	}
	amount, err := partOf(in, at.amount)
	if err != nil {
		return Result{}, err
	}
	if p.locked(at) {
		return Result{}, refusal.New(refusal.StillLocked, "%s are locked until %s", at.amount, date(at.until))
	}
	if amount.Raw.Gt(&at.amount.Raw) || amount.IsZero() {
		return Result{}, refusal.New(refusal.Balance, "%s are to be withdrawn, and %s are staked", amount, at.amount)
	}
	data, err := stakings().TryPackWithdraw(plainStake, amount.Raw.ToBig())
	if err != nil {
		return Result{}, fmt.Errorf("write the withdrawal: %w", err)
	}
	left, err := at.amount.Sub(amount)
	if err != nil {
		return Result{}, err
	}
	return Result{
		Title: fmt.Sprintf("Withdraw %s of the stake on %s", amount, env.Network.Name),
		Lines: []Line{{"Get", amount.String()}, {"Staked then", left.String()}},
		Calls: []chain.Call{env.call(p.stakes, uint256.Int{}, data)},
		Bound: chain.Bound{In: []chain.Amount{amount}},
	}, nil
}

// partOf is the quantity of an intent as a part of what is staked.
func partOf(in intents.Intent, whole chain.Amount) (chain.Amount, error) {
	if in.Amount == nil || in.AmountOf > 0 {
		return chain.Amount{}, missing("how much " + whole.Token.Symbol)
	}
	switch q := in.Amount.V; q.Form {
	case intents.Exact:
		return exact(q.Number, whole.Token)
	case intents.All:
		return whole, nil
	case intents.Share:
		return percentOf(whole, q.Number)
	case intents.AllBut:
		keep, err := exact(q.Number, whole.Token)
		if err != nil {
			return chain.Amount{}, err
		}
		if rest, err := whole.Sub(keep); err == nil {
			return rest, nil
		}
		return chain.Amount{}, refusal.New(refusal.Balance, "%s are to stay, and %s are staked", keep, whole)
	}
	return chain.Amount{}, refusal.New(refusal.NotUnderstood, "a quantity of the form %q", in.Amount.V.Form).WithHint("name the amount in %s", whole.Token.Symbol)
}
