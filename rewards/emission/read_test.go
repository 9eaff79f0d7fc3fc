package emission_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/emission"
)

// A schedule of each kind of curve, with a tail of two epochs. The halving ends last, 20+20 intervals after the start.
const mixed = `schema = 1
name = "mixed"
start = 2030-01-01T01:00:00+01:00
interval = 10
cap = "1000"
[[pool]]
name = "a"
kind = "halving"
initial = "3"
every = 20
share = 3
[[pool]]
name = "b"
kind = "constant"
initial = "7"
for = 5
share = 1
[[pool]]
name = "c"
kind = "decrease"
initial = "10"
step = "4"
[tail]
intervals = 2
[[tail.epoch]]
burned = "40"
circulating = "93"
[[tail.epoch]]
burned = "1"
circulating = "1"
`

func TestAScheduleOfEveryKindIsRead(t *testing.T) {
	s, err := emission.Read([]byte(mixed))
	if err != nil {
		t.Fatal(err)
	}
	const start = 1893456000 // 2030-01-01 00:00:00 UTC
	if s.Start != start {
		t.Errorf("it starts at %d", s.Start)
	}
	end := emission.Time(start + 400)
	for _, c := range []struct {
		pool     string
		from, to emission.Time
		want     string
	}{
		{"a", 0, start + 200, "60"},
		{"a", 0, end, "80"},
		{"b", 0, end, "35"},
		{"b", start + 45, end, "3"},
		{"c", 0, end, "18"},           // 10, 6, 2
		{"a", end, end + 20, "10"},    // 133 paid, 40 burned: min(20, floor(93*16/100)=14); 14*3/4
		{"b", end, end + 20, "3"},     // 14*1/4
		{"c", end, end + 20, "0"},     // no share
		{"a", end, end + 10, "5"},     // even within the epoch
		{"a", end + 20, 1 << 40, "0"}, // half of 1
	} {
		p, ok := s.Pool(c.pool)
		if !ok {
			t.Fatalf("there is no pool %s", c.pool)
		}
		pays(t, p, c.from, c.to, c.want)
	}
	each, total := s.Between(0, end)
	if len(each) != 3 || total.Dec() != "133" {
		t.Errorf("got %v, %s", each, total.Dec())
	}
	if all := s.Lifetime(); all.Dec() != "146" {
		t.Errorf("got %s", all.Dec())
	}
}

func TestAConstantWithoutALengthNeverEnds(t *testing.T) {
	s, err := emission.Read([]byte("schema = 1\nname = \"flat\"\nstart = 1970-01-01T00:00:00Z\ninterval = 1\n[[pool]]\nname = \"p\"\nkind = \"constant\"\ninitial = \"1\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	if p, _ := s.Pool("p"); p.End() != emission.Never {
		t.Errorf("it ends at %d", p.End())
	}
	if all := s.Lifetime(); all != *uint256.NewInt(1<<64 - 1) {
		t.Errorf("got %s", all.Dec())
	}
}

// The tail of Morpheus: as in the white paper, half is bounded by 16 % of what is left.
func TestMorpheusMayHaveATail(t *testing.T) {
	text, err := os.ReadFile("morpheus.toml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := emission.Read([]byte(string(text) + "\n[tail]\nintervals = 5833\n[[tail.epoch]]\n" +
		"burned = \"10500000000000000000000000\"\ncirculating = \"31499999998839372000000000\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	const end = genesis + lasts*day
	_, epoch := s.Between(end, end+lasts*day)
	if want := "5039999999814299520000000"; epoch.Dec() != want { // 16 % of what circulates
		t.Errorf("the epoch pays %s, want %s", epoch.Dec(), want)
	}
	if _, after := s.Between(end+lasts*day, emission.Never); !after.IsZero() {
		t.Errorf("after it %s", after.Dec())
	}
	_, before := s.Between(0, end)
	if before.Dec() != "41999999998839372000000000" {
		t.Errorf("before it %s", before.Dec())
	}
	same, err := emission.Morpheus().Continue(uint256.MustFromDecimal("5039999999814299520000000"), lasts*day, []uint64{24, 24, 24, 24, 4})
	if err != nil || same.Start != s.Start || same.End() != s.End() {
		t.Fatalf("the same tail as a budget: %+v, %v", same, err)
	}
	for _, from := range []emission.Time{0, end, end + 12345} {
		want, _ := s.Between(from, end+2*day)
		if got, _ := same.Between(from, end+2*day); !slices.Equal(got, want) {
			t.Errorf("from %d on: %v and not %v", from, got, want)
		}
	}
}

func TestNothingFollowsWhatNeverEnds(t *testing.T) {
	s := emission.Morpheus()
	huge := new(uint256.Int).Lsh(uint256.NewInt(1), 128)
	for name, c := range map[string]struct {
		budget *uint256.Int
		length emission.Seconds
		shares []uint64
	}{
		"a share is missing": {uint256.NewInt(1), day, []uint64{1, 1, 1, 1}},
		"no shares":          {uint256.NewInt(1), day, []uint64{0, 0, 0, 0, 0}},
		"no end":             {uint256.NewInt(1), 1<<64 - 1, []uint64{1, 1, 1, 1, 1}},
		"too much":           {huge, day, []uint64{1, 1, 1, 1, 1}},
	} {
		if _, err := s.Continue(c.budget, c.length, c.shares); err == nil {
			t.Errorf("%s: it goes on", name)
		}
	}
	if got, _ := s.Pool("code"); got.End() != s.End() {
		t.Error("the schedule itself was changed")
	}
}

func TestWhatIsNoScheduleIsRefusedWithAReason(t *testing.T) {
	swap := func(old, new string) string {
		if !strings.Contains(mixed, old) {
			t.Fatalf("the text has no %q", old)
		}
		return strings.Replace(mixed, old, new, 1)
	}
	for name, c := range map[string]struct{ text, want string }{
		"empty":                  {"", "schema is 0"},
		"no TOML":                {"{}", "line 1"},
		"no text":                {"\xff\xfe", "line 1"},
		"too large":              {mixed + "#" + strings.Repeat("x", emission.Largest), "more than 65536 bytes"},
		"a newer schema":         {swap("schema = 1", "schema = 2"), "schema is 2"},
		"an unknown key":         {swap("interval = 10", "interval = 10\nburn = 1"), "line 5: unknown key burn"},
		"an unknown pool key":    {swap("every = 20", "every = 20\nhalf = 1"), "unknown key pool.half"},
		"a key twice":            {swap("interval = 10", "interval = 10\ninterval = 20"), "interval"},
		"a name on a terminal":   {swap(`"mixed"`, `"mi\u001b[2Jxed"`), "small letters"},
		"a pool without a name":  {swap(`name = "a"`, `name = ""`), "small letters"},
		"two pools of a name":    {swap(`name = "b"`, `name = "a"`), `pool "a": there are two`},
		"no pool":                {swap(mixed[strings.Index(mixed, "[[pool"):], ""), "0 pools"},
		"a start without offset": {swap("2030-01-01T01:00:00+01:00", "2030-01-01T01:00:00"), "offset"},
		"a date":                 {swap("2030-01-01T01:00:00+01:00", "2030-01-01"), "offset"},
		"a half second":          {swap("01:00:00+01:00", "01:00:00.5+01:00"), "whole second"},
		"before 1970":            {swap("2030-01-01", "1969-01-01"), "whole second after 1970"},
		"no interval":            {swap("interval = 10\n", ""), "interval"},
		"a negative interval":    {swap("interval = 10", "interval = -10"), "interval"},
		"an endless interval":    {swap("interval = 10", "interval = 9223372036854775807"), "interval"},
		"an amount of a number":  {swap(`initial = "3"`, `initial = 3`), "line 9"},
		"a fraction of a wei":    {swap(`initial = "3"`, `initial = "3.5"`), "no amount"},
		"an amount in hex":       {swap(`initial = "3"`, `initial = "0x3"`), "no amount"},
		"a negative amount":      {swap(`initial = "3"`, `initial = "-3"`), "no amount"},
		"too much":               {swap(`initial = "3"`, `initial = "340282366920938463463374607431768211456"`), "2^128"},
		"no amount":              {swap("initial = \"3\"\n", ""), "initial"},
		"an unknown kind":        {swap(`"halving"`, `"bonding"`), `kind "bonding"`},
		"a halving with a step":  {swap("every = 20", "every = 20\nstep = \"1\""), "initial and every alone"},
		"a halving of nothing":   {swap("every = 20\n", ""), "every"},
		"a constant with every":  {swap("for = 5", "for = 5\nevery = 1"), "initial and for alone"},
		"a negative length":      {swap("for = 5", "for = -5"), "for"},
		"a decrease with for":    {swap(`step = "4"`, "step = \"4\"\nfor = 1"), "initial and step alone"},
		"a step of zero":         {swap(`step = "4"`, `step = "0"`), "constant"},
		"a negative share":       {swap("share = 3", "share = -3"), "share"},
		"more than the cap":      {swap(`cap = "1000"`, `cap = "132"`), "133 wei in all, more than the cap of 132"},
		"a cap on no end":        {swap("for = 5\n", ""), "never ends"},
		"a tail after no end":    {strings.Replace(swap("for = 5\n", ""), "cap = \"1000\"\n", "", 1), "never ends"},
		"a tail for nobody":      {strings.Replace(swap("share = 3", ""), "share = 1", "", 1), "no pool has a share"},
		"a tail of no length":    {swap("intervals = 2", "intervals = 0"), "intervals"},
		"a tail without epochs":  {mixed[:strings.Index(mixed, "[[tail.epoch")], "0 epochs"},
		"burned out of nothing":  {swap(`circulating = "93"`, `circulating = "94"`), "there were only 133"},
		"burned twice":           {swap(`burned = "1"`, `burned = "106"`), "epoch 2: burned and circulating are 107 wei together, and there were only 106"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := emission.Read([]byte(c.text))
			if !errors.Is(err, emission.ErrSchedule) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func FuzzAScheduleIsReadOrRefused(f *testing.F) {
	text, err := os.ReadFile("morpheus.toml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(mixed))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := emission.Read(text)
		if err != nil {
			if !errors.Is(err, emission.ErrSchedule) {
				t.Fatal(err)
			}
			return
		}
		each, total := s.Between(0, emission.Never)
		var sum uint256.Int
		for _, p := range each {
			if _, over := sum.AddOverflow(&sum, &p.Wei); over {
				t.Fatal("the sum wraps")
			}
		}
		if sum != total {
			t.Fatalf("%s is not %s", sum.Dec(), total.Dec())
		}
	})
}
