package recorded

import (
	"testing"

	"github.com/keymaker-agent/keymaker/internal/conformance"
)

// go-ethereum is what the conversations were recorded from, so what it can't answer says something of the harness or of the
// version: each difference has its reason here, and there is no other.
func TestTheNodeAnswersAsItWasRecorded(t *testing.T) {
	const unregistered = "go-ethereum's library registers no testing_ methods"
	const ordered = "this version numbers the logs of one call otherwise than the recorded one"
	const overflow = "this version refuses a nonce that overflows"
	suite := conformance.OpenExecutionAPIs(t)
	node := Start(t, suite)
	for _, c := range []struct {
		compare    conformance.Comparer
		leave      conformance.Selection
		passed     int
		exceptions map[string]string
	}{
		{conformance.Exact, conformance.All, 225, map[string]string{
			"testing_buildBlockV1/build-block-empty-transactions":         unregistered,
			"testing_buildBlockV1/build-block-from-mempool":               unregistered,
			"testing_buildBlockV1/build-block-invalid-transaction":        unregistered,
			"testing_buildBlockV1/build-block-with-transactions":          unregistered,
			"eth_capabilities/get-capabilities":                           "this version tells more",
			"eth_simulateV1/ethSimulate-overflow-nonce":                   overflow,
			"eth_simulateV1/ethSimulate-use-as-many-features-as-possible": ordered,
		}},
		{conformance.Exact, conformance.NotOnAFork, 192, map[string]string{
			"eth_simulateV1/ethSimulate-overflow-nonce":                   overflow,
			"eth_simulateV1/ethSimulate-use-as-many-features-as-possible": ordered,
		}},
		{conformance.ByCallsIndexed, conformance.OnlySimulate, 89, map[string]string{
			"eth_simulateV1/ethSimulate-overflow-nonce":                   overflow,
			"eth_simulateV1/ethSimulate-use-as-many-features-as-possible": ordered,
		}},
		{conformance.ByCalls, conformance.OnlySimulate, 90, map[string]string{"eth_simulateV1/ethSimulate-overflow-nonce": overflow}},
	} {
		suite.Exceptions = c.exceptions
		tally := suite.Replay(t.Context(), node.URL, c.compare, c.leave)
		t.Log(tally)
		tally.Require(t)
		if tally.Passed != c.passed {
			t.Errorf("%d passed, want %d", tally.Passed, c.passed)
		}
	}
}
