package pool

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/router/pool/line"
	"github.com/keymaker-agent/keymaker/router/swap/ticks"
)

func power(bits uint) *uint256.Int { return new(uint256.Int).Lsh(one, bits) }

func negative(x *uint256.Int) uint256.Int { return *new(uint256.Int).Neg(x) }

func TestAPairThatCannotBeIsRefused(t *testing.T) {
	good := pairSite("uniswap-v2", 3000)
	for name, c := range map[string]struct {
		change   func(*Site)
		reserve1 *uint256.Int
		want     string
	}{
		"one token":            {func(s *Site) { s.Tokens = s.Tokens[:1] }, one, "two different tokens"},
		"three tokens":         {func(s *Site) { s.Tokens = append(s.Tokens[:2:2], common.Address{9}) }, one, "two different tokens"},
		"the same token twice": {func(s *Site) { s.Tokens = []common.Address{{1}, {1}} }, one, "two different tokens"},
		"a fee of it all":      {func(s *Site) { s.FeePPM = 1_000_000 }, one, "leaves nothing"},
		"a reserve too large":  {func(*Site) {}, power(112), "112 bits"},
	} {
		site := good
		c.change(&site)
		if _, err := NewV2(site, one, c.reserve1); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	p, err := NewV2(good, one, one)
	must(t, err)
	if _, err := p.Traded(one, power(112)); err == nil {
		t.Error("a reserve of 113 bits came by an event")
	}
}

func TestWhatAPairCannotTrade(t *testing.T) {
	most := new(uint256.Int).Sub(power(112), one)
	for name, c := range map[string]struct {
		r0, r1, amount *uint256.Int
		out, in        error
	}{
		"nothing":                       {number("1000"), number("1000"), number("0"), ErrDust, ErrDust},
		"nothing of nothing":            {number("0"), number("0"), number("0"), ErrLiquidity, ErrDust},
		"something of nothing":          {number("0"), number("0"), number("1"), ErrLiquidity, ErrLiquidity},
		"all that is there":             {number("1000"), number("1000"), number("1000"), nil, ErrLiquidity},
		"one less than that":            {number("1000"), number("1000"), number("999"), nil, nil},
		"too little for one unit":       {number("1000000"), number("10"), number("1"), ErrDust, nil},
		"the last that fits 112 bits":   {number("1"), most, new(uint256.Int).Sub(most, one), nil, ErrLiquidity},
		"one more than fits 112 bits":   {number("1"), most, most, ErrLiquidity, ErrLiquidity},
		"an amount beyond all bits":     {number("1"), most, new(uint256.Int).SetAllOne(), ErrLiquidity, ErrLiquidity},
		"a cost that does not fit them": {number("1000"), most, new(uint256.Int).Sub(most, one), ErrLiquidity, ErrLiquidity},
	} {
		p, err := NewV2(pairSite("uniswap-v2", 3000), c.r0, c.r1)
		must(t, err)
		if _, _, err := p.Out(0, 1, c.amount); !errors.Is(err, c.out) {
			t.Errorf("%s: out %v, want %v", name, err, c.out)
		}
		if _, _, err := p.In(0, 1, c.amount); !errors.Is(err, c.in) {
			t.Errorf("%s: in %v, want %v", name, err, c.in)
		}
	}
}

// flat is a pool with one position of 2^80 from tick -600 to 600, at tick 0.
func flat() terrain {
	depth := power(80)
	return terrain{
		price: *power(96), liquidity: *depth, spacing: 60,
		ticks: []Tick{{Index: -600, Net: *depth}, {Index: 600, Net: negative(depth)}},
	}
}

func TestAPoolWithTicksThatCannotBeIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Site, *terrain)
		want   string
	}{
		"tokens in the wrong order":    {func(s *Site, _ *terrain) { s.Tokens = []common.Address{{2}, {1}} }, "not in order"},
		"a fee of it all":              {func(s *Site, _ *terrain) { s.FeePPM = 1_000_000 }, "leaves nothing"},
		"a spacing below 0":            {func(_ *Site, w *terrain) { w.spacing = -1 }, "spacing"},
		"a spacing of 16 bits":         {func(_ *Site, w *terrain) { w.spacing = 1 << 15 }, "spacing"},
		"no price":                     {func(_ *Site, w *terrain) { w.price.Clear() }, "not in its tick"},
		"a price below its tick":       {func(_ *Site, w *terrain) { w.price.SubUint64(&w.price, 1) }, "not in its tick"},
		"a price two ticks above":      {func(_ *Site, w *terrain) { w.price, _ = ticks.Ratio(2) }, "not in its tick"},
		"a tick of no price":           {func(_ *Site, w *terrain) { w.tick = 1 << 30 }, "not in its tick"},
		"a tick that no price reaches": {func(_ *Site, w *terrain) { w.tick, w.price = ticks.Max, ticks.MaxRatio }, "not in its tick"},
		"the same tick twice":          {func(_ *Site, w *terrain) { w.ticks[1].Index = -600 }, "must rise"},
		"a tick beside the spacing":    {func(_ *Site, w *terrain) { w.ticks[1].Index = 601 }, "multiple"},
		"a tick beyond all": {func(_ *Site, w *terrain) {
			w.spacing = 1
			w.ticks[1].Index = ticks.Max + 1
		}, "out of the range"},
		"less than nothing above": {func(_ *Site, w *terrain) { w.liquidity.SetUint64(1) }, "negative"},
		"less than nothing below": {func(_ *Site, w *terrain) { w.ticks[0].Net.AddUint64(&w.ticks[0].Net, 1) }, "negative"},
		"liquidity of 129 bits":   {func(_ *Site, w *terrain) { w.liquidity = *power(128) }, "128 bits"},
	} {
		site, w := pairSite("uniswap-v3", 3000), flat()
		c.change(&site, &w)
		if _, err := NewV3(site, &w.price, w.tick, &w.liquidity, w.spacing, w.ticks); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestAPriceMayStandOnTheUpperEdgeOfItsTick(t *testing.T) {
	w := flat()
	w.tick = -1
	p, err := NewV3(pairSite("uniswap-v3", 3000), &w.price, w.tick, &w.liquidity, w.spacing, w.ticks)
	must(t, err)
	if paid, _, err := p.Out(0, 1, power(60)); err != nil || paid.IsZero() {
		t.Errorf("%s, %v", paid.Dec(), err)
	}
}

func TestWhatAPoolManagerDoesNotDecideAloneIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		fee      uint32
		hook     common.Address
		protocol ProtocolFee
		want     error
	}{
		"no hook":                               {fee: 500},
		"a hook of liquidity and donations":     {fee: 500, hook: common.Address{0: 1, 18: 0x3f, 19: 0x33}},
		"a hook before swaps":                   {500, common.Address{19: 0x80}, ProtocolFee{}, ErrHooks},
		"a hook after swaps":                    {500, common.Address{19: 0x40}, ProtocolFee{}, ErrHooks},
		"a hook with amounts before swaps":      {500, common.Address{19: 0x08}, ProtocolFee{}, ErrHooks},
		"a hook with amounts after swaps":       {500, common.Address{19: 0x04}, ProtocolFee{}, ErrHooks},
		"a fee that a hook sets":                {dynamicFee, common.Address{18: 0x20}, ProtocolFee{}, ErrDynamicFee},
		"the highest fees of the protocol":      {fee: 500, protocol: ProtocolFee{1000, 1000}},
		"more than the protocol may take of it": {500, common.Address{}, ProtocolFee{0, 1001}, errProtocolFee},
	} {
		w := flat()
		_, err := NewV4(pairSite("uniswap-v4", c.fee), c.hook, c.protocol, &w.price, w.tick, &w.liquidity, w.spacing, w.ticks)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestThePoolManagerTakesNoAmountOf128Bits(t *testing.T) {
	w := flat()
	p, err := NewV4(pairSite("uniswap-v4", 500), common.Address{}, ProtocolFee{}, &w.price, w.tick, &w.liquidity, w.spacing, w.ticks)
	must(t, err)
	for _, trade := range []func(in, out int, amount *uint256.Int) (uint256.Int, Pool, error){p.Out, p.In} {
		if _, _, err := trade(0, 1, power(127)); !errors.Is(err, ErrLiquidity) {
			t.Errorf("%v", err)
		}
	}
}

func TestWhatIsKnownOfOneRangeAloneTradesInIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawTerrain(t)
		if w.liquidity.IsZero() {
			return
		}
		fee := drawFee(t)
		all := w.pool(t, fee)
		w.ticks = ActiveRange(w.tick, w.spacing, &w.liquidity)
		if w.ticks[0].Index > w.tick || w.ticks[1].Index <= w.tick || w.ticks[1].Index-w.ticks[0].Index != w.spacing {
			t.Fatalf("%d is not from %d to %d", w.tick, w.ticks[0].Index, w.ticks[1].Index)
		}
		p := w.pool(t, fee)
		in := rapid.IntRange(0, 1).Draw(t, "in")
		amount := drawIn(t, p, in, "amount")
		paid, _, err := p.Out(in, 1-in, &amount)
		if err != nil {
			return
		}
		want, _, err := all.Out(in, 1-in, &amount) // it may round once less, where no tick is at the end of the range
		if err != nil || want.Lt(&paid) || want.Float64() > paid.Float64()+slack(p, in, 1-in, &amount) {
			t.Fatalf("%s for %s, want %s, %v", paid.Dec(), amount.Dec(), want.Dec(), err)
		}
	})
}

func TestAnEventOfASwapLeavesWhatTheSwapItselfDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, in := drawV3(t), rapid.IntRange(0, 1).Draw(t, "in")
		amount := drawIn(t, p, in, "amount")
		_, after, err := p.Out(in, 1-in, &amount)
		if err != nil {
			return
		}
		price, tick, liquidity := after.(*V3).State()
		told, err := p.Swapped(&price, tick, &liquidity)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(told, after) {
			t.Fatalf("%+v, want %+v", told.spot, after.(*V3).spot)
		}
	})
}

func TestASwapThatTheTicksDoNotExplainIsRefused(t *testing.T) {
	p := flat().pool(t, 3000)
	price, tick, liquidity := p.State()
	if _, err := p.Swapped(&price, tick, new(uint256.Int).AddUint64(&liquidity, 1)); err == nil {
		t.Error("the liquidity is another one")
	}
	if _, err := p.Swapped(&price, tick+1, &liquidity); err == nil {
		t.Error("the price is not in its tick")
	}
}

func TestLiquidityThatComesIsAsIfItHadBeenThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, fee := drawTerrain(t), drawFee(t)
		p := w.pool(t, fee)
		lower := w.tick/w.spacing + rapid.Int32Range(-300, 300).Draw(t, "new lower")
		upper := lower + rapid.Int32Range(1, 400).Draw(t, "new width")
		depth := drawBits(t, 90, "new depth")
		come, err := p.Provided(lower*w.spacing, upper*w.spacing, &depth)
		if err != nil {
			t.Fatal(err)
		}
		with := w
		with.ticks = provide(append([]Tick(nil), w.ticks...), lower*w.spacing, upper*w.spacing, &depth)
		if lower*w.spacing <= w.tick && w.tick < upper*w.spacing {
			with.liquidity.Add(&with.liquidity, &depth)
		}
		if want := with.pool(t, fee); !reflect.DeepEqual(come, want) {
			t.Fatalf("%+v, want %+v", come.spot.ladder, want.spot.ladder)
		}
		less := negative(&depth)
		gone, err := come.Provided(lower*w.spacing, upper*w.spacing, &less)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(gone, p) {
			t.Fatalf("%+v, want %+v", gone.spot.ladder, p.spot.ladder)
		}
	})
}

func TestLiquidityThatCannotGoIsRefused(t *testing.T) {
	p := flat().pool(t, 3000)
	all, more := negative(power(80)), negative(power(81))
	for name, c := range map[string]struct {
		lower, upper int32
		liquidity    *uint256.Int
	}{
		"more than there is":       {-600, 600, &more},
		"what is elsewhere":        {-660, 600, &all},
		"a range upside down":      {600, -600, one},
		"a range of nothing":       {60, 60, one},
		"a range beside its ticks": {-601, 600, one},
		"a range beyond all":       {-60, 887_280, one},
	} {
		if _, err := p.Provided(c.lower, c.upper, c.liquidity); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	none, err := p.Provided(-60, 60, new(uint256.Int))
	must(t, err)
	if len(none.Ticks()) != 2 {
		t.Errorf("nothing at all made %d ticks", len(none.Ticks()))
	}
	// The first position may not have been the only one at its ticks.
	gone, err := p.Provided(-600, 600, &all)
	must(t, err)
	if len(gone.Ticks()) != 2 {
		t.Errorf("%d ticks are left of 2 that others may hold", len(gone.Ticks()))
	}
	if _, _, err := gone.Out(0, 1, one); !errors.Is(err, ErrLiquidity) {
		t.Errorf("an empty pool: %v", err)
	}
}

func TestAPoolOfThePoolManagerIsWrittenAsItIsRead(t *testing.T) {
	w := flat()
	hook := common.Address{0: 0xab, 18: 0x20}
	p, err := NewV4(pairSite("uniswap-v4", 2500), hook, ProtocolFee{7, 1000}, &w.price, w.tick, &w.liquidity, w.spacing, w.ticks)
	must(t, err)
	var out line.Writer
	out.Begin("pool")
	writeV4(p, &out)
	text := append([]byte(nil), out.End()...)
	var l line.Line
	must(t, l.Parse(text[:len(text)-1]))
	l.Text("type", 10)
	site := pairSite("uniswap-v4", 0)
	again, err := readV4(site, nil, &l)
	must(t, err)
	must(t, l.Done())
	if !reflect.DeepEqual(again, p) {
		t.Errorf("%+v, want %+v", again, p)
	}
	for _, field := range []string{"hooks", "protocol_fee_zero_for_one", "protocol_fee_one_for_zero", "fee_ppm", "tick"} {
		var l line.Line
		must(t, l.Parse([]byte(strings.Replace(string(text[:len(text)-1]), `"`+field+`"`, `"was_`+field+`"`, 1))))
		if _, err := readV4(site, nil, &l); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("without %s: %v", field, err)
		}
	}
}
