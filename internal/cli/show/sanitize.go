package show

import "github.com/keymaker-agent/keymaker/internal/untrusted"

const maxRunes = 512 // of one sanitised text

// Sanitize makes text from outside safe to print on one line, with a cap that suits a line; see untrusted.Text.
func Sanitize(s string) string { return untrusted.Text(s, maxRunes) }

// SanitizeTo is Sanitize with a cap of n runes.
func SanitizeTo(s string, n int) string { return untrusted.Text(s, n) }

// Hidden reports whether s holds characters that Sanitize would drop, other than line breaks and tabs.
func Hidden(s string) bool { return untrusted.Hidden(s) }
