package pool

import (
	"fmt"
	"testing"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/router/swap/ticks"
)

// terraced is a pool of many positions around a price, like that of a large pool of 0.05 %.
func terraced(tb testing.TB) *V3 {
	tb.Helper()
	tick := int32(200_000)
	price, err := ticks.Ratio(tick)
	must(tb, err)
	var all []Tick
	for i := int32(1); i <= 400; i++ {
		depth := number("20000000000000000")
		all = provide(all, tick-10*i, tick+10*i, depth)
	}
	depth := new(uint256.Int).Mul(number("20000000000000000"), number("400"))
	p, err := NewV3(pairSite("uniswap-v3", 500), &price, tick, depth, 10, all)
	must(tb, err)
	return p
}

func paired(tb testing.TB) *V2 {
	tb.Helper()
	p, err := NewV2(pairSite("uniswap-v2", 3000), number("50000000000000"), number("20000000000000000000000"))
	must(tb, err)
	return p
}

func BenchmarkOut(b *testing.B) {
	pools := map[string]Pool{"V2": paired(b), "V3": terraced(b)}
	for _, name := range []string{"V2", "V3"} {
		p := pools[name]
		for in := range 2 {
			most, _ := p.Curve(in, 1-in).Until(p.Curve(in, 1-in).Rate(0) / 2)
			for _, share := range []float64{1e-6, 0.01, 0.1, 0.9} {
				amount := floored(most * share)
				b.Run(fmt.Sprintf("%s/%d/%g", name, in, share), func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						if _, _, err := p.Out(in, 1-in, &amount); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		}
	}
}

func BenchmarkCurve(b *testing.B) {
	pools := map[string]Pool{"V2": paired(b), "V3": terraced(b)}
	for _, name := range []string{"V2", "V3"} {
		p := pools[name]
		c := p.Curve(0, 1)
		most, _ := c.Until(c.Rate(0) / 2)
		rate := c.Rate(most / 3)
		b.Run(name+"/Curve", func(b *testing.B) {
			for b.Loop() {
				p.Curve(0, 1)
			}
		})
		b.Run(name+"/Out", func(b *testing.B) {
			for b.Loop() {
				c.Out(most / 3)
			}
		})
		b.Run(name+"/Until", func(b *testing.B) {
			for b.Loop() {
				c.Until(rate)
			}
		})
	}
}

// What one event of liquidity costs in a pool of many ticks.
func BenchmarkProvided(b *testing.B) {
	p := terraced(b)
	depth := number("1000000000")
	for b.Loop() {
		if _, err := p.Provided(199_000, 201_000, depth); err != nil {
			b.Fatal(err)
		}
	}
}
