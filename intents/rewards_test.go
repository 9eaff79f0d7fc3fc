package intents_test

import (
	"reflect"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

func rewardLexicon() *intents.Lexicon {
	lex := intents.DefaultLexicon()
	lex.Tokens[intents.RewardToken] = true
	return lex
}

func TestAVotesWordsAreSpansBesideAVoteAlone(t *testing.T) {
	for text, want := range map[string]string{
		"vote for proposal 3":                    "for 3",
		"vote no on proposal no. 12":             "against 12",
		"vote on prop #7, abstain":               "7 abstain",
		"cast a yes vote on proposal 1":          "for 1",
		"swap 3 ETH for DAI, no limit":           "",
		"is proposal 3 safe":                     "",
		"abstain from sugar for 3 days":          "abstain",
		"vote for proposal 3.5":                  "for",
		"vote for proposal 18446744073709551616": "for", // more than a number has room for
	} {
		got := ""
		for _, s := range intents.Read(text, rewardLexicon()).Spans {
			if s.Kind == intents.ChoiceSpan || s.Kind == intents.NumberSpan {
				if got != "" {
					got += " "
				}
				got += s.Value
			}
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestATermIsWholeSeconds(t *testing.T) {
	const day = 86_400
	for said, want := range map[string]uint64{
		"2 years": 2 * 365 * day, "a year": 365 * day, "18 months": 18 * 30 * day, "90 days": 90 * day, "1.5 years": 547*day + day/2,
		"4 weeks": 28 * day, "36 hours": 36 * 3600,
	} {
		r := intents.Read("lock 100 KEY for "+said, rewardLexicon())
		plan, q, err := intents.Resolve(r, lockOf(r), rewardWorld(t))
		if err != nil || q != nil {
			t.Errorf("%s: %+v, %v", said, q, err)
			continue
		}
		if in := plan.Intents[0]; in.Term == nil || in.Term.V != want || in.Term.From != intents.FromUser {
			t.Errorf("%s: %+v, want %d", said, in.Term, want)
		}
	}
}

func TestATermAloneIsReadWholly(t *testing.T) {
	for text, want := range map[string]uint64{"2 years": 730 * 86_400, "90d": 90 * 86_400, "two weeks": 14 * 86_400, "2": 0, "years": 0, "": 0, "2 years 3": 0, "-2 years": 0, "0 days": 0} {
		if got, ok := intents.ReadTerm(text); got != want || ok != (want > 0) {
			t.Errorf("%q: %d, %v", text, got, ok)
		}
	}
}

func TestATermThatCantBeToldIsAskedFor(t *testing.T) {
	for _, said := range []string{"every friday", "tomorrow", "for 0 days", "for 999999999999 years"} {
		r := intents.Read("lock 100 KEY "+said, rewardLexicon())
		d := lockOf(r)
		if d.Steps[0].Term == "" {
			t.Errorf("%s is no time", said)
			continue
		}
		if q, err := intents.Check(r, d); err != nil || q == nil || q.Missing[0] != "term" {
			t.Errorf("%s: %+v, %v", said, q, err)
		}
	}
}

func TestTheGapsOfARewardsOrderAreFilledByPlainAnswers(t *testing.T) {
	lex := rewardLexicon()
	for _, c := range []struct{ text, answer, gap string }{
		{"lock 100 KEY", "2 years", "term"},
		{"lock 100 KEY", "for 2 years", "term"},
		{"vote yes on the proposal", "3", "proposal"},
		{"vote yes on the proposal", "proposal #3", "proposal"},
		{"vote on proposal 3", "against", "choice"},
		{"vote on proposal 3", "abstain please", "choice"},
	} {
		r := intents.Read(c.text, lex)
		d := lockOf(r)
		if c.gap != "term" {
			d = voteOf(r)
		}
		q, err := intents.Check(r, d)
		if err != nil || q == nil || q.Missing[0] != c.gap {
			t.Errorf("%s: %+v, %v", c.text, q, err)
			continue
		}
		if r, d, err = intents.Fill(r, d, *q, c.answer, lex); err != nil {
			t.Fatal(err)
		}
		if q, err = intents.Check(r, d); q != nil || err != nil {
			t.Errorf("%s, %s: %+v, %v", c.text, c.answer, q, err)
		}
	}
}

func TestALockIsChangedByWhatIsSaidNext(t *testing.T) {
	lex := rewardLexicon()
	last := intents.Read("lock 100 KEY for 2 years", lex)
	for text, want := range map[string]intents.Exported{
		"make it 3 years":   {Action: "lock", Amount: "100", TokenIn: "KEY", Term: "3 years"},
		"for 90 days":       {Action: "lock", Amount: "100", TokenIn: "KEY", Term: "90 days"},
		"make it 200":       {Action: "lock", Amount: "200", TokenIn: "KEY", Term: "2 years"},
		"double it":         {Action: "lock", Amount: "200", TokenIn: "KEY", Term: "2 years"},
		"same but on base":  {Action: "lock", Amount: "100", TokenIn: "KEY", Term: "2 years", Chain: "base"},
		"every friday":      {},
		"and swap the rest": {},
	} {
		v, ok := intents.Revise(last, lockOf(last), text, lex)
		var got intents.Exported
		if ok && len(v.Ways) == 1 {
			got = intents.Export(v.Ways[0].Reading, v.Ways[0].Draft)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

func TestAVoteIsHeldAgainstItsWords(t *testing.T) {
	r := intents.Read("vote no on proposal 3", rewardLexicon())
	for name, s := range map[string]intents.Step{
		"a choice out of nowhere":   {Action: intents.Vote, Proposal: "N1", Choice: "B2"},
		"a proposal out of nowhere": {Action: intents.Vote, Proposal: "N2", Choice: "B1"},
		"the choice as a proposal":  {Action: intents.Vote, Proposal: "B1", Choice: "B1"},
		"a vote with an amount":     {Action: intents.Vote, Proposal: "N1", Choice: "B1", Amount: "N1"},
		"a lock until a choice":     {Action: intents.Lock, Term: "B1"},
	} {
		if _, err := intents.Check(r, intents.Draft{Steps: []intents.Step{s}}); !refusal.Is(err, refusal.Ungrounded) {
			t.Errorf("%s: %v", name, err)
		}
	}
	two := intents.Read("vote for proposal 3 no", rewardLexicon())
	d := intents.Draft{Steps: []intents.Step{{Action: intents.Vote, Proposal: "N1", Choice: "B1"}}}
	if q, err := intents.Check(two, d); err != nil || q == nil {
		t.Errorf("a second choice is passed over: %+v, %v", q, err)
	}
}

// rewardWorld is the world with the token of the rewards.
func rewardWorld(t testing.TB) intents.World {
	t.Helper()
	w := world(t)
	key := chain.Token{ChainID: 1, Address: common.HexToAddress(fooOne), Symbol: intents.RewardToken, Decimals: 18}
	tokens, err := chain.NewRegistry(chain.Listing{Token: key, Source: "builtin"})
	if err != nil {
		t.Fatal(err)
	}
	w.Tokens = tokens
	return w
}

// lockOf and voteOf point at the spans of their kinds, as far as there are any.
func lockOf(r *intents.Reading) intents.Draft {
	s := intents.Step{Action: intents.Lock}
	for _, span := range r.Spans {
		switch span.Kind {
		case intents.AmountSpan:
			s.Amount = span.ID
		case intents.TokenSpan:
			s.TokenIn = span.ID
		case intents.TimeSpan:
			s.Term = span.ID
		}
	}
	return intents.Draft{Steps: []intents.Step{s}}
}

func voteOf(r *intents.Reading) intents.Draft {
	s := intents.Step{Action: intents.Vote}
	for _, span := range r.Spans {
		switch span.Kind {
		case intents.NumberSpan:
			s.Proposal = span.ID
		case intents.ChoiceSpan:
			s.Choice = span.ID
		}
	}
	return intents.Draft{Steps: []intents.Step{s}}
}
