package intents

// Reading is a sentence with its spans.
type Reading struct {
	Text  string   `json:"text"` // the user's bytes
	Spans []Span   `json:"spans"`
	Marks []string `json:"marks,omitempty"` // hidden characters, mixed scripts and the like that were found
}

// Lexicon is the words that Read knows besides numbers, addresses and its own grammar.
type Lexicon struct {
	Tokens map[string]bool   // upper-case symbols of the registry and of common knowledge
	Chains map[string]string // lower-case word -> chain key
	Book   map[string]bool   // lower-case labels of the address book
}

// Read finds the spans of a sentence. It never fails: what is wrong with the text stands in Marks and in the spans.
func Read(text string, lex *Lexicon) *Reading { panic("unwritten") }
