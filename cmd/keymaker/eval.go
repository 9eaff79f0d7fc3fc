package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/intents/score"
	"github.com/keymaker-agent/keymaker/refusal"
)

type evalOptions struct {
	file    string
	planner string
	models  []string
	every   string // "all": every local model
	trace   string
}

func newEvalCmd(a *app) *cobra.Command {
	var o evalOptions
	cmd := &cobra.Command{
		Use:   "eval FILE",
		Short: "Measure how sentences are read against a labelled file",
		Long: "Eval reads every sentence of the file and prints, by tier: exact readings, those asked about instead, and wrong\n" +
			"drafts that would have moved money. The last number has to be 0.\n\n" +
			"With several models it prints one table and says which one to take: first the one with the fewest wrong drafts, then the\n" +
			"one with the most exact ones, then the fastest.",
		Example: "  keymaker eval sentences.jsonl\n  keymaker eval sentences.jsonl --planner ollama --model qwen3:4b --json\n" +
			"  # which of two models, or of all that Ollama has here, reads best\n" +
			"  keymaker eval sentences.jsonl --model qwen3:4b --model llama3.2\n  keymaker eval sentences.jsonl --models all\n" +
			"  # what the own planner was taught that is nearest to each miss\n  keymaker eval sentences.jsonl --planner own --trace agent/own/corpus",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.file = args[0]
			return runEval(cmd.Context(), a, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.planner, "planner", "", "grammar, own, ollama or all: who drafts (default: all)")
	f.StringArrayVar(&o.models, "model", nil, "model of Ollama; say it again to compare several")
	f.StringVar(&o.every, "models", "", "all: compare every model that Ollama has on this machine")
	f.StringVar(&o.trace, "trace", "", "folder of marked sentences: show the three that are nearest to each miss")
	return cmd
}

// evalView is the sheet and how long a sentence took.
type evalView struct {
	Schema int `json:"schema"`
	score.Sheet
	P50Micros int64   `json:"p50_micros"`
	P95Micros int64   `json:"p95_micros"`
	P99Micros int64   `json:"p99_micros"`
	Traces    []trace `json:"traces,omitempty"`
}

func runEval(ctx context.Context, a *app, o evalOptions) error {
	labels, err := a.labels(o.file)
	if err != nil {
		return err
	}
	taught, err := teaching(o.trace)
	if err != nil {
		return err
	}
	models, err := a.contenders(ctx, o)
	if err != nil {
		return err
	}
	if len(models) > 1 || o.every != "" {
		return runCompare(ctx, a, models, labels, taught)
	}
	p, done, err := a.planner(ctx, o.planner, strings.Join(models, ""))
	if err != nil {
		return err
	}
	defer done()
	v, err := a.measure(ctx, "", labels, func(ctx context.Context, l score.Label) intents.Report {
		return reported(ctx, l, p.understand)
	})
	if err != nil {
		return err
	}
	v.Traces = taught.traces(labels, v.Misses)
	if a.json {
		return json.NewEncoder(a.streams.Out).Encode(v)
	}
	return a.printEval(v)
}

// reported has one sentence read, and says what came of it and how long it took. A refusal is an outcome like any other.
func reported(ctx context.Context, l score.Label, understand func(context.Context, string) (*agent.Understanding, error)) intents.Report {
	began := time.Now()
	u, err := understand(ctx, l.Text)
	took := time.Since(began).Microseconds()
	var r intents.Report
	if err != nil {
		r = intents.Refused(err)
	} else {
		r = u.Report()
	}
	r.ID, r.Micros = l.ID, took
	return r
}

func (a *app) labels(file string) ([]score.Label, error) {
	in, err := openInput(a, file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	labels, err := score.Labels(in)
	if err != nil {
		return nil, refusal.New(refusal.Usage, "%s is no labelled file", file).Because(err)
	}
	if len(labels) == 0 {
		return nil, refusal.New(refusal.Usage, "%s holds no sentence", file)
	}
	return labels, nil
}

// measure has every sentence read. On a terminal it says how far it is.
func (a *app) measure(ctx context.Context, who string, labels []score.Label, read func(context.Context, score.Label) intents.Report) (evalView, error) {
	reports := make([]intents.Report, len(labels))
	micros := make([]int64, len(labels))
	if a.streams.Interactive() {
		defer fmt.Fprintln(a.streams.Err)
	}
	for i, l := range labels {
		reports[i] = read(ctx, l)
		micros[i] = reports[i].Micros
		if err := ctx.Err(); err != nil {
			return evalView{}, refusal.New(refusal.Interrupted, "measuring was stopped after %d of %d sentences", i, len(labels)).Because(err).
				WithHint("nothing was kept; a smaller file takes less time")
		}
		if a.streams.Interactive() {
			fmt.Fprintf(a.streams.Err, "\r%s%d of %d", who, i+1, len(labels))
		}
	}
	slices.Sort(micros)
	return evalView{
		Schema: 1, Sheet: score.Score(labels, reports),
		P50Micros: micros[len(micros)/2], P95Micros: micros[len(micros)*95/100], P99Micros: micros[len(micros)*99/100],
	}, nil
}

func (a *app) printEval(v evalView) error {
	if _, err := v.WriteTo(a.streams.Out); err != nil {
		return err
	}
	fmt.Fprintf(a.streams.Out, "p50 %d us, p95 %d us, p99 %d us\n", v.P50Micros, v.P95Micros, v.P99Micros)
	a.printMisses(v)
	return nil
}

func (a *app) printMisses(v evalView) {
	traced := map[string]trace{}
	for _, t := range v.Traces {
		traced[t.ID] = t
	}
	for _, m := range v.Misses {
		kind := "miss"
		if m.Wrong {
			kind = "WRONG"
		}
		fmt.Fprintf(a.streams.Out, "%-5s  %s  %s\n", kind, m.ID, m.Why)
		for _, n := range traced[m.ID].Nearest {
			fmt.Fprintf(a.streams.Out, "         %3d%%  %s  %s  = %s\n", n.Percent, n.Place, n.Say, n.Do)
		}
	}
}
