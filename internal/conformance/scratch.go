package conformance

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keymaker-agent/keymaker/internal/shared"
)

// mostUnpacked bounds what an archive may grow to.
const mostUnpacked = 512 << 20

// named is the folder that an environment variable names; empty: it is not set.
func named(t testing.TB, variable string) string {
	t.Helper()
	dir := os.Getenv(variable)
	if dir != "" && !isDir(dir) {
		t.Fatalf("%s is %q, which is no folder; name the folder of the unpacked suite, or unset it", variable, dir)
	}
	return dir
}

// locate finds a suite's folder: the one that an environment variable names, or else a shared archive, unpacked. Without
// either the answer is empty, and the suite runs on cases of its own.
func locate(t testing.TB, variable, archive string) string {
	t.Helper()
	if dir := named(t, variable); dir != "" {
		return dir
	}
	beside, ok := shared.Dir(t)
	if !ok {
		return ""
	}
	packed := filepath.Join(beside, "conformance", archive)
	if _, err := os.Stat(packed); errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	dir, err := unpack(packed)
	if err != nil {
		t.Fatalf("unpack %s: %v", packed, err)
	}
	return dir
}

// suiteName is a suite's name, and whether its cases are its own.
func suiteName(name string, own bool) string {
	if own {
		return name + " (own cases; there is no shared data)"
	}
	return name
}

// unpack unpacks a .tar.xz once, into a scratch folder that is named after the archive's content.
func unpack(packed string) (string, error) {
	digest, err := digestOf(packed)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("keymaker-conformance-%d-%s", os.Getuid(), digest[:16]))
	if isDir(dir) {
		return dir, nil
	}
	if _, err := exec.LookPath("xz"); err != nil {
		return "", errors.New("xz is not installed; get it with: apt-get install xz-utils")
	}
	making, err := os.MkdirTemp("", "keymaker-conformance-making-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(making)
	if err := unpackInto(making, packed); err != nil {
		return "", err
	}
	// Many test binaries may do this at once; whoever renames first has made it for all.
	if err := os.Rename(making, dir); err != nil && !isDir(dir) {
		return "", err
	}
	return dir, nil
}

func isDir(path string) bool {
	s, err := os.Stat(path)
	return err == nil && s.IsDir()
}

func digestOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func unpackInto(dir, packed string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	xz := exec.Command("xz", "--decompress", "--stdout", packed)
	out, err := xz.StdoutPipe()
	if err != nil {
		return err
	}
	if err := xz.Start(); err != nil {
		return err
	}
	err = untar(root, io.LimitReader(out, mostUnpacked))
	if err != nil {
		_ = xz.Process.Kill()
	}
	_, _ = io.Copy(io.Discard, out)
	return errors.Join(err, xz.Wait())
}

// untar writes the plain files of a tar below root, which they can't leave.
func untar(root *os.Root, in io.Reader) error {
	for r := tar.NewReader(in); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		name := filepath.Clean(filepath.FromSlash(h.Name))
		if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return err
		}
		f, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		_, err = io.Copy(f, r)
		if err := errors.Join(err, f.Close()); err != nil {
			return fmt.Errorf("write %s: %w", h.Name, err)
		}
	}
}

// files yields the paths below dir that end in suffix, in order, relative to dir and with slashes.
func files(dir, suffix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() || !strings.HasSuffix(path, suffix) {
				return nil
			}
			if !yield(path, nil) {
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield("", err)
		}
	}
}

// mostFile bounds a file that is read whole.
const mostFile = 64 << 20

func readFile(dir, path string) ([]byte, error) {
	full := filepath.Join(dir, filepath.FromSlash(path))
	if s, err := os.Stat(full); err == nil && s.Size() > mostFile {
		return nil, fmt.Errorf("%s has %d bytes, the most is %d", path, s.Size(), mostFile)
	}
	return os.ReadFile(full)
}
