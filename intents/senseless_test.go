package intents_test

import (
	"strings"
	"testing"

	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// Whoever drafts these steps, and however well they are grounded, none of them may be carried out.
func TestADraftThatMakesNoSenseIsAskedAboutOrRefused(t *testing.T) {
	type steps = []intents.Step
	swap := func(in, out intents.Ref) intents.Step {
		return intents.Step{Action: intents.Swap, Amount: "A1", TokenIn: in, TokenOut: out, Side: intents.In}
	}
	for _, c := range []struct {
		text  string
		steps steps
		asked string
	}{
		{"swap 1 eth to eth", steps{swap("T1", "T2")}, "token_out"},
		{"swap 1 eth to usdc and back to eth", steps{swap("T1", "T2"), {Action: intents.Swap, Amount: "out:1", TokenIn: "out:1", TokenOut: "T2"}}, "token_out"},
		{"swap 1 eth to eth every day", steps{{Action: intents.Schedule, Kind: "dca", Amount: "A1", TokenIn: "T1", TokenOut: "T2", Every: "W1"}}, "token_out"},
		{"bridge 5 usdc from base to base", steps{{Action: intents.Bridge, Amount: "A1", TokenIn: "T1", Chain: "C1", DestChain: "C2"}}, "dest_chain"},
		{"bridge 5 usdc to base, then bridge it to base", steps{
			{Action: intents.Bridge, Amount: "A1", TokenIn: "T1", DestChain: "C1"},
			{Action: intents.Bridge, Amount: "out:1", TokenIn: "out:1", DestChain: "C2"},
		}, "dest_chain"},
		{"swap 5 usdc to eth on lido", steps{{Action: intents.Swap, Amount: "A1", Side: intents.In, TokenIn: "T1", TokenOut: "T2", Venue: "V1"}}, "venue"},
		{"swap eth to usdc, all of it", steps{{Action: intents.Swap, Amount: "A1", TokenIn: "T1", TokenOut: "T2", Side: intents.Out}}, "amount"},
		{"lend 5 usdc on uniswap", steps{{Action: intents.Lend, Amount: "A1", TokenIn: "T1", Venue: "V1"}}, "venue"},
		{"swap 5 usdc to eth on aave", steps{{Action: intents.Swap, Amount: "A1", TokenIn: "T1", TokenOut: "T2", Venue: "V1"}}, "venue"},
		{"swap 110 percent of my eth to usdc", steps{swap("T1", "T2")}, "amount"},
		{"send all my usdc to bob and all my usdc to carol", steps{
			{Action: intents.Transfer, Amount: "A1", TokenIn: "T1", Recipient: "R1"},
			{Action: intents.Transfer, Amount: "A2", TokenIn: "T2", Recipient: "R2"},
		}, "amount"},
		{"swap all my eth to dai, then bridge 100% of my eth to base", steps{
			swap("T1", "T2"), {Action: intents.Bridge, Amount: "A2", TokenIn: "T3", DestChain: "C1"},
		}, "amount"},
		{"wrap 2 eth, then swap it to weth", steps{
			{Action: intents.Wrap, Amount: "A1", TokenIn: "T1"}, {Action: intents.Swap, Amount: "out:1", TokenIn: "out:1", TokenOut: "T2", Side: intents.In},
		}, "token_out"},
		{"wrap 2 eth to dai", steps{{Action: intents.Wrap, Amount: "A1", TokenIn: "T1", TokenOut: "T2"}}, ""},
		{"unwrap 2 weth to usdc", steps{{Action: intents.Unwrap, Amount: "A1", TokenIn: "T1", TokenOut: "T2"}}, ""},
		{"wrap 2 eth into wavax", steps{{Action: intents.Wrap, Amount: "A1", TokenIn: "T1", TokenOut: "T2"}}, ""},
		{"wrap 2 usdc", steps{{Action: intents.Wrap, Amount: "A1", TokenIn: "T1"}}, ""},
		{"wrap 2 weth", steps{{Action: intents.Wrap, Amount: "A1", TokenIn: "T1"}}, ""},
		{"unwrap 2 eth", steps{{Action: intents.Unwrap, Amount: "A1", TokenIn: "T1"}}, ""},
		{"unwrap 2 wbtc", steps{{Action: intents.Unwrap, Amount: "A1", TokenIn: "T1"}}, ""},
	} {
		lex := intents.DefaultLexicon()
		lex.Book["bob"], lex.Book["carol"] = true, true
		r := intents.Read(c.text, lex)
		q, err := intents.Check(r, intents.Draft{Steps: c.steps})
		if c.asked == "" {
			if e, ok := refusal.As(err); !ok || e.Reason != refusal.UnknownToken {
				t.Errorf("%q: %v, %v; want unknown_token", c.text, q, err)
			}
			continue
		}
		if err != nil || q == nil || strings.Join(q.Missing, " ") != c.asked {
			t.Errorf("%q: %+v, %v; want a question about %s", c.text, q, err, c.asked)
		}
	}
}

func TestWhatAWrapMakesIsNamedAfterItsCoin(t *testing.T) {
	for text, want := range map[string]string{"wrap 5 avax then lend it": "WAVAX", "unwrap 5 wpol then lend it": "POL", "wrap 5 then lend it": "WETH"} {
		r := intents.Read(text, intents.DefaultLexicon())
		s := intents.Step{Action: intents.Wrap, Amount: "A1"}
		if strings.HasPrefix(text, "un") {
			s.Action = intents.Unwrap
		}
		if _, named := r.Span("T1"); named {
			s.TokenIn = "T1"
		}
		d := intents.Draft{Steps: []intents.Step{s, {Action: intents.Lend, Amount: "out:1", TokenIn: "out:1"}}}
		if q, err := intents.Check(r, d); q != nil || err != nil {
			t.Errorf("%q: %+v, %v", text, q, err)
		}
		if got := intents.Export(r, d).Steps[1].TokenIn; got != want {
			t.Errorf("%q lends %s, want %s", text, got, want)
		}
	}
}

func TestWhatComesBackMaySpendAllAgain(t *testing.T) {
	for text, steps := range map[string][]intents.Step{
		"swap all my eth to usdc, buy eth with 5 usdc and send all my eth to bob": {
			{Action: intents.Swap, Amount: "A1", TokenIn: "T1", TokenOut: "T2", Side: intents.In},
			{Action: intents.Swap, Amount: "A2", TokenIn: "T4", TokenOut: "T3", Side: intents.In},
			{Action: intents.Transfer, Amount: "A3", TokenIn: "T5", Recipient: "R1"},
		},
		"send all my usdc on base to bob and all my usdc on polygon to bob": {
			{Action: intents.Transfer, Amount: "A1", TokenIn: "T1", Chain: "C1", Recipient: "R1"},
			{Action: intents.Transfer, Amount: "A2", TokenIn: "T2", Chain: "C2", Recipient: "R2"},
		},
		"wrap 5 bnb": {{Action: intents.Wrap, Amount: "A1", TokenIn: "T1"}},
	} {
		lex := intents.DefaultLexicon()
		lex.Book["bob"] = true
		r := intents.Read(text, lex)
		if q, err := intents.Check(r, intents.Draft{Steps: steps}); q != nil || err != nil {
			t.Errorf("%q: %+v, %v\n%+v", text, q, err, r.Spans)
		}
	}
}
