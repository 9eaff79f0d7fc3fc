package own

// Knows reports whether a word is one token of the vocabulary: the planner was taught it as a whole, as no name of a person or a
// place of the user's own is.
func (l *Local) Knows(word string) bool {
	_, ok := l.model.Lookup("\u2581" + word)
	return ok
}

// Knows is that of the loaded model.
func (Builtin) Knows(word string) bool {
	m, err := builtin()
	return err == nil && m.Knows(word)
}
