package reference

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
)

// Ran is what the library says at the end: what all took without reading the claims and printing the proofs.
type Ran struct {
	Root   common.Hash `json:"root"`
	Tree   Took        `json:"tree"`
	Proofs Took        `json:"proofs"`
}

// Took is what some work took, in milliseconds of the clock and of all processors together.
type Took struct {
	Clock      float64 `json:"clock"`
	Processors float64 `json:"processors"`
}

// And is both, one after the other.
func (t Took) And(more Took) Took {
	return Took{t.Clock + more.Clock, t.Processors + more.Processors}
}

// Standard gives the claims to the library's StandardMerkleTree, and writes each with its proof to out, in the order of the claims.
func Standard(ctx context.Context, claims io.Reader, out io.Writer) (Ran, error) {
	installed, err := Fetch(ctx)
	if err != nil {
		return Ran{}, err
	}
	dir, err := os.MkdirTemp("", "keymaker-merkle-")
	if err != nil {
		return Ran{}, fmt.Errorf("make a folder for the script: %w", err)
	}
	defer os.RemoveAll(dir)
	script := filepath.Join(dir, "standard.mjs")
	if err := os.WriteFile(script, standard, 0o600); err != nil {
		return Ran{}, fmt.Errorf("lay down the script: %w", err)
	}
	if err := os.Symlink(filepath.Join(installed, "node_modules"), filepath.Join(dir, "node_modules")); err != nil {
		return Ran{}, fmt.Errorf("lay down the library: %w", err)
	}
	cmd := exec.CommandContext(ctx, "node", "--max-old-space-size=8192", script) // a million claims need more than node's default
	var said bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = claims, out, &said
	if err := cmd.Run(); err != nil {
		return Ran{}, fmt.Errorf("run the Merkle tree library: %w\n%s", err, said.Bytes())
	}
	var ran Ran
	if err := json.Unmarshal(said.Bytes(), &ran); err != nil {
		return Ran{}, fmt.Errorf("read the library's report %q: %w", said.Bytes(), err)
	}
	return ran, nil
}

// Contract is a contract as its makers compiled it.
type Contract struct {
	ABI      abi.ABI       `json:"abi"`
	Creation hexutil.Bytes `json:"-"`
}

// The contracts of @uniswap/merkle-distributor.
const (
	MerkleDistributor = "MerkleDistributor"
	TestERC20         = "TestERC20"
)

// Load loads a contract by its name.
func Load(ctx context.Context, name string) (Contract, error) {
	installed, err := Fetch(ctx)
	if err != nil {
		return Contract{}, err
	}
	text, err := os.ReadFile(filepath.Join(installed, "node_modules", "@uniswap", "merkle-distributor", "build", name+".json"))
	if err != nil {
		return Contract{}, fmt.Errorf("load %s: %w", name, err)
	}
	var built struct {
		Contract
		Bytecode string
	}
	if err := json.Unmarshal(text, &built); err != nil {
		return Contract{}, fmt.Errorf("read %s: %w", name, err)
	}
	built.Creation = common.FromHex(built.Bytecode)
	return built.Contract, nil
}
