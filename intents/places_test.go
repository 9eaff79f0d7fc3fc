package intents_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWordsThatAreTokensTooAreFoundByTheirPlace(t *testing.T) {
	for text, want := range map[string][]string{
		"how much link do I have":               {"token LINK"},
		"get me op with 30 usdc":                {"token OP", "amount exact 30", "token USDC"},
		"spend 20 dai on ens":                   {"amount exact 20", "token DAI", "token ENS"},
		"I want out of arb":                     {"token ARB"},
		"25 usdc into magic":                    {"amount exact 25", "token USDC", "token MAGIC"},
		"pay 12 dai for link":                   {"amount exact 12", "token DAI", "token LINK"},
		"swap 5 usdc to link because I like it": {"amount exact 5", "token USDC", "token LINK"},
		"spend half my dai on eth":              {"amount share 50", "token DAI", "token ETH"},
		"how much would I get for my link":      {"token LINK"},
		"sell 50 of those for dai":              {"amount exact 50", "token DAI"},
		"one of these days I will render it":    {},
		"the sun is shining over the ocean":     {},
		"I like to render videos for fun":       {},
		"is there any magic in this link":       {},
		"the op said some people will win":      {},
		"send me the link to that page":         {},
	} {
		t.Run(text, func(t *testing.T) {
			if got := gists(text); !cmp.Equal(got, want) {
				t.Fatalf("got %q, want %q", got, want)
			}
		})
	}
}

func TestChainsAreFoundByTheWayThatLeadsThere(t *testing.T) {
	for text, want := range map[string][]string{
		"get 2 eth over to arb":                 {"amount exact 2", "token ETH", "chain arbitrum"},
		"0.3 weth to polygon":                   {"amount exact 0.3", "token WETH", "chain polygon"},
		"7 dai, ethereum to base":               {"amount exact 7", "token DAI", "chain ethereum", "chain base"},
		"bring my usdc off avalanche":           {"token USDC", "chain avalanche"},
		"switch 9 usdc from optimism to base":   {"amount exact 9", "token USDC", "chain optimism", "chain base"},
		"want my dai on base instead of op":     {"token DAI", "chain base", "chain optimism"},
		"move 40 usdc into eth":                 {"amount exact 40", "token USDC", "token ETH"},
		"swap 5 op from base to eth":            {"amount exact 5", "token OP", "chain base", "token ETH"},
		"swap 5 arb on base to op":              {"amount exact 5", "token ARB", "chain base", "token OP"},
		"move 2 eth 2 arb":                      {"amount exact 2", "token ETH", "chain arbitrum"},
		"swap 10 usdc 2 eth":                    {"amount exact 10", "token USDC", "amount exact 2", "token ETH"},
		"send 5 usdc 2 bob.eth":                 {"amount exact 5", "token USDC", "name bob.eth"},
		"send usdc 2 bob.eth":                   {"token USDC", "amount exact 2", "name bob.eth"},
		"bridge from ethereum 2 eth to polygon": {"chain ethereum", "amount exact 2", "token ETH", "chain polygon"},
	} {
		t.Run(text, func(t *testing.T) {
			if got := gists(text); !cmp.Equal(got, want) {
				t.Fatalf("got %q, want %q", got, want)
			}
		})
	}
}

func TestProtocolsThatAreOtherWordsTooAreFoundByWhatIsSaidOfThem(t *testing.T) {
	for text, want := range map[string][]string{
		"let curve spend 9 crv":                    {"venue curve", "amount exact 9", "token CRV"},
		"undo my approval for across":              {"venue across"},
		"my compound loan":                         {"venue compound"},
		"repay spark with half of it":              {"venue spark", "amount share 50"},
		"is euler safe":                            {"venue euler"},
		"take 5 usdc off aave":                     {"amount exact 5", "token USDC", "venue aave"},
		"balancer: 4 bal into weth":                {"venue balancer", "amount exact 4", "token BAL", "token WETH"},
		"supply 5 aave":                            {"amount exact 5", "token AAVE"},
		"send my aave to bob":                      {"token AAVE", "name bob"},
		"what is the price of aave":                {"token AAVE"},
		"interest compounds, so compound it":       {},
		"spend 30 usdc on aave":                    {"amount exact 30", "token USDC", "token AAVE"},
		"has curve been hacked":                    {"venue curve"},
		"a spark of hope, a curve ball, across it": {},
	} {
		t.Run(text, func(t *testing.T) {
			if got := gists(text); !cmp.Equal(got, want) {
				t.Fatalf("got %q, want %q", got, want)
			}
		})
	}
}

func TestPeopleAreFoundWhereSomethingIsGivenToThem(t *testing.T) {
	for text, want := range map[string][]string{
		"pay erin back 40 usdc":                 {"name erin", "amount exact 40", "token USDC"},
		"give mum her 20 dai":                   {"name mum", "amount exact 20", "token DAI"},
		"send 5 usdc to erin because she asked": {"amount exact 5", "token USDC", "name erin"},
		"9 dai to erin, 8 dai to tom":           {"amount exact 9", "token DAI", "name erin", "amount exact 8", "token DAI", "name tom"},
		"9 dai for erin":                        {"amount exact 9", "token DAI", "name erin"},
		"erin gets 4 dai, tom gets 5 dai":       {"name erin", "amount exact 4", "token DAI", "name tom", "amount exact 5", "token DAI"},
		"swap 1 weth to dai to erin":            {"amount exact 1", "token WETH", "token DAI", "name erin"},
		"send 5 usdc to my vault":               {"amount exact 5", "token USDC", "name vault"},
		"send 5 usdc to trip fund":              {"amount exact 5", "token USDC", "name trip fund"},
		"pay my cousin erin.eth 5 dai":          {"name erin.eth", "amount exact 5", "token DAI"},
		"wire aunt 5 dai":                       {"name aunt", "amount exact 5", "token DAI"},
		"stash 2 eth in my cold storage":        {"amount exact 2", "token ETH", "name cold storage"},
		"send um 5 dai to erin.eth":             {"amount exact 5", "token DAI", "name erin.eth"},
		"I want 5 usdc to live on":              {"amount exact 5", "token USDC"},
		"send them something nice":              {},
		"is it going to depeg":                  {},
	} {
		t.Run(text, func(t *testing.T) {
			if got := gists(text); !cmp.Equal(got, want) {
				t.Fatalf("got %q, want %q", got, want)
			}
		})
	}
}

func TestNumbersThatCountNoMoneyAreNoAmounts(t *testing.T) {
	for text, want := range map[string][]string{
		"step 1: swap 5 dai to usdc":                 {"amount exact 5", "token DAI", "token USDC"},
		"pay bob.eth 5 dai, invoice 1207":            {"name bob.eth", "amount exact 5", "token DAI"},
		"two things: swap 5 dai to usdc":             {"amount exact 5", "token DAI", "token USDC"},
		"my 2 cents: sell 3 uni":                     {"amount exact 3", "token UNI"},
		"send bob.eth 5 dai for the 3 lessons":       {"name bob.eth", "amount exact 5", "token DAI"},
		"swap 5 dai to usdc before I turn 50":        {"amount exact 5", "token DAI", "token USDC"},
		"the top 5 yields for dai":                   {"token DAI"},
		"sell 3 uni, thanks a million":               {"amount exact 3", "token UNI"},
		"of my uni, turn 6 into dai":                 {"token UNI", "amount exact 6", "token DAI"},
		"swap it all to dai":                         {"amount all", "token DAI"},
		"invoice 17 usdc":                            {"amount exact 17", "token USDC"},
		"bridge 5 dai to base, it's all on ethereum": {"amount exact 5", "token DAI", "chain base", "chain ethereum"},
	} {
		t.Run(text, func(t *testing.T) {
			if got := gists(text); !cmp.Equal(got, want) {
				t.Fatalf("got %q, want %q", got, want)
			}
		})
	}
}
