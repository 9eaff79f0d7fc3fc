package llama_test

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/keymaker-agent/keymaker/agent/own/llama"
)

func TestAFileIsLoadedWholeOrRefusedByName(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*gguf)
		want   error
	}{
		"as it is":                 {func(*gguf) {}, nil},
		"another alignment":        {func(g *gguf) { g.alignment = 64; g.set("general.alignment", uint32(64)) }, nil},
		"keys of no meaning here":  {func(g *gguf) { g.set("general.tags", []string{"a"}); g.set("x", int32(1)) }, nil},
		"the defaults":             {func(g *gguf) { g.drop("llama.rope.freq_base"); g.drop("tokenizer.ggml.bos_token_id") }, nil},
		"another version":          {func(g *gguf) { g.version = 2 }, llama.ErrUnsupported},
		"another architecture":     {func(g *gguf) { g.set("general.architecture", "qwen2") }, llama.ErrUnsupported},
		"another tokenizer":        {func(g *gguf) { g.set("tokenizer.ggml.model", "gpt2") }, llama.ErrUnsupported},
		"stretched angles":         {func(g *gguf) { g.set("llama.rope.scaling.factor", float32(2)) }, llama.ErrUnsupported},
		"experts":                  {func(g *gguf) { g.set("llama.expert_count", uint32(8)) }, llama.ErrUnsupported},
		"half of a head turns":     {func(g *gguf) { g.set("llama.rope.dimension_count", uint32(4)) }, llama.ErrUnsupported},
		"an end after each prompt": {func(g *gguf) { g.set("tokenizer.ggml.add_eos_token", true) }, llama.ErrUnsupported},
		"a tensor too many": {func(g *gguf) {
			g.tensors = append(g.tensors, drawn{"rope_freqs.weight", []uint64{1}, 0, make([]byte, 4)})
		}, llama.ErrUnsupported},
		"a tensor of another type":  {func(g *gguf) { g.tensor("output_norm.weight").kind = 12 }, llama.ErrUnsupported},
		"no context length":         {func(g *gguf) { g.drop("llama.context_length") }, llama.ErrBroken},
		"a length of another type":  {func(g *gguf) { g.set("llama.context_length", int32(24)) }, llama.ErrBroken},
		"a key twice":               {func(g *gguf) { g.keys = append(g.keys, g.keys[0]) }, llama.ErrBroken},
		"no head":                   {func(g *gguf) { g.set("llama.attention.head_count", uint32(0)) }, llama.ErrUnsupported},
		"heads that share unevenly": {func(g *gguf) { g.set("llama.attention.head_count_kv", uint32(3)) }, llama.ErrUnsupported},
		"a context beyond memory":   {func(g *gguf) { g.set("llama.context_length", uint32(1<<20)) }, llama.ErrTooLarge},
		"a context beyond numbers":  {func(g *gguf) { g.set("llama.context_length", uint32(math.MaxUint32)) }, llama.ErrUnsupported},
		"too many layers":           {func(g *gguf) { g.set("llama.block_count", uint32(1000)) }, llama.ErrTooLarge},
		"a layer without weights":   {func(g *gguf) { g.set("llama.block_count", uint32(3)) }, llama.ErrBroken},
		"weights without a layer":   {func(g *gguf) { g.set("llama.block_count", uint32(1)) }, llama.ErrUnsupported},
		"another vocabulary size":   {func(g *gguf) { g.set("llama.vocab_size", uint32(7)) }, llama.ErrBroken},
		"no scores":                 {func(g *gguf) { g.set("tokenizer.ggml.scores", []float32{}) }, llama.ErrBroken},
		"a begin that is no token":  {func(g *gguf) { g.set("tokenizer.ggml.bos_token_id", uint32(math.MaxUint32)) }, llama.ErrBroken},
		"a token twice":             {func(g *gguf) { tokens(g)[300] = tokens(g)[301] }, llama.ErrBroken},
		"a byte missing":            {func(g *gguf) { tokens(g)[100] = "zzzz" }, llama.ErrBroken},
		"a text that is too long":   {func(g *gguf) { g.set("general.name", []byte{8, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255}) }, llama.ErrBroken},
		"an array that is too long": {func(g *gguf) { g.set("x", []byte{9, 0, 0, 0, 4, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 127}) }, llama.ErrBroken},
		"an array of arrays":        {func(g *gguf) { g.set("x", []byte{9, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}) }, llama.ErrBroken},
		"a value of no type":        {func(g *gguf) { g.set("x", []byte{77, 0, 0, 0}) }, llama.ErrBroken},
		"neither true nor false":    {func(g *gguf) { g.set("x", []byte{7, 0, 0, 0, 2}) }, llama.ErrBroken},
		"an odd alignment":          {func(g *gguf) { g.set("general.alignment", uint32(33)) }, llama.ErrBroken},
		"a tensor twice":            {func(g *gguf) { g.tensors = append(g.tensors, g.tensors[0]) }, llama.ErrBroken},
		"a shape turned round":      {func(g *gguf) { slices.Reverse(g.tensor("blk.0.attn_k.weight").shape) }, llama.ErrBroken},
		"a shape beyond numbers":    {func(g *gguf) { g.tensor("output_norm.weight").shape = []uint64{1 << 33, 1 << 33} }, llama.ErrBroken},
		"an empty shape":            {func(g *gguf) { g.tensor("output_norm.weight").shape = []uint64{0} }, llama.ErrBroken},
		"no shape":                  {func(g *gguf) { g.tensor("output_norm.weight").shape = nil }, llama.ErrBroken},
		"a gap between tensors":     {func(g *gguf) { g.tensors[3].data = append(g.tensors[3].data, make([]byte, 32)...) }, llama.ErrBroken},
		"blocks that don't fit":     {func(g *gguf) { g.tensor("blk.0.attn_q.weight").kind = 8 }, llama.ErrBroken},
		"a weight that is no number": {func(g *gguf) {
			binary.LittleEndian.PutUint32(g.tensor("blk.1.ffn_up.weight").data[8:], math.Float32bits(float32(math.NaN())))
		}, llama.ErrBroken},
		"a score that is no number": {func(g *gguf) {
			scores := make([]float32, len(tokens(g)))
			scores[5] = float32(math.NaN())
			g.set("tokenizer.ggml.scores", scores)
		}, llama.ErrBroken},
	} {
		t.Run(name, func(t *testing.T) {
			k := tiny()
			k.change = c.change
			m, err := llama.Load(k.file())
			if !errors.Is(err, c.want) || (m == nil) != (err != nil) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func tokens(g *gguf) []string {
	return g.keys[slices.IndexFunc(g.keys, func(e entry) bool { return e.key == "tokenizer.ggml.tokens" })].value.([]string)
}

func TestAFileThatIsCutIsRefused(t *testing.T) {
	whole := tiny().file()
	for n := 0; n < len(whole)-64; n += 1 + n/50 {
		if _, err := llama.Load(whole[:n]); !errors.Is(err, llama.ErrBroken) {
			t.Fatalf("%d of %d bytes: %v", n, len(whole), err)
		}
	}
	if _, err := llama.Load(append(whole, make([]byte, 64)...)); !errors.Is(err, llama.ErrBroken) {
		t.Errorf("bytes behind the end: %v", err)
	}
	if _, err := llama.Load(make([]byte, llama.Largest+1)); !errors.Is(err, llama.ErrTooLarge) {
		t.Errorf("a large file: %v", err)
	}
}

func TestALoadedModelDoesNotNeedTheFile(t *testing.T) {
	b := tiny().file()
	m, err := llama.Load(b)
	if err != nil {
		t.Fatal(err)
	}
	want := slices.Clone(feed(t, m.Start(), m.Tokenize("trade a coin")))
	clear(b)
	if !slices.Equal(want, feed(t, m.Start(), m.Tokenize("trade a coin"))) {
		t.Error("the model changed with the bytes it was loaded from")
	}
	if m.Piece(-1) != "" || m.Piece(int32(m.Tokens())) != "" {
		t.Error("what is no token has a text")
	}
}

// FuzzLoad changes a sound file. Whatever comes of it is refused by name, or runs.
func FuzzLoad(f *testing.F) {
	whole := tiny().file()
	header := slices.Index(whole, 0) // never negative: numbers are little endian
	f.Add(uint32(header), []byte{}, uint32(0))
	f.Add(uint32(8), []byte{255, 255, 255, 255, 255, 255, 255, 255}, uint32(0))
	for _, key := range []string{"llama.context_length", "llama.block_count", "llama.attention.head_count", "tokenizer.ggml.tokens"} {
		at := strings.Index(string(whole), key) + len(key)
		f.Add(uint32(at), []byte{4, 0, 0, 0, 255, 255, 255, 255}, uint32(0))
		f.Add(uint32(at), []byte{4, 0, 0, 0, 1}, uint32(0))
		f.Add(uint32(at), []byte{9, 0, 0, 0, 8, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0}, uint32(at+40))
	}
	f.Fuzz(func(t *testing.T, at uint32, with []byte, end uint32) {
		b := slices.Clone(whole)
		copy(b[int(at)%len(b):], with)
		if end > 0 {
			b = b[:int(end)%len(b)]
		}
		m, err := llama.Load(b)
		if err != nil {
			if !errors.Is(err, llama.ErrBroken) && !errors.Is(err, llama.ErrUnsupported) && !errors.Is(err, llama.ErrTooLarge) {
				t.Fatalf("an error without a name: %v", err)
			}
			return
		}
		if m.Context() > 1000 {
			return // sound, but the memory of a State for each try would be slow
		}
		ids := m.Tokenize("trade " + string(with))
		if _, err := m.Start().Feed(ids[:min(len(ids), m.Context())]); err != nil && !errors.Is(err, llama.ErrNotFinite) {
			t.Fatal(err)
		}
	})
}
