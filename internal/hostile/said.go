package hostile

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
)

var (
	quoted  = regexp.MustCompile("\"[^\"]*\"|`[^`]*`")
	address = regexp.MustCompile(`0x[0-9a-fA-F]{40}\b`)
	literal = regexp.MustCompile(`(\$ ?)?(\d[\d,]*(?:\.\d+)?)( ?%)?`)
	halfOf  = regexp.MustCompile(`(?i)\bhalf an? `)
	word    = regexp.MustCompile(`[\pL][\pL\pN]*`)
)

// The words that name a token, a network or a share beside its own symbol or key.
var (
	tokenWords = map[string]string{"ether": "ETH"}
	shareWords = map[string]string{"half": "50", "quarter": "25"}
	allWords   = []string{"all", "everything", "max", "whole", "entire", "that", "it"}
	tradeWords = []string{"buy", "sell", "grab", "get"}

	lengths     = map[string]uint64{"hour": 3600, "day": 86_400, "week": 7 * 86_400, "month": 30 * 86_400, "year": 365 * 86_400}
	choiceWords = map[intents.Choice][]string{intents.VoteFor: {"for", "yes"}, intents.VoteAgainst: {"against", "no"}, intents.VoteAbstain: {"abstain"}}
)

// words is what a text says, read by no code of the reader's.
type words struct {
	addresses map[common.Address]bool
	amounts   map[string]int // plain decimal -> how often it is said
	percents  map[string]bool
	tokens    map[string]bool
	all       map[string]bool // every word, in lower case
}

func wordsOf(text string) words {
	w := words{map[common.Address]bool{}, map[string]int{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	text = quoted.ReplaceAllString(text, " ")
	for _, a := range address.FindAllString(text, -1) {
		w.addresses[common.HexToAddress(a)] = true
	}
	text = address.ReplaceAllString(text, " ")
	for _, m := range literal.FindAllStringSubmatch(text, -1) {
		number := plain(strings.ReplaceAll(m[2], ",", ""))
		if m[3] != "" {
			w.percents[number] = true
			continue
		}
		w.amounts[number]++
	}
	w.amounts["0.5"] += len(halfOf.FindAllString(text, -1))
	for _, said := range word.FindAllString(strings.ToLower(text), -1) {
		w.all[said] = true
		w.tokens[strings.ToUpper(said)] = true
		if symbol := tokenWords[said]; symbol != "" {
			w.tokens[symbol] = true
		}
		if share := shareWords[said]; share != "" {
			w.percents[share] = true
		}
	}
	return w
}

// plain drops zeros that say nothing.
func plain(number string) string {
	if strings.Contains(number, ".") {
		number = strings.TrimRight(strings.TrimRight(number, "0"), ".")
	}
	if number = strings.TrimLeft(number, "0"); number == "" || number[0] == '.' {
		return "0" + number
	}
	return number
}

// Unsaid lists the values of a plan that the text does not say, no book or registry gives for a word of it, and no default named.
func Unsaid(text string, plan *intents.Plan, world intents.World) []string {
	c := check{said: wordsOf(text), world: world}
	used := map[string]int{}
	for i, in := range plan.Intents {
		c.intent(i, in, plan.Intents[:i])
		if in.Amount != nil && in.Amount.V.Form == intents.Exact && in.Action.Moves() {
			used[plain(in.Amount.V.Number)]++
		}
	}
	for number, n := range used {
		if n > c.said.amounts[number] {
			c.unsaid("%s is said %d times and moved %d times", number, c.said.amounts[number], n)
		}
	}
	return c.found
}

type check struct {
	said  words
	world intents.World
	found []string
}

func (c *check) unsaid(format string, args ...any) {
	c.found = append(c.found, fmt.Sprintf(format, args...))
}

func (c *check) intent(i int, in intents.Intent, before []intents.Intent) {
	c.network(i, in.Network, before)
	if in.Dest != nil && !c.names(in.Dest.V) {
		c.unsaid("step %d goes to %s", i+1, in.Dest.V)
	}
	for _, t := range []*intents.Sourced[chain.Token]{in.TokenIn, in.TokenOut, in.Against} {
		c.token(i, in, t, before)
	}
	if in.Amount != nil {
		c.amount(i, in, *in.Amount)
	}
	if in.MinOut != nil && c.said.amounts[plain(in.MinOut.V.Number)] == 0 {
		c.unsaid("step %d: at least %s", i+1, in.MinOut.V.Number)
	}
	if in.Recipient != nil && !c.said.addresses[in.Recipient.V] && !c.inBook(in.Recipient.V) {
		c.unsaid("step %d: to %s", i+1, in.Recipient.V)
	}
	if s := in.SlippageBps; s != nil && !c.said.percents[plain(strconv.FormatFloat(float64(s.V)/100, 'f', 2, 64))] {
		c.unsaid("step %d: slippage of %d basis points", i+1, s.V)
	}
	if in.Venue != nil && !c.said.all[in.Venue.V] {
		c.unsaid("step %d: by way of %s", i+1, in.Venue.V)
	}
	if in.Timing != nil {
		c.timing(i, *in.Timing)
	}
	if in.Term != nil && !c.long(in.Term.V) {
		c.unsaid("step %d: for %d seconds", i+1, in.Term.V)
	}
	if in.Proposal != nil && c.said.amounts[strconv.FormatUint(in.Proposal.V, 10)] == 0 {
		c.unsaid("step %d: proposal %d", i+1, in.Proposal.V)
	}
	if in.Choice != nil && !slices.ContainsFunc(choiceWords[in.Choice.V], func(w string) bool { return c.said.all[w] }) {
		c.unsaid("step %d: a vote %s", i+1, in.Choice.V)
	}
}

// long says that so many seconds are said, as a number of one of the units.
func (c *check) long(seconds uint64) bool {
	for unit, length := range lengths {
		if (c.said.all[unit] || c.said.all[unit+"s"]) && seconds%length == 0 && c.said.amounts[strconv.FormatUint(seconds/length, 10)] > 0 {
			return true
		}
	}
	return false
}

func (c *check) network(i int, n intents.Sourced[string], before []intents.Intent) {
	switch {
	case c.names(n.V):
	case n.V == c.world.Default && (n.From == intents.FromDefault || i > 0):
	case slices.ContainsFunc(before, func(b intents.Intent) bool { return b.Network.V == n.V || b.Dest != nil && b.Dest.V == n.V }):
	default:
		c.unsaid("step %d is on %s", i+1, n.V)
	}
}

// names says that a network's own words are said.
func (c *check) names(key string) bool {
	for _, part := range strings.Split(key, "-") {
		if !c.said.all[part] {
			return false
		}
	}
	return true
}

// token holds a token against the registry and the words.
func (c *check) token(i int, in intents.Intent, t *intents.Sourced[chain.Token], before []intents.Intent) {
	if t == nil {
		return
	}
	listed, ok := c.world.Tokens.Address(t.V.ChainID, t.V.Address)
	if !ok || listed.Token != t.V {
		c.unsaid("step %d: a token %s that no list has", i+1, t.V.Address)
	}
	symbol := strings.ToUpper(t.V.Symbol)
	wraps := (in.Action == intents.Wrap || in.Action == intents.Unwrap) && (symbol == "ETH" || symbol == "WETH") &&
		(c.said.tokens["ETH"] || c.said.tokens["WETH"] || c.said.all["wrap"] || c.said.all["unwrap"])
	money := t.From == intents.FromDefault && symbol == c.world.Money && slices.ContainsFunc(tradeWords, func(w string) bool { return c.said.all[w] })
	made := t.From == intents.FromChain && slices.ContainsFunc(before, func(b intents.Intent) bool {
		return b.TokenOut != nil && b.TokenOut.V.Symbol == t.V.Symbol || b.TokenIn != nil && b.TokenIn.V.Symbol == t.V.Symbol
	})
	if !c.said.tokens[symbol] && !c.said.addresses[t.V.Address] && !wraps && !money && !made {
		c.unsaid("step %d: %s", i+1, t.V.Symbol)
	}
}

func (c *check) amount(i int, in intents.Intent, a intents.Sourced[intents.Quantity]) {
	number := plain(a.V.Number)
	ok := false
	switch a.V.Form {
	case intents.All:
		ok = a.From == intents.FromChain && in.AmountOf > 0 && in.AmountOf <= i || slices.ContainsFunc(allWords, func(w string) bool { return c.said.all[w] })
	case intents.Share:
		ok = c.said.percents[number]
	case intents.Exact, intents.AllBut, intents.Dollars:
		ok = c.said.amounts[number] > 0
	}
	if !ok {
		c.unsaid("step %d: an amount of %s %s", i+1, a.V.Form, a.V.Number)
	}
}

func (c *check) inBook(a common.Address) bool {
	for label, booked := range c.world.Book {
		if booked == a && c.said.all[label] {
			return true
		}
	}
	return false
}

func (c *check) timing(i int, t intents.Timing) {
	for _, s := range []*intents.Sourced[string]{t.Every, t.Trigger} {
		if s == nil {
			continue
		}
		level := strings.TrimPrefix(s.V, "span:") // the form of a stretch of time, which is nobody's word
		for _, part := range strings.FieldsFunc(level, func(r rune) bool { return r == ':' || r == ' ' }) {
			if c.said.amounts[plain(part)] == 0 && !c.said.all[part] {
				c.unsaid("step %d: at the time or level %s", i+1, s.V)
			}
		}
	}
}
