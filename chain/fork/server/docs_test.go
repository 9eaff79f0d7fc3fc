package server

import (
	"os"
	"strings"
	"testing"
)

func TestTheDocsNameEveryMethod(t *testing.T) {
	text, err := os.ReadFile("../../../docs/dry-run.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range methods(new(Server)) {
		space, method, _ := strings.Cut(name, "_")
		if !strings.Contains(string(text), "`"+method+"`") && !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("docs/dry-run.md does not name %s_%s", space, method)
		}
	}
}
