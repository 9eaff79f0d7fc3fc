package llama

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"
	"strings"
)

// The types of tokens, as llama.cpp numbers them.
const (
	tokenNormal = iota + 1
	tokenUnknown
	tokenControl
	tokenUserDefined
	tokenUnused
	tokenByte
)

// space stands for a space in the vocabulary.
const space = "\u2581"

// tokenizer is llama.cpp's tokenizer of the kind "llama" (SPM, after SentencePiece), with special tokens read from the text, as
// Ollama has it. Which tokens are special is told by their type alone.
type tokenizer struct {
	pieces      []string
	scores      []float32
	kinds       []int32
	ids         map[string]int32
	bytes       [256]int32
	special     []int32 // control, unknown and user-defined tokens, the longest first
	bos, eos    int32
	addBOS      bool
	spacePrefix bool
}

func newTokenizer(m *metadata) (*tokenizer, error) {
	t := &tokenizer{
		pieces:      must[[]string](m, "tokenizer.ggml.tokens"),
		scores:      must[[]float32](m, "tokenizer.ggml.scores"),
		kinds:       must[[]int32](m, "tokenizer.ggml.token_type"),
		bos:         int32(may(m, "tokenizer.ggml.bos_token_id", uint32(1))),
		eos:         int32(may(m, "tokenizer.ggml.eos_token_id", uint32(2))),
		addBOS:      may(m, "tokenizer.ggml.add_bos_token", true),
		spacePrefix: may(m, "tokenizer.ggml.add_space_prefix", true),
	}
	kind, addEOS := must[string](m, "tokenizer.ggml.model"), may(m, "tokenizer.ggml.add_eos_token", false)
	n := len(t.pieces)
	switch {
	case m.err != nil:
		return nil, m.err
	case kind != "llama":
		return nil, fmt.Errorf("%w: the tokenizer is %.32q, llama is the one that runs here", ErrUnsupported, kind)
	case addEOS:
		return nil, fmt.Errorf("%w: the tokenizer ends prompts with the end of a text", ErrUnsupported)
	case len(t.scores) != n || len(t.kinds) != n:
		return nil, fmt.Errorf("%w: %d tokens have %d scores and %d types", ErrBroken, n, len(t.scores), len(t.kinds))
	case uint64(uint32(t.bos)) >= uint64(n) || uint64(uint32(t.eos)) >= uint64(n):
		return nil, fmt.Errorf("%w: the begin or the end of a text is not among the %d tokens", ErrBroken, n)
	}
	return t, t.index()
}

// index fills in what is looked up while a text is read. Without all bytes there would be texts that can't be told.
func (t *tokenizer) index() error {
	t.ids = make(map[string]int32, len(t.pieces))
	for i, piece := range t.pieces {
		id, kind := int32(i), t.kinds[i]
		if _, twice := t.ids[piece]; twice || piece == "" {
			return fmt.Errorf("%w: token %d, %.64q, is empty or there twice", ErrBroken, id, piece)
		}
		if kind < tokenNormal || kind > tokenByte || !finite(t.scores[i]) {
			return fmt.Errorf("%w: token %d, %.64q, has type %d and score %v", ErrBroken, id, piece, kind, t.scores[i])
		}
		t.ids[piece] = id
		if kind == tokenControl || kind == tokenUnknown || kind == tokenUserDefined {
			t.special = append(t.special, id)
		}
	}
	slices.SortStableFunc(t.special, func(a, b int32) int { return cmp.Compare(len(t.pieces[b]), len(t.pieces[a])) })
	for b := range t.bytes {
		id, ok := t.ids[fmt.Sprintf("<0x%02X>", b)]
		if !ok || t.kinds[id] != tokenByte {
			return fmt.Errorf("%w: the vocabulary has no token of type %d for the byte <0x%02X>", ErrBroken, tokenByte, b)
		}
		t.bytes[b] = id
	}
	return nil
}

// tokenize begins with the begin of a text, if the model wants it. Special tokens are cut out first; what lies between them is
// split into characters and merged.
func (t *tokenizer) tokenize(text string) []int32 {
	var out []int32
	if t.addBOS {
		out = append(out, t.bos)
	}
	afterSpecial := true
	for _, f := range t.partition(text) {
		if f.special >= 0 {
			out, afterSpecial = append(out, f.special), true
			continue
		}
		if t.spacePrefix && afterSpecial {
			f.text = " " + f.text
		}
		out, afterSpecial = t.merge(strings.ReplaceAll(f.text, " ", space), out), false
	}
	return out
}

// fragment is a special token, or a text where special is negative.
type fragment struct {
	text    string
	special int32
}

func (t *tokenizer) partition(text string) []fragment {
	all := []fragment{{text, -1}}
	if text == "" {
		return nil
	}
	for _, id := range t.special {
		piece := t.pieces[id]
		if !strings.Contains(text, piece) {
			continue
		}
		var next []fragment
		for _, f := range all {
			if f.special >= 0 {
				next = append(next, f)
				continue
			}
			for i, part := range strings.Split(f.text, piece) {
				if i > 0 {
					next = append(next, fragment{special: id})
				}
				if part != "" {
					next = append(next, fragment{part, -1})
				}
			}
		}
		all = next
	}
	return all
}

// symbol is a run of the text between two neighbours; one of length zero was merged into its left neighbour.
type symbol struct {
	from, n    int
	prev, next int
}

// pair is a merge that may be done: the symbols left and right make up a token of n bytes.
type pair struct {
	left, right, n int
	score          float32
}

// pairs is a heap: the highest score is first, and of equal ones the leftmost.
type pairs []pair

func (p pairs) Len() int { return len(p) }
func (p pairs) Less(i, j int) bool {
	return p[i].score > p[j].score || p[i].score == p[j].score && p[i].left < p[j].left
}
func (p pairs) Swap(i, j int) { p[i], p[j] = p[j], p[i] }
func (p *pairs) Push(x any)   { *p = append(*p, x.(pair)) }
func (p *pairs) Pop() any {
	last := len(*p) - 1
	x := (*p)[last]
	*p = (*p)[:last]
	return x
}

// merge joins neighbours whose text is a token, best score first, until none is left, and appends the tokens. A character that
// is no token becomes its bytes.
func (t *tokenizer) merge(text string, out []int32) []int32 {
	symbols := characters(text)
	var queue pairs
	try := func(left, right int) {
		if left < 0 || right < 0 {
			return
		}
		n := symbols[left].n + symbols[right].n
		if id, ok := t.ids[text[symbols[left].from:][:n]]; ok {
			heap.Push(&queue, pair{left, right, n, t.scores[id]})
		}
	}
	for i := 1; i < len(symbols); i++ {
		try(i-1, i)
	}
	for len(queue) > 0 {
		p := heap.Pop(&queue).(pair)
		left, right := &symbols[p.left], &symbols[p.right]
		if left.n == 0 || right.n == 0 || left.n+right.n != p.n {
			continue // one of them was merged in the meantime
		}
		left.n, right.n = p.n, 0
		left.next = right.next
		if right.next >= 0 {
			symbols[right.next].prev = p.left
		}
		try(left.prev, p.left)
		try(p.left, left.next)
	}
	for i := 0; i >= 0; i = symbols[i].next {
		s := text[symbols[i].from:][:symbols[i].n]
		if id, ok := t.ids[s]; ok {
			out = append(out, id)
			continue
		}
		for _, b := range []byte(s) {
			out = append(out, t.bytes[b])
		}
	}
	return out
}

// characters splits by the first byte of each character alone, so that it takes any bytes.
func characters(text string) []symbol {
	var all []symbol
	for at := 0; at < len(text); {
		n := 1
		switch b := text[at]; {
		case b >= 0xF0:
			n = 4
		case b >= 0xE0:
			n = 3
		case b >= 0xC0:
			n = 2
		}
		n = min(n, len(text)-at)
		all = append(all, symbol{from: at, n: n, prev: len(all) - 1, next: len(all) + 1})
		at += n
	}
	all[len(all)-1].next = -1
	return all
}

// text is what a token spells in an answer.
func (t *tokenizer) text(id int32) string {
	piece := t.pieces[id]
	switch t.kinds[id] {
	case tokenNormal:
		return strings.ReplaceAll(piece, space, " ")
	case tokenByte:
		for b, own := range t.bytes {
			if own == id {
				return string([]byte{byte(b)})
			}
		}
		return ""
	case tokenUnused:
		return ""
	}
	return piece
}
