package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/intents/score"
	"github.com/keymaker-agent/keymaker/refusal"
)

type evalOptions struct {
	file    string
	planner string
	model   string
}

func newEvalCmd(a *app) *cobra.Command {
	var o evalOptions
	cmd := &cobra.Command{
		Use:   "eval FILE",
		Short: "Measure how sentences are read against a labelled file",
		Long: "Eval reads every sentence of the file and prints, by tier: exact readings, those asked about instead, and wrong\n" +
			"drafts that would have moved money. The last number has to be 0.",
		Example: "  keymaker eval sentences.jsonl\n  keymaker eval sentences.jsonl --planner ollama --model qwen3:4b --json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.file = args[0]
			return runEval(cmd.Context(), a, o)
		},
	}
	addPlannerFlags(cmd, &o.planner, &o.model)
	return cmd
}

// evalView is the sheet and how long a sentence took.
type evalView struct {
	Schema int `json:"schema"`
	score.Sheet
	P50Micros int64 `json:"p50_micros"`
	P99Micros int64 `json:"p99_micros"`
}

func runEval(ctx context.Context, a *app, o evalOptions) error {
	in, err := openInput(a, o.file)
	if err != nil {
		return err
	}
	defer in.Close()
	labels, err := score.Labels(in)
	if err != nil {
		return refusal.New(refusal.Usage, "%s is no labelled file", o.file).Because(err)
	}
	if len(labels) == 0 {
		return refusal.New(refusal.Usage, "%s holds no sentence", o.file)
	}
	p, done, err := a.planner(ctx, o.planner, o.model)
	if err != nil {
		return err
	}
	defer done()
	v, err := a.measure(ctx, p, labels)
	if err != nil {
		return err
	}
	if a.json {
		return json.NewEncoder(a.streams.Out).Encode(v)
	}
	return a.printEval(v)
}

// measure reads every sentence. On a terminal it says how far it is.
func (a *app) measure(ctx context.Context, p *planner, labels []score.Label) (evalView, error) {
	reports := make([]intents.Report, len(labels))
	micros := make([]int64, len(labels))
	for i, l := range labels {
		if err := ctx.Err(); err != nil {
			return evalView{}, err
		}
		reports[i], _ = p.report(ctx, l.Text) // a refusal is an outcome like any other
		reports[i].ID, micros[i] = l.ID, reports[i].Micros
		if a.streams.Interactive() {
			fmt.Fprintf(a.streams.Err, "\r%d of %d", i+1, len(labels))
		}
	}
	if a.streams.Interactive() {
		fmt.Fprintln(a.streams.Err)
	}
	slices.Sort(micros)
	return evalView{
		Schema: 1, Sheet: score.Score(labels, reports),
		P50Micros: micros[len(micros)/2], P99Micros: micros[len(micros)*99/100],
	}, nil
}

func (a *app) printEval(v evalView) error {
	if _, err := v.WriteTo(a.streams.Out); err != nil {
		return err
	}
	fmt.Fprintf(a.streams.Out, "p50 %d us, p99 %d us\n", v.P50Micros, v.P99Micros)
	for _, m := range v.Misses {
		kind := "miss"
		if m.Wrong {
			kind = "WRONG"
		}
		fmt.Fprintf(a.streams.Out, "%-5s  %s  %s\n", kind, m.ID, m.Why)
	}
	return nil
}
