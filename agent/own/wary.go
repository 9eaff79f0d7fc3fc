package own

import (
	"slices"

	"github.com/keymaker-agent/keymaker/intents"
)

// How sure the model must have been of every element of a draft that moves something. More is asked where the words may tell of the past,
// of somebody else, or of what might be: these are the sentences that differ from an order by one word, and money hangs on it. A word that
// was never taught as a whole asks for more, too.
const (
	surely     = 0.7
	surelyMore = 0.95
	never      = 2
)

// needed is how sure the model must have been for its draft not to be in doubt. It is never sure enough beside quoted or pasted text,
// among words that are mostly strange, where a word takes back or only supposes what the others say, and where a verb is said that no
// step carries out.
func needed(r *intents.Reading, d intents.Draft) float64 {
	if !d.Moves() {
		return surely
	}
	need, words, strange, before, last := surely, 0, 0, "", ""
	amounts, joined := 0, true
	for _, p := range r.Senses() {
		if p.Foreign {
			return never
		}
		w := word(p)
		if p.Span != nil || w == "" {
			if p.Span != nil && before == "for" && last == "my" { // 100 DAI for my ETH: which one is paid?
				return never
			}
			if p.Span != nil && p.Span.Kind == intents.AmountSpan {
				if amounts++; amounts > 1 && !joined && len(d.Steps) > 1 { // 100 USDC 200 USDC: two steps that nothing joins
					return never
				}
				joined = false
			}
			before, last = "", ""
			continue
		}
		joined = true
		if _, past := intents.Participle(w); past || doubted[w] || last == "you" && permits[w] || undone(d, w) {
			return never
		}
		words++
		if !(Builtin{}).Knows(w) {
			strange++
		}
		if warily[w] {
			need = surelyMore
		}
		before, last = last, w
	}
	switch {
	case strange > 1 && 3*strange > words:
		return never
	case strange > 0:
		return surelyMore
	}
	return need
}

// undone reports whether a word is a verb with one meaning that no step of the draft has.
func undone(d intents.Draft, w string) bool {
	family, verb := intents.VerbFamily(w)
	means := meaning[family]
	return verb && means != nil && !slices.ContainsFunc(d.Steps, func(s intents.Step) bool { return slices.Contains(means, s.Action) })
}

// meaning are the actions of the verbs that mean one thing only, wherever they stand.
var meaning = map[intents.Family][]intents.Action{
	intents.BridgeVerb: {intents.Bridge}, intents.WrapVerb: {intents.Wrap}, intents.UnwrapVerb: {intents.Unwrap},
	intents.StakeVerb: {intents.Stake}, intents.UnstakeVerb: {intents.Withdraw}, intents.BorrowVerb: {intents.Borrow},
	intents.RevokeVerb: {intents.Revoke}, intents.ApproveVerb: {intents.Approve},
}

var (
	// doubted are words that suppose, forbid, take back, turn round, or ask what to say of what follows.
	doubted = set(
		"should", "suppose", "supposing", "assume", "assuming", "imagine", "imagining", "pretend", "pretending", "hypothetically", "theoretically",
		"unless", "except", "apart", "besides", "before", "forbid", "forbidden", "prohibit", "ban", "banned", "disallow", "jk", "kidding", "joking", "joke",
		"summarize", "summarise", "translate", "explain", "describe", "define", "repeat", "rephrase", "spell", "pronounce",
		"think", "thinking", "thought", "wonder", "wondering", "consider", "considering", "dream", "dreamt", "wish", "wished", "regret",
		"reverse", "undo", "revert", "cancel", "someone", "somebody", "anyone", "anybody", "nobody", "everyone", "everybody", "whoever", "tricked", "trick",
	)
	permits = set("can", "may", "could", "might", "would")
	warily  = set(
		"yesterday", "ago", "already", "earlier", "previously", "once", "last", "never", "ever", "was", "were", "been", "had", "did", "got", "went", "used", // the past
		"if", "would", "might", "maybe", "perhaps", "someday", "eventually", "hope", "bet", "lol", "haha", "example", "instance", // what might be
		"he", "she", "they", "his", "her", "their", "who", "people", "friend", "brother", "sister", "boss", // others
		"said", "says", "told", "wants", "wanted", "asked", "wrote", "claims", "why", "how", "what", "when", "where", "which", // reports and questions
		"no", "not", "instead", "rather", "stop", "wait", "actually", "sorry", "or", "but", "until", // second thoughts
	)
)

func set(words ...string) map[string]bool {
	s := make(map[string]bool, len(words))
	for _, w := range words {
		s[w] = true
	}
	return s
}
