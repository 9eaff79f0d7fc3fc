package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// columns of the table for people.
var columns = []struct {
	title  string
	metric metric
	format string
}{
	{"start ms", start, "%.0f"},
	{"cold ms", cold, "%.1f"},
	{"first ms", first, "%.0f"},
	{"at start", startTrips, "%.0f"},
	{"trips", trips, "%.0f"},
	{"calls", calls, "%.0f"},
	{"warm ms", warm, "%.2f"},
	{"estimate ms", estimate, "%.2f"},
	{"simulate ms", simulate, "%.2f"},
	{"send ms", send, "%.2f"},
	{"late trips", lateTrips, "%.0f"},
	{"handed on", handedOn, "%.0f"},
	{"MiB", memory, "%.0f"},
	{"own MiB", private, "%.0f"},
	{"most MiB", peak, "%.0f"},
	{"CPU s", cpu, "%.2f"},
}

// print tells the figures to people.
func (s *summary) print(to io.Writer) error {
	fmt.Fprintf(to, "Forks of block %d, %d below the head. Medians of %d interleaved rounds; %s, %d CPUs, load %s.\n",
		s.Block, s.Head-s.Block, s.Rounds, s.Go, s.CPUs, s.Load)
	for _, at := range []struct{ setting, title string }{
		{near, "remote on loopback"},
		{far, fmt.Sprintf("remote with %g ms more to each request", s.DelayMS)},
	} {
		fmt.Fprintf(to, "\n%s\n", at.title)
		if err := s.printRows(to, at.setting); err != nil {
			return err
		}
	}
	fmt.Fprintln(to, "\nfirst = start + cold; at start, trips = requests to the remote until it serves, until the first call is answered;"+
		"\nlate trips = requests after that; handed on = calls with which it let the remote run the swap;"+
		"\nMiB = resident at the end, own = without pages of the binary")
	if err := s.printRatios(to); err != nil {
		return err
	}
	return s.printTargets(to)
}

func (s *summary) printRows(to io.Writer, setting string) error {
	var titles []string
	for _, c := range columns {
		titles = append(titles, c.title)
	}
	w := newGrid(to, "tool", titles)
	for _, r := range s.Rows {
		if r.Setting != setting {
			continue
		}
		var cells []string
		for _, c := range columns {
			f, ok := r.Figures[c.metric]
			cells = append(cells, cell(f.Median, ok, c.format))
		}
		w.row(r.Tool, cells)
	}
	return w.Flush()
}

// printRatios tells ours to each other tool's.
func (s *summary) printRatios(to io.Writer) error {
	if len(s.Ratios) == 0 {
		return nil
	}
	fmt.Fprintf(to, "\n%s to the others: below one, it takes less\n", ours)
	var titles []string
	for _, m := range compared {
		titles = append(titles, string(m))
	}
	w := newGrid(to, "", titles)
	for _, r := range s.Rows {
		if r.Tool == ours {
			continue
		}
		var cells []string
		for _, m := range compared {
			got, ok := s.ratio(r.Setting, m, r.Tool)
			cells = append(cells, cell(got, ok, "%.2f"))
		}
		w.row(r.Tool+", "+r.Setting, cells)
	}
	return w.Flush()
}

const absent = "-"

func cell(v float64, ok bool, format string) string {
	if !ok {
		return absent
	}
	return fmt.Sprintf(format, v)
}

// grid is a table with right-aligned cells.
type grid struct{ *tabwriter.Writer }

func newGrid(to io.Writer, corner string, titles []string) grid {
	w := grid{tabwriter.NewWriter(to, 0, 0, 2, ' ', tabwriter.AlignRight)}
	w.row(corner, titles)
	return w
}

func (w grid) row(name string, cells []string) {
	fmt.Fprintf(w, "%s\t%s\t\n", name, strings.Join(cells, "\t"))
}

func (s *summary) printTargets(to io.Writer) error {
	fmt.Fprintln(to, "\ntargets")
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	for _, t := range s.Targets {
		what, got, verdict := string(t.Metric), "not measured", "MISSED"
		if t.To != "" {
			what += " / " + t.To
		}
		if t.Got != nil {
			got = fmt.Sprintf("%.3g", *t.Got)
		}
		if t.Met {
			verdict = "met"
		}
		fmt.Fprintf(w, "  %s\t%s\tat most %.3g\tgot %s\t%s\n", t.Setting, what, t.Most, got, verdict)
	}
	return w.Flush()
}
