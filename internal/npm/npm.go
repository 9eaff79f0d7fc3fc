// Package npm installs what a package.json and its package-lock.json name into the user's cache, once.
//
// Invariant: only pinned packages are installed, and a folder in the cache is complete. A list that doesn't hold every package to
// its hash is refused before npm runs; npm checks the hashes, and runs no script of a package; and a folder gets its name, which
// has the list's hash in it, when everything is there.
package npm

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
)

// List names packages by their exact versions and hashes.
//
// To pin another version: change package.json, run npm install --package-lock-only beside it with an .npmrc that says
// omit-lockfile-registry-resolved=true, and take the lines about funding, which name hosts, out of the lock file.
type List struct {
	Name     string   // of its folder in the cache
	Manifest []byte   // package.json
	Lock     []byte   // package-lock.json
	Needs    []string // files below node_modules without which it isn't complete: npm leaves an optional package out silently
}

var fetching sync.Mutex // so that tests beside each other install once

// Fetch installs the packages and returns the folder with their node_modules. What is there is not installed again.
func (l List) Fetch(ctx context.Context) (string, error) {
	if err := l.Pinned(); err != nil {
		return "", fmt.Errorf("the list of %s: %w", l.Name, err)
	}
	fetching.Lock()
	defer fetching.Unlock()
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the cache folder: %w", err)
	}
	parent := filepath.Join(cache, "keymaker", l.Name)
	stamp := sha256.Sum256(slices.Concat(l.Manifest, l.Lock))
	dir := filepath.Join(parent, hex.EncodeToString(stamp[:8]))
	if there(dir) {
		return dir, nil
	}
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", fmt.Errorf("make the cache of %s: %w", l.Name, err)
	}
	tmp, err := os.MkdirTemp(parent, ".fetch-")
	if err != nil {
		return "", fmt.Errorf("make the cache of %s: %w", l.Name, err)
	}
	defer os.RemoveAll(tmp)
	if err := l.install(ctx, tmp); err != nil {
		return "", err
	}
	if err := os.Rename(tmp, dir); err != nil && !there(dir) { // another process may have been faster
		return "", fmt.Errorf("keep %s: %w", l.Name, err)
	}
	return dir, nil
}

func (l List) install(ctx context.Context, dir string) error {
	err := errors.Join(
		os.WriteFile(filepath.Join(dir, "package.json"), l.Manifest, 0o644),
		os.WriteFile(filepath.Join(dir, "package-lock.json"), l.Lock, 0o644),
	)
	if err != nil {
		return fmt.Errorf("lay down the list of %s: %w", l.Name, err)
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return fmt.Errorf("npm is missing; install Node.js: %w", err)
	}
	cmd := exec.CommandContext(ctx, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error")
	cmd.Dir = dir
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci of %s: %w\n%s", l.Name, err, bytes.TrimSpace(said))
	}
	for _, file := range l.Needs {
		if !there(filepath.Join(dir, "node_modules", file)) {
			return fmt.Errorf("npm left %s of %s out; run npm cache verify and try again", file, l.Name)
		}
	}
	return nil
}

func there(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
