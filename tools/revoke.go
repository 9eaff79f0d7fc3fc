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

func newRevoke() Tool {
	return NewProposer(own(intents.Revoke, "Take back what a spender may move: of one token, or of every token that the registry knows."), revoke)
}

// revoke takes back what the token contracts say is allowed, and what Permit2 allows on top.
func revoke(ctx context.Context, env Env, in intents.Intent) (Result, error) {
	if in.Recipient == nil {
		return Result{}, missing("from whom")
	}
	spender := in.Recipient.V
	if err := spends(env, spender); err != nil {
		return Result{}, err
	}
	tokens, err := env.revocable(in)
	if err != nil {
		return Result{}, err
	}
	grants, err := env.grants(ctx, tokens, spender)
	if err != nil {
		return Result{}, err
	}
	result := Result{Title: fmt.Sprintf("Revoke what %s may spend of all listed tokens on %s", spender, env.Network.Name)}
	if in.TokenIn != nil {
		result.Title = fmt.Sprintf("Revoke what %s may spend of %s on %s", spender, in.TokenIn.V.Symbol, env.Network.Name)
	}
	result.Lines = []Line{{"Spender", spender.Hex()}}
	for _, g := range grants {
		if g.unknown && in.TokenIn != nil {
			return Result{}, refusal.New(refusal.NoSimulation, "the allowance of %s can't be read", g.token.Symbol)
		}
		result.Lines = append(result.Lines, g.lines()...)
		calls, err := env.takeBack(g, spender)
		if err != nil {
			return Result{}, err
		}
		result.Calls = append(result.Calls, calls...)
	}
	if len(result.Calls) == 0 {
		result.Lines = append(result.Lines, Line{"Nothing to do", "nothing is allowed to this spender"})
	}
	return result, nil
}

func (e Env) revocable(in intents.Intent) ([]chain.Token, error) {
	if in.TokenIn == nil {
		return e.listed(), nil
	}
	if in.TokenIn.V.Native() {
		return nil, noAllowances(in.TokenIn.V)
	}
	return []chain.Token{in.TokenIn.V}, nil
}

func noAllowances(t chain.Token) error {
	return refusal.New(refusal.NotUnderstood, "%s is the native coin and has no allowances", t.Symbol).WithHint("name a token")
}

// grant is what a spender may move of one token.
type grant struct {
	token   chain.Token
	direct  uint256.Int // by the token itself
	through uint256.Int // by Permit2
	unknown bool
}

func (g grant) lines() []Line {
	if g.unknown {
		return []Line{{g.token.Symbol, "can't be read"}}
	}
	var lines []Line
	if !g.direct.IsZero() {
		lines = append(lines, Line{g.token.Symbol, "allowed now: " + chain.NewAmount(&g.direct, g.token).String()})
	}
	if !g.through.IsZero() {
		lines = append(lines, Line{g.token.Symbol, "allowed now through Permit2: " + chain.NewAmount(&g.through, g.token).String()})
	}
	return lines
}

func (e Env) grants(ctx context.Context, tokens []chain.Token, spender common.Address) ([]grant, error) {
	permit2 := e.Network.Contracts.Permit2
	hasPermit2 := permit2 != common.Address{} && spender != permit2
	var views []chain.View
	for _, t := range tokens {
		views = append(views, chain.View{Target: t.Address, AllowFailure: true, CallData: chain.PackAllowance(e.Account, spender)})
	}
	if hasPermit2 {
		for _, t := range tokens {
			views = append(views, chain.View{Target: permit2, AllowFailure: true, CallData: chain.PackPermit2Allowance(e.Account, t.Address, spender)})
		}
	}
	answers, err := e.views(ctx, views)
	if err != nil {
		return nil, unread(err, "allowances")
	}
	grants := make([]grant, len(tokens))
	for i, t := range tokens {
		direct, err := chain.UnpackUint(answers[i].ReturnData)
		grants[i] = grant{token: t, direct: direct, unknown: !answers[i].Success || err != nil}
		if !hasPermit2 {
			continue
		}
		answer := answers[len(tokens)+i]
		through, err := chain.UnpackPermit2Allowance(answer.ReturnData)
		grants[i].through = through.Amount
		grants[i].unknown = grants[i].unknown || !answer.Success || err != nil
	}
	return grants, nil
}

func (e Env) takeBack(g grant, spender common.Address) ([]chain.Call, error) {
	if g.unknown {
		return nil, nil
	}
	var calls []chain.Call
	if !g.direct.IsZero() {
		calls = append(calls, e.call(g.token.Address, uint256.Int{}, chain.PackApprove(spender, new(uint256.Int))))
	}
	if g.through.IsZero() {
		return calls, nil
	}
	data, err := chain.PackPermit2Approve(g.token.Address, spender, new(uint256.Int), 0)
	if err != nil {
		return nil, err
	}
	return append(calls, e.call(e.Network.Contracts.Permit2, uint256.Int{}, data)), nil
}
