package tools

import (
	"context"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/router/swap"
)

// Router finds swaps on one network and builds their calls. *swap.Router is one.
type Router interface {
	Quote(ctx context.Context, r swap.Reader, o swap.Order) (*swap.Quote, error)
	Calls(ctx context.Context, r swap.Reader, q *swap.Quote) ([]chain.Call, error)
}

var _ Router = (*swap.Router)(nil)

// Routers makes the router of a network.
type Routers func(n chain.Network, tokens *chain.Registry) Router

// SwapRouters is Routers over the pools of the network itself.
func SwapRouters(n chain.Network, tokens *chain.Registry) Router { return swap.New(n, tokens) }

func builtin(routers Routers, claims Claims) []Tool {
	return []Tool{
		newBalance(),
		newPrice(routers),
		newQuote(routers),
		newSwap(routers),
		newTransfer(routers),
		newApprove(routers),
		newRevoke(),
		newWrap(routers),
		newUnwrap(routers),
		newBridge(),
		newClaim(claims),
		newEarned(claims),
		newLock(routers),
		newStake(routers),
		newWithdraw(),
		newVote(),
	}
}

func own(action intents.Action, description string) Spec {
	return Spec{
		Name:        string(action),
		Description: description,
		Author:      "keymaker",
		Version:     "1",
		Actions:     []intents.Action{action},
	}
}

// call is one message of the account.
func (e Env) call(to common.Address, value uint256.Int, data []byte) chain.Call {
	return chain.Call{ChainID: e.Network.ChainID, From: e.Account, To: &to, Value: value, Data: data}
}

// view reads one number from a contract.
func (e Env) view(ctx context.Context, to common.Address, data []byte) (uint256.Int, error) {
	ret, err := e.State.CallContract(ctx, e.call(to, uint256.Int{}, data))
	if err != nil {
		return uint256.Int{}, err
	}
	return chain.UnpackUint(ret)
}

// Holding is what an account has of a token.
func (e Env) Holding(ctx context.Context, account common.Address, t chain.Token) (chain.Amount, error) {
	read := func() (uint256.Int, error) { return e.view(ctx, t.Address, chain.PackBalanceOf(account)) }
	if t.Native() {
		read = func() (uint256.Int, error) { return e.State.Balance(ctx, account) }
	}
	raw, err := read()
	if err != nil {
		return chain.Amount{}, unread(err, "balance of "+t.Symbol)
	}
	return chain.NewAmount(&raw, t), nil
}

// unread keeps a refusal as it is, and makes one of any other failed read.
func unread(err error, what string) error {
	if _, named := refusal.As(err); named {
		return err
	}
	return refusal.New(refusal.NoSimulation, "the %s can't be read", what).Because(err)
}

// wrapped is the network's wrapped native coin.
func (e Env) wrapped() (chain.Token, error) {
	at := e.Network.Contracts.WrappedNative
	if at == (common.Address{}) {
		return chain.Token{}, refusal.New(refusal.NotYet, "%s has no wrapped %s in the config", e.Network.Name, e.Network.Native.Symbol)
	}
	if l, ok := e.Tokens.Address(e.Network.ChainID, at); ok {
		return l.Token, nil
	}
	return chain.Token{ChainID: e.Network.ChainID, Address: at, Symbol: "W" + e.Network.Native.Symbol, Decimals: e.Network.Native.Decimals}, nil
}

// missing is a slot that the plan left open. The checker asks for it, so only a caller that skips the checker gets here.
func missing(what string) error {
	return refusal.New(refusal.NeedsAnswer, "it was not said: %s", what)
}
