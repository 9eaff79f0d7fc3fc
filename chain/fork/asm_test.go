package fork

import (
	"encoding/binary"
	"testing"

	"github.com/keymaker-agent/keymaker/chain/fork/forktest"
)

func asm(t testing.TB, source string) []byte {
	t.Helper()
	return forktest.Assemble(t, source)
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
