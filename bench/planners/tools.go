package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/tmc/langchaingo/llms"
)

// caller asks through the tools API: one function for each action, with every slot as a parameter, the same for all sentences so that
// the server works them out once. Its calls are spelled in the form that the other ways answer in. No call means that nothing is to be done.
type caller struct {
	llms.Model
	url, name string
}

// form is what the schema of a sentence says: the slots of a step and the words that fit.
type form struct {
	Properties struct {
		Steps struct {
			Items struct {
				Properties map[string]struct{ Enum []string } `json:"properties"`
				Required   []string                           `json:"required"`
			} `json:"items"`
		} `json:"steps"`
	} `json:"properties"`
}

const about = "You are a wallet. Call the function that does what the user wants, and none where nothing is wanted. Arguments are ids of the sentence: " +
	"T1 is a token, A1 an amount, R1 a recipient or spender, C1 a network. from: token given. into: token got. net: network. dest: network to arrive on."

func (c *caller) GenerateContent(ctx context.Context, messages []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	var f form
	if err := json.Unmarshal(schemaOf(options), &f); err != nil {
		return nil, err
	}
	prompt := messages[0].Parts[0].(llms.TextContent).Text
	sentence := prompt[strings.LastIndex(prompt, "in: ")+len("in: "):]
	sentence, _, _ = strings.Cut(sentence, "\n")
	calls, err := c.chat(ctx, sentence, f.tools())
	if err != nil {
		return nil, err
	}
	return &llms.ContentResponse{Choices: []*llms.ContentChoice{{Content: f.spell(calls)}}}, nil
}

var slots = []string{"amount", "dest", "every", "from", "into", "kind", "net", "to", "when"}

// tools lists the functions.
func (f form) tools() []any {
	parameters := map[string]any{}
	for _, key := range slots {
		parameters[key] = map[string]any{"type": "string"}
	}
	var all []any
	for _, action := range f.Properties.Steps.Items.Properties["act"].Enum {
		if action == "none" || action == "other" {
			continue
		}
		all = append(all, map[string]any{"type": "function", "function": map[string]any{
			"name": action, "description": strings.ReplaceAll(action, "_", " "), "parameters": map[string]any{"type": "object", "properties": parameters},
		}})
	}
	return all
}

type call struct {
	Function struct {
		Name      string         `json:"name"`
		Arguments map[string]any `json:"arguments"`
	} `json:"function"`
}

// spell writes calls as steps. A slot that a call leaves out is empty. What a call says beside the slots of the sentence, or says not as
// text, stays: it is for the reader to refuse.
func (f form) spell(calls []call) string {
	if len(calls) == 0 {
		calls = make([]call, 1)
		calls[0].Function.Name = "none"
	}
	var steps []map[string]any
	for _, c := range calls {
		step := map[string]any{}
		for _, key := range f.Properties.Steps.Items.Required {
			step[key] = ""
		}
		for key, said := range c.Function.Arguments {
			if said != "" {
				step[key] = said
			}
		}
		step["act"] = c.Function.Name
		steps = append(steps, step)
	}
	text, err := json.Marshal(map[string]any{"steps": steps})
	if err != nil {
		panic(err) // it came from JSON
	}
	return string(text)
}

func (c *caller) chat(ctx context.Context, sentence string, tools []any) ([]call, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	body, err := json.Marshal(map[string]any{
		"model":    c.name,
		"messages": []map[string]string{{"role": "system", "content": about}, {"role": "user", "content": sentence}},
		"tools":    tools,
		"stream":   false,
		"options":  map[string]any{"temperature": 0, "seed": 7, "num_ctx": 4096, "num_predict": 96, "repeat_penalty": 1},
	})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+"/api/chat", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("ollama answers %s: %.200s", answer.Status, text)
	}
	var said struct {
		Message struct {
			ToolCalls []call `json:"tool_calls"`
		} `json:"message"`
	}
	if err := json.Unmarshal(text, &said); err != nil {
		return nil, err
	}
	return said.Message.ToolCalls, nil
}
