package grammar

import (
	"sync"

	"github.com/keymaker-agent/keymaker/intents"
)

// A word that no list has may be a slip of the finger in one that the lists have: teh, pleas, balence. It is taken for that word
// where only one is near and none that denies is. Verbs have their own slips (intents.VerbFamily); spans are never mended here.

// maxMended is how many slips a sentence may have before it is no sentence.
const maxMended = 3

// mended returns the items with slips put right.
func mended(items []item) []item {
	known, left := allWords(), maxMended
	for i, t := range items {
		if t.span != nil || len(t.word) < 2 || known[t.word] || verbLike(t.word) {
			continue
		}
		if left--; left < 0 {
			return items
		}
		if w := nearest(t.word, known); w != "" {
			items[i].word = w
		}
	}
	return items
}

// swapped are slips of words that are too short to be told from each other by their letters.
var swapped = map[string]string{
	"ot": "to", "fo": "of", "fro": "for", "form": "from", "adn": "and", "nad": "and", "teh": "the", "hte": "the", "si": "is", "yuo": "you", "taht": "that", "waht": "what", "wnat": "want",
	"ym": "my", "fi": "if", "si't": "it's", "hwo": "how", "hwat": "what", "wht": "what", "wats": "what's", "hw": "how", "plase": "please", "plese": "please", "tnx": "thanks", "tks": "thanks", "da": "the",
}

func nearest(word string, known map[string]bool) string {
	if w := swapped[word]; w != "" {
		return w
	}
	if len(word) < 4 {
		return ""
	}
	if intents.DeniesNearly(word) {
		return ""
	}
	found := ""
	for w := range known {
		if len(w) < 4 || !intents.Slip(word, w) {
			continue
		}
		if found != "" || verbLike(w) {
			return ""
		}
		found = w
	}
	return found
}

func verbLike(w string) bool {
	_, verb := intents.VerbFamily(w)
	_, done := intents.Participle(w)
	_, doing := intents.Gerund(w)
	return verb || done || doing
}

// allWords is every word that the grammar knows.
var allWords = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{}
	add := func(list [][]string) {
		for _, p := range list {
			for _, w := range p {
				known[w] = true
			}
		}
	}
	for _, list := range [][][]string{
		leads, tails, purposes, manners, havings, stepPhrases, mayI, mindings, befores, ownings, thats, wantings, beings, needings, takings, gettings, receivings, forIt, lights,
		backward, holding, whenWords,
	} {
		add(list)
	}
	for _, p := range prepositions {
		add(p.list)
	}
	for _, v := range verbs {
		add(v.list)
	}
	for _, t := range idleTails {
		add(t)
	}
	for _, words := range []map[string]bool{fillers, determiners, nouns, debts, marks, paces, asking, joints, placeNouns, holders, levelWords, waits, plain, salutes, chatter} {
		for w := range words {
			known[w] = true
		}
	}
	for _, w := range wishes {
		for _, sayings := range w.said {
			for _, s := range sayings {
				add([][]string{s.words})
			}
		}
	}
	return known
})
