package signatures

import (
	"testing"

	"github.com/ethereum/go-ethereum/common"
)

func BenchmarkATransferIsNamed(b *testing.B) {
	log := common.HexToHash("0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef")
	topics, data := []common.Hash{log, topic(b, alice), topic(b, bob)}, words(b, "07")
	Known()
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := Known().Event(topics, data); !ok {
			b.Fatal("it has no name")
		}
	}
}

// The list is parsed once for each program that asks.
func BenchmarkTheListIsParsed(b *testing.B) {
	for b.Loop() {
		knownSignatures(b)
	}
}
