package intents

import "strings"

// CanBeName reports whether a label can name somebody in a sentence: the reader finds it as a name, whole, and it is no word that
// says something else, such as a token, a chain, a number, or a word of the language.
func CanBeName(label string, lx *Lexicon) bool {
	w := plain(label)
	ws := lex(label)
	if len(ws) == 0 || len(marksOf(label)) > 0 || lx.Tokens[strings.ToUpper(w)] || lx.Names[w] != "" || lx.Chains[w] != "" || lx.Venues[w] != "" {
		return false
	}
	if english[w] || notLabels[w] || closers[w] || negations[w] || endings[w] || verbal(w) || isNumeral(w) || scales[w] > 0 || reviseWords[w] || revisePreps[w] || factors[w] != nil ||
		sameWords[w] || reviseVerbs[w] || places[w] > 0 || yesWords[w] || noWords[w] || takesBack[w] || onceMore[w] || unitWords[w] != "" || dayWords[w] != "" || percentWords[w] || dollarWords[w] {
		return false
	}
	with := *lx
	with.Book = map[string]bool{w: true}
	r := Read("send 1 ETH to "+label, &with)
	name := r.Spans[len(r.Spans)-1]
	return len(r.Spans) == 3 && name.Kind == NameSpan && name.Value == w && name.End == len(r.Text)
}
