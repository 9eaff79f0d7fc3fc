package llama

import "math"

// normalize is RMSNorm: to = gain x / sqrt(mean(x^2) + epsilon).
func normalize(to, x, gain []float32, epsilon float32) {
	var sum float64
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	scale := float32(1 / math.Sqrt(sum/float64(len(x))+float64(epsilon)))
	for i, v := range x {
		to[i] = v * scale * gain[i]
	}
}

// angles are cos and sin of position * base^(-2i/head), one row a position and one column a pair.
func angles(positions, head int, base float32) (cos, sin matrix) {
	cos, sin = newMatrix(positions, head/2), newMatrix(positions, head/2)
	for i := range head / 2 {
		speed := math.Pow(float64(base), -2*float64(i)/float64(head))
		for p := range positions {
			s, c := math.Sincos(float64(p) * speed)
			cos.row(p)[i], sin.row(p)[i] = float32(c), float32(s)
		}
	}
	return cos, sin
}

// turn is RoPE on rows that hold whole heads: neighbours are a pair.
func (m *Model) turn(rows matrix, position int) {
	for r := range rows.rows {
		cos, sin := m.cos.row(position+r), m.sin.row(position+r)
		for head := rows.row(r); len(head) > 0; head = head[m.head:] {
			for i, c := range cos {
				a, b := head[2*i], head[2*i+1]
				head[2*i], head[2*i+1] = a*c-b*sin[i], a*sin[i]+b*c
			}
		}
	}
}

// softmax turns the first n numbers into weights that add up to one, and the others into zero.
func softmax(row []float32, n int, scale float32) {
	highest := row[0]
	for _, v := range row[:n] {
		highest = max(highest, v)
	}
	var sum float32
	for i, v := range row[:n] {
		row[i] = exp((v - highest) * scale)
		sum += row[i]
	}
	for i := range n {
		row[i] /= sum
	}
	clear(row[n:])
}

// swiglu is gate = silu(gate) up, with silu(y) = y / (1 + e^-y).
func swiglu(gate, up []float32) {
	for i, y := range gate {
		gate[i] = y / (1 + exp(-y)) * up[i]
	}
}

func add(to, x matrix) {
	for r := range to.rows {
		row := to.row(r)
		for i, v := range x.row(r) {
			row[i] += v
		}
	}
}

// exp is e^x in float32, to two units in the last place: x = k ln 2 + r with |r| <= ln 2 / 2, e^x = 2^k e^r, and e^r is the
// polynomial of Cephes (Moshier, expf.c). It is several times faster than widening for math.Exp.
func exp(x float32) float32 {
	switch {
	case x < -87:
		return 0
	case x > 88:
		return float32(math.Inf(1))
	case x != x:
		return x
	}
	const shift = 3 << 22 // adding it rounds to a whole number
	k := x*math.Log2E + shift
	k -= shift
	r := x - k*0.693359375
	r -= k * -2.12194440e-4
	p := float32(1.9875691500e-4)
	p = p*r + 1.3981999507e-3
	p = p*r + 8.3334519073e-3
	p = p*r + 4.1665795894e-2
	p = p*r + 1.6666665459e-1
	p = p*r + 5.0000001201e-1
	return (p*r*r + r + 1) * math.Float32frombits(uint32(int32(k)+127)<<23)
}
