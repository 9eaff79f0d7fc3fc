package llama

import (
	"fmt"
	"math"
)

// batch is how many tokens go through the layers at once. A longer prompt goes in parts; the buffers of one part stay in the
// processor's second cache.
const batch = 64

// State is one text in the making: the keys and values of all tokens so far. It is for one goroutine.
type State struct {
	model *Model
	n     int // tokens so far

	keys   []matrix // of each layer: one row a position
	values []matrix // of each layer: one row a component, one column a position, so that attention is a product like all others

	x, h, q, v, mixed matrix // of each token of a batch
	gate, up          matrix
	weights           matrix // of one head: one row a token of the batch, one column a position
	logits            matrix
}

// padded is the context with room for whole lanes.
func (s sizes) padded() int { return (s.context + lanes - 1) / lanes * lanes }

// stateBytes is about what a State and the tables of angles take.
func (s sizes) stateBytes() int64 {
	positions, kv := int64(s.padded()), int64(s.kvHeads*s.head)
	return 4 * (2*int64(s.depth)*kv*positions + batch*int64(5*s.width+2*s.feed+s.padded()) + int64(s.head)*positions)
}

// Start makes an empty State, which has all the memory that it will ever need.
func (m *Model) Start() *State {
	positions, kv := m.padded(), m.kvHeads*m.head
	s := &State{
		model:   m,
		keys:    make([]matrix, m.depth),
		values:  make([]matrix, m.depth),
		x:       newMatrix(batch, m.width),
		h:       newMatrix(batch, m.width),
		q:       newMatrix(batch, m.width),
		mixed:   newMatrix(batch, m.width),
		v:       newMatrix(batch, kv),
		gate:    newMatrix(batch, m.feed),
		up:      newMatrix(batch, m.feed),
		weights: newMatrix(batch, positions),
		logits:  newMatrix(1, m.Tokens()),
	}
	for i := range m.layers {
		s.keys[i], s.values[i] = newMatrix(positions, kv), newMatrix(kv, positions)
	}
	return s
}

// Reset makes the State empty again.
func (s *State) Reset() { s.n = 0 }

// Feed appends tokens and returns the logits of the token after the last of them. The slice is overwritten by the next Feed.
// After an error the State is as it was before, but for ErrNotFinite, which empties it.
func (s *State) Feed(tokens []int32) ([]float32, error) {
	m := s.model
	if len(tokens) == 0 {
		return nil, fmt.Errorf("%w: there is none to feed", ErrToken)
	}
	if len(tokens) > m.context-s.n {
		return nil, fmt.Errorf("%w: %d after %d, it holds %d", ErrContext, len(tokens), s.n, m.context)
	}
	for _, id := range tokens {
		if uint64(uint32(id)) >= uint64(m.Tokens()) {
			return nil, fmt.Errorf("%w: %d, it has %d", ErrToken, id, m.Tokens())
		}
	}
	for len(tokens) > batch {
		s.through(tokens[:batch], false)
		tokens = tokens[batch:]
	}
	s.through(tokens, true)
	for _, l := range s.logits.data {
		if !finite(l) {
			s.clear()
			return nil, ErrNotFinite
		}
	}
	return s.logits.data, nil
}

// clear forgets numbers that are not finite: zero times one of them would not be zero.
func (s *State) clear() {
	s.n = 0
	for i := range s.keys {
		clear(s.keys[i].data)
		clear(s.values[i].data)
	}
}

// through takes the tokens of one batch through all layers. Behind the last layer's keys and values only the last token counts,
// and only if the logits are wanted.
func (s *State) through(tokens []int32, wanted bool) {
	m, n := s.model, len(tokens)
	x := s.x.part(0, n, 0, m.width)
	for i, id := range tokens {
		copy(x.row(i), m.embedding.row(int(id)))
	}
	for i := range m.layers {
		from := 0
		if i == m.depth-1 {
			from = n - 1
		}
		s.remember(i, x)
		if from == 0 || wanted {
			rest, h := x.part(from, n-from, 0, m.width), s.h.part(from, n-from, 0, m.width)
			s.attend(i, rest, h, s.n+from)
			s.feedForward(i, rest, h)
		}
	}
	s.n += n
	if wanted {
		h := s.h.part(0, 1, 0, m.width)
		normalize(h.row(0), x.row(n-1), m.norm, m.epsilon)
		multiply(s.logits, h, m.output)
	}
}

// remember appends the keys and values of the tokens in x to those of the layer. It leaves the tokens normalized in h.
func (s *State) remember(i int, x matrix) {
	m, l := s.model, &s.model.layers[i]
	h, v := s.h.part(0, x.rows, 0, m.width), s.v.part(0, x.rows, 0, s.v.cols)
	for r := range x.rows {
		normalize(h.row(r), x.row(r), l.attentionNorm, m.epsilon)
	}
	keys := s.keys[i].part(s.n, x.rows, 0, s.keys[i].cols)
	multiply(keys, h, l.k)
	m.turn(keys, s.n)
	multiply(v, h, l.v)
	values := s.values[i]
	for r := range x.rows {
		for c, number := range v.row(r) {
			values.data[c*values.stride+s.n+r] = number
		}
	}
}

// attend adds to each token in x, the first of which is at the given position, what it draws from itself and those before. The
// tokens come normalized in h, which is then used up.
func (s *State) attend(i int, x, h matrix, position int) {
	m, l := s.model, &s.model.layers[i]
	q, mixed := s.q.part(0, x.rows, 0, m.width), s.mixed.part(0, x.rows, 0, m.width)
	multiply(q, h, l.q)
	m.turn(q, position)

	seen := (position + x.rows + lanes - 1) / lanes * lanes // a few after the last, whose weights are zero
	weights := s.weights.part(0, x.rows, 0, seen)
	scale := float32(1 / math.Sqrt(float64(m.head)))
	for head := range m.heads {
		at, from := head*m.head, head/(m.heads/m.kvHeads)*m.head
		multiply(weights, q.part(0, x.rows, at, m.head), s.keys[i].part(0, seen, from, m.head))
		for r := range x.rows {
			softmax(weights.row(r), position+r+1, scale)
		}
		multiply(mixed.part(0, x.rows, at, m.head), weights, s.values[i].part(from, m.head, 0, seen))
	}
	multiply(h, mixed, l.o)
	add(x, h)
}

func (s *State) feedForward(i int, x, h matrix) {
	m, l := s.model, &s.model.layers[i]
	for r := range x.rows {
		normalize(h.row(r), x.row(r), l.feedNorm, m.epsilon)
	}
	gate, up := s.gate.part(0, x.rows, 0, m.feed), s.up.part(0, x.rows, 0, m.feed)
	multiply(gate, h, l.gate)
	multiply(up, h, l.up)
	for r := range x.rows {
		swiglu(gate.row(r), up.row(r))
	}
	multiply(h, gate, l.down)
	add(x, h)
}
