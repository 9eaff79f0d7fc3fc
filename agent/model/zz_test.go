package model

import (
	"context"
	"testing"

	"github.com/keymaker-agent/keymaker/agent/ollama"
	"github.com/keymaker-agent/keymaker/agent/ollama/ollamatest"
	"github.com/tmc/langchaingo/llms"
)

func TestZZ(t *testing.T) {
	url, name := ollamatest.Start(t)
	m, _ := ollama.New(t.Context(), ollama.Options{URL: url, Model: name})
	for _, text := range []string{"sing me a song", "turn 10 usdc into weth", "good morning to you"} {
		s, _ := delexicalise(read(text))
		f := formFor(s)
		out := ""
		n := 0
		_, err := m.GenerateContent(t.Context(), []llms.MessageContent{llms.TextParts(llms.ChatMessageTypeHuman, prompt(s, none))}, ollama.WithSchema(f.schema()), llms.WithMaxTokens(100), llms.WithStreamingFunc(func(_ context.Context, c []byte) error { out += string(c) + "|"; n++; return nil }))
		t.Logf("%d %s %v", n, out, err)
	}
}
