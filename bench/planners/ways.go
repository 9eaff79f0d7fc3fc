package main

import (
	"context"
	"encoding/json"
	"regexp"
	"time"

	"github.com/tmc/langchaingo/llms"

	"github.com/keymaker-agent/keymaker/agent/model"
	"github.com/keymaker-agent/keymaker/agent/ollama"
)

// way is one way to ask a model for a plan.
type way struct {
	name    string
	options model.Options
	ask     func(url, name string, llm llms.Model) llms.Model
}

var ways = []way{
	{"tools API", model.Options{}, func(url, name string, _ llms.Model) llms.Model { return &caller{url: url, name: name + "-tools"} }},
	{"free JSON", model.Options{}, func(_, _ string, llm llms.Model) llms.Model { return free{llm} }},
	{"fixed schema", model.Options{}, func(_, _ string, llm llms.Model) llms.Model { return fixed{llm} }},
	{"span enums", model.Options{}, func(_, _ string, llm llms.Model) llms.Model { return llm }},
	{"draft, then span enums", model.Options{Draft: true}, func(_, _ string, llm llms.Model) llms.Model { return llm }},
	{"span enums, gate, vote, repair", model.Defaults(), func(_, _ string, llm llms.Model) llms.Model { return llm }},
}

// patience is how long one answer may take.
const patience = 2 * time.Minute

func (w way) open(ctx context.Context, url, name string) (*listener, error) {
	llm, err := ollama.New(ctx, ollama.Options{URL: url, Model: name, Timeout: patience})
	if err != nil {
		return nil, err
	}
	return &listener{Model: w.ask(url, name, llm)}, nil
}

// free asks for the same answer without any schema.
type free struct{ llms.Model }

func (f free) GenerateContent(ctx context.Context, messages []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	return f.Model.GenerateContent(ctx, messages, append(options, ollama.WithSchema(nil), ollama.WithRaw())...)
}

// fixed asks with a schema that knows the form and its actions, and nothing of the sentence.
type fixed struct{ llms.Model }

var refs = regexp.MustCompile(`("(?:amount|dest|every|from|into|net|to|when)":\{"type":"string"),"enum":\[[^\]]*\]`)

func (f fixed) GenerateContent(ctx context.Context, messages []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	return f.Model.GenerateContent(ctx, messages, append(options, ollama.WithSchema(refs.ReplaceAll(schemaOf(options), []byte("$1"))))...)
}

func schemaOf(options []llms.CallOption) json.RawMessage {
	var o llms.CallOptions
	for _, option := range options {
		option(&o)
	}
	return ollama.SchemaOf(o)
}
