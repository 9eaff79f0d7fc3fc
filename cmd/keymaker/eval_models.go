package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/agent/ollama"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/intents/score"
	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/internal/config"
	"github.com/keymaker-agent/keymaker/refusal"
)

// contenders are the models that are to be measured: those that were named, or every one that runs on this machine.
func (a *app) contenders(ctx context.Context, o evalOptions) ([]string, error) {
	switch {
	case o.every == "" && len(o.models) < 2:
		return o.models, nil
	case o.planner != "" && o.planner != "ollama":
		return nil, refusal.New(refusal.Usage, "models are compared with --planner ollama, not %s", o.planner)
	case o.every == "":
		return o.models, nil
	case o.every != "all" || len(o.models) > 0:
		return nil, refusal.New(refusal.Usage, "use --models all, or name each model with --model")
	}
	paths, err := a.paths()
	if err != nil {
		return nil, err
	}
	c, err := config.Load(config.Sources{UserFile: paths.ConfigFile, ProjectFile: config.ProjectFile, Env: os.Environ(), Flags: a.overrides()})
	if err != nil {
		return nil, err
	}
	status, err := ollama.Inspect(ctx, ollama.Options{URL: c.Model.URL, AllowRemote: c.Model.AllowRemote})
	if err != nil {
		return nil, err
	}
	var names []string
	for _, m := range status.Models {
		if !m.Remote {
			names = append(names, m.Name)
		}
	}
	if len(names) == 0 {
		return nil, refusal.New(refusal.ModelFailed, "%s has no model", status.URL).WithHint("get one with: ollama pull qwen3:4b")
	}
	return names, nil
}

// modelView is what one model is worth. The sheet is that of Keymaker with this model: what the grammar does not read the same is
// asked about. Alone is that of the model with nothing behind it but the check of its draft.
type modelView struct {
	Model  string     `json:"model"`
	Digest string     `json:"digest,omitempty"`
	Failed *cli.Fault `json:"failed,omitempty"` // it could not be opened, and nothing was measured
	*evalView
	Alone *score.Tally `json:"alone,omitempty"`
}

// comparison is the outcome of several models, and the one to take; none where a measurement was stopped or no model reads anything.
type comparison struct {
	Schema      int         `json:"schema"`
	Models      []modelView `json:"models"`
	Recommended string      `json:"recommended,omitempty"`
	Because     string      `json:"because,omitempty"`
}

func runCompare(ctx context.Context, a *app, models []string, labels []score.Label, taught *taughtLines) error {
	all := comparison{Schema: 1}
	var stopped error
	for i, name := range models {
		v, err := a.contend(ctx, fmt.Sprintf("%d of %d models, %s: ", i+1, len(models), name), name, labels)
		if refusal.Is(err, refusal.Interrupted) {
			stopped = err
			break
		}
		if err != nil {
			fault := cli.Explain(err)
			v.Failed = &fault
		} else {
			v.Traces = taught.traces(labels, v.Misses)
		}
		all.Models = append(all.Models, v)
	}
	if stopped == nil {
		all.recommend()
	}
	if a.json {
		return errors.Join(stopped, json.NewEncoder(a.streams.Out).Encode(all))
	}
	a.printComparison(all)
	return stopped
}

// contend measures one model. The error says why there was nothing to measure.
func (a *app) contend(ctx context.Context, who, name string, labels []score.Label) (modelView, error) {
	v := modelView{Model: name}
	k, err := a.open(modelOptions{name: name})
	if err != nil {
		return v, err
	}
	defer k.Close()
	m, err := k.Model(ctx)
	if err != nil {
		return v, err
	}
	if pinned, ok := m.(agent.Pinned); ok {
		v.Digest = pinned.Digest()
	}
	u, said := k.Grammar(), &overheard{Planner: m}
	var alone []intents.Report
	sheet, err := a.measure(ctx, who, labels, func(ctx context.Context, l score.Label) intents.Report {
		*said = overheard{Planner: m}
		r := reported(ctx, l, func(ctx context.Context, text string) (*agent.Understanding, error) {
			return u.UnderstandBy(ctx, text, said)
		})
		alone = append(alone, said.report(r))
		return r
	})
	if err != nil {
		return v, err
	}
	v.evalView = &sheet
	tally := score.Score(labels, alone).Total()
	v.Alone = &tally
	return v, nil
}

// overheard is a planner whose last draft is remembered.
type overheard struct {
	agent.Planner
	reading *intents.Reading
	draft   intents.Draft
	err     error
}

func (o *overheard) Plan(ctx context.Context, r *intents.Reading) (intents.Draft, error) {
	o.reading = r
	o.draft, o.err = o.Planner.Plan(ctx, r)
	return o.draft, o.err
}

// report is what would have come of the draft with nothing behind it but its check. A sentence that never got to the planner is reported
// as it was.
func (o *overheard) report(used intents.Report) intents.Report {
	r := used
	switch {
	case o.reading == nil:
		return used
	case o.err != nil:
		r = intents.Refused(o.err)
	case o.draft.Unsure:
		r = intents.Report{Outcome: intents.Asked, Missing: []string{agent.Confirm}}
	default:
		r = intents.Judge(o.reading, o.draft)
	}
	r.ID = used.ID
	return r
}

// recommend takes the model with the fewest wrong drafts; of those the one with the most exact readings; of those the fastest.
func (c *comparison) recommend() {
	var best *modelView
	for i := range c.Models {
		m := &c.Models[i]
		if m.Failed == nil && m.Alone.Exact > 0 && (best == nil || m.before(best)) {
			best = m
		}
	}
	if best == nil {
		return
	}
	t := best.Total()
	c.Recommended = best.Model
	c.Because = fmt.Sprintf("alone it drafts %d of %d sentences wrongly and %d exactly, and takes %s for one (p50)",
		best.Alone.Wrong, t.N, best.Alone.Exact, millis(best.P50Micros))
	if t.Wrong > 0 {
		c.Because += fmt.Sprintf("; but %d wrong drafts got past every check: report them, and don't use it", t.Wrong)
	}
}

func (m *modelView) before(other *modelView) bool {
	for _, pair := range [][2]int{
		{m.Total().Wrong, other.Total().Wrong},
		{m.Alone.Wrong, other.Alone.Wrong},
		{other.Alone.Exact, m.Alone.Exact},
		{int(m.P50Micros), int(other.P50Micros)},
	} {
		if pair[0] != pair[1] {
			return pair[0] < pair[1]
		}
	}
	return false
}

func millis(micros int64) string {
	return (time.Duration(micros) * time.Microsecond).Round(time.Millisecond / 10).String()
}

func (a *app) printComparison(c comparison) {
	w := a.streams.Out
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "model\tn\texact\tasked\twrong\talone: exact\tasked\twrong\tp50\tp95\t")
	for _, m := range c.Models {
		if m.Failed == nil {
			t := m.Total()
			fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%s\t\n", m.Model, t.N, t.Exact, t.Asked, t.Wrong,
				m.Alone.Exact, m.Alone.Asked, m.Alone.Wrong, millis(m.P50Micros), millis(m.P95Micros))
		}
	}
	_ = table.Flush() // writing to a terminal that is gone ends the program anyway
	for _, m := range c.Models {
		if m.Failed != nil {
			fmt.Fprintf(w, "%s was not measured: %s\n", m.Model, m.Failed.Detail)
			continue
		}
		if len(m.Misses) > 0 {
			fmt.Fprintf(w, "\n%s\n", m.Model)
			a.printMisses(*m.evalView)
		}
	}
	fmt.Fprintln(w, "\nBeside the grammar a model's order counts only once you say yes to it: the first three columns. Alone is what it would have\n"+
		"done with nothing behind it but the check of its draft.")
	if c.Recommended != "" {
		fmt.Fprintf(w, "Take %s: %s.\n", c.Recommended, c.Because)
	}
}
