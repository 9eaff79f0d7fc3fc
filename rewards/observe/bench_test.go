package observe

import (
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// BenchmarkLogs is what a log takes once it is here, and what stays of it: 1,000 accounts stake and withdraw in turn.
func BenchmarkLogs(b *testing.B) {
	h := newHistory()
	h.mine(950)
	h.set(town, alice, 30)
	for round := range 20 {
		h.mine(uint64(1000 + round))
		for n := range uint64(1000) {
			who := common.BigToAddress(big64(n + 1))
			if round%2 == 0 {
				h.stake(who, town, n+1)
			} else {
				h.withdraw(who, town, n+1)
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		k, logs := newBook(usage.Span{From: 1000, To: 1100}, discard{}), 0
		for i := range h.blocks {
			for n := range h.blocks[i].logs {
				e, err := at.read(&h.blocks[i].logs[n], emission.Time(h.blocks[i].time))
				if err == nil {
					err = k.apply(&e)
				}
				if err != nil {
					b.Fatal(err)
				}
				logs++
			}
		}
		b.ReportMetric(float64(logs), "logs/op")
	}
}

type discard struct{}

func (discard) Add(*usage.Entry) error { return nil }
func (discard) Again() error           { return nil }
