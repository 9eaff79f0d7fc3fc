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
		if t.span != nil || len(t.word) < 2 || known[t.word] || verbLike(t.word) || english[t.word] {
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
		if found != "" || verbLike(w) || verbWords()[w] {
			return ""
		}
		found = w
	}
	return found
}

// english are words of their own that are near a known one: hate is no slip of have.
var english = set(`begs sail just plug removed grown rete fire lever pose hacker debit heave later tried wife prize minted gold seen chat
	flog todos bell niece reversed morse toying monkey spam tale bank play evacuate scout broker downside slot else dues while paint poke babe word work closed cause docs contact code vale hope became talking worries
	whose shut point protect vested slip dogs began saving snow nest smart among clearer trick talk smash lock service bile wine halve invent frog chose writing loop
	fish plain slice weak care nick used yours pumps deal beep auction remainder keen peace hero blow spare dark closet calm touche tanking analyst older
	crash fool drag info clean tell store knew prince hurt mess hands obey issue nett ration three ease chef thirds toward though radio drip dare user size side
	fill sharp automate scale boat tide rage rude gale skip game lived maker chunk alone past hate loot shall small cook expert dove whale sample ideas role
	swore dead cold hard world hook book bond band sand bold fold told sold mold gain rain main pair fair hair lair mind kind bind wind hang bang rang lamp camp ramp damp burn turn torn born hack rack lack pack back sack
	lash mash hash gash rash dash wash cash fasten hasten lisa hans burst roast toast host ghost lose loose choose chase chased base vase mine nine fine pine line lane lone tone zone gone bone`)

// verbWords are the words of the verbs: none of them comes of a slip, so that no slip orders anything.
var verbWords = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for _, v := range verbs {
		for _, p := range v.list {
			words[p[0]] = true
		}
	}
	return words
})

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
