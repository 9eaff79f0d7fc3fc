package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/internal/cli/chart"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/simulation"
)

const (
	yearDays    = 365
	mostShown   = 6 // groups of a figure; the others are added up
	millionKEY  = "million KEY"
	ginisOfOne  = 1e6
	weiOfOne    = 1e18
	weiOfMega   = 1e24
	inPercent   = 100
	perThousand = 1000
)

// figures are the charts of a result: floats, for the eye.
func figures(r *simulation.Result) []chart.Figure {
	x := []float64{0}
	for i := range r.Periods {
		x = append(x, float64(r.Periods[i].Day)/yearDays)
	}
	over := func(name string, value func(p *simulation.Period) float64) chart.Series {
		s := chart.Series{Name: name, Values: []float64{0}}
		for i := range r.Periods {
			s.Values = append(s.Values, value(&r.Periods[i]))
		}
		return s
	}
	wei := func(name string, amount func(p *simulation.Period) uint256.Int) chart.Series {
		return over(name, func(p *simulation.Period) float64 {
			a := amount(p)
			return a.Float64() / weiOfMega
		})
	}
	emitted := chart.Figure{
		Title: "Emitted since the start, by bucket", Unit: millionKEY, Kind: chart.Areas, X: x, XUnit: "years",
		About: "what the schedule has emitted, paid or carried",
	}
	for b := range rules.Buckets {
		emitted.Series = append(emitted.Series, wei(b.String(), func(p *simulation.Period) uint256.Int { return p.Emitted[b] }))
	}
	supply := chart.Figure{
		Title: "Supply", Unit: millionKEY, Kind: chart.Lines, X: x, XUnit: "years", About: "supply is what was minted less what was burned; bound is staked or bonded",
		Series: []chart.Series{
			wei("minted", func(p *simulation.Period) uint256.Int { return p.Minted }),
			wei("supply", func(p *simulation.Period) uint256.Int { return p.Supply }),
			wei("circulating", func(p *simulation.Period) uint256.Int { return p.Circulating() }),
			wei("burned", func(p *simulation.Period) uint256.Int { return p.Burned }),
			wei("bound", func(p *simulation.Period) uint256.Int { return p.Bound }),
			wei("locked", func(p *simulation.Period) uint256.Int { return p.Locked }),
		},
	}
	gini := chart.Figure{Title: "Gini coefficient of what agents hold", Kind: chart.Lines, X: x, XUnit: "years", About: "0: all hold the same; 1: one holds all"}
	gini.Series = []chart.Series{over("Gini", func(p *simulation.Period) float64 { return float64(p.Concentration.Gini) / ginisOfOne })}
	nakamoto := chart.Figure{Title: "Nakamoto coefficient", Unit: "holders", Kind: chart.Lines, X: x, XUnit: "years", About: "how few agents hold more than half"}
	nakamoto.Series = []chart.Series{over("Nakamoto", func(p *simulation.Period) float64 { return float64(p.Concentration.Nakamoto) })}
	begun(&gini.Series[0])
	begun(&nakamoto.Series[0])
	earned, held := shareFigures(r, x)
	return []chart.Figure{emitted, supply, earned, held, gini, nakamoto}
}

// shareFigures show which part of all that was earned, and of the supply, is each group's. A group has one colour in both: the largest
// ones come first, and all others are one.
func shareFigures(r *simulation.Result, x []float64) (earned, held chart.Figure) {
	earned = chart.Figure{
		Title: "Share of all that was earned until then, by group", Unit: "%", Kind: chart.Areas, X: x, XUnit: "years",
		About: "which part of what was paid went to which group",
	}
	held = chart.Figure{
		Title: "Share of the supply, by group", Unit: "%", Kind: chart.Areas, X: x, XUnit: "years",
		About: "who holds the supply, free, locked and bound; what was sold and not bought again is on the market",
	}
	ofEarned := func(p *simulation.Period) []uint256.Int { return p.Earned }
	ofHeld := func(p *simulation.Period) []uint256.Int { return append(slices.Clone(p.Held), p.Market) }
	order := bySize(r)
	shown := order[:min(len(order), mostShown)]
	for _, i := range shown {
		name := r.Scenario.Groups[i].Name
		earned.Series = append(earned.Series, shareSeries(r, name, ofEarned, i))
		held.Series = append(held.Series, shareSeries(r, name, ofHeld, i))
	}
	if others := order[len(shown):]; len(others) > 0 {
		earned.Series = append(earned.Series, shareSeries(r, "others", ofEarned, others...))
		held.Series = append(held.Series, shareSeries(r, "others", ofHeld, others...))
	}
	held.Series = append(held.Series, shareSeries(r, "market", ofHeld, len(r.Scenario.Groups)))
	return earned, held
}

// bySize is the groups by what they earned and held over all periods, so that what was large for a while is seen.
func bySize(r *simulation.Result) []int {
	size := make([]uint256.Int, len(r.Scenario.Groups))
	order := make([]int, len(size))
	for i := range size {
		order[i] = i
		for k := range r.Periods {
			size[i].Add(&size[i], &r.Periods[k].Earned[i])
			size[i].Add(&size[i], &r.Periods[k].Held[i])
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return size[b].Cmp(&size[a]) })
	return order
}

// begun has the first step, when there was nothing, be like the one after it.
func begun(s *chart.Series) { s.Values[0] = s.Values[1] }

// shareSeries is the groups' part of all, in percent.
func shareSeries(r *simulation.Result, name string, amounts func(p *simulation.Period) []uint256.Int, of ...int) chart.Series {
	s := chart.Series{Name: name, Values: []float64{0}}
	for i := range r.Periods {
		var part, all float64
		for k, wei := range amounts(&r.Periods[i]) {
			all += wei.Float64()
			if slices.Contains(of, k) {
				part += wei.Float64()
			}
		}
		share := 0.0
		if all > 0 {
			share = inPercent * part / all
		}
		s.Values = append(s.Values, share)
	}
	begun(&s)
	return s
}

func printScenario(w io.Writer, r *simulation.Result) {
	s := r.Scenario
	fmt.Fprintf(w, "%s: %s\n", s.Name, s.About)
	fmt.Fprintf(w, "%d years, %d epochs of %s, %d entries, rules %s, seed %d\n\n",
		s.Years, r.Epochs, lengthOf(uint64(s.Rules.Length)), r.Entries, s.Rules.Name, s.Seed)
}

func lengthOf(seconds uint64) string {
	const day = 86400
	if seconds%day == 0 {
		return fmt.Sprintf("%d days", seconds/day)
	}
	return (time.Duration(seconds) * time.Second).String()
}

// mega is an amount in millions of tokens, rounded down.
func mega(wei uint256.Int) string {
	thousandth := wei.Div(&wei, uint256.MustFromDecimal("1000000000000000000000")).Uint64()
	return fmt.Sprintf("%d.%03d", thousandth/perThousand, thousandth%perThousand)
}

// key is an amount in whole tokens, rounded down.
func key(wei uint256.Int) string { return new(uint256.Int).Div(&wei, uint256.NewInt(weiOfOne)).Dec() }

// printYears prints the last period of each year.
func printYears(w io.Writer, r *simulation.Result) {
	fmt.Fprintln(w, "At the end of each year, million KEY, rounded down")
	fmt.Fprintf(w, "%4s %8s %7s %7s %7s %7s %7s %7s %7s %9s\n", "year", "emitted", "minted", "burned", "supply", "circul.", "locked", "bound", "Gini", "Nakamoto")
	for i := range r.Periods {
		p := &r.Periods[i]
		if year := p.Day / yearDays; year == 0 || i > 0 && r.Periods[i-1].Day/yearDays == year {
			continue
		}
		var emitted uint256.Int
		for b := range p.Emitted {
			emitted.Add(&emitted, &p.Emitted[b])
		}
		fmt.Fprintf(w, "%4d %8s %7s %7s %7s %7s %7s %7s %3d.%03d %9d\n", p.Day/yearDays, mega(emitted), mega(p.Minted), mega(p.Burned), mega(p.Supply),
			mega(p.Circulating()), mega(p.Locked), mega(p.Bound), 0, p.Concentration.Gini/perThousand, p.Concentration.Nakamoto)
	}
	fmt.Fprintln(w)
}

func printBuckets(w io.Writer, r *simulation.Result) {
	last := &r.Periods[len(r.Periods)-1]
	fmt.Fprintln(w, "By bucket at the end, KEY, rounded down")
	fmt.Fprintf(w, "%-10s %12s %12s %12s\n", "bucket", "emitted", "paid", "carried")
	for b := range rules.Buckets {
		fmt.Fprintf(w, "%-10s %12s %12s %12s\n", b, key(last.Emitted[b]), key(last.Paid[b]), key(last.Carried[b]))
	}
	fmt.Fprintln(w)
}

func printGroups(w io.Writer, r *simulation.Result) {
	last := &r.Periods[len(r.Periods)-1]
	fmt.Fprintln(w, "By group at the end, KEY, rounded down")
	fmt.Fprintf(w, "%-20s %-9s %6s %12s %7s %12s\n", "group", "earns by", "agents", "earned", "%", "holds")
	for i := range r.Scenario.Groups {
		g := &r.Scenario.Groups[i]
		fmt.Fprintf(w, "%-20s %-9s %6d %12s %7s %12s\n", g.Name, g.Does(), g.Agents, key(last.Earned[i]), share(&last.Earned[i], &last.Minted), key(last.Held[i]))
	}
	fmt.Fprintf(w, "%-20s %-9s %6s %12s %7s %12s\n\n", "market", "", "", "", "", key(last.Market))
}

// share is a part in percent, rounded down.
func share(part, whole *uint256.Int) string {
	if whole.IsZero() {
		return "-"
	}
	var s uint256.Int
	s.Mul(part, uint256.NewInt(inPercent*inPercent))
	n := s.Div(&s, whole).Uint64()
	return fmt.Sprintf("%d.%02d", n/inPercent, n%inPercent)
}

func printTails(w io.Writer, r *simulation.Result) {
	if len(r.Tails) == 0 {
		return
	}
	fmt.Fprintln(w, "The tail, million KEY: an epoch pays half of what was burned in the one before,\nat most 16 % of what circulates when it begins")
	fmt.Fprintf(w, "%-20s %9s %11s %8s\n", "from", "burned", "circulating", "pays")
	for _, t := range r.Tails {
		fmt.Fprintf(w, "%-20s %9s %11s %8s\n", time.Unix(int64(t.From), 0).UTC().Format(time.RFC3339), mega(t.Burned), mega(t.Circulating), mega(t.Budget))
	}
	fmt.Fprintln(w)
}

func printDealings(w io.Writer, r *simulation.Result) {
	if len(r.Dealings) == 0 {
		return
	}
	fmt.Fprintln(w, "Who pays itself, KEY: what was spent is valued at the scenario's market; gain is\nearned less spent, less what would have been earned without")
	fmt.Fprintf(w, "%-10s %12s %12s %12s %13s %13s\n", "part", "spent", "earned", "without", "gain", "honest earned")
	for _, d := range r.Dealings {
		gain, negative := d.Gain()
		text := key(gain)
		if negative {
			text = "-" + text
		}
		honest := "-"
		if d.Twin != "" {
			honest = key(d.Honest)
		}
		fmt.Fprintf(w, "%-10s %12s %12s %12s %13s %13s\n", d.Part, key(d.Spent), key(d.Earned), key(d.Without), text, honest)
		fmt.Fprintln(w, "  "+strings.TrimSpace(d.Bound))
	}
	fmt.Fprintln(w)
}
