// Package reference holds what trees are tried against, exactly as its makers publish it: the library @openzeppelin/merkle-tree,
// and Uniswap's MerkleDistributor, a contract that pays the claims of a tree.
//
// Invariant: nothing of them is in this repository. npm fetches what the lock file names and checks it against its hash there; no
// script of a package is run.
package reference

import (
	"context"
	_ "embed"

	"github.com/keymaker-agent/keymaker/internal/npm"
)

var (
	//go:embed package.json
	manifest []byte
	//go:embed package-lock.json
	lock []byte
	//go:embed scripts/standard.mjs
	standard []byte
)

func list() npm.List { return npm.List{Name: "merkle", Manifest: manifest, Lock: lock} }

// Fetch installs the packages and returns their folder.
func Fetch(ctx context.Context) (string, error) { return list().Fetch(ctx) }
