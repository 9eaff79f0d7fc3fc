package pool

import (
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/router/pool/line"
)

func TestOfEveryKindMoreInNeverGivesLess(t *testing.T) {
	eachKind(t, func(t *rapid.T, k drawnKind, d drawnTrade) {
		a, more := d.amount(t, "amount"), d.amount(t, "more")
		if more.Lt(&a) {
			a, more = more, a
		}
		less, _, err := d.Out(d.in, d.out, &a)
		got, _, errMore := d.Out(d.in, d.out, &more)
		if errors.Is(err, ErrStuck) || errors.Is(errMore, ErrStuck) {
			return
		}
		if errors.Is(err, ErrLiquidity) && errMore == nil || err == nil && errors.Is(errMore, ErrDust) {
			t.Fatalf("%s: %v; %s: %v", a.Dec(), err, more.Dec(), errMore)
		}
		if err == nil && errMore == nil && less.Float64() > got.Float64()+d.slack(k)-3 && less.Gt(&got) {
			t.Fatalf("%s for %s, and %s for %s", less.Dec(), a.Dec(), got.Dec(), more.Dec())
		}
	})
}

func TestOfEveryKindNobodyGainsByTradingBack(t *testing.T) {
	eachKind(t, func(t *rapid.T, k drawnKind, d drawnTrade) {
		a := d.amount(t, "amount")
		paid, after, err := d.Out(d.in, d.out, &a)
		if err != nil {
			return
		}
		back, _, err := after.Out(d.out, d.in, &paid)
		reverse := drawnTrade{Pool: d.Pool, in: d.out, out: d.in, decimals: d.decimals}
		if err == nil && back.Gt(&a) && back.Float64()-a.Float64() > k.wobble*reverse.slack(k) {
			t.Fatalf("%s for %s, and %s back", paid.Dec(), a.Dec(), back.Dec())
		}
	})
}

func TestOfEveryKindAnExactAmountOutIsPaidForInFull(t *testing.T) {
	eachKind(t, func(t *rapid.T, k drawnKind, d drawnTrade) {
		want := drawWhole(t, d.decimals[d.out], -float64(d.decimals[d.out]), 8, "wanted")
		asked, after, err := d.In(d.in, d.out, &want)
		if err != nil {
			if !errors.Is(err, ErrLiquidity) && !errors.Is(err, ErrDust) && !errors.Is(err, ErrStuck) {
				t.Fatal(err)
			}
			return
		}
		paid, _, err := d.Out(d.in, d.out, &asked)
		switch d.Pool.(type) {
		case *Weighted, *Amplified: // both ways round for the pool, and the powers keep an error back
			if most := want.Float64()*(1+1e-12) + d.slack(k) + 20*d.kept(); err == nil && paid.Float64() > most {
				t.Fatalf("%s asked for %s, which pays %s", asked.Dec(), want.Dec(), paid.Dec())
			}
		default:
			if err != nil || paid.Lt(&want) {
				t.Fatalf("%s asked for %s, which pays %s (%v)", asked.Dec(), want.Dec(), paid.Dec(), err)
			}
			var less uint256.Int
			if less.SubUint64(&asked, 1); !less.IsZero() {
				if paid, _, err := d.Out(d.in, d.out, &less); err == nil && !paid.Lt(&want) {
					t.Fatalf("%s asked for %s, and one less pays %s", asked.Dec(), want.Dec(), paid.Dec())
				}
			}
		}
		if back, _, err := after.Out(d.out, d.in, &want); err == nil && back.Gt(&asked) && k.wobble == 0 {
			t.Fatalf("%s asked for %s, and %s back", asked.Dec(), want.Dec(), back.Dec())
		}
	})
}

func TestOfEveryKindTwoTradesInARowPayNoMoreThanOne(t *testing.T) {
	eachKind(t, func(t *rapid.T, k drawnKind, d drawnTrade) {
		if k.bent {
			return // two small trades are charged less than a large one
		}
		a, b := d.amount(t, "first"), d.amount(t, "second")
		first, after, err := d.Out(d.in, d.out, &a)
		if err != nil {
			return
		}
		second, _, err := after.Out(d.in, d.out, &b)
		if err != nil {
			return
		}
		once := d.Pool
		if p, ok := once.(*StableSwap); ok { // its fee stays with what goes out, for the second trade, so there is more for both than for one
			free := *p.shape
			free.fee = 0
			once = &StableSwap{site: p.site, shape: &free, balances: p.balances, supply: p.supply}
		}
		var sum uint256.Int
		whole, _, err := once.Out(d.in, d.out, sum.Add(&a, &b))
		if err != nil {
			return // more than one trade may take
		}
		most := whole.Float64() * (1 + 1e-13)
		if got := first.Float64() + second.Float64(); got > most+d.slack(k)+d.kept() {
			t.Fatalf("%s and %s for %s and %s, and %s for both", first.Dec(), second.Dec(), a.Dec(), b.Dec(), whole.Dec())
		}
	})
}

// level is what a pool must not lose by a trade, as a logarithm, and how exact it is.
func level(p Pool) (value, digits float64) {
	var c checked
	log := func(x uint256.Int) float64 { return math.Log(x.Float64()) }
	switch p := p.(type) {
	case *Weighted:
		for i := range p.balances {
			value += p.shape.of[i].Float64() / unit18 * log(p.balances[i])
		}
		return value, 1e-14
	case *Amplified:
		d := p.shape.invariant(&c, p.scaled(&c))
		return log(d), 1e-14 + 2*ampUnit/d.Float64()
	case *StableSwap:
		d := p.shape.invariant(&c, p.shape.worth(&c, p.balances))
		if !p.supply.IsZero() {
			return log(d) - log(p.supply), 1e-14 + 8/d.Float64()
		}
		return log(d), 1e-14 + 8/d.Float64()
	case *Tricrypto:
		return log(p.d), 1e-13
	case *Solidly:
		if p.units == nil {
			return log(p.reserves[0]) + log(p.reserves[1]), 1e-14
		}
		k := solidlyK(&c, c.mulDiv(p.reserves[0], e18, p.units[0]), c.mulDiv(p.reserves[1], e18, p.units[1]))
		return log(k), 1e-14
	}
	return 0, 0
}

func TestOfEveryKindTheInvariantDoesNotFall(t *testing.T) {
	eachKind(t, func(t *rapid.T, _ drawnKind, d drawnTrade) {
		a := d.amount(t, "amount")
		paid, after, err := d.Out(d.in, d.out, &a)
		if rapid.Bool().Draw(t, "exact out") {
			paid, after, err = d.In(d.in, d.out, &a)
		}
		if err != nil {
			return
		}
		before, _ := level(d.Pool)
		now, digits := level(after)
		if math.IsNaN(now) || now < before-50*digits {
			t.Fatalf("the invariant falls by %g of itself for a trade of %s and %s", before-now, a.Dec(), paid.Dec())
		}
	})
}

func TestOfEveryKindAPoolDoesNotChangeByATrade(t *testing.T) {
	eachKind(t, func(t *rapid.T, _ drawnKind, d drawnTrade) {
		before, a := written(t, d.Pool), d.amount(t, "amount")
		_, after, err := d.Out(d.in, d.out, &a)
		if got := written(t, d.Pool); got != before {
			t.Fatalf("%s became %s", before, got)
		}
		if err == nil && written(t, after) == before {
			t.Fatalf("a trade of %s changed nothing", a.Dec())
		}
	})
}

func written(t rapid.TB, p Pool) string {
	t.Helper()
	kind, ok := KindOf(p.Site().Kind)
	if !ok {
		t.Fatalf("no kind %s", p.Site().Kind)
	}
	var w line.Writer
	w.Begin("pool")
	kind.Write(p, &w)
	return string(w.End())
}

func TestEveryKindIsReadAsItWasWritten(t *testing.T) {
	eachKind(t, func(t *rapid.T, _ drawnKind, d drawnTrade) {
		text := written(t, d.Pool)
		var l line.Line
		if err := l.Parse([]byte(text)); err != nil {
			t.Fatal(err)
		}
		kind, _ := KindOf(d.Site().Kind)
		site := *d.Site()
		site.FeePPM = 0
		p, err := kind.Read(site, d.decimals, &l)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		l.Bytes("type", 4)
		if err := l.Done(); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		a := d.amount(t, "amount")
		want, _, wantErr := d.Out(d.in, d.out, &a)
		got, _, gotErr := p.Out(d.in, d.out, &a)
		if !got.Eq(&want) || !errors.Is(gotErr, wantErr) || written(t, p) != text {
			t.Fatalf("%s pays %s for %s, and %s when read again", text, want.Dec(), a.Dec(), got.Dec())
		}
	})
}

func TestOfEveryKindTheCurveSaysWhatThePoolPays(t *testing.T) {
	eachKind(t, func(t *rapid.T, k drawnKind, d drawnTrade) {
		a := d.amount(t, "amount")
		paid, _, err := d.Out(d.in, d.out, &a)
		c := d.Curve(d.in, d.out)
		got, want := c.Out(a.Float64()), paid.Float64()
		if errors.Is(err, ErrLiquidity) || errors.Is(err, ErrStuck) {
			if most := c.Out(math.MaxFloat64); !(got <= most*(1+1e-12)) {
				t.Fatalf("%g of at most %g", got, most)
			}
			return
		}
		if k.apart && c.Rate(a.Float64()) == 0 {
			return // further than the curve goes
		}
		have := c.Out(math.MaxFloat64) + want // which floats lose digits of
		if math.Abs(got-want) > want*2*k.digits()+have*2e-13+d.slack(k)+d.kept() {
			t.Fatalf("%s for %s, by the curve %g (%v)", paid.Dec(), a.Dec(), got, err)
		}
	})
}

func TestOfEveryKindTheRateIsHowFastTheCurveRises(t *testing.T) {
	eachKind(t, func(t *rapid.T, k drawnKind, d drawnTrade) {
		c := d.Curve(d.in, d.out)
		a := d.amount(t, "amount")
		x := a.Float64()
		h := x * 1e-3
		rise, rate := (c.Out(x+h)-c.Out(x-h))/(2*h), c.Rate(x)
		if c.Rate(x+h) == 0 || rate == 0 { // past the end
			return
		}
		curved := math.Abs(c.Rate(x+h)-c.Rate(x-h)) + rate*1e3*k.digits() + c.Out(math.MaxFloat64)*4e-15/h
		if math.Abs(rise-rate) > curved {
			t.Fatalf("at %g the curve rises by %g, and its rate is %g", x, rise, rate)
		}
	})
}

func TestOfEveryKindUntilIsWhereTheRateHasFallen(t *testing.T) {
	eachKind(t, func(t *rapid.T, k drawnKind, d drawnTrade) {
		c := d.Curve(d.in, d.out)
		start := c.Rate(0)
		rate := start * rapid.Float64Range(1e-3, 1.1).Draw(t, "share")
		x, y := c.Until(rate)
		if start <= rate*(1-1e-12) && (x != 0 || y != 0) {
			t.Fatalf("%g for %g until a rate above that at the start", y, x)
		}
		if k.bent || k.apart {
			return
		}
		if x > 0 && c.Rate(x*(1-1e-6)) < rate*(1-1e-9) || start > rate && c.Rate(x*(1+1e-6)+1e-300) > rate*(1+1e-9) {
			t.Fatalf("until %g: %g, before it %g and after it %g", rate, x, c.Rate(x*(1-1e-6)), c.Rate(x*(1+1e-6)))
		}
		if got := c.Out(x); math.Abs(got-y) > y*1e-9 {
			t.Fatalf("%g for %g, and %g by itself", y, x, got)
		}
	})
}

func TestOfEveryKindTheCurveIsConcave(t *testing.T) {
	eachKind(t, func(t *rapid.T, k drawnKind, d drawnTrade) {
		if k.bent {
			return
		}
		c := d.Curve(d.in, d.out)
		a, b := d.amount(t, "a"), d.amount(t, "b")
		low, high := min(a.Float64(), b.Float64()), max(a.Float64(), b.Float64())
		if rl, rh := c.Rate(low), c.Rate(high); rh > rl*(1+k.digits()) {
			t.Fatalf("rate %g after %g and %g after %g", rl, low, rh, high)
		}
	})
}

func TestWhatNoPoolCanBeIsRefused(t *testing.T) {
	good := word(1 << 40)
	two, weights := []uint256.Int{good, good}, []uint256.Int{word(unit18 / 2), word(unit18 / 2)}
	site := pairSite("any", 0)
	terms := CryptoTerms{Amp: 3645, AmpUnit: 1, Gamma: unit18 / 10_000, MidFee: 1, OutFee: 2, FeeGamma: 1}
	with := func(change func(*CryptoTerms)) error {
		changed := terms
		change(&changed)
		_, err := NewTricrypto(site, two, two[:1], &good, []uint8{18, 18}, changed)
		return err
	}
	large := dec("1461446703485210103287273052203988822378723970342")
	first := func(_ any, err error) error { return err }
	for what, err := range map[string]error{
		"a weight of nothing":      first(NewWeighted(site, two, []uint256.Int{{}, e18}, 0, []uint8{18, 18}, false)),
		"a weight too few":         first(NewWeighted(site, two, weights[:1], 0, []uint8{18, 18}, false)),
		"a weight of more than 1":  first(NewWeighted(site, two, []uint256.Int{good, dec("1000000000000000001")}, 0, []uint8{18, 18}, false)),
		"a fee of all":             first(NewWeighted(site, two, weights, unit18, []uint8{18, 18}, false)),
		"24 decimals":              first(NewWeighted(site, two, weights, 0, []uint8{18, 24}, false)),
		"a balance of 160 bits":    first(NewWeighted(site, []uint256.Int{good, large}, weights, 0, []uint8{18, 18}, false)),
		"no amplification":         first(NewAmplified(site, two, two, 0, 0, true)),
		"a scaling of nothing":     first(NewAmplified(site, two, []uint256.Int{good, {}}, ampUnit, 0, true)),
		"a stable fee of all":      first(NewAmplified(site, two, two, ampUnit, unit18, true)),
		"a rate of nothing":        first(NewStableSwap(site, two, []uint256.Int{good, {}}, 100, 1, 0, 0, new(uint256.Int))),
		"odd units":                first(NewStableSwap(site, two, two, 100, 7, 0, 0, new(uint256.Int))),
		"an admin's fee over all":  first(NewStableSwap(site, two, two, 100, 1, 0, curveUnit+1, new(uint256.Int))),
		"a reserve of 160 bits":    first(NewVolatile(site, &good, &large)),
		"77 decimals":              first(NewStablePair(site, &good, &good, [2]uint8{18, 77})),
		"no D":                     first(NewTricrypto(site, two, two[:1], new(uint256.Int), []uint8{18, 18}, terms)),
		"no price scale":           first(NewTricrypto(site, two, nil, &good, []uint8{18, 18}, terms)),
		"no gamma":                 with(func(c *CryptoTerms) { c.Gamma = 0 }),
		"fees the wrong way round": with(func(c *CryptoTerms) { c.MidFee = 3 }),
		"no crypto amplification":  with(func(c *CryptoTerms) { c.Amp = 0 }),
	} {
		if err == nil || reflect.TypeOf(err) == nil {
			t.Errorf("%s was taken", what)
		}
	}
}
