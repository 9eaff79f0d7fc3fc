// Command generate writes the Go bindings of the rewards' contracts with go-ethereum's own generator, of the version in go.mod. Run it
// with: go generate ./contracts/bindings
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/ethereum/go-ethereum/accounts/abi/abigen"

	"github.com/keymaker-agent/keymaker/contracts"
)

const file = "bindings.go"

func main() {
	source, err := source()
	if err == nil {
		err = os.WriteFile(file, []byte(source), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// source is the bindings of all the contracts, without their code: that is in contracts/out.
func source() (string, error) {
	var types, abis []string
	for _, name := range contracts.Rewards() {
		types = append(types, string(name))
		abis = append(abis, string(contracts.Load(name).JSON))
	}
	source, err := abigen.BindV2(types, abis, make([]string, len(types)), "bindings", nil, nil)
	return strings.Replace(source, "\npackage ", lint+"\npackage ", 1), err
}

// lint tells staticcheck that the generator's errors are its own.
const lint = "\n//lint:file-ignore ST1005 the generator writes them so\n"
