package own_test

import (
	"testing"

	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/intents"
)

func TestWhatTheWitnessReadsOtherwiseIsInDoubt(t *testing.T) {
	swap, balance := []string{"swap", "a1", "iT1", "oT2"}, []string{"balance", "iT1"}
	for text, c := range map[string]struct {
		says, seen []string
		unsure     bool
	}{
		"turn 10 usdc into weth":                      {swap, swap, false},
		"turn 11 usdc into weth":                      {swap, []string{"swap", "a1", "iT2", "oT1"}, true},
		"turn 12 usdc into weth":                      {swap, nil, true},
		"how much usdc do i have":                     {balance, swap, false}, // nothing moves: it is not asked
		`turn 10 usdc into weth, said "my friend"`:    {swap, swap, true},     // beside quoted words nothing is sure
		"brumble 10 usdc frizzlewise quorn into weth": {swap, swap, true},     // and among strange ones
	} {
		r := intents.Read(text, intents.DefaultLexicon())
		d, err := own.New(fixed{c.says, 1}, fixed{c.seen, 1}).Plan(t.Context(), r)
		if err != nil || d.Unsure != c.unsure {
			t.Errorf("%q: unsure is %t, %v", text, d.Unsure, err)
		}
	}
}
