package own

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/tmc/langchaingo/llms"

	"github.com/keymaker-agent/keymaker/agent/ollama"
	"github.com/keymaker-agent/keymaker/refusal"
)

// Served runs the model in an Ollama that was given its weights. The prompt goes there as it is and the choices as a schema, so that the
// answer is the one that Builtin gives, but for the last digits of a number.
type Served struct {
	llm llms.Model
}

// longest bounds an answer, in elements.
const longest = 40

// NewServed makes an engine of a model that takes ollama.WithSchema and ollama.WithLogprobs.
func NewServed(llm llms.Model) *Served { return &Served{llm: llm} }

// Answer asks the server. Where it does not tell how probable its tokens were, the answer is not sure.
func (s *Served) Answer(ctx context.Context, prompt string, choices []string) ([]string, float64, error) {
	answer, err := s.llm.GenerateContent(
		ctx, []llms.MessageContent{llms.TextParts(llms.ChatMessageTypeHuman, prompt)},
		ollama.WithSchema(listOf(choices)),
		ollama.WithLogprobs(),
		llms.WithTemperature(0),
		llms.WithRepetitionPenalty(1), // or an action could hardly be said twice
		llms.WithMaxTokens(longest+1),
	)
	if err != nil {
		return nil, 0, err
	}
	if len(answer.Choices) != 1 {
		return nil, 0, refusal.New(refusal.ModelFailed, "the served planner gave %d answers", len(answer.Choices))
	}
	var elements []string
	if err := json.Unmarshal([]byte(answer.Choices[0].Content), &elements); err != nil || len(elements) == 0 || len(elements) > longest {
		return nil, 0, refusal.New(refusal.ModelFailed, "the served planner answered no list: its weights are of another version, or not its own").
			WithHint("make it anew: keymaker model export")
	}
	p, _ := ollama.ProbabilitiesOf(answer.Choices[0])
	return elements, p.Least, nil
}

// listOf is the schema of an answer.
func listOf(choices []string) json.RawMessage {
	words, err := json.Marshal(choices)
	if err != nil {
		panic(err) // a list of strings always spells
	}
	return fmt.Appendf(nil, `{"type":"array","items":{"type":"string","enum":%s},"minItems":1,"maxItems":%d}`, words, longest)
}
