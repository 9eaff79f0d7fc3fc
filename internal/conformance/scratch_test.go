package conformance

import (
	"archive/tar"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

func tarOf(t *testing.T, entries ...tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range entries {
		content := []byte("content of " + h.Name)
		if h.Mode = 0o644; h.Typeflag == tar.TypeReg {
			h.Size = int64(len(content))
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if h.Typeflag == tar.TypeReg {
			if _, err := w.Write(content); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAnArchiveIsUnpackedOnce(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	packed := filepath.Join(t.TempDir(), "a.tar.xz")
	xz := exec.Command("xz", "--stdout")
	xz.Stdin = bytes.NewReader(tarOf(t, tar.Header{Name: "x/b.json", Typeflag: tar.TypeReg}, tar.Header{Name: "a.json", Typeflag: tar.TypeReg}))
	out, err := xz.Output()
	if err != nil {
		t.Fatalf("xz: %v; get it with: apt-get install xz-utils", err)
	}
	if err := os.WriteFile(packed, out, 0o600); err != nil {
		t.Fatal(err)
	}
	dir, err := unpack(packed)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for f, err := range files(dir, ".json") {
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, f)
	}
	raw, err := readFile(dir, "x/b.json")
	if err != nil || string(raw) != "content of x/b.json" || !slices.Equal(found, []string{"a.json", "x/b.json"}) {
		t.Errorf("%v %s %v", found, raw, err)
	}
	if err := os.Remove(filepath.Join(dir, "a.json")); err != nil {
		t.Fatal(err)
	}
	again, err := unpack(packed)
	if _, gone := os.Stat(filepath.Join(again, "a.json")); err != nil || again != dir || gone == nil {
		t.Errorf("unpacked again: %s %v", again, err)
	}
	if err := os.WriteFile(packed, out[:len(out)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if half, err := unpack(packed); err == nil {
		t.Errorf("half an archive was unpacked to %s", half)
	}
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestAnArchiveWritesNothingOutside(t *testing.T) {
	for _, name := range []string{"../out", "/out", "a/../../out"} {
		dir := filepath.Join(t.TempDir(), "in")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		root, err := os.OpenRoot(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := untar(root, bytes.NewReader(tarOf(t, tar.Header{Name: name, Typeflag: tar.TypeReg}))); err == nil {
			t.Errorf("%s was written", name)
		}
		root.Close()
	}
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	link := tar.Header{Name: "link", Linkname: "/etc", Typeflag: tar.TypeSymlink}
	if err := untar(root, bytes.NewReader(tarOf(t, link, tar.Header{Name: "plain", Typeflag: tar.TypeReg}))); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(filepath.Join(dir, "link")); err == nil {
		t.Error("a link was made")
	}
}
