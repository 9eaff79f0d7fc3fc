package intents_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

func resolve(t *testing.T, text string, s intents.Step, w intents.World) (*intents.Plan, *intents.Question, error) {
	t.Helper()
	return intents.Resolve(intents.Read(text, intents.DefaultLexicon()), one(s), w)
}

func TestEveryValueSaysWhereItCameFrom(t *testing.T) {
	w := world(t)
	plan, q, err := resolve(t, "send 1 ETH to bob", intents.Step{Action: intents.Transfer, TokenIn: "T1", Amount: "A1", Recipient: "R1"}, w)
	if plan == nil {
		t.Fatal(q, err)
	}
	in := plan.Intents[0]
	if in.Network.V != "ethereum" || in.Network.From != intents.FromDefault {
		t.Errorf("network %+v", in.Network)
	}
	if !in.TokenIn.V.Native() || in.TokenIn.From != intents.FromRegistry || in.TokenIn.Ref != "T1" {
		t.Errorf("token %+v", in.TokenIn)
	}
	if in.Amount.V.Number != "1" || in.Amount.From != intents.FromUser {
		t.Errorf("amount %+v", in.Amount)
	}
	if in.Recipient.V != w.Book["bob"] || in.Recipient.From != intents.FromBook {
		t.Errorf("recipient %+v", in.Recipient)
	}
}

func TestATokenMayBeWrittenAsAddress(t *testing.T) {
	plan, q, err := resolve(t, "swap 1 ETH to "+usdc, intents.Step{Action: intents.Swap, TokenIn: "T1", TokenOut: "R1", Amount: "A1"}, world(t))
	if plan == nil {
		t.Fatal(q, err)
	}
	if out := plan.Intents[0].TokenOut; out.V.Symbol != "USDC" || out.From != intents.FromUser {
		t.Fatalf("token %+v", out)
	}
}

func TestMoneyOfBuyAndSellIsANamedDefaultOrAQuestion(t *testing.T) {
	w, s := world(t), intents.Step{Action: intents.Swap, TokenIn: "T1", Amount: "A1", Side: intents.In}
	if _, q, err := resolve(t, "sell 2 ETH", s, w); q == nil || q.Missing[0] != "token_out" {
		t.Fatalf("without a default: %+v, %v", q, err)
	}
	w.Money = "USDC"
	plan, q, err := resolve(t, "sell 2 ETH", s, w)
	if plan == nil || plan.Intents[0].TokenOut.V.Address != common.HexToAddress(usdc) || plan.Intents[0].TokenOut.From != intents.FromDefault {
		t.Fatalf("with a default: %+v, %v", q, err)
	}
}

func TestALaterStepTakesWhatAnEarlierOneMade(t *testing.T) {
	r := intents.Read("wrap 1 ETH, then send half of it to bob", intents.DefaultLexicon())
	d := intents.Draft{Steps: []intents.Step{{Action: intents.Wrap, TokenIn: "T1", Amount: "A1"}, {Action: intents.Transfer, TokenIn: "out:1", Amount: "A2", Recipient: "R1"}}}
	plan, q, err := intents.Resolve(r, d, world(t))
	if plan == nil {
		t.Fatal(q, err)
	}
	in := plan.Intents[1]
	if in.TokenIn.V.Symbol != "WETH" || in.TokenIn.From != intents.FromChain || in.AmountOf != 1 || in.Amount.V.Form != intents.Share {
		t.Fatalf("step 2: %+v %+v of %d", in.TokenIn, in.Amount, in.AmountOf)
	}
}

func TestWordsWithoutAMeaningAreRefusedByName(t *testing.T) {
	send := intents.Step{Action: intents.Transfer, TokenIn: "T1", Amount: "A1", Recipient: "R1"}
	onChain := send
	onChain.Chain = "C1"
	for _, c := range []struct {
		text string
		step intents.Step
		want refusal.Reason
	}{
		{"send 1 WEN to bob", send, refusal.UnknownToken},
		{"send 1 ETH to vitalik.eth", send, refusal.UnknownRecipient},
		{"send 1 ETH to bob on zksync", onChain, refusal.UnknownChain},
		{"send 1 DAI to bob on base", onChain, refusal.UnknownToken},
		{"swap 1 ETH to " + alice, intents.Step{Action: intents.Swap, TokenIn: "T1", TokenOut: "R1", Amount: "A1"}, refusal.UnknownToken},
		{"wrap 1 DAI", intents.Step{Action: intents.Wrap, TokenIn: "T1", Amount: "A1"}, refusal.UnknownToken},
	} {
		if plan, q, err := resolve(t, c.text, c.step, world(t)); !refusal.Is(err, c.want) {
			t.Errorf("%q: %+v, %+v, %v; want %s", c.text, plan, q, err, c.want)
		}
	}
}

func TestWhoIsInNoBookIsAskedAbout(t *testing.T) {
	r := intents.Read("send 1 ETH to carol", intents.DefaultLexicon())
	d := one(intents.Step{Action: intents.Transfer, TokenIn: "T1", Amount: "A1", Recipient: "R1"})
	plan, q, err := intents.Resolve(r, d, world(t))
	if plan != nil || err != nil || q == nil || !slices.Equal(q.Missing, []string{"recipient"}) || !strings.Contains(q.Text, "carol") {
		t.Fatalf("Resolve = %+v, %+v, %v", plan, q, err)
	}
	r2, d2, err := intents.Fill(r, d, *q, alice, intents.DefaultLexicon())
	if err != nil {
		t.Fatal(err)
	}
	plan, q, err = intents.Resolve(r2, d2, world(t))
	if err != nil || q != nil || plan.Intents[0].Recipient.V.Hex() != alice || plan.Intents[0].Recipient.From != intents.FromUser {
		t.Fatalf("after the answer: %+v, %+v, %v", plan, q, err)
	}
}

func TestAfterABridgeTheChainOfAStepIsAskedFor(t *testing.T) {
	r := intents.Read("bridge 100 USDC to base, then send 50 USDC to bob", intents.DefaultLexicon())
	d := intents.Draft{Steps: []intents.Step{
		{Action: intents.Bridge, TokenIn: "T1", Amount: "A1", DestChain: "C1"},
		{Action: intents.Transfer, TokenIn: "T2", Amount: "A2", Recipient: "R1"},
	}}
	plan, q, err := intents.Resolve(r, d, world(t))
	if plan != nil || err != nil || q == nil || !slices.Equal(q.Missing, []string{"chain"}) || q.Step != 2 {
		t.Fatalf("Resolve = %+v, %+v, %v", plan, q, err)
	}
	for answer, want := range map[string]string{"base": "base", "on ethereum": "ethereum", "on base please": "base"} {
		r2, d2, err := intents.Fill(r, d, *q, answer, intents.DefaultLexicon())
		if err != nil {
			t.Fatal(err)
		}
		plan, again, err := intents.Resolve(r2, d2, world(t))
		if plan == nil || plan.Intents[0].Network.V != "ethereum" || plan.Intents[1].Network.V != want {
			t.Errorf("after %q: %+v, %+v, %v", answer, plan, again, err)
		}
	}
}

func TestWhatAStepMadeIsNotTakenOnAnotherNetwork(t *testing.T) {
	for text, chains := range map[string][2]intents.Ref{
		"swap 1 ETH to USDC then send all of it to bob on base":          {"", "C1"},
		"swap 1 ETH to USDC on base then send all of it to bob on base":  {"C1", "C2"},
		"bridge 1 ETH to base then send all of it to bob on base":        {"C1", "C2"},
		"bridge 1 ETH to base then send all of it to bob on ethereum":    {"C1", "C2"},
		"swap 1 ETH to USDC on base, then send all of it to bob, please": {"C1", ""},
	} {
		r := intents.Read(text, intents.DefaultLexicon())
		first := intents.Step{Action: intents.Swap, TokenIn: "T1", TokenOut: "T2", Amount: "A1", Chain: chains[0], Side: intents.In}
		if strings.HasPrefix(text, "bridge") {
			first = intents.Step{Action: intents.Bridge, TokenIn: "T1", Amount: "A1", DestChain: chains[0]}
		}
		d := intents.Draft{Steps: []intents.Step{first, {Action: intents.Transfer, TokenIn: "out:1", Amount: "A2", Recipient: "R1", Chain: chains[1]}}}
		plan, q, err := intents.Resolve(r, d, world(t))
		together := strings.Count(text, "base") == 2 || chains[1] == ""
		if err != nil || together != (plan != nil) || !together && !slices.Equal(q.Missing, []string{"action"}) {
			t.Errorf("%q: %+v, %+v, %v", text, plan, q, err)
		}
	}
}
