package model

import (
	"strings"

	"github.com/tmc/langchaingo/llms"

	"github.com/keymaker-agent/keymaker/agent/ollama"
)

// surely is the least probability that the model gave to a choice of its answer, before the schema; 1 where the server does not tell.
// Tokens that only spell the form (keys, commas, brackets) do not count: how a model likes to set its white space says nothing.
func surely(c *llms.ContentChoice) float64 {
	p, told := ollama.ProbabilitiesOf(c)
	if !told || !spells(p.Tokens, c.Content) {
		return 1
	}
	chosen, least, at := choices(c.Content), 1.0, 0
	for _, t := range p.Tokens {
		for i := at; i < min(at+len(t.Text), len(chosen)); i++ {
			if chosen[i] {
				least = min(least, t.Probability)
			}
		}
		at += len(t.Text)
	}
	return least
}

// spells reports whether the tokens make up the answer; behind it there may be more, where a stop word cut it.
func spells(tokens []ollama.Token, answer string) bool {
	var all strings.Builder
	for _, t := range tokens {
		all.WriteString(t.Text)
	}
	return strings.HasPrefix(all.String(), answer)
}

// choices marks the bytes of an answer in which the model chose something: the words of the slots with the mark that ends them, and
// the sign behind a step, which tells whether another one follows. The answer has been read, so it is JSON of the form: strings have
// no escapes that matter, and those before a colon are keys.
func choices(answer string) []bool {
	chosen := make([]bool, len(answer))
	start := -1
	ended := false // a step
	for i := range len(answer) {
		c := answer[i]
		switch {
		case start >= 0 && c == '"':
			if !strings.HasPrefix(strings.TrimLeft(answer[i+1:], " \n\r\t"), ":") {
				for j := start; j <= i; j++ {
					chosen[j] = true
				}
			}
			start = -1
		case start >= 0:
		case c == '"':
			start = i + 1
		case c == '}':
			ended = true
		case ended && (c == ',' || c == ']'):
			chosen[i], ended = true, false
		}
	}
	return chosen
}
