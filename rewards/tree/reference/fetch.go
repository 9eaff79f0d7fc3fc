// Package reference holds what trees are tried against, exactly as its makers publish it: the library @openzeppelin/merkle-tree,
// and Uniswap's MerkleDistributor, a contract that pays the claims of a tree.
//
// Invariant: nothing of them is in this repository. npm fetches what the lock file names and checks it against its hash there; no
// script of a package is run.
package reference

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
)

var (
	//go:embed package.json
	manifest []byte
	//go:embed package-lock.json
	lock []byte
	//go:embed scripts/standard.mjs
	standard []byte
)

var fetching sync.Mutex // so that tests beside each other install once

// Fetch installs the packages and returns their folder, which has the lock file's hash in its name and gets this name when it is
// complete; so what is there is not installed again.
//
// To pin another version: change package.json, and run npm install --package-lock-only in this folder, and take the
// lines about funding, which name hosts, out of the lock file.
func Fetch(ctx context.Context) (string, error) {
	fetching.Lock()
	defer fetching.Unlock()
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the cache folder: %w", err)
	}
	parent := filepath.Join(cache, "keymaker", "merkle")
	stamp := sha256.Sum256(slices.Concat(manifest, lock))
	dir := filepath.Join(parent, hex.EncodeToString(stamp[:8]))
	if there(dir) {
		return dir, nil
	}
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", fmt.Errorf("make the cache of Merkle trees: %w", err)
	}
	tmp, err := os.MkdirTemp(parent, ".fetch-")
	if err != nil {
		return "", fmt.Errorf("make the cache of Merkle trees: %w", err)
	}
	defer os.RemoveAll(tmp)
	if err := install(ctx, tmp); err != nil {
		return "", err
	}
	if err := os.Rename(tmp, dir); err != nil && !there(dir) { // another process may have been faster
		return "", fmt.Errorf("keep the Merkle tree library: %w", err)
	}
	return dir, nil
}

func install(ctx context.Context, dir string) error {
	err := errors.Join(
		os.WriteFile(filepath.Join(dir, "package.json"), manifest, 0o644),
		os.WriteFile(filepath.Join(dir, "package-lock.json"), lock, 0o644),
	)
	if err != nil {
		return fmt.Errorf("lay down the lock file: %w", err)
	}
	npm := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error")
	npm.Dir = dir
	if said, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci of the Merkle tree library: %w\n%s", err, said)
	}
	return nil
}

func there(dir string) bool {
	_, err := os.Stat(dir)
	return err == nil
}
