package emission_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/rewards/emission"
)

const (
	hour = 3600
	day  = 86400
	// genesis is 2024-02-08 12:00:00 UTC, the first second of Morpheus.
	genesis = emission.Time(1707393600)
	lasts   = 5833
)

func wei(tb testing.TB, decimal string) *uint256.Int {
	tb.Helper()
	v, err := uint256.FromDecimal(decimal)
	if err != nil {
		tb.Fatalf("%q: %v", decimal, err)
	}
	return v
}

func decrease(tb testing.TB, initial, step string, start emission.Time, interval emission.Seconds) emission.Decrease {
	tb.Helper()
	d, err := emission.NewDecrease(wei(tb, initial), wei(tb, step), start, interval)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func pays(tb testing.TB, c interface {
	Between(from, to emission.Time) uint256.Int
}, from, to emission.Time, want string,
) {
	tb.Helper()
	if got := c.Between(from, to); got.Dec() != want {
		tb.Errorf("[%d, %d) pays %s, want %s", from, to, got.Dec(), want)
	}
}

// The vectors of MorpheusAIs/SmartContracts:test/libs/LinearDistributionIntervalDecrease.test.ts: 100 tokens in the first interval
// of eight hours, hours counted from the start. The file runs the first 23 with two starts.
func TestThePublishedVectorsOfTheFunctionHold(t *testing.T) {
	const (
		initial = "100000000000000000000"
		two     = "2000000000000000000"
		fifty   = "50000000000000000000"
	)
	for _, c := range []struct {
		id, step string
		from, to int64
		want     string
	}{
		{"L1", two, 0, 2, "25000000000000000000"},
		{"L2", two, 0, 6, "75000000000000000000"},
		{"L3", two, 2, 6, "50000000000000000000"},
		{"L4", two, 2, 8, "75000000000000000000"},
		{"L5", two, 0, 8, "100000000000000000000"},
		{"L6", two, 16, 18, "24000000000000000000"},
		{"L7", two, 16, 22, "72000000000000000000"},
		{"L8", two, 18, 22, "48000000000000000000"},
		{"L9", two, 16, 24, "96000000000000000000"},
		{"L10", two, 0, 10, "124500000000000000000"},
		{"L11", two, 2, 10, "99500000000000000000"},
		{"L12", two, 4, 12, "99000000000000000000"},
		{"L13", two, 6, 14, "98500000000000000000"},
		{"L14", two, 8, 18, "122000000000000000000"},
		{"L15", two, 10, 18, "97500000000000000000"},
		{"L16", two, 12, 20, "97000000000000000000"},
		{"L17", two, 14, 24, "120500000000000000000"},
		{"L18", two, 0, 24, "294000000000000000000"},
		{"L19", two, 2, 26, "292500000000000000000"},
		{"L20", two, 6, 30, "289500000000000000000"},
		{"L21", two, 8, 24, "194000000000000000000"},
		{"L22", two, 10, 26, "193000000000000000000"},
		{"L23", two, 14, 30, "191000000000000000000"},
		{"E1", fifty, -2, -1, "0"},
		{"E2", fifty, -2, 0, "0"},
		{"E3", fifty, 998, 999, "0"},
		{"E4", fifty, 999, 998, "0"},
		{"E5", fifty, -1, 999, "150000000000000000000"},
		{"E6", "51000000000000000000", -1, 999, "149000000000000000000"},
		{"E7", "51000000000000000000", 12, 999, "24500000000000000000"},
		{"C1", "0", 12352, 12360, "100000000000000000000"},
		{"C2", "0", 0, 12352, "154400000000000000000000"},
		{"C3", "0", 8, 12352, "154300000000000000000000"},
		{"C4", "0", 14, 24, "125000000000000000000"},
	} {
		t.Run(c.id, func(t *testing.T) {
			for _, start := range []int64{25 * hour, 20 * hour} {
				d := decrease(t, initial, c.step, emission.Time(start), 8*hour)
				pays(t, d, emission.Time(start+c.from*hour), emission.Time(start+c.to*hour), c.want)
			}
		})
	}
	t.Run("Z1", func(t *testing.T) {
		for _, step := range []string{"0", two, fifty} {
			pays(t, decrease(t, initial, step, 25*hour, 0), 25*hour, 99999, "0")
			pays(t, decrease(t, initial, step, 20*hour, 0), 20*hour, 99999, "0")
		}
	})
}

// The vectors of SmartContracts:test/capital-protocol/RewardPool.test.ts; where the test there allows 1e-6, the value is the exact one.
func TestThePublishedVectorsOfTheRealScheduleHold(t *testing.T) {
	d := decrease(t, "14400000000000000000000", "2468994701000000000", day, day)
	for n, want := range map[emission.Time]string{
		1:    "14400000000000000000000",
		2:    "28797531005299000000000",
		13:   "187007418413322000000000",
		201:  "2844773206509900000000000",
		5830: "41999990123143965000000000",
		5833: "41999999998839372000000000",
		5999: "41999999998839372000000000",
	} {
		pays(t, d, day, day+n*day, want)
	}
	if p, ok := emission.Morpheus().Pool("5"); ok {
		t.Errorf("there is a pool %s", p.Name)
	}
	pays(t, emission.Pool{}, genesis, genesis+day, "0")
}

func TestTheFivePoolsPayWhatMainnetPays(t *testing.T) {
	const g, never = genesis, emission.Never
	s := emission.Morpheus()
	for _, c := range []struct {
		from, to emission.Time
		want     string
	}{
		{g, g + 1, "40000000000000000"},
		{g + 1, g + day, "3455960000000000000000"},
		{g, g + day - 1, "3455960000000000000000"},
		{g + day, g + day + 1, "39993141681386111"},
		{g + day - 1, g + day + 1, "79993141681386111"},
		{g + 12345, g + 98765, "3456715196890339263888"},
		{g - 100, g + 60, "2400000000000000000"},
		{g, g + day, "3456000000000000000000"},
		{g, g + 2*day, "6911407441271760000000"},
		{g, g + 13*day, "44881780419197280000000"},
		{g, g + 90*day, "308666802293398800000000"},
		{g, g + 201*day, "682745569562376000000000"},
		{g, g + 365*day, "1222076323683016800000000"},
		{g, g + 1000*day, "3160016915244120000000000"},
		{g, g + 3000*day, "7702374561012360000000000"},
		{g, g + 5832*day, "10079999802224544960000000"},
		{g, g + 5833*day, "10079999999721449280000000"},
		{g, never, "10079999999721449280000000"},
		{g + 5832*day, g + 5833*day, "197496904320000000"},
		{g + 5832*day + 43200, never, "98748452160000000"},
		{g + 5833*day, never, "0"},
	} {
		for _, name := range []string{"capital", "code", "community", "compute"} {
			p, _ := s.Pool(name)
			pays(t, p, c.from, c.to, c.want)
		}
	}
	protection, _ := s.Pool("protection")
	for n, want := range map[emission.Time]string{
		1:    "576000000000000000000",
		2:    "1151901240211960000000",
		90:   "51444467048899800000000",
		365:  "203679387280502800000000",
		5833: "1679999999953574880000000",
	} {
		pays(t, protection, g, g+n*day, want)
	}
}

func TestTheLifetimeMintIsTheKnownOneAndKeepsTheCap(t *testing.T) {
	s := emission.Morpheus()
	if got := s.Lifetime(); got.Dec() != "41999999998839372000000000" {
		t.Errorf("got %s", got.Dec())
	}
	for _, p := range s.Pools {
		if p.End() != 2211364800 { // 2040-01-28 12:00:00 UTC
			t.Errorf("%s ends at %d", p.Name, p.End())
		}
	}
}

// Read back second by second, day two of a 24 % pool is 9,600 wei short of the single call.
func TestSecondsOfADayLoseWhatTheContractLoses(t *testing.T) {
	p, _ := emission.Morpheus().Pool("capital")
	var sum uint256.Int
	for s := genesis + day; s < genesis+2*day; s++ {
		paid := p.Between(s, s+1)
		sum.Add(&sum, &paid)
	}
	if sum.Dec() != "3455407441271759990400" {
		t.Errorf("got %s", sum.Dec())
	}
}

func TestThePoolsAreTheSinglePoolAtEveryBoundary(t *testing.T) {
	s := emission.Morpheus()
	single := decrease(t, "14400000000000000000000", "2468994701000000000", genesis, day)
	for n := range emission.Time(lasts + 2) {
		_, got := s.Between(genesis, genesis+n*day)
		if want := single.Between(genesis, genesis+n*day); got != want {
			t.Fatalf("after %d days the pools have paid %s, the single pool %s", n, got.Dec(), want.Dec())
		}
		_, got = s.Between(genesis+n*day, genesis+(n+1)*day)
		if want := single.Between(genesis+n*day, genesis+(n+1)*day); got != want {
			t.Fatalf("on day %d the pools pay %s, the single pool %s", n, got.Dec(), want.Dec())
		}
	}
}

func TestWhatNobodyCanHoldIsRefused(t *testing.T) {
	huge := new(uint256.Int).Lsh(uint256.NewInt(1), 128)
	most := new(uint256.Int).SubUint64(huge, 1)
	zero := new(uint256.Int)
	for name, make := range map[string]func(*uint256.Int) error{
		"initial":     func(a *uint256.Int) error { _, err := emission.NewDecrease(a, zero, 0, 1); return err },
		"step":        func(a *uint256.Int) error { _, err := emission.NewDecrease(zero, a, 0, 1); return err },
		"halving":     func(a *uint256.Int) error { _, err := emission.NewHalving(a, 1, 0, 1); return err },
		"budget":      func(a *uint256.Int) error { _, err := emission.NewEven(a, 0, 1); return err },
		"burned":      func(a *uint256.Int) error { _, err := emission.TailBudget(a, zero); return err },
		"circulating": func(a *uint256.Int) error { _, err := emission.TailBudget(zero, a); return err },
	} {
		if err := make(huge); !errors.Is(err, emission.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
		if err := make(most); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The largest amounts over the longest time stay in 256 bits.
func TestTheLargestCurvesDoNotWrap(t *testing.T) {
	most := new(uint256.Int).SubUint64(new(uint256.Int).Lsh(uint256.NewInt(1), 128), 1)
	flat, err := emission.NewDecrease(most, new(uint256.Int), 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	want := new(uint256.Int).Mul(most, uint256.NewInt(math.MaxUint64))
	pays(t, flat, 0, emission.Never, want.Dec())

	// A step of one: n intervals pay n*I - n*(n-1)/2.
	slow, err := emission.NewDecrease(most, uint256.NewInt(1), 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	n := uint256.NewInt(math.MaxUint64)
	pairs := new(uint256.Int).Mul(n, uint256.NewInt(math.MaxUint64-1))
	want.Sub(want, pairs.Rsh(pairs, 1))
	pays(t, slow, 0, emission.Never, want.Dec())
	if slow.End() != emission.Never {
		t.Errorf("it ends at %d", slow.End())
	}
}

func TestHalvingHalvesRoundedDownUntilNothingIsLeft(t *testing.T) {
	h, err := emission.NewHalving(uint256.NewInt(5), 2, 100, 10)
	if err != nil {
		t.Fatal(err)
	}
	pays(t, h, 100, 110, "5")
	pays(t, h, 100, 120, "10")
	pays(t, h, 120, 140, "4")  // 2 each
	pays(t, h, 115, 125, "3")  // floor(2.5) + 1
	pays(t, h, 140, 1000, "2") // 1 each
	pays(t, h, 160, 1000, "0")
	pays(t, h, 0, emission.Never, "16")
	if h.End() != 160 {
		t.Errorf("it ends at %d", h.End())
	}
}

// The white paper's example: 10.5 of 42 million are burned, half of it is 5.25 million, the bound is 5.04 million: about 864 a day.
func TestTheTailIsHalfOfWhatWasBurnedUnderABound(t *testing.T) {
	million := func(n uint64, tenths uint64) *uint256.Int {
		v := uint256.NewInt(n*10 + tenths)
		return v.Mul(v, wei(t, "100000000000000000000000"))
	}
	got, err := emission.TailBudget(million(10, 5), million(31, 5))
	if err != nil || got != *new(uint256.Int).Mul(uint256.NewInt(504), wei(t, "10000000000000000000000")) {
		t.Errorf("got %s, %v", got.Dec(), err)
	}
	even, err := emission.NewEven(&got, genesis+lasts*day, genesis+2*lasts*day)
	if err != nil {
		t.Fatal(err)
	}
	pays(t, even, genesis+lasts*day, genesis+(lasts+1)*day, "864049374249957140408") // floor(5.04e24 / 5833)
	pays(t, even, 0, emission.Never, got.Dec())
	got, err = emission.TailBudget(uint256.NewInt(7), million(1, 0))
	if err != nil || got.Uint64() != 3 {
		t.Errorf("half of 7 is %s, %v", got.Dec(), err)
	}
}

// drawCurve is any curve, and the times around which something happens to it.
func drawCurve(t *rapid.T) (emission.Curve, emission.Time, emission.Seconds) {
	start := emission.Time(rapid.Uint64Range(0, 1<<34).Draw(t, "start"))
	interval := emission.Seconds(rapid.Uint64Range(1, 100_000).Draw(t, "interval"))
	initial, step := drawWei(t, "initial"), drawWei(t, "step")
	var c emission.Curve
	var err error
	switch rapid.SampledFrom([]string{"decrease", "halving", "even", "pool"}).Draw(t, "kind") {
	case "decrease":
		c, err = emission.NewDecrease(initial, step, start, interval)
	case "halving":
		c, err = emission.NewHalving(initial, rapid.Uint64Range(0, 50).Draw(t, "every"), start, interval)
	case "even":
		c, err = emission.NewEven(initial, start, start+emission.Time(rapid.Uint64Range(0, 1<<30).Draw(t, "length")))
	default:
		start, interval = genesis, day
		c = rapid.SampledFrom(emission.Morpheus().Pools).Draw(t, "pool")
	}
	if err != nil {
		t.Fatal(err)
	}
	return c, start, interval
}

func drawWei(t *rapid.T, label string) *uint256.Int {
	v := uint256.NewInt(rapid.Uint64().Draw(t, label))
	return v.Lsh(v, uint(rapid.IntRange(0, 64).Draw(t, label+" bits")))
}

// drawTime is near a boundary as often as not.
func drawTime(t *rapid.T, start emission.Time, interval emission.Seconds, label string) emission.Time {
	at := uint64(start) + rapid.Uint64Range(0, 100).Draw(t, label)*uint64(interval) + rapid.Uint64Range(0, uint64(interval)).Draw(t, label+" into")
	return emission.Time(at - min(at, rapid.Uint64Range(0, 2).Draw(t, label+" back")))
}

func TestSplitRangesPayNoMoreAndLessThanAWeiLessEach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, start, interval := drawCurve(t)
		n := rapid.IntRange(1, 12).Draw(t, "parts")
		times := make([]emission.Time, n+1)
		for i := range times {
			times[i] = drawTime(t, start, interval, "t")
		}
		checkSplit(t, c, sorted(times))
	})
}

func TestEmptyAndReversedRangesPayNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, start, interval := drawCurve(t)
		a, b := drawTime(t, start, interval, "a"), drawTime(t, start, interval, "b")
		if paid := c.Between(max(a, b), min(a, b)); !paid.IsZero() {
			t.Fatalf("[%d, %d) pays %s", max(a, b), min(a, b), paid.Dec())
		}
	})
}

func TestNothingPaysMoreThanItsLifetime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, start, interval := drawCurve(t)
		a, b, d := drawTime(t, start, interval, "a"), drawTime(t, start, interval, "b"), drawTime(t, start, interval, "c")
		all := emission.Lifetime(c)
		less, more := c.Between(a, min(b, d)), c.Between(a, max(b, d))
		if less.Gt(&more) || more.Gt(&all) {
			t.Fatalf("[%d, %d) pays %s, [%d, %d) %s, a lifetime %s", a, min(b, d), less.Dec(), a, max(b, d), more.Dec(), all.Dec())
		}
		if paid := c.Between(c.End(), emission.Never); !paid.IsZero() {
			t.Fatalf("after its end it pays %s", paid.Dec())
		}
	})
}

func sorted(times []emission.Time) []emission.Time {
	for i := range times {
		for j := i; j > 0 && times[j] < times[j-1]; j-- {
			times[j], times[j-1] = times[j-1], times[j]
		}
	}
	return times
}

// fataler is what testing and rapid have in common.
type fataler interface {
	Fatalf(format string, args ...any)
}

// checkSplit returns by how many wei the parts are short of the whole.
func checkSplit(t fataler, c emission.Curve, times []emission.Time) uint64 {
	n := uint64(len(times) - 1)
	var sum, short uint256.Int
	for i := range n {
		paid := c.Between(times[i], times[i+1])
		sum.Add(&sum, &paid)
	}
	whole := c.Between(times[0], times[n])
	if _, more := short.SubOverflow(&whole, &sum); more {
		t.Fatalf("%d parts pay %s, the whole %s: %v", n, sum.Dec(), whole.Dec(), times)
	}
	if !short.LtUint64(max(n, 1)) {
		t.Fatalf("%d parts are %s wei short of %s: %v", n, short.Dec(), whole.Dec(), times)
	}
	return short.Uint64()
}

// table is a pool of Morpheus reckoned in another way: what was paid before each day, added up day by day, where the package has a sum
// in closed form. The part of a day is rounded by the same rule, as that is the contract's.
type table struct{ reward, before [lasts + 1]uint256.Int }

func tabulate(initial, step *uint256.Int) *table {
	var days table
	left := *initial
	for k := range lasts {
		days.reward[k] = left
		days.before[k+1].Add(&days.before[k], &left)
		if _, below := left.SubOverflow(&left, step); below {
			left.Clear()
		}
	}
	return &days
}

func (d *table) between(from, to emission.Time) uint256.Int {
	const end = genesis + lasts*day
	from, to = min(max(from, genesis), end)-genesis, min(max(to, genesis), end)-genesis
	share := func(k, seconds emission.Time) *uint256.Int {
		v := new(uint256.Int).Mul(&d.reward[k], uint256.NewInt(uint64(seconds)))
		return v.Div(v, uint256.NewInt(day))
	}
	a, b := from/day, to/day
	if a == b {
		return *share(a, to-from)
	}
	var sum uint256.Int
	if from%day != 0 {
		sum.Add(&sum, share(a, day-from%day))
		a++
	}
	sum.Add(&sum, new(uint256.Int).Sub(&d.before[b], &d.before[a]))
	return *sum.Add(&sum, share(b, to%day))
}

// splits cuts so many random ranges of random pools of Morpheus in up to eight parts, and holds the whole of each, and each part,
// against the table. It returns the greatest number of wei by which the parts of one are short of the whole. The seed is fixed: what
// fails once fails again.
func splits(t fataler, draws int) (greatest uint64) {
	random := rand.New(rand.NewPCG(1, 2))
	pools := emission.Morpheus().Pools
	large := tabulate(uint256.MustFromDecimal("3456000000000000000000"), uint256.MustFromDecimal("592558728240000000"))
	small := tabulate(uint256.MustFromDecimal("576000000000000000000"), uint256.MustFromDecimal("98759788040000000"))
	for range draws {
		pool, days := pools[random.IntN(len(pools))], large
		if pool.Name == "protection" {
			days = small
		}
		times := make([]emission.Time, 2+random.IntN(8))
		for i := range times {
			times[i] = genesis - day + emission.Time(random.Uint64N((lasts+2)*day))
			if random.IntN(4) == 0 {
				times[i] -= (times[i] - genesis%day) % day // on a boundary
			}
		}
		times = sorted(times)
		greatest = max(greatest, checkSplit(t, pool, times))
		for i, at := range times {
			for _, from := range []emission.Time{times[0], times[max(i, 1)-1]} {
				if got, want := pool.Between(from, at), days.between(from, at); got != want {
					t.Fatalf("%s is paid %s in [%d, %d), the table says %s", pool.Name, got.Dec(), from, at, want.Dec())
				}
			}
		}
	}
	return greatest
}

func TestAHundredThousandSplitsAreThoseOfATableOfDays(t *testing.T) {
	if short := splits(t, 100_000); short < 2 {
		t.Errorf("nothing was more than %d wei short: the draws hit no remainders", short)
	}
}

// BenchmarkAMillionSplits is the same law, ten times as often. It fails at the first violation.
func BenchmarkAMillionSplits(b *testing.B) {
	var greatest uint64
	for b.Loop() {
		greatest = splits(b, 1_000_000)
	}
	b.ReportMetric(float64(greatest), "wei-short")
}

func BenchmarkBetween(b *testing.B) {
	pool, _ := emission.Morpheus().Pool("capital")
	for b.Loop() {
		pool.Between(genesis+12345, genesis+987654321)
	}
}
