package key_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/contracts"
	curves "github.com/keymaker-agent/keymaker/rewards/emission"
)

const lifetime = "41999999998839372000000000"

// curve is a probe of the formula for any parameters.
type curve struct {
	*world
	probe contracts.Compiled
	at    [20]byte
}

func newCurve(t tb) curve {
	w := empty(t)
	return curve{w, contracts.Load(contracts.CurveProbe), w.deploy(contracts.CurveProbe)}
}

func (c curve) between(initial, step *big.Int, start, interval, from, to uint64) *big.Int {
	c.Helper()
	type parameters struct {
		Initial, Step   *big.Int
		Start, Interval uint64
	}
	data, err := c.probe.ABI.Pack("between", parameters{initial, step, start, interval}, from, to)
	if err != nil {
		c.Fatalf("%v", err)
	}
	return ask(c.world, c.at, data, func(ret []byte) (*big.Int, error) { return new(big.Int).SetBytes(ret), nil })
}

func decimal(t tb, s string) *big.Int {
	t.Helper()
	n, ok := new(big.Int).SetString(s, 10)
	if !ok {
		t.Fatalf("%q is no number", s)
	}
	return n
}

// The vectors of MorpheusAIs/SmartContracts:test/libs/LinearDistributionIntervalDecrease.test.ts: 100 tokens in the first interval of
// eight hours. Hours are counted from the start.
func TestThePublishedVectorsOfTheFunctionHoldOnChain(t *testing.T) {
	const hour, start = 3600, 90_000
	initial := wei(100)
	c := newCurve(t)
	for _, v := range []struct {
		id, step string
		from, to int64
		want     string
	}{
		{"L1", "2000000000000000000", 0, 2, "25000000000000000000"},
		{"L2", "2000000000000000000", 0, 6, "75000000000000000000"},
		{"L3", "2000000000000000000", 2, 6, "50000000000000000000"},
		{"L4", "2000000000000000000", 2, 8, "75000000000000000000"},
		{"L5", "2000000000000000000", 0, 8, "100000000000000000000"},
		{"L6", "2000000000000000000", 16, 18, "24000000000000000000"},
		{"L7", "2000000000000000000", 16, 22, "72000000000000000000"},
		{"L8", "2000000000000000000", 18, 22, "48000000000000000000"},
		{"L9", "2000000000000000000", 16, 24, "96000000000000000000"},
		{"L10", "2000000000000000000", 0, 10, "124500000000000000000"},
		{"L11", "2000000000000000000", 2, 10, "99500000000000000000"},
		{"L12", "2000000000000000000", 4, 12, "99000000000000000000"},
		{"L13", "2000000000000000000", 6, 14, "98500000000000000000"},
		{"L14", "2000000000000000000", 8, 18, "122000000000000000000"},
		{"L15", "2000000000000000000", 10, 18, "97500000000000000000"},
		{"L16", "2000000000000000000", 12, 20, "97000000000000000000"},
		{"L17", "2000000000000000000", 14, 24, "120500000000000000000"},
		{"L18", "2000000000000000000", 0, 24, "294000000000000000000"},
		{"L19", "2000000000000000000", 2, 26, "292500000000000000000"},
		{"L20", "2000000000000000000", 6, 30, "289500000000000000000"},
		{"L21", "2000000000000000000", 8, 24, "194000000000000000000"},
		{"L22", "2000000000000000000", 10, 26, "193000000000000000000"},
		{"L23", "2000000000000000000", 14, 30, "191000000000000000000"},
		{"E1", "50000000000000000000", -2, -1, "0"},
		{"E2", "50000000000000000000", -2, 0, "0"},
		{"E3", "50000000000000000000", 998, 999, "0"},
		{"E4", "50000000000000000000", 999, 998, "0"},
		{"E5", "50000000000000000000", -1, 999, "150000000000000000000"},
		{"E6", "51000000000000000000", -1, 999, "149000000000000000000"},
		{"E7", "51000000000000000000", 12, 999, "24500000000000000000"},
		{"C1", "0", 12352, 12360, "100000000000000000000"},
		{"C2", "0", 0, 12352, "154400000000000000000000"},
		{"C3", "0", 8, 12352, "154300000000000000000000"},
		{"C4", "0", 14, 24, "125000000000000000000"},
	} {
		for _, start := range []int64{start, 72_000} {
			got := c.between(initial, decimal(t, v.step), uint64(start), 8*hour, uint64(start+v.from*hour), uint64(start+v.to*hour))
			wantWei(t, v.id, got, decimal(t, v.want))
		}
	}
	wantWei(t, "Z1", c.between(initial, wei(2), start, 0, start, 99_999), new(big.Int))
}

// The vectors of SmartContracts:test/capital-protocol/RewardPool.test.ts: the real schedule as one pool.
func TestTheWholeScheduleHoldsOnChain(t *testing.T) {
	c := newCurve(t)
	for days, want := range map[uint64]string{
		1: "14400000000000000000000", 2: "28797531005299000000000", 13: "187007418413322000000000",
		201: "2844773206509900000000000", 5830: "41999990123143965000000000", 5833: lifetime, 5999: lifetime,
	} {
		got := c.between(wei(14_400), big.NewInt(2_468_994_701_000_000_000), day, day, day, day+days*day)
		wantWei(t, "the first days", got, decimal(t, want))
	}
}

// The vectors of the five pools: seconds from the start.
func TestThePoolsHoldOnChain(t *testing.T) {
	const far = 6000 * day
	w := newWorld(t)
	for _, v := range []struct {
		pool, from, to uint64
		want           string
	}{
		{0, 0, 1, "40000000000000000"},
		{0, 1, 86400, "3455960000000000000000"},
		{0, 0, 86399, "3455960000000000000000"},
		{0, 86400, 86401, "39993141681386111"},
		{0, 86399, 86401, "79993141681386111"},
		{1, 12345, 98765, "3456715196890339263888"},
		{1, 0, day, "3456000000000000000000"},
		{1, 0, 2 * day, "6911407441271760000000"},
		{2, 0, 13 * day, "44881780419197280000000"},
		{2, 0, 90 * day, "308666802293398800000000"},
		{2, 0, 201 * day, "682745569562376000000000"},
		{2, 0, 365 * day, "1222076323683016800000000"},
		{3, 0, 1000 * day, "3160016915244120000000000"},
		{3, 0, 3000 * day, "7702374561012360000000000"},
		{3, 0, 5832 * day, "10079999802224544960000000"},
		{3, 0, 5833 * day, "10079999999721449280000000"},
		{3, 0, far, "10079999999721449280000000"},
		{3, 5832 * day, 5833 * day, "197496904320000000"},
		{3, 5832*day + 43200, far, "98748452160000000"},
		{3, 5833 * day, far, "0"},
		{4, 0, day, "576000000000000000000"},
		{4, 0, 2 * day, "1151901240211960000000"},
		{4, 0, 90 * day, "51444467048899800000000"},
		{4, 0, 365 * day, "203679387280502800000000"},
		{4, 0, 5833 * day, "1679999999953574880000000"},
	} {
		got := ask(w, w.at.Emission, emission.PackBetween(number(v.pool), genesis+v.from, genesis+v.to), emission.UnpackBetween)
		if want := decimal(t, v.want); got.Cmp(want) != 0 {
			t.Errorf("pool %d pays %s in [%d, %d), want %s", v.pool, got, v.from, v.to, want)
		}
	}
	got := ask(w, w.at.Emission, emission.PackBetween(number(0), genesis-100, genesis+60), emission.UnpackBetween)
	wantWei(t, "what begins before the start", got, decimal(t, "2400000000000000000"))
	w.refused("UnknownPool", alice, w.at.Emission, emission.PackDue(number(5), genesis))
}

func TestTheFormulaOnChainIsTheOneInGo(t *testing.T) {
	c := newCurve(t)
	amount := rapid.OneOf(rapid.Uint64Range(0, 100), rapid.Uint64())
	rapid.Check(t, func(t *rapid.T) {
		c := c
		c.world = &world{tb: t, cfg: c.cfg}
		initial, step := wide(t, amount, "initial"), wide(t, amount, "step")
		start := rapid.OneOf(rapid.Uint64Range(0, 100), rapid.Uint64Range(0, 1<<40)).Draw(t, "start")
		interval := rapid.OneOf(rapid.Uint64Range(0, 100), rapid.Uint64Range(0, 1<<32)).Draw(t, "interval")
		second := rapid.OneOf(rapid.Uint64Range(0, 1000), rapid.Uint64Range(0, 1<<42))
		from, to := start+second.Draw(t, "from"), start+second.Draw(t, "to")
		d, err := curves.NewDecrease(initial, step, curves.Time(start), curves.Seconds(interval))
		if err != nil {
			t.Fatalf("%v", err)
		}
		want := d.Between(curves.Time(from), curves.Time(to))
		if got := c.between(initial.ToBig(), step.ToBig(), start, interval, from, to); got.Cmp(want.ToBig()) != 0 {
			t.Fatalf("on chain %s, in Go %s", got, want.Dec())
		}
	})
}

// wide draws an amount below 2^128, of any length.
func wide(t *rapid.T, part *rapid.Generator[uint64], name string) *uint256.Int {
	n := uint256.NewInt(part.Draw(t, name+" high"))
	n.Lsh(n, 64)
	n.Or(n, uint256.NewInt(part.Draw(t, name+" low")))
	return n.Rsh(n, uint(rapid.IntRange(0, 127).Draw(t, name+" less")))
}

func TestThePoolsOnChainAreTheScheduleInGo(t *testing.T) {
	schedule := curves.Morpheus()
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		second := rapid.Uint64Range(genesis-day, genesis+5900*day)
		from, to := second.Draw(t, "from"), second.Draw(t, "to")
		each, _ := schedule.Between(curves.Time(from), curves.Time(to))
		for i, want := range each {
			got := ask(w, w.at.Emission, emission.PackBetween(number(uint64(i)), from, to), emission.UnpackBetween)
			if got.Cmp(want.Wei.ToBig()) != 0 {
				t.Fatalf("%s: on chain %s, in Go %s", want.Pool, got, want.Wei.Dec())
			}
		}
	})
}

func TestWhoeverMintsWhenTheLifetimeIsMintedToTheWei(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, steps := range []int{1, 2, 500} {
		w := newWorld(t)
		for range steps {
			w.pass(random.Uint64N(2 * 5833 * day / uint64(steps)))
			w.mint()
			due := new(big.Int)
			for pool := range uint64(5) {
				minted := ask(w, w.at.Emission, emission.PackMinted(number(pool)), emission.UnpackMinted)
				wantWei(t, "minted of a pool", minted, ask(w, w.at.Emission, emission.PackDue(number(pool), w.now()), emission.UnpackDue))
				due.Add(due, minted)
			}
			wantWei(t, "minted", w.minted(), due)
		}
		w.cfg.Time = genesis + 6000*day
		w.mint()
		wantWei(t, "the lifetime", w.minted(), decimal(t, lifetime))
		wantWei(t, "the lifetime", ask(w, w.at.Emission, emission.PackLIFETIME(), emission.UnpackLIFETIME), decimal(t, lifetime))
		wantWei(t, "the distributor's", w.balance(w.at.Distributor), decimal(t, lifetime))
		w.pass(1000 * day)
		w.mint()
		wantWei(t, "the lifetime", w.minted(), decimal(t, lifetime))
	}
}

func TestNothingIsMintedBeforeTheStart(t *testing.T) {
	w := newWorld(t)
	w.cfg.Time = genesis - day
	w.mint()
	w.cfg.Time = genesis
	w.mint()
	wantWei(t, "minted", w.minted(), new(big.Int))
}

func TestTheEmissionNeedsItsNeighbours(t *testing.T) {
	w := empty(t)
	for _, c := range [][2][20]byte{{{}, bob}, {alice, {}}} {
		_, err := w.create(append(contracts.Load(contracts.Emission).Creation, emission.PackConstructor(c[0], c[1], genesis)...))
		if err == nil || err.Error() != "reverted with ZeroAddress" {
			t.Errorf("%v", err)
		}
	}
}
