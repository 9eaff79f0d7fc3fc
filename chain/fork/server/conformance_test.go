package server

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/internal/conformance"
	"github.com/keymaker-agent/keymaker/internal/conformance/recorded"
)

// source is a client of an endpoint, as the binary has one.
func source(t testing.TB, url string) *chain.Client {
	t.Helper()
	c, err := chain.Dial(t.Context(), chain.Network{Key: "remote", RPC: []string{url}}, chain.ReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// serve stands a fork on a source and listens on loopback.
func serve(t testing.TB, src interface {
	Call(ctx context.Context, result any, method string, args ...any) error
	Batch(ctx context.Context, elems []rpc.BatchElem) error
}, o Options,
) (*Server, string) {
	t.Helper()
	s, err := New(t.Context(), src, o)
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(s.Handler())
	t.Cleanup(func() { s.Close(); h.Close() })
	return s, h.URL
}

// simulated tells the conversations that are compared by what their calls did: a fork has no state root.
func simulated(c *conformance.Conversation) bool { return c.Method == "eth_simulateV1" }

func TestAForkAnswersTheRecordedConversationsAsItsRemoteDid(t *testing.T) {
	suite := conformance.OpenExecutionAPIs(t)
	node := recorded.Start(t, suite)
	_, url := serve(t, source(t, node.URL), Options{})
	suite.Exceptions = map[string]string{}
	tally := suite.Replay(t.Context(), url, conformance.Exact, func(c *conformance.Conversation) string {
		if simulated(c) {
			return "compared by calls, in a test of its own"
		}
		return conformance.NotOnAFork(c)
	})
	t.Log(tally)
	tally.Require(t)
	for name := range tally.Failed {
		if strings.HasPrefix(name, "eth_call/") || strings.HasPrefix(name, "eth_estimateGas/") {
			t.Errorf("%s has to be exact", name)
		}
	}
}

// They are of one sender, with nonces from zero up; the pool and the blocks of the fork take them in any order.
func TestAForkTakesTheRecordedTransactionsAsItsRemoteDid(t *testing.T) {
	suite := conformance.OpenExecutionAPIs(t)
	node := recorded.Start(t, suite)
	s, url := serve(t, source(t, node.URL), Options{})
	was := s.current().head()
	tally := suite.Replay(t.Context(), url, conformance.Exact, func(c *conformance.Conversation) string {
		if c.Method != "eth_sendRawTransaction" {
			return "not eth_sendRawTransaction"
		}
		return ""
	})
	t.Log(tally)
	tally.Require(t)
	if made := s.current().head() - was; made != uint64(tally.Passed) {
		t.Errorf("%d blocks of %d transactions; %d wait", made, tally.Passed, len(s.current().pool))
	}
}
