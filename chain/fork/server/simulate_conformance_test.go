package server

import (
	"net/http/httptest"
	"testing"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/internal/conformance"
	"github.com/keymaker-agent/keymaker/internal/conformance/recorded"
)

// notSimulated are the conversations that differ, and why.
var notSimulated = map[string]string{
	"eth_simulateV1/ethSimulate-empty-with-block-num-set-firstblock": "block 1 of that chain is from before London, and no fork stands on such a block",
	"eth_simulateV1/ethSimulate-overflow-nonce":                      "go-ethereum 1.17.10 refuses a sender without a nonce left (EIP-2681), the recording is older",
}

func TestSimulationsAreThoseOfTheRecordedConversations(t *testing.T) {
	suite := conformance.OpenExecutionAPIs(t)
	suite.Exceptions = notSimulated
	tally := suite.Replay(t.Context(), serveFork(t, recorded.Start(t, suite).URL, Options{}), conformance.ByCalls, conformance.OnlySimulate)
	t.Log(tally)
	tally.Require(t)
}

// serveFork serves a fork of the newest block of a remote, until the test ends.
func serveFork(t *testing.T, remote string, o Options) (url string) {
	t.Helper()
	client, err := chain.Dial(t.Context(), chain.Network{Key: "remote", RPC: []string{remote}}, chain.ReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(t.Context(), client, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	h := httptest.NewServer(s.Handler())
	t.Cleanup(h.Close)
	return h.URL
}
