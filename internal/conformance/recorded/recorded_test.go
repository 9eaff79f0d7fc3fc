package recorded

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
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
	if !suite.Recorded() {
		t.Log("there is no shared data; the own recording has its own test")
		return
	}
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

func TestAnOwnRecordingIsMadeWhereThereIsNone(t *testing.T) {
	suite := new(conformance.ExecutionAPIs)
	node := Start(t, suite)
	tally := suite.Replay(t.Context(), node.URL, conformance.Exact, conformance.All)
	t.Log(tally)
	tally.Require(t)
	if tally.Passed != len(asked) {
		t.Errorf("%d passed of %d", tally.Passed, len(asked))
	}
	refused := map[string]bool{
		"eth_call/reverter": true, "eth_estimateGas/reverter": true, "eth_simulateV1/no-funds": true, "eth_simulateV1/nonce-too-low": true,
	}
	for c, err := range suite.Conversations() {
		if err != nil {
			t.Fatal(err)
		}
		answer := c.Exchanges[0].Answer
		if bytes.Contains(answer, []byte(`"error":{"code":-32601`)) || bytes.Contains(answer, []byte(`"error":{"code":`)) != refused[c.Name] {
			t.Errorf("%s was answered %s", c.Name, answer)
		}
	}
	calls := suite.Replay(t.Context(), node.URL, conformance.ByCallsIndexed, conformance.OnlySimulate)
	calls.Require(t)
	if calls.Passed != 5 {
		t.Error(calls)
	}
}

func TestAChainThatIsNotTheRecordedOneIsRefused(t *testing.T) {
	for _, c := range []struct {
		file   string
		change func(raw []byte) []byte
		says   string
	}{
		{"chain.rlp", func(raw []byte) []byte { return raw[:len(raw)/2] }, "block 2"},
		{"chain.rlp", func([]byte) []byte { return nil }, "the chain ends in"},
		{"headfcu.json", func(raw []byte) []byte {
			return bytes.Replace(raw, []byte(`"headBlockHash":"0x`), []byte(`"headBlockHash":"0x0`), 1)
		}, "headfcu.json"},
		{"headfcu.json", func([]byte) []byte { return []byte(`{}`) }, "names no head"},
		{"genesis.json", func(raw []byte) []byte { return bytes.Replace(raw, []byte(`"0x64"`), []byte(`"0x65"`), 1) }, "insert the chain"},
		{"genesis.json", func([]byte) []byte { return []byte(`{`) }, "genesis.json"},
	} {
		dir := t.TempDir()
		if err := writeChain(dir); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, c.file)
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		changed := c.change(raw)
		if bytes.Equal(raw, changed) {
			t.Fatalf("%s is as it was", c.file)
		}
		if err := os.WriteFile(path, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err = start(dir)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.file, err, c.says)
		}
	}
}
