package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker"
	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

type planOptions struct {
	text    string
	batch   string
	planner string
	model   string
	explain bool
}

func newPlanCmd(a *app) *cobra.Command {
	var o planOptions
	cmd := &cobra.Command{
		Use:   "plan [SENTENCE]",
		Short: "Read a sentence and print the draft, the question or the refusal",
		Long: "Plan reads and checks, and goes no further: no network is asked and nothing is simulated. With --batch it reads lines\n" +
			"of JSON with id and text, and writes one line each.",
		Example: "  keymaker plan \"swap 100 USDC to ETH on base\" --json\n  keymaker plan --batch sentences.jsonl --json --planner ollama --model qwen3:4b",
		RunE: func(cmd *cobra.Command, args []string) error {
			o.text = strings.Join(args, " ")
			if (o.text == "") == (o.batch == "") {
				return refusal.New(refusal.Usage, "give a sentence, or a file with --batch")
			}
			return runPlan(cmd.Context(), a, o)
		},
	}
	cmd.Flags().StringVar(&o.batch, "batch", "", "file of JSON lines with id and text; - is standard input")
	addPlannerFlags(cmd, &o.planner, &o.model)
	cmd.Flags().BoolVar(&o.explain, "explain", false, "show the spans and the words that led to the draft")
	return cmd
}

func addPlannerFlags(cmd *cobra.Command, planner, model *string) {
	cmd.Flags().StringVar(planner, "planner", "", "grammar, own, ollama or all: who drafts (default all: the grammar and the own planner, then the model)")
	cmd.Flags().StringVar(model, "model", "", "model of Ollama")
}

func runPlan(ctx context.Context, a *app, o planOptions) error {
	p, done, err := a.planner(ctx, o.planner, o.model)
	if err != nil {
		return err
	}
	defer done()
	if o.batch != "" {
		return planBatch(ctx, a, p, o.batch)
	}
	u, r, err := p.report(ctx, o.text)
	if a.json {
		if printed := json.NewEncoder(a.streams.Out).Encode(explained(u, r, o.explain)); printed != nil {
			return printed
		}
		return shown(err)
	}
	if err == nil {
		printUnderstanding(a.streams.Out, u)
	}
	if o.explain && u != nil {
		printViews(a.streams.Out, u)
	}
	return err
}

// planner reads sentences as the flags of a command say.
type planner struct {
	understand func(ctx context.Context, text string) (*agent.Understanding, error)
}

func (a *app) planner(ctx context.Context, name, model string) (*planner, func(), error) {
	k, err := a.open(modelOptions{name: model})
	if err != nil {
		return nil, nil, err
	}
	p, err := plannerOf(ctx, k.Agent, name)
	if err != nil {
		return nil, nil, errors.Join(err, k.Close())
	}
	return p, func() { _ = k.Close() }, nil
}

// report reads one sentence and says what came of it and how long it took. The error is the refusal, which the report names.
func (p *planner) report(ctx context.Context, text string) (*agent.Understanding, intents.Report, error) {
	started := time.Now()
	u, err := p.understand(ctx, text)
	took := time.Since(started).Microseconds()
	if err != nil {
		r := intents.Refused(err)
		r.Micros = took
		return u, r, err
	}
	r := u.Report()
	r.Micros = took
	return u, r, nil
}

// explanation is a report with what led to it.
type explanation struct {
	intents.Report
	Spans   []intents.Span `json:"spans,omitempty"`
	Marks   []string       `json:"marks,omitempty"`
	Views   []view         `json:"views,omitempty"`
	Because string         `json:"because,omitempty"` // why it was asked
}

// view is what one planner made of the sentence.
type view struct {
	Planner string        `json:"planner"`
	Says    string        `json:"says"`
	Draft   intents.Draft `json:"draft"`
}

func explained(u *agent.Understanding, r intents.Report, explain bool) explanation {
	e := explanation{Report: r}
	if !explain || u == nil {
		return e
	}
	e.Spans, e.Marks = u.Reading.Spans, u.Reading.Marks
	for _, v := range u.Views {
		e.Views = append(e.Views, view{v.Planner, viewed(u.Reading, v), v.Draft})
	}
	if u.Question != nil {
		e.Because = askedFor(u.Question.Missing)
	}
	return e
}

type batchLine struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// maxLine bounds a line of a batch, in bytes.
const maxLine = 1 << 20

func planBatch(ctx context.Context, a *app, p *planner, path string) error {
	in, err := openInput(a, path)
	if err != nil {
		return err
	}
	defer in.Close()
	out := bufio.NewWriter(a.streams.Out)
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		if err := ctx.Err(); err != nil {
			return errors.Join(err, out.Flush())
		}
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var l batchLine
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return errors.Join(refusal.New(refusal.Usage, "line %d of %s is no JSON object with id and text", n, path).Because(err), out.Flush())
		}
		_, r, _ := p.report(ctx, l.Text) // a refusal is a line like any other
		r.ID = l.ID
		if err := json.NewEncoder(out).Encode(r); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return errors.Join(refusal.New(refusal.Usage, "can't read %s", path).Because(err), out.Flush())
	}
	return out.Flush()
}

func openInput(a *app, path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(a.streams.In), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, refusal.New(refusal.Usage, "can't read %s", path).Because(err)
	}
	return f, nil
}

func printUnderstanding(w io.Writer, u *agent.Understanding) {
	switch {
	case !u.Draft.Wants():
		fmt.Fprintln(w, "nothing is asked for")
	case u.Question != nil:
		fmt.Fprintf(w, "question: %s\n", u.Question.Text)
	default:
		fmt.Fprintf(w, "draft: %s\n", agent.Describe(u.Reading, u.Draft))
	}
}

// printViews shows the spans, what each planner made of them, and why it was asked.
func printViews(w io.Writer, u *agent.Understanding) {
	for _, s := range u.Reading.Spans {
		fmt.Fprintf(w, "  %-4s %-9s %q at %d-%d\n", s.ID, s.Kind, s.Text, s.Start, s.End)
	}
	for _, mark := range u.Reading.Marks {
		fmt.Fprintf(w, "  marked %s\n", mark)
	}
	for _, v := range u.Views {
		fmt.Fprintf(w, "  %s %s\n", v.Planner, viewed(u.Reading, v))
		if len(v.Draft.Why) > 0 {
			fmt.Fprintf(w, "    because of %s\n", strings.Join(v.Draft.Why, " "))
		}
	}
	if u.Question != nil {
		fmt.Fprintf(w, "  asked because %s\n", askedFor(u.Question.Missing))
	}
}

// viewed says in words what a planner made of a sentence.
func viewed(r *intents.Reading, v agent.View) string {
	e, refused := refusal.As(v.Err)
	switch {
	case refused:
		return "refuses: " + string(e.Reason) + ", " + e.Detail
	case len(v.Draft.Missing) > 0:
		return "asks: " + strings.Join(v.Draft.Missing, ", ")
	case len(v.Draft.Steps) == 0:
		return "does not cover it"
	case v.Draft.Unsure:
		return "reads, and is not sure: " + agent.Describe(r, v.Draft)
	}
	return "reads: " + agent.Describe(r, v.Draft)
}

func askedFor(missing []string) string {
	switch missing[0] {
	case agent.Confirm:
		return "only one planner reads it so, and is not sure enough to be believed alone"
	case agent.Choice:
		return "two planners read it differently"
	}
	return "this is missing or unclear: " + strings.Join(missing, ", ")
}

// plannerOf picks the planner: grammar alone, the model with the grammar as its check, or both in order.
func plannerOf(ctx context.Context, k *keymaker.Agent, name string) (*planner, error) {
	switch name {
	case "grammar":
		return &planner{k.Grammar().Understand}, nil
	case "own":
		u, p := k.Grammar(), k.Own()
		return &planner{func(ctx context.Context, text string) (*agent.Understanding, error) { return u.Solo(ctx, text, p) }}, nil
	case "ollama":
		m, err := k.Model(ctx)
		if err != nil {
			return nil, err
		}
		u := k.Grammar()
		return &planner{func(ctx context.Context, text string) (*agent.Understanding, error) {
			return u.UnderstandBy(ctx, text, m)
		}}, nil
	case "", "all":
		return &planner{k.Understander().Understand}, nil
	}
	return nil, refusal.New(refusal.Usage, "there is no planner %q", name).WithHint("use grammar, own, ollama or all")
}
