package agent_test

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/tmc/langchaingo/llms"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/agent/grammar"
	"github.com/keymaker-agent/keymaker/agent/model"
	"github.com/keymaker-agent/keymaker/agent/ollama"
	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/internal/hostile"
	"github.com/keymaker-agent/keymaker/refusal"
)

// drafter is a planner that drafts whatever a source draws: it holds to no language, no schema and no reading.
type drafter struct {
	*hostile.Source
	name   string
	drafts *int
}

func (d drafter) Name() string { return d.name }

func (d drafter) Plan(_ context.Context, r *intents.Reading) (intents.Draft, error) {
	*d.drafts++
	return d.Draft(r), nil
}

// noise answers in the place of every model: bytes where a text is wanted, elements where a list is.
type noise struct {
	*hostile.Source
	replies *int
}

func (n noise) GenerateContent(_ context.Context, _ []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	var o llms.CallOptions
	for _, option := range options {
		option(&o)
	}
	*n.replies++
	return &llms.ContentResponse{Choices: []*llms.ContentChoice{{Content: n.Reply(ollama.SchemaOf(o))}}}, nil
}

func (n noise) Call(ctx context.Context, prompt string, options ...llms.CallOption) (string, error) {
	return llms.GenerateFromSinglePrompt(ctx, n, prompt, options...)
}

func (n noise) Answer(_ context.Context, _ string, choices []string) ([]string, float64, error) {
	*n.replies++
	said, sure := n.Elements(choices)
	return said, sure, nil
}

// Not even planners that break every rule of theirs, all of them at once and in the place of the exact one too, get a value into a
// plan that the user did not say, or make the way to it fail without a name.
func TestNoPlannerWhateverPutsAValueIntoAPlan(t *testing.T) {
	const drafts = 20_000
	world, err := hostile.World()
	if err != nil {
		t.Fatal(err)
	}
	source, err := hostile.NewSource(3)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	wild := func(name string) drafter { return drafter{source, name, &count} }
	mad := noise{source, &count}
	exact := hostile.NewOnce(grammar.New())
	lexicon := hostile.Lexicon(world)
	crews := map[string]*agent.Understander{
		"a draft in the model's place":      {Lexicon: lexicon, Exact: exact, Models: []agent.Planner{wild("wild")}},
		"a draft in the own model's place":  {Lexicon: lexicon, Exact: exact, Own: wild("wild")},
		"drafts in both places":             {Lexicon: lexicon, Exact: exact, Own: wild("wild"), Models: []agent.Planner{wild("wild")}},
		"drafts in all places":              {Lexicon: lexicon, Exact: wild("wild"), Own: wild("wild"), Models: []agent.Planner{wild("wild"), wild("wild")}},
		"noise in both places":              {Lexicon: lexicon, Exact: exact, Own: own.New(mad, mad), Models: []agent.Planner{model.New(mad, "noise")}},
		"a draft before noise":              {Lexicon: lexicon, Exact: exact, Own: wild("wild"), Models: []agent.Planner{model.New(mad, "noise")}},
		"a draft in the exact one's place":  {Lexicon: lexicon, Exact: wild("wild"), Own: own.New(mad, mad)},
		"the same draft from two that lie":  {Lexicon: lexicon, Exact: exact, Own: hostile.NewOnce(wild("wild")), Models: []agent.Planner{wild("wild")}},
		"noise behind what is read exactly": {Lexicon: lexicon, Exact: grammar.New(), Own: own.New(mad, mad)},
	}
	plans, asked, refused := map[string]int{}, 0, map[refusal.Reason]int{}
	for round := 0; count < drafts; round++ {
		text := hostile.Sentences[round%len(hostile.Sentences)]
		for _, crew := range slices.Sorted(maps.Keys(crews)) { // one order, so that a seed draws the same again
			got, err := hostile.Agree(t.Context(), crews[crew], text, world)
			switch {
			case err != nil:
				t.Fatalf("%s, %q: %v", crew, text, err)
			case got.Refused != "":
				refused[got.Refused]++
			case got.Plan == nil:
				asked++
			default:
				if got.Planner != grammar.New().Name() || got.Confirmed {
					plans[crew]++
				}
				if found := hostile.Unsaid(got.Words, got.Plan, world); len(found) > 0 {
					t.Fatalf("%s, %q: nobody said %q", crew, got.Words, found)
				}
			}
		}
	}
	t.Logf("%d drafts and replies: plans %v, %d left open, refused %v", count, plans, asked, refused)
	for crew := range crews {
		if plans[crew] == 0 {
			t.Errorf("%s: nothing came through, so nothing was tested", crew)
		}
	}
	if refused[refusal.Ungrounded] < drafts/50 {
		t.Errorf("refused %v: the drafts are not a mixture", refused)
	}
}

// UnderstandBy and Solo read for eval with one planner, and hold it to the same.
func TestAPlannerThatIsMeasuredIsHeldToTheWordsToo(t *testing.T) {
	const rounds = 4_000
	world, err := hostile.World()
	if err != nil {
		t.Fatal(err)
	}
	source, err := hostile.NewSource(4)
	if err != nil {
		t.Fatal(err)
	}
	count, plans := 0, 0
	wild := drafter{source, "wild", &count}
	u := &agent.Understander{Lexicon: hostile.Lexicon(world), Exact: hostile.NewOnce(grammar.New())}
	for round := range rounds {
		text := hostile.Sentences[round%len(hostile.Sentences)]
		read := u.Solo
		if round%2 == 0 {
			read = u.UnderstandBy
		}
		got, err := read(t.Context(), text, wild)
		if err != nil {
			if _, ok := refusal.As(err); !ok {
				t.Fatalf("%q: %v has no name", text, err)
			}
			continue
		}
		plan, q, err := intents.Resolve(got.Reading, got.Draft, world)
		if q != nil || err != nil {
			continue
		}
		plans++
		if found := hostile.Unsaid(text, plan, world); len(found) > 0 {
			t.Fatalf("%q: nobody said %q", text, found)
		}
	}
	if plans < rounds/100 {
		t.Errorf("%d plans of %d drafts: too few to have tested anything", plans, rounds)
	}
}
