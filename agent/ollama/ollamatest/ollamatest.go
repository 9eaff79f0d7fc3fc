// Package ollamatest runs a real Ollama for a test, on a free loopback port, with a model folder of the test's own.
//
// The server and the small model are those that `make ollama` provides. They are a test's needs like a compiler is: where they
// are missing the test fails and says so.
package ollamatest

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"
)

// Model is the name of the small model: SmolLM2-135M-Instruct, far too small to plan well.
const Model = "keymaker-smollm2"

const (
	startTimeout = 30 * time.Second
	hint         = "run: make ollama"
)

var listening = regexp.MustCompile(`Listening on (127\.0\.0\.1:\d+)`)

// supervise ends the server when its standard input closes, so that none outlives a test binary that was killed.
const supervise = `"$0" serve & server=$!; read -r _; kill "$server"; wait "$server"`

// Start runs the server until the test ends, and returns its URL and the name of the model. Models that the test makes or
// changes are gone with it.
func Start(t testing.TB) (url, model string) {
	t.Helper()
	home := t.TempDir()
	models := filepath.Join(home, "models")
	borrow(t, filepath.Join(cache(t), "models"), models)

	var out log
	cmd := exec.Command("sh", "-c", supervise, binary(t))
	cmd.Env = append(
		os.Environ(),
		"HOME="+home,
		"OLLAMA_HOST=127.0.0.1:0",
		"OLLAMA_MODELS="+models,
		"OLLAMA_NOPRUNE=1",
		"OLLAMA_NO_CLOUD=1",
		"OLLAMA_NUM_PARALLEL=1",
	)
	cmd.Stdout, cmd.Stderr = &out, &out
	leash, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		stop(t, leash, cmd, ended)
		if t.Failed() {
			t.Logf("the server's last words:\n%s", out.tail())
		}
	})

	for deadline := time.Now().Add(startTimeout); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if at := listening.FindSubmatch(out.bytes()); at != nil {
			return "http://" + string(at[1]), Model
		}
	}
	t.Fatalf("ollama did not start:\n%s", out.tail())
	return "", ""
}

func stop(t testing.TB, leash io.Closer, cmd *exec.Cmd, ended <-chan error) {
	leash.Close()
	select {
	case <-ended:
	case <-time.After(startTimeout):
		t.Error("ollama did not stop")
		cmd.Process.Kill()
	}
}

// binary prefers the server of the cache: it is there only where the installed one was not recent enough.
func binary(t testing.TB) string {
	t.Helper()
	own := filepath.Join(cache(t), "bin", "ollama")
	if _, err := os.Stat(own); err == nil {
		return own
	}
	installed, err := exec.LookPath("ollama")
	if err != nil {
		t.Fatalf("no ollama here; %s", hint)
	}
	return installed
}

func cache(t testing.TB) string {
	t.Helper()
	root := os.Getenv("XDG_CACHE_HOME")
	if root == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			t.Fatal(err)
		}
		root = filepath.Join(home, ".cache")
	}
	return filepath.Join(root, "keymaker", "ollama")
}

// borrow makes a model folder whose manifests are copies and whose blobs are links.
func borrow(t testing.TB, from, to string) {
	t.Helper()
	if _, err := os.Stat(from); err != nil {
		t.Fatalf("the small model is missing; %s", hint)
	}
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		switch {
		case entry.IsDir():
			return os.MkdirAll(target, 0o755)
		case filepath.Base(filepath.Dir(path)) == "blobs":
			return os.Symlink(path, target)
		}
		manifest, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, manifest, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// log keeps what the server writes.
type log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *log) bytes() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Clone(l.buf.Bytes())
}

func (l *log) tail() []byte {
	all := l.bytes()
	return all[max(0, len(all)-4000):]
}
