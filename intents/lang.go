package intents

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Other languages are read through a table that gives their words the sense of an English one: the passes of Read then see
// English words at the offsets of the user's own, and a planner sees the user's own words. Where the order of words differs
// (what stands after a noun in Turkish stands before it in English), a sense that starts with @ says what the word before it is.
//
// A text that no table claims is read as English, and nothing here touches it.

// tongue is one language.
type tongue struct {
	key    string
	script *unicode.RangeTable // of a language that its letters tell; nil for Latin ones
	senses string              // lines of "sense: word, more words of one phrase"
	counts string              // number words, see numbersOf
	form   numberForm

	read func() *vocabulary // made of the tables when the language is first met
}

// vocabulary is a tongue's tables, made ready.
type vocabulary struct {
	senses   map[string]string // folded words, one space between -> sense
	longest  int               // words in the longest phrase
	numbers  map[string]numeral
	negative map[string]bool // single words that say not
}

// tongues in the order in which ties are decided.
var tongues = []*tongue{spanish, portuguese, italian, french, german, indonesian, turkish, russian, hindi, korean, japanese, chinese}

func (t *tongue) ready() *tongue {
	t.read = sync.OnceValue(func() *vocabulary {
		v := &vocabulary{senses: map[string]string{}, negative: map[string]bool{}, numbers: numbersOf(t.counts)}
		for line := range strings.Lines(t.senses) {
			sense, list, ok := strings.Cut(strings.TrimSpace(line), ":")
			if !ok {
				continue
			}
			for said := range strings.SplitSeq(list, ",") {
				phrase := fold(strings.ReplaceAll(strings.Join(strings.Fields(said), " "), " - ", "- "))
				if phrase == "" {
					continue
				}
				v.senses[phrase] = sense
				v.longest = max(v.longest, 1+strings.Count(phrase, " "))
				if sense == "not" && !strings.Contains(phrase, " ") {
					v.negative[phrase] = true
				}
			}
		}
		return v
	})
	return t
}

// fold is how the words of the tables are compared: without the accents that people leave out.
func fold(s string) string {
	if ascii(s) {
		return strings.ToLower(s)
	}
	first, _ := utf8.DecodeRuneInString(s)
	if group := scriptGroup(first); group == east || group == hangul {
		return strings.ToLower(norm.NFKC.String(s))
	}
	s = alike.Replace(strings.ToLower(norm.NFKC.String(s)))
	if ascii(s) {
		return s
	}
	var b strings.Builder
	latin := false
	for _, r := range norm.NFD.String(s) {
		if r == '\u093c' || latin && unicode.Is(unicode.Mn, r) {
			continue
		}
		latin = r < 0x250 || r >= 0x300 && r < 0x370
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

// alike are letters that are written one for the other.
var alike = strings.NewReplacer("ß", "ss", "ı", "i", "ё", "е", "’", "'")

// claims tells, for each word that is no English one, which Latin tongues have it.
var claims = sync.OnceValue(func() map[string]uint16 {
	claims := map[string]uint16{}
	for n, t := range tongues {
		if t.script != nil {
			continue
		}
		v := t.read()
		for said, sense := range v.senses {
			if sense == "please" || sense == "thanks" || sense == "his" || sense == "your" {
				continue
			}
			for w := range strings.FieldsSeq(said) {
				w = strings.Trim(w, "-")
				if !englishWord(w) && (w == said || utf8.RuneCountInString(w) > 3) {
					claims[w] |= 1 << n
				}
			}
		}
		for said := range pasts()[t.key] {
			if w := fold(said); len(w) > 4 && !strings.Contains(w, " ") && !englishWord(w) {
				claims[w] |= 1 << n
			}
		}
		for w := range v.numbers {
			if !strings.Contains(w, " ") && !englishWord(w) {
				claims[w] |= 1 << n
			}
		}
	}
	return claims
})

// shared are the words of a Latin tongue that are English too: they tell nothing.
var shared = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for _, t := range tongues {
		if t.script != nil {
			continue
		}
		v := t.read()
		for said := range v.senses {
			set[said] = true
		}
		for said := range v.numbers {
			set[said] = true
		}
	}
	return set
})

// englishWord reports whether a word tells no language from English.
func englishWord(w string) bool {
	_, verb := byVerbOfEnglish()[w]
	return verb || english[w] || closers[w] || placeWords[w] || isNumeral(w) || scales[w] > 0 || plainEnglish[w] || unitWords[w] != "" || dayWords[w] != "" ||
		symbols()[strings.ToUpper(w)] || commonNames[w] != "" || dualSymbol[w] != ""
}

var byVerbOfEnglish = sync.OnceValue(func() map[string]Family { return byWord(verbsOf[0]) })

// plainEnglish are English words that some tongue has too, and the words by which an English sentence is known.
var plainEnglish = words(`u yo staking how does did can could would will was were this that up down go get work want need much many about sup gm pls a an the to for my of with from into at and then when if every please what is in on by all half i you it me we he she they be do not no die also come
	dove due fin main pour more man men per plus son sons tale use sale pare mil van con as so its any set port bin bar bir on or bring but art est est. min max gas quote half`)

// tongueOf returns the language of a text, or nil for English.
func tongueOf(ws []word) *tongue {
	letterCount := make([]int, len(tongues))
	for _, w := range ws {
		if !w.own || w.kind != letters || ascii(w.norm) {
			continue
		}
		for _, r := range w.norm {
			for n, t := range tongues {
				if t.script != nil && unicode.Is(t.script, r) {
					letterCount[n]++
				}
			}
		}
	}
	best := -1
	for n, t := range tongues {
		if letterCount[n] > 0 && (best < 0 || letterCount[n] > letterCount[best] && t != chinese) {
			best = n
		}
	}
	if best >= 0 {
		return tongues[best]
	}
	return latinTongue(ws)
}

// latinTongue counts whose words a text has.
func latinTongue(ws []word) *tongue {
	score, plain := make([]int, len(tongues)), 0
	for _, w := range ws {
		if !w.own || w.kind != letters {
			continue
		}
		said := fold(w.norm)
		if (plainEnglish[said] || placeWords[said] || byVerbOfEnglish()[said] != "" && said != "swap" && said != "bridge") && !shared()[said] {
			plain++
		}
		for n, claimed := 0, claims()[said]; claimed != 0; n, claimed = n+1, claimed>>1 {
			score[n] += int(claimed & 1)
		}
	}
	for n, t := range tongues {
		if t.form.joined && t.script == nil {
			for _, w := range ws {
				if w.own && w.kind == letters && len(w.norm) > 6 && len(t.compound(fold(w.norm), t.read())) > 1 {
					score[n]++
				}
			}
		}
	}
	best := slices.Index(score, slices.Max(score))
	if score[best] == 0 || score[best] <= plain {
		return nil
	}
	if it := slices.Index(tongues, italian); score[it] == score[best] && slices.ContainsFunc(ws, func(w word) bool { return w.own && w.norm == "per" }) { // vendi 2 ETH per USDC
		return italian
	}
	return tongues[best]
}
