package conformance

import "testing"

func TestTheStateTestsPassOnTheReference(t *testing.T) {
	tally := OpenStateTests(t).Run(t.Context(), runState)
	t.Log(tally)
	tally.Require(t)
}

func TestTheBlocksPassOnTheReference(t *testing.T) {
	tally := OpenBlocks(t).Run(t.Context(), runBlock)
	t.Log(tally)
	tally.Require(t)
}

func TestTheFixturesPassOnTheReference(t *testing.T) {
	tally := OpenFixtures(t).Run(t.Context(), runFixture)
	t.Log(tally)
	tally.Require(t)
}
