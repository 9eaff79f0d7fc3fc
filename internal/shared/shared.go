// Package shared finds measuring data that lives beside the repository and is no part of it.
//
// The data may be absent: then a test runs on a small sample of its own instead, and says so in what it prints. It is never needed to
// build, and no test skips for want of it. Its sentences measure; they are never copied into code, rules or prompts. The suites of
// internal/conformance can each be pointed at a folder of their own, too: see the variables there.
package shared

import (
	"os"
	"path/filepath"
	"testing"
)

// Variable names the environment variable that overrides where the data is looked for.
const Variable = "KEYMAKER_SHARED"

// Dir returns the folder of the shared data, and whether there is one: $KEYMAKER_SHARED, or the folder named shared beside the
// root of the repository.
func Dir(t testing.TB) (string, bool) {
	t.Helper()
	if dir := os.Getenv(Variable); dir != "" {
		if !isDir(dir) {
			t.Fatalf("%s is %q, which is no folder", Variable, dir)
		}
		return dir, true
	}
	at, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; at != filepath.Dir(at); at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			dir := filepath.Join(filepath.Dir(at), "shared")
			return dir, isDir(dir)
		}
	}
	return "", false
}

func isDir(path string) bool {
	s, err := os.Stat(path)
	return err == nil && s.IsDir()
}
