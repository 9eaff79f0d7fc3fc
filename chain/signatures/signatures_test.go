package signatures

import (
	"bytes"
	"encoding/hex"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ethereum/go-ethereum/common"
	"github.com/google/go-cmp/cmp"
)

const alice, bob = "0x00000000219ab540356cBB839Cbe05303d7705Fa", "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"

// words are data written as hex, 64 digits a word; shorter ones are filled with zeros from the left, after a '>' from the right.
func words(t testing.TB, list ...string) []byte {
	t.Helper()
	var out []byte
	for _, w := range list {
		digits, left := strings.CutPrefix(strings.TrimPrefix(w, "0x"), ">")
		if len(digits)%2 == 1 {
			digits = "0" + digits
		}
		raw, err := hex.DecodeString(digits)
		if err != nil {
			t.Fatal(err)
		}
		if left {
			out = append(out, common.RightPadBytes(raw, word)...)
		} else {
			out = append(out, common.LeftPadBytes(raw, word)...)
		}
	}
	return out
}

func topic(t testing.TB, w string) common.Hash { return common.BytesToHash(words(t, w)) }

func called(t testing.TB, line string, data []byte) []byte {
	t.Helper()
	s, err := parseLine(line)
	if err != nil {
		t.Fatal(err)
	}
	id := s.selector()
	return append(id[:], data...)
}

func TestTheSameTopicIsToldApartByTheCountOfTopics(t *testing.T) {
	transfer := common.HexToHash("0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef")
	fungible, ok := Known().Event([]common.Hash{transfer, topic(t, alice), topic(t, bob)}, words(t, "07"))
	want := Named{"Transfer", []Arg{{"from", "address", alice}, {"to", "address", bob}, {"value", "uint256", "7"}}}
	if diff := cmp.Diff(want, fungible); !ok || diff != "" {
		t.Errorf("ERC-20: %v\n%s", ok, diff)
	}
	single, ok := Known().Event([]common.Hash{transfer, topic(t, alice), topic(t, bob), topic(t, "07")}, nil)
	want.Args[2].Name = "tokenId"
	if diff := cmp.Diff(want, single); !ok || diff != "" {
		t.Errorf("ERC-721: %v\n%s", ok, diff)
	}
	for name, topics := range map[string][]common.Hash{
		"no topic":        nil,
		"the topic alone": {transfer},
		"a fourth":        {transfer, {}, {}, {}, {}},
		"a dirty address": {transfer, topic(t, "ff"+strings.Repeat("00", 20)), {}},
	} {
		if got, ok := Known().Event(topics, words(t, "07")); ok {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestOnlyWhatAnEncoderMakesHasAName(t *testing.T) {
	const (
		maxUint = "115792089237316195423570985008687907853269984665640564039457584007913129639935"
		minInt  = "-57896044618658097711785492504343953926634992332820282019728792003956564819968"
	)
	allOnes := strings.Repeat("f", 64)
	for name, c := range map[string]struct {
		line  string
		data  []byte
		value string // of the first argument; empty where there is no name
	}{
		"an address":                  {"function f(address a)", words(t, alice), alice},
		"an address with more bits":   {"function f(address a)", words(t, "1"+strings.Repeat("0", 40)), ""},
		"a word too much":             {"function f(address a)", words(t, alice, "0"), ""},
		"a byte too much":             {"function f(address a)", append(words(t, alice), 0), ""},
		"a byte too few":              {"function f(address a)", words(t, alice)[:31], ""},
		"nothing":                     {"function f(address a)", nil, ""},
		"true":                        {"function f(bool a)", words(t, "1"), "true"},
		"two for a bool":              {"function f(bool a)", words(t, "2"), ""},
		"255":                         {"function f(uint8 a)", words(t, "ff"), "255"},
		"256 in a uint8":              {"function f(uint8 a)", words(t, "100"), ""},
		"the largest number":          {"function f(uint256 a)", words(t, allOnes), maxUint},
		"minus one":                   {"function f(int24 a)", words(t, allOnes), "-1"},
		"the least int256":            {"function f(int256 a)", words(t, "8"+strings.Repeat("0", 63)), minInt},
		"the least int24":             {"function f(int24 a)", words(t, strings.Repeat("f", 58)+"800000"), "-8388608"},
		"below the least int24":       {"function f(int24 a)", words(t, strings.Repeat("f", 58)+"7fffff"), ""},
		"above the largest int24":     {"function f(int24 a)", words(t, "800000"), ""},
		"bytes4":                      {"function f(bytes4 a)", words(t, ">aabbccdd"), "0xaabbccdd"},
		"five bytes in bytes4":        {"function f(bytes4 a)", words(t, ">aabbccddee"), ""},
		"a function":                  {"function f(function a)", words(t, ">"+strings.Repeat("ab", 24)), "0x" + strings.Repeat("ab", 24)},
		"a string":                    {"function f(string a)", words(t, "20", "2", ">6869"), "hi"},
		"no string":                   {"function f(string a)", words(t, "20", "0"), "-"},
		"a string that hides":         {"function f(string a)", words(t, "20", "5", ">61e280ae62"), "ab"},
		"a string with dirt after it": {"function f(string a)", words(t, "20", "2", ">68690000ff"), ""},
		"a string longer than data":   {"function f(string a)", words(t, "20", "21", ">6869"), ""},
		"a length of 2^64":            {"function f(string a)", words(t, "20", "1"+strings.Repeat("0", 16)), ""},
		"a length of 2^63":            {"function f(string a)", words(t, "20", "8"+strings.Repeat("0", 15)), ""},
		"a length of 2^256-1":         {"function f(string a)", words(t, "20", allOnes), ""},
		"an offset of 2^256-1":        {"function f(string a)", words(t, allOnes, "0"), ""},
		"an offset to itself":         {"function f(string a)", words(t, "0"), ""},
		"a gap before the tail":       {"function f(string a)", words(t, "40", "0", "0"), ""},
		"two that share a tail":       {"function f(bytes a, bytes b)", words(t, "40", "40", "1", ">aa"), ""},
		"tails in the other order":    {"function f(bytes a, bytes b)", words(t, "80", "40", "1", ">bb", "1", ">aa"), ""},
		"a list":                      {"function f(uint8[] a)", words(t, "20", "2", "1", "a"), "[1, 10]"},
		"a list of none":              {"function f(uint8[] a)", words(t, "20", "0"), "[]"},
		"a list longer than data":     {"function f(uint8[] a)", words(t, "20", "3", "1", "2"), ""},
		"a list of 2^61":              {"function f(uint8[] a)", words(t, "20", "2"+strings.Repeat("0", 15)), ""},
		"an array":                    {"function f(uint8[2] a)", words(t, "1", "2"), "[1, 2]"},
		"a list of arrays":            {"function f(uint8[2][] a)", words(t, "20", "1", "1", "2"), "[[1, 2]]"},
		"an array of lists":           {"function f(uint8[][2] a)", words(t, "20", "40", "80", "1", "5", "0"), "[[5], []]"},
		"strings among others":        {"function f(string[] a)", words(t, "20", "1", "20", "4", ">61222c62"), `["a\",b"]`},
		"a static tuple":              {"function f((address x, bool y) a)", words(t, alice, "1"), "(" + alice + ", true)"},
		"tuples with tails":           {"function f((uint8 x, bytes y)[] a)", words(t, "20", "1", "20", "7", "40", "1", ">aa"), "[(7, 0xaa)]"},
	} {
		s, err := parseLine(c.line)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		b := newBook()
		b.add(s)
		got, ok := b.Call(called(t, c.line, c.data))
		if ok != (c.value != "") {
			t.Errorf("%s: %v, %v", name, got, ok)
			continue
		}
		if ok && got.Args[0].Value != strings.TrimSuffix(c.value, "-") {
			t.Errorf("%s: %s, want %s", name, got.Args[0].Value, c.value)
		}
	}
}

func TestOfTwoSignaturesWithOneSelectorTheOneThatFitsIsMeant(t *testing.T) {
	both, err := Known().With([]byte(`[{"type":"function","name":"collate_propagate_storage","inputs":[{"name":"x","type":"bytes16"}]}]`))
	if err != nil {
		t.Fatal(err)
	}
	const burn = "function burn(uint256 value)"
	if got, ok := both.Call(called(t, burn, words(t, "5"))); !ok || got.Name != "burn" {
		t.Errorf("a number that is no bytes16: %v, %v", got, ok)
	}
	if got, ok := both.Call(called(t, burn, words(t, ">aa"))); ok {
		t.Errorf("both fit, and it was taken for %v", got)
	}
	if got, ok := Known().Call(called(t, burn, words(t, ">aa"))); !ok || got.Name != "burn" {
		t.Errorf("the first book is not what it was: %v, %v", got, ok)
	}
}

func TestAnOwnFileAddsAndRenames(t *testing.T) {
	const own = `[
		{"type":"constructor","inputs":[{"name":"x","type":"uint256"}]},
		{"type":"event","name":"Silent","anonymous":true,"inputs":[{"type":"fixed128x18"}]},
		{"type":"function","name":"approve","inputs":[{"name":"friend","type":"address"},{"name":"most","type":"uint256"}]},
		{"type":"function","name":"approve","inputs":[{"name":"order","type":"tuple[2]","components":[{"name":"a","type":"uint8"},{"name":"b","type":"string"}]}]},
		{"type":"error","name":"Closed","inputs":[]},
		{"type":"event","name":"Said","inputs":[{"name":"what","type":"string","indexed":true},{"name":"","type":"int8"}]}]`
	for name, file := range map[string]string{"a list": own, "an artifact": `{"contractName":"X","abi":` + own + `}`} {
		b, err := Known().With([]byte(file))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		const approve = "function approve(address a, uint256 b)"
		for _, c := range []struct {
			book *Book
			want string
		}{{b, "friend"}, {Known(), "spender"}} {
			if got, ok := c.book.Call(called(t, approve, words(t, alice, "1"))); !ok || got.Args[0].Name != c.want {
				t.Errorf("%s: %v, %v, want the name %s", name, got, ok, c.want)
			}
		}
		order := words(t, "20", "40", "a0", "1", "40", "0", "2", "40", "1", ">41")
		got, ok := b.Call(called(t, "function approve((uint8 a, string b)[2] order)", order))
		want := Named{"approve", []Arg{{"order", "(uint8,string)[2]", `[(1, ""), (2, "A")]`}}}
		if diff := cmp.Diff(want, got); !ok || diff != "" {
			t.Errorf("%s: %v\n%s", name, ok, diff)
		}
		if got, ok := b.Error(called(t, "error Closed()", nil)); !ok || got.Name != "Closed" || got.Args == nil {
			t.Errorf("%s: %v, %v", name, got, ok)
		}
		s, err := parseLine("event Said(string indexed what, int8)")
		if err != nil {
			t.Fatal(err)
		}
		got, ok = b.Event([]common.Hash{s.hash, {31: 1}}, words(t, strings.Repeat("f", 64)))
		want = Named{"Said", []Arg{{"what", "string", "keccak256:" + common.Hash{31: 1}.Hex()}, {"", "int8", "-1"}}}
		if diff := cmp.Diff(want, got); !ok || diff != "" {
			t.Errorf("%s: %v\n%s", name, ok, diff)
		}
	}
}

func TestAFileThatIsNoABIIsRefusedWithItsReason(t *testing.T) {
	deep := `{"type":"tuple","name":"x","components":[`
	for name, c := range map[string]struct{ file, want string }{
		"empty":             {"", "no JSON list"},
		"a word":            {"abi", "no JSON list"},
		"cut":               {`[{"type":"event"`, "unexpected end"},
		"an object":         {`{"name":"x"}`, "without 'abi'"},
		"abi is a word":     {`{"abi":"x"}`, "no JSON list"},
		"not entries":       {`[1]`, "cannot unmarshal"},
		"no name":           {`[{"type":"error","inputs":[]}]`, "entry 1: no name"},
		"a name to hide":    {`[{"type":"error","name":"A\u202eB","inputs":[]}]`, `no name of an error: "AB"`},
		"an unknown type":   {`[{"type":"error","name":"E","inputs":[{"name":"x","type":"fixed128x18"}]}]`, "unknown type"},
		"uint7":             {`[{"type":"error","name":"E","inputs":[{"name":"x","type":"uint7"}]}]`, "unknown type"},
		"uint008":           {`[{"type":"error","name":"E","inputs":[{"name":"x","type":"uint008"}]}]`, "unknown type"},
		"bytes33":           {`[{"type":"error","name":"E","inputs":[{"name":"x","type":"bytes33"}]}]`, "unknown type"},
		"an array of zero":  {`[{"type":"error","name":"E","inputs":[{"name":"x","type":"uint8[0]"}]}]`, "no length"},
		"a huge array":      {`[{"type":"error","name":"E","inputs":[{"name":"x","type":"uint8[4294967296]"}]}]`, "the limit is"},
		"arrays of arrays":  {`[{"type":"error","name":"E","inputs":[{"name":"x","type":"uint8[4000][4000]"}]}]`, "larger than"},
		"nine dimensions":   {`[{"type":"error","name":"E","inputs":[{"name":"x","type":"uint8[][][][][][][][][]"}]}]`, "nested deeper"},
		"an open bracket":   {`[{"type":"error","name":"E","inputs":[{"name":"x","type":"uint8["}]}]`, "no array"},
		"an empty tuple":    {`[{"type":"error","name":"E","inputs":[{"name":"x","type":"tuple"}]}]`, "without fields"},
		"tuples in tuples":  {`[{"type":"error","name":"E","inputs":[` + strings.Repeat(deep, 200) + strings.Repeat("]}", 200) + `]}]`, "too deep"},
		"an argument's dot": {`[{"type":"error","name":"E","inputs":[{"name":"a.b","type":"bool"}]}]`, "no name of an argument"},
		"indexed error":     {`[{"type":"error","name":"E","inputs":[{"name":"a","type":"bool","indexed":true}]}]`, "only events"},
		"four indexed": {
			`[{"type":"event","name":"E","inputs":[` + strings.TrimSuffix(strings.Repeat(`{"name":"a","type":"bool","indexed":true},`, 4), ",") + `]}]`,
			"the limit is 3",
		},
		"65 arguments": {
			`[{"type":"error","name":"E","inputs":[` + strings.TrimSuffix(strings.Repeat(`{"name":"a","type":"bool"},`, 65), ",") + `]}]`,
			"the limit is 64",
		},
		"an event twice": {
			`[{"type":"event","name":"E","inputs":[{"name":"a","type":"bool","indexed":true},{"name":"b","type":"bool"}]},
			  {"type":"event","name":"E","inputs":[{"name":"a","type":"bool"},{"name":"b","type":"bool","indexed":true}]}]`,
			"with other arguments indexed",
		},
		"a huge file": {"[" + strings.Repeat(" ", maxFile) + "]", "the limit is"},
	} {
		if _, err := Known().With([]byte(c.file)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func TestALineThatIsNoSignatureIsRefused(t *testing.T) {
	for _, line := range []string{
		"", "event", "event X", "event X(", "event X()y", "event (bool a)", "modifier X()", "function f(bool a", "function f(bool,)",
		"function f(bool a b)", "function f(bool indexed a)", "function f(()x)", "function f(bool[] [] a)", "function f(bool a;bool b)",
		"function f(" + strings.Repeat("(", 1000) + ")", "function f(unit a)", "function 1f()", "event E(bool indexed indexed a)",
	} {
		if s, err := parseLine(line); err == nil {
			t.Errorf("%q is %s", line, s.canonical())
		}
	}
}

func TestAValueIsOneShortLine(t *testing.T) {
	for name, c := range map[string]struct {
		line string
		data []byte
	}{
		"a long string":         {"function f(string a)", append(words(t, "20", "10000"), bytes.Repeat([]byte("é"), 0x8000)...)},
		"a long string of none": {"function f(string a)", append(words(t, "20", "10000"), bytes.Repeat([]byte{0}, 0x10000)...)},
		"long bytes":            {"function f(bytes a)", append(words(t, "20", "10000"), bytes.Repeat([]byte{7}, 0x10000)...)},
		"a long list":           {"function f(uint256[] a)", append(words(t, "20", "10000"), bytes.Repeat([]byte{7}, word*0x10000)...)},
		"a list of lists":       {"function f(uint256[][] a)", nested(t, 1000)},
	} {
		s, err := parseLine(c.line)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := s.read(c.data)
		if !ok {
			t.Errorf("%s: not read", name)
			continue
		}
		v := got.Args[0].Value
		if utf8.RuneCountInString(v) > maxText || !strings.HasSuffix(v, "…") || strings.ContainsAny(v, "\n\r\t") {
			t.Errorf("%s: %q", name, v)
		}
	}
}

// nested encodes n empty lists in a list.
func nested(t *testing.T, n int) []byte {
	out := words(t, "20", "3e8")
	for i := range n {
		out = append(out, common.BigToHash(common.Big32).Bytes()...)
		offset := word*n + word*i
		out[len(out)-1], out[len(out)-2], out[len(out)-3] = byte(offset), byte(offset>>8), byte(offset>>16)
	}
	return append(out, make([]byte, word*n)...)
}

// Each of so many offsets points to the same long bytes: following them would take memory of the square of the data.
func TestOffsetsThatShareATailTakeNoMemory(t *testing.T) {
	const n = 1 << 14
	data := words(t, "20", "4000")
	for range n {
		data = append(data, words(t, "80000")...)
	}
	data = append(data, words(t, "80000")...)
	data = append(data, make([]byte, 0x80000)...)
	input := called(t, "function multicall(bytes[] data)", data)

	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got, ok := Known().Call(input)
	runtime.ReadMemStats(&after)
	if ok {
		t.Errorf("read as %v", got)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > uint64(len(input)) {
		t.Errorf("%d bytes of input took %d", len(input), took)
	}
}

func FuzzWith(f *testing.F) {
	f.Add([]byte(`[{"type":"error","name":"E","inputs":[{"name":"x","type":"tuple[2][]","components":[{"type":"uint8"}]}]}]`), []byte("abcd"))
	f.Add([]byte(`{"abi":[{"type":"event","name":"E","inputs":[{"indexed":true,"type":"string"}]}]}`), []byte{})
	f.Fuzz(func(t *testing.T, file, data []byte) {
		b, err := newBook().With(file)
		if err != nil {
			return
		}
		for id := range b.errors {
			b.Error(append(id[:], data...))
		}
		for id := range b.functions {
			b.Call(append(id[:], data...))
		}
		for s := range b.events {
			b.Event(append([]common.Hash{s.topic}, make([]common.Hash, s.indexed)...), data)
		}
	})
}
