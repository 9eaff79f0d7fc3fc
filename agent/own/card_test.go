package own_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

func TestTheCardIsOfTheseWeights(t *testing.T) {
	card, err := os.ReadFile("MODEL_CARD.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"planner.gguf", "witness.gguf"} {
		weights, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if sum := fmt.Sprintf("%x", sha256.Sum256(weights)); !strings.Contains(string(card), sum) {
			t.Errorf("the card does not name %s, the sha256 of %s", sum, file)
		}
	}
}

func TestAModelOrAWitnessWithoutAnAnswerIsARefusal(t *testing.T) {
	r := intents.Read("turn 10 usdc into weth", intents.DefaultLexicon())
	broken, err := own.Load([]byte("no model"))
	if broken != nil || err == nil {
		t.Fatalf("%v, %v", broken, err)
	}
	swap := fixed{[]string{"swap", "a1", "iT1", "oT2"}, 1}
	for name, p := range map[string]*own.Planner{"model": own.New(fails{err}, swap), "witness": own.New(swap, fails{err})} {
		d, err := p.Plan(t.Context(), r)
		if !refusal.Is(err, refusal.ModelFailed) || len(d.Steps) > 0 {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
}

// fails is an engine that never answers.
type fails struct{ err error }

func (f fails) Answer(context.Context, string, []string) ([]string, float64, error) {
	return nil, 0, f.err
}
