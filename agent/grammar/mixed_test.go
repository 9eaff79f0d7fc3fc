package grammar_test

import (
	"testing"

	"github.com/keymaker-agent/keymaker/intents"
)

func TestAPlaceOrTimeBetweenTwoOrdersIsNotGuessed(t *testing.T) {
	for _, text := range []string{
		"swap 1 eth to dai. tomorrow, send 5 link to " + carol,
		"swap 1 eth to dai, tomorrow, send 5 link to " + carol,
		"swap 1 eth to dai, then on polygon, send 5 link to " + carol,
		"swap 1 eth to dai; on polygon, send 5 link to " + carol,
		"swap 1 eth to dai. on uniswap, trade 5 link for uni",
		"swap 1 eth to dai, using base, what is my balance?",
		"swap 1 eth to dai on polygon, then send 5 link to " + carol, // is the link on polygon?
		"on polygon, swap 1 eth to dai, then send 5 link to " + carol,
	} {
		if _, d, ok := drafted(t, text); ok {
			t.Errorf("%q: %+v", text, d.Steps)
		}
	}
	for text, chain := range map[string]string{
		"swap 1 eth to dai on polygon, then send it to " + carol:                "polygon",
		"swap 1 eth to dai, on polygon, then send it to " + carol:               "polygon",
		"swap 1 eth to dai (on polygon) and send 5 link on polygon to " + carol: "polygon",
		"swap 1 eth to dai on polygon, then what is my balance?":                "polygon",
		"swap 1 eth to dai. On polygon.":                                        "polygon",
		"on polygon, swap 1 eth to dai, then send half of it to " + carol:       "polygon",
	} {
		r, d, ok := drafted(t, text)
		if !ok || intents.Export(r, d).Chain != chain {
			t.Errorf("%q: %+v", text, d.Steps)
		}
	}
}

func TestAnAmountThatMayBeOfSomethingElseIsNotGuessed(t *testing.T) {
	for _, text := range []string{
		"reduce my eth to 2 usdc", "trim my eth to 2", "lighten my eth to 2 weth",
		"buy 2 worth of eth", "send 50 worth of usdc to " + carol, "swap 50 worth of eth for dai",
		"send a million and a half pepe to " + carol, "send a thousand five usdc to " + carol,
	} {
		if _, d, ok := drafted(t, text); ok {
			t.Errorf("%q: %+v", text, d.Steps)
		}
	}
}

func TestWhatAStepMadeIsNotTakenOnAnotherChain(t *testing.T) {
	for text, covered := range map[string]bool{
		"swap 1 eth to usdc then send it to " + carol + " on polygon":                 false,
		"wrap half my eth then deposit that on aave on base":                          false,
		"swap 1 eth to usdc on base then send it to " + carol + " on polygon":         false,
		"swap 1 eth to usdc on polygon then send it to " + carol + " on polygon":      true,
		"bridge 1 eth to base then send it to " + carol + " on base":                  true,
		"swap 1 eth to usdc on base then bridge it from base to arbitrum":             true,
		"swap 1 eth to usdc on polygon then send it to " + carol:                      true,
		"bridge 1 eth from base to arbitrum and send it to " + carol + " on arbitrum": true,
	} {
		if _, d, ok := drafted(t, text); ok != covered {
			t.Errorf("%q: %+v", text, d.Steps)
		}
	}
}

func TestWhatAnotherClauseMakesOfAPlaceIsNotGuessed(t *testing.T) {
	for _, text := range []string{
		"bridge 5 usdc through base to optimism",
		"bridge 5 usdc to optimism via base",
		"put 180 usdc into eth and bridge 1 eth to arbitrum",
		"put 180 usdc into arb and bridge 1 eth to base",
		"swap 5 wbtc to usdc and put half of my usdc into morpho",
		"swap 5 wbtc to usdc and put 10 usdc into aave",
		"get 0.5 wbtc for bob",
		"sell all the link i have to bob",
		"usdc to bob, 12, buy me 700 degen on base",
		"unwrap 5 wavax on avalanche, then swap the eth to dai",
	} {
		if _, d, ok := drafted(t, text); ok {
			t.Errorf("%q: %+v", text, d.Steps)
		}
	}
}
