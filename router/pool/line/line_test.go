package line

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/holiman/uint256"
	"pgregory.net/rapid"
)

func TestWhatIsWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		text = strings.ToValidUTF8(text, "")
		number := rapid.Int64Range(-1e17, 1e17).Draw(t, "number")
		raw := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "amount")
		amount := new(uint256.Int).SetBytes(raw)
		amount.Rsh(amount, uint(rapid.IntRange(0, 255).Draw(t, "shift")))
		second := new(uint256.Int).Rsh(amount, 130)
		if rapid.Bool().Draw(t, "negative") {
			second.Neg(second)
		}
		var w Writer
		w.Begin("x")
		w.Text("text", text)
		w.Number("number", number)
		w.Amounts("amounts", []uint256.Int{*amount, {}})
		w.Pairs("pairs", 2, func(i int) (int32, uint256.Int) { return int32(i) - 1, *second })
		w.Flag("flag", number > 0)
		w.Null("null")
		line := w.End()
		if !json.Valid(line) {
			t.Fatalf("%s is no JSON", line)
		}
		var l Line
		if err := l.Parse(bytes.TrimSpace(line)); err != nil {
			t.Fatal(err)
		}
		amounts := l.Amounts("amounts", 2, 2, 256)
		if l.Text("type", 9) != "x" || l.Text("text", 1<<20) != text || l.Number("number", -1e17, 1e17) != number || l.Flag("flag") != (number > 0) {
			t.Fatalf("%s: %v", line, l.Err())
		}
		if l.Err() != nil || !amounts[0].Eq(amount) || !amounts[1].IsZero() || l.Has("null") || l.Has("none") {
			t.Fatalf("%s: %v", line, l.Err())
		}
		n := int32(-1)
		l.Each("pairs", func(element []byte) error {
			first, got, err := Pair(element)
			if err != nil || first != n || !got.Eq(second) {
				t.Fatalf("%s is %d, %s: %v", element, first, got.Dec(), err)
			}
			n++
			return nil
		})
		if err := l.Done(); err != nil || n != 1 {
			t.Fatalf("%s: %v", line, err)
		}
	})
}

func TestTheFirstMistakeStays(t *testing.T) {
	var l Line
	if err := l.Parse([]byte(`{"a":1,"b":"x"}`)); err != nil {
		t.Fatal(err)
	}
	l.Amount("a", 256)
	l.Number("b", 0, 1)
	l.Text("c", 1)
	if err := l.Done(); err == nil || !strings.HasPrefix(err.Error(), "a: ") {
		t.Fatalf("got %v", err)
	}
	if err := l.Parse([]byte(`{"a":1}`)); err != nil || l.Number("a", 0, 1) != 1 || l.Done() != nil {
		t.Fatalf("a mistake of the line before stayed: %v", l.Err())
	}
}

func FuzzWhatIsTakenIsJSON(f *testing.F) {
	for _, text := range []string{
		`{}`, `{"a":[1,[2,"3"],null,true],"b":"\u00e9\n"}`, `{"a":-0}`, `{"a":01}`, `{"a":1.5}`, `{"a" : "x" , "b":[ ]}`, `[1]`, `{"a":{}}`, "{\"a\":\"\xc3\"}",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var l Line
		if l.Parse(text) != nil {
			return
		}
		var want map[string]json.RawMessage
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatalf("%q was taken: %v", text, err)
		}
		for name, value := range want {
			var s string
			if json.Unmarshal(value, &s) == nil && value[0] == '"' && l.Text(name, len(text)) != s {
				t.Fatalf("%q: %s is %q: %v", text, name, s, l.Err())
			}
			if n, ok := number(value); ok && l.Number(name, n, n) != n {
				t.Fatalf("%q: %s is %d: %v", text, name, n, l.Err())
			}
			l.Each(name, func(element []byte) error {
				if !json.Valid(element) {
					t.Fatalf("%q: element %q", text, element)
				}
				_, _, _ = Pair(element)
				_, _ = amount(element, 256)
				_, _ = address(element)
				return nil
			})
			l.err = nil
		}
	})
}
