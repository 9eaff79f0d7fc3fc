package clients

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
	"runtime"
	"slices"
	"sync"
)

//go:embed package.json
var manifest []byte

//go:embed package-lock.json
var lock []byte

var fetching sync.Mutex // so that tests beside each other install once

// Fetch installs the clients that the lock file names and returns their folder. What is there is not installed again: the
// folder has the lock file's hash in its name, and gets its name when it is complete. It needs npm, which checks every package
// against its hash in the lock file; no script of a package is run.
//
// To pin another version: change package.json, and run npm install --package-lock-only in this folder.
func Fetch(ctx context.Context) (string, error) {
	fetching.Lock()
	defer fetching.Unlock()
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the cache folder: %w", err)
	}
	parent := filepath.Join(cache, "keymaker", "clients")
	stamp := sha256.Sum256(slices.Concat(manifest, lock))
	dir := filepath.Join(parent, hex.EncodeToString(stamp[:8]))
	if there(dir) {
		return dir, nil
	}
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", fmt.Errorf("make the cache of clients: %w", err)
	}
	tmp, err := os.MkdirTemp(parent, ".fetch-")
	if err != nil {
		return "", fmt.Errorf("make the cache of clients: %w", err)
	}
	defer os.RemoveAll(tmp)
	if err := install(ctx, tmp); err != nil {
		return "", err
	}
	if err := os.Rename(tmp, dir); err != nil && !there(dir) { // another process may have been faster
		return "", fmt.Errorf("keep the clients: %w", err)
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
		return fmt.Errorf("npm ci of the clients: %w\n%s", err, said)
	}
	if !there(pinnedCast(dir)) && runtime.GOOS == "linux" && runtime.GOARCH == "amd64" {
		return errors.New("npm left out cast, which other machines don't need; run npm cache verify and try again")
	}
	return nil
}

func there(dir string) bool {
	_, err := os.Stat(dir)
	return err == nil
}

// castIn finds the pinned cast, or where it is for another kind of machine the one that the user installed.
func castIn(installed string) (string, error) {
	if pinned := pinnedCast(installed); there(pinned) {
		return pinned, nil
	}
	own, err := exec.LookPath("cast")
	if err != nil {
		return "", errors.New("the pinned cast is for linux on amd64; install Foundry 1.7.1 for this machine")
	}
	return own, nil
}

func pinnedCast(dir string) string {
	return filepath.Join(dir, "node_modules", "@foundry-rs", "cast-linux-amd64", "bin", "cast")
}
