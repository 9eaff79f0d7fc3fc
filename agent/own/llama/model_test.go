package llama_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/agent/own/llama"
)

func TestWhatIsFedDecidesAndNotHowItIsSplit(t *testing.T) {
	m := tiny().load(t)
	long := planner(0)
	long.depth, long.tokens = 2, 600
	for name, m := range map[string]*llama.Model{"tiny": m, "longer than a batch": long.load(t)} {
		t.Run(name, func(t *testing.T) {
			s := m.Start()
			rapid.Check(t, func(t *rapid.T) {
				tokens := rapid.SliceOfN(rapid.Int32Range(0, int32(m.Tokens()-1)), 1, m.Context()).Draw(t, "tokens")
				once := slices.Clone(feed(t, m.Start(), tokens))
				s.Reset() // a used State is as good as a new one
				var last []float32
				for rest := tokens; len(rest) > 0; {
					n := rapid.IntRange(1, len(rest)).Draw(t, "n")
					last = feed(t, s, rest[:n])
					rest = rest[n:]
				}
				if !slices.Equal(once, last) {
					t.Fatal("fed in parts, the logits differ")
				}
			})
		})
	}
}

func TestLogitsDependOnEachTokenAndItsPlace(t *testing.T) {
	m := tiny().load(t)
	tokens := []int32{1, 270, 280, 290, 300}
	was := slices.Clone(feed(t, m.Start(), tokens))
	for i := range tokens {
		other := slices.Clone(tokens)
		other[i] = 310
		if slices.Equal(was, feed(t, m.Start(), other)) {
			t.Errorf("token %d does not count", i)
		}
	}
	if slices.Equal(was, feed(t, m.Start(), []int32{1, 280, 270, 290, 300})) {
		t.Error("the order does not count")
	}
}

func TestFeedRefusesWhatItCannotTake(t *testing.T) {
	m := tiny().load(t)
	s := m.Start()
	was := slices.Clone(feed(t, s, []int32{1, 270}))
	for _, c := range []struct {
		tokens []int32
		want   error
	}{
		{nil, llama.ErrToken},
		{[]int32{-1}, llama.ErrToken},
		{[]int32{270, int32(m.Tokens())}, llama.ErrToken},
		{make([]int32, m.Context()-1), llama.ErrContext},
	} {
		if _, err := s.Feed(c.tokens); !errors.Is(err, c.want) {
			t.Errorf("%v: got %v, want %v", c.tokens, err, c.want)
		}
	}
	feed(t, s, make([]int32, m.Context()-2))
	s.Reset()
	if !slices.Equal(was, feed(t, s, []int32{1, 270})) {
		t.Error("what was refused left a trace")
	}
}

func TestNumbersThatAreNotFiniteAreAnErrorAndLeaveNoTrace(t *testing.T) {
	k := tiny()
	k.ownOutput = true
	k.change = func(g *gguf) { // only token 300 has a first component, and only that is blown up
		table := make([]float32, k.width*int(g.tensor("token_embd.weight").shape[1]))
		for i := range table {
			table[i] = float32(i%k.width) * float32(i%7)
		}
		table[300*k.width] = 1000
		blown := make([]float32, k.width*k.width/k.heads*k.kvHeads)
		for i := range blown {
			blown[i] = 0.1
			if i%k.width == 0 {
				blown[i] = math.MaxFloat32
			}
		}
		g.tensor("token_embd.weight").data, g.tensor("blk.0.attn_v.weight").data = floats(table), floats(blown)
	}
	m := k.load(t)
	s := m.Start()
	was := slices.Clone(feed(t, s, []int32{1, 270}))
	if _, err := s.Feed([]int32{300, 1}); !errors.Is(err, llama.ErrNotFinite) {
		t.Fatalf("got %v", err)
	}
	if !slices.Equal(was, feed(t, s, []int32{1, 270})) {
		t.Error("after the error the State is not empty")
	}
}

func TestFeedDoesNotAllocate(t *testing.T) {
	m := tiny().load(t)
	s, tokens := m.Start(), []int32{1, 270, 280, 290}
	if n := testing.AllocsPerRun(20, func() {
		s.Reset()
		feed(t, s, tokens)
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestEachTypeOfTensorHoldsTheSameModel(t *testing.T) {
	k := planner(0)
	k.depth, k.tokens = 2, 600
	tokens := []int32{1, 270, 280, 290, 300, 400}
	exact := slices.Clone(feed(t, k.load(t).Start(), tokens))
	for kind, tolerance := range map[uint32]float64{1: 0.01, 8: 0.6} { // logits of this model are some five in size
		k.kind = kind
		var worst float64
		for i, l := range feed(t, k.load(t).Start(), tokens) {
			worst = max(worst, math.Abs(float64(l-exact[i])))
		}
		if worst > tolerance || worst == 0 {
			t.Errorf("type %d is off by %v", kind, worst)
		}
	}
}

func TestATextIsTheTextOfItsTokens(t *testing.T) {
	k := planner(0)
	k.depth, k.bos = 1, false
	m := k.load(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.StringN(1, 60, -1), rapid.SampledFrom(sayings), rapid.StringMatching(`[a-z ]{1,40}`)).Draw(t, "text")
		if strings.ContainsRune(text, '<') || strings.ContainsRune(text, '▁') {
			return
		}
		var b strings.Builder
		for _, id := range m.Tokenize(text) {
			b.WriteString(m.Piece(id))
		}
		if b.String() != " "+text {
			t.Fatalf("%q became %q", text, b.String())
		}
	})
}

func TestTokensAreMergedByScoreAndFromTheLeft(t *testing.T) {
	k := tiny()
	k.change = func(g *gguf) {
		pieces := g.keys[slices.IndexFunc(g.keys, func(e entry) bool { return e.key == "tokenizer.ggml.tokens" })].value.([]string)
		scores := make([]float32, len(pieces))
		for i, p := range []string{"▁", "a", "b", "c", "ab", "bc", "abc", "▁a", "aa", "ca"} {
			pieces[len(pieces)-10+i] = p + "" // the last ten
			scores[len(pieces)-10+i] = map[string]float32{"ab": -2, "bc": -1, "abc": -5, "▁a": -3, "aa": -2, "ca": -2}[p]
		}
		for i := 261; i < len(pieces)-10; i++ {
			pieces[i] = strings.Repeat("z", i)
		}
		g.set("tokenizer.ggml.tokens", pieces)
		g.set("tokenizer.ggml.scores", scores)
	}
	m := k.load(t)
	for text, want := range map[string]string{
		"":                  "<s>",
		"a":                 "<s>|▁a",
		"abc":               "<s>|▁a|bc",
		"aaa":               "<s>|▁|aa|a",
		" abc":              "<s>|▁|▁a|bc",
		"babc":              "<s>|▁|b|abc",
		"cab":               "<s>|▁|ca|b",
		"é":                 "<s>|▁|<0xC3>|<0xA9>",
		"\xff\xe2b":         "<s>|▁|<0xFF>|<0xE2>|<0x62>",
		"a<s>a":             "<s>|▁a|<s>|▁a",
		"<tool>inga<tool>a": "<s>|<tool>ing|▁a|<tool>|▁a",
	} {
		var got []string
		for _, id := range m.Tokenize(text) {
			for _, p := range append([]string{"<s>", "<tool>", "<tool>ing", "▁", "a", "b", "c", "ab", "bc", "abc", "▁a", "aa", "ca"}, byteNames...) {
				if own, ok := m.Lookup(p); ok && own == id {
					got = append(got, p)
				}
			}
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q: got %s, want %s", text, strings.Join(got, "|"), want)
		}
	}
}

var byteNames = []string{"<0xC3>", "<0xA9>", "<0xFF>", "<0xE2>", "<0x62>"}

type failer interface {
	Helper()
	Fatal(...any)
}

func feed(t failer, s *llama.State, tokens []int32) []float32 {
	t.Helper()
	logits, err := s.Feed(tokens)
	if err != nil {
		t.Fatal(err)
	}
	return logits
}
