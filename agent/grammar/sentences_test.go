package grammar_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/keymaker-agent/keymaker/agent/grammar"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/intents/score"
)

// sentences reads the own labelled file. Its labels were written from the meaning, before any planner read the sentences.
func sentences(t testing.TB) []score.Label {
	t.Helper()
	f, err := os.Open("../../intents/testdata/sentences.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	labels, err := score.Labels(f)
	if err != nil {
		t.Fatal(err)
	}
	return labels
}

// reported is what the grammar and the checker make of a sentence.
func reported(t testing.TB, text string) intents.Report {
	t.Helper()
	r := intents.Read(text, intents.DefaultLexicon())
	d, err := grammar.New().Plan(context.Background(), r)
	if err != nil {
		return intents.Refused(err)
	}
	return intents.Judge(r, d)
}

// The floors are what the grammar reaches, in percent, by tier: a change that loses readings says so here.
var floors = map[string]int{"adversarial": 100, "clarify": 100, "none": 100, "core": 95, "multi": 87, "ambiguous": 84}

func TestOwnSentencesAreReadRightOrAskedAbout(t *testing.T) {
	labels := sentences(t)
	reports, texts := make([]intents.Report, len(labels)), map[string]string{}
	for i, l := range labels {
		reports[i] = reported(t, l.Text)
		reports[i].ID, texts[l.ID] = l.ID, l.Text
	}
	sheet := score.Score(labels, reports)
	var table strings.Builder
	if _, err := sheet.WriteTo(&table); err != nil {
		t.Fatal(err)
	}
	t.Logf("grammar alone, %d own sentences:\n%s", len(labels), table.String())
	for _, tally := range sheet.Tallies {
		if 100*tally.Exact < floors[tally.Tier]*tally.N {
			t.Errorf("%s: %d of %d exact, %d %% are reached before", tally.Tier, tally.Exact, tally.N, floors[tally.Tier])
		}
	}
	for _, m := range sheet.Misses {
		t.Logf("%s  %q: %s", m.ID, texts[m.ID], m.Why)
		if m.Wrong {
			t.Errorf("wrong executable draft: %s %q: %s", m.ID, texts[m.ID], m.Why)
		}
	}
}
