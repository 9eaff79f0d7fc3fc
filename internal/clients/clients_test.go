package clients_test

import (
	"testing"

	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/internal/clients"
)

func TestEveryClientWorksOnBothEmbeddedChains(t *testing.T) {
	d := devnettest.Start(t)
	for _, n := range d.Networks() {
		t.Run(n.Key, func(t *testing.T) {
			t.Parallel()
			clients.Check(t, clients.Target{ChainID: n.ChainID, HTTP: n.RPC[0], Key: d.Accounts()[2].Key})
		})
	}
}
