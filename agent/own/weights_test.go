package own_test

import (
	"bytes"
	"errors"
	"math"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/ollama/ollama/api"

	"github.com/keymaker-agent/keymaker/agent/ollama"
	"github.com/keymaker-agent/keymaker/agent/ollama/ollamatest"
	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/agent/own/corpus"
	"github.com/keymaker-agent/keymaker/intents"
)

// compared is how many sentences both engines read; agreeing of a thousand must be read alike.
const (
	compared = 400
	agreeing = 995
)

func TestOllamaAndThisProcessAnswerAlike(t *testing.T) {
	served := own.NewServed(serve(t))
	alike, moved := 0, 0.0
	sentences := some(t, compared)
	for _, r := range sentences {
		prompt, err := own.Prompt(r)
		if err != nil {
			t.Fatal(err)
		}
		here, sure, err := own.Builtin{}.Answer(t.Context(), prompt, own.Choices(r))
		if err != nil {
			t.Fatal(err)
		}
		there, surely, err := served.Answer(t.Context(), prompt, own.Choices(r))
		if err != nil {
			t.Errorf("%s: %v", prompt, err)
			continue
		}
		if !slices.Equal(here, there) {
			t.Logf("%s\n here  %v at %.3f\n there %v at %.3f", prompt, here, sure, there, surely)
			continue
		}
		alike++
		moved = max(moved, math.Abs(sure-surely))
	}
	t.Logf("%d of %d alike; where they are, the least probability moves by at most %.4f", alike, len(sentences), moved)
	if alike*1000 < len(sentences)*agreeing {
		t.Errorf("%d of %d are answered alike", alike, len(sentences))
	}
	if moved > 0.02 {
		t.Errorf("a sure answer here is an unsure one there: %.3f apart", moved)
	}
}

// serve makes the model in a real Ollama, of the same bytes that the binary carries.
func serve(t testing.TB) *ollama.Model {
	t.Helper()
	at, _ := ollamatest.Start(t)
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	const name = "any-name"
	client, digest := api.NewClient(u, http.DefaultClient), "sha256:"+own.Digest()
	if err := client.CreateBlob(t.Context(), digest, bytes.NewReader(own.Weights)); err != nil {
		t.Fatal(err)
	}
	err = client.Create(
		t.Context(),
		&api.CreateRequest{Model: name, Files: map[string]string{"planner.gguf": digest}, Template: "{{ .Prompt }}", Parameters: map[string]any{"num_thread": 1}},
		func(api.ProgressResponse) error { return nil },
	)
	if err != nil {
		t.Fatal(err)
	}
	m, err := ollama.New(t.Context(), ollama.Options{URL: at, Model: name})
	if err != nil {
		t.Fatal(err)
	}
	if !own.IsServed(name, m.Weights()) {
		t.Errorf("made of %s, it is known by %q", own.Digest(), m.Weights())
	}
	return m
}

func TestThePlannerIsKnownByNameOrByWeights(t *testing.T) {
	for name, known := range map[string]bool{own.ServedName: true, own.ServedName + ":latest": true, own.ServedName + "-2": true, "qwen3:4b": false, "": false} {
		if own.IsServed(name, "") != known || !own.IsServed(name, own.Digest()) {
			t.Errorf("%q is known: %t", name, !known)
		}
	}
}

// some reads sentences of the corpus, evenly spread.
func some(t testing.TB, n int) []*intents.Reading {
	t.Helper()
	files, err := filepath.Glob("corpus/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sentences: %v", err)
	}
	var lines []corpus.Line
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		more, err := corpus.Read(f, file)
		if err = errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, more...)
	}
	lex := intents.DefaultLexicon()
	var read []*intents.Reading
	for i := 0; i < len(lines) && len(read) < n; i += max(1, len(lines)/n) {
		ex, err := lines[i].Example(lex)
		if err == nil {
			read = append(read, ex.Reading)
		}
	}
	if len(read) < n*9/10 {
		t.Fatalf("%d of %d sentences can be read", len(read), n)
	}
	return read
}

// BenchmarkAnswer tells p50 and p95 of a sentence, in this process and served.
func BenchmarkAnswer(b *testing.B) {
	served := own.NewServed(serve(b))
	sentences := some(b, 100)
	for _, engine := range []struct {
		name string
		own.Engine
	}{{"builtin", own.Builtin{}}, {"served", served}} {
		b.Run(engine.name, func(b *testing.B) {
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				r := sentences[i%len(sentences)]
				prompt, err := own.Prompt(r)
				if err != nil {
					b.Fatal(err)
				}
				began := time.Now()
				if _, _, err := engine.Answer(b.Context(), prompt, own.Choices(r)); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-us")
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds()), "p95-us")
		})
	}
}
