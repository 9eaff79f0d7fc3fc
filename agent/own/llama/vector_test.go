package llama

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestBothWaysToMultiplyAreRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, outs, n := rapid.IntRange(1, 9).Draw(t, "rows"), rapid.IntRange(4, 19).Draw(t, "outs"), 8*rapid.IntRange(1, 9).Draw(t, "n")
		draw := func(rows, cols int) matrix {
			m := newMatrix(rows+2, cols+8).part(1, rows, 8, cols) // a part of more, as in the cache
			for i := range m.data {
				m.data[i] = float32(rapid.IntRange(-1000, 1000).Draw(t, "v")) / 100
			}
			return m
		}
		x, w := draw(rows, n), draw(outs, n)
		fast, slow := newMatrix(rows+1, outs), newMatrix(rows, outs)
		multiply(fast.part(0, rows, 0, outs), x, w)
		multiplySlow(slow, x, w)
		for i := range rows {
			for j := range outs {
				var want, size float64
				for c, v := range x.row(i) {
					want += float64(v) * float64(w.row(j)[c])
					size += math.Abs(float64(v) * float64(w.row(j)[c]))
				}
				for _, got := range []float32{fast.row(i)[j], slow.row(i)[j]} {
					if math.Abs(float64(got)-want) > 1e-6*size {
						t.Fatalf("row %d, output %d: got %v, want %v", i, j, got, want)
					}
				}
			}
		}
		for _, v := range fast.row(rows) {
			if v != 0 {
				t.Fatal("it wrote beyond its rows")
			}
		}
	})
}

func TestExpIsRightToTheLastPlaces(t *testing.T) {
	for x := float32(-87); x < 88; x += 0.0037 {
		want := math.Exp(float64(x))
		if off := math.Abs(float64(exp(x))/want - 1); off > 2.5e-7 {
			t.Fatalf("exp(%v) is off by %v", x, off)
		}
	}
	for x, want := range map[float32]float32{0: 1, -1000: 0, float32(math.Inf(-1)): 0, 1000: float32(math.Inf(1)), float32(math.Inf(1)): float32(math.Inf(1))} {
		if got := exp(x); got != want {
			t.Errorf("exp(%v) = %v", x, got)
		}
	}
	if nan := exp(float32(math.NaN())); nan == nan {
		t.Errorf("exp of no number is %v", nan)
	}
}

func TestEveryHalfIsWidenedExactly(t *testing.T) {
	for h := range 1 << 16 {
		sign, exponent, fraction := 1-2*float64(h>>15), h>>10&31, float64(h&1023)
		want := sign * math.Ldexp(1+fraction/1024, exponent-15)
		switch {
		case exponent == 0:
			want = sign * math.Ldexp(fraction, -24)
		case exponent == 31 && fraction == 0:
			want = sign * math.Inf(1)
		case exponent == 31:
			want = math.NaN()
		}
		if got := float64(half(uint16(h))); got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Fatalf("%04x is %v, want %v", h, got, want)
		}
	}
}
