package settlement

import (
	"math/big"
	"os"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// KEYMAKER_SETTLEMENT_EPOCHS is how many random epochs the laws are held against; the suite takes fewer than a release should.
const defaultEpochs = 2000

func epochsToTry(t *testing.T) int {
	t.Helper()
	text := os.Getenv("KEYMAKER_SETTLEMENT_EPOCHS")
	if text == "" {
		return defaultEpochs
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("KEYMAKER_SETTLEMENT_EPOCHS: %v", err)
	}
	return n
}

// world is a random chain of epochs with its facts.
type world struct {
	*made
	seed  uint64
	rules *rules.Rules
	facts [][]fact
}

func drawWorld(t *rapid.T, tb testing.TB) world {
	seed := rapid.Uint64().Draw(t, "seed")
	most := rapid.IntRange(0, 120).Draw(t, "entries")
	w := world{made: newMade(seed), seed: seed}
	w.rules = w.made.rules(tb)
	for e := range w.epochs {
		w.facts = append(w.facts, w.made.facts(tb, w.rules, w.rules.First+usage.Epoch(e), w.IntN(most+1)))
	}
	return w
}

func TestWhatIsEmittedIsPaidOrCarriedAndTwoImplementationsAgree(t *testing.T) {
	tried, atRisk, paidAny := 0, 0, map[rules.Part]int{}
	for want := epochsToTry(t); tried < want; {
		rapid.Check(t, func(rt *rapid.T) {
			w := drawWorld(rt, t)
			state, second := begin(t, w.rules), newNaive(w.rules)
			for _, facts := range w.facts {
				before := state
				var a *Allotment
				a, state = bookOf(t, w.rules, before, facts)
				paid := second.settle(facts)
				tried++
				conserved(rt, before, state, a)
				agree(rt, a, state, paid, second)
				if slices.ContainsFunc(state.standing, func(c Contribution) bool { return c.AtRisk }) {
					atRisk++
				}
				for p := range a.Parts {
					if !a.Parts[p].Paid.IsZero() {
						paidAny[rules.Part(p)]++
					}
				}
			}
		})
	}
	if atRisk < tried/100 {
		t.Errorf("something was at risk in %d of %d epochs: the worlds are too poor to tell", atRisk, tried)
	}
	for p := range rules.Parts {
		if paidAny[p] < tried/100 {
			t.Errorf("%s paid in %d of %d epochs: the worlds are too poor to tell", p, paidAny[p], tried)
		}
	}
}

func conserved(t *rapid.T, before, after *State, a *Allotment) {
	had, has := new(big.Int), new(big.Int)
	for b := range a.Buckets {
		of := &a.Buckets[b]
		had.Add(had, before.Carry[b].ToBig())
		had.Add(had, of.Emission.ToBig())
		has.Add(has, after.Carry[b].ToBig())
	}
	for _, wei := range a.Accounts() {
		has.Add(has, wei.ToBig())
	}
	if had.Cmp(has) != 0 {
		t.Fatalf("epoch %d: there were %s wei, and %s are paid or carried", a.Epoch, had, has)
	}
	for p := range a.Parts {
		if a.Parts[p].Paid.Gt(&a.Parts[p].Budget) {
			t.Fatalf("%s pays %s of %s", rules.Part(p), &a.Parts[p].Paid, &a.Parts[p].Budget)
		}
	}
}

func agree(t *rapid.T, a *Allotment, state *State, paid bag, second *naive) {
	if a.Len() != len(paid) {
		t.Fatalf("epoch %d pays %d accounts, and the second implementation %d", a.Epoch, a.Len(), len(paid))
	}
	for account, wei := range a.Accounts() {
		if other := paid[string(account[:])]; other == nil || wei.ToBig().Cmp(other) != 0 {
			t.Fatalf("epoch %d pays %s to %s, and the second implementation %s", a.Epoch, &wei, account, other)
		}
	}
	for account, wei := range state.Accounts() {
		if other := second.earned[string(account[:])]; wei.ToBig().Cmp(other) != 0 {
			t.Fatalf("%s has earned %s, and by the second implementation %s", account, &wei, other)
		}
	}
	for b := range state.Carry {
		if state.Carry[b].ToBig().Cmp(second.carry[b]) != 0 {
			t.Fatalf("%s carries %s, and by the second implementation %s", rules.Bucket(b), &state.Carry[b], second.carry[b])
		}
	}
	if n := len(state.standing); n != len(second.standing) {
		t.Fatalf("%d contributions stand, and by the second implementation %d", n, len(second.standing))
	}
}
