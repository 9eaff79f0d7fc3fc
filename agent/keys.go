package agent

import "regexp"

// keyLike is what private keys look like: a hexadecimal number of 32 bytes or more. No order has one in it.
var keyLike = regexp.MustCompile(`(?i)(?:0x)?[0-9a-f]{64,}`)

// withoutKeys takes out what may be a private key that was pasted by mistake, before anything is journaled or put to a model.
func withoutKeys(text string) string { return keyLike.ReplaceAllString(text, "[redacted]") }
