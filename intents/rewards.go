package intents

import (
	"math/big"
	"strconv"
	"strings"
)

// What is said of the rewards and nowhere else: how a vote is cast and on which proposal, and for how long something is locked.

// RewardToken is the symbol of the token that the rewards are paid in.
const RewardToken = "KEY"

// choiceOf are the words for how a vote is cast. They are spans beside a vote alone: for and no are other words elsewhere.
var choiceOf = map[string]Choice{
	"for": VoteFor, "yes": VoteFor, "yea": VoteFor, "aye": VoteFor, "yay": VoteFor, "favor": VoteFor, "favour": VoteFor,
	"against": VoteAgainst, "no": VoteAgainst, "nay": VoteAgainst,
	"abstain": VoteAbstain, "abstention": VoteAbstain, "abstaining": VoteAbstain,
}

var (
	votingWords   = words(`vote votes voting`)
	proposalWords = words(`proposal prop`)
	numberMarks   = words(`# number no nr . :`)
	beforeChoice  = words(`to in a an my`)
	afterNumber   = words(`, : - with a`)
)

// ballots takes how a vote is cast and the number of its proposal: vote against proposal 3. Only a sentence that casts a vote, in
// English, has any.
func (p *reader) ballots() {
	if p.tongue != nil {
		return
	}
	cast := false
	for i := range p.ws {
		if !p.ws[i].own {
			continue
		}
		if votingWords[p.at(i)] || p.at(i) == "abstain" {
			cast = true
			p.choiceAt(i)
		}
	}
	if !cast {
		return
	}
	for i := range p.ws {
		if next := p.proposal(i); next > i {
			p.choiceFrom(next, afterNumber)
		}
	}
}

// choiceAt takes the choice beside the word for a vote: a no vote, vote in favour, abstain.
func (p *reader) choiceAt(i int) {
	if p.takeChoice(i) || p.takeChoice(i-1) {
		return
	}
	p.choiceFrom(i+1, beforeChoice)
}

// choiceFrom takes the choice at word i, behind words that may stand before it.
func (p *reader) choiceFrom(i int, before map[string]bool) {
	for p.is(i, before) {
		i++
	}
	p.takeChoice(i)
}

func (p *reader) takeChoice(i int) bool {
	c, ok := choiceOf[p.at(i)]
	if ok {
		p.take(i, i+1, Span{Kind: ChoiceSpan, Value: string(c)})
	}
	return ok
}

// proposal takes the number of a proposal at word i, and returns the word after it; i, where there is none.
func (p *reader) proposal(i int) int {
	from := i + 1
	switch {
	case p.is(i, proposalWords):
	case p.at(i) == "#" && p.glued(i+1):
		from = i
	default:
		return i
	}
	at := from
	for p.is(at, numberMarks) {
		at++
	}
	if !p.takeNumber(from, at) {
		return i
	}
	return at + 1
}

// takeNumber takes the number at word i, with the marks from a word on that stand before it.
func (p *reader) takeNumber(from, i int) bool {
	if !p.isDigits(i) {
		return false
	}
	n, err := strconv.ParseUint(p.ws[i].norm, 10, 64)
	if err == nil {
		p.take(from, i+1, Span{Kind: NumberSpan, Value: strconv.FormatUint(n, 10)})
	}
	return err == nil
}

// bareReward takes an answer that says nothing but what was asked for: a time, a number or a choice.
func (p *reader) bareReward(slots []string) {
	for _, name := range slots {
		switch name {
		case slotTerm:
			p.bareTerms()
		case slotProposal:
			for i := range p.ws {
				if p.proposal(i) == i {
					p.takeNumber(i, i)
				}
			}
		case slotChoice:
			for i := range p.ws {
				p.takeChoice(i)
			}
		}
	}
}

// bareTerms takes stretches of time without the word for one: 2 years.
func (p *reader) bareTerms() {
	for i := range p.ws {
		if p.at(i-1) == "for" {
			continue // the pass of times takes it
		}
		if next, value := p.duration(i); next > i {
			p.take(i, next, Span{Kind: TimeSpan, Value: spanMark + value})
		}
	}
}

// spanMark stands before the value of a stretch of time.
const spanMark = "span:"

// spanWord is a stretch of time, without the mark of its kind.
func spanWord(s Span) string { return strings.TrimPrefix(s.Value, spanMark) }

// secondsOf are the lengths of the units of a stretch of time. A month is 30 days and a year 365, as contracts count.
var secondsOf = map[string]int64{
	"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 7 * 86_400, "month": 30 * 86_400, "year": 365 * 86_400,
}

// longestTerm bounds a stretch of time, in seconds: ages, and far from where a sum of times could wrap.
const longestTerm = 1 << 40

// termOf is how many whole seconds a stretch of time has; false where that can't be told.
func termOf(s Span) (uint64, bool) {
	number, unit, ok := strings.Cut(spanWord(s), " ")
	if !ok || !strings.HasPrefix(s.Value, spanMark) {
		return 0, false
	}
	seconds, known := secondsOf[strings.TrimSuffix(unit, "s")]
	count, readable := new(big.Rat).SetString(number)
	if !known || !readable {
		return 0, false
	}
	count.Mul(count, new(big.Rat).SetInt64(seconds))
	if !count.IsInt() || count.Sign() <= 0 || count.Cmp(new(big.Rat).SetInt64(longestTerm)) > 0 {
		return 0, false
	}
	return count.Num().Uint64(), true
}

// ReadTerm reads a stretch of time alone, such as 2 years or 90d, in seconds.
func ReadTerm(text string) (seconds uint64, ok bool) {
	p := &reader{text: text, lex: &Lexicon{}, ws: lex(text)}
	next, value := p.duration(0)
	if next == 0 || next != len(p.ws) {
		return 0, false
	}
	return termOf(Span{Kind: TimeSpan, Value: spanMark + value})
}

// endless asks for how long something is locked, where the words say when or how often instead.
func endless(r *Reading, s Step, i int) *Question {
	span, ok := r.Span(s.Term)
	if !ok {
		return nil
	}
	if _, ok = termOf(span); ok {
		return nil
	}
	return about(i+1, slotTerm, "I can't tell how long %q is. %s", span.Text, questionFor(s.Action, slotTerm))
}

// reward adds the values that only the rewards' steps have. Check has held them.
func (x *resolver) reward(in *Intent) {
	if s, ok := x.r.Span(x.step.Term); ok {
		if seconds, ok := termOf(s); ok {
			in.Term = &Sourced[uint64]{seconds, FromUser, s.ID}
		}
	}
	if s, ok := x.r.Span(x.step.Proposal); ok {
		if n, err := strconv.ParseUint(s.Value, 10, 64); err == nil {
			in.Proposal = &Sourced[uint64]{n, FromUser, s.ID}
		}
	}
	if s, ok := x.r.Span(x.step.Choice); ok {
		in.Choice = &Sourced[Choice]{Choice(s.Value), FromUser, s.ID}
	}
}
