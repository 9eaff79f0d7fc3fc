package simulation_test

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/simulation"
)

const lifetime = "41999999998839372000000000" // wei, without the tail

func named(t testing.TB, name string) *simulation.Scenario {
	t.Helper()
	text, err := simulation.Named(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := simulation.Read(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return s
}

// monthly is a scenario in longer epochs: fewer of them, so that it is quicker.
func monthly(t testing.TB, name string) *simulation.Scenario {
	t.Helper()
	text, err := simulation.Named(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := simulation.Read([]byte(strings.Replace(string(text), `"weekly"`, `"monthly"`, 1)))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return s
}

func run(t testing.TB, s *simulation.Scenario) *simulation.Result {
	t.Helper()
	r, err := simulation.Run(context.Background(), s, nil)
	if err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	return r
}

func last(r *simulation.Result) *simulation.Period { return &r.Periods[len(r.Periods)-1] }

func sum(amounts ...uint256.Int) (all uint256.Int) {
	for i := range amounts {
		all.Add(&all, &amounts[i])
	}
	return all
}

func TestSixteenYearsEmitTheWholeScheduleToTheWei(t *testing.T) {
	r := run(t, named(t, "baseline"))
	p := last(r)
	if r.Epochs != 835 || p.Day != 5845 || len(r.Periods) != 64 {
		t.Fatalf("%d epochs, %d periods until day %d", r.Epochs, len(r.Periods), p.Day)
	}
	if emitted := sum(p.Emitted[:]...); emitted.Dec() != lifetime {
		t.Errorf("emitted %s", emitted.Dec())
	}
	if all := sum(sum(p.Carried[:]...), p.Minted); all.Dec() != lifetime {
		t.Errorf("minted and carried are %s", all.Dec())
	}
	if all := sum(sum(p.Held...), p.Market); all != p.Supply || sum(p.Supply, p.Burned) != p.Minted || sum(p.Earned...) != p.Minted {
		t.Errorf("%s held and sold, supply %s, minted %s", all.Dec(), p.Supply.Dec(), p.Minted.Dec())
	}
}

func TestPeriodsGoOn(t *testing.T) {
	r := run(t, monthly(t, "baseline"))
	for i := 1; i < len(r.Periods); i++ {
		a, b := &r.Periods[i-1], &r.Periods[i]
		if b.Day <= a.Day || b.Day*4/365 <= a.Day*4/365 || b.Minted.Lt(&a.Minted) || b.Burned.Lt(&a.Burned) {
			t.Fatalf("period %d: day %d after %d, minted %s after %s", i, b.Day, a.Day, b.Minted.Dec(), a.Minted.Dec())
		}
		if circulating := b.Circulating(); sum(circulating, b.Locked, b.Bound) != b.Supply {
			t.Fatalf("period %d: %s circulates of %s", i, circulating.Dec(), b.Supply.Dec())
		}
	}
}

func TestWhoeverDoesWhatTheRewardsAreForEarns(t *testing.T) {
	for _, name := range simulation.Names() {
		r := run(t, monthly(t, name))
		for i, g := range r.Scenario.Groups {
			if earned := last(r).Earned[i]; earned.IsZero() != (g.Part == simulation.Hold || g.Itself && (g.Part == rules.Works || g.Part == rules.Payouts)) {
				t.Errorf("%s: %s earned %s", name, g.Name, earned.Dec())
			}
		}
	}
}

func TestWhoeverPaysItselfLosesInEachPart(t *testing.T) {
	r := run(t, named(t, "self-dealing"))
	for p := rules.Yields; p < rules.Parts; p++ {
		i := slices.IndexFunc(r.Dealings, func(d simulation.Dealing) bool { return d.Part == p })
		if i < 0 {
			t.Errorf("nobody pays itself in %s", p)
			continue
		}
		d := r.Dealings[i]
		gain, loses := d.Gain()
		if p == rules.Works || p == rules.Payouts { // nothing is paid, and nothing had to be spent to see that
			if !d.Earned.IsZero() || !d.Spent.IsZero() || !gain.IsZero() {
				t.Errorf("%s: earned %s for %s", p, d.Earned.Dec(), d.Spent.Dec())
			}
		} else if !loses || d.Spent.IsZero() || d.Earned.IsZero() {
			t.Errorf("%s: spent %s, earned %s, without %s", p, d.Spent.Dec(), d.Earned.Dec(), d.Without.Dec())
		}
		if d.Honest.IsZero() || d.Twin == "" || d.Bound == "" {
			t.Errorf("%s: no comparison: %+v", p, d)
		}
	}
	// Use and receipts bring no more than the rules' part of what was burned: 90 % of it at 90 % of the market's rate, 90 % of fees.
	for part, most := range map[rules.Part]uint64{rules.Tools: 8100, rules.Fronts: 8100, rules.Receipts: 9000} {
		d := r.Dealings[slices.IndexFunc(r.Dealings, func(d simulation.Dealing) bool { return d.Part == part })]
		bound := new(uint256.Int).Mul(&d.Spent, uint256.NewInt(most))
		if bound.Div(bound, uint256.NewInt(10_000)).Lt(&d.Earned) {
			t.Errorf("%s: earned %s of %s", part, d.Earned.Dec(), d.Spent.Dec())
		}
	}
}

// The whole of it: what is written of a run, with one core and with several.
func TestASeedDecidesEverything(t *testing.T) {
	text := func(seed uint64, cores int) string {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		s := monthly(t, "self-dealing")
		s.Seed = seed
		if err := s.Lasts(3); err != nil {
			t.Fatal(err)
		}
		j, err := json.Marshal(run(t, s))
		if err != nil {
			t.Fatal(err)
		}
		return string(j)
	}
	one := text(5, 1)
	if one != text(5, 4) {
		t.Error("the same seed gave two results")
	}
	if one == strings.Replace(text(6, 1), `"seed":6`, `"seed":5`, 1) {
		t.Error("another seed gave the same result")
	}
}

func TestTheTailPaysHalfOfWhatWasBurned(t *testing.T) {
	s := monthly(t, "tail")
	r := run(t, s)
	if len(r.Tails) != 2 {
		t.Fatalf("%d epochs of the tail", len(r.Tails))
	}
	first := r.Tails[0]
	if want, err := emission.TailBudget(&first.Burned, &first.Circulating); err != nil || first.Budget != want || want.IsZero() {
		t.Errorf("it pays %s, want %s, %v", first.Budget.Dec(), want.Dec(), err)
	}
	if first.From != s.Rules.Start+5833*86400 || r.Tails[1].From != first.From+5833*86400 {
		t.Errorf("from %d and %d", first.From, r.Tails[1].From)
	}
	whole, err := uint256.FromDecimal(lifetime)
	if err != nil {
		t.Fatal(err)
	}
	emitted := sum(last(r).Emitted[:]...)
	if emitted.Sub(&emitted, whole); emitted.Lt(&first.Budget) == (r.Tails[1].From < last(r).Until) {
		t.Errorf("after the schedule %s were emitted, and the first tail pays %s", emitted.Dec(), first.Budget.Dec())
	}
}

func TestWithoutATailNothingFollowsTheSchedule(t *testing.T) {
	s := monthly(t, "tail")
	s.Tail = false
	r := run(t, s)
	if emitted := sum(last(r).Emitted[:]...); emitted.Dec() != lifetime || len(r.Tails) != 0 {
		t.Errorf("%s were emitted, with %d tails", emitted.Dec(), len(r.Tails))
	}
}

func TestWhoLeavesSellsEverything(t *testing.T) {
	s := monthly(t, "exodus")
	if err := s.Lasts(9); err != nil {
		t.Fatal(err)
	}
	r := run(t, s)
	before := slices.IndexFunc(r.Periods, func(p simulation.Period) bool { return p.Day > 2555 })
	for i, g := range s.Groups {
		held, earlier := last(r).Held[i], r.Periods[before-2].Held[i]
		if left := strings.HasPrefix(g.Name, "leaving"); held.IsZero() != left || earlier.IsZero() {
			t.Errorf("%s held %s and holds %s", g.Name, earlier.Dec(), held.Dec())
		}
	}
	if last(r).Agents >= r.Periods[before-2].Agents {
		t.Errorf("there are %d agents, after %d", last(r).Agents, r.Periods[before-2].Agents)
	}
}

func TestWhalesConcentrate(t *testing.T) {
	many, few := last(run(t, monthly(t, "baseline"))).Concentration, last(run(t, monthly(t, "whales"))).Concentration
	if few.Gini <= many.Gini || few.Nakamoto >= many.Nakamoto {
		t.Errorf("with whales %+v, without %+v", few, many)
	}
}

func TestARunCanBeStopped(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	var seen uint64
	_, err := simulation.Run(ctx, monthly(t, "baseline"), func(done, all uint64) {
		if seen = done; done == 3 {
			stop()
		}
	})
	if !refusal.Is(err, refusal.Interrupted) || !strings.Contains(err.Error(), "3 of 195") || seen != 3 {
		t.Errorf("after %d: %v", seen, err)
	}
}

// Whatever a scenario says, the books balance: a run ends with an error where they do not.
func TestTheBooksBalanceWhateverTheScenario(t *testing.T) {
	does := []string{"works", "tools", "stakes", "fronts", "receipts", "yields", "payouts", "hold"}
	rapid.Check(t, func(t *rapid.T) {
		var text strings.Builder
		fmt.Fprintf(&text, "schema = 1\nname = \"drawn\"\nabout = \"\"\nrules = \"monthly\"\nyears = %d\nseed = %d\ntail = %t\n",
			rapid.IntRange(1, 18).Draw(t, "years"), rapid.IntRange(0, 9).Draw(t, "seed"), rapid.Bool().Draw(t, "tail"))
		fmt.Fprintf(&text, "[market]\ncoin = \"200\"\nasset = %q\nsubnet = \"100\"\n",
			rapid.SampledFrom([]string{"0.000000000000000007", "200", "999999999999"}).Draw(t, "asset"))
		for i := range rapid.IntRange(1, 6).Draw(t, "groups") {
			part := rapid.SampledFrom(does).Draw(t, "does")
			text.WriteString(drawnGroup(t, i, part))
		}
		s, err := simulation.Read([]byte(text.String()))
		if err != nil {
			t.Fatalf("%v\n%s", err, text.String())
		}
		r, err := simulation.Run(context.Background(), s, nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, text.String())
		}
		for _, d := range r.Dealings {
			if gain, loses := d.Gain(); !loses && !gain.IsZero() && d.Part != rules.Stakes && d.Part != rules.Yields {
				t.Fatalf("%s gains %s by paying itself in %s\n%s", d.Group, gain.Dec(), d.Part, text.String())
			}
		}
	})
}

func drawnGroup(t *rapid.T, i int, part string) string {
	number := func(key string, most int) string {
		return fmt.Sprintf("%s = %d\n", key, rapid.IntRange(0, most).Draw(t, key))
	}
	amount := func(key string) string {
		return fmt.Sprintf("%s = %q\n", key, rapid.SampledFrom([]string{"0.000000000000000001", "0.3", "40", "999999999999"}).Draw(t, key))
	}
	text := fmt.Sprintf("[[group]]\nname = \"g%d\"\ndoes = %q\nagents = %d\n", i, part, rapid.IntRange(1, 4).Draw(t, "agents")) +
		number("join", 900) + number("over", 900) + number("stay", 900) + number("vary", 10_000) +
		number("sell", 4000) + number("burn", 3000)
	if rapid.Bool().Draw(t, "locks") {
		text += fmt.Sprintf("lock = %d\nlock_days = %d\n", rapid.IntRange(1, 1000).Draw(t, "lock"), rapid.IntRange(1, 900).Draw(t, "lock_days"))
	}
	if part != "stakes" && part != "hold" {
		text += amount("use")
	}
	switch part {
	case "works", "payouts":
		text += fmt.Sprintf("every = %d\n", rapid.IntRange(1, 90).Draw(t, "every"))
	case "yields":
		text += number("apr", 10_000) + number("claim", 3000)
	case "stakes", "receipts", "hold":
		text += amount("buy")
	}
	if part == "works" {
		text += "class = \"fix\"\n"
	}
	if part == "stakes" || part == "receipts" {
		text += number("bind", 2000)
	}
	if part != "hold" && part != "stakes" && part != "yields" && rapid.Bool().Draw(t, "itself") {
		text += "itself = true\n"
	}
	return text
}

func BenchmarkSixteenYears(b *testing.B) {
	s := named(b, "baseline")
	for b.Loop() {
		r := run(b, s)
		b.ReportMetric(float64(r.Entries), "entries")
	}
}
