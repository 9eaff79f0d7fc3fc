package llama

// matrix is a view of rows of float32. Only its methods index into data beyond a row.
type matrix struct {
	data       []float32
	rows, cols int
	stride     int
}

func newMatrix(rows, cols int) matrix {
	return matrix{data: make([]float32, rows*cols), rows: rows, cols: cols, stride: cols}
}

func (m matrix) row(i int) []float32 { return m.data[i*m.stride:][:m.cols] }

// part is the view of some rows and columns.
func (m matrix) part(row, rows, col, cols int) matrix {
	if rows < 1 || row+rows > m.rows || col+cols > m.cols {
		panic("llama: a part lies outside its matrix")
	}
	from := row*m.stride + col
	return matrix{data: m.data[from : from+(rows-1)*m.stride+cols], rows: rows, cols: cols, stride: m.stride}
}

// lanes is what lengths of rows and numbers of weights are multiples of.
const lanes = 8

// multiply stores x times the transpose of w: dst[i][j] is the dot product of row i of x and row j of w. Rows are as long as a
// multiple of lanes, and w has at least four. Each product is summed in the same order whatever the other rows are.
func multiply(dst, x, w matrix) {
	if x.cols != w.cols || dst.rows != x.rows || dst.cols != w.rows || x.cols == 0 || x.cols%lanes != 0 || w.rows < 4 {
		panic("llama: these matrices don't multiply")
	}
	if !fused {
		multiplySlow(dst, x, w)
		return
	}
	for j := 0; j < w.rows; j += 4 {
		j := min(j, w.rows-4) // the last four may overlap those before
		four := &w.data[j*w.stride]
		if x.rows < 3 {
			for i := range x.rows {
				dot1x4(&dst.data[i*dst.stride+j], &x.data[i*x.stride], four, w.stride, x.cols)
			}
			continue
		}
		for i := 0; i < x.rows; i += 3 {
			i := min(i, x.rows-3)
			dot3x4(&dst.data[i*dst.stride+j], dst.stride, &x.data[i*x.stride], x.stride, four, w.stride, x.cols)
		}
	}
}

// multiplySlow is multiply on a machine without the kernels. Eight sums in flight keep the processor busy; a dot product by itself,
// as in gonum, waits for each addition.
func multiplySlow(dst, x, w matrix) {
	for i := range x.rows {
		a, to := x.row(i), dst.row(i)
		for j := 0; j < w.rows; j += 4 {
			j := min(j, w.rows-4)
			four := to[j:][:4]
			four[0], four[1], four[2], four[3] = dots(a, w.row(j), w.row(j+1), w.row(j+2), w.row(j+3))
		}
	}
}

// dots are the products of x with four rows that are as long. Even and odd places are added up apart.
func dots(x, a, b, c, d []float32) (float32, float32, float32, float32) {
	var a0, a1, b0, b1, c0, c1, d0, d1 float32
	a, b, c, d = a[:len(x)], b[:len(x)], c[:len(x)], d[:len(x)]
	for i := 0; i < len(x)-1; i += 2 {
		even, odd := x[i], x[i+1]
		a0, a1 = a0+even*a[i], a1+odd*a[i+1]
		b0, b1 = b0+even*b[i], b1+odd*b[i+1]
		c0, c1 = c0+even*c[i], c1+odd*c[i+1]
		d0, d1 = d0+even*d[i], d1+odd*d[i+1]
	}
	return a0 + a1, b0 + b1, c0 + c1, d0 + d1
}
