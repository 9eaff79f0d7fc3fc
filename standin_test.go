package keymaker

import (
	"testing"

	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/refusal"
)

func TestNothingIsSentToAnEndpointThatStandsIn(t *testing.T) {
	d := devnettest.Start(t)
	a, err := Open(Options{Home: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := a.StandOn(t.Context(), d.Networks()[0].RPC[0]); err != nil {
		t.Fatal(err)
	}
	n, err := a.Network()
	if err != nil || n.ChainID != d.Networks()[0].ChainID {
		t.Fatalf("%+v %v", n, err)
	}
	for _, m := range []Mode{Live, DryRun} {
		c, err := a.client(t.Context(), n, m)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Send(t.Context(), []byte{2, 0xc0}); !refusal.Is(err, refusal.ReadOnly) {
			t.Errorf("mode %v: %v", m, err)
		}
	}
	a.account = d.Accounts()[0].Address
	if _, err := a.Session("test", Live); !refusal.Is(err, refusal.Usage) {
		t.Errorf("a live session: %v", err)
	}
	if _, err := a.Session("test", DryRun); err != nil {
		t.Errorf("a dry one: %v", err)
	}
}
