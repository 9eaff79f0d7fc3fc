package llama_test

import (
	"fmt"
	"testing"

	"github.com/keymaker-agent/keymaker/agent/own/llama"
)

// An answer is fifty tokens of a prompt and ten of the answer, one after the other.
func BenchmarkAnswer(b *testing.B) {
	for _, c := range []struct{ width, depth, feed, heads, kvHeads int }{
		{128, 4, 384, 4, 4},
		{160, 5, 448, 5, 5},
		{192, 6, 512, 6, 6},
		{192, 6, 512, 6, 2},
	} {
		k := planner(0)
		k.width, k.depth, k.feed, k.heads, k.kvHeads = c.width, c.depth, c.feed, c.heads, c.kvHeads
		m := k.load(b)
		s, prompt := m.Start(), make([]int32, 50)
		for i := range prompt {
			prompt[i] = int32(300 + 7*i)
		}
		b.Run(fmt.Sprintf("%dx%d feed %d heads %d of %d", c.depth, c.width, c.feed, c.heads, c.kvHeads), func(b *testing.B) {
			for b.Loop() {
				s.Reset()
				feed(b, s, prompt)
				for i := range 10 {
					feed(b, s, prompt[i:][:1])
				}
			}
		})
		b.Run("its prompt alone", func(b *testing.B) {
			for b.Loop() {
				s.Reset()
				feed(b, s, prompt)
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	for kind, name := range map[uint32]string{0: "F32", 1: "F16", 8: "Q8_0"} {
		file := planner(kind).file()
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			for b.Loop() {
				if _, err := llama.Load(file); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkTokenize(b *testing.B) {
	m := planner(0).load(b)
	for b.Loop() {
		m.Tokenize("trade a hundred coins for some others, please, and move it all to my other account")
	}
}
