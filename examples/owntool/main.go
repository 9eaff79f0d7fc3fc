// Owntool gives the agent a tool of one's own: an answer to "best yield for USDC", which nothing built in serves.
//
// A tool reads, or proposes calls; it never holds a key. The registry takes a tool of someone else's under a name server.tool,
// for actions that no other tool serves, and drops whole whatever a reader returns beyond its class.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker"
	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/router/swap"
	"github.com/keymaker-agent/keymaker/tools"
	"github.com/keymaker-agent/keymaker/wallet"
)

// poolFees is the tool: what the pools where a token trades best pay to those who provide their liquidity.
var poolFees = tools.NewReader(tools.Spec{
	Name: "example.pool-fees", Author: "you", Version: "1", Actions: []intents.Action{intents.YieldSearch},
	Description: "Show what the pools of a token pay to those who provide their liquidity.",
}, func(ctx context.Context, env tools.Env, in intents.Intent) (tools.Result, error) {
	if in.TokenIn == nil {
		return tools.Result{}, refusal.New(refusal.NeedsAnswer, "it was not said: the yield of which token")
	}
	one, err := chain.ParseAmount("1", in.TokenIn.V)
	if err != nil {
		return tools.Result{}, err
	}
	result := tools.Result{Title: fmt.Sprintf("Providers earn from each trade of %s on %s", one.Token.Symbol, env.Network.Name)}
	for _, other := range env.Tokens.All(env.Network.ChainID) {
		if other.Native() || other.Same(one.Token) || one.Token.Native() && other.Address == env.Network.Contracts.WrappedNative {
			continue
		}
		order := swap.Order{In: one.Token, Out: other.Token, Side: swap.ExactIn, Amount: one, Account: env.Account, Recipient: env.Account, Deadline: env.State.Time()}
		quote, err := swap.New(env.Network, env.Tokens).Quote(ctx, env.State, order)
		switch {
		case refusal.Is(err, refusal.NoRoute), err == nil && len(quote.Hops) > 1:
			continue // no pool has both tokens
		case err != nil:
			return tools.Result{}, err
		}
		pool := quote.Hops[0]
		result.Lines = append(result.Lines, tools.Line{Label: other.Symbol, Value: fmt.Sprintf("%d.%04d %% at %s %s", pool.FeePips/10_000, pool.FeePips%10_000, pool.Venue, pool.Pool)})
	}
	return result, nil
})

func main() {
	log.SetFlags(0)
	if err := start(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// start runs the example on embedded chains, in a folder that goes away at the end.
func start(ctx context.Context, w io.Writer) (err error) {
	d, err := devnet.Start(ctx, devnet.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	home, err := os.MkdirTemp("", "keymaker-owntool-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(home)) }()
	return ask(ctx, w, d, home, "what's the best yield for USDC?")
}

// ask puts one sentence to an agent that has the tool. It reads only, so the agent has an account and no key.
func ask(ctx context.Context, w io.Writer, d *devnet.Devnet, home, sentence string) (err error) {
	n := d.Networks()[0]
	k, err := keymaker.Open(keymaker.Options{
		Home:   home,
		Config: map[string]any{"network": n.Key, "networks." + n.Key + ".rpc": n.RPC, "account": d.Accounts()[0].Address.Hex()},
		Tools:  []tools.Tool{poolFees},
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.Close()) }()
	session, err := k.Session("owntool-example", keymaker.DryRun)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "> %s\n", sentence)
	return session.Run(ctx, sentence, printer{w})
}

// printer is a front end that shows answers and consents to nothing.
type printer struct{ w io.Writer }

// Event prints the answer of a tool.
func (p printer) Event(e agent.Event) {
	if e.Type != agent.Resulted {
		return
	}
	fmt.Fprintf(p.w, "  %s\n", e.Result.Title)
	for _, l := range e.Result.Lines {
		fmt.Fprintf(p.w, "    %-6s %s\n", l.Label, l.Value)
	}
}

// Ask has nobody to ask.
func (printer) Ask(_ context.Context, q intents.Question) (string, error) {
	return "", refusal.New(refusal.NeedsAnswer, "%s", q.Text)
}

// Approve consents to nothing.
func (printer) Approve(context.Context, *wallet.Prepared) (wallet.Approval, error) {
	return wallet.Approval{}, refusal.New(refusal.NeedsApproval, "this program only reads")
}

// Password knows none.
func (printer) Password(context.Context, common.Address, int) ([]byte, error) {
	return nil, refusal.New(refusal.Locked, "this program has no key")
}
