package conformance

import (
	"testing"

	"github.com/ethereum/go-ethereum/core/rawdb"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/ethereum/go-ethereum/tests"
)

func TestTheStateTestsPassOnTheReference(t *testing.T) {
	tally := OpenStateTests(t).Run(t.Context(), runState)
	t.Log(tally)
	tally.Require(t)
}

func TestOwnStateTestsPassOnTheReference(t *testing.T) {
	tally := new(StateTests).Run(t.Context(), runState)
	t.Log(tally)
	tally.Require(t)
}

func TestTheBlocksPassOnTheReference(t *testing.T) {
	tally := OpenBlocks(t).Run(t.Context(), runBlock)
	t.Log(tally)
	tally.Require(t)
}

func TestTheOwnBlockPassesOnTheReference(t *testing.T) {
	tally := new(Blocks).Run(t.Context(), runBlock)
	t.Log(tally)
	tally.Require(t)
}

func TestTheFixturesPassOnTheReference(t *testing.T) {
	tally := OpenFixtures(t).Run(t.Context(), runFixture)
	t.Log(tally)
	tally.Require(t)
}

// go-ethereum's own runner, on a real trie, fails the excepted cases in the same way: so the reason is neither the remote's nor
// the harness's.
func TestExceptedStateTestsFailOnARealTrieToo(t *testing.T) {
	suite := OpenStateTests(t)
	for c, err := range suite.Cases() {
		if err != nil {
			t.Fatal(err)
		}
		if StateExceptions[c.Name] == "" {
			continue
		}
		mine := c.run(t.Context(), runState)
		theirs := c.onRealTrie(t)
		if mine == nil || theirs == nil {
			t.Errorf("%s: on the remote %v, on a trie %v; both should fail", c.Name, mine, theirs)
		}
	}
}

// onRealTrie runs the case with go-ethereum's own runner.
func (c *StateCase) onRealTrie(t *testing.T) error {
	t.Helper()
	test, err := c.asTest()
	if err != nil {
		t.Fatal(err)
	}
	return test.Run(tests.StateSubtest{Fork: c.Fork}, vm.Config{}, false, rawdb.HashScheme, func(error, *tests.StateTestState) {})
}

// The same engine passes each excepted fixture as soon as it may see which empty accounts exist: so nothing else is wrong there.
func TestExceptedFixturesPassWhereEmptyAccountsShow(t *testing.T) {
	seen := 0
	for f, err := range OpenFixtures(t).All() {
		if err != nil {
			t.Fatal(err)
		}
		if FixtureExceptions[f.Name] == "" {
			continue
		}
		seen++
		if f.Old == "" {
			t.Errorf("%s is not from before EIP-158", f.Name)
		}
		if err := f.run(peek(t.Context()), runFixture); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
	if seen != len(FixtureExceptions) {
		t.Errorf("%d of %d exceptions are fixtures", seen, len(FixtureExceptions))
	}
}
