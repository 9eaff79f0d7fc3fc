package multiplier

import "github.com/holiman/uint256"

// fraction is the number of bits after the point of the exponential's series.
const fraction = 160

// tanh2 is tanh(2x), cut after 18 digits, for x from 0 to 1 in units of 1e-18.
//
// It is (e-1)/(e+1) with e = exp(4x), the plain series: each term is cut to 2^-160, at most 64 terms are above that, and what one
// cut takes away enters the sum less than 14 times ((exp(4)-1)/4, for the first). So e is short by less than 2^-149, and tanh, whose
// slope in e is at most a half, too: the 18 digits are those of the true value but where it lies that close above a multiple of
// 1e-18; at x = 0, where it is one, the series is exact.
func tanh2(x *uint256.Int) uint256.Int {
	one := new(uint256.Int).Lsh(uint256.NewInt(1), fraction)
	var e, z, term, below uint256.Int
	z.Lsh(x, 2) // below 2^62
	e.Set(one)
	term.Set(one)
	for n := uint64(1); !term.IsZero(); n++ {
		term.Mul(&term, &z) // a term is at most 4^4/4! = 10.7, so that this is below 2^226
		below.Mul(unit, uint256.NewInt(n))
		term.Div(&term, &below)
		e.Add(&e, &term)
	}
	below.Add(&e, one)
	e.Sub(&e, one)
	e.Mul(&e, unit)
	return *e.Div(&e, &below)
}
