package clients

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
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
	packages := regexp.MustCompile(`(?m)^    "node_modules/`).FindAll(lock, -1)
	hashes := regexp.MustCompile(`"integrity": "sha512-`).FindAll(lock, -1)
	if len(packages) == 0 || len(hashes) != len(packages) {
		t.Errorf("%d packages have %d hashes", len(packages), len(hashes))
	}
	if bytes.Contains(lock, []byte(`"resolved"`)) {
		t.Error("the lock file names hosts; delete it and run npm install --package-lock-only in this folder, with its .npmrc")
	}
	var pinned struct{ Dependencies, OptionalDependencies map[string]string }
	if err := json.Unmarshal(manifest, &pinned); err != nil {
		t.Fatal(err)
	}
	exact := regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+$`)
	maps.Copy(pinned.Dependencies, pinned.OptionalDependencies)
	for name, version := range pinned.Dependencies {
		if !exact.MatchString(version) {
			t.Errorf("%s is pinned to %q, want one exact version", name, version)
		}
	}
}
