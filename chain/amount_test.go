package chain

import (
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"
)

func drawToken(t *rapid.T) Token {
	return Token{
		ChainID:  rapid.Uint64Range(1, 5).Draw(t, "chain"),
		Address:  common.BytesToAddress(rapid.SliceOfN(rapid.Byte(), 20, 20).Draw(t, "address")),
		Symbol:   rapid.StringMatching(`[A-Z]{1,6}`).Draw(t, "symbol"),
		Decimals: rapid.Uint8Range(0, 77).Draw(t, "decimals"),
	}
}

func drawRaw(t *rapid.T) *uint256.Int {
	bytes := rapid.SliceOfN(rapid.Byte(), 0, 32).Draw(t, "raw")
	return new(uint256.Int).SetBytes(bytes)
}

func drawAmount(t *rapid.T) Amount { return NewAmount(drawRaw(t), drawToken(t)) }

func TestAmountsReadAsTheyAreWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawAmount(t)
		got, err := ParseAmount(a.Decimal(), a.Token)
		if err != nil {
			t.Fatal(err)
		}
		if got != a {
			t.Fatalf("%s reads as %s", a.Decimal(), got.Decimal())
		}
	})
}

func TestAmountsSurviveJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawAmount(t)
		text, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var got Amount
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if got != a {
			t.Fatalf("%v becomes %v by %s", a, got, text)
		}
	})
}

func TestSumsComeApartAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawAmount(t)
		b := NewAmount(drawRaw(t), a.Token)
		sum, err := a.Add(b)
		exact := new(big.Int).Add(a.Raw.ToBig(), b.Raw.ToBig())
		if exact.BitLen() > 256 {
			if !errors.Is(err, ErrOverflow) {
				t.Fatalf("%s + %s: %v", a, b, err)
			}
			return
		}
		if err != nil || sum.Raw.ToBig().Cmp(exact) != 0 {
			t.Fatalf("%s + %s = %s, %v", a, b, sum, err)
		}
		back, err := sum.Sub(b)
		if err != nil || back != a {
			t.Fatalf("%s - %s = %s, %v", sum, b, back, err)
		}
	})
}

func TestSubtractionNeverWraps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawAmount(t)
		b := NewAmount(drawRaw(t), a.Token)
		diff, err := a.Sub(b)
		if a.Raw.Lt(&b.Raw) {
			if !errors.Is(err, ErrUnderflow) || diff != (Amount{}) {
				t.Fatalf("%s - %s = %s, %v", a, b, diff, err)
			}
			return
		}
		if err != nil || diff.Raw.Gt(&a.Raw) {
			t.Fatalf("%s - %s = %s, %v", a, b, diff, err)
		}
	})
}

func TestMulDivRoundsDownExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, num, den := drawAmount(t), drawRaw(t), drawRaw(t)
		got, err := a.MulDiv(num, den)
		if den.IsZero() {
			if !errors.Is(err, ErrOverflow) {
				t.Fatalf("a division by zero gives %v", err)
			}
			return
		}
		want := new(big.Int).Mul(a.Raw.ToBig(), num.ToBig())
		want.Div(want, den.ToBig())
		if want.BitLen() > 256 {
			if !errors.Is(err, ErrOverflow) {
				t.Fatalf("%s of 2^256 and more gives %v", want, err)
			}
			return
		}
		if err != nil || got.Raw.ToBig().Cmp(want) != 0 {
			t.Fatalf("%s * %s / %s = %s, %v; want %s", a.Raw.Dec(), num.Dec(), den.Dec(), got.Raw.Dec(), err, want)
		}
	})
}

func TestTwoTokensDoNotMix(t *testing.T) {
	a := NewAmount(uint256.NewInt(1), Token{ChainID: 1, Symbol: "A"})
	for name, b := range map[string]Amount{
		"other chain":   NewAmount(uint256.NewInt(1), Token{ChainID: 2, Symbol: "A"}),
		"other address": NewAmount(uint256.NewInt(1), Token{ChainID: 1, Address: common.Address{1}, Symbol: "A"}),
		"no token":      {},
	} {
		_, add := a.Add(b)
		_, sub := a.Sub(b)
		_, cmp := a.Cmp(b)
		if !errors.Is(add, ErrMixedTokens) || !errors.Is(sub, ErrMixedTokens) || !errors.Is(cmp, ErrMixedTokens) {
			t.Errorf("%s: %v, %v, %v", name, add, sub, cmp)
		}
	}
	other := a
	other.Token.Symbol = "B"
	if sum, err := a.Add(other); err != nil || sum.Raw.Uint64() != 2 {
		t.Errorf("the same token under another symbol: %v, %v", sum, err)
	}
}

func TestParseAmount(t *testing.T) {
	cases := []struct {
		in       string
		decimals uint8
		raw      string
		err      error
	}{
		{"1.5", 6, "1500000", nil},
		{"0.000001", 6, "1", nil},
		{"1.0000000000", 6, "1000000", nil},
		{"0000.5", 1, "5", nil},
		{".5", 1, "5", nil},
		{"5.", 0, "5", nil},
		{"0", 18, "0", nil},
		{"115792089237316195423570985008687907853269984665640564039457584007913129639935", 0, "115792089237316195423570985008687907853269984665640564039457584007913129639935", nil},
		{"115792089237316195423570985008687907853269984665640564039457584007913129639936", 0, "", ErrOverflow},
		{"1" + strings.Repeat("0", 60), 18, "", ErrOverflow},
		{"0.0000001", 6, "", ErrTooFine},
		{"1.5", 0, "", ErrTooFine},
		{"", 6, "", ErrNotAmount},
		{".", 6, "", ErrNotAmount},
		{"-1", 6, "", ErrNotAmount},
		{"+1", 6, "", ErrNotAmount},
		{"1e6", 6, "", ErrNotAmount},
		{"0x10", 6, "", ErrNotAmount},
		{"1,5", 6, "", ErrNotAmount},
		{"1 000", 6, "", ErrNotAmount},
		{"1.2.3", 6, "", ErrNotAmount},
		{"１", 6, "", ErrNotAmount},
		{"٣", 6, "", ErrNotAmount},
	}
	for _, c := range cases {
		a, err := ParseAmount(c.in, Token{ChainID: 1, Symbol: "T", Decimals: c.decimals})
		if !errors.Is(err, c.err) || (err == nil && a.Raw.Dec() != c.raw) {
			t.Errorf("%q with %d decimals: %s, %v", c.in, c.decimals, a.Raw.Dec(), err)
		}
	}
}

func TestAmountJSONThatDisagreesIsRefused(t *testing.T) {
	for _, text := range []string{
		`{"amount":"1.5","raw":"1500001","symbol":"USDC","decimals":6,"chain_id":1}`,
		`{"amount":"1.50","raw":"1500000","symbol":"USDC","decimals":6,"chain_id":1}`,
		`{"amount":"1.5","raw":"-1500000","symbol":"USDC","decimals":6,"chain_id":1}`,
		`{"amount":1.5,"raw":"1500000","symbol":"USDC","decimals":6,"chain_id":1}`,
		`{"amount":"1.5","symbol":"USDC","decimals":6,"chain_id":1}`,
		`{"amount":"1.5","raw":"1500000","decimals":300}`,
	} {
		var a Amount
		if err := json.Unmarshal([]byte(text), &a); err == nil || a != (Amount{}) {
			t.Errorf("%s reads as %v, %v", text, a, err)
		}
	}
}

func FuzzParseAmount(f *testing.F) {
	for _, s := range []string{"1.5", "0", "", ".", "1e9", "00.10", "999999999999999999999999999999999999999999999999999999999999999999999999999999"} {
		f.Add(s, uint8(18))
		f.Add(s, uint8(0))
	}
	f.Fuzz(func(t *testing.T, s string, decimals uint8) {
		a, err := ParseAmount(s, Token{ChainID: 1, Decimals: decimals % 78})
		if err != nil {
			if a != (Amount{}) {
				t.Fatalf("%q fails and gives %v", s, a)
			}
			return
		}
		want, ok := new(big.Rat).SetString(strings.TrimSuffix("0"+s, "."))
		if !ok {
			t.Fatalf("%q is taken as %s", s, a.Decimal())
		}
		scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(a.Token.Decimals)), nil)
		got := new(big.Rat).SetFrac(a.Raw.ToBig(), scale)
		if got.Cmp(want) != 0 {
			t.Fatalf("%q is taken as %s", s, a.Decimal())
		}
	})
}

func FuzzAmountJSON(f *testing.F) {
	f.Add([]byte(`{"amount":"1.5","raw":"1500000","symbol":"USDC","decimals":6,"chain_id":1,"address":"0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"}`))
	f.Add([]byte(`{"amount":"","raw":""}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var a, again Amount
		if json.Unmarshal(text, &a) != nil {
			return
		}
		out, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out, &again); err != nil || again != a {
			t.Fatalf("%s: %v becomes %v, %v", out, a, again, err)
		}
	})
}
