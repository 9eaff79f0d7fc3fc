package solve

import "math"

// thin empties ways that the others can carry.
//
// Where ways share arcs, input can move in circles between them with every arc's flow as before: around two ways to a token and two on
// from it, four paths are one too many. As an arc's flow is worth the same whichever way brings it, such circles are the null space of
// the table of which way uses which arc. The ways are taken one by one into a basis, as in the simplex method; one that depends on
// those before it is moved along its circle until a way is empty. Fewer paths use less gas, and pools of Uniswap V2 pay a little less
// for two trades than for one of the sum.
type thin struct {
	rows  []float64 // one for each arc that two ways use
	row   []int32   // of each arc of the scope, or -1
	basis []int32   // the way of each row, or -1
}

func (t *thin) out(s *scope, b *balance) {
	n := len(b.ways)
	t.row = grown(t.row, len(s.edges), -1)
	for i := range b.ways {
		for _, e := range b.ways[i].arcs[:b.ways[i].hops] {
			b.uses[e]++
		}
	}
	m := 0
	for _, e := range b.onWay {
		if b.uses[e] > 1 {
			t.row[e] = int32(m)
			m++
		}
	}
	t.rows, t.basis = grown(t.rows, m*n, 0), grown(t.basis, m, -1)
	for i := range b.ways {
		for _, e := range b.ways[i].arcs[:b.ways[i].hops] {
			if r := t.row[e]; r >= 0 {
				t.rows[int(r)*n+i] = 1
			}
		}
	}
	for i := range b.ways {
		if own(b, &b.ways[i]) {
			continue
		}
		t.enter(b, m, n, i)
	}
	for _, e := range b.onWay {
		b.uses[e] = 0
	}
}

// own says whether a way has an arc of its own, which no other can carry.
func own(b *balance, w *way) bool {
	for _, e := range w.arcs[:w.hops] {
		if b.uses[e] == 1 {
			return true
		}
	}
	return false
}

const zero = 1e-9 // entries are small integers and their quotients

// enter takes a way into the basis, or moves input along its circle.
func (t *thin) enter(b *balance, m, n, at int) {
	for r := range m {
		if t.basis[r] < 0 && math.Abs(t.rows[r*n+at]) > zero {
			t.pivot(m, n, r, at)
			return
		}
	}
	// One unit more of this way takes rows[r] of each basic one.
	up, down := math.Inf(1), b.ways[at].in
	upRow, downRow := -1, -1
	for r := range m {
		w := t.basis[r]
		if w < 0 {
			continue
		}
		share := t.rows[r*n+at]
		if share > zero && b.ways[w].in/share < up {
			up, upRow = b.ways[w].in/share, r
		}
		if share < -zero && b.ways[w].in/-share < down {
			down, downRow = b.ways[w].in/-share, r
		}
	}
	move, leaves := -down, downRow
	if up < down {
		move, leaves = up, upRow
	}
	for r := range m {
		if w := t.basis[r]; w >= 0 {
			b.ways[w].in = max(0, b.ways[w].in-move*t.rows[r*n+at])
		}
	}
	b.ways[at].in = max(0, b.ways[at].in+move)
	if leaves < 0 {
		b.ways[at].in = 0
		return
	}
	b.ways[t.basis[leaves]].in = 0
	t.pivot(m, n, leaves, at)
}

func (t *thin) pivot(m, n, row, col int) {
	line := t.rows[row*n : row*n+n]
	by := 1 / line[col]
	for j := range line {
		line[j] *= by
	}
	for r := range m {
		f := t.rows[r*n+col]
		if r == row || f == 0 {
			continue
		}
		other := t.rows[r*n : r*n+n]
		for j, v := range line {
			if v != 0 {
				other[j] -= f * v
			}
		}
	}
	t.basis[row] = int32(col)
}
