package keymaker_test

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/wallet"
)

var update = flag.Bool("update", false, "draw the state machines of docs/architecture.md anew")

// The pictures of the documentation are drawn from the tables that the program runs on.
func TestDocumentsDrawTheStateMachinesAsTheyAre(t *testing.T) {
	const path = "docs/architecture.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	drawn := string(text)
	for mark, picture := range map[string]string{
		"transactions": wallet.Transactions.Mermaid(wallet.Reserved),
		"steps":        agent.Steps.Mermaid(agent.StepProposed),
	} {
		drawn = replace(t, drawn, mark, "```mermaid\n"+picture+"```")
	}
	if *update {
		if err := os.WriteFile(path, []byte(drawn), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if drawn != string(text) && !*update {
		t.Errorf("%s does not draw what the tables say; run: go test . -run Documents -update", path)
	}
}

func TestEveryStateMachineEnds(t *testing.T) {
	if stuck := wallet.Transactions.Stuck(); len(stuck) > 0 {
		t.Errorf("transactions are stuck in %v", stuck)
	}
	if stuck := agent.Steps.Stuck(); len(stuck) > 0 {
		t.Errorf("steps are stuck in %v", stuck)
	}
	if lost := wallet.Transactions.Unreachable(wallet.Reserved); len(lost) > 0 {
		t.Errorf("no transaction gets to %v", lost)
	}
	if lost := agent.Steps.Unreachable(agent.StepProposed); len(lost) > 0 {
		t.Errorf("no step gets to %v", lost)
	}
}

func replace(t *testing.T, text, mark, with string) string {
	t.Helper()
	between := regexp.MustCompile(`(?s)<!-- ` + mark + ` -->\n.*?<!-- end -->`)
	if !between.MatchString(text) {
		t.Fatalf("there is no mark %s", mark)
	}
	return between.ReplaceAllString(text, strings.ReplaceAll("<!-- "+mark+" -->\n"+with+"\n<!-- end -->", "$", "$$"))
}
