package swap

import (
	"errors"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/router/swap/ticks"
)

var (
	tokenA = common.Address{19: 0xa}
	tokenB = common.Address{19: 0xb}
)

func drawAmount(t *rapid.T, label string, bits int) uint256.Int {
	n := rapid.IntRange(1, bits).Draw(t, label+" bits")
	var x uint256.Int
	for i := range x {
		x[i] = rapid.Uint64().Draw(t, label)
	}
	x.Rsh(&x, uint(256-n))
	if x.IsZero() {
		x = *one
	}
	return x
}

func drawV2(t *rapid.T) *v2Pool {
	return &v2Pool{
		site:     site{pool: common.Address{1}, token0: tokenA, token1: tokenB, feePips: v2Fee},
		reserve0: drawAmount(t, "reserve0", 112), reserve1: drawAmount(t, "reserve1", 112),
	}
}

// ladder is a V3 pool with what its bitmap and ticks say, as a chain holds them.
type ladder struct {
	bare  *v3Pool // knows no words and no ticks
	words map[int32]uint256.Int
	nets  map[int32]uint256.Int
}

// drawLadder lays random positions over each other, around the price and far from it.
func drawLadder(t *rapid.T) ladder {
	fee := rapid.SampledFrom([]uint32{100, 500, 3000, 10000}).Draw(t, "fee")
	spacing := map[uint32]int32{100: 1, 500: 10, 3000: 60, 10000: 200}[fee]
	l := ladder{words: map[int32]uint256.Int{}, nets: map[int32]uint256.Int{}}
	l.bare = &v3Pool{site: site{pool: common.Address{3}, token0: tokenA, token1: tokenB, feePips: fee, spacing: spacing}}
	p := l.bare
	p.tick = rapid.Int32Range(-200_000, 200_000).Draw(t, "tick")
	low, _ := ticks.Ratio(p.tick)
	high, _ := ticks.Ratio(p.tick + 1)
	var room uint256.Int
	room.Sub(&high, &low)
	room.Mod(uint256.NewInt(rapid.Uint64().Draw(t, "within the tick")), &room)
	p.price.Add(&low, &room)
	for range rapid.IntRange(0, 8).Draw(t, "positions") {
		reach := rapid.Int32Range(1, 3000).Draw(t, "reach") * spacing
		middle := p.tick + rapid.Int32Range(-1000, 1000).Draw(t, "middle")*spacing
		l.mint(p.compress(max(middle-reach, -ticks.Max+spacing))*spacing, p.compress(min(middle+reach, ticks.Max-spacing))*spacing,
			drawAmount(t, "liquidity", 90))
	}
	return l
}

func (l ladder) mint(lower, upper int32, liquidity uint256.Int) {
	if lower >= upper {
		return
	}
	var minus uint256.Int
	l.shift(lower, &liquidity)
	l.shift(upper, minus.Neg(&liquidity))
	if lower <= l.bare.tick && l.bare.tick < upper {
		l.bare.liquidity.Add(&l.bare.liquidity, &liquidity)
	}
}

func (l ladder) shift(tick int32, by *uint256.Int) {
	net := l.nets[tick]
	l.nets[tick] = *net.Add(&net, by)
	at, bit := position(l.bare.compress(tick))
	word := l.words[at]
	word[bit>>6] |= 1 << (bit & 63)
	l.words[at] = word
}

// whole is the pool with everything read.
func (l ladder) whole() *v3Pool {
	p := *l.bare
	p.nets, p.words = l.nets, map[int32]uint256.Int{}
	low, _ := position(p.compress(ticks.Min))
	high, _ := position(p.compress(ticks.Max) + 1)
	for at := low; at <= high; at++ {
		p.words[at] = l.words[at]
	}
	return &p
}

// answer is what the pool's contract returns.
func (l ladder) answer(q query) answer {
	arg, _ := answer(q.data[4:]).signed(0, 24)
	at := int32(uint32(arg.Uint64()))
	switch selector(q.data[:4]) {
	case selSlot0:
		return encode(number(&l.bare.price), signed(l.bare.tick), small(0), small(0), small(0), small(0), small(1))
	case selLiquidity:
		return encode(number(&l.bare.liquidity))
	case selTickBitmap:
		word := l.words[at]
		return encode(number(&word))
	case selTicks:
		net := l.nets[at]
		return encode(small(1), number(&net), small(0), small(0), small(0), small(0), small(0), small(1))
	case selToken0:
		return encode(address(l.bare.token0))
	case selToken1:
		return encode(address(l.bare.token1))
	case selFee:
		return encode(small(uint64(l.bare.feePips)))
	case selTickSpacing:
		return encode(signed(l.bare.spacing))
	}
	return nil
}

func drawPool(t *rapid.T) Pool {
	if rapid.Bool().Draw(t, "v2") {
		return drawV2(t)
	}
	return drawLadder(t).whole()
}

func drawDirection(t *rapid.T) (in, out common.Address) {
	if rapid.Bool().Draw(t, "token0 in") {
		return tokenA, tokenB
	}
	return tokenB, tokenA
}

func TestV2IsTheLibraryFormulaOnBigIntegers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawV2(t)
		in, out := drawDirection(t)
		reserveIn, reserveOut := p.reserves(in)
		amount := drawAmount(t, "amount", 112)
		x, ri, ro := amount.ToBig(), reserveIn.ToBig(), reserveOut.ToBig()

		kept := new(big.Int).Mul(x, big.NewInt(997))
		want := new(big.Int).Mul(kept, ro)
		want.Div(want, new(big.Int).Add(new(big.Int).Mul(ri, big.NewInt(1000)), kept))
		got, err := p.Out(in, out, &amount)
		if err == nil && got.Amount.ToBig().Cmp(want) != 0 {
			t.Fatalf("out is %s, want %s", got.Amount.Dec(), want)
		}
		fits := new(big.Int).Add(x, ri).BitLen() <= 112
		if err != nil && fits && want.Sign() > 0 {
			t.Fatalf("out: %v, want %s", err, want)
		}

		cost, err := p.In(in, out, &amount)
		if x.Cmp(ro) >= 0 {
			if !errors.Is(err, errLiquidity) {
				t.Fatalf("%s of %s came out: %v", x, ro, err)
			}
			return
		}
		want.Mul(new(big.Int).Mul(ri, x), big.NewInt(1000))
		want.Div(want, new(big.Int).Mul(new(big.Int).Sub(ro, x), big.NewInt(997))).Add(want, big.NewInt(1))
		if err == nil && cost.Amount.ToBig().Cmp(want) != 0 {
			t.Fatalf("in is %s, want %s", cost.Amount.Dec(), want)
		}
	})
}

// A V3 pool that is asked for exactly what lies before the next tick walks all the way to it, so what an output costs is bound by
// what buys one unit more, not by what was paid for it.
func TestARoundTripGainsNothingAndLosesLessThanAUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPool(t)
		in, out := drawDirection(t)
		paid, more := drawAmount(t, "amount", 110), drawAmount(t, "more", 100)
		more.Add(&paid, &more)
		got, err := p.Out(in, out, &paid)
		if err != nil {
			return
		}
		cost, err := p.In(in, out, &got.Amount)
		if err != nil {
			t.Fatalf("%s comes out for %s, but can't be bought: %v", got.Amount.Dec(), paid.Dec(), err)
		}
		again, err := p.Out(in, out, &cost.Amount)
		if err != nil || again.Amount.Lt(&got.Amount) {
			t.Fatalf("%s costs %s, but only %s comes out for that: %v", got.Amount.Dec(), cost.Amount.Dec(), again.Amount.Dec(), err)
		}
		better, err := p.Out(in, out, &more)
		if err != nil || !better.Amount.Gt(&got.Amount) {
			return
		}
		more.Add(&more, one) // V2 adds one where the division is exact
		if cost.Amount.Gt(&more) {
			t.Fatalf("%s costs %s, and %s costs less: %s", got.Amount.Dec(), cost.Amount.Dec(), better.Amount.Dec(), more.Dec())
		}
	})
}

func TestMoreInNeverGivesLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPool(t)
		in, out := drawDirection(t)
		less, more := drawAmount(t, "amount", 110), drawAmount(t, "more", 100)
		more.Add(&less, &more)
		for _, trade := range []func(in, out common.Address, amount *uint256.Int) (Fill, error){p.Out, p.In} {
			a, errA := trade(in, out, &less)
			b, errB := trade(in, out, &more)
			if errA == nil && errB == nil && b.Amount.Lt(&a.Amount) {
				t.Fatalf("%s for %s, %s for %s", a.Amount.Dec(), less.Dec(), b.Amount.Dec(), more.Dec())
			}
			if errors.Is(errA, errLiquidity) && !errors.Is(errB, errLiquidity) {
				t.Fatalf("%s is too much, %s is not: %v", less.Dec(), more.Dec(), errB)
			}
			if errors.Is(errB, errDust) && !errors.Is(errA, errDust) {
				t.Fatalf("%s is dust, %s is not: %v", more.Dec(), less.Dec(), errA)
			}
		}
	})
}

func TestWhatWasNotReadOnlyBoundsTheTrade(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLadder(t)
		in, out := drawDirection(t)
		amount := drawAmount(t, "amount", 110)
		for _, side := range []Side{ExactIn, ExactOut} {
			trade := func(p Pool) (Fill, error) {
				if side == ExactIn {
					return p.Out(in, out, &amount)
				}
				return p.In(in, out, &amount)
			}
			truth, truthErr := trade(l.whole())
			var p Pool = l.bare
			for rounds := 0; ; rounds++ {
				fill, err := trade(p)
				if err != nil || !fill.Partial {
					if !errors.Is(err, truthErr) || fill != truth {
						t.Fatalf("%s: %+v, %v after %d rounds, truth is %+v, %v", side, fill, err, rounds, truth, truthErr)
					}
					break
				}
				better := fill.Amount.Cmp(&truth.Amount) * map[Side]int{ExactIn: 1, ExactOut: -1}[side]
				if truthErr == nil && better < 0 {
					t.Fatalf("%s: %s bounds %s", side, fill.Amount.Dec(), truth.Amount.Dec())
				}
				queries, grown := p.(partial).grow(in, out)
				if len(queries) == 0 || rounds > 40 {
					t.Fatalf("%s: nothing more to read after %d rounds, and the trade is still partial", side, rounds)
				}
				answers := make([]answer, len(queries))
				for i, q := range queries {
					answers[i] = l.answer(q)
				}
				if p, err = grown(answers); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func TestSpotIsThePriceOfATinyTrade(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPool(t)
		in, out := drawDirection(t)
		amount := drawAmount(t, "amount", 110)
		got, err := p.Out(in, out, &amount)
		if err != nil {
			return
		}
		ideal := new(big.Rat).Mul(p.Spot(in, out), new(big.Rat).SetInt(amount.ToBig()))
		if new(big.Rat).SetInt(got.Amount.ToBig()).Cmp(ideal) > 0 {
			t.Fatalf("%s comes out for %s, more than the spot price gives", got.Amount.Dec(), amount.Dec())
		}
		forth, back := p.Spot(in, out), p.Spot(out, in)
		if forth.Mul(forth, back).Cmp(big.NewRat(1, 1)) != 0 {
			t.Fatal("the two spot prices are not each other's inverse")
		}
	})
}

// FuzzAnswersOfAnyBytes feeds every decoder of a contract's answer. What is not what the ABI says leaves a pool out; it never
// panics, and what it lets in can be traded with.
func FuzzAnswersOfAnyBytes(f *testing.F) {
	f.Add([]byte{}, []byte{}, uint8(0))
	price, tick := encode(number(q96), signed(0)), encode(number(q96))
	f.Add(price, tick, uint8(1))
	f.Add(encode(small(1), small(1)), make([]byte, 31), uint8(2))
	f.Add(encode(number(most), number(most)), encode(number(most), number(most)), uint8(64))
	f.Fuzz(func(t *testing.T, a, b []byte, cut uint8) {
		answers := []answer{a, b, a[:min(len(a), int(cut))], b[:min(len(b), int(cut))]}
		for _, k := range []kind{v2Kind{}, v3Kind{}} {
			s, ok := k.site(0, tokenA, tokenB, answers[0])
			if !ok {
				s = site{pool: common.Address{1}, token0: tokenA, token1: tokenB, feePips: 100}
			}
			checked, err := k.check(s, answers)
			if err != nil {
				checked.spacing = int32(cut) + 1
			}
			p, err := k.pool(checked, answers)
			if err != nil {
				continue
			}
			trade(p, a)
			open, ok := p.(partial)
			if !ok {
				continue
			}
			queries, grown := open.grow(tokenA, tokenB)
			got := make([]answer, len(queries))
			for i := range got {
				got[i] = answers[i%len(answers)]
			}
			if p, err = grown(got); err == nil {
				trade(p, b)
			}
		}
	})
}

func trade(p Pool, seed []byte) {
	var amount uint256.Int
	amount.SetBytes(seed[:min(32, len(seed))])
	for _, in := range []common.Address{tokenA, tokenB} {
		out := tokenB
		if in == tokenB {
			out = tokenA
		}
		_, _ = p.Out(in, out, &amount)
		_, _ = p.In(in, out, &amount)
		_ = p.Spot(in, out)
	}
}
