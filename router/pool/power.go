package pool

import "github.com/holiman/uint256"

// Powers as Balancer's contracts reckon them (LogExpMath of its V2): x^y = e^(y*ln x) in fixed point of 18 decimals. The logarithm
// and the exponential take whole powers of e out first, whose values stand in a table, and sum a series for the rest. Which terms,
// digits and roundings there are decides the last digits of the answer, so they are those of the contracts.
//
// expTable[i] is e^(2^(7-i)): the first two as whole numbers, the others with 20 decimals. expPower is the exponent, with 18 and 20.
var (
	expTable = [12]uint256.Int{
		dec("38877084059945950922200000000000000000000000000000000000"),
		dec("6235149080811616882910000000"),
		dec("7896296018268069516100000000000000"),
		dec("888611052050787263676000000"),
		dec("298095798704172827474000"),
		dec("5459815003314423907810"),
		dec("738905609893065022723"),
		dec("271828182845904523536"),
		dec("164872127070012814685"),
		dec("128402541668774148407"),
		dec("113314845306682631683"),
		dec("106449445891785942956"),
	}
	expPower = func() (all [12]uint256.Int) {
		all[0], all[1] = dec("128000000000000000000"), dec("64000000000000000000")
		for i := 2; i < len(all); i++ {
			all[i] = dec("3200000000000000000000")
			all[i].Rsh(&all[i], uint(i-2))
		}
		return all
	}()

	e20 = dec("100000000000000000000")
	e36 = dec("1000000000000000000000000000000000000")

	// Between these the logarithm is reckoned with 36 decimals.
	lnNarrowLow, lnNarrowHigh = word(unit18 / 10 * 9), word(unit18 / 10 * 11)

	maxExponent = dec("130000000000000000000") // of e
	minExponent = dec("41000000000000000000")  // below zero
	powerError  = word(10_000)                 // of a power, in 1e18ths of it
)

func dec(s string) uint256.Int { return *uint256.MustFromDecimal(s) }

// logarithm is a number with a sign beside it. Zero is not negative.
type logarithm struct {
	abs      uint256.Int
	negative bool
}

// powUp is x^y or more: the contracts add an error that they are sure of. Later ones have short ways for y of 1, 2 and 4.
func (c *checked) powUp(x, y uint256.Int, short bool) uint256.Int {
	if short && y.IsUint64() {
		switch y.Uint64() {
		case unit18:
			return x
		case 2 * unit18:
			return c.mulUp(x, x)
		case 4 * unit18:
			square := c.mulUp(x, x)
			return c.mulUp(square, square)
		}
	}
	raw := c.pow(x, y)
	return c.add(raw, c.add(c.mulUp(raw, powerError), *one))
}

func (c *checked) pow(x, y uint256.Int) uint256.Int {
	switch {
	case y.IsZero():
		return e18
	case x.IsZero():
		return x
	case x.BitLen() > 255 || y.BitLen() > 160:
		c.reverted = true
		return x
	}
	var l logarithm
	if x.Gt(&lnNarrowLow) && x.Lt(&lnNarrowHigh) {
		l = c.lnNarrow(x)
		// y times 36 decimals may not fit, so the whole part and the rest are taken one by one.
		var rest uint256.Int
		rest.Mod(&l.abs, &e18)
		l.abs = c.add(c.mul(c.div(l.abs, e18), y), c.div(c.mul(rest, y), e18))
	} else {
		l = c.ln(x)
		l.abs = c.mul(l.abs, y)
	}
	l.abs.Div(&l.abs, &e18)
	return c.exp(l)
}

// exp is e^x.
func (c *checked) exp(x logarithm) uint256.Int {
	if !x.negative {
		return c.expUp(x.abs)
	}
	if x.abs.Gt(&minExponent) {
		c.reverted = true
		return uint256.Int{}
	}
	return c.div(c.mul(e18, e18), c.expUp(x.abs))
}

func (c *checked) expUp(x uint256.Int) uint256.Int {
	if x.Gt(&maxExponent) {
		c.reverted = true
		return x
	}
	first := *one
	for i := range 2 {
		if !x.Lt(&expPower[i]) {
			x.Sub(&x, &expPower[i])
			first = expTable[i]
			break
		}
	}
	x = c.times(x, 100)
	product := e20
	for i := 2; i < 10; i++ {
		if !x.Lt(&expPower[i]) {
			x.Sub(&x, &expPower[i])
			product = c.mulDiv(product, expTable[i], e20)
		}
	}
	sum, term := c.add(e20, x), x
	for n := uint64(2); n <= 12; n++ {
		term = c.div(c.mulDiv(term, x, e20), word(n))
		sum = c.add(sum, term)
	}
	return c.div(c.mul(c.mulDiv(product, sum, e20), first), word(100))
}

// ln is the natural logarithm with 18 decimals.
func (c *checked) ln(x uint256.Int) logarithm {
	if x.Lt(&e18) {
		l := c.ln(c.div(c.mul(e18, e18), x))
		return logarithm{l.abs, !l.abs.IsZero()}
	}
	var sum uint256.Int
	for i := range 2 {
		if whole := c.mul(expTable[i], e18); !x.Lt(&whole) {
			x.Div(&x, &expTable[i])
			sum.Add(&sum, &expPower[i])
		}
	}
	sum, x = c.times(sum, 100), c.times(x, 100)
	for i := 2; i < len(expTable); i++ {
		if !x.Lt(&expTable[i]) {
			x = c.mulDiv(x, e20, expTable[i])
			sum = c.add(sum, expPower[i])
		}
	}
	z := c.mulDiv(c.sub(x, e20), e20, c.add(x, e20))
	return logarithm{abs: c.div(c.add(sum, c.artanh(z, e20, 11)), word(100))}
}

// lnNarrow is the natural logarithm of a number near 1, with 36 decimals.
func (c *checked) lnNarrow(x uint256.Int) logarithm {
	x = c.mul(x, e18)
	negative := x.Lt(&e36)
	z := c.mulDiv(c.distance(x, e36), e36, c.add(x, e36))
	l := c.artanh(z, e36, 15)
	return logarithm{l, negative && !l.IsZero()}
}

// artanh is twice the sum of z^n/n for odd n up to last: the logarithm of (1+z)/(1-z).
func (c *checked) artanh(z, unit uint256.Int, last uint64) uint256.Int {
	square := c.mulDiv(z, z, unit)
	sum, power := z, z
	for n := uint64(3); n <= last; n += 2 {
		power = c.mulDiv(power, square, unit)
		sum = c.add(sum, c.div(power, word(n)))
	}
	return c.times(sum, 2)
}
