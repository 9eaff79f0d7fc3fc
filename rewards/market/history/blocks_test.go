package history

import (
	"context"
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/refusal"
)

// endpoint answers from two functions, and counts what it is asked.
type endpoint struct {
	time    func(block uint64) uint64                               // of its blocks
	call    func(to common.Address, data []byte, at uint64) any     // hexutil.Bytes, or an error
	block   func(number uint64, header map[string]any) (any, error) // what becomes of a header; nil: nothing
	headers int
	calls   int
}

func (e *endpoint) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	for i := range elems {
		var answer any
		var err error
		switch elems[i].Method {
		case "eth_getBlockByNumber":
			e.headers++
			n := uint64(elems[i].Args[0].(hexutil.Uint64))
			header := map[string]any{"number": hexutil.Uint64(n), "timestamp": hexutil.Uint64(e.time(n)), "hash": common.BigToHash(new(big.Int).SetUint64(n))}
			answer = header
			if e.block != nil {
				answer, err = e.block(n, header)
			}
		case "eth_call":
			e.calls++
			msg := elems[i].Args[0].(map[string]any)
			answer = e.call(msg["to"].(common.Address), msg["input"].(hexutil.Bytes), uint64(elems[i].Args[1].(hexutil.Uint64)))
			err, _ = answer.(error)
		}
		if err != nil {
			elems[i].Error = err
			continue
		}
		text, err := json.Marshal(answer)
		if err != nil {
			return err
		}
		elems[i].Error = json.Unmarshal(text, elems[i].Result)
	}
	return ctx.Err()
}

// said is an error that a node answers.
type said string

func (s said) Error() string  { return string(s) }
func (s said) ErrorCode() int { return -32000 }

var (
	poolAt = common.HexToAddress("0x1000")
	tokens = [2]common.Address{common.HexToAddress("0x2000"), common.HexToAddress("0x3000")}
)

func words(values ...int64) hexutil.Bytes {
	var out []byte
	for _, v := range values {
		out = append(out, common.BigToHash(big.NewInt(v)).Bytes()...)
	}
	return out
}

// pair answers as a V2 pair of tokens of 18 and 6 decimals, whose reserves are a function of the block.
func pair(reserves func(block uint64) any) func(common.Address, []byte, uint64) any {
	return func(to common.Address, data []byte, at uint64) any {
		switch {
		case to == tokens[0]:
			return words(18)
		case to == tokens[1]:
			return words(6)
		case string(data) == string(token0):
			return hexutil.Bytes(common.BytesToHash(tokens[0][:]).Bytes())
		case string(data) == string(token1):
			return hexutil.Bytes(common.BytesToHash(tokens[1][:]).Bytes())
		case string(data) == string(getReserves):
			return reserves(at)
		}
		return said("execution reverted")
	}
}

// Each time is found in the block that is right for it, whatever the blocks' times are: those of a walk that stands still, crawls and jumps.
func TestTheBlockOfATimeIsTheLastOneThatIsNotLater(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps := rapid.SliceOfN(rapid.SampledFrom([]uint64{0, 0, 1, 2, 12, 12, 13, 300, 86400, 5_000_000}), 1, 300).Draw(t, "steps")
		start := rapid.Uint64Range(0, 1<<33).Draw(t, "start")
		at := []uint64{start}
		for _, s := range steps {
			at = append(at, at[len(at)-1]+s)
		}
		e := &endpoint{time: func(n uint64) uint64 { return at[n] }}
		last := uint64(len(at) - 1)
		var times []uint64
		for range rapid.IntRange(1, 20).Draw(t, "times") {
			times = append(times, rapid.Uint64Range(start, at[last]).Draw(t, "time"))
		}
		ends, err := headers(t.Context(), e, 0, last)
		if err != nil {
			t.Fatal(err)
		}
		found, err := locate(t.Context(), e, ends, times, func(int) {})
		if err != nil {
			t.Fatal(err)
		}
		for i, b := range found {
			if at[b] > times[i] || b < last && at[b+1] <= times[i] {
				t.Fatalf("block %d of %v for %d", b, at, times[i])
			}
		}
		if most := len(times) * 3 * 10; e.headers > most {
			t.Fatalf("%d headers for %d times among %d blocks", e.headers, len(times), len(at))
		}
	})
}

// A year of days of a chain like Ethereum: a block each 12 seconds, one slot in 200 without one.
func TestAYearOfDaysTakesAFewReadsADay(t *testing.T) {
	const start = 1_700_000_000
	slots := func(n uint64) uint64 { return n + n/200 + n*n%7/6 }
	e := &endpoint{
		time: func(n uint64) uint64 { return start + 12*slots(n) },
		call: pair(func(block uint64) any { return words(1e18, int64(1e9+block), 0) }),
	}
	last := Progress{Of: 369}
	h, err := Read(t.Context(), e, Order{Pool: poolAt, From: 1, To: 2_640_000, Every: Day}, func(p Progress) {
		if p.Found < last.Found || p.Read < last.Read || p.Of != last.Of {
			t.Errorf("after %+v comes %+v", last, p)
		}
		last = p
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(h.Points) != 369 || last.Found != len(h.Points) || last.Read != len(h.Points) {
		t.Errorf("%d prices, at the end %+v", len(h.Points), last)
	}
	t.Logf("%d headers and %d calls for %d prices", e.headers, e.calls, len(h.Points))
	if e.headers > 8*len(h.Points) || e.calls != len(h.Points)+7 {
		t.Errorf("%d headers and %d calls for %d prices", e.headers, e.calls, len(h.Points))
	}
	for _, p := range h.Points {
		if want := big.NewRat(int64(1e9+p.Block), 1e6); p.Price.Cmp(want) != 0 {
			t.Fatalf("block %d: %s", p.Block, p.Price)
		}
	}
}

func TestEndpointsThatDoNotAnswerAreRefusedByName(t *testing.T) {
	steady := func(uint64) any { return words(1e18, 1e9, 0) }
	after := func(block uint64, answer any) func(uint64) any {
		return func(n uint64) any {
			if n < block {
				return answer
			}
			return steady(n)
		}
	}
	header := func(number uint64, becomes func(map[string]any) (any, error)) func(uint64, map[string]any) (any, error) {
		return func(n uint64, h map[string]any) (any, error) {
			if n != number {
				return h, nil
			}
			return becomes(h)
		}
	}
	for name, c := range map[string]struct {
		call  func(common.Address, []byte, uint64) any
		block func(uint64, map[string]any) (any, error)
		why   refusal.Reason
		says  string
	}{
		"sound":                 {pair(steady), nil, "", ""},
		"state that is gone":    {pair(after(900, said("missing trie node abc"))), nil, refusal.StatePruned, "state of block"},
		"no pool yet":           {pair(after(900, hexutil.Bytes{})), nil, refusal.SeriesGap, "is not there yet"},
		"a pool that reverts":   {pair(after(900, said("execution reverted"))), nil, refusal.SeriesGap, "is not there yet"},
		"an empty pool":         {pair(after(900, words(0, 0, 0))), nil, refusal.SeriesGap, "is empty"},
		"half an answer":        {pair(after(900, words(1))), nil, refusal.SeriesGap, "no pool of Uniswap V2"},
		"a reserve too great":   {pair(after(900, hexutil.Bytes(append(make([]byte, 16), append([]byte{255}, make([]byte, 79)...)...)))), nil, refusal.SeriesGap, "no pool of Uniswap V2"},
		"no bytes":              {pair(after(900, "hello")), nil, refusal.RPCDown, "nonsense to eth_call"},
		"both kinds":            {both, nil, refusal.NoPool, "neither"},
		"a stable curve":        {curved, nil, refusal.NoPool, "stable curve"},
		"a token of 78 decimal": {many, nil, refusal.NoPool, "decimals"},
		"no state at all":       {func(common.Address, []byte, uint64) any { return said("pruned") }, nil, refusal.StatePruned, "block 1000"},
		"no block":              {pair(steady), header(1, func(map[string]any) (any, error) { return nil, nil }), refusal.StatePruned, "has no block 1"},
		"an error for a block":  {pair(steady), header(1, func(map[string]any) (any, error) { return nil, said("pruned history") }), refusal.StatePruned, "give block 1"},
		"another block":         {pair(steady), header(1, func(h map[string]any) (any, error) { h["number"] = "0x2"; return h, nil }), refusal.RPCDown, "nonsense"},
		"no time":               {pair(steady), header(1, func(h map[string]any) (any, error) { delete(h, "timestamp"); return h, nil }), refusal.RPCDown, "nonsense"},
		"no end of time": {pair(steady), header(1000, func(h map[string]any) (any, error) {
			h["timestamp"] = "0xffffffffffffffff"
			return h, nil
		}), refusal.RPCDown, "nonsense"},
		"time runs back": {pair(steady), func(n uint64, h map[string]any) (any, error) {
			if n > 1 && n < 1000 {
				h["timestamp"] = "0x1"
			}
			return h, nil
		}, refusal.RPCDown, "is earlier than block"},
	} {
		e := &endpoint{time: func(n uint64) uint64 { return 1_700_000_000 + 12*n }, call: c.call, block: c.block}
		h, err := Read(t.Context(), e, Order{Pool: poolAt, From: 1, To: 1000, Every: 600}, func(Progress) {})
		if c.why == "" {
			if err != nil || len(h.Points) != 20 {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if h != nil || !refusal.Is(err, c.why) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %s: …%s…", name, err, c.why, c.says)
		}
	}
}

func both(to common.Address, data []byte, at uint64) any {
	if string(data) == string(slot0) {
		return words(1, 2, 3, 4, 5, 6, 7)
	}
	return pair(func(uint64) any { return words(1, 1, 1) })(to, data, at)
}

func curved(to common.Address, data []byte, at uint64) any {
	if string(data) == string(stable) {
		return words(1)
	}
	return pair(func(uint64) any { return words(1, 1, 1) })(to, data, at)
}

func many(to common.Address, data []byte, at uint64) any {
	if to == tokens[1] {
		return words(78)
	}
	return pair(func(uint64) any { return words(1, 1, 1) })(to, data, at)
}

func TestAChainThatIsReplacedMeanwhileGivesNoHistory(t *testing.T) {
	asked := 0
	e := &endpoint{
		time: func(n uint64) uint64 { return 1_700_000_000 + 12*n },
		call: pair(func(uint64) any { return words(1e18, 1e9, 0) }),
		block: func(n uint64, h map[string]any) (any, error) {
			if n == 1000 {
				asked++
				h["hash"] = common.BigToHash(big.NewInt(int64(asked)))
			}
			return h, nil
		},
	}
	if _, err := Read(t.Context(), e, Order{Pool: poolAt, From: 1, To: 1000, Every: 600}, func(Progress) {}); !refusal.Is(err, refusal.RPCDown) {
		t.Errorf("it is read with %v", err)
	}
}

func TestPricesAreAtEachMultipleOfTheStepInTheRange(t *testing.T) {
	for _, c := range []struct{ from, to, first, last uint64 }{
		{100, 130, 100, 130}, {101, 130, 110, 130}, {91, 129, 100, 120}, {100, 110, 100, 110}, {0, 10, 0, 10},
	} {
		times, err := grid(c.from, c.to, 10)
		if err != nil || times[0] != c.first || times[len(times)-1] != c.last || uint64(len(times)) != (c.last-c.first)/10+1 {
			t.Errorf("from %d to %d: %v, %v", c.from, c.to, times, err)
		}
	}
	for _, none := range [][2]uint64{{100, 100}, {100, 109}, {101, 119}, {101, 109}, {130, 100}} {
		if times, err := grid(none[0], none[1], 10); !refusal.Is(err, refusal.TooFewPrices) {
			t.Errorf("%v: %v, %v", none, times, err)
		}
	}
}

func TestMoreThanTheMostPricesAreNotBegun(t *testing.T) {
	e := &endpoint{time: func(n uint64) uint64 { return 1_700_000_000 + 12*n }}
	_, err := Read(t.Context(), e, Order{Pool: poolAt, From: 1, To: 1 << 20, Every: 60}, func(Progress) {})
	if !refusal.Is(err, refusal.Usage) || e.headers != 2 {
		t.Errorf("%v after %d headers", err, e.headers)
	}
}

// The values are those of Python's fractions and decimal modules, at 20 digits or all of those before the point.
func TestRatiosOfPoolsAreWrittenToTwentyDigits(t *testing.T) {
	root := func(decimal string) []byte {
		n, ok := new(big.Int).SetString(decimal, 10)
		if !ok {
			t.Fatal(decimal)
		}
		return append(common.BigToHash(n).Bytes(), make([]byte, 6*word)...)
	}
	for _, c := range []struct {
		venue     Venue
		out       []byte
		decimals0 uint8
		decimals1 uint8
		inverse   bool
		want      string
	}{
		{V2, words(2000000000000000000, 6000000000000, 0), 18, 6, false, "3000000"},
		{V2, words(3, 7, 0), 0, 0, false, "2.3333333333333333333"},
		{V2, words(3, 7, 0), 0, 0, true, "0.42857142857142857143"},
		{V2, words(123456789012345678, 987654321, 0), 18, 6, false, "8000.0000721000007145"},
		{V2, words(123456789012345678, 987654321, 0), 18, 6, true, "0.00012499999887343749899"},
		{V2, words(1, 9000000000000000000, 0), 18, 18, false, "9000000000000000000"},
		{V2, words(9000000000000000000, 1, 0), 18, 18, false, "0.00000000000000000011111111111111111111"},
		{V3, root("5602277097478614198912276234240"), 18, 18, false, "5000.0000000000003696"},
		{V3, root("5602277097478614198912276234240"), 18, 18, true, "0.00019999999999999998522"},
		{V3, root("4339505179874779489431521"), 18, 6, false, "3000"},
		{V3, root("1771845812700903892492222464"), 6, 18, true, "1999435111373508.8373"},
		{V3, root("4295128739"), 18, 6, false, "0.0000000000000000000000000029389568087743112001"},
		{V3, root("1461446703485210103287273052203988822378723970341"), 18, 6, true, "0.0000000000000000000000000000000000000000000000000029389568075855848387"},
		{V3, root("1461446703485210103287273052203988822378723970341"), 18, 6, false, "340256786836388094070642339899681172762184831912255"},
	} {
		p := pool{venue: c.venue, tokens: [2]Token{{Decimals: c.decimals0}, {Decimals: c.decimals1}}, inverse: c.inverse}
		price, why := p.price(c.out)
		if price == nil {
			t.Fatalf("%s: %s", c.want, why)
		}
		if got := Decimal(price); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// A decimal is as near to its ratio as twenty digits can be, and the same ratio when it is short.
func TestADecimalIsItsRatioButForTheTwentiethDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) *big.Int {
			n := new(big.Int).SetUint64(rapid.Uint64Range(1, 1<<63).Draw(t, name))
			return n.Lsh(n, uint(rapid.IntRange(0, 200).Draw(t, name+" bits")))
		}
		price := new(big.Rat).SetFrac(draw("a"), draw("b"))
		text := Decimal(price)
		back, ok := new(big.Rat).SetString(text)
		if !ok {
			t.Fatal(text)
		}
		off := back.Sub(back, price)
		if limit := new(big.Rat).Mul(price, big.NewRat(1, 1e18)); off.Abs(off).Cmp(limit.Quo(limit, big.NewRat(20, 1))) > 0 {
			t.Fatalf("%s is written as %s", price, text)
		}
		if strings.ContainsAny(text, "eE-+") || strings.HasSuffix(text, ".") || strings.Contains(text, ".") && strings.HasSuffix(text, "0") {
			t.Fatalf("%q", text)
		}
	})
}

// Whatever the pool answers is a price above zero or has no price, with a reason.
func FuzzAnAnswerIsAPriceOrSaysWhyNot(f *testing.F) {
	f.Add(true, false, []byte(words(1, 2, 3)), uint8(18), uint8(6))
	f.Add(false, true, []byte(words(1<<62, 2, 3, 4, 5, 6, 7)), uint8(0), uint8(77))
	f.Fuzz(func(t *testing.T, isV2, inverse bool, out []byte, d0, d1 uint8) {
		p := pool{venue: V3, tokens: [2]Token{{Decimals: d0 % 78}, {Decimals: d1 % 78}}, inverse: inverse}
		if isV2 {
			p.venue = V2
		}
		price, why := p.price(out)
		if (price == nil) != (why != "") || price != nil && price.Sign() <= 0 {
			t.Fatalf("%v, %q", price, why)
		}
		if price != nil && Decimal(price) == "" {
			t.Fatal("it can't be written")
		}
	})
}
