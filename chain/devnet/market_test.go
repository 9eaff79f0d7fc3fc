package devnet

import (
	"math/big"
	"testing"

	"github.com/keymaker-agent/keymaker/chain/devnet/known"
)

func TestTickOfAgreesWithTheTableOfTheProtocol(t *testing.T) {
	for _, c := range []struct {
		sqrtPriceX96 string
		tick         int64
	}{
		{"4295128739", -887272}, // MIN_SQRT_RATIO
		{"79228162514264337593543950335", -1},
		{"79228162514264337593543950336", 0},
		{"79232123823359799118286999567", 0},
		{"79232123823359799118286999568", 1}, // getSqrtRatioAtTick(1)
	} {
		price, _ := new(big.Int).SetString(c.sqrtPriceX96, 10)
		if got := tickOf(price); got != c.tick {
			t.Errorf("tick of %s = %d, want %d", c.sqrtPriceX96, got, c.tick)
		}
	}
}

func TestTicksAreUsableAndContainThePrice(t *testing.T) {
	for _, p := range v3Pools {
		for _, t0 := range []struct{ a, b known.Contract }{{p.a, p.b}, {p.b, p.a}} {
			price := sqrtPrice(t0.a, t0.b)
			spacing := spacings[p.fee]
			for _, at := range p.positions {
				lower, upper := ticks(price, at.width, spacing)
				if lower%spacing != 0 || upper%spacing != 0 || lower < -maxTick || upper > maxTick {
					t.Errorf("%s/%s: [%d, %d] is not usable with spacing %d", t0.a, t0.b, lower, upper, spacing)
				}
				if tick := tickOf(price); tick < lower || tick >= upper {
					t.Errorf("%s/%s: tick %d is not in [%d, %d)", t0.a, t0.b, tick, lower, upper)
				}
			}
		}
	}
}
