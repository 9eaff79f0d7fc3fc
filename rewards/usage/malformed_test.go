package usage_test

import (
	"strings"
	"testing"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// change is a way to spoil a line: one occurrence of old becomes new.
type change struct{ what, old, new string }

func (c change) of(t *testing.T, line string) []byte {
	t.Helper()
	if strings.Count(line, c.old) != 1 {
		t.Fatalf("%s: %q is in the line %d times", c.what, c.old, strings.Count(line, c.old))
	}
	return []byte(strings.Replace(line, c.old, c.new, 1))
}

func TestALineThatIsNotCanonicalIsRefused(t *testing.T) {
	spoilt := map[usage.Kind][]change{
		usage.Tool: {
			{"nothing", `{"kind":"tool",`, ``},
			{"no kind", `"kind":"tool",`, ``},
			{"an unknown kind", `"tool","at"`, `"bribe","at"`},
			{"a kind with a prefix", `"tool","at"`, `"tools","at"`},
			{"an upper-case kind", `"tool","at"`, `"Tool","at"`},
			{"the kind twice", `{"kind":"tool",`, `{"kind":"tool","kind":"tool",`},
			{"a key twice", `"chain":1,`, `"chain":1,"chain":1,`},
			{"a key too much", `"chain":1,`, `"chain":1,"memo":"",`},
			{"a key too few", `"chain":1,`, ``},
			{"two keys swapped", `"at":1707393600,"ref":"0x000102030405060708090a0b0c0d0e0f"`, `"ref":"0x000102030405060708090a0b0c0d0e0f","at":1707393600`},
			{"the fields of another kind", `"tool","at"`, `"bond","at"`},
			{"an upper-case key", `"chain"`, `"Chain"`},
			{"a comma at the end", `"}`, `",}`},
			{"no comma", `"chain":1,`, `"chain":1`},
			{"a space after a colon", `"at":`, `"at": `},
			{"a space after a comma", `,"at"`, `, "at"`},
			{"a space before the line", `{"kind"`, ` {"kind"`},
			{"a space after the line", `"}`, `"} `},
			{"a tab", `,"at"`, ",\t\"at\""},
			{"a carriage return", `"}`, "\"}\r"},
			{"a line break", `"}`, "\"}\n"},
			{"a second object", `"}`, `"}{}`},
			{"an array", `{"kind":"tool"`, `[{"kind":"tool"`},
			{"a byte order mark", `{"kind"`, "\ufeff{\"kind\""},
			{"NUL at the end", `"}`, "\"}\x00"},
			{"NUL in a name", `"swap"`, "\"sw\x00p\""},
			{"an escape in a name", `"swap"`, `"sw\u0061p"`},
			{"an escaped key", `"chain"`, `"ch\u0061in"`},
			{"no UTF-8", `"swap"`, "\"sw\xffp\""},
			{"UTF-8 in a name", `"swap"`, `"swäp"`},
			{"an empty name", `"swap"`, `""`},
			{"a name of 65 bytes", `"swap"`, `"` + strings.Repeat("a", 65) + `"`},
			{"an upper-case name", `"swap"`, `"Swap"`},
			{"a name with a space", `"swap"`, `"sw ap"`},
			{"a name that is a number", `"swap"`, `7`},
			{"a name that is null", `"swap"`, `null`},
			{"upper-case hex", `00aa"`, `00AA"`},
			{"an upper-case 0X", `"0x00000000000000000000000000000000000000aa"`, `"0X00000000000000000000000000000000000000aa"`},
			{"hex without 0x", `"0x00000000000000000000000000000000000000aa"`, `"00000000000000000000000000000000000000aa"`},
			{"a digit too few", `00aa"`, `0aa"`},
			{"a digit too much", `00aa"`, `000aa"`},
			{"a digit that is none", `00aa"`, `00ag"`},
			{"the zero address", `00aa"`, `0000"`},
			{"a negative time", `1707393600`, `-1707393600`},
			{"a time with a plus", `1707393600`, `+1707393600`},
			{"a time with a leading zero", `1707393600`, `01707393600`},
			{"a time with a fraction", `1707393600`, `1707393600.0`},
			{"a time with an exponent", `1707393600`, `17073936e2`},
			{"a time in quotes", `1707393600`, `"1707393600"`},
			{"no time", `1707393600`, ``},
			{"a time of 2^40", `1707393600`, `1099511627776`},
			{"a time of 2^64", `1707393600`, `18446744073709551616`},
			{"a time of 2^64 and one more", `1707393600`, `18446744075416945217`},
			{"a count of 2^53", `"chain":1,`, `"chain":9007199254740992,`},
			{"a count of 00", `"chain":1,`, `"chain":00,`},
			{"a count that is true", `"chain":1,`, `"chain":true,`},
			{"an amount without quotes", `"2100000000000000"`, `2100000000000000`},
			{"a negative amount", `"2100000000000000"`, `"-2100000000000000"`},
			{"minus nothing", `"2100000000000000"`, `"-0"`},
			{"an empty amount", `"2100000000000000"`, `""`},
			{"an amount with a leading zero", `"2100000000000000"`, `"02100000000000000"`},
			{"an amount of 00", `"2100000000000000"`, `"00"`},
			{"an amount with a point", `"2100000000000000"`, `"21.0"`},
			{"an amount in hex", `"2100000000000000"`, `"0x21"`},
			{"an amount of 2^128", `"2100000000000000"`, `"340282366920938463463374607431768211456"`},
			{"an amount of 2^128 and a digit", `"2100000000000000"`, `"3402823669209384634633746074317682114550"`},
			{"an amount of 39 nines", `"2100000000000000"`, `"` + strings.Repeat("9", 39) + `"`},
			{"an amount of 10,000 digits", `"2100000000000000"`, `"` + strings.Repeat("1", 10_000) + `"`},
			{"ten million bytes", `"swap"`, `"` + strings.Repeat("a", 10_000_000) + `"`},
		},
		usage.Front:   {{"a short hash", `"subnet":"0x01`, `"subnet":"0x`}, {"upper-case hex in a hash", `"subnet":"0x0102030405060708090a`, `"subnet":"0x0102030405060708090A`}},
		usage.Work:    {{"a commit of 32 bytes", `1011121314"`, `1011121314000000000000000000000000"`}, {"a repository with an escape", `agent/k`, `agent\/k`}},
		usage.Risk:    {{"a flag of 2", `"at_risk":1`, `"at_risk":2`}, {"a flag that is true", `"at_risk":1`, `"at_risk":true`}, {"a flag of 01", `"at_risk":1`, `"at_risk":01`}},
		usage.Receipt: {{"prices swapped", `"price_in":"1000000000000000000","price_out":"10000000000000000000"`, `"price_out":"10000000000000000000","price_in":"1000000000000000000"`}},
		usage.Audit:   {{"no flag", `"passed":0`, `"passed":`}, {"a flag in quotes", `"passed":0`, `"passed":"0"`}},
		usage.Bond:    {{"no length", `"to":1707480000`, `"to":1707393600`}, {"an end before the beginning", `"to":1707480000`, `"to":1707393599`}, {"at for from", `"from"`, `"at"`}},
		usage.Subnet:  {{"a fee without quotes", `"1000000000000000000000000"`, `1000000000000000000000000`}},
		usage.Stake:   {{"a stake of half a wei", `"5"`, `"0.5"`}},
		usage.Yield:   {{"decimals in quotes", `"decimals":6`, `"decimals":"6"`}},
		usage.Deposit: {{"a short referrer", `0000000000000000000000000000000000000000"}`, `"}`}, {"a lock until 2^40", `"lock_to":1707480000`, `"lock_to":1099511627776`}},
		usage.Payout:  {{"a negative proposal", `"proposal":7`, `"proposal":-7`}},
	}
	for kind, line := range linesOfEach {
		cases := spoilt[usage.Kind(kind)]
		if len(cases) == 0 {
			t.Errorf("%s has no case", usage.Kind(kind))
		}
		for _, c := range cases {
			refuseEntry(t, usage.Kind(kind).String()+" with "+c.what, c.of(t, line))
		}
		for n := range line {
			refuseEntry(t, "a line that is cut", []byte(line[:n]))
		}
	}
	for _, line := range []string{"", "\n", "null", "{}", "[]", `"`, "{", "\x00", `{"kind":"tool"}`, `{"kind":""}`, `{"kind":"tool","at":1707393600}`} {
		refuseEntry(t, line, []byte(line))
	}
}

func refuseEntry(t *testing.T, what string, line []byte) {
	t.Helper()
	var e usage.Entry
	err := usage.ReadEntry(line, &e)
	if !refusal.Is(err, refusal.BadEntry) {
		t.Errorf("%s: %v, want %s", what, err, refusal.BadEntry)
		return
	}
	if len(err.Error()) > 600 {
		t.Errorf("%s: an error of %d bytes", what, len(err.Error()))
	}
}

func TestWhatAnErrorShowsOfALineIsQuoted(t *testing.T) {
	var e usage.Entry
	err := usage.ReadEntry([]byte("{\"kind\":\"\x1b[31mred\""), &e)
	if err == nil || strings.ContainsAny(err.Error(), "\x1b\n") {
		t.Errorf("%q", err)
	}
}

const headLine = `{"segment":1,"reporter":"0x00000000000000000000000000000000000000aa","epoch":12,"first":5,"count":4096,` +
	`"previous":"0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20","head":"0x2102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20",` +
	`"signature":"0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f200102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f201b"}`

func TestAHeadLineThatIsNotCanonicalIsRefused(t *testing.T) {
	for _, c := range []change{
		{"another version", `"segment":1`, `"segment":2`},
		{"a space", `"epoch":12`, `"epoch": 12`},
		{"keys swapped", `"epoch":12,"first":5`, `"first":5,"epoch":12`},
		{"no first", `"first":5,`, ``},
		{"a key twice", `"first":5,`, `"first":5,"first":5,`},
		{"a key too much", `"first":5,`, `"first":5,"memo":1,`},
		{"an upper-case address", `00aa"`, `00AA"`},
		{"the zero address", `00aa"`, `0000"`},
		{"an epoch of 2^53", `"epoch":12`, `"epoch":9007199254740992`},
		{"a negative epoch", `"epoch":12`, `"epoch":-12`},
		{"an epoch with a leading zero", `"epoch":12`, `"epoch":012`},
		{"no entries", `"count":4096`, `"count":0`},
		{"more than 4,096 entries", `"count":4096`, `"count":4097`},
		{"2^32 entries and one", `"count":4096`, `"count":4294967297`},
		{"an end beyond 2^53", `"first":5`, `"first":9007199254736897`},
		{"a short signature", `1b"}`, `"}`},
		{"a comma at the end", `1b"}`, `1b",}`},
		{"something after it", `1b"}`, `1b"}x`},
		{"a carriage return", `1b"}`, "1b\"}\r"},
		{"an escape", `"count"`, `"co\u0075nt"`},
	} {
		var s usage.Segment
		if err := usage.ReadSegment(c.of(t, headLine), &s); !refusal.Is(err, refusal.BadSegment) {
			t.Errorf("%s: %v, want %s", c.what, err, refusal.BadSegment)
		}
	}
	for n := range headLine {
		var s usage.Segment
		if err := usage.ReadSegment([]byte(headLine[:n]), &s); !refusal.Is(err, refusal.BadSegment) {
			t.Errorf("cut after %d bytes: %v", n, err)
		}
	}
	var s usage.Segment
	if err := usage.ReadSegment([]byte(headLine), &s); err != nil {
		t.Fatal(err)
	}
	if string(usage.AppendSegment(nil, &s)) != headLine {
		t.Error("a head line is written as another one")
	}
}

const closingLine = `{"close":1,"epoch":12,"segments":3,"root":"0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"}`

func TestAClosingLineThatIsNotCanonicalIsRefused(t *testing.T) {
	for _, c := range []change{
		{"another version", `"close":1`, `"close":0`},
		{"keys swapped", `"epoch":12,"segments":3`, `"segments":3,"epoch":12`},
		{"a space", `:12`, `: 12`},
		{"a negative number", `:3`, `:-3`},
		{"2^53 segments", `:3`, `:9007199254740992`},
		{"upper-case hex", `090a`, `090A`},
		{"a comma at the end", `"}`, `",}`},
		{"something after it", `"}`, `"}}`},
	} {
		var read usage.Closing
		if err := usage.ReadClosing(c.of(t, closingLine), &read); !refusal.Is(err, refusal.BadSegment) {
			t.Errorf("%s: %v, want %s", c.what, err, refusal.BadSegment)
		}
	}
	for n := range closingLine {
		var read usage.Closing
		if err := usage.ReadClosing([]byte(closingLine[:n]), &read); !refusal.Is(err, refusal.BadSegment) {
			t.Errorf("cut after %d bytes: %v", n, err)
		}
	}
	var read usage.Closing
	if err := usage.ReadClosing([]byte(closingLine), &read); err != nil {
		t.Fatal(err)
	}
	if read.Epoch != 12 || read.Segments != 3 || read.Root != hash || string(usage.AppendClosing(nil, &read)) != closingLine {
		t.Errorf("a closing line is read as %+v", read)
	}
}
