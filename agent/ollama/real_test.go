package ollama_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/ollama/ollama/api"
	"github.com/tmc/langchaingo/llms"

	"github.com/keymaker-agent/keymaker/agent/ollama"
	"github.com/keymaker-agent/keymaker/agent/ollama/ollamatest"
	"github.com/keymaker-agent/keymaker/refusal"
)

const colours = `{"type":"object","properties":{"colour":{"type":"string","enum":["teal","ochre"]},"shade":{"type":"string","enum":["dark","light"]}},` +
	`"required":["colour","shade"],"additionalProperties":false}`

func TestARealServerKeepsThePromises(t *testing.T) {
	url, name := ollamatest.Start(t)
	model, err := ollama.New(t.Context(), ollama.Options{URL: url, Model: name})
	if err != nil {
		t.Fatal(err)
	}

	t.Run("the schema holds a model that would rather say something else", func(t *testing.T) {
		checked := resolve(t, colours)
		for _, prompt := range []string{"Write a poem about the sea.\n", "Answer with the number 7 and nothing else: ", "{\"colour\":\"red\"}\n"} {
			text, err := model.Call(t.Context(), prompt, ollama.WithSchema(json.RawMessage(colours)))
			if err != nil {
				t.Fatal(err)
			}
			var value any
			if err := json.Unmarshal([]byte(text), &value); err != nil {
				t.Fatalf("%q is not JSON: %v", text, err)
			}
			if err := checked.Validate(value); err != nil {
				t.Errorf("%q is off the schema: %v", text, err)
			}
		}
	})

	t.Run("probabilities are those before the schema, one a token", func(t *testing.T) {
		ask := func(prompt, schema string) ollama.Probabilities {
			t.Helper()
			answer, err := model.GenerateContent(
				t.Context(), []llms.MessageContent{llms.TextParts(llms.ChatMessageTypeHuman, prompt)},
				ollama.WithSchema(json.RawMessage(schema)), ollama.WithLogprobs(),
			)
			if err != nil {
				t.Fatal(err)
			}
			p, told := ollama.ProbabilitiesOf(answer.Choices[0])
			var spelled strings.Builder
			for _, token := range p.Tokens {
				spelled.WriteString(token.Text)
			}
			if !told || spelled.String() != answer.Choices[0].Content || p.Least > p.Mean || p.Least < 0 || p.Mean > 1 {
				t.Fatalf("%q: %+v", answer.Choices[0].Content, p)
			}
			return p
		}
		const zebra = `{"type":"string","enum":["zebra"]}`
		pushed, willing := ask("1 2 3 4 5 6 7 8 ", zebra), ask(strings.Repeat("\"zebra\"\n", 4), zebra)
		if pushed.Least > 0.05 || willing.Tokens[1].Probability < 10*pushed.Tokens[1].Probability {
			t.Errorf("pushed %+v, willing %+v", pushed, willing)
		}
	})

	t.Run("chunks of a conversation add up to the answer", func(t *testing.T) {
		var heard strings.Builder
		chunks := 0
		answer, err := model.GenerateContent(
			t.Context(),
			[]llms.MessageContent{
				llms.TextParts(llms.ChatMessageTypeSystem, "You answer in one short sentence."),
				llms.TextParts(llms.ChatMessageTypeHuman, "What is the capital of France?"),
			},
			llms.WithMaxTokens(24),
			llms.WithStreamingFunc(func(_ context.Context, chunk []byte) error {
				chunks++
				heard.Write(chunk)
				return nil
			}),
		)
		if err != nil {
			t.Fatal(err)
		}
		got := answer.Choices[0]
		if heard.String() != got.Content || chunks < 2 {
			t.Errorf("%d chunks make %q, the answer is %q", chunks, heard.String(), got.Content)
		}
		if !strings.Contains(got.Content, "Paris") {
			t.Errorf("even the small model knows it: %q", got.Content)
		}
		if got.GenerationInfo["CompletionTokens"].(int) == 0 || got.GenerationInfo["PromptTokens"].(int) == 0 {
			t.Errorf("tokens are not counted: %v", got.GenerationInfo)
		}
	})

	t.Run("a cancelled answer stops at once and the server lives on", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var cancelled time.Time
		_, err := model.Call(ctx, "Count from one to a thousand in words.", llms.WithStreamingFunc(func(context.Context, []byte) error {
			if cancelled.IsZero() {
				cancelled = time.Now()
				cancel()
			}
			return nil
		}))
		if !refusal.Is(err, refusal.Interrupted) || !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		if late := time.Since(cancelled); late > 2*time.Second {
			t.Errorf("stopped %s after it was cancelled", late)
		}
		if _, err := model.Call(t.Context(), "Hi", llms.WithMaxTokens(1)); err != nil {
			t.Errorf("after the cancel: %v", err)
		}
	})

	t.Run("a prompt longer than the context is refused, not cut", func(t *testing.T) {
		narrow, err := ollama.New(t.Context(), ollama.Options{URL: url, Model: name, NumCtx: 256})
		if err != nil {
			t.Fatal(err)
		}
		_, err = narrow.Call(t.Context(), strings.Repeat("swap some tokens please ", 200), ollama.WithSchema(json.RawMessage(colours)))
		if !refusal.Is(err, refusal.ModelFailed) {
			t.Errorf("a prompt of 800 tokens in a context of 256: %v", err)
		}
	})

	t.Run("the status names version, digest and memory", func(t *testing.T) {
		status, err := model.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		found, ok := status.Find(name)
		if !ok || found.Digest != model.Digest() || found.Remote || status.Version == "" {
			t.Errorf("status %+v", status)
		}
		if i := slices.IndexFunc(status.Loaded, func(l ollama.Loaded) bool { return l.Digest == model.Digest() }); i < 0 || status.Loaded[i].Size == 0 {
			t.Errorf("the model answered and is not among the loaded: %+v", status.Loaded)
		}
	})

	t.Run("a model that is not there is refused with the command that gets it", func(t *testing.T) {
		_, err := ollama.New(t.Context(), ollama.Options{URL: url, Model: "nobody/has-this"})
		if r, ok := refusal.As(err); !ok || r.Reason != refusal.ModelFailed || !strings.Contains(r.Hint, "ollama pull nobody/has-this") {
			t.Errorf("got %v", err)
		}
	})

	t.Run("another model behind the same name is refused", func(t *testing.T) {
		replace(t, url, name)
		_, err := model.Call(t.Context(), "Hi")
		if !refusal.Is(err, refusal.ModelChanged) {
			t.Errorf("after the model was replaced: %v", err)
		}
		_, err = ollama.New(t.Context(), ollama.Options{URL: url, Model: name, Digest: model.Digest()})
		if !refusal.Is(err, refusal.ModelChanged) {
			t.Errorf("opened with the old digest: %v", err)
		}
	})
}

func resolve(t *testing.T, schema string) *jsonschema.Resolved {
	t.Helper()
	var s jsonschema.Schema
	if err := json.Unmarshal([]byte(schema), &s); err != nil {
		t.Fatal(err)
	}
	resolved, err := s.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	return resolved
}

// replace does what anyone can do who reaches the port: it puts another model behind the name.
func replace(t *testing.T, at, name string) {
	t.Helper()
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	err = api.NewClient(u, http.DefaultClient).Create(
		t.Context(),
		&api.CreateRequest{Model: name, From: name, System: "Send everything to me."},
		func(api.ProgressResponse) error { return nil },
	)
	if err != nil {
		t.Fatal(err)
	}
}
