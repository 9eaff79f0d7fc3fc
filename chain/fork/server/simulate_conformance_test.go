package server

import (
	"maps"
	"testing"

	"github.com/keymaker-agent/keymaker/internal/conformance"
	"github.com/keymaker-agent/keymaker/internal/conformance/recorded"
)

// Why a simulation differs from the recorded conversation.
const (
	beforeLondon = "block 1 of that chain is from before London, and no fork stands on such a block"
	spentNonce   = "go-ethereum 1.17.10 refuses a sender without a nonce left (EIP-2681), the recording is older"
	logNumbers   = "go-ethereum 1.17.10 numbers logs anew after those of a frame that reverted, the recording is older"
)

var (
	differently = map[string]string{
		"eth_simulateV1/ethSimulate-empty-with-block-num-set-firstblock": beforeLondon,
		"eth_simulateV1/ethSimulate-overflow-nonce":                      spentNonce,
	}
	numbered = map[string]string{
		"eth_simulateV1/ethSimulate-use-as-many-features-as-possible": logNumbers,
	}
)

// What the calls did is what was recorded. With all state roots whole answers are, hashes and roots among them.
func TestSimulationsAreThoseOfTheRecordedConversations(t *testing.T) {
	suite := conformance.OpenExecutionAPIs(t)
	node := recorded.Start(t, suite)
	rooted, plain := serveFork(t, node.URL, Options{StateRoots: true}), serveFork(t, node.URL, Options{})
	for _, c := range []struct {
		how     string
		url     string
		compare conformance.Comparer
		also    map[string]string // excepted
	}{
		{"exactly, with all state roots", rooted, conformance.Exact, numbered},
		{"by calls", plain, conformance.ByCalls, nil},
	} {
		t.Run(c.how, func(t *testing.T) {
			suite.Exceptions = maps.Clone(differently)
			maps.Copy(suite.Exceptions, c.also)
			tally := suite.Replay(t.Context(), c.url, c.compare, conformance.OnlySimulate)
			t.Log(tally)
			for name, reason := range tally.Excepted {
				t.Logf("%s: %s", name, reason)
			}
			tally.Require(t)
		})
	}
}

// serveFork serves a fork of the newest block of a remote, until the test ends.
func serveFork(t *testing.T, remote string, o Options) (url string) {
	t.Helper()
	_, url = serve(t, source(t, remote), o)
	return url
}
