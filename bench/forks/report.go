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
	{"MiB", memory, "%.0f"},
	{"own MiB", private, "%.0f"},
	{"most MiB", peak, "%.0f"},
	{"CPU s", cpu, "%.2f"},
}

const absent = "-"

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
		"\nlate trips = requests after that; MiB = resident at the end, own = without pages of the binary")
	if err := s.printRatios(to); err != nil {
		return err
	}
	return s.printTargets(to)
}

func (s *summary) printRows(to io.Writer, setting string) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', tabwriter.AlignRight)
	line := []string{"tool"}
	for _, c := range columns {
		line = append(line, c.title)
	}
	fmt.Fprintln(w, strings.Join(line, "\t")+"\t")
	for _, r := range s.Rows {
		if r.Setting != setting {
			continue
		}
		line = []string{r.Tool}
		for _, c := range columns {
			cell := absent
			if f, ok := r.Figures[c.metric]; ok {
				cell = fmt.Sprintf(c.format, f.Median)
			}
			line = append(line, cell)
		}
		fmt.Fprintln(w, strings.Join(line, "\t")+"\t")
	}
	return w.Flush()
}

func (s *summary) printRatios(to io.Writer) error {
	if len(s.Ratios) == 0 {
		return nil
	}
	fmt.Fprintln(to, "\nours to theirs")
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	for _, r := range s.Ratios {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%.2f\n", r.Setting, r.To, r.Metric, r.Ratio)
	}
	return w.Flush()
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
