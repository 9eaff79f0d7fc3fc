package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/intents/score"
	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/refusal"
)

// command runs the program as a script would, in a home of its own.
func command(t *testing.T, args ...string) (code int, out, err string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	streams := &cli.Streams{In: strings.NewReader(""), Out: &stdout, Err: &stderr, NoInput: true}
	code = run(append([]string{"--home", t.TempDir()}, args...), streams, nil)
	return code, stdout.String(), stderr.String()
}

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const labelled = `{"id":"one","text":"swap 10 usdc to eth","tier":"core","expect":{"action":"swap","amount":"10","token_in":"USDC","token_out":"ETH","amount_side":"in"}}
{"id":"two","text":"good morning","tier":"none","expect":{"action":"none"}}
{"id":"three","text":"swap 9 usdc to dai","tier":"core","expect":{"action":"none"}}
`

func TestEvalListsEveryMissAndWhatWasTaughtNearIt(t *testing.T) {
	set := file(t, "set.jsonl", labelled)
	taught := file(t, "trade.jsonl", `{"say":"swap [a 5] [i dai] to [o weth]","do":"swap"}
{"say":"how are you","do":"none"}
{"say":"send [a 5] [i dai] to [r vitalik.eth]","do":"transfer"}
{"say":"swap [a 5] [i dai] to [o weth] on [c base]","do":"swap"}
{"say":"a line that [a nobody] can read","do":"swap"}
`)
	code, out, err := command(t, "eval", set, "--planner", "grammar", "--trace", filepath.Dir(taught))
	if code != 0 {
		t.Fatal(code, err)
	}
	if !strings.Contains(out, "WRONG  three") || strings.Contains(out, "WRONG  one") || !strings.Contains(out, "p95") {
		t.Errorf("out:\n%s", out)
	}
	if !strings.Contains(out, "100%  "+taught+":1  swap [a 5] [i dai] to [o weth]  = swap") || strings.Contains(out, ":5") {
		t.Errorf("the nearest line is not named:\n%s", out)
	}

	code, out, err = command(t, "eval", set, "--planner", "grammar", "--trace", filepath.Dir(taught), "--json")
	var v evalView
	if code != 0 || json.Unmarshal([]byte(out), &v) != nil {
		t.Fatal(code, err, out)
	}
	if v.Schema != 1 || len(v.Misses) != 1 || len(v.Traces) != 1 || len(v.Traces[0].Nearest) != perMiss || v.Traces[0].Nearest[0].Percent != 100 {
		t.Errorf("%+v", v)
	}
}

func TestEvalNamesWhatItCantDo(t *testing.T) {
	set := file(t, "set.jsonl", labelled)
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"no such file":         {[]string{"eval", "nowhere.jsonl"}, "nowhere.jsonl"},
		"no labels":            {[]string{"eval", file(t, "x", "hello\n")}, "no labelled file"},
		"nothing in it":        {[]string{"eval", file(t, "x", "\n")}, "holds no sentence"},
		"no corpus":            {[]string{"eval", set, "--trace", t.TempDir()}, "no marked sentences"},
		"a broken corpus":      {[]string{"eval", set, "--trace", filepath.Dir(file(t, "x.jsonl", "{"))}, "no file of marked sentences"},
		"models and a grammar": {[]string{"eval", set, "--planner", "grammar", "--model", "a", "--model", "b"}, "--planner ollama"},
		"some models":          {[]string{"eval", set, "--models", "some"}, "--models all"},
		"all models and one":   {[]string{"eval", set, "--models", "all", "--model", "a"}, "--models all"},
		"no such planner":      {[]string{"eval", set, "--planner", "oracle"}, "oracle"},
	} {
		code, out, err := command(t, c.args...)
		if code == 0 || out != "" || !strings.Contains(err, c.says) {
			t.Errorf("%s: code %d, %q, %q", name, code, out, err)
		}
	}
}

func TestTheSafestModelIsRecommended(t *testing.T) {
	model := func(name string, used, wrong, exact int, micros int64) modelView {
		sheet := score.Sheet{Tallies: []score.Tally{{Tier: score.Total, N: 100, Wrong: used}}}
		return modelView{Model: name, evalView: &evalView{Sheet: sheet, P50Micros: micros}, Alone: &score.Tally{Wrong: wrong, Exact: exact}}
	}
	failed := modelView{Model: "failed", Failed: &cli.Fault{}}
	for _, c := range []struct {
		why  string
		all  []modelView
		want string
	}{
		{"safer, though it reads less", []modelView{model("a", 0, 3, 90, 1), model("b", 0, 1, 40, 9)}, "b"},
		{"as safe, and reads more", []modelView{model("a", 0, 1, 40, 1), model("b", 0, 1, 90, 9)}, "b"},
		{"as good, and faster", []modelView{model("a", 0, 1, 90, 9), model("b", 0, 1, 90, 1)}, "b"},
		{"what gets past the checks weighs most", []modelView{model("a", 1, 1, 90, 9), model("b", 0, 9, 9, 9)}, "b"},
		{"one that reads nothing is none", []modelView{model("a", 0, 0, 0, 1), failed, model("b", 0, 9, 9, 9)}, "b"},
		{"none", []modelView{model("a", 0, 0, 0, 1), failed}, ""},
	} {
		all := comparison{Models: c.all}
		all.recommend()
		if all.Recommended != c.want {
			t.Errorf("%s: %q is recommended: %s", c.why, all.Recommended, all.Because)
		}
	}
}

func TestAStoppedMeasurementKeepsNothing(t *testing.T) {
	a := &app{streams: &cli.Streams{Out: io.Discard, Err: io.Discard}}
	ctx, stop := context.WithCancel(t.Context())
	read := 0
	_, err := a.measure(ctx, "", make([]score.Label, 5), func(context.Context, score.Label) intents.Report {
		if read++; read == 2 {
			stop()
		}
		return intents.Report{}
	})
	if !refusal.Is(err, refusal.Interrupted) || read != 2 {
		t.Errorf("%v after %d sentences", err, read)
	}
}
