package intents

// Moves reports whether the action can change anything on a chain, now or later. An action that is not in the list moves.
func (a Action) Moves() bool {
	switch a {
	case Balance, Price, QuoteOnly, RiskCheck, YieldSearch, TxStatus, Earned, Alert, None, Other:
		return false
	}
	return true
}

// Moves reports whether any step of the draft moves.
func (d Draft) Moves() bool {
	for _, s := range d.Steps {
		if s.Action.Moves() {
			return true
		}
	}
	return false
}
