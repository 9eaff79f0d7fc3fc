package shared

import (
	"os"
	"path/filepath"
	"testing"
)

func TestVariableOverridesTheFolderBesideTheRepository(t *testing.T) {
	want := t.TempDir()
	t.Setenv(Variable, want)
	if got, ok := Dir(t); !ok || got != want {
		t.Fatalf("Dir = %q, %v; want %q", got, ok, want)
	}
}

func TestFolderIsBesideTheRepositoryRoot(t *testing.T) {
	t.Setenv(Variable, "")
	root := filepath.Join(t.TempDir(), "repo")
	t.Chdir(makeRepo(t, root))
	if got, ok := Dir(t); ok {
		t.Fatalf("Dir = %q, where there is no data", got)
	}
	mkdir(t, filepath.Join(filepath.Dir(root), "shared"))
	if got, ok := Dir(t); !ok || filepath.Base(got) != "shared" {
		t.Fatalf("Dir = %q, %v", got, ok)
	}
}

// makeRepo makes a module at root and returns a folder inside it.
func makeRepo(t *testing.T, root string) string {
	t.Helper()
	inside := filepath.Join(root, "a", "b")
	mkdir(t, inside)
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return inside
}

func mkdir(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(path, 0o700); err != nil {
		t.Fatal(err)
	}
}
