package own

import (
	"github.com/keymaker-agent/keymaker/intents"
)

// A draft that moves something has to be surer where the words may tell of the past, of somebody else, or of what might be: these
// are the sentences that differ from an order by one word, and money hangs on it.
// Beside quoted or pasted text it is never sure.
const (
	surely     = 0.9
	surelyWary = 0.985
	never      = 2
)

// needed is how sure the model must have been of every element for its draft not to be in doubt.
func needed(r *intents.Reading, d intents.Draft) float64 {
	if !d.Moves() {
		return surely
	}
	for _, p := range r.Senses() {
		if p.Foreign {
			return never
		}
		if p.Span != nil {
			continue
		}
		if _, past := intents.Participle(p.Word); past || warily[p.Word] {
			return surelyWary
		}
	}
	return surely
}

var warily = set(
	"yesterday", "ago", "already", "earlier", "previously", "once", "last", "never", "ever", "was", "were", "been", "had", "did", "got", "went", "used", // the past
	"if", "would", "should", "might", "maybe", "perhaps", "suppose", "imagine", "pretend", "hypothetically", "someday", "eventually", "wish", "hope", "bet", // what might be
	"thinking", "considering", "wondering", "wonder", "dreamt", "dream", "joking", "kidding", "lol", "haha", "pretending", "example", "instance",
	"he", "she", "they", "his", "her", "their", "someone", "somebody", "everyone", "nobody", "who", "people", "friend", "brother", "sister", "boss", // others
	"said", "says", "told", "wants", "wanted", "asked", "wrote", "claims", "why", "how", "what", "when", "where", "which", // reports and questions
	"no", "not", "instead", "rather", "stop", "wait", "actually", "sorry", "or", "but", "unless", "except", "until", // second thoughts
)

func set(words ...string) map[string]bool {
	s := make(map[string]bool, len(words))
	for _, w := range words {
		s[w] = true
	}
	return s
}
