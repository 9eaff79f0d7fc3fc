package model_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/tmc/langchaingo/llms"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/agent/grammar"
	"github.com/keymaker-agent/keymaker/agent/model"
	"github.com/keymaker-agent/keymaker/agent/ollama"
	"github.com/keymaker-agent/keymaker/internal/hostile"
	"github.com/keymaker-agent/keymaker/refusal"
)

// bytes is a model that answers whatever a source draws.
type bytes struct {
	*hostile.Source
	replies int
}

func (b *bytes) GenerateContent(_ context.Context, _ []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	var o llms.CallOptions
	for _, option := range options {
		option(&o)
	}
	b.replies++
	return &llms.ContentResponse{Choices: []*llms.ContentChoice{{Content: b.Reply(ollama.SchemaOf(o))}}}, nil
}

func (b *bytes) Call(ctx context.Context, prompt string, options ...llms.CallOption) (string, error) {
	return llms.GenerateFromSinglePrompt(ctx, b, prompt, options...)
}

// Whatever bytes stand in a model's place, nothing gets into a plan that the user did not say, and a plan that moves something was
// put to the user first: nobody but the model read it so.
func TestNoBytesInAModelsPlacePutAValueIntoAPlan(t *testing.T) {
	const replies, most = 60_000, 256 << 20
	world, err := hostile.World()
	if err != nil {
		t.Fatal(err)
	}
	source, err := hostile.NewSource(1)
	if err != nil {
		t.Fatal(err)
	}
	lexicon, exact, llm := hostile.Lexicon(world), hostile.NewOnce(grammar.New()), &bytes{Source: source}
	planners := []*model.Planner{
		model.New(llm, "bytes"),
		model.New(llm, "bytes").With(model.Options{Draft: true, Repair: true}),
		model.New(llm, "bytes").With(model.Options{}),
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	plans, asked, refused := 0, 0, map[refusal.Reason]int{}
	for round := 0; llm.replies < replies; round++ {
		text := hostile.Sentences[round%len(hostile.Sentences)]
		u := &agent.Understander{Lexicon: lexicon, Exact: exact, Models: []agent.Planner{planners[round%len(planners)]}}
		got, err := hostile.Agree(t.Context(), u, text, world)
		switch {
		case err != nil:
			t.Fatalf("%q: %v", text, err)
		case got.Refused != "":
			refused[got.Refused]++
		case got.Plan == nil:
			asked++
		case got.Planner == "bytes":
			plans++
			if found := hostile.Unsaid(got.Words, got.Plan, world); len(found) > 0 {
				t.Fatalf("%q: nobody said %q\n%+v", got.Words, found, got.Plan.Intents)
			}
			if moves(got) && !got.Confirmed {
				t.Fatalf("%q: nobody confirmed %+v", got.Words, got.Plan.Intents)
			}
		}
	}
	runtime.ReadMemStats(&after)
	t.Logf("%d replies: %d plans, %d left open, refused %v; the heap grew by %d KiB", llm.replies, plans, asked, refused, (int64(after.HeapAlloc)-int64(before.HeapAlloc))>>10)
	if plans < replies/100 || refused[refusal.ModelFailed] < replies/100 || refused[refusal.Ungrounded] == 0 {
		t.Errorf("%d plans, refused %v: the replies are not a mixture", plans, refused)
	}
	if after.HeapAlloc > before.HeapAlloc+most {
		t.Errorf("the heap grew from %d to %d bytes", before.HeapAlloc, after.HeapAlloc)
	}
}

func moves(o hostile.Outcome) bool {
	for _, in := range o.Plan.Intents {
		if in.Action.Moves() {
			return true
		}
	}
	return false
}
