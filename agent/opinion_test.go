package agent_test

import (
	"context"
	"testing"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/intents"
)

// hearing is an understander that writes down what it heard.
func hearing(own intents.Draft, models ...agent.Planner) (*agent.Understander, *[]agent.Opinion) {
	var heard []agent.Opinion
	u := understander(models...)
	u.Own = says{draft: own}
	u.Heard = func(_ context.Context, o agent.Opinion) { heard = append(heard, o) }
	return u, &heard
}

func TestWhatTheUserSaysOfAReadingInDoubtIsHeard(t *testing.T) {
	const wish = "would be lovely to see 3 dai of mine with vitalik.eth"
	send := one(intents.Step{Action: intents.Transfer, Amount: "A1", TokenIn: "T1", Recipient: "R1"})
	unsure := send
	unsure.Unsure = true
	type heard struct{ yes, no int }
	for _, c := range []struct {
		name, text, answer string
		own                intents.Draft
		want               heard
	}{
		{"yes to the one reading", wish, "yes", unsure, heard{yes: 1}},
		{"no to it", wish, "no", unsure, heard{no: 1}},
		{"nothing said", wish, "", unsure, heard{}},
		{"another sentence", wish, "swap 1 ETH to DAI", unsure, heard{}},
		{"the first of two", "swap 1 ETH to USDC", "1", one(intents.Step{Action: intents.QuoteOnly, TokenIn: "T1", TokenOut: "T2", Amount: "A1", Side: intents.In}), heard{yes: 1}},
		{"the second", "swap 1 ETH to USDC", "2", one(intents.Step{Action: intents.QuoteOnly, TokenIn: "T1", TokenOut: "T2", Amount: "A1", Side: intents.In}), heard{yes: 1}},
		{"neither", "swap 1 ETH to USDC", "neither", one(intents.Step{Action: intents.QuoteOnly, TokenIn: "T1", TokenOut: "T2", Amount: "A1", Side: intents.In}), heard{no: 2}},
		{"neither, in other words", "swap 1 ETH to USDC", "what?", one(intents.Step{Action: intents.QuoteOnly, TokenIn: "T1", TokenOut: "T2", Amount: "A1", Side: intents.In}), heard{}},
	} {
		u, opinions := hearing(c.own)
		got, err := u.Understand(context.Background(), c.text)
		if err != nil || got.Question == nil {
			t.Fatalf("%s: %+v, %v", c.name, got, err)
		}
		if len(*opinions) > 0 {
			t.Errorf("%s: heard %+v before anything was said", c.name, *opinions)
		}
		now, err := u.Answer(context.Background(), got, c.answer)
		var said heard
		for _, o := range *opinions {
			if o.Meant {
				said.yes++
			} else {
				said.no++
			}
			if o.Meant && (err != nil || agent.Describe(o.Reading, o.Draft) != agent.Describe(now.Reading, now.Draft)) {
				t.Errorf("%s: heard %+v, went on with %+v, %v", c.name, o.Draft, now, err)
			}
			if o.Planner == "" {
				t.Errorf("%s: nobody's reading: %+v", c.name, o)
			}
		}
		if said != c.want {
			t.Errorf("%s: heard %+v, want %+v", c.name, said, c.want)
		}
	}
}

func TestAReadingOfSeveralSentencesIsNotHeard(t *testing.T) {
	lacks := one(intents.Step{Action: intents.Transfer, Amount: "A1", TokenIn: "T1"})
	lacks.Unsure = true
	u, opinions := hearing(lacks)
	got, err := u.Understand(context.Background(), "would be lovely to see 3 dai of mine elsewhere")
	if err != nil || got.Question == nil {
		t.Fatalf("%+v, %v", got, err)
	}
	if got, err = u.Answer(context.Background(), got, "vitalik.eth"); err != nil || got.Question == nil || got.Question.Missing[0] != agent.Confirm {
		t.Fatalf("%+v, %v", got, err)
	}
	if _, err := u.Answer(context.Background(), got, "yes"); err != nil {
		t.Fatal(err)
	}
	first, err := u.Understand(context.Background(), "swap 1 ETH to USDC")
	if err != nil {
		t.Fatal(err)
	}
	u.Own = nil
	first, err = u.Follow(context.Background(), first, "make it 2")
	if err != nil || first == nil || first.Question == nil {
		t.Fatalf("%+v, %v", first, err)
	}
	if _, err := u.Answer(context.Background(), first, "yes"); err != nil {
		t.Fatal(err)
	}
	if len(*opinions) > 0 {
		t.Errorf("heard %+v", *opinions)
	}
}
