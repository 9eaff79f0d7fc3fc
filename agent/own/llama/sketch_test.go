package llama_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/keymaker-agent/keymaker/agent/own/llama"
)

// sketch is a model with random weights, to be written as a GGUF.
type sketch struct {
	context, width, depth, feed, heads, kvHeads int

	base        float32
	kind        uint32 // of the matrices
	ownOutput   bool
	bos         bool
	spacePrefix bool
	seed        uint64
	words       []string // what the vocabulary is drawn from
	tokens      int      // at most

	change func(*gguf) // before it is written
}

// tiny is enough to be a model, small enough to be taken apart in every way.
func tiny() sketch {
	return sketch{
		context: 24, width: 16, depth: 2, feed: 24, heads: 2, kvHeads: 1, base: 10000, bos: true, spacePrefix: true,
		seed: 1, words: sayings[:3], tokens: 330,
	}
}

// planner is of the size that the package is meant for.
func planner(kind uint32) sketch {
	return sketch{
		context: 256, width: 192, depth: 6, feed: 512, heads: 6, kvHeads: 3, base: 10000, kind: kind, bos: true, spacePrefix: true,
		seed: 2, words: sayings, tokens: 2000,
	}
}

// gguf is a file in its parts.
type gguf struct {
	version   uint32
	alignment int
	keys      []entry
	tensors   []drawn
}

type entry struct {
	key   string
	value any
}

type drawn struct {
	name  string
	shape []uint64
	kind  uint32
	data  []byte
}

func (s sketch) file() []byte {
	random := rand.New(rand.NewPCG(s.seed, 0))
	v := s.vocabulary(random)
	g := &gguf{version: 3, alignment: 32}
	g.keys = []entry{
		{"general.architecture", "llama"},
		{"general.name", "sketch"},
		{"llama.vocab_size", uint32(len(v.pieces))},
		{"llama.context_length", uint32(s.context)},
		{"llama.embedding_length", uint32(s.width)},
		{"llama.block_count", uint32(s.depth)},
		{"llama.feed_forward_length", uint32(s.feed)},
		{"llama.attention.head_count", uint32(s.heads)},
		{"llama.attention.head_count_kv", uint32(s.kvHeads)},
		{"llama.attention.layer_norm_rms_epsilon", float32(1e-5)},
		{"llama.rope.dimension_count", uint32(s.width / s.heads)},
		{"llama.rope.freq_base", s.base},
		{"tokenizer.ggml.model", "llama"},
		{"tokenizer.ggml.tokens", v.pieces},
		{"tokenizer.ggml.scores", v.scores},
		{"tokenizer.ggml.token_type", v.kinds},
		{"tokenizer.ggml.bos_token_id", uint32(1)},
		{"tokenizer.ggml.eos_token_id", uint32(2)},
		{"tokenizer.ggml.unknown_token_id", uint32(0)},
		{"tokenizer.ggml.add_bos_token", s.bos},
		{"tokenizer.ggml.add_space_prefix", s.spacePrefix},
	}
	matrix := func(name string, scale float64, in, out int) {
		g.tensors = append(g.tensors, drawn{name, []uint64{uint64(in), uint64(out)}, s.kind, s.pack(random, v, name, scale, in, out)})
	}
	norm := func(name string) {
		gains := make([]float32, s.width)
		for i := range gains {
			gains[i] = float32(1 + 0.2*random.NormFloat64())
		}
		g.tensors = append(g.tensors, drawn{name, []uint64{uint64(s.width)}, 0, floats(gains)})
	}
	d, kv, of := s.width, s.width/s.heads*s.kvHeads, func(n int) float64 { return 1 / math.Sqrt(float64(n)) }
	matrix("token_embd.weight", 0.3, d, len(v.pieces))
	norm("output_norm.weight")
	for i := range s.depth {
		at := fmt.Sprintf("blk.%d.", i)
		norm(at + "attn_norm.weight")
		matrix(at+"attn_q.weight", of(d), d, d)
		matrix(at+"attn_k.weight", of(d), d, kv)
		matrix(at+"attn_v.weight", of(d), d, kv)
		matrix(at+"attn_output.weight", of(d), d, d)
		norm(at + "ffn_norm.weight")
		matrix(at+"ffn_gate.weight", of(d), d, s.feed)
		matrix(at+"ffn_up.weight", of(d), d, s.feed)
		matrix(at+"ffn_down.weight", of(s.feed), s.feed, d)
	}
	if s.ownOutput {
		matrix("output.weight", 0.3, d, len(v.pieces))
	}
	if s.change != nil {
		s.change(g)
	}
	return g.bytes()
}

func (s sketch) load(t testing.TB) *llama.Model {
	t.Helper()
	m, err := llama.Load(s.file())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// pack draws the numbers of a matrix. Tokens that spell no whole characters get small rows in the tables of tokens, so that they
// aren't answered.
func (s sketch) pack(random *rand.Rand, v vocabulary, name string, scale float64, in, out int) []byte {
	numbers := make([]float32, in*out)
	for i := range numbers {
		numbers[i] = float32(scale * random.NormFloat64())
		if (name == "token_embd.weight" || name == "output.weight") && v.kinds[i/in] != 1 {
			numbers[i] /= 10
		}
	}
	switch s.kind {
	case 1:
		return halves(numbers)
	case 8:
		return blocks(numbers)
	}
	return floats(numbers)
}

func floats(all []float32) []byte {
	var b []byte
	for _, v := range all {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}

func halves(all []float32) []byte {
	var b []byte
	for _, v := range all {
		b = binary.LittleEndian.AppendUint16(b, half(v))
	}
	return b
}

// blocks are Q8_0.
func blocks(all []float32) []byte {
	var b []byte
	for block := range slices.Chunk(all, 32) {
		most := 0.0
		for _, v := range block {
			most = max(most, math.Abs(float64(v)))
		}
		b = binary.LittleEndian.AppendUint16(b, half(float32(most/127)))
		for _, v := range block {
			b = append(b, byte(int8(math.Round(float64(v)/max(most, 1e-30)*127))))
		}
	}
	return b
}

// half rounds to half precision, for numbers below 65504 in size.
func half(v float32) uint16 {
	sign := uint16(math.Float32bits(v) >> 31 << 15)
	fraction, exponent := math.Frexp(math.Abs(float64(v))) // 0.5 <= fraction < 1
	if exponent < -13 {
		return sign | uint16(math.RoundToEven(math.Abs(float64(v))*0x1p24))
	}
	return sign + uint16(exponent+13)<<10 + uint16(math.RoundToEven(fraction*2048))
}

func (g *gguf) set(key string, value any) {
	i := slices.IndexFunc(g.keys, func(e entry) bool { return e.key == key })
	if i < 0 {
		g.keys = append(g.keys, entry{key, value})
		return
	}
	g.keys[i].value = value
}

func (g *gguf) drop(key string) {
	g.keys = slices.DeleteFunc(g.keys, func(e entry) bool { return e.key == key })
}

func (g *gguf) tensor(name string) *drawn {
	return &g.tensors[slices.IndexFunc(g.tensors, func(d drawn) bool { return d.name == name })]
}

func (g *gguf) bytes() []byte {
	var b bytes.Buffer
	put := func(v any) { binary.Write(&b, binary.LittleEndian, v) }
	text := func(s string) { put(uint64(len(s))); b.WriteString(s) }
	b.WriteString("GGUF")
	put(g.version)
	put(uint64(len(g.tensors)))
	put(uint64(len(g.keys)))
	for _, e := range g.keys {
		text(e.key)
		switch v := e.value.(type) {
		case uint32:
			put(uint32(4))
			put(v)
		case int32:
			put(uint32(5))
			put(v)
		case float32:
			put(uint32(6))
			put(v)
		case bool:
			put(uint32(7))
			put(v)
		case string:
			put(uint32(8))
			text(v)
		case []string:
			put([]uint32{9, 8})
			put(uint64(len(v)))
			for _, s := range v {
				text(s)
			}
		case []float32:
			put([]uint32{9, 6})
			put(uint64(len(v)))
			put(v)
		case []int32:
			put([]uint32{9, 5})
			put(uint64(len(v)))
			put(v)
		case []byte: // as it is
			b.Write(v)
		}
	}
	pad := func(n int) int { return (n + g.alignment - 1) / g.alignment * g.alignment }
	offset := 0
	for _, d := range g.tensors {
		text(d.name)
		put(uint32(len(d.shape)))
		put(d.shape)
		put(d.kind)
		put(uint64(offset))
		offset += pad(len(d.data))
	}
	for _, d := range g.tensors {
		b.Write(make([]byte, pad(b.Len())-b.Len()))
		b.Write(d.data)
	}
	b.Write(make([]byte, pad(b.Len())-b.Len()))
	return b.Bytes()
}

// vocabulary holds the tokens of a sketch: unknown, begin, end, the bytes, a token of the user's, and pieces of the sayings.
type vocabulary struct {
	pieces []string
	scores []float32
	kinds  []int32
}

func (s sketch) vocabulary(random *rand.Rand) vocabulary {
	var v vocabulary
	known := map[string]bool{}
	put := func(piece string, score float32, kind int32) {
		if !known[piece] && len(v.pieces) < s.tokens {
			known[piece] = true
			v.pieces, v.scores, v.kinds = append(v.pieces, piece), append(v.scores, score), append(v.kinds, kind)
		}
	}
	put("<unk>", 0, 2)
	put("<s>", 0, 3)
	put("</s>", 0, 3)
	for i := range 256 {
		put(fmt.Sprintf("<0x%02X>", i), 0, 6)
	}
	put("<tool>", 0, 4)
	put("<tool>ing", 0, 4)
	for _, saying := range s.words {
		for _, r := range "▁" + saying {
			// Of the other scripts only some characters are there, so that bytes are needed too.
			if r < 0x250 || r%3 > 0 {
				put(string(r), -100, 1)
			}
		}
	}
	for range 20 * s.tokens {
		text := []rune("▁" + string(bytes.ReplaceAll([]byte(s.words[random.IntN(len(s.words))]), []byte(" "), []byte("▁"))))
		from := random.IntN(len(text))
		to := from + 2 + random.IntN(6)
		if to > len(text) {
			continue
		}
		for n := from + 2; n <= to; n++ { // a merge needs what it is merged from
			put(string(text[from:n]), -float32(random.IntN(40)), 1) // few scores, so many ties
		}
	}
	return v
}

// sayings are in many scripts.
var sayings = []string{
	"trade a hundred coins for some others, please",
	"move it all to my other account >",
	"what do I have? [\"none\"] {\"a\":1}",
	"Überweise dreißig Münzen an die größte Adresse",
	"échange la moitié contre l'autre, s'il te plaît",
	"cámbialo mañana por la mañana, ¿vale?",
	"обменяй половину на другую монету",
	"ανταλλαγή των μισών με άλλα νομίσματα",
	"半分を別のコインに交換してください",
	"把一半换成另一种币，谢谢",
	"절반을 다른 코인으로 바꿔줘",
	"بدّل نصف العملات بأخرى من فضلك",
	"החלף חצי במטבע אחר בבקשה",
	"आधे सिक्के दूसरे में बदल दो",
	"แลกครึ่งหนึ่งเป็นเหรียญอื่น",
	"đổi một nửa sang đồng khác nhé",
	"yarısını başka bir jetona çevir lütfen",
	"emoji 🚀🚀 to the 🌕 and 👩‍👩‍👧‍👦 back",
	"0x52908400098527886E0F7030069857D2E4169EE7 1,234.56 -7e-3 50%",
	"tabs\tand\nlines\r\nand  two   three    spaces ",
}
