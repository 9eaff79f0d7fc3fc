package intents

// wrappers are the tokens that hold a chain's coin one for one.
var wrappers = map[string]string{"WETH": "ETH", "WAVAX": "AVAX", "WBNB": "BNB", "WMATIC": "MATIC", "WPOL": "POL", "WXDAI": "XDAI", "WFTM": "FTM", "WMNT": "MNT", "WCELO": "CELO"}

// Rewraps tells what a trade of one symbol for another is that needs no market: Wrap for a coin into its wrapper, Unwrap for the way
// back. Any other trade stays a Swap.
func Rewraps(in, out string) Action {
	switch {
	case in != "" && wrappers[out] == in:
		return Wrap
	case out != "" && wrappers[in] == out:
		return Unwrap
	}
	return Swap
}

// Rewrapped is the symbol of what wrapping or unwrapping a token gives; empty for a token that no wrapper is known of.
func Rewrapped(a Action, symbol string) string {
	if a == Unwrap {
		return wrappers[symbol]
	}
	for wrapper, coin := range wrappers {
		if a == Wrap && coin == symbol {
			return wrapper
		}
	}
	return ""
}
