// Package forktest has what the tests of the dry run share: an assembler for small contracts, and answers of a well-behaved remote.
package forktest

import (
	"encoding/binary"
	"encoding/json"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/holiman/uint256"
)

// Assemble makes EVM code: mnemonics, numbers (pushed), name: (a jump target), @name (its place, pushed) and # comments.
func Assemble(t testing.TB, source string) []byte {
	t.Helper()
	var code []byte
	places, uses := map[string]int{}, map[int]string{}
	for _, line := range strings.Split(source, "\n") {
		line, _, _ = strings.Cut(line, "#")
		for _, word := range strings.Fields(line) {
			switch {
			case strings.HasSuffix(word, ":"):
				places[strings.TrimSuffix(word, ":")] = len(code)
				code = append(code, byte(vm.JUMPDEST))
			case word[0] == '@':
				code = append(code, byte(vm.PUSH2), 0, 0)
				uses[len(code)-2] = word[1:]
			case word[0] >= '0' && word[0] <= '9':
				code = append(code, push(t, word)...)
			default:
				op := vm.StringToOp(word)
				if op == 0 && word != "STOP" {
					t.Fatalf("no such instruction: %s", word)
				}
				code = append(code, byte(op))
			}
		}
	}
	for at, name := range uses {
		place, ok := places[name]
		if !ok {
			t.Fatalf("no such place: %s", name)
		}
		binary.BigEndian.PutUint16(code[at:], uint16(place))
	}
	return code
}

func push(t testing.TB, number string) []byte {
	t.Helper()
	var b []byte
	if strings.HasPrefix(number, "0x") {
		b = common.FromHex(number)
	} else {
		n, err := uint256.FromDecimal(number)
		if err != nil {
			t.Fatal(err)
		}
		b = n.Bytes()
	}
	if len(b) == 0 {
		b = []byte{0}
	}
	return append([]byte{byte(vm.PUSH1) + byte(len(b)-1)}, b...)
}

// Header is a block of Prague's kind, as a remote gives it.
const Header = `{"number":"0x5","hash":"0x0000000000000000000000000000000000000000000000000000000000000001",
"parentHash":"0x0000000000000000000000000000000000000000000000000000000000000002","timestamp":"0x64","gasLimit":"0x1c9c380","gasUsed":"0x0",
"baseFeePerGas":"0x7","miner":"0x0000000000000000000000000000000000000000","difficulty":"0x0",
"withdrawalsRoot":"0x00","excessBlobGas":"0x0","blobGasUsed":"0x0","requestsHash":"0x00"}`

// Parent is the block before Header.
var Parent = strings.NewReplacer(`"0x5"`, `"0x4"`, `"0x64"`, `"0x63"`, `01",`+"\n", `02",`+"\n", `02","timestamp"`, `03","timestamp"`).Replace(Header)

// Config is an answer to eth_config of chain 1 with these precompiled contracts. Edit, if any, changes its current section.
func Config(precompiled []common.Address, edit func(m map[string]any)) json.RawMessage {
	m := map[string]any{"activationTime": 0, "chainId": "0x1", "blobSchedule": map[string]any{"target": 6, "max": 9, "baseFeeUpdateFraction": 5007716}}
	precompiles := map[string]string{}
	for _, a := range precompiled {
		precompiles["P"+a.Hex()] = a.Hex()
	}
	m["precompiles"], m["systemContracts"] = precompiles, map[string]string{"BEACON_ROOTS_ADDRESS": common.Address{1}.Hex()}
	if edit != nil {
		edit(m)
	}
	b, err := json.Marshal(map[string]any{"current": m, "next": nil, "last": nil})
	if err != nil {
		panic(err)
	}
	return b
}
