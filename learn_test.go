package keymaker

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// hesitant reads every sentence as a transfer of its first amount, and is never sure.
type hesitant struct{}

func (hesitant) Name() string { return "own" }

func (hesitant) Plan(_ context.Context, r *intents.Reading) (intents.Draft, error) {
	d, err := own.Draft(r, []string{"transfer", "a1", "iT1", "r1"})
	d.Unsure = true
	return d, err
}

// all is a vocabulary of every word but smith.
type all struct{}

func (all) Knows(word string) bool { return word != "smith" }

func learner(t *testing.T) (*Agent, *agent.Understander) {
	t.Helper()
	a, err := Open(Options{Home: t.TempDir(), Config: map[string]any{"learn.keep": true}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	u := a.Grammar()
	u.Own = hesitant{}
	a.learning(u, all{})
	return a, u
}

const (
	alone  = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"
	others = "0x00000000219ab540356cBB839Cbe05303d7705Fa"
)

// asks reports whether a sentence is asked about, and answers yes where it is.
func asks(t *testing.T, u *agent.Understander, text, answer string) bool {
	t.Helper()
	got, err := u.Understand(context.Background(), text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	if got.Question == nil {
		return false
	}
	if got.Question.Missing[0] != agent.Confirm {
		t.Fatalf("%q: asks %q", text, got.Question.Text)
	}
	if _, err := u.Answer(context.Background(), got, answer); (err != nil) != (answer == "no") || err != nil && !refusal.Is(err, refusal.Declined) {
		t.Fatalf("%q: %v", text, err)
	}
	return true
}

func TestADoubtThatTheUserSettledTwiceIsNotAskedAboutAgainUntilTheyForget(t *testing.T) {
	a, u := learner(t)
	say := func(amount, to string) string { return "would be lovely to see " + amount + " dai of mine with " + to }
	for i, c := range []struct {
		text, answer string
		asks         bool
	}{
		{say("3", alone), "yes", true},
		{say("4.5", others), "yes", true},
		{say("100", alone), "yes", false}, // the same words, other values: they are those of this sentence
		{"would be so lovely to see 3 dai of mine with " + alone, "yes", true},
		{say("all", alone), "yes", true}, // another kind of amount is another prompt
	} {
		if got := asks(t, u, c.text, c.answer); got != c.asks {
			t.Errorf("%d: %q: asks %v", i+1, c.text, got)
		}
	}
	settled, err := u.Understand(context.Background(), say("100", others))
	if err != nil {
		t.Fatal(err)
	}
	if said := agent.Describe(settled.Reading, settled.Draft); !strings.Contains(said, "100 dai") || !strings.Contains(said, others) {
		t.Errorf("drafts %q", said)
	}
	kept, err := a.Examples(context.Background())
	if err != nil || len(kept) != 4 || kept[0].Planner != "own" || kept[0].At.IsZero() {
		t.Fatalf("%+v, %v", kept, err)
	}
	for _, e := range kept {
		for _, part := range append(slices.Clone(e.Answer), e.Prompt) {
			if strings.Contains(part, "0x") || strings.Contains(part, "3") || strings.Contains(part, "dai") {
				t.Errorf("kept %q", part)
			}
		}
	}
	if n, err := a.ForgetExamples(context.Background()); n != 4 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if !asks(t, u, say("100", alone), "no") {
		t.Error("what is forgotten is used")
	}
}

func TestANoOutweighsEveryYes(t *testing.T) {
	_, u := learner(t)
	const text = "would be lovely to see 3 dai of mine with " + alone
	for i, answer := range []string{"yes", "no", "yes", "yes", "yes"} {
		if !asks(t, u, text, answer) {
			t.Fatalf("%d: not asked", i+1)
		}
	}
}

func TestASentenceWithAnUnknownWordIsNeverKept(t *testing.T) {
	a, u := learner(t)
	for range 3 {
		if !asks(t, u, "would be lovely to see 3 dai of mine with smith at "+alone, "yes") {
			t.Fatal("not asked")
		}
	}
	if kept, err := a.Examples(context.Background()); len(kept) > 0 || err != nil {
		t.Errorf("%+v, %v", kept, err)
	}
}

func TestNothingIsKeptUnlessTheUserAskedForIt(t *testing.T) {
	a, err := Open(Options{Home: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	u := a.Understander()
	if u.Heard != nil || a.Learns() {
		t.Error("answers are heard without learn.keep")
	}
}
