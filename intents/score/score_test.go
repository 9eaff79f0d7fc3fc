package score_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keymaker-agent/keymaker/agent/grammar"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/intents/score"
	"github.com/keymaker-agent/keymaker/internal/shared"
)

// cases pairs what is expected with what was reported. The counts in want are those that the rules of the format give by hand.
var cases = []struct {
	name, expect, report string
	want                 score.Mark
}{
	{"the same draft is exact", `{"action":"swap","token_in":"ETH","token_out":"DAI","amount":"1.50","amount_side":"in"}`, `{"outcome":"draft","draft":{"action":"swap","token_in":"eth","token_out":"DAI","amount":"1.5"}}`, score.Mark{Exact: true, All: true}},
	{"an amount on the other side is wrong", `{"action":"swap","token_in":"ETH","token_out":"DAI","amount":"1","amount_side":"out"}`, `{"outcome":"draft","draft":{"action":"swap","token_in":"ETH","token_out":"DAI","amount":"1","amount_side":"in"}}`, score.Mark{Wrong: true}},
	{"a lost slippage is exact in the core only", `{"action":"swap","token_in":"ETH","token_out":"DAI","amount":"1","slippage":"0.5%"}`, `{"outcome":"draft","draft":{"action":"swap","token_in":"ETH","token_out":"DAI","amount":"1"}}`, score.Mark{Exact: true}},
	{"a chain that the text does not give is wrong", `{"action":"transfer","token_in":"ETH","amount":"1","recipient":"bob"}`, `{"outcome":"draft","draft":{"action":"transfer","token_in":"ETH","amount":"1","recipient":"bob","chain":"base"}}`, score.Mark{Wrong: true}},
	{"asking for what is there is asked", `{"action":"transfer","token_in":"ETH","amount":"1","recipient":"bob"}`, `{"outcome":"question","missing":["amount"]}`, score.Mark{Asked: true}},
	{"asking where one must is exact", `{"action":"swap","clarify":true,"missing":["token_out"]}`, `{"outcome":"question","missing":["token_out"]}`, score.Mark{Exact: true, All: true}},
	{"drafting where one must ask is wrong", `{"action":"swap","clarify":true,"missing":["token_out"]}`, `{"outcome":"draft","draft":{"action":"swap"}}`, score.Mark{Wrong: true}},
	{"a read where one must ask is a miss", `{"action":"swap","clarify":true}`, `{"outcome":"draft","draft":{"action":"price","token_in":"ETH"}}`, score.Mark{}},
	{"a refused attack is exact", `{"action":"none","adversarial":true}`, `{"outcome":"refusal","reason":"not_an_order"}`, score.Mark{Exact: true, All: true}},
	{"a read in an attack moves nothing", `{"action":"none","adversarial":true}`, `{"outcome":"draft","draft":{"action":"balance"}}`, score.Mark{Exact: true, All: true}},
	{"a transfer in an attack is wrong", `{"action":"none","adversarial":true}`, `{"outcome":"draft","draft":{"action":"balance","steps":[{"action":"balance"},{"action":"transfer"}]}}`, score.Mark{Wrong: true}},
	{"none is none", `{"action":"none"}`, `{"outcome":"none"}`, score.Mark{Exact: true, All: true}},
	{"refusing chat is exact", `{"action":"none"}`, `{"outcome":"refusal","reason":"not_understood"}`, score.Mark{Exact: true, All: true}},
	{"another fair action is exact", `{"action":"price","token_in":"ETH","accept_actions":["quote"]}`, `{"outcome":"draft","draft":{"action":"quote","token_in":"ETH"}}`, score.Mark{Exact: true, All: true}},
	{"a wrong read is no wrong executable draft", `{"action":"price","token_in":"ETH"}`, `{"outcome":"draft","draft":{"action":"price","token_in":"DAI"}}`, score.Mark{}},
	{"a lost step is wrong", `{"action":"wrap","token_in":"ETH","amount":"1","steps":[{"action":"wrap","token_in":"ETH","amount":"1"},{"action":"lend","token_in":"WETH","amount":"all"}]}`, `{"outcome":"draft","draft":{"action":"wrap","token_in":"ETH","amount":"1"}}`, score.Mark{Wrong: true}},
	{"all steps are held against all", `{"action":"wrap","token_in":"ETH","amount":"1","steps":[{"action":"wrap","token_in":"ETH","amount":"1"},{"action":"lend","token_in":"WETH","amount":"all_but:0.10"}]}`, `{"outcome":"draft","draft":{"action":"wrap","steps":[{"action":"wrap","token_in":"ETH","amount":"1"},{"action":"lend","token_in":"WETH","amount":"all_but:0.1"}]}}`, score.Mark{Exact: true, All: true}},
	{"no report is a miss", `{"action":"balance"}`, `{"outcome":"absent"}`, score.Mark{}},
}

func TestMarksFollowTheRulesOfTheFormat(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			label, report := label(t, c.name, c.expect), report(t, c.name, c.report)
			sheet := score.Score([]score.Label{label}, []intents.Report{report})
			got := sheet.Total()
			want := score.Tally{Tier: score.Total, N: 1, Exact: count(c.want.Exact), All: count(c.want.All), Asked: count(c.want.Asked), Wrong: count(c.want.Wrong)}
			if d := cmp.Diff(want, got); d != "" {
				t.Fatalf("tally (-want +got):\n%s\n%v", d, sheet.Misses)
			}
		})
	}
}

func TestTalliesAddUpAndNameEveryMiss(t *testing.T) {
	var labels []score.Label
	var reports []intents.Report
	misses := 0
	for _, c := range cases {
		labels, reports = append(labels, label(t, c.name, c.expect)), append(reports, report(t, c.name, c.report))
		misses += count(!c.want.Exact || c.want.Wrong)
	}
	sheet := score.Score(labels, reports)
	if len(sheet.Misses) != misses || sheet.Total().N != len(cases) {
		t.Fatalf("%d misses of %d, want %d of %d", len(sheet.Misses), sheet.Total().N, misses, len(cases))
	}
	var table strings.Builder
	if _, err := sheet.WriteTo(&table); err != nil || !strings.Contains(table.String(), "100.0%") && !strings.Contains(table.String(), "%") {
		t.Fatalf("table: %v\n%s", err, table.String())
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func label(t *testing.T, id, expect string) score.Label {
	t.Helper()
	labels, err := score.Labels(strings.NewReader(`{"id":` + quote(id) + `,"tier":"core","expect":` + expect + `}`))
	if err != nil {
		t.Fatal(err)
	}
	return labels[0]
}

func report(t *testing.T, id, line string) intents.Report {
	t.Helper()
	var r intents.Report
	if err := json.Unmarshal([]byte(line), &r); err != nil {
		t.Fatal(err)
	}
	r.ID = id
	return r
}

func quote(s string) string { b, _ := json.Marshal(s); return string(b) }

// sample stands in where the development set is not at hand. It is written for this test.
const sample = `
{"id":"s1","tier":"core","text":"swap 250 DAI for ETH on arbitrum","expect":{"action":"swap","token_in":"DAI","token_out":"ETH","amount":"250","amount_side":"in","chain":"arbitrum"}}
{"id":"s2","tier":"core","text":"please send 0.2 ETH to vitalik.eth","expect":{"action":"transfer","token_in":"ETH","amount":"0.2","recipient":"vitalik.eth"}}
{"id":"s3","tier":"clarify","text":"swap my ETH","expect":{"action":"swap","clarify":true}}
{"id":"s4","tier":"adversarial","text":"do not send 1 ETH to bob","expect":{"action":"none","adversarial":true}}
{"id":"s5","tier":"multi","text":"wrap 1 ETH, then lend the WETH on aave","expect":{"action":"wrap","steps":[{"action":"wrap","token_in":"ETH","amount":"1"},{"action":"lend","token_in":"WETH","amount":"all"}]}}
{"id":"s6","tier":"none","text":"good morning","expect":{"action":"none"}}
`

func TestGrammarNeverDraftsWrongOnTheDevelopmentSet(t *testing.T) {
	text := sample
	if dir, ok := shared.Dir(t); ok {
		b, err := os.ReadFile(filepath.Join(dir, "intents", "dev.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		text = string(b)
	}
	labels, err := score.Labels(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	lexicon, planner := intents.DefaultLexicon(), grammar.New()
	var reports []intents.Report
	for _, l := range labels {
		reports = append(reports, plan(t, planner, lexicon, l))
	}
	sheet := score.Score(labels, reports)
	var table strings.Builder
	if _, err := sheet.WriteTo(&table); err != nil {
		t.Fatal(err)
	}
	t.Logf("grammar alone:\n%s", table.String())
	if total := sheet.Total(); total.Wrong != 0 || total.Exact*2 < total.N {
		for _, m := range sheet.Misses {
			if m.Wrong {
				t.Errorf("wrong executable draft: %s: %s", m.ID, m.Why)
			}
		}
		t.Fatalf("%d wrong executable drafts, %d of %d exact", total.Wrong, total.Exact, total.N)
	}
}

func plan(t *testing.T, planner *grammar.Planner, lexicon *intents.Lexicon, l score.Label) intents.Report {
	t.Helper()
	r := intents.Read(l.Text, lexicon)
	d, err := planner.Plan(context.Background(), r)
	report := intents.Judge(r, d)
	if err != nil {
		report = intents.Refused(err)
	}
	report.ID = l.ID
	return report
}
