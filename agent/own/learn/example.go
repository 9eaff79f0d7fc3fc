// Package learn keeps what the user said of a reading that was in doubt, and settles the same doubt with it later.
//
// An example is a prompt and an answer in the own planner's language: ids stand where amounts, tokens, names and addresses were.
// It is kept on this machine, and only where the user asked for that.
//
// A kept answer is a suggestion for an unsure planner and nothing more. It takes two agreements to exactly this prompt and no word
// against it; it is read against the new sentence like any other answer, so it can point only at spans that are there; and what
// comes of it passes intents.Check, the dry run and the approval.
//
// Invariant: every word of a kept prompt is a word of the planner's vocabulary or stands for a span. A sentence with a word that
// the planner was not taught, such as a name that the reader did not find, is not kept at all.
package learn

import (
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/intents"
)

// Example is what the user said of one reading.
type Example struct {
	ID      int64     `json:"id"`
	At      time.Time `json:"time"`
	Prompt  string    `json:"prompt"`
	Answer  []string  `json:"answer"`
	Planner string    `json:"planner"` // whose reading it was
	Meant   bool      `json:"meant"`   // false: the user said that this is not what they mean
}

// Vocabulary tells whether a word is one that the planner was taught as a whole.
type Vocabulary interface {
	Knows(word string) bool
}

// Of makes an example of a reading that the user has spoken about. It reports false where nothing of it may be kept: the prompt has
// something that the planner can't see or was not taught, the answer does not spell the draft whole, or the draft orders nothing or
// leaves something to ask.
func Of(r *intents.Reading, d intents.Draft, v Vocabulary) (Example, bool) {
	if !d.Wants() || len(d.Steps) == 0 {
		return Example{}, false
	}
	if q, err := intents.Accept(r, d); q != nil || err != nil {
		return Example{}, false
	}
	prompt, err := own.Prompt(r)
	if err != nil || !plain(prompt, v) {
		return Example{}, false
	}
	answer := own.Answer(d)
	if same, err := own.Draft(r, answer); err != nil || !reflect.DeepEqual(same.Steps, d.Steps) {
		return Example{}, false
	}
	return Example{Prompt: prompt, Answer: answer}, true
}

// plain reports whether a prompt holds ids, signs and known words only. What stands for quoted text, for a word with digits or for an
// over-long one is no id: two sentences with it may say different things.
func plain(prompt string, v Vocabulary) bool {
	words := strings.Fields(prompt)
	if strings.HasPrefix(words[0], "@") {
		words = words[1:]
	}
	return !slices.ContainsFunc(words, func(w string) bool { return !id(w) && !sign(w) && (stands(w) || !v.Knows(w)) })
}

// stands reports whether a word stands for what the planner does not see. The user's own words are in lower case.
func stands(w string) bool { return 'A' <= w[0] && w[0] <= 'Z' }

// id reports whether a word points at a span.
func id(w string) bool { return len(w) == 2 && stands(w) && '1' <= w[1] && w[1] <= '9' }

func sign(w string) bool {
	r, n := utf8.DecodeRuneInString(w)
	return n == len(w) && (unicode.IsPunct(r) || unicode.IsSymbol(r))
}
