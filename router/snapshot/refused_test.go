package snapshot

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/router/pool"
	"github.com/keymaker-agent/keymaker/router/pool/line"
)

// replaced is the sample with one line changed.
func replaced(n int, old, with string) []string {
	lines := sample()
	if !strings.Contains(lines[n], old) {
		panic("nothing to replace: " + old)
	}
	lines[n] = strings.Replace(lines[n], old, with, 1)
	return lines
}

func TestABadLineIsRefusedWithItsNumberAndTheReason(t *testing.T) {
	many := func(n int) string { return strings.Repeat(`"a":1,`, n) }
	for _, c := range []struct {
		lines []string
		want  string
	}{
		{nil, "line 1: is missing: the file is empty"},
		{[]string{"null"}, "line 1: is no JSON object"},
		{[]string{tokenLine(0)}, "line 1: the first line"},
		{append(sample(), header), "line 8: the first line"},
		{append(sample(), "", tokenLine(9)), "line 8: is no JSON object"},
		{append(sample(), `{"type":"note"}`), `line 8: type "note"`},
		{append(sample(), `{}`), "line 8: type is missing"},
		{append(sample(), tokenLine(1)), "line 8: token 0x0000000000000000000000000000000000000002 stands twice"},
		{append(sample(), pairLine("p", 0, 1, "1", "1")), `line 8: pool "p" stands twice`},
		{append(sample(), pairLine("P", 0, 1, "1", "1")), `line 8: pool "P" stands twice`},
		{append(sample(), pairLine("r", 0, 5, "1", "1")), "line 8: tokens: 0x0000000000000000000000000000000000000006 has no line of its own"},
		{append(sample(), pairLine("r", 1, 1, "1", "1")), "line 8: tokens: 0x0000000000000000000000000000000000000002 stands twice"},
		{replaced(0, `"version":1`, `"version":2`), "line 1: version 2"},
		{replaced(0, `"chain_id":1`, `"chain_id":0`), "line 1: chain_id: is no whole number"},
		{replaced(0, `"note"`, `"nota"`), `line 1: "nota" is no field`},
		{replaced(0, `"block":100`, `"block":-1`), "line 1: block: is no whole number"},
		{replaced(1, `"decimals":18`, `"decimals":256`), "line 2: decimals: is no whole number from 0 to 255"},
		{replaced(1, `"decimals":18`, `"decimals":18.0`), "line 2: has a number that is not whole"},
		{replaced(1, `"decimals":18`, `"decimals":018`), "line 2: has a number with a leading zero"},
		{replaced(1, `"decimals":18`, `"decimals":1e1`), "line 2: has a number that is not whole"},
		{replaced(1, `"symbol"`, `"decimals":18,"symbol"`), `line 2: "decimals" stands twice`},
		{replaced(1, `,"decimals":18`, ``), "line 2: decimals is missing"},
		{replaced(1, `"T0"`, `"T\q"`), "line 2: has a broken escape"},
		{replaced(1, `"T0"`, "\"T\x01\""), "line 2: has a control character"},
		{replaced(1, `"T0"`, "\"T\xff\""), "line 2: has a string that is no UTF-8"},
		{replaced(1, `"T0"`, `"`+strings.Repeat("x", 300)+`"`), "line 2: symbol: has more than 256 bytes"},
		{replaced(1, `0x00`, `0y00`), "line 2: address: is no address"},
		{replaced(1, `0x00`, `0x0`), "line 2: address: is no address"},
		{replaced(4, `"1000000"`, `"0"`), "line 5: reserves: element 1 is zero"},
		{replaced(4, `"1000000"`, `1000000`), "line 5: reserves: element 1 is no decimal string"},
		{replaced(4, `"1000000"`, `"+1"`), "line 5: reserves: element 1 is no whole decimal number"},
		{replaced(4, `"1000000"`, `"-1"`), "line 5: reserves: element 1 is no whole decimal number"},
		{replaced(4, `"1000000"`, `"01"`), "line 5: reserves: element 1 is no whole decimal number"},
		{replaced(4, `"1000000"`, `""`), "line 5: reserves: element 1 is no whole decimal number"},
		{replaced(4, `"1000000"`, `"1e6"`), "line 5: reserves: element 1 is no whole decimal number"},
		{replaced(4, `"1000000"`, `"5192296858534827628530496329220096"`), "line 5: reserves: element 1 does not fit into 112 bits"},
		{replaced(4, `"1000000"`, `"`+strings.Repeat("9", 78)+`"`), "line 5: reserves: element 1 is no whole decimal number"},
		{replaced(4, `"1000000","2000000"`, `"1000000"`), "line 5: reserves: has fewer than 2 elements"},
		{replaced(4, `"1000000","2000000"`, `"1","2","3"`), "line 5: reserves: has more than 2 elements"},
		{replaced(4, `["1000000","2000000"]`, `"1"`), "line 5: reserves: is no list"},
		{replaced(4, `["1000000","2000000"]`, `null`), "line 5: reserves: is no list"},
		{replaced(4, `["1000000","2000000"]`, `{}`), "line 5: has an object in it"},
		{replaced(4, `["1000000","2000000"]`, `[[[[[["1"]]]]]]`), "line 5: nests lists"},
		{replaced(4, `["1000000","2000000"]`, `["1000000",]`), "line 5: has"},
		{replaced(4, `"fee_ppm":3000`, `"fee_ppm":1000000`), "line 5: fee_ppm: is no whole number from 0 to 999999"},
		{replaced(4, `"fee_ppm":3000`, `"fee_ppm":"3000"`), "line 5: fee_ppm: is no whole number"},
		{replaced(4, `"fee_ppm":3000`, `"fee_ppm":3000,"ticks":[]`), `line 5: "ticks" is no field`},
		{replaced(4, `"id":"p"`, `"id":""`), "line 5: id or kind is empty"},
		{replaced(4, `"id":"p"`, `"id":"`+strings.Repeat("p", 129)+`"`), "line 5: id: is no short, plain string"},
		{replaced(4, `"type"`, many(100)+`"type"`), `line 5: "a" stands twice`},
		{replaced(6, `[-100`, `[200`), "line 7"},
		{replaced(6, `[-100`, `[-105`), "line 7"},
		{replaced(6, `[-100`, `[-9000000`), "line 7"},
		{replaced(6, `[-100`, `[99999999999`), "line 7: ticks: element 1 has a first number"},
		{replaced(6, `[-100,"1000000000000000000"]`, `[-100]`), "line 7: ticks: element 1 is no pair"},
		{replaced(6, `[-100,"1000000000000000000"]`, `[-100,"1","2"]`), "line 7: ticks: element 1 is no pair"},
		{replaced(6, `[-100,"1000000000000000000"]`, `[-100,"-0"]`), "line 7: ticks: element 1 has a second"},
		{replaced(6, `[-100,"1000000000000000000"]`, `7`), "line 7: ticks: element 1 is no pair"},
		{replaced(6, `"tick":0`, `"tick":5`), "line 7"},
		{replaced(6, `"79228162514264337593543950336"`, `"1"`), "line 7"},
		{replaced(6, `"liquidity":"1000000000000000000"`, `"liquidity":"-1"`), "line 7: liquidity: is no whole decimal number"},
		{replaced(6, `}`, ` } x`), "line 7: goes on after its object"},
		{append(sample(), `{"type":"pool"`), "line 8: ends in the middle"},
		{append(sample(), `{"type":"pool","id":"`+strings.Repeat("y", MaxLine)+`"}`), "line 8: has more than 4194304 bytes"},
	} {
		_, err := Load(strings.NewReader(strings.Join(c.lines, "\n")), Choice{})
		if !refusal.Is(err, refusal.BadSnapshot) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("want %q, got %v", c.want, err)
		}
	}
}

func TestAFileThatWasCutIsRefused(t *testing.T) {
	var packed bytes.Buffer
	if err := WritePacked(&packed, load(t, sample()...)); err != nil {
		t.Fatal(err)
	}
	for n := range packed.Len() {
		if _, err := Load(bytes.NewReader(packed.Bytes()[:n]), Choice{}); !refusal.Is(err, refusal.BadSnapshot) {
			t.Fatalf("%d of %d bytes were taken: %v", n, packed.Len(), err)
		}
	}
	plain := strings.Join(sample(), "\n")
	for n := range plain {
		s, err := Load(strings.NewReader(plain[:n]), Choice{})
		if err == nil && plain[n] != '\n' && plain[n-1] != '\n' {
			t.Fatalf("%d bytes were taken for %d pools", n, s.Pools())
		}
		if err != nil && !refusal.Is(err, refusal.BadSnapshot) {
			t.Fatal(err)
		}
	}
}

func TestAChangedByteOfAPackedFileIsRefused(t *testing.T) {
	var packed bytes.Buffer
	if err := WritePacked(&packed, load(t, sample()...)); err != nil {
		t.Fatal(err)
	}
	taken := 0
	for n := range packed.Len() {
		changed := bytes.Clone(packed.Bytes())
		changed[n] ^= 0x10
		if s, err := Load(bytes.NewReader(changed), Choice{}); err == nil && s.Pools() != 3 {
			t.Errorf("byte %d: %d pools were taken", n, s.Pools())
		} else if err == nil {
			taken++ // a part of gzip's head that says nothing
		}
	}
	if taken > 10 {
		t.Errorf("%d changed bytes made no difference", taken)
	}
}

func TestALineThatUnpacksWithoutEndIsRefused(t *testing.T) {
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(w, header)
	blanks := bytes.Repeat([]byte(" "), MaxLine+10)
	if _, err := w.Write(blanks); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(&packed, Choice{}); !refusal.Is(err, refusal.BadSnapshot) || !strings.Contains(err.Error(), "line 2: has more than") {
		t.Fatalf("got %v", err)
	}
}

func FuzzLoadTakesOnlyWhatItWritesAgain(f *testing.F) {
	for n := range sample() {
		f.Add([]byte(strings.Join(sample()[:n+1], "\n")))
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	fmt.Fprintln(w, strings.Join(sample(), "\n"))
	_ = w.Close()
	f.Add(packed.Bytes())
	for kind, fields := range kindFields {
		f.Add([]byte(strings.Join(append(sample()[:3], kindLine(kind, fields)), "\n")))
	}
	f.Add([]byte(strings.Join(append(sample()[:4], sharesLine()), "\n")))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := Load(bytes.NewReader(text), Choice{})
		if err != nil {
			if !refusal.Is(err, refusal.BadSnapshot) {
				t.Fatal(err)
			}
			return
		}
		var out, again bytes.Buffer
		if err := Write(&out, s); err != nil {
			t.Fatal(err)
		}
		back, err := Load(bytes.NewReader(out.Bytes()), Choice{})
		if err != nil {
			t.Fatalf("%v in\n%s", err, out.String())
		}
		if err := Write(&again, back); err != nil || !bytes.Equal(out.Bytes(), again.Bytes()) {
			t.Fatalf("%s\nbecame\n%s", out.String(), again.String())
		}
		for n := range min(s.Pools(), 4) {
			tradeAll(t, s.Pool(n))
		}
	})
}

// tradeAll trades a pool's tokens for each other, whatever may come of it.
func tradeAll(t *testing.T, p pool.Pool) {
	for in := range p.Site().Tokens {
		for out := range p.Site().Tokens {
			if in == out {
				continue
			}
			for _, bits := range []uint{0, 20, 60, 111, 130, 255} {
				amount := new(uint256.Int).Lsh(uint256.NewInt(1), bits)
				p.Gas(in, out, amount)
				if paid, after, err := p.Out(in, out, amount); err == nil && (paid.IsZero() || after == nil) {
					t.Fatalf("%s pays %s, and is %v then", p.Site().Kind, paid.Dec(), after)
				}
				if asked, after, err := p.In(in, out, amount); err == nil && (asked.IsZero() && p.Site().Kind == "uniswap-v2" || after == nil) {
					t.Fatalf("%s asks for %s, and is %v then", p.Site().Kind, asked.Dec(), after)
				}
				c := p.Curve(in, out)
				if got := c.Out(amount.Float64()); !(got >= 0) {
					t.Fatalf("the curve of %s pays %g", p.Site().Kind, got)
				}
				c.Until(c.Rate(0) / 2)
			}
		}
	}
}

// kindFields are the fields of each kind beside those of every pool, for tokens of 18 decimals.
var kindFields = map[string]string{
	"uniswap-v2":        `"fee_ppm":3000,"reserves":["1000000","2000000"]`,
	"balancer-weighted": `"fee_ppm":3000,"balances":["1000000000000000000","2000000000000000000"],"weights":["200000000000000000","800000000000000000"]`,
	"balancer-stable":   `"fee_ppm":100,"balances":["1000000000000000000","2000000000000000000"],"amp":50000,"scaling":["1000000000000000000","1000000000000000000"]`,
	"curve-stable": `"fee":"4000000","admin_fee":"5000000000","balances":["1000000000000000000","2000000000000000000"],` +
		`"rates":["1000000000000000000","1000000000000000000"],"amp":"2000","amp_units":"100"`,
	"curve-tricrypto": `"balances":["1000000000000000000000","1000000000000000000000"],"price_scale":["1000000000000000000"],` +
		`"d":"2000000000000000000000","amp":3645,"amp_units":1,"gamma":70000000000000,"mid_fee":4000000,"out_fee":40000000,"fee_gamma":10000000000000000`,
	"solidly-volatile": `"fee_ppm":3000,"reserves":["1000000","2000000"]`,
	"solidly-stable":   `"fee_ppm":500,"reserves":["1000000000000000000","2000000000000000000"]`,
}

// sharesLine is a pool of Curve whose shares are token 2.
func sharesLine() string {
	text := kindLine("curve-stable", kindFields["curve-stable"]+`,"supply":"3000000000000000000"`)
	second := fmt.Sprintf("%q]", line.Lower(addressOf(1)))
	return strings.Replace(text, second, fmt.Sprintf("%q,%q]", line.Lower(addressOf(1)), line.Lower(addressOf(2))), 1)
}

func TestSharesAreTheLastTokenOfTheirPool(t *testing.T) {
	s := load(t, append(sample()[:4], sharesLine())...)
	if got := s.Held(0); len(got) != 3 {
		t.Fatalf("the pool holds %v", got)
	}
	amount := uint256.NewInt(1_000_000_000_000)
	shares, _, err := s.Pool(0).Out(0, 2, amount)
	if err != nil {
		t.Fatal(err)
	}
	if back, _, err := s.Pool(0).Out(2, 0, &shares); err != nil || !back.Lt(amount) {
		t.Errorf("%s for shares, and %s for them: %v", amount.Dec(), back.Dec(), err)
	}
	none := strings.Replace(sharesLine(), `"3000000000000000000"`, `"0"`, 1)
	if _, err := Load(strings.NewReader(strings.Join(append(sample()[:4], none), "\n")), Choice{}); !refusal.Is(err, refusal.BadSnapshot) {
		t.Errorf("no supply was taken: %v", err)
	}
}

func kindLine(kind, fields string) string {
	start := strings.Index(pairLine("k", 0, 1, "1", "1"), `"reserves"`)
	return strings.Replace(pairLine("k", 0, 1, "1", "1")[:start], "uniswap-v2", kind, 1) + fields + "}"
}

func TestEveryKindHasALine(t *testing.T) {
	for kind, fields := range kindFields {
		s, err := Load(strings.NewReader(strings.Join(append(sample()[:3], kindLine(kind, fields)), "\n")), Choice{})
		if err != nil || s.Pools() != 1 || s.Pool(0).Site().Kind != kind {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		for from := range fields { // each of its fields is needed
			if rest := fields[from:]; !strings.HasPrefix(rest, `,"`) || rest[2] < 'a' {
				continue
			}
			text := strings.Join(append(sample()[:3], kindLine(kind, fields[:from])), "\n")
			if _, err := Load(strings.NewReader(text), Choice{}); !refusal.Is(err, refusal.BadSnapshot) {
				t.Errorf("%s with no more than %s: %v", kind, fields[:from], err)
			}
		}
	}
}
