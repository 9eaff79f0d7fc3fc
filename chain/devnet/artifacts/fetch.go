package artifacts

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"golang.org/x/sync/errgroup"
)

const (
	packsAtOnce = 3
	tarballMax  = 64 << 20 // bytes; the largest pinned one has 33 MB
	fileMax     = 16 << 20 // bytes of one artifact, unpacked
)

// Fetch brings every artifact into dir; an empty dir means DefaultDir. What is there and right is not fetched again. It needs
// npm, of which only the download is used: no dependency is resolved and no script is run. progress gets one line a package.
func Fetch(ctx context.Context, dir string, progress func(string)) error {
	dir, err := orDefault(dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the artifact cache: %w", err)
	}
	var mu sync.Mutex
	say := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		progress(fmt.Sprintf(format, args...))
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(packsAtOnce)
	for _, p := range packages {
		group.Go(func() error {
			if p.complete(dir) {
				say("%s: there", p)
				return nil
			}
			if err := p.fetch(ctx, dir); err != nil {
				return fmt.Errorf("fetch %s: %w", p, err)
			}
			say("%s: fetched", p)
			return nil
		})
	}
	return group.Wait()
}

func (p pkg) complete(dir string) bool {
	for _, c := range p.contracts {
		if _, err := read(dir, c); err != nil {
			return false
		}
	}
	return true
}

func (p pkg) fetch(ctx context.Context, dir string) error {
	tarball, err := npmPack(ctx, p.String())
	if err != nil {
		return err
	}
	return p.keep(tarball, dir)
}

// npmPack downloads the tarball of one package.
func npmPack(ctx context.Context, spec string) (tarball []byte, err error) {
	tmp, err := os.MkdirTemp("", "keymaker-npm-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()

	cmd := exec.CommandContext(ctx, "npm", "pack", spec, "--ignore-scripts", "--silent")
	cmd.Dir = tmp
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("npm pack: %w: %s", err, bytes.TrimSpace(stderr.Bytes()))
	}
	found, err := filepath.Glob(filepath.Join(tmp, "*.tgz"))
	if err != nil {
		return nil, err
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("npm pack left %d tarballs", len(found))
	}
	f, err := os.Open(found[0])
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAtMost(f, tarballMax)
}

// keep checks the tarball, and writes one small file a contract into dir.
func (p pkg) keep(tarball []byte, dir string) error {
	sum := sha512.Sum512(tarball)
	if got := base64.StdEncoding.EncodeToString(sum[:]); got != p.integrity {
		return fmt.Errorf("tarball hashes to sha512-%s, pinned is sha512-%s", got, p.integrity)
	}
	files, err := p.unpack(tarball)
	if err != nil {
		return err
	}
	for _, c := range p.contracts {
		raw, err := p.compose(c, files)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		if err := c.check(raw); err != nil {
			return err
		}
		if err := replace(kept(dir, c.name), raw); err != nil {
			return err
		}
	}
	return nil
}

// unpack returns the files that the package's contracts name.
func (p pkg) unpack(tarball []byte) (map[string][]byte, error) {
	wanted := make(map[string]bool)
	for _, c := range p.contracts {
		wanted[c.path] = true
		if c.abi != "" {
			wanted[c.abi] = true
		}
	}
	zipped, err := gzip.NewReader(bytes.NewReader(tarball))
	if err != nil {
		return nil, err
	}
	files := make(map[string][]byte)
	for entries := tar.NewReader(zipped); len(files) < len(wanted); {
		entry, err := entries.Next()
		if err != nil {
			return nil, fmt.Errorf("have %d of %d files: %w", len(files), len(wanted), err)
		}
		path := strings.TrimPrefix(entry.Name, "package/")
		if !wanted[path] {
			continue
		}
		if files[path], err = readAtMost(entries, fileMax); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return files, nil
}

// compiled is what the compilers of all these packages have in common.
type compiled struct {
	ABI      json.RawMessage `json:"abi"`
	Creation code            `json:"bytecode"`
	Deployed code            `json:"deployedBytecode"`
}

func (p pkg) compose(c contract, files map[string][]byte) ([]byte, error) {
	var from compiled
	if err := json.Unmarshal(files[c.path], &from); err != nil {
		return nil, err
	}
	a := Artifact{Contract: c.name, Package: p.String(), ABI: from.ABI, Creation: hexutil.Bytes(from.Creation)}
	if c.abi != "" {
		var other compiled
		if err := json.Unmarshal(files[c.abi], &other); err != nil {
			return nil, err
		}
		a.ABI = other.ABI
	}
	if c.cut != (span{}) {
		if len(from.Deployed) < c.cut.to {
			return nil, fmt.Errorf("code of %d bytes, want %d", len(from.Deployed), c.cut.to)
		}
		a.Creation, a.Runtime = nil, hexutil.Bytes(from.Deployed[c.cut.from:c.cut.to])
	}
	return json.Marshal(a)
}

// code is bytecode as the compilers write it: hex with or without 0x, plain or inside an object.
type code []byte

// UnmarshalJSON reads any of the forms.
func (c *code) UnmarshalJSON(raw []byte) error {
	var plain string
	if err := json.Unmarshal(raw, &plain); err != nil {
		var wrapped struct {
			Object string `json:"object"`
		}
		if err := json.Unmarshal(raw, &wrapped); err != nil {
			return fmt.Errorf("bytecode: %w", err)
		}
		plain = wrapped.Object
	}
	decoded, err := hexutil.Decode("0x" + strings.TrimPrefix(plain, "0x"))
	if err != nil {
		return fmt.Errorf("bytecode: %w", err)
	}
	*c = decoded
	return nil
}

// replace writes a file whole or not at all.
func replace(path string, raw []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".fetch-")
	if err != nil {
		return err
	}
	_, err = tmp.Write(raw)
	err = errors.Join(err, tmp.Chmod(0o644), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return nil
}

func readAtMost(r io.Reader, limit int64) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(raw)) > limit {
		return nil, fmt.Errorf("more than %d bytes", limit)
	}
	return raw, nil
}
