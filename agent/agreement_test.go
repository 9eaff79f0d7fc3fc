package agent_test

import (
	"context"
	"testing"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// The sentence is one that the grammar covers: a swap of T1 for T2.
const covered = "swap 7 DAI to WETH"

func swapOf(in, out intents.Ref, side intents.Side) intents.Draft {
	return one(intents.Step{Action: intents.Swap, Amount: "A1", TokenIn: in, TokenOut: out, Side: side})
}

func TestThePlannersAgreeOrTheUserIsAsked(t *testing.T) {
	sure, turned := swapOf("T1", "T2", intents.In), swapOf("T2", "T1", intents.Out)
	none := one(intents.Step{Action: intents.None})
	unsure := turned
	unsure.Unsure = true
	for name, c := range map[string]struct {
		text    string
		own     intents.Draft
		missing string // of the question; empty: a draft
	}{
		"both read the same":                      {covered, sure, ""},
		"the trained one reads it otherwise":      {covered, turned, agent.Choice},
		"it reads it otherwise and is not sure":   {covered, unsure, ""},
		"it does not cover it":                    {covered, intents.Draft{}, ""},
		"it reads no order":                       {covered, none, agent.Confirm},
		"it alone reads it":                       {left, sure, ""},
		"it alone reads it, and is not sure":      {left, unsure, agent.Confirm},
		"its other reading could not be accepted": {covered, one(intents.Step{Action: intents.Transfer, Amount: "A1", TokenIn: "T1", Recipient: "R7"}), ""},
	} {
		u := understander()
		u.Own = says{draft: c.own}
		got, err := u.Understand(context.Background(), c.text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		switch {
		case c.missing == "" && got.Question != nil:
			t.Errorf("%s: asked %+v", name, got.Question)
		case c.missing != "" && (got.Question == nil || got.Question.Missing[0] != c.missing):
			t.Errorf("%s: question is %+v, want one about the %s", name, got.Question, c.missing)
		}
		if len(got.Views) != 2 {
			t.Errorf("%s: %d views", name, len(got.Views))
		}
	}
}

// untaught is a trained planner that has words for swaps alone.
type untaught struct{ says }

func (untaught) Expresses(a intents.Action) bool { return a == intents.Swap }

func TestWhatThePlannerHasNoWordForIsNotHeldAgainstItsReading(t *testing.T) {
	other := says{draft: one(intents.Step{Action: intents.None})}
	for name, c := range map[string]struct {
		text  string
		own   agent.Planner
		asked bool
	}{
		"an action that it has a word for":       {covered, untaught{other}, true},
		"an action that it has no word for":      {"claim my rewards", untaught{other}, false},
		"a planner that says nothing of its own": {"claim my rewards", other, true},
	} {
		u := understander()
		u.Own = c.own
		got, err := u.Understand(context.Background(), c.text)
		if err != nil || (got.Question != nil) != c.asked || got.Planner != "grammar" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestTheReadingThatTheUserChoosesIsTheOneThatCounts(t *testing.T) {
	u := understander()
	u.Own = says{draft: swapOf("T2", "T1", intents.Out)}
	asked, err := u.Understand(context.Background(), covered)
	if err != nil || asked.Question == nil {
		t.Fatalf("%+v, %v", asked, err)
	}
	for answer, side := range map[string]intents.Side{"1": intents.In, "2": intents.Out, "the first one": intents.In, "the second": intents.Out} {
		got, err := u.Answer(context.Background(), asked, answer)
		if err != nil || got.Question != nil || got.Draft.Steps[0].Side != side {
			t.Errorf("%q: %+v, %v", answer, got, err)
		}
	}
	if _, err := u.Answer(context.Background(), asked, "neither"); !refusal.Is(err, refusal.Declined) {
		t.Errorf("neither: %v", err)
	}
	for _, answer := range []string{"", "yes", "3", "swap 900 DAI to WETH"} {
		got, err := u.Answer(context.Background(), asked, answer)
		if err == nil && got.Question == nil {
			t.Errorf("%q is taken for a choice: %+v", answer, got.Draft)
		}
	}
}
