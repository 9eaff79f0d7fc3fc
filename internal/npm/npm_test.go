package npm

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// registry serves one package, thing 1.0.0, which has a script that npm would run on its own. It counts how often the package is taken.
func registry(t *testing.T, tarball []byte) *atomic.Int64 {
	t.Helper()
	var taken atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/thing":
			at := "http://" + r.Host + "/thing.tgz"
			version := map[string]any{"name": "thing", "version": "1.0.0", "dist": map[string]string{"tarball": at}}
			_ = json.NewEncoder(w).Encode(map[string]any{"name": "thing", "versions": map[string]any{"1.0.0": version}})
		case "/thing.tgz":
			taken.Add(1)
			_, _ = w.Write(tarball)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	t.Setenv("npm_config_registry", server.URL)
	t.Setenv("npm_config_cache", t.TempDir())
	t.Setenv("npm_config_fetch_retries", "0")
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir()) // where the cache is on other systems, and the user's .npmrc
	return &taken
}

func pack(t *testing.T, said string) []byte {
	t.Helper()
	var raw bytes.Buffer
	zip := gzip.NewWriter(&raw)
	files := tar.NewWriter(zip)
	for _, file := range [][2]string{
		{"package/package.json", `{"name":"thing","version":"1.0.0","scripts":{"install":"echo ran > ran"}}`},
		{"package/said", said},
	} {
		if err := files.WriteHeader(&tar.Header{Name: file[0], Mode: 0o644, Size: int64(len(file[1]))}); err != nil {
			t.Fatal(err)
		}
		if _, err := files.Write([]byte(file[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := files.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return raw.Bytes()
}

func listOf(tarball []byte) List {
	sum := sha512.Sum512(tarball)
	return List{
		Name:     "things",
		Manifest: []byte(`{"name":"things","dependencies":{"thing":"1.0.0"}}`),
		Lock: fmt.Appendf(nil, `{"name":"things","lockfileVersion":3,"requires":true,"packages":{`+
			`"":{"name":"things","dependencies":{"thing":"1.0.0"}},`+"\n"+
			`"node_modules/thing":{"version":"1.0.0","hasInstallScript":true,"integrity":"sha512-%s"}}}`,
			base64.StdEncoding.EncodeToString(sum[:])),
		Needs: []string{"thing/said"},
	}
}

// kept are the folders of the list in the cache.
func kept(t *testing.T) []string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Join(cache, "keymaker", "things"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func TestAListIsInstalledOnceAndNoScriptIsRun(t *testing.T) {
	tarball := pack(t, "hello")
	taken := registry(t, tarball)
	var dirs [3]string
	var all sync.WaitGroup
	for i := range dirs {
		all.Go(func() {
			var err error
			if dirs[i], err = listOf(tarball).Fetch(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if t.Failed() {
		return
	}
	if said, err := os.ReadFile(filepath.Join(dirs[0], "node_modules", "thing", "said")); err != nil || string(said) != "hello" {
		t.Errorf("installed %q, %v", said, err)
	}
	if there(filepath.Join(dirs[0], "node_modules", "thing", "ran")) {
		t.Error("a script of the package was run")
	}
	if names := kept(t); dirs[0] != dirs[1] || dirs[1] != dirs[2] || len(names) != 1 {
		t.Errorf("installed in %s, and the cache has %s", dirs, names)
	}
	if taken.Load() != 1 {
		t.Errorf("the package was taken %d times", taken.Load())
	}
}

func TestWhatIsNotCompleteIsNotKept(t *testing.T) {
	tarball := pack(t, "hello")
	lacking := listOf(tarball)
	lacking.Needs = append(lacking.Needs, "other/file")
	for name, c := range map[string]struct {
		list   List
		served []byte
		want   string
	}{
		"another package under the name": {listOf(tarball), pack(t, "other"), "EINTEGRITY"},
		"a file that did not come":       {lacking, tarball, "npm left other/file of things out"},
	} {
		t.Run(name, func(t *testing.T) {
			registry(t, c.served)
			if dir, err := c.list.Fetch(t.Context()); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("fetched %q with %v, want %s", dir, err, c.want)
			}
			if names := kept(t); len(names) != 0 {
				t.Errorf("the cache has %s", names)
			}
		})
	}
}

func TestAListThatIsNotPinnedIsRefusedBeforeNpmRuns(t *testing.T) {
	tarball := pack(t, "hello")
	taken := registry(t, tarball)
	for name, c := range map[string]struct {
		manifest         bool // not the lock file
		part, with, want string
	}{
		"a host":           {false, `"version":"1.0.0",`, `"version":"1.0.0","resolved":"https://example.org/thing.tgz",`, "names hosts"},
		"a host of funds":  {false, `"version":"1.0.0",`, `"version":"1.0.0","funding":{"url":"https://example.org"},`, "names hosts"},
		"no hash":          {false, `"integrity"`, `"other"`, "hash of node_modules/thing"},
		"a hash of SHA-1":  {false, `sha512-`, `sha1-`, "hash of node_modules/thing"},
		"a hash cut short": {false, `=="`, `"`, "hash of node_modules/thing"},
		"no package":       {false, `"node_modules/thing"`, `""`, "names no package"},
		"no lock file":     {false, `{`, ``, "package-lock.json:"},
		"no manifest":      {true, `{`, ``, "package.json:"},
		"a range":          {true, `"1.0.0"`, `"^1.0.0"`, "want one exact version"},
		"a tag":            {true, `"1.0.0"`, `"latest"`, "want one exact version"},
		"a range to build": {true, `"dependencies":{"thing":"1.0.0"}`, `"devDependencies":{"thing":"1"}`, "want one exact version"},
	} {
		t.Run(name, func(t *testing.T) {
			l := listOf(tarball)
			file := &l.Lock
			if c.manifest {
				file = &l.Manifest
			}
			*file = bytes.Replace(*file, []byte(c.part), []byte(c.with), 1)
			if dir, err := l.Fetch(t.Context()); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("fetched %q with %v, want %s", dir, err, c.want)
			}
		})
	}
	if taken.Load() != 0 {
		t.Errorf("the package was taken %d times", taken.Load())
	}
}
