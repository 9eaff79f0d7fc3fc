package server_test

import (
	"context"
	"errors"
	"net"
	"testing"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/chain/fork/server"
	"github.com/keymaker-agent/keymaker/internal/clients"
)

// viem, ethers and cast, as they are published, over HTTP and websocket.
func TestEveryClientWorksOnAFork(t *testing.T) {
	d := devnettest.Start(t)
	remote := d.Networks()[0]
	src, err := chain.Dial(t.Context(), remote)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(src.Close)
	s, err := server.New(t.Context(), src, server.Options{})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(t.Context(), l) }()
	t.Cleanup(func() {
		s.Close()
		if err := <-served; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	at := l.Addr().String()
	clients.Check(t, clients.Target{ChainID: remote.ChainID, HTTP: "http://" + at, WS: "ws://" + at, Key: d.Accounts()[2].Key, Dev: true})
}
