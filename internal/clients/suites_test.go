package clients

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestACheckHasHeldOnlyIfTheScriptSaysSoOnce(t *testing.T) {
	s := suite{name: "script", checks: []string{"first", "second"}}
	for name, c := range map[string]struct {
		lines   []line
		faulty  []string
		strange int
	}{
		"both held":       {lines: []line{{"first", true, ""}, {"second", true, ""}}},
		"one failed":      {lines: []line{{"first", true, ""}, {"second", false, "no"}}, faulty: []string{"second"}},
		"one is missing":  {lines: []line{{"second", true, ""}}, faulty: []string{"first"}},
		"nothing came":    {faulty: []string{"first", "second"}},
		"one is unknown":  {lines: []line{{"first", true, ""}, {"second", true, ""}, {"third", true, ""}}, strange: 1},
		"one comes again": {lines: []line{{"first", false, "no"}, {"first", true, ""}, {"second", true, ""}}, faulty: []string{"first"}, strange: 1},
	} {
		t.Run(name, func(t *testing.T) {
			faults, strange := s.judge(c.lines)
			if len(faults) != len(c.faulty) || len(strange) != c.strange {
				t.Fatalf("judged %v and %v", faults, strange)
			}
			for _, name := range c.faulty {
				if faults[name] == "" {
					t.Errorf("%s is not found faulty", name)
				}
			}
		})
	}
}

// A check that holds against a server that does nothing would say nothing about any other.
func TestNoCheckHoldsAgainstAServerThatRefusesEverything(t *testing.T) {
	installed, err := Fetch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no such method"}}`))
	}))
	defer refusing.Close()
	target := Target{ChainID: 1, HTTP: refusing.URL, Key: strings.Repeat("1", 64)}
	for _, s := range suites {
		if !s.needs(target) {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			lines, _ := execute(t, installed, s.name, target, time.Second) // that it ends early is right here
			if len(lines) == 0 {
				t.Fatal("no check was reported")
			}
			if faults, _ := s.judge(lines); len(faults) != len(s.checks) {
				t.Errorf("only %d of %d checks failed: %v", len(faults), len(s.checks), faults)
			}
		})
	}
}

func TestTheLockFilePinsEveryPackageByItsHashAndNamesNoHost(t *testing.T) {
	if err := list().Pinned(); err != nil {
		t.Error(err)
	}
}
