package pool

import (
	"errors"
	"math/big"
	"slices"
	"testing"

	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/router/swap/ticks"
)

// The same trades once more, in integers without bounds and straight from the formulas: x*y = k of a pair, and for a range of
// liquidity L, from price s to t, token1 = L*(t-s)/2^96 and token0 = L*2^96*(1/s-1/t). It stops at initialized ticks alone.

func plainPair(reserveIn, reserveOut, amount *big.Int, fee uint32) *big.Int {
	kept := new(big.Int).Mul(amount, big.NewInt(int64(1_000_000-fee)))
	den := new(big.Int).Mul(reserveIn, big.NewInt(1_000_000))
	den.Add(den, kept)
	out := kept.Mul(kept, reserveOut)
	return out.Quo(out, den)
}

func up(a, b *big.Int) *big.Int {
	q, r := new(big.Int).QuoRem(a, b, new(big.Int))
	if r.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return q
}

func plainToken0(low, high, depth *big.Int) (num, den *big.Int) {
	num = new(big.Int).Lsh(depth, 96)
	return num.Mul(num, new(big.Int).Sub(high, low)), new(big.Int).Mul(high, low)
}

func plainToken1(low, high, depth *big.Int) (num, den *big.Int) {
	return new(big.Int).Mul(depth, new(big.Int).Sub(high, low)), new(big.Int).Lsh(big.NewInt(1), 96)
}

var errPlain = errors.New("no tick ahead")

// plainTicks pays for an amount; it asks for the next price by the amount itself, not by what the whole range would take.
func plainTicks(w terrain, down bool, amount *big.Int, fee uint32) (*big.Int, error) {
	left, paid := new(big.Int).Set(amount), new(big.Int)
	price, depth, tick := w.price.ToBig(), w.liquidity.ToBig(), w.tick
	keep, all := big.NewInt(int64(1_000_000-fee)), big.NewInt(1_000_000)
	for left.Sign() > 0 {
		i := slices.IndexFunc(w.ticks, func(t Tick) bool { return t.Index > tick })
		switch {
		case down && i < 0:
			i = len(w.ticks) - 1
		case down:
			i--
		}
		if i < 0 {
			return nil, errPlain
		}
		ratio, _ := ticks.Ratio(w.ticks[i].Index)
		target := ratio.ToBig()
		low, high, forIn, forOut := price, target, plainToken1, plainToken0
		if down {
			low, high, forIn, forOut = target, price, plainToken0, plainToken1
		}
		need := up(forIn(low, high, depth))
		kept := new(big.Int).Mul(left, keep)
		if kept.Quo(kept, all).Cmp(need) < 0 {
			shifted := new(big.Int).Lsh(depth, 96)
			if down {
				den := new(big.Int).Mul(kept, price)
				low = up(new(big.Int).Mul(shifted, price), den.Add(den, shifted))
			} else {
				high = new(big.Int).Add(price, new(big.Int).Quo(new(big.Int).Lsh(kept, 96), depth))
			}
			num, den := forOut(low, high, depth)
			return paid.Add(paid, num.Quo(num, den)), nil
		}
		num, den := forOut(low, high, depth)
		paid.Add(paid, num.Quo(num, den))
		left.Sub(left, need).Sub(left, up(need.Mul(need, big.NewInt(int64(fee))), keep))
		net := new(big.Int).Set(w.ticks[i].Net.ToBig())
		if w.ticks[i].Net.Sign() < 0 {
			net.Neg(new(uint256.Int).Neg(&w.ticks[i].Net).ToBig())
		}
		price, tick = target, w.ticks[i].Index
		if down {
			net.Neg(net)
			tick--
		}
		depth.Add(depth, net)
	}
	return paid, nil
}

func TestAPairPaysWhatThePlainFormulaSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, in := drawV2(t), rapid.IntRange(0, 1).Draw(t, "in")
		amount := drawBits(t, 112, "amount")
		paid, after, err := p.Out(in, 1-in, &amount)
		if errors.Is(err, ErrLiquidity) {
			return // its own limit, held in a table
		}
		want := plainPair(p.reserves[in].ToBig(), p.reserves[1-in].ToBig(), amount.ToBig(), p.site.FeePPM)
		if paid.ToBig().Cmp(want) != 0 || errors.Is(err, ErrDust) != (want.Sign() == 0) {
			t.Fatalf("%s for %s: %v, want %s", paid.Dec(), amount.Dec(), err, want)
		}
		if err != nil {
			return
		}
		r := after.(*V2).reserves
		if !r[in].Sub(&r[in], &amount).Eq(&p.reserves[in]) || !r[1-in].Add(&r[1-in], &paid).Eq(&p.reserves[1-in]) {
			t.Fatalf("%v after %v", after.(*V2).reserves, p.reserves)
		}
	})
}

func TestAPoolWithTicksPaysWhatThePlainFormulaSays(t *testing.T) {
	crossed := 0
	rapid.Check(t, func(t *rapid.T) {
		w, fee := drawTerrain(t), drawFee(t)
		bare := w
		bare.spacing = 0
		p, err := NewV3(pairSite("uniswap-v3", fee), &bare.price, bare.tick, &bare.liquidity, 0, bare.ticks)
		if err != nil {
			t.Fatal(err)
		}
		in, amount := rapid.IntRange(0, 1).Draw(t, "in"), drawBits(t, 110, "amount")
		paid, after, err := p.Out(in, 1-in, &amount)
		want, errWant := plainTicks(w, in == 0, amount.ToBig(), fee)
		if errors.Is(err, ErrLiquidity) != (errWant != nil) {
			t.Fatalf("%s: %v, want %v", amount.Dec(), err, errWant)
		}
		if errWant != nil {
			return
		}
		if paid.ToBig().Cmp(want) != 0 {
			t.Fatalf("%s for %s, want %s", paid.Dec(), amount.Dec(), want)
		}
		if err == nil && after.(*V3).spot.at != p.spot.at {
			crossed++
		}
		// The stops at the edges of words only ever cost.
		full, _, err := w.pool(t, fee).Out(in, 1-in, &amount)
		if err == nil && full.Gt(&paid) {
			t.Fatalf("%s for %s with the edges of words, %s without", full.Dec(), amount.Dec(), paid.Dec())
		}
	})
	if crossed < 10 {
		t.Errorf("only %d trades crossed a tick", crossed)
	}
}
