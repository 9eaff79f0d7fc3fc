package grammar

import "github.com/keymaker-agent/keymaker/intents"

// idle reports whether the words are a greeting or thanks and nothing else.
func idle(items []item) bool {
	return false
}

// ask reads a sentence that wants to know something.
func ask(items []item) (intents.Draft, bool) { return intents.Draft{}, false }
