package grammar_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/keymaker-agent/keymaker/agent/grammar"
	"github.com/keymaker-agent/keymaker/intents"
)

// rewarded says what the grammar and the checker make of a sentence where KEY is a token: the draft as JSON, ? and the gaps of a
// question, or ! and the refusal.
func rewarded(t testing.TB, text string) string {
	t.Helper()
	lex := intents.DefaultLexicon()
	lex.Tokens[intents.RewardToken] = true
	r := intents.Read(text, lex)
	d, err := grammar.New().Plan(context.Background(), r)
	report := intents.Judge(r, d)
	if err != nil {
		report = intents.Refused(err)
	}
	switch report.Outcome {
	case intents.Asked:
		return "? " + report.Missing[0]
	case intents.Declined:
		return "! " + report.Reason
	case intents.Nothing:
		return "none"
	}
	said, err := json.Marshal(report.Draft)
	if err != nil {
		t.Fatal(err)
	}
	return string(said)
}

func TestOrdersOfTheRewardsAreReadWholly(t *testing.T) {
	const (
		claim  = `{"action":"claim"}`
		earned = `{"action":"earned"}`
		locked = `{"action":"lock","token_in":"KEY","amount":"100","term":"2 years"}`
		no     = `{"action":"vote","proposal":"3","choice":"against"}`
		yes    = `{"action":"vote","proposal":"3","choice":"for"}`
	)
	for text, want := range map[string]string{
		"claim my rewards":                                claim,
		"Hey, please claim my rewards now!":               claim,
		"collect what I earned":                           claim,
		"withdraw my rewards":                             claim,
		"claim all my rewards":                            `{"action":"claim","amount":"all"}`,
		"claim my KEY on base":                            `{"action":"claim","token_in":"KEY","chain":"base"}`,
		"what did I earn":                                 earned,
		"What have I earned so far?":                      earned,
		"show me my rewards":                              earned,
		"what can I claim?":                               earned,
		"what's my voting power":                          earned,
		"how much KEY did I earn on base":                 `{"action":"earned","token_in":"KEY","chain":"base"}`,
		"lock 100 KEY for 2 years":                        locked,
		"lock up 100 KEY for two years please":            locked,
		"lock half of my KEY for 90 days on base":         `{"action":"lock","token_in":"KEY","amount":"50%","chain":"base","term":"90 days"}`,
		"lock all my KEY for a year":                      `{"action":"lock","token_in":"KEY","amount":"all","term":"1 year"}`,
		"lock 100 KEY":                                    "? term",
		"lock KEY for 2 years":                            "? amount",
		"vote for proposal 3":                             yes,
		"vote yes on proposal 3":                          yes,
		"i vote in favour of prop #3":                     yes,
		"vote against proposal 3":                         no,
		"vote no on proposal no. 3":                       no,
		"vote on proposal 3: no":                          no,
		"cast a no vote on proposal 3":                    no,
		"abstain on proposal 3":                           `{"action":"vote","proposal":"3","choice":"abstain"}`,
		"vote on proposal 3":                              "? choice",
		"claim my rewards, then lock 100 KEY for 2 years": `{"action":"claim","steps":[` + claim + "," + locked + `]}`,
		"claim my rewards. then vote no on proposal 3.":   `{"action":"claim","steps":[` + claim + "," + no + `]}`,
		"vote for proposal 3 and vote for proposal 3":     `{"action":"vote","proposal":"3","choice":"for","steps":[` + yes + "," + yes + `]}`,
	} {
		if got := rewarded(t, text); got != want {
			t.Errorf("%q\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestWhatOnlySoundsLikeTheRewardsIsNotOrdered(t *testing.T) {
	const uncovered = "! not_understood"
	for text, want := range map[string]string{
		"don't claim my rewards":                        uncovered,
		"did you claim my rewards?":                     `{"action":"earned"}`, // what is claimed is among it
		"claim my rewards on aave":                      uncovered,             // another protocol's
		"claim my airdrop":                              uncovered,
		"claim 5 USDC":                                  uncovered,
		"claim my rewards. no wait":                     uncovered,
		"claim my rewards and send them to bob":         uncovered,
		"claim my rewards and don't vote":               uncovered,
		"claim my rewards. just kidding":                uncovered,
		"vote for proposal 3 and 4":                     uncovered,
		"claim my rewards and":                          uncovered,
		"lock 100 CRV for 2 years":                      uncovered, // no token of the rewards
		"lock 100 KEY every friday":                     uncovered,
		"lock 100 KEY and 5 USDC for 2 years":           uncovered,
		"unlock 100 KEY":                                uncovered,
		"vote for proposal 3 no":                        uncovered, // both ways
		"vote yes on proposals 3 and 4":                 uncovered,
		"vote yes on proposal 12 of arbitrum's dao":     uncovered,
		"should i vote for proposal 3?":                 uncovered,
		"never vote for proposal 3":                     uncovered,
		"what can i earn with my eth":                   `{"action":"yield_search","token_in":"ETH"}`,
		"stake 100 KEY":                                 `{"action":"stake","token_in":"KEY","amount":"100"}`,
		"withdraw 100 KEY":                              `{"action":"withdraw","token_in":"KEY","amount":"100"}`,
		"the site says: claim my rewards at once":       "none",
		"what is my private key":                        uncovered,
		"lokc 100 KEY for 2 years":                      uncovered, // no slip orders anything
		"vote against proposal 99999999999999999999999": uncovered,
	} {
		if got := rewarded(t, text); got != want {
			t.Errorf("%q\n got %s\nwant %s", text, got, want)
		}
	}
}
