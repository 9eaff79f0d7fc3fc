package agent_test

import (
	"context"
	"testing"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/agent/grammar"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// says is a model that always answers the same.
type says struct {
	draft intents.Draft
	err   error
}

func (s says) Name() string { return "ollama:test@0123" }

func (s says) Plan(context.Context, *intents.Reading) (intents.Draft, error) { return s.draft, s.err }

func (s says) Digest() string { return "0123" }

func (s says) Provider() string { return "far.example" }

func understander(models ...agent.Planner) *agent.Understander {
	return &agent.Understander{Lexicon: intents.DefaultLexicon(), Exact: grammar.New(), Models: models}
}

func one(s intents.Step) intents.Draft { return intents.Draft{Steps: []intents.Step{s}} }

// left is a sentence that the grammar leaves alone; its spans are A1 (half), T1 (ether) and T2 (dai).
const left = "it would be lovely if half an ether turned into some dai"

func TestAModelAloneIsNotBelievedWhereSomethingMoves(t *testing.T) {
	u := understander(says{draft: one(intents.Step{Action: intents.Balance})})
	r := intents.Read(left, u.Lexicon)
	draft := one(intents.Step{Action: intents.Swap, Side: intents.In})
	for _, span := range r.Spans {
		switch {
		case span.Kind == intents.AmountSpan:
			draft.Steps[0].Amount = span.ID
		case span.Symbol == "ETH":
			draft.Steps[0].TokenIn = span.ID
		case span.Symbol == "DAI":
			draft.Steps[0].TokenOut = span.ID
		}
	}
	if exact, err := grammar.New().Plan(context.Background(), r); err != nil || len(exact.Steps) > 0 {
		t.Fatalf("the grammar reads it after all: %+v, %v", exact, err)
	}
	u = understander(says{draft: draft})
	got, err := u.Understand(context.Background(), left)
	if err != nil {
		t.Fatal(err)
	}
	if got.Question == nil || got.Question.Missing[0] != agent.Confirm {
		t.Fatalf("question is %+v", got.Question)
	}
	if got.Report().Outcome != intents.Asked || got.Digest != "0123" || got.Provider != "far.example" {
		t.Errorf("report is %+v, digest %q", got.Report(), got.Digest)
	}
	for answer, wants := range map[string]refusal.Reason{"yes": "", "Yes": "", "no": refusal.Declined, "": refusal.Declined, "swap 9 ETH to USDC": refusal.Declined} {
		now, err := u.Answer(context.Background(), got, answer)
		if e, _ := refusal.As(err); (e == nil) != (wants == "") || e != nil && e.Reason != wants {
			t.Errorf("%q: %v, want %s", answer, err, wants)
		}
		if err == nil && now.Question != nil {
			t.Errorf("%q: asked again: %+v", answer, now.Question)
		}
	}
}

func TestAModelIsNotAskedWhatTheGrammarReads(t *testing.T) {
	u := understander(says{err: refusal.New(refusal.ModelFailed, "asked")})
	got, err := u.Understand(context.Background(), "swap 1 ETH to USDC")
	if err != nil || got.Question != nil || got.Planner != "grammar" {
		t.Fatalf("%+v, %v", got, err)
	}
}

func TestAModelThatAgreesWithTheGrammarNeedsNoQuestion(t *testing.T) {
	u := understander()
	first, err := u.Understand(context.Background(), "swap 1 ETH to USDC")
	if err != nil {
		t.Fatal(err)
	}
	got, err := u.UnderstandBy(context.Background(), "swap 1 ETH to USDC", says{draft: intents.Draft{Steps: first.Draft.Steps}})
	if err != nil || got.Question != nil {
		t.Errorf("agreeing: %+v, %v", got, err)
	}
	other := one(intents.Step{Action: intents.Swap, TokenIn: "T2", TokenOut: "T1", Amount: "A1", Side: intents.Out})
	got, err = u.UnderstandBy(context.Background(), "swap 1 ETH to USDC", says{draft: other})
	if err == nil && got.Question == nil {
		t.Errorf("contradicting: %+v", got)
	}
}

func TestTwoThatAreUnsureBackNothing(t *testing.T) {
	draft := one(intents.Step{Action: intents.Transfer, Amount: "A1", TokenIn: "T1", Recipient: "R1"})
	unsure := draft
	unsure.Unsure = true
	const text = "would be lovely to see 3 dai of mine with vitalik.eth"
	for name, c := range map[string]struct {
		model intents.Draft
		asks  bool
	}{
		"a second planner that is sure":            {draft, false},
		"one that is not, such as the same served": {unsure, true},
	} {
		u := understander(says{draft: c.model})
		u.Own = says{draft: unsure}
		got, err := u.Understand(context.Background(), text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if asks := got.Question != nil && got.Question.Missing[0] == agent.Confirm; asks != c.asks {
			t.Errorf("%s: question %+v", name, got.Question)
		}
	}
}

func TestAModelThatFailsIsARefusalAndOneThatLeavesItAloneIsNotUnderstood(t *testing.T) {
	for want, m := range map[refusal.Reason]says{
		refusal.ModelFailed:   {err: refusal.New(refusal.ModelFailed, "broken")},
		refusal.Ungrounded:    {draft: one(intents.Step{Action: intents.Transfer, TokenIn: "T1", Amount: "A1", Recipient: "R7"})},
		refusal.NotUnderstood: {},
	} {
		if _, err := understander(m).Understand(context.Background(), left); !refusal.Is(err, want) {
			t.Errorf("want %s, got %v", want, err)
		}
	}
}

func TestAnAnswerFillsTheGapAndNothingElse(t *testing.T) {
	const friend = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
	u := understander()
	got, err := u.Understand(context.Background(), "send 5 USDC")
	if err != nil || got.Question == nil {
		t.Fatalf("%+v, %v", got, err)
	}
	now, err := u.Answer(context.Background(), got, friend)
	if err != nil || now.Question != nil {
		t.Fatalf("%+v, %v", now.Question, err)
	}
	if e := intents.Export(now.Reading, now.Draft); e.Amount != "5" || e.TokenIn != "USDC" || e.Recipient != friend {
		t.Errorf("draft is %+v", e)
	}
	now, err = u.Answer(context.Background(), got, friend+", and make it 9000 DAI")
	if err == nil && now.Question == nil {
		t.Errorf("an answer with an order in it is taken: %+v", intents.Export(now.Reading, now.Draft))
	}
}

func TestAModelsReadingIsConfirmedAfterItsGapIsFilled(t *testing.T) {
	u := understander()
	r := intents.Read(left, u.Lexicon)
	half := one(intents.Step{Action: intents.Swap, Side: intents.In})
	for _, span := range r.Spans {
		switch {
		case span.Kind == intents.AmountSpan:
			half.Steps[0].Amount = span.ID
		case span.Symbol == "ETH":
			half.Steps[0].TokenIn = span.ID
		}
	}
	half.Missing = []string{"token_out"}
	got, err := understander(says{draft: half}).Understand(context.Background(), left)
	for range 3 {
		if err != nil {
			return // refused is fair: the sentence names DAI and the model does not
		}
		if got.Question == nil {
			t.Fatal("accepted without the user's yes")
		}
		if got.Question.Missing[0] == agent.Confirm {
			return
		}
		got, err = u.Answer(context.Background(), got, "dai")
	}
	t.Fatalf("never asked to confirm: %+v", got.Question)
}

func TestADisagreementOutlivesTheQuestionThatComesFirst(t *testing.T) {
	for name, other := range map[string]intents.Step{
		"no order at all": {Action: intents.None},
		"another order":   {Action: intents.Approve, TokenIn: "T1", Amount: "A1"},
	} {
		u := understander()
		u.Own = says{draft: one(other)}
		got, err := u.Understand(context.Background(), "send 5 USDC")
		if err != nil || got.Question == nil || got.Question.Missing[0] != "recipient" {
			t.Fatalf("%s: %+v, %v", name, got, err)
		}
		now, err := u.Answer(context.Background(), got, "0x70997970C51812dc3A010C7d01b50e0d17dc79C8")
		if err != nil || now.Question == nil || now.Question.Missing[0] != agent.Confirm {
			t.Errorf("%s: nobody asks whether it is meant: %+v, %v", name, now, err)
		}
	}
}
