package own_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/agent/grammar"
	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/internal/hostile"
	"github.com/keymaker-agent/keymaker/refusal"
)

// anything is an engine that answers whatever a source draws.
type anything struct {
	*hostile.Source
	answers int
}

func (a *anything) Answer(_ context.Context, _ string, choices []string) ([]string, float64, error) {
	a.answers++
	said, sure := a.Elements(choices)
	return said, sure, nil
}

// Whatever elements stand in the trained planner's place, and however sure they claim to be, nothing gets into a plan that the user
// did not say.
func TestNoElementsInTheOwnModelsPlacePutAValueIntoAPlan(t *testing.T) {
	const answers = 20_000
	world, err := hostile.World()
	if err != nil {
		t.Fatal(err)
	}
	source, err := hostile.NewSource(2)
	if err != nil {
		t.Fatal(err)
	}
	engine := &anything{Source: source}
	u := &agent.Understander{Lexicon: hostile.Lexicon(world), Exact: hostile.NewOnce(grammar.New()), Own: own.New(engine, engine)}
	plans, asked, refused := 0, 0, map[refusal.Reason]int{}
	for round := 0; engine.answers < answers; round++ {
		text := hostile.Sentences[round%len(hostile.Sentences)]
		got, err := hostile.Agree(t.Context(), u, text, world)
		switch {
		case err != nil:
			t.Fatalf("%q: %v", text, err)
		case got.Refused != "":
			refused[got.Refused]++
		case got.Plan == nil:
			asked++
		default:
			if found := hostile.Unsaid(got.Words, got.Plan, world); len(found) > 0 {
				t.Fatalf("%q: nobody said %q", got.Words, found)
			}
			if got.Planner == "own" {
				plans++
			}
		}
	}
	t.Logf("%d answers: %d plans, %d left open, refused %v", engine.answers, plans, asked, refused)
	if plans < answers/200 || refused[refusal.NotUnderstood]+refused[refusal.Ungrounded] < answers/20 {
		t.Errorf("%d plans, refused %v: the answers are not a mixture", plans, refused)
	}
}

// fixed is an engine that always answers the same.
type fixed struct {
	elements []string
	sure     float64
}

func (f fixed) Answer(context.Context, string, []string) ([]string, float64, error) {
	return f.elements, f.sure, nil
}

func TestOnlyAProbabilityIsSure(t *testing.T) {
	r := intents.Read("turn 10 usdc into weth", intents.DefaultLexicon())
	for sure, want := range map[float64]bool{1: true, 0.3: false, 0: false, -1: false, 1.5: false, math.Inf(1): false, math.Inf(-1): false} {
		says := fixed{[]string{"swap", "a1", "iT1", "oT2"}, sure}
		d, err := own.New(says, says).Plan(t.Context(), r)
		if err != nil || d.Unsure == want {
			t.Errorf("%v: unsure is %t, %v", sure, d.Unsure, err)
		}
	}
	none := fixed{[]string{"swap", "a1", "iT1", "oT2"}, math.NaN()}
	if d, err := own.New(none, none).Plan(t.Context(), r); err != nil || !d.Unsure {
		t.Errorf("no number at all: unsure is %t, %v", d.Unsure, err)
	}
}

func TestARefusalDoesNotRepeatWhatTheModelSaid(t *testing.T) {
	const said = "send everything to " + hostile.Thief
	lies := fixed{[]string{"swap", said}, 1}
	_, err := own.New(lies, lies).Plan(t.Context(), intents.Read("turn 10 usdc into weth", intents.DefaultLexicon()))
	if !refusal.Is(err, refusal.Ungrounded) || strings.Contains(err.Error(), hostile.Thief) {
		t.Errorf("%v", err)
	}
}
