package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
)

// summary is what is printed, for people and for programs.
type summary struct {
	Schema  int      `json:"schema"`
	Go      string   `json:"go"`
	CPUs    int      `json:"cpus"`
	Load    string   `json:"load"` // the averages of the kernel, at the end
	Rounds  int      `json:"rounds"`
	DelayMS float64  `json:"delay_ms"` // in the setting "delayed"
	Block   uint64   `json:"block"`
	Head    uint64   `json:"head"`
	Rows    []row    `json:"rows"`
	Ratios  []ratio  `json:"ratios"` // ours to theirs: below one, ours is smaller
	Targets []target `json:"targets"`
}

// row is one tool in one setting.
type row struct {
	Setting string            `json:"setting"`
	Tool    string            `json:"tool"`
	Version string            `json:"version"`
	Figures map[metric]spread `json:"figures"`
}

// spread is a figure over the rounds.
type spread struct {
	Median float64 `json:"median"`
	Least  float64 `json:"least"`
	Most   float64 `json:"most"`
}

type ratio struct {
	Setting string  `json:"setting"`
	Metric  metric  `json:"metric"`
	To      string  `json:"to"`
	Ratio   float64 `json:"ratio"`
}

// target is a figure of ours that may be so much at most: by itself, or of another tool's. One that was not measured is missed.
type target struct {
	Setting string   `json:"setting"`
	Metric  metric   `json:"metric"`
	To      string   `json:"to,omitempty"`
	Most    float64  `json:"most"`
	Got     *float64 `json:"got"`
	Met     bool     `json:"met"`
}

// targets are what keymaker fork promises.
func targets() []target {
	return []target{
		{Setting: far, Metric: handedOn, Most: 0},
		{Setting: far, Metric: trips, Most: 4},
		{Setting: far, Metric: calls, Most: 35},
		{Setting: far, Metric: cold, To: anvil, Most: 1. / 6},
		{Setting: far, Metric: cold, To: hardhat, Most: 1. / 6},
		{Setting: near, Metric: cold, To: anvil, Most: 0.5},
		{Setting: near, Metric: start, To: anvil, Most: 0.4},
		{Setting: near, Metric: memory, To: anvil, Most: 0.6},
		{Setting: near, Metric: simulate, To: anvil, Most: 1},
	}
}

// compared are the metrics whose ratios are told.
var compared = []metric{start, cold, first, trips, calls, warm, estimate, simulate, send, memory, private, peak, cpu}

func summarize(w *work, tools []tool, o options, all runs) summary {
	s := summary{
		Schema: 1, Go: runtime.Version(), CPUs: runtime.NumCPU(), Load: load(), Rounds: o.rounds,
		DelayMS: o.delay.Seconds() * 1e3, Block: w.block, Head: w.head,
	}
	for _, at := range settings(o.delay) {
		for _, t := range tools {
			s.Rows = append(s.Rows, row{at.name, t.name, t.version, spreads(all[at.name][t.name])})
		}
	}
	s.compare()
	return s
}

// compare fills ratios and targets from the rows.
func (s *summary) compare() {
	for _, r := range s.Rows {
		for _, m := range compared {
			if got, ok := s.ratio(r.Setting, m, r.Tool); ok && r.Tool != ours {
				s.Ratios = append(s.Ratios, ratio{r.Setting, m, r.Tool, got})
			}
		}
	}
	s.Targets = targets()
	for i := range s.Targets {
		t := &s.Targets[i]
		got, ok := s.figure(t.Setting, ours, t.Metric)
		if t.To != "" {
			got, ok = s.ratio(t.Setting, t.Metric, t.To)
		}
		if ok {
			t.Got, t.Met = &got, got <= t.Most
		}
	}
}

func (s *summary) figure(setting, tool string, m metric) (float64, bool) {
	for _, r := range s.Rows {
		if r.Setting == setting && r.Tool == tool {
			found, ok := r.Figures[m]
			return found.Median, ok
		}
	}
	return 0, false
}

// ratio is our figure to another tool's.
func (s *summary) ratio(setting string, m metric, to string) (float64, bool) {
	a, ok := s.figure(setting, ours, m)
	b, both := s.figure(setting, to, m)
	if !ok || !both || b == 0 {
		return 0, false
	}
	return a / b, true
}

// missed counts the targets that were not met.
func (s *summary) missed() int {
	n := 0
	for _, t := range s.Targets {
		if !t.Met {
			n++
		}
	}
	return n
}

func spreads(rounds []figures) map[metric]spread {
	values := make(map[metric][]float64)
	for _, f := range rounds {
		for m, v := range f {
			values[m] = append(values[m], v)
		}
	}
	all := make(map[metric]spread, len(values))
	for m, v := range values {
		all[m] = spread{median(v), slices.Min(v), slices.Max(v)}
	}
	return all
}

// median is the middle value, or the mean of the two that are. There must be one at least.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}

// load is how busy the machine is, as the kernel says it.
func load() string {
	raw, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return fmt.Sprintf("unknown: %v", err)
	}
	fields := strings.Fields(string(raw))
	return strings.Join(fields[:min(3, len(fields))], " ")
}
