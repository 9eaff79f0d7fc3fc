package intents_test

import (
	"testing"

	"github.com/keymaker-agent/keymaker/intents"
)

func TestANameIsNoOtherWord(t *testing.T) {
	lex := intents.DefaultLexicon()
	for label, want := range map[string]bool{
		"mum": true, "alice2": true, "Carl": true, "zoë": true, "mamá": true, "alice.eth": true, "savings": true,
		"usdc": false, "ETH": false, "ether": false, "base": false, "arb": false, "uniswap": false, "me": false, "it": false, "all": false, "half": false, "to": false, "and": false,
		"send": false, "bought": false, "seven": false, "5": false, "0x70": false, "not": false, "cancel": false, "again": false, "yes": false, "first": false, "double": false,
		"friday": false, "week": false, "percent": false, "": false, "two words": false, "a-b": false, "\u202emum": false, `"mum"`: false, "mum\n": false,
	} {
		if got := intents.CanBeName(label, lex); got != want {
			t.Errorf("%q can be a name: %t", label, got)
		}
	}
}
