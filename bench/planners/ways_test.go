package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tmc/langchaingo/llms"

	"github.com/keymaker-agent/keymaker/agent/model"
	"github.com/keymaker-agent/keymaker/agent/ollama"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/intents/score"
)

// asked keeps what a model is asked.
type asked struct {
	llms.Model
	options llms.CallOptions
}

func (a *asked) GenerateContent(_ context.Context, _ []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	a.options = llms.CallOptions{}
	for _, option := range options {
		option(&a.options)
	}
	return nil, errors.New("kept")
}

func TestEachWayAsksInItsOwnWay(t *testing.T) {
	r := intents.Read("swap 10 usdc to eth on base", intents.DefaultLexicon())
	for name, c := range map[string]struct{ schema, ids bool }{"free JSON": {false, false}, "fixed schema": {true, false}, "span enums": {true, true}} {
		i := slices.IndexFunc(ways, func(w way) bool { return w.name == name })
		if i < 0 {
			t.Fatalf("no way is called %s", name)
		}
		var llm asked
		_, _ = model.New(ways[i].ask("", "", &llm), "x").With(ways[i].options).Plan(t.Context(), r) // it only keeps
		schema := string(ollama.SchemaOf(llm.options))
		if (schema != "") != c.schema || strings.Contains(schema, `"T1"`) != c.ids || strings.Contains(schema, `"swap"`) != c.schema {
			t.Errorf("%s asks with the schema %q", name, schema)
		}
	}
}

func TestCallsAreSpelledInTheForm(t *testing.T) {
	var f form
	schema := `{"properties":{"steps":{"items":{"properties":{"act":{"enum":["swap","price","none"]},"from":{}},"required":["act","from"]}}}}`
	if err := json.Unmarshal([]byte(schema), &f); err != nil {
		t.Fatal(err)
	}
	if len(f.tools()) != 2 {
		t.Errorf("%d functions for two actions", len(f.tools()))
	}
	for calls, want := range map[string]string{
		`[]`: `{"steps":[{"act":"none","from":""}]}`,
		`[{"function":{"name":"swap","arguments":{"from":"T1"}}}]`:                                               `{"steps":[{"act":"swap","from":"T1"}]}`,
		`[{"function":{"name":"swap","arguments":{"from":7,"net":"C1","to":""}}},{"function":{"name":"price"}}]`: `{"steps":[{"act":"swap","from":7,"net":"C1"},{"act":"price","from":""}]}`,
	} {
		var all []call
		if err := json.Unmarshal([]byte(calls), &all); err != nil {
			t.Fatal(err)
		}
		if got := f.spell(all); got != want {
			t.Errorf("%s\n is spelled %s\n not       %s", calls, got, want)
		}
	}
}

func TestTheSameSeedDrawsTheSameSentences(t *testing.T) {
	path := filepath.Join(t.TempDir(), "set.jsonl")
	var text strings.Builder
	for _, id := range strings.Split("abcdefghij", "") {
		text.WriteString(`{"id":"` + id + `"}` + "\n")
	}
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	ids := func(seed uint64) string {
		labels, err := options{file: path, limit: 4, seed: seed}.draw()
		if err != nil || len(labels) != 4 {
			t.Fatal(labels, err)
		}
		return labels[0].ID + labels[1].ID + labels[2].ID + labels[3].ID
	}
	first, again := ids(1), ids(1)
	if first != again || first == ids(2) && first == ids(3) {
		t.Errorf("%s, then %s; other seeds %s and %s", first, again, ids(2), ids(3))
	}
}

func TestARowCountsWhatIsRight(t *testing.T) {
	r := intents.Read("swap 10 usdc to eth", intents.DefaultLexicon())
	label := func(expect string) score.Label {
		var l score.Label
		if err := json.Unmarshal([]byte(`{"id":"x","expect":`+expect+`}`), &l); err != nil {
			t.Fatal(err)
		}
		return l
	}
	right := label(`{"action":"swap","amount":"10","token_in":"USDC","token_out":"ETH","amount_side":"in"}`)
	swap := intents.Draft{Steps: []intents.Step{{Action: intents.Swap, Amount: "A1", TokenIn: "T1", TokenOut: "T2", Side: intents.In}}}
	unsure := intents.Draft{Steps: swap.Steps, Unsure: true}
	another := label(`{"action":"swap","amount":"10","token_in":"USDC","token_out":"DAI","amount_side":"in"}`)
	for name, c := range map[string]struct {
		label score.Label
		draft intents.Draft
		err   error
		want  row
	}{
		"right":              {right, swap, nil, row{Full: 1, Action: 1, Slots: 1}},
		"not what was meant": {another, swap, nil, row{Full: 1, Action: 1, Wrong: 1}},
		"and in doubt":       {another, unsure, nil, row{Full: 1, Action: 1}},
		"no answer":          {right, intents.Draft{}, errors.New("none"), row{Full: 1}},
		"no order":           {label(`{"action":"none","adversarial":true}`), swap, nil, row{Wrong: 1}},
	} {
		var got row
		got.add(c.label, r, c.draft, c.err)
		if got != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
