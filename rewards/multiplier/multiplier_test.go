package multiplier_test

import (
	"errors"
	"math/big"
	"testing"

	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/multiplier"
)

const (
	day     = 86400
	genesis = emission.Time(1707393600)
	start   = multiplier.CurveStart
	far     = emission.Never
)

func wei(tb testing.TB, decimal string) *uint256.Int {
	tb.Helper()
	v, err := uint256.FromDecimal(decimal)
	if err != nil {
		tb.Fatalf("%q: %v", decimal, err)
	}
	return v
}

// near checks a value against what is known of it: |got-want| <= within.
func near(tb testing.TB, what string, got uint256.Int, want, within string) {
	tb.Helper()
	diff := new(big.Int).Sub(got.ToBig(), wei(tb, want).ToBig())
	if diff.CmpAbs(wei(tb, within).ToBig()) > 0 {
		tb.Errorf("%s is %s, want %s within %s", what, got.Dec(), want, within)
	}
}

// The vectors of MorpheusAIs/SmartContracts:test/libs/LockMultiplierMath.test.ts and test/capital-protocol/DistributionV6.test.ts. The
// first one is the contract's to the last digit, and met to 1e-17; where the tests there allow 1e-6, so do these.
func TestThePublishedVectorsOfTheLockCurveHold(t *testing.T) {
	const (
		millionth = "10000000000000000000" // of 1e25
		exact     = "0"
		one       = "10000000000000000000000000"
		top       = "107000000000000000000000000"
	)
	for name, c := range map[string]struct {
		from, to     emission.Time
		want, within string
	}{
		"300 days":              {start + 100*day, start + 400*day, "17449468839567396430000000", "174494688"},
		"two seconds":           {start, start + 2, one, exact},
		"all of it":             {0, multiplier.CurveEnd + 1, top, exact},
		"reversed":              {10, 5, one, exact},
		"from before the curve": {genesis + 365*day, genesis + 1742*day, "72343930960000000000000000", millionth},
		"200 days from zero":    {0, start + 200*day, "11715134560000000000000000", millionth},
		"late":                  {24000 * day, far, "11765292280000000000000000", millionth},
		"early":                 {start + 10*day, far, top, exact},
		"a second":              {start + day, start + day + 1, one, exact},
		"empty":                 {start + day, start + day, one, exact},
		"after the curve":       {multiplier.CurveEnd, far, one, exact},
	} {
		near(t, name, multiplier.Lock(c.from, c.to), c.want, c.within)
	}
}

// Locks that begin with the curve, by years of 365 days, to three digits.
func TestLongerLocksWeighMoreUntilTheCap(t *testing.T) {
	const year, thousandth = 365 * day, "5100000000000000000000" // half of a thousandth of 1e25, and a little
	for quarters, want := range map[emission.Time]string{
		1: "1000", 2: "1069", 4: "2130", 8: "4191", 12: "6122", 16: "7880", 20: "9436", 24: "10700", 60: "10700",
	} {
		near(t, "the multiplier", multiplier.Lock(start, start+quarters*year/4), want+"0000000000000000000000", thousandth)
	}
}

// Lambert's continued fraction shares nothing with the series that Lock sums up. Its value at 1e-60 is compared to each digit.
func TestTheCurveIsTheTrueOneToItsLastDigit(t *testing.T) {
	const length = int64(multiplier.CurveEnd - multiplier.CurveStart)
	tanh := func(offset int64) *big.Int {
		e18 := big.NewInt(1e18)
		x := new(big.Int).Mul(big.NewInt(offset), e18)
		x.Div(x, big.NewInt(length)) // cut, as the contract cuts it
		y := new(big.Rat).SetFrac(x.Lsh(x, 1), e18)
		square := new(big.Rat).Mul(y, y)
		value := new(big.Rat)
		for n := int64(61); n > 0; n -= 2 {
			value.Add(value, new(big.Rat).SetInt64(n))
			if n > 1 {
				value.Quo(square, value)
			}
		}
		value.Quo(y, value)
		return new(big.Int).Div(new(big.Int).Mul(value.Num(), e18), value.Denom())
	}
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Int64Range(0, length).Draw(t, "a")
		b := rapid.Int64Range(0, length).Draw(t, "b")
		want := new(big.Int).Sub(tanh(max(a, b)), tanh(min(a, b)))
		want.Mul(want, new(big.Int).Mul(big.NewInt(1_661_327_546), big.NewInt(1e10)))
		want.Div(want, big.NewInt(1e18))
		if e18 := big.NewInt(1e18); want.Cmp(e18) < 0 {
			want = e18
		}
		if top := new(big.Int).Mul(big.NewInt(107), big.NewInt(1e17)); want.Cmp(top) > 0 {
			want = top
		}
		want.Mul(want, big.NewInt(1e7))
		got := multiplier.Lock(start+emission.Time(min(a, b)), start+emission.Time(max(a, b)))
		if got.ToBig().Cmp(want) != 0 {
			t.Fatalf("got %s, want %s", got.Dec(), want)
		}
	})
}

func TestLocksAreBoundedAndRiseWithTheirLength(t *testing.T) {
	one, top := *multiplier.One(), *wei(t, "107000000000000000000000000")
	rapid.Check(t, func(t *rapid.T) {
		from := emission.Time(rapid.Uint64().Draw(t, "from"))
		if rapid.Bool().Draw(t, "within") {
			from = start + from%(multiplier.CurveEnd-start)
		}
		shorter := emission.Time(rapid.Uint64Range(0, 1<<29).Draw(t, "shorter"))
		longer := shorter + emission.Time(rapid.Uint64Range(0, 1<<29).Draw(t, "longer"))
		from = min(from, far-longer)
		less, more := multiplier.Lock(from, from+shorter), multiplier.Lock(from, from+longer)
		if less.Gt(&more) || less.Lt(&one) || more.Gt(&top) {
			t.Fatalf("from %d: %s for %d seconds, %s for %d", from, less.Dec(), shorter, more.Dec(), longer)
		}
		later := multiplier.Lock(max(from, start)+day, max(from, start)+day+longer)
		if now := multiplier.Lock(max(from, start), max(from, start)+longer); later.Gt(&now) {
			t.Fatalf("the same length weighs more a day later: %s, %s", now.Dec(), later.Dec())
		}
	})
}

func TestOneIsOne(t *testing.T) {
	if got := multiplier.One().Dec(); got != "10000000000000000000000000" {
		t.Errorf("got %s", got)
	}
}

func TestAReferralIsWorthAPercent(t *testing.T) {
	for _, c := range []struct {
		referred bool
		want     string
	}{{true, "107100000000000000000000000"}, {false, "107000000000000000000000000"}} {
		if got := multiplier.Total(multiplier.Lock(0, far), multiplier.Referral(c.referred)); got.Dec() != c.want {
			t.Errorf("got %s, want %s", got.Dec(), c.want)
		}
	}
}

// The vectors of SmartContracts:test/capital-protocol/Distributor.test.ts: two assets, prices, gains.
func TestRewardsAreSplitByTheYieldOfEachAsset(t *testing.T) {
	for _, c := range []struct {
		reward        uint64
		prices, gains [2]uint64
		want          [2]uint64
		undistributed uint64
	}{
		{100_00, [2]uint64{2, 4}, [2]uint64{1, 2}, [2]uint64{20_00, 80_00}, 0},
		{50_00, [2]uint64{2, 1}, [2]uint64{45, 10}, [2]uint64{45_00, 5_00}, 0},
		{20_00, [2]uint64{4, 1}, [2]uint64{10, 10}, [2]uint64{16_00, 4_00}, 0},
		{6_66, [2]uint64{2, 4}, [2]uint64{0, 0}, [2]uint64{0, 0}, 6_66},
	} {
		var yields []uint256.Int
		for i, decimals := range []uint8{18, 6} {
			gain := new(uint256.Int).Exp(uint256.NewInt(10), uint256.NewInt(uint64(decimals)))
			y, err := multiplier.Yield(gain.Mul(gain, uint256.NewInt(c.gains[i])), decimals, uint256.NewInt(c.prices[i]*1e8))
			if err != nil {
				t.Fatal(err)
			}
			yields = append(yields, y)
		}
		hundredth := wei(t, "10000000000000000")
		amount := func(n uint64) uint256.Int { return *new(uint256.Int).Mul(uint256.NewInt(n), hundredth) }
		reward := amount(c.reward)
		shares, rest, err := multiplier.Split(&reward, yields)
		if err != nil {
			t.Fatal(err)
		}
		if shares[0] != amount(c.want[0]) || shares[1] != amount(c.want[1]) || rest != amount(c.undistributed) {
			t.Errorf("%d: got %s, %s, and %s of nobody", c.reward, shares[0].Dec(), shares[1].Dec(), rest.Dec())
		}
	}
}

func TestASplitLosesLessThanAWeiAnAsset(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var yields []uint256.Int
		for range rapid.IntRange(0, 6).Draw(t, "assets") {
			y := uint256.NewInt(rapid.Uint64().Draw(t, "yield"))
			yields = append(yields, *y.Lsh(y, uint(rapid.IntRange(0, 180).Draw(t, "bits"))))
		}
		reward := uint256.NewInt(rapid.Uint64().Draw(t, "reward"))
		reward.Lsh(reward, uint(rapid.IntRange(0, 192).Draw(t, "reward bits")))
		shares, rest, err := multiplier.Split(reward, yields)
		if err != nil {
			t.Fatal(err)
		}
		sum := rest
		for i := range shares {
			if _, over := sum.AddOverflow(&sum, &shares[i]); over {
				t.Fatal("the shares wrap")
			}
		}
		var short uint256.Int
		if _, more := short.SubOverflow(reward, &sum); more || !short.LtUint64(uint64(max(len(yields), 1))) {
			t.Fatalf("%s of %s is shared", sum.Dec(), reward.Dec())
		}
	})
}

func TestYieldsThatCanNotBeReckonedAreRefused(t *testing.T) {
	all := new(uint256.Int).SetAllOne()
	for name, err := range map[string]error{
		"decimals": second(multiplier.Yield(uint256.NewInt(1), 78, uint256.NewInt(1))),
		"gain":     second(multiplier.Yield(all, 6, uint256.NewInt(1))),
		"price":    second(multiplier.Yield(all, 18, uint256.NewInt(2))),
		"sum":      third(multiplier.Split(uint256.NewInt(1), []uint256.Int{*all, *all})),
	} {
		if !errors.Is(err, multiplier.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if y, err := multiplier.Yield(uint256.NewInt(1999), 21, uint256.NewInt(3)); err != nil || y.Uint64() != 3 {
		t.Errorf("21 decimals: %s, %v", y.Dec(), err)
	}
}

func second[T any](_ T, err error) error        { return err }
func third[T, U any](_ T, _ U, err error) error { return err }

// The vectors of SmartContracts:test/builder-protocol/BuilderSubnets.test.ts: a pool of 200 a day, one less each day, from day 90 on.
func TestSubnetsPayNoTokenMoreThanItsShareOfAllThatWasEverPaid(t *testing.T) {
	const begin = emission.Time(90 * day)
	c, err := emission.NewDecrease(wei(t, "200000000000000000000"), wei(t, "1000000000000000000"), begin, day)
	if err != nil {
		t.Fatal(err)
	}
	little, much := wei(t, "1000000000000000000"), wei(t, "1000000000000000000000")
	for _, r := range []struct {
		from, to emission.Time
		staked   *uint256.Int
		want     string
	}{
		{90, 91, little, "10000000000000000000000000"},
		{90, 92, little, "14987468671679200000000000"},
		{90, 94, little, "20785159898594600000000000"},
		{90, 92, much, "3990000000000000000000000"},                             // 399 over 1000
		{90, 92, wei(t, "399000000000000000000"), "14987468671679200000000000"}, // as much as was ever paid, and not more
		{80, 90, little, "0"},
		{94, 90, little, "0"},
		{291, 400, little, "0"},
	} {
		rate, err := multiplier.SubnetRate(c, begin, r.from*day, r.to*day, r.staked)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "the rate", rate, r.want, "100000000000") // the vectors have 15 digits
	}

	endless, err := emission.NewDecrease(little, new(uint256.Int), 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := multiplier.SubnetRate(endless, 0, 0, 200_000*day, little); !errors.Is(err, multiplier.ErrTooLarge) {
		t.Errorf("200,000 days: %v", err)
	}
	if _, err := multiplier.SubnetRate(endless, 0, 0, far, new(uint256.Int)); !errors.Is(err, multiplier.ErrTooLarge) {
		t.Errorf("for ever: %v", err)
	}
}

func TestFeesRoundUpAndLeaveTheStakerTheRest(t *testing.T) {
	percent := func(n uint64) *uint256.Int {
		return new(uint256.Int).Mul(uint256.NewInt(n), wei(t, "100000000000000000000000"))
	}
	for _, c := range []struct {
		claim, protocol, subnet        *uint256.Int
		toProtocol, toSubnet, toStaker string
	}{
		{wei(t, "4987470000000000000"), percent(30), percent(20), "1496241000000000000", "997494000000000000", "2493735000000000000"},
		{wei(t, "100"), percent(60), percent(60), "60", "40", "0"},
		{wei(t, "100"), percent(160), percent(60), "100", "0", "0"},
		{wei(t, "101"), percent(1), percent(1), "2", "2", "97"},
		{wei(t, "1"), percent(1), percent(1), "1", "0", "0"},
		{wei(t, "100"), percent(0), percent(100), "0", "100", "0"},
		{new(uint256.Int).SetAllOne(), new(uint256.Int).SetAllOne(), percent(1), new(uint256.Int).SetAllOne().Dec(), "0", "0"},
		{new(uint256.Int), percent(30), percent(20), "0", "0", "0"},
	} {
		a, b, rest := multiplier.Fees(c.claim, c.protocol, c.subnet)
		if a.Dec() != c.toProtocol || b.Dec() != c.toSubnet || rest.Dec() != c.toStaker {
			t.Errorf("%s: got %s, %s, %s", c.claim.Dec(), a.Dec(), b.Dec(), rest.Dec())
		}
	}
}

func BenchmarkLock(b *testing.B) {
	for b.Loop() {
		multiplier.Lock(start+100*day, start+400*day)
	}
}
