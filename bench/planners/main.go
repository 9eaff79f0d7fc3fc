// Command planners measures ways to plan with a language model, each on the same sentences, models and prompts: through the tools
// API, as free JSON, held to a fixed schema, held to a schema whose words are the sentence's own ids, and with a draft before that.
// make bench-planners runs it.
//
// Every way shows the model the sentence with its spans replaced by ids, and every answer is read by package agent/model and checked
// by package intents, so that the ways differ in nothing but how the model is asked.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/tmc/langchaingo/llms"

	"github.com/keymaker-agent/keymaker/agent/model"
	"github.com/keymaker-agent/keymaker/agent/ollama"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/intents/score"
)

func main() {
	var o options
	flag.StringVar(&o.url, "url", ollama.DefaultURL, "where Ollama answers")
	flag.Func("model", "model to measure; say it again for more", func(name string) error { o.models = append(o.models, name); return nil })
	flag.IntVar(&o.limit, "limit", 60, "sentences that are drawn from the file")
	flag.Uint64Var(&o.seed, "seed", 1, "of the drawing")
	flag.BoolVar(&o.json, "json", false, "print JSON")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: planners [flags] FILE of labelled sentences")
		flag.PrintDefaults()
	}
	flag.Parse()
	o.file = flag.Arg(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := o.run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type options struct {
	url    string
	models []string
	limit  int
	seed   uint64
	json   bool
	file   string
}

func (o options) run(ctx context.Context, out io.Writer) error {
	if o.file == "" || len(o.models) == 0 || o.limit < 1 {
		return errors.New("name a file of labelled sentences, at least one -model, and a -limit of at least one")
	}
	labels, err := o.draw()
	if err != nil {
		return err
	}
	var rows []row
	for _, name := range o.models {
		for _, w := range ways {
			if err := ctx.Err(); err != nil {
				return err
			}
			fmt.Fprintf(os.Stderr, "%s, %s\n", name, w.name)
			heard, err := w.open(ctx, o.url, name)
			if err != nil {
				return err
			}
			rows = append(rows, measure(ctx, labels, w, name, heard))
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if o.json {
		return json.NewEncoder(out).Encode(map[string]any{"schema": 1, "sentences": len(labels), "seed": o.seed, "rows": rows})
	}
	return print(out, rows)
}

// draw takes sentences from the file, the same ones for the same seed.
func (o options) draw() ([]score.Label, error) {
	f, err := os.Open(o.file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all, err := score.Labels(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.file, err)
	}
	random := rand.New(rand.NewPCG(o.seed, 0))
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	if len(all) == 0 {
		return nil, fmt.Errorf("%s holds no sentence", o.file)
	}
	return all[:min(o.limit, len(all))], nil
}

// row is what one way is worth with one model. Action and Slots count sentences that have one full reading; the others count all.
type row struct {
	Model  string        `json:"model"`
	Way    string        `json:"way"`
	N      int           `json:"n"`
	Full   int           `json:"full"`
	Action int           `json:"action"` // every step's action is right
	Slots  int           `json:"slots"`  // and so is every slot
	Valid  int           `json:"valid"`  // the last answer was JSON
	Wrong  int           `json:"wrong"`  // an executable draft that is wrong and that the check let pass
	P50    time.Duration `json:"p50_ns"`
}

func measure(ctx context.Context, labels []score.Label, w way, name string, heard *listener) row {
	p := model.New(heard, name).With(w.options)
	got := row{Model: name, Way: w.name, N: len(labels)}
	lexicon := intents.DefaultLexicon()
	var took []time.Duration
	for _, l := range labels {
		if ctx.Err() != nil {
			return got
		}
		r := intents.Read(l.Text, lexicon)
		began := time.Now()
		d, err := p.Plan(ctx, r)
		took = append(took, time.Since(began))
		got.add(l, r, d, err)
		if json.Valid([]byte(heard.last)) {
			got.Valid++
		}
	}
	slices.Sort(took)
	got.P50 = took[len(took)/2]
	return got
}

func (w *row) add(l score.Label, r *intents.Reading, d intents.Draft, err error) {
	checked := intents.Judge(r, d)
	switch {
	case err != nil:
		checked = intents.Refused(err)
	case d.Unsure:
		checked = intents.Report{Outcome: intents.Asked}
	}
	checked.ID = l.ID
	w.Wrong += score.Score([]score.Label{l}, []intents.Report{checked}).Total().Wrong
	if l.Expect.Clarify || l.Expect.Adversarial {
		return
	}
	w.Full++
	if err != nil || len(d.Steps) == 0 {
		return
	}
	if !sameActions(l.Expect, d) {
		return
	}
	w.Action++
	unchecked := intents.ReportOf(r, d, nil)
	unchecked.ID = l.ID
	w.Slots += score.Score([]score.Label{l}, []intents.Report{unchecked}).Total().Exact
}

func sameActions(want score.Expectation, d intents.Draft) bool {
	if len(want.Steps) == 0 {
		return len(d.Steps) == 1 && (string(d.Steps[0].Action) == want.Action || slices.Contains(want.AcceptActions, string(d.Steps[0].Action)))
	}
	return slices.EqualFunc(want.Steps, d.Steps, func(w score.Expectation, s intents.Step) bool { return w.Action == string(s.Action) })
}

func print(out io.Writer, rows []row) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "model\tway\taction right\taction and slots right\tvalid JSON\twrong executable draft\tp50")
	for _, r := range rows {
		fmt.Fprintf(table, "%s\t%s\t%d of %d\t%d of %d\t%d of %d\t%d of %d\t%s\n", r.Model, r.Way,
			r.Action, r.Full, r.Slots, r.Full, r.Valid, r.N, r.Wrong, r.N, r.P50.Round(100*time.Microsecond))
	}
	return table.Flush()
}

// listener is a model whose last answer is remembered.
type listener struct {
	llms.Model
	last string
}

func (l *listener) GenerateContent(ctx context.Context, messages []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	l.last = ""
	answer, err := l.Model.GenerateContent(ctx, messages, options...)
	if err == nil && len(answer.Choices) == 1 {
		l.last = strings.TrimSpace(answer.Choices[0].Content)
	}
	return answer, err
}
