package conformance

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

func TestAConversationIsRequestsWithTheirAnswers(t *testing.T) {
	const text = `// says something
// speconly: only so
>> {"id":1}
<< {"id":1,"result":2}
// more

>> {"id":2}
<< {"id":2,"result":3}
`
	c, err := parseConversation("eth_x/some", []byte(text))
	if err != nil || c.Method != "eth_x" || !c.SpecOnly || len(c.Exchanges) != 2 || string(c.Exchanges[1].Answer) != `{"id":2,"result":3}` {
		t.Fatalf("%+v %v", c, err)
	}
	late, err := parseConversation("eth_x/some", []byte(">> {}\n<< {}\n// speconly: too late\n"))
	if err != nil || late.SpecOnly {
		t.Fatalf("%+v %v", late, err)
	}
}

func TestABrokenConversationIsRefused(t *testing.T) {
	for _, c := range []struct{ raw, says string }{
		{"", "without its answer"},
		{">> {}\n", "without its answer"},
		{"<< {}\n", "out of turn"},
		{">> {}\n>> {}\n<< {}\n", "out of turn"},
		{">> {\n<< {}\n", "no JSON"},
		{">> {}\n<< \n", "no JSON"},
		{"hello\n", "neither"},
		{"-", "neither"},
	} {
		_, err := parseConversation("eth_x/some", []byte(c.raw))
		check(t, err, c.says, c.raw)
	}
}

func TestReplayComparesEachAnswerAndLeavesOutWhatItIsTold(t *testing.T) {
	dir := t.TempDir()
	for name, raw := range map[string]string{
		"eth_a/right.io":                 ">> {\"id\":1}\n<< {\"id\":1,\"result\":7}\n",
		"eth_a/wrong.io":                 ">> {\"id\":1}\n<< {\"id\":1,\"result\":8}\n",
		"eth_a/second.io":                ">> {\"id\":1}\n<< {\"id\":1,\"result\":7}\n>> {\"id\":2}\n<< {\"id\":2,\"result\":8}\n",
		"eth_a/known.io":                 ">> {\"id\":1}\n<< {\"id\":1,\"result\":9}\n",
		"eth_sendRawTransaction/send.io": ">> {\"id\":66}\n<< {}\n",
	} {
		writeFile(t, filepath.Join(dir, "tests", name), raw)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var request struct {
			ID int `json:"id"`
		}
		if err := json.Unmarshal(body, &request); err != nil || request.ID == 66 {
			t.Errorf("sent %s", body)
		}
		_ = json.NewEncoder(w).Encode(map[string]int{"id": request.ID, "result": 7})
	}))
	defer server.Close()
	t.Setenv(ExecutionAPIsVariable, dir)
	suite := OpenExecutionAPIs(t)
	suite.Exceptions = map[string]string{"eth_a/known": "known"}
	tally := suite.Replay(t.Context(), server.URL, Exact, NotOnAFork)
	if tally.Passed != 1 || len(tally.Failed) != 2 || len(tally.Excepted) != 1 || len(tally.Left) != 1 {
		t.Fatal(tally)
	}
	check(t, tally.Failed["eth_a/wrong"], "answer 1: .result is 7, want 8", "wrong")
	check(t, tally.Failed["eth_a/second"], "answer 2", "second")
	server.Close()
	if tally := suite.Replay(t.Context(), server.URL, Exact, All); tally.Passed != 0 || len(tally.Failed) != 4 {
		t.Errorf("a server that is gone: %s", tally)
	}
}

func TestAnAnswerThatIsNoJSONIsAFailure(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }))
	defer server.Close()
	c := &Conversation{Exchanges: []Exchange{{Request: json.RawMessage(`{}`), Answer: json.RawMessage(`{}`)}}}
	check(t, c.Replay(t.Context(), server.URL, Exact), "no JSON: <html>", "html")
}

func TestEachGroupThatAForkIsNotAskedHasAReason(t *testing.T) {
	seen := map[string]bool{}
	for _, g := range notOnAFork {
		if g.reason == "" || seen[g.reason] || len(g.methods) == 0 {
			t.Errorf("group %+v", g)
		}
		seen[g.reason] = true
		for _, m := range g.methods {
			if NotOnAFork(&Conversation{Method: m}) != g.reason {
				t.Errorf("%s is not left out", m)
			}
		}
	}
	if reason := NotOnAFork(&Conversation{Method: "eth_call"}); reason != "" {
		t.Errorf("eth_call is left out: %s", reason)
	}
	if OnlySimulate(&Conversation{Method: "eth_simulateV1"}) != "" || OnlySimulate(&Conversation{Method: "eth_call"}) == "" {
		t.Error("the selection of simulations selects otherwise")
	}
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
