package ollama

import (
	"math"

	"github.com/ollama/ollama/api"
	"github.com/tmc/langchaingo/llms"
)

// probabilitiesKey is where a reply carries its Probabilities.
const probabilitiesKey = "Probabilities"

// Probabilities tell how probable a reply was to the model that gave it, from 0 to 1, before any schema.
type Probabilities struct {
	Least  float64 // of the least probable token
	Mean   float64
	Tokens []Token // in the order of the reply
}

// Token is one token of a reply.
type Token struct {
	Text        string
	Probability float64
}

// ProbabilitiesOf reads what WithLogprobs asked for. False means that the server told nothing, as some versions and some of their
// engines do, or something that is no probability; it says nothing about the reply.
func ProbabilitiesOf(c *llms.ContentChoice) (Probabilities, bool) {
	p, ok := c.GenerationInfo[probabilitiesKey].(Probabilities)
	return p, ok
}

// rounding is how far above 0 a logarithm may be that was added up from float32 numbers.
const rounding = 1e-3

func probabilities(tokens []api.Logprob) (Probabilities, bool) {
	if len(tokens) == 0 {
		return Probabilities{}, false
	}
	p := Probabilities{Least: 1, Tokens: make([]Token, len(tokens))}
	for i, t := range tokens {
		if t.Logprob > rounding {
			return Probabilities{}, false
		}
		one := min(1, math.Exp(t.Logprob))
		p.Tokens[i] = Token{Text: t.Token, Probability: one}
		p.Least = min(p.Least, one)
		p.Mean += one / float64(len(tokens))
	}
	return p, true
}
