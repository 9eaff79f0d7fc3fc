package clients

import (
	"context"
	_ "embed"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/keymaker-agent/keymaker/internal/npm"
)

var (
	//go:embed package.json
	manifest []byte
	//go:embed package-lock.json
	lock []byte
)

const pinnedCast = "@foundry-rs/cast-linux-amd64/bin/cast"

func list() npm.List {
	l := npm.List{Name: "clients", Manifest: manifest, Lock: lock}
	if runtime.GOOS == "linux" && runtime.GOARCH == "amd64" {
		l.Needs = []string{pinnedCast}
	}
	return l
}

// Fetch installs the clients that the lock file names and returns their folder.
func Fetch(ctx context.Context) (string, error) { return list().Fetch(ctx) }

// castIn finds the pinned cast, or where it is for another kind of machine the one that the user installed.
func castIn(installed string) (string, error) {
	pinned := filepath.Join(installed, "node_modules", pinnedCast)
	if _, err := os.Stat(pinned); err == nil {
		return pinned, nil
	}
	own, err := exec.LookPath("cast")
	if err != nil {
		return "", errors.New("the pinned cast is for linux on amd64; install Foundry 1.7.1 for this machine")
	}
	return own, nil
}
