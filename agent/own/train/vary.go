package main

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/keymaker-agent/keymaker/agent/own/corpus"
)

// A variation is a marked sentence of the same meaning: other values, a phrase more, a slip of the finger, other manners. It is read
// again like any line, so that whatever the reader makes of it is what the planner learns from.

// varied makes one variation of a line.
func varied(l corpus.Line, random *rand.Rand) corpus.Line {
	say := l.Say
	change := func(p float64, how func(string, string, *rand.Rand) string) {
		if random.Float64() < p {
			say = how(say, l.Do, random)
		}
	}
	change(0.9, otherValues)
	change(0.15, otherAmount)
	change(0.12, otherVerb)
	change(0.15, addedPlace)
	change(0.08, addedSlippage)
	change(0.2, withManners)
	change(0.25, lessPunctuation)
	change(0.15, withSlip)
	l.Say = say
	return l
}

// joined makes one line of two: the second's steps come after the first's.
func joined(a, b corpus.Line, random *rand.Rand) corpus.Line {
	steps := strings.Count(a.Do, ",") + 1
	second := mark.ReplaceAllStringFunc(b.Say, func(m string) string {
		signs, rest, _ := strings.Cut(m[1:], " ")
		var moved []string
		for sign := range strings.SplitSeq(signs, ",") {
			step := 1
			if len(sign) == 2 {
				step = int(sign[0] - '0')
			}
			moved = append(moved, fmt.Sprintf("%d%s", step+steps, sign[len(sign)-1:]))
		}
		return "[" + strings.Join(moved, ",") + " " + rest
	})
	first := strings.TrimRight(a.Say, ".!? ")
	return corpus.Line{Say: first + pick(random, joints) + lowered(second), Do: a.Do + ", " + shifted(b.Do, steps), Place: a.Place + "+" + b.Place}
}

// shifted moves the steps that "do" points back at.
func shifted(do string, by int) string {
	return pointer.ReplaceAllStringFunc(do, func(p string) string { return fmt.Sprintf("<%d", int(p[1]-'0')+by) })
}

var (
	mark    = regexp.MustCompile(`\[[1-9a-z,]+ [^\[\]]+\]`)
	pointer = regexp.MustCompile(`<[1-9]`)
	joints  = []string{
		", then ", " then ", " and then ", ", and then ", ". Then ", ". After that ", ", after that ", "; ", ". ", ", and ", " and ", " and also ", ", afterwards ", ". Next, ", " and after that ",
		". also ", "\n", " & ", ", plus ", ". finally, ", ", followed by: ",
	}
)

func pick(random *rand.Rand, from []string) string { return from[random.IntN(len(from))] }

func lowered(s string) string {
	if s == "" || s[0] == '[' || strings.HasPrefix(s, "I ") || strings.HasPrefix(s, "I'") {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// otherValues gives marked spans other values of their kind. A value that stands for several slots stays one.
func otherValues(say, _ string, random *rand.Rand) string {
	return mark.ReplaceAllStringFunc(say, func(m string) string {
		signs, text, _ := strings.Cut(m[1:len(m)-1], " ")
		switch sign := signs[len(signs)-1]; {
		case random.Float64() < 0.4:
		case sign == 'a' && plainNumber.MatchString(text):
			text = number(random)
		case (sign == 'i' || sign == 'o') && !strings.HasPrefix(text, "0x") && isASCII(text):
			text = pick(random, symbols)
		case (sign == 'c' || sign == 'd') && isASCII(text) && !strings.Contains(signs, ","):
			text = pick(random, chains)
		case sign == 'r' && strings.HasPrefix(text, "0x"):
			text = pick(random, []string{address(random), address(random), pick(random, domains)})
		case sign == 'r' && !strings.Contains(text, ".") && random.Float64() < 0.3:
			text = pick(random, []string{address(random), pick(random, domains)})
		}
		return "[" + signs + " " + text + "]"
	})
}

var (
	plainNumber = regexp.MustCompile(`^[0-9][0-9.,]*$`)
	symbols     = strings.Fields(`usdc USDC eth ETH weth dai DAI usdt USDT wbtc link uni aave arb op matic pepe steth wsteth reth cbbtc usde gho crv ldo mkr ena pendle frax lusd
		susde bnb avax zora brett toshi degen aero gmx wld comp snx morpho`)
	chains  = []string{"base", "Base", "arbitrum", "Arbitrum", "optimism", "polygon", "ethereum", "mainnet", "bsc", "avalanche", "gnosis", "zksync", "sepolia", "arb", "op"}
	domains = []string{"rosalind.eth", "grocer.eth", "tinker.base.eth", "oak-street.eth", "quill.xyz", "harbour.eth", "m4rta.eth"}
)

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

func number(random *rand.Rand) string {
	switch random.IntN(6) {
	case 0:
		return fmt.Sprintf("0.%d", 1+random.IntN(999))
	case 1:
		return fmt.Sprintf("%d.%d", random.IntN(90), 1+random.IntN(99))
	case 2:
		return fmt.Sprintf("%dk", 1+random.IntN(40))
	case 3:
		return fmt.Sprint(1000 + random.IntN(90000))
	}
	return fmt.Sprint(1 + random.IntN(900))
}

func address(random *rand.Rand) string {
	return fmt.Sprintf("0x%016x%016x%08x", random.Uint64(), random.Uint64(), random.Uint32())
}

var amountAndToken = regexp.MustCompile(`\[((?:[1-9])?)a [^\[\]]+\] \[((?:[1-9])?i(?:,[1-9]i)*) ([^\[\]]+)\]`)

// otherAmount says an amount of a token that is given in another form: a share, all, a sum in dollars.
func otherAmount(say, do string, random *rand.Rand) string {
	if strings.Contains(do, " out") || strings.Contains(do, "<") {
		return say
	}
	form := pick(random, []string{
		"[%sa half] my [%s %s]", "[%sa half] of my [%s %s]", "[%sa 25%%] of my [%s %s]", "[%sa 70%%] of the [%s %s]", "[%sa all] my [%s %s]", "[%sa all] of my [%s %s]", "[%sa all] the [%s %s]",
		"[%sa $40] of [%s %s]", "[%sa $250] worth of [%s %s]", "[%sa 80 dollars] of [%s %s]", "[%sa 15 bucks] worth of [%s %s]", "[%sa a third] of my [%s %s]", "[%sa 1.5k] [%s %s]", "[%sa two] [%s %s]",
		"[%sa 12,500] [%s %s]", "[%sa a hundred] [%s %s]",
	})
	return amountAndToken.ReplaceAllStringFunc(say, func(m string) string {
		part := amountAndToken.FindStringSubmatch(m)
		return fmt.Sprintf(form, part[1], part[2], part[3])
	})
}

// synonyms may stand for each other in a sentence whose first step is the action; without an action, in any.
var synonyms = []struct {
	action string
	words  []string
}{
	{"swap", []string{"swap", "convert", "exchange", "trade"}},
	{"swap", []string{"buy", "purchase", "grab", "get"}},
	{"swap", []string{"sell", "dump", "offload"}},
	{"transfer", []string{"send", "transfer", "wire"}},
	{"lend", []string{"deposit", "supply", "lend"}},
	{"revoke", []string{"revoke", "cancel"}},
	{"", []string{"please", "pls", "plz"}},
	{"", []string{"want to", "wanna", "would like to", "need to"}},
	{"", []string{"could you", "can you", "would you"}},
}

func otherVerb(say, do string, random *rand.Rand) string {
	for _, family := range synonyms {
		if !strings.HasPrefix(do, family.action) {
			continue
		}
		for _, w := range family.words {
			if before, after, ok := strings.Cut(say, w+" "); ok && (before == "" || strings.HasSuffix(before, " ")) {
				return before + pick(random, family.words) + " " + after
			}
		}
	}
	return say
}

// placed are the actions that happen on a chain, so that a chain may be named at the end.
var placed = []string{"swap", "transfer", "approve", "revoke", "wrap", "unwrap", "stake", "lend", "withdraw", "borrow", "repay", "balance"}

func addedPlace(say, do string, random *rand.Rand) string {
	if !slices.Contains(placed, strings.TrimSuffix(do, " out")) || strings.Contains(say, "[c ") || strings.ContainsAny(say, "\n\"") {
		return say
	}
	chain := "[c " + pick(random, chains) + "]"
	if random.IntN(4) == 0 {
		return pick(random, []string{"on ", "over on ", "using "}) + chain + pick(random, []string{", ", " ", ": "}) + lowered(say)
	}
	return atEnd(say, pick(random, []string{" on ", ", on ", " over on ", " (on ", " via "})+chain)
}

func addedSlippage(say, do string, random *rand.Rand) string {
	if do != "swap" && do != "swap out" || strings.Contains(say, "[s ") {
		return say
	}
	return atEnd(say, pick(random, []string{
		" with [s 0.5%] slippage", ", slippage [s 1%]", " max slippage [s 0.3%]", ", [s 50 bps] slippage", " at [s 2%] slippage", ", slippage under [s 1.5%]", " and keep slippage below [s 0.7%]",
	}))
}

// atEnd puts a phrase before the end of the sentence.
func atEnd(say, phrase string) string {
	body := strings.TrimRight(say, ".!? ")
	if strings.Contains(phrase, "(") {
		phrase += ")"
	}
	return body + phrase + say[len(body):]
}

var (
	openings = []string{
		"please ", "pls ", "hey, ", "hi ", "ok ", "okay so ", "yo ", "hello! ", "good morning, ", "right, ", "hey keymaker ", "quick: ", "so ", "alright ", "um ", "kindly ", "just ", "now ", "gm, ",
	}
	endings = []string{
		" please", " pls", " thanks", " thx", " now", " for me", ", thank you", " asap", ", cheers", " please!", " today if possible", " right away", " ok?", " ty", " :)", " when you can",
	}
)

func withManners(say, do string, random *rand.Rand) string {
	if strings.HasPrefix(do, "schedule") || strings.HasPrefix(do, "alert") || random.IntN(2) == 0 {
		return pick(random, openings) + lowered(say)
	}
	return atEnd(say, pick(random, endings))
}

// lessPunctuation drops what a thumb or a microphone drops.
func lessPunctuation(say, _ string, random *rand.Rand) string {
	say = strings.TrimRight(say, ".!?")
	if random.IntN(2) == 0 {
		say = outsideMarks(say, func(s string) string { return strings.ReplaceAll(s, ",", "") })
	}
	return say
}

// withSlip makes one slip of the finger in a word outside the marks.
func withSlip(say, _ string, random *rand.Rand) string {
	var at []int
	depth := 0
	for i := range len(say) {
		switch {
		case say[i] == '[':
			depth++
		case say[i] == ']':
			depth--
		case depth == 0 && i > 0 && i+2 < len(say) && isLetter(say[i-1]) && isLetter(say[i]) && isLetter(say[i+1]):
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return say
	}
	i := at[random.IntN(len(at))]
	switch random.IntN(4) {
	case 0:
		return say[:i] + say[i+1:]
	case 1:
		return say[:i] + say[i:i+1] + say[i:]
	case 2:
		return say[:i] + string(rune('a'+random.IntN(26))) + say[i+1:]
	}
	return say[:i] + say[i+1:i+2] + say[i:i+1] + say[i+2:]
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' }

func outsideMarks(say string, how func(string) string) string {
	var b strings.Builder
	from := 0
	for _, m := range mark.FindAllStringIndex(say, -1) {
		b.WriteString(how(say[from:m[0]]))
		b.WriteString(say[m[0]:m[1]])
		from = m[1]
	}
	b.WriteString(how(say[from:]))
	return b.String()
}
