package llama_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/ollama/ollama/api"

	"github.com/keymaker-agent/keymaker/agent/ollama/ollamatest"
	"github.com/keymaker-agent/keymaker/agent/own/llama"
)

// The server keeps keys and values in half precision, and computes with the rows of a token in the precision of the matrix: half
// for F16, blocks of bytes for Q8_0. So the two agree in as many digits as that leaves. The tolerances are on log-probabilities.
var kinds = []struct {
	name      string
	sketch    func() sketch
	tolerance float64
}{
	{"f32", func() sketch { return planner(0) }, 0.03},
	{"f16", func() sketch {
		k := planner(1)
		k.width, k.heads, k.kvHeads, k.depth, k.feed = 128, 4, 4, 4, 384
		k.ownOutput, k.bos, k.spacePrefix, k.base, k.seed = true, false, false, 500000, 3
		return k
	}, 0.05},
	{"q8", func() sketch {
		k := planner(8)
		k.width, k.heads, k.kvHeads, k.ownOutput, k.spacePrefix, k.seed = 128, 4, 1, true, false, 4
		return k
	}, 0.5},
}

func TestOllamaComputesTheSame(t *testing.T) {
	at, _ := ollamatest.Start(t)
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			file := k.sketch().file()
			m, err := llama.Load(file)
			if err != nil {
				t.Fatal(err)
			}
			server := serve(t, at, k.name, file)
			s := m.Start()

			t.Run("the same answers, token by token", func(t *testing.T) {
				worst, ties := 0.0, 0
				for _, saying := range sayings {
					got := server.ask(saying, 20)
					tokens := m.Tokenize(saying)
					if got.PromptEvalCount != len(tokens) {
						t.Errorf("%q: the server counts %d tokens, here are %d", saying, got.PromptEvalCount, len(tokens))
					}
					s.Reset()
					var answer strings.Builder
					for i, theirs := range got.Logprobs {
						logits := feed(t, s, tokens)
						for _, top := range theirs.TopLogprobs {
							worst = max(worst, nearest(m, logits, top))
						}
						chosen := int32(highest(logits))
						if m.Piece(chosen) != theirs.Token {
							// The two best may be so close that rounding decides. Then the server holds ours for nearly as good.
							if !slices.ContainsFunc(theirs.TopLogprobs, func(top api.TokenLogprob) bool {
								return top.Token == m.Piece(chosen) && theirs.Logprob-top.Logprob <= k.tolerance
							}) {
								t.Fatalf("%q: token %d is %q there and %q here; top there %v", saying, i, theirs.Token, m.Piece(chosen), theirs.TopLogprobs)
							}
							ties++
							chosen = spelt(t, m, theirs.Token)
						}
						answer.WriteString(m.Piece(chosen))
						tokens = []int32{chosen}
					}
					if answer.String() != got.Response || len(got.Logprobs) != 20 {
						t.Errorf("%q: %d tokens, %q there and %q here", saying, len(got.Logprobs), got.Response, answer.String())
					}
				}
				t.Logf("log-probabilities differ by at most %.5f; rounding decided %d of %d tokens", worst, ties, 20*len(sayings))
				if worst > k.tolerance {
					t.Errorf("log-probabilities differ by %v, more than %v", worst, k.tolerance)
				}
			})

			t.Run("the same tokens", func(t *testing.T) {
				random := rand.New(rand.NewPCG(5, 0))
				for range 200 {
					text := jumble(random)
					got, tokens := server.ask(text, 1), m.Tokenize(text)
					if got.PromptEvalCount != len(tokens) {
						t.Errorf("%q: the server counts %d tokens, here are %d", text, got.PromptEvalCount, len(tokens))
						continue
					}
					s.Reset()
					logits := feed(t, s, tokens)
					if d := nearest(m, logits, got.Logprobs[0].TopLogprobs[0]); d > k.tolerance {
						t.Errorf("%q: as many tokens, but not the same: off by %v", text, d)
					}
				}
			})
		})
	}
}

// jumble is a text of pieces of all sayings, with special tokens and characters from everywhere.
func jumble(random *rand.Rand) string {
	var b strings.Builder
	for range 1 + random.IntN(5) {
		runes := []rune(sayings[random.IntN(len(sayings))])
		from := random.IntN(len(runes))
		b.WriteString(string(runes[from : from+random.IntN(len(runes)-from+1)]))
		switch random.IntN(8) {
		case 0:
			b.WriteString([]string{"<s>", "</s>", "<unk>", "<tool>", "<tool>ing", "<0x41>", "▁", "  "}[random.IntN(8)])
		case 1:
			b.WriteString(strings.ToValidUTF8(string(rune(random.IntN(0x10FFFF))), "?"))
		}
	}
	return b.String() + "."
}

// nearest is how far the log-probability of a token differs from the server's. Two tokens may spell the same; then it is the
// nearer one.
func nearest(m *llama.Model, logits []float32, theirs api.TokenLogprob) float64 {
	most := float64(logits[highest(logits)])
	var sum float64
	for _, l := range logits {
		sum += math.Exp(float64(l) - most)
	}
	away := math.Inf(1)
	for id, l := range logits {
		if m.Piece(int32(id)) == theirs.Token {
			away = min(away, math.Abs(float64(l)-most-math.Log(sum)-theirs.Logprob))
		}
	}
	return away
}

// spelt is the one token that is answered as the text.
func spelt(t *testing.T, m *llama.Model, text string) int32 {
	t.Helper()
	id, ok := m.Lookup(strings.ReplaceAll(text, " ", "▁"))
	if !ok {
		t.Fatalf("no token spells %q", text)
	}
	return id
}

func highest(logits []float32) int {
	best := 0
	for i, l := range logits {
		if l > logits[best] {
			best = i
		}
	}
	return best
}

// served is a model on the server.
type served struct {
	t      *testing.T
	client *api.Client
	name   string
}

func serve(t *testing.T, at, name string, file []byte) served {
	t.Helper()
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	client, digest := api.NewClient(u, http.DefaultClient), fmt.Sprintf("sha256:%x", sha256.Sum256(file))
	if err := client.CreateBlob(t.Context(), digest, bytes.NewReader(file)); err != nil {
		t.Fatal(err)
	}
	err = client.Create(
		t.Context(),
		&api.CreateRequest{Model: name, Files: map[string]string{"model.gguf": digest}, Template: "{{ .Prompt }}"},
		func(api.ProgressResponse) error { return nil },
	)
	if err != nil {
		t.Fatal(err)
	}
	return served{t, client, name}
}

func (s served) ask(prompt string, tokens int) api.GenerateResponse {
	s.t.Helper()
	var got api.GenerateResponse
	err := s.client.Generate(s.t.Context(), &api.GenerateRequest{
		Model:       s.name,
		Prompt:      prompt,
		Raw:         true,
		Stream:      new(bool),
		Truncate:    new(bool),
		Shift:       new(bool),
		Logprobs:    true,
		TopLogprobs: 5,
		Options:     map[string]any{"temperature": 0, "num_predict": tokens, "num_ctx": 256, "num_thread": 1, "repeat_penalty": 1},
	}, func(part api.GenerateResponse) error {
		got = part
		return nil
	})
	if err != nil {
		s.t.Fatalf("%q: %v", prompt, err)
	}
	return got
}
