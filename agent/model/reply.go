package model

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

const maxAnswer = 4 << 10 // bytes

// read reads an answer. encoding/json alone would be too kind: it takes fields twice, in any case, and text after the end. The
// error is a fault, or the refusal ungrounded.
func (f *form) read(answer string) ([]intents.Step, error) {
	if len(answer) > maxAnswer {
		return nil, tooLong
	}
	if !json.Valid([]byte(answer)) { // or more than one value
		return nil, notJSON
	}
	in := json.NewDecoder(strings.NewReader(answer))
	if err := want(in, json.Delim('{'), "steps", json.Delim('[')); err != nil {
		return nil, err
	}
	var steps []intents.Step
	for in.More() {
		if len(steps) == f.most {
			return nil, wrongCount
		}
		step, err := f.step(in, len(steps)+1)
		if err != nil {
			return nil, err
		}
		steps = append(steps, step)
	}
	if len(steps) == 0 {
		return nil, wrongCount
	}
	if err := want(in, json.Delim(']'), json.Delim('}')); err != nil {
		return nil, err
	}
	return steps, nil
}

// step reads the step of that number, from 1.
func (f *form) step(in *json.Decoder, number int) (intents.Step, error) {
	var step intents.Step
	if err := want(in, json.Delim('{')); err != nil {
		return step, err
	}
	seen := map[string]bool{}
	for in.More() {
		key, err := word(in)
		if err != nil {
			return step, err
		}
		s, ok := f.slot(key)
		if !ok || seen[key] {
			return step, wrongShape
		}
		seen[key] = true
		value, err := word(in)
		if err != nil {
			return step, err
		}
		if err := f.fits(s, value, number); err != nil {
			return step, err
		}
		s.put(&step, value)
	}
	if len(seen) != len(f.slots) {
		return step, wrongShape
	}
	return step, want(in, json.Delim('}'))
}

// fits checks a word against its slot.
func (f *form) fits(s slot, value string, number int) error {
	switch {
	case !slices.Contains(s.words, value):
		if s.refs && !f.known[value] {
			return refusal.New(refusal.Ungrounded, "the model points at something that the sentence does not have")
		}
		if s.refs {
			return wrongSlot
		}
		return wrongWord
	case strings.HasPrefix(value, "out:") && !earlier(value, number):
		return refusal.New(refusal.Ungrounded, "step %d takes the output of a step that is not before it", number)
	}
	return nil
}

func earlier(value string, number int) bool {
	for k := 1; k < number; k++ {
		if value == string(output(k)) {
			return true
		}
	}
	return false
}

// want reads exactly the given tokens.
func want(in *json.Decoder, tokens ...json.Token) error {
	for _, token := range tokens {
		if got, err := in.Token(); err != nil || got != token {
			return wrongShape
		}
	}
	return nil
}

func word(in *json.Decoder) (string, error) {
	token, err := in.Token()
	if err != nil {
		return "", wrongShape
	}
	text, ok := token.(string)
	if !ok {
		return "", wrongShape
	}
	return text, nil
}
