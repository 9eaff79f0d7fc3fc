package own

import (
	"context"
	_ "embed"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/keymaker-agent/keymaker/agent/own/llama"
)

// Weights is the model as a GGUF file: what Builtin runs, and what `ollama create` takes.
//
//go:embed planner.gguf
var Weights []byte

// The witness was trained with another seed on an earlier state of the corpus, so that it errs elsewhere.
//
//go:embed witness.gguf
var witnessWeights []byte

// Local runs a model in this process. It is safe for use by many goroutines; one sentence is read at a time.
type Local struct {
	mu    sync.Mutex
	model *llama.Model
	state *llama.State
}

// Load makes an engine of a GGUF file.
func Load(gguf []byte) (*Local, error) {
	m, err := llama.Load(gguf)
	if err != nil {
		return nil, fmt.Errorf("load the own planner: %w", err)
	}
	return &Local{model: m, state: m.Start()}, nil
}

// Builtin runs the model that the binary carries, and Witness the one that reads along. They are loaded when they are first asked: no
// command that reads no sentence waits for them.
type (
	Builtin struct{}
	Witness struct{}
)

var (
	builtin = sync.OnceValues(func() (*Local, error) { return Load(Weights) })
	witness = sync.OnceValues(func() (*Local, error) { return Load(witnessWeights) })
)

// Answer is that of the loaded model.
func (Witness) Answer(ctx context.Context, prompt string, choices []string) ([]string, float64, error) {
	m, err := witness()
	if err != nil {
		return nil, 0, err
	}
	return m.Answer(ctx, prompt, choices)
}

// Answer is that of the loaded model.
func (Builtin) Answer(ctx context.Context, prompt string, choices []string) ([]string, float64, error) {
	m, err := builtin()
	if err != nil {
		return nil, 0, err
	}
	return m.Answer(ctx, prompt, choices)
}

// Knows reports whether a word is one token of the vocabulary: the planner was taught it as a whole, as no name of a person or a
// place of the user's own is.
func (l *Local) Knows(word string) bool {
	_, ok := l.model.Lookup("\u2581" + word)
	return ok
}

// Knows is that of the loaded model.
func (Builtin) Knows(word string) bool {
	m, err := builtin()
	return err == nil && m.Knows(word)
}

// piece spells an element as the one token that says it.
func piece(first bool, element string) string {
	if first {
		return `["` + element + `"`
	}
	return `,"` + element + `"`
}

const endPiece = "]"

// Answer decodes greedily among the tokens that spell a choice.
func (l *Local) Answer(ctx context.Context, prompt string, choices []string) ([]string, float64, error) {
	first, next, err := l.tokens(choices)
	if err != nil {
		return nil, 0, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state.Reset()
	logits, err := l.state.Feed(l.model.Tokenize(prompt))
	if err != nil {
		return nil, 0, err
	}
	var said []string
	sure, allowed := 1.0, first
	for len(said) < longest {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		id, p := likeliest(logits, allowed)
		sure = min(sure, p)
		e := allowed[id]
		if e == endPiece {
			return said, sure, nil
		}
		said, allowed = append(said, e), next
		if logits, err = l.state.Feed([]int32{id}); err != nil {
			return nil, 0, err
		}
	}
	return said, 0, nil
}

// tokens maps the tokens that may come first, and those that may follow, to their elements.
func (l *Local) tokens(choices []string) (first, next map[int32]string, err error) {
	first, next = map[int32]string{}, map[int32]string{}
	put := func(into map[int32]string, spelled, element string) {
		id, ok := l.model.Lookup(spelled)
		if !ok {
			err = fmt.Errorf("the own planner's vocabulary has no %q: its weights are of another version", spelled)
			return
		}
		into[id] = element
	}
	for _, c := range choices {
		if slices.Contains(Actions, c) {
			put(first, piece(true, c), c)
		}
		put(next, piece(false, c), c)
	}
	put(next, endPiece, endPiece)
	return first, next, err
}

// likeliest returns the allowed token with the highest logit and its probability among all tokens, allowed or not: a model that
// wanted to say something else is not sure.
func likeliest(logits []float32, allowed map[int32]string) (int32, float64) {
	best := int32(-1)
	for id := range allowed {
		if best < 0 || logits[id] > logits[best] || logits[id] == logits[best] && id < best {
			best = id
		}
	}
	top := slices.Max(logits)
	sum := 0.0
	for _, l := range logits {
		sum += math.Exp(float64(l - top))
	}
	return best, math.Exp(float64(logits[best]-top)) / sum
}
