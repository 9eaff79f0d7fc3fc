package keymaker_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/keymaker-agent/keymaker"
	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
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

// hasty sets something going between the approval and the signature.
type hasty struct {
	witness
	meanwhile func()
	hint      string
}

func (h *hasty) Event(e agent.Event) {
	h.witness.Event(e)
	if e.Refusal != nil {
		h.hint = e.Refusal.Hint
	}
}

func (h *hasty) Approve(ctx context.Context, p *wallet.Prepared) (wallet.Approval, error) {
	h.meanwhile()
	return h.witness.Approve(ctx, p)
}

func TestASwapThatComesTooLateSaysWhichAllowanceItLeaves(t *testing.T) {
	d := devnettest.Start(t)
	a, other := open(t, d), openAs(t, d, 1)
	ctx := context.Background()
	native, usdc := d.Networks()[0].Native, listed(t, a, d, "USDC")
	buy := intents.Intent{Action: intents.Swap, Side: intents.In, TokenIn: user(native), TokenOut: user(usdc)}
	if _, err := act(ctx, t, a, keymaker.Live, order(d, buy, "1")); err != nil {
		t.Fatal(err)
	}
	sell := intents.Intent{Action: intents.Swap, Side: intents.In, TokenIn: user(usdc), TokenOut: user(native), SlippageBps: user(uint64(1))}
	s, err := a.Session("test", keymaker.Live)
	if err != nil {
		t.Fatal(err)
	}
	front := &hasty{meanwhile: func() {
		dump := sell
		dump.SlippageBps = nil
		if _, err := act(ctx, t, other, keymaker.Live, order(d, dump, "49000")); err != nil {
			t.Fatal(err)
		}
	}}
	err = s.RunPlan(ctx, order(d, sell, "100"), front)
	if !refusal.Is(err, refusal.TxFailed) || !strings.Contains(front.hint, "keymaker approve 0 "+usdc.Address.Hex()) {
		t.Errorf("%v, hint %q", err, front.hint)
	}
}

func TestAPastedKeyIsNeitherKeptNorShown(t *testing.T) {
	d := devnettest.Start(t)
	a := open(t, d)
	ctx := context.Background()
	key := d.Accounts()[1].Key
	s, err := a.Session("test", keymaker.DryRun)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(ctx, "send 1 ETH with "+key, &witness{}); err == nil {
		t.Error("a sentence with a key was carried out")
	}
	runs, err := a.History(ctx, 1)
	if err != nil || len(runs) != 1 {
		t.Fatalf("%v, %v", runs, err)
	}
	if kept := runs[0].Words; strings.Contains(kept, strings.TrimPrefix(key, "0x")) || !strings.Contains(kept, "send 1 ETH") {
		t.Errorf("the journal keeps %q", kept)
	}
}

func TestAVeryLongSentenceIsRefusedAtOnce(t *testing.T) {
	d := devnettest.Start(t)
	a := open(t, d)
	for _, part := range []string{"swap 1 ETH to USDC and then ", "a", "0x", "1,", "(", "\u0301", "send 1 ETH to 0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045 "} {
		began := time.Now()
		_, err := a.Grammar().Understand(context.Background(), strings.Repeat(part, 100_000/len(part)))
		if took := time.Since(began); err == nil || took > time.Second {
			t.Errorf("100 KB of %q: %v after %s", part, err, took)
		}
	}
}

// once is networks whose state can be read for one step only.
type once struct {
	agent.Chains
	forks int
}

func (o *once) Fork(ctx context.Context, n chain.Network) (*fork.Fork, error) {
	if o.forks++; o.forks > 1 {
		return nil, refusal.New(refusal.RPCDown, "gone")
	}
	return o.Chains.Fork(ctx, n)
}

func TestWhatIsMinedIsDoneThoughItCanNotBeMeasured(t *testing.T) {
	d := devnettest.Start(t)
	a := open(t, d)
	ctx := context.Background()
	s, err := a.Session("test", keymaker.Live)
	if err != nil {
		t.Fatal(err)
	}
	s.Chains = &once{Chains: s.Chains}
	w := &witness{}
	wrap := intents.Intent{Action: intents.Wrap, Side: intents.In, TokenIn: user(d.Networks()[0].Native)}
	if err := s.RunPlan(ctx, order(d, wrap, "1"), w); err != nil || len(w.receipts) != 1 {
		t.Errorf("%v, %d receipts", err, len(w.receipts))
	}
}
