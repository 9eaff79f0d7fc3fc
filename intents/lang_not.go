package intents

import (
	"strings"
	"sync"
)

// deniedAbroad are the words that say not in one of the tongues and mean nothing else in English: whatever language a text is
// taken for, it orders nothing with one of these.
var deniedAbroad = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for _, t := range tongues {
		for w := range t.read().negative {
			if len(w) > 3 || !ascii(w) {
				set[w] = true
			}
		}
	}
	for w := range negations {
		delete(set, w)
	}
	return set
})

// reportedAbroad finds where somebody else's words begin, in the languages of the tables: the rest of the text is theirs.
var reportedAbroad = pattern(`(?is)(?:^|[^\p{L}])(?:(?:me|nos|le|lhe|te) (?:dijo|dice|dijeron|pidió|pide|ordenó|escribió|disse|pediu|mandou|escreveu)|(?:dijo|dijeron|escribió|disse|pediu|escreveu|ha detto|ha scritto|dice|mi chiede|mi ha chiesto|vuole) (?:que|che|:|di)|` +
	`(?:m'|m’|nous )?a (?:dit|écrit|demandé)|(?:il|elle|on) (?:me )?dit (?:que|d)|(?:sagte?|sagt mir|schrieb|schreibt|meinte?|will|wollte|bat mich|hat (?:mir )?(?:gesagt|geschrieben))\s*[,:]|` +
	`(?:bilang|berkata|menyuruh|suruh|disuruh|menulis|katanya|minta agar|meminta)|(?:dedi ki|söyledi|yazdı|istedi|diyor ki|yazmış|demiş)|` +
	`(?:сказала?|написала?|просила?|попросила?|велела?|говорит|пишет|требует|сказали|написали)[\s,:])|` +
	`(?:说|說|写道|寫道|要求|让我|讓我|叫我|要我|命令)(?:[:：,，]|我|你|把)?|(?:ने कहा|ने लिखा|ने बोला|कहता है|कहती है|लिखा है)|(?:말했|라고 했|래요|시켰|라고 써|라고 적)|(?:と言|と書|言われ|頼まれ|曰く|によると)`)

// disownedAbroad returns the stretch of a text that reports what somebody else said. Where the verb of saying comes last, that is all
// before it.
func disownedAbroad(text string) (from, to int) {
	m := reportedAbroad().FindStringIndex(text)
	if m == nil {
		return 0, 0
	}
	if lateSaying().MatchString(text[m[0]:m[1]]) {
		return 0, len(text)
	}
	return m[0] + leading(text[m[0]:m[1]]), len(text)
}

var lateSaying = pattern(`(?i)dedi ki|söyledi|yazdı|istedi|yazmış|demiş|말했|라고|래요|시켰|と言|と書|言われ|頼まれ`)

// denies reports whether a piece says not to: in English, in the language of the text, or in any where it means nothing else.
func (r *Reading) denies(pieces []Piece, i int) bool {
	w := pieces[i].Word
	if negations[w] {
		return r.tongue != portuguese || w != "no" || i+1 >= len(pieces) || pieces[i+1].Span == nil || pieces[i+1].Span.Kind != ChainSpan && pieces[i+1].Span.Kind != VenueSpan
	}
	if r.tongue != nil && r.tongue.asksWith(pieces, i) {
		return false
	}
	if r.tongue != nil && r.tongue.negates(w) {
		return true
	}
	return !ascii(w) && deniedAbroad()[fold(w)] || deniedAbroad()[w]
}

// asksWith reports whether a word that says not only asks politely or bounds an amount there: не могли бы вы, bisa tukar gak?,
// 1% से ज्यादा नहीं.
func (t *tongue) asksWith(pieces []Piece, i int) bool {
	said := func(k int) string {
		if k < 0 || k >= len(pieces) || pieces[k].Span != nil || pieces[k].Foreign {
			return ""
		}
		return fold(pieces[k].Word)
	}
	switch t {
	case russian:
		return said(i) == "не" && (said(i+1) == "могли" || said(i+1) == "мог" || said(i+1) == "могла") && said(i+2) == "бы"
	case indonesian:
		return i > 0 && i == len(pieces)-2 && said(i+1) == "?" && tags[said(i)]
	case hindi:
		more := said(i - 1)
		return said(i) == "नहीं" && (more == fold("ज्यादा") || more == fold("ज़्यादा") || more == "अधिक") &&
			(i+1 == len(pieces) || pieces[i+1].Break || said(i+1) == "हो" || said(i+1) == "।") && (said(i-2) == "से" || i > 1 && pieces[i-2].Span != nil)
	}
	return false
}

// tags make a question of an Indonesian sentence at its end.
var tags = words(`gak nggak ga enggak ngga tidak`)

// negates reports whether one word says not, in the tongue of the text, or that all is past.
func (t *tongue) negates(w string) bool {
	said := fold(w)
	if t.read().negative[said] || t.read().senses[said] == "yesterday" {
		return true
	}
	switch t {
	case turkish:
		return turkishNot(said)
	case korean:
		return strings.Contains(w, "지마") || strings.Contains(w, "지말") || strings.Contains(w, "않") || strings.HasSuffix(w, "지는마")
	}
	return false
}

// turkishNot reports whether a word is a verb of the tables with the ending of a negation: gönderme, satmayın.
func turkishNot(w string) bool {
	for _, mark := range []string{"ma", "me", "mi", "mu"} {
		for at := strings.Index(w, mark); at > 0; {
			stem, rest := w[:at], w[at+2:]
			if s, verb := turkish.read().senses[stem]; verb && (rest == "" || strings.HasPrefix(rest, "y") || strings.HasPrefix(rest, "s") || strings.HasPrefix(rest, "z")) {
				if _, family := VerbFamily(strings.Fields(s)[0]); family && !(mark == "mi" || mark == "mu") || strings.HasPrefix(rest, "yor") {
					return true
				}
			}
			n := strings.Index(w[at+2:], mark)
			if n < 0 {
				break
			}
			at += 2 + n
		}
	}
	return false
}
