package tools

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// Registry holds the tools of a program and is the only way to run one: it enforces their effect classes and cleans what they
// say. It starts with the built-in tools, of which nothing replaces any but those that stake KEY.
type Registry struct {
	byName   map[string]Tool
	byAction map[intents.Action]Tool
	names    []string // in the order in which they came
}

// New makes a registry of the built-in tools, which route swaps by routers and find claims of the rewards in claims.
func New(routers Routers, claims Claims) *Registry {
	r := &Registry{byName: make(map[string]Tool), byAction: make(map[intents.Action]Tool)}
	for _, t := range builtin(routers, claims) {
		r.enter(t)
	}
	return r
}

// Add takes a tool of someone else's, named server.tool. It is refusal.ToolRefused for a tool without an effect class, with a
// name that is taken or names no server, or for an action that another tool serves. What it says of itself now counts for good.
func (r *Registry) Add(t Tool) error {
	s := t.Spec()
	s.Actions = slices.Clone(s.Actions)
	if s.Effect != Read && s.Effect != Propose {
		return refusal.New(refusal.ToolRefused, "tool %q has no effect class", s.Name)
	}
	if !thirdParty(s.Name) {
		return refusal.New(refusal.ToolRefused, "tool %q is not named server.tool", s.Name).
			WithHint("name it by letters, digits, - and _, with one dot behind who serves it")
	}
	if _, taken := r.byName[s.Name]; taken {
		return refusal.New(refusal.ToolRefused, "there is a tool %q already", s.Name)
	}
	for _, a := range s.Actions {
		if other, taken := r.byAction[a]; taken && !givesWay(other, a) {
			return refusal.New(refusal.ToolRefused, "tool %q wants the action %s, which %q serves", s.Name, a, other.Spec().Name)
		}
		if s.Effect == Read && a.Moves() {
			return refusal.New(refusal.ToolRefused, "tool %q only reads, and %s moves something", s.Name, a)
		}
	}
	r.enter(function{s, t.Run})
	return nil
}

// givesWay reports whether a built-in tool leaves an action to a tool of someone else's: staking, which it does for one token alone.
func givesWay(t Tool, a intents.Action) bool {
	return !thirdParty(t.Spec().Name) && (a == intents.Stake || a == intents.Withdraw)
}

func (r *Registry) enter(t Tool) {
	s := t.Spec()
	r.byName[s.Name] = t
	r.names = append(r.names, s.Name)
	for _, a := range s.Actions {
		r.byAction[a] = t
	}
}

// thirdParty says that a name has the form server.tool, in plain characters.
func thirdParty(name string) bool {
	server, tool, ok := strings.Cut(name, ".")
	return ok && plainWord(server) && plainWord(tool)
}

func plainWord(s string) bool {
	return s != "" && len(s) <= 64 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == ""
}

// For returns the tool that serves an action. It is refusal.NotYet where none does.
func (r *Registry) For(a intents.Action) (Tool, error) {
	t, ok := r.byAction[a]
	if !ok {
		return nil, refusal.New(refusal.NotYet, "there is no tool for %s", a)
	}
	return t, nil
}

// Specs lists the tools, the built-in ones first.
func (r *Registry) Specs() []Spec {
	specs := make([]Spec, len(r.names))
	for i, name := range r.names {
		specs[i] = r.byName[name].Spec()
	}
	return specs
}

// Run runs the tool of that name and holds its result against its class. A result outside the class is dropped whole.
func (r *Registry) Run(ctx context.Context, name string, env Env, in intents.Intent) (Result, error) {
	t, ok := r.byName[name]
	if !ok {
		return Result{}, refusal.New(refusal.ToolRefused, "there is no tool %q", name)
	}
	spec := t.Spec()
	if len(spec.Actions) > 0 && !slices.Contains(spec.Actions, in.Action) {
		return Result{}, refusal.New(refusal.ToolRefused, "tool %q does not serve %s", name, in.Action)
	}
	if spec.Effect == Propose && env.Account == (common.Address{}) {
		return Result{}, noAccount()
	}
	result, err := t.Run(ctx, env, in)
	if err != nil {
		return Result{}, err
	}
	if err := errors.Join(withinClass(spec, env, result), withinWish(spec, env, in, result)); err != nil {
		return Result{}, err
	}
	if len(result.Calls) > 0 && thirdParty(spec.Name) {
		result.Quote = nil // its price impact would be the tool's own claim, and the policy believes it
	}
	return clean(result), nil
}

func noAccount() error { return refusal.New(refusal.NoWallet, "there is no account") }

func withinClass(spec Spec, env Env, result Result) error {
	if spec.Effect == Read && len(result.Calls) > 0 {
		return refusal.New(refusal.ToolRefused, "tool %q only reads, and returned %d calls", spec.Name, len(result.Calls))
	}
	for _, c := range result.Calls {
		if c.ChainID != env.Network.ChainID {
			return refusal.New(refusal.ToolRefused, "tool %q returned a call on chain %d, and was asked about chain %d", spec.Name, c.ChainID, env.Network.ChainID)
		}
		if c.From != env.Account {
			return refusal.New(refusal.ToolRefused, "tool %q returned a call from %s, and was asked for %s", spec.Name, c.From, env.Account)
		}
	}
	return nil
}

// withinWish refuses a bound that names another recipient than the user did, or none where the user named one, and a token that
// is not the registry's own: what is declared there decides how amounts are shown, which limits hold, and which contracts count
// as known.
func withinWish(spec Spec, env Env, in intents.Intent, result Result) error {
	if len(result.Calls) == 0 {
		return nil
	}
	for _, list := range [][]chain.Amount{result.Bound.Out, result.Bound.In} {
		for _, a := range list {
			if !env.knows(a.Token) {
				return refusal.New(refusal.ToolRefused, "tool %q declares a token %s that is not the registry's", spec.Name, a.Token.Address)
			}
		}
	}
	named := env.Account
	if in.Recipient != nil {
		named = in.Recipient.V
	}
	if r := result.Bound.Recipient; r != nil && *r != named {
		return refusal.New(refusal.ToolRefused, "tool %q pays %s, and was asked for %s", spec.Name, r, named)
	}
	pays := in.Action == intents.Transfer || in.Action == intents.Swap
	if pays && named != env.Account && result.Bound.Recipient == nil {
		return refusal.New(refusal.ToolRefused, "tool %q leaves out the recipient %s", spec.Name, named)
	}
	return nil
}

// knows says that a token is the native coin, its wrapped token or one of the registry, with the very symbol and decimals.
func (e Env) knows(t chain.Token) bool {
	if t == e.Network.Native {
		return true
	}
	if wrapped, err := e.wrapped(); err == nil && t == wrapped {
		return true
	}
	l, listed := e.Tokens.Address(t.ChainID, t.Address)
	return listed && t == l.Token
}
