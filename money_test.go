package keymaker_test

import (
	"context"
	"testing"

	"github.com/keymaker-agent/keymaker"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// listed is a token of the first embedded chain.
func listed(t testing.TB, a *keymaker.Agent, d *devnet.Devnet, symbol string) chain.Token {
	t.Helper()
	found := a.World().Tokens.Symbol(d.Networks()[0].ChainID, symbol)
	if len(found) != 1 {
		t.Fatalf("%d tokens are %s", len(found), symbol)
	}
	return found[0].Token
}

func order(d *devnet.Devnet, in intents.Intent, amount string) *intents.Plan {
	in.Network = intents.Sourced[string]{V: d.Networks()[0].Key, From: intents.FromUser}
	in.Amount = user(intents.Quantity{Form: intents.Exact, Number: amount})
	return &intents.Plan{Text: "test", Intents: []intents.Intent{in}}
}

func TestASwapToSomeoneElseArrivesThereAndIsHeldToTheSameTerms(t *testing.T) {
	d := devnettest.Start(t)
	a := open(t, d)
	ctx := context.Background()
	friend := d.Accounts()[3].Address
	swap := intents.Intent{
		Action: intents.Swap, Side: intents.In, Recipient: user(friend),
		TokenIn: user(d.Networks()[0].Native), TokenOut: user(listed(t, a, d, "USDC")),
	}
	for _, mode := range []keymaker.Mode{keymaker.DryRun, keymaker.Live} {
		w, err := act(ctx, t, a, mode, order(d, swap, "0.1"))
		if err != nil {
			t.Fatal(err)
		}
		if mode == keymaker.Live {
			holdAgainstChain(ctx, t, a, w)
		}
		arrived := false
		for _, c := range w.prepared.Effects.Balances {
			arrived = arrived || c.Account == friend && c.After.Gt(&c.Before)
		}
		if !arrived {
			t.Errorf("nothing arrives: %+v", w.prepared.Effects.Balances)
		}
	}
	a.Policy().Limits.SlippageBps = 10
	if _, err := act(ctx, t, a, keymaker.Live, order(d, swap, "0.1")); !refusal.Is(err, refusal.Slippage) {
		t.Errorf("a swap to someone else with more slippage than the policy allows = %v", err)
	}
}
