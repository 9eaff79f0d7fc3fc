package grammar

import (
	"slices"
	"strings"

	"github.com/keymaker-agent/keymaker/intents"
)

// What a person orders of the rewards is a sentence of its own: claim my rewards, lock 100 KEY for 2 years, vote against proposal 3.
// A claim and a vote have one span of a kind and are read as bags of words behind their verb; a lock is read by its phrases. None of
// their verbs is one of a family, so that elsewhere the words mean what they meant.

var (
	claiming = phrases(`claim, claim back, collect, harvest, withdraw, redeem, get, take, cash in, cash out, pick up, give me, send me, pay me, pay me out, pay out`)
	// claimed are the words behind the verb of a claim; one of gains, or the token itself, says what is claimed.
	claimed = set(`my our the all of any that those pending unclaimed claimable earned outstanding available open due accrued rewards reward earnings payout payouts emission emissions
		what i i've have had earned am owed i'm whatever everything is mine now so far keymaker's to me wallet account for from`)
	gains    = set(`rewards reward earnings payout payouts emission emissions owed earned`)
	locking  = phrases(`lock, lock up, lock away, lock in`)
	balloted = set(`a an my the on to in of with from vote votes voting proposal prop number favor favour : , -`)
)

// reward reads a sentence that orders the rewards and nothing else: one order, or several that are joined.
func reward(items []item) (intents.Draft, bool) {
	if len(items) > 2*maxAsked || questions(items) {
		return intents.Draft{}, false
	}
	var d intents.Draft
	for len(items) > 0 {
		s, n := firstOrder(items)
		if n == 0 {
			return intents.Draft{}, false
		}
		d.Steps, d.Why = append(d.Steps, s), append(d.Why, join(items[:n]))
		items = items[n:]
	}
	return d, len(d.Steps) > 0
}

// firstOrder reads the order that the items begin with, which goes to their end or to a joint, and returns how many items it has with
// the joint. The longest that can be read counts.
func firstOrder(items []item) (intents.Step, int) {
	for end := len(items); end > 0; end-- {
		next := end
		if end < len(items) {
			if next = jointAt(items, end); next == end || next == len(items) {
				continue
			}
		}
		if s, ok := oneOrder(items[:end]); ok {
			return s, next
		}
	}
	return intents.Step{}, 0
}

// jointAt returns the item after the joint at item i; i, where there is none.
func jointAt(items []item, i int) int {
	at := i
	for at < len(items) && (joints[items[at].word] || match(items, at, stepPhrases) > 0) {
		at += max(1, match(items, at, stepPhrases))
	}
	return at
}

// oneOrder reads words that are one order, behind what opens it and before what closes it. No sentence ends within it.
func oneOrder(items []item) (intents.Step, bool) {
	i, end := skipLeads(items, 0), len(items)
	for k := i; k < len(items); k++ {
		if skipTails(items, k) == len(items) {
			end = k
			break
		}
	}
	said := items[min(i, end):end]
	if len(said) == 0 || slices.ContainsFunc(said[1:], func(t item) bool { return t.ends }) {
		return intents.Step{}, false
	}
	for _, read := range []func([]item) (intents.Step, bool){claimOrder, lockOrder, voteOrder} {
		if s, ok := read(said); ok {
			return s, true
		}
	}
	return intents.Step{}, false
}

// claimOrder reads: claim my rewards; collect what I earned; claim all my KEY on base.
func claimOrder(said []item) (s intents.Step, ok bool) {
	n := match(said, 0, claiming)
	if n == 0 {
		return s, false
	}
	s.Action = intents.Claim
	sure := said[0].word == "claim" || said[0].word == "collect" || said[0].word == "harvest"
	named := false
	for i := n; i < len(said); i++ {
		switch t := said[i]; {
		case t.kind() == intents.ChainSpan && s.Chain == "" && (said[i-1].word == "on" || said[i-1].word == "from"):
			s.Chain = t.span.ID
		case rewardToken(t.span) && s.TokenIn == "":
			s.TokenIn, named = t.span.ID, named || sure
		case whole(t.span) && s.Amount == "":
			s.Amount = t.span.ID
		case t.span == nil && (claimed[t.word] || t.word == "on" && i+1 < len(said) && said[i+1].kind() == intents.ChainSpan):
			named = named || gains[t.word]
		default:
			return s, false
		}
	}
	return s, named
}

// lockOrder reads: lock 100 KEY for 2 years; lock up all my KEY for 90 days on base.
func lockOrder(said []item) (s intents.Step, ok bool) {
	i := match(said, 0, locking)
	if i == 0 {
		return s, false
	}
	s.Action = intents.Lock
	for i < len(said) {
		p, n := phraseAt(said, i)
		if n == 0 {
			if !fillers[said[i].word] && !marks[said[i].word] {
				return s, false
			}
			i++
			continue
		}
		i += n
		if !lockPhrase(&s, p) {
			return s, false
		}
	}
	return s, s.TokenIn != ""
}

func lockPhrase(s *intents.Step, p phrase) bool {
	switch {
	case p.other == nil:
		if p.lead != "" || p.before || p.worth != nil || s.TokenIn != "" || !rewardToken(p.token) {
			return false
		}
		s.Amount, s.TokenIn = id(p.amount), id(p.token)
		return true
	case p.other.Kind == intents.TimeSpan:
		free := s.Term == ""
		s.Term = p.other.ID
		return free && p.lead == "" && strings.HasPrefix(p.other.Value, "span:")
	case p.other.Kind == intents.ChainSpan:
		free := s.Chain == ""
		s.Chain = p.other.ID
		return free && p.lead == "on"
	}
	return false
}

// voteOrder reads: vote for proposal 3; cast a no vote on proposal 3; abstain on proposal 3.
func voteOrder(said []item) (s intents.Step, ok bool) {
	if said[0].word == "i" && len(said) > 1 {
		said = said[1:]
	}
	if first := said[0]; first.word != "vote" && first.word != "cast" && (first.kind() != intents.ChoiceSpan || first.span.Value != string(intents.VoteAbstain)) {
		return s, false
	}
	s.Action = intents.Vote
	for i, t := range said {
		switch {
		case t.kind() == intents.NumberSpan && s.Proposal == "":
			s.Proposal = t.span.ID
		case t.kind() == intents.ChoiceSpan && s.Choice == "":
			s.Choice = t.span.ID
		case t.kind() == intents.ChainSpan && s.Chain == "" && i > 0 && said[i-1].word == "on":
			s.Chain = t.span.ID
		case t.span == nil && (balloted[t.word] || i == 0 && t.word == "cast"):
		default:
			return s, false
		}
	}
	return s, s.Proposal != ""
}

// rewardToken reports whether a span is the token that the rewards are paid in.
func rewardToken(s *intents.Span) bool {
	return s != nil && s.Kind == intents.TokenSpan && s.Symbol == intents.RewardToken
}

// yields reports whether words ask what could be earned, not what was.
func yields(said []item) bool { return anyWord(said, wouldEarn) && !anyWord(said, claimings) }

var (
	wouldEarn = set(`could would should can will best most where`)
	claimings = set(`claim claimable unclaimed`)
)
