package pool

import (
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

// benchKinds is a pool of each kind with a million whole tokens of 18 decimals a side.
func benchKinds(b *testing.B) map[string]Pool {
	b.Helper()
	site := Site{ID: "0x01", Tokens: []common.Address{{19: 1}, {19: 2}, {19: 3}}}
	million := dec("1000000000000000000000000")
	balances, units := []uint256.Int{million, million, million}, []uint256.Int{e18, e18, e18}
	decimals, third := []uint8{18, 18, 18}, word(unit18/3)
	pair := site
	pair.Tokens = pair.Tokens[:2]
	d := dec("3000000000000000000000000")
	all := map[string]Pool{}
	add := func(name string, p Pool, err error) {
		if err != nil {
			b.Fatal(err)
		}
		all[name] = p
	}
	weighted, err := NewWeighted(site, balances, []uint256.Int{third, third, third}, unit18/1000, decimals, false)
	add("balancer-weighted", weighted, err)
	amplified, err := NewAmplified(site, balances, units, 100*ampUnit, unit18/1000, true)
	add("balancer-stable", amplified, err)
	stable, err := NewStableSwap(site, balances, units, 2000, 1, curveUnit/2500, curveUnit/2, new(uint256.Int))
	add("curve-stable", stable, err)
	crypto, err := NewTricrypto(site, balances, units[1:], &d, decimals, CryptoTerms{
		Amp: 3645, AmpUnit: 1, Gamma: unit18 / 10_000, MidFee: 4_000_000, OutFee: 40_000_000, FeeGamma: unit18 / 100,
	})
	add("curve-tricrypto", crypto, err)
	volatile, err := NewVolatile(pair, &million, &million)
	add("solidly-volatile", volatile, err)
	stablePair, err := NewStablePair(pair, &million, &million, [2]uint8{18, 18})
	add("solidly-stable", stablePair, err)
	return all
}

func BenchmarkKinds(b *testing.B) {
	amount := dec("12345678901234567890123")
	for name, p := range benchKinds(b) {
		b.Run(name+"/out", func(b *testing.B) {
			for b.Loop() {
				if _, _, err := p.Out(0, 1, &amount); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/in", func(b *testing.B) {
			for b.Loop() {
				if _, _, err := p.In(0, 1, &amount); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/curve", func(b *testing.B) {
			for b.Loop() {
				p.Curve(0, 1)
			}
		})
		c := p.Curve(0, 1)
		b.Run(name+"/curve out", func(b *testing.B) {
			for b.Loop() {
				c.Out(1e22)
			}
		})
		b.Run(name+"/until", func(b *testing.B) {
			rate := c.Rate(1e22)
			for b.Loop() {
				c.Until(rate)
			}
		})
	}
}
