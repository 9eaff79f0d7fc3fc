package fork

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/holiman/uint256"
)

// asm assembles EVM code: mnemonics, numbers (pushed), name: (a jump target), @name (its place, pushed) and # comments.
func asm(t testing.TB, source string) []byte {
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

// deployer is creation code that leaves the runtime code.
func deployer(t testing.TB, runtime []byte) []byte {
	t.Helper()
	head := asm(t, "0xffff 0x000f 0 CODECOPY 0xffff 0 RETURN STOP")
	binary.BigEndian.PutUint16(head[1:], uint16(len(runtime)))
	binary.BigEndian.PutUint16(head[4:], uint16(len(head)))
	binary.BigEndian.PutUint16(head[10:], uint16(len(runtime)))
	return append(head, runtime...)
}
