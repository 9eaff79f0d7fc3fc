package reference

import (
	"bytes"
	"encoding/json"
	"regexp"
	"testing"
)

func TestTheLockFilePinsEveryPackageByItsHashAndNamesNoHost(t *testing.T) {
	packages := regexp.MustCompile(`(?m)^    "node_modules/`).FindAll(lock, -1)
	hashes := regexp.MustCompile(`"integrity": "sha512-`).FindAll(lock, -1)
	if len(packages) == 0 || len(hashes) != len(packages) {
		t.Errorf("%d packages have %d hashes", len(packages), len(hashes))
	}
	if bytes.Contains(lock, []byte("://")) {
		t.Error("the lock file names hosts; write it again with npm install --package-lock-only in this folder, with its .npmrc, " +
			"and take what says who funds a package out of it")
	}
	var pinned struct{ Dependencies map[string]string }
	if err := json.Unmarshal(manifest, &pinned); err != nil {
		t.Fatal(err)
	}
	for name, version := range pinned.Dependencies {
		if !regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+$`).MatchString(version) {
			t.Errorf("%s is pinned to %q, want one exact version", name, version)
		}
	}
}
