package keymaker_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

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

const requests = 200

// Two laws of the product. A dry run and a live run on the same state have the same effects; and what was predicted is what
// the chain then says, to the wei and to the unit of gas.
func TestDryRunEqualsLiveRunAndPredictionEqualsTheChain(t *testing.T) {
	d := devnettest.Start(t)
	a := open(t, d)
	ctx := context.Background()
	random := rand.New(rand.NewPCG(20261122, 1))
	done, refused := 0, map[refusal.Reason]int{}
	for tries := 0; done < requests; tries++ {
		if tries > 4*requests {
			t.Fatalf("only %d of %d requests went through: %v", done, tries, refused)
		}
		plan := drawPlan(random, a, d)
		rehearsed, dryErr := act(ctx, t, a, keymaker.DryRun, plan)
		performed, liveErr := act(ctx, t, a, keymaker.Live, plan)
		if reasonOf(dryErr) != reasonOf(liveErr) {
			t.Fatalf("%s: the dry run ends with %v, the live run with %v", plan.Text, dryErr, liveErr)
		}
		if dryErr != nil {
			refused[reasonOf(dryErr)]++
			continue
		}
		if nothingToDo := rehearsed.applied == nil; nothingToDo {
			if performed.prepared != nil {
				t.Fatalf("%s: the dry run had nothing to do, the live run had", plan.Text)
			}
			continue
		}
		if dry, live := changes(t, rehearsed.applied), changes(t, performed.prepared.Effects); !bytes.Equal(dry, live) {
			t.Fatalf("%s\ndry  %s\nlive %s", plan.Text, dry, live)
		}
		holdAgainstChain(ctx, t, a, performed)
		done++
	}
	t.Logf("%d requests went through, refused alike: %v", done, refused)
}

func open(t testing.TB, d *devnet.Devnet) *keymaker.Agent { return openAs(t, d, 0) }

// openAs opens the agent of one of the funded accounts.
func openAs(t testing.TB, d *devnet.Devnet, account int) *keymaker.Agent {
	t.Helper()
	a, _ := openAt(t, d, account)
	return a
}

// openAt is openAs, and says where its files are.
func openAt(t testing.TB, d *devnet.Devnet, account int) (*keymaker.Agent, string) {
	t.Helper()
	home := t.TempDir()
	keys, err := keymaker.OpenKeys(home, wallet.Light)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keys.ImportKey([]byte(d.Accounts()[account].Key), []byte("password")); err != nil {
		t.Fatal(err)
	}
	config := map[string]any{"network": "devnet"}
	for _, n := range d.Networks() {
		config["networks."+n.Key+".rpc"] = n.RPC
	}
	a, err := keymaker.Open(keymaker.Options{Home: home, Config: config})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a, home
}

// witness is a front end that approves everything that may be approved, and keeps what it saw.
type witness struct {
	prepared *wallet.Prepared
	applied  *fork.Effects
	receipts []wallet.Receipt
}

func (w *witness) Event(e agent.Event) {
	switch e.Type {
	case agent.Simulated:
		w.prepared = e.Prepared
	case agent.Applied:
		w.applied = e.Effects
	case agent.Confirmed:
		w.receipts = e.Receipts
	}
}

func (w *witness) Ask(_ context.Context, q intents.Question) (string, error) {
	return "", refusal.New(refusal.NeedsAnswer, "%s", q.Text)
}

func (w *witness) Approve(_ context.Context, p *wallet.Prepared) (wallet.Approval, error) {
	return wallet.Approve(p, "test", p.Expires.Add(-1)), nil
}

func (w *witness) Password(context.Context, common.Address, int) ([]byte, error) {
	return []byte("password"), nil
}

func act(ctx context.Context, t *testing.T, a *keymaker.Agent, mode keymaker.Mode, plan *intents.Plan) (*witness, error) {
	t.Helper()
	s, err := a.Session("test", mode)
	if err != nil {
		t.Fatal(err)
	}
	w := &witness{}
	return w, s.RunPlan(ctx, plan, w)
}

func reasonOf(err error) refusal.Reason {
	if e, ok := refusal.As(err); ok {
		return e.Reason
	}
	if err != nil {
		return refusal.Failed
	}
	return ""
}

// changes is what effects change, without the calls, whose deadlines follow the clock.
func changes(t *testing.T, e *fork.Effects) []byte {
	t.Helper()
	text, err := json.MarshalIndent([]any{e.Balances, e.Allowances, e.Operators, e.Controls, e.Created, e.Unknown}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// holdAgainstChain reads every balance and allowance that was predicted from the chain as it is now.
func holdAgainstChain(ctx context.Context, t *testing.T, a *keymaker.Agent, w *witness) {
	t.Helper()
	f, err := a.Fork(ctx, w.prepared.Network)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range w.prepared.Effects.Balances {
		got, err := balance(ctx, f, w.prepared.Network, c)
		if err != nil {
			t.Fatal(err)
		}
		want := c.After
		if c.Kind == fork.Native && c.Account == w.prepared.Account {
			want, got = beforeFees(w, want, got)
		}
		if got != want {
			t.Errorf("%s: %s of %s: predicted %s, is %s", w.prepared.Title, c.Asset, c.Account, want.Dec(), got.Dec())
		}
	}
	for _, c := range w.prepared.Effects.Allowances {
		ret, err := f.CallContract(ctx, chain.Call{ChainID: w.prepared.Network.ChainID, To: &c.Asset, Data: chain.PackAllowance(c.Owner, c.Spender)})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := chain.UnpackUint(ret); err != nil || got != c.After {
			t.Errorf("%s: allowance of %s: predicted %s, is %s (%v)", w.prepared.Title, c.Asset, c.After.Dec(), got.Dec(), err)
		}
	}
	for i, r := range w.receipts {
		if predicted := w.prepared.Effects.Txs[i].GasUsed; r.GasUsed != predicted {
			t.Errorf("%s: predicted %d gas, used %d", w.prepared.Title, predicted, r.GasUsed)
		}
	}
	if t.Failed() {
		t.FailNow()
	}
}

// beforeFees adds what was paid for gas to the predicted and to the real balance: the base fee changes from block to block, and
// a sequence takes several blocks.
func beforeFees(w *witness, predicted, is uint256.Int) (uint256.Int, uint256.Int) {
	for i := range w.prepared.Effects.Txs {
		predicted.Add(&predicted, &w.prepared.Effects.Txs[i].Fee)
	}
	for i := range w.receipts {
		is.Add(&is, &w.receipts[i].Fee.Raw)
	}
	return predicted, is
}

func balance(ctx context.Context, f *fork.Fork, n chain.Network, c fork.BalanceChange) (uint256.Int, error) {
	if c.Kind == fork.Native {
		return f.Balance(ctx, c.Account)
	}
	ret, err := f.CallContract(ctx, chain.Call{ChainID: n.ChainID, To: &c.Asset, Data: chain.PackBalanceOf(c.Account)})
	if err != nil {
		return uint256.Int{}, err
	}
	return chain.UnpackUint(ret)
}

// drawPlan draws one request: what people do, in sizes from dust to more than the account has.
func drawPlan(random *rand.Rand, a *keymaker.Agent, d *devnet.Devnet) *intents.Plan {
	n := d.Networks()[random.IntN(2)]
	tokens := []chain.Token{n.Native}
	for _, l := range a.World().Tokens.All(n.ChainID) {
		tokens = append(tokens, l.Token)
	}
	pick := func() chain.Token { return tokens[random.IntN(len(tokens))] }
	someone := d.Accounts()[1+random.IntN(9)].Address
	in := intents.Intent{Network: intents.Sourced[string]{V: n.Key, From: intents.FromUser}, Side: intents.In, TokenIn: user(pick())}
	in.Amount = user(intents.Quantity{Form: intents.Exact, Number: number(random)})
	switch random.IntN(10) {
	case 0, 1:
		in.Action, in.Recipient = intents.Transfer, user(someone)
	case 2:
		in.Action, in.Recipient = intents.Approve, user(n.Contracts.V2Router)
	case 3:
		in.Action, in.Recipient, in.Amount = intents.Revoke, user(n.Contracts.V2Router), nil
	case 4:
		in.Action, in.TokenIn = intents.Wrap, user(n.Native)
	case 5:
		in.Action, in.TokenIn = intents.Unwrap, nil
	default:
		in.Action, in.TokenOut = intents.Swap, user(pick())
		if random.IntN(4) == 0 {
			in.Side = intents.Out
		}
	}
	text, _ := json.Marshal(in)
	return &intents.Plan{Text: fmt.Sprintf("drawn: %s", text), Intents: []intents.Intent{in}}
}

func number(random *rand.Rand) string {
	return []string{"0.000001", "0.01", "0.5", "1", "3.25", "40", "1000", "900000"}[random.IntN(8)]
}

func user[T any](v T) *intents.Sourced[T] { return &intents.Sourced[T]{V: v, From: intents.FromUser} }
