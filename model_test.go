package keymaker_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/keymaker-agent/keymaker"
	"github.com/keymaker-agent/keymaker/agent/ollama/ollamatest"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/intents/score"
	"github.com/keymaker-agent/keymaker/internal/shared"
)

// sentences is how many of a labelled file go through the model: a small one on two cores takes a second or two for each.
const sentences = 60

// A small untuned model reads most sentences wrongly. That is the point: whatever it answers, nothing that would move money
// comes out unless the grammar read the same.
func TestASmallModelNeverDraftsAWrongOrder(t *testing.T) {
	url, name := ollamatest.Start(t)
	a, err := keymaker.Open(keymaker.Options{Home: t.TempDir(), Config: map[string]any{"model.url": url, "model.name": name}})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx := context.Background()
	model, err := a.Model(ctx)
	if err != nil {
		t.Fatal(err)
	}
	labels := labelled(t)
	reports := make([]intents.Report, len(labels))
	u := a.Grammar()
	for i, l := range labels {
		got, err := u.UnderstandBy(ctx, l.Text, model)
		if err != nil {
			reports[i] = intents.Refused(err)
		} else {
			reports[i] = got.Report()
		}
		reports[i].ID = l.ID
	}
	sheet := score.Score(labels, reports)
	total := sheet.Total()
	t.Logf("%d sentences: %d exact, %d asked instead, %d wrong", total.N, total.Exact, total.Asked, total.Wrong)
	for _, m := range sheet.Misses {
		if m.Wrong {
			t.Errorf("%s: a wrong order: %s", m.ID, m.Why)
		}
	}
}

// labelled takes sentences evenly from the shared file, or all of our own where it is not there.
func labelled(t *testing.T) []score.Label {
	t.Helper()
	path := "intents/testdata/sentences.jsonl"
	if dir, ok := shared.Dir(t); ok {
		path = filepath.Join(dir, "intents", "dev.jsonl")
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := score.Labels(f)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) <= sentences {
		return all
	}
	some := make([]score.Label, sentences)
	for i := range some {
		some[i] = all[i*len(all)/sentences]
	}
	return some
}
