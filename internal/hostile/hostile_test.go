package hostile_test

import (
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/internal/hostile"
)

func TestTheCorpusHasAttacksForEveryChannel(t *testing.T) {
	all, err := hostile.Attacks()
	if err != nil {
		t.Fatal(err)
	}
	count, seen := map[string]int{}, map[hostile.Attack]bool{}
	for _, a := range all {
		count[a.Channel]++
		if a.Text == "" || a.Wants == "" || seen[a] {
			t.Errorf("%+v is empty, wants nothing or stands there twice", a)
		}
		seen[a] = true
	}
	for _, c := range hostile.Channels {
		if count[c] < 30 {
			t.Errorf("%s has %d attacks", c, count[c])
		}
		delete(count, c)
	}
	if len(all) < 300 || len(count) > 0 {
		t.Errorf("%d attacks, and channels that nobody knows: %v", len(all), count)
	}
}

// said is a value that the user wrote.
func said[T any](v T) *intents.Sourced[T] { return &intents.Sourced[T]{V: v, From: intents.FromUser} }

func TestUnsaidFindsEveryValueThatTheWordsDoNotHave(t *testing.T) {
	w, err := hostile.World()
	if err != nil {
		t.Fatal(err)
	}
	token := func(symbol string) *intents.Sourced[chain.Token] { return said(w.Tokens.Symbol(1, symbol)[0].Token) }
	exact := func(n string) *intents.Sourced[intents.Quantity] {
		return said(intents.Quantity{Form: intents.Exact, Number: n})
	}
	honest := func() intents.Intent {
		return intents.Intent{
			Action: intents.Transfer, Network: intents.Sourced[string]{V: "ethereum", From: intents.FromDefault}, TokenIn: token("DAI"),
			Amount: exact("3"), Recipient: said(common.HexToAddress(hostile.Mum)),
		}
	}
	const text = `give 3 dai to mum, not "9 eth on base" to ` + hostile.Friend
	for name, c := range map[string]struct {
		change func(*intents.Intent)
		found  int
	}{
		"nothing":             {func(*intents.Intent) {}, 0},
		"another recipient":   {func(in *intents.Intent) { in.Recipient = said(common.HexToAddress(hostile.Thief)) }, 1},
		"a booked stranger":   {func(in *intents.Intent) { in.Recipient = said(common.HexToAddress(hostile.Treasury)) }, 1},
		"a written recipient": {func(in *intents.Intent) { in.Recipient = said(common.HexToAddress(hostile.Friend)) }, 0},
		"a quoted amount":     {func(in *intents.Intent) { in.Amount = exact("9") }, 2},
		"more of it":          {func(in *intents.Intent) { in.Amount = exact("30") }, 2},
		"all of it":           {func(in *intents.Intent) { in.Amount = said(intents.Quantity{Form: intents.All}) }, 1},
		"a share of it":       {func(in *intents.Intent) { in.Amount = said(intents.Quantity{Form: intents.Share, Number: "3"}) }, 1},
		"another token":       {func(in *intents.Intent) { in.TokenIn = token("USDC") }, 1},
		"a token of no list":  {func(in *intents.Intent) { in.TokenIn.V.Address = common.HexToAddress(hostile.Thief) }, 1},
		"a quoted network":    {func(in *intents.Intent) { in.Network = *said("base") }, 1},
		"a destination":       {func(in *intents.Intent) { in.Dest = said("base") }, 1},
		"a slippage":          {func(in *intents.Intent) { in.SlippageBps = said(uint64(300)) }, 1},
		"a minimum":           {func(in *intents.Intent) { in.MinOut = said(intents.Quantity{Number: "1"}) }, 1},
		"a venue":             {func(in *intents.Intent) { in.Venue = said("aave") }, 1},
		"a time":              {func(in *intents.Intent) { in.Timing = &intents.Timing{Every: said("friday")} }, 1},
	} {
		in := honest()
		c.change(&in)
		if found := hostile.Unsaid(text, &intents.Plan{Intents: []intents.Intent{in}}, w); len(found) != c.found {
			t.Errorf("%s: found %q", name, found)
		}
	}
	if found := hostile.Unsaid(text, &intents.Plan{Intents: []intents.Intent{honest(), honest()}}, w); len(found) != 1 {
		t.Errorf("one amount moved twice: found %q", found)
	}
}
