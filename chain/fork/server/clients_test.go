package server

import (
	"strings"
	"testing"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/internal/clients"
)

func TestEveryClientWorksOnAFork(t *testing.T) {
	d := devnettest.Start(t)
	n, account := d.Networks()[0], d.Accounts()[2]
	// The clients want an account that has sent before.
	devnettest.Send(t, d, account, chain.Call{ChainID: n.ChainID, From: account.Address, To: &account.Address, Value: *uint256.NewInt(1)})
	_, url := serve(t, source(t, n.RPC[0]), Options{})
	clients.Check(t, clients.Target{ChainID: n.ChainID, HTTP: url, WS: "ws" + strings.TrimPrefix(url, "http"), Key: account.Key, Dev: true})
}
