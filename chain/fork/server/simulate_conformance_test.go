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
	hashOfParent = "it reads the hash of a simulated block, which hangs on the state root, and the option for state roots is off"
)

var (
	differently = map[string]string{
		"eth_simulateV1/ethSimulate-empty-with-block-num-set-firstblock": beforeLondon,
		"eth_simulateV1/ethSimulate-overflow-nonce":                      spentNonce,
	}
	numbered = map[string]string{
		"eth_simulateV1/ethSimulate-use-as-many-features-as-possible": logNumbers,
	}
	rootless = map[string]string{
		"eth_simulateV1/ethSimulate-add-more-non-defined-BlockStateCalls-than-fit-but-now-with-fit": hashOfParent,
		"eth_simulateV1/ethSimulate-blockhash-complex":                                              hashOfParent,
		"eth_simulateV1/ethSimulate-blockhash-start-before-head":                                    hashOfParent,
		"eth_simulateV1/ethSimulate-overwrite-existing-contract":                                    hashOfParent,
	}
)

// With state roots whole answers are the recorded ones, hashes and roots among them; without, what the calls did is, but for the
// hashes of simulated blocks.
func TestSimulationsAreThoseOfTheRecordedConversations(t *testing.T) {
	suite := conformance.OpenExecutionAPIs(t)
	node := recorded.Start(t, suite)
	with, without := serveFork(t, node.URL, Options{StateRoots: true}), serveFork(t, node.URL, Options{})
	for _, c := range []struct {
		how     string
		url     string
		compare conformance.Comparer
		also    map[string]string // excepted
	}{
		{"by calls, with state roots", with, conformance.ByCalls, nil},
		{"exactly, with state roots", with, conformance.Exact, numbered},
		{"by calls, without state roots", without, conformance.ByCalls, rootless},
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
