package intents

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Words that are written without spaces are cut where scripts meet. Runs of Chinese characters and kana are cut by the longest
// match over the words of this task; what no list knows is cut into single characters, or is one word where it is in katakana
// or Hangul. An ending that hangs on a Latin word by an apostrophe (USDC'yi), and an article before one (l'ETH), is a word of
// its own.

// script is a group of letters that are written together.
type script uint8

const (
	alphabet script = iota // Latin, Cyrillic, Greek: words stand apart
	cyrillic
	east // Chinese characters and kana
	hangul
	devanagari
)

func scriptGroup(r rune) script {
	switch {
	case r < 0x400:
		return alphabet
	case unicode.Is(unicode.Cyrillic, r):
		return cyrillic
	case unicode.Is(unicode.Han, r), unicode.Is(unicode.Hiragana, r), unicode.Is(unicode.Katakana, r), r == 'ー', r == '々':
		return east
	case unicode.Is(unicode.Hangul, r):
		return hangul
	case unicode.Is(unicode.Devanagari, r):
		return devanagari
	}
	return alphabet
}

// distinct are the Cyrillic letters that no Latin letter looks like: where one follows a Latin word, everyone sees the seam.
const distinct = "джлфцчшщэюяДЖЛФЦЧШЩЭЮЯ"

// parts reports whether a word ends between two letters because their scripts differ. Latin and Cyrillic letters part only
// where they can't be mistaken for each other: USDС with a Cyrillic С stays one word, which is marked.
func parts(before, after rune) bool {
	a, b := scriptGroup(before), scriptGroup(after)
	if a == b {
		return false
	}
	if a <= cyrillic && b <= cyrillic {
		return a == alphabet && unicode.Is(unicode.Latin, before) && strings.ContainsRune(distinct, after)
	}
	return true
}

// cuts returns where the words of text[start:end], which stand together, end.
func cuts(text string, start, end int, kana func() bool) []int {
	s := text[start:end]
	first, _ := utf8.DecodeRuneInString(s)
	var ends []int
	switch scriptGroup(first) {
	case east:
		dictionary := chineseWords()
		if kana() {
			dictionary = japaneseWords()
		}
		ends = segment(s, dictionary)
	case hangul:
		ends = segmentHangul(s)
	default:
		ends = cutClitics(s)
	}
	for i := range ends {
		ends[i] += start
	}
	return ends
}

// hasKana reports whether a text is Japanese, as far as its characters tell.
func hasKana(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Hiragana, r) || unicode.Is(unicode.Katakana, r) })
}

// wordbook is the single words of a tongue, for cutting.
type wordbook struct {
	words   map[string]bool
	longest int // in bytes
}

func wordbookOf(t *tongue) func() *wordbook {
	return sync.OnceValue(func() *wordbook {
		v, b := t.read(), &wordbook{words: map[string]bool{}}
		add := func(w string) {
			b.words[w] = true
			b.longest = max(b.longest, len(w))
		}
		for said := range v.senses {
			for w := range strings.FieldsSeq(said) {
				if !ascii(w) {
					add(w)
				}
			}
		}
		for w := range v.numbers {
			add(w)
		}
		for _, set := range []map[string]bool{t.form.counters, t.form.vague, t.form.points, t.form.percent} {
			for w := range set {
				add(w)
			}
		}
		return b
	})
}

var (
	chineseWords  = wordbookOf(chinese)
	japaneseWords = wordbookOf(japanese)
	koreanWords   = wordbookOf(korean)
	hindiWords    = wordbookOf(hindi)
)

// match returns the length of the longest word of the book that s starts with.
func (b *wordbook) match(s string) int {
	end := min(len(s), b.longest)
	for end > 0 {
		if end == len(s) || utf8.RuneStart(s[end]) {
			if b.words[s[:end]] {
				return end
			}
		}
		end--
	}
	return 0
}

// segment cuts a run of Chinese characters and kana.
func segment(s string, b *wordbook) []int {
	var ends []int
	for i := 0; i < len(s); {
		n := b.match(s[i:])
		if run := katakanaRun(s[i:]); run > 0 && n < run && (n == 0 || !b.covers(s[i:i+run])) {
			n = run
		}
		if n == 0 {
			_, n = utf8.DecodeRuneInString(s[i:])
		}
		i += n
		ends = append(ends, i)
	}
	return ends
}

// covers reports whether s is words of the book from end to end, the longest first.
func (b *wordbook) covers(s string) bool {
	for s != "" {
		n := b.match(s)
		if n == 0 {
			return false
		}
		s = s[n:]
	}
	return true
}

func katakanaRun(s string) int {
	for i, r := range s {
		if !unicode.Is(unicode.Katakana, r) && r != 'ー' {
			return i
		}
	}
	return len(s)
}

// particles may end a Korean word that no list knows: a name, mostly.
var particles = strings.Fields(`에게서 한테서 에게 한테 에서 께 를 을`)

// segmentHangul cuts a run of Hangul, which is a word with its endings.
func segmentHangul(s string) []int {
	b := koreanWords()
	if b.words[s] {
		return []int{len(s)}
	}
	if n := numeralRun(s); n > 0 && n < len(s) {
		ends := []int{n}
		for _, e := range segmentHangul(s[n:]) {
			ends = append(ends, n+e)
		}
		return ends
	} else if n == len(s) {
		return []int{n}
	}
	if ends := b.parse(s, 0); ends != nil {
		return ends
	}
	for _, ending := range particles {
		if stem, ok := strings.CutSuffix(s, ending); ok && stem != "" {
			return []int{len(stem), len(s)}
		}
	}
	return []int{len(s)}
}

// numeralRun returns how far s is a number of several syllables, such as 이천오백: it stays one word.
func numeralRun(s string) int {
	v, n, count, power := korean.read(), 0, 0, false
	for i, r := range s {
		m, ok := v.numbers[string(r)]
		if !ok {
			break
		}
		n, count, power = i+utf8.RuneLen(r), count+1, power || m.times != 0
	}
	if count < 2 || !power {
		return 0
	}
	return n
}

// parse cuts s into words of the book, if it can, the longest first.
func (b *wordbook) parse(s string, depth int) []int {
	if s == "" {
		return []int{}
	}
	if depth > 6 {
		return nil
	}
	for end := min(len(s), b.longest); end > 0; end-- {
		if end < len(s) && !utf8.RuneStart(s[end]) || !b.words[s[:end]] {
			continue
		}
		rest := b.parse(s[end:], depth+1)
		if rest == nil {
			continue
		}
		ends := []int{end}
		for _, e := range rest {
			ends = append(ends, end+e)
		}
		return ends
	}
	return nil
}

var (
	// suffixes hang on a name by an apostrophe.
	suffixes = words(`a e i u ı ü ya ye yi yu yı yü da de ta te dan den tan ten in un ın ün nin nun nın nün na ne ni nu nı nü la le yla yle lik luk lık lük
		ini ına ine unu ünü ını inin ler lar leri ları im um ım üm imi ımı umu ümü imin ımın sini sını sına sine min mın mun mün mi mı mu mü dır dir ken ki deki daki`)
	// hanging are those of them that are seen on a symbol without an apostrophe too.
	hanging = strings.Fields(`yi yu yı yü ye ya den dan ten tan de da te ta nin nın nun nün`)
	// leaning are articles that lean on the word after them.
	leaning = words(`l d j n qu c dell all nell dall sull un quest`)
)

// cutClitics cuts an ending or an article that an apostrophe joins to a word.
func cutClitics(s string) []int {
	whole := []int{len(s)}
	i := strings.IndexAny(s, "'’ʼ")
	if i < 0 {
		return cutHanging(s)
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	head, tail := strings.ToLower(s[:i]), s[i+size:]
	if head == "" || tail == "" {
		return whole
	}
	if suffixes[strings.ToLower(tail)] && !(tail == "d" || tail == "s" || tail == "m" || tail == "t") {
		return []int{i, len(s)}
	}
	if leaning[head] && !strings.ContainsAny(tail, "'’ʼ") {
		return []int{i + size, len(s)}
	}
	return whole
}

// cutHanging cuts a case ending in small letters off a known symbol in capitals: USDCyi.
func cutHanging(s string) []int {
	up := 0
	for up < len(s) && s[up] >= 'A' && s[up] <= 'Z' {
		up++
	}
	if up >= 2 && up < len(s) && symbols()[s[:up]] {
		for _, ending := range hanging {
			if s[up:] == ending {
				return []int{up, len(s)}
			}
		}
	}
	return []int{len(s)}
}

var symbols = sync.OnceValue(func() map[string]bool { return words(commonSymbols) })

// suffixEnd returns where an ending ends that an apostrophe at i joins to a number or an address: 2000'in. 0: there is none.
func suffixEnd(text string, i, size int) int {
	end := letterEnd(text, i+size)
	if end > i+size && suffixes[strings.ToLower(text[i+size:end])] {
		return end
	}
	return 0
}

// nameStart moves the start of a name with a dot past what is written together with it: 给vitalik.eth. Characters that are no
// words that lead to a name stay: they are part of it, then.
func nameStart(text string, start, end int, kana func() bool) int {
	label, _, _ := strings.Cut(text[start:end], ".")
	from, run := -1, -1 // where the last Latin letters begin, and the characters before them
	last := alphabet
	for i, r := range label {
		group := scriptGroup(r)
		if unicode.IsDigit(r) && last >= east {
			group = alphabet
		}
		switch {
		case group >= east && last < east:
			run = i
		case group < east && last >= east:
			from = i
		}
		last = group
	}
	if from < 0 || last >= east {
		return start
	}
	t, book := chinese, chineseWords
	first, _ := utf8.DecodeRuneInString(label[run:])
	switch scriptGroup(first) {
	case hangul:
		t, book = korean, koreanWords
	case devanagari:
		t, book = hindi, hindiWords
	default:
		if kana() {
			t, book = japanese, japaneseWords
		}
	}
	if t.leads(label[run:from], book()) || run > 0 && book().covers(label[run:from]) { // arbitrumでken.eth
		return start + from
	}
	return start
}

// leads reports whether characters are words of the tongue from end to end, the last of which may stand before a name.
func (t *tongue) leads(s string, b *wordbook) bool {
	last := ""
	for s != "" {
		n := b.match(s)
		if n == 0 {
			return false
		}
		last, s = s[:n], s[n:]
	}
	switch sense := t.read().senses[last]; sense {
	case "to", "for", "from", "@to", "@obj", "@from", "send to", "the":
		return true
	default:
		_, verb := VerbFamily(strings.SplitN(sense, " ", 2)[0])
		return verb
	}
}
