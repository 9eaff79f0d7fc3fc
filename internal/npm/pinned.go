package npm

import (
	"bytes"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

var exact = regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+$`)

// Pinned says what of the list is not pinned: package.json names exact versions, and the lock file a hash for every package and
// no host, so that packages come from whatever registry the user has and are the same ones from each.
func (l List) Pinned() error {
	if bytes.Contains(l.Lock, []byte("://")) {
		return errors.New("package-lock.json names hosts; write it again with omit-lockfile-registry-resolved=true in .npmrc, " +
			"and take what says who funds a package out of it")
	}
	var lock struct {
		Packages map[string]struct{ Integrity string }
	}
	if err := json.Unmarshal(l.Lock, &lock); err != nil {
		return fmt.Errorf("package-lock.json: %w", err)
	}
	delete(lock.Packages, "") // what package.json says of itself
	if len(lock.Packages) == 0 {
		return errors.New("package-lock.json names no package")
	}
	for name, p := range lock.Packages {
		hash, ok := strings.CutPrefix(p.Integrity, "sha512-")
		if raw, err := base64.StdEncoding.DecodeString(hash); !ok || err != nil || len(raw) != sha512.Size {
			return fmt.Errorf("package-lock.json has %q for the hash of %s, want one of SHA-512", p.Integrity, name)
		}
	}
	var manifest struct{ Dependencies, DevDependencies, OptionalDependencies map[string]string }
	if err := json.Unmarshal(l.Manifest, &manifest); err != nil {
		return fmt.Errorf("package.json: %w", err)
	}
	for _, kind := range []map[string]string{manifest.Dependencies, manifest.DevDependencies, manifest.OptionalDependencies} {
		for name, version := range kind {
			if !exact.MatchString(version) {
				return fmt.Errorf("package.json pins %s to %q, want one exact version", name, version)
			}
		}
	}
	return nil
}
