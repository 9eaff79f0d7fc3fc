// Package llama runs a small decoder of the llama architecture, from a GGUF file, in the process and on one core.
//
// It is meant for models of a few million parameters that live inside the binary. It needs no C; on amd64 the products of matrices
// are a hundred lines of assembly, which take a fifth of the time of gonum's. The same file runs in Ollama: the tokenizer is
// llama.cpp's to the token, and the logits are those of llama.cpp up to rounding; the tests hold both against a real server.
// What would be computed differently there is refused when the file is loaded: unknown keys of the architecture, unknown tensors.
//
// # The computation
//
// For a row x of the embedding table at position p, each of the layers does (all in float32; W x is a matrix with a vector)
//
//	h = norm(x, attn_norm);  q = rope(Wq h, p);  k = rope(Wk h, p);  v = Wv h
//	x = x + Wo attention(q, k, v);   x = x + Wdown (silu(Wgate h') * (Wup h')),  h' = norm(x, ffn_norm)
//
// and the logits are output norm(x, output_norm), where output is token_embd if the file has no output.weight.
//
//	norm(x, g)_i = g_i x_i / sqrt(mean(x^2) + eps)                      RMSNorm: Zhang, Sennrich, arXiv 1910.07467
//	rope(y, p)   = each pair (y_2i, y_2i+1) turned by p base^(-2i/d)    RoPE: Su et al., arXiv 2104.09864
//	attention    = sum_j softmax_j(q.k_j / sqrt(d)) v_j over all j <= p Vaswani et al., arXiv 1706.03762
//	silu(y)      = y / (1 + e^-y); gated as in SwiGLU                   Shazeer, arXiv 2002.05202
//
// per head of d numbers; head n of q uses head n/(heads/kv heads) of k and v (grouped queries: Ainslie et al., arXiv 2305.13245).
//
// # What the file holds
//
// GGUF version 3, little endian (github.com/ggml-org/ggml, docs/gguf.md), tensors in F32, F16 or Q8_0, all of one architecture:
// general.architecture = llama. A matrix is stored with one row for each output, so its shape reads [inputs, outputs]:
//
//	token_embd.weight [d, vocabulary]   output_norm.weight [d]      output.weight [d, vocabulary], optional
//	blk.N.attn_norm.weight [d]          blk.N.ffn_norm.weight [d]
//	blk.N.attn_q.weight [d, d]          blk.N.attn_k.weight, blk.N.attn_v.weight [d, kv heads * head]
//	blk.N.attn_output.weight [d, d]     blk.N.ffn_gate.weight, blk.N.ffn_up.weight [d, ff]     blk.N.ffn_down.weight [ff, d]
//
// The rows of attn_q and attn_k are in the order of GGUF, where rope turns NEIGHBOURS: within a head, rows 2i and 2i+1 are a pair
// and turn by the same angle. A model that was trained with neighbours as pairs is written as it is. One that was trained with
// halves as pairs (i and i+d/2, as in the transformers library) has to be permuted first: row i of a head goes to 2i, row i+d/2
// to 2i+1.
//
// Invariant: what Feed returns depends on the tokens fed since the last Reset, to the bit, and not on how they were split into
// calls. It may differ in the last bits between kinds of processors.
package llama

import (
	"errors"
	"fmt"
	"strings"
)

// Why a file is not loaded, or tokens are not taken.
var (
	ErrBroken      = errors.New("not a sound GGUF; export the model again")
	ErrUnsupported = errors.New("not a model that runs here")
	ErrTooLarge    = errors.New("the model is too large")
	ErrToken       = errors.New("not a token of the model")
	ErrContext     = errors.New("more tokens than the context holds")
	ErrNotFinite   = errors.New("the model computes numbers that are not finite")
)

const (
	Largest  = 64 << 20  // bytes of a file
	maxState = 256 << 20 // bytes of one State
	maxLayer = 256
)

// Model is a loaded model. It does not change, so any number of States may use it at the same time.
type Model struct {
	*tokenizer
	sizes
	embedding matrix // one row a token
	layers    []layer
	norm      []float32
	output    matrix
	cos, sin  matrix // one row a position, one column a pair
}

type layer struct {
	attentionNorm, feedNorm []float32
	q, k, v, o              matrix
	gate, up, down          matrix
}

// sizes are the hyper-parameters.
type sizes struct {
	context, width, depth, feed int
	heads, kvHeads, head        int
	epsilon, base               float32
}

// Load reads a model. The bytes may be changed afterwards.
func Load(b []byte) (*Model, error) {
	f, err := parse(b)
	if err != nil {
		return nil, err
	}
	values := &metadata{values: f.metadata}
	if kind := must[string](values, "general.architecture"); values.err == nil && kind != "llama" {
		return nil, fmt.Errorf("%w: the architecture is %.32q, llama is the one that runs here", ErrUnsupported, kind)
	}
	m := &Model{}
	if m.tokenizer, err = newTokenizer(values); err != nil {
		return nil, err
	}
	if m.sizes, err = newSizes(values, len(m.pieces)); err != nil {
		return nil, err
	}
	if err := m.weights(f.tensors); err != nil {
		return nil, err
	}
	m.cos, m.sin = angles(m.context, m.head, m.base)
	return m, nil
}

// Tokenize splits a text as Ollama does with a raw prompt: with the begin of a text in front, if the model wants it, and with
// special tokens where the text spells them. A text from outside has to be cleaned before.
func (m *Model) Tokenize(text string) []int32 { return m.tokenize(text) }

// Piece is what a token spells in an answer, "" for no token. A byte token spells its byte, which may be a part of a character.
func (m *Model) Piece(id int32) string {
	if uint64(uint32(id)) >= uint64(len(m.pieces)) {
		return ""
	}
	return m.text(id)
}

// Lookup finds a token by its entry in the vocabulary, where U+2581 stands for a space.
func (m *Model) Lookup(piece string) (int32, bool) {
	id, ok := m.ids[piece]
	return id, ok
}

// Tokens is the size of the vocabulary: tokens are 0 to Tokens-1.
func (m *Model) Tokens() int { return len(m.pieces) }

// Context is how many tokens a State takes.
func (m *Model) Context() int { return m.context }

// keys are the keys of the architecture that are understood. Any other may change what llama.cpp computes.
var keys = map[string]bool{
	"llama.vocab_size": true, "llama.context_length": true, "llama.embedding_length": true, "llama.block_count": true,
	"llama.feed_forward_length": true, "llama.attention.head_count": true, "llama.attention.head_count_kv": true,
	"llama.attention.layer_norm_rms_epsilon": true, "llama.attention.key_length": true, "llama.attention.value_length": true,
	"llama.rope.dimension_count": true, "llama.rope.freq_base": true,
}

func newSizes(m *metadata, tokens int) (sizes, error) {
	for key := range m.values {
		if strings.HasPrefix(key, "llama.") && !keys[key] {
			return sizes{}, fmt.Errorf("%w: the key %.64q is not understood", ErrUnsupported, key)
		}
	}
	s := sizes{
		context: int(must[uint32](m, "llama.context_length")),
		width:   int(must[uint32](m, "llama.embedding_length")),
		depth:   int(must[uint32](m, "llama.block_count")),
		feed:    int(must[uint32](m, "llama.feed_forward_length")),
		heads:   int(must[uint32](m, "llama.attention.head_count")),
		epsilon: must[float32](m, "llama.attention.layer_norm_rms_epsilon"),
		base:    may(m, "llama.rope.freq_base", float32(10000)),
	}
	s.kvHeads = int(may(m, "llama.attention.head_count_kv", uint32(s.heads)))
	if m.err != nil {
		return sizes{}, m.err
	}
	const most = 1 << 20 // of any of them; products of three stay in range
	for _, n := range []int{s.context, s.width, s.depth, s.feed, s.heads, s.kvHeads} {
		if n < 1 || n > most {
			return sizes{}, fmt.Errorf("%w: a size of %d, from 1 to %d run here", ErrUnsupported, n, most)
		}
	}
	s.head = s.width / s.heads
	for _, key := range []string{"llama.rope.dimension_count", "llama.attention.key_length", "llama.attention.value_length"} {
		if n := may(m, key, uint32(s.head)); int64(n) != int64(s.head) {
			return sizes{}, fmt.Errorf("%w: %s is %d, heads have %d", ErrUnsupported, key, n, s.head)
		}
	}
	vocabulary := may(m, "llama.vocab_size", uint32(tokens))
	switch {
	case m.err != nil:
		return sizes{}, m.err
	case int64(vocabulary) != int64(tokens):
		return sizes{}, fmt.Errorf("%w: llama.vocab_size is %d, there are %d tokens", ErrBroken, vocabulary, tokens)
	case s.width%s.heads != 0 || s.heads%s.kvHeads != 0 || s.head%lanes != 0 || s.feed%lanes != 0:
		return sizes{}, fmt.Errorf("%w: heads of %d and a feed-forward length of %d must be multiples of %d, and %d heads a multiple of %d",
			ErrUnsupported, s.head, s.feed, lanes, s.heads, s.kvHeads)
	case !finite(s.epsilon) || s.epsilon <= 0 || !finite(s.base) || s.base < 1:
		return sizes{}, fmt.Errorf("%w: epsilon %v, base of the angles %v", ErrBroken, s.epsilon, s.base)
	case s.depth > maxLayer || s.stateBytes() > maxState:
		return sizes{}, fmt.Errorf("%w: %d layers with a context of %d tokens", ErrTooLarge, s.depth, s.context)
	}
	return s, nil
}

// weights takes the tensors that the sizes ask for, and refuses a file that has others.
func (m *Model) weights(all map[string]tensor) error {
	var err error
	take := func(name string, shape ...int) []float32 {
		t, ok := all[name]
		same := len(t.shape) == len(shape)
		for i := 0; same && i < len(shape); i++ {
			same = t.shape[i] == uint64(shape[i])
		}
		switch {
		case err != nil:
			return nil
		case !ok || !same:
			err = fmt.Errorf("%w: tensor %s is missing or not of shape %d", ErrBroken, name, shape)
			return nil
		}
		delete(all, name)
		numbers, wrong := t.floats()
		if wrong != nil {
			err = fmt.Errorf("tensor %s: %w", name, wrong)
		}
		return numbers
	}
	table := func(name string, in, out int) matrix {
		return matrix{data: take(name, in, out), rows: out, cols: in, stride: in}
	}
	d, kv := m.width, m.kvHeads*m.head
	m.embedding = table("token_embd.weight", d, m.Tokens())
	m.norm = take("output_norm.weight", d)
	m.output = m.embedding
	if _, own := all["output.weight"]; own {
		m.output = table("output.weight", d, m.Tokens())
	}
	for i := 0; i < m.depth && err == nil; i++ {
		at := fmt.Sprintf("blk.%d.", i)
		m.layers = append(m.layers, layer{
			attentionNorm: take(at+"attn_norm.weight", d),
			q:             table(at+"attn_q.weight", d, d),
			k:             table(at+"attn_k.weight", d, kv),
			v:             table(at+"attn_v.weight", d, kv),
			o:             table(at+"attn_output.weight", d, d),
			feedNorm:      take(at+"ffn_norm.weight", d),
			gate:          table(at+"ffn_gate.weight", d, m.feed),
			up:            table(at+"ffn_up.weight", d, m.feed),
			down:          table(at+"ffn_down.weight", m.feed, d),
		})
	}
	if err != nil {
		return err
	}
	for name := range all {
		return fmt.Errorf("%w: the tensor %.64q is not understood", ErrUnsupported, name)
	}
	return nil
}
