package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ollama/ollama/api"

	"github.com/keymaker-agent/keymaker/agent/ollama/ollamatest"
	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/intents/score"
)

func TestAnExportOverwritesNothing(t *testing.T) {
	for name, c := range map[string]struct{ dir, says string }{
		"a file":         {file(t, "x", "text"), "can't make the folder"},
		"something else": {filepath.Dir(file(t, "Modelfile", "FROM another")), "something else"},
	} {
		code, out, err := command(t, "model", "export", c.dir)
		if code == 0 || out != "" || !strings.Contains(err, c.says) {
			t.Errorf("%s: code %d, %q, %q", name, code, out, err)
		}
	}
}

func TestAPathIsAWordOfAShell(t *testing.T) {
	for path, want := range map[string]string{"a/b-1.gguf": "a/b-1.gguf", "my models/x": "'my models/x'", "it's;rm": `'it'\''s;rm'`, "é": "'é'"} {
		if got := shellWord(path); got != want {
			t.Errorf("%s: %s", path, got)
		}
	}
}

// The exported planner goes into a real Ollama, and is measured there beside a model that knows nothing of wallets.
func TestAnExportedPlannerIsServedAndCompared(t *testing.T) {
	at, _ := ollamatest.Start(t)
	t.Setenv("KEYMAKER_MODEL_URL", at)
	dir := t.TempDir()
	for range 2 {
		if code, out, err := command(t, "model", "export", dir); code != 0 || !strings.Contains(out, "ollama create keymaker-planner -f "+dir+"/Modelfile\n") ||
			!strings.Contains(out, own.Digest()) {
			t.Fatal(code, out, err)
		}
	}
	create(t, at, dir)

	set := file(t, "set.jsonl", labelled)
	code, out, err := command(t, "eval", set, "--models", "all", "--json")
	var v struct {
		Schema int
		Models []struct {
			Model   string
			Tallies []score.Tally
			Alone   score.Tally
		}
		Recommended, Because string
	}
	if code != 0 || json.Unmarshal([]byte(out), &v) != nil || v.Schema != 1 || len(v.Models) != 2 {
		t.Fatal(code, out, err)
	}
	for _, m := range v.Models {
		total := m.Tallies[len(m.Tallies)-1]
		if total.N != 3 || total.Wrong > 1 { // the third label is wrong on purpose, and the grammar reads as the planner does
			t.Errorf("%+v", m)
		}
		if strings.HasPrefix(m.Model, own.ServedName) && m.Alone.Exact != 2 {
			t.Errorf("the served planner reads two of three: %+v", m.Alone)
		}
	}

	code, out, err = command(t, "eval", set, "--model", own.ServedName, "--model", "nobody/has-this")
	if code != 0 || !strings.Contains(out, "nobody/has-this was not measured") || !strings.Contains(out, "Take "+own.ServedName) || !strings.Contains(out, "WRONG  three") {
		t.Errorf("%d\n%s\n%s", code, out, err)
	}
}

// create does what the printed command does, from the files that were written.
func create(t *testing.T, at, dir string) {
	t.Helper()
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "Modelfile"))
	if err != nil || !strings.HasPrefix(string(text), "FROM ./planner.gguf\nTEMPLATE \"{{ .Prompt }}\"\n") {
		t.Fatalf("%s, %v", text, err)
	}
	weights, err := os.Open(filepath.Join(dir, "planner.gguf"))
	if err != nil {
		t.Fatal(err)
	}
	defer weights.Close()
	client := api.NewClient(u, http.DefaultClient)
	if err := client.CreateBlob(t.Context(), "sha256:"+own.Digest(), weights); err != nil {
		t.Fatal(err)
	}
	err = client.Create(t.Context(), &api.CreateRequest{
		Model: own.ServedName, Files: map[string]string{"planner.gguf": "sha256:" + own.Digest()}, Template: "{{ .Prompt }}", Parameters: map[string]any{"num_thread": 1},
	}, func(api.ProgressResponse) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
}
