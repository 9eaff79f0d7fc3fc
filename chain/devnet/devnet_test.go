package devnet

import (
	"testing"
	"time"

	"github.com/keymaker-agent/keymaker/chain/devnet/artifacts"
)

func TestStart(t *testing.T) {
	if err := artifacts.Fetch(t.Context(), "", func(s string) { t.Log(s) }); err != nil {
		t.Fatal(err)
	}
	at := time.Now()
	d, err := Start(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(time.Since(at), d.Networks())
	for _, n := range []*node{d.l1, d.l2} {
		bc := n.eth.BlockChain()
		for i := uint64(0); i <= bc.CurrentBlock().Number.Uint64(); i++ {
			b := bc.GetBlockByNumber(i)
			t.Log(i, len(b.Transactions()), b.GasUsed(), b.BaseFee(), b.Time())
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}
