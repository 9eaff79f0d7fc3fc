package contracts

import (
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/google/go-cmp/cmp"
)

func TestEveryContractLoadsAndIsMadeOfTheSourcesThatAreHere(t *testing.T) {
	compiled := make(map[string]bool)
	for _, n := range Names() {
		c := Load(n)
		if c.Contract != n || len(c.Creation) == 0 {
			t.Errorf("%s: loaded %s with %d bytes and constructor %s", n, c.Contract, len(c.Creation), c.ABI.Constructor)
		}
		for file, want := range c.Sources {
			if strings.HasPrefix(file, library) {
				continue // pinned in build.mjs by the hash of its package
			}
			source, err := os.ReadFile(filepath.Join("src", file))
			if err != nil {
				t.Fatal(err)
			}
			if got := common.Hash(crypto.Keccak256(source)); got != want {
				t.Errorf("%s was compiled of another %s: run node contracts/build.mjs", n, file)
			}
			compiled[file] = true
		}
	}
	if got := slices.Sorted(maps.Keys(compiled)); !slices.Equal(got, sources(t)) {
		t.Errorf("compiled are %v, in src are %v", got, sources(t))
	}
	if len(names(t, "out")) != len(Names()) {
		t.Errorf("in out are %v, named are %v", names(t, "out"), Names())
	}
}

func TestTheOutputIsWhatThePinnedCompilerMakes(t *testing.T) {
	fresh := t.TempDir()
	build := exec.CommandContext(t.Context(), "node", "build.mjs", fresh)
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	if diff := cmp.Diff(contents(t, fresh), contents(t, "out")); diff != "" {
		t.Errorf("out is stale: run node contracts/build.mjs\n%s", diff)
	}
}

// library is what src/key imports from npm.
const library = "@openzeppelin/contracts/"

func sources(t *testing.T) (paths []string) {
	t.Helper()
	src := os.DirFS("src")
	err := fs.WalkDir(src, ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(paths)
	return paths
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	return slices.Sorted(maps.Keys(contents(t, dir)))
}

func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]string)
	for _, e := range entries {
		raw, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(raw)
	}
	return files
}
