// Package contracts holds our own Solidity, compiled.
//
// The sources are in src, what the pinned compiler makes of them in out; build.mjs makes the one of the other. They are tokens
// for the embedded chains, among them hostile ones, a counter to try clients on, and the corpus that a dry run is held against:
// nothing of these has value anywhere. In src/key are the contracts that the rewards are paid by (docs/contracts.md); package
// bindings has Go types for them, package deploy the order in which they are deployed.
//
// Invariant: out is what the pinned compiler makes of src. A test compiles again and compares.
package contracts

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
)

//go:embed out/*.json
var out embed.FS

// Name is a contract of src.
type Name string

// The contracts. The constructor of each token takes a name, a symbol, the decimals and the owner, who mints.
const (
	Token       Name = "Token"       // an honest ERC-20 with EIP-2612 permits
	SilentToken Name = "SilentToken" // returns nothing, and an allowance must be reset to zero before it changes
	FeeToken    Name = "FeeToken"    // keeps 1 % of each transfer for its owner
	VestedToken Name = "VestedToken" // a honeypot: it can be bought and never be sold
	Counter     Name = "Counter"     // no token: a number with an event, and each way to fail; its constructor takes the number
)

// Names lists the contracts.
func Names() []Name {
	return slices.Concat([]Name{Token, SilentToken, FeeToken, VestedToken, Counter}, Corpus(), Rewards(), probes())
}

// Compiled is one contract as the compiler left it.
type Compiled struct {
	Contract Name
	Compiler string                 // version with commit
	Sources  map[string]common.Hash // keccak256 of each source file that went in, by the compiler's own account
	ABI      abi.ABI
	JSON     json.RawMessage // the ABI as the compiler wrote it, for programs that are not written in Go
	Creation []byte
}

// Load returns a compiled contract. It panics on a name that is not one of the constants: what is embedded is whole.
func Load(n Name) Compiled {
	raw, err := out.ReadFile("out/" + string(n) + ".json")
	if err != nil {
		panic(fmt.Sprintf("contracts: %v", err))
	}
	c, err := decode(raw)
	if err != nil {
		panic(fmt.Sprintf("contracts: %s: %v", n, err))
	}
	return c
}

func decode(raw []byte) (Compiled, error) {
	var file struct {
		Contract Name                   `json:"contract"`
		Compiler string                 `json:"compiler"`
		Sources  map[string]common.Hash `json:"sources"`
		ABI      json.RawMessage        `json:"abi"`
		Creation hexutil.Bytes          `json:"creation"`
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		return Compiled{}, err
	}
	parsed, err := abi.JSON(bytes.NewReader(file.ABI))
	if err != nil {
		return Compiled{}, err
	}
	return Compiled{file.Contract, file.Compiler, file.Sources, parsed, file.ABI, file.Creation}, nil
}
